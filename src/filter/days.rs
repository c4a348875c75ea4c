//! Days as they are typed: `2026-11-20`, `today`, `-30d`, `2026-11`, `this-month`, and ranges of
//! them. What is relative stays relative until it is resolved against a day.

use std::ops::Range;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::End;
use super::part::{Fault, Part};

/// Years that the contract's `YYYY-MM-DD` can write and that nobody types by mistake.
const YEARS: Range<i32> = 1000..10_000;
/// Digits of a distance; more are beyond every calendar.
const LONGEST_COUNT: usize = 9;
const EXAMPLES: &str = "write 2026-11-20, 2026-11, 2026, today, -30d or +2w";

/// The words for days and for whole months and years, and how far each is from today.
const WORDS: &[(&str, Term)] = &[
    ("today", Term::Near(0)),
    ("yesterday", Term::Near(-1)),
    ("tomorrow", Term::Near(1)),
    ("this-month", Term::MonthFromNow(0)),
    ("last-month", Term::MonthFromNow(-1)),
    ("next-month", Term::MonthFromNow(1)),
    ("this-year", Term::YearFromNow(0)),
    ("last-year", Term::YearFromNow(-1)),
    ("next-year", Term::YearFromNow(1)),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// A day or a stretch of days, perhaps in terms of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    Day(NaiveDate),
    /// Today, or a day beside it.
    Near(i64),
    /// A distance from today.
    Offset(i64, Unit),
    Month(i32, u32),
    Year(i32),
    MonthFromNow(i64),
    YearFromNow(i64),
}

