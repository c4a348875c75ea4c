//! Totals, rules and the verdict on small payloads.

use super::super::checks;
use super::super::row::rows_have;
use super::*;
use crate::conciliation::verdict::{Kind, Verdict};

fn read(body: &str) -> Conciliation {
    Conciliation::read("BK1", body).unwrap()
}

fn differences(totals: &Totals) -> impl Iterator<Item = &Difference> {
    totals.sections.iter().filter_map(|compared| match &compared.comparison {
        Comparison::Differs(difference) => Some(difference),
        _ => None,
    })
}

/// The words of the explanations of the only difference.
fn explained(body: &str) -> Vec<String> {
    let booking = read(body);
    let totals = Totals::of(&booking);
    let difference = differences(&totals).next().expect(body);
    difference.explanations.iter().map(|one| one.words.clone()).collect()
}

#[test]
fn each_rule_explains_its_figure() {
    let penalties = |total: i64| {
        format!(
            r#"{{"totals":{{"penalties_gross":{total}}},"penalties":[
            {{"id":"a","status":"waived","amount":1,"amount_eur":10000,"currency":"EUR"}},
            {{"id":"b","status":"paid","amount":20,"amount_eur":20000,"currency":"EUR"}},
            {{"id":"c","status":"notify","amount":300,"amount_eur":30000,"cancelled_on":"2026-01-01",
              "currency":"EUR"}},
            {{"id":"d","status":"pending","amount":4000,"amount_eur":40000,"currency":"EUR"}}]}}"#
        )
    };
    let debt = |total: i64| {
        format!(
            r#"{{"totals":{{"debt":{total}}},"debt":[
            {{"id":"a","status":"pending","amount":1,"amount_remaining":1,"amount_paid":50000}},
            {{"id":"b","status":"paid","amount":20,"amount_remaining":2,"amount_paid":60000}},
            {{"id":"c","status":"settled","amount":300,"amount_remaining":4,"amount_paid":0}},
            {{"id":"d","status":"voided","amount":4000,"amount_remaining":8,"amount_paid":0}},
            {{"id":"e","status":"overdue","amount":70000,"amount_remaining":16,"amount_paid":0}}]}}"#
        )
    };
    let invoices = |total: i64| {
        format!(
            r#"{{"totals":{{"invoices_gross":{total}}},"invoicing":{{"invoices":[
            {{"amount_gross":121,"amount_net":100}},
            {{"amount_gross":242,"amount_net":200,"doc_type":"Credit Note"}}],
            "credit_notes":[{{"amount_gross":-60}}]}}}}"#
        )
    };
    let table = [
        (penalties(4320), "leave out waived penalties"),
        (penalties(4021), "leave out cancelled penalties"),
        (penalties(4020), "leave out waived and cancelled penalties"),
        (penalties(4300), "count only open penalties"),
        (penalties(321), "leave out pending penalties"),
        (penalties(20), "count only paid and settled penalties"),
        (penalties(100_000), "sum the amounts in EUR"),
        (debt(70_001), "count only open debt (pending, overdue)"),
        (debt(70_021), "leave out settled, written-off and voided debt"),
        (debt(70_321), "leave out written-off and voided debt"),
        (debt(74_301), "leave out paid debt"),
        (debt(70_000), "count only overdue debt"),
        (debt(31), "sum the remaining amounts"),
        (debt(17), "sum the remaining amounts of open debt"),
        (debt(110_000), "sum the paid amounts"),
        (invoices(-100), "sum the net amounts"),
        (invoices(121), "leave out the credit notes among the invoices"),
        (invoices(-181), "subtract the credit notes from the invoices"),
        (invoices(363), "add credit notes as sent, some positive and some negative"),
    ];
    for (body, words) in table {
        assert_eq!(explained(&body), [words]);
    }
    assert!(explained(&penalties(77)).is_empty());
}

#[test]
fn a_rule_is_not_tried_where_a_row_does_not_say() {
    let body = r#"{"totals":{"debt":1},"debt":[{"amount":1,"status":"overdue"},{"amount":2}]}"#;
    assert!(explained(body).is_empty());
}

