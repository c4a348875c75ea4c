//! Nothing is sent that was not typed now, and nothing ends a write or leaves it without a word.

use super::*;
use crate::tui::effect::Effect;
use crate::tui::landing::Destination;
use crate::tui::tests;
use crate::tui::writes::WriteCommand;
use crate::writes::command::UNKNOWN;

fn sends(effects: &[Effect]) -> bool {
    commands(effects).iter().any(|it| matches!(it, WriteCommand::CarryOut(_)))
}

/// A write whose request is sent, with its window closed.
fn sent(tui: &mut Tui) {
    confirmed(tui);
    news(tui, WriteNews::Progress(Progress::Sending));
    press(tui, "esc");
}

#[test]
fn the_key_that_confirms_closes_no_window_and_sends_nothing_a_second_time() {
    for (verdict, status) in [
        (Verdict::NotSent, None),
        (Verdict::NotLogged, None),
        (Verdict::Refused, Some(401)),
        (Verdict::Refused, Some(422)),
        (Verdict::Changed, None),
    ] {
        let mut tui = payments(true);
        assert!(sends(&confirmed(&mut tui)));
        press(&mut tui, "enter enter");
        assert!(window(&tui).is_under_way(), "it closes nothing");
        end(&mut tui, verdict, status);
        for keys in ["enter", "enter", "tab enter enter", "enter enter enter"] {
            assert!(!sends(&press(&mut tui, keys)), "{verdict:?}: {keys}");
        }
        press(&mut tui, "ctrl-u");
        type_text(&mut tui, "HB100003");
        assert!(sends(&press(&mut tui, "enter")), "{verdict:?}: {}", drawn(&tui));
    }
    let mut tui = payments(true);
    confirmed(&mut tui);
    end(&mut tui, Verdict::Done, Some(204));
    assert_eq!(press(&mut tui, "enter enter"), [], "the outcome stays, and nothing is opened");
    assert!(drawn(&tui).contains("✓ blocked"), "{}", drawn(&tui));
}

#[test]
fn a_text_that_was_typed_before_an_unlock_confirms_nothing_after_it() {
    let mut tui = payments(true);
    menu(&mut tui, false);
    show(&mut tui, block());
    type_text(&mut tui, "note");
    press(&mut tui, "enter");
    type_text(&mut tui, "HB100003");
    tui.cx.writes.close();
    press(&mut tui, "enter");
    type_text(&mut tui, "acme");
    assert!(!sends(&press(&mut tui, "enter enter enter")));
    assert!(tui.cx.writes.is_open(tui.cx.now));
    type_text(&mut tui, "HB100003");
    assert!(sends(&press(&mut tui, "enter")), "{}", drawn(&tui));
}

#[test]
fn a_paste_that_is_sent_as_keys_confirms_nothing() {
    let fast = |tui: &mut Tui, text: &str| {
        let keys: Vec<String> = text
            .chars()
            .map(|c| match c {
                ' ' => "space".to_owned(),
                '\n' => "enter".to_owned(),
                c => c.to_string(),
            })
            .collect();
        tests::press(tui, &keys.join(" "))
    };
    let mut tui = payments(true);
    menu(&mut tui, false);
    show(&mut tui, block());
    pass(&mut tui, 100);
    assert!(!sends(&fast(&mut tui, "ticket 4711\nHB100003\n")));
    assert_eq!(window(&tui).note.value(), "ticket 4711");
    assert_eq!(window(&tui).typed.value(), "");
    assert!(drawn(&tui).contains(PASTED), "{}", drawn(&tui));
    type_text(&mut tui, "HB100003");
    assert!(!sends(&tests::press(&mut tui, "enter")), "the last key is too fast");
    let mut tui = payments(true);
    confirmed(&mut tui);
    end(&mut tui, Verdict::Done, Some(204));
    let effects = tests::press(&mut tui, "u");
    assert_eq!(commands(&effects).len(), 1, "only a confirmation is typed slowly");
    let mut tui = payments(false);
    press(&mut tui, ": w r i t e enter");
    pass(&mut tui, 100);
    fast(&mut tui, "acme\n");
    assert!(!tui.cx.writes.is_open(tui.cx.now), "{}", drawn(&tui));
}

