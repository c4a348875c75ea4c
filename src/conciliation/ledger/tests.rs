//! The ledger: order, what counts, running total; and that no amount is lost between sections and
//! ledger.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::conciliation::Rows;
use crate::list::{Spec, scheduled};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn read(body: &Json) -> Conciliation {
    Conciliation::read("BK1", &body.to_string()).unwrap()
}

fn ledger(body: &Json) -> Ledger {
    Ledger::of(&read(body), &[], today())
}

/// A line in short: date, kind, effect on the running total, running total, why it does not count.
fn short(line: &Line) -> String {
    let day = line.date.map_or_else(|| "-".to_owned(), |day| day.format("%m-%d").to_string());
    let effect = line.effect().map_or_else(|| "?".to_owned(), |effect| effect.to_string());
    format!("{day} {} {effect} {} {}", line.kind, line.running_total, line.inclusion)
        .trim_end()
        .to_owned()
}

fn shorts(ledger: &Ledger) -> Vec<String> {
    ledger.lines.iter().map(short).collect()
}

#[test]
fn lines_stand_by_day_then_kind_with_those_without_a_day_last() {
    let ledger = ledger(&json!({
        "transactions": [{"amount": 900, "issued_on": "2026-01-02", "currency": "EUR"},
                         {"amount": 50, "currency": "EUR"}],
        "debt": [{"amount": 7, "due_date": "2026-12-24", "currency": "EUR"}],
        "penalties": [{"amount": 30, "timestamp_notify": "2026-01-02T09:00:00Z",
                       "currency": "EUR"}],
        "invoices": [{"amount_gross": 121, "issue_date": "2026-01-02", "currency": "EUR"},
                     {"amount_gross": 10, "issue_date": "2026-11-20", "currency": "PLN"}],
        "credit_notes": [{"amount_gross": 21, "issue_date": "2026-01-02", "currency": "EUR"}],
    }));
    let expected = [
        "01-02 Invoice -121 -121",
        "01-02 Credit note 21 -100",
        "01-02 Penalty -30 -130",
        "01-02 Payout 900 770",
        "11-20 Invoice -10 -10",
        "12-24 Debt -7 763",
        "- Payout 50 813",
    ];
    assert_eq!(shorts(&ledger), expected);
    assert_eq!(ledger.past(), 5);
    let future: Vec<bool> = ledger.lines.iter().map(|line| line.is_future).collect();
    assert_eq!(future, [false, false, false, false, false, true, false]);
    assert_eq!(ledger.running_total.to_string(), "EUR 8.13 · PLN -0.10");
}

#[test]
fn what_does_not_count_is_named_beside_the_running_total_by_reason() {
    let ledger = ledger(&json!({
        "invoices": [{"amount_gross": 1, "doc_number": "INV-1", "currency": "EUR"}],
        "penalties": [
            {"amount": 2, "status": "waived", "invoice_number": "PEN-1", "currency": "EUR"},
            {"amount": 3, "status": "notify", "cancelled_on": "2026-01-01", "currency": "EUR"},
            {"amount": 4, "status": "paid", "cancelled_on": "2026-01-01", "currency": "EUR"},
            {"amount": 5, "status": "settled", "invoice_number": "PEN-2", "currency": "EUR"},
        ],
        "debt": [
            {"amount": 6, "status": "overdue", "invoice_number": "inv-1", "currency": "EUR"},
            {"amount": 7, "status": "overdue", "invoice_number": "PEN-1", "currency": "EUR"},
            {"amount": 8, "status": "voided", "currency": "EUR"},
            {"amount": 9, "status": "written_off", "currency": "EUR"},
            {"amount": 10, "status": "paid", "invoice_number": "PEN-2", "currency": "PLN"},
            {"amount": {}, "status": "overdue"},
        ],
    }));
    let expected = [
        "- Invoice -1 -1",
        "- Penalty -2 -1 waived",
        "- Penalty -3 -4",
        "- Penalty -4 -8",
        "- Penalty -5 -13",
        "- Debt -6 -13 invoiced as inv-1",
        "- Debt -7 -20",
        "- Debt -8 -20 voided",
        "- Debt -9 -20 written off",
        "- Debt -10 -10",
        "- Debt ? 0",
    ];
    assert_eq!(shorts(&ledger), expected);
    assert_eq!(ledger.running_total.to_string(), "EUR -0.20 · PLN -0.10");
    assert_eq!(
        ledger.not_included_in_words(),
        "EUR -0.06 (already invoiced) · EUR -0.08 (voided) · \
         EUR -0.02 (waived) · EUR -0.09 (written off)"
    );
    assert_eq!(ledger.not_summed.count(), 1);
}

