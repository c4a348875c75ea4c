//! Filling rows: what is found, what is left alone, and that no amount is lost or doubled.

use proptest::prelude::*;

use super::fill;
use crate::list::penalties;
use crate::list::record::{Record, sums};
use crate::list::shape::Shapes;

fn read(json: &str) -> Record {
    Record::read(&penalties::SPEC, json)
}

fn filled(rows: &[&str], list: &[&str]) -> (Vec<Record>, usize) {
    let rows: Vec<Record> = rows.iter().map(|json| read(json)).collect();
    let list: Vec<Record> = list.iter().map(|json| read(json)).collect();
    fill(&rows, &list, "amount")
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
    // All are dates, or whole numbers, in one of the answers only.
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
        prop_assert_eq!(sums(&filled, "amount"), sums(&rows, "amount"));
        prop_assert_eq!(filled.len(), rows.len());
        let found = filled.iter().filter(|row| row.text("status").is_some()).count();
        prop_assert_eq!(found + left, list.len());
    }
}
