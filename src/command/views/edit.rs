//! Changing a file of views without touching the rest of it: comments, order, and views that cannot
//! be read stay as they are.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_writer::{ToTomlValue, TomlStringBuilder};

use crate::command::views::source::{Source, entries};
use crate::command::views::{View, ViewFault, read};

/// A value of the file, with its place.
type Entry<'i> = Spanned<DeValue<'i>>;

/// A view as it is written in a file.
pub(super) fn entry(view: &View) -> String {
    format!("[[view]]\nname = {}\nline = {}\n", quoted(&view.name), quoted(&view.line.to_string()))
}

fn quoted(text: &str) -> String {
    TomlStringBuilder::new(text).as_default().to_toml_value()
}

/// The file with this view in it: in the place of the one that has its name, or at the end.
///
/// # Errors
/// [`ViewFault`] where the file is so broken that the change would lose something; nothing is lost.
pub fn put(file: &str, view: &View) -> Result<String, ViewFault> {
    let (document, _) = DeTable::parse_recoverable(file);
    let edited = match named(&document, &view.name).and_then(|entry| value(entry, "line")) {
        Some(line) => replaced(file, line.span(), &quoted(&view.line.to_string())),
        None => appended(file, &entry(view)),
    };
    let mut expected = read(file).views;
    match expected.iter_mut().find(|known| known.name == view.name) {
        Some(known) => *known = view.clone(),
        None => expected.push(view.clone()),
    }
    checked(file, edited, &expected)
}

/// The file without the view of this name, and without the comments inside of it.
///
/// # Errors
/// [`ViewFault`] where the file is so broken that the change would lose something; nothing is lost.
pub fn remove(file: &str, name: &str) -> Result<String, ViewFault> {
    let (document, _) = DeTable::parse_recoverable(file);
    let Some(entry) = named(&document, name) else { return Ok(file.to_owned()) };
    let values = entry.get_ref().as_table().into_iter().flatten();
    let last = values.map(|(_, value)| value.span().end).max().unwrap_or(entry.span().end);
    let rest = file.get(last..).unwrap_or_default();
    let end = rest.find('\n').map_or(file.len(), |newline| last + newline + 1);
    // The gap behind the view goes with it.
    let gap =
        file.get(end..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\n', '\r']).len());
    let edited = replaced(file, entry.span().start..end + gap, "");
    let mut expected = read(file).views;
    expected.retain(|view| view.name != name);
    checked(file, edited, &expected)
}

/// The value of a key of a view.
fn value<'a, 'i>(entry: &'a Entry<'i>, wanted: &str) -> Option<&'a Entry<'i>> {
    let mut pairs = entry.get_ref().as_table()?.iter();
    pairs.find(|(key, _)| key.get_ref() == wanted).map(|(_, value)| value)
}

fn named<'a, 'i>(document: &'a Spanned<DeTable<'i>>, name: &str) -> Option<&'a Entry<'i>> {
    let is_named = |entry: &&Entry<'_>| {
        value(entry, "name").and_then(|value| value.get_ref().as_str()) == Some(name)
    };
    entries(document).into_iter().find(is_named)
}

fn replaced(file: &str, range: Range<usize>, with: &str) -> String {
    let before = file.get(..range.start).unwrap_or_default();
    let after = file.get(range.end..).unwrap_or_default();
    format!("{before}{with}{after}")
}

fn appended(file: &str, entry: &str) -> String {
    let gap = match file {
        "" => "",
        _ if file.ends_with("\n\n") => "",
        _ if file.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{file}{gap}{entry}")
}

/// Gives the edited file if it holds exactly the views that it should, and otherwise what is wrong
/// with the file as it was.
fn checked(file: &str, edited: String, expected: &[View]) -> Result<String, ViewFault> {
    let views = read(&edited).views;
    if views.len() == expected.len() && expected.iter().all(|view| views.contains(view)) {
        return Ok(edited);
    }
    let first = read(file).faults.into_iter().next();
    Err(first.unwrap_or_else(|| Source::new(file).fault(0, None, "views are written as [[view]]")))
}
