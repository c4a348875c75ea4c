//! Orders of rows by each kind of column, and how long they take.

use proptest::prelude::*;
use serde_json::json;

use crate::list::ALL;
use crate::list::shape::Shapes;
use crate::list::sort::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn sorted(
    list: &str,
    column: &'static str,
    descending: bool,
    rows: &[serde_json::Value],
) -> Vec<u32> {
    let spec = Spec::named(list).unwrap();
    let records: Vec<_> = rows.iter().map(|row| Record::read(spec, &row.to_string())).collect();
    order(spec, &records, Sort { column, descending }, today()).0
}

fn values(column: &'static str, descending: bool, values: &[&str]) -> Vec<u32> {
    let rows: Vec<_> = values
        .iter()
        .map(|value| match *value {
            "" => json!({}),
            value => json!({ column: value }),
        })
        .collect();
    sorted("penalties", column, descending, &rows)
}

#[test]
fn texts_are_in_natural_order_without_case_and_accents() {
    let up = ["INV-9", "inv-10", "INV-010a", "Łódź", "lodz 2", "Zürich", "zurich 1"];
    assert_eq!(values("invoice_number", false, &up), [0, 1, 2, 3, 4, 5, 6]);
    let mixed = ["b10", "B9", "", "a", "b09", "  "];
    assert_eq!(values("invoice_number", false, &mixed), [3, 1, 4, 0, 2, 5]);
    assert_eq!(values("invoice_number", true, &mixed), [0, 1, 4, 3, 2, 5]);
    let long = ["x2".to_owned() + &"0".repeat(40), "x1".to_owned() + &"9".repeat(40)];
    assert_eq!(values("invoice_number", false, &[&long[0], &long[1]]), [1, 0]);
}

#[test]
fn days_instants_and_decimals_are_compared_by_value() {
    assert_eq!(values("due_date", true, &["2026-01-02", "", "2026-10-01", "soon"]), [2, 0, 1, 3]);
    let instants = ["2025-01-20T00:30:00+02:00", "2025-01-19T23:00:00.000000Z", "no"];
    assert_eq!(values("timestamp_paid", false, &instants), [0, 1, 2]);
    let bare = ["2025-01-20 10:00:00", "2025-01-20", "2025-01-20T09:00:00Z", "2025-01-20 08:59"];
    assert_eq!(values("timestamp_paid", false, &bare), [1, 3, 2, 0]);
    let rates = ["1.5", "1.25", "-2", "10", "0.0000000001", "1e5", ""];
    assert_eq!(values("rate_to_eur", false, &rates), [2, 4, 1, 0, 3, 5, 6]);
}

#[test]
fn decimals_of_any_size_are_compared_by_value() {
    let up = [
        "-1e20",
        "-922337204",
        "-1.5",
        "-1",
        "-0.5",
        "0.00",
        "1.0e-5",
        "0.1",
        "+2",
        "922337203",
        "922337204.00000000001",
        "922337204.1",
        "99999999999999999999999999",
        "1E30",
    ];
    let odd = ["1,5", "1.5.2", ".", "-", "1e", "0x10", "1e99999999999"];
    let all: Vec<&str> = up.iter().chain(&odd).copied().collect();
    assert!(values("rate_to_eur", false, &all).into_iter().eq(0..21));
    let down: Vec<u32> = (0..14).rev().chain(14..21).collect();
    assert_eq!(values("rate_to_eur", true, &all), down);
    assert_eq!(values("rate_to_eur", true, &["1.50", "1.5", "01.5", "15e-1"]), [0, 1, 2, 3]);
}

