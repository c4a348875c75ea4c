//! The filters of a list, validated once. Relative days are resolved in [`query`].

mod amount;
mod days;
pub mod query;
pub mod values;
pub mod words;

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use crate::domain::input::{InputError, Spanned};
use crate::domain::typed::{day_month_year, sound_iban};
use crate::list::Spec;
use crate::list::filter::{End, Filter, FilterKind, RangeParams};

use days::Day;
pub use days::TypedDay;
pub use query::{InvalidFilter, ListQuery};
use values::Item;
pub use words::SeenWords;

/// Characters of one value; the API's columns are ordinary database strings.
const LONGEST_VALUE: usize = 255;
/// Parameters that valora sends itself (contract, "Every request"), and names with another meaning.
const OWN: &[&str] = &["page", "per_page", "test", "sort", "columns"];
const LONGEST_NAME: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterTarget {
    Param(&'static Filter),
    /// Both ends of a range: `due` sets `due_date_from` and `due_date_to`.
    Range(RangeParams),
    /// A parameter that the contract does not know; the server may.
    Raw(String),
}

impl FilterTarget {
    pub fn named(filters: &'static [Filter], name: &str) -> Result<Self, InputError> {
        if let Some(filter) = filters.iter().find(|filter| filter.param == name) {
            return Ok(Self::Param(filter));
        }
        // The common part of its two parameters is a name, too: `due` and `due_date`.
        let is_called = |range: &RangeParams| {
            range.name == name || range.from.param.strip_suffix("_from") == Some(name)
        };
        if let Some(range) = RangeParams::all(filters).find(is_called) {
            return Ok(Self::Range(range));
        }
        let typed = Spanned::all(name);
        if OWN.contains(&name) {
            return Err(typed.error(format!("{name} is set by valora itself")));
        }
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
        if let Some(at) = name.chars().position(|c| !is_allowed(c)) {
            return Err(typed.error_at(at..at + 1, "names can contain only letters, digits and _"));
        }
        if name.is_empty() || name.len() > LONGEST_NAME {
            return Err(typed.error("not a parameter name"));
        }
        Ok(Self::Raw(name.to_owned()))
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Param(filter) => filter.param,
            Self::Range(range) => range.name,
            Self::Raw(name) => name,
        }
    }

    pub fn label(&self) -> &str {
        match self {
            Self::Param(filter) => filter.label,
            Self::Range(range) => range.label,
            Self::Raw(name) => name,
        }
    }

    pub fn params(&self) -> [&str; 2] {
        [self.param(End::From), self.param(End::To)]
    }

    fn param(&self, end: End) -> &str {
        match self {
            Self::Range(range) => range.param(end).param,
            Self::Param(_) | Self::Raw(_) => self.name(),
        }
    }

    fn is_same_as(&self, other: &Self) -> bool {
        let params = self.params();
        other.params().iter().any(|param| params.contains(param))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterValue {
    pub target: FilterTarget,
    pub typed: String,
    edges: Vec<(End, Spanned<Edge>)>,
    items: Vec<Item>,
    /// What is sent, one request each, if complete values are compared. Empty for a pattern that no
    /// known value matches.
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Date(NaiveDate),
    /// Relative to the current day.
    Relative(Day),
    /// In hundredths.
    Amount(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentParam {
    pub param: String,
    pub value: String,
    /// The number by which the ends of a range are compared.
    rank: i64,
}

impl FilterValue {
    /// Validates everything except relative days, which [`Self::resolve`] validates, and words that
    /// look like typos, which [`Self::check_word`] rejects.
    pub fn new(target: FilterTarget, typed: &str) -> Result<Self, InputError> {
        #[cfg(test)]
        tests::count(&tests::CHECKED);
        // White space at the ends is not sent, but it is printed: a line stays one line.
        check_text(typed)?;
        let all = Spanned::all(typed);
        let trimmed = all.trim();
        if trimmed.value.is_empty() {
            return Err(all.error("a value is missing"));
        }
        let mut items = Vec::new();
        let edges = match &target {
            FilterTarget::Raw(_) => Vec::new(),
            FilterTarget::Range(range) => range_edges(range.from.kind, &trimmed)?,
            FilterTarget::Param(filter) => match filter.kind {
                FilterKind::Date if trimmed.value.contains("..") => {
                    let why = "one day only; for a range, use the name without _from or _to";
                    return Err(trimmed.error(why));
                }
                kind @ (FilterKind::Date | FilterKind::Amount) => {
                    vec![(filter.end(), edge(kind, filter.end(), &trimmed)?)]
                }
                FilterKind::Exact | FilterKind::OneOf(_) => {
                    items = values::read(filter, &trimmed)?;
                    Vec::new()
                }
                FilterKind::Search => Vec::new(),
            },
        };
        check_order(&edges)?;
        let typed = typed.to_owned();
        Ok(Self { target, typed, edges, items, values: Vec::new() }.spelled(None))
    }

    /// One value, whatever it contains: no separator and no pattern.
    pub fn literal(target: FilterTarget, text: &str) -> Result<Self, InputError> {
        match target {
            FilterTarget::Param(filter) if values::are_listed(filter) => {
                Self::new(target, &values::literal(text))
            }
            _ => Self::new(target, text),
        }
    }

    /// With its values as the server spells them, as far as its documentation and these rows show it.
    #[must_use]
    pub fn spelled(self, seen: Option<&SeenWords>) -> Self {
        let Some(filter) = self.listed() else { return self };
        let (items, values) = values::spell(filter, &self.items, seen);
        Self { typed: values::typed(&items), items, values, ..self }
    }

    fn listed(&self) -> Option<&'static Filter> {
        let FilterTarget::Param(filter) = self.target else { return None };
        values::are_listed(filter).then_some(filter)
    }

    /// The values that are sent, if complete values are compared.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// As it is typed on a command line; `None` if it is one text, whatever it contains.
    pub fn listed_on_line(&self) -> Option<String> {
        self.listed().and_then(|_| values::on_line(&self.typed))
    }

    /// Returns `true` if the value on a command line may be a list, with quotes in it.
    pub fn is_list(target: &FilterTarget) -> bool {
        matches!(target, FilterTarget::Param(filter) if values::are_listed(filter))
    }

    pub fn named(spec: &Spec, name: &str, typed: &str) -> Result<Self, InputError> {
        Self::new(FilterTarget::named(spec.filters, name)?, typed)
    }

    pub fn is_raw(&self) -> bool {
        matches!(self.target, FilterTarget::Raw(_))
    }

    pub fn is_search(&self) -> bool {
        matches!(self.target, FilterTarget::Param(filter) if filter.kind == FilterKind::Search)
    }

    pub fn resolve(&self, today: NaiveDate) -> Result<Vec<SentParam>, InputError> {
        #[cfg(test)]
        tests::count(&tests::RESOLVED);
        let param = |value: &str| {
            let param = self.target.name().to_owned();
            SentParam { param, value: value.to_owned(), rank: 0 }
        };
        if let Some(filter) = self.listed() {
            let sent: Vec<SentParam> = self.values.iter().map(|value| param(value)).collect();
            return if sent.is_empty() { Err(self.no_match(filter.choices())) } else { Ok(sent) };
        }
        if self.edges.is_empty() {
            return Ok(vec![param(&self.sent_text())]);
        }
        let mut edges = self.edges.clone();
        for (end, edge) in &mut edges {
            if let Edge::Relative(day) = edge.value {
                edge.value = date(day, *end, &edge.span, today)?;
            }
        }
        if edges != self.edges {
            check_order(&edges)?;
        }
        Ok(edges.iter().filter_map(|(end, edge)| self.sent(*end, edge)).collect())
    }

    fn sent(&self, end: End, edge: &Spanned<Edge>) -> Option<SentParam> {
        let (value, rank) = match edge.value {
            Edge::Amount(hundredths) => (amount::plain(&self.typed_at(edge)), hundredths),
            Edge::Date(day) => (day.to_string(), day.num_days_from_ce().into()),
            Edge::Relative(_) => return None,
        };
        Some(SentParam { param: self.target.param(end).to_owned(), value, rank })
    }

    /// Sends an IBAN in a search as rows have it, however a bank prints it.
    fn sent_text(&self) -> String {
        let typed = self.typed.trim();
        let is_of_accounts = matches!(self.target, FilterTarget::Param(filter)
            if filter.kind == FilterKind::Search && filter.covers_accounts());
        let iban = if is_of_accounts { sound_iban(typed) } else { None };
        iban.unwrap_or_else(|| typed.to_owned())
    }

    /// The value as understood: amounts and days of other spellings as the API spells them.
    pub fn understood(&self) -> String {
        let mut shown = String::new();
        let mut chars = self.typed.chars();
        let mut taken = 0;
        for (_, edge) in &self.edges {
            if edge.span.start < taken {
                continue;
            }
            let typed = self.typed_at(edge);
            shown.extend(chars.by_ref().take(edge.span.start - taken));
            let understood = match edge.value {
                Edge::Amount(_) if amount::has_currency(&typed) => {
                    amount::plain(&typed) + " in any currency"
                }
                Edge::Amount(_) => amount::plain(&typed),
                Edge::Date(day) if day_month_year(&typed).is_some() => day.to_string(),
                Edge::Date(_) | Edge::Relative(_) => typed,
            };
            shown.push_str(&understood);
            chars.by_ref().take(edge.span.len()).for_each(drop);
            taken = edge.span.end;
        }
        shown.extend(chars);
        shown.trim().to_owned()
    }

    fn typed_at(&self, edge: &Spanned<Edge>) -> String {
        self.typed.chars().skip(edge.span.start).take(edge.span.len()).collect()
    }

    /// The filter as one filter per parameter, for a form with one field for each.
    pub fn by_parameter(&self) -> Vec<Self> {
        let FilterTarget::Range(range) = self.target else { return vec![self.clone()] };
        let one = |(end, edge): &(End, Spanned<Edge>)| {
            // The other end of a relative day is not typed.
            let is_today = edge.value == Edge::Relative(Day::TODAY);
            let typed = if is_today { "today".to_owned() } else { self.typed_at(edge) };
            let span = 0..typed.chars().count();
            let target = FilterTarget::Param(range.param(*end));
            let edges = vec![(*end, Spanned { value: edge.value, span })];
            Self { target, typed, edges, items: Vec::new(), values: Vec::new() }
        };
        self.edges.iter().map(one).collect()
    }

    /// Why it conflicts with the `earlier` filters: one of them sets the same parameter.
    pub fn clash(&self, earlier: &[Self]) -> Option<String> {
        let other = earlier.iter().find(|other| other.target.is_same_as(&self.target))?;
        let (name, other) = (self.target.name(), other.target.name());
        let is_same = other == name;
        let why = if is_same { "is set twice" } else { "already sets this filter" };
        Some(format!("{other} {why}"))
    }
}

pub fn with(filters: &[FilterValue], added: FilterValue) -> Vec<FilterValue> {
    let is_other = |other: &&FilterValue| !other.target.is_same_as(&added.target);
    let mut all: Vec<FilterValue> = filters.iter().filter(is_other).cloned().collect();
    all.push(added);
    all
}

pub fn check_text(typed: &str) -> Result<(), InputError> {
    let all = Spanned::all(typed);
    if all.span.len() > LONGEST_VALUE {
        return Err(all.error(format!("longer than {LONGEST_VALUE} characters")));
    }
    let control = typed.chars().position(char::is_control);
    control.map_or(Ok(()), |at| Err(all.error_at(at..at + 1, "contains a control character")))
}

fn edge(kind: FilterKind, end: End, typed: &Spanned<&str>) -> Result<Spanned<Edge>, InputError> {
    let value = match kind {
        FilterKind::Date => match Day::parse(typed)? {
            day @ Day::Date(..) => date(day, end, &typed.span, NaiveDate::default())?,
            day => Edge::Relative(day),
        },
        _ => Edge::Amount(amount::parse(typed)?),
    };
    Ok(Spanned { value, span: typed.span.clone() })
}

fn date(day: Day, end: End, span: &Range<usize>, today: NaiveDate) -> Result<Edge, InputError> {
    let why = "out of range: years have four digits";
    let date = day.on(end, today).ok_or_else(|| InputError::new(span.clone(), why))?;
    Ok(Edge::Date(date))
}

/// Fails if a range is reversed, as far as its ends are known.
fn check_order(edges: &[(End, Spanned<Edge>)]) -> Result<(), InputError> {
    let [(_, from), (_, to)] = edges else { return Ok(()) };
    let why = match (from.value, to.value) {
        (Edge::Date(first), Edge::Date(last)) if first > last => {
            format!("ends on {last}, before it begins on {first}")
        }
        (Edge::Amount(from), Edge::Amount(to)) if from > to => {
            "less than the amount before it: write the smaller one first".to_owned()
        }
        _ => return Ok(()),
    };
    Err(InputError::new(to.span.clone(), why))
}

/// A single amount, day, month or year is both ends; `-30d` and `+2w` are ranges to or from today.
fn range_edges(
    kind: FilterKind,
    typed: &Spanned<&str>,
) -> Result<Vec<(End, Spanned<Edge>)>, InputError> {
    let Some((from, to)) = typed.split_once("..") else {
        let (mut from, mut to) = (edge(kind, End::From, typed)?, edge(kind, End::To, typed)?);
        if let Edge::Relative(Day::Offset(count, _)) = from.value {
            let today = if count < 0 { &mut to } else { &mut from };
            today.value = Edge::Relative(Day::TODAY);
        }
        return Ok(vec![(End::From, from), (End::To, to)]);
    };
    let ends = [(End::From, from.trim()), (End::To, to.trim())];
    let typed_ends = ends.iter().filter(|(_, part)| !part.value.is_empty());
    let edges = typed_ends.map(|(end, part)| Ok((*end, edge(kind, *end, part)?)));
    let edges: Vec<_> = edges.collect::<Result<_, _>>()?;
    if edges.is_empty() {
        let example =
            if kind == FilterKind::Date { "2026-10-01.. or ..today" } else { "100.. or ..500" };
        return Err(typed.error(format!("a range needs a start or an end: {example}")));
    }
    Ok(edges)
}

#[cfg(test)]
pub(crate) mod tests;
