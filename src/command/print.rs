//! Printing a line so that reading it gives the same again.

use std::borrow::Cow;
use std::fmt;

use crate::command::{Line, ListLine};
use crate::list::sort::Sort;
use crate::payments::subject::{Feed, Subject};

/// The line in one piece of text.
pub fn print(line: &Line) -> String {
    let with = |command: &str, argument: &str| match argument {
        "" => command.to_owned(),
        argument => format!("{command} {argument}"),
    };
    match line {
        Line::List(line) => line.to_string(),
        Line::Booking(reference) => with("booking", &quoted(reference)),
        Line::Sort(by) => with("sort", &by.map(sort).unwrap_or_default()),
        Line::Columns(columns) => with("columns", &columns.printed().join(" ")),
        Line::View(name) => with("view", &quoted(name)),
        Line::Save(name) => with("save", &quoted(name)),
        Line::Show(wanted) => show(wanted),
        Line::CopyView => "copy-view".to_owned(),
        Line::LoadAll => "load all".to_owned(),
        Line::Auto(every) => with("auto", &every.map(|it| it.to_string()).unwrap_or_default()),
        Line::AsOf(day) => with("asof", day),
        Line::Group(by) => with("group", by),
        Line::Worklist(form) => with("worklist", form),
        Line::Changes => "changes".to_owned(),
        Line::Theme(name) => with("theme", name),
        Line::Chart => "chart".to_owned(),
        Line::Mouse => "mouse".to_owned(),
        Line::Quit => "quit".to_owned(),
        Line::Help => "help".to_owned(),
    }
}

fn show(wanted: &Subject) -> String {
    match wanted {
        Subject::Payment(id) => format!("payment {}", quoted(id)),
        Subject::Events(feed) => events(feed),
        Subject::Account => "account".to_owned(),
        Subject::Stripe(landlord) => format!("stripe {}", quoted(landlord)),
        Subject::BankOf(landlord, None) => format!("bank landlord {}", quoted(landlord)),
        Subject::BankOf(landlord, Some(property)) => {
            format!("bank landlord {} property {}", quoted(landlord), quoted(property))
        }
        Subject::Bank(id) => format!("bank id {}", quoted(id)),
        Subject::Tin(tin) => {
            let number = quoted(tin.number.expose_raw());
            format!("tin {number} {} {}", tin.country, quoted(&tin.business))
        }
    }
}

fn events(feed: &Feed) -> String {
    let mut line = format!("events {} {}", feed.from, feed.to);
    let family = feed.family.map(|family| family.word().to_owned());
    let settings = [("family", &family), ("stream", &feed.stream), ("text", &feed.text)];
    for (name, value) in settings {
        if let Some(value) = value {
            line = format!("{line} {name}={}", quoted(value));
        }
    }
    line
}

impl fmt::Display for ListLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spec.key)?;
        for setting in &self.settings {
            write!(f, " {}={}", setting.target().name(), quoted(setting.typed()))?;
        }
        if let Some(by) = self.sort {
            write!(f, " sort={}", sort(by))?;
        }
        if !self.columns.are_usual() {
            write!(f, " columns={}", self.columns.printed().join(","))?;
        }
        Ok(())
    }
}

fn sort(by: Sort) -> String {
    format!("{}{}", if by.descending { "-" } else { "" }, by.column)
}

/// A text as one word: in quotes where it could be read as something else.
pub(super) fn quoted(text: &str) -> Cow<'_, str> {
    let is_odd = |c: char| c.is_whitespace() || matches!(c, '"' | '\\');
    if !text.is_empty() && !text.contains(is_odd) {
        return Cow::Borrowed(text);
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

fn is_quoted(value: &str) -> bool {
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| !inner.contains(['"', '\\']))
}

/// The line that the arguments of a shell make up: the shell has taken the quotes away.
pub fn from_arguments<'a>(arguments: impl IntoIterator<Item = &'a str>) -> String {
    let word = |argument: &'a str| match argument.split_once('=') {
        // As `:copy-view` prints it: its quotes are the line's own.
        Some((name, value)) if is_quoted(value) && quoted(name) == name => {
            format!("{name}={value}")
        }
        Some((name, value)) if quoted(name) == name => format!("{name}={}", quoted(value)),
        _ => quoted(argument).into_owned(),
    };
    arguments.into_iter().map(word).collect::<Vec<_>>().join(" ")
}
