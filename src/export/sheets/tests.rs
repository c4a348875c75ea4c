//! The workbook of a booking: each column can be added up.

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};
use chrono::NaiveDate;

use super::*;
use crate::conciliation::Conciliation;
use crate::conciliation::report::{BookingReport, Sources};
use crate::domain::text::Untrusted;
use crate::export::TenantPayments;
use crate::list::record::Record;
use crate::list::scheduled;

/// Waived and repeated charges, a planned payment, two currencies, and amounts that are not clear.
const BODY: &str = r#"{"reference":"BK1","totals":{"invoices_gross":12100,"transactions_made":1},
    "invoicing":{"invoices":[
        {"doc_number":"INV-1","issue_date":"2026-03-01","amount_gross":10000,"currency":"EUR"},
        {"doc_number":"INV-2","issue_date":"2026-03-02","amount_gross":700,"currency":"JPY"}],
    "credit_notes":[]},
    "penalties":[{"id":"w","amount":5000,"currency":"EUR","status":"waived"}],
    "debt":[{"id":"r","invoice_number":"INV-1","amount":10000,"currency":"EUR","status":"overdue"},
        {"id":"u","amount":300,"currency":"Euro","status":"overdue"}],
    "transactions":[{"amount":150000,"currency":"EUR","issued_on":"2026-03-05"}]}"#;

fn book() -> Xlsx<Cursor<Vec<u8>>> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let at = today.and_hms_opt(14, 3, 0).unwrap();
    let planned =
        r#"{"id":"s","booking_id":"BK1","amount":90000,"currency":"EUR","status":"upcoming"}"#;
    let mut sources = Sources::default();
    let rows = vec![Record::read(&scheduled::SPEC, planned)];
    sources.accept(ExtraList::Scheduled, &Untrusted::new("BK1"), rows, Some(1), at);
    let report = BookingReport::of(&Conciliation::read("BK1", BODY).unwrap(), &sources, today);
    let (report, sources, tenant) = (&report, &sources, TenantPayments::NotConfigured);
    let export =
        BookingExport { customer: None, report, sources, tenant, at, today, is_for_owner: false };
    Xlsx::new(Cursor::new(render(&export).unwrap())).unwrap()
}

/// The rows of a sheet as texts, by the titles of its columns.
fn column(sheet: &[Vec<Data>], title: &str) -> Vec<Data> {
    let at = sheet[0].iter().position(|it| *it == title).expect(title);
    sheet[1..].iter().map(|row| row[at].clone()).collect()
}

fn sheet(name: &str) -> Vec<Vec<Data>> {
    book().worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// A number in thousandths; 0 for another cell.
fn thousandths(cell: &Data) -> i64 {
    cell.get_float().map_or(0, |it| format!("{it:.3}").replace('.', "").parse().unwrap())
}

#[test]
fn each_column_of_the_ledger_adds_up_to_its_sum() {
    let (ledger, summary) = (sheet("Ledger"), sheet("Summary"));
    let codes = column(&ledger, "Currency");
    for (title, euros, yen) in [
        ("Charged", 100_000, 700_000),
        ("Paid", 1_500_000, 0),
        ("Planned", 900_000, 0),
        ("Not counted", 150_000, 0),
    ] {
        for (code, expected) in [("EUR", euros), ("JPY", yen)] {
            let cells = column(&ledger, title);
            let of_code = cells.iter().zip(&codes).filter(|(_, it)| **it == code);
            let added: i64 = of_code.map(|(cell, _)| thousandths(cell)).sum();
            let at = column(&summary, "Currency").iter().position(|it| *it == code);
            let found = thousandths(&column(&summary, title)[at.unwrap()]);
            assert_eq!((added, found), (expected, expected), "{title} {code}");
        }
    }
    let unclear: Vec<Data> = column(&ledger, "Not counted");
    assert!(unclear.contains(&Data::String("3.00?".to_owned())), "{unclear:?}");
    let notes: Vec<String> = column(&summary, "Currency").iter().map(Data::to_string).collect();
    let note = "Not counted in any column: 1 row in an unknown currency";
    assert!(notes.iter().any(|it| it == note), "{notes:?}");
}

#[test]
fn the_total_of_the_server_and_the_number_of_rows_are_there_once() {
    let totals = sheet("Totals");
    let names = ["Invoices", "Invoices, all currencies"];
    let is_of = |row: &&Vec<Data>| names.contains(&row[0].to_string().as_str());
    let of: Vec<&Vec<Data>> = totals.iter().filter(is_of).collect();
    assert_eq!(of.len(), 3, "{of:?}");
    assert_eq!(of[0][0].to_string(), "Invoices, all currencies");
    assert_eq!(
        (of[0][1].get_float(), of[0][4].to_string()),
        (Some(2.0), "12100 in minor units".to_owned())
    );
    assert_eq!([&of[1][2], &of[2][2]].map(DataType::get_float), [Some(100.0), Some(700.0)]);
    for row in &of[1..] {
        assert_eq!([&row[1], &row[4]], [&Data::Empty; 2], "{row:?}");
    }
}
