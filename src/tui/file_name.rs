//! The path of an exported file: the proposed name, and what was typed, with `~/` and folders.

use super::screen::list::export::Share;

/// `changes-2026-11-20-3-of-12-incomplete.csv`: the proposed name shows that rows are missing.
pub fn of_part(stem: &str, share: &Share, is_incomplete: bool, ending: &str) -> String {
    let incomplete = if is_incomplete { "-incomplete" } else { "" };
    format!("{stem}{}{incomplete}.{ending}", share.part())
}

const ONLY_HOME: &str = "valora knows only ~/, your home folder. Type the full path, or ./~… if the \
                         name begins with ~.";

/// The path for what was typed. In a folder, the file gets the proposed name.
pub fn path(typed: &str, proposed: &str, home: Option<&str>) -> Result<String, String> {
    let typed = if typed == "~" { "~/" } else { typed };
    let path = match (typed.strip_prefix('~'), home) {
        (None, _) => typed.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with('/') => {
            format!("{}{rest}", home.trim_end_matches('/'))
        }
        (Some(rest), None) if rest.starts_with('/') => {
            return Err("Your home folder is not known: type the full path.".to_owned());
        }
        _ => return Err(ONLY_HOME.to_owned()),
    };
    Ok(if path.ends_with('/') { path + proposed } else { path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proposed_name_of_a_part_says_so() {
        for (rows, is_incomplete, expected) in [
            (12, false, "changes.csv"),
            (3, false, "changes-3-of-12.csv"),
            (12, true, "changes-incomplete.csv"),
            (3, true, "changes-3-of-12-incomplete.csv"),
        ] {
            assert_eq!(of_part("changes", &Share::among(rows, 12), is_incomplete, "csv"), expected);
        }
    }

    #[test]
    fn the_home_folder_is_expanded_and_a_folder_gets_the_proposed_name() {
        let home = Some("/home/me/");
        for (typed, expected) in [
            ("a.csv", "a.csv"),
            ("~/a.csv", "/home/me/a.csv"),
            ("~/", "/home/me/debt.csv"),
            ("~", "/home/me/debt.csv"),
            ("~/exports/", "/home/me/exports/debt.csv"),
            ("/tmp/", "/tmp/debt.csv"),
            ("./~x/a.csv", "./~x/a.csv"),
            ("a~/b.csv", "a~/b.csv"),
            ("", ""),
        ] {
            assert_eq!(path(typed, "debt.csv", home), Ok(expected.to_owned()), "{typed}");
        }
        for (typed, home, words) in [
            ("~other/a.csv", home, ONLY_HOME),
            ("~other", home, ONLY_HOME),
            ("~a.csv", None, ONLY_HOME),
            ("~/a.csv", None, "home folder is not known"),
            ("~", None, "home folder is not known"),
        ] {
            let why = path(typed, "debt.csv", home).unwrap_err();
            assert!(why.contains(words), "{typed}: {why}");
        }
    }
}
