//! Rows in each format: what a file must contain, and what it must never contain.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};
use chrono::NaiveDate;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::{Dialect, Format, Layout, RowWriter};
use crate::domain::names::Names;
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::list::shape::Shapes;
use crate::list::{ALL, Spec, debt, penalties};

const ROWS: [&str; 2] = [
    r#"{"id":"a","booking_id":"BK1","amount":-150001,"currency":"EUR","status":"notify",
        "due_date":"2026-10-21","reason":"=HYPERLINK(\"x\")","brand_new":{"a":[1,"\u001b"]}}"#,
    r#"{"id":7,"booking_id":"+BK2","amount":"x","currency":"JPY","due_date":null}"#,
];

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn written(spec: &'static Spec, rows: &[Record], format: Format) -> String {
    let mut out = Vec::new();
    let mut writer = RowWriter::new(Layout::new(spec, format, today()), &mut out).unwrap();
    // One row at a time, like pages.
    for row in rows {
        writer.write([row]).unwrap();
    }
    assert_eq!(writer.written, rows.len() as u64);
    writer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

fn penalties() -> Vec<Record> {
    ROWS.iter().map(|json| Record::read(&penalties::SPEC, json)).collect()
}

#[test]
fn an_amount_that_is_no_whole_minor_units_is_a_text_in_csv_and_as_it_came_in_json() {
    let json = r#"{"amount":-866.604,"amount_eur":"2000.00","currency":"US Dollar",
        "due_date":"2026-10-21T00:00:00Z","cancelled_on":false}"#;
    let rows = [Record::read(&penalties::SPEC, json)];
    let csv = written(&penalties::SPEC, &rows, Format::Csv);
    let line = csv.lines().nth(1).unwrap();
    for cell in ["'-866.604?", "2000.00?", "US Dollar", "2026-10-21T00:00:00Z", "false", "30"] {
        assert!(line.split(',').any(|it| it == cell), "{cell} in {line}");
    }
    let back: serde_json::Value =
        serde_json::from_str(&written(&penalties::SPEC, &rows, Format::Jsonl)).unwrap();
    for (name, value) in
        serde_json::from_str::<serde_json::Value>(json).unwrap().as_object().unwrap()
    {
        assert_eq!(&back[name], value, "{name}");
    }
    let table = written(&penalties::SPEC, &rows, Format::Table);
    assert!(table.contains("-866.604?  US Dollar"), "{table}");
}

#[test]
fn csv_has_every_field_numbers_as_numbers_and_no_formula() {
    for (format, delimiter) in [(Format::Csv, b','), (Format::Tsv, b'\t')] {
        let text = written(&penalties::SPEC, &penalties(), format);
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let names = reader.headers().unwrap().clone();
        // All but the owner, who is unknown here, and with the fields without a column.
        assert_eq!(names.len(), penalties::SPEC.positions().count());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let at = |row: usize, name: &str| {
            rows[row][names.iter().position(|known| known == name).unwrap()].to_owned()
        };
        assert_eq!((at(0, "amount"), at(0, "currency")), ("-1500.01".to_owned(), "EUR".to_owned()));
        assert_eq!(at(0, "due_date"), "2026-10-21");
        assert_eq!(at(0, "days"), "30");
        assert_eq!(at(1, "booking_id"), "'+BK2");
        assert_eq!((at(1, "amount"), at(1, "id")), ("x".to_owned(), "7".to_owned()));
        let other = at(0, "other");
        assert!(other.contains(r#""brand_new":{"a":[1,"\u001b"]}"#), "{other}");
        assert_eq!(at(1, "other"), "");
        assert!(!text.contains('\u{1b}'));
    }
}

#[test]
fn json_has_the_names_of_csv_and_values_as_they_came_and_loses_nothing() {
    let json = r#"{"id":"d","reference_id":"BK1","amount":12100,"amount_remaining":"100","currency":"EUR",
        "due_date":"2026-10-21","amount_paid":866.604,"other":[1,
        "x"],"a.b":null,"batch":{"run":7},"brand_new":{"deep":"\u001b"}}"#;
    let debt = Shapes::default().read(&debt::SPEC, &[json, "[1]"]);
    let spec = debt[0].spec();
    let csv = written(spec, &debt, Format::Csv);
    let columns: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let lines = written(spec, &debt, Format::Jsonl);
    let mut rows = Vec::new();
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut names: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_by_key(|name| line.find(&format!("\"{name}\":")));
        assert_eq!(names, columns);
        rows.push(row);
    }
    let row = &rows[0];
    assert_eq!((&row["remaining_amount"], &row["amount"]), (&"100".into(), &12_100.into()));
    assert_eq!(row["paid_amount"].to_string(), "866.604");
    assert_eq!((&row["days"], &row["batch.run"]), (&30.into(), &7.into()));
    assert_eq!(row["other_2"], serde_json::json!([1, "x"]), "a field of this name is not `other`");
    assert!(lines.contains(r"\u001b") && !lines.contains('\u{1b}'));
    assert_eq!(row["other"], serde_json::json!({"a.b": null}));
    assert_eq!(rows[1]["other"], serde_json::json!({"(row)": [1]}));
    let array: Vec<serde_json::Value> =
        serde_json::from_str(&written(spec, &debt, Format::Json)).unwrap();
    assert_eq!(array, rows);
    assert_eq!(written(&penalties::SPEC, &[], Format::Json), "[]\n");
    assert_eq!(written(&penalties::SPEC, &[], Format::Jsonl), "");
}

