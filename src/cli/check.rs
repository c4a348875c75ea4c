//! `valora check`: finds what prevents access, and says what to do. It prints no secrets.

mod clipboard;
mod fields;
mod payments;
mod server;
mod shape;

use std::fmt::{Display, Write as _};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::bail;
use clap::{Args, ValueEnum};
use crossterm::cursor;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode, size};
use rustix::process::geteuid;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use self::shape::Shape;
use super::exit_code::{Exit, USAGE};
use super::requests::Oneshot;
use super::settings::{is_utf8, locale, read, variable};
use super::{Cx, print, width};
use crate::config::payments::for_command;
use crate::config::profile::Settings;
use crate::config::{ConfigError, Environment, secure_file};
use crate::domain::money::counted;
use crate::domain::text::sanitize;
use crate::state::Store;
use crate::tui::layout::SMALLEST;

/// Columns of a note where the output is not a terminal.
const WIDTH: usize = 80;
const NOTE: &str = "       ";
const REST: &str = "         ";
/// A wide letter, a letter with a mark, and a plain one: four cells.
const SAMPLE: &str = "日e\u{301}x";

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  valora check\n  valora check --profile acme\n  \
                  valora check -o json > check.json      for support: names, but no secrets\n  \
                  valora check --shape -o json > shape.json      for the maintainers of valora: no values, \
                  no people's names\n\n\
                  Exit codes: 0 no check failed, 1 the API or the network failed, 2 wrong settings or \
                  token source, 4 the token is not accepted")]
pub(super) struct CheckFlags {
    /// Output format
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    output: Output,
    /// Print only the fields and types of the server's responses, without values, for the maintainers of valora
    #[arg(long)]
    shape: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For people
    Text,
    /// For support and for programs
    Json,
}

pub(super) fn run(flags: &CheckFlags, cx: &Cx) -> anyhow::Result<()> {
    if flags.shape {
        return shape(flags, cx);
    }
    let mut findings = vec![settings(&cx.environment)];
    let writers = Settings::read(cx.environment.store.as_ref()).unwrap_or_default();
    let writers = writers.writers_in_words();
    findings.extend(writers.lines().map(|line| Finding::well("writes", line)));
    match cx.find() {
        Ok(found) => {
            findings.extend(server::pointed(&found));
            findings.extend(server::asked(found.target, &found.choice_places)?);
            findings.extend(payments::found(for_command(&cx.environment, cx.profile()))?);
        }
        Err(error) => {
            let advice =
                if error.has_remedy() { "" } else { "fix this, or run: valora auth login" };
            findings.push(Finding::new(State::Bad(USAGE), "token", error, advice));
            // The same error would be reported twice.
            if let Ok(clients) = for_command(&cx.environment, cx.profile()) {
                findings.extend(payments::found(Ok(clients))?);
            }
        }
    }
    findings.extend(terminal(flags.output == Output::Text));
    findings.extend(folders(cx.environment.store.as_ref()));
    let text = match flags.output {
        Output::Text => in_words(&findings, width::of(&io::stdout())),
        Output::Json => serde_json::to_string_pretty(&to_json(&findings))? + "\n",
    };
    print(&text)?;
    if let Some(worst) = findings.iter().filter_map(Finding::code).max() {
        bail!(Exit(worst, "some checks failed; see the lines marked BAD".to_owned()));
    }
    Ok(())
}

fn shape(flags: &CheckFlags, cx: &Cx) -> anyhow::Result<()> {
    let found = cx.find()?;
    let shape = Shape::ask(&Oneshot::new(found.target)?);
    print(&match flags.output {
        Output::Text => shape.in_words(),
        Output::Json => serde_json::to_string_pretty(&shape.to_json())? + "\n",
    })?;
    Ok(shape.whole()?)
}

