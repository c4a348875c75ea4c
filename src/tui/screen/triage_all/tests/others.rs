//! Decisions of other sessions, and loads that began before a decision.

use super::*;

fn collision(effects: &[Effect], theirs: &Entry, is_left: bool) -> (CustomerKey, Vec<Collision>) {
    let (customer, decisions) = saved(effects).remove(0);
    let (id, EntryChange { entry, known }) = decisions.entries.into_iter().next().unwrap();
    let own = EntryChange { entry, known };
    (customer, vec![Collision { id, theirs: Some(theirs.clone()), at: None, own, is_left }])
}

#[test]
fn what_another_session_decided_is_told_and_restored_for_its_own_customer() {
    let theirs = Entry { session: 7, decision: Some(Decision::Dispute), ..Entry::default() };
    let mut tui = queue();
    press(&mut tui, "j");
    let effects = press(&mut tui, "d d");
    assert_eq!(whose(&effects), ["initech", "globex"]);
    let (customer, collisions) = collision(&effects, &theirs, false);
    receive(&mut tui, Msg::Collided(customer, collisions));
    assert!(notice(&tui).starts_with("initech: Note: another session"), "{}", notice(&tui));
    press(&mut tui, "u u");
    assert_eq!(memory(&tui, "initech").entries["same"], theirs);
    assert!(memory(&tui, "globex").entries.is_empty() && memory(&tui, "acme").entries.is_empty());
    // A session with one customer ignores what belongs to another.
    let mut own = loaded(5);
    let (customer, collisions) = collision(&effects, &theirs, false);
    own.cx.notice = None;
    receive(&mut own, Msg::Collided(customer.clone(), collisions));
    let file = Memory { entries: [("1".to_owned(), theirs)].into(), ..Memory::default() };
    receive(&mut own, Msg::DecisionsReloaded(customer, 0, Box::new(file)));
    assert_eq!((own.cx.notice.clone(), own.cx.kept.memory.entries.len()), (None, 0));
}

#[test]
fn a_load_that_began_before_a_decision_does_not_undo_it() {
    let mut tui = queue();
    press(&mut tui, "j");
    let job = jobs(&reload(&mut tui))["initech"];
    press(&mut tui, "D");
    let effects = send(&mut tui, job, "initech", penalties("initech"));
    assert_eq!(decision(&tui, "initech", "same"), Some(Decision::Dispute));
    // The file is read again after the decision was written to it.
    let key = CustomerKey::of_profile("initech");
    assert!(effects.contains(&Effect::Keep(Change::Reload(key.clone(), 1))), "{effects:?}");
    let theirs = Entry { session: 7, decision: Some(Decision::Done), ..Entry::default() };
    let mut file = memory(&tui, "initech").clone();
    file.entries.insert("other".to_owned(), theirs);
    receive(&mut tui, Msg::DecisionsReloaded(key, 1, Box::new(file)));
    assert_eq!(notice(&tui), "Another session's decisions about initech were loaded.");
    assert_eq!(memory(&tui, "initech").entries.len(), 2);
    assert!(memory(&tui, "acme").entries.is_empty());
}

#[test]
fn a_load_that_began_before_another_customer_was_shown_starts_again() {
    let mut tui = queue();
    press(&mut tui, "j");
    let before = jobs(&reload(&mut tui))["initech"];
    press(&mut tui, "D");
    tui.left_for("acme");
    let effects = start(&mut tui);
    assert_eq!(jobs(&effects).keys().collect::<Vec<_>>(), ["acme", "initech"]);
    assert!(effects.contains(&Effect::Hub(HubCommand::Cancel(before))));
    let key = CustomerKey::of_profile("globex");
    assert!(effects.contains(&Effect::Keep(Change::Reload(key, 0))), "{effects:?}");
    send(&mut tui, before, "initech", penalties("initech"));
    assert_eq!(decision(&tui, "initech", "same"), Some(Decision::Dispute), "too late");
}
