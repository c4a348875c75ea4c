//! The request for a typed text: the parameter that fits, or the server's search.

use chrono::NaiveDate;

use crate::domain::date;
use crate::domain::normalize::normalize;
use crate::domain::typed::{
    TypedAmount, account_number, day_month_year, iban_part, iban_run, sound_iban,
};
use crate::filter::{FilterTarget, FilterValue};
use crate::list::Spec;
use crate::list::filter::{Filter, FilterKind, RangeParams};
use crate::list::record::Record;

/// Letters and digits of a booking reference (contract, "GET /transactions").
const DOCUMENTED: (&str, usize) = ("BK", 6);
/// The number of rows that show what booking references look like.
const EXAMPLES: usize = 50;
/// The most characters of a reference; the ids of payments and most IBANs have more.
const LONGEST_REFERENCE: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub filters: Vec<FilterValue>,
}

impl Ask {
    /// Fails with the reason if the list has no parameter for this text. `rows` show how its
    /// references are written.
    pub fn new(spec: &'static Spec, rows: &[Record], typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err("Type what to search for.".to_owned());
        }
        let search = spec.filters.iter().find(|filter| filter.kind == FilterKind::Search);
        let meant = iban(search, typed)
            .or_else(|| booking(spec, rows, typed))
            .or_else(|| amount(spec, typed))
            .or_else(|| day(spec, typed))
            .or_else(|| word(spec, typed))
            .or_else(|| reference(spec, typed).filter(|_| search.is_none()));
        let (target, value) = match (meant, search) {
            (Some(meant), _) => meant,
            (None, Some(search)) => (FilterTarget::Param(search), typed.to_owned()),
            (None, None) => {
                let what = spec.title.to_lowercase();
                let only = tried(spec).join(" or ");
                return Err(format!("The server cannot search {what} for this text. Type {only}."));
            }
        };
        let label = target.label().to_owned();
        let made = FilterValue::new(target, &value).map_err(|why| format!("{label}: {why}."))?;
        let filters = [made].into_iter().chain(currency(spec, typed)).collect();
        Ok(Self { filters })
    }

    /// What it does: `searches Booking, Account, IBAN`, or `filters by Amount 471.72`.
    pub fn shown(&self, spec: &Spec) -> String {
        if let Some(fields) = self.searched(spec) {
            return format!("searches {fields}");
        }
        let each = self.filters.iter();
        let each = each.map(|it| format!("{} {}", it.target.label(), it.understood()));
        format!("filters by {}", each.collect::<Vec<_>>().join(", "))
    }

    /// The parameters as they are sent: `search=Smith, in Booking, Account, IBAN`.
    pub fn sent(&self, spec: &Spec, today: NaiveDate) -> String {
        let sent = self.filters.iter().filter_map(|filter| filter.resolve(today).ok()).flatten();
        let sent = sent.map(|it| format!("{}={}", it.param, it.value));
        let fields = self.searched(spec).map(|fields| format!("in {fields}"));
        sent.chain(fields).collect::<Vec<_>>().join(", ")
    }

    /// The fields that the search of the server covers, if it is used.
    fn searched(&self, spec: &Spec) -> Option<String> {
        fields_searched(spec).filter(|_| self.filters.iter().any(FilterValue::is_search))
    }
}

/// The fields that the server's search covers; `None` if the list has none.
pub fn fields_searched(spec: &Spec) -> Option<String> {
    let search = spec.filters.iter().find(|filter| filter.kind == FilterKind::Search)?;
    let fields = search.over.iter().filter_map(|name| spec.field(name));
    Some(fields.map(|field| field.label).collect::<Vec<_>>().join(", "))
}

/// What a text may be if the list has no search.
fn tried(spec: &'static Spec) -> Vec<String> {
    let ranges = || RangeParams::all(spec.filters).map(|range| range.from.kind);
    let is_of_words = |filter: &&Filter| !filter.over.is_empty() && !filter.choices().is_empty();
    let words = spec.filters.iter().filter(is_of_words);
    let words = words.map(|filter| format!("a known {}", filter.label.to_lowercase()));
    let known = [
        (by_booking(spec).is_some(), "a booking reference"),
        (ranges().any(|kind| kind == FilterKind::Amount), "an amount"),
        (ranges().any(|kind| kind == FilterKind::Date), "a day"),
    ];
    let known = known.into_iter().filter(|(is_tried, _)| *is_tried);
    known.map(|(_, what)| what.to_owned()).chain(words).collect()
}

type Meant = (FilterTarget, String);

/// The account number as rows spell it, if the search of the list covers accounts.
fn iban(search: Option<&'static Filter>, typed: &str) -> Option<Meant> {
    let search = search.filter(|search| search.covers_accounts())?;
    let is_whole = account_number(typed).is_some();
    let has_digit = |group: &str| group.contains(|c: char| c.is_ascii_digit());
    let later = || iban_run(typed).filter(|_| typed.split_whitespace().all(has_digit));
    let printed = || iban_part(typed).or_else(later).filter(|part| is_printed(part, typed));
    let number = sound_iban(typed).or_else(printed);
    let number = number.filter(|_| is_whole || typed.contains(char::is_whitespace))?;
    Some((FilterTarget::Param(search), number))
}

