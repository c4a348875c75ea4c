//! Worklists in each format: complete rows, no formulas, no amount cut.

use unicode_width::UnicodeWidthStr;

use super::*;
use crate::export::as_text;
use crate::export::several::CustomerError;
use crate::list::Spec;
use crate::triage::Decision;
use crate::triage::memory::Entry;

fn items() -> Vec<Item> {
    let spec = Spec::named("penalties").unwrap();
    let records = [
        r#"{"id":"p-1","booking_id":"BK1","amount":123456,"currency":"EUR","status":"notify",
            "due_date":"2026-11-01","link_view":"https://valora.spotahome.com/p/a_1"}"#,
        r#"{"id":"=1+1","booking_id":"a|b","amount":"-5","currency":"JPY","status":"=cmd()",
            "due_date":null,"link_view":"javascript:alert(1)"}"#,
    ]
    .map(|json| Record::read(spec, json));
    let mut memory = Memory::default();
    let entry = Entry {
        decision: Some(Decision::Waiver),
        note: "-he said, \"no\"\n".to_owned(),
        ..Entry::new(&records[0])
    };
    memory.entries.insert("p-1".to_owned(), entry);
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let owner = Untrusted::new("=Ana | Ruiz");
    let rows = records.iter().zip([Some(&owner), None]);
    rows.map(|(record, owner)| Item::of(record, owner, &memory, day, day)).collect()
}

fn written(items: &[Item], format: Format, room: Option<usize>) -> String {
    as_text(render(items, Output { room, ..Output::of(format) }))
}

#[test]
fn what_no_sum_can_take_is_as_it_came_in_each_form() {
    let spec = Spec::named("penalties").unwrap();
    let (memory, day) = (Memory::default(), NaiveDate::default());
    let rows = [
        r#"{"amount":"2,000.5","currency":"EUR"}"#,
        r#"{"amount":100,"currency":"Euro"}"#,
        r#"{"amount":"=200 EUR","currency":"EUR"}"#,
    ];
    let item = |json: &str| Item::of(&Record::read(spec, json), None, &memory, day, day);
    let items = rows.map(item);
    let csv = written(&items, Format::Csv, None);
    assert!(csv.contains("\"2,000.5?\",EUR") && csv.contains(",1.00,Euro"), "{csv}");
    assert!(csv.contains("'=200 EUR?,EUR"), "{csv}");
    let table = written(&items, Format::Table, None);
    assert!(table.contains("2,000.5?  EUR") && table.contains("1.00  Euro"), "{table}");
    let json: serde_json::Value =
        serde_json::from_str(&written(&items, Format::Json, None)).unwrap();
    assert_eq!(json[0]["amount"], "2,000.5");
    assert_eq!((&json[1]["amount"], &json[1]["currency"]), (&100.into(), &"Euro".into()));
    for object in json.as_array().unwrap() {
        let names: std::collections::BTreeSet<&str> =
            object.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, COLUMNS.map(|(name, _)| name).into(), "json has the names of csv");
    }
}

#[test]
fn a_column_has_the_name_that_it_has_in_the_list_of_penalties() {
    let spec = Spec::named("penalties").unwrap();
    let listed = spec.positions().filter_map(|at| spec.described(at));
    let listed: Vec<&str> = listed.map(|field| field.name).collect();
    for (name, _) in COLUMNS.iter().filter(|(name, _)| !["decision", "note"].contains(name)) {
        assert!(listed.contains(name), "{name}");
    }
}

#[test]
fn each_form_holds_every_penalty_and_no_cell_is_a_formula() {
    let csv = written(&items(), Format::Csv, None);
    let expected = "id,booking_id,owner,amount,currency,due_date,days,status,decision,note,\
         link_view\np-1,BK1,'=Ana | Ruiz,1234.56,EUR,2026-11-01,19,notify,request waiver,\"'-he said, \"\"no\"\" \",\
         https://valora.spotahome.com/p/a_1\n\
         '=1+1,a|b,,-5,JPY,,,'=cmd(),,,\n";
    assert_eq!(csv, expected);
    let json: serde_json::Value =
        serde_json::from_str(&written(&items(), Format::Json, None)).unwrap();
    assert_eq!(json[0]["amount"], 123_456);
    assert_eq!(json[0]["decision"], "request waiver");
    assert_eq!(json[0]["owner"], "=Ana | Ruiz");
    assert_eq!(json[1]["owner"], serde_json::Value::Null, "who is not known is nobody");
    assert_eq!(json[1]["days"], serde_json::Value::Null);
    assert_eq!(json[1]["link_view"], serde_json::Value::Null);
    let markdown = written(&items(), Format::Markdown, None);
    let lines: Vec<&str> = markdown.lines().collect();
    assert_eq!(lines[4..], ["", "Penalties: EUR 1,234.56, JPY -5"]);
    assert!(lines[2].contains("https://valora.spotahome.com/p/a_1"), "{}", lines[2]);
    assert!(lines[3].contains("a\\|b") && lines[3].contains("=cmd\\(\\)"), "{}", lines[3]);
    let table = written(&items(), Format::Table, None);
    assert!(table.contains("1,234.56  EUR  2026-11-01       19"), "{table}");
}

#[test]
fn a_table_for_a_terminal_fits_it_and_keeps_amounts_and_bookings() {
    for room in 30..160 {
        let table = written(&items(), Format::Table, Some(room));
        let (titles, rows) = table.split_once('\n').unwrap();
        let is_whole = titles.contains("note") && titles.contains("owner");
        assert_eq!(titles.contains("  +"), !is_whole, "{room}: {table}");
        for line in table.lines() {
            assert!(line.trim_end().width() <= room, "{room}: {table}");
        }
        assert!(rows.contains("1,234.56  EUR") && rows.contains("BK1"), "{room}: {table}");
    }
}

#[test]
fn the_row_of_an_error_is_no_row_without_an_amount_and_a_file_of_a_part_says_so() {
    let error = CustomerError { kind: "failed".to_owned(), text: "refused".to_owned() };
    let of = |customer: &str, rows, error| CustomerRows {
        customer: customer.to_owned(),
        rows,
        part: String::new(),
        error,
    };
    let all = [of("acme", items(), None), of("globex", Vec::new(), Some(error))];
    for format in [Format::Html, Format::Markdown] {
        let text = as_text(render_all(&all, Output::of(format)));
        assert!(text.contains("Incomplete: not loaded completely: globex"), "{text}");
        assert!(!text.contains("Not counted"), "{text}");
    }
    let one = as_text(render(&items(), Output { part: "only 2", ..Output::of(Format::Markdown) }));
    assert!(one.ends_with("\n\nonly 2\n"), "{one}");
}
