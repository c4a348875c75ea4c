//! `valora completions SHELL`, and `valora complete WORD...`, which its scripts call.

use std::iter::once;

use clap_complete::{Shell, generate};

use super::entry;
use super::entry::lists;
use super::print;
use super::shared::command_here as command;
use crate::clock::Clock;
use crate::command;
use crate::command::{Context, from_arguments};
use crate::list::ALL;

const NAME: &str = "valora";

/// Completions that cannot be generated: filters and values, which depend on the list.
const BASH_FILTERS: &str = include_str!("shell/filters.bash");
const FISH_FILTERS: &str = include_str!("shell/filters.fish");
const ZSH_FILTERS: &str = include_str!("shell/filters.zsh");

pub(super) fn script(shell: Shell) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    generate(shell, &mut offered(), NAME, &mut bytes);
    let generated = String::from_utf8(bytes)?;
    Ok(match shell {
        Shell::Bash => generated + BASH_FILTERS,
        Shell::Fish => {
            let lists: Vec<&str> = ALL.iter().map(|spec| spec.key).collect();
            generated + &FISH_FILTERS.replace("LISTS", &lists.join(" "))
        }
        Shell::Zsh => with_filters(&generated),
        _ => generated,
    })
}

/// The command line without hidden commands and options.
fn offered() -> clap::Command {
    visible(&command()).disable_help_subcommand(true).version(env!("CARGO_PKG_VERSION"))
}

fn visible(command: &clap::Command) -> clap::Command {
    let shown = command.get_subcommands().filter(|it| !it.is_hide_set()).map(visible);
    let about = command.get_about().cloned();
    let args = command.get_arguments().filter(|it| !it.is_hide_set()).cloned();
    let visible = clap::Command::new(command.get_name().to_owned()).args(args).subcommands(shown);
    match about {
        Some(about) => visible.about(about),
        None => visible,
    }
}