fn settings(environment: &Environment) -> Finding {
    let name = "settings";
    let settings = match read(environment) {
        Ok((settings, _keymap)) => settings,
        Err(error) => {
            let is_exposed = matches!(error, ConfigError::Exposed { .. });
            let advice =
                if is_exposed { "run that command" } else { "make it readable by this user" };
            return Finding::new(State::Bad(USAGE), name, error, advice);
        }
    };
    let problems = settings.warnings().join("; ");
    if problems.is_empty() {
        let path = settings.path.as_deref().unwrap_or(Path::new(""));
        let (shown, count) = (path.display(), settings.names().len());
        let profiles = counted(count as u64, "profile");
        let says = match (path.exists(), count) {
            (true, _) => format!("{shown}, {profiles}"),
            (false, 0) => format!("{shown}: no settings file yet"),
            (false, _) => format!("{shown}: no settings file yet, {profiles}"),
        };
        return Finding::well(name, says);
    }
    let state = if settings.document.is_broken() { State::Bad(USAGE) } else { State::Odd };
    Finding::new(state, name, problems, "fix these lines; then run: valora config check")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
pub(super) enum State {
    #[strum(serialize = "ok")]
    Well,
    /// It works with restrictions, or not for long.
    #[strum(serialize = "odd")]
    Odd,
    /// It does not work; the exit code.
    #[strum(serialize = "BAD")]
    Bad(u8),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) name: String,
    pub(super) state: State,
    pub(super) says: String,
    /// Details, one per line.
    pub(super) notes: Vec<String>,
    pub(super) advice: String,
}

impl Finding {
    pub(super) fn new(state: State, name: &str, says: impl Display, advice: impl Display) -> Self {
        // The table has one line for an error; the other lines of it are notes.
        let says = says.to_string();
        let mut lines = says.lines().map(str::trim).filter(|line| !line.is_empty());
        let says = sanitize(lines.next().unwrap_or_default()).into_owned();
        let notes = lines.map(|line| sanitize(line).into_owned()).collect();
        let [name, advice] = [name.to_owned(), advice.to_string()];
        let [name, advice] = [name, advice].map(|text| sanitize(&text).into_owned());
        Self { name, state, says, notes, advice }
    }

    pub(super) fn well(name: &str, says: impl Display) -> Self {
        Self::new(State::Well, name, says, "")
    }

    fn of(name: &str, says: impl Display, advice: &str) -> Self {
        let state = if advice.is_empty() { State::Well } else { State::Odd };
        Self::new(state, name, says, advice)
    }

    fn code(&self) -> Option<u8> {
        if let State::Bad(code) = self.state { Some(code) } else { None }
    }
}

