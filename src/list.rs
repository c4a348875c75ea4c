//! A list is a [`Spec`] of plain data, from which its table, filters, requests, detail pane and tests
//! are derived. A new list is one file with its `SPEC`, its `mod` line and its entry in [`ALL`].

pub mod choice;
pub mod debt;
pub mod derived;
pub mod filter;
pub mod invoices;
pub mod outline;
pub mod payments;
pub mod penalties;
pub mod record;
pub mod roles;
pub mod scheduled;
pub mod shape;
pub mod sort;
pub mod transactions;

pub use derived::{Derived, Rule};
use filter::{Filter, RangeParams};
use roles::Reason;

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

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    pub key: &'static str,
    pub title: &'static str,
    /// Its path below the base URL, `/` between segments.
    pub path: &'static str,
    pub order: &'static str,
    /// The date field by which the server sorts, latest day first.
    pub latest_first: Option<&'static str>,
    pub booking: &'static str,
    /// The fields that identify a record; empty if only its complete content does.
    pub identity: &'static [&'static str],
    pub fields: &'static [Field],
    pub host: Host,
    pub derived: &'static [Derived],
    /// A field and its value in rows that are always subtracted, such as credit notes.
    pub taken_back: Option<(&'static str, &'static str)>,
    pub filters: &'static [Filter],
    /// The fields whose changes are recorded by day, without names and account numbers.
    pub tracked: &'static [&'static str],
    /// The tracked date by which the server probably sends the newest rows first; checked on the rows.
    pub newest_first: Option<&'static str>,
    pub charts: &'static [ChartBy],
    /// Sample rows of the API, for tests and for lists without stories in the sandbox.
    pub sample: &'static str,
    /// `true` once rows of the server have shown which fields exist; see [`shape`].
    pub is_settled: bool,
    /// `true` if a column with the same value in all rows is shown like any other.
    pub shows_uniform: bool,
}

/// The column of exports for values without their own column.
pub const OTHER: &str = "other";

/// The position of the first computed column; fields always have lower positions.
pub const FIRST_DERIVED: usize = 64;

impl Spec {
    pub const UNKNOWN: Self = Self {
        key: "",
        title: "",
        path: "",
        order: "the server's own",
        latest_first: None,
        booking: "booking_id",
        identity: &[],
        fields: &[],
        host: Host::Customer,
        derived: &[],
        taken_back: None,
        filters: &[],
        tracked: &[],
        newest_first: None,
        charts: &[],
        sample: "[]",
        is_settled: false,
        shows_uniform: false,
    };

    /// Returns `true` if both describe the same list, with any fields.
    pub fn is(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// Returns `true` if all its fields are at the same positions in the other.
    pub fn begins(&self, other: &Self) -> bool {
        let mut pairs = self.fields.iter().zip(other.fields);
        self.fields.len() <= other.fields.len() && pairs.all(|(own, its)| own.name == its.name)
    }

    pub fn is_of_payments(&self) -> bool {
        self.host == Host::Payments
    }

    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The field that sums add up: the first documented amount. If it is absent, no other replaces it:
    /// a sum of paid amounts would look like a sum of owed amounts.
    pub fn amount(&self) -> &'static str {
        let is_amount = |field: &&Field| field.kind == Kind::Minor && !field.is_unknown();
        self.fields.iter().find(is_amount).map_or("amount", |field| field.name)
    }

    /// Returns `true` if rows of the list can be closed, such as paid debt.
    pub fn has_closed_rows(&self) -> bool {
        self.derived.iter().any(|derived| !derived.closed.is_empty())
    }

