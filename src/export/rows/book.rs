//! Rows as a workbook: a sheet with the rows, and one with their sums by currency.

use std::collections::BTreeMap;
use std::io;

use super::values::{object, other, value};
use super::{Ending, Layout};
use crate::domain::money::{Currency, Sums};
use crate::export::Side;
use crate::export::cell::Cell;
use crate::export::currencies::{not_counted_in, sums};
use crate::export::grid::Column;
use crate::export::xlsx::{Sheet, Workbook};
use crate::list::record::Record;
use crate::list::record::sums::{AmountAt, NotSummed};
use crate::list::{Kind, OTHER, Spec};

pub(super) struct Book {
    workbook: Workbook,
    sheet: Sheet,
    /// Of the amount column, by currency.
    rows: BTreeMap<Currency, usize>,
    sums: Sums,
    not_summed: NotSummed,
}

impl Book {
    pub(super) fn new(layout: &Layout) -> io::Result<Self> {
        let mut workbook = Workbook::new();
        let described = layout.columns.iter().filter_map(|at| layout.spec.described(*at));
        let column = |field: &crate::list::Field| {
            let side = if field.kind.is_right_aligned() { Side::Right } else { Side::Left };
            // Other times are as the server sent them, with their zone.
            let zone = if field.kind == Kind::Timestamp { " (UTC)" } else { "" };
            Column::new(field.name, format!("{}{zone}", field.label), side)
        };
        let other = Column::new(OTHER, "Other fields", Side::Left);
        let columns = described.map(column).chain([other]).collect();
        let sheet = workbook.sheet(layout.spec.title, columns)?;
        let (rows, sums) = (BTreeMap::new(), Sums::default());
        Ok(Self { workbook, sheet, rows, sums, not_summed: NotSummed::default() })
    }

    pub(super) fn write(&mut self, row: &Record, layout: &Layout) -> io::Result<()> {
        let cells = layout.columns.iter().map(|at| value(row, *at, layout));
        let other = Some(other(row, layout.spec)).filter(|other| !other.is_empty());
        let other = other.map_or(Cell::Empty, |other| Cell::Text(object(&other)));
        let cells: Vec<Cell> = cells.chain([other]).collect();
        match AmountAt::of(row.spec(), row.spec().amount()).summand(row) {
            Ok((minor, currency)) => {
                let minor = i128::from(minor);
                self.sums.add(if row.takes_back() { -minor.abs() } else { minor }, currency);
                *self.rows.entry(currency).or_default() += 1;
            }
            Err(why) => self.not_summed.add(why),
        }
        self.workbook.write(&mut self.sheet, &cells)
    }

    pub(super) fn finish(mut self, layout: &Layout, ending: &Ending<'_>) -> io::Result<Vec<u8>> {
        let Ending { figures, part, .. } = ending;
        let spec = layout.spec;
        let mut all = vec![(amount_title(spec), &self.sums, &self.not_summed)];
        if spec.has_closed_rows() {
            let (open, closed) = (&figures.open, &figures.closed);
            all.push(("Open", &open.sums, &open.not_summed));
            all.push(("Closed", &closed.sums, &closed.not_summed));
        }
        let remains = match spec.position("remaining_amount") {
            Some(_) => "Open is what remains to be paid of open rows.",
            None => "",
        };
        let mut notes = vec![layout.about.clone(), (*part).to_owned()];
        notes.extend(all.iter().map(|(title, _, rows)| not_counted_in(title, rows)));
        notes.push(remains.to_owned());
        let all: Vec<(&'static str, &Sums)> =
            all.into_iter().map(|(title, sums, _)| (title, sums)).collect();
        let summary = sums(&self.rows, &all, notes).sheet;
        self.workbook.add(self.sheet)?;
        let mut sheet = self.workbook.sheet(summary.title, summary.columns)?;
        for row in &summary.rows {
            self.workbook.write(&mut sheet, row)?;
        }
        self.workbook.add(sheet)?;
        self.workbook.finish()
    }
}

/// The title of the column that is added up.
fn amount_title(spec: &Spec) -> &'static str {
    spec.field(spec.amount()).map_or("Amount", |field| field.label)
}
