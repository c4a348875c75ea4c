//! Which penalty a key acts on: the one that the user has read, or the marked ones.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::*;

fn wait(tui: &mut Tui, elapsed: u64) {
    update(tui, at(elapsed), Msg::Woken);
}

/// The next customer arrives, and is put into the table.
fn arrive(tui: &mut Tui, jobs: &BTreeMap<String, JobId>, name: &str) {
    let now = tui.cx.now.elapsed;
    send(tui, jobs[name], name, penalties(name));
    wait(tui, now + 100);
}

fn selected(tui: &Tui) -> String {
    let (part, record) = tui.triage_all().unwrap().selected_row().unwrap();
    format!("{} {}", part.profile, record.reference("id").unwrap().shown())
}

/// The first customer has arrived, and the user does something.
fn read(keys: &str, seconds: u64) -> (Tui, BTreeMap<String, JobId>) {
    let (mut tui, jobs) = opened();
    send(&mut tui, jobs["initech"], "initech", penalties("initech"));
    wait(&mut tui, seconds * 1_000);
    if !keys.is_empty() {
        press(&mut tui, keys);
    }
    (tui, jobs)
}

#[test]
fn a_row_that_was_read_stays_under_the_cursor_when_more_urgent_ones_arrive() {
    for (keys, seconds) in [("", 2), ("z", 0), ("ctrl-e", 0), ("r", 0), ("p", 0), ("H H", 0)] {
        let (mut tui, jobs) = read(keys, seconds);
        arrive(&mut tui, &jobs, "acme");
        assert_eq!(shown(&tui)[0], "acme a", "{keys}");
        assert_eq!(selected(&tui), "initech same", "{keys}");
        assert_eq!(whose(&press(&mut tui, "d")), ["initech"], "{keys}");
    }
}

#[test]
fn until_a_row_can_have_been_read_the_cursor_is_on_the_most_urgent_one() {
    let (mut tui, jobs) = opened();
    wait(&mut tui, 9_000);
    for (name, first) in [("initech", "initech same"), ("acme", "acme a")] {
        arrive(&mut tui, &jobs, name);
        assert_eq!(selected(&tui), first);
    }
    // Closed and opened again, the first row counts again.
    press(&mut tui, "j esc");
    let jobs = self::jobs(&press(&mut tui, "t"));
    arrive(&mut tui, &jobs, "initech");
    arrive(&mut tui, &jobs, "acme");
    assert_eq!(selected(&tui), "acme a");
}

#[test]
fn a_click_chooses_a_row_as_a_key_does() {
    let (mut tui, jobs) = opened();
    send(&mut tui, jobs["initech"], "initech", penalties("initech"));
    tui.cx.looks.has_mouse = true;
    let row = tui.cx.layout.table.y + 1;
    let kind = MouseEventKind::Down(MouseButton::Left);
    let event = MouseEvent { kind, column: 20, row, modifiers: KeyModifiers::NONE };
    receive(&mut tui, Msg::Mouse(event));
    arrive(&mut tui, &jobs, "acme");
    assert_eq!(selected(&tui), "initech same");
}

#[test]
fn the_notice_of_one_decision_names_the_customer_and_the_booking() {
    let mut tui = queue();
    for (keys, expected) in [
        ("d", "Marked as done (acme, BK2); u undoes it."),
        ("D", "Decided: dispute (initech, BK1); u undoes it."),
    ] {
        press(&mut tui, keys);
        assert_eq!(notice(&tui), expected);
    }
    press(&mut tui, "k X");
    assert!(notice(&tui).starts_with("Cleared ("), "{}", notice(&tui));
}

#[test]
fn a_key_acts_on_marked_rows_also_while_they_are_hidden() {
    let mut tui = queue();
    press(&mut tui, "j d H g j j j j");
    assert_eq!(selected(&tui), "initech same");
    press(&mut tui, "space H");
    assert!(!shown(&tui).contains(&"initech same".to_owned()), "the marked row is hidden");
    assert_eq!(tui.table().unwrap().marks.len(), 1);
    press(&mut tui, "e");
    let effects = press(&mut tui, "enter");
    let [Effect::Save(_, text, _)] = &effects[..] else { panic!("{effects:?}") };
    let text = std::str::from_utf8(text).unwrap();
    assert!(text.lines().count() == 2 && text.contains("\ninitech,same,BK1,"), "{text}");
    assert_eq!(whose(&press(&mut tui, "i h i enter")), ["initech"]);
    assert_eq!(whose(&press(&mut tui, "D")), ["initech"]);
    assert_eq!(decision(&tui, "initech", "same"), Some(Decision::Dispute));
    assert!(["acme", "globex"].iter().all(|name| memory(&tui, name).entries.is_empty()));
}