#[test]
fn the_group_of_a_row_without_a_status_is_its_status() {
    let ledger = ledger(&json!({
        "penalties": {"pending": [{"amount": 2}], "waived": [{"amount": 3}]},
        "debt": {"overdue": [{"amount": 4}], "writtenOff": [{"amount": 5}]},
    }));
    let expected =
        ["- Penalty -2 -2", "- Penalty -3 -2 waived", "- Debt -4 -6", "- Debt -5 -6 written off"];
    assert_eq!(shorts(&ledger), expected);
}

#[test]
fn what_no_sum_can_take_is_shown_as_it_came_and_counted() {
    let body = read(&json!({
        "invoices": [
            {"amount_gross": 100, "currency": "Euro", "issue_date": "2026-01-01T09:30:00+01:00"},
            {"amount_gross": 866.604, "currency": "EUR"},
        ],
        "transactions": [
            {"amount": 200, "currency": "US Dollar"}, {"amount": "2000.00", "currency": "EUR"},
            {"amount": 7, "currency": "EUR"}, {"currency": "EUR"},
            {"amount": "200 EUR", "currency": "EUR"},
        ],
    }));
    let row = json!({"amount": 200.0, "currency": "EUR", "status": "upcoming"});
    let scheduled = [Record::read(&scheduled::SPEC, &row.to_string())];
    let ledger = Ledger::of(&body, &scheduled, today());
    let cells = |line: &Line| {
        use Column::{Charged, Day, Effect, Note, Paid, RunningTotal};
        let columns = [Day, Charged, Paid, Effect, Column::Currency, RunningTotal, Note];
        columns.map(|column| line.cell(column)).join("|")
    };
    let lines: Vec<String> = ledger.lines.iter().chain(&ledger.scheduled).map(cells).collect();
    let expected = [
        "2026-01-01|1.00||-1.00|Euro||unknown currency",
        "no date|866.604?||866.604?|EUR|0.00|not a whole number of cents",
        "no date||2.00|2.00|US Dollar||unknown currency",
        "no date||2000.00?|2000.00?|EUR|0.00|not a whole number of cents",
        "no date||0.07|0.07|EUR|0.07|",
        "no date||?|?|EUR|0.07|no amount",
        "no date||200 EUR?|200 EUR?|EUR|0.07|invalid amount",
        "no date||200.0?|200.0?|EUR|0.07|upcoming, not a whole number of cents",
    ];
    assert_eq!(lines, expected);
    assert_eq!(ledger.running_total.to_string(), "EUR 0.07");
    assert!(ledger.not_included.is_empty(), "two unknown currencies are not added up");
    assert_eq!(
        ledger.not_summed.to_string(),
        "1 row without an amount, 2 rows with an amount that is not a whole number of cents, \
         1 row with an invalid amount, 2 rows in an unknown currency"
    );
}

#[test]
fn scheduled_payments_are_in_no_running_total() {
    let row = |json: Json| Record::read(&scheduled::SPEC, &json.to_string());
    let scheduled = [
        row(json!({"amount": 5, "currency": "EUR"})),
        row(
            json!({"amount": 6, "currency": "EUR", "due_date": "2026-12-01", "status": "upcoming"}),
        ),
        row(json!({"amount": 7, "currency": "EUR", "due_date": "2026-11-01", "status": "delayed"})),
    ];
    let body = read(&json!({"transactions": [{"amount": 90, "currency": "EUR"}]}));
    let ledger = Ledger::of(&body, &scheduled, today());
    let lines: Vec<String> = ledger.scheduled.iter().map(short).collect();
    let expected = ["11-01 Scheduled 7 0", "12-01 Scheduled 6 0", "- Scheduled 5 90"]
        .map(|it| format!("{it} scheduled"));
    assert_eq!(lines, expected);
    assert_eq!(ledger.scheduled[0].source, Source::Scheduled(2));
    assert_eq!(ledger.running_total.to_string(), "EUR 0.90");
}

