//! The server's names for fields of a list, from the settings: `[lists.scheduled]`,
//! `due = "scheduled_for"`, for all profiles or for one.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::once;

use toml::Spanned;

use super::schema::{Document, Keys, join, similar};
use crate::list::filter::RangeParams;
use crate::list::shape::Choices;
use crate::list::{ALL, Spec};

const EXAMPLE: &str = "name the server's field, such as \"scheduled_for\" or \"booking.reference\"";

/// A byte offset in the file, and what is wrong there.
pub type Fault = (usize, String);

type FieldTable = BTreeMap<Spanned<String>, Spanned<Keys>>;

/// An entry of a table: its byte offset, the documented name, and the server's keys.
struct Entry {
    at: usize,
    field: &'static str,
    path: Vec<String>,
}

type Entries = BTreeMap<&'static str, Vec<Entry>>;

/// What is wrong in the shared tables and in those of each profile, which may contradict them.
pub fn faults(document: &Document) -> BTreeSet<Fault> {
    let profiles = document.profiles().into_iter().map(|(_, name, _)| Some(name));
    once(None).chain(profiles).flat_map(|profile| choices(document, profile).1).collect()
}

/// The fields that a profile names, which override those that all profiles share.
pub fn choices(document: &Document, profile: Option<&str>) -> (Choices, Vec<Fault>) {
    let (entries, faults) = entries(document, profile);
    let choice = |entry: Entry| (entry.field, entry.path);
    let of_list = |(list, entries): (_, Vec<_>)| (list, entries.into_iter().map(choice).collect());
    (entries.into_iter().map(of_list).collect(), faults)
}

/// Where the fields of [`choices`] are in the file: list, field, byte offset.
pub fn places(
    document: &Document,
    profile: Option<&str>,
) -> impl Iterator<Item = (&'static str, &'static str, usize)> {
    let entries = entries(document, profile).0.into_iter();
    entries.flat_map(|(list, all)| all.into_iter().map(move |entry| (list, entry.field, entry.at)))
}

fn entries(document: &Document, profile: Option<&str>) -> (Entries, Vec<Fault>) {
    let own = profile.and_then(|name| document.profile(name)).map(|profile| &profile.lists);
    let (mut all, mut faults) = (Entries::new(), Vec::new());
    for (list, table) in once(&document.values.lists).chain(own).flatten() {
        let (at, name) = (list.span().start, list.get_ref());
        match ALL.iter().find(|spec| spec.key == name) {
            Some(spec) => add(&mut all, &mut faults, spec, table),
            None => faults.push((at, unknown_list(name))),
        }
    }
    (all, faults)
}

fn add(all: &mut Entries, faults: &mut Vec<Fault>, spec: &Spec, table: &FieldTable) {
    let mut entries = Vec::new();
    for (name, keys) in table {
        match entry(spec, name, keys) {
            Ok(entry) => entries.push(entry),
            Err(fault) => faults.push(fault),
        }
    }
    entries.sort_by_key(|entry| entry.at);
    let chosen = all.entry(spec.key).or_default();
    chosen.retain(|before| !entries.iter().any(|entry| entry.field == before.field));
    for entry in entries {
        let Entry { at, field, path } = &entry;
        match chosen.iter().find(|other| other.field == *field || other.path == *path) {
            Some(other) if other.field == *field => {
                faults.push((*at, format!("lists.{}: `{field}` is set twice", spec.key)));
            }
            Some(Entry { field: other, .. }) => {
                let key = spec.key;
                let text = format!(
                    "lists.{key}: `{other}` and `{field}` name the same field of the server"
                );
                faults.push((*at, text));
            }
            None => chosen.push(entry),
        }
    }
}

fn entry(spec: &Spec, name: &Spanned<String>, keys: &Spanned<Keys>) -> Result<Entry, Fault> {
    let field = spec.column(name.get_ref()).filter(|field| spec.field(field).is_some());
    let field = field.ok_or_else(|| (name.span().start, unknown_field(spec, name.get_ref())))?;
    let path: Vec<String> = match keys.get_ref() {
        Keys::One(dotted) => dotted.split('.').map(str::to_owned).collect(),
        Keys::Several(keys) => keys.clone(),
    };
    let at = keys.span().start;
    if path.is_empty() || path.iter().any(|key| key.trim().is_empty()) {
        let what = if path.len() > 1 { "an empty part in its name" } else { "an empty name" };
        return Err((at, format!("lists.{}: `{field}` has {what}; {EXAMPLE}", spec.key)));
    }
    Ok(Entry { at, field, path })
}

fn unknown_list(name: &str) -> String {
    let keys = || ALL.iter().map(|spec| spec.key);
    let hint = match similar(keys(), name) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => format!("the lists are {}", keys().collect::<Vec<_>>().join(", ")),
    };
    format!("`{}` is not a list; {hint}", join("lists", name))
}

fn unknown_field(spec: &Spec, name: &str) -> String {
    let ranges = RangeParams::all(spec.filters).map(|range| range.name);
    let mut known: Vec<&str> = spec.fields.iter().map(|field| field.name).collect();
    known.extend(ranges.filter(|range| spec.field(range).is_none()));
    let meant = similar(known.iter().copied(), name);
    let hint = meant.map_or("the".into(), |meant| format!("did you mean `{meant}`? The"));
    let path = join(&format!("lists.{}", spec.key), name);
    format!("`{path}` is not a field; {hint} fields are {}", known.join(", "))
}

#[cfg(test)]
mod tests;
