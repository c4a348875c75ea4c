//! Which characters are shown, replaced, dropped, spelled out, and which texts are marked.

use super::*;
use proptest::prelude::*;

#[test]
fn what_is_plain_stays_as_it_is() {
    for text in [
        "",
        "Jane Smith",
        "Zoë Müller-Łukasz",
        "שלום עולם",
        "محمد",
        "李小龍",
        "👨‍👩‍👧",
        "❤️",
        "1️⃣",
        "क्‍ष",
        "می‌خواهم",
    ] {
        assert!(matches!(sanitize(text), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn each_rule_of_the_page_on_text_holds() {
    let table = [
        ("100\t\t000", "100 000"),
        ("two\r\nlines", "two lines"),
        ("a\u{1b}[31mb", "a\u{fffd}[31mb"),
        ("a\u{9b}31mb", "a\u{fffd}31mb"),
        ("a\u{202e}b\u{2066}", "a\u{fffd}b\u{fffd}"),
        ("a\u{200b}b\u{feff}\u{200d}c", "abc"),
        ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\u{301}"),
        ("\u{7f}", "\u{fffd}"),
        ("a\u{a0}b\u{2009}\u{3000}c\u{2800}", "a b  c "),
        ("Zo\u{eb}\u{200d}\u{fe0f}", "Zo\u{eb}"),
        ("李\u{200c}李", "李李"),
        // Not assigned, private, no character.
        ("\u{378}\u{e000}\u{f8ff}\u{fdd0}\u{ffff}\u{10ffff}\u{1fbff}", "\u{fffd}".repeat(7).leak()),
    ];
    for (raw, shown) in table {
        assert_eq!(sanitize(raw), shown, "{raw:?}");
        assert!(Untrusted::new(raw).is_changed(), "{raw:?}");
    }
    assert_eq!(sanitize(&"x".repeat(5_000)).chars().count(), GRAPHEMES_SHOWN + 1);
}

#[test]
fn of_a_long_text_the_same_is_shown_whatever_it_is_made_of_and_marks_do_not_hide_its_end() {
    for letter in ["x", "ł", "李", "e\u{301}", "e\u{301}\u{302}\u{303}\u{304}"] {
        let shown = sanitize(&letter.repeat(100_000)).into_owned();
        assert_eq!(shown, format!("{}…", letter.repeat(GRAPHEMES_SHOWN)));
        let whole = letter.repeat(GRAPHEMES_SHOWN);
        assert_eq!(sanitize(&whole), whole);
    }
    let marked = format!("{}\u{301}{}", "x".repeat(GRAPHEMES_SHOWN), "x".repeat(9));
    assert!(sanitize(&marked).ends_with("x\u{301}…"));
    let piled = sanitize(&format!("e{}end", "\u{301}".repeat(100_000))).into_owned();
    assert_eq!(piled, "e\u{301}\u{301}\u{301}\u{301}…");
}

#[test]
fn a_file_holds_texts_whole_and_json_says_the_same_without_its_odd_characters() {
    let long = Untrusted::new(format!("{}\u{1b}[31m", "x".repeat(5_000)));
    assert!(long.escaped().ends_with("x\\u{1b}[31m"));
    assert!(long.escaped().len() > 5_000);
    let raw = "a\u{9b}31m\u{202e}\u{feff}\u{e0001}\u{2028}ż";
    let json = serde_json::to_string(raw).unwrap();
    let escaped = escape_json(&json);
    assert!(!escaped.chars().any(|c| fate(' ', c, None) != Fate::Kept));
    assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), raw);
    assert!(escaped.ends_with("\\u2028ż\""), "{escaped}");
}

#[test]
fn debug_output_is_printable_too() {
    assert!(!format!("{:?}", Untrusted::new("\u{1b}]52;c;x\u{7}")).contains('\u{1b}'));
}

#[test]
fn two_texts_that_look_the_same_are_marked_and_spelled_out_apart() {
    let [plain, hidden, other] =
        ["Jane Smith", "Jane\u{200b} Smith", "Jane\u{a0}Smith"].map(Untrusted::new);
    assert_eq!(plain.shown(), hidden.shown());
    assert_eq!(plain.shown(), other.shown());
    assert_eq!([&plain, &hidden, &other].map(Untrusted::is_changed), [false, true, true]);
    assert_eq!(plain.escaped(), "Jane Smith");
    assert_eq!(hidden.escaped(), r"Jane\u{200b} Smith");
    assert_eq!(other.escaped(), r"Jane\u{a0}Smith");
    assert_eq!(Untrusted::new(r"Jane\u{200b} Smith").escaped(), r"Jane\u{5c}u{200b} Smith");
    assert!(Untrusted::new("Jane ≈").is_changed(), "the sign of a changed text is not part of it");
    assert!(!Untrusted::new("x".repeat(5_000)).is_changed(), "a text that is only cut shows so");
}

#[test]
fn a_joiner_is_kept_only_where_it_is_seen() {
    for seen in
        ["می\u{200C}خواهم", "क्\u{200D}ष", "क्\u{200C}ष", "❤\u{FE0F}\u{200D}🔥", "👨\u{200D}👩"]
    {
        assert!(!Untrusted::new(seen).is_changed(), "{seen:?}");
    }
    for letters in
        ["กก", "აა", "\u{1100}\u{1100}", "ᎠᎠ", "ꓐꓐ", "→→", "かか", "محمد", "دا", "کک", "कष", "ᠠᠠ"]
    {
        for joiner in ['\u{200C}', '\u{200D}', '\u{FE0F}'] {
            let mut hidden = letters.to_owned();
            hidden.insert(letters.chars().next().unwrap().len_utf8(), joiner);
            let is_seen = joiner == '\u{200C}' && ["محمد", "کک", "ᠠᠠ"].contains(&letters);
            assert_eq!(Untrusted::new(&hidden).is_changed(), !is_seen, "{hidden:?}");
            assert_eq!(sanitize(&hidden) == letters, !is_seen, "{hidden:?}");
        }
    }
}

#[test]
fn a_space_that_nobody_sees_marks_a_text_and_all_are_spelled_out_apart() {
    let texts = ["Jane Smith", " Jane Smith", "Jane Smith ", "Jane  Smith", "Zoë ", " "];
    let changed = texts.map(|text| Untrusted::new(text).is_changed());
    assert_eq!(changed, [false, true, true, true, true, true]);
    let spelled = texts.map(|text| Untrusted::new(text).spelled_out());
    assert_eq!(
        spelled,
        [
            "Jane Smith",
            r"\u{20}Jane Smith",
            r"Jane Smith\u{20}",
            r"Jane\u{20}\u{20}Smith",
            r"Zo\u{eb}\u{20}",
            r"\u{20}"
        ]
    );
    for text in texts {
        assert_eq!(Untrusted::new(text).shown(), text);
    }
}

#[test]
fn every_letter_of_the_scripts_in_use_is_shown() {
    for c in "Łąß ñ ΑΩ Жя אב ؟م क ก 中 か カ ｶ 한 ₿ € £ № ™ ½ → ✓ 😀 🇪🇸 𝒜 ꭓ Ꙗ".chars()
    {
        assert_eq!(fate(' ', c, None), Fate::Kept, "{c:?}");
    }
}

proptest! {
    #[test]
    fn no_two_texts_are_spelled_out_alike(
        one in "[\\\\u{}5c\u{200b}\u{a0}\u{301}a]{0,8}", other in "[\\\\u{}5c\u{200b}\u{a0}\u{301}a]{0,8}"
    ) {
        let (one, other) = (Untrusted::new(one), Untrusted::new(other));
        let (first, second) = (one.escaped(), other.escaped());
        prop_assert_eq!(one == other, first == second);
        prop_assert_eq!(sanitize(&first), first.clone());
    }

    #[test]
    fn any_text_becomes_printable_and_bounded(raw in any::<String>()) {
        let shown = sanitize(&raw);
        prop_assert!(!shown.chars().any(|c| fate::fate(' ', c, None) == Fate::Replaced));
        prop_assert!(shown.graphemes(true).count() <= 2 * GRAPHEMES_SHOWN);
        prop_assert_eq!(sanitize(&shown), shown.clone());
    }
}
