//! From parameters to tests on rows, with the refusals (422) that a wrong value earns.

use chrono::NaiveDate;

use super::endpoint::{Endpoint, Rule};
use super::query::Query;
use super::store::{Source, Store, Table};

/// The most rows that a page may have.
const PER_PAGE_MAX: usize = 500;
/// Rows on a page when the request does not say.
const PER_PAGE: usize = 100;

/// What a valid request asks of a list.
pub(super) struct Asked {
    tests: Vec<Test>,
    pub(super) page: usize,
    pub(super) per_page: usize,
}

/// Texts for one parameter each, in the order of the table.
pub(super) type Refusals = Vec<(String, String)>;

/// One condition; the numbers are places of columns, amounts are minor units.
enum Test {
    Contains(Vec<usize>, String),
    Equals(usize, String),
    NotBefore(usize, NaiveDate),
    NotAfter(usize, NaiveDate),
    AtLeast(usize, i64),
    AtMost(usize, i64),
    /// The list has no such field, so that no row can have the value.
    Never,
}

impl Asked {
    /// Reads the parameters that the endpoint knows; others are ignored, as Laravel does.
    pub(super) fn read(
        endpoint: &Endpoint,
        query: &Query,
        store: &Store,
    ) -> Result<Self, Refusals> {
        let table = store.table(endpoint.source);
        let mut tests: Vec<(&str, Test)> = Vec::new();
        let mut refusals = Refusals::new();
        for param in &endpoint.params {
            let Some(value) = query.get(&param.name) else { continue };
            match test(&param.rule, value, table) {
                Ok(test) => tests.push((&param.name, test)),
                Err(why) => refusals.push((param.name.clone(), why.text(&param.name))),
            }
        }
        refusals.extend(crossed(&tests));
        let page = number(query, "page", usize::MAX, 1, &mut refusals);
        let per_page = number(query, "per_page", PER_PAGE_MAX, PER_PAGE, &mut refusals);
        if !refusals.is_empty() {
            return Err(refusals);
        }
        Ok(Self { tests: tests.into_iter().map(|(_, test)| test).collect(), page, per_page })
    }

    /// How many rows match, and the places of those on the page asked for.
    pub(super) fn find(&self, store: &Store, source: Source) -> (usize, Vec<usize>) {
        let table = store.table(source);
        let first = (self.page - 1).saturating_mul(self.per_page);
        if self.tests.is_empty() {
            let total = table.count();
            let last = first.saturating_add(self.per_page).min(total);
            return (total, (first..last).collect());
        }
        let mut total = 0;
        let mut places = Vec::new();
        for row in (0..table.count()).filter(|row| self.tests.iter().all(|t| t.holds(table, *row)))
        {
            if total >= first && places.len() < self.per_page {
                places.push(row);
            }
            total += 1;
        }
        (total, places)
    }
}

impl Test {
    fn holds(&self, table: &dyn Table, row: usize) -> bool {
        match self {
            Self::Contains(columns, part) => columns.iter().any(|column| {
                let cell = table.cell(row, *column);
                cell.as_text().is_some_and(|text| contains(text, part))
            }),
            Self::Equals(column, value) => {
                table.cell(row, *column).as_text().is_some_and(|text| text == value)
            }
            Self::NotBefore(column, day) => {
                table.cell(row, *column).as_date().is_some_and(|date| date >= *day)
            }
            Self::NotAfter(column, day) => {
                table.cell(row, *column).as_date().is_some_and(|date| date <= *day)
            }
            Self::AtLeast(column, least) => {
                table.cell(row, *column).as_minor().is_some_and(|minor| minor >= *least)
            }
            Self::AtMost(column, most) => {
                table.cell(row, *column).as_minor().is_some_and(|minor| minor <= *most)
            }
            Self::Never => false,
        }
    }
}

/// Case-insensitive search for a part that is already in lower case.
fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(part)
}

/// Why a value is refused, in the manner of Laravel's messages.
enum Why {
    Date,
    Number,
    Negative,
    Places,
    Size,
    Selected,
    Letters,
}

impl Why {
    fn text(&self, name: &str) -> String {
        let name = name.replace('_', " ");
        match self {
            Self::Date => format!("The {name} field must match the format Y-m-d."),
            Self::Number => format!("The {name} field must be a number."),
            Self::Negative => format!("The {name} field must be at least 0."),
            Self::Places => format!("The {name} field must have 0-2 decimal places."),
            Self::Size => format!("The {name} field must not be greater than 1000000000000."),
            Self::Selected => format!("The selected {name} is invalid."),
            Self::Letters => format!("The {name} field must be 3 characters."),
        }
    }
}

