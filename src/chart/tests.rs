//! Charts: each row in one place, exact sums, no currency mixed with another.

use chrono::NaiveDate;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::{Cut, lines};
use crate::list::record::Record;
use crate::list::{ALL, Spec};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 31).unwrap()
}

fn charted(key: &str, rows: &[&str]) -> Vec<String> {
    let spec = Spec::named(key).unwrap();
    let rows: Vec<Record> = rows.iter().map(|json| Record::read(spec, json)).collect();
    lines(spec, &rows.iter().collect::<Vec<_>>(), Cut::Nowhere, today(), 60)
}

#[test]
fn months_are_summed_by_currency_the_newest_first() {
    let lines = charted(
        "transactions",
        &[
            r#"{"amount":100,"currency":"EUR","issued_on":"2026-01-31"}"#,
            r#"{"amount":250,"currency":"EUR","issued_on":"2025-12-31"}"#,
            r#"{"amount":250,"currency":"EUR","issued_on":"2025-12-01"}"#,
            r#"{"amount":7,"currency":"PLN","issued_on":"2025-12-01"}"#,
            r#"{"amount":9,"currency":"EUR"}"#,
            r#"{"amount":"x","currency":"EUR","issued_on":"2025-12-01"}"#,
        ],
    );
    assert_eq!(lines[0], "By month (issued)");
    assert_eq!(lines[1], "  EUR");
    assert!(lines[2].starts_with("  2026-01  1.00  ████████▌"), "{lines:?}");
    assert!(lines[3].starts_with("  2025-12  5.00  ████████████████████"), "{lines:?}");
    assert!(lines[4].starts_with("  no date  0.09  "), "{lines:?}");
    assert_eq!(lines[5], "  PLN");
    assert!(lines[6].starts_with("  2025-12  0.07  █"));
    assert_eq!(lines[7], "  In no sum: 1 row with an unreadable amount");
}

#[test]
fn a_remaining_amount_that_no_sum_can_take_is_not_replaced_by_the_whole_one() {
    let lines = charted(
        "debt",
        &[
            r#"{"amount":1000,"remaining_amount":866.604,"currency":"EUR","due_date":"2026-01-01"}"#,
            r#"{"amount":300,"currency":"Euro","due_date":"2026-01-01"}"#,
            r#"{"amount":200,"currency":"EUR","due_date":"2026-01-01T10:00:00Z"}"#,
        ],
    );
    assert!(lines.iter().any(|line| line.contains("  2.00  ")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("10.00") || line.contains("no date")));
    assert_eq!(
        lines.last().unwrap(),
        "  In no sum: 1 row with an amount that is no whole number of cents, \
         1 row in an unknown currency"
    );
}

#[test]
fn more_currencies_than_anybody_has_are_counted_and_not_drawn() {
    let row = |at: u8| {
        let [a, b] = [at / 26, at % 26].map(|letter| char::from(b'A' + letter));
        format!(r#"{{"amount":100,"currency":"Q{a}{b}","issued_on":"2026-01-31"}}"#)
    };
    let rows: Vec<String> = (0..200).map(row).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let lines = charted("transactions", &rows);
    assert_eq!(lines.len(), 1 + 2 * 40 + 1);
    assert_eq!(
        lines.last().unwrap(),
        "  Not shown: 160 more currencies; filter the list to see them"
    );
}

#[test]
fn credit_notes_count_against_invoices_and_are_hatched() {
    let lines = charted(
        "invoices",
        &[
            r#"{"doc_type":"Credit Note","amount_gross":500,"currency":"EUR","issue_date":"2026-02-01"}"#,
            r#"{"doc_type":"Invoice","amount_gross":900,"currency":"EUR","issue_date":"2026-03-01"}"#,
            r#"{"doc_type":"Credit Note","amount_gross":-100,"currency":"EUR","issue_date":"2026-03-02"}"#,
        ],
    );
    assert!(lines[2].contains("2026-03   8.00  █"), "{lines:?}");
    assert!(lines[3].contains("2026-02  -5.00  ░"), "{lines:?}");
}

#[test]
fn weeks_begin_on_monday_go_over_the_year_and_say_what_lies_outside() {
    let row = |day: &str| format!(r#"{{"amount":100,"currency":"EUR","due_date":"{day}"}}"#);
    // 2026-12-31 is a Thursday; its week begins on the 28th.
    let days = ["2026-12-27", "2026-12-28", "2027-01-03", "2027-01-04", "2027-03-21", "2027-03-22"];
    let rows = days.map(row);
    let lines = charted("scheduled", &rows.each_ref().map(String::as_str));
    let told: Vec<&str> =
        lines[2..].iter().map(|line| line.split("  █").next().unwrap().trim()).collect();
    let expected = [
        "before      1.00",
        "2026-12-28  2.00",
        "2027-01-04  1.00",
        "2027-01-11  0.00",
        "2027-01-18  0.00",
        "2027-01-25  0.00",
        "2027-02-01  0.00",
        "2027-02-08  0.00",
        "2027-02-15  0.00",
        "2027-02-22  0.00",
        "2027-03-01  0.00",
        "2027-03-08  0.00",
        "2027-03-15  1.00",
        "later       1.00",
    ];
    assert_eq!(told, expected);
}

#[test]
fn closed_debt_has_no_age_and_one_without_a_date_is_never_overdue() {
    let lines = charted(
        "debt",
        &[
            r#"{"amount":100,"currency":"EUR","status":"overdue","due_date":"2026-12-30"}"#,
            r#"{"amount":100,"currency":"EUR","status":"paid","due_date":"2020-01-01"}"#,
            r#"{"amount":300,"currency":"EUR","status":"new_word","due_date":null}"#,
        ],
    );
    let told: Vec<&str> = lines[2..4].iter().map(|line| line.get(2..9).unwrap().trim()).collect();
    assert_eq!(told, ["1-30 d", "no date"]);
    assert_eq!(lines[4..], ["  1 closed, not counted"]);
}

proptest! {
    #[test]
    fn any_amounts_fit_the_width_and_every_figure_is_whole(
        amounts in proptest::collection::vec(any::<i64>(), 1..6), width in 0usize..140,
    ) {
        for spec in ALL {
            let field = spec.amount();
            let row = |minor: &i64| {
                Record::read(spec, &format!(r#"{{"{field}":{minor},"currency":"EUR"}}"#))
            };
            let rows: Vec<Record> = amounts.iter().map(row).collect();
            let rows: Vec<&Record> = rows.iter().collect();
            for line in lines(spec, &rows, Cut::Everywhere, today(), width) {
                prop_assert!(line.width() <= width.max(120), "{}", line);
            }
        }
    }
}

#[test]
fn of_an_open_debt_only_the_rest_counts_where_the_row_says_it() {
    let lines = charted(
        "debt",
        &[
            r#"{"amount":30250,"remaining_amount":22688,"currency":"EUR","due_date":"2026-12-01","status":"overdue"}"#,
            r#"{"amount":100,"currency":"EUR","due_date":"2026-12-02","status":"overdue"}"#,
        ],
    );
    assert_eq!(lines[0], "Open, by days overdue");
    assert!(lines.iter().any(|line| line.contains("  227.88  ")), "{lines:?}");
}
