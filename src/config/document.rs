//! The file of settings as text: read with the place of everything in it, so that what is wrong is
//! named with line and column. No line of the file is ever repeated: a token may stand in it.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::known::{Place, Takes, place, similar};
use crate::domain::text::sanitise;

/// Bytes of a name of the file's that are repeated.
const LONGEST_NAME: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Switch(bool),
    Words(Vec<String>),
    /// It is a table; what is in it has entries of its own.
    Table,
}

/// A setting, or a table of settings, that the file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub path: Vec<String>,
    pub value: Value,
    /// The byte at which its value begins.
    pub at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Nothing can be relied on until it is mended.
    Fatal,
    Idle,
}

/// What is wrong in the file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to write instead.
    pub text: String,
    pub weight: Weight,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.text)
    }
}

/// What the file holds, and what is wrong in it.
#[derive(Debug, Clone, Default)]
pub struct Document {
    text: String,
    /// In the order of the file.
    pub entries: Vec<Entry>,
    /// In the order in which they were found.
    pub problems: Vec<Problem>,
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
        let mut path = Vec::new();
        document.take_table(table.get_ref(), &mut path);
        document
    }

    fn take_table(&mut self, table: &DeTable<'_>, path: &mut Vec<String>) {
        let mut pairs: Vec<_> = table.iter().collect();
        pairs.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in pairs {
            path.push(key.get_ref().to_string());
            self.take(key.span(), value, path);
            path.pop();
        }
    }

    fn take(&mut self, key: Range<usize>, value: &Spanned<DeValue<'_>>, path: &mut Vec<String>) {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let at = value.span().start;
        match (place(&names), value.get_ref()) {
            (Place::Unknown, _) => {
                let text = unknown(&names);
                self.fault(key.start, Weight::Idle, text);
            }
            (Place::Table, DeValue::Table(table)) => {
                self.entries.push(Entry { path: path.clone(), value: Value::Table, at });
                self.take_table(table, path);
            }
            (Place::Table, other) => {
                let text = format!("`{}` is a table, not {}", shown(&names), kind(other));
                self.fault(at, Weight::Fatal, text);
            }
            (Place::Setting(takes), given) => match read_value(takes, given) {
                Some(value) => self.entries.push(Entry { path: path.clone(), value, at }),
                None => {
                    let (name, takes) = (shown(&names), takes.words());
                    let text = format!("`{name}` takes {takes}, not {}", kind(given));
                    self.fault(at, Weight::Fatal, text);
                }
            },
        }
    }

    /// Adds a problem at a byte of the file.
    pub(super) fn fault(&mut self, at: usize, weight: Weight, text: String) {
        let at = at.min(self.text.len());
        let before = (0..=at).rev().find_map(|at| self.text.get(..at)).unwrap_or_default();
        let last = before.rsplit('\n').next().unwrap_or_default();
        let (line, column) = (before.matches('\n').count() + 1, last.chars().count() + 1);
        self.problems.push(Problem { line, column, text, weight });
    }

    pub fn get(&self, path: &[&str]) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path.iter().eq(path.iter()))
    }

    pub fn text(&self, path: &[&str]) -> Option<&str> {
        match &self.get(path)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The `true` or `false` at a path.
    pub fn switch(&self, path: &[&str]) -> Option<bool> {
        match &self.get(path)?.value {
            Value::Switch(is_on) => Some(*is_on),
            _ => None,
        }
    }

    /// The entries directly below a path, with their last name.
    pub fn below<'a>(&'a self, path: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a Entry)> {
        self.entries.iter().filter_map(move |entry| {
            let (last, above) = entry.path.split_last()?;
            above.iter().eq(path.iter()).then_some((last.as_str(), entry))
        })
    }

    /// Whether anything is wrong that nothing can be relied on with.
    pub fn is_broken(&self) -> bool {
        self.problems.iter().any(|problem| problem.weight == Weight::Fatal)
    }
}