#[test]
fn credit_notes_count_negative_whichever_sign_the_server_uses() {
    let table = [
        (60, -60, Some("the rows are negative, the total is not")),
        (-60, 60, Some("the total is negative, the rows are not")),
        (-60, -60, None),
        (60, 60, Some("the server sends them as positive amounts")),
    ];
    for (total, row, said) in table {
        let body = format!(
            r#"{{"totals":{{"credit_notes_gross":{total}}},
                "credit_notes":[{{"amount_gross":{row},"currency":"EUR"}}]}}"#
        );
        let totals = Totals::of(&read(&body));
        let compared = totals.section(Role::CreditNotes);
        assert_eq!(compared.comparison, Comparison::Agrees);
        assert_eq!(compared.rows.to_string(), "EUR -0.60", "{body}");
        assert_eq!(compared.server, Some(Figure::Minor(-60)), "{body}");
        assert_eq!(compared.explanation().as_deref(), said);
        assert!(compared.to_string().ends_with(said.unwrap_or("adds up")), "{compared}");
    }
    let mixed = r#"{"totals":{"credit_notes_gross":50},
                    "credit_notes":[{"amount_gross":-100},{"amount_gross":50}]}"#;
    let totals = Totals::of(&read(mixed));
    let difference = differences(&totals).next().unwrap();
    assert_eq!((difference.rows, difference.by), (-150, 100));
    let words = "add credit notes as sent, some positive and some negative";
    assert_eq!(difference.explanations[0].words, words);
    let one_sign = r#"{"totals":{"credit_notes_gross":300},"credit_notes":[
                    {"amount_gross":-100,"currency":"EUR"},{"amount_gross":-200,"currency":"GBP"}]}"#;
    let totals = Totals::of(&read(one_sign));
    let words = totals.section(Role::CreditNotes).explanation().unwrap();
    assert!(words.contains("the server seems to add amounts in different currencies"), "{words}");
    let among = r#"{"totals":{"invoices_gross":21},"invoices":[{"amount_gross":121},
                    {"amount_gross":100,"doc_type":"Credit Note"}]}"#;
    assert_eq!(Totals::of(&read(among)).section(Role::Invoices).comparison, Comparison::Agrees);
    let other = r#"{"totals":{"debt":60},"debt":[{"amount":-60}]}"#;
    assert_eq!(differences(&Totals::of(&read(other))).next().unwrap().by, 120);
}

