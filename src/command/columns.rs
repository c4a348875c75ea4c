//! The columns of a table: the default ones with changes, or a custom list.

use std::collections::HashSet;

use crate::command::lex::Token;
use crate::command::nearest;
use crate::domain::input::InputError;
use crate::list::Spec;
use crate::list::shape::{interned_name, is_well_formed};

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

    /// The columns of a list, from left to right, under its own names where it has them. The list's
    /// first column is always first.
    pub fn of(&self, spec: &'static Spec) -> Vec<&'static str> {
        let first = first(spec);
        let own = |name: &'static str| spec.column(name).unwrap_or(name);
        let mut columns: Vec<&'static str> = match self {
            Self::Exactly(columns) => {
                first.into_iter().chain(columns.iter().map(|name| own(name))).collect()
            }
            Self::Changed(changes) => {
                let hidden = changes.iter().filter(|change| !change.is_shown);
                let hidden: Vec<_> = hidden.map(|change| own(change.column)).collect();
                let is_kept = |name: &&str| Some(*name) == first || !hidden.contains(name);
                let shown = changes.iter().filter(|change| change.is_shown);
                let shown = shown.map(|change| own(change.column));
                spec.columns().filter(is_kept).chain(shown).collect()
            }
        };
        let mut seen = HashSet::new();
        columns.retain(|column| seen.insert(*column));
        columns
    }

    /// All named columns, shown or not.
    pub fn names(&self) -> Vec<&'static str> {
        match self {
            Self::Exactly(columns) => columns.clone(),
            Self::Changed(changes) => changes.iter().map(|change| change.column).collect(),
        }
    }

    /// The column that was added last.
    pub fn added(&self) -> Option<&'static str> {
        let Self::Changed(changes) = self else { return None };
        changes.iter().rev().find(|change| change.is_shown).map(|change| change.column)
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

    pub(super) fn read(spec: &'static Spec, items: &[Token]) -> Result<Self, InputError> {
        let mut changes = Vec::new();
        let mut exactly = Vec::new();
        for item in items {
            let name = item.text.strip_prefix(['+', '-']);
            let column = column(spec, name.unwrap_or(&item.text), item)?;
            if exactly.contains(&column) || changes.iter().any(|it: &Change| it.column == column) {
                return Err(item.error(format!("{column} is named twice")));
            }
            let is_shown = !item.text.starts_with('-');
            if !is_shown && Some(column) == first(spec) {
                return Err(item.error("the first column cannot be hidden"));
            }
            match name {
                None => exactly.push(column),
                Some(_) => changes.push(Change { column, is_shown }),
            }
            if !changes.is_empty() && !exactly.is_empty() {
                let why = "write either a list of columns, or changes with + and -";
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

/// Until rows have shown which fields exist, any well-formed name may be one of them.
pub(super) fn column(
    spec: &'static Spec,
    name: &str,
    token: &Token,
) -> Result<&'static str, InputError> {
    if let Some(column) = spec.column(name) {
        return Ok(column);
    }
    if !spec.is_settled && is_well_formed(name) {
        return Ok(interned_name(name));
    }
    let why = match near(spec, name) {
        _ if name.is_empty() => "a column name is missing".to_owned(),
        Some(near) => format!("{} has no such column; did you mean {near}?", spec.title),
        None => format!("{} has no such column", spec.title),
    };
    Err(token.error(why).expecting(names(spec).map(|(name, _)| name)))
}

fn near(spec: &'static Spec, name: &str) -> Option<&'static str> {
    nearest(name, names(spec).map(|(name, _)| name))
}

/// The error for those of these names that are not columns, if any.
pub fn unknown(spec: &'static Spec, given: impl Iterator<Item = &'static str>) -> Option<String> {
    let given: Vec<&str> = given.filter(|name| spec.column(name).is_none()).collect();
    let near = given.iter().find_map(|name| near(spec, name));
    let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let names = given.join(", ");
    (!given.is_empty()).then(|| format!("{} has no such column: {names}{near}", spec.title))
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::command::{Context, parse, print};
    use crate::list::ALL;
    use crate::list::shape::Shapes;

    /// The lists as rows with all documented fields settle them.
    pub(in crate::command) static SETTLED: LazyLock<Vec<&'static Spec>> = LazyLock::new(|| {
        let settled = ALL.iter().map(|spec| Spec { is_settled: true, ..(*spec).clone() });
        settled.map(|spec| &*Box::leak(Box::new(spec))).collect()
    });

    #[test]
    fn each_name_of_a_column_is_accepted_until_the_rows_tell_which_there_are() {
        let settled = Context { shapes: &SETTLED, ..Context::default() };
        for name in ["due_date_2", "amount_vat", "amuont", "batch.run", "größe", "x-y"] {
            for part in [format!("sort=-{name}"), format!("columns=status,{name}")] {
                let line = format!("scheduled {part}");
                let open = parse(&line, &Context::default());
                assert_eq!(open.map(|command| print(&command)).as_ref(), Ok(&line));
                let why = parse(&line, &settled).unwrap_err().why;
                assert!(why.starts_with("Scheduled has no such column"), "{why}");
            }
        }
        let here = Context { here: Spec::named("scheduled"), ..Context::default() };
        assert!(parse("sort batch.run", &here).is_ok());
        assert!(parse("columns +batch.run", &here).is_ok());
        for name in ["\"a b\"", "a@b", "-", "a/b", "--", "--x", "-.x"] {
            let line = format!("scheduled sort={name}");
            assert!(parse(&line, &Context::default()).is_err(), "{name}");
        }
    }

    #[test]
    fn a_column_is_found_by_its_own_name_by_the_servers_and_by_that_of_its_range() {
        let row = r#"{"booking": {"ref": "BK100001"}, "scheduled_for": "2026-11-05", "amount": 1,
                      "currency": "EUR", "batch": {"run": 7}, "b c": "x"}"#;
        let rows = Shapes::default().read(Spec::named("scheduled").unwrap(), &[row]);
        let context = Context { shapes: &[rows[0].spec()], ..Context::default() };
        for (typed, column) in [
            ("due_date", "due_date"),
            ("due", "due_date"),
            ("scheduled_for", "due_date"),
            ("booking.ref", "booking_id"),
            ("batch.run", "batch.run"),
            ("b_c", "b_c"),
            ("notes", "notes"),
            ("days", "days"),
        ] {
            let command =
                parse(&format!("scheduled sort={typed} columns=amount,{typed}"), &context);
            let expected = format!("scheduled sort={column} columns=amount,{column}");
            assert_eq!(command.map(|command| print(&command)), Ok(expected));
        }
        let wrong = parse("scheduled sort=batch.rum", &context).unwrap_err();
        assert_eq!(wrong.why, "Scheduled has no such column; did you mean batch.run?");
        assert!(!wrong.expected.contains(&"notes"), "an empty column is not offered");
    }

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