/// Returns `true` if a part of an IBAN is typed with gaps after every fourth character.
fn is_printed(part: &str, typed: &str) -> bool {
    let groups: Vec<&str> = typed.split([' ', '\u{a0}', '-']).collect();
    let (last, others) = groups.split_last().unwrap_or((&typed, &[]));
    part.len() > 4 && last.len() <= 4 && others.iter().all(|group| group.len() == 4)
}

fn booking(spec: &'static Spec, rows: &[Record], typed: &str) -> Option<Meant> {
    let (letters, digits) = letters_and_digits(typed)?;
    let seen = rows.iter().take(EXAMPLES).filter_map(|row| row.booking());
    let seen = seen.filter_map(|reference| letters_and_digits(reference.expose_raw()));
    let shapes = seen.map(|(letters, digits)| (letters, digits.len())).chain([DOCUMENTED]);
    let is_shape =
        |shape: &(&str, usize)| shape.0.eq_ignore_ascii_case(letters) && shape.1 == digits.len();
    let (letters, _) = shapes.into_iter().find(is_shape)?;
    Some((by_booking(spec)?, format!("{letters}{digits}")))
}

/// Letters and digits, such as `R4KDP5-E7`, for a list without a search for other texts.
fn reference(spec: &'static Spec, typed: &str) -> Option<Meant> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let looks_like_one = typed.len() <= LONGEST_REFERENCE
        && typed.chars().all(is_part)
        && typed.contains(|c: char| c.is_ascii_alphabetic())
        && typed.contains(|c: char| c.is_ascii_digit())
        && account_number(typed).is_none();
    Some((by_booking(spec).filter(|_| looks_like_one)?, typed.to_owned()))
}

fn by_booking(spec: &'static Spec) -> Option<FilterTarget> {
    let is_booking =
        |filter: &&Filter| filter.kind == FilterKind::Exact && filter.over == [spec.booking];
    spec.filters.iter().find(is_booking).map(FilterTarget::Param)
}

/// `BK604753` and `CUST-495146`, before and from the first digit on.
fn letters_and_digits(text: &str) -> Option<(&str, &str)> {
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at_checked(at)?;
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '-' || c == '_';
    let is_one = letters.starts_with(|c: char| c.is_ascii_alphabetic())
        && letters.chars().all(is_letter)
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then_some((letters, digits))
}

fn amount(spec: &'static Spec, typed: &str) -> Option<Meant> {
    let amount = TypedAmount::read(typed)?;
    if typed.bytes().all(|byte| byte.is_ascii_digit()) {
        // The last digits of an account, or a part of a number.
        return None;
    }
    let range =
        RangeParams::all(spec.filters).find(|range| range.from.kind == FilterKind::Amount)?;
    // A currency without a filter stays in the value, so that the chip shows it.
    let is_asked_for = amount.currency.is_some() && currency_filter(spec).is_some();
    let value =
        if is_asked_for && !amount.is_in_doubt { amount.to_string() } else { typed.to_owned() };
    Some((FilterTarget::Range(range), value))
}

fn currency_filter(spec: &'static Spec) -> Option<&'static Filter> {
    let is_it = |filter: &&Filter| filter.kind == FilterKind::Exact && filter.over == ["currency"];
    spec.filters.iter().find(is_it)
}

/// The filter for the currency of an amount.
fn currency(spec: &'static Spec, typed: &str) -> Option<FilterValue> {
    let code = TypedAmount::read(typed)?.currency?;
    let target = FilterTarget::Param(currency_filter(spec)?);
    FilterValue::new(target, code.code()).ok()
}

fn day(spec: &'static Spec, typed: &str) -> Option<Meant> {
    let is_day = date::parse(typed).is_some() || day_month_year(typed).is_some();
    let range = RangeParams::all(spec.filters).find(|range| range.from.kind == FilterKind::Date)?;
    is_day.then(|| (FilterTarget::Range(range), typed.to_owned()))
}

/// The documented values, such as statuses, with these words, in any spelling.
fn word(spec: &'static Spec, typed: &str) -> Option<Meant> {
    let typed = words(typed);
    let has_words =
        |value: &&&str| words(value).windows(typed.len()).any(|part| part == typed.as_slice());
    // A parameter without a field, such as the order, does not filter.
    let is_over_field = |filter: &&Filter| !filter.over.is_empty() && !typed.is_empty();
    for filter in spec.filters.iter().filter(is_over_field) {
        let values: Vec<&str> = filter.choices().iter().filter(has_words).copied().collect();
        if !values.is_empty() {
            return Some((FilterTarget::Param(filter), values.join(",")));
        }
    }
    None
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || c == '_' || c == '-');
    words.filter(|word| !word.is_empty()).map(normalize).collect()
}

#[cfg(test)]
mod tests;
