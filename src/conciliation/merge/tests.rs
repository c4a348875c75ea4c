//! Filling rows: which rows match, which stay unchanged, and that no amount is lost or doubled.

use proptest::prelude::*;

use super::fill;
use crate::figures::{Figures, Summed};
use crate::list::record::{Record, Value};
use crate::list::shape::Shapes;
use crate::list::{Spec, debt, penalties};

fn read(json: &str) -> Record {
    Record::read(&penalties::SPEC, json)
}

fn filled(rows: &[&str], list: &[&str]) -> (Vec<Record>, usize) {
    let rows: Vec<Record> = rows.iter().map(|json| read(json)).collect();
    let list: Vec<Record> = list.iter().map(|json| read(json)).collect();
    fill(&rows, &list, "amount")
}

/// Open and closed rows together, because a filled row may be closed.
fn summed(rows: &[Record]) -> Summed {
    let mut figures = Figures::of(rows, chrono::NaiveDate::default());
    figures.open.merge(&figures.closed);
    figures.open
}

fn statuses(rows: &[Record]) -> Vec<String> {
    let status = |row: &Record| row.text("status").map(|text| text.shown().into_owned());
    rows.iter().map(|row| status(row).unwrap_or_default()).collect()
}

const LIST: [&str; 3] = [
    r#"{"id":"a","amount":500,"currency":"EUR","status":"paid","due_date":"2026-01-02"}"#,
    r#"{"id":"b","amount":500,"currency":"EUR","status":"waived","invoice_number":"P-2"}"#,
    r#"{"id":"c","amount":700,"currency":"EUR","status":"notify","new":1}"#,
];

#[test]
fn a_row_is_found_by_its_id_or_by_all_that_it_says() {
    let (rows, left) = filled(
        &[
            r#"{"id":"b","amount":500}"#,
            r#"{"amount":700}"#,
            r#"{"amount":500,"due_date":"2026-01-02"}"#,
        ],
        &LIST,
    );
    assert_eq!(
        (statuses(&rows), left),
        (["waived", "notify", "paid"].map(str::to_owned).into(), 0)
    );
    assert_eq!(rows[1].extras().len(), 1, "unknown fields come along");
    assert!(rows.iter().all(|row| row.has_id));
}

