//! One row of a list: its known fields with their types, and everything else unchanged.

mod json;

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;

use crate::domain::date;
use crate::domain::money::{Currency, Sums, counted, format_amount};
use crate::domain::text::{Untrusted, sanitize};
use crate::list::{Field, Kind, Spec};

pub use json::object_pairs;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    Missing,
    Null,
    Text(Untrusted),
    Minor(i64),
    Date(NaiveDate),
    /// Raw JSON of a type that the contract does not have for this field.
    Odd(Box<Untrusted>),
}

impl Value {
    pub fn raw_text(&self) -> Option<&Untrusted> {
        match self {
            Self::Text(text) => Some(text),
            Self::Odd(json) => Some(json),
            _ => None,
        }
    }

    fn is_given(&self) -> bool {
        !matches!(self, Self::Missing | Self::Null)
    }

    /// Minor units: a JSON integer, or a text of digits, which some payloads have.
    pub fn minor(&self) -> Option<i64> {
        match self {
            Self::Minor(minor) => Some(*minor),
            Self::Text(text) => text.expose_raw().parse().ok(),
            _ => None,
        }
    }

    /// The text or the number that names something, as an id does.
    fn reference(&self) -> Option<&Untrusted> {
        let raw = self.raw_text()?.expose_raw();
        let names_something = match self {
            Self::Odd(_) => !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_digit()),
            _ => !raw.trim().is_empty(),
        };
        self.raw_text().filter(|_| names_something)
    }

    /// [`Currency::NONE`] if it names none, `None` if it names something that is not a currency.
    pub fn currency(&self) -> Option<Currency> {
        match self {
            Self::Missing | Self::Null => Some(Currency::NONE),
            Self::Text(code) => Currency::parse(code.expose_raw()),
            _ => None,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Record {
    spec: &'static Spec,
    values: Box<[Value]>,
    /// One bit for each field that has a value, or is `null`.
    given: u64,
    null: u64,
    rest: Option<Box<Rest>>,
    identity: u64,
    /// `true` if the record has an id; otherwise all of its content identifies it.
    pub has_id: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Rest {
    extras: Vec<(Untrusted, Untrusted)>,
    /// Fields that the response names differently than the contract.
    renamed: Vec<(usize, &'static str)>,
    is_unreadable: bool,
}

/// The most fields of a list; values of later ones are kept as extras.
const MOST_FIELDS: usize = 64;

/// Texts of at least this many bytes are shared between rows; shorter ones are stored in the row.
const WORTH_SHARING: usize = 17;

impl Record {
    /// Reads one element of `data`. Never fails: unreadable parts are kept as extras.
    pub fn read(spec: &'static Spec, json: &str) -> Self {
        let mut values = vec![Value::Missing; spec.fields.len().min(MOST_FIELDS)];
        let mut rest = Rest::default();
        match object_pairs(json) {
            Some(pairs) => {
                for (key, raw) in pairs {
                    let alias =
                        |field: &Field| field.aliases.iter().find(|it| **it == key).copied();
                    let mut slots = spec.fields.iter().zip(&mut values).enumerate();
                    let slot = slots.find(|(_, (it, _))| it.name == key || alias(it).is_some());
                    match slot {
                        Some((at, (field, slot))) if !slot.is_given() => {
                            *slot = json::read_value(field.kind, raw.get());
                            rest.renamed.extend(alias(field).map(|alias| (at, alias)));
                        }
                        _ => rest.extras.push((Untrusted::new(key), Untrusted::new(raw.get()))),
                    }
                }
            }
            None => {
                rest.is_unreadable = true;
                rest.extras.push((Untrusted::new("(row)"), Untrusted::new(json)));
            }
        }
        Self::pack(spec, values, rest)
    }

    fn pack(spec: &'static Spec, all: Vec<Value>, rest: Rest) -> Self {
        let bits = |is_it: fn(&Value) -> bool| {
            all.iter().enumerate().fold(0, |bits, (at, value)| bits | u64::from(is_it(value)) << at)
        };
        let (given, null) = (bits(Value::is_given), bits(|value| *value == Value::Null));
        let values = all.into_iter().filter(Value::is_given).collect();
        let rest = (rest != Rest::default()).then(|| Box::new(rest));
        let mut record = Self { spec, values, given, null, rest, identity: 0, has_id: false };
        (record.identity, record.has_id) = record.identify();
        record
    }

    pub fn share_texts(&mut self, known: &mut HashSet<Untrusted>, most: usize) {
        for value in &mut self.values {
            let Value::Text(text) = value else { continue };
            if text.expose_raw().len() < WORTH_SHARING {
                continue;
            }
            if let Some(shared) = known.get(text) {
                *text = shared.clone();
            } else if known.len() < most {
                known.insert(text.clone());
            }
        }
    }

    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// A hash that is the same for the same record after a refresh.
    pub fn identity(&self) -> u64 {
        self.identity
    }

    /// Fields that the contract does not have: key and JSON, in the order of the response.
    pub fn extras(&self) -> &[(Untrusted, Untrusted)] {
        self.rest.as_ref().map_or(&[], |rest| &rest.extras)
    }

    /// The value in place of a row that is not an object and could not be read.
    pub fn unreadable(&self) -> Option<&Untrusted> {
        let rest = self.rest.as_ref().filter(|rest| rest.is_unreadable)?;
        rest.extras.first().map(|(_, json)| json)
    }

    pub fn is_changed(&self, position: usize) -> bool {
        self.at(position).raw_text().is_some_and(Untrusted::is_changed)
    }

    pub fn value(&self, name: &str) -> &Value {
        self.spec.position(name).map_or(&Value::Missing, |at| self.at(at))
    }

    pub fn at(&self, position: usize) -> &Value {
        let Some(bit) = u32::try_from(position).ok().and_then(|at| 1u64.checked_shl(at)) else {
            return &Value::Missing;
        };
        if self.given & bit != 0 {
            let before = (self.given & (bit - 1)).count_ones() as usize;
            return self.values.get(before).unwrap_or(&Value::Missing);
        }
        if self.null & bit == 0 { &Value::Missing } else { &Value::Null }
    }

    pub fn text(&self, name: &str) -> Option<&Untrusted> {
        match self.value(name) {
            Value::Text(text) if !text.expose_raw().trim().is_empty() => Some(text),
            _ => None,
        }
    }

    pub fn status(&self) -> Option<&str> {
        self.text("status").map(|status| status.expose_raw().trim())
    }

    /// Returns `true` unless the status is a closed one of its list.
    pub fn is_open(&self) -> bool {
        !self.spec().derived.iter().any(|derived| derived.is_closed(self))
    }

    /// The days since an open row fell due; `None` if it is not overdue on `day`.
    pub fn days_overdue(&self, day: NaiveDate) -> Option<i64> {
        self.spec().derived.iter().find_map(|derived| derived.value(self, day))
    }

    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        let Value::Date(day) = self.value(name) else { return None };
        Some(*day)
    }

    /// The reference of the row's booking: a text or a number.
    pub fn booking(&self) -> Option<&Untrusted> {
        self.value(self.spec.booking).reference()
    }

    /// The record with its missing fields taken from a fuller record; other fields do not change.
    pub fn filled_from(&self, fuller: &Self) -> Self {
        let filled = (0..self.spec.fields.len().min(MOST_FIELDS)).map(|at| {
            match (self.at(at), fuller.at(at)) {
                (Value::Missing, other) => other.clone(),
                (Value::Null, other) if *other != Value::Missing => other.clone(),
                (own, _) => own.clone(),
            }
        });
        let is_new = |(key, _): &&(Untrusted, Untrusted)| {
            !self.extras().iter().any(|(known, _)| known == key)
        };
        let added = fuller.extras().iter().filter(is_new).cloned();
        let extras = self.extras().iter().cloned().chain(added).collect();
        let renamed = self.rest.as_ref().map_or_else(Vec::new, |rest| rest.renamed.clone());
        let is_unreadable = self.unreadable().is_some();
        Self::pack(self.spec, filled.collect(), Rest { extras, renamed, is_unreadable })
    }

    fn takes_back(&self) -> bool {
        self.spec.taken_back.is_some_and(|(field, value)| {
            self.text(field).is_some_and(|text| text.expose_raw() == value)
        })
    }

    pub fn currency(&self) -> Currency {
        self.value("currency").currency().unwrap_or(Currency::NONE)
    }

    /// Returns `true` if the currency is not a currency code, so that no sum includes its amounts.
    pub fn has_odd_currency(&self) -> bool {
        self.value("currency").currency().is_none()
    }

    pub fn is_odd(&self, field: &Field) -> bool {
        match (self.value(field.name), field.kind) {
            (Value::Odd(_), _) => true,
            (Value::Text(text), Kind::Date | Kind::Minor | Kind::MinorEur) => {
                !text.expose_raw().is_empty()
            }
            _ => false,
        }
    }

    pub fn minor(&self, name: &str) -> Option<i64> {
        self.value(name).minor()
    }

    pub fn cell(&self, position: usize) -> Cow<'_, str> {
        let Some(field) = self.spec.fields.get(position) else { return Cow::Borrowed("") };
        let value = self.at(position);
        let minor = if field.kind.is_amount() { value.minor() } else { None };
        match (minor, value) {
            (Some(minor), _) => {
                let is_in_euros = field.kind == Kind::MinorEur;
                let currency = if is_in_euros { Currency::EUR } else { self.currency() };
                Cow::Owned(format_amount(minor.into(), currency))
            }
            (_, Value::Date(day)) => Cow::Owned(day.to_string()),
            (_, Value::Odd(json)) => json.shown(),
            (_, Value::Text(text)) => text_cell(field.kind, text),
            (_, Value::Missing | Value::Null | Value::Minor(_)) => Cow::Borrowed(""),
        }
    }

    fn identify(&self) -> (u64, bool) {
        let mut hasher = DefaultHasher::new();
        let named = self.spec.identity.iter().map(|name| self.value(name));
        let has_id = named.clone().any(|value| value.reference().is_some());
        if has_id {
            named.for_each(|value| value.hash(&mut hasher));
        } else {
            (self.given, self.null, &self.values).hash(&mut hasher);
            self.extras().hash(&mut hasher);
        }
        (hasher.finish(), has_id)
    }
}

pub fn unreadable(rows: u64) -> String {
    format!("{} could not be read", counted(rows, "row"))
}

pub fn text_cell(kind: Kind, text: &Untrusted) -> Cow<'_, str> {
    let raw = text.expose_raw();
    match kind {
        Kind::Word(_) if raw.contains('_') => Cow::Owned(sanitize(raw).replace('_', " ")),
        Kind::Timestamp => date::timestamp_in_minutes(raw).map_or_else(|| text.shown(), Cow::Owned),
        _ => text.shown(),
    }
}

/// Like [`sums`], but rows such as credit notes are always subtracted, whichever sign they have.
pub fn net_sums<'a>(records: impl IntoIterator<Item = &'a Record>, field: &str) -> (Sums, usize) {
    sums_by(records, field, |record, minor| if record.takes_back() { -minor.abs() } else { minor })
}

/// The sums of a field for each currency, and how many records have no readable amount in it.
pub fn sums<'a>(records: impl IntoIterator<Item = &'a Record>, field: &str) -> (Sums, usize) {
    sums_by(records, field, |_record, minor| minor)
}

/// Must be fast: it runs over all rows on every key press.
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
        let currency = currency.map_or(Some(Currency::NONE), |at| record.at(at).currency());
        match minor.zip(currency) {
            Some((minor, currency)) => sums.add(counted_as(record, minor.into()), currency),
            None => without += 1,
        }
    }
    (sums, without)
}