#[test]
fn esc_in_the_window_and_locking_stop_a_write_that_is_not_sent_yet_and_no_other() {
    for (is_sent, words) in [(false, "not sent yet is stopped"), (true, "sent before continues")] {
        let stops: &[&WriteCommand] = if is_sent { &[] } else { &[&WriteCommand::Stop] };
        let mut tui = payments(true);
        confirmed(&mut tui);
        if is_sent {
            news(&mut tui, WriteNews::Progress(Progress::Sending));
        }
        assert_eq!(commands(&press(&mut tui, "esc")), stops);
        assert_eq!(tui.modals.is_empty(), is_sent, "the outcome says whether it was stopped");
        tui.modals.clear();
        assert_eq!(commands(&press(&mut tui, ": w r i t e space o f f enter")), stops);
        let said = tui.cx.notice.clone().unwrap_or_default();
        assert!(said.contains(words) && !tui.cx.writes.is_open(tui.cx.now), "{said}");
    }
}

#[test]
fn quitting_stops_a_write_that_is_not_sent_yet() {
    let mut tui = payments(true);
    confirmed(&mut tui);
    tui.modals.clear();
    assert_eq!(commands(&press(&mut tui, "q")), [&WriteCommand::Stop]);
    let effects = end(&mut tui, Verdict::NotSent, None);
    assert!(effects.contains(&Effect::Quit), "{effects:?}");
    let (lines, code) = tui.cx.writes.parting();
    assert_eq!((lines, code), (vec!["block HB100003: not sent: this is why".to_owned()], 1));
}

#[test]
fn quitting_waits_for_an_answer_from_the_request_on_and_not_for_the_reads_after_it() {
    let mut tui = payments(true);
    confirmed(&mut tui);
    tui.modals.clear();
    // The reads before the request took their time.
    wake_after(&mut tui, 25_000);
    news(&mut tui, WriteNews::Progress(Progress::Sending));
    assert_eq!(press(&mut tui, "q"), []);
    assert!(drawn(&tui).contains("quitting after this write, esc stays"), "{}", drawn(&tui));
    assert!(!wake_after(&mut tui, 29_000).contains(&Effect::Quit), "the request may still end");
    press(&mut tui, "j");
    assert!(drawn(&tui).contains("quitting after this write"), "{}", drawn(&tui));
    news(&mut tui, WriteNews::Progress(Progress::Looking { status: Some(204) }));
    let effects = wake_after(&mut tui, 3_000);
    assert!(effects.contains(&Effect::Quit), "the answer is in the log: {effects:?}");
    let (lines, code) = tui.cx.writes.parting();
    assert!(lines[0].contains("it was answered 204"), "{lines:?}");
    assert_eq!(code, UNKNOWN);

    let mut tui = payments(true);
    sent(&mut tui);
    let next = Duration::from_secs(15);
    news(&mut tui, WriteNews::Progress(Progress::Waiting { next }));
    assert_eq!(press(&mut tui, "q"), [Effect::Quit], "only reads are left");

    let mut tui = payments(true);
    sent(&mut tui);
    press(&mut tui, "q");
    assert!(wake_after(&mut tui, 40_000).contains(&Effect::Quit), "no longer than the request");
    assert_eq!(tui.cx.writes.parting().1, UNKNOWN);

    let mut tui = payments(true);
    sent(&mut tui);
    press(&mut tui, "q");
    assert_eq!(press(&mut tui, "q"), [], "the key is held down");
    pass(&mut tui, 5_000);
    assert_eq!(press(&mut tui, "q"), [Effect::Quit]);

    let mut tui = payments(true);
    sent(&mut tui);
    press(&mut tui, "q esc");
    assert!(!end(&mut tui, Verdict::Done, Some(204)).contains(&Effect::Quit), "it stays open");
}

