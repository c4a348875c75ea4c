//! `valora completions SHELL` and `valora man [COMMAND]`: both made from the definition of the command
//! line, so that they cannot say anything else than it does.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::exit_code::Exit;
use super::{Arguments, print};

const NAME: &str = "valora";

/// What the generated scripts cannot know: filters and values, which depend on the list.
const BASH_FILTERS: &str = include_str!("shell/filters.bash");
const FISH_FILTERS: &str = include_str!("shell/filters.fish");
const ZSH_FILTERS: &str = include_str!("shell/filters.zsh");

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    valora completions bash > ~/.local/share/bash-completion/completions/valora\n  \
    valora completions zsh > ~/.zfunc/_valora       a folder of $fpath\n  \
    valora completions fish > ~/.config/fish/completions/valora.fish")]
pub(super) struct CompletionsFlags {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  valora man > ~/.local/share/man/man1/valora.1\n  \
                        valora man list | man -l -")]
pub(super) struct ManFlags {
    /// The page of this command [default: the page of valora itself]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn completions(flags: &CompletionsFlags) -> anyhow::Result<()> {
    print(&script(flags.shell)?)
}

fn script(shell: Shell) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    generate(shell, &mut Arguments::command(), NAME, &mut bytes);
    let generated = String::from_utf8(bytes)?;
    Ok(match shell {
        Shell::Bash => generated + BASH_FILTERS,
        Shell::Fish => generated + FISH_FILTERS,
        Shell::Zsh => with_filters(&generated),
        _ => generated,
    })
}

/// The last lines of the script run it, so that the function stands before them; the words without a
/// name are its task.
fn with_filters(generated: &str) -> String {
    let mut script = String::new();
    for line in generated.lines() {
        if line.starts_with("if [ \"$funcstack[1]\"") {
            script.push_str(ZSH_FILTERS);
        }
        // With one colon the words before it still count, so that options are offered behind it.
        let rest = line.strip_prefix("'*::filters -- ").map(|rest| format!("'*:filters -- {rest}"));
        let sort = line.starts_with("'--sort=").then(|| line.to_owned());
        let line = match rest.or(sort) {
            Some(line) => line.replace(":_default'", ":_valora_filters'"),
            None => line.to_owned(),
        };
        script.push_str(&line);
        script.push('\n');
    }
    script
}

/// Prints a page for `man`.
pub(super) fn man(flags: &ManFlags) -> anyhow::Result<()> {
    let mut command = Arguments::command();
    command.build();
    let unknown = |name: &str| {
        let name = crate::domain::text::sanitise(name);
        let shown = command.get_subcommands().filter(|it| !it.is_hide_set());
        let known: Vec<&str> = shown.map(clap::Command::get_name).collect();
        Exit::usage(format!("there is no command `{name}`\n  known: {}", known.join(" ")))
    };
    let page = match &flags.command {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| unknown(name))?,
    };
    let mut bytes = Vec::new();
    Man::new(page).render(&mut bytes)?;
    print(&String::from_utf8(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_script_asks_valora_for_the_filters() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let script = script(shell).unwrap();
            assert!(script.contains("valora") && script.contains("complete -- "), "{shell:?}");
        }
        let zsh = script(Shell::Zsh).unwrap();
        assert_eq!(zsh.matches("_valora_filters").count(), 3, "defined, and called twice: {zsh}");
    }
}
