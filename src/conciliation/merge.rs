//! Fills missing fields of conciliation rows from the rows of a list. Amounts do not change.

use std::collections::{HashMap, HashSet};

use super::row::is_same;
use crate::list::Field;
use crate::list::record::{Record, Value};

/// The most rows with one amount that are compared with each other; if there are more, none is filled.
const MOST_ALIKE: usize = 200;

/// The filled rows, and the number of list rows that match none. A row is filled from the list row with its
/// id, else from one with the same amount and shared fields, unless more list rows match than rows.
pub(super) fn fill(rows: &[Record], list: &[Record], amount: &str) -> (Vec<Record>, usize) {
    let (mut partners, mut taken) = by_id(rows, list);
    let list_of = by_amount(list, amount);
    for (minor, alike) in by_amount(rows, amount) {
        let Some(fuller) = list_of.get(&minor) else { continue };
        if alike.len().max(fuller.len()) > MOST_ALIKE {
            continue;
        }
        for (at, row) in &alike {
            if partners.contains_key(at) {
                continue;
            }
            let is_fitting =
                |(place, full): &&Placed<'_>| !taken.contains(place) && fits(row, full, amount);
            let fitting: Vec<_> = fuller.iter().filter(is_fitting).collect();
            let Some((place, first)) = fitting.first() else { continue };
            let is_rival =
                |(at, row): &&Placed<'_>| !partners.contains_key(at) && fits(row, first, amount);
            if fitting.len() <= alike.iter().filter(is_rival).count() {
                partners.insert(*at, first);
                taken.insert(*place);
            }
        }
    }
    let filled = rows.iter().enumerate().map(|(at, row)| {
        partners.get(&at).map_or_else(|| row.clone(), |full| row.filled_from(full))
    });
    (filled.collect(), list.len() - taken.len())
}

type Placed<'a> = (usize, &'a Record);

/// The list row with the same id for each row, by the row's index; and the indexes of these list rows.
fn by_id<'a>(rows: &[Record], list: &'a [Record]) -> (HashMap<usize, &'a Record>, HashSet<usize>) {
    let mut named: HashMap<u64, Vec<Placed<'a>>> = HashMap::new();
    for placed in list.iter().enumerate().rev().filter(|(_, full)| full.has_id) {
        named.entry(placed.1.identity()).or_default().push(placed);
    }
    let found = rows.iter().enumerate().filter(|(_, row)| row.has_id).filter_map(|(at, row)| {
        let (place, full) = named.get_mut(&row.identity())?.pop()?;
        Some(((at, full), place))
    });
    found.unzip()
}

fn by_amount<'a>(rows: &'a [Record], amount: &str) -> HashMap<i64, Vec<Placed<'a>>> {
    let mut places: HashMap<i64, Vec<Placed<'a>>> = HashMap::new();
    for placed in rows.iter().enumerate() {
        if let Some(minor) = placed.1.minor(amount) {
            places.entry(minor).or_default().push(placed);
        }
    }
    places
}

fn fits(row: &Record, full: &Record, amount: &str) -> bool {
    let is_one_minor =
        |one: &Value, other: &Value| one.minor().is_some_and(|minor| other.minor() == Some(minor));
    let is_one_text = |one: &Value, other: &Value| {
        one.reference().zip(other.reference()).is_some_and(|(one, other)| is_same(one, other))
    };
    let is_equal = |(at, field): (usize, &Field)| match (row.at(at), row.counterpart(at, full)) {
        (Value::Missing | Value::Null, _) | (_, Value::Missing | Value::Null) => true,
        // Its kind was guessed separately for each list.
        (one, other) if one == other || one.json() == other.json() => true,
        _ if field.is_unknown() => false,
        (one, other) if field.kind.is_amount() => is_one_minor(one, other),
        (one, other) => is_one_text(one, other),
    };
    !(row.has_id && full.has_id)
        && is_one_minor(row.value(amount), full.value(amount))
        && row.spec().fields.iter().enumerate().all(is_equal)
}

#[cfg(test)]
mod tests;
