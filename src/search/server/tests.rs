//! The request for a text, list by list.

use chrono::NaiveDate;

use super::*;

fn asked(list: &str, rows: &[&str], typed: &str) -> Result<String, String> {
    let spec = Spec::named(list).unwrap();
    let rows: Vec<Record> = rows.iter().map(|row| Record::read(spec, row)).collect();
    Ask::new(spec, &rows, typed).map(|ask| ask.sent(spec, NaiveDate::default()))
}

#[test]
fn the_parameter_that_fits_is_sent() {
    let iban = "search=ES9121000418450200051332";
    let scheduled = "in Booking, Account, IBAN";
    let table = [
        ("transactions", "smith", "search=smith, in Beneficiary, Type, Bank account".to_owned()),
        ("transactions", "BK604753", "booking_id=BK604753".to_owned()),
        ("transactions", "bk604753", "booking_id=BK604753".to_owned()),
        ("debt", "BK604753", "reference_id=BK604753".to_owned()),
        ("transactions", "BK6047", "search=BK6047, in Beneficiary, Type, Bank account".to_owned()),
        ("penalties", "INV-2025-0001", "search=INV-2025-0001, in Booking, Invoice".to_owned()),
        ("penalties", "F2026001", "search=F2026001, in Booking, Invoice".to_owned()),
        ("transactions", "471,72", "amount_from=471.72, amount_to=471.72".to_owned()),
        ("invoices", "1.234,56", "amount_from=1234.56, amount_to=1234.56".to_owned()),
        ("debt", "1 234,56", "amount_from=1234.56, amount_to=1234.56".to_owned()),
        (
            "scheduled",
            "EUR 471.72",
            "currency=EUR, amount_from=471.72, amount_to=471.72".to_owned(),
        ),
        ("debt", "EUR 471.72", "amount_from=471.72, amount_to=471.72".to_owned()),
        ("scheduled", "es91 2100 0418 4502 0005 1332", format!("{iban}, {scheduled}")),
        ("scheduled", "ES91-2100-0418-4502-0005-1332", format!("{iban}, {scheduled}")),
        ("scheduled", "es91 2100", format!("search=ES912100, {scheduled}")),
        ("scheduled", "1332", format!("search=1332, {scheduled}")),
        ("scheduled", "Has Debt", "status=has_debt".to_owned()),
        ("scheduled", "debt", "status=has_debt".to_owned()),
        (
            "scheduled",
            "missing iban",
            "status=missing_iban, status=blocked_missing_iban".to_owned(),
        ),
        ("scheduled", "ban", format!("search=ban, {scheduled}")),
        ("penalties", "31/12/2026", "due_date_from=2026-12-31, due_date_to=2026-12-31".to_owned()),
        ("scheduled", "0005 1332", format!("search=00051332, {scheduled}")),
        ("scheduled", "2025-0001", format!("search=2025-0001, {scheduled}")),
        ("scheduled", "john 2026", format!("search=john 2026, {scheduled}")),
        ("payments", "R4KDP5-E7", "sourceRefCode=R4KDP5-E7".to_owned()),
        ("payments", "bk604753", "sourceRefCode=BK604753".to_owned()),
        ("payments", "rent-collection", "type=rent-collection".to_owned()),
        ("payments", "Fee", "type=fee-collection".to_owned()),
    ];
    for (list, typed, expected) in table {
        let sent = asked(list, &[], typed);
        let mut parts: Vec<String> = sent.unwrap().split(", ").map(str::to_owned).collect();
        let mut expected: Vec<&str> = expected.split(", ").collect();
        parts.sort();
        expected.sort_unstable();
        assert_eq!(parts, expected, "{list}: {typed}");
    }
}

#[test]
fn a_reference_looks_like_those_of_the_rows() {
    let row = r#"{"reference_id":"CUST-495146"}"#;
    assert_eq!(asked("debt", &[row], "cust-495147").unwrap(), "reference_id=CUST-495147");
    assert!(asked("debt", &[], "cust-495147").unwrap().starts_with("search=cust-495147"));
    assert!(asked("debt", &[row], "cust-49514").unwrap().starts_with("search=cust-49514"));
}

const NO_SEARCH: &str =
    "The server cannot search payments for this text. Type a booking reference or a known type.";

#[test]
fn what_cannot_be_asked_is_refused_with_the_reason() {
    for (list, typed, why) in [
        ("transactions", " ", "Type what to search for."),
        ("payments", "John Smith", NO_SEARCH),
        ("payments", "smith", NO_SEARCH),
        ("payments", "471.72", NO_SEARCH),
        ("payments", "EUR 471,72", NO_SEARCH),
        ("payments", "2026-12-31", NO_SEARCH),
        ("payments", "31/12/2026", NO_SEARCH),
        ("payments", "asc", NO_SEARCH),
        ("payments", "R4KDP5,E7", NO_SEARCH),
        ("payments", "ES9121000418450200051332", NO_SEARCH),
        ("payments", "eeeef468-52f4-4995-abc7-25f0f6076b0b", NO_SEARCH),
        ("transactions", "1,234", "Amount: 1234 or 1.234? Write 1234, or use two decimals."),
        ("transactions", "-12,50", "Amount: write amounts without a sign."),
    ] {
        assert_eq!(asked(list, &[], typed).unwrap_err(), why, "{list}: {typed}");
    }
}

#[test]
fn the_line_names_what_is_asked_for() {
    let shown = |list: &str, typed: &str| {
        let spec = Spec::named(list).unwrap();
        Ask::new(spec, &[], typed).unwrap().shown(spec)
    };
    assert_eq!(shown("penalties", "smith"), "searches Booking, Invoice");
    assert_eq!(shown("penalties", "BK604753"), "filters by Booking BK604753");
    assert_eq!(shown("debt", "EUR 471,72"), "filters by Amount 471.72 in any currency");
}
