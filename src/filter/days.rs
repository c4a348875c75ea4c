//! Days as they are typed: `2026-11-20`, `today`, `-30d`, `2026-11`, `this-month`.

use std::ops::Range;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::domain::input::{InputError, Spanned};
use crate::list::filter::End;

/// Years that the contract's `YYYY-MM-DD` can write and that nobody types by mistake.
const YEARS: Range<i32> = 1000..10_000;
/// Digits of a distance; more are beyond every calendar.
const LONGEST_COUNT: usize = 9;
pub(super) const EXAMPLES: &str = "write 2026-11-20, 2026-11, 2026, today, -30d or +2w";

/// The words for days and for whole months and years, and how far each is from today.
const WORDS: &[(&str, Day)] = &[
    ("today", Day::Near(0)),
    ("yesterday", Day::Near(-1)),
    ("tomorrow", Day::Near(1)),
    ("this-month", Day::MonthFromNow(0)),
    ("last-month", Day::MonthFromNow(-1)),
    ("next-month", Day::MonthFromNow(1)),
    ("this-year", Day::YearFromNow(0)),
    ("last-year", Day::YearFromNow(-1)),
    ("next-year", Day::YearFromNow(1)),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// A day or a stretch of days, perhaps in terms of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    Date(NaiveDate),
    /// Today, or a day beside it.
    Near(i64),
    /// A distance from today.
    Offset(i64, Unit),
    Month(i32, u32),
    Year(i32),
    MonthFromNow(i64),
    YearFromNow(i64),
}

impl Day {
    pub(super) const TODAY: Self = Self::Near(0);

    pub(super) fn parse(typed: &Spanned<&str>) -> Result<Self, InputError> {
        let word = WORDS.iter().find(|(word, _)| typed.value.eq_ignore_ascii_case(word));
        match (word, typed.value.chars().next()) {
            (Some((_, day)), _) => Ok(*day),
            (_, None) => Err(typed.error(format!("no day: {EXAMPLES}"))),
            (_, Some(sign @ ('+' | '-'))) => parse_offset(typed, sign),
            (_, Some(c)) if c.is_ascii_digit() => parse_calendar(typed),
            _ => Err(typed.error(format!("not a day: {EXAMPLES}"))),
        }
    }

    pub(super) fn is_absolute(self) -> bool {
        matches!(self, Self::Date(_) | Self::Month(..) | Self::Year(_))
    }

    /// The ends of the range that it is by itself: of a distance, today and then.
    pub(super) fn as_range(self) -> (Self, Self) {
        match self {
            Self::Offset(count, _) if count < 0 => (self, Self::TODAY),
            Self::Offset(..) => (Self::TODAY, self),
            _ => (self, self),
        }
    }

    /// Its first or its last day; `None` beyond the calendar.
    pub(super) fn on(self, end: End, today: NaiveDate) -> Option<NaiveDate> {
        let day = match self {
            Self::Date(day) => Some(day),
            Self::Near(days) => shift(today, days, Unit::Day),
            Self::Offset(count, unit) => shift(today, count, unit),
            Self::Month(year, month) => edge_of_month(year, month, end),
            Self::Year(year) => edge_of_year(year, end),
            Self::MonthFromNow(count) => shift(today, count, Unit::Month)
                .and_then(|day| edge_of_month(day.year(), day.month(), end)),
            Self::YearFromNow(count) => {
                shift(today, count, Unit::Year).and_then(|day| edge_of_year(day.year(), end))
            }
        };
        day.filter(|day| YEARS.contains(&day.year()))
    }
}

/// A day at a distance. Months and years end on the last day of a month that is too short.
fn shift(day: NaiveDate, count: i64, unit: Unit) -> Option<NaiveDate> {
    let far = count.unsigned_abs();
    let is_back = count < 0;
    let days = |days: u64| {
        let days = Days::new(days);
        if is_back { day.checked_sub_days(days) } else { day.checked_add_days(days) }
    };
    let months = |months: u64| {
        let months = Months::new(u32::try_from(months).ok()?);
        if is_back { day.checked_sub_months(months) } else { day.checked_add_months(months) }
    };
    match unit {
        Unit::Day => days(far),
        Unit::Week => days(far.checked_mul(7)?),
        Unit::Month => months(far),
        Unit::Year => months(far.checked_mul(12)?),
    }
}

