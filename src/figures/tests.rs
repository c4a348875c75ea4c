//! What a sum counts of a row, and the summary line.

use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::summary::{Of, Scope, Weight, summary, text_of};
use super::*;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 26).unwrap()
}

fn spec(list: &str) -> &'static Spec {
    Spec::named(list).unwrap()
}

fn rows(list: &str, rows: &[&str]) -> Vec<Record> {
    rows.iter().map(|json| Record::read(spec(list), json)).collect()
}

fn figures(list: &str, json: &[&str]) -> Figures {
    Figures::of(&rows(list, json), day())
}

fn line(list: &str, json: &[&str], room: usize) -> String {
    text_of(&summary(spec(list), &figures(list, json), Scope::default(), room))
}

const DEBT: [&str; 6] = [
    r#"{"status":"overdue","amount":10000,"remaining_amount":2500,"currency":"EUR","due_date":"2026-01-01"}"#,
    r#"{"status":"pending","amount":10000,"currency":"EUR","due_date":"2026-12-01"}"#,
    r#"{"status":"overdue","amount":4000,"remaining_amount":1000,"currency":"PLN","amount_eur":930,"due_date":"2026-11-01"}"#,
    r#"{"status":"paid","amount":7000,"remaining_amount":0,"currency":"EUR","due_date":"2025-01-01"}"#,
    r#"{"status":"Written Off","amount":900,"currency":"EUR"}"#,
    r#"{"status":"brand_new","amount":100,"remaining_amount":null,"currency":"GBP","due_date":null}"#,
];

#[test]
fn open_rows_count_by_what_remains_and_closed_ones_apart() {
    let figures = figures("debt", &DEBT);
    assert_eq!((figures.open.count, figures.closed.count), (4, 2));
    assert_eq!(figures.open.sums.to_string(), "EUR 125.00 · GBP 1.00 · PLN 10.00");
    assert_eq!(figures.closed.sums.to_string(), "EUR 79.00");
    let of = |age| figures.of_age(age).sums.to_string();
    assert_eq!(of(Bucket::Over90), "EUR 25.00", "of the closed ones none is overdue");
    assert_eq!(
        [Bucket::NotDue, Bucket::To30, Bucket::NoDate].map(of),
        ["EUR 100.00", "PLN 10.00", "GBP 1.00"]
    );
}

