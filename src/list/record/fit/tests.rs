//! Fitting rows to other shapes.

use super::*;
use crate::list::shape::Shapes;

fn read(spec: &'static Spec, row: &str) -> Record {
    Shapes::default().read_once(spec, &[row], "BK1").remove(0)
}

fn debt() -> &'static Spec {
    Spec::named("debt").unwrap()
}

#[test]
fn what_is_filled_in_is_a_field_of_the_row_and_what_it_had_stays() {
    let own = read(debt(), r#"{"amount":5,"currency":"EUR","status":null,"desk":"A"}"#);
    let full = r#"{"amount":7,"currency":"EUR","state":"outstanding","due_date":"2026-01-02"}"#;
    let filled = own.filled_from(&read(debt(), full));
    let shown: Vec<&str> = filled.spec().columns().collect();
    for name in ["amount", "due_date", "status"] {
        assert!(shown.contains(&name), "{name} in {shown:?}");
    }
    assert_eq!(filled.minor("amount"), Some(5));
    assert_eq!(filled.status(), Some("outstanding"));
    assert_eq!(filled.value("desk").raw_text().unwrap().expose_raw(), "A");
    // A row without missing fields keeps its shape.
    assert!(std::ptr::eq(filled.filled_from(&own).spec(), filled.spec()));
}

#[test]
fn a_row_that_could_not_be_read_says_so_in_any_shape() {
    let shape = read(debt(), r#"{"sum":5,"a":1}"#).spec();
    let row = Record::read(debt(), "[1]").fitted_to(shape);
    assert_eq!(row.unreadable().unwrap().expose_raw(), "[1]");
    assert_eq!(row.extras().len(), 1);
}
