//! Sentences name the user's own keys: with every action bound to something odd, no usual key is named
//! anywhere on the screen.

use std::collections::BTreeSet;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{answer_all, loaded, press};
use crate::domain::customer::CustomerKey;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::net::response::{NetState, Response};
use crate::payments::request::PaymentsRequest;
use crate::payments::response;
use crate::payments::subject::Hosts;
use crate::payments::write::Permit;
use crate::triage::memory::{Collision, Entry, EntryChange};
use crate::tui::keymap::{Action, BINDINGS, Keymap};
use crate::tui::msg::{Msg, Written};
use crate::tui::stack::Tui;
use crate::tui::theme::Theme;
use crate::tui::update::update;
use crate::tui::view::view;
use crate::tui::writes::Writes;
use crate::writes::permission::Allowed;

/// What a screen says, a line a line.
pub(in crate::tui) fn drawn(tui: &Tui) -> String {
    let (width, height) = tui.cx.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view(tui, &Theme::mono(), frame)).unwrap();
    let buffer = terminal.backend().buffer().clone();
    let line = |cells: &[ratatui::buffer::Cell]| {
        cells.iter().map(ratatui::buffer::Cell::symbol).collect::<String>()
    };
    buffer.content().chunks(width.into()).map(line).collect::<Vec<_>>().join("\n")
}

/// The default keys that a text names: keys with a name, such as `esc`, and single characters next to
/// a word or the key of an action. Columns and boxes separate words. `?` before a number is a mark, and
/// `-` before `for` is typed, as in `sort -amount`.
fn usual_keys(text: &str) -> Vec<String> {
    const WORDS: [&str; 6] = ["up", "down", "left", "right", "home", "end"];
    let keys: BTreeSet<&str> =
        BINDINGS.iter().flat_map(|binding| binding.keys.iter().copied()).collect();
    let is_named = |word: &str| word.len() > 1 && keys.contains(word) && !WORDS.contains(&word);
    // The numbers of the tabs are fixed, and two letters are a word.
    let is_sign =
        |word: &str| word.len() == 1 && keys.contains(word) && !"aA0123456789".contains(word);
    let is_word = |word: &str| {
        word.starts_with('<') && word.ends_with('>')
            || word.len() > 1 && word.chars().all(char::is_lowercase)
    };
    let mut found = Vec::new();
    let pieces = text.split(|c: char| "\n│╭╮╰╯─".contains(c));
    // A box may cut a word of what lies below it.
    let uncut = pieces.filter_map(|piece| piece.rsplit_once(' ').map(|(uncut, _)| uncut));
    let parts = uncut.flat_map(|piece| piece.split("  "));
    for part in parts.filter(|part| !part.trim_start().starts_with(TYPED)) {
        let words: Vec<&str> = part.split_whitespace().map(bare).collect();
        found.extend(words.iter().filter(|word| is_named(word)).map(|word| (*word).to_owned()));
        for (at, sign) in words.iter().enumerate().filter(|(_, word)| is_sign(word)) {
            let before = at.checked_sub(1).map_or("", |before| words[before]);
            let after = words.get(at + 1).copied().unwrap_or_default();
            let is_unit = before.ends_with(|c: char| c.is_ascii_digit());
            let is_mark = before.is_empty() && *sign == "?" || after == "for" && *sign == "-";
            if (is_word(before) || is_word(after) && !is_unit) && !is_mark {
                found.push(format!("{before} {sign} {after}"));
            }
        }
    }
    found
}

/// The command line that is typed begins with it.
const TYPED: char = ':';

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    let bare = word.trim_matches(|c: char| ",.;:·()`'\"".contains(c));
    if bare.is_empty() { word } else { bare }
}

#[test]
fn a_usual_key_is_found_wherever_it_stands_and_no_word_is_one() {
    for text in
        ["press r", "r refreshes the rows", "wait, or L to go on", "apart where / does not", "esc"]
    {
        assert_ne!(usual_keys(&format!("{text} ")), Vec::<String>::new(), "{text}");
    }
    for text in ["a row", "every 60 s while it is", "BK1  x  p", "<refresh> fetches", "press 4"] {
        assert_eq!(usual_keys(&format!("{text} ")), Vec::<String>::new(), "{text}");
    }
}

/// Fails if a text of valora names a default key, or the name of an action instead of its key. Text
/// from outside may.
fn assert_ours(shown: &str, of: &str) {
    assert_eq!(usual_keys(shown), Vec::<String>::new(), "{of}\n{shown}");
    let is_left = |id: &str| shown.contains(&format!("{{{id}}}")) && format!("{{{id}}}") != OUTSIDE;
    let left = BINDINGS.iter().find(|binding| is_left(binding.id));
    assert!(left.is_none(), "{of}: {left:?}\n{shown}");
}

/// A text from outside that looks like the name of an action in a sentence of ours.
const OUTSIDE: &str = "{quit}";

