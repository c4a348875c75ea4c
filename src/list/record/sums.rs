//! Sums over rows, one for each currency; fast enough to follow every key over all rows.

use crate::domain::money::{Currency, Sums};
use crate::list::record::{Record, Value};

/// As [`sums`], with the rows that take back others counted against them.
pub fn net_sums<'a>(
    records: impl IntoIterator<Item = &'a Record> + Clone,
    field: &str,
) -> (Sums, usize) {
    let (mut net, without) = sums(records.clone(), field);
    let taken_back = |record: &&Record| record.spec.taken_back.is_some() && record.takes_back();
    for record in records.into_iter().filter(taken_back) {
        if let Some(minor) = record.minor(field).filter(|_| !record.has_odd_currency()) {
            net.add(-2 * i128::from(minor.max(0)), record.currency());
        }
    }
    (net, without)
}

/// The sums of a field for each currency, and how many records have no readable amount in it.
pub fn sums<'a>(records: impl IntoIterator<Item = &'a Record>, field: &str) -> (Sums, usize) {
    let mut sums = Sums::default();
    let mut without = 0;
    let mut places = None;
    // Rows of one currency mostly stand together: they are added up before they are filed.
    let mut run = (Currency::NONE, 0i128, false);
    for record in records {
        let (amount, currency) = *places
            .get_or_insert_with(|| (record.spec.position(field), record.spec.position("currency")));
        let minor = amount.and_then(|at| record.at(at).minor());
        let currency = currency.map_or(Some(Currency::NONE), |at| named(record.at(at)));
        let (Some(minor), Some(currency)) = (minor, currency) else {
            without += 1;
            continue;
        };
        if run.2 && run.0 != currency {
            sums.add(run.1, run.0);
            run.1 = 0;
        }
        run = (currency, run.1 + i128::from(minor), true);
    }
    if run.2 {
        sums.add(run.1, run.0);
    }
    (sums, without)
}

/// The currency that a row names: none where it names none, nothing where what it names is none.
fn named(value: &Value) -> Option<Currency> {
    match value {
        Value::Missing | Value::Null => Some(Currency::NONE),
        Value::Text(code) => {
            Currency::parse(code.expose_raw()).filter(|known| *known != Currency::NONE)
        }
        _ => None,
    }
}
