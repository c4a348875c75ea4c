//! How amounts, days and IBANs in other spellings are understood.

use super::*;

#[test]
fn a_chip_shows_how_an_amount_and_a_day_were_read() {
    for (name, typed, understood) in [
        ("amount", " 1.234,56 .. 2.000,00 ", "1234.56 .. 2000.00"),
        ("amount", "471,72", "471.72"),
        ("amount_to", "EUR 5", "5 in any currency"),
        ("due", "03/04/2026", "2026-04-03"),
        ("due", "..31.12.2026", "..2026-12-31"),
        ("due", "1/2/2026..today", "2026-02-01..today"),
        ("due", "2026-11", "2026-11"),
        ("due", "-30d", "-30d"),
        ("status", " notify ", "notify"),
        ("search", "31/12/2026", "31/12/2026"),
    ] {
        assert_eq!(value(name, typed).unwrap().understood(), understood, "{typed}");
    }
}

#[test]
fn a_search_for_an_iban_is_sent_as_rows_have_it() {
    let sent = |list: &str, typed: &str| {
        let spec = Spec::named(list).unwrap();
        let filter = FilterValue::named(spec, "search", typed).unwrap();
        filter.resolve(today()).unwrap().swap_remove(0).value
    };
    let printed = "es91 2100 0418 4502 0005 1332";
    assert_eq!(sent("transactions", printed), "ES9121000418450200051332");
    assert_eq!(sent("scheduled", printed), "ES9121000418450200051332");
    assert_eq!(sent("penalties", printed), printed, "its search is not over accounts");
    assert_eq!(sent("scheduled", "ES91 2100 Smith"), "ES91 2100 Smith");
}