/// A session in which each action is named by its own name, and done by its usual key.
fn odd(total: u32) -> Tui {
    let mut tui = loaded(total);
    tui.cx.size = (140, 60);
    tui.cx.looks.keymap = Keymap::odd();
    tui.cx.kept.remembers = true;
    tui.cx.connect(Hosts { payments: true, finance: true });
    let all = Allowed::new([Permit::Block, Permit::Cancel, Permit::CancelFees, Permit::Match]);
    tui.cx.writes = Writes::of(all, ["acme", "PRODUCTION"].map(str::to_owned), false, tui.cx.now);
    press(&mut tui, "ctrl-l");
    tui
}

/// The body of the Payments APIs that fits a request, with ids that lead on.
pub(super) fn payments(request: &PaymentsRequest) -> Response {
    let bodies = [
        r#"{"isValid":true}"#,
        r#"{"id":"7","sourceRefCode":"BK1","originPaymentHolderId":"8","propertyIds":["9"]}"#,
        r#"{"_embedded":{"payment-methods":[],"bank-account-details":[],"currencies":[]}}"#,
        r#"[{"id":"1","streamId":"7","type":"PaymentCreated","payload":{"amount":1}}]"#,
        "[]",
    ];
    let read = |body: &&str| response::read(request, body).ok();
    let found = bodies.iter().find_map(read);
    Response::Payments(Box::new(found.unwrap_or_else(|| panic!("no body fits {request:?}"))))
}

/// Keys that bring up each screen, each modal and each notice.
const SCRIPTS: &[&str] = &[
    "?",
    "x",
    "b",
    "b B K 1 space B K 2 enter",
    "b enter",
    "/ q",
    "/ q enter",
    "/ 0 enter",
    "/ 0 enter esc",
    "/ q ctrl-f",
    "6 / q ctrl-f",
    "f",
    "f down",
    ": d e b t space d u e = x enter",
    "c",
    "v",
    "v d",
    "V",
    "V enter",
    "e",
    "e tab",
    "L",
    "w",
    "l l s",
    "F",
    "u",
    "-",
    "o",
    "&",
    "p",
    "z",
    "P",
    "r",
    "L enter",
    "r esc",
    "t",
    "9",
    ": w o r k l i s t enter",
    ": a u t o space 6 0 enter",
    ": a u t o enter",
    ": c h a n g e s enter",
    ": m o u s e enter",
    ": s a v e space x x enter",
    "l l @ F",
    "l l @ -",
    "space A A",
    "Y",
    "y",
    "4 t",
    "4 t d",
    "4 t d u u",
    "4 t t",
    "4 t w",
    "4 t i",
    "4 t e",
    "4 t H",
    "4 t s s",
    "4 t t enter",
    "4 t a d",
    "4 t }",
    "4 t ?",
    "4 t B",
    "enter",
    "enter t",
    "enter t s",
    "enter C",
    "enter C s",
    "enter C enter",
    "enter r",
    "enter r esc",
    "enter e",
    "enter e x enter",
    "enter ?",
    "enter ]",
    "enter }",
    "enter x ?",
    "enter q q",
    "6",
    "6 !",
    "6 ! enter",
    "6 ! enter x enter",
    "6 ! enter a c m e enter enter",
    "6 ?",
    "!",
    ": w r i t e enter",
    ": w r i t e space o f f enter",
    ": a u d i t enter ?",
    ": a u d i t enter enter",
    "6 enter",
    "6 enter x",
    "6 enter }",
    "6 enter f",
    "6 enter r esc",
    ": e v e n t s enter",
    ": e v e n t s enter { f",
    ": a c c o u n t enter m ?",
    ": b a n k space i d space 7 enter enter",
    ": p a y m e n t space 7 enter ?",
    ": p a y m e n t enter",
];

#[test]
fn no_screen_and_no_notice_names_a_usual_key_where_the_user_has_others() {
    for script in SCRIPTS {
        for total in [9, 1_200] {
            let mut tui = odd(total);
            for key in script.split(' ') {
                let effects = press(&mut tui, key);
                assert_ours(&drawn(&tui), script);
                answer_all(&mut tui, effects, total);
                assert_ours(&drawn(&tui), script);
            }
        }
    }
}

#[test]
fn no_advice_names_a_usual_key_where_the_user_has_others() {
    for advice in Advice::examples() {
        for script in ["r", "enter", "L enter", ": a c c o u n t enter"] {
            let mut tui = odd(1_200);
            let effects = press(&mut tui, script);
            let asked = super::fetches(&effects);
            assert!(!asked.is_empty(), "{script}");
            for (ticket, ..) in asked {
                let what = "Rows were not loaded";
                let failure = Failure::new(Kind::Passing, what, "the reason", advice.clone());
                let now = tui.cx.now;
                let _ = update(&mut tui, now, Msg::Answered(ticket, Err(failure)));
            }
            let shown = drawn(&tui);
            assert!(shown.contains("the reason"), "{script}\n{shown}");
            assert_ours(&shown, script);
        }
    }
}

