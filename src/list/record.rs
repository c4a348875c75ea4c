//! One row of a list: its known fields with their types, and everything else unchanged.

mod fit;
mod identity;
mod json;
mod reader;
pub mod sums;

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::NaiveDate;

use crate::domain::date;
use crate::domain::money::{Currency, counted, format_amount};
use crate::domain::normalize::is_same_word;
use crate::domain::text::{Untrusted, sanitize};
use crate::list::{Field, Kind, Rule, Spec};

use reader::Reader;

pub use json::{is_decimal_amount, normal, object_pairs};
pub(super) use reader::Row;
pub use reader::walk_value;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    Missing,
    Null,
    Text(Untrusted),
    Minor(i64),
    /// JSON of an amount that is not a whole number of minor units: `866.604`, `200.0`, `"2000.00"`. It
    /// may be in major units, so it is shown unchanged and not counted in sums.
    Decimal(Box<Untrusted>),
    Date(NaiveDate),
    Flag(bool),
    /// Raw JSON of a type that the contract does not allow for this field.
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

    /// Minor units: a JSON integer, or a text of digits as in some payloads.
    pub fn minor(&self) -> Option<i64> {
        match self {
            Self::Minor(minor) => Some(*minor),
            Self::Text(text) => text.expose_raw().parse().ok(),
            _ => None,
        }
    }

    /// A text or number that identifies something, such as an id.
    pub fn reference(&self) -> Option<&Untrusted> {
        let raw = self.raw_text()?.expose_raw();
        let names_something = match self {
            Self::Odd(_) => !raw.is_empty() && raw.bytes().all(|byte| byte.is_ascii_digit()),
            _ => !raw.trim().is_empty(),
        };
        self.raw_text().filter(|_| names_something)
    }

    /// The written day, also of a text that includes a time.
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(day) => Some(*day),
            Self::Text(text) => date::day(text.expose_raw()),
            _ => None,
        }
    }

    /// The unchanged digits of a [`Value::Decimal`], printable.
    pub fn decimal(&self) -> Option<Cow<'_, str>> {
        let Self::Decimal(json) = self else { return None };
        Some(sanitize(json.expose_raw().trim_matches('"')))
    }

    /// The JSON of any value.
    pub fn json(&self) -> Option<Untrusted> {
        json::to_text(self)
    }

    /// The server's text for an amount that is not a whole number of minor units.
    pub fn odd_amount(&self) -> Option<Untrusted> {
        if self.minor().is_some() {
            return None;
        }
        let came = match self {
            Self::Flag(flag) => Some(Untrusted::new(flag.to_string())),
            _ => self.decimal().map(Untrusted::new).or_else(|| self.raw_text().cloned()),
        };
        came.filter(|came| !came.expose_raw().trim().is_empty())
    }

    /// [`Currency::NONE`] without a currency, [`Currency::UNKNOWN`] if it is not a currency code.
    pub fn currency(&self) -> Currency {
        match self {
            Self::Missing | Self::Null => Currency::NONE,
            Self::Text(code) if code.expose_raw().trim().is_empty() => Currency::NONE,
            Self::Text(code) => Currency::parse(code.expose_raw()).unwrap_or(Currency::UNKNOWN),
            _ => Currency::UNKNOWN,
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
    /// `true` if the record has an id; otherwise its complete content identifies it.
    pub has_id: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Rest {
    extras: Vec<(Untrusted, Untrusted)>,
    is_unreadable: bool,
}

/// Texts of at least this many bytes are shared between rows; shorter ones are stored in the row.
const WORTH_SHARING: usize = 17;

impl Record {
    /// Reads one element of `data`. Never fails: parts that cannot be read become extras.
    pub fn read(spec: &'static Spec, json: &str) -> Self {
        Self::of_row(spec, &Row::new(json))
    }

    pub(in crate::list) fn of_row(spec: &'static Spec, row: &Row<'_>) -> Self {
        let mut reader = Reader::new(spec);
        reader.read(row);
        Self::pack(spec, reader.values, reader.rest)
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

    /// Values that no field of the list holds: keys, joined by dots, and JSON, in the response's order.
    pub fn extras(&self) -> &[(Untrusted, Untrusted)] {
        self.rest.as_ref().map_or(&[], |rest| &rest.extras)
    }

    /// The raw value of a row that could not be read, because it is not an object.
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

    /// Returns `true` unless the status is one of the list's closed ones.
    pub fn is_open(&self) -> bool {
        !self.spec().derived.iter().any(|derived| derived.is_closed(self))
    }

    /// The days since an open row fell due; `None` if it is not overdue on `day`.
    pub fn days_overdue(&self, day: NaiveDate) -> Option<i64> {
        self.days_late(day).filter(|days| *days > 0)
    }

    /// The same, also for a row that is not due yet: negative.
    pub fn days_late(&self, day: NaiveDate) -> Option<i64> {
        self.spec().computed(Rule::Days)?.value(self, day)
    }

    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        self.value(name).date()
    }

    /// The text or number in this field that identifies a document or a booking.
    pub fn reference(&self, name: &str) -> Option<&Untrusted> {
        self.value(name).reference()
    }

    pub fn booking(&self) -> Option<&Untrusted> {
        self.reference(self.spec.booking)
    }

    /// The fields with a value: their names in the list, and their JSON.
    pub fn fields_as_json(&self) -> impl Iterator<Item = (&'static str, Untrusted)> {
        let fields = self.spec.fields.iter().enumerate();
        fields.filter_map(|(at, field)| Some((field.name, self.at(at).json()?)))
    }

    /// All undocumented values: keys, joined by dots, and JSON.
    pub fn unknown(&self) -> impl Iterator<Item = (Untrusted, Untrusted)> {
        let fields = self.spec.fields.iter().enumerate().filter(|(_, field)| field.is_unknown());
        let fields = fields.filter_map(|(at, field)| {
            Some((Untrusted::new(field.keys()?.join(".")), self.at(at).json()?))
        });
        fields.chain(self.extras().iter().cloned())
    }

    /// Returns `true` for a row such as a credit note, in any spelling of the word for it.
    pub fn takes_back(&self) -> bool {
        self.spec.taken_back.is_some_and(|(field, value)| {
            self.text(field).is_some_and(|text| is_same_word(text.expose_raw(), value))
        })
    }

    pub fn currency(&self) -> Currency {
        self.value("currency").currency()
    }

    /// The code of the currency, or the server's text in its place, printable.
    pub fn currency_text(&self) -> Cow<'_, str> {
        let value = self.value("currency");
        match (value.currency(), value.raw_text()) {
            (Currency::UNKNOWN, Some(text)) => text.shown(),
            (currency, _) => Cow::Owned(currency.code().to_owned()),
        }
    }

    /// An amount with its currency: `EUR 245.03`, `Euro 100.00`, `EUR 866.604?`.
    pub fn money(&self, name: &str) -> Option<String> {
        let position = self.spec.position(name)?;
        let value = self.at(position);
        let is_euro = self.spec.fields.get(position)?.kind == Kind::MinorEur;
        let currency = if is_euro { Cow::Borrowed("EUR") } else { self.currency_text() };
        (value.minor().is_some() || value.decimal().is_some())
            .then(|| format!("{currency} {}", self.cell(position)).trim_start().to_owned())
    }

    pub fn is_odd(&self, field: &Field) -> bool {
        match (self.value(field.name), field.kind) {
            // An undocumented field has no expected type.
            (Value::Odd(_), Kind::Text | Kind::Decimal) | (Value::Flag(_), _)
                if field.is_unknown() =>
            {
                false
            }
            (Value::Odd(_) | Value::Decimal(_) | Value::Flag(_), _) => true,
            (Value::Text(text), Kind::Minor | Kind::MinorEur) => !text.expose_raw().is_empty(),
            (value @ Value::Text(text), Kind::Date) => {
                !text.expose_raw().is_empty() && value.date().is_none()
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
            (_, Value::Flag(flag)) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            // Marked, so that it is not mistaken for major units.
            (_, Value::Decimal(_)) => {
                Cow::Owned(value.decimal().unwrap_or_default().into_owned() + "?")
            }
            (_, Value::Odd(json)) => json.shown(),
            (_, Value::Text(text)) => text_cell(field.kind, text),
            (_, Value::Minor(number)) => Cow::Owned(number.to_string()),
            (_, Value::Missing | Value::Null) => Cow::Borrowed(""),
        }
    }
}

pub fn unreadable(rows: u64) -> String {
    format!("{} could not be read", counted(rows, "row"))
}

pub fn text_cell(kind: Kind, text: &Untrusted) -> Cow<'_, str> {
    let raw = text.expose_raw();
    match kind {
        Kind::Word(_) if raw.contains('_') => Cow::Owned(sanitize(raw).replace('_', " ")),
        Kind::Date => date::day(raw).map_or_else(|| text.shown(), |day| day.to_string().into()),
        Kind::Timestamp => date::timestamp_in_minutes(raw).map_or_else(|| text.shown(), Cow::Owned),
        _ => text.shown(),
    }
}
