//! Settings of single parameters, of ranges, and of several together.

use proptest::prelude::*;

use super::*;
use crate::domain::date;

static FILTERS: [Filter; 8] = [
    Filter::search(&["a"]),
    Filter::one_of("status", "Status", &["status"], &["paid", "notify"]),
    Filter::exact("booking_id", "Booking", &["booking_id"]),
    Filter::date("due_date_from", "Due from", &["due_date"]).from("due", "Due"),
    Filter::date("due_date_to", "Due to", &["due_date"]).to("due", "Due"),
    Filter::amount("amount_from", "Amount from", &["amount"]).from("amount", "Amount"),
    Filter::amount("amount_to", "Amount to", &["amount"]).to("amount", "Amount"),
    Filter::date("on", "On", &["due_date"]),
];

fn today() -> NaiveDate {
    date::parse("2026-11-20").unwrap()
}

fn setting(name: &str, typed: &str) -> Result<Setting, Fault> {
    Setting::new(Target::named(&FILTERS, name)?, typed)
}

fn sent(settings: &[(&str, &str)]) -> Result<Vec<String>, Unsendable> {
    let settings: Vec<_> = settings.iter().map(|(n, v)| setting(n, v).unwrap()).collect();
    let pairs = resolve_all(&settings, today())?;
    Ok(pairs.into_iter().map(|(param, value)| format!("{param}={value}")).collect())
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
        ("new_param", " -30d ", &["new_param=-30d"]),
    ];
    for (name, typed, expected) in table {
        assert_eq!(sent(&[(name, typed)]).unwrap(), *expected, "{name}={typed}");
        let setting = setting(name, typed).unwrap();
        assert_eq!((setting.typed(), setting.is_raw()), (*typed, *name == "new_param"));
    }
}

#[test]
fn wrong_values_are_refused_where_they_are_typed() {
    let table = [
        ("status", "late", 0..4, "not one of paid, notify"),
        ("status", "", 0..0, "a value is missing"),
        ("booking_id", "   ", 0..3, "a value is missing"),
        ("search", " a\u{7}b", 2..3, "contains a control character"),
        ("new_param", "\u{1b}", 0..1, "contains a control character"),
        ("due", "2026-02-31", 8..10, "February 2026 has 28 days"),
        ("due_date_from", "2026-02-31", 8..10, "February 2026 has 28 days"),
        ("amount", "12,5", 2..3, "use a dot: 12.5"),
        ("amount_to", " 12,5,0", 3..4, "no commas; use a dot: 12.50"),
    ];
    for (name, typed, at, why) in table {
        let fault = setting(name, typed).unwrap_err();
        assert_eq!((fault.at, fault.why.as_str()), (at, why), "{name}={typed}");
    }
}

#[test]
fn names_that_cannot_be_sent_are_refused() {
    for name in ["page", "per_page", "test", "", "a b", "a=b", "é", &"x".repeat(65)] {
        assert!(Target::named(&FILTERS, name).is_err(), "{name}");
    }
}

#[test]
fn settings_that_contradict_each_other_are_refused_at_the_later_one() {
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("status", "paid"), ("status", "notify")], "status is set twice"),
        (&[("due", "-1d.."), ("due_date_to", "today")], "due sets this already"),
        (&[("x", "1"), ("x", "2")], "x is set twice"),
        (&[("due_date_from", "today"), ("due_date_to", "-1d")], "the range ends before it begins"),
        (&[("amount_to", "9"), ("amount_from", "10")], "the range ends before it begins"),
    ];
    for (settings, why) in table {
        let refused = sent(settings).unwrap_err();
        assert_eq!((refused.index, refused.fault.why.as_str()), (1, *why), "{settings:?}");
    }
    assert!(sent(&[("due_date_from", "-1d"), ("due_date_to", "-1d")]).is_ok());
    assert!(sent(&[("amount_from", "9"), ("amount_to", "10")]).is_ok());
}

proptest! {
    #[test]
    fn whatever_is_typed_resolves_to_sound_values_or_is_refused(
        at in 0usize..11, typed in "\\PC{0,12}|[0-9.,+-]{0,12}[dwmy]?", days in 0i64..3_000_000,
    ) {
        let names = ["search", "status", "booking_id", "due_date_from", "due_date_to",
                     "amount_from", "amount_to", "on", "due", "amount", "new_param"];
        let today = NaiveDate::default() + chrono::TimeDelta::days(days);
        if let Ok(setting) = setting(names[at], &typed)
            && let Ok(pairs) = setting.resolve(today)
        {
            prop_assert!(!pairs.is_empty());
            for (param, value) in pairs {
                if let Some(filter) = FILTERS.iter().find(|filter| filter.param == param) {
                    prop_assert_eq!(filter.check(&value), Ok(Some(value)));
                }
            }
        }
    }
}
