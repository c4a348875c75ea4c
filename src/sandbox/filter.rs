//! Turns parameters into conditions on rows, and rejects wrong values with a 422.

use chrono::NaiveDate;
use serde_json::Value;
use url::form_urlencoded;

use super::database::Table;
use super::endpoint::{Endpoint, Param, ParamKind};

#[derive(Debug, Default)]
pub(super) struct QueryString(Vec<(String, String)>);

impl QueryString {
    /// Trims values, as Laravel does (`TrimStrings`).
    pub(super) fn parse(raw: &str) -> Self {
        let pairs = form_urlencoded::parse(raw.as_bytes());
        Self(pairs.map(|(name, value)| (name.into_owned(), value.trim().to_owned())).collect())
    }

    /// The last value of a parameter; an empty one counts as absent (`ConvertEmptyStringsToNull`).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().rfind(|(known, _)| known == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn tests_connection(&self) -> bool {
        self.get("test") == Some("connection")
    }

    /// With at most `most` as the value of a parameter, which is `usual` if it is left out; a value
    /// that is not a number stays.
    pub(super) fn capped(&self, name: &str, most: usize, usual: usize) -> Self {
        let mut query = Self(self.0.clone());
        match query.0.iter_mut().find(|(own, _)| own == name) {
            Some((_, value)) if value.parse::<usize>().is_ok_and(|size| size > most) => {
                *value = most.to_string();
            }
            Some(_) => {}
            None => query.0.push((name.to_owned(), most.min(usual).to_string())),
        }
        query
    }

    pub(super) fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }
}

pub(super) struct ListRequest<'a> {
    conditions: Vec<Condition<'a>>,
    pub(super) page: usize,
    pub(super) per_page: usize,
}

pub(super) type Refusals = Vec<(String, String)>;

struct Condition<'a>(&'a Param, Check);

enum Check {
    /// The part is in lower case.
    Contains(String),
    Equals(String),
    AtLeast(Bound),
    AtMost(Bound),
}

#[derive(PartialEq, PartialOrd)]
enum Bound {
    Day(NaiveDate),
    /// Minor units.
    Amount(i64),
}

impl<'a> ListRequest<'a> {
    /// Reads the parameters of the endpoint and ignores others, as Laravel does. Accepts an undocumented
    /// word if a row of the table has it.
    pub(super) fn read(
        endpoint: &'a Endpoint,
        query: &QueryString,
        table: &dyn Table,
    ) -> Result<Self, Refusals> {
        let mut conditions = Vec::new();
        let mut refusals = Refusals::new();
        for param in &endpoint.params {
            let Some(value) = query.get(&param.name) else { continue };
            let is_in_rows = || {
                let is_it = |row, field| table.value(row, field).as_str() == Some(value);
                (0..table.count()).any(|row| param.fields.iter().any(|field| is_it(row, field)))
            };
            match check(&param.kind, value, is_in_rows) {
                Ok(check) => conditions.push(Condition(param, check)),
                Err(why) => refusals.push(refusal(&param.name, why)),
            }
        }
        refusals.extend(conditions.windows(2).filter_map(crossed));
        let page = number(query, "page", usize::MAX, 1, &mut refusals);
        let per_page = number(query, "per_page", 500, 100, &mut refusals);
        if refusals.is_empty() { Ok(Self { conditions, page, per_page }) } else { Err(refusals) }
    }

    /// The number of matching rows, and the positions of those on the requested page.
    pub(super) fn find(&self, table: &dyn Table) -> (usize, Vec<usize>) {
        let first = (self.page - 1).saturating_mul(self.per_page);
        let mut rows = (0..table.count())
            .filter(|row| self.conditions.iter().all(|condition| condition.holds(table, *row)));
        let before = rows.by_ref().take(first).count();
        let places: Vec<usize> = rows.by_ref().take(self.per_page).collect();
        (before + places.len() + rows.count(), places)
    }
}

impl Condition<'_> {
    fn holds(&self, table: &dyn Table, row: usize) -> bool {
        self.0.fields.iter().any(|field| {
            let value = table.value(row, field);
            match &self.1 {
                Check::Contains(part) => {
                    value.as_str().is_some_and(|text| text.to_lowercase().contains(part))
                }
                Check::Equals(text) => value.as_str() == Some(text),
                Check::AtLeast(least) => least.alike(&value).is_some_and(|own| own >= *least),
                Check::AtMost(most) => most.alike(&value).is_some_and(|own| own <= *most),
            }
        })
    }
}

impl Bound {
    /// A field's value as this bound's kind; a timestamp counts as its day.
    fn alike(&self, value: &Value) -> Option<Self> {
        match self {
            Self::Day(_) => value.as_str()?.get(..10)?.parse().ok().map(Self::Day),
            Self::Amount(_) => value.as_i64().map(Self::Amount),
        }
    }
}

fn refusal(name: &str, message: &str) -> (String, String) {
    (name.to_owned(), message.replace("{}", &name.replace('_', " ")))
}