#[test]
fn today_is_between_past_and_future_whatever_the_source() {
    let body = read(&json!({
        "debt": [{"amount": 7, "due_date": "2026-12-24", "currency": "EUR"}],
        "transactions": [{"amount": 90, "issued_on": "2026-10-01", "currency": "EUR"},
                         {"amount": 80, "issued_on": "2026-11-20", "currency": "EUR"},
                         {"amount": 1, "currency": "EUR"}],
    }));
    let days = ["2026-12-01", "2026-11-01", "2027-01-01", "2026-11-20", "soon"];
    let rows = days.map(|day| json!({"amount": 5, "currency": "EUR", "due_date": day}).to_string());
    let scheduled = rows.map(|row| Record::read(&scheduled::SPEC, &row));
    let ledger = Ledger::of(&body, &scheduled, today());
    let entry = |entry: Entry<'_>| entry.line().map_or_else(|| "today".to_owned(), short);
    let entries: Vec<String> = ledger.entries().into_iter().map(entry).collect();
    let expected = [
        "10-01 Payout 90 90",
        "11-01 Scheduled 5 90 scheduled",
        "11-20 Payout 80 170",
        "11-20 Scheduled 5 170 scheduled",
        "today",
        "12-01 Scheduled 5 170 scheduled",
        "12-24 Debt -7 163",
        "01-01 Scheduled 5 163 scheduled",
        "- Payout 1 164",
        "- Scheduled 5 164 scheduled",
    ];
    assert_eq!(entries, expected);
    assert_eq!((ledger.past(), ledger.entry_count()), (4, 10));
}

/// A row of a section with fields that may be missing, odd, or of any size.
fn row(spec: &'static Spec, amount: &'static str) -> impl Strategy<Value = Json> {
    let amount_value = prop_oneof![
        6 => any::<i64>().prop_map(Json::from),
        2 => any::<i64>().prop_map(|minor| Json::from(minor.to_string())),
        1 => Just(Json::Null),
        1 => Just(json!({"minor": 1})),
        1 => Just(json!(866.604)),
    ];
    let words: Vec<&'static str> = spec
        .fields
        .iter()
        .filter_map(|field| match field.kind {
            crate::list::Kind::Word(words) => Some(words),
            _ => None,
        })
        .flatten()
        .copied()
        .chain(["", "unheard of"])
        .collect();
    let day = "2026-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|soon";
    (
        amount_value,
        prop::sample::select(vec!["EUR", "PLN", "eur", "", "JPY", "Euro"]),
        prop::sample::select(words),
        day,
        "[AB]-[12]",
        any::<bool>(),
    )
        .prop_map(move |(minor, currency, word, day, number, is_cancelled)| {
            let mut row = json!({
                "currency": currency, "status": word, "doc_type": word, "issue_date": day,
                "issued_on": day, "due_date": day, "invoice_number": number, "doc_number": number,
            });
            row[amount] = minor;
            if is_cancelled {
                row["cancelled_on"] = Json::from(day);
            }
            row
        })
}

fn section(role: Role) -> impl Strategy<Value = Json> {
    let kind = role.kind();
    let rows = prop::collection::vec(row(kind.spec, kind.spec.amount()), 0..12);
    (rows, 0..10).prop_map(|(rows, shape)| match shape {
        0 => json!({ "data": rows }),
        1 => Json::Null,
        2 => Json::from("none"),
        _ => Json::from(rows),
    })
}

fn payload() -> impl Strategy<Value = Conciliation> {
    let sections = (
        section(Role::Invoices),
        section(Role::CreditNotes),
        section(Role::Penalties),
        section(Role::Debt),
        section(Role::Transactions),
    );
    sections.prop_map(|(invoices, credit_notes, penalties, debt, transactions)| {
        read(&json!({
            "totals": {}, "invoicing": {"invoices": invoices, "credit_notes": credit_notes},
            "penalties": penalties, "debt": debt, "transactions": transactions,
        }))
    })
}

