//! Which rows are found, that no match spans cells or rows, and how long a search takes.

use proptest::prelude::*;
use serde_json::json;

use crate::domain::names::Names;
use crate::list::Spec;
use crate::list::record::Record;
use crate::search::{Haystack, Needle};

fn found(haystack: &Haystack, typed: &[&str]) -> Vec<u32> {
    let needles: Vec<Needle> = typed.iter().map(|typed| Needle::new(typed)).collect();
    let needles: Vec<Needle> = needles.into_iter().filter(|needle| !needle.is_empty()).collect();
    haystack.find(0, &needles)
}

fn spec() -> &'static Spec {
    Spec::named("scheduled").unwrap()
}

fn haystack() -> Haystack {
    let rows = [
        json!({"booking_id": "BK1", "account_name": "Łukasz Müller", "amount": 123_456,
               "currency": "EUR", "status": "missing_iban", "due_date": "2026-11-05"}),
        json!({"booking_id": "BK2", "account_name": "Zoë O'Brien", "status": "blocked"}),
        json!({"id": "secret", "new_field": "secret"}),
        json!({"booking_id": "BK21", "notes": "paid BY\u{1f}hand"}),
    ];
    let records: Vec<_> = rows.iter().map(|row| Record::read(spec(), &row.to_string())).collect();
    let mut haystack = Haystack::new(spec(), &records[..2], &Names::default());
    haystack.extend(spec(), &records[2..], &Names::default());
    haystack
}

#[test]
fn rows_are_found_by_any_column_as_it_is_shown() {
    let table: &[(&str, &[u32])] = &[
        ("", &[0, 1, 2, 3]),
        ("muller", &[0]),
        ("MÜLLER", &[0]),
        (" lukasz m", &[0]),
        ("zoe", &[1]),
        ("bk2", &[1, 3]),
        ("1,234.56", &[0]),
        ("1234.5", &[0]),
        ("missing iban", &[0]),
        ("missing_iban", &[0]),
        ("2026-11", &[0]),
        ("eur", &[0]),
        ("secret", &[]),
        ("brien blocked", &[]),
        ("bk1lukasz", &[]),
        ("by\u{1f}hand", &[]),
    ];
    let haystack = haystack();
    assert_eq!(haystack.len(), 4);
    for (typed, expected) in table {
        assert_eq!(found(&haystack, &[typed]), *expected, "{typed:?}");
    }
}

/// Accounts as two servers write them, and amounts in three currencies.
fn payouts() -> Haystack {
    let spec = Spec::named("penalties").unwrap();
    let rows = [
        json!({"booking_id": "BK471720", "amount": 47_172, "currency": "EUR",
               "amount_eur": 47_172, "invoice_number": "ES9121000418450200051332"}),
        json!({"booking_id": "BK2", "amount": 123_456, "currency": "PLN", "amount_eur": 47_172,
               "invoice_number": "ES91 2100 0418 4502 0005 1332", "due_date": "2026-12-31"}),
        json!({"booking_id": "BK3", "amount": -123_456, "currency": "EUR",
               "invoice_number": "GB29-NWBK-6016-1331-9268-19"}),
        json!({"booking_id": "BK4", "amount": 123_400, "currency": "USD",
               "invoice_number": "CN-2025-0001"}),
    ];
    let records: Vec<_> = rows.iter().map(|row| Record::read(spec, &row.to_string())).collect();
    Haystack::new(spec, &records, &Names::default())
}

#[test]
fn an_iban_is_found_as_banks_print_it_and_by_its_last_digits() {
    let table: &[(&str, &[u32])] = &[
        ("ES91 2100 0418 4502 0005 1332", &[0, 1]),
        ("es91-2100-0418", &[0, 1]),
        ("es91 21", &[0, 1]),
        ("IBAN: ES91 2100", &[0, 1]),
        ("ES9121000418450200051332", &[0, 1]),
        ("1332", &[0, 1]),
        ("51332", &[0, 1]),
        ("gb29 nwbk 6016 1331 9268 19", &[2]),
        ("GB29NWBK", &[2]),
        ("es92 21", &[]),
        ("2100 0418", &[0, 1]),
        ("0005 1332", &[0, 1]),
        ("0005-1332", &[0, 1]),
        ("00 0513 32", &[0, 1]),
        ("nwbk 6016", &[2]),
        ("Wbk-60 16", &[2]),
        ("9268 19", &[2]),
        ("2025 0001", &[]),
        ("47 1720", &[]),
        ("2026 1231", &[]),
        ("es91 0418", &[]),
        ("due on 12 31", &[]),
        ("cn-2025", &[3]),
        ("bk47 17", &[]),
    ];
    let haystack = payouts();
    for (typed, expected) in table {
        assert_eq!(found(&haystack, &[typed]), *expected, "{typed:?}");
    }
}

