//! Values of a parameter, of a range, and of several together; row by row, and for any text and any
//! day.

mod understood;

use std::cell::Cell;
use std::thread::LocalKey;

use proptest::prelude::*;

use super::*;
use crate::domain::date;

thread_local! {
    /// Values that were checked, and values that were resolved: each only once.
    pub(crate) static CHECKED: Cell<usize> = const { Cell::new(0) };
    pub(crate) static RESOLVED: Cell<usize> = const { Cell::new(0) };
}

pub(super) fn count(what: &'static LocalKey<Cell<usize>>) {
    what.set(what.get() + 1);
}

static FILTERS: [Filter; 8] = [
    Filter::search(&["a"]),
    Filter::one_of("status", "Status", &["status"], &["paid", "notify"]),
    Filter::exact("booking_id", "Booking", &["booking_id"]),
    Filter::date("due_date_from", "Due from", &["due_date"]).from("due"),
    Filter::date("due_date_to", "Due to", &["due_date"]).to("due"),
    Filter::amount("amount_from", "Amount from", &["amount"]).from("amount"),
    Filter::amount("amount_to", "Amount to", &["amount"]).to("amount"),
    Filter::date("on", "On", &["due_date"]),
];

fn today() -> NaiveDate {
    date::parse("2026-11-20").unwrap()
}

fn value(name: &str, typed: &str) -> Result<FilterValue, InputError> {
    FilterValue::new(FilterTarget::named(&FILTERS, name)?, typed)
}

static SPEC: Spec = Spec { filters: &FILTERS, ..crate::list::penalties::SPEC };

fn sent_on(filters: &[(&str, &str)], today: NaiveDate) -> Result<Vec<String>, InvalidFilter> {
    let filters = filters.iter().map(|(name, typed)| value(name, typed).unwrap()).collect();
    let query = ListQuery::with_filters(&SPEC, filters, today)?;
    let pairs = query.pairs().into_iter().map(|(param, value)| format!("{param}={value}"));
    Ok(pairs.filter(|pair| !pair.contains("page=")).collect())
}

fn sent(filters: &[(&str, &str)]) -> Result<Vec<String>, InvalidFilter> {
    sent_on(filters, today())
}

fn ends(params: [(&str, &str); 2]) -> Vec<String> {
    let set = params.iter().filter(|(_, value)| !value.is_empty());
    set.map(|(param, value)| format!("{param}={value}")).collect()
}

#[test]
fn each_target_sends_its_documented_parameters() {
    let table: &[(&str, &str, &[&str])] = &[
        ("search", " O'Brien ", &["search=O'Brien"]),
        ("status", "notify", &["status=notify"]),
        ("due", "-90d..", &["due_date_from=2026-08-22"]),
        ("due_date", "-90d..", &["due_date_from=2026-08-22"]),
        ("due", "2026-10", &["due_date_from=2026-10-01", "due_date_to=2026-10-31"]),
        ("due_date_from", "-1m", &["due_date_from=2026-10-20"]),
        ("due_date_to", "2026-10", &["due_date_to=2026-10-31"]),
        ("on", "tomorrow", &["on=2026-11-21"]),
        ("amount", "100.50", &["amount_from=100.50", "amount_to=100.50"]),
        ("amount", "..500", &["amount_to=500"]),
        ("amount_from", "100", &["amount_from=100"]),
        ("amount", "471,72", &["amount_from=471.72", "amount_to=471.72"]),
        ("amount", "1.234,56..2.000,00", &["amount_from=1234.56", "amount_to=2000.00"]),
        ("amount_to", "1,234.56", &["amount_to=1234.56"]),
        ("amount", "1 234,56..", &["amount_from=1234.56"]),
        ("amount_from", "EUR 471.72", &["amount_from=471.72"]),
        ("amount_from", "1 000", &["amount_from=1000"]),
        ("due", "31/12/2026", &["due_date_from=2026-12-31", "due_date_to=2026-12-31"]),
        ("due", "31.12.2026", &["due_date_from=2026-12-31", "due_date_to=2026-12-31"]),
        ("due", "1-2-2026..31-12-2026", &["due_date_from=2026-02-01", "due_date_to=2026-12-31"]),
        ("due_date_to", "03/04/2026", &["due_date_to=2026-04-03"]),
        ("new_param", " -30d ", &["new_param=-30d"]),
    ];
    for (name, typed, expected) in table {
        assert_eq!(sent(&[(name, typed)]).unwrap(), *expected, "{name}={typed}");
        let filter = value(name, typed).unwrap();
        assert_eq!((filter.typed.as_str(), filter.is_raw()), (*typed, *name == "new_param"));
    }
}

