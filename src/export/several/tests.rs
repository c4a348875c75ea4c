//! The rows of several customers in each format: each under its own name, with errors, none a formula.

use unicode_width::UnicodeWidthStr;

use super::*;
use crate::export::{Output, as_text};

type Row = [&'static str; 2];

fn all() -> Vec<CustomerRows<Row>> {
    let error =
        || CustomerError { kind: "token_refused".to_owned(), text: "-refused | x".to_owned() };
    let of = |customer: &str, rows: &[Row], error| CustomerRows {
        customer: customer.to_owned(),
        rows: rows.to_vec(),
        part: String::new(),
        error,
    };
    vec![
        of("acme", &[["BK1", "1.00"], ["BK2", "2.00"]], None),
        of("-globex", &[["BK1", "3.00"]], Some(error())),
        of("empty", &[], None),
        of("hooli", &[], Some(error())),
    ]
}

fn without_errors() -> Vec<CustomerRows<Row>> {
    all().into_iter().map(|it| CustomerRows { error: None, ..it }).collect()
}

fn cells(row: &Row) -> [String; 2] {
    row.map(str::to_owned)
}

fn written(all: &[CustomerRows<Row>], format: Format) -> String {
    let columns = [("booking_id", "booking", Side::Left), ("amount", "amount", Side::Right)];
    let columns = columns.map(|(name, title, side)| Column::new(name, title, side)).into();
    let cells = |row: &Row| vec![Cell::text(row[0]), Cell::amount(row[1])];
    let grid = grid_of(all, ("Rows", columns), cells, format);
    as_text(grid.render(Output::of(format), &[], &[]).unwrap())
}

fn object(row: &Row) -> Map<String, Value> {
    [("booking_id".to_owned(), json!(row[0]))].into_iter().collect()
}

#[test]
fn csv_has_each_row_under_its_customer_and_each_error_in_a_row_of_its_own() {
    let csv = |all: &[CustomerRows<Row>]| written(all, Format::Csv);
    let expected = "customer,booking_id,amount,error\nacme,BK1,1.00,\nacme,BK2,2.00,\n\
                    '-globex,BK1,3.00,\n'-globex,,,'-refused | x\nhooli,,,'-refused | x\n";
    assert_eq!(csv(&all()), expected);
    let header = csv(&without_errors()).lines().next().unwrap().to_owned();
    assert_eq!(header, "customer,booking_id,amount,error", "whether or not there are errors");
}

#[test]
fn json_has_the_customer_in_each_object() {
    let json: Value = serde_json::from_str(&json_of(&all(), object).unwrap()).unwrap();
    let error = json!({"kind": "token_refused", "text": "-refused | x"});
    let expected = json!([
        {"customer": "acme", "booking_id": "BK1"},
        {"customer": "acme", "booking_id": "BK2"},
        {"customer": "-globex", "booking_id": "BK1"},
        {"customer": "-globex", "error": error},
        {"customer": "hooli", "error": error},
    ]);
    assert_eq!(json, expected);
    let lines = jsonl_of(&all(), object).unwrap();
    let lines: Vec<Value> = lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert_eq!(Value::Array(lines), expected);
}

#[test]
fn tables_have_a_column_for_errors_only_if_there_are_any() {
    let markdown = |all: &[CustomerRows<Row>]| written(all, Format::Markdown);
    let with = markdown(&all());
    assert!(
        with.starts_with("| customer | booking | amount | error |\n| --- | --- | ---: | --- |\n")
    );
    assert!(with.contains("| -globex |  |  | -refused \\| x |\n"), "{with}");
    let without = markdown(&without_errors());
    assert!(without.starts_with("| customer | booking | amount |\n"), "{without}");

    let table = |all: &[CustomerRows<Row>], room| {
        let titles = ["booking", "amount"].map(str::to_owned).into();
        let columns = vec![(Side::Left, Place::FIXED), (Side::Right, Place::hidden_by(1))];
        table_of(all, (titles, columns), |row| cells(row).into(), room)
    };
    let expected = "customer  booking  amount  error\n\
                    acme      BK1        1.00\n\
                    acme      BK2        2.00\n\
                    -globex   BK1        3.00\n\
                    -globex                    -refused | x\n\
                    hooli                      -refused | x\n";
    assert_eq!(table(&all(), None), expected);
    assert!(table(&without_errors(), None).starts_with("customer  booking  amount\n"));
    for room in 32..60 {
        let table = table(&all(), Some(room));
        assert!(table.contains("hooli") && table.contains("-refused"), "{table}");
        assert!(table.lines().all(|line| line.width() <= room), "{room}: {table}");
    }
}

#[test]
fn an_error_has_the_kind_and_the_words_of_the_overview() {
    let error = CustomerError::of(&Trouble::NoToken, "acme");
    let text = "no token: run valora auth login --profile acme".to_owned();
    assert_eq!(error, CustomerError { kind: "no_token".to_owned(), text });
}

#[test]
fn the_customers_that_lack_rows_are_named() {
    assert_eq!(part_of(&without_errors(), ""), "");
    let mut all = all();
    all[0].part = "only 7 rows".to_owned();
    let words = "x; Incomplete: not loaded completely: -globex, hooli; acme: only 7 rows";
    assert_eq!(part_of(&all, "x"), words);
}