/// A range of days as typed; an end that is missing is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span<'a> {
    typed: Part<'a>,
    from: Option<(Term, Part<'a>)>,
    to: Option<(Term, Part<'a>)>,
}

impl<'a> Span<'a> {
    /// Reads a range. A single day, month or year is the range of its days; a single distance is
    /// the range between today and then: `-30d` the last 30 days, `+2w` the next two weeks.
    pub(super) fn parse(typed: Part<'a>) -> Result<Self, Fault> {
        let span = match typed.split_once("..") {
            None => Self::single(typed, Term::parse(typed)?),
            Some((from, to)) => {
                let (from, to) = (from.trim(), to.trim());
                if from.text.is_empty() && to.text.is_empty() {
                    let why = "open at both ends: write 2026-10-01.. or ..today, or leave it out";
                    return Err(typed.fault(why));
                }
                Self { typed, from: end_of_range(from)?, to: end_of_range(to)? }
            }
        };
        // What does not depend on today is judged where it is typed, whatever day it is.
        if [span.from, span.to].iter().flatten().all(|(term, _)| term.is_absolute()) {
            span.resolve(NaiveDate::default())?;
        }
        Ok(span)
    }

    fn single(typed: Part<'a>, term: Term) -> Self {
        let (from, to) = match term {
            Term::Offset(count, _) if count < 0 => (term, Term::Near(0)),
            Term::Offset(..) => (Term::Near(0), term),
            _ => (term, term),
        };
        Self { typed, from: Some((from, typed)), to: Some((to, typed)) }
    }

    /// The first and the last day of the range, seen from `today`.
    pub(super) fn resolve(
        &self,
        today: NaiveDate,
    ) -> Result<(Option<NaiveDate>, Option<NaiveDate>), Fault> {
        let day = |bound: Option<(Term, Part<'_>)>, end| match bound {
            None => Ok(None),
            Some((term, part)) => term.day(end, today, part).map(Some),
        };
        let (from, to) = (day(self.from, End::From)?, day(self.to, End::To)?);
        match (from, to) {
            (Some(first), Some(last)) if first > last => {
                let at = self.to.map_or(self.typed, |(_, part)| part);
                Err(at.fault(format!("ends on {last}, before it begins on {first}")))
            }
            both => Ok(both),
        }
    }
}

/// What is typed for each end of a sound range, for the parameter of that end alone.
pub(super) fn ends_as_typed(typed: Part<'_>) -> (Option<&str>, Option<&str>) {
    fn some(text: &str) -> Option<&str> {
        (!text.is_empty()).then_some(text)
    }
    match (typed.text.split_once(".."), Term::parse(typed)) {
        (Some((from, to)), _) => (some(from.trim()), some(to.trim())),
        (None, Ok(Term::Offset(count, _))) if count < 0 => (Some(typed.text), Some("today")),
        (None, Ok(Term::Offset(..))) => (Some("today"), Some(typed.text)),
        (None, _) => (Some(typed.text), Some(typed.text)),
    }
}

/// Reads the single day of a parameter that is one end of a range. A month or a year stands for
/// its first or last day, a distance for that very day.
pub(super) fn parse_one(typed: Part<'_>, end: End, today: NaiveDate) -> Result<NaiveDate, Fault> {
    if typed.text.contains("..") {
        return Err(typed.fault("one day only; a range is set by the name without _from and _to"));
    }
    Term::parse(typed)?.day(end, today, typed)
}

/// Judges what [`parse_one`] reads as far as that does not depend on today.
pub(super) fn check_one(typed: Part<'_>, end: End) -> Result<(), Fault> {
    if !typed.text.contains("..") {
        let term = Term::parse(typed)?;
        if !term.is_absolute() {
            return Ok(());
        }
    }
    parse_one(typed, end, NaiveDate::default()).map(|_| ())
}

fn end_of_range(part: Part<'_>) -> Result<Option<(Term, Part<'_>)>, Fault> {
    if part.text.is_empty() { Ok(None) } else { Ok(Some((Term::parse(part)?, part))) }
}

impl Term {
    fn parse(part: Part<'_>) -> Result<Self, Fault> {
        let word = WORDS.iter().find(|(word, _)| part.text.eq_ignore_ascii_case(word));
        match (word, part.text.chars().next()) {
            (Some((_, term)), _) => Ok(*term),
            (_, None) => Err(part.fault(format!("no day: {EXAMPLES}"))),
            (_, Some(sign @ ('+' | '-'))) => parse_offset(part, sign),
            (_, Some(c)) if c.is_ascii_digit() => parse_calendar(part),
            _ => Err(part.fault(format!("not a day: {EXAMPLES}"))),
        }
    }

    fn is_absolute(self) -> bool {
        matches!(self, Self::Day(_) | Self::Month(..) | Self::Year(_))
    }

    /// Its first or its last day.
    fn day(self, end: End, today: NaiveDate, part: Part<'_>) -> Result<NaiveDate, Fault> {
        let day = match self {
            Self::Day(day) => Some(day),
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
            .ok_or_else(|| part.fault("beyond the calendar: years have four digits"))
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
fn parse_offset(part: Part<'_>, sign: char) -> Result<Term, Fault> {
    let digits: String = part.text.chars().skip(1).take_while(char::is_ascii_digit).collect();
    let rest: String = part.text.chars().skip(1 + digits.len()).collect();
    let after = 1 + digits.len();
    if digits.is_empty() {
        return Err(part.fault(format!("a number must follow the {sign}, as in {sign}30d")));
    }
    let unit = match rest.to_ascii_lowercase().as_str() {
        "d" => Unit::Day,
        "w" => Unit::Week,
        "m" => Unit::Month,
        "y" => Unit::Year,
        _ => {
            let end = part.range().len().max(after);
            let why = format!("d, w, m or y must follow the number, as in {sign}{digits}d");
            return Err(part.fault_at(after..end, why));
        }
    };
    let count = if digits.len() <= LONGEST_COUNT { digits.parse::<i64>().ok() } else { None };
    let count = count.ok_or_else(|| part.fault_at(1..after, "too far away"))?;
    Ok(Term::Offset(if sign == '-' { -count } else { count }, unit))
}

/// Reads `2026`, `2026-11` or `2026-11-20`.
fn parse_calendar(part: Part<'_>) -> Result<Term, Fault> {
    let (year, rest) = match part.split_once("-") {
        None => (part, None),
        Some((year, rest)) => (year, Some(rest)),
    };
    let (month, day) = match rest.map(|rest| (rest, rest.split_once("-"))) {
        None => (None, None),
        Some((_, Some((month, day)))) => (Some(month), Some(day)),
        Some((month, None)) => (Some(month), None),
    };
    let written = |part: Option<Part<'_>>, digits: usize| {
        part.is_none_or(|part| {
            part.text.len() == digits && part.text.bytes().all(|b| b.is_ascii_digit())
        })
    };
    if !(written(Some(year), 4) && written(month, 2) && written(day, 2)) {
        return Err(part.fault(unreadable(part.text)));
    }
    let year_number: i32 = year.text.parse().map_err(|_| year.fault("not a year"))?;
    if !YEARS.contains(&year_number) {
        return Err(year.fault("beyond the calendar: the year is before 1000"));
    }
    let Some(month) = month else { return Ok(Term::Year(year_number)) };
    let month_number: u32 = month.text.parse().map_err(|_| month.fault("not a month"))?;
    let Some(last) = edge_of_month(year_number, month_number, End::To) else {
        return Err(month.fault(format!("there is no month {}", month.text)));
    };
    let Some(day) = day else { return Ok(Term::Month(year_number, month_number)) };
    let date = day.text.parse().ok();
    date.and_then(|date| NaiveDate::from_ymd_opt(year_number, month_number, date))
        .map(Term::Day)
        .ok_or_else(|| day.fault(format!("{} has {} days", last.format("%B %Y"), last.day())))
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

#[cfg(test)]
mod tests;