fn test(rule: &Rule, value: &str, table: &dyn Table) -> Result<Test, Why> {
    let at =
        |field: &str, test: &dyn Fn(usize) -> Test| table.column(field).map_or(Test::Never, test);
    Ok(match rule {
        Rule::Text(fields) => {
            let columns = fields.iter().filter_map(|field| table.column(field)).collect();
            Test::Contains(columns, value.to_lowercase())
        }
        Rule::OneOf(_, values) if !values.iter().any(|known| known == value) => {
            return Err(Why::Selected);
        }
        Rule::Code(_) if value.chars().count() != 3 => return Err(Why::Letters),
        Rule::Exact(field) | Rule::OneOf(field, _) | Rule::Code(field) => {
            at(field, &|column| Test::Equals(column, value.to_owned()))
        }
        Rule::DateFrom(field) => {
            let day = day(value)?;
            at(field, &|column| Test::NotBefore(column, day))
        }
        Rule::DateTo(field) => {
            let day = day(value)?;
            at(field, &|column| Test::NotAfter(column, day))
        }
        Rule::AmountFrom(field) => {
            let minor = minor(value)?;
            at(field, &|column| Test::AtLeast(column, minor))
        }
        Rule::AmountTo(field) => {
            let minor = minor(value)?;
            at(field, &|column| Test::AtMost(column, minor))
        }
    })
}

fn day(text: &str) -> Result<NaiveDate, Why> {
    let strict = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    text.parse().ok().filter(|_| strict).ok_or(Why::Date)
}

/// Major units with a dot and at most two decimals, as minor units; all currencies here have two.
fn minor(text: &str) -> Result<i64, Why> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = rest.split_once('.').unwrap_or((rest, "0"));
    if !digits(whole) || !digits(part) {
        return Err(Why::Number);
    }
    if part.len() > 2 {
        return Err(Why::Places);
    }
    let value: i64 = format!("{whole}{part:0<2}").parse().map_err(|_| Why::Size)?;
    match value {
        1.. if sign < 0 => Err(Why::Negative),
        100_000_000_000_001.. => Err(Why::Size),
        _ => Ok(value),
    }
}

/// Ranges that end before they begin are refused at their end.
fn crossed(tests: &[(&str, Test)]) -> Refusals {
    let mut refusals = Refusals::new();
    for (from, lower) in tests {
        for (to, upper) in tests {
            let (from, name) = (from.replace('_', " "), to.replace('_', " "));
            let text = match (lower, upper) {
                (Test::NotBefore(a, first), Test::NotAfter(b, last)) if a == b && first > last => {
                    format!("The {name} field must be a date after or equal to {from}.")
                }
                (Test::AtLeast(a, least), Test::AtMost(b, most)) if a == b && least > most => {
                    format!("The {name} field must be greater than or equal to {from}.")
                }
                _ => continue,
            };
            refusals.push(((*to).to_owned(), text));
        }
    }
    refusals
}

/// `page` or `per_page`: a whole number from 1 to `most`.
fn number(
    query: &Query,
    name: &str,
    most: usize,
    default: usize,
    refusals: &mut Refusals,
) -> usize {
    let Some(text) = query.get(name) else { return default };
    let shown = name.replace('_', " ");
    let digits = text.strip_prefix('-').unwrap_or(text);
    let why = match text.parse::<usize>() {
        Ok(number) if (1..=most).contains(&number) => return number,
        Ok(0) => format!("The {shown} field must be at least 1."),
        Err(_) if digits.is_empty() || digits.bytes().any(|byte| !byte.is_ascii_digit()) => {
            format!("The {shown} field must be an integer.")
        }
        Err(_) if text.starts_with('-') => format!("The {shown} field must be at least 1."),
        Ok(_) | Err(_) => format!("The {shown} field must not be greater than {most}."),
    };
    refusals.push((name.to_owned(), why));
    default
}

#[cfg(test)]
mod tests {
    use super::super::endpoint::documented;
    use super::super::query::Query;
    use super::super::store::Store;
    use super::{Asked, day, minor};
    use proptest::prelude::{any, proptest};
    use proptest::sample::select;

    const NAMES: [&str; 7] =
        ["page", "per_page", "search", "status", "due_date_from", "amount_from", "amount_to"];

    proptest! {
        #[test]
        fn any_query_is_answered_or_refused(
            name in select(&NAMES[..]), value in ".*", number in any::<i128>(), raw in ".*",
        ) {
            let store = Store::default();
            for text in [format!("{name}={value}&{raw}"), format!("{name}={number}")] {
                for endpoint in documented() {
                    if let Ok(asked) = Asked::read(&endpoint, &Query::parse(&text), &store) {
                        assert_eq!(asked.find(&store, endpoint.source).0, 0);
                        assert!((1..=500).contains(&asked.per_page) && asked.page > 0);
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