#[test]
fn wrong_values_are_refused_where_they_are_typed() {
    let table = [
        ("status", "", 0..0, "a value is missing"),
        ("booking_id", "   ", 0..3, "a value is missing"),
        ("search", " a\u{7}b", 2..3, "contains a control character"),
        ("new_param", "\u{1b}", 0..1, "contains a control character"),
        ("due", "2026-02-31", 8..10, "February 2026 has 28 days"),
        ("due_date_from", "2026-02-31", 8..10, "February 2026 has 28 days"),
        ("amount_to", " 12,5,0", 1..7, "not an amount: write 100, 0.50 or 1234.50"),
    ];
    for (name, typed, at, why) in table {
        let error = value(name, typed).unwrap_err();
        assert_eq!((error.span, error.why.as_str()), (at, why), "{name}={typed}");
    }
}

#[test]
fn names_that_cannot_be_sent_are_refused() {
    for name in ["page", "per_page", "test", "", "a b", "a=b", "é", &"x".repeat(65)] {
        assert!(FilterTarget::named(&FILTERS, name).is_err(), "{name}");
    }
}

#[test]
fn filters_that_contradict_each_other_are_refused_at_the_later_one() {
    let reversed: [&[(&str, &str)]; 3] = [
        &[("due_date_from", "today"), ("due_date_to", "-1d")],
        &[("amount_to", "9"), ("amount_from", "10")],
        &[("amount_from", "9.5"), ("amount_to", "9.45")],
    ];
    for filters in reversed {
        let invalid = sent(filters).unwrap_err();
        assert_eq!((invalid.index, &*invalid.error.why), (1, "the range ends before it begins"));
    }
    assert!(sent(&[("due_date_from", "-1d"), ("due_date_to", "-1d")]).is_ok());
    assert!(sent(&[("amount_from", "9"), ("amount_to", "10")]).is_ok());
    let table = [
        (("status", "paid"), ("status", "notify"), Some("status is set twice")),
        (("due", "-1d.."), ("due_date_to", "today"), Some("due already sets this filter")),
        (("x", "1"), ("x", "2"), Some("x is set twice")),
        (("x", "1"), ("status", "paid"), None),
    ];
    for (first, second, why) in table {
        let (first, second) =
            (value(first.0, first.1).unwrap(), value(second.0, second.1).unwrap());
        assert_eq!(second.clash(std::slice::from_ref(&first)).as_deref(), why);
        let both = with(&[first], second.clone());
        assert_eq!((both.len(), both.last()), (if why.is_some() { 1 } else { 2 }, Some(&second)));
    }
}

#[test]
fn both_forms_of_a_range_send_the_same() {
    for (name, typed) in [
        ("due", "2026-11"),
        ("due", "-30d"),
        ("due", "+2w"),
        ("due", "-90d.."),
        ("due", "..today"),
        ("due", " 2025 .. 2026-02"),
        ("due", "today"),
        ("due", "2026-11-20"),
        ("amount", "100"),
        ("amount", "100.."),
        ("amount", "..500.50"),
        ("amount", "100..500"),
        ("status", "notify"),
        ("new_param", "x"),
    ] {
        let whole = value(name, typed).unwrap();
        let parts = whole.by_parameter();
        let sent = |filters| ListQuery::with_filters(&SPEC, filters, today()).unwrap();
        assert_eq!(sent(parts.clone()).pairs(), sent(vec![whole]).pairs(), "{typed}");
        for part in parts {
            assert_eq!(value(part.target.name(), &part.typed), Ok(part));
        }
    }
}

