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
    assert!(lines[2].starts_with("  2026-01  1.00  ▄▄▄▄▄▄▄▄▖"), "{lines:?}");
    assert!(lines[3].starts_with("  2025-12  5.00  ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄"), "{lines:?}");
    assert!(lines[4].starts_with("  no date  0.09  "), "{lines:?}");
    assert_eq!(lines[5], "  total    6.09");
    assert_eq!(lines[6], "  PLN");
    assert!(lines[7].starts_with("  2025-12  0.07  ▄"), "one amount needs no total");
    assert_eq!(lines[8], "  Not counted: 1 row with an invalid amount");
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
        "  Not counted: 1 row with an amount that is not a whole number of cents, \
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
        "  Not shown: 160 more currencies. Filter the list to see them."
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
    assert!(lines[2].contains("2026-03   8.00  ▄"), "{lines:?}");
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
        lines[2..].iter().map(|line| line.split("  ▄").next().unwrap().trim()).collect();
    let expected = [
        "before      1.00",
        "2026-12-28  2.00",
        "2027-01-04  1.00",
        "2027-03-15  1.00",
        "later       1.00",
        "total       6.00",
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
    assert_eq!(lines[4], "  total    4.00");
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0], "Open, by days overdue (1 closed, not counted)");
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

/// The lines of a chart if only these rows are loaded, in the order of the server.
fn charted_part(key: &str, rows: &[&str]) -> Vec<String> {
    let spec = Spec::named(key).unwrap();
    let rows: Vec<Record> = rows.iter().map(|json| Record::read(spec, json)).collect();
    lines(spec, &rows.iter().collect::<Vec<_>>(), Cut::of(spec, &rows), today(), 60)
}

fn partial(lines: &[String]) -> Vec<&str> {
    let cut = lines.iter().filter(|line| line.contains("(partial)"));
    cut.map(|line| line.split_whitespace().next().unwrap()).collect()
}

#[test]
fn of_a_part_the_oldest_month_is_partial_and_without_a_known_order_each_is() {
    let row = |field: &str, day: &str| {
        format!(r#"{{"amount":100,"amount_gross":100,"currency":"EUR","{field}":"{day}"}}"#)
    };
    let part = |list: &str, field: &str, days: [&str; 4]| {
        let rows = days.map(|day| row(field, day));
        let lines = charted_part(list, &rows.each_ref().map(String::as_str));
        partial(&lines).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let sorted = ["2026-11-02", "2026-10-31", "2026-10-01", "2026-09-30"];
    assert_eq!(part("transactions", "issued_on", sorted), ["2026-09", "total"]);
    let undated = ["2026-11-02", "2026-10-31", "", "2026-10-30"];
    assert_eq!(part("transactions", "issued_on", undated), ["2026-10", "no", "total"]);
    let other_order = ["2026-10-31", "2026-11-02", "2026-10-01", "2026-09-30"];
    assert_eq!(
        part("transactions", "issued_on", other_order),
        ["2026-11", "2026-10", "2026-09", "total"]
    );
    assert_eq!(part("invoices", "issue_date", sorted), ["2026-11", "2026-10", "2026-09", "total"]);
    let weeks = part("scheduled", "due_date", sorted);
    assert_eq!(weeks, ["before", "total"]);
    let rows = sorted.map(|day| row("due_date", day));
    let lines = charted_part("scheduled", &rows.each_ref().map(String::as_str));
    let said = "  Weeks without loaded rows are not shown.";
    assert!(lines.iter().any(|line| line == said), "{lines:?}");
    let foreign = ["EUR", "GBP"].map(|currency| {
        format!(r#"{{"amount":100,"currency":"{currency}","issued_on":"2026-11-02"}}"#)
    });
    let lines = charted_part("transactions", &foreign.each_ref().map(String::as_str));
    let totals = lines.iter().filter(|line| line.contains("total (partial)")).count();
    assert_eq!(totals, 2, "older rows may be missing in each currency: {lines:?}");
}

#[test]
fn of_a_part_of_the_penalties_the_ages_from_the_oldest_on_are_partial() {
    let row = |day: &str| format!(r#"{{"amount":1,"currency":"EUR","due_date":"{day}"}}"#);
    let rows = ["2027-01-01", "2026-12-30", "2026-11-30", "2026-10-30"].map(row);
    let lines = charted_part("penalties", &rows.each_ref().map(String::as_str));
    assert_eq!(partial(&lines), ["61-90", "total", "2026-10", "total"]);
}

#[test]
fn by_month_too_open_penalties_are_counted_and_closed_ones_only_where_there_are_no_others() {
    let row = |status: &str, minor: i64| {
        format!(
            r#"{{"amount":{minor},"currency":"EUR","status":"{status}","due_date":"2026-11-30"}}"#
        )
    };
    let rows = [row("notify", 100), row("paid", 700), row("waived", 20)];
    let rows = rows.each_ref().map(String::as_str);
    let months = |lines: &[String]| {
        let from = lines.iter().position(|line| line.contains("by month")).unwrap();
        lines[from..].join("\n")
    };
    let open = months(&charted("penalties", &rows));
    let title = "Open, by month (due) (2 closed, not counted)";
    assert!(open.starts_with(&format!("{title}\n  EUR\n  2026-11  1.00  ")), "{open}");
    let closed = months(&charted("penalties", &rows[1..]));
    assert!(closed.starts_with("Closed, by month (due)\n  EUR\n  2026-11  7.20  "), "{closed}");
}
