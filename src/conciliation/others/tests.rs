//! Rows and values outside the known sections.

use crate::conciliation::Conciliation;

const BODY: &str = r#"{
    "debt": [], "note": "a {\"b\": 1}\u001b[31m", "flags": {"vip": true, "tags": ["x", null]},
    "depositRefunds": [{"why": "key lost", "amount": 5000, "tenant": {"name": "A", "ids": [1, 2]}}, 7]
}"#;

#[test]
fn rows_of_no_known_section_are_one_of_their_own_with_all_their_fields() {
    let booking = Conciliation::read("BK1", BODY).unwrap();
    let refunds = &booking.others[0];
    assert_eq!(refunds.title.shown(), "Deposit refunds");
    let lines: Vec<String> = refunds.lines().collect();
    let first = "why: key lost · amount: 5000 · tenant.name: A · tenant.ids.0: 1 · tenant.ids.1: 2";
    assert_eq!(lines, [first, "(row): 7"]);
    let shown = refunds.shown_rows();
    assert_eq!(shown[0].cell(0), first);
    let fields: Vec<_> = shown[0].extras().iter().map(|(key, _)| key.shown()).collect();
    assert_eq!(fields, ["why", "amount", "tenant.name", "tenant.ids.0", "tenant.ids.1"]);
}

#[test]
fn single_values_are_named_by_their_keys_and_are_printable_as_they_came() {
    let booking = Conciliation::read("BK1", BODY).unwrap();
    let values = booking.others.last().unwrap();
    let lines: Vec<String> = values.lines().collect();
    let note = "note: a {\"b\": 1}\\u{1b}[31m";
    assert_eq!(lines, [note, "flags.vip: true", "flags.tags.0: x", "flags.tags.1: null"]);
    assert!(values.in_short().starts_with("note: a "), "{}", values.in_short());
}

#[test]
fn a_body_of_a_million_values_or_sections_is_bounded_and_what_is_left_out_is_counted() {
    let values: Vec<String> = (0..5_000).map(|at| format!("\"v{at}\":{at}")).collect();
    let arrays: Vec<String> = (0..200).map(|at| format!("\"a{at}\":[{{\"x\":{at}}}]")).collect();
    let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
    let body = format!("{{\"debt\":[],{},{},\"deep\":{deep}}}", values.join(","), arrays.join(","));
    let booking = Conciliation::read("BK1", &body).unwrap();
    assert!(booking.others.len() < 50, "{}", booking.others.len());
    let rows = booking.others.iter().filter(|other| other.are_rows).map(|other| other.rows.len());
    assert_eq!(rows.sum::<usize>(), 200);
    let lines: Vec<String> = booking.others.last().unwrap().lines().collect();
    assert_eq!(lines.last().unwrap(), "3,001 more values");
}

#[test]
fn a_row_of_a_thousand_fields_is_summarized_and_says_that_there_are_more() {
    let fields: Vec<String> = (0..1_000).map(|at| format!("\"f{at}\":{at}")).collect();
    let body = format!("{{\"debt\":[],\"lines\":[{{{}}}]}}", fields.join(","));
    let booking = Conciliation::read("BK1", &body).unwrap();
    let line = booking.others[0].lines().next().unwrap();
    assert!(line.ends_with("f58: 58 · f59: 59 · f60: …"), "{line}");
}

#[test]
fn a_row_among_the_last_of_many_sections_says_its_section_and_its_group() {
    let arrays: Vec<String> = (0..40).map(|at| format!("\"a{at}\":[{{\"x\":{at}}}]")).collect();
    let body = format!(
        "{{\"debt\":[],{},\"late\":{{\"2025-11\":[{{\"y\":1}}]}},\"later\":[{{\"y\":2}}]}}",
        arrays.join(",")
    );
    let booking = Conciliation::read("BK1", &body).unwrap();
    let lines: Vec<String> = booking.others[39].lines().collect();
    assert_eq!(lines, ["x: 39", "(group): late.2025-11 · y: 1", "(group): later · y: 2"]);
}
