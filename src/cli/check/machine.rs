//! The terminal and the folders of this machine.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crossterm::cursor;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode, size};
use rustix::process::geteuid;
use unicode_width::UnicodeWidthStr;

use super::{Finding, State};
use crate::cli::exit_code::USAGE;
use crate::cli::settings::{is_utf8, locale, variable};
use crate::config::secure_file;
use crate::state::Store;
use crate::tui::layout::SMALLEST;

/// A wide letter, a letter with a mark, and a plain one: four cells.
const SAMPLE: &str = "日e\u{301}x";

/// What is known of the terminal. It is asked how wide it draws only where `can_ask`.
pub(super) fn terminal(can_ask: bool) -> Vec<Finding> {
    let is_terminal = io::stdout().is_terminal();
    let (wide, high) = SMALLEST;
    let shown = match size() {
        _ if !is_terminal => {
            Finding::well("terminal", "not on standard output; the dashboard needs it")
        }
        Ok((columns, rows)) => {
            let advice = format!("make it {wide}x{high} or larger");
            let advice = if columns < wide || rows < high { &advice } else { "" };
            Finding::of("terminal", format!("{columns}x{rows} cells"), advice)
        }
        Err(error) => {
            Finding::of("terminal", format!("it has no size: {error}"), "run this in a terminal")
        }
    };
    let mut findings = vec![shown, colors(), letters()];
    if can_ask && is_terminal && io::stdin().is_terminal() {
        findings.push(widths(cells_drawn()));
    }
    findings.push(clipboard());
    findings
}

fn colors() -> Finding {
    let term = variable("TERM");
    let depth = match (variable("NO_COLOR"), term.as_deref(), variable("COLORTERM")) {
        (Some(_), ..) => "none, as NO_COLOR asks",
        (None, None | Some("dumb" | "vt100"), _) => "none: the terminal has none",
        (None, _, Some(_)) => "the terminal's own palette, 16 of 16 million",
        (None, Some(term), None) if term.contains("256") => "the terminal's own palette, 16 of 256",
        (None, Some(_), None) => "the terminal's own palette, 16",
    };
    match term {
        Some(term) => Finding::well("colors", format!("{depth} (TERM={term})")),
        None => Finding::of("colors", "TERM is not set", "set it, for example to xterm-256color"),
    }
}

fn letters() -> Finding {
    let says = locale().map(|(name, value)| format!("{name}={value}"));
    let says = says.unwrap_or("no locale is set".to_owned());
    let is_fine = is_utf8(&says) || cfg!(target_os = "macos");
    let advice = if is_fine { "" } else { "set LANG=C.UTF-8, or accented names may be garbled" };
    Finding::of("letters", says, advice)
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
    let expected = SAMPLE.width();
    match drawn {
        Some(cells) if usize::from(cells) == expected => {
            Finding::well("widths", "wide letters and combining marks have the expected width")
        }
        Some(cells) => Finding::of(
            "widths",
            format!("{SAMPLE} takes {cells} cells instead of {expected}"),
            "set a UTF-8 locale before the terminal (and tmux) starts; columns may be misaligned",
        ),
        None => Finding::of("widths", "the terminal does not say", "columns may be misaligned"),
    }
}

/// Whether a terminal takes OSC 52 cannot be asked; what may prevent it can be named.
fn clipboard() -> Finding {
    let (way, advice) = match (variable("TMUX"), variable("STY")) {
        (Some(_), _) => (" through tmux", "if nothing is copied: tmux set -g set-clipboard on"),
        (None, Some(_)) => (" through screen", ""),
        (None, None) => ("", ""),
    };
    let from = if variable("SSH_CONNECTION").is_some() { ", over SSH" } else { "" };
    let says = format!("copies by OSC 52{way}{from}; the terminal must allow it");
    Finding::new(State::Well, "clipboard", says, advice)
}

pub(super) fn folders(store: Option<&Store>) -> Vec<Finding> {
    let Some(store) = store else {
        let advice = "set HOME: neither settings nor tokens are kept without it";
        return vec![Finding::of("folders", "this user has no home folder", advice)];
    };
    let [config, state] = store.folders();
    let credentials = store.credentials();
    let secret = match secure_file::check_folder(&credentials) {
        Ok(()) => Finding::well("kept tokens", format!("{}, yours alone", credentials.display())),
        Err(error) => Finding::new(State::Bad(USAGE), "kept tokens", error, "run what it says"),
    };
    vec![folder("settings folder", config), folder("state folder", state), secret]
}

/// Others may read settings, but whoever can write them decides which programs run.
fn folder(name: &str, path: &Path) -> Finding {
    let shown = path.display();
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Finding::well(name, format!("{shown}, not created yet"));
        }
        Err(error) => return Finding::of(name, format!("{shown}: {error}"), "make it yours"),
    };
    let faults = [
        (about.uid() != geteuid().as_raw(), "belongs to another user", "sudo chown -R $(id -u)"),
        (about.mode() & 0o022 != 0, "can be changed by others", "chmod go-w"),
        (about.mode() & 0o300 != 0o300, "cannot be written to", "chmod u+wx"),
    ];
    match faults.iter().find(|(is_so, ..)| *is_so) {
        Some((_, fault, command)) => {
            Finding::of(name, format!("{shown} {fault}"), &format!("run: {command} {shown}"))
        }
        None => Finding::well(name, format!("{shown}, yours")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn folders_that_others_can_write_to_are_named_with_what_to_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        assert!(super::folder("x", &path).says.contains("not created yet"));
        fs::create_dir(&path).unwrap();
        for (mode, advice) in
            [(0o755, ""), (0o700, ""), (0o777, "chmod go-w"), (0o500, "chmod u+wx")]
        {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let found = super::folder("x", &path);
            assert_eq!(found.state == State::Well, advice.is_empty(), "{mode:o}");
            assert!(found.advice.contains(advice), "{found:?}");
        }
    }

    #[test]
    fn a_terminal_that_draws_otherwise_than_valora_counts_is_odd() {
        assert_eq!(widths(Some(4)).state, State::Well);
        assert_eq!(widths(Some(5)).state, State::Odd);
        assert_eq!(widths(None).state, State::Odd);
    }
}