#[test]
fn a_day_of_a_command_is_absolute_or_seen_from_today() {
    let table = [
        ("2026-10-31", "2026-10-31"),
        ("-20d", "2026-10-31"),
        ("today", "2026-11-20"),
        (" yesterday ", "2026-11-19"),
    ];
    for (typed, day) in table {
        let on = TypedDay::new(typed).unwrap().on(today());
        assert_eq!(on, date::parse(day), "{typed}");
    }
    assert!(TypedDay::new("2026-02-30").is_err());
    assert!(TypedDay::new("soon").is_err());
    assert_eq!(TypedDay::new("-9999999d").unwrap().on(today()), None);
}

fn day(text: &str) -> NaiveDate {
    date::parse(text).unwrap()
}

/// What a range of days sends on a day, or what is wrong with it.
fn days(typed: &str) -> Result<Vec<SentParam>, InputError> {
    value("due", typed)?.resolve(day("2026-03-31"))
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
        let expected = ends([("due_date_from", from), ("due_date_to", to)]);
        assert_eq!(sent_on(&[("due", typed)], day("2026-03-31")), Ok(expected), "{typed}");
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
        for (param, day) in [("due_date_from", from), ("due_date_to", to)] {
            let sent = sent_on(&[(param, typed)], date::parse("2026-03-31").unwrap());
            assert_eq!(sent, Ok(vec![format!("{param}={day}")]), "{typed}");
        }
    }
    for range in ["-30d..", "2026-01..2026-02"] {
        let error = value("due_date_from", range).unwrap_err();
        assert!(error.why.contains("one day only"), "{error}");
    }
}

#[test]
fn what_is_no_day_is_pointed_at_and_explained() {
    let table = [
        ("2026-02-31", 8..10, "February 2026 has 28 days"),
        ("2024-02-30", 8..10, "February 2024 has 29 days"),
        ("2026-11-00", 8..10, "November 2026 has 30 days"),
        ("..2026-13-01", 7..9, "there is no month 13"),
        ("2026-00", 5..7, "there is no month 00"),
        ("0206-11-20", 0..4, "out of range: the year is before 1000"),
        ("2026-11-20..2026-11-19", 12..22, "ends on 2026-11-19, before it begins on 2026-11-20"),
        ("  -30x", 5..6, "d, w, m or y must follow the number, as in -30d"),
        ("-30", 3..3, "d, w, m or y must follow the number, as in -30d"),
        ("+ 2w", 0..4, "a number must follow the +, as in +30d"),
        ("30d", 0..3, "add a sign: -30d is in the past, +30d in the future"),
        ("-9999999999d", 1..11, "too far from today"),
        ("-999999999d", 0..11, "out of range: years have four digits"),
        ("+999999999y..", 0..11, "out of range: years have four digits"),
        ("9999..+999999999w", 6..17, "out of range: years have four digits"),
        ("..", 0..2, "a range needs a start or an end: 2026-10-01.. or ..today"),
        ("12/31/2026", 3..5, "write the day first: 31/12/2026"),
        ("..12.31.2026", 5..7, "write the day first: 31/12/2026"),
        ("31/13/2026", 3..5, "there is no month 13"),
        ("31/02/2026", 0..2, "February 2026 has 28 days"),
        ("0/2/2026", 0..1, "February 2026 has 28 days"),
        ("31/12/26", 6..8, "the year has four digits, as in 31/12/2026"),
        ("31/12/0026", 6..10, "out of range: the year is before 1000"),
    ];
    for (typed, at, why) in table {
        let error = days(typed).unwrap_err();
        assert_eq!((error.span, error.why.as_str()), (at, why), "{typed}");
    }
    for other in ["soon", "31.01/2026", "2026-1-5", "2026/11/20", "2026-11-20x", "1..2", "12a", "é"]
    {
        let error = days(other).unwrap_err();
        assert!(error.why.ends_with(days::EXAMPLES), "{other}: {error}");
    }
}

#[test]
fn what_depends_on_today_is_judged_only_then() {
    let filter = value("due", "2026-11-20..today").unwrap();
    assert!(filter.resolve(day("2026-11-20")).is_ok());
    assert_eq!(filter.resolve(day("2026-11-19")).unwrap_err().span, 12..17);
    assert!(value("due", "2026-11-20..2025").is_err());
}