#[test]
fn an_amount_is_found_in_the_spelling_of_every_country() {
    let table: &[(&str, &[u32])] = &[
        ("471.72", &[0, 1]),
        ("471,72", &[0, 1]),
        ("471,7", &[0, 1]),
        ("471,", &[0, 1]),
        ("1.234,56", &[1, 2]),
        ("1,234.56", &[1, 2]),
        ("1 234,56", &[1, 2]),
        ("1234,56", &[1, 2]),
        ("-1.234,56", &[2]),
        ("1.234", &[1, 2, 3]),
        ("1,234", &[1, 2, 3]),
        ("EUR 471.72", &[0, 1]),
        ("EUR 471", &[0, 1]),
        ("471,72 €", &[0, 1]),
        ("PLN 471.72", &[]),
        ("pln 1.234,56", &[1]),
        ("EUR 1,234.56", &[2]),
        ("EUR 1,234", &[2]),
        ("USD 234", &[]),
        ("eur", &[0, 2]),
    ];
    let haystack = payouts();
    for (typed, expected) in table {
        assert_eq!(found(&haystack, &[typed]), *expected, "{typed:?}");
    }
}

#[test]
fn a_day_is_found_with_the_day_first() {
    let haystack = payouts();
    for typed in ["31/12/2026", "31.12.2026", "31-12-2026", "2026-12-31"] {
        assert_eq!(found(&haystack, &[typed]), [1], "{typed}");
    }
    assert_eq!(found(&haystack, &["12/31/2026"]), [0; 0]);
}

#[test]
fn several_searches_find_the_rows_that_match_all_of_them() {
    let haystack = payouts();
    assert_eq!(found(&haystack, &["1332", "pln"]), [1]);
    assert_eq!(found(&haystack, &["pln", "es91 21", "1.234,56"]), [1]);
    assert_eq!(found(&haystack, &["usd", "1332"]), [0; 0]);
    let needles = ["1332", "471,72"].map(Needle::new);
    assert_eq!(haystack.find(1, &needles), [1], "from the second row on");
}

proptest! {
    #[test]
    fn the_rows_are_those_that_a_plain_search_finds(
        names in proptest::collection::vec("[aäb]{0,4}", 0..20), typed in "[AaBb]{0,3}",
    ) {
        let records: Vec<_> = names
            .iter()
            .map(|name| Record::read(spec(), &json!({"account_name": name}).to_string()))
            .collect();
        let haystack = Haystack::new(spec(), &records, &Names::default());
        let plain = |name: &String| name.replace('ä', "a").contains(&typed.to_lowercase());
        let expected: Vec<u32> =
            (0u32..).zip(&names).filter(|(_, name)| plain(name)).map(|(row, _)| row).collect();
        prop_assert_eq!(found(&haystack, &[&typed]), expected);
    }
}

/// `cargo test --release -- --ignored --nocapture how_long`
#[test]
#[ignore = "a measurement, not a test"]
#[expect(clippy::disallowed_methods, reason = "measures")]
fn how_long_a_hundred_thousand_rows_take() {
    let spec = Spec::named("transactions").unwrap();
    let records: Vec<_> = (0..100_000u64)
        .map(|row| {
            let mixed = row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
            let row = json!({
                "booking_id": format!("BK{mixed:06}"), "issued_on": "2026-11-05", "amount": mixed,
                "currency": "EUR", "beneficiary": if mixed % 3 == 0 { "Łukasz Müller" } else { "John Smith" },
                "type": "Transfer", "action": "paid", "bank_account": format!("ES91{mixed:020}"),
            });
            Record::read(spec, &row.to_string())
        })
        .collect();
    let since = std::time::Instant::now();
    let haystack = Haystack::new(spec, &records, &Names::default());
    println!("built: {:?}, {} bytes", since.elapsed(), haystack.bytes() + 8 * haystack.len());
    for typed in ["", "e", "es", "es91", "es91 21", "lukasz", "nowhere", "99999", "471,72"] {
        let since = std::time::Instant::now();
        let found = found(&haystack, &[typed]);
        println!("{typed:8} {:6} rows: {:?}", found.len(), since.elapsed());
    }
}

#[test]
fn rows_that_are_made_searchable_in_parts_are_all_found_in_their_order() {
    let row = |number: usize| {
        Record::read(spec(), &json!({"booking_id": format!("BK{number}"), "x": 1}).to_string())
    };
    let records: Vec<_> = (0..13_001).map(row).collect();
    let in_parts = Haystack::new(spec(), &records, &Names::default());
    let mut at_once = Haystack::default();
    at_once.extend(spec(), &records, &Names::default());
    assert_eq!((in_parts.len(), in_parts.bytes()), (13_001, at_once.bytes()));
    for typed in ["bk4000", "bk8", "99", "bk13000"] {
        assert_eq!(found(&in_parts, &[typed]), found(&at_once, &[typed]), "{typed}");
    }
    assert_eq!(found(&in_parts, &["bk13000"]), [13_000]);
}
