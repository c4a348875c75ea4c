//! Typed days: `2026-11-20`, `20/11/2026`, `today`, `-30d`, `2026-11`, `this-month`.

use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use crate::domain::input::{InputError, Spanned};
use crate::domain::typed::day_month_year;
use crate::filter::{FilterTarget, FilterValue};
use crate::list::filter::{End, FilterKind};

/// Valid years have four digits, as in the contract's `YYYY-MM-DD`; others are typos.
const YEARS: Range<i32> = 1000..10_000;
/// Most digits of a relative day.
const LONGEST_COUNT: usize = 9;
pub(super) const EXAMPLES: &str = "write 2026-11-20, 20/11/2026, 2026-11, 2026, today, -30d or +2w";

const WORDS: &[(&str, i64, Unit)] = &[
    ("today", 0, Unit::Day),
    ("yesterday", -1, Unit::Day),
    ("tomorrow", 1, Unit::Day),
    ("this-month", 0, Unit::Month),
    ("last-month", -1, Unit::Month),
    ("next-month", 1, Unit::Month),
    ("this-year", 0, Unit::Year),
    ("last-year", -1, Unit::Year),
    ("next-year", 1, Unit::Year),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    Date(NaiveDate, Unit),
    /// The current day, month or year, or one relative to it.
    Near(i64, Unit),
    Offset(i64, Unit),
}

impl Day {
    pub(super) const TODAY: Self = Self::Near(0, Unit::Day);

    pub(super) fn parse(typed: &Spanned<&str>) -> Result<Self, InputError> {
        let word = WORDS.iter().find(|(word, ..)| typed.value.eq_ignore_ascii_case(word));
        match (word, typed.value.chars().next()) {
            (Some((_, count, unit)), _) => Ok(Self::Near(*count, *unit)),
            (_, None) => Err(typed.error(format!("a day is missing: {EXAMPLES}"))),
            (_, Some(sign @ ('+' | '-'))) => parse_offset(typed, sign),
            (_, Some(c)) if c.is_ascii_digit() => parse_calendar(typed),
            _ => Err(typed.error(format!("not a day: {EXAMPLES}"))),
        }
    }

    /// Its first or last day; `None` if it is out of range.
    pub(super) fn on(self, end: End, today: NaiveDate) -> Option<NaiveDate> {
        let day = match self {
            Self::Date(day, unit) => edge(day, unit, end),
            Self::Near(count, unit) => edge(shift(today, count, unit)?, unit, end),
            Self::Offset(count, unit) => shift(today, count, unit),
        };
        day.filter(|day| YEARS.contains(&day.year()))
    }
}

impl FilterValue {
    /// What sets the upper end of a range to the last day of the month or year that its lower end is
    /// set to: that day, or the same word if it is relative, such as `this-month`.
    pub fn period_end(&self, today: NaiveDate) -> Option<String> {
        let FilterTarget::Param(from) = self.target else { return None };
        let is_lower = from.kind == FilterKind::Date && from.end() == End::From;
        let day = Day::parse(&Spanned::all(&self.typed).trim()).ok().filter(|_| is_lower)?;
        match day {
            Day::Date(_, Unit::Month | Unit::Year) => Some(day.on(End::To, today)?.to_string()),
            Day::Near(_, Unit::Month | Unit::Year) => Some(self.typed.trim().to_owned()),
            _ => None,
        }
    }
}

/// A day relative to another. In a month that is too short, the result is its last day.
fn shift(day: NaiveDate, count: i64, unit: Unit) -> Option<NaiveDate> {
    let months = match unit {
        Unit::Day => return day.checked_add_signed(TimeDelta::try_days(count)?),
        Unit::Week => return day.checked_add_signed(TimeDelta::try_weeks(count)?),
        Unit::Month => count,
        Unit::Year => count.checked_mul(12)?,
    };
    let distance = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 { day.checked_sub_months(distance) } else { day.checked_add_months(distance) }
}

fn edge(day: NaiveDate, unit: Unit, end: End) -> Option<NaiveDate> {
    match (unit, end) {
        (Unit::Month, End::From) => day.with_day(1),
        (Unit::Month, End::To) => day.with_day(day.num_days_in_month().into()),
        (Unit::Year, End::From) => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        (Unit::Year, End::To) => NaiveDate::from_ymd_opt(day.year(), 12, 31),
        (Unit::Day | Unit::Week, _) => Some(day),
    }
}

