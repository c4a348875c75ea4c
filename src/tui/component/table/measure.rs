//! Measures rows for the layout of columns: the widths of values, and which fields never differ.

use std::iter::repeat_n;

use unicode_width::UnicodeWidthStr;

use super::Table;
use super::arrange::WIDTHS;
use crate::list::record::{Record, Value};
use crate::list::{FIRST_DERIVED, Kind, Spec};

/// The widths before any row is measured: the greatest for computed texts, so that a column keeps
/// its width when names arrive; the least for computed numbers.
pub(super) fn no_widths(spec: &Spec) -> Vec<u16> {
    let computed = spec.derived.iter().map(|it| {
        let place = it.field.place();
        if it.field.kind == Kind::Text { place.most } else { place.least }
    });
    repeat_n(0, FIRST_DERIVED).chain(computed).collect()
}

/// Cells of `yes`, the text of a flag that is set; others are empty.
const YES: u16 = 3;
/// Bytes; a longer text counts as wider than any column, since measuring it would be slow.
const LONG: usize = 1_024;

pub(super) fn measure(widths: &mut [u16], record: &Record) {
    for (position, width) in widths.iter_mut().enumerate().take(record.spec().fields.len()) {
        let text = record.at(position).raw_text();
        let cells = if matches!(record.at(position), Value::Flag(_)) {
            YES
        } else if text.is_some_and(|text| text.expose_raw().len() >= LONG) {
            *WIDTHS.end()
        } else {
            u16::try_from(record.cell(position).width()).unwrap_or(u16::MAX)
        };
        *width = cells.max(*width);
    }
}

/// The fields in which a record differs from the first one, without those `known` to differ.
pub(super) fn varying(known: u64, first: Option<&Record>, record: &Record) -> u64 {
    let Some(first) = first else { return 0 };
    let fields = 0..record.spec().fields.len().min(FIRST_DERIVED);
    let differs = |at: &usize| known & (1 << at) == 0 && first.at(*at) != record.at(*at);
    fields.filter(differs).fold(0, |bits, at| bits | 1 << at)
}

impl Table {
    /// Returns `true` for a field that is the same, or empty, in all of several rows.
    pub fn is_uniform(&self, position: usize) -> bool {
        let is_same = position < FIRST_DERIVED && self.varying & (1 << position) == 0;
        is_same && self.records.len() > 1 && !self.spec.shows_uniform
    }

    /// Returns `true` if the user chose the columns.
    pub fn has_own_columns(&self) -> bool {
        !self.chosen.columns.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_uniform_until_one_row_differs() {
        let spec = Spec::named("transactions").unwrap();
        let mut table = Table::new(spec);
        let row = |kind: &str, booking: u32| {
            let json = format!(r#"{{"booking_id":"BK{booking}","type":"{kind}","action":null}}"#);
            Record::read(spec, &json)
        };
        let [kind, booking, action] =
            ["type", "booking_id", "action"].map(|name| spec.position(name).unwrap());
        let uniform = |table: &Table| [kind, booking, action].map(|at| table.is_uniform(at));
        table.replace([vec![row("Transfer", 100_001)]]);
        assert_eq!(uniform(&table), [false; 3], "one row says nothing");
        table.extend(vec![row("Transfer", 100_002)]);
        assert_eq!(uniform(&table), [true, false, true]);
        table.extend(vec![row("Refund", 100_003), row("Transfer", 100_004)]);
        assert_eq!(uniform(&table), [false, false, true]);
        table.replace([vec![row("Refund", 100_001), row("Refund", 100_001)]]);
        assert_eq!(uniform(&table), [true; 3]);
    }
}
