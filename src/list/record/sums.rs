//! Sums over rows, one for each currency; fast enough to follow every key over all rows.

use crate::domain::money::{Currency, Sums};
use crate::list::record::{Record, Value};

/// As [`sums`], with the rows that take back others counted against them, whichever sign they have.
pub fn net_sums<'a>(records: impl IntoIterator<Item = &'a Record>, field: &str) -> (Sums, usize) {
    sums_by(records, field, |record, minor| if record.takes_back() { -minor.abs() } else { minor })
}

/// The sums of a field for each currency, and how many records have no readable amount in it.
pub fn sums<'a>(records: impl IntoIterator<Item = &'a Record>, field: &str) -> (Sums, usize) {
    sums_by(records, field, |_record, minor| minor)
}

fn sums_by<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    field: &str,
    counted_as: impl Fn(&Record, i128) -> i128,
) -> (Sums, usize) {
    let mut sums = Sums::default();
    let mut without = 0;
    let mut positions = None;
    for record in records {
        let (amount, currency) = *positions
            .get_or_insert_with(|| (record.spec.position(field), record.spec.position("currency")));
        let minor = amount.and_then(|at| record.at(at).minor());
        let currency = currency.map_or(Some(Currency::NONE), |at| named(record.at(at)));
        match minor.zip(currency) {
            Some((minor, currency)) => sums.add(counted_as(record, minor.into()), currency),
            None => without += 1,
        }
    }
    (sums, without)
}

/// The currency that a row names: [`Currency::NONE`] if it names none, `None` if it names something
/// that is not a currency.
fn named(value: &Value) -> Option<Currency> {
    match value {
        Value::Missing | Value::Null => Some(Currency::NONE),
        Value::Text(code) => Currency::parse(code.expose_raw()),
        _ => None,
    }
}
