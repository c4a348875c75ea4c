//! Charts over a list, at common sizes.

use crate::list::record::Record;
use crate::tui::view::tests::{Screen, snapshot};

/// The screen of a list with these rows and its chart over it.
fn charted(size: (u16, u16), key: &str, rows: &[&str]) -> Screen {
    let mut screen = Screen::loaded(size, 1_234).press(key);
    let list = &mut screen.0.cx.lists[screen.0.cx.tab];
    let spec = list.spec();
    list.table.replace([rows.iter().map(|json| Record::read(spec, json)).collect()]);
    screen.press("w")
}

#[test]
fn months_of_invoices_and_weeks_of_scheduled_payments() {
    let invoices = [
        r#"{"doc_type":"Invoice","amount_gross":1210000,"currency":"EUR","issue_date":"2026-01-31"}"#,
        r#"{"doc_type":"Invoice","amount_gross":340050,"currency":"EUR","issue_date":"2025-12-01"}"#,
        r#"{"doc_type":"Credit Note","amount_gross":500000,"currency":"EUR","issue_date":"2025-11-30"}"#,
        r#"{"doc_type":"Invoice","amount_gross":77700,"currency":"PLN","issue_date":"2026-01-02"}"#,
        r#"{"doc_type":"Invoice","amount_gross":4200,"currency":"EUR","issue_date":null}"#,
        r#"{"doc_type":"Invoice","amount_gross":null,"currency":"EUR","issue_date":"2026-01-02"}"#,
    ];
    snapshot("chart_invoices", |size| charted(size, "3", &invoices));
    let scheduled = [
        r#"{"amount":64300,"currency":"EUR","due_date":"2026-11-10"}"#,
        r#"{"amount":64300,"currency":"EUR","due_date":"2026-12-31"}"#,
        r#"{"amount":128600,"currency":"EUR","due_date":"2027-01-03"}"#,
        r#"{"amount":90000,"currency":"EUR","due_date":"2027-06-01"}"#,
        r#"{"amount":15000,"currency":"HUF","due_date":"2026-11-23"}"#,
    ];
    snapshot("chart_scheduled", |size| charted(size, "2", &scheduled));
}