#[test]
fn what_time_and_the_network_bring_names_no_usual_key() {
    let network = |offline_for, limited_for: Option<u64>| {
        let left = limited_for.map(|wait| (0, wait));
        Msg::Network(NetState { left, limited_for, offline_for, ..NetState::default() })
    };
    let offline = || network(Some(5_000), None);
    let table = [
        (": a u t o space 6 0 enter", 901_000, Msg::Woken, "<command>auto 60 turns it on again"),
        ("r", 2_000, Msg::Woken, "loading, 2 s, <back> cancels"),
        ("enter", 2_000, Msg::Woken, "loading, 2 s, <back> cancels"),
        ("L enter", 2_000, Msg::Woken, "% <back> stops"),
        ("j", 100, network(None, Some(40_000)), "limit reached, resuming in 40 s"),
        ("j", 100, offline(), "offline, retrying in 6 s"),
        ("j", 899_000, offline(), "offline, press any key to retry"),
        ("r", 100, network(Some(0), None), "offline, retrying"),
        ("4 t", 100, offline(), "offline, retrying in 6 s"),
    ];
    for (script, later, message, text) in table {
        let mut tui = odd(1_200);
        press(&mut tui, script);
        let _ = update(&mut tui, super::at(later), message);
        let shown = drawn(&tui);
        assert!(shown.contains(text), "{script}\n{shown}");
        assert_ours(&shown, script);
    }
}

/// What another session has decided about a penalty of a booking that is called so.
fn collided(is_left: bool) -> Msg {
    let entry = || Entry { booking: OUTSIDE.to_owned(), ..Entry::default() };
    let own = EntryChange { entry: entry(), known: None };
    let collision = Collision { id: "1".to_owned(), theirs: Some(entry()), at: None, own, is_left };
    Msg::Collided(CustomerKey::demo(), vec![collision])
}

/// Keys to press, and the message that follows them.
type Scripted = (&'static str, fn() -> Msg);

#[test]
fn what_comes_without_a_key_names_no_usual_key_and_tells_text_from_outside_as_it_is() {
    let outside = || OUTSIDE.to_owned();
    let table: [Scripted; 5] = [
        ("4 t d", || collided(false)),
        ("4 t d u", || collided(true)),
        ("e enter", || {
            Msg::Saved(OUTSIDE.into(), Ok(Written { unreadable: 2, ..Written::default() }))
        }),
        ("e enter", || Msg::Saved(OUTSIDE.into(), Err(OUTSIDE.to_owned()))),
        ("4 t e enter", || Msg::Saved(OUTSIDE.into(), Ok(Written::default()))),
    ];
    for (script, message) in table {
        let mut tui = odd(9);
        tui.cx.profiles = vec!["first".to_owned(), outside()];
        for key in script.split(' ') {
            let effects = press(&mut tui, key);
            answer_all(&mut tui, effects, 9);
        }
        let now = tui.cx.now;
        let _ = update(&mut tui, now, message());
        let shown = drawn(&tui);
        assert_ours(&shown, script);
        assert!(shown.contains(OUTSIDE), "{script}\n{shown}");
    }
}

#[test]
fn a_refused_request_names_no_usual_key_and_tells_text_from_outside_as_it_is() {
    for (script, fields) in [("r", &[][..]), ("r", &["type"]), ("r", &["none"])] {
        for auto in [None, Some(60)] {
            let mut tui = odd(9);
            tui.cx.set_auto_refresh(auto);
            let effects = press(&mut tui, script);
            let [(ticket, ..), ..] = &super::fetches(&effects)[..] else { panic!("{effects:?}") };
            let advice = Advice::CorrectFilters;
            let mut failure = Failure::new(Kind::Refused, "Rows were not loaded", OUTSIDE, advice);
            let field = |name: &&str| ((*name).to_owned(), OUTSIDE.to_owned());
            failure.fields = fields.iter().map(field).collect();
            let now = tui.cx.now;
            let _ = update(&mut tui, now, Msg::Answered(*ticket, Err(failure)));
            let shown = drawn(&tui);
            assert_ours(&shown, script);
            assert!(shown.contains(OUTSIDE), "{fields:?} {auto:?}\n{shown}");
        }
    }
}

#[test]
fn a_note_of_the_user_that_looks_like_a_sentence_of_ours_is_shown_as_it_is() {
    let mut tui = loaded(9);
    tui.cx.size = (140, 40);
    for key in "4|t|i { d o n e } enter|*".split('|') {
        let effects = press(&mut tui, key);
        answer_all(&mut tui, effects, 9);
    }
    let shown = drawn(&tui);
    assert!(shown.contains("Note      {done}"), "{shown}");
}

#[test]
fn every_action_that_a_sentence_could_name_is_rendered() {
    let keymap = Keymap::odd();
    for binding in BINDINGS.iter().filter(|it| it.action != Action::PickTab) {
        let sentence = keymap.render(format!("press {{{}}} or {{nothing}}", binding.id).leak());
        assert_eq!(sentence, format!("press <{}> or {{nothing}}", binding.id));
    }
}
