//! The syntax of days, row by row, and that no text and no day can break it.

use proptest::prelude::*;

use super::*;
use crate::domain::date;

fn day(text: &str) -> NaiveDate {
    date::parse(text).unwrap()
}

fn resolve(typed: &str, today: NaiveDate) -> Result<(String, String), Fault> {
    let (from, to) = Span::parse(Part::trimmed(typed))?.resolve(today)?;
    let written = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    Ok((written(from), written(to)))
}

#[test]
fn a_range_resolves_to_its_first_and_last_day() {
    let table = [
        ("2026-11-20", "2026-11-20", "2026-11-20"),
        ("today", "2026-03-31", "2026-03-31"),
        ("Yesterday", "2026-03-30", "2026-03-30"),
        ("tomorrow", "2026-04-01", "2026-04-01"),
        ("-30d", "2026-03-01", "2026-03-31"),
        ("+2w", "2026-03-31", "2026-04-14"),
        ("-0d", "2026-03-31", "2026-03-31"),
        ("-1m", "2026-02-28", "2026-03-31"),
        ("+1m", "2026-03-31", "2026-04-30"),
        ("-2y", "2024-03-31", "2026-03-31"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("this-month", "2026-03-01", "2026-03-31"),
        ("last-month", "2026-02-01", "2026-02-28"),
        ("next-month", "2026-04-01", "2026-04-30"),
        ("this-year", "2026-01-01", "2026-12-31"),
        ("last-year", "2025-01-01", "2025-12-31"),
        ("next-year", "2027-01-01", "2027-12-31"),
        ("-90d..", "2025-12-31", ""),
        ("..2026-10-31", "", "2026-10-31"),
        ("..-1d", "", "2026-03-30"),
        ("-1m..+1m", "2026-02-28", "2026-04-30"),
        ("2026-10..2026-11", "2026-10-01", "2026-11-30"),
        ("2025..today", "2025-01-01", "2026-03-31"),
        (" 2026-01-01 .. 2026-01-01 ", "2026-01-01", "2026-01-01"),
    ];
    for (typed, from, to) in table {
        let expected = Ok((from.to_owned(), to.to_owned()));
        assert_eq!(resolve(typed, day("2026-03-31")), expected, "{typed}");
    }
}

#[test]
fn one_end_of_a_range_takes_one_day() {
    let table = [
        ("2026-11-20", "2026-11-20", "2026-11-20"),
        ("-30d", "2026-03-01", "2026-03-01"),
        ("+1w", "2026-04-07", "2026-04-07"),
        ("today", "2026-03-31", "2026-03-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("last-month", "2026-02-01", "2026-02-28"),
    ];
    for (typed, from, to) in table {
        for (end, expected) in [(End::From, from), (End::To, to)] {
            let read = parse_one(Part::trimmed(typed), end, day("2026-03-31"));
            assert_eq!(read, Ok(day(expected)), "{typed} {end:?}");
            assert_eq!(check_one(Part::trimmed(typed), end), Ok(()));
        }
    }
    for range in ["-30d..", "2026-01..2026-02"] {
        let fault = check_one(Part::trimmed(range), End::From).unwrap_err();
        assert!(fault.why.contains("one day only"), "{}", fault.why);
    }
}

#[test]
fn the_fault_is_pointed_at_and_explained() {
    let table = [
        ("2026-02-31", 8..10, "February 2026 has 28 days"),
        ("2024-02-30", 8..10, "February 2024 has 29 days"),
        ("2026-11-00", 8..10, "November 2026 has 30 days"),
        ("..2026-13-01", 7..9, "there is no month 13"),
        ("2026-00", 5..7, "there is no month 00"),
        ("0206-11-20", 0..4, "beyond the calendar: the year is before 1000"),
        ("2026-11-20..2026-11-19", 12..22, "ends on 2026-11-19, before it begins on 2026-11-20"),
        ("  -30x", 5..6, "d, w, m or y must follow the number, as in -30d"),
        ("-30", 3..3, "d, w, m or y must follow the number, as in -30d"),
        ("+ 2w", 0..4, "a number must follow the +, as in +30d"),
        ("30d", 0..3, "say which way: -30d is past, +30d is to come"),
        ("-9999999999d", 1..11, "too far away"),
        ("-999999999d", 0..11, "beyond the calendar: years have four digits"),
        ("+999999999y..", 0..11, "beyond the calendar: years have four digits"),
        ("9999..+999999999w", 6..17, "beyond the calendar: years have four digits"),
        ("..", 0..2, "open at both ends: write 2026-10-01.. or ..today, or leave it out"),
    ];
    for (typed, at, why) in table {
        let fault = resolve(typed, day("2026-03-31")).unwrap_err();
        assert_eq!((fault.at, fault.why.as_str()), (at, why), "{typed}");
    }
    for other in ["soon", "31.01.2026", "2026-1-5", "2026/11/20", "2026-11-20x", "1..2", "12a", "é"]
    {
        let fault = resolve(other, day("2026-03-31")).unwrap_err();
        assert!(fault.why.ends_with(EXAMPLES), "{other}: {}", fault.why);
    }
}

#[test]
fn what_depends_on_today_is_judged_only_then() {
    let typed = Part::trimmed("2026-11-20..today");
    let span = Span::parse(typed).unwrap();
    assert!(span.resolve(day("2026-11-20")).is_ok());
    assert_eq!(span.resolve(day("2026-11-19")).unwrap_err().at, 12..17);
    assert!(Span::parse(Part::trimmed("2026-11-20..2025")).is_err());
}

prop_compose! {
    fn any_day()(days in -1_000_000i64..4_000_000) -> NaiveDate {
        NaiveDate::default() + chrono::TimeDelta::days(days)
    }
}

proptest! {
    #[test]
    fn any_text_gives_days_in_order_or_a_fault_inside_it(
        typed in "\\PC{0,24}|[+-]?[0-9]{0,12}[dwmy]?(\\.\\.)?[+-]?[0-9-]{0,10}[dwmy]?",
        today in any_day(),
    ) {
        let part = Part::trimmed(&typed);
        for end in [End::From, End::To] {
            if let Ok(day) = parse_one(part, end, today) {
                prop_assert_eq!(date::parse(&day.to_string()), Some(day));
            }
        }
        match Span::parse(part).and_then(|span| span.resolve(today)) {
            Ok((from, to)) => {
                prop_assert!(from.is_some() || to.is_some());
                prop_assert!(from.is_none() || to.is_none() || from <= to);
                for day in [from, to].into_iter().flatten() {
                    prop_assert_eq!(date::parse(&day.to_string()), Some(day));
                }
            }
            Err(fault) => prop_assert!(fault.at.end <= typed.chars().count()),
        }
    }
}
