//! Dates of the stories: payout days and timestamps.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};

pub(super) fn shift(date: NaiveDate, days: i64) -> NaiveDate {
    date.checked_add_signed(TimeDelta::days(days)).unwrap_or(date)
}

/// The `nth` working day (1 is the first) of the month `months` after `date`.
pub(super) fn working_day(date: NaiveDate, months: u32, nth: u32) -> NaiveDate {
    let there = date.checked_add_months(Months::new(months)).unwrap_or(date);
    let first = there.with_day(1).unwrap_or(there);
    let is_working = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    (1..=nth).zip(first.iter_days().filter(is_working)).last().map_or(first, |(_, day)| day)
}

/// A timestamp on `date` in office hours; `salt` varies the time.
pub(super) fn stamp(date: NaiveDate, salt: u32) -> NaiveDateTime {
    let (hour, minute, second) = (8 + salt % 10, salt / 7 % 60, salt / 11 % 60);
    date.and_hms_opt(hour, minute, second).unwrap_or_default()
}

pub(super) fn stamp_text(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// The clock of the server: its windows and headers use the real time, unlike its stories.
#[expect(clippy::disallowed_methods, reason = "the server shares no clock with the client")]
pub(super) fn now() -> DateTime<Utc> {
    Utc::now()
}