fn check(
    kind: &ParamKind,
    value: &str,
    is_in_rows: impl FnOnce() -> bool,
) -> Result<Check, &'static str> {
    Ok(match kind {
        ParamKind::Text => Check::Contains(value.to_lowercase()),
        ParamKind::OneOf(values) if !values.iter().any(|known| known == value) && !is_in_rows() => {
            return Err("The selected {} is invalid.");
        }
        ParamKind::Code if value.chars().count() != 3 => {
            return Err("The {} field must be 3 characters.");
        }
        ParamKind::Exact | ParamKind::OneOf(_) | ParamKind::Code => Check::Equals(value.to_owned()),
        ParamKind::DateFrom => Check::AtLeast(Bound::Day(day(value)?)),
        ParamKind::DateTo => Check::AtMost(Bound::Day(day(value)?)),
        ParamKind::AmountFrom => Check::AtLeast(Bound::Amount(minor(value)?)),
        ParamKind::AmountTo => Check::AtMost(Bound::Amount(minor(value)?)),
    })
}

fn day(text: &str) -> Result<NaiveDate, &'static str> {
    let strict = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let day = text.parse().ok().filter(|_| strict);
    day.ok_or("The {} field must match the format Y-m-d.")
}

/// Major units with a dot and at most two decimals, as minor units; all currencies here have two.
fn minor(text: &str) -> Result<i64, &'static str> {
    const TOO_LARGE: &str = "The {} field must not be greater than 1000000000000.";
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = rest.split_once('.').unwrap_or((rest, "0"));
    if !digits(whole) || !digits(part) {
        return Err("The {} field must be a number.");
    }
    if part.len() > 2 {
        return Err("The {} field must have 0-2 decimal places.");
    }
    match format!("{whole}{part:0<2}").parse::<i64>().map_err(|_| TOO_LARGE)? {
        1.. if sign < 0 => Err("The {} field must be at least 0."),
        100_000_000_000_001.. => Err(TOO_LARGE),
        value => Ok(value),
    }
}

/// A reversed range is rejected at its end parameter.
fn crossed(pair: &[Condition]) -> Option<(String, String)> {
    let [Condition(from, Check::AtLeast(least)), Condition(to, Check::AtMost(most))] = pair else {
        return None;
    };
    let rule = match least {
        Bound::Day(_) => "a date after or equal to",
        Bound::Amount(_) => "greater than or equal to",
    };
    let message = format!("The {{}} field must be {rule} {}.", from.name.replace('_', " "));
    (from.fields == to.fields && least > most).then(|| refusal(&to.name, &message))
}

fn number(
    query: &QueryString,
    name: &str,
    most: usize,
    default: usize,
    refusals: &mut Refusals,
) -> usize {
    let Some(text) = query.get(name) else { return default };
    let message = match text.parse::<i128>().map(|number| (number, usize::try_from(number))) {
        Ok((1.., Ok(number))) if number <= most => return number,
        Ok((1.., _)) => format!("The {{}} field must not be greater than {most}."),
        Ok(_) => "The {} field must be at least 1.".to_owned(),
        Err(_) => "The {} field must be an integer.".to_owned(),
    };
    refusals.push(refusal(name, &message));
    default
}

#[cfg(test)]
mod tests {
    use super::super::database::ExtraRows;
    use super::super::endpoint::documented;
    use super::{ListRequest, QueryString, day, minor};
    use proptest::prelude::{any, proptest};
    use proptest::sample::select;

    const NAMES: [&str; 7] =
        ["page", "per_page", "search", "status", "due_date_from", "amount_from", "amount_to"];

    proptest! {
        #[test]
        fn any_query_is_answered_or_refused(
            name in select(&NAMES[..]), value in ".*", number in any::<i128>(), raw in ".*",
        ) {
            for text in [format!("{name}={value}&{raw}"), format!("{name}={number}")] {
                for endpoint in documented() {
                    let query = QueryString::parse(&text);
                    let rows = ExtraRows::new();
                    if let Ok(request) = ListRequest::read(&endpoint, &query, &rows) {
                        assert_eq!(request.find(&rows).0, 0);
                        assert!((1..=500).contains(&request.per_page) && request.page > 0);
                    }
                }
            }
        }
    }

    #[test]
    fn amounts_are_major_units_with_a_dot() {
        assert_eq!(minor("100.50").ok(), Some(10_050));
        assert_eq!(minor("100.5").ok(), Some(10_050));
        assert_eq!(minor("7").ok(), Some(700));
        for wrong in ["12,5", "-3", "1.234", ".5", "5.", "1e3", "abc", "99999999999999999999"] {
            assert!(minor(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_are_strict() {
        assert!(day("2026-02-28").is_ok());
        for wrong in ["2026-02-31", "2026-2-1", "26-02-01", "2026-02-01T00:00", "+2026-02-1"] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pairs_are_decoded_once_and_empty_values_count_as_absent() {
        let query = QueryString::parse("search=a%26b+c%2Bd%253D&x=&page=1&page=2&flag&&u=%C3%A9");
        assert_eq!(query.get("search"), Some("a&b c+d%3D"));
        assert_eq!(query.get("x"), None);
        assert_eq!(query.get("page"), Some("2"));
        assert_eq!(query.get("flag"), None);
        assert_eq!(query.get("u"), Some("é"));
        assert!(!QueryString::parse("flag").is_empty());
        assert!(QueryString::parse("").is_empty());
    }
}
