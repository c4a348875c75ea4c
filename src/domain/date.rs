//! Civil dates as the contract writes them: `YYYY-MM-DD`, no time, no zone.

use chrono::{DateTime, NaiveDate, Utc};

/// Reads `YYYY-MM-DD` and nothing else (contract, "Every request").
pub fn parse(text: &str) -> Option<NaiveDate> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok() } else { None }
}

/// The day of a date or a timestamp as written, never converted to another time zone.
pub fn day(text: &str) -> Option<NaiveDate> {
    let (day, time) = text.trim().split_at_checked(10)?;
    let mut time = time.bytes();
    let has_time = matches!(time.next(), Some(b'T' | b't' | b' ')) && time.next()?.is_ascii_digit();
    if text.trim().len() == 10 || has_time { parse(day) } else { None }
}

/// A timestamp of the API (ISO 8601, usually microseconds and `Z`) as minutes in UTC.
pub fn timestamp_in_minutes(text: &str) -> Option<String> {
    Some(instant(text)?.format("%Y-%m-%d %H:%MZ").to_string())
}

pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text.trim()).ok()?.with_timezone(&Utc))
}

/// A time for comparison only: a day is its midnight, and a time without an offset counts as UTC.
pub fn comparable(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let has_offset =
        |time: &str| time.contains(|c: char| !c.is_ascii_digit() && !":. ".contains(c));
    let missing = match text.split_once(['T', 't', ' ']) {
        None => "T00:00:00Z",
        Some((_, time)) if has_offset(time) => return text.parse().ok(),
        Some((_, time)) if time.matches(':').count() == 1 => ":00Z",
        Some(_) => "Z",
    };
    format!("{text}{missing}").parse().ok()
}

/// A duration in words: at most two units, without a second one that is zero.
pub fn seconds_in_words(seconds: u64) -> String {
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{rest} s"),
        (0, 0, _) if rest == 0 => format!("{minutes} min"),
        (0, 0, _) => format!("{minutes} min {rest} s"),
        (0, _, 0) => format!("{hours} h"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        (_, 0, _) => format!("{days} d"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_days_in_the_documented_form_are_dates() {
        assert_eq!(parse("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29));
        for odd in
            ["2025-02-29", "2025-2-01", "20250201", "2025-02-01 ", "+025-01-01", "", "٢٠٢٥-٠١"]
        {
            assert_eq!(parse(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn a_date_that_comes_with_a_time_is_the_day_as_it_is_written() {
        let first = NaiveDate::from_ymd_opt(2026, 11, 1);
        for text in ["2026-11-01", " 2026-11-01 ", "2026-11-01T23:30:00-05:00", "2026-11-01 00:00"]
        {
            assert_eq!(day(text), first, "{text}");
        }
        for odd in ["2026-11-012", "2026-11-01T", "2026-11-01, soon", "2026-11", "2026-11-0é1", ""]
        {
            assert_eq!(day(odd), None, "{odd}");
        }
    }

    #[test]
    fn timestamps_are_cut_to_minutes_and_keep_their_instant() {
        let table = [
            ("2025-01-20T09:00:00.000000Z", Some("2025-01-20 09:00Z")),
            ("2025-01-20T00:30:00+02:00", Some("2025-01-19 22:30Z")),
            ("yesterday", None),
        ];
        for (text, shown) in table {
            assert_eq!(timestamp_in_minutes(text).as_deref(), shown);
        }
    }

    #[test]
    fn times_of_every_spelling_can_be_compared() {
        for text in [
            "2026-11-01T10:00:00Z",
            "2026-11-01 10:00:00",
            " 2026-11-01T10:00 ",
            "2026-11-01 12:00:00.000000+02:00",
            "2026-11-01T11:00:00+0100",
        ] {
            let at = comparable(text).map(|at| at.to_rfc3339());
            assert_eq!(at.as_deref(), Some("2026-11-01T10:00:00+00:00"), "{text}");
        }
        let midnight = comparable("2026-11-01").map(|at| at.to_rfc3339());
        assert_eq!(midnight.as_deref(), Some("2026-11-01T00:00:00+00:00"));
        for odd in ["", "soon", "2026-11", "2026-11-31 10:00:00", "10:00"] {
            assert_eq!(comparable(odd), None, "{odd}");
        }
    }
}
