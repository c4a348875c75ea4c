//! Changes in each format: the same names and rows, complete amounts, no formulas.

use unicode_width::UnicodeWidthStr;

use super::*;
use crate::export::as_text;
use crate::journal::Journal;
use crate::journal::look::LookBuilder;
use crate::list::Spec;
use crate::list::record::Record;

fn entries() -> Vec<Entry> {
    let spec = Spec::named("debt").unwrap();
    let mut journal = Journal::default();
    let day = |text: &str| text.parse().unwrap();
    for (on, rows) in [
        (
            "2026-11-19",
            [
                r#"{"id":"d1","reference_id":"BK1","status":"overdue","amount":123456,"remaining_amount":123456,"currency":"EUR"}"#,
                r#"{"id":"d2","status":"=cmd()","amount":5,"currency":"EUR"}"#,
            ],
        ),
        (
            "2026-11-20",
            [
                r#"{"id":"d1","reference_id":"BK1","status":"paid","amount":123456,"remaining_amount":0,"currency":"EUR"}"#,
                r#"{"id":"d3","reference_id":"=1+1","status":"pending","amount":7,"currency":"EUR"}"#,
            ],
        ),
    ] {
        let mut builder = LookBuilder::new(spec);
        builder.add(&rows.map(|json| Record::read(spec, json)));
        journal.add("debt", &builder.take(Some(2), true, false).unwrap(), day(on));
    }
    Entry::all(&[journal.compare_list(spec, None, day("2026-11-20"))])
}

fn written(format: Format) -> String {
    let entries = entries();
    as_text(render(&entries.iter().collect::<Vec<_>>(), Output::of(format)))
}

#[test]
fn old_and_new_values_are_in_each_form() {
    let csv = "list,booking_id,change,field,old,new,status,amount,currency,last_seen,id\n\
        debt,,gone,,,,'=cmd(),0.05,EUR,2026-11-19,d2\n\
        debt,'=1+1,new,,,,pending,0.07,EUR,,d3\n\
        debt,BK1,changed,status,overdue,paid,paid,1234.56,EUR,2026-11-19,d1\n\
        debt,BK1,changed,remaining_amount,1234.56,0.00,paid,1234.56,EUR,2026-11-19,d1\n";
    assert_eq!(written(Format::Csv), csv);
    let json: Value = serde_json::from_str(&written(Format::Json)).unwrap();
    let lines = written(Format::Jsonl);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json.as_array().unwrap(), &lines);
    let names: Vec<&String> = json[3].as_object().unwrap().keys().collect();
    let mut expected: Vec<&str> = HEADER.into();
    expected.sort_unstable();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected, "the names of csv");
    assert_eq!((&json[3]["old"], &json[3]["new"]), (&123_456.into(), &0.into()));
    assert_eq!((&json[2]["old"], &json[2]["new"]), (&"overdue".into(), &"paid".into()));
    assert_eq!((&json[1]["field"], &json[1]["amount"]), (&Value::Null, &7.into()));
    let markdown = written(Format::Markdown);
    let rows = markdown.lines().filter(|line| line.starts_with('|'));
    assert_eq!(rows.count(), 6, "{markdown}");
    assert!(
        markdown.ends_with("\n\nDebt: new EUR 0.07 in 1 row, gone EUR 0.05 in 1 row\n"),
        "{markdown}"
    );
    assert!(markdown.contains("| remaining\\_amount | 1,234.56 | 0.00 |"), "{markdown}");
    let table = written(Format::Table);
    assert!(table.contains("remaining_amount  1,234.56          0.00"), "{table}");
    assert!(!table.contains("d1"), "{table}");
}

#[test]
fn a_table_for_a_terminal_fits_it_and_keeps_both_values_with_their_currency() {
    let entries = entries();
    let entries: Vec<&Entry> = entries.iter().collect();
    let full = as_text(render(&entries, Output { room: None, ..Output::of(Format::Table) }));
    let width = |table: &str| table.lines().map(|it| it.trim_end().width()).max().unwrap();
    for room in 30..=width(&full) {
        let table =
            as_text(render(&entries, Output { room: Some(room), ..Output::of(Format::Table) }));
        assert!(width(&table) <= room.max(68), "{room}:\n{table}");
        for kept in ["1,234.56 ", "0.00 ", " paid ", "EUR 0.07, pending", "EUR", "BK1"] {
            assert!(table.contains(kept), "{kept} in {room}:\n{table}");
        }
        let all = HEADER.len() - 1;
        let titles = table.lines().next().unwrap();
        let shown = HEADER
            .iter()
            .filter(|name| **name != "id" && titles.contains(&name.replace('_', " ")))
            .count();
        let said = titles.rsplit_once('+').map_or(0, |(_, count)| count.trim().parse().unwrap());
        assert_eq!(shown + said, all, "{room}: {titles}");
    }
}

/// New rows of a list, next to one that does not change.
fn new_rows(list: &str, rows: &[&str]) -> Vec<Entry> {
    const OLD: &str =
        r#"{"id":"0","document_id":"0","amount":1,"amount_gross":1,"currency":"EUR"}"#;
    let spec = Spec::named(list).unwrap();
    let mut journal = Journal::default();
    for (day, new) in [("2026-11-19", &[][..]), ("2026-11-20", rows)] {
        let all = [OLD].into_iter().chain(new.iter().copied());
        let all: Vec<Record> = all.map(|json| Record::read(spec, json)).collect();
        let mut builder = LookBuilder::new(spec);
        builder.add(&all);
        let look = builder.take(Some(all.len() as u64), true, false).unwrap();
        journal.add(list, &look, day.parse().unwrap());
    }
    Entry::all(&[journal.compare_list(spec, None, "2026-11-20".parse().unwrap())])
}

#[test]
fn the_sums_are_by_list_and_currency_and_a_credit_note_is_negative() {
    let debt = r#"{"id":"d","amount":10000,"currency":"EUR","status":"pending"}"#;
    let odd = r#"{"id":"o","amount":10000,"currency":"Euro","status":"pending"}"#;
    let invoices = [
        r#"{"document_id":"i","amount_gross":30000,"currency":"EUR","doc_type":"Invoice"}"#,
        r#"{"document_id":"c","amount_gross":5000,"currency":"EUR","doc_type":"Credit note"}"#,
        r#"{"document_id":"p","amount_gross":700,"currency":"PLN","doc_type":"Invoice"}"#,
    ];
    let payouts = r#"{"id":"t","amount":100000,"currency":"EUR"}"#;
    let mut all = new_rows("debt", &[debt, odd]);
    all.extend(new_rows("transactions", &[payouts]));
    all.extend(new_rows("invoices", &invoices));
    let sums = new_and_gone(&all, "");
    let lines: Vec<&str> = sums.lines.iter().map(String::as_str).collect();
    assert!(lines.contains(&"Debt: new EUR 100.00 in 1 row"), "{lines:?}");
    assert!(lines.contains(&"Invoices: new EUR 250.00 in 2 rows"), "{lines:?}");
    assert!(lines.contains(&"Invoices: new PLN 7.00 in 1 row"), "{lines:?}");
    assert!(lines.contains(&"Transactions: new EUR 1,000.00 in 1 row"), "{lines:?}");
    assert_eq!(lines.last(), Some(&"Not counted: 1 row without an amount or a currency"));
    let shown = |row: &[Cell]| row.iter().map(Cell::shown).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = sums.sheet.rows.iter().map(|row| shown(row)).collect();
    assert!(
        rows.iter().any(|row| *row == ["Invoices", "EUR", "2", "250.00", "0", "0.00"]),
        "{rows:?}"
    );
}