#[test]
fn what_came_only_after_the_first_rows_is_in_other() {
    let shapes = Shapes::default();
    let first = shapes.read(&penalties::SPEC, &[r#"{"id":"a","amount":1,"currency":"EUR"}"#]);
    let later = shapes.read(
        &penalties::SPEC,
        &[r#"{"id":"b","amount":1,"currency":"EUR","due_date":"2026-11-01","brand_new":5}"#],
    );
    let spec = first[0].spec();
    let text = written(spec, &later, Format::Jsonl);
    let row: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(row["other"], serde_json::json!({"due_date": "2026-11-01", "brand_new": 5}));
    assert!(row.get("due_date").is_none() && row["id"] == "b", "{text}");
}

#[test]
fn a_table_is_aligned_and_cuts_no_amount() {
    let text = written(&penalties::SPEC, &penalties(), Format::Table);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    let right = |line: &str, word: &str| line.find(word).map(|at| at + word.len());
    assert_eq!(right(lines[0], "Amount"), right(lines[1], "-1,500.01"));
    assert!(lines.iter().all(|line| !line.ends_with(' ')));
}

#[test]
fn every_list_is_written_in_every_form() {
    for spec in ALL {
        let rows: Vec<&serde_json::value::RawValue> = serde_json::from_str(spec.sample).unwrap();
        let rows: Vec<Record> = rows.iter().map(|json| Record::read(spec, json.get())).collect();
        for format in Format::ROWS.iter().copied().filter(|it| !it.is_binary()) {
            let text = written(spec, &rows, format);
            assert!(text.ends_with('\n') && text.len() > 20, "{} {format:?}", spec.key);
        }
    }
}

#[test]
fn values_that_look_the_same_stay_different_in_every_file() {
    let names = ["Jane Smith", "Jane\u{200b} Smith", "Jane\u{a0}Smith", "Jane Smith\u{feff}"];
    for format in Format::ROWS.iter().copied().filter(|it| !it.is_binary()) {
        let mut seen = std::collections::BTreeSet::new();
        for name in names {
            let json = serde_json::json!({"id": "1", "status": name}).to_string();
            let text = written(&penalties::SPEC, &[Record::read(&penalties::SPEC, &json)], format);
            assert!(!text.contains(['\u{200b}', '\u{a0}', '\u{feff}']), "{text:?}");
            seen.insert(text);
        }
        // In tables for people, the sign only marks the change.
        let different = if format.is_for_people() { 2 } else { names.len() };
        assert_eq!(seen.len(), different, "{format:?} {seen:#?}");
    }
    let json = serde_json::json!({"id": names[1], "status": r"a\u{a0}b"}).to_string();
    let csv = written(&penalties::SPEC, &[Record::read(&penalties::SPEC, &json)], Format::Csv);
    assert!(csv.contains(r"Jane\u{200b} Smith") && csv.contains(r"a\u{5c}u{a0}b"), "{csv}");
}

#[test]
fn a_row_that_could_not_be_read_is_counted_and_says_what_came() {
    let rows = [Record::read(&penalties::SPEC, ROWS[0]), Record::read(&penalties::SPEC, "[1]")];
    for format in Format::ROWS.iter().copied().filter(|it| !it.is_binary()) {
        let mut out = Vec::new();
        let layout = Layout::new(&penalties::SPEC, format, today());
        let mut writer = RowWriter::new(layout, &mut out).unwrap();
        writer.write(&rows).unwrap();
        assert_eq!(writer.unreadable, 1);
        writer.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        let words = match format {
            Format::Markdown => "✗ cannot be read: \\[1\\]",
            format if format.is_for_people() => "✗ cannot be read: [1]",
            _ => "(row)",
        };
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn the_owner_is_a_column_of_csv_and_a_key_of_json_where_names_are_known() {
    let rows = [
        r#"{"id":"1","booking_id":"BK1","amount":5,"currency":"EUR"}"#,
        r#"{"id":"2","booking_id":"BK2","amount":5,"currency":"EUR"}"#,
        r#"{"id":"3","booking_id":"bk1","owner":"its own"}"#,
    ]
    .map(|json| Record::read(&penalties::SPEC, json));
    let mut names = Names::default();
    names.insert(&Untrusted::new("BK1"), &Untrusted::new("=Ana \"Ruiz\""));
    let names = Arc::new(names);
    let written = |format| {
        let layout = Layout::new(&penalties::SPEC, format, today());
        let mut out = Vec::new();
        let mut writer = RowWriter::new(layout.with_owners(Arc::clone(&names)), &mut out).unwrap();
        writer.write(&rows).unwrap();
        writer.finish().unwrap();
        String::from_utf8(out).unwrap()
    };
    let csv = written(Format::Csv);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().unwrap().iter().position(|name| name == "owner").unwrap();
    let owners: Vec<String> =
        reader.records().map(|row| row.unwrap().get(at).unwrap().to_owned()).collect();
    assert_eq!(owners, ["'=Ana \"Ruiz\"", "", "'=Ana \"Ruiz\""]);
    for format in [Format::Json, Format::Jsonl] {
        let text = written(format);
        let read: Vec<serde_json::Value> = match format {
            Format::Json => serde_json::from_str(&text).unwrap(),
            _ => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        };
        assert_eq!(read[0]["owner"], "=Ana \"Ruiz\"");
        assert_eq!(read[1]["owner"], serde_json::Value::Null, "who is not known is nobody");
        assert_eq!(read[2]["owner"], "=Ana \"Ruiz\"");
        assert_eq!(read[2]["other"]["owner"], "its own", "what the server sends is kept");
        assert_eq!(text.matches("its own").count(), 1);
    }
    assert!(written(Format::Table).contains("=Ana \"Ruiz\""));
}

proptest! {
    #[test]
    fn no_text_leaves_its_cell_nor_becomes_a_formula(text in any::<String>()) {
        let json = serde_json::json!({"id": text, "reason": text, "booking_id": text}).to_string();
        let rows = [Record::read(&penalties::SPEC, &json)];
        let out = written(&penalties::SPEC, &rows, Format::Csv);
        let mut reader = csv::Reader::from_reader(out.as_bytes());
        let read: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(read.len(), 1);
        for cell in &read[0] {
            let is_number = cell.parse::<f64>().is_ok();
            prop_assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{}", cell);
            prop_assert!(!cell.chars().any(char::is_control));
        }
        let jsonl = written(&penalties::SPEC, &rows, Format::Jsonl);
        prop_assert_eq!(jsonl.lines().count(), 1);
        let read: serde_json::Value = serde_json::from_str(&jsonl).unwrap();
        prop_assert_eq!(&read["id"], &serde_json::Value::from(text));
    }
}

#[test]
fn a_table_fits_the_terminal_and_is_complete_in_a_pipe() {
    let rows = penalties();
    let table = |room| {
        let layout = Layout { room, ..Layout::new(&penalties::SPEC, Format::Table, today()) };
        let mut out = Vec::new();
        let mut writer = RowWriter::new(layout, &mut out).unwrap();
        writer.write(&rows).unwrap();
        writer.flush().unwrap();
        let hidden = writer.hidden();
        writer.finish().unwrap();
        (String::from_utf8(out).unwrap(), hidden)
    };
    let (complete, hidden) = table(None);
    assert!(hidden.is_empty() && complete.contains("Cancelled"), "{complete}");
    for room in 30..160 {
        let (text, hidden) = table(Some(room));
        assert!(text.lines().all(|line| line.width() <= room), "{room}\n{text}");
        assert!(text.contains("-1,500.01"), "an amount is never cut, at {room}\n{text}");
        let mark = text.lines().next().unwrap().rsplit_once("  +").map(|(_, count)| count);
        let count = hidden.len().to_string();
        assert_eq!(mark, (!hidden.is_empty()).then_some(count.as_str()), "{room}\n{text}");
    }
    assert!(!table(Some(60)).1.contains(&"Amount"));
}

fn bytes(spec: &'static Spec, rows: &[Record], about: &str, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    let layout = Layout { about: about.to_owned(), ..Layout::new(spec, format, today()) };
    let mut writer = RowWriter::new(layout, &mut out).unwrap();
    writer.write(rows).unwrap();
    writer.finish().unwrap();
    out
}

/// The cells of a sheet.
fn sheet(bytes: Vec<u8>, name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn the_notes_of_a_workbook_name_the_sum_that_lacks_a_row() {
    let rows = [
        r#"{"amount":"1.5","remaining_amount":100,"currency":"EUR","status":"overdue"}"#,
        r#"{"amount":500,"remaining_amount":"2.5","currency":"EUR","status":"overdue"}"#,
        r#"{"amount":900,"remaining_amount":0,"currency":"Euro","status":"paid"}"#,
    ]
    .map(|json| Record::read(&debt::SPEC, json));
    let written = bytes(&debt::SPEC, &rows, "Debt, status overdue", Format::Xlsx);
    let summary = sheet(written.clone(), "Summary");
    let texts: Vec<String> = summary.iter().map(|row| row[0].to_string()).collect();
    assert_eq!(summary[1][1..5], [1.0, 5.0, 1.0, 0.0].map(Data::Float));
    for note in [
        "Debt, status overdue",
        "Not counted in Amount: 1 row with an amount that is not a whole number of cents, 1 row in an unknown currency",
        "Not counted in Open: 1 row with an amount that is not a whole number of cents",
        "Not counted in Closed: 1 row in an unknown currency",
    ] {
        assert!(texts.iter().any(|text| text == note), "{note} in {texts:?}");
    }
    let rows = sheet(written, "Debt");
    let at = rows[0].iter().position(|title| *title == Data::String("Amount".to_owned())).unwrap();
    assert_eq!(rows[3][at], Data::String("9.00?".to_owned()), "its decimals are not known");
}

#[test]
fn a_page_says_which_rows_it_has_and_where_loading_stopped() {
    for format in [Format::Html, Format::Markdown] {
        let page = String::from_utf8(bytes(&penalties::SPEC, &penalties(), "Due < 5", format));
        let page = page.unwrap();
        assert!(page.contains("Due &lt; 5") || page.contains("Due \\< 5"), "{page}");
        let mut out = Vec::new();
        let layout = Layout::new(&penalties::SPEC, format, today());
        let mut writer = RowWriter::new(layout, &mut out).unwrap();
        writer.write(&penalties()).unwrap();
        writer.stop("Incomplete: loading stopped".to_owned()).unwrap();
        let page = String::from_utf8(out).unwrap();
        assert!(page.contains("Incomplete: loading stopped"), "{page}");
    }
}

#[test]
fn no_cell_becomes_a_formula_if_a_file_is_split_at_the_other_separator() {
    let row = r#"{"booking_id":"x;=1+1;","status":"x,=1+1,","new":"a;=2,@b"}"#;
    let rows = [Record::read(&penalties::SPEC, row)];
    for (dialect, format) in [
        (Dialect::Plain, Format::Csv),
        (Dialect::Excel, Format::Csv),
        (Dialect::Plain, Format::Tsv),
    ] {
        let mut out = Vec::new();
        let layout = Layout { dialect, ..Layout::new(&penalties::SPEC, format, today()) };
        let mut writer = RowWriter::new(layout, &mut out).unwrap();
        writer.write(&rows).unwrap();
        writer.finish().unwrap();
        for delimiter in [b',', b';', b'\t'] {
            let mut reader = csv::ReaderBuilder::new();
            reader.delimiter(delimiter).flexible(true).has_headers(false);
            for record in reader.from_reader(&out[..]).records() {
                for cell in &record.unwrap() {
                    let start = cell.trim_start_matches('"');
                    assert!(!start.starts_with(['=', '+', '@']), "{cell}");
                }
            }
        }
    }
}
