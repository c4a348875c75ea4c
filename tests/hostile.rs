//! What unmatched typed reaches the terminal as text alone: the bytes of whole sessions on hostile
//! data hold the sequences that valora itself uses, and no other.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{Dashboard, options};
use valora::list::ALL;
use valora::sandbox::Options;
use valora::state::Store;

/// The final bytes of the control sequences that drawing takes: place, erase, scroll, style, modes.
const FINALS: &[char] = &['A', 'B', 'C', 'D', 'H', 'J', 'K', 'S', 'T', 'm', 'h', 'l', 'r'];
/// The modes that are set and reset: cursor, synchronised update.
const MODES: &[&str] = &["?25", "?2026"];

/// Characters that turn or hide text without taking a cell.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{FEFF}' | '\u{AD}' | '\u{2060}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Refuses every byte that drawing does not need.
fn check(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            assert!(!c.is_control(), "{c:?} was written to the terminal");
            assert!(!is_deceptive(c), "{c:?} was written to the terminal");
            continue;
        }
        assert_eq!(chars.next(), Some('['), "a sequence that is no control sequence");
        let mut parameters = String::new();
        let last = loop {
            match chars.next() {
                Some(c @ '\u{40}'..='\u{7e}') => break c,
                Some(c) => parameters.push(c),
                None => panic!("half a sequence"),
            }
        };
        assert!(FINALS.contains(&last), "the sequence {parameters}{last}");
        if matches!(last, 'h' | 'l') {
            assert!(MODES.contains(&parameters.as_str()), "the mode {parameters}{last}");
        }
    }
}

#[test]
fn lists_details_records_and_bookings_of_hostile_data_are_drawn_as_text() {
    for size in [(140, 40), (60, 16)] {
        let mut dashboard = Dashboard::start(Options { hostile: true, ..options() }, size);
        for number in 1..=ALL.len() {
            dashboard.press(&number.to_string());
            let here = format!("\u{25b8}{number}");
            dashboard.wait("the rows of the list", |screen| {
                screen.contains(&here) && screen.contains("row 1 of ")
            });
            for (keys, shown) in [("p", "Detail"), ("pgdn x", "Record"), ("esc z j j", "Detail")] {
                dashboard.press(keys);
                dashboard.wait_for(shown);
            }
            dashboard.press("p l l l l l G");
            dashboard.wait_until_gone("Detail");
            dashboard.press("g");
        }
        dashboard.press("1 g enter");
        dashboard.wait_for("Rows add up to");
        for (keys, shown) in [("tab tab", "Booking "), ("t", "Ledger"), ("C", "▸Checks")] {
            dashboard.press(keys);
            dashboard.wait_for(shown);
        }
        dashboard.press("2");
        dashboard.wait_for("row ");
        check(dashboard.raw());
    }
}

#[test]
fn triage_of_hostile_data_is_drawn_as_text() {
    for size in [(140, 40), (60, 16)] {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let hostile = Options { hostile: true, ..options() };
        let mut dashboard = Dashboard::start_with(hostile, size, Some(store));
        dashboard.press("4");
        dashboard.wait_for("t triage");
        dashboard.wait_for("row 1 of ");
        dashboard.press("t");
        dashboard.wait_for("Evidence");
        for (keys, shown) in [
            ("D", "1 of "),
            ("a M", " decided"),
            ("s", "Grouped by booking"),
            ("s G", "Decision"),
            ("H z", "Evidence"),
            ("z t l l l enter", "showing only"),
            ("esc", " decided"),
        ] {
            dashboard.press(keys);
            dashboard.wait_for(shown);
        }
        dashboard.press(":");
        dashboard.type_text("changes");
        dashboard.press("enter");
        dashboard.wait_for("Changes since");
        check(dashboard.raw());
    }
}

#[test]
fn messages_of_a_hostile_server_are_drawn_as_text() {
    for fault in ["html:*", "bad-json:*", "wrong-types:*", "deep:*", "huge-string:*", "null:*"] {
        let faults = vec![fault.parse().unwrap()];
        let mut dashboard = Dashboard::start(Options { faults, ..options() }, (80, 24));
        dashboard
            .wait("an outcome", |screen| screen.contains('\u{2717}') || screen.contains("row 1"));
        check(dashboard.raw());
    }
}
