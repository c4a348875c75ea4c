//! Thin rows of the conciliation filled from the fuller rows of a list: no row is added or taken
//! away, and no amount that came is changed.

use super::row::is_same;
use crate::resource::record::{Record, Value};

/// The rows filled, in their order, and how many rows of the list belong to none of them.
///
/// A row takes what it lacks from the row of the list with its id; without one, from a row that
/// agrees in the amount and in every field that both have. Where more rows of the list fit than rows
/// of the answer, nothing says which is meant, and the row stays as it came.
pub(super) fn fill(rows: &[Record], list: &[&Record], amount: &str) -> (Vec<Record>, usize) {
    let mut partner: Vec<Option<usize>> = vec![None; rows.len()];
    let mut is_taken = vec![false; list.len()];
    for (row, partner) in rows.iter().zip(&mut partner) {
        *partner = take(&mut is_taken, list, |full| {
            row.has_id() && full.has_id() && row.identity() == full.identity()
        });
    }
    for at in 0..rows.len() {
        let Some(row) = rows.get(at).filter(|_| partner.get(at) == Some(&None)) else { continue };
        let is_free = |(place, _): &(usize, &&Record)| is_taken.get(*place) == Some(&false);
        let alike = list.iter().enumerate().filter(is_free).filter(|(_, it)| fits(row, it, amount));
        let fitting: Vec<usize> = alike.map(|(place, _)| place).collect();
        let Some(first) = fitting.first().and_then(|place| list.get(*place)) else { continue };
        let waiting = rows.iter().zip(&partner).filter(|(_, partner)| partner.is_none());
        let rivals = waiting.filter(|(row, _)| fits(row, first, amount)).count();
        if fitting.len() <= rivals
            && let (Some(place), Some(partner)) = (fitting.first(), partner.get_mut(at))
        {
            *partner = Some(*place);
            if let Some(taken) = is_taken.get_mut(*place) {
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

fn take(is_taken: &mut [bool], list: &[&Record], is_it: impl Fn(&Record) -> bool) -> Option<usize> {
    let free = list.iter().zip(is_taken.iter()).position(|(full, taken)| !*taken && is_it(full))?;
    *is_taken.get_mut(free)? = true;
    Some(free)
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
