//! The requests left, in the header: only as the server said, and only where that matters.

use crate::net::response::NetState;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{at, loaded};
use crate::tui::update::{update, wake_at};

fn header(tui: &Tui) -> String {
    drawn(tui).lines().next().unwrap().trim_end().to_owned()
}

fn with(left: Option<u32>, limited_for: Option<u64>) -> Tui {
    let mut tui = loaded(5);
    let left = left.map(|requests| (requests, limited_for.unwrap_or(60_000)));
    let network = NetState { ready: 20, left, limited_for, ..NetState::default() };
    let _ = update(&mut tui, at(1_000), Msg::Network(network));
    tui
}

#[test]
fn only_few_requests_that_the_server_counted_are_shown() {
    for (left, shown) in [
        (None, None),
        (Some(600), None),
        (Some(20), None),
        (Some(19), Some("19 requests left")),
        (Some(1), Some("1 request left")),
        (Some(0), Some("0 requests left")),
    ] {
        let header = header(&with(left, None));
        match shown {
            Some(text) => assert!(header.contains(text), "{header}"),
            None => assert!(!header.contains("left") && !header.contains("req"), "{header}"),
        }
    }
}

#[test]
fn a_wait_says_whether_the_limit_is_reached_or_valora_paces_itself() {
    let reached = header(&with(Some(0), Some(31_000)));
    assert!(reached.contains("limit reached, resuming in 31 s"), "{reached}");
    assert!(!reached.contains("left"), "{reached}");
    let paced = header(&with(Some(45), Some(2_000)));
    assert!(paced.contains("next request in 2 s · 45 requests left"), "{paced}");
    let unknown = header(&with(None, Some(31_000)));
    assert!(!unknown.contains("left") && !unknown.contains("limit reached"), "{unknown}");
    assert!(unknown.contains("next request in 31 s"), "{unknown}");
}

#[test]
fn a_count_is_shown_no_longer_than_the_server_said_that_it_counts() {
    for counts_for in [5_000, 45_000] {
        let mut tui = loaded(5);
        let network = NetState { left: Some((7, counts_for)), ..NetState::default() };
        let _ = update(&mut tui, at(1_000), Msg::Network(network));
        let over = 1_000 + counts_for;
        let _ = update(&mut tui, at(over - 1), Msg::Woken);
        assert!(header(&tui).contains("7 requests left"));
        assert_eq!(wake_at(&tui), Some(over));
        let _ = update(&mut tui, at(over), Msg::Woken);
        assert!(!header(&tui).contains("left"));
        assert_ne!(wake_at(&tui), Some(over));
    }
}
