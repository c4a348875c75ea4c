//! The sums of an exported table, one for each currency and never across currencies.

use std::collections::BTreeMap;

use super::Side;
use super::cell::Cell;
use super::grid::{Column, Grid};
use crate::domain::money::{Currency, Sums, counted, format_amount};
use crate::list::record::sums::NotSummed;

/// The name of the sheet with the sums.
const TITLE: &str = "Summary";

pub(super) struct CurrencySums {
    pub(super) sheet: Grid,
    /// The same for the end of a page.
    pub(super) lines: Vec<String>,
}

/// Figures of several currencies under their titles.
pub(super) type Figures<'a> = &'a [(&'static str, &'a Sums)];

/// `rows` are the numbers of rows; `notes` say which rows are missing or in no sum.
pub(super) fn sums(
    rows: &BTreeMap<Currency, usize>,
    figures: Figures<'_>,
    notes: Vec<String>,
) -> CurrencySums {
    let mut all = Sums::default();
    let named = figures.iter().flat_map(|(_, sums)| sums.iter().map(|(code, _)| code));
    for currency in rows.keys().copied().chain(named) {
        all.add(0, currency);
    }
    let amount = |minor: i128, currency| Cell::amount(format_amount(minor, currency));
    let row = |(currency, _): (Currency, i128)| {
        let count = rows.get(&currency).map_or(Cell::Empty, |it| Cell::Number(it.to_string()));
        let sums = figures.iter().map(|(_, sums)| amount(sums.of(currency), currency));
        [Cell::text(currency_name(currency)), count].into_iter().chain(sums).collect()
    };
    let lines: Vec<Vec<Cell>> = all.euros_first().map(row).collect();
    let said = figures.iter().filter(|(_, sums)| !sums.is_empty());
    let said = said.map(|(title, sums)| format!("{title}: {}", sums.in_words()));
    let heads = [("currency", "Currency", Side::Left), ("rows", "Rows", Side::Right)];
    let heads = heads.map(|(name, title, side)| Column::new(name, title, side));
    let figures = figures.iter().map(|(title, _)| Column::new("amount", *title, Side::Right));
    let columns = heads.into_iter().chain(figures).collect();
    let sheet = Grid { title: TITLE, columns, rows: lines };
    with_notes(CurrencySums { sheet, lines: said.collect() }, notes)
}

pub(super) fn currency_name(currency: Currency) -> String {
    let is_none = currency == Currency::NONE;
    if is_none { "no currency".to_owned() } else { currency.code().to_owned() }
}

/// Adds lines below the sums; empty notes are skipped.
pub(super) fn with_notes(mut sums: CurrencySums, notes: Vec<String>) -> CurrencySums {
    let notes: Vec<String> = notes.into_iter().filter(|it| !it.is_empty()).collect();
    if !notes.is_empty() {
        sums.sheet.rows.push(Vec::new());
        sums.sheet.rows.extend(notes.iter().map(|it| vec![Cell::Text(it.clone())]));
        sums.lines.extend(notes);
    }
    sums
}

/// The column `amount` of a table by its column `currency`, under a title. `part` says which rows are
/// missing; empty if none is.
pub(super) fn by_currency(grid: &Grid, title: &'static str, part: &str) -> CurrencySums {
    let (rows, added, left_out) = added(grid);
    sums(&rows, &[(title, &added)], vec![part.to_owned(), not_counted(left_out)])
}

/// The numbers of rows, the sums, and the number of rows that are not in them. The row with the error of a
/// customer is none of these.
fn added(grid: &Grid) -> (BTreeMap<Currency, usize>, Sums, u64) {
    let at = |name: &str| grid.columns.iter().position(|column| column.name == name);
    let (amount, currency, error) = (at("amount"), at("currency"), at("error"));
    let cell = |row: &[Cell], at: Option<usize>| at.and_then(|at| row.get(at).cloned());
    let (mut rows, mut sums, mut left_out) = (BTreeMap::new(), Sums::default(), 0);
    let is_row = |row: &&Vec<Cell>| cell(row, error).unwrap_or_default() == Cell::Empty;
    for row in grid.rows.iter().filter(is_row) {
        let minor = cell(row, amount).and_then(|cell| cell.minor());
        let code = match cell(row, currency) {
            None | Some(Cell::Empty) => Some(Currency::NONE),
            Some(code) => Currency::parse(&code.shown()),
        };
        match minor.zip(code) {
            Some((minor, code)) => {
                *rows.entry(code).or_default() += 1;
                sums.add(minor, code);
            }
            None => left_out += 1,
        }
    }
    (rows, sums, left_out)
}

pub(super) fn not_counted(rows: u64) -> String {
    match rows {
        0 => String::new(),
        rows => format!("Not counted: {} without an amount or a currency", counted(rows, "row")),
    }
}

/// The rows that the sum with this title lacks; empty if it lacks none.
pub(super) fn not_counted_in(title: &str, rows: &NotSummed) -> String {
    if rows.count() == 0 { String::new() } else { format!("Not counted in {title}: {rows}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[(&str, &str)]) -> Grid {
        let columns = ["amount", "currency"].map(|name| Column::new(name, name, Side::Left)).into();
        let row = |(amount, code): &(&str, &str)| vec![Cell::amount(*amount), Cell::text(*code)];
        Grid { title: "Rows", columns, rows: rows.iter().map(row).collect() }
    }

    #[test]
    fn no_sum_crosses_currencies_and_a_part_says_so() {
        let grid = grid(&[("1,000.50", "EUR"), ("-0.50", "EUR"), ("7", "JPY"), ("2.5?", "EUR")]);
        let sums = by_currency(&grid, "Debt", "500 of 2,113 rows");
        let shown: Vec<Vec<String>> =
            sums.sheet.rows.iter().map(|row| row.iter().map(Cell::shown).collect()).collect();
        assert_eq!(shown[0], ["EUR", "2", "1,000.00"]);
        assert_eq!(shown[1], ["JPY", "1", "7"]);
        assert_eq!(shown[3], ["500 of 2,113 rows"]);
        assert_eq!(shown[4], ["Not counted: 1 row without an amount or a currency"]);
        assert_eq!(sums.lines[0], "Debt: EUR 1,000.00, JPY 7");
    }
}
