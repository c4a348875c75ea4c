//! Workbooks, read back by another library.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::*;
use crate::domain::money::{Currency, format_amount};

/// The rows of the first sheet, without its titles.
fn back(columns: usize, rows: &[Vec<Cell>]) -> Vec<Vec<Data>> {
    let mut workbook = Workbook::new();
    let columns = (0..columns).map(|_| Column::new("a", "A", Side::Left)).collect();
    let mut sheet = workbook.sheet("Rows", columns).unwrap();
    for row in rows {
        workbook.write(&mut sheet, row).unwrap();
    }
    workbook.add(sheet).unwrap();
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(workbook.finish().unwrap())).unwrap();
    assert_eq!(read.sheet_names(), ["Rows"]);
    assert!(read.worksheet_formula("Rows").unwrap().is_empty());
    let range = read.worksheet_range("Rows").unwrap();
    range.rows().skip(1).map(<[Data]>::to_vec).collect()
}

#[test]
fn each_value_has_its_type() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
    let early = NaiveDate::from_ymd_opt(1899, 12, 31).unwrap();
    let rows = back(
        8,
        &[vec![
            Cell::text("=1+1"),
            Cell::Amount("-1,234.56".to_owned()),
            Cell::Number("658".to_owned()),
            Cell::Date(day),
            Cell::Time(day.and_hms_opt(9, 30, 0).unwrap()),
            Cell::text("ES9121000418450200051332"),
            Cell::text("0049000000000001234567"),
            Cell::Date(early),
        ]],
    );
    let [text, amount, number, date, time, iban, digits, before] = &rows[0][..] else {
        panic!("{rows:?}")
    };
    assert_eq!(*text, Data::String("=1+1".to_owned()));
    assert_eq!(*amount, Data::Float(-1234.56));
    assert_eq!(*number, Data::Float(658.0));
    let (Data::DateTime(date), Data::DateTime(time)) = (date, time) else { panic!("{rows:?}") };
    assert_eq!((date.as_f64(), time.as_f64()), (46_354.0, 46_354.0 + 9.5 / 24.0));
    assert_eq!(*iban, Data::String("ES9121000418450200051332".to_owned()));
    assert_eq!(*digits, Data::String("0049000000000001234567".to_owned()));
    assert_eq!(*before, Data::String("1899-12-31".to_owned()));
}

#[test]
fn an_amount_of_fifteen_digits_is_exact_and_a_longer_one_is_a_text() {
    let amount = |minor: i128, code: &str| {
        Cell::amount(format_amount(minor, Currency::parse(code).unwrap()))
    };
    let table = [
        (999_999_999_999_999, "EUR", Data::Float(9_999_999_999_999.99)),
        (-1, "KWD", Data::Float(-0.001)),
        (7, "JPY", Data::Float(7.0)),
        (1_000_000_000_000_000, "EUR", Data::String("10,000,000,000,000.00".to_owned())),
    ];
    for (minor, code, expected) in table {
        assert_eq!(back(1, &[vec![amount(minor, code)]])[0][0], expected, "{minor} {code}");
    }
}

#[test]
fn a_text_is_never_rich_text_and_fits_the_format() {
    for given in ["<r><t>x</t></r>", "_x0041_", " a ", "a\u{ffff}b\u{fffe}", "<t>&amp;</t>"] {
        let read = back(1, &[vec![Cell::text(given)]])[0][0].to_string();
        let expected = given.replace(['\u{fffe}', '\u{ffff}'], "");
        assert_eq!(read.trim_end(), expected.trim_end(), "{given:?}");
    }
    let long = back(1, &[vec![Cell::text("😀".repeat(40_000))]])[0][0].to_string();
    assert_eq!(long.encode_utf16().count(), LONGEST_TEXT + 1);
    assert!(long.ends_with('…'));
}
