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
    assert_eq!(markdown.lines().count(), 6, "{markdown}");
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
