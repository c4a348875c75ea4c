//! What is found, that nothing is found across cells and rows, and how long it takes.

use proptest::prelude::*;
use serde_json::json;

use crate::list::search::*;

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
    let names = Names::default();
    let mut haystack = Haystack::new(spec(), &records[..2], &names);
    haystack.extend(spec(), &records[2..], &names);
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
        let needle = Needle::new(typed);
        assert_eq!(haystack.find(&needle), *expected, "{typed:?}");
    }
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
        let needle = Needle::new(&typed);
        let plain = |name: &String| name.replace('ä', "a").contains(&typed.to_lowercase());
        let expected: Vec<u32> =
            (0u32..).zip(&names).filter(|(_, name)| plain(name)).map(|(row, _)| row).collect();
        prop_assert_eq!(haystack.find(&needle), expected);
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
    println!("built: {:?}, {} bytes", since.elapsed(), haystack.text.len() + 8 * haystack.len());
    for typed in ["", "e", "es", "es91", "lukasz", "nowhere", "99999"] {
        let since = std::time::Instant::now();
        let found = haystack.find(&Needle::new(typed));
        println!("{typed:8} {:6} rows: {:?}", found.len(), since.elapsed());
    }
}
