//! What a list is: a [`Spec`] of plain data, from which its table, filters, requests, detail pane and
//! tests follow. A new list is one file with its `SPEC`, its `mod` line and its entry in [`ALL`].

pub mod debt;
pub mod filter;
pub mod invoices;
pub mod payments;
pub mod penalties;
pub mod record;
pub mod scheduled;
pub mod search;
pub mod sort;
pub mod transactions;

use chrono::NaiveDate;

use filter::{Filter, RangeParams};
use record::Record;

/// In the order of the tabs; the first is shown at the start.
pub static ALL: [&Spec; 5] =
    [&transactions::SPEC, &scheduled::SPEC, &invoices::SPEC, &penalties::SPEC, &debt::SPEC];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    Customer,
    Payments,
    Finance,
}

impl Host {
    /// The environment variable that holds its token.
    pub fn token_variable(self) -> &'static str {
        match self {
            Self::Customer => "VALORA_TOKEN",
            Self::Payments => "VALORA_PAYMENTS_TOKEN",
            Self::Finance => "VALORA_FINANCE_TOKEN",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartBy {
    Month(&'static str),
    Week(&'static str),
    /// By days overdue of open rows.
    Age,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Spec {
    pub key: &'static str,
    pub title: &'static str,
    /// Its path below the base URL, `/` between segments.
    pub path: &'static str,
    pub order: &'static str,
    pub booking: &'static str,
    /// The fields that identify a record; empty if all of its content does.
    pub identity: &'static [&'static str],
    pub fields: &'static [Field],
    pub host: Host,
    pub derived: &'static [Derived],
    /// A field and its value in rows such as credit notes, which are always subtracted.
    pub taken_back: Option<(&'static str, &'static str)>,
    pub filters: &'static [Filter],
    /// The fields whose changes between sessions are shown: no names and no account numbers.
    pub tracked: &'static [&'static str],
    pub charts: &'static [ChartBy],
    /// Sample rows of the API, for tests and for lists without stories in the sandbox.
    pub sample: &'static str,
}

impl Spec {
    pub const UNKNOWN: Self = Self {
        key: "",
        title: "",
        path: "",
        order: "the server's own",
        booking: "booking_id",
        identity: &[],
        fields: &[],
        host: Host::Customer,
        derived: &[],
        taken_back: None,
        filters: &[],
        tracked: &[],
        charts: &[],
        sample: "[]",
    };

    pub fn is_of_payments(&self) -> bool {
        self.host == Host::Payments
    }

    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The field that the table's sum adds up: the first amount.
    pub fn amount(&self) -> &'static str {
        let is_amount = |field: &&Field| field.kind == Kind::Minor;
        self.fields.iter().find(is_amount).map_or("amount", |field| field.name)
    }

    pub fn filter(&self, param: &str) -> Option<&'static Filter> {
        self.filters.iter().find(|filter| filter.param == param)
    }

    /// All possible columns, in the order of a record's cells: the fields, then the computed ones.
    pub fn candidates(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().chain(self.derived.iter().map(|derived| &derived.field))
    }

    pub fn described(&self, position: usize) -> Option<&'static Field> {
        self.candidates().nth(position)
    }

    /// The column `name`, also by the name of the range that filters it (`due`, `amount`).
    pub fn column(&self, name: &str) -> Option<&'static str> {
        let named = |name: &str| self.candidates().find(|it| it.name == name).map(|it| it.name);
        named(name).or_else(|| {
            let range = RangeParams::all(self.filters).find(|range| range.name == name)?;
            named(range.from.over.first()?)
        })
    }

    pub fn columns(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.candidates().filter(|field| field.column.is_some()).map(|field| field.name)
    }

    pub fn column_position(&self, name: &str) -> Option<usize> {
        self.candidates().position(|field| field.name == name)
    }

    pub fn positions(&self) -> usize {
        self.fields.len() + self.derived.len()
    }

    pub fn named(key: &str) -> Option<&'static Self> {
        let mut all = ALL.iter().copied().chain([&payments::SPEC]);
        all.find(|spec| spec.key.eq_ignore_ascii_case(key))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    /// Other possible names of the field (contract lines marked \[I\]).
    pub aliases: &'static [&'static str],
    pub label: &'static str,
    pub kind: Kind,
    pub column: Option<Column>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Booking,
    /// A word of an enumeration; `_` is shown as a space. Unknown words are allowed.
    Word(&'static [&'static str]),
    Currency,
    /// Minor units in the currency of the row.
    Minor,
    /// Minor units in euros, whatever the currency of the row.
    MinorEur,
    Date,
    Timestamp,
    Decimal,
    Link,
}

impl Kind {
    /// An amount is never cut.
    pub fn is_amount(self) -> bool {
        matches!(self, Self::Minor | Self::MinorEur)
    }

    pub fn is_right_aligned(self) -> bool {
        self.is_amount() || self == Self::Decimal
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// In a narrow terminal, columns with the highest number are hidden first.
    pub priority: u8,
    /// The minimum width in cells.
    pub least: u16,
    /// The maximum width in cells; longer texts are cut.
    pub most: u16,
}

impl Field {
    pub const fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        Self { name, aliases: &[], label, kind, column: None }
    }

    pub const fn also_named(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Its column in the table, also if the field is not a default column.
    pub fn place(&self) -> Column {
        self.column.unwrap_or(Column { priority: 3, least: 8, most: 40 })
    }

    /// A column that is wide enough for every plausible value.
    pub const fn column(self, priority: u8) -> Self {
        let most = match self.kind {
            // The longest amount: 19 digits, six commas, a point, a sign.
            Kind::Minor | Kind::MinorEur => 27,
            Kind::Currency => 5,
            Kind::Date => 10,
            Kind::Booking => 14,
            // The longest documented word has 25 letters.
            _ => 26,
        };
        Self { column: Some(Column { priority, least: most, most }), ..self }
    }

    pub const fn text_column(self, priority: u8, least: u16, most: u16) -> Self {
        Self { column: Some(Column { priority, least, most }), ..self }
    }
}

/// The days since a date; only for rows that are not closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// Its name and how it is shown; no field of the list has the same name.
    pub field: Field,
    due: &'static str,
    /// Closed statuses. Unknown statuses count as open, so that no open row is missed.
    pub closed: &'static [&'static str],
}

impl Derived {
    pub const fn days_overdue(due: &'static str, closed: &'static [&'static str]) -> Self {
        Self { field: Field::new("days", "Days", Kind::Decimal).text_column(2, 7, 7), due, closed }
    }

    pub fn value(&self, record: &Record, today: NaiveDate) -> Option<i64> {
        let days = today.signed_duration_since(record.date(self.due)?).num_days();
        (days > 0 && !self.is_closed(record)).then_some(days)
    }

    fn is_closed(&self, record: &Record) -> bool {
        record.status().is_some_and(|status| self.closed.contains(&status))
    }
}

#[cfg(test)]
mod tests;
