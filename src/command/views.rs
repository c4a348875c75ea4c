//! Saved views: lists with filters, sort and columns, as `[[view]]` tables that users can edit.

use std::ops::Range;
use std::sync::LazyLock;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_edit::{ArrayOfTables, DocumentMut, Item, RawString, Table, Value};

use crate::command::{Command, Context, ListCommand, parse};
use crate::domain::input::{InputError, line_and_column};
use crate::domain::text::sanitize;

const LONGEST_NAME: usize = 40;

const BUILT_IN: &[(&str, &str)] = &[
    ("overdue debt", "debt status=overdue sort=-days columns=+days"),
    ("pending penalties", "penalties status=pending sort=due_date"),
    ("held up: blocked", "scheduled status=blocked* sort=due_date columns=+days"),
    (
        "held up: needs IBAN",
        "scheduled status=missing_iban,blocked_missing_iban sort=due_date columns=+days",
    ),
    (
        "held up: needs account details",
        "scheduled status=missing_details,blocked_missing_details sort=due_date columns=+days",
    ),
    (
        "held up: blocked by debt",
        "scheduled status=has_debt,blocked_account_debtor sort=due_date columns=+days",
    ),
    ("this month's payouts", "transactions paid=this-month sort=-issued_on"),
    ("credit notes", "invoices doc_type=\"Credit Note\" sort=-issue_date"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub name: String,
    /// Relative days stay relative.
    pub line: ListCommand,
}

/// An error in the file of views. It does not quote the file, except for the view's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {}{why}", .view.as_ref().map(|view| format!("{view}: ")).unwrap_or_default())]
pub struct ViewFault {
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    pub view: Option<String>,
    pub why: String,
}

impl ViewFault {
    fn new(file: &str, at: usize, view: Option<&str>, why: impl Into<String>) -> Self {
        let (line, column) = line_and_column(file, at);
        let view = view.map(|view| sanitize(view).into_owned());
        Self { line, column, view, why: why.into() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Views {
    pub views: Vec<View>,
    pub faults: Vec<ViewFault>,
}

pub fn built_in() -> &'static [View] {
    static VIEWS: LazyLock<Vec<View>> = LazyLock::new(|| {
        BUILT_IN.iter().filter_map(|(name, line)| View::new(name, line).ok()).collect()
    });
    &VIEWS
}

impl View {
    fn new(name: &str, line: &str) -> Result<Self, InputError> {
        let Command::List(line) = parse(line, &Context::default())? else {
            let why = "a view is a list, not a command";
            return Err(InputError::new(0..line.chars().count(), why));
        };
        Ok(Self { name: name.to_owned(), line })
    }
}

pub fn check_view_name(name: &str) -> Result<(), InputError> {
    let length = name.chars().count();
    let (start, why) = if name.trim().is_empty() {
        (0, "a name is missing")
    } else if length > LONGEST_NAME {
        (LONGEST_NAME, "a name has at most 40 characters")
    } else if name.trim() != name {
        (0, "a name cannot begin or end with a space")
    } else if sanitize(name) != name {
        (0, "a name cannot contain control or invisible characters")
    } else {
        return Ok(());
    };
    Err(InputError::new(start..length, why))
}

/// Reads the views that can be read; the others are reported as faults.
pub fn read(file: &str) -> Views {
    let (document, errors) = DeTable::parse_recoverable(file);
    let mut read = Views::default();
    let mut entries = Vec::new();
    for (key, value) in document.get_ref() {
        let (at, why) = match (key.get_ref() == "view", value.get_ref().as_array()) {
            (true, Some(views)) => {
                entries.extend(views);
                continue;
            }
            (true, None) => (value.span(), "views are written as [[view]], with two brackets"),
            (false, _) => (key.span(), "an unknown key; views are written as [[view]]"),
        };
        read.faults.push(ViewFault::new(file, at.start, None, why));
    }
    let broken = errors.iter().map(|error| error.span().unwrap_or(0..file.len()));
    let broken: Vec<Range<usize>> = broken.collect();
    for (error, span) in errors.iter().zip(&broken) {
        read.faults.push(ViewFault::new(file, span.start, None, error.message()));
    }
    for (index, entry) in entries.iter().enumerate() {
        let end = entries.get(index + 1).map_or(file.len(), |next| next.span().start);
        // A syntax error may have cut a line short, and without a filter it would show too many rows.
        let is_broken = |span: &Range<usize>| span.start < end && span.end >= entry.span().start;
        if !broken.iter().any(is_broken) {
            read_view(entry, file, &mut read);
        }
    }
    read.faults.sort_by_key(|fault| (fault.line, fault.column));
    read
}

fn read_view(entry: &Spanned<DeValue<'_>>, file: &str, read: &mut Views) {
    let fault = |at, view, why: &str| ViewFault::new(file, at, view, why);
    let at = entry.span().start;
    let Some(table) = entry.get_ref().as_table() else {
        read.faults.push(fault(at, None, "not a view: name and line are missing"));
        return;
    };
    let text = |key: &str| match table.get(key).map(|value| (value, value.get_ref().as_str())) {
        Some((value, Some(text))) => Ok((value.span(), text)),
        Some((value, None)) => Err((value.span().start, format!("{key} must be text in quotes"))),
        None => Err((at, format!("{key} is missing"))),
    };
    let (name, line) = (text("name"), text("line"));
    let shown = name.as_ref().ok().map(|(_, name)| *name);
    for (key, _) in table {
        if !matches!(&**key.get_ref(), "name" | "line") {
            let why = "an unknown key; a view has a name and a line";
            read.faults.push(fault(key.span().start, shown, why));
        }
    }
    let (name, line) = match (name, line) {
        (Ok(name), Ok(line)) => (name, line),
        (name, line) => {
            let missing = [name.err(), line.err()].into_iter().flatten();
            read.faults.extend(missing.map(|(at, why)| fault(at, shown, &why)));
            return;
        }
    };
    let inside = |view, (span, text): &(Range<usize>, &str), error: &InputError| {
        fault(place_in(file, span, text, error.span.start), view, &error.why)
    };
    let view = if let Err(error) = check_view_name(name.1) {
        Err(inside(None, &name, &error))
    } else if read.views.iter().any(|view| view.name == name.1) {
        Err(fault(name.0.start, shown, "another view above has this name"))
    } else {
        View::new(name.1, line.1).map_err(|error| inside(shown, &line, &error))
    };
    match view {
        Ok(view) => read.views.push(view),
        Err(fault) => read.faults.push(fault),
    }
}

/// The byte offset of a character of a TOML string; the start of the string if it has escapes.
fn place_in(file: &str, span: &Range<usize>, text: &str, character: usize) -> usize {
    let written = file.get(span.clone()).unwrap_or_default();
    let is_plain = written.get(1..written.len().saturating_sub(1)) == Some(text);
    let before = text.char_indices().nth(character).map_or(text.len(), |(at, _)| at);
    if is_plain { span.start + 1 + before } else { span.start }
}

/// The file with this view added, or replaced if it has the name. Fails if it is not valid TOML.
pub fn put(file: &str, view: &View) -> Result<String, ViewFault> {
    let mut document = editable(file)?;
    let line = view.line.to_string();
    let mut comments = text(Some(document.trailing()));
    let tables = tables(&mut document, file)?;
    if let Some(table) = place(tables, &view.name).and_then(|at| tables.get_mut(at)) {
        set(table, "line", line);
        return Ok(document.to_string());
    }
    let mut table = Table::new();
    set(&mut table, "name", view.name.clone());
    set(&mut table, "line", line);
    if !file.is_empty() {
        comments.push('\n');
    }
    table.decor_mut().set_prefix(comments);
    tables.push(table);
    document.set_trailing("");
    Ok(document.to_string())
}

/// The file without the view of this name and the comments inside it. Fails as [`put`] does.
pub fn remove(file: &str, name: &str) -> Result<String, ViewFault> {
    let mut document = editable(file)?;
    let tables = tables(&mut document, file)?;
    while let Some(at) = place(tables, name) {
        // Comments above a view may be about all views.
        let above = text(tables.get(at).and_then(|table| table.decor().prefix()));
        tables.remove(at);
        if let Some(next) = tables.get_mut(at) {
            let below = text(next.decor().prefix());
            next.decor_mut()
                .set_prefix(format!("{above}{}", below.trim_start_matches(['\n', '\r'])));
        }
    }
    Ok(document.to_string())
}

fn editable(file: &str) -> Result<DocumentMut, ViewFault> {
    file.parse().map_err(|error: toml_edit::TomlError| {
        let at = error.span().map_or(file.len(), |span| span.start);
        ViewFault::new(file, at, None, error.message())
    })
}

fn tables<'a>(
    document: &'a mut DocumentMut,
    file: &str,
) -> Result<&'a mut ArrayOfTables, ViewFault> {
    let views = document.entry("view").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let wrong = || ViewFault::new(file, 0, None, "views are written as [[view]]");
    views.as_array_of_tables_mut().ok_or_else(wrong)
}

fn place(tables: &ArrayOfTables, name: &str) -> Option<usize> {
    tables.iter().position(|table| table.get("name").and_then(Item::as_str) == Some(name))
}

fn set(table: &mut Table, key: &str, text: String) {
    let mut value = Value::from(text);
    if let Some(before) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = before.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

fn text(raw: Option<&RawString>) -> String {
    raw.and_then(RawString::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
