//! Several values of a filter on a line, and values seen in rows.

use super::*;

#[test]
fn several_values_are_read_and_printed_in_one_form() {
    let table = [
        ("invoices doc_type=credit_note", "invoices doc_type=\"Credit Note\""),
        ("penalties status=\"WAIVED\"", "penalties status=waived"),
        (
            "scheduled status=\"missing iban\",Blocked_Missing_IBAN,*debt*",
            "scheduled status=missing_iban,blocked_missing_iban,*debt*",
        ),
        ("scheduled status=\"missing iban, has debt\"", "scheduled status=missing_iban,has_debt"),
        ("debt reference_id=\"a,b\",\"c d\"", "debt reference_id=\"a,b\",\"c d\""),
    ];
    for (typed, printed) in table {
        let line = read(typed).unwrap();
        assert_eq!(print(&line), printed);
        assert_eq!(read(printed).as_ref(), Ok(&line));
    }
}

#[test]
fn a_value_that_is_wrong_is_explained_at_its_place() {
    let table: &[(&str, Range<usize>, &str)] = &[
        (
            "scheduled status=blocked,mising_iban",
            25..36,
            "not a documented status; did you mean missing_iban?",
        ),
        (
            "scheduled status=\"has debt\",\"mising iban\"",
            29..40,
            "not a documented status; did you mean missing_iban?",
        ),
        ("scheduled status=blocked, delayed", 25..25, "a value is missing"),
        (
            "scheduled status=*moon",
            17..22,
            "no value matches *moon; known: upcoming, delayed, blocked, missing_iban, missing_details, \
         has_debt, blocked_missing_details, blocked_missing_iban, blocked_account_debtor",
        ),
        (
            "scheduled status=blocked,delayed currency=EUR,USD",
            42..49,
            "only one filter can have several values, and status already has several",
        ),
        ("penalties search=\"a\",\"b\"", 20..21, "a space is missing after the quoted text"),
    ];
    for (typed, at, why) in table {
        let error = read(typed).unwrap_err();
        assert_eq!((&error.span, error.why.as_str()), (at, *why), "{typed}");
    }
}

#[test]
fn the_values_of_a_shell_argument_need_no_quotes_of_their_own() {
    let several = ["scheduled", "status=missing iban,has_debt", "search=Smith, John"];
    let text = from_arguments(several);
    assert_eq!(text, "scheduled status=\"missing iban\",has_debt search=\"Smith, John\"");
    let literal = from_arguments(["debt", "reference_id=\"a,b\""]);
    assert_eq!(literal, "debt reference_id=\"a,b\"");
}

#[test]
fn the_value_at_the_cursor_is_completed_and_those_that_are_set_are_not_offered() {
    let table: &[(&str, &[&str])] = &[
        ("penalties status=paid,p", &["pending"]),
        (
            "scheduled status=\"missing iban\",miss",
            &["missing_details", "blocked_missing_details", "blocked_missing_iban"],
        ),
        ("scheduled status=\"missing i", &["missing_iban", "blocked_missing_iban"]),
    ];
    for (text, expected) in table {
        let offered = offered(text);
        let known: Vec<_> =
            offered.iter().filter(|text| expected.contains(&text.as_str())).collect();
        assert_eq!(known, *expected, "{text}: {offered:?}");
    }
    assert!(!offered("penalties status=paid,p").contains(&"paid".to_owned()));
    let one = |text: &str, cursor| complete(text, cursor, &context()).remove(0);
    let second = one("scheduled status=\"has debt\",block", 33);
    assert_eq!((second.replace, second.text.as_str()), (28..33, "blocked"));
}

#[test]
fn words_that_came_in_rows_are_offered_after_the_documented_ones_and_read() {
    let mut seen = SeenWords::new(spec("debt"));
    let row = r#"{"status":"Sent To Moon","debt_type":"payed_twice"}"#;
    seen.add(&[Record::read(spec("debt"), row)]);
    let mut types = SeenWords::new(spec("invoices"));
    types.add(&[Record::read(spec("invoices"), r#"{"doc_type":"Pro Forma"}"#)]);
    let seen = [&types, &seen];
    let context = Context { seen_words: Some(&seen), ..context() };
    let offered = |text: &str| {
        let offered = complete(text, text.chars().count(), &context);
        offered.last().map(|last| (last.text.clone(), last.describes.clone())).unwrap()
    };
    let expected = |text: &str, label: &str| (text.to_owned(), format!("{label}, from the server"));
    assert_eq!(offered("debt status="), expected("\"Sent To Moon\"", "Status"));
    assert_eq!(offered("debt debt_type="), expected("payed_twice", "Type"));
    assert_eq!(offered("invoices doc_type="), expected("\"Pro Forma\"", "Document"));
    for line in ["debt status=\"Sent To Moon\" debt_type=payed_twice", "debt status=lost_in_space"]
    {
        assert_eq!(parse(line, &context).map(|read| print(&read)).as_deref(), Ok(line));
    }
    let error = parse("debt status=\"sent to mon\"", &context).unwrap_err();
    assert_eq!(error.why, "not a documented status; did you mean Sent To Moon?");
    assert_eq!(error.span, 13..24);
    assert!(parse("penalties status=\"sent to mon\"", &context).is_ok(), "of another list");
}
