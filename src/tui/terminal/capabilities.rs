//! What the terminal and the user's environment can do, by their environment variables.

use crate::tui::theme::Clipboard;

pub fn clipboard() -> Clipboard {
    clipboard_of(variable("TERM").as_deref(), variable("TERM_PROGRAM").as_deref())
}

/// Terminals that ignore OSC 52 are known by these names.
fn clipboard_of(term: Option<&str>, program: Option<&str>) -> Clipboard {
    let is_vt = |term: &str| {
        term.strip_prefix("vt").is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
    };
    let is_console = term.is_none_or(|it| it == "dumb" || it == "linux" || is_vt(it));
    if is_console || program == Some("Apple_Terminal") {
        Clipboard::Missing
    } else {
        Clipboard::Possible
    }
}

pub fn has_256_colors() -> bool {
    variable("COLORTERM").is_some() || variable("TERM").is_some_and(|it| it.contains("256color"))
}

/// Reads `COLORFGBG`, such as `15;0`: its last number is the background color, of the sixteen.
pub fn is_light(colors: &str) -> Option<bool> {
    match colors.rsplit(';').next()?.parse().ok()? {
        0..=6 | 8 => Some(false),
        7 | 9..=15 => Some(true),
        _ => None,
    }
}

pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub fn home() -> Option<String> {
    etcetera::home_dir().ok()?.into_os_string().into_string().ok()
}

pub fn locale() -> Option<(&'static str, String)> {
    ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| Some((name, variable(name)?)))
}

pub fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_without_a_clipboard_are_known_by_name() {
        for (term, program, expected) in [
            (Some("xterm-256color"), None, Clipboard::Possible),
            (Some("tmux-256color"), Some("tmux"), Clipboard::Possible),
            (Some("xterm-256color"), Some("Apple_Terminal"), Clipboard::Missing),
            (Some("linux"), None, Clipboard::Missing),
            (Some("vt220"), None, Clipboard::Missing),
            (Some("vte-256color"), None, Clipboard::Possible),
            (None, None, Clipboard::Missing),
        ] {
            assert_eq!(clipboard_of(term, program), expected, "{term:?} {program:?}");
        }
    }

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
