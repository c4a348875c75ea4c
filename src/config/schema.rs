//! The settings file. An invalid entry is reported with its place and does not affect others.
//! No line of the file is ever quoted: it may contain a token.

use std::borrow::Cow;
use std::collections::BTreeMap;

use clap::ValueEnum;
use serde::Deserialize;
use strsim::damerau_levenshtein;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::domain::input::line_and_column;
use crate::domain::text::sanitize;
use crate::export::Dialect;
use crate::net::target::token::TOKEN_STARTS;

const LONGEST_NAME: usize = 40;
const SIMILAR: usize = 2;
const MOST_PROBLEMS: usize = 200;

/// The settings outside of tables; all names at the top level; and the names of a profile.
const TOP: [&str; 6] = ["default_profile", "theme", "mouse", "ascii", "load_ahead", "csv"];
const ROOT: [&str; 9] =
    ["default_profile", "theme", "mouse", "ascii", "load_ahead", "csv", "keys", "lists", "profile"];
const PROFILE: [&str; 7] =
    ["base_url", "token_command", "token_command_asks", "payments", "finance", "lists", "writes"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ThemeName {
    /// The sixteen colors of the terminal's own palette
    #[default]
    #[serde(rename = "16")]
    #[value(name = "16")]
    Sixteen,
    /// 256 colors, soft shades for a dark background
    Dark,
    /// 256 colors, dark shades for a light background
    Light,
    /// No colors
    Mono,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Command(pub Vec<String>);

impl TryFrom<Vec<String>> for Command {
    type Error = &'static str;

    fn try_from(argv: Vec<String>) -> Result<Self, Self::Error> {
        let is_named = argv.first().is_some_and(|program| !program.trim().is_empty());
        is_named.then_some(Self(argv)).ok_or("no program")
    }
}

/// The keys of an action, or the server's keys of a field.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Keys {
    One(String),
    Several(Vec<String>),
}

impl Keys {
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::One(key) => vec![key],
            Self::Several(keys) => keys.iter().map(String::as_str).collect(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Endpoint {
    pub base_url: Option<Spanned<String>>,
    pub token_command: Option<Spanned<Command>>,
    /// The names of the writes that the profile allows; not checked here.
    pub writes: Option<Spanned<Vec<Spanned<String>>>>,
}

/// The server's fields, by the key of a list and the name of its field; not checked here.
pub type ListTables = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<Keys>>>;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProfileTable {
    pub base_url: Option<Spanned<String>>,
    pub token_command: Option<Spanned<Command>>,
    /// `true` if the program may prompt; without it, this depends on the program.
    pub token_command_asks: Option<Spanned<bool>>,
    pub payments: Endpoint,
    pub finance: Endpoint,
    pub lists: ListTables,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Values {
    pub default_profile: Option<Spanned<String>>,
    pub theme: Option<ThemeName>,
    pub mouse: Option<bool>,
    pub ascii: Option<bool>,
    /// Load the booking under the cursor before it is opened.
    pub load_ahead: Option<bool>,
    /// How csv files are written.
    pub csv: Option<Dialect>,
    /// The keys of each action, by its id; neither is checked here.
    pub keys: BTreeMap<String, Spanned<Keys>>,
    pub lists: ListTables,
    profile: BTreeMap<String, Spanned<ProfileTable>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The settings cannot be used until it is fixed.
    Error,
    Warning,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{text}", .place.map(|(line, column)| format!("line {line}, column {column}: ")).unwrap_or_default())]
pub struct Problem {
    /// Line and column from 1, where it has a place; the column counts characters.
    pub place: Option<(usize, usize)>,
    pub text: String,
    pub severity: Severity,
}

#[derive(Debug, Default)]
pub struct Document {
    text: String,
    pub values: Values,
    pub problems: Vec<Problem>,
}

struct Removed<'t> {
    above: String,
    name: Spanned<Cow<'t, str>>,
    value: Spanned<DeValue<'t>>,
}

impl Document {
    /// Removes and reports invalid values, then reads the rest again.
    pub fn read(text: &str) -> Self {
        let (mut table, errors) = DeTable::parse_recoverable(text);
        let mut document = Self { text: text.to_owned(), ..Self::default() };
        for error in &errors {
            let at = error.span().map(|span| span.start);
            // The message describes the grammar; the rest of the error would quote the line.
            let why = match at {
                Some(at) if is_bare_text(text, at) => "text needs quotes around it",
                _ => error.message(),
            };
            document.fault(at, Severity::Error, format!("this is not valid TOML: {why}"));
        }
        let misplaced = |table: &DeTable<'_>| {
            let keys = table.get("keys")?.get_ref().as_table()?;
            Some(keys.iter().find(|(id, _)| TOP.contains(&id.get_ref().as_ref()))?.0.span())
        };
        for _ in 0..MOST_PROBLEMS {
            let span = match misplaced(table.get_ref()) {
                Some(span) => Some(span),
                None => match Values::deserialize(Deserializer::from(table.clone())) {
                    Ok(values) => return Self { values, ..document },
                    Err(error) => error.span(),
                },
            };
            let removed =
                span.and_then(|span| Some((span.start, remove(table.get_mut(), span.start, "")?)));
            let Some((at, removed)) = removed else {
                // If the file is not valid TOML, the reason is already reported.
                if !document.is_broken() {
                    let text = "the file cannot be read".to_owned();
                    document.fault(None, Severity::Error, text);
                }
                return document;
            };
            document.report(&removed, at);
        }
        document.fault(
            None,
            Severity::Error,
            "the file has too many problems to be read".to_owned(),
        );
        document
    }

    fn report(&mut self, removed: &Removed<'_>, at: usize) {
        let name = removed.name.get_ref().as_ref();
        let path = join(&removed.above, name);
        let (expected, kind) = (expected(&removed.above, name), kind(removed.value.get_ref()));
        if !removed.name.span().contains(&at) {
            let (line, _) = self.place(removed.value.span().start);
            // Invalid TOML was read as something else, or a name above the table is wrong.
            let is_told = |problem: &Problem| problem.place.is_some_and(|(at, _)| at == line);
            if expected == kind || self.problems.iter().any(is_told) {
                return;
            }
            let text = format!("`{path}` must be {expected}, not {kind}");
            return self.fault(removed.value.span().start, Severity::Error, text);
        }
        let known = if removed.above.is_empty() { &ROOT[..] } else { &PROFILE };
        let text = match similar(known.iter().copied(), name) {
            Some(similar) => format!("`{path}` is not a setting; did you mean `{similar}`?"),
            _ if name.to_lowercase().contains("token") => format!(
                "`{path}`: tokens are not saved in this file; remove it here and run: \
                 valora auth login --profile NAME"
            ),
            _ if TOP.contains(&name) => format!(
                "`{name}` is inside the table [{}], where it has no effect; move it above the first \
                 table of the file",
                removed.above
            ),
            _ => format!("`{path}` is not a setting of valora"),
        };
        self.fault(removed.name.span().start, Severity::Warning, text);
    }

    /// `at` is a byte offset in the file. Problems are sorted by place, those without one first.
    pub fn fault(&mut self, at: impl Into<Option<usize>>, severity: Severity, text: String) {
        let place = at.into().map(|at| self.place(at));
        self.problems.push(Problem { place, text, severity });
        self.problems.sort_by_key(|problem| problem.place);
    }

    /// Line and column of a byte offset in the file, from 1.
    pub fn place(&self, at: usize) -> (usize, usize) {
        line_and_column(&self.text, at)
    }

    pub fn profile(&self, name: &str) -> Option<&ProfileTable> {
        self.values.profile.get(name).map(Spanned::get_ref)
    }

    /// In the order of the file, each with its byte offset.
    pub fn profiles(&self) -> Vec<(usize, &str, &ProfileTable)> {
        let profiles = self.values.profile.iter();
        let mut profiles: Vec<_> = profiles
            .map(|(name, table)| (table.span().start, name.as_str(), table.get_ref()))
            .collect();
        profiles.sort_by_key(|(at, ..)| *at);
        profiles
    }

    pub fn is_broken(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

fn remove<'t>(table: &mut DeTable<'t>, at: usize, above: &str) -> Option<Removed<'t>> {
    for (name, value) in table.iter_mut() {
        if let DeValue::Table(inner) = value.get_mut()
            && let Some(removed) = remove(inner, at, &join(above, name.get_ref()))
        {
            return Some(removed);
        }
    }
    let has_it = |(name, value): &(&Spanned<Cow<'t, str>>, &Spanned<DeValue<'t>>)| {
        name.span().contains(&at) || value.span().contains(&at)
    };
    let name = table.iter().find(has_it)?.0.clone();
    let value = table.remove(&name)?;
    Some(Removed { above: above.to_owned(), name, value })
}

/// Returns `true` if the value in the line at `at` is a bare word that is not a TOML value.
fn is_bare_text(text: &str, at: usize) -> bool {
    let line =
        text.get(..at).and_then(|before| text.get(before.rfind('\n').map_or(0, |it| it + 1)..));
    let value = line.and_then(|line| line.lines().next()).and_then(|line| line.split_once('='));
    let word = value.map_or("", |(_, value)| value.split('#').next().unwrap_or_default().trim());
    word.starts_with(char::is_alphabetic)
        && !["true", "false", "inf", "nan"].contains(&word)
        && !word.contains(['"', '\''])
}

fn expected(above: &str, name: &str) -> &'static str {
    let is_in_list = above.rsplit('.').nth(1) == Some("lists");
    match name {
        _ if above == "keys" || is_in_list => "text in quotes or an array of texts",
        "default_profile" | "base_url" => "text in quotes",
        "mouse" | "ascii" | "load_ahead" | "token_command_asks" => "true or false",
        "csv" => "\"plain\" or \"excel\"",
        "theme" => "\"16\", \"dark\", \"light\" or \"mono\"",
        "token_command" => "a program and its arguments, such as [\"pass\", \"show\", \"valora\"]",
        "writes" => "an array of names, such as [\"block\"]",
        _ => "a table",
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "this text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(array) if array.is_empty() => "an empty array",
        DeValue::Array(_) => "this array",
        DeValue::Table(_) => "a table",
    }
}

/// The name that was probably meant.
pub(super) fn similar<'k>(known: impl Iterator<Item = &'k str>, name: &str) -> Option<&'k str> {
    let (distance, similar) = known.map(|known| (damerau_levenshtein(known, name), known)).min()?;
    (1..=SIMILAR).contains(&distance).then_some(similar)
}

/// Joins names for a message, hiding a secret that was written as a name.
pub(super) fn join(above: &str, name: &str) -> String {
    let is_secret = TOKEN_STARTS.iter().any(|start| name.starts_with(start));
    let name = if is_secret || name.len() > LONGEST_NAME { "…".into() } else { sanitize(name) };
    if above.is_empty() { name.into_owned() } else { format!("{above}.{name}") }
}

#[cfg(test)]
mod tests;