#[test]
fn the_total_in_eur_is_pro_rata_and_counts_the_rows_that_are_not_in_it() {
    let open = figures("debt", &DEBT).open;
    // 125.00 in EUR, and a quarter of 9.30: 2.325, rounded to 2.33.
    assert_eq!(open.in_euros(), Some(InEuros { minor: 12_733, without: 1 }));
    let euros = |json: &str| Counted::of(&rows("debt", &[json])[0], day()).in_euros;
    let table = [
        (r#"{"amount":3,"remaining_amount":1,"amount_eur":100,"currency":"PLN"}"#, Some(33)),
        (r#"{"amount":3,"remaining_amount":2,"amount_eur":100,"currency":"PLN"}"#, Some(67)),
        (r#"{"amount":2,"remaining_amount":1,"amount_eur":1,"currency":"PLN"}"#, Some(1)),
        (r#"{"amount":-2,"remaining_amount":-1,"amount_eur":-1,"currency":"PLN"}"#, Some(-1)),
        (r#"{"amount":2,"remaining_amount":-1,"amount_eur":1,"currency":"PLN"}"#, Some(-1)),
        (r#"{"amount":0,"amount_eur":100,"currency":"PLN"}"#, None),
        (r#"{"amount_eur":100,"currency":"PLN"}"#, None),
        (r#"{"amount":100,"currency":"PLN"}"#, None),
        (r#"{"amount":100,"amount_eur":99,"currency":"EUR"}"#, Some(100)),
        (r#"{"amount":100,"amount_eur":25,"currency":"Zloty"}"#, Some(25)),
        (
            r#"{"amount":9223372036854775807,"remaining_amount":9223372036854775807,
                "amount_eur":9223372036854775807,"currency":"PLN"}"#,
            Some(9_223_372_036_854_775_807),
        ),
        (
            r#"{"amount":100,"remaining_amount":100,"amount_eur":30,"status":"paid","currency":"PLN"}"#,
            Some(30),
        ),
    ];
    for (json, expected) in table {
        assert_eq!(euros(json), expected, "{json}");
    }
}

#[test]
fn there_is_a_total_in_eur_only_beside_other_currencies_that_have_it() {
    let eur = r#"{"amount":100,"amount_eur":100,"currency":"EUR"}"#;
    let pln = r#"{"amount":400,"amount_eur":100,"currency":"PLN"}"#;
    let without = r#"{"amount":400,"currency":"PLN"}"#;
    let unknown = r#"{"amount":400,"amount_eur":50,"currency":"Zloty"}"#;
    let total = |json: &[&str]| figures("debt", json).open.in_euros().map(|it| it.minor);
    assert_eq!(total(&[eur, eur]), None, "it would be the same figure twice");
    assert_eq!(total(&[pln]), Some(100));
    assert_eq!(total(&[eur, without]), None);
    assert_eq!(total(&[eur, pln]), Some(200));
    assert_eq!(total(&[eur, unknown]), Some(150));
}

#[test]
fn a_remaining_amount_that_cannot_be_read_is_not_replaced_by_the_full_one() {
    let figures = figures(
        "debt",
        &[
            r#"{"amount":1000,"remaining_amount":866.604,"currency":"EUR"}"#,
            r#"{"amount":1000,"remaining_amount":"  ","currency":"EUR"}"#,
            r#"{"amount":1000,"remaining_amount":"much","currency":"EUR"}"#,
        ],
    );
    assert_eq!((figures.open.count, figures.open.sums.to_string().as_str()), (3, "EUR 10.00"));
    assert_eq!(figures.open.not_summed.count(), 2);
}

#[test]
fn each_row_is_in_one_sum_or_has_one_reason_why_it_is_in_none() {
    let pairs = [
        ("100", r#""EUR""#),
        (r#""2000""#, r#""EUR""#),
        ("100", "null"),
        ("100", r#"" ""#),
        ("100", r#""Euro""#),
        ("200", r#""US Dollar""#),
        ("300", "978"),
        ("866.604", r#""EUR""#),
        (r#""2000.00""#, r#""Euro""#),
        ("{}", r#""EUR""#),
        (r#""200 EUR""#, r#""EUR""#),
        ("99999999999999999999", r#""EUR""#),
        ("true", r#""EUR""#),
        (r#"" ""#, r#""EUR""#),
        (r#""much""#, r#""Euro""#),
        ("null", "null"),
    ];
    let rows = pairs.map(|(amount, currency)| {
        Record::read(spec("debt"), &format!(r#"{{"amount":{amount},"currency":{currency}}}"#))
    });
    let Summed { sums, not_summed, .. } = Figures::of(&rows, day()).open;
    assert_eq!(sums.to_string(), "2.00 · EUR 21.00");
    let counts: Vec<usize> = not_summed.each().map(|(_, count)| count).collect();
    assert_eq!((counts, not_summed.count()), (vec![2, 2, 5, 3], 12));
    assert_eq!(
        not_summed.to_string(),
        "2 rows without an amount, 2 rows with an amount that is not a whole number of cents, \
         5 rows with an invalid amount, 3 rows in an unknown currency"
    );
    let names: Vec<String> = not_summed.each().map(|(why, _)| why.to_string()).collect();
    assert_eq!(
        names,
        ["no_amount", "no_whole_minor_units", "unreadable_amount", "unknown_currency"]
    );
}

#[test]
fn credit_notes_count_negative_in_any_spelling_and_sign() {
    let of = |amount: i64, kind: &str| {
        format!(r#"{{"amount_gross":{amount},"currency":"eur","doc_type":"{kind}"}}"#)
    };
    let rows = [
        of(100, "INVOICE"),
        of(100, "Invoice"),
        of(100, "CREDIT NOTE"),
        of(-100, "credit_note"),
        of(100, "CreditNote"),
    ];
    let rows = rows.each_ref().map(String::as_str);
    assert_eq!(figures("invoices", &rows).open.sums.to_string(), "EUR -1.00");
    assert_eq!(line("invoices", &rows, 80), "5 rows · net EUR -1.00");
}

#[test]
fn pages_that_are_added_one_by_one_come_to_the_same() {
    let (all, rows) = (figures("debt", &DEBT), rows("debt", &DEBT));
    let (mut added, mut merged) = (Figures::default(), Figures::default());
    for page in rows.chunks(2) {
        added.add(page, day());
        merged.merge(&Figures::of(page, day()));
    }
    assert_eq!((&added, &merged), (&all, &all));
}

#[test]
fn the_line_says_what_is_open_in_eur_by_age_and_closed_in_the_fullest_form_that_fits() {
    assert_eq!(
        line("debt", &DEBT, 200),
        "4 open · EUR 125.00 · GBP 1.00 · PLN 10.00 · in EUR 127.33 (1 row without an amount in EUR) \
         · no date GBP 1.00 · 1-90 days PLN 10.00, in EUR 2.33 · over 90 days EUR 25.00 · 2 closed"
    );
    assert_eq!(
        line("debt", &DEBT, 98),
        "4 open · in EUR 127.33 (1 not counted) · no date GBP 1.00 · 1-90 d 2.33 · over 90 days EUR \
         25.00"
    );
    assert_eq!(
        line("debt", &DEBT, 80),
        "4 open · in EUR 127.33 (1 not counted) · 1-90 d 2.33 · over 90 days EUR 25.00"
    );
    assert_eq!(line("debt", &DEBT, 40), "4 open · in EUR 127.33 (1 not counted)");
    assert_eq!(line("debt", &DEBT[..2], 80), "2 open · EUR 125.00 · over 90 days EUR 25.00");
    assert_eq!(line("debt", &DEBT[3..5], 80), "2 closed · EUR 79.00");
}

#[test]
fn overdue_rows_in_several_currencies_are_never_one_sum_without_its_rows() {
    let late = |status: &str, currency: &str, euros: &str| {
        format!(
            r#"{{"status":"{status}","amount":400,"currency":"{currency}","amount_eur":{euros},"due_date":"2026-01-01"}}"#
        )
    };
    let rows = [late("overdue", "EUR", "400"), late("overdue", "PLN", "100")];
    let rows = rows.each_ref().map(String::as_str);
    assert_eq!(
        line("debt", &rows, 80),
        "2 open · EUR 4.00 · PLN 4.00 · in EUR 5.00 (all) · over 90 days in EUR 5.00"
    );
    let rows = [late("overdue", "EUR", "400"), late("overdue", "PLN", "null")];
    let rows = rows.each_ref().map(String::as_str);
    assert_eq!(
        line("debt", &rows, 80),
        "2 open · EUR 4.00 · PLN 4.00 · over 90 days EUR 4.00, PLN 4.00"
    );
    assert_eq!(
        line("debt", &rows, 59),
        "2 open · EUR 4.00 + 1 more · over 90 days EUR 4.00 + 1 more"
    );
}

#[test]
fn a_list_that_closes_nothing_has_rows_and_a_part_is_said_first() {
    let rows = [r#"{"amount":800,"currency":"EUR"}"#, r#"{"amount":"x","currency":"EUR"}"#];
    assert_eq!(line("scheduled", &rows, 80), "2 rows · EUR 8.00 · 1 row with an invalid amount");
    let of = |of, part| {
        let scope = Scope { of, part, ..Scope::default() };
        summary(spec("transactions"), &figures("transactions", &rows), scope, 60)
    };
    let part = of(Of::All, Some((100, Some(2_113))));
    assert_eq!(text_of(&part), "(100 of 2,113 loaded) · EUR 8.00 · 1 not counted");
    assert_eq!(part[0].weight, Weight::Warning);
    assert_eq!(
        text_of(&of(Of::Found, Some((100, None)))),
        "(100 loaded) · 2 found · EUR 8.00 · 1 not counted"
    );
    assert_eq!(
        text_of(&of(Of::Marked, None)),
        "2 marked · EUR 8.00 · 1 row with an invalid amount"
    );
}

#[test]
fn figures_of_a_part_are_never_shown_without_the_mark_of_a_part() {
    let rows = [r#"{"amount":8,"currency":"EUR"}"#];
    for total in [None, Some(2_113)] {
        let scope = Scope { part: Some((100, total)), ..Scope::default() };
        let line = |room| {
            text_of(&summary(spec("transactions"), &figures("transactions", &rows), scope, room))
        };
        for room in 0..40 {
            let line = line(room);
            assert!(line.is_empty() || line.starts_with('('), "{room}: {line}");
            assert!(line.width() <= room);
        }
        assert_eq!((line(8).as_str(), line(9).as_str()), ("", "(partial)"));
    }
    let scope = Scope { part: Some((100, Some(2_113))), ..Scope::default() };
    let line = |room| text_of(&summary(spec("debt"), &figures("debt", &DEBT), scope, room));
    assert_eq!(line(18), "(partial) · 4 open");
    assert_eq!(line(30), "(100 of 2,113 loaded) · 4 open");
}

proptest! {
    #[test]
    fn the_line_fits_and_its_amounts_are_complete(
        amounts in proptest::collection::vec((any::<i64>(), 0usize..5, any::<bool>()), 0..12),
        room in 0usize..200,
    ) {
        let codes = ["EUR", "PLN", "CZK", "Euro", ""];
        let rows: Vec<Record> = amounts.iter().map(|(minor, code, is_open)| {
            let status = if *is_open { "overdue" } else { "paid" };
            let json = format!(
                r#"{{"status":"{status}","amount":{minor},"amount_eur":{minor},"currency":"{}",
                    "due_date":"2026-01-01"}}"#,
                codes[*code]
            );
            Record::read(spec("debt"), &json)
        }).collect();
        let figures = Figures::of(&rows, day());
        let line = text_of(&summary(spec("debt"), &figures, Scope::default(), room));
        prop_assert!(line.width() <= room, "{line}");
        let full = text_of(&summary(spec("debt"), &figures, Scope::default(), 10_000));
        let words = |text: &str| -> Vec<String> {
            let digits = |word: &&str| word.contains('.');
            text.split([' ', '(', ')']).filter(digits).map(|it| it.trim_end_matches(',').to_owned()).collect()
        };
        let all = words(&full);
        prop_assert!(words(&line).iter().all(|word| all.contains(word)), "{line} of {full}");
        let has_sum = !words(&line).is_empty();
        let is_odd = figures.open.count > 0 && figures.open.not_summed.count() > 0;
        prop_assert!(!has_sum || !is_odd || line.contains("not counted") || line.contains("in an unknown"));
    }
}

#[test]
fn a_penalty_is_open_by_its_status_whatever_its_day_of_cancellation() {
    let penalty = |cancelled: &str| {
        format!(
            r#"{{"id":"p","status":"notify","amount":100,"currency":"EUR","due_date":"2026-01-01",
                "cancelled_on":{cancelled}}}"#
        )
    };
    for cancelled in
        [r#""2026-02-01""#, r#""2026-02-01T10:00:00Z""#, "true", "null", r#""0000-00-00""#]
    {
        let figures = figures("penalties", &[&penalty(cancelled)]);
        assert_eq!((figures.open.count, figures.closed.count), (1, 0), "{cancelled}");
        assert_eq!(figures.open.sums.to_string(), "EUR 1.00", "{cancelled}");
        assert_eq!(figures.of_age(Bucket::Over90).count, 1, "{cancelled}");
    }
}

#[test]
fn at_any_width_the_line_fits_and_ages_follow_the_total_that_they_are_parts_of() {
    let row = |due: &str, amount: i64, currency: &str, euros: &str| {
        format!(
            r#"{{"status":"overdue","amount":{amount},"currency":"{currency}","amount_eur":{euros},"due_date":"{due}"}}"#
        )
    };
    let dues = ["2026-12-01", "2026-11-10", "2026-09-01", "2026-01-01", ""];
    let euros = dues.map(|due| row(due, 123_456, "EUR", "123456"));
    let some = dues.map(|due| row(due, 123_456, "PLN", "28000"));
    let others = dues.map(|due| row(due, 123_456, "PLN", "null"));
    let mixed = [euros.clone(), some.clone()].concat();
    let not_all = [mixed.clone(), others.to_vec()].concat();
    let negative = [mixed.clone(), vec![row("2026-01-01", -999_999, "EUR", "-999999")]].concat();
    for rows in [euros.to_vec(), some.to_vec(), others.to_vec(), mixed, not_all, negative] {
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let figures = figures("debt", &rows);
        for room in 20..220 {
            let text = line("debt", &rows, room);
            assert!(text.width() <= room, "{room}: {text}");
            let total = if figures.open.in_euros().is_some() { " · in EUR " } else { " open · " };
            let at = text.find(total).map(|at| at + total.len());
            let ages = ["no date", "1-90 d", "over 90 d"].map(|age| text.find(age));
            for age in ages.into_iter().flatten() {
                assert!(at.is_some_and(|at| at < age), "{room}: {text}");
            }
            assert!(ages[1].is_none() || ages[2].is_some(), "the oldest is first: {room}: {text}");
        }
        for age in ["no date", "1-90 d", "over 90 d"] {
            let text = line("debt", &rows, 220);
            assert!(text.contains(age), "{age} in {text}");
        }
    }
}
