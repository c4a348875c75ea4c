//! Where the profile allows no writes, nothing on the screen shows that there are any.

use super::{answer_all, fetches, loaded, press};
use crate::command::{Context, complete, parse};
use crate::payments::subject::Hosts;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Scope, bindings_in};
use crate::tui::modal::help_entries;
use crate::tui::modal::writing::tests::payments;
use crate::tui::stack::Tui;
use crate::tui::tests::sentences::drawn;
use crate::tui::update::{start, wake_at};

/// A session with the Payments APIs, on its list of payments.
fn without() -> Tui {
    let mut tui = loaded(5);
    tui.cx.size = (140, 60);
    tui.cx.connect(Hosts { payments: true, finance: true });
    let effects = press(&mut tui, "6");
    answer_all(&mut tui, effects, 5);
    tui
}

/// Everything that the help lists here.
fn help(tui: &Tui) -> String {
    let entries = help_entries::of(tui);
    let line =
        |it: &crate::tui::modal::help::Entry| format!("{} {} {}\n", it.heading, it.keys, it.words);
    entries.iter().map(line).collect()
}

#[test]
fn the_key_of_writes_does_what_any_other_unused_key_does() {
    for script in ["", "enter", ": b a n k space i d space 7 enter"] {
        let said = |key: &str| {
            let mut tui = without();
            if !script.is_empty() {
                let effects = press(&mut tui, script);
                answer_all(&mut tui, effects, 5);
            }
            let effects = press(&mut tui, key);
            assert_eq!(fetches(&effects), [], "{script}");
            assert!(tui.modal().is_none());
            tui.cx.notice.unwrap().replacen(key, "", 1)
        };
        assert_eq!(said("!"), said("K"), "{script}");
    }
}

#[test]
fn help_footer_header_and_command_line_show_writes_only_where_they_are_allowed() {
    let words = ["Writes !", "allow writes for", "log of your writes", "Manual writes"];
    let named = |text: &str| words.into_iter().filter(|word| text.contains(word)).count();
    let (without, with) = (without(), payments(false));
    assert_eq!(named(&help(&without)), 0, "{}", help(&without));
    assert_eq!(named(&help(&with)), words.len(), "{}", help(&with));
    let without_keys = drawn(&without);
    assert!(!without_keys.contains("! write"), "{without_keys}");
    assert!(drawn(&with).contains("! write"), "{}", drawn(&with));
    // Nothing but these entries differs.
    let with = help(&with);
    let rest: String = with.lines().filter(|line| named(line) == 0).collect();
    assert_eq!(rest, help(&without).lines().collect::<String>());
    for (line, is_known) in [("write", true), ("write off", true), ("audit", true), ("quit", true)]
    {
        let context = Context { has_writes: true, ..Context::default() };
        assert_eq!(parse(line, &context).is_ok(), is_known, "{line}");
        assert_eq!(parse(line, &Context::default()).is_ok(), line == "quit", "{line}");
    }
    let offered = |has_writes| {
        let context = Context { has_writes, ..Context::default() };
        let texts = complete("", 0, &context).into_iter().map(|it| it.text);
        texts.filter(|text| ["write", "audit"].contains(&text.as_str())).count()
    };
    assert_eq!((offered(false), offered(true)), (0, 2));
}

#[test]
fn no_timer_and_no_effect_belongs_to_writes() {
    let mut tui = without();
    assert_eq!(wake_at(&tui), None);
    let is_of_writes = |effect: &Effect| matches!(effect, Effect::Write(_));
    assert!(!start(&mut tui).iter().any(is_of_writes));
    let mut allowed = payments(false);
    assert_eq!(wake_at(&allowed), None, "a locked session has no timer either");
    assert!(start(&mut allowed).iter().any(is_of_writes));
    let scopes = [Scope::List, Scope::Booking, Scope::Report];
    let has_key = |scope: &Scope| bindings_in(*scope).any(|it| it.action == Action::Writes);
    assert!(scopes.iter().all(has_key));
}