    pub fn filter(&self, param: &str) -> Option<&'static Filter> {
        self.filters.iter().find(|filter| filter.param == param)
    }

    /// The positions of all possible columns: the present fields, then the computed ones.
    pub fn positions(&self) -> impl Iterator<Item = usize> + use<> {
        let is_absent = |name: &str| self.field(name).is_some_and(Field::is_absent);
        let computed = (FIRST_DERIVED..).zip(self.derived).filter(|(_, it)| !is_absent(it.source));
        let computed: Vec<usize> = computed.map(|(at, _)| at).collect();
        let fields = self.fields.iter().enumerate().filter(|(_, field)| !field.is_absent());
        fields.map(|(at, _)| at).chain(computed)
    }

    pub fn candidates(&self) -> impl Iterator<Item = &'static Field> + use<> {
        let (fields, derived) = (self.fields, self.derived);
        self.positions().filter_map(move |at| described(fields, derived, at))
    }

    pub fn described(&self, position: usize) -> Option<&'static Field> {
        described(self.fields, self.derived, position)
    }

    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The column with this name, server key or range name (`due`, `amount`). A documented column may be
    /// absent from the rows; then it is empty.
    pub fn column(&self, name: &str) -> Option<&'static str> {
        let named = |name: &str| {
            let computed = || self.derived.iter().map(|it| &it.field).find(|it| it.name == name);
            self.field(name).or_else(computed).map(|field| field.name)
        };
        let is_under = |field: &&Field| field.keys().is_some_and(|keys| keys.join(".") == name);
        named(name).or_else(|| Some(self.fields.iter().find(is_under)?.name)).or_else(|| {
            let range = RangeParams::all(self.filters).find(|range| range.name == name)?;
            named(range.from.over.first()?)
        })
    }

    pub fn columns(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.candidates().filter(|field| field.column.is_some()).map(|field| field.name)
    }

    /// The position of a column, present or not.
    pub fn column_position(&self, name: &str) -> Option<usize> {
        let mut computed = (FIRST_DERIVED..).zip(self.derived);
        let computed = computed.find(|(_, derived)| derived.field.name == name).map(|(at, _)| at);
        self.position(name).or(computed)
    }

    /// Returns `true` if a column has values in the loaded rows.
    pub fn comes(&self, name: &str) -> bool {
        self.candidates().any(|field| field.name == name)
    }

    /// The computed column of a rule, if the list has it.
    pub fn computed(&self, rule: Rule) -> Option<&'static Derived> {
        self.derived.iter().find(|derived| derived.rule == rule)
    }

    pub fn named(key: &str) -> Option<&'static Self> {
        let mut all = ALL.iter().copied().chain([&payments::SPEC]);
        all.find(|spec| spec.key.eq_ignore_ascii_case(key))
    }
}

fn described(
    fields: &'static [Field],
    derived: &'static [Derived],
    position: usize,
) -> Option<&'static Field> {
    match position.checked_sub(FIRST_DERIVED) {
        Some(at) => derived.get(at).map(|derived| &derived.field),
        None => fields.get(position),
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
    pub key: Key,
}

/// Where the server's rows have a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Under its documented name.
    Documented,
    /// Under other keys (from the outside in) that were recognized as this field.
    Recognized(&'static [&'static str], Reason),
    /// Under these keys: an undocumented field of the server.
    Unknown(&'static [&'static str]),
    /// Not found so far.
    Absent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
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
    /// An integer that is not an amount, shown unchanged.
    Whole,
    Link,
}

impl Kind {
    /// An amount is never cut.
    pub fn is_amount(self) -> bool {
        matches!(self, Self::Minor | Self::MinorEur)
    }

    pub fn is_right_aligned(self) -> bool {
        self.is_amount() || matches!(self, Self::Decimal | Self::Whole)
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
        Self { name, aliases: &[], label, kind, column: None, key: Key::Documented }
    }

    pub const fn also_named(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    pub fn is_absent(&self) -> bool {
        self.key == Key::Absent
    }

    /// An undocumented field of the server.
    pub fn is_unknown(&self) -> bool {
        matches!(self.key, Key::Unknown(_))
    }

    /// Its keys in the rows, from the outside in; empty if the rows lack it.
    pub fn path(&self) -> &[&'static str] {
        match &self.key {
            Key::Documented => std::slice::from_ref(&self.name),
            Key::Recognized(keys, _) | Key::Unknown(keys) => keys,
            Key::Absent => &[],
        }
    }

    /// Returns `true` if the field is under these keys, from the outside in.
    pub fn is_at(&self, path: &[impl AsRef<str>]) -> bool {
        let own = self.path();
        !own.is_empty()
            && own.len() == path.len()
            && own.iter().zip(path).all(|(own, other)| *own == other.as_ref())
    }

    /// Returns `true` if its keys, joined by dots, are these.
    pub fn joins_to(&self, path: &str) -> bool {
        let mut rest = Some(path).filter(|_| !self.path().is_empty());
        for (at, key) in self.path().iter().enumerate() {
            rest = rest.and_then(|rest| if at > 0 { rest.strip_prefix('.') } else { Some(rest) });
            rest = rest.and_then(|rest| rest.strip_prefix(key));
        }
        rest == Some("")
    }

    /// The keys of a field that does not have its documented name.
    pub fn keys(&self) -> Option<&'static [&'static str]> {
        match self.key {
            Key::Recognized(keys, _) | Key::Unknown(keys) => Some(keys),
            Key::Documented | Key::Absent => None,
        }
    }

    /// The column of the field, even if it is not a default column.
    pub fn place(&self) -> Column {
        self.column.unwrap_or(Column { priority: 3, least: 8, most: 40 })
    }

    /// A column that is wide enough for every plausible value.
    pub const fn column(self, priority: u8) -> Self {
        let most = match self.kind {
            // The longest amount: 19 digits, six commas, a point, a sign.
            Kind::Minor | Kind::MinorEur => 27,
            // A code, or words in its place: "US Dollar".
            Kind::Currency => 12,
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

#[cfg(test)]
mod tests;