/// Adds the completion of filters to the zsh script, before the last lines, which run it.
fn with_filters(generated: &str) -> String {
    let mut script = String::new();
    for line in generated.lines() {
        if line.starts_with("if [ \"$funcstack[1]\"") {
            script.push_str(ZSH_FILTERS);
        }
        // With one colon, earlier words still count, so that options are offered after it.
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

pub(super) fn complete(words: &[String]) -> anyhow::Result<()> {
    let offered = candidates(words, Clock::start().today());
    let lines = offered.into_iter().map(|(word, means)| format!("{word}\t{means}\n"));
    print(&lines.collect::<String>())
}

/// Returns candidates for the last word with their descriptions; empty where the script has its own.
fn candidates(words: &[String], today: chrono::NaiveDate) -> Vec<(String, String)> {
    let Some((current, before)) = words.split_last() else { return Vec::new() };
    let (words, open) = positionals(before);
    let given: Vec<&str> = match words.as_slice() {
        ["list", given @ ..] => given.into(),
        ["payments", "list", given @ ..] => once("payments").chain(given.iter().copied()).collect(),
        [list, ..] if entry::is_named(list) => words,
        _ => return Vec::new(),
    };
    let Some(name) = given.first() else {
        // The fish script completes options only.
        let lists = lists().filter(|spec| open.is_none() && spec.key.starts_with(current));
        return lists.map(|spec| (spec.key.to_owned(), spec.title.to_owned())).collect();
    };
    let Some(spec) = lists().find(|spec| spec.key == *name) else { return Vec::new() };
    // The value of `--sort` is completed like that of `sort=`.
    let hidden = match open {
        Some("--sort") => "sort=",
        Some(_) => return Vec::new(),
        None if current.starts_with('-') => return Vec::new(),
        None => "",
    };
    // Quotes of the shell are not quotes of the command line.
    if current.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\')) {
        return Vec::new();
    }
    let word = format!("{hidden}{current}");
    let text = format!("{} {word}", from_arguments(given));
    let start = text.chars().count() - word.chars().count();
    let context = Context { today: Some(today), here: Some(spec), ..Context::default() };
    let offered = command::complete(&text, text.chars().count(), &context).into_iter().map(|one| {
        let kept = text.chars().take(one.replace.start).skip(start);
        let kept: String = kept.chain(one.text.chars()).collect();
        (kept.strip_prefix(hidden).unwrap_or(&kept).to_owned(), one.describes)
    });
    offered.filter(|(word, _)| word.starts_with(current) && !word.contains('"')).collect()
}

fn positionals(words: &[String]) -> (Vec<&str>, Option<&str>) {
    let command = command();
    let list = command.find_subcommand("list").into_iter().flat_map(clap::Command::get_arguments);
    let options: Vec<String> = command
        .get_arguments()
        .chain(list)
        .filter(|option| option.get_action().takes_values())
        .flat_map(|option| {
            let long = option.get_long().map(|long| format!("--{long}"));
            long.into_iter().chain(option.get_short().map(|short| format!("-{short}")))
        })
        .collect();
    let (mut given, mut open) = (Vec::new(), None);
    for word in words {
        if open.take().is_some() {
            continue;
        }
        if options.contains(word) {
            open = Some(word.as_str());
        } else if !word.starts_with('-') {
            given.push(word.as_str());
        }
    }
    (given, open)
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
        let calls = 2 * (ALL.len() + 2);
        let found = zsh.matches("_valora_filters").count();
        assert_eq!(found, 1 + calls, "defined, and called twice for each list command: {zsh}");
    }

    #[test]
    fn the_command_that_scripts_use_is_not_offered() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let text = script(shell).unwrap();
            let (generated, _) = text.split_once("valora knows them").unwrap();
            let is_offered =
                |line: &&str| line.split(|c: char| !c.is_alphanumeric()).any(|it| it == "complete");
            let calls = ["complete -c valora", "complete -F", "complete: ", "autoload"];
            let lines = generated.lines().filter(|line| !calls.iter().any(|it| line.contains(it)));
            let lines: Vec<&str> = lines.filter(is_offered).collect();
            assert!(lines.is_empty(), "{shell:?}: {lines:?}");
        }
    }

    fn offered(text: &str) -> Vec<String> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        candidates(&words, today).into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn filters_values_and_columns_of_the_list_are_offered_whole() {
        assert_eq!(offered("list pen"), ["penalties"]);
        assert_eq!(offered("list --all ").len(), ALL.len() + 1);
        assert_eq!(offered("penalties status=noti"), ["status=notify"]);
        assert_eq!(offered("--profile list penalties --all status=noti"), ["status=notify"]);
        assert_eq!(offered("payments list sortType=A"), offered("list payments sortType=A"));
        assert!(offered("payments list sortType=A").contains(&"sortType=ASC".to_owned()));
        assert!(offered("list penalties sta").contains(&"status=".to_owned()));
        assert_eq!(offered("list penalties status=noti"), ["status=notify"]);
        assert!(offered("list penalties due=").contains(&"due=-30d".to_owned()));
        assert_eq!(offered("list -o csv penalties --all status=noti"), ["status=notify"]);
        assert_eq!(
            offered("list penalties --sort -due"),
            offered("list penalties sort=-due")
                .iter()
                .map(|word| word.trim_start_matches("sort=").to_owned())
                .collect::<Vec<_>>()
        );
        assert!(offered("list penalties --sort -due").contains(&"-due_date".to_owned()));
        let again = offered("list penalties status=notify st");
        assert!(!again.contains(&"status=".to_owned()), "{again:?}");
    }

    #[test]
    fn what_the_script_knows_is_left_to_it() {
        for text in [
            "",
            "li",
            "list --pen",
            "list -o js",
            "list nothing st",
            "list penalties --s",
            "list penalties -o ",
            "booking BK",
            "payments show st",
            "auth list st",
            "list penalties \"st",
        ] {
            assert!(offered(text).is_empty(), "{text}: {:?}", offered(text));
        }
    }
}
