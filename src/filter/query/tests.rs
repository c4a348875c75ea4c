//! What a query sends, for every parameter of every list.

use super::*;
use crate::list::filter::FilterKind;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn query(list: &str, filters: &[(&str, &str)]) -> ListQuery {
    let spec = Spec::named(list).unwrap();
    let filters = filters.iter().map(|(n, typed)| FilterValue::named(spec, n, typed).unwrap());
    ListQuery::with_filters(spec, filters.collect(), today()).unwrap()
}

fn sent(query: &ListQuery) -> Vec<String> {
    query.pairs().iter().map(|(name, value)| format!("{name}={value}")).collect()
}

#[test]
fn filters_are_sent_in_the_order_of_the_form_and_unknown_ones_last() {
    let typed = [("new", " a&b "), ("amount_from", "100.50"), ("gone", "x"), ("status", "notify")];
    let query = query("penalties", &typed).page(2, 900);
    let expected =
        ["status=notify", "amount_from=100.50", "new=a&b", "gone=x", "page=2", "per_page=500"];
    assert_eq!(sent(&query), expected);
    let set: Vec<_> = query.filters.iter().map(|filter| filter.target.name()).collect();
    assert_eq!(set, ["new", "amount_from", "gone", "status"]);
}

#[test]
fn a_query_moves_to_another_day_or_stays_as_it_is() {
    let mut query = query("penalties", &[("due", "2026-11-20..today"), ("search", "x")]);
    query.move_to(today().succ_opt().unwrap()).unwrap();
    let moved = sent(&query);
    assert_eq!(moved[2], "due_date_to=2026-11-21");
    let invalid = query.move_to(NaiveDate::default()).unwrap_err();
    assert_eq!((invalid.index, invalid.name.as_str()), (0, "due"));
    assert_eq!(sent(&query), moved);
}

#[test]
fn the_rows_of_a_booking_are_asked_for_by_its_reference() {
    for spec in crate::list::ALL {
        let query = ListQuery::of_booking(spec, "HB 1").unwrap();
        assert_eq!(sent(&query)[0], format!("{}=HB 1", spec.booking));
    }
    let spec = Spec::named("debt").unwrap();
    assert_eq!(ListQuery::of_booking(spec, "a\u{7}"), None);
    assert_eq!(ListQuery::of_booking(spec, " "), None);
}

/// What the first filter of a list can be set to, and what is sent for it on 2026-11-20.
fn example(kind: FilterKind) -> (&'static str, String) {
    match kind {
        FilterKind::Search | FilterKind::Exact => ("x & y=+%é", "x & y=+%é".to_owned()),
        FilterKind::OneOf(values) => (values[0], values[0].to_owned()),
        FilterKind::Date => ("-30d", "2026-10-21".to_owned()),
        FilterKind::Amount => ("12.50", "12.50".to_owned()),
    }
}

fn under(spec: &'static Spec, name: &str, typed: &str) -> Vec<String> {
    let mut sent = sent(&query(spec.key, &[(name, typed)]));
    sent.truncate(sent.len() - 2);
    sent
}

#[test]
fn every_parameter_of_every_list_is_sent_as_documented() {
    for spec in crate::list::ALL {
        for filter in spec.filters {
            let (typed, sent) = example(filter.kind);
            let expected = format!("{}={sent}", filter.param);
            assert_eq!(under(spec, filter.param, typed), [expected], "{}", spec.key);
            let is_end = filter.param.ends_with("_from") || filter.param.ends_with("_to");
            assert_eq!(is_end, filter.range_end.is_some(), "{}.{}", spec.key, filter.param);
        }
    }
}

#[test]
fn every_range_of_every_list_sets_both_its_parameters() {
    let mut names = Vec::new();
    for spec in crate::list::ALL {
        for range in RangeParams::all(spec.filters) {
            let (typed, from, to) = match range.from.kind {
                FilterKind::Date => ("2026-02", "2026-02-01", "2026-02-28"),
                _ => ("1..2.5", "1", "2.5"),
            };
            let expected = [(range.from.param, from), (range.to.param, to)];
            let expected = expected.map(|(param, value)| format!("{param}={value}"));
            assert_eq!(under(spec, range.name, typed), expected);
            names.push(format!("{}.{}", spec.key, range.name));
        }
    }
    let expected = [
        "transactions.paid",
        "transactions.amount",
        "scheduled.due",
        "scheduled.amount",
        "invoices.issued",
        "invoices.amount",
        "penalties.due",
        "penalties.amount",
        "debt.due",
        "debt.amount",
    ];
    // A new list may have ranges of its own.
    assert!(expected.iter().all(|name| names.iter().any(|found| found == name)), "{names:?}");
}
