//! What the file of settings may hold. Each value is read by itself, so that a wrong one costs no other
//! and is reported with its line and column. No line of the file is ever quoted: it may hold a token.

use std::fmt;

use serde::Deserialize;
use strsim::damerau_levenshtein;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::domain::text::sanitise;

/// Bytes of a name in the file that are quoted.
const LONGEST_NAME: usize = 40;
/// The greatest distance of a name from the one that was probably meant.
const SIMILAR: usize = 2;

const TEXT: &str = "a text in quotes";
const SWITCH: &str = "true or false";
const THEME: &str = "\"16\", \"dark\", \"light\" or \"mono\"";
const COMMAND: &str = "a program and its arguments, such as [\"pass\", \"show\", \"valora\"]";
const KEYS: &str = "a text in quotes or an array of texts";
/// The settings that belong to no table.
const TOP: [&str; 4] = ["default_profile", "theme", "mouse", "ascii"];

/// The themes by their names on the command line and in the settings.
pub const THEMES: [(&str, ThemeName); 4] = [
    ("16", ThemeName::Sixteen),
    ("dark", ThemeName::Dark),
    ("light", ThemeName::Light),
    ("mono", ThemeName::Mono),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeName {
    /// The sixteen colors of the terminal's own palette.
    #[default]
    #[serde(rename = "16")]
    Sixteen,
    /// Soft colors of 256 on a dark background.
    Dark,
    /// Deep colors of 256 on a light background.
    Light,
    Mono,
}

impl ThemeName {
    pub fn named(name: &str) -> Option<Self> {
        THEMES.iter().find(|(known, _)| *known == name).map(|(_, theme)| *theme)
    }

    pub fn name(self) -> &'static str {
        THEMES.iter().find(|(_, theme)| *theme == self).map_or("16", |(name, _)| name)
    }
}

/// A program and its arguments; the program has a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Command(pub Vec<String>);

impl TryFrom<Vec<String>> for Command {
    type Error = &'static str;

    fn try_from(argv: Vec<String>) -> Result<Self, Self::Error> {
        let is_named = argv.first().is_some_and(|program| !program.trim().is_empty());
        is_named.then_some(Self(argv)).ok_or(COMMAND)
    }
}

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

/// A server and the program that prints the token for it.
#[derive(Debug, Default)]
pub struct Endpoint {
    pub base_url: Option<Spanned<String>>,
    pub token_command: Option<Spanned<Command>>,
}

#[derive(Debug)]
pub struct ProfileTable {
    pub name: String,
    /// The byte at which the table begins.
    pub at: usize,
    pub own: Endpoint,
    pub payments: Endpoint,
    pub finance: Endpoint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Nothing can be relied on until it is fixed.
    Fatal,
    /// A setting has no effect.
    Idle,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    pub text: String,
    pub weight: Weight,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.text)
    }
}

/// What the file holds, in its order, and what is wrong in it.
#[derive(Debug, Default)]
pub struct Document {
    text: String,
    pub default_profile: Option<Spanned<String>>,
    pub theme: Option<Spanned<ThemeName>>,
    pub mouse: Option<Spanned<bool>>,
    pub ascii: Option<Spanned<bool>>,
    /// The keys of each action, by its id; neither is checked here.
    pub keys: Vec<(String, Spanned<Keys>)>,
    pub profiles: Vec<ProfileTable>,
    pub problems: Vec<Problem>,
}

/// A table of the file. Settings are taken out of it by name; what is left is unknown.
struct Section<'t> {
    path: String,
    entries: DeTable<'t>,
    known: Vec<&'static str>,
}

impl<'t> Section<'t> {
    fn take(&mut self, name: &'static str) -> Option<Spanned<DeValue<'t>>> {
        self.known.push(name);
        self.entries.remove(name)
    }

    /// Takes all that is left, in the order of the file.
    fn take_rest(&mut self) -> Vec<(usize, String, Spanned<DeValue<'t>>)> {
        let rest = std::mem::take(&mut self.entries).into_iter();
        let rest = rest.map(|(name, value)| (name.span().start, name.get_ref().to_string(), value));
        let mut rest: Vec<_> = rest.collect();
        rest.sort_by_key(|(at, ..)| *at);
        rest
    }
}

impl Document {
    /// Reads the text of the file as far as it can be read.
    pub fn read(text: &str) -> Self {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut document = Self { text: text.to_owned(), ..Self::default() };
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            // The message describes the grammar; the rest of the error would quote the line.
            document.fault(at, Weight::Fatal, format!("this is not TOML: {}", error.message()));
        }
        let root = Spanned::new(table.span(), DeValue::Table(table.into_inner()));
        document.table(String::new(), root, Self::root);
        document
    }

    fn root(&mut self, root: &mut Section<'_>) {
        self.default_profile = self.setting(root, "default_profile", TEXT);
        self.theme = self.setting(root, "theme", THEME);
        self.mouse = self.setting(root, "mouse", SWITCH);
        self.ascii = self.setting(root, "ascii", SWITCH);
        self.section(root, "keys", Self::keys);
        self.section(root, "profile", |document, profiles| {
            for (_, name, value) in profiles.take_rest() {
                let (at, path) = (value.span().start, join(&profiles.path, &name));
                let read = document.table(path, value, |document, table| ProfileTable {
                    name,
                    at,
                    own: document.endpoint(table),
                    payments: document
                        .section(table, "payments", Self::endpoint)
                        .unwrap_or_default(),
                    finance: document.section(table, "finance", Self::endpoint).unwrap_or_default(),
                });
                document.profiles.extend(read);
            }
        });
    }