#[test]
fn a_range_of_amounts_is_sent_as_it_is_typed() {
    let table = [
        ("100.5", "100.5", "100.5"),
        (" 100 .. 500.25 ", "100", "500.25"),
        ("5..5", "5", "5"),
        ("..0.50", "", "0.50"),
    ];
    for (typed, from, to) in table {
        let expected = ends([("amount_from", from), ("amount_to", to)]);
        assert_eq!(sent(&[("amount", typed)]), Ok(expected), "{typed}");
    }
}

#[test]
fn what_is_no_amount_is_pointed_at_and_explained() {
    let table = [
        ("12,5,0", 0..6, "not an amount: write 100, 0.50 or 1234.50"),
        ("1,000", 0..5, "1000 or 1.000? Write 1000, or use two decimals"),
        ("1.000", 0..5, "1000 or 1.000? Write 1000, or use two decimals"),
        ("5..1,234", 3..8, "1234 or 1.234? Write 1234, or use two decimals"),
        ("1234.567", 0..8, "at most two decimals"),
        ("0,123", 0..5, "at most two decimals"),
        ("1.0.0", 0..5, "not an amount: write 100, 0.50 or 1234.50"),
        ("5.", 2..2, "digits are missing after the decimal mark"),
        (".5", 0..2, "not an amount: write 100, 0.50 or 1234.50"),
        ("-5", 0..1, "write amounts without a sign"),
        ("100..-5", 5..6, "write amounts without a sign"),
        ("  5 0", 3..4, "spaces are allowed only between groups of three digits: 1 234.50"),
        ("5 x", 1..2, "spaces are allowed only between groups of three digits: 1 234.50"),
        ("5x", 1..2, "not an amount: write 12.50"),
        ("$5", 0..1, "only digits and a decimal mark: 12.50"),
        ("500..100.01", 5..11, "less than the amount before it: write the smaller one first"),
        ("..", 0..2, "a range needs a start or an end: 100.. or ..500"),
        ("1234567890123", 0..13, "more than 12 digits"),
    ];
    for (typed, at, why) in table {
        let error = value("amount", typed).unwrap_err();
        assert_eq!((error.span, error.why.as_str()), (at, why), "{typed}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_resolves_to_sound_values_or_is_refused(
        at in 0usize..11, typed in "\\PC{0,12}|[0-9.,+-]{0,12}[dwmy]?", days in 0i64..3_000_000,
    ) {
        let names = ["search", "status", "booking_id", "due_date_from", "due_date_to",
                     "amount_from", "amount_to", "on", "due", "amount", "new_param"];
        let today = NaiveDate::default() + chrono::TimeDelta::days(days);
        if let Ok(filter) = value(names[at], &typed)
            && let Ok(sent) = filter.resolve(today)
        {
            prop_assert!(!sent.is_empty());
            for SentParam { param, value: text, .. } in sent {
                let again = value(&param, &text).and_then(|filter| filter.resolve(today)).unwrap();
                prop_assert_eq!(&again[0].value, &text);
                let bound = FILTERS.iter().find(|filter| filter.param == param);
                if bound.is_some_and(|filter| filter.kind == FilterKind::Date) {
                    prop_assert!(date::parse(&text).is_some());
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn an_error_is_inside_what_was_typed(
        at in 0usize..11, typed in "\\PC{0,24}|[+-]?[0-9]{0,12}[dwmy]?(\\.\\.)?[+-]?[0-9.-]{0,10}[dwmy]?",
        days in -1_000_000i64..4_000_000,
    ) {
        let names = ["search", "status", "booking_id", "due_date_from", "due_date_to",
                     "amount_from", "amount_to", "on", "due", "amount", "new_param"];
        let today = NaiveDate::default() + chrono::TimeDelta::days(days);
        match value(names[at], &typed).and_then(|filter| filter.resolve(today)) {
            Ok(sent) if sent.len() == 2 => prop_assert!(sent[0].rank <= sent[1].rank),
            Ok(_) => {}
            Err(error) => prop_assert!(error.span.end <= typed.chars().count()),
        }
    }
}
