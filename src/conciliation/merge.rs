//! Thin rows of the conciliation filled from the fuller rows of a list: no row is added or taken
//! away, and no amount that came is changed.

use std::collections::{BTreeMap, HashMap};

use super::row::is_same;
use crate::list::record::{Record, Value};

/// Rows of one amount from which none is filled: to compare each with each would stop the screen, and
/// nothing would say which is meant.
const MOST_ALIKE: usize = 200;

/// The rows filled, in their order, and how many rows of the list belong to none of them.
///
/// A row takes what it lacks from the row of the list with its id; without one, from a row that
/// agrees in the amount and in every field that both have. Where more rows of the list fit than rows
/// of the answer, nothing says which is meant, and the row stays as it came.
pub(super) fn fill(rows: &[Record], list: &[Record], amount: &str) -> (Vec<Record>, usize) {
    let (mut partner, mut is_taken) = by_id(rows, list);
    let rows_of = by_amount(rows.iter(), amount);
    let list_of = by_amount(list.iter(), amount);
    for (minor, alike) in &rows_of {
        let Some(fuller) = list_of.get(minor) else { continue };
        if alike.len().max(fuller.len()) > MOST_ALIKE {
            continue;
        }
        for at in alike {
            let Some(row) = rows.get(*at).filter(|_| partner.get(*at) == Some(&None)) else {
                continue;
            };
            let is_fitting = |place: &&usize| {
                let free = is_taken.get(**place) == Some(&false);
                free && list.get(**place).is_some_and(|full| fits(row, full, amount))
            };
            let fitting: Vec<usize> = fuller.iter().filter(is_fitting).copied().collect();
            let Some((place, first)) =
                fitting.first().and_then(|place| Some((*place, list.get(*place)?)))
            else {
                continue;
            };
            let is_rival = |at: &&usize| {
                let row = rows.get(**at).filter(|_| partner.get(**at) == Some(&None));
                row.is_some_and(|row| fits(row, first, amount))
            };
            let rivals = alike.iter().filter(is_rival).count();
            if fitting.len() <= rivals
                && let (Some(partner), Some(taken)) =
                    (partner.get_mut(*at), is_taken.get_mut(place))
            {
                *partner = Some(place);
                *taken = true;
            }
        }
    }
    let filled = rows.iter().zip(&partner).map(|(row, partner)| {
        let full = partner.and_then(|place| list.get(place));
        full.map_or_else(|| row.clone(), |full| row.filled_from(full))
    });
    (filled.collect(), is_taken.iter().filter(|taken| !**taken).count())
}

/// The partners that the ids give, and which rows of the list are taken by them.
fn by_id(rows: &[Record], list: &[Record]) -> (Vec<Option<usize>>, Vec<bool>) {
    let mut is_taken = vec![false; list.len()];
    let mut named: HashMap<u64, Vec<usize>> = HashMap::new();
    for (place, full) in list.iter().enumerate().rev().filter(|(_, full)| full.has_id()) {
        named.entry(full.identity()).or_default().push(place);
    }
    let partner = rows.iter().map(|row| {
        let place = named.get_mut(&row.identity()).filter(|_| row.has_id())?.pop()?;
        *is_taken.get_mut(place)? = true;
        Some(place)
    });
    let partner = partner.collect();
    (partner, is_taken)
}

/// The places of the rows of each amount, in minor units.
fn by_amount<'a>(
    rows: impl Iterator<Item = &'a Record>,
    amount: &str,
) -> BTreeMap<i64, Vec<usize>> {
    let mut places: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.enumerate() {
        if let Some(minor) = row.minor(amount) {
            places.entry(minor).or_default().push(place);
        }
    }
    places
}

/// Whether both have the same amount, and agree in every field that both have.
fn fits(row: &Record, full: &Record, amount: &str) -> bool {
    let has_other_id = row.has_id() && full.has_id();
    let is_equal = |name: &str| match (row.value(name), full.value(name)) {
        (Value::Missing | Value::Null, _) | (_, Value::Missing | Value::Null) => true,
        (Value::Text(one), Value::Text(other)) => is_same(one, other),
        (one, other) => {
            one == other || (row.minor(name).is_some() && minors_agree(row, full, name))
        }
    };
    !has_other_id
        && row.minor(amount).is_some()
        && minors_agree(row, full, amount)
        && row.spec().fields.iter().all(|field| is_equal(field.name))
}

fn minors_agree(row: &Record, full: &Record, name: &str) -> bool {
    row.minor(name) == full.minor(name)
}

#[cfg(test)]
mod tests;
