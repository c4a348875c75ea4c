//! Sorts rows by a column: amounts, days and numbers by value, texts in natural order.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::date;
use crate::domain::money::Currency;
use crate::domain::names::Names;
use crate::domain::normalize::normalize_into;
use crate::domain::text::Untrusted;
use crate::list::record::sums::AmountAt;
use crate::list::record::{Record, Value};
use crate::list::{Kind, Rule, Spec};

/// The field that has the amount of a row in EUR.
pub const IN_EUROS: &str = "amount_eur";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// A column of the list, as [`Spec::column`] returns it.
    pub column: &'static str,
    pub descending: bool,
}

/// How amounts of several currencies are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
pub enum AmountBasis {
    /// Each row has its amount in EUR.
    #[strum(to_string = "in EUR")]
    Eur,
    #[strum(to_string = "by currency, then amount")]
    Currency,
}

/// The indexes of the rows, sorted stably, and the basis of amounts in several currencies. Rows without a
/// valid value are always last, as are rows that sums do not count when amounts are sorted. Texts are
/// normalized, and digits in them compare as numbers.
pub fn order(
    spec: &'static Spec,
    records: &[Record],
    sort: Sort,
    today: NaiveDate,
) -> (Vec<u32>, Option<AmountBasis>) {
    let kind = spec.field(sort.column).map(|field| field.kind);
    if kind == Some(Kind::Minor) {
        by_amount(spec, records, sort)
    } else {
        (by_cell(spec, records, sort, today), None)
    }
}

fn by_amount(
    spec: &'static Spec,
    records: &[Record],
    sort: Sort,
) -> (Vec<u32>, Option<AmountBasis>) {
    let amount = AmountAt::of(spec, sort.column);
    let has_euros = sort.column == spec.amount()
        && spec.field(IN_EUROS).is_some_and(|field| field.kind == Kind::MinorEur);
    let euros = has_euros.then(|| AmountAt::of(spec, IN_EUROS));
    let in_euros = |record: &Record, (minor, currency): (i64, Currency)| match currency {
        Currency::EUR => Some(minor),
        _ => Some(euros?.summand(record).ok()?.0),
    };
    let summands = || records.iter().filter_map(|it| Some((it, amount.summand(it).ok()?)));
    let mut currencies = summands().map(|(_, (_, currency))| currency);
    let first = currencies.next();
    let basis = if currencies.all(|currency| Some(currency) == first) {
        None
    } else if summands().all(|(record, summand)| in_euros(record, summand).is_some()) {
        Some(AmountBasis::Eur)
    } else {
        Some(AmountBasis::Currency)
    };
    let places = by_number(records, sort.descending, |record| {
        let summand = amount.summand(record).ok()?;
        match basis {
            Some(AmountBasis::Eur) => Some((0, in_euros(record, summand)?)),
            _ => Some((group(summand.1), summand.0)),
        }
    });
    (places, basis)
}

fn by_cell(spec: &'static Spec, records: &[Record], sort: Sort, today: NaiveDate) -> Vec<u32> {
    let way = sort.descending;
    let by_value = |value: &dyn Fn(&Record) -> Option<i64>| {
        by_number(records, way, |record| Some((0, value(record)?)))
    };
    let Some(at) = spec.position(sort.column) else {
        let derived = spec.derived.iter().find(|derived| derived.field.name == sort.column);
        return by_value(&|record| derived?.value(record, today));
    };
    match spec.fields.get(at).map(|field| field.kind) {
        Some(Kind::MinorEur) => by_value(&|record| record.at(at).minor()),
        Some(Kind::Date) => {
            by_value(&|record| Some(record.at(at).date()?.num_days_from_ce().into()))
        }
        Some(Kind::Timestamp) => by_value(&|record| match record.at(at) {
            Value::Text(text) => Some(date::comparable(text.expose_raw())?.timestamp_micros()),
            _ => None,
        }),
        Some(Kind::Whole | Kind::Decimal) => {
            by_bytes(records, way, |record| record.cell(at), push_number)
        }
        _ => by_text(records, way, |record| record.cell(at)),
    }
}

/// Sorts by the name of the owner, if the list has one.
pub fn order_by_owner(
    spec: &'static Spec,
    records: &[Record],
    descending: bool,
    names: &Names,
) -> Vec<u32> {
    let owner = spec.computed(Rule::Owner);
    by_text(records, descending, |record| {
        let name = owner.and_then(|owner| owner.owner_of(record, names));
        name.map(Untrusted::shown).unwrap_or_default()
    })
}

fn by_text<'a>(
    records: &'a [Record],
    descending: bool,
    text: impl Fn(&'a Record) -> Cow<'a, str>,
) -> Vec<u32> {
    let mut normalized = String::new();
    by_bytes(records, descending, text, |key, text| {
        normalized.clear();
        normalize_into(&mut normalized, text);
        push_natural(key, normalized.as_bytes());
        !text.trim().is_empty()
    })
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

/// Encodes a number of any size so that its bytes sort by value: the sign, the position of the first digit,
/// the digits. Returns `false` if it is not a number.
fn push_number(key: &mut Vec<u8>, text: &str) -> bool {
    let text = text.trim();
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (is_negative, number) = match number.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = [whole, fraction].concat();
    let Some(exponent) = exponent.parse::<i32>().ok().filter(|_| !whole.is_empty()) else {
        return false;
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let significant = digits.trim_start_matches('0');
    let zeros = digits.len() - significant.len();
    let (Ok(before), Ok(zeros)) = (i64::try_from(whole.len()), i64::try_from(zeros)) else {
        return false;
    };
    let significant = significant.trim_end_matches('0');
    if significant.is_empty() {
        key.push(1);
        return true;
    }
    let place = (i64::from(exponent) + before - zeros).cast_unsigned() ^ (1 << 63);
    let bytes = place.to_be_bytes().into_iter().chain(significant.bytes());
    if is_negative {
        key.push(0);
        key.extend(bytes.map(|byte| !byte));
        // After the digits, because -1.5 sorts before -1.
        key.push(u8::MAX);
    } else {
        key.push(2);
        key.extend(bytes);
    }
    true
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

/// Sorts by bytes that `push` appends for the text of a cell; it returns `false` for one without a value.
fn by_bytes<'a>(
    records: &'a [Record],
    descending: bool,
    text: impl Fn(&'a Record) -> Cow<'a, str>,
    mut push: impl FnMut(&mut Vec<u8>, &str) -> bool,
) -> Vec<u32> {
    let mut bytes: Vec<u8> = Vec::with_capacity(records.len() * 16);
    // Names repeat, and normalizing those that are not ASCII takes most of the time.
    let mut known: HashMap<&str, TextKey> = HashMap::new();
    let mut keys = Vec::with_capacity(records.len());
    let mut without = Vec::new();
    for (index, record) in records.iter().enumerate() {
        let cell = text(record);
        let text = match cell {
            Cow::Borrowed(text) if !text.is_ascii() => Some(text),
            _ => None,
        };
        if let Some(key) = text.and_then(|text| known.get(text)) {
            keys.push(TextKey { place: place(index), ..*key });
            continue;
        }
        let from = bytes.len();
        if !push(&mut bytes, &cell) {
            bytes.truncate(from);
            without.push(place(index));
            continue;
        }
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

/// Bytes in natural order: a number is a `0`, its count of digits, then the digits.
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
