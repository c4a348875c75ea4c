//! Sentences name the user's own keys: with every action bound to something odd, no usual key is named
//! anywhere on the screen.

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{answer_all, loaded, press};
use crate::domain::failure::{Advice, Failure, Kind};
use crate::tui::keymap::{Action, BINDINGS, Keymap};
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::theme::Theme;
use crate::tui::update::update;
use crate::tui::view::view;

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

/// The usual keys that a text names: those with a name of their own, and letters that do something.
fn usual_keys(text: &str) -> Vec<String> {
    const VERBS: [&str; 16] = [
        "fetches", "brings", "shows", "opens", "stops", "goes", "cancels", "closes", "lists",
        "tries", "restores", "reads", "loads", "closes", "again", "leave",
    ];
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "│┌┐└┘─()".contains(c))
        .map(|word| word.trim_matches(|c: char| ",.;:·".contains(c)))
        .filter(|word| !word.is_empty())
        .collect();
    let is_named = |word: &str| {
        ["esc", "enter", "tab", "shift-tab", "pgup", "pgdn", "space"].contains(&word)
            || word.starts_with("ctrl-")
    };
    let is_letter = |word: &str| {
        word.chars().count() == 1 && word.chars().all(char::is_alphabetic) && word != "a"
    };
    let mut found: Vec<String> =
        words.iter().filter(|word| is_named(word)).map(|word| (*word).to_owned()).collect();
    for pair in words.windows(2) {
        let [first, second] = pair else { continue };
        let is_told = is_letter(first) && VERBS.contains(second);
        let is_pressed = *first == "press" && is_letter(second);
        // The numbers of the tabs are fixed.
        if (is_told || is_pressed) && !second.bytes().all(|byte| byte.is_ascii_digit()) {
            found.push(pair.join(" "));
        }
    }
    found
}

/// A session in which each action is named by its own name, and done by its usual key.
fn odd(total: u32) -> Tui {
    let mut tui = loaded(total);
    tui.cx.size = (140, 60);
    tui.cx.looks.keymap = Keymap::odd();
    tui.cx.kept.remembers = true;
    press(&mut tui, "ctrl-l");
    tui
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
    ": s a v e space x enter",
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
];

#[test]
fn no_screen_and_no_notice_names_a_usual_key_where_the_user_has_others() {
    for script in SCRIPTS {
        for total in [9, 1_200] {
            let mut tui = odd(total);
            for key in script.split(' ') {
                let effects = press(&mut tui, key);
                let shown = drawn(&tui);
                assert_eq!(usual_keys(&shown), Vec::<String>::new(), "{script}\n{shown}");
                answer_all(&mut tui, effects, total);
                let shown = drawn(&tui);
                assert_eq!(usual_keys(&shown), Vec::<String>::new(), "{script}\n{shown}");
            }
        }
    }
}

#[test]
fn no_advice_names_a_usual_key_where_the_user_has_others() {
    for advice in Advice::examples() {
        let mut tui = loaded(9);
        tui.cx.size = (140, 60);
        let effects = press(&mut tui, "r");
        tui.cx.looks.keymap = Keymap::odd();
        let [(ticket, ..), ..] = &super::fetches(&effects)[..] else { panic!("{effects:?}") };
        let failure = Failure::new(Kind::Passing, "Rows were not loaded", "the reason", advice);
        let now = tui.cx.now;
        let _ = update(&mut tui, now, Msg::Answered(*ticket, Err(failure)));
        let shown = drawn(&tui);
        assert!(shown.contains("the reason"), "{shown}");
        assert_eq!(usual_keys(&shown), Vec::<String>::new(), "{shown}");
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
        let sentence = keymap.render(&format!("press {{{}}} or {{nothing}}", binding.id));
        assert_eq!(sentence, format!("press <{}> or {{nothing}}", binding.id));
    }
}