#[test]
fn where_it_is_not_clear_which_is_meant_the_row_stays_as_it_came() {
    let (rows, left) = filled(&[r#"{"amount":500}"#, r#"{"amount":9}"#], &LIST);
    assert_eq!((statuses(&rows), left), (vec![String::new(); 2], 3));
    let both = [r#"{"amount":500}"#; 2];
    let (rows, left) = filled(&both, &LIST);
    assert_eq!((statuses(&rows), left), (["paid", "waived"].map(str::to_owned).into(), 1));
}

#[test]
fn an_unknown_field_is_compared_as_it_came_whatever_it_was_taken_for() {
    let shaped = |rows: &[&str]| Shapes::default().read_once(&penalties::SPEC, rows, "BK1");
    // Only one of the responses has only dates, or only integers.
    let rows = shaped(&[
        r#"{"amount":500,"seen":"2026-01-02","n":1}"#,
        r#"{"amount":500,"seen":"2026-01-03","n":2}"#,
    ]);
    let list = shaped(&[
        r#"{"id":"a","amount":500,"seen":"2026-01-03","n":2,"status":"waived"}"#,
        r#"{"id":"b","amount":500,"seen":"2026-01-02","n":1,"status":"paid"}"#,
        r#"{"id":"c","amount":900,"seen":"soon","n":"x","status":"notify"}"#,
    ]);
    assert_ne!(rows[0].value("seen"), list[1].value("seen"), "a date and a text");
    let (filled, left) = fill(&rows, &list, "amount");
    assert_eq!((statuses(&filled), left), (["paid", "waived"].map(str::to_owned).into(), 1));
}

#[test]
fn what_came_is_never_overwritten() {
    let (rows, _) = filled(&[r#"{"id":"a","amount":499,"status":"notify"}"#], &LIST);
    assert_eq!((rows[0].minor("amount"), statuses(&rows)), (Some(499), vec!["notify".to_owned()]));
}

/// The rows of one response, filled from another response with another shape.
fn filled_between(spec: &'static Spec, rows: &[&str], list: &[&str]) -> (Vec<Record>, usize) {
    let shaped = |rows: &[&str]| Shapes::default().read_once(spec, rows, "BK1");
    fill(&shaped(rows), &shaped(list), "amount")
}

fn json(row: &Record) -> serde_json::Value {
    // Read as text first, because a duplicate key would be lost.
    let text = row.to_json();
    let pairs = crate::list::record::object_pairs(&text).unwrap();
    let mut keys: Vec<&String> = pairs.iter().map(|(key, _)| key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), pairs.len(), "{text}");
    serde_json::from_str(&text).unwrap()
}

const OF_A_DAY: &str = r#"{"amount":500,"day":"2026-01-02"}"#;

#[test]
fn a_date_of_another_name_in_the_fuller_row_is_compared_and_stands_once() {
    let full = |day: &str| {
        format!(r#"{{"id":"x","amount":500,"day":"{day}","seen":"2026-03-05","state":"waived"}}"#)
    };
    let (rows, left) = filled_between(&debt::SPEC, &[OF_A_DAY], &[&full("2026-03-02")]);
    assert_eq!(rows[0].spec().field("due_date").unwrap().path(), ["day"]);
    assert_eq!((json(&rows[0]), left), (serde_json::from_str(OF_A_DAY).unwrap(), 1));
    let same = full("2026-01-02");
    let (rows, left) = filled_between(&debt::SPEC, &[OF_A_DAY], &[&same]);
    let came: serde_json::Value = serde_json::from_str(&same).unwrap();
    assert_eq!((json(&rows[0]), left), (came, 0));
    assert!(rows[0].date("due_date").is_some() && rows[0].status() == Some("waived"));
    assert_eq!(rows[0].extras().len(), 1, "{:?}", rows[0].extras());
}

#[test]
fn a_field_of_the_row_that_plays_a_role_in_the_fuller_one_stays_where_it_is() {
    let row = r#"{"amount":500,"day":"2026-01-02","seen":"2026-01-05"}"#;
    let other = r#"{"amount":500}"#;
    let full = |day: &str| format!(r#"{{"id":"x","amount":500,"day":"{day}","desk":"A"}}"#);
    let (rows, left) = filled_between(&debt::SPEC, &[row], &[&full("2026-03-02")]);
    assert_eq!((json(&rows[0]), left), (serde_json::from_str(row).unwrap(), 1));
    // The second row has no date: it gets the date of its partner at the same position.
    let partner = full("2026-01-02");
    for (rows, at) in [(&[row][..], 0), (&[&row.replace("500", "7"), other][..], 1)] {
        let (rows, left) = filled_between(&debt::SPEC, rows, &[&partner]);
        let mut all: serde_json::Value = serde_json::from_str(&partner).unwrap();
        if at == 0 {
            all["seen"] = "2026-01-05".into();
        }
        assert_eq!((json(&rows[at]), left), (all, 0));
        assert!(rows[at].value("due_date") == &Value::Missing);
        assert_eq!(rows[at].value("day").date().unwrap().to_string(), "2026-01-02");
    }
}

#[test]
fn a_value_of_the_same_role_under_another_key_is_kept_where_it_differs() {
    let row = r#"{"id":"x","amount":500,"state":"notify"}"#;
    for (full, extra) in [("paid", 1), ("notify", 0)] {
        let full = format!(r#"{{"id":"x","amount":500,"status":"{full}"}}"#);
        let (rows, _) = filled_between(&penalties::SPEC, &[row], &[&full]);
        assert_eq!((rows[0].status(), rows[0].extras().len()), (Some("notify"), extra), "{full}");
    }
}

#[test]
fn numbers_that_name_a_document_are_the_same_as_a_text_and_as_a_number() {
    let row = r#"{"amount":500,"invoice_number":1001}"#;
    let full = |number: &str| format!(r#"{{"id":"a","amount":500,"invoice_number":{number}}}"#);
    for (number, left) in [("1001", 0), (r#""1001""#, 0), (r#""1002""#, 1), ("1002", 1)] {
        assert_eq!(filled(&[row], &[&full(number)]).1, left, "{number}");
    }
}

proptest! {
    #[test]
    fn no_amount_is_lost_or_doubled(
        rows in proptest::collection::vec((0u8..4, 1i64..4, any::<bool>()), 0..12),
        list in proptest::collection::vec((0u8..4, 1i64..4), 0..12),
    ) {
        let rows: Vec<Record> = rows.iter().map(|(id, amount, has_id)| {
            let id = if *has_id { format!(r#""id":"{id}","#) } else { String::new() };
            read(&format!(r#"{{{id}"amount":{amount},"currency":"EUR"}}"#))
        }).collect();
        let list: Vec<Record> = list.iter().map(|(id, amount)| {
            read(&format!(r#"{{"id":"{id}","amount":{amount},"currency":"EUR","status":"paid"}}"#))
        }).collect();
        let (filled, left) = fill(&rows, &list, "amount");
        prop_assert_eq!(summed(&filled), summed(&rows));
        prop_assert_eq!(filled.len(), rows.len());
        let found = filled.iter().filter(|row| row.text("status").is_some()).count();
        prop_assert_eq!(found + left, list.len());
    }
}
