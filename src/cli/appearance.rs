//! How the dashboard looks, from flags, settings and the terminal's own word on it.

use clap::Args;

use super::settings::read;
use crate::config::schema::ThemeName;
use crate::config::{ConfigError, Environment};
use crate::tui::theme::Looks;

#[derive(Debug, Clone, Default, Args)]
pub(super) struct LooksFlags {
    /// Colours: the terminal's sixteen, for a dark or a light background, or none
    #[arg(long, value_name = "THEME", global = true)]
    theme: Option<ThemeName>,
    /// Draw nothing but ASCII [default: where the locale is not UTF-8]
    #[arg(long, global = true)]
    ascii: bool,
}

/// What is wanted: a flag counts for more than the terminal, and that for more than the settings.
pub(super) fn resolve(flags: &LooksFlags, environment: &Environment) -> Result<Looks, ConfigError> {
    let (settings, keymap) = read(environment)?;
    settings.sound()?;
    let set = &settings.document.values;
    let has_no_color = variable("NO_COLOR").is_some()
        || variable("TERM").is_none_or(|term| term == "dumb" || term == "vt100");
    let theme = flags.theme.or(has_no_color.then_some(ThemeName::Mono)).or(set.theme);
    let is_ascii = match set.ascii {
        _ if flags.ascii => true,
        Some(is_ascii) => is_ascii,
        None => locale().is_some_and(|(_, locale)| !is_utf8(&locale)),
    };
    let (theme, has_mouse) = (theme.unwrap_or_default(), set.mouse.unwrap_or(false));
    Ok(Looks { theme, is_ascii, has_mouse, keymap })
}

/// A variable of the environment that is set to something.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The variable that sets the locale of letters, and its value.
pub(super) fn locale() -> Option<(&'static str, String)> {
    ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| Some((name, variable(name)?)))
}

/// Whether a locale such as `es_ES.UTF-8` has more than ASCII. One that is not named says nothing.
pub(super) fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_that_says_utf_8_has_all_letters() {
        for (locale, expected) in [
            ("C.UTF-8", true),
            ("es_ES.utf8", true),
            ("C", false),
            ("POSIX", false),
            ("de_DE.ISO-8859-1", false),
        ] {
            assert_eq!(is_utf8(locale), expected, "{locale}");
        }
    }
}
