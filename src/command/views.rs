//! Saved views: lists with filters, order and columns, under a name. They are kept as TOML that
//! people read and edit, so that a mistake in one view costs none of the others:
//!
//! ```toml
//! [[view]]
//! name = "late"
//! line = "penalties status=notify due=..-90d sort=-amount columns=+days"
//! ```

mod edit;
mod source;

use std::ops::Range;
use std::sync::LazyLock;

use source::Source;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::command::{Command, Context, ListCommand, parse};
use crate::domain::input::InputError;
use crate::domain::text::sanitise;

pub use edit::{put, remove};
pub use source::ViewFault;

/// Characters of the name of a view, so that it fits a menu.
const LONGEST_NAME: usize = 40;

const BUILT_IN: &[(&str, &str)] = &[
    ("overdue debt", "debt status=overdue sort=-days columns=+days"),
    ("penalties to notify", "penalties status=pending sort=due_date"),
    ("payouts blocked", "scheduled status=blocked sort=due_date columns=+days"),
    (
        "payouts without an IBAN",
        "scheduled status=blocked_missing_iban sort=due_date columns=+days",
    ),
    (
        "payouts without details",
        "scheduled status=blocked_missing_details sort=due_date columns=+days",
    ),
    (
        "payouts kept for debt",
        "scheduled status=blocked_account_debtor sort=due_date columns=+days",
    ),
    ("this month's payouts", "transactions paid=this-month sort=-issued_on"),
    ("credit notes", "invoices doc_type=\"Credit Note\" sort=-issue_date"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub name: String,
    /// The list, its filters, its order, its columns. What is relative to today stays so.
    pub line: ListCommand,
}

/// What a file of views holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Views {
    /// The views that can be opened, in the order of the file.
    pub views: Vec<View>,
    /// What cannot be read, and where.
    pub faults: Vec<ViewFault>,
}

/// The views that everyone has, in the order of the menu.
pub fn built_in() -> &'static [View] {
    static VIEWS: LazyLock<Vec<View>> = LazyLock::new(|| {
        BUILT_IN.iter().filter_map(|(name, line)| View::new(name, line).ok()).collect()
    });
    &VIEWS
}

impl View {
    fn new(name: &str, line: &str) -> Result<Self, InputError> {
        match parse(line, &Context::default())? {
            Command::List(line) => Ok(Self { name: name.to_owned(), line }),
            _ => {
                let why = "a view is a list, not a command";
                Err(InputError::new(0..line.chars().count(), why))
            }
        }
    }
}

/// # Errors
/// [`InputError`] for a name that is empty, too long, or not shown as it is written.
pub fn check_view_name(name: &str) -> Result<(), InputError> {
    let length = name.chars().count();
    let (start, why) = if name.trim().is_empty() {
        (0, "a name is missing")
    } else if length > LONGEST_NAME {
        (LONGEST_NAME, "a name has at most 40 characters")
    } else if name.trim() != name {
        (0, "a name neither begins nor ends with a space")
    } else if sanitise(name) != name {
        (0, "a name has no control or invisible characters")
    } else {
        return Ok(());
    };
    Err(InputError::new(start..length, why))
}

/// Reads a file of views. Whatever is in it, what can be read is read, and the rest is told.
pub fn read(text: &str) -> Views {
    let source = Source::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut read = Views::default();
    let mut broken = Vec::new();
    for error in errors {
        let span = error.span().unwrap_or(0..text.len());
        read.faults.push(source.fault(span.start, None, error.message()));
        broken.push(span);
    }
    let entries = source::entries(&document);
    for (key, value) in document.get_ref() {
        let is_views = key.get_ref() == "view";
        if !is_views {
            let why = "an unknown key; views are written as [[view]]";
            read.faults.push(source.fault(key.span().start, None, why));
        } else if value.get_ref().as_array().is_none() {
            let why = "views are written as [[view]], with two brackets";
            read.faults.push(source.fault(value.span().start, None, why));
        }
    }
    for (index, entry) in entries.iter().enumerate() {
        let end = entries.get(index + 1).map_or(text.len(), |next| next.span().start);
        // A syntax error may have cut a line short, and a filter that is missing shows too much.
        let is_broken = |span: &Range<usize>| span.start < end && span.end >= entry.span().start;
        if !broken.iter().any(is_broken) {
            read_view(entry, &source, &mut read);
        }
    }
    read.faults.sort_by_key(|fault| (fault.line, fault.column));
    read
}

fn read_view(entry: &Spanned<DeValue<'_>>, source: &Source<'_>, read: &mut Views) {
    let at = entry.span().start;
    let Some(table) = entry.get_ref().as_table() else {
        read.faults.push(source.fault(at, None, "not a view: name and line are missing"));
        return;
    };
    let text = |wanted: &str| {
        let value = table.iter().find(|(key, _)| key.get_ref() == wanted).map(|(_, value)| value);
        match value.map(|value| (value, value.get_ref().as_str())) {
            Some((value, Some(text))) => Ok((value.span(), text)),
            Some((value, None)) => Err((value.span().start, format!("{wanted} must be a text"))),
            None => Err((at, format!("{wanted} is missing"))),
        }
    };
    let name = text("name");
    let shown = name.as_ref().ok().map(|(_, name)| *name);
    for (key, _) in table {
        if !matches!(&**key.get_ref(), "name" | "line") {
            let why = "an unknown key; a view has a name and a line";
            read.faults.push(source.fault(key.span().start, shown, why));
        }
    }
    match (name, text("line")) {
        (Ok(name), Ok(line)) => {
            let view = named(&name, &read.views, source).and_then(|()| {
                let at = |error: &InputError| source.inside(&line.0, line.1, error.span.start);
                View::new(name.1, line.1)
                    .map_err(|error| source.fault(at(&error), shown, &error.why))
            });
            match view {
                Ok(view) => read.views.push(view),
                Err(fault) => read.faults.push(fault),
            }
        }
        (name, line) => {
            for (at, why) in [name.err(), line.err()].into_iter().flatten() {
                read.faults.push(source.fault(at, shown, &why));
            }
        }
    }
}

/// Checks the name of a view against the rules and the views before it.
fn named(
    (span, name): &(Range<usize>, &str),
    views: &[View],
    source: &Source<'_>,
) -> Result<(), ViewFault> {
    if let Err(fault) = check_view_name(name) {
        return Err(source.fault(source.inside(span, name, fault.span.start), None, &fault.why));
    }
    if views.iter().any(|view| view.name == *name) {
        return Err(source.fault(span.start, Some(name), "another view above has this name"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
