//! References in all sorts of text, and their ranking.

use proptest::prelude::*;

use super::*;

fn one(reference: &str) -> Vec<String> {
    vec![reference.to_owned()]
}

#[test]
fn a_reference_is_found_in_what_was_typed_or_pasted() {
    let table = [
        ("BK123456", "BK123456"),
        ("  BK123456\n", "BK123456"),
        ("#BK123456.", "BK123456"),
        ("12345", "12345"),
        ("whatever", "whatever"),
        ("CUST-001234", "CUST-001234"),
        ("INV-2025-0001", "INV-2025-0001"),
        ("BK/77", "BK/77"),
        ("Hi, about booking BK123456, thanks", "BK123456"),
        ("booking:BK123456", "BK123456"),
        ("bk-1234 and again BK-1234", "bk-1234"),
        ("Re: payout 2026-11-20 of EUR 1000.00 for BK_99887?", "BK_99887"),
        ("BK123456, ES9121000418450200051332, INV-2025-000123, +34 600 123 456", "BK123456"),
        ("https://valora.spotahome.com/bookings/BK123456/detail", "BK123456"),
        ("https://x.example/api/v1/c/conciliation/booking?booking_id=BK123456&page=2", "BK123456"),
        ("see <https://ab1234.example/q?reference=77-12>", "77-12"),
        ("https://x.example/?next=%2Fbookings%2FBK123456", "BK123456"),
        ("https://x.example/list/BK123456#top", "BK123456"),
        ("BK 417356", "BK417356"),
        (" bk\t417356\n", "bk417356"),
        ("\u{a0}BK\u{a0}417356.", "BK417356"),
        ("BK 417 356", "BK417356"),
        ("CUST-001 234", "CUST-001234"),
        ("HB 417356", "HB417356"),
        ("417 356", "417356"),
        ("Hi, about booking BK 417356, thanks", "BK417356"),
    ];
    for (text, reference) in table {
        assert_eq!(find(text), one(reference), "{text}");
    }
}

#[test]
fn several_are_listed_and_none_is_said() {
    assert_eq!(find("BK123456 or bk123456 or BK654321?"), ["BK123456", "BK654321"]);
    let nothing = [
        "",
        "  ",
        "...",
        "hello there",
        "https://bk1234.example/",
        "of 2026-11-20 then",
        "4173 5612",
        "417356\n417357",
        "HB 417356 417357",
        "ES91 2100 0418 4502 0005 1332",
        "EUR 1 000.00",
    ];
    for text in nothing {
        assert!(find(text).is_empty(), "{text}");
    }
    assert_eq!(find("BK 417356 or BK 417357"), ["BK417356", "BK417357"]);
    let many: Vec<String> = (1_000..1_100).map(|number| format!("BK{number}")).collect();
    assert_eq!(find(&many.join(" ")), many[..MOST_CANDIDATES]);
}

#[test]
fn a_prefix_is_the_letters_before_the_digits() {
    let table = [
        ("BK322487", Some("BK")),
        ("CUST-495146", Some("CUST-")),
        ("a_1", Some("a_")),
        ("322487", None),
        ("BK", None),
        ("BK-1-2", None),
        ("", None),
        ("ü1", None),
    ];
    for (reference, expected) in table {
        assert_eq!(prefix(reference), expected, "{reference}");
    }
}

#[test]
fn lookup_folds_the_case_and_tries_bare_digits_with_the_prefixes_seen() {
    let seen = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let table: [(&str, &[&str], &[&str]); 10] = [
        ("bk322487", &[], &["BK322487"]),
        ("bk322487", &["Bk"], &["Bk322487"]),
        ("BK322487", &["BK", "CUST-"], &["BK322487"]),
        ("322487", &[], &["BK322487", "322487"]),
        ("322487", &["SP", "BK", "R-", "X"], &["SP322487", "BK322487", "R-322487", "322487"]),
        ("322487", &["SP"], &["SP322487", "BK322487", "322487"]),
        ("xy1", &["BK"], &["xy1", "XY1"]),
        ("cust-12", &["BK", "CUST-"], &["CUST-12"]),
        ("BK/77", &["BK"], &["BK/77"]),
        ("whatever", &["BK"], &["whatever"]),
    ];
    for (typed, prefixes, expected) in table {
        assert_eq!(meant(typed, &seen(prefixes)), expected, "{typed} {prefixes:?}");
    }
}

#[test]
fn recent_ones_are_ranked_by_fit_and_then_newest_first() {
    let recent = ["BK990001", "BK123456", "CUST-1234", "BK129934", "BK1234"];
    let ranked = |typed: &str| -> Vec<&str> {
        rank(recent, typed).into_iter().map(|place| recent[place]).collect()
    };
    assert_eq!(ranked(""), recent);
    assert_eq!(ranked("bk1234"), ["BK1234", "BK123456", "BK129934"]);
    assert_eq!(ranked("1234"), ["BK123456", "CUST-1234", "BK1234", "BK129934"]);
    assert_eq!(ranked("cust 12"), ["CUST-1234"]);
    assert_eq!(ranked("k01"), ["BK990001"]);
    assert!(ranked("zz").is_empty() && ranked("43").is_empty());
}

proptest! {
    #[test]
    fn any_text_is_survived(text in any::<String>(), typed in any::<String>()) {
        prop_assert!(find(&text).len() <= MOST_CANDIDATES);
        prop_assert!((1..=MOST_PREFIXES + 1).contains(&meant(&text, std::slice::from_ref(&typed)).len()));
        prop_assert!(rank([text.as_str()], &typed).len() <= 1);
        prop_assert_eq!(rank([text.as_str()], &text), [0]);
    }

    #[test]
    fn a_reference_is_found_in_any_sentence(
        before in "[a-z ,.]{0,30}", number in "[A-Z]{2}[0-9]{6}", after in "[a-z ,.]{0,30}",
    ) {
        prop_assert_eq!(find(&format!("{before} {number} {after}")), one(&number));
    }
}