/// Paid minus charged of all rows, computed only from the sections.
fn signed_sums(booking: &Conciliation) -> BTreeMap<Currency, i128> {
    let mut sums = BTreeMap::new();
    for section in &booking.sections {
        for row in section.records() {
            let summand = row.summand(section.kind.spec.amount());
            let Ok(minor) = summand.map(|(minor, _)| i128::from(minor)) else { continue };
            let is_note = section.kind.role == Role::CreditNotes
                || (section.kind.role == Role::Invoices && row.takes_back());
            let effect = match section.kind.role {
                Role::Transactions => minor,
                _ if is_note => minor.abs(),
                _ => -minor,
            };
            *sums.entry(row.currency()).or_default() += effect;
        }
    }
    sums
}

proptest! {
    #[test]
    fn the_last_running_total_is_the_signed_sum_of_the_rows(booking in payload()) {
        let ledger = Ledger::of(&booking, &[], today());
        let mut both = ledger.running_total.clone();
        ledger.not_included.values().for_each(|sums| both.merge(sums));
        prop_assert_eq!(both.iter().collect::<BTreeMap<_, _>>(), signed_sums(&booking));
        let mut total = Sums::default();
        for line in &ledger.lines {
            if let Some(effect) = line.effect().filter(|_| line.counts()) {
                total.add(effect, line.currency);
            }
            prop_assert_eq!(line.running_total, total.of(line.currency));
        }
        prop_assert_eq!(total, ledger.running_total);
    }

    #[test]
    fn no_row_is_lost_or_counted_twice(booking in payload()) {
        let ledger = Ledger::of(&booking, &[], today());
        let mut lines: Vec<RowAt> = Vec::new();
        for line in &ledger.lines {
            let Source::Row(at) = line.source else { panic!("{line:?}") };
            let section = booking.section(at.role);
            let minor = section.records()[at.row].minor(section.kind.spec.amount());
            let size = line.charged.or(line.paid).map(i128::unsigned_abs);
            prop_assert_eq!(size, minor.map(|minor| i128::from(minor).unsigned_abs()));
            prop_assert!(line.charged.is_none() || line.paid.is_none());
            lines.push(at);
        }
        lines.sort_unstable();
        let rows = booking.sections.iter().flat_map(|held| {
            (0..held.records().len()).map(|row| RowAt { role: held.kind.role, row })
        });
        prop_assert_eq!(lines, rows.collect::<Vec<_>>());
        let came = booking.sections.iter().filter(|held| matches!(held.rows, Rows::Present(_)));
        prop_assert!(came.count() <= SECTIONS.len());
    }

    #[test]
    fn lines_are_in_order(booking in payload()) {
        let ledger = Ledger::of(&booking, &[], today());
        let key = |line: &Line| (line.date.is_none(), line.date, line.kind);
        prop_assert!(ledger.lines.windows(2).all(|two| key(&two[0]) <= key(&two[1])));
        for (place, line) in ledger.lines.iter().enumerate() {
            let is_past = line.date.is_some_and(|day| day <= today());
            prop_assert_eq!(is_past, place < ledger.past());
        }
    }
}

#[test]
fn documents_of_which_the_number_is_a_json_number_are_known_by_it() {
    let numbers =
        [(json!(1001), json!(1001)), (json!("1001"), json!(1001)), (json!(1001), json!("1001"))];
    for (invoice, debt) in numbers {
        let body = json!({
            "invoices": [{"number": invoice, "amount_gross": 500, "currency": "EUR"}],
            "debt": [{"invoice": debt, "amount": 500, "currency": "EUR", "status": "overdue"}],
        });
        let ledger = ledger(&body);
        assert_eq!(shorts(&ledger), ["- Invoice -500 -500", "- Debt -500 -500 invoiced as 1001"]);
        assert_eq!(ledger.lines[0].cell(Column::Reference), "1001");
    }
}
