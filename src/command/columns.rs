//! The columns of a table: the default ones with changes, or a custom list.

use std::collections::HashSet;

use crate::command::lex::Token;
use crate::command::nearest;
use crate::domain::input::InputError;
use crate::list::Spec;
use crate::list::shape::interned_name;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Columns {
    /// Changes to the default columns: `+days -currency`.
    Changed(Vec<Change>),
    /// Exactly these, in this order: `booking_id amount`.
    Exactly(Vec<&'static str>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub column: &'static str,
    pub is_shown: bool,
}

impl Default for Columns {
    fn default() -> Self {
        Self::Changed(Vec::new())
    }
}

impl Columns {
    pub fn are_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The shortest form for these columns: no change for the default ones, else changes if possible.
    pub fn shortest(spec: &'static Spec, names: Vec<&'static str>) -> Self {
        let usual: Vec<&'static str> = spec.columns().collect();
        let hidden = usual.iter().filter(|column| !names.contains(column));
        let hidden = hidden.map(|&column| Change { column, is_shown: false });
        let added = names.iter().filter(|column| !usual.contains(column));
        let added = added.map(|&column| Change { column, is_shown: true });
        let changed = Self::Changed(hidden.chain(added).collect());
        if changed.of(spec) == names { changed } else { Self::Exactly(names) }
    }

    /// The columns of a list, from left to right. The list's first column is always first.
    pub fn of(&self, spec: &'static Spec) -> Vec<&'static str> {
        let first = first(spec);
        let mut columns: Vec<&'static str> = match self {
            Self::Exactly(columns) => first.into_iter().chain(columns.iter().copied()).collect(),
            Self::Changed(changes) => {
                let hides = |name: &str| changes.iter().any(|it| !it.is_shown && it.column == name);
                let usual = spec.columns().filter(|name| Some(*name) == first || !hides(name));
                let shown = changes.iter().filter(|change| change.is_shown);
                usual.chain(shown.map(|change| change.column)).collect()
            }
        };
        let mut seen = HashSet::new();
        columns.retain(|column| seen.insert(*column));
        columns
    }

    /// The typed form of each item; empty for the default columns.
    pub(super) fn printed(&self) -> Vec<String> {
        match self {
            Self::Exactly(columns) => columns.iter().map(ToString::to_string).collect(),
            Self::Changed(changes) => {
                let sign = |change: &Change| if change.is_shown { '+' } else { '-' };
                changes.iter().map(|change| format!("{}{}", sign(change), change.column)).collect()
            }
        }
    }

    pub(super) fn read(known: Known, items: &[Token]) -> Result<Self, InputError> {
        let mut changes = Vec::new();
        let mut exactly = Vec::new();
        for item in items {
            let name = item.text.strip_prefix(['+', '-']);
            let column = column(known, name.unwrap_or(&item.text), item)?;
            if exactly.contains(&column) || changes.iter().any(|it: &Change| it.column == column) {
                return Err(item.error(format!("{column} is named twice")));
            }
            let is_shown = !item.text.starts_with('-');
            if !is_shown && Some(column) == first(known.spec) {
                return Err(item.error("the first column stays"));
            }
            match name {
                None => exactly.push(column),
                Some(_) => changes.push(Change { column, is_shown }),
            }
            if !changes.is_empty() && !exactly.is_empty() {
                let why = "either a list of columns, or changes that begin with + and -";
                return Err(item.error(why));
            }
        }
        Ok(if exactly.is_empty() { Self::Changed(changes) } else { Self::Exactly(exactly) })
    }
}

fn first(spec: &'static Spec) -> Option<&'static str> {
    spec.columns().next()
}

pub(super) fn names(spec: &'static Spec) -> impl Iterator<Item = (&'static str, &'static str)> {
    spec.candidates().map(|field| (field.name, field.label))
}

/// The columns that can be named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) spec: &'static Spec,
    /// Whether others can be too, unless they look like a slip.
    pub(super) takes_any: bool,
}

pub(super) fn column(
    Known { spec, takes_any }: Known,
    name: &str,
    token: &Token,
) -> Result<&'static str, InputError> {
    if let Some(column) = spec.column(name) {
        return Ok(column);
    }
    let names = || names(spec).map(|(name, _)| name);
    let near = nearest(name, names());
    let other = (takes_any && near.is_none() && !name.is_empty()).then(|| interned_name(name));
    if let Some(other) = other {
        return Ok(other);
    }
    let why = match near {
        _ if name.is_empty() => "the name of a column is missing".to_owned(),
        Some(near) => format!("{} has no such column; did you mean {near}?", spec.title),
        None => format!("{} has no such column", spec.title),
    };
    Err(token.error(why).expecting(names()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_words_give_the_same_columns() {
        let spec = Spec::named("penalties").unwrap();
        let usual: Vec<&'static str> = spec.columns().collect();
        let without = |hidden: &str| usual.iter().copied().filter(|c| *c != hidden).collect();
        let with = |added| usual.iter().copied().chain([added]).collect();
        let table: [(Vec<&'static str>, &[&str]); 4] = [
            (usual.clone(), &[]),
            (without("currency"), &["-currency"]),
            (with("rate_to_eur"), &["+rate_to_eur"]),
            (vec!["booking_id", "amount"], &["booking_id", "amount"]),
        ];
        for (names, printed) in table {
            let columns = Columns::shortest(spec, names.clone());
            assert_eq!(columns.of(spec), names);
            if names.len() > 2 {
                assert_eq!(columns.printed(), printed);
            }
        }
    }
}
