//! From parameters to conditions on rows, with the refusals (422) that a wrong value earns.

use chrono::NaiveDate;
use serde_json::Value;

use super::database::Table;
use super::endpoint::{Endpoint, Param, ParamKind};
use super::query::QueryString;

const PER_PAGE_MAX: usize = 500;
const PER_PAGE: usize = 100;

pub(super) struct ListRequest<'a> {
    conditions: Vec<Condition<'a>>,
    pub(super) page: usize,
    pub(super) per_page: usize,
}

/// Messages for one parameter each, in the order of the endpoint's table.
pub(super) type Refusals = Vec<(String, String)>;

/// Any of the parameter's fields passes the check.
struct Condition<'a> {
    param: &'a Param,
    check: Check,
}

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
    /// Reads the parameters that the endpoint knows; others are ignored, as Laravel does.
    pub(super) fn read(endpoint: &'a Endpoint, query: &QueryString) -> Result<Self, Refusals> {
        let mut conditions = Vec::new();
        let mut refusals = Refusals::new();
        for param in &endpoint.params {
            let Some(value) = query.get(&param.name) else { continue };
            match check(&param.kind, value) {
                Ok(check) => conditions.push(Condition { param, check }),
                Err(why) => refusals.push(refusal(&param.name, why)),
            }
        }
        refusals.extend(crossed(&conditions));
        let page = number(query, "page", usize::MAX, 1, &mut refusals);
        let per_page = number(query, "per_page", PER_PAGE_MAX, PER_PAGE, &mut refusals);
        if refusals.is_empty() { Ok(Self { conditions, page, per_page }) } else { Err(refusals) }
    }

    /// How many rows match, and the places of those on the requested page.
    pub(super) fn find(&self, table: &dyn Table) -> (usize, Vec<usize>) {
        let first = (self.page - 1).saturating_mul(self.per_page);
        let mut total = 0;
        let mut places = Vec::new();
        for row in 0..table.count() {
            if self.conditions.iter().all(|condition| condition.holds(table, row)) {
                if total >= first && places.len() < self.per_page {
                    places.push(row);
                }
                total += 1;
            }
        }
        (total, places)
    }
}

impl Condition<'_> {
    fn holds(&self, table: &dyn Table, row: usize) -> bool {
        self.param.fields.iter().any(|field| {
            let value = table.value(row, field);
            match &self.check {
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
    /// A field's value, read as this bound's kind; a timestamp counts as its day.
    fn alike(&self, value: &Value) -> Option<Self> {
        match self {
            Self::Day(_) => value.as_str()?.get(..10)?.parse().ok().map(Self::Day),
            Self::Amount(_) => value.as_i64().map(Self::Amount),
        }
    }
}

/// A parameter's name, and a message in the manner of Laravel's with `{}` for the parameter.
fn refusal(name: &str, message: &str) -> (String, String) {
    (name.to_owned(), message.replace("{}", &name.replace('_', " ")))
}

/// The check of a parameter's value, or the message of its refusal.
fn check(kind: &ParamKind, value: &str) -> Result<Check, &'static str> {
    Ok(match kind {
        ParamKind::Text => Check::Contains(value.to_lowercase()),
        ParamKind::OneOf(values) if !values.iter().any(|known| known == value) => {
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

/// Ranges that end before they begin are refused at their end, which follows their beginning.
fn crossed(conditions: &[Condition]) -> Refusals {
    let mut refusals = Refusals::new();
    for (lower, upper) in conditions.iter().zip(conditions.iter().skip(1)) {
        if let (Check::AtLeast(least), Check::AtMost(most)) = (&lower.check, &upper.check)
            && lower.param.fields == upper.param.fields
            && least > most
        {
            let rule = match least {
                Bound::Day(_) => "a date after or equal to",
                Bound::Amount(_) => "greater than or equal to",
            };
            let from = lower.param.name.replace('_', " ");
            let message = format!("The {{}} field must be {rule} {from}.");
            refusals.push(refusal(&upper.param.name, &message));
        }
    }
    refusals
}

/// `page` or `per_page`: a whole number from 1 to `most`.
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
    use super::super::query::QueryString;
    use super::{ListRequest, day, minor};
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
                    if let Ok(request) = ListRequest::read(&endpoint, &query) {
                        assert_eq!(request.find(&ExtraRows::new()).0, 0);
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
}
