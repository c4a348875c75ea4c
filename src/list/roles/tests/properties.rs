//! Properties of any page: hostile names and values, any order of the fields.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::*;

/// Words of role names, and values that fit some roles.
const WORDS: &[&str] = &[
    "booking",
    "reference",
    "due",
    "date",
    "amount",
    "gross",
    "net",
    "paid",
    "iban",
    "account",
    "name",
    "status",
    "type",
    "id",
    "currency",
    "link",
    "pdf",
    "Betrag",
    "fecha",
    "x",
];
const VALUES: &[&str] = &[
    "\"2025-01-01\"",
    "\"2025-01-01T10:00:00Z\"",
    "80000",
    "12.5",
    "\"EUR\"",
    "\"BK123456\"",
    "\"paid\"",
    "\"ES9121000418450200051332\"",
    "\"John Smith\"",
    "\"https://a.example/1\"",
    "true",
    "[]",
    "{}",
    "\"",
    "-",
    "99999999999999999999999999",
    "-9223372036854775808",
    "9223372036854775807",
    "",
    "\"\\ud800\"",
];

fn any_path() -> impl Strategy<Value = Vec<String>> {
    let worded = prop::collection::vec(select(WORDS), 1..4).prop_map(|words| words.join("_"));
    prop::collection::vec(prop_oneof![3 => worded, 1 => any::<String>()], 1..3)
}

fn any_values() -> impl Strategy<Value = Vec<String>> {
    let known = select(VALUES).prop_map(str::to_owned);
    let text = any::<String>().prop_map(|text| json!(text).to_string());
    let alike = (known.clone(), 0..8_usize).prop_map(|(value, rows)| vec![value; rows]);
    let mixed =
        prop::collection::vec(prop_oneof![2 => known, 1 => text, 1 => any::<String>()], 0..8);
    prop_oneof![2 => alike, 1 => mixed]
}

/// The chosen paths by role, regardless of the order of the fields.
fn chosen(spec: &'static Spec, page: &[(Vec<String>, Vec<String>)]) -> Vec<(usize, Vec<String>)> {
    let wanted: Vec<&'static Field> = spec.fields.iter().collect();
    let keys: Vec<Vec<&str>> =
        page.iter().map(|(path, _)| path.iter().map(String::as_str).collect()).collect();
    let values: Vec<Vec<&str>> =
        page.iter().map(|(_, values)| values.iter().map(String::as_str).collect()).collect();
    let seen: Vec<Seen<'_>> =
        keys.iter().zip(&values).map(|(path, values)| Seen { path, values }).collect();
    let assigned = assign(&wanted, &seen, Some("BK123456"));
    let roles: BTreeSet<usize> = assigned.iter().map(|it| it.role).collect();
    let fields: BTreeSet<usize> = assigned.iter().map(|it| it.seen).collect();
    assert_eq!((roles.len(), fields.len()), (assigned.len(), assigned.len()), "{assigned:?}");
    assigned.into_iter().map(|it| (it.role, page[it.seen].0.clone())).collect()
}

proptest! {
    #[test]
    fn each_role_has_one_field_whatever_the_order_of_fields_and_rows(
        page in prop::collection::btree_map(any_path(), any_values(), 0..24)
            .prop_map(|page| page.into_iter().collect::<Vec<_>>())
            .prop_flat_map(|page| (Just(page.clone()), Just(page).prop_shuffle())),
        list in 0..ALL.len(),
    ) {
        let (page, mut other) = page;
        for (_, values) in &mut other {
            values.reverse();
        }
        // A path with a dot in a key reads like a nested one, so the two can be equals.
        let readable: BTreeSet<String> = page.iter().map(|(path, _)| path.join(".")).collect();
        prop_assume!(readable.len() == page.len());
        prop_assert_eq!(chosen(ALL[list], &page), chosen(ALL[list], &other));
    }

    #[test]
    fn any_field_has_a_kind_and_any_name_has_words(path in any_path(), values in any_values()) {
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let _kind = kind(&Seen { path: &keys, values: &values });
        for word in path.iter().flat_map(|key| words(key)) {
            prop_assert!(word.chars().all(|c| !c.is_uppercase() || c.to_lowercase().eq([c])));
        }
    }
}

#[test]
fn long_names_and_values_cost_little() {
    let key = "amountBooking_".repeat(100_000);
    let text = json!("a1 ".repeat(1_000_000)).to_string();
    let path = [key.as_str(), "date"];
    let values = vec![text.as_str(); 500];
    let seen = Seen { path: &path, values: &values };
    let wanted: Vec<&'static Field> = list("debt").fields.iter().collect();
    assert_eq!(assign(&wanted, &[seen], None), []);
}

/// `cargo test --release -- --ignored --nocapture how_long`
#[test]
#[ignore = "a measurement, not a test"]
#[expect(clippy::disallowed_methods, reason = "measures")]
fn how_long_two_hundred_fields_of_five_hundred_rows_take() {
    let value = |field: usize, row: usize| match field % 4 {
        0 => json!(format!("Anna Weiß {row}")).to_string(),
        1 => json!(row * 7_919).to_string(),
        2 => json!(format!("2025-01-{:02}", row % 28 + 1)).to_string(),
        _ => json!(format!("{field}-{row}-ES9121000418450200051332")).to_string(),
    };
    let fields = (0..200).map(|at| (0..500).map(move |row| value(at, row)).collect());
    let columns: Vec<Column> =
        fields.enumerate().map(|(at, values)| (format!("some_{at}.nameOf"), values)).collect();
    for spec in ALL {
        let since = std::time::Instant::now();
        let found = found(spec, &columns, Some("BK123456"));
        println!("{}: {:?} ({})", spec.key, since.elapsed(), found.len());
    }
}
