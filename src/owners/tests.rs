//! Which owner a booking has, from which rows, and which names it never has.

use super::*;

fn rows(list: &str, rows: &[&str]) -> Vec<Record> {
    rows.iter().map(|json| Record::read(Spec::named(list).unwrap(), json)).collect()
}

fn name(owners: &Owners, reference: &str) -> Option<String> {
    owners.names().get(&Untrusted::new(reference)).map(|name| name.shown().into_owned())
}

const PAYOUT: &str = r#"{"booking_id":"BK1","beneficiary":"Ana Ruiz"}"#;
const INVOICE: &str = r#"{"booking_id":"BK1","document_id":"d","invoice_to":"Ruiz SL"}"#;
const TO_COME: &str = r#"{"booking_id":"BK1","account_name":"A. Ruiz"}"#;

#[test]
fn the_name_of_the_payouts_wins_in_whichever_order_the_rows_come() {
    let lists = [("transactions", PAYOUT), ("invoices", INVOICE), ("scheduled", TO_COME)];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut owners = Owners::default();
        for at in order {
            owners.learn(&rows(lists[at].0, &[lists[at].1]));
        }
        assert_eq!(name(&owners, "bk1").as_deref(), Some("Ana Ruiz"), "{order:?}");
        let all = owners.of(&Untrusted::new("BK1"));
        let sources: Vec<Source> = all.iter().map(|it| it.source).collect();
        assert_eq!(sources, [Source::Payouts, Source::Invoices, Source::Scheduled]);
    }
}

#[test]
fn a_booking_never_has_the_name_of_another_one() {
    let mut owners = Owners::default();
    assert!(owners.learn(&rows("transactions", &[PAYOUT, r#"{"beneficiary":"Nobody"}"#])));
    for other in ["BK2", "BK10", "BK", "", "CUST-1"] {
        assert_eq!(name(&owners, other), None, "{other}");
    }
    // Rows without a reference belong to the requested booking, if the response is for it.
    let body = |reference: &str| {
        format!(
            r#"{{"reference":"{reference}","invoicing":{{"invoices":[
                {{"document_id":"d","doc_type":"Invoice","invoice_to":"Eva Gil"}}]}},
                "transactions":[{{"booking_id":"BK7","beneficiary":"Kim","amount":5}}]}}"#
        )
    };
    assert!(owners.learn_booking(&Conciliation::read("BK2", &body("BK2")).unwrap()));
    assert_eq!(name(&owners, "BK2").as_deref(), Some("Eva Gil"));
    assert_eq!(name(&owners, "BK7").as_deref(), Some("Kim"), "a row is of the booking it names");
    owners.learn_booking(&Conciliation::read("BK3", &body("BK9")).unwrap());
    assert_eq!((name(&owners, "BK3"), name(&owners, "BK9")), (None, None));
}

#[test]
fn rows_without_a_name_and_texts_that_are_no_names_tell_nothing() {
    let long = format!(r#"{{"booking_id":"BK1","beneficiary":"{}"}}"#, "x".repeat(600));
    let odd = [r#"{"booking_id":"BK1","beneficiary":" "}"#, r#"{"booking_id":"BK1"}"#, &long];
    let mut owners = Owners::default();
    assert!(!owners.learn(&rows("transactions", &odd)));
    assert!(!owners.learn(&rows("penalties", &[r#"{"booking_id":"BK1","owner":"Eve"}"#])));
    assert_eq!(name(&owners, "BK1"), None);
    for at in 0..50 {
        let row = format!(r#"{{"booking_id":"BK1","beneficiary":"Name {at}"}}"#);
        owners.learn(&rows("transactions", &[&row]));
    }
    assert_eq!(owners.of(&Untrusted::new("BK1")).len(), MOST_NAMES);
    assert_eq!(name(&owners, "BK1").as_deref(), Some("Name 0"));
}

#[test]
fn the_owner_of_a_booking_is_the_beneficiary_else_on_the_invoices_else_of_the_account() {
    let scheduled = rows("scheduled", &[r#"{"account_name":"Ana","amount":5}"#]);
    let owner = |rows: &str| {
        let booking = Conciliation::read("BK1", &format!("{{{rows}}}")).unwrap();
        Owner::of(&booking, &scheduled).map(|it| it.in_words())
    };
    let table = [
        (
            r#""transactions":[{"beneficiary":" "},{"beneficiary":"Zoë"},{"beneficiary":"zoë "},
               {"beneficiary":"Bo"}],"invoices":[{"invoice_to":"Cy"}]"#,
            "Zoë and 1 more",
        ),
        (
            r#""transactions":[{"booking_id":"BK2","beneficiary":"Bo"}],
               "invoices":[{"booking_id":"bk1","invoice_to":"Cy"}]"#,
            "Cy",
        ),
        (r#""transactions":[{}],"invoices":[{"invoice_to":"Cy"}]"#, "Cy"),
        (r#""transactions":[]"#, "Ana"),
    ];
    for (rows, name) in table {
        assert_eq!(owner(rows).as_deref(), Some(name), "{rows}");
    }
}
