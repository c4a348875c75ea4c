//! The largest open rows of a list.

use std::cmp::Reverse;

use chrono::NaiveDate;

use crate::figures::Figures;
use crate::list::record::Record;

/// The open rows with an amount in EUR, the largest first. Amounts without EUR cannot be compared.
pub fn biggest(rows: &[Record], most: usize, today: NaiveDate) -> Vec<&Record> {
    let euros = |row: &Record| {
        let open = Figures::of([row], today).open.euros();
        (row.is_open() && open.without == 0 && open.minor > 0).then_some(open.minor)
    };
    let mut all: Vec<_> = rows.iter().filter_map(|row| Some((euros(row)?, row))).collect();
    all.sort_by_key(|(euros, _)| Reverse(*euros));
    all.into_iter().take(most).map(|(_, row)| row).collect()
}