#[test]
fn integers_that_are_no_amounts_are_compared_by_value() {
    let shapes = Shapes::default();
    let read = |numbers: &[&str]| {
        let rows: Vec<String> = numbers.iter().map(|it| format!(r#"{{"nights": {it}}}"#)).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        shapes.read(Spec::named("scheduled").unwrap(), &rows)
    };
    read(&["7", "12"]);
    let rows = read(&["7", "-10", "100000000000000000000", "-9", "0", "null", "12", "\"8\""]);
    let spec = rows[0].spec();
    assert_eq!(spec.field("nights").unwrap().kind, Kind::Whole);
    let by = |descending| order(spec, &rows, Sort { column: "nights", descending }, today()).0;
    assert_eq!(by(false), [1, 3, 4, 0, 7, 6, 2, 5]);
    assert_eq!(by(true), [2, 6, 7, 0, 4, 3, 1, 5]);
}

#[test]
fn amounts_are_grouped_by_currency_and_never_compared_across() {
    let row =
        |amount: serde_json::Value, currency: &str| json!({"amount": amount, "currency": currency});
    let rows = [
        row(json!(500), "PLN"),
        row(json!(2), "EUR"),
        row(json!(9), ""),
        row(json!(null), "EUR"),
        row(json!("30"), "eur"),
        row(json!(-1), "EUR"),
        row(json!(2), "EUR"),
    ];
    assert_eq!(sorted("penalties", "amount", false, &rows), [5, 1, 6, 4, 0, 2, 3]);
    assert_eq!(sorted("penalties", "amount", true, &rows), [4, 1, 6, 5, 0, 2, 3]);
}

#[test]
fn amounts_of_several_currencies_are_sorted_in_eur_where_every_row_has_it() {
    let spec = Spec::named("debt").unwrap();
    let row = |amount: i64, currency: &str, euros: Option<i64>| {
        let row = json!({"amount": amount, "currency": currency, "amount_eur": euros,
                         "remaining_amount": amount});
        Record::read(spec, &row.to_string())
    };
    let rows = [
        row(251_859, "AED", Some(62_000)),
        row(500, "EUR", None),
        row(35_186_219, "HUF", Some(90_000)),
        // A row in EUR counts by its own amount.
        row(100_000, "EUR", Some(1)),
        Record::read(spec, r#"{"amount":"much","currency":"PLN"}"#),
    ];
    let by = |rows: &[Record], column, descending| {
        order(spec, rows, Sort { column, descending }, today())
    };
    let euros = Some(AmountBasis::Eur);
    assert_eq!(by(&rows, "amount", true), (vec![3, 2, 0, 1, 4], euros));
    assert_eq!(by(&rows, "amount", false), (vec![1, 0, 2, 3, 4], euros));
    let currency = Some(AmountBasis::Currency);
    let by_currency = (vec![0, 3, 1, 2, 4], currency);
    assert_eq!(by(&rows, "remaining_amount", true), by_currency, "amount_eur is of the amount");
    let mut lacking = rows.to_vec();
    lacking[0] = row(251_859, "AED", None);
    assert_eq!(by(&lacking, "amount", true), by_currency);
    let one = [row(2, "PLN", Some(9)), row(3, "PLN", Some(1)), row(1, "PLN", None)];
    assert_eq!(by(&one, "amount", true), (vec![1, 0, 2], None), "one currency needs no word");
    let texts: [&str; 2] = [AmountBasis::Eur, AmountBasis::Currency].map(Into::into);
    assert_eq!(texts, ["in EUR", "by currency, then amount"]);
}

#[test]
fn amounts_that_are_in_no_sum_come_last_in_the_order_of_the_rows() {
    let rows = [
        json!({"amount": 900, "currency": "Euro"}),
        json!({"amount": 866.604, "currency": "EUR"}),
        json!({"amount": 1, "currency": "EUR"}),
        json!({"amount": "2000.00", "currency": "EUR"}),
        json!({"amount": 5, "currency": "US Dollar"}),
        json!({"amount": 2, "currency": null}),
    ];
    assert_eq!(sorted("penalties", "amount", false, &rows), [2, 5, 0, 1, 3, 4]);
    assert_eq!(sorted("penalties", "amount", true, &rows), [2, 5, 0, 1, 3, 4]);
}

#[test]
fn a_date_with_a_time_is_sorted_by_its_day() {
    let days = ["2026-10-01T08:00:00Z", "2026-01-02", "2026-05-01 23:59:59"];
    assert_eq!(values("due_date", false, &days), [1, 2, 0]);
}

#[test]
fn a_derived_column_sorts_with_what_does_not_apply_last() {
    let row = |due: &str, status: &str| json!({"due_date": due, "status": status});
    let rows = [
        row("2026-11-19", "notify"),
        row("2026-12-01", "notify"),
        row("2026-01-01", "notify"),
        row("2025-01-01", "paid"),
    ];
    assert_eq!(sorted("penalties", "days", true, &rows), [2, 0, 1, 3]);
    assert_eq!(sorted("penalties", "days", false, &rows), [1, 0, 2, 3]);
    assert_eq!(sorted("penalties", "no such column", false, &rows), [0, 1, 2, 3]);
}

proptest! {
    #[test]
    fn every_column_gives_each_row_once_and_sorting_twice_changes_nothing(
        rows in proptest::collection::vec(("\\PC{0,6}|[0-9]{0,4}", any::<i64>()), 0..12), descending: bool,
    ) {
        for spec in ALL {
            let columns = spec.fields.iter().map(|f| f.name).chain(spec.derived.iter().map(|d| d.field.name));
            for column in columns {
                let records: Vec<_> = rows.iter().map(|(text, minor)| {
                    let is_money = spec.position(column)
                        .is_some_and(|at| matches!(spec.fields[at].kind, Kind::Minor | Kind::MinorEur));
                    let value = if is_money { json!(minor) } else { json!(text) };
                    Record::read(spec, &json!({ column: value }).to_string())
                }).collect();
                let sort = Sort { column, descending };
                let (once, _) = order(spec, &records, sort, today());
                let mut places = once.clone();
                places.sort_unstable();
                prop_assert!(places.into_iter().eq(0..place(records.len())));
                let again: Vec<_> = once.iter().map(|at| records[*at as usize].clone()).collect();
                let (same, _) = order(spec, &again, sort, today());
                prop_assert!(same.into_iter().eq(0..place(again.len())));
            }
        }
    }
}

/// `cargo test --release -- --ignored --nocapture how_long`
#[test]
#[ignore = "a measurement, not a test"]
#[expect(clippy::disallowed_methods, reason = "measures")]
fn how_long_a_hundred_thousand_rows_take() {
    let spec = Spec::named("penalties").unwrap();
    let records: Vec<_> = (0..100_000u64)
        .map(|row| {
            let mixed = row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
            let currency = if mixed % 5 == 0 { "PLN" } else { "EUR" };
            let row = json!({
                "id": row.to_string(), "booking_id": format!("BK{mixed:06}"), "amount": mixed,
                "currency": currency, "invoice_number": format!("PEN-2025-{mixed:06}"),
                "due_date": format!("2025-{:02}-{:02}", mixed % 12 + 1, mixed % 28 + 1),
                "status": "notify", "rate_to_eur": "1.0000000000",
            });
            Record::read(spec, &row.to_string())
        })
        .collect();
    for column in
        ["amount", "invoice_number", "booking_id", "status", "due_date", "days", "rate_to_eur"]
    {
        let since = std::time::Instant::now();
        let (places, _) = order(spec, &records, Sort { column, descending: true }, today());
        println!("{column}: {:?} ({})", since.elapsed(), places.len());
    }
}
