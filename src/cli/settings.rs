//! `valora config`, `valora keys`, and the appearance.

use std::fmt::Write as _;
use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::exit_code::Exit;
use super::{print, say};
use crate::config::profile::Settings;
use crate::config::schema::{Severity, ThemeName};
use crate::config::{ConfigError, Environment};
use crate::domain::money::counted;
use crate::process::tokens::without_tokens;
use crate::state::save::save;
use crate::tui::keymap::{BINDINGS, Keymap};
pub(super) use crate::tui::terminal::capabilities::{clipboard, home, is_utf8, locale, variable};
use crate::tui::terminal::capabilities::{has_256_colors, is_light};
use crate::tui::theme::LoadAhead;
use crate::tui::theme::Looks;

const FIRST: &str = include_str!("../../assets/config.toml");

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Write a settings file with every setting explained; an existing file is not changed
    #[command(after_help = "Example:\n  valora config init")]
    Init,
    /// Print the path of the settings file, even if it does not exist yet
    #[command(after_help = "Example:\n  $EDITOR \"$(valora config path)\"")]
    Path,
    /// Report problems in the settings, with line and column; exit code 2 if there are any
    #[command(after_help = "Example:\n  valora config check")]
    Check,
}

pub(super) fn run(command: &ConfigCommand, environment: &Environment) -> anyhow::Result<()> {
    let store = environment.store.as_ref().ok_or(ConfigError::Homeless)?;
    let path = store.config_file();
    let shown = path.display().to_string();
    match command {
        ConfigCommand::Path => print(&format!("{shown}\n")),
        ConfigCommand::Init => {
            let folder = path.parent().context("the path of the settings file has no folder")?;
            let failed = || format!("{shown} cannot be written");
            DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(failed)?;
            match save(&path, |out| out.write_all(FIRST.as_bytes())) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    bail!(Exit::usage(format!(
                        "{shown} exists already and was not changed; check it: valora config check"
                    )))
                }
                saved => saved.with_context(failed)?,
            }
            print(&format!("{shown}\n"))?;
            say("written; next, run: valora auth login --profile NAME");
            Ok(())
        }
        ConfigCommand::Check => {
            let (settings, _keymap) = read(environment)?;
            let problems = &settings.document.problems;
            if problems.is_empty() {
                let state =
                    if path.exists() { "no problems" } else { "the file does not exist yet" };
                return print(&format!("{shown}: {state}\n{}", settings.writers_in_words()));
            }
            for problem in problems {
                print(&without_tokens(&format!("{shown}: {problem}\n")))?;
            }
            let count = counted(problems.len() as u64, "problem");
            bail!(Exit::usage(format!("{count} to fix in {shown}")))
        }
    }
}

/// Reads the settings and their keymap; problems of the keys are added to those of the document.
pub(super) fn read(environment: &Environment) -> Result<(Settings, Keymap), ConfigError> {
    let mut settings = Settings::read(environment.store.as_ref())?;
    let document = &mut settings.document;
    let own = document.values.keys.iter().map(|(id, keys)| (id.as_str(), keys.get_ref().names()));
    let (keymap, faults) = Keymap::with(own);
    let places: Vec<usize> = document.values.keys.values().map(|keys| keys.span().start).collect();
    for (place, why) in faults {
        let at = places.get(place).copied().unwrap_or_default();
        document.fault(at, Severity::Error, format!("keys: {why}"));
    }
    Ok((settings, keymap))
}

pub(super) fn print_keys(is_own: bool, environment: &Environment) -> anyhow::Result<()> {
    let (settings, keymap) = read(environment)?;
    settings.ensure_valid()?;
    let mut text = String::new();
    for binding in BINDINGS.iter().filter(|binding| !is_own || keymap.is_own(binding)) {
        let keys: Vec<&str> = keymap.keys(binding).collect();
        let keys = if keys.is_empty() { "(none)".to_owned() } else { keys.join(" ") };
        let own = if keymap.is_own(binding) { "*" } else { " " };
        let scopes = binding.scopes.iter().map(|scope| format!("{scope:?}").to_lowercase());
        let places = scopes.collect::<Vec<_>>().join(", ");
        let (id, label) = (binding.id, keymap.render(binding.label));
        let _ = writeln!(text, "{own} {id:<18} {keys:<20} {label} ({places})");
    }
    print(&text)
}

#[derive(Debug, Clone, Default, Args)]
pub(super) struct LooksFlags {
    /// Colors: the terminal's sixteen, 256 for a dark or a light background, or none
    #[arg(long, value_name = "THEME")]
    pub(super) theme: Option<ThemeName>,
    /// Use ASCII only [default: if the locale is not UTF-8]
    #[arg(long)]
    pub(super) ascii: bool,
}

/// A flag overrides the terminal's capabilities, and these override the settings.
pub(super) fn looks(flags: &LooksFlags, environment: &Environment) -> Result<Looks, ConfigError> {
    let (settings, keymap) = read(environment)?;
    settings.ensure_valid()?;
    let set = &settings.document.values;
    let has_no_color = variable("NO_COLOR").is_some()
        || variable("TERM").is_none_or(|term| term == "dumb" || term == "vt100");
    let theme = flags.theme.or(has_no_color.then_some(ThemeName::Mono)).or(set.theme);
    let is_ascii = match set.ascii {
        _ if flags.ascii => true,
        Some(is_ascii) => is_ascii,
        None => locale().is_some_and(|(_, locale)| !is_utf8(&locale)),
    };
    let has_mouse = set.mouse.unwrap_or(false);
    let follows_background = theme.is_none() && has_256_colors();
    let of_background = || {
        let is_light = variable("COLORFGBG").and_then(|colors| is_light(&colors));
        let theme = if is_light? { ThemeName::Light } else { ThemeName::Dark };
        follows_background.then_some(theme)
    };
    let theme = theme.or_else(of_background).unwrap_or_default();
    let clipboard = clipboard();
    let is_off = set.load_ahead == Some(false);
    let load_ahead = if is_off { LoadAhead::Off } else { LoadAhead::On };
    let csv = set.csv.unwrap_or_default();
    Ok(Looks { theme, follows_background, is_ascii, has_mouse, clipboard, load_ahead, csv, keymap })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::lists;
    use crate::config::schema::Document;

    #[test]
    fn the_first_file_is_sound_as_it_is_and_with_every_line_in_use() {
        assert_eq!(Document::read(FIRST).problems, []);
        let used: Vec<&str> = FIRST
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if !setting.starts_with(' ') => setting,
                _ => line,
            })
            .collect();
        let used = Document::read(&used.join("\n"));
        assert_eq!(used.problems, []);
        assert!(lists::faults(&used).is_empty());
        let of = |profile| lists::choices(&used, profile).0["scheduled"].clone();
        assert!(of(None).len() == 2 && of(None) != of(Some("acme")));
        let acme = used.profile("acme").unwrap();
        assert!(acme.base_url.is_some() && acme.token_command.is_some());
        for endpoint in [&acme.payments, &acme.finance] {
            assert!(endpoint.token_command.is_some(), "{endpoint:?}");
        }
    }
}