#[test]
fn what_cannot_be_compared_says_why() {
    let several = r#"{"totals":{"debt":2},"debt":[{"amount":2,"currency":"EUR"},
                      {"amount":1,"currency":"PLN"}]}"#;
    let table = [
        (r#"{"totals":{"debt":1}}"#, "the section is missing from the response"),
        (r#"{"totals":{"debt":1},"debtors":null}"#, "the server sent no data for debtors (null)"),
        (r#"{"totals":{"debt":0},"debt":"\u001bno"}"#, "debt contains no rows"),
        (r#"{"totals":{},"debt":[]}"#, "its total is missing from the response"),
        (r#"{"totals":{"debt":1.5},"debt":[]}"#, "its total debt is not a whole number of cents"),
        (r#"{"totals":{"debt":1},"debt":[{}]}"#, "1 row without an amount"),
        (r#"{"totals":{"debt":1},"debt":[{},{}]}"#, "2 rows without an amount"),
        (
            r#"{"totals":{"debt":3},"debt":[{"amount":1,"currency":"Euro"},
                {"amount":2,"currency":"US Dollar"},{"amount":200.0,"currency":"EUR"}]}"#,
            "1 row with an amount that is not a whole number of cents, 2 rows in an unknown currency",
        ),
        (
            several,
            "its rows are in several currencies and its total does not name one; the server seems to \
             count only the rows in EUR",
        ),
    ];
    for (body, words) in table {
        let totals = Totals::of(&read(body));
        let Comparison::Incomparable(open) = &totals.section(Role::Debt).comparison else {
            panic!("{body}")
        };
        assert_eq!(open.to_string(), words);
    }
}

#[test]
fn no_section_and_a_total_of_zero_agree() {
    for body in [r#"{"totals":{"debt":0}}"#, r#"{"totals":{"debt":0},"debt":null}"#] {
        let totals = Totals::of(&read(body));
        assert_eq!(totals.section(Role::Debt).comparison, Comparison::Agrees);
    }
}

/// The verdict for a payload that adds up, with some of its text replaced.
fn verdict(replace: &[(&str, &str)]) -> Verdict {
    let mut body = r#"{"totals":{"transactions":1,"transactions_made":5,"invoices_gross":7,
        "credit_notes_gross":0,"penalties_gross":0,"debt":0},
        "invoicing":{"invoices":[{"amount_gross":7,"currency":"EUR"}],"credit_notes":[]},
        "penalties":[],"debt":[],"transactions":[{"amount":5,"currency":"EUR"}]}"#
        .to_owned();
    for (old, new) in replace {
        assert!(body.contains(old));
        body = body.replace(old, new);
    }
    let booking = read(&body);
    let totals = Totals::of(&booking);
    Verdict::of(&booking, &totals, &checks::run(&booking, &totals, &[]), Vec::new(), false)
}

#[test]
fn the_verdict_says_whether_it_adds_up_and_by_how_much_and_where() {
    let fine = verdict(&[]);
    assert_eq!((fine.kind, fine.headline().as_str()), (Kind::AddsUp, "Adds up"));
    let count = verdict(&[(r#""transactions":1,"#, r#""transactions":4,"#)]);
    assert_eq!(count.kind, Kind::DoesNotAddUp);
    assert_eq!(
        count.headline(),
        "Does not add up: the server counts 4, the response lists 1 payout"
    );
    let money = verdict(&[(r#"gross":7,"cu"#, r#"gross":8,"cu"#), (r#"made":5"#, r#"made":15"#)]);
    let forms = [
        "Does not add up: EUR 0.01 of invoices are missing from the server's total; EUR 0.10 of \
         payouts are missing from the rows",
        "Does not add up: EUR 0.01 of invoices are missing from the server's total and 1 more",
        "Does not add up: EUR 0.01 of invoices; EUR 0.10 of payouts",
        "Does not add up: EUR 0.01 of invoices and 1 more",
        "Does not add up",
    ];
    assert_eq!(money.forms(), forms);
    let debt = verdict(&[
        (r#""debt":0"#, r#""debt":7"#),
        (r#""debt":[]"#, r#""debt":[{"amount":-5,"currency":"EUR"}]"#),
    ]);
    let opposite =
        "Does not add up: Debt: the server's total is 0.07, the rows add up to EUR -0.05";
    assert_eq!(
        debt.forms(),
        [opposite, "Does not add up: Debt: total 0.07, rows EUR -0.05", "Does not add up"]
    );
    let currencies = verdict(&[(r#"5,"currency":"EUR""#, r#"5,"currency":"PLN""#)]);
    assert_eq!(currencies.kind, Kind::MixedCurrencies);
    assert_eq!(currencies.headline(), "Mixed currencies: the rows are in EUR, PLN");
    let all = verdict(&[
        (r#"5,"currency":"EUR""#, r#"5,"currency":"PLN""#),
        (r#"gross":7,"cu"#, r#"gross":8,"cu"#),
        (r#""debt":[]"#, r#""debt":[{"amount":"x"}]"#),
    ]);
    let kinds: Vec<Kind> = all.reasons.iter().map(super::super::verdict::Reason::kind).collect();
    assert_eq!(kinds, [Kind::Incomplete, Kind::DoesNotAddUp, Kind::MixedCurrencies]);
    assert_eq!(all.headline(), "Incomplete: Debt: 1 row with an invalid amount");
    let names = [Kind::AddsUp, Kind::DoesNotAddUp, Kind::Incomplete, Kind::MixedCurrencies]
        .map(|kind| kind.to_string());
    assert_eq!(names, ["adds_up", "does_not_add_up", "incomplete", "mixed_currencies"]);
}

#[test]
fn a_failed_check_is_never_under_a_green_word() {
    let penalties = |bookings: &[&str]| {
        let row = |booking: &&str| {
            format!(
                r#"{{"id":"{booking}","amount":0,"currency":"EUR","status":"settled",
                    "settled_booking":"{booking}"}}"#
            )
        };
        let rows = bookings.iter().map(row).collect::<Vec<_>>().join(",");
        verdict(&[(r#""penalties":[]"#, &format!(r#""penalties":[{rows}]"#))])
    };
    let one = penalties(&["BK485454"]);
    assert_eq!((one.kind, one.tone()), (Kind::AddsUp, Tone::Open));
    assert_eq!(
        one.forms(),
        [
            "Adds up, but 1 check failed: settled by another booking, BK485454",
            "Adds up, but 1 check failed"
        ]
    );
    let five = penalties(&["BK2", "BK3", "BK4", "BK5", "BK2"]).headline();
    assert!(five.ends_with("settled by other bookings, BK2, BK3, BK4 and 1 more"), "{five}");
    let own = penalties(&["bk1"]);
    assert_eq!((own.headline().as_str(), own.tone()), ("Adds up", Tone::Good));
}

#[test]
fn the_section_that_differs_is_the_first_of_them_or_the_one_of_the_count() {
    let first = |body: &str| Totals::of(&read(body)).first_difference();
    assert_eq!(first(r#"{"totals":{"debt":7,"transactions":1},"debt":[]}"#), Some(3));
    assert_eq!(first(r#"{"totals":{"transactions":1},"transactions":[]}"#), Some(4));
    assert_eq!(first(r#"{"totals":{"debt":0},"debt":[]}"#), None);
}

#[test]
fn a_count_of_another_type_is_not_compared() {
    let odd = verdict(&[(r#""transactions":1,"#, r#""transactions":"one","#)]);
    assert_eq!(odd.kind, Kind::AddsUp);
}

#[test]
fn counts_of_rows_have_thousands_and_their_plural() {
    assert_eq!([1, 2_113].map(rows_label), ["1 row", "2,113 rows"]);
    let sentences = [(1, "1 row has no date"), (2_113, "2,113 rows have no date")];
    for (rows, sentence) in sentences {
        assert_eq!(rows_have(rows, "no date"), sentence);
    }
}

#[test]
fn nothing_is_said_to_be_missing_where_the_server_may_count_otherwise() {
    let both = |total: i64, rows: &str| {
        let totals = format!(r#""transactions_made":{total},"debt":0,"penalties_gross":0"#);
        let body = format!(r#"{{"totals":{{{totals}}},"penalties":[],"debt":[],{rows}}}"#);
        let totals = Totals::of(&read(&body));
        differences(&totals).next().unwrap().in_words(Role::Transactions)
    };
    let payouts = |rows: &str| format!(r#""transactions":[{rows}]"#);
    let [eur, back, pln] = [
        r#"{"amount":100,"currency":"EUR"}"#,
        r#"{"amount":-40,"currency":"EUR"}"#,
        r#"{"amount":100,"currency":"PLN"}"#,
    ];
    let table = [
        (90, payouts(eur), "EUR 0.10 of payouts are missing from the server's total"),
        (110, payouts(eur), "EUR 0.10 of payouts are missing from the rows"),
        (
            50,
            payouts(&format!("{eur},{back}")),
            "Transactions: the server's total is 0.50, the rows add up to EUR 0.60",
        ),
        (
            -10,
            payouts(eur),
            "Transactions: the server's total is -0.10, the rows add up to EUR 1.00",
        ),
        (
            90,
            payouts(eur) + &format!(r#","invoices":[{pln}]"#),
            "Transactions: the server's total is 0.90, the rows add up to EUR 1.00",
        ),
    ];
    for (total, rows, words) in table {
        assert_eq!(both(total, &rows), words);
    }
    let euros =
        r#"{"totals":{"debt":25},"debt":[{"amount":100,"amount_eur":25,"currency":"PLN"}]}"#;
    let verdict = |body: &str| {
        let (booking, totals) = (read(body), Totals::of(&read(body)));
        Verdict::of(&booking, &totals, &[], Vec::new(), false)
    };
    let reasons = verdict(euros).reasons;
    let reason = reasons.iter().find(|it| it.kind() == Kind::DoesNotAddUp).unwrap();
    let words = "Debt: the server's total is 0.25, the rows add up to PLN 1.00 (the server \
                 seems to sum the amounts in EUR)";
    assert_eq!(reason.to_string(), words);
}
