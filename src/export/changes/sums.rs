//! The sums of new and of gone rows: one for each list and currency, because a debt and a payout are no
//! one sum. Changed rows have a line for each changed field, so their amounts have no sum.

use std::collections::BTreeMap;

use super::currency;
use crate::domain::money::{Currency, counted, format_amount, format_money};
use crate::domain::normalize::is_same_word;
use crate::export::Side;
use crate::export::cell::Cell;
use crate::export::currencies::{CurrencySums, currency_name, not_counted, with_notes};
use crate::export::grid::{Column, Grid};
use crate::journal::compare::ChangeKind;
use crate::journal::rows::Entry;
use crate::list::ALL;

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    rows: usize,
    minor: i128,
}

/// `part` says which rows are missing; empty if none is.
pub(super) fn new_and_gone<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    part: &str,
) -> CurrencySums {
    // By the position of the list, as on the screen.
    let mut sums: BTreeMap<(usize, Currency), [Sum; 2]> = BTreeMap::new();
    let mut left_out = 0;
    for entry in entries {
        let at = match entry.change.kind {
            ChangeKind::New => 0,
            ChangeKind::Gone => 1,
            ChangeKind::Changed => continue,
        };
        let list = ALL.iter().position(|spec| spec.is(entry.list)).unwrap_or_default();
        match minor(entry).zip(currency(entry)) {
            Some((minor, code)) => {
                let both = sums.entry((list, code)).or_default();
                if let Some(sum) = both.get_mut(at) {
                    (sum.rows, sum.minor) = (sum.rows + 1, sum.minor + minor);
                }
            }
            None => left_out += 1,
        }
    }
    let title = |list: usize| ALL.get(list).map_or("", |spec| spec.title);
    let row = |((list, code), both): (&(usize, Currency), &[Sum; 2])| {
        let heads = [Cell::text(title(*list)), Cell::text(currency_name(*code))];
        let figures = both.iter().flat_map(|sum| {
            let count = Cell::Number(sum.rows.to_string());
            [count, Cell::amount(format_amount(sum.minor, *code))]
        });
        heads.into_iter().chain(figures).collect()
    };
    let line = |((list, code), both): (&(usize, Currency), &[Sum; 2])| {
        let figures = both.iter().zip(["new", "gone"]).filter(|(sum, _)| sum.rows > 0);
        let figures = figures.map(|(sum, word)| {
            let rows = counted(sum.rows as u64, "row");
            format!("{word} {} in {rows}", format_money(sum.minor, *code))
        });
        format!("{}: {}", title(*list), figures.collect::<Vec<_>>().join(", "))
    };
    let columns = [
        ("list", "List", Side::Left),
        ("currency", "Currency", Side::Left),
        ("rows", "New rows", Side::Right),
        ("amount", "New", Side::Right),
        ("rows", "Gone rows", Side::Right),
        ("amount", "Gone", Side::Right),
    ];
    let columns = columns.map(|(name, title, side)| Column::new(name, title, side)).into();
    let sheet = Grid { title: "Summary", columns, rows: sums.iter().map(row).collect() };
    let lines = sums.iter().map(line).collect();
    with_notes(CurrencySums { sheet, lines }, vec![part.to_owned(), not_counted(left_out)])
}

/// With the sign of the list: a credit note is negative.
fn minor(entry: &Entry) -> Option<i128> {
    let print = &entry.change.print;
    let minor = i128::from(print.minor(entry.list.amount())?);
    let takes_back = entry.list.taken_back.is_some_and(|(field, word)| {
        print.text(field).is_some_and(|text| is_same_word(text, word))
    });
    Some(if takes_back { -minor.abs() } else { minor })
}
