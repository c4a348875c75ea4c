//! An outline contains names, types and counts, but no data of a customer.

use super::*;

/// Values, and keys that are data, of all kinds.
const PLANTED: [&str; 27] = [
    "BK123456",
    "ES9121000418450200051332",
    "ES91 2100 0418 4502 0005 1332",
    "ana.perez@example.com",
    "Ana Pérez",
    "Garcia",
    "john_smith",
    "smith",
    "maria_de_los_santos",
    "bk123456",
    "es9121000418450200051332",
    "jsmith2",
    "john_smith_total",
    "Max",
    "Bill",
    "bill_price",
    "maria_property",
    "acme_property_sl",
    "GraceHouse",
    "GARCIA",
    "123e4567-e89b-12d3-a456-426614174000",
    "2026-03-14",
    "2026-03",
    "866.604",
    "987654",
    "https://example.com/secret",
    "+34600123456",
];

fn names(outline: &Outline) -> Vec<String> {
    outline.fields.iter().map(Seen::name).collect()
}

#[test]
fn no_value_is_in_an_outline_not_even_as_a_key_at_any_depth() {
    for planted in PLANTED {
        let value = serde_json::to_string(planted).unwrap();
        let row = format!(
            "{{\"amount\": 123456789, \"name\": {value}, {value}: {value}, \"by_id\": {{{value}: \
             {{\"amount\": 13.37, {value}: [{value}]}}}}, \"rows\": [{{{value}: {{}}}}, {value}]}}"
        );
        let shown = format!("{:?}", Outline::of([row.as_str()], &[]));
        for secret in [planted, "123456789", "13.37"] {
            assert!(!shown.contains(secret), "{secret} is in {shown}");
        }
        assert!(shown.contains("by_id"), "{shown}");
    }
}

#[test]
fn a_key_below_another_field_is_no_name_for_being_in_each_row() {
    for planted in PLANTED {
        let key = serde_json::to_string(planted).unwrap();
        let row = format!("{{\"balances\": {{{key}: {{\"amount\": 1}}}}}}");
        let outline = Outline::of([row.as_str(); 3], &[]);
        assert_eq!(names(&outline), ["balances.*.amount"], "{planted}");
    }
}

#[test]
fn keys_that_may_be_data_are_one_field() {
    let row = r#"{"months": {"2026-03": [{"amount": 1}], "2026-04": [{"amount": null}]}}"#;
    let outline = Outline::of([row], &[]);
    assert_eq!(names(&outline), ["months.*", "months.*[].amount"]);
    assert_eq!((outline.fields[0].rows, outline.fields[1].rows), (1, 2));
    let types: Vec<_> = outline.fields[1].types.iter().collect();
    assert_eq!(types, [(&"integer", &1), (&"null", &1)]);
}

#[test]
fn types_and_what_texts_look_like_are_counted() {
    let rows =
        [r#"{"a": "EUR", "b": {"code": 1.5}}"#, r#"{"a": "x y", "b": {"code": true}}"#, "[1]"];
    let outline = Outline::of(rows, &[]);
    assert_eq!(outline.rows, 3);
    let a = &outline.fields[outline.find(&["a"]).unwrap()];
    assert_eq!((a.rows, a.types["string"]), (2, 2));
    assert_eq!(a.looks.keys().copied().collect::<Vec<_>>(), ["currency code", "text"]);
    let c = &outline.fields[outline.find(&["b", "code"]).unwrap()];
    assert_eq!((c.name().as_str(), c.types.len()), ("b.code", 2));
}

#[test]
fn names_of_fields_in_usual_spellings_are_kept() {
    for name in [
        "booking_id",
        "amountInCents",
        "address2",
        "BookingReference",
        "IBAN",
        "_links",
        "by_id",
        "scheduled_for",
        "invoicing",
        "credit_notes_gross",
        "transactions_made",
        "penalties_gross",
        "completedTransactions",
        "refunds",
    ] {
        assert!(is_name(name, false, true) && is_name(name, true, false), "{name}");
    }
    for name in ["booking_id", "BookingId", "transactions_made", "penalties"] {
        assert!(is_name(name, false, false), "{name}");
    }
    assert!(!is_name("owner_total", false, false));
    for name in ["xyzzy", "_x", "plugh_total"] {
        assert!(!is_name(name, false, true) && is_name(name, true, true), "{name}");
        assert!(!is_name(name, true, false), "{name}");
    }
}

#[test]
fn a_key_that_most_rows_have_is_a_field_and_one_that_differs_from_row_to_row_is_data() {
    let owners = ["john_smith", "ana_perez", "li_wei", "ute_maier"];
    let ids = ["bk1", "bk2", "bk3", "bk4"];
    let rows: Vec<String> = owners
        .iter()
        .zip(ids)
        .map(|(owner, id)| {
            format!(
                r#"{{"xyzzy": 1, "{owner}": 2, "by_owner": {{"{owner}": {{"plugh": 1, "amount": 3}},
                    "john_smith": {{"plugh": 2, "amount": 4}}}}, "bookings": {{"{id}": "open"}}}}"#
            )
        })
        .collect();
    let outline = Outline::of(rows.iter().map(String::as_str), &[]);
    let expected = ["xyzzy", "by_owner.*.amount", "by_owner.*.*", "bookings.*", "*"];
    assert_eq!(names(&outline), expected);
    assert_eq!(outline.fields.iter().map(|seen| seen.rows).collect::<Vec<_>>(), [4, 8, 8, 4, 4]);
    assert_eq!(outline.find(&["by_owner", "li_wei", "amount"]), Some(1));
    assert_eq!(outline.shown(&["by_owner", "li_wei", "amount"]), "by_owner.*.amount");
    assert_eq!(outline.shown(&["nobody", "ever", "x"]), "nobody.*.*");
    assert_eq!(outline.find(&["xyzzy", "x"]), None);
}

#[test]
fn a_hostile_answer_costs_little() {
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let names: Vec<String> = ('a'..='z')
        .flat_map(|one| ('a'..='z').map(move |two| format!("\"{one}{two}\": 1")))
        .collect();
    let wide = format!("{{{}}}", names.join(","));
    assert!(Outline::of([deep.as_str()], &[]).fields.len() <= DEEPEST);
    assert_eq!(Outline::of([wide.as_str(); 2], &[]).fields.len(), MOST_FIELDS);
}
