//! The terminal and the folders of this machine.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crossterm::cursor;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode, size};
use rustix::process::geteuid;
use unicode_width::UnicodeWidthStr;

use super::finding::Finding;
use crate::cli::outcome::USAGE;
use crate::config::secure_file;
use crate::state::Store;
use crate::tui::layout::SMALLEST;

/// A wide letter, a letter with a mark, and a plain one: four cells.
const SAMPLE: &str = "日e\u{301}x";

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What is known of the terminal. It is asked how wide it draws only where `can_ask`.
pub(super) fn terminal(can_ask: bool) -> Vec<Finding> {
    let is_terminal = io::stdout().is_terminal();
    let shown = match (is_terminal, size()) {
        (false, _) => Finding::well("terminal", "standard output is none; valora itself needs one"),
        (true, Ok((columns, rows))) if columns < SMALLEST.0 || rows < SMALLEST.1 => Finding::odd(
            "terminal",
            &format!("{columns}x{rows} cells"),
            &format!("make it {}x{} or larger", SMALLEST.0, SMALLEST.1),
        ),
        (true, Ok((columns, rows))) => {
            Finding::well("terminal", &format!("{columns}x{rows} cells"))
        }
        (true, Err(error)) => {
            Finding::odd("terminal", &format!("it has no size: {error}"), "start it in a terminal")
        }
    };
    let mut findings = vec![shown, colours(), letters()];
    if can_ask && is_terminal && io::stdin().is_terminal() {
        findings.push(widths(cells_drawn()));
    }
    findings.push(clipboard());
    findings
}

fn colours() -> Finding {
    let term = variable("TERM");
    let depth = match (variable("NO_COLOR"), term.as_deref(), variable("COLORTERM")) {
        (Some(_), _, _) => "none, as NO_COLOR asks",
        (None, None | Some("dumb" | "vt100"), _) => "none: the terminal has none",
        (None, _, Some(_)) => "of the terminal's own palette, 16 of 16 million",
        (None, Some(term), None) if term.contains("256") => {
            "of the terminal's own palette, 16 of 256"
        }
        (None, Some(_), None) => "of the terminal's own palette, 16",
    };
    match term {
        Some(term) => Finding::well("colours", &format!("{depth} (TERM={term})")),
        None => Finding::odd("colours", "TERM is not set", "set it, as to xterm-256color"),
    }
}

fn letters() -> Finding {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = names.iter().find_map(|name| Some((name, variable(name)?)));
    let says =
        locale.map_or("no locale is set".to_owned(), |(name, value)| format!("{name}={value}"));
    let is_unicode = says.to_lowercase().replace('-', "").contains("utf8");
    if is_unicode || cfg!(target_os = "macos") {
        Finding::well("letters", &says)
    } else {
        let todo = "set LANG=C.UTF-8, or names with accents may come out wrong";
        Finding::odd("letters", &says, todo)
    }
}

/// Draws the sample at the start of a line and asks the terminal where its cursor is.
fn cells_drawn() -> Option<u16> {
    enable_raw_mode().ok()?;
    let mut out = io::stdout();
    let drawn =
        write!(out, "\r{SAMPLE}").and_then(|()| out.flush()).and_then(|()| cursor::position());
    let _ = write!(out, "\r\x1b[K");
    let _ = out.flush();
    let _ = disable_raw_mode();
    drawn.ok().map(|(column, _)| column)
}

fn widths(drawn: Option<u16>) -> Finding {
    match drawn {
        Some(cells) if usize::from(cells) == SAMPLE.width() => {
            Finding::well("widths", "wide letters and marks are drawn as wide as valora counts")
        }
        Some(cells) => Finding::odd(
            "widths",
            &format!("{SAMPLE} takes {cells} cells instead of {}", SAMPLE.width()),
            "set a UTF-8 locale before the terminal (and tmux) starts; columns may stand askew",
        ),
        None => Finding::odd("widths", "the terminal does not say", "columns may stand askew"),
    }
}

/// Whether a terminal takes OSC 52 cannot be asked; what stands in its way can be named.
fn clipboard() -> Finding {
    let way = match (variable("TMUX"), variable("STY")) {
        (Some(_), _) => "OSC 52 through tmux",
        (None, Some(_)) => "OSC 52 through screen",
        (None, None) => "OSC 52",
    };
    let from = if variable("SSH_CONNECTION").is_some() { ", over SSH" } else { "" };
    let says = format!("copies by {way}{from}; the terminal must allow it");
    match variable("TMUX") {
        Some(_) => Finding {
            todo: "if nothing is copied: tmux set -g set-clipboard on".to_owned(),
            ..Finding::well("clipboard", &says)
        },
        None => Finding::well("clipboard", &says),
    }
}

/// The folders of settings, of what is kept, and of secrets.
pub(super) fn folders(store: Option<&Store>) -> Vec<Finding> {
    let Some(store) = store else {
        let todo = "set HOME: neither settings nor tokens are kept without";
        return vec![Finding::odd("folders", "this user has no home folder", todo)];
    };
    let [config, state] = store.folders();
    let credentials = store.credentials();
    let secret = match secure_file::check_folder(&credentials) {
        Ok(()) => Finding::well("kept tokens", &format!("{}, yours alone", credentials.display())),
        Err(error) => Finding::bad("kept tokens", &error.to_string(), "run what it says", USAGE),
    };
    vec![folder("settings folder", config), folder("state folder", state), secret]
}

/// Others may read settings, but whoever can write them decides which programs run.
fn folder(name: &str, path: &Path) -> Finding {
    let shown = path.display();
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Finding::well(name, &format!("{shown}, not made yet"))
        }
        Err(error) => Finding::odd(name, &format!("{shown}: {error}"), "make it yours"),
        Ok(about) if about.uid() != geteuid().as_raw() => {
            let todo = format!("run: sudo chown -R $(id -u) {shown}");
            Finding::odd(name, &format!("{shown} belongs to another user"), &todo)
        }
        Ok(about) if about.mode() & 0o022 != 0 => {
            let todo = format!("run: chmod go-w {shown}");
            Finding::odd(name, &format!("{shown} can be changed by others"), &todo)
        }
        Ok(about) if about.mode() & 0o300 != 0o300 => Finding::odd(
            name,
            &format!("{shown} cannot be written to"),
            &format!("run: chmod u+wx {shown}"),
        ),
        Ok(_) => Finding::well(name, &format!("{shown}, yours")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn folders_that_others_can_write_to_are_named_with_what_to_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        assert!(super::folder("x", &path).says.contains("not made yet"));
        fs::create_dir(&path).unwrap();
        for (mode, todo) in [(0o755, ""), (0o700, ""), (0o777, "chmod go-w"), (0o500, "chmod u+wx")]
        {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let found = super::folder("x", &path);
            assert_eq!(found.state == State::Well, todo.is_empty(), "{mode:o}");
            assert!(found.todo.contains(todo), "{found:?}");
        }
    }

    #[test]
    fn a_terminal_that_draws_otherwise_than_valora_counts_is_odd() {
        assert_eq!(widths(Some(4)).state, State::Well);
        assert_eq!(widths(Some(5)).state, State::Odd);
        assert_eq!(widths(None).state, State::Odd);
    }
}
