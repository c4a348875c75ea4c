//! The query parameters of a list, as data.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterKind {
    Search,
    Exact,
    /// Its documented words; the server may accept others.
    OneOf(&'static [&'static str]),
    Date,
    /// An amount in major units with a dot (contract, "Every request").
    Amount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    pub param: &'static str,
    pub label: &'static str,
    pub kind: FilterKind,
    pub over: Fields,
    pub range_end: Option<RangeEnd>,
    /// The words that the documents show in rows, for an exact filter.
    known: &'static [&'static str],
    /// The words of an exact filter in the contract's spelling, which rows may spell differently.
    pub documented: &'static [&'static str],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeEnd {
    /// The name of the range whose start or end it sets: `due`.
    pub range: &'static str,
    pub end: End,
}

/// Ranges include both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    From,
    To,
}

/// The documented fields that contain an IBAN.
const ACCOUNTS: &[&str] = &["iban", "bank_account"];

type Fields = &'static [&'static str];

impl Filter {
    pub const fn search(over: Fields) -> Self {
        Self::new("search", "Search", FilterKind::Search, over)
    }

    pub const fn exact(param: &'static str, label: &'static str, over: Fields) -> Self {
        Self::new(param, label, FilterKind::Exact, over)
    }

    pub const fn one_of(
        param: &'static str,
        label: &'static str,
        over: Fields,
        values: &'static [&'static str],
    ) -> Self {
        Self::new(param, label, FilterKind::OneOf(values), over)
    }

    pub const fn date(param: &'static str, label: &'static str, over: Fields) -> Self {
        Self::new(param, label, FilterKind::Date, over)
    }

    pub const fn amount(param: &'static str, label: &'static str, over: Fields) -> Self {
        Self::new(param, label, FilterKind::Amount, over)
    }

    const fn new(param: &'static str, label: &'static str, kind: FilterKind, over: Fields) -> Self {
        Self { param, label, kind, over, range_end: None, known: &[], documented: &[] }
    }

    pub const fn from(self, range: &'static str) -> Self {
        Self { range_end: Some(RangeEnd { range, end: End::From }), ..self }
    }

    pub const fn to(self, range: &'static str) -> Self {
        Self { range_end: Some(RangeEnd { range, end: End::To }), ..self }
    }

    /// Returns `true` if the filter is about the account that is paid.
    pub fn covers_accounts(&self) -> bool {
        self.over.iter().any(|field| ACCOUNTS.contains(field))
    }

    pub const fn documented(self, words: &'static [&'static str]) -> Self {
        Self { documented: words, ..self }
    }

    pub const fn known(self, words: &'static [&'static str]) -> Self {
        Self { known: words, ..self }
    }

    /// Its documented words; empty for a filter with unlimited values, such as a reference.
    pub fn choices(&self) -> &'static [&'static str] {
        if let FilterKind::OneOf(values) = self.kind { values } else { self.known }
    }

    /// The end of the range that a parameter sets; `From` for a parameter outside of ranges.
    pub fn end(&self) -> End {
        self.range_end.map_or(End::From, |end| end.end)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeParams {
    pub name: &'static str,
    pub label: &'static str,
    pub from: &'static Filter,
    pub to: &'static Filter,
}

impl RangeParams {
    pub fn all(filters: &'static [Filter]) -> impl Iterator<Item = Self> {
        filters.iter().filter_map(|from| {
            let RangeEnd { range, .. } = from.range_end.filter(|it| it.end == End::From)?;
            let is_other = |to: &&Filter| {
                to.range_end.is_some_and(|other| other.range == range && other.end == End::To)
            };
            let label = from.label.strip_suffix(" from").unwrap_or(from.label);
            Some(Self { name: range, label, from, to: filters.iter().find(is_other)? })
        })
    }

    pub fn param(&self, end: End) -> &'static Filter {
        match end {
            End::From => self.from,
            End::To => self.to,
        }
    }
}