fn parse_offset(part: &Spanned<&str>, sign: char) -> Result<Day, InputError> {
    let distance = part.value.strip_prefix(sign).unwrap_or_default();
    let unit = distance.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = distance.strip_suffix(unit).unwrap_or_default();
    let after = 1 + digits.len();
    if digits.is_empty() {
        return Err(part.error(format!("a number must follow the {sign}, as in {sign}30d")));
    }
    let unit = match unit.to_ascii_lowercase().as_str() {
        "d" => Unit::Day,
        "w" => Unit::Week,
        "m" => Unit::Month,
        "y" => Unit::Year,
        _ => {
            let why = format!("d, w, m or y must follow the number, as in {sign}{digits}d");
            return Err(part.error_at(after..part.span.len(), why));
        }
    };
    let count = digits.parse::<i64>().ok().filter(|_| digits.len() <= LONGEST_COUNT);
    let count = count.ok_or_else(|| part.error_at(1..after, "too far from today"))?;
    Ok(Day::Offset(if sign == '-' { -count } else { count }, unit))
}

/// The day first, as in Europe.
fn parse_day_first(part: &Spanned<&str>, parts: [&str; 3]) -> Result<Day, InputError> {
    let [day, month, year] = parts;
    let (after_day, after_month) = (day.len() + 1, day.len() + month.len() + 2);
    let [d, m, y] = parts.map(|digits| digits.parse::<u32>().unwrap_or_default());
    if year.len() != 4 {
        let why = "the year has four digits, as in 31/12/2026";
        return Err(part.error_at(after_month..after_month + year.len(), why));
    }
    let first = i32::try_from(y).ok().filter(|year| YEARS.contains(year));
    let first = first.ok_or_else(|| {
        part.error_at(after_month..after_month + 4, "out of range: the year is before 1000")
    })?;
    let first = NaiveDate::from_ymd_opt(first, m, 1).ok_or_else(|| {
        let why = match m {
            13..=31 if (1..=12).contains(&d) => {
                format!("write the day first: {month}/{day}/{year}")
            }
            _ => format!("there is no month {month}"),
        };
        part.error_at(after_day..after_day + month.len(), why)
    })?;
    let found = first.with_day(d).ok_or_else(|| part.error_at(0..day.len(), days_of(first)))?;
    Ok(Day::Date(found, Unit::Day))
}

fn days_of(first: NaiveDate) -> String {
    format!("{} has {} days", first.format("%B %Y"), first.num_days_in_month())
}

fn parse_calendar(part: &Spanned<&str>) -> Result<Day, InputError> {
    if let Some(parts) = day_month_year(part.value) {
        return parse_day_first(part, parts);
    }
    let is_written = |(piece, digits): (&str, usize)| {
        piece.len() == digits && piece.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_read = part.value.split('-').zip([4, 2, 2]).all(is_written);
    if !is_read || part.value.len() > 10 {
        return Err(part.error(unreadable(part.value)));
    }
    let mut numbers = part.value.split('-').map_while(|piece| piece.parse::<u16>().ok());
    let year = numbers.next().unwrap_or_default().into();
    if !YEARS.contains(&year) {
        return Err(part.error_at(0..4, "out of range: the year is before 1000"));
    }
    let (month, day) = (numbers.next(), numbers.next());
    let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1).into(), 1);
    let no_month = || format!("there is no month {:02}", month.unwrap_or_default());
    let first = first.ok_or_else(|| part.error_at(5..7, no_month()))?;
    let Some(day) = day else {
        return Ok(Day::Date(first, month.map_or(Unit::Year, |_| Unit::Month)));
    };
    let day = first.with_day(day.into()).ok_or_else(|| part.error_at(8..10, days_of(first)))?;
    Ok(Day::Date(day, Unit::Day))
}

fn unreadable(text: &str) -> String {
    let digits = text.trim_end_matches(['d', 'w', 'm', 'y']);
    let is_distance = digits.len() + 1 == text.len();
    if is_distance && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("add a sign: -{text} is in the past, +{text} in the future");
    }
    format!("not a day: {EXAMPLES}")
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedDay {
    pub typed: String,
    day: Day,
}

impl TypedDay {
    pub fn new(typed: &str) -> Result<Self, InputError> {
        let trimmed = Spanned::all(typed).trim();
        Ok(Self { typed: trimmed.value.to_owned(), day: Day::parse(&trimmed)? })
    }

    /// `None` if it is out of range.
    pub fn on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.day.on(End::From, today)
    }
}