#[test]
fn a_done_write_ends_a_program_that_was_to_quit_and_any_other_outcome_is_shown_instead() {
    for verdict in [Verdict::Done, Verdict::Already] {
        let mut tui = payments(true);
        sent(&mut tui);
        press(&mut tui, "q");
        assert!(end(&mut tui, verdict, Some(204)).contains(&Effect::Quit), "{verdict:?}");
        assert_eq!(tui.cx.writes.parting().0.len(), 1);
    }
    for verdict in [Verdict::Changed, Verdict::NotSent, Verdict::Refused, Verdict::Unknown] {
        let mut tui = payments(true);
        sent(&mut tui);
        press(&mut tui, "q");
        let effects = end(&mut tui, verdict, None);
        assert!(!effects.contains(&Effect::Quit), "{verdict:?}");
        assert!(!tui.cx.writes.is_quitting() && tui.modal_of::<Writing>().is_some(), "{verdict:?}");
        assert_eq!(tui.cx.writes.parting(), (Vec::new(), 0), "it was seen");
    }
}

#[test]
fn a_write_that_is_being_sent_cannot_be_suspended() {
    let mut tui = payments(true);
    confirmed(&mut tui);
    assert_eq!(press(&mut tui, "ctrl-z"), []);
    assert!(drawn(&tui).contains("valora is not suspended"), "{}", drawn(&tui));
    news(&mut tui, WriteNews::Progress(Progress::Sending));
    assert_eq!(press(&mut tui, "ctrl-z"), []);
    news(&mut tui, WriteNews::Progress(Progress::Looking { status: None }));
    assert_eq!(press(&mut tui, "ctrl-z"), [Effect::Suspend]);
}

#[test]
fn no_other_profile_is_shown_while_a_write_is_under_way_or_its_outcome_was_not_seen() {
    let mut tui = payments(true);
    tui.cx.profiles = vec!["acme".to_owned(), "other".to_owned()];
    tui.cx.behind.customers = true;
    let goes = |effects: &[Effect]| effects.iter().any(|it| matches!(it, Effect::Go(_)));
    sent(&mut tui);
    for keys in ["P", ": t r i a g e space a l l enter", "esc"] {
        assert!(!goes(&press(&mut tui, keys)), "{keys}");
    }
    press(&mut tui, "P");
    assert!(drawn(&tui).contains("wait for its outcome before you leave"), "{}", drawn(&tui));
    end(&mut tui, Verdict::NotSent, None);
    assert!(!goes(&press(&mut tui, "P")));
    assert!(drawn(&tui).contains("! shows it"), "{}", drawn(&tui));
    press(&mut tui, "! esc");
    let effects = press(&mut tui, "P");
    assert!(matches!(effects[..], [Effect::Go(Destination::Customers(_))]), "{effects:?}");
}

#[test]
fn a_screen_that_is_too_small_for_the_plan_confirms_nothing() {
    let mut tui = payments(true);
    menu(&mut tui, false);
    show(&mut tui, block());
    type_text(&mut tui, "note");
    press(&mut tui, "enter");
    type_text(&mut tui, "HB100003");
    let now = tui.cx.now;
    let _ = update(&mut tui, now, Msg::Resized(39, 9));
    assert!(!sends(&press(&mut tui, "enter")));
}

#[test]
fn a_rate_limit_refuses_the_next_confirmation_until_it_is_over() {
    let mut tui = payments(true);
    confirmed(&mut tui);
    let mut refused = outcome(&block().write, Verdict::Refused, "the rate limit is reached");
    (refused.status, refused.wait) = (Some(429), Some(30));
    news(&mut tui, WriteNews::Ended(Some(Box::new(refused))));
    type_text(&mut tui, "HB100003");
    assert!(!sends(&press(&mut tui, "enter")));
    assert!(drawn(&tui).contains("The server asks to wait: 30 s left."), "{}", drawn(&tui));
    pass(&mut tui, 30_000);
    assert!(sends(&press(&mut tui, "enter")));
}
