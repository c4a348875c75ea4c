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

fn in_words(fields: &[Field]) -> Vec<String> {
    let in_words =
        |field: &Field| format!("{}: {} -> {}", field.name.shown(), field.before, field.after);
    fields.iter().map(in_words).collect()
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
    assert_eq!(in_words(&changes.totals), ["debt: 5.00 -> 4.00", "new:  -> 1"]);
    assert_eq!(changes.sections.len(), 1);
    let shape = &changes.sections[0];
    assert_eq!((shape.before.as_str(), shape.after.as_str()), ("1 row", "null"));
    let penalties = Role::Penalties;
    let [new, waived, gone, payout, earlier] = &changes.rows[..] else { panic!("{changes:?}") };
    assert_eq!(*new, Change::New(at(penalties, 0)));
    let Change::Changed(after, fields) = waived else { panic!("{waived:?}") };
    assert_eq!(*after, at(penalties, 1));
    assert_eq!(in_words(fields), ["status: notify -> waived", "colour: red -> blue"]);
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
        in_words(&changes.sections),
        ["Tax lines: 1 row -> 2 rows", "Tax lines: 2 rows -> 2 rows (changed)"]
    );
}

#[test]
fn texts_that_are_shown_alike_are_told_apart() {
    let body = |number: &str| format!(r#"{{"debt":[{{"id":"d","invoice_number":"{number}"}}]}}"#);
    let changes = Changes::between(&read(&body("A1")), &read(&body("A\\u200b1")));
    let [Change::Changed(_, fields)] = &changes.rows[..] else { panic!("{changes:?}") };
    assert_eq!(in_words(fields), [r"invoice_number: A1 -> A\u{200b}1"]);
}

/// The reported changes of one penalty with these fields before and after.
fn in_words_of(before: &str, after: &str) -> Vec<String> {
    let body = |row: &str| read(&format!(r#"{{"penalties":[{{"id":"a"{row}}}]}}"#));
    match &Changes::between(&body(before), &body(after)).rows[..] {
        [] => Vec::new(),
        [Change::Changed(_, fields)] => in_words(fields),
        rows => panic!("{rows:?}"),
    }
}

#[test]
fn an_undocumented_field_that_goes_or_comes_is_told_once() {
    let red = r#","colour":"red""#;
    for nothing in ["", r#","colour":null"#] {
        assert_eq!(in_words_of(red, nothing), ["colour: red -> "], "{nothing}");
        assert_eq!(in_words_of(nothing, red), ["colour:  -> red"], "{nothing}");
    }
    assert_eq!(in_words_of("", r#","colour":null"#), [""; 0]);
    assert_eq!(in_words_of(red, r#","colour":"""#), ["colour: red -> "]);
    assert_eq!(in_words_of("", r#","colour":"""#), [r#"colour:  -> """#]);
}

#[test]
fn an_undocumented_value_is_compared_as_it_came_whatever_it_was_taken_for() {
    let tax = |rows: &str| {
        let more = r#"{"id":"b","tax_amount":"soon"}"#;
        read(&format!(r#"{{"penalties":[{{"id":"a","tax_amount":{rows}}},{more}]}}"#))
    };
    let alone = read(r#"{"penalties":[{"id":"a","tax_amount":100},{"id":"b"}]}"#);
    let cell = |booking: &Conciliation| {
        let row = &booking.rows(Role::Penalties)[0];
        row.cell(row.spec().position("tax_amount").unwrap()).into_owned()
    };
    assert_eq!((cell(&alone), cell(&tax("100"))), ("1.00".to_owned(), "100".to_owned()));
    let changed = |after: &Conciliation| match &Changes::between(&alone, after).rows[..] {
        [Change::Changed(_, second)] => vec![in_words(second)],
        [Change::Changed(_, first), Change::Changed(_, second)] => {
            vec![in_words(first), in_words(second)]
        }
        rows => panic!("{rows:?}"),
    };
    assert_eq!(changed(&tax("100")), [["tax_amount:  -> soon"]]);
    assert_eq!(changed(&tax("200")), [["tax_amount: 100 -> 200"], ["tax_amount:  -> soon"]]);
    // If both are amounts, they are shown as amounts.
    assert_eq!(
        in_words_of(r#","tax_amount":100"#, r#","tax_amount":200"#),
        ["tax_amount: 1.00 -> 2.00"]
    );
    assert_eq!(in_words_of(r#","x":1"#, r#","x":"1""#), [r#"x: 1 -> "1""#]);
}

#[test]
fn a_field_that_is_recognized_in_one_answer_alone_is_the_same_field() {
    let (one, two) = (r#","day":"2026-01-02""#, r#","day":"2026-01-02","seen":"2026-01-05""#);
    assert_eq!(in_words_of(one, two), ["seen:  -> 2026-01-05"]);
    assert_eq!(in_words_of(two, one), ["seen: 2026-01-05 -> "]);
    let later = two.replace("01-02", "01-03");
    assert_eq!(in_words_of(one, &later), ["day: 2026-01-02 -> 2026-01-03", "seen:  -> 2026-01-05"]);
    // It is also the same field under its documented name.
    assert_eq!(in_words_of(r#","state":"waived""#, r#","status":"waived""#), [""; 0]);
}

#[test]
fn an_object_is_compared_key_by_key_wherever_it_is_kept() {
    let apart = r#","batch":{"run":1,"desk":null}"#;
    assert_eq!(in_words_of(r#","batch":{}"#, apart), ["batch.run:  -> 1", "batch: {} -> "]);
    // An object with ids as keys is one value.
    let by_id = |run: u8| format!(r#","batch":{{"1001":{run},"1002":2}}"#);
    assert_eq!(in_words_of(&by_id(1), &by_id(3)), ["batch.1001: 1 -> 3"]);
}

#[test]
fn rows_of_another_section_in_another_order_are_the_same_rows() {
    let body = |rows: &str| read(&format!(r#"{{"debt":[],"taxLines":[{rows}]}}"#));
    let before = body(r#"{"id":1},{"id":2},{"id":2}"#);
    assert!(Changes::between(&before, &body(r#"{"id":2},{"id":1},{"id":2}"#)).is_empty());
    let other = Changes::between(&before, &body(r#"{"id":2},{"id":1},{"id":1}"#));
    assert_eq!(in_words(&other.sections), ["Tax lines: 3 rows -> 3 rows (changed)"]);
}