fn read_value(takes: Takes, given: &DeValue<'_>) -> Option<Value> {
    let words = || {
        let texts = given.as_array()?.iter().map(|word| word.get_ref().as_str().map(str::to_owned));
        texts.collect::<Option<Vec<String>>>()
    };
    let text = || given.as_str().map(str::to_owned);
    match takes {
        Takes::Text => text().map(Value::Text),
        Takes::Switch => given.as_bool().map(Value::Switch),
        Takes::Words => words().filter(|words| !words.is_empty()).map(Value::Words),
        Takes::TextOrWords => text().map(Value::Text).or_else(|| words().map(Value::Words)),
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(array) if array.iter().next().is_none() => "an empty array",
        DeValue::Array(_) => "this array",
        DeValue::Table(_) => "a table",
    }
}

fn unknown(names: &[&str]) -> String {
    let last = names.last().copied().unwrap_or_default();
    let name = shown(names);
    if last.to_lowercase().contains("token") {
        return format!(
            "`{name}`: a token is not kept in this file; remove it here and run: \
             valora auth login --profile NAME"
        );
    }
    match similar(names) {
        Some(meant) => format!("`{name}` is not a setting; is `{meant}` meant?"),
        None => format!("`{name}` is not a setting that valora knows"),
    }
}

/// The name as it may be repeated: a secret that was written in the place of a name is not.
fn shown(names: &[&str]) -> String {
    let part = |name: &&str| {
        let is_secret = ["vl_", "sd_", "eyJ"].iter().any(|start| name.starts_with(start));
        if is_secret || name.len() > LONGEST_NAME {
            return "…".to_owned();
        }
        sanitise(name).into_owned()
    };
    names.iter().map(part).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        Document::read(text).problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_wrong_is_named_with_line_and_column() {
        let table = [
            (
                "default_profil = \"a\"",
                "line 1, column 1: `default_profil` is not a setting; is `default_profile` meant?",
            ),
            ("mouse = \"on\"", "line 1, column 9: `mouse` takes true or false, not a text"),
            (
                "\n[profile.acme]\ntoken_command = []",
                "line 3, column 17: `profile.acme.token_command` takes an array",
            ),
            ("[profile.acme]\ntoken_command = \"pass\"", "line 2, column 17: "),
            ("[profile.acme]\ntoken_command = [\"a\", 1]", "not this array"),
            ("profile = 1", "line 1, column 11: `profile` is a table, not a number"),
            ("theme = \"dark\"\n[profile.\"é\"]\n\"éé\".a = 1", "line 3, column 1: "),
            ("[profile.acme]\ntoken = \"x\"", "valora auth login"),
        ];
        for (text, expected) in table {
            let found = problems(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].contains(expected), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_broken_file_is_said_to_be_so_without_its_text() {
        for text in [
            "a = vl_canary",
            "a = \"vl_canary",
            "vl_canary = 1\nvl_canary = 2",
            "[vl_canary]\n[vl_canary]",
            "= vl_canary",
            "vl_canary",
            "sd_canary = \"x\"",
            "token = 'vl_canary\\q\"",
            "[profile.acme]\nbase_url = \"\\q vl_canary\"",
            "theme = { vl_canary }",
            "mouse = tru_vl_canary",
            "\u{1b}[31mvl_canary = 1",
        ] {
            let found = problems(text);
            assert!(!found.is_empty(), "{text}");
            let all = found.join("\n");
            assert!(!all.contains("canary") && !all.contains('\x1b'), "{all}");
            assert!(found.iter().all(|problem| problem.starts_with("line ")), "{all}");
        }
    }

    #[test]
    fn settings_are_found_by_their_path() {
        let text = "theme = \"dark\"\nmouse = true\n[keys]\nopen = [\"o\", \"enter\"]\n[profile.acme]\n\
                    base_url = \"https://x\"\n[profile.other]\n";
        let document = Document::read(text);
        assert_eq!(document.problems, []);
        assert_eq!(document.text(&["profile", "acme", "base_url"]), Some("https://x"));
        assert_eq!(document.text(&["mouse"]), None);
        assert_eq!(document.get(&["mouse"]).unwrap().value, Value::Switch(true));
        let names: Vec<&str> = document.below(&["profile"]).map(|(name, _)| name).collect();
        assert_eq!(names, ["acme", "other"]);
        let keys: Vec<_> = document.below(&["keys"]).collect();
        assert_eq!(keys[0].1.value, Value::Words(vec!["o".to_owned(), "enter".to_owned()]));
    }
}
