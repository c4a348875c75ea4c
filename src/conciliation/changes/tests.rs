//! What a refresh changes, and what it does not.

use super::*;

fn read(body: &str) -> Conciliation {
    Conciliation::read("BK1", body).unwrap()
}

const BEFORE: &str = r#"{"totals":{"debt":500,"transactions":3},
    "penalties":[{"id":"a","status":"notify","amount":100,"currency":"EUR","colour":"red"},
                 {"id":"b","status":"paid"}],
    "debt":[{"id":"d","amount":500}],
    "transactions":[{"amount":1},{"amount":1},{"amount":2}]}"#;

fn at(role: Role, row: usize) -> RowAt {
    RowAt { role, row }
}

fn told(fields: &[Field]) -> Vec<String> {
    let told =
        |field: &Field| format!("{}: {} -> {}", field.name.shown(), field.before, field.after);
    fields.iter().map(told).collect()
}

#[test]
fn an_answer_does_not_differ_from_itself_in_another_order() {
    let before = read(BEFORE);
    assert!(Changes::between(&before, &before).is_empty());
    let turned = BEFORE
        .replace(
            r#"{"amount":1},{"amount":1},{"amount":2}"#,
            r#"{"amount":2},{"amount":1},{"amount":1}"#,
        )
        .replace("\"amount\":100", "\"amount\":\"100\"")
        .replace("\"id\":\"b\"", "\"due_date\":null,\"id\":\"b\"");
    assert!(Changes::between(&before, &read(&turned)).is_empty());
}

#[test]
fn rows_come_go_and_change_by_identity() {
    let after = r#"{"totals":{"debt":400,"transactions":3,"new":1},
        "penalties":[{"id":"c"},
                     {"id":"a","status":"waived","amount":100,"currency":"EUR","colour":"blue"}],
        "debt":null,
        "transactions":[{"amount":1},{"amount":2},{"amount":2}]}"#;
    let changes = Changes::between(&read(BEFORE), &read(after));
    assert_eq!(told(&changes.totals), ["debt: 5.00 -> 4.00", "new:  -> 1"]);
    assert_eq!(changes.sections.len(), 1);
    let shape = &changes.sections[0];
    assert_eq!((shape.before.as_str(), shape.after.as_str()), ("1 row", "null"));
    let penalties = Role::Penalties;
    let [new, waived, gone, payout, earlier] = &changes.rows[..] else { panic!("{changes:?}") };
    assert_eq!(*new, Change::New(at(penalties, 0)));
    let Change::Changed(after, fields) = waived else { panic!("{waived:?}") };
    assert_eq!(*after, at(penalties, 1));
    assert_eq!(told(fields), ["status: notify -> waived", "colour: red -> blue"]);
    assert_eq!(*gone, Change::Gone(at(penalties, 1)));
    assert_eq!(*payout, Change::New(at(Role::Transactions, 2)));
    assert_eq!(*earlier, Change::Gone(at(Role::Transactions, 1)));
    assert_eq!(changes.of(at(penalties, 1)), Some(waived));
    assert_eq!(changes.of(at(Role::Transactions, 0)), None);
}

#[test]
fn two_other_sections_of_one_title_are_two() {
    let body = |one: &str, other: &str| {
        format!(r#"{{"debt":[],"taxLines":{one},"tax_lines":{other},"tax":{{"a":1}}}}"#)
    };
    let before = read(&body(r#"[{"id":1}]"#, r#"[{"id":2},{"id":3}]"#));
    assert!(Changes::between(&before, &before).is_empty());
    let after = read(&body(r#"[{"id":1},{"id":4}]"#, r#"[{"id":2},{"id":5}]"#));
    let changes = Changes::between(&before, &after);
    assert_eq!(
        told(&changes.sections),
        ["Tax lines: 1 row -> 2 rows", "Tax lines: 2 rows -> 2 rows, others than before"]
    );
}

#[test]
fn texts_that_are_shown_alike_are_told_apart() {
    let body = |number: &str| format!(r#"{{"debt":[{{"id":"d","invoice_number":"{number}"}}]}}"#);
    let changes = Changes::between(&read(&body("A1")), &read(&body("A\\u200b1")));
    let [Change::Changed(_, fields)] = &changes.rows[..] else { panic!("{changes:?}") };
    assert_eq!(told(fields), [r"invoice_number: A1 -> A\u{200b}1"]);
}
