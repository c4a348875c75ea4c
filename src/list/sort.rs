//! Sorts rows by a column: amounts, days and numbers by value, texts in natural order.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::date;
use crate::domain::money::Currency;
use crate::domain::normalize::normalize_into;
use crate::list::record::sums::AmountAt;
use crate::list::record::{Record, Value};
use crate::list::{Kind, Spec};

/// Decimal places by which decimal numbers are compared: those of an exchange rate.
const DECIMALS: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// A column of the list, as [`Spec::column`] gives it.
    pub column: &'static str,
    pub descending: bool,
}

/// The indexes of the rows, sorted stably; rows without a readable value are always last, as are those
/// in no sum when amounts are sorted. Amounts are grouped by currency code; texts are normalized, and digits in them compare as numbers.
pub fn order(spec: &'static Spec, records: &[Record], sort: Sort, today: NaiveDate) -> Vec<u32> {
    let way = sort.descending;
    let by_value = |value: &dyn Fn(&Record) -> Option<i64>| {
        by_number(records, way, |record| Some((0, value(record)?)))
    };
    let Some(at) = spec.position(sort.column) else {
        let derived = spec.derived.iter().find(|derived| derived.field.name == sort.column);
        return by_value(&|record| derived?.value(record, today));
    };
    match spec.fields.get(at).map(|field| field.kind) {
        Some(Kind::Minor) => {
            let amount = AmountAt::of(spec, sort.column);
            by_number(records, way, |record| {
                let (minor, currency) = amount.summand(record).ok()?;
                Some((group(currency), minor))
            })
        }
        Some(Kind::MinorEur) => by_value(&|record| record.at(at).minor()),
        Some(Kind::Date) => {
            by_value(&|record| Some(record.at(at).date()?.num_days_from_ce().into()))
        }
        Some(Kind::Timestamp) => by_value(&|record| match record.at(at) {
            Value::Text(text) => Some(date::instant(text.expose_raw())?.timestamp_micros()),
            _ => None,
        }),
        Some(Kind::Decimal) => by_value(&|record| decimal(&record.cell(at))),
        _ => by_text(records, at, way),
    }
}

/// An index as `u32`; there are never more rows than that.
fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Sorts by group (always ascending), number, then position, packed into one integer for speed.
fn by_number(
    records: &[Record],
    descending: bool,
    key: impl Fn(&Record) -> Option<(u32, i64)>,
) -> Vec<u32> {
    let mut keyed: Vec<u128> = Vec::with_capacity(records.len());
    let mut without = Vec::new();
    for (place, record) in (0_u32..).zip(records) {
        let Some((group, number)) = key(record) else {
            without.push(place);
            continue;
        };
        let directed = if descending { !number } else { number }.cast_unsigned() ^ (1 << 63);
        keyed.push(u128::from(group) << 96 | u128::from(directed) << 32 | u128::from(place));
    }
    keyed.sort_unstable();
    let place = |key| u32::try_from(key & u128::from(u32::MAX)).unwrap_or_default();
    keyed.into_iter().map(place).chain(without).collect()
}

/// The group of a currency, in the order of the codes. Rows without a currency are the last group.
fn group(currency: Currency) -> u32 {
    if currency == Currency::NONE {
        return u32::MAX;
    }
    currency.code().bytes().fold(0, |group, letter| group << 8 | u32::from(letter))
}

/// A decimal number as an integer in units of the last of its compared digits.
fn decimal(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let fraction = fraction.get(..DECIMALS).unwrap_or(fraction);
    format!("{sign}{whole}{fraction:0<DECIMALS$}").parse().ok()
}

const MOST_KNOWN: usize = 20_000;

/// The position of a row's key in the buffer of keys, with its first bytes for fast comparison.
#[derive(Clone, Copy)]
struct TextKey {
    start: u128,
    from: u32,
    to: u32,
    place: u32,
}

fn by_text(records: &[Record], at: usize, descending: bool) -> Vec<u32> {
    let mut bytes: Vec<u8> = Vec::with_capacity(records.len() * 16);
    let mut normalized = String::new();
    // Names repeat, and normalizing those that are not ASCII takes most of the time.
    let mut known: HashMap<&str, TextKey> = HashMap::new();
    let mut keys = Vec::with_capacity(records.len());
    let mut without = Vec::new();
    for (index, record) in records.iter().enumerate() {
        let cell = record.cell(at);
        if cell.trim().is_empty() {
            without.push(place(index));
            continue;
        }
        let text = match cell {
            Cow::Borrowed(text) if !text.is_ascii() => Some(text),
            _ => None,
        };
        if let Some(key) = text.and_then(|text| known.get(text)) {
            keys.push(TextKey { place: place(index), ..*key });
            continue;
        }
        normalized.clear();
        normalize_into(&mut normalized, &cell);
        let from = bytes.len();
        push_natural(&mut bytes, normalized.as_bytes());
        let key = bytes.get(from..).unwrap_or_default();
        let first = std::array::from_fn(|at| key.get(at).copied().unwrap_or_default());
        let start = u128::from_be_bytes(first);
        let (from, to) = (place(from), place(bytes.len()));
        let key = TextKey { start, from, to, place: place(index) };
        if let Some(text) = text.filter(|_| known.len() < MOST_KNOWN) {
            known.insert(text, key);
        }
        keys.push(key);
    }
    let rest = |key: &TextKey| bytes.get(key.from as usize..key.to as usize).unwrap_or_default();
    keys.sort_unstable_by(|left, right| {
        let by_text = left.start.cmp(&right.start).then_with(|| rest(left).cmp(rest(right)));
        let by_text = if descending { by_text.reverse() } else { by_text };
        by_text.then_with(|| left.place.cmp(&right.place))
    });
    keys.into_iter().map(|key| key.place).chain(without).collect()
}

/// Bytes in natural order: a number is a `0`, its count of digits, then they: longer is greater.
fn push_natural(key: &mut Vec<u8>, mut text: &[u8]) {
    while let Some(&first) = text.first() {
        let is_digit = first.is_ascii_digit();
        let run = text.iter().position(|b| b.is_ascii_digit() != is_digit).unwrap_or(text.len());
        let (piece, rest) = text.split_at(run);
        if is_digit {
            let zeros = piece.iter().take_while(|digit| **digit == b'0').count();
            let digits = piece.get(zeros..).unwrap_or_default();
            key.extend([b'0', u8::try_from(digits.len()).unwrap_or(u8::MAX)]);
            key.extend(digits);
        } else {
            key.extend(piece);
        }
        text = rest;
    }
}

#[cfg(test)]
mod tests;
