//! What may explain the difference of a total: suggestions, never findings, and shown as such.

use std::collections::HashMap;
use std::fmt;

use super::row::{self, RowAt, described, placed};
use super::totals::{Compared, Comparison};
use super::{Conciliation, Role};
use crate::list::record::Record;

const MOST: usize = 8;
/// The most suggestions of one kind, so that similar rows do not hide the other kinds.
const MOST_OF_A_KIND: usize = 3;
const MOST_ROWS: usize = 5_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub role: Role,
    pub kind: SuggestionKind,
    pub rows: Vec<RowAt>,
    pub words: String,
}

/// What the server may have done with rows in its total; suggestions are ranked in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuggestionKind {
    /// The response lists the row twice, the total counts it once.
    StandsTwice,
    LeftOut,
    CountedTwice,
    SignTurned,
    /// Two adjacent digits are swapped: the difference is a multiple of 9.
    DigitsSwapped,
    TwoLeftOut,
    TwoCountedTwice,
    Elsewhere,
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (a guess)", self.words)
    }
}

/// A row and its amount in minor units. Rows without an amount, or with zero, are left out.
type Amount = (RowAt, i128);

/// At most `MOST` suggestions, the likeliest first; empty if the section adds up. The time is
/// linear in the rows, times the digits of an amount, so that it can run on every response.
pub fn suggest(booking: &Conciliation, compared: &Compared) -> Vec<Suggestion> {
    let Comparison::Differs(difference) = &compared.comparison else { return Vec::new() };
    let (by, role) = (difference.by, compared.role);
    let amounts = amounts(booking, role);
    let all_of = |of: &dyn Fn(i128) -> bool| -> Vec<Vec<RowAt>> {
        let fits = amounts.iter().filter(|(_, amount)| of(*amount));
        fits.map(|(at, _)| vec![*at]).take(MOST_OF_A_KIND).collect()
    };
    let kinds = [
        (SuggestionKind::StandsTwice, standing_twice(booking, &amounts, -by)),
        (SuggestionKind::LeftOut, all_of(&|amount| amount == -by)),
        (SuggestionKind::CountedTwice, all_of(&|amount| amount == by)),
        (SuggestionKind::SignTurned, all_of(&|amount| amount * 2 == -by)),
        (SuggestionKind::DigitsSwapped, all_of(&|amount| by % 9 == 0 && is_swapped(amount, by))),
        (SuggestionKind::TwoLeftOut, pairs(&amounts, -by)),
        (SuggestionKind::TwoCountedTwice, pairs(&amounts, by)),
        (SuggestionKind::Elsewhere, elsewhere(booking, role, by)),
    ];
    let twice = kinds[0].1.concat();
    // A row reported as a duplicate is not reported as left out as well.
    let is_new = |kind: SuggestionKind, rows: &[RowAt]| {
        kind != SuggestionKind::LeftOut || !rows.iter().any(|at| twice.contains(at))
    };
    let all = kinds.into_iter().flat_map(|(kind, each)| each.into_iter().map(move |it| (kind, it)));
    let found = all.filter(|(kind, rows)| is_new(*kind, rows)).take(MOST);
    found
        .map(|(kind, rows)| Suggestion { role, kind, words: worded(booking, kind, &rows), rows })
        .collect()
}

fn amounts(booking: &Conciliation, role: Role) -> Vec<Amount> {
    let amount = |(at, row): (RowAt, &Record)| Some((at, row::amount(row, role)?));
    let all = placed(booking, role).take(MOST_ROWS).filter_map(amount);
    all.filter(|(_, amount)| *amount != 0).collect()
}

/// Each later copy of a row with the amount `target`, together with the first copy.
fn standing_twice(booking: &Conciliation, amounts: &[Amount], target: i128) -> Vec<Vec<RowAt>> {
    let mut seen: HashMap<u64, RowAt> = HashMap::new();
    let fits = amounts.iter().filter(|(_, amount)| *amount == target);
    let copies = fits.filter_map(|(at, _)| {
        let first = *seen.entry(booking.row(*at)?.identity()).or_insert(*at);
        (first != *at).then(|| vec![first, *at])
    });
    copies.take(MOST_OF_A_KIND).collect()
}

/// Pairs of different rows whose amounts sum to `target`, each row in at most one pair.
fn pairs(amounts: &[Amount], target: i128) -> Vec<Vec<RowAt>> {
    let mut open: HashMap<i128, Vec<RowAt>> = HashMap::with_capacity(amounts.len());
    let mut found = Vec::new();
    for (at, amount) in amounts {
        match open.get_mut(&(target - amount)).and_then(Vec::pop) {
            Some(other) => found.push(vec![other, *at]),
            None => open.entry(*amount).or_default().push(*at),
        }
        if found.len() == MOST_OF_A_KIND {
            break;
        }
    }
    found
}

/// Returns `true` if swapping two adjacent digits of the amount changes it by exactly `by`.
fn is_swapped(amount: i128, by: i128) -> bool {
    // Digits at the places of 1 and 10 times `unit`: high*10 + low becomes low*10 + high.
    let size = amount.unsigned_abs();
    let mut unit: u128 = 1;
    while size / unit >= 10 {
        let (low, high) = (size / unit % 10, size / unit / 10 % 10);
        let swapped = size - (high * 10 + low) * unit + (low * 10 + high) * unit;
        let changed = i128::try_from(swapped).unwrap_or_default() * amount.signum() - amount;
        if changed == by {
            return true;
        }
        unit *= 10;
    }
    false
}

fn elsewhere(booking: &Conciliation, role: Role, by: i128) -> Vec<Vec<RowAt>> {
    let others = super::SECTIONS.iter().filter(|kind| kind.role != role);
    let all = others.flat_map(|kind| amounts(booking, kind.role));
    let fits = all.filter(|(_, amount)| amount.abs() == by.abs());
    fits.map(|(at, _)| vec![at]).take(MOST_OF_A_KIND).collect()
}

fn worded(booking: &Conciliation, kind: SuggestionKind, rows: &[RowAt]) -> String {
    let title = rows.first().map_or("", |at| at.role.kind().title);
    let named: Vec<String> = rows.iter().map(|at| described(booking, *at)).collect();
    let first = named.first().map_or("", String::as_str);
    let what = match kind {
        SuggestionKind::Elsewhere => {
            return format!("the difference equals {first} in {title}");
        }
        SuggestionKind::StandsTwice => {
            return format!("the response may list a row twice: {first}");
        }
        SuggestionKind::LeftOut => "leave out",
        SuggestionKind::CountedTwice => "count twice:",
        SuggestionKind::SignTurned => "have the wrong sign for",
        SuggestionKind::DigitsSwapped => "have two digits swapped in",
        SuggestionKind::TwoLeftOut => "leave out both",
        SuggestionKind::TwoCountedTwice => "count both twice:",
    };
    format!("the total may {what} {}", named.join(" and "))
}

#[cfg(test)]
mod tests;
