//! Customers in each format: every one is a row, and no number is of a part.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::customers::state::{RowState, Trouble};
use crate::customers::summary::{Inputs, Part};
use crate::domain::customer::CustomerKey;
use crate::domain::failure::{Advice, Kind};
use crate::export::as_text;
use crate::list::Spec;
use crate::list::record::Record;
use crate::triage::memory::Memory;

fn rows(list: &str, rows: &[&str]) -> Vec<Record> {
    let spec = Spec::named(list).unwrap();
    let row = |(id, line): (usize, &&str)| {
        let [due, status, amount, currency] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let json = format!(
            r#"{{"id":"{list}{id}","due_date":"{due}","status":"{status}","amount":{amount},
                "currency":"{currency}"}}"#
        );
        Record::read(spec, &json)
    };
    rows.iter().enumerate().map(row).collect()
}

fn failure() -> Failure {
    Failure::new(Kind::Passing, "=Penalties could not be loaded", "status 500", Advice::Retry)
}

fn ready(is_whole: bool, penalties_fail: bool) -> RowState {
    let debt = rows("debt", &["2026-01-01 overdue 123456 EUR", "2026-12-01 pending 500 EUR"]);
    let penalties = rows("penalties", &["2026-11-01 notify 3000 EUR"]);
    let scheduled =
        rows("scheduled", &["2026-11-01 missing_iban 80000 PLN", "2026-11-30 upcoming 100000 EUR"]);
    let part = |rows: &'_ Vec<Record>| Extent {
        loaded: rows.len() as u64,
        total: Some(rows.len() as u64 + u64::from(!is_whole)),
        is_whole,
    };
    let of_penalties = Part { rows: &penalties, extent: part(&penalties) };
    let inputs = Inputs {
        debt: Ok(Part { rows: &debt, extent: part(&debt) }),
        penalties: if penalties_fail { Err(failure()) } else { Ok(of_penalties) },
        scheduled: Ok(Part { rows: &scheduled, extent: part(&scheduled) }),
        memory: &Memory::default(),
        compared: Ok(&[]),
        at: NaiveDateTime::default(),
    };
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    RowState::Ready(Box::new(Summary::of(CustomerKey::of_profile("x"), &inputs, today)))
}

fn customer(profile: &str, environment: &str, state: RowState) -> CustomerRow {
    let (profile, environment) = (profile.to_owned(), environment.to_owned());
    CustomerRow { profile, environment, is_production: false, state }
}

fn all() -> Vec<CustomerRow> {
    vec![
        customer("acme", "PRODUCTION", ready(true, false)),
        customer("-globex", "sandbox", ready(false, true)),
        customer("hooli", "", RowState::Failed(Trouble::Locked("=pass".to_owned()))),
        customer("umbrella", "sandbox", RowState::Failed(Trouble::Refused(failure()))),
    ]
}

#[test]
fn csv_has_each_customer_whole_sums_and_no_formula() {
    let text = as_text(render(&all(), Output { room: None, ..Output::of(Format::Csv) }));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.len(), 4);
    let cell = |row: usize, name: &str| {
        rows[row][names.iter().position(|it| it == name).unwrap()].as_str()
    };
    assert_eq!((cell(0, "open_eur"), cell(0, "open")), ("1239.56", "EUR 1,239.56"));
    assert_eq!((cell(0, "next_payout"), cell(0, "next_amount")), ("2026-11-30", "EUR 1,000.00"));
    assert_eq!((cell(0, "as_of"), cell(0, "error")), ("1970-01-01T00:00:00", ""));
    assert_eq!((cell(1, "profile"), cell(1, "open_eur")), ("'-globex", ""));
    assert_eq!((cell(1, "open"), cell(1, "next_payout")), ("EUR 1,239.56 (2 of 3)", "?"));
    assert_eq!((cell(1, "penalties"), cell(1, "status")), ("", "part failed"));
    assert_eq!(cell(1, "error"), "'=Penalties could not be loaded: status 500");
    assert_eq!((cell(2, "status"), cell(2, "open")), ("locked", ""));
    assert_eq!(cell(3, "need"), "token refused: run valora check --profile umbrella");
    for row in &rows {
        assert!(!row.iter().any(|cell| cell.starts_with(['=', '-', '+', '@'])), "{row:?}");
    }
}

#[test]
fn json_has_integers_in_minor_units_and_says_what_they_are_of() {
    let all: Vec<Value> = serde_json::from_str(&as_text(render(
        &all(),
        Output { room: None, ..Output::of(Format::Json) },
    )))
    .unwrap();
    let [whole, part, locked, refused] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((&whole["need"], &whole["open_eur"]), (&"blocked".into(), &123_956.into()));
    let euros = serde_json::json!({"currency": "EUR", "amount": 123_456});
    assert_eq!(whole["over_90"]["amounts"], serde_json::json!([euros]));
    assert_eq!(whole["payouts_held"][0]["reason"], "needs IBAN");
    assert_eq!(whole["payouts_held"][0]["amounts"][0]["currency"], "PLN");
    assert_eq!(whole["next_payout"]["date"], "2026-11-30");
    assert_eq!((&whole["changes"], &whole["error"]), (&Value::Null, &Value::Null));
    assert_eq!(part["loaded"]["debt"]["total"], 3);
    assert_eq!(part["loaded"]["debt"]["is_complete"], false);
    assert_eq!((&part["loaded"]["penalties"], &part["open_eur"]), (&Value::Null, &Value::Null));
    assert_eq!((&part["next_payout"], &part["penalties_to_decide"]), (&Value::Null, &Value::Null));
    assert_eq!(part["failed"][0]["list"], "penalties");
    assert_eq!((&locked["error"]["kind"], &locked["open"]), (&"locked".into(), &Value::Null));
    assert_eq!(refused["status"], "refused");
}

#[test]
fn a_table_fits_a_terminal_and_keeps_customer_server_and_status() {
    let table = as_text(render(&all(), Output { room: None, ..Output::of(Format::Table) }));
    assert_eq!(table.lines().count(), 5);
    assert!(table.contains("1 payout blocked: needs IBAN"), "{table}");
    for room in 56..240 {
        let table =
            as_text(render(&all(), Output { room: Some(room), ..Output::of(Format::Table) }));
        for line in table.lines() {
            assert!(line.trim_end().width() <= room, "{room}: {table}");
        }
        for word in ["acme", "PRODUCTION", "token refused", "needs you"] {
            assert!(table.contains(word), "{room}: {table}");
        }
    }
}