    fn keys(&mut self, keys: &mut Section<'_>) {
        for (at, id, value) in keys.take_rest() {
            if TOP.contains(&id.as_str()) {
                self.unknown(keys, at, &id);
            } else if let Some(value) = self.value(&join(&keys.path, &id), value, KEYS) {
                self.keys.push((id, value));
            }
        }
    }

    fn endpoint(&mut self, table: &mut Section<'_>) -> Endpoint {
        Endpoint {
            base_url: self.setting(table, "base_url", TEXT),
            token_command: self.setting(table, "token_command", COMMAND),
        }
    }

    fn section<'t, T>(
        &mut self,
        above: &mut Section<'t>,
        name: &'static str,
        read: impl FnOnce(&mut Self, &mut Section<'t>) -> T,
    ) -> Option<T> {
        let value = above.take(name)?;
        self.table(join(&above.path, name), value, read)
    }

    fn table<'t, T>(
        &mut self,
        path: String,
        value: Spanned<DeValue<'t>>,
        read: impl FnOnce(&mut Self, &mut Section<'t>) -> T,
    ) -> Option<T> {
        let at = value.span().start;
        let entries = match value.into_inner() {
            DeValue::Table(entries) => entries,
            other => {
                self.mistyped(at, &path, "a table", kind(&other));
                return None;
            }
        };
        let mut section = Section { path, entries, known: Vec::new() };
        let read = read(self, &mut section);
        for (at, name, _) in section.take_rest() {
            self.unknown(&section, at, &name);
        }
        Some(read)
    }

    fn setting<'t, T: Deserialize<'t>>(
        &mut self,
        table: &mut Section<'t>,
        name: &'static str,
        expected: &str,
    ) -> Option<Spanned<T>> {
        let value = table.take(name)?;
        self.value(&join(&table.path, name), value, expected)
    }

    fn value<'t, T: Deserialize<'t>>(
        &mut self,
        path: &str,
        value: Spanned<DeValue<'t>>,
        expected: &str,
    ) -> Option<Spanned<T>> {
        let (span, kind) = (value.span(), kind(value.get_ref()));
        // The error would quote the value.
        let read = T::deserialize(ValueDeserializer::from(value)).ok();
        if read.is_none() {
            self.mistyped(span.start, path, expected, kind);
        }
        read.map(|read| Spanned::new(span, read))
    }

    fn mistyped(&mut self, at: usize, path: &str, expected: &str, kind: &str) {
        self.fault(at, Weight::Fatal, format!("`{path}` must be {expected}, not {kind}"));
    }

    fn unknown(&mut self, table: &Section<'_>, at: usize, name: &str) {
        let path = join(&table.path, name);
        let distances = table.known.iter().map(|known| (damerau_levenshtein(known, name), known));
        let similar = distances.min().filter(|(distance, _)| *distance <= SIMILAR);
        let text = if name.to_lowercase().contains("token") {
            format!(
                "`{path}`: a token is not kept in this file; remove it here and run: \
                 valora auth login --profile NAME"
            )
        } else if TOP.contains(&name) {
            format!(
                "`{name}` is inside the table [{}], where it has no effect; move it above the first \
                 table of the file",
                table.path
            )
        } else if let Some((_, similar)) = similar {
            format!("`{path}` is not a setting; did you mean `{similar}`?")
        } else {
            format!("`{path}` is not a setting that valora knows")
        };
        self.fault(at, Weight::Idle, text);
    }

    /// Adds a problem at a byte of the file. They are in the order of their places.
    pub fn fault(&mut self, at: usize, weight: Weight, text: String) {
        let at = at.min(self.text.len());
        let before = (0..=at).rev().find_map(|at| self.text.get(..at)).unwrap_or_default();
        let last = before.rsplit('\n').next().unwrap_or_default();
        let (line, column) = (before.matches('\n').count() + 1, last.chars().count() + 1);
        self.problems.push(Problem { line, column, text, weight });
        self.problems.sort_by_key(|problem| (problem.line, problem.column));
    }

    pub fn profile(&self, name: &str) -> Option<&ProfileTable> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// Returns `true` if anything is wrong that nothing can be relied on with.
    pub fn is_broken(&self) -> bool {
        self.problems.iter().any(|problem| problem.weight == Weight::Fatal)
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

/// The path as it may be quoted: a secret that was written in the place of a name is not.
fn join(above: &str, name: &str) -> String {
    let is_secret = ["vl_", "sd_", "eyJ"].iter().any(|start| name.starts_with(start));
    let name = if is_secret || name.len() > LONGEST_NAME { "…".into() } else { sanitise(name) };
    if above.is_empty() { name.into_owned() } else { format!("{above}.{name}") }
}

#[cfg(test)]
mod tests;
