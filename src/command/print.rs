//! Printing a line so that reading it gives the same again.

use std::borrow::Cow;
use std::fmt;

use crate::command::{Command, ListCommand};
use crate::filter::TypedDay;
use crate::list::sort::Sort;
use crate::payments::subject::Subject;

pub fn print(command: &Command) -> String {
    let argument: Cow<'_, str> = match command {
        Command::List(list) => return list.to_string(),
        Command::Show(wanted) => return show(wanted),
        Command::Booking(text) | Command::View(text) | Command::Save(text) => quoted(text),
        Command::Sort(by) => by.map(sort).unwrap_or_default().into(),
        Command::Columns(columns) => columns.printed().join(" ").into(),
        Command::LoadAll => "all".into(),
        Command::Auto(every) => every.map(|it| it.to_string()).unwrap_or_default().into(),
        Command::AsOf(day) => day.as_ref().map_or("", TypedDay::typed).into(),
        Command::Group(word) | Command::Worklist(word) | Command::Theme(word) => (*word).into(),
        Command::CopyView
        | Command::Changes
        | Command::Chart
        | Command::Mouse
        | Command::Quit
        | Command::Help => "".into(),
    };
    let name: &str = command.into();
    format!("{name} {argument}").trim_end().to_owned()
}

fn show(wanted: &Subject) -> String {
    match wanted {
        Subject::Payment(id) => format!("payment {}", quoted(id)),
        Subject::Events(feed) => {
            let mut line = format!("events {} {}", feed.from, feed.to);
            let family = feed.family.map(|family| family.word().to_owned());
            let pairs = [("family", &family), ("stream", &feed.stream), ("text", &feed.text)];
            for (name, value) in pairs {
                if let Some(value) = value {
                    line = format!("{line} {name}={}", quoted(value));
                }
            }
            line
        }
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

impl fmt::Display for ListCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spec.key)?;
        for filter in &self.filters {
            write!(f, " {}={}", filter.target().name(), quoted(filter.typed()))?;
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
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    Cow::Owned(format!("\"{escaped}\""))
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