/// `columns` are those of the terminal; elsewhere only notes are wrapped.
fn in_words(findings: &[Finding], columns: Option<usize>) -> String {
    let width = findings.iter().map(|finding| finding.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for Finding { name, state, says, notes, advice } in findings {
        let state = <&str>::from(*state);
        let table = columns.unwrap_or(usize::MAX);
        wrap(&mut out, table, &format!("{state:<3}  {name:width$}  "), says);
        for note in notes {
            wrap(&mut out, columns.unwrap_or(WIDTH), NOTE, note);
        }
        if !advice.is_empty() {
            wrap(&mut out, table, &format!("     {:width$}  → ", ""), advice);
        }
    }
    out
}

/// Adds the text behind `first`. Further lines begin below the text where there is room, else below the name.
fn wrap(out: &mut String, columns: usize, first: &str, text: &str) {
    let below = if first == NOTE { REST.len() } else { first.width() };
    let below = if below > columns / 2 { NOTE.len() } else { below };
    let further = " ".repeat(below);
    let options = textwrap::Options::new(columns)
        .initial_indent(first)
        .subsequent_indent(&further)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    for line in textwrap::wrap(text, options) {
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

pub(super) fn to_json(findings: &[Finding]) -> Value {
    let checks = findings.iter().map(|finding| {
        json!({
            "name": finding.name,
            "state": <&str>::from(finding.state).to_lowercase(),
            "says": finding.says,
            "notes": finding.notes,
            "todo": finding.advice,
        })
    });
    json!({
        "valora": env!("CARGO_PKG_VERSION"),
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "checks": checks.collect::<Vec<_>>(),
    })
}

/// Queries the width of characters only if `can_ask`.
fn terminal(can_ask: bool) -> Vec<Finding> {
    let is_terminal = io::stdout().is_terminal();
    let (wide, high) = SMALLEST;
    let shown = match size() {
        _ if !is_terminal => {
            Finding::well("terminal", "not checked: standard output is not a terminal")
        }
        Ok((columns, rows)) => {
            let advice = format!("make it {wide}x{high} or larger");
            let advice = if columns < wide || rows < high { &advice } else { "" };
            Finding::of("terminal", format!("{columns}x{rows} cells"), advice)
        }
        Err(error) => Finding::of(
            "terminal",
            format!("its size cannot be read: {error}"),
            "run this in a terminal",
        ),
    };
    let can_ask = can_ask && is_terminal && io::stdin().is_terminal();
    let widths = can_ask.then(|| widths(cells_drawn()));
    let clipboard = clipboard::found(is_terminal);
    [shown, colors(), letters()].into_iter().chain(widths).chain([clipboard]).collect()
}

fn colors() -> Finding {
    let term = variable("TERM");
    let depth = match (variable("NO_COLOR"), term.as_deref(), variable("COLORTERM")) {
        (Some(_), ..) => "none: NO_COLOR is set",
        (None, None | Some("dumb" | "vt100"), _) => "none: the terminal has no colors",
        (None, _, Some(_)) => "16 million",
        (None, Some(term), None) if term.contains("256") => "256",
        (None, Some(_), None) => "16",
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

fn cells_drawn() -> Option<u16> {
    enable_raw_mode().ok()?;
    let mut out = io::stdout();
    let shown = write!(out, "\r{SAMPLE}").and_then(|()| out.flush());
    let drawn = shown.and_then(|()| cursor::position());
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
            format!("{SAMPLE} is {cells} cells wide instead of {expected}"),
            "columns may be misaligned; set a UTF-8 locale before the terminal (and tmux) starts",
        ),
        None => Finding::of("widths", "the terminal did not respond", "columns may be misaligned"),
    }
}

fn folders(store: Option<&Store>) -> Vec<Finding> {
    let Some(store) = store else {
        let advice = "set HOME: settings and tokens cannot be saved without it";
        return vec![Finding::of("folders", "this user has no home folder", advice)];
    };
    let [config, state] = store.folders();
    let credentials = store.credentials();
    let secret = match secure_file::check_folder(&credentials) {
        Ok(()) => Finding::well(
            "saved tokens",
            format!("{}, accessible only to you", credentials.display()),
        ),
        Err(error) => Finding::new(State::Bad(USAGE), "saved tokens", error, "run that command"),
    };
    vec![folder("settings folder", config), folder("state folder", state), secret]
}

/// Others may read settings, but must not write them: settings name programs to run.
fn folder(name: &str, path: &Path) -> Finding {
    let shown = path.display();
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Finding::well(name, format!("{shown}, not created yet"));
        }
        Err(error) => {
            let advice = "check its owner and permissions";
            return Finding::of(name, format!("{shown}: {error}"), advice);
        }
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
        None => Finding::well(name, format!("{shown}, owned by you")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_to_do_stands_below_what_is_not_well() {
        let findings = [
            Finding::well("a", "fine"),
            Finding::new(State::Bad(4), "bcd", "one\n\x1b[2Jtwo", "fix it"),
        ];
        let expected = "ok   a    fine\nBAD  bcd  one\n       \u{FFFD}[2Jtwo\n          → fix it\n";
        assert_eq!(in_words(&findings, None), expected);
        let narrow = in_words(&[Finding::new(State::Odd, "a", "one two three", "")], Some(17));
        assert_eq!(narrow, "odd  a  one two\n        three\n");
        assert_eq!(to_json(&findings)["checks"][1]["state"], "bad");
        assert_eq!(findings.iter().filter_map(Finding::code).max(), Some(4));
    }

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