fn edge_of_month(year: i32, month: u32, end: End) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    match end {
        End::From => Some(first),
        End::To => first.checked_add_months(Months::new(1))?.pred_opt(),
    }
}

fn edge_of_year(year: i32, end: End) -> Option<NaiveDate> {
    match end {
        End::From => NaiveDate::from_ymd_opt(year, 1, 1),
        End::To => NaiveDate::from_ymd_opt(year, 12, 31),
    }
}

/// Reads `-30d`.
fn parse_offset(part: &Spanned<&str>, sign: char) -> Result<Day, InputError> {
    let digits: String = part.value.chars().skip(1).take_while(char::is_ascii_digit).collect();
    let rest: String = part.value.chars().skip(1 + digits.len()).collect();
    let after = 1 + digits.len();
    if digits.is_empty() {
        return Err(part.error(format!("a number must follow the {sign}, as in {sign}30d")));
    }
    let unit = match rest.to_ascii_lowercase().as_str() {
        "d" => Unit::Day,
        "w" => Unit::Week,
        "m" => Unit::Month,
        "y" => Unit::Year,
        _ => {
            let end = part.span.len().max(after);
            let why = format!("d, w, m or y must follow the number, as in {sign}{digits}d");
            return Err(part.error_at(after..end, why));
        }
    };
    let count = if digits.len() <= LONGEST_COUNT { digits.parse::<i64>().ok() } else { None };
    let count = count.ok_or_else(|| part.error_at(1..after, "too far away"))?;
    Ok(Day::Offset(if sign == '-' { -count } else { count }, unit))
}

/// Reads `2026`, `2026-11` or `2026-11-20`.
fn parse_calendar(part: &Spanned<&str>) -> Result<Day, InputError> {
    let (year, rest) = match part.split_once("-") {
        None => (part.clone(), None),
        Some((year, rest)) => (year, Some(rest)),
    };
    let (month, day) = match rest {
        None => (None, None),
        Some(rest) => match rest.split_once("-") {
            Some((month, day)) => (Some(month), Some(day)),
            None => (Some(rest), None),
        },
    };
    let written = |part: Option<&Spanned<&str>>, digits: usize| {
        part.is_none_or(|part| {
            part.value.len() == digits && part.value.bytes().all(|b| b.is_ascii_digit())
        })
    };
    if !(written(Some(&year), 4) && written(month.as_ref(), 2) && written(day.as_ref(), 2)) {
        return Err(part.error(unreadable(part.value)));
    }
    let year_number: i32 = year.value.parse().map_err(|_| year.error("not a year"))?;
    if !YEARS.contains(&year_number) {
        return Err(year.error("beyond the calendar: the year is before 1000"));
    }
    let Some(month) = month else { return Ok(Day::Year(year_number)) };
    let month_number: u32 = month.value.parse().map_err(|_| month.error("not a month"))?;
    let Some(last) = edge_of_month(year_number, month_number, End::To) else {
        return Err(month.error(format!("there is no month {}", month.value)));
    };
    let Some(day) = day else { return Ok(Day::Month(year_number, month_number)) };
    let date = day.value.parse().ok();
    date.and_then(|date| NaiveDate::from_ymd_opt(year_number, month_number, date))
        .map(Day::Date)
        .ok_or_else(|| day.error(format!("{} has {} days", last.format("%B %Y"), last.day())))
}

/// What to write instead of something that begins with a digit and is no date.
fn unreadable(text: &str) -> String {
    let (last, digits) = match text.char_indices().next_back() {
        Some((at, last)) => (last, text.get(..at).unwrap_or_default()),
        None => (' ', ""),
    };
    let is_distance = "dwmy".contains(last) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_distance {
        return format!("say which way: -{text} is past, +{text} is to come");
    }
    format!("not a day: {EXAMPLES}")
}
