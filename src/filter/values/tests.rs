//! Typed values of a filter over complete values, and what is sent for them.

use proptest::prelude::*;

use crate::filter::{FilterTarget, FilterValue, SeenWords};
use crate::list::record::Record;
use crate::list::{Spec, debt, invoices, scheduled};

fn seen(spec: &'static Spec, rows: &[&str]) -> SeenWords {
    let mut seen = SeenWords::new(spec);
    seen.add(&rows.iter().map(|row| Record::read(spec, row)).collect::<Vec<_>>());
    seen
}

fn sent(seen: &SeenWords, name: &str, typed: &str) -> Result<Vec<String>, String> {
    let value = FilterValue::named(seen.spec, name, typed).map_err(|error| error.why)?;
    let value = value.spelled(Some(seen));
    value.check_word(Some(seen)).map_err(|error| error.why)?;
    Ok(value.values().to_vec())
}

#[test]
fn what_a_cell_shows_is_sent_as_the_server_spells_it() {
    let nothing = |spec| seen(spec, &[]);
    let table: [(SeenWords, &str, &[&str], &str); 8] = [
        (
            nothing(&scheduled::SPEC),
            "status",
            &[
                "missing iban",
                "Missing IBAN",
                "missing_iban",
                "MISSING-IBAN",
                "missingIban",
                "\"missing iban\"",
            ],
            "missing_iban",
        ),
        (
            nothing(&invoices::SPEC),
            "doc_type",
            &["credit_note", "credit note", "Credit Note", "CREDIT_NOTE"],
            "Credit Note",
        ),
        (
            seen(&invoices::SPEC, &[r#"{"doc_type":"credit_note"}"#]),
            "doc_type",
            &["credit_note", "credit note", "Credit Note"],
            "credit_note",
        ),
        (
            seen(
                &invoices::SPEC,
                &[r#"{"doc_type":"credit_note"}"#, r#"{"doc_type":"Credit Note"}"#],
            ),
            "doc_type",
            &["credit_note"],
            "credit_note",
        ),
        (
            // A parameter with documented values has their spelling, whatever the rows have.
            seen(&debt::SPEC, &[r#"{"status":"WRITTEN_OFF"}"#]),
            "status",
            &["WRITTEN_OFF", "written off"],
            "written_off",
        ),
        (
            seen(&debt::SPEC, &[r#"{"status":"Sent To Moon"}"#]),
            "status",
            &["sent to moon", "sent_to_moon"],
            "Sent To Moon",
        ),
        (nothing(&scheduled::SPEC), "currency", &["eur", "Eur"], "EUR"),
        (nothing(&scheduled::SPEC), "currency", &["gbp", "GBP"], "GBP"),
    ];
    for (seen, name, typed, expected) in &table {
        for typed in *typed {
            assert_eq!(sent(seen, name, typed), Ok(vec![(*expected).to_owned()]), "{typed}");
        }
    }
}

#[test]
fn several_values_are_separated_by_commas_outside_of_quotes_and_each_is_sent_once() {
    let seen = seen(&scheduled::SPEC, &[]);
    let both = ["missing_iban", "blocked_missing_iban"];
    for typed in [
        "missing_iban,blocked_missing_iban",
        "missing iban , Blocked Missing IBAN",
        "\"missing iban\",\"blocked missing iban\"",
        "\"missing iban, blocked missing iban\"",
        "missing_iban,blocked_missing_iban,missing iban",
        "*iban",
        "*IBAN*",
        "*iban*,missing_iban",
    ] {
        assert_eq!(sent(&seen, "status", typed).unwrap(), both, "{typed}");
    }
    assert_eq!(sent(&seen, "booking_id", "BK1,BK2").unwrap(), ["BK1", "BK2"]);
    assert_eq!(sent(&seen, "booking_id", "\"BK1,BK2\"").unwrap(), ["BK1,BK2"]);
    assert_eq!(sent(&seen, "booking_id", r#""a\"b\\,*", c"d"#).unwrap(), [r#"a"b\,*"#, "c\"d"]);
    assert_eq!(sent(&seen, "search", "Smith, John").unwrap(), [""; 0], "a text is one text");
}

#[test]
fn a_pattern_finds_documented_values_and_those_of_the_rows() {
    let seen = seen(&debt::SPEC, &[r#"{"status":"over_the_moon"}"#]);
    for (typed, expected) in [
        ("over*", &["overdue", "over_the_moon"][..]),
        ("*the moon", &["over_the_moon"]),
        ("p*d*", &["pending", "paid"]),
        ("*", &["pending", "overdue", "paid", "settled", "written_off", "voided", "over_the_moon"]),
    ] {
        assert_eq!(sent(&seen, "status", typed).unwrap(), expected, "{typed}");
    }
}

#[test]
fn what_cannot_be_a_value_is_refused_with_what_can_be() {
    let seen = seen(&scheduled::SPEC, &[]);
    for (name, typed, why) in [
        ("status", "missing_iban,,blocked", "a value is missing"),
        ("status", "missing_iban,", "a value is missing"),
        ("status", "\"missing_iban", "the quote is not closed"),
        ("status", "\"a\"b", "after the closing quote, only a comma can follow"),
        ("status", "blocked,mising_iban", "not a documented status; did you mean missing_iban?"),
        ("currency", "EURO", "not a documented currency; did you mean EUR?"),
        (
            "booking_id",
            "BK*",
            "* works only in filters with known values; search= finds part of a text",
        ),
    ] {
        assert_eq!(sent(&seen, name, typed), Err(why.to_owned()), "{typed}");
    }
    let none = sent(&seen, "status", "*moon*").unwrap_err();
    assert!(
        none.starts_with("no value matches *moon*; known: upcoming, delayed, blocked, "),
        "{none}"
    );
    let payments = self::seen(&crate::list::payments::SPEC, &[]);
    assert_eq!(sent(&payments, "sortType", "asc").unwrap(), ["ASC"]);
    let why = "sortType accepts only one value";
    assert_eq!(sent(&payments, "sortType", "ASC,DESC"), Err(why.to_owned()));
}

#[test]
fn a_slip_is_marked_where_it_was_typed() {
    let seen = seen(&scheduled::SPEC, &[]);
    let value =
        FilterValue::named(&scheduled::SPEC, "status", " blocked , \"mising_iban\"").unwrap();
    assert_eq!(value.check_word(Some(&seen)).unwrap_err().span, 12..23);
}

proptest! {
    #[test]
    fn any_text_can_be_one_value_and_any_values_a_list(
        texts in proptest::collection::vec("[ab*,\"\\\\ é_]{0,6}[a-c]", 1..5),
    ) {
        let booking = || FilterTarget::named(scheduled::SPEC.filters, "booking_id").unwrap();
        for text in &texts {
            let value = FilterValue::literal(booking(), text).unwrap();
            prop_assert_eq!(value.values(), [text.trim()]);
        }
        let typed = super::list(texts.iter().map(String::as_str));
        let value = FilterValue::new(booking(), &typed).unwrap();
        let mut expected: Vec<&str> = Vec::new();
        for text in texts.iter().map(|text| text.trim()) {
            if !expected.contains(&text) {
                expected.push(text);
            }
        }
        prop_assert_eq!(value.values(), &expected[..]);
    }
}
