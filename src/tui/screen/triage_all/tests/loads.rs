//! What is loaded, when, and what ends it.

use super::*;
use crate::tui::tests::sentences::drawn;

const STILL_LOADING: &str = "Customers are still loading.";

#[test]
fn a_customer_that_cannot_be_loaded_is_named_and_r_loads_one_and_all() {
    let (mut tui, first) = opened();
    send(&mut tui, first["acme"], "acme", penalties("acme"));
    send(&mut tui, first["globex"], "globex", News::Trouble(Trouble::NoToken));
    let locked = News::Trouble(Trouble::Locked("pass".to_owned()));
    send(&mut tui, first["initech"], "initech", locked);
    assert_eq!(shown(&tui), ["acme a", "acme same"]);
    let lines = super::super::view::troubles(tui.triage_all().unwrap(), &tui.cx).join(" ");
    assert_eq!(
        lines,
        "2 customers could not be loaded. R loads all again. To unlock one: esc, then r on its \
         row. globex (no token: run valora auth login --profile globex), initech (locked: pass \
         may ask for a password)"
    );
    let one = jobs(&reload(&mut tui));
    assert_eq!(one.keys().collect::<Vec<_>>(), ["acme"]);
    send(&mut tui, one["acme"], "acme", penalties("acme"));
    pass_a_second(&mut tui);
    let effects = press(&mut tui, "R");
    assert_eq!(jobs(&effects).len(), 3);
    assert!(!effects.iter().any(|it| matches!(it, Effect::Network(_) | Effect::Go(_))));
}

#[test]
fn a_running_load_is_not_started_again_and_a_held_key_loads_once_a_second() {
    let (mut tui, first) = opened();
    send(&mut tui, first["acme"], "acme", penalties("acme"));
    pass_a_second(&mut tui);
    assert!(jobs(&press(&mut tui, "R")).is_empty());
    assert_eq!(notice(&tui), STILL_LOADING);
    let one = jobs(&press(&mut tui, "r"));
    assert_eq!(one.keys().collect::<Vec<_>>(), ["acme"]);
    assert!(jobs(&press(&mut tui, "r")).is_empty());
    assert_eq!(notice(&tui), STILL_LOADING);
    // A server that answers at once.
    let mut job = one["acme"];
    let mut loads = 0;
    for _ in 0..60 {
        send(&mut tui, job, "acme", penalties("acme"));
        tui.cx.now = at(tui.cx.now.elapsed + 50);
        if let Some(next) = jobs(&press(&mut tui, "r")).get("acme") {
            (job, loads) = (*next, loads + 1);
        }
    }
    assert_eq!(loads, 3, "60 keys in 3 seconds");
    for (name, job) in first.into_iter().filter(|(name, _)| name != "acme") {
        send(&mut tui, job, &name, penalties(&name));
    }
    send(&mut tui, job, "acme", penalties("acme"));
    pass_a_second(&mut tui);
    let all = jobs(&press(&mut tui, "R"));
    assert_eq!(all.len(), 3);
    for (name, job) in all {
        send(&mut tui, job, &name, penalties(&name));
    }
    assert!(jobs(&press(&mut tui, "R")).is_empty(), "the same second");
}

#[test]
fn after_its_rate_limit_a_customer_is_loaded_again_by_itself() {
    let (mut tui, first) = opened();
    send(&mut tui, first["acme"], "acme", penalties("acme"));
    send(&mut tui, first["globex"], "globex", of("globex", Vec::new(), Memory::default()));
    let limited = News::Trouble(Trouble::Limited { until: 30_000 });
    send(&mut tui, first["initech"], "initech", limited);
    // The booking of the first row is requested first.
    let mut waits = Vec::new();
    let effects = loop {
        let wake = wake_at(&tui).unwrap();
        waits.push(wake);
        let effects = update(&mut tui, at(wake), Msg::Woken);
        if let [(job, profile, _)] = &asked(&effects)[..] {
            send(&mut tui, *job, &profile.clone(), News::Trouble(Trouble::Slow));
        }
        if wake >= 30_000 {
            break effects;
        }
        assert!(jobs(&effects).is_empty(), "too early: {wake}");
    };
    assert_eq!(waits.last(), Some(&30_000), "{waits:?}");
    let again = jobs(&effects);
    assert_eq!(again.keys().collect::<Vec<_>>(), ["initech"]);
    assert!(jobs(&update(&mut tui, at(30_500), Msg::Woken)).is_empty(), "it is loading");
    send(&mut tui, again["initech"], "initech", penalties("initech"));
    assert!(shown(&tui).contains(&"initech same".to_owned()));
    // Nothing is loaded while the queue is closed.
    let job = jobs(&reload_first(&mut tui)).into_iter().next().unwrap();
    send(&mut tui, job.1, &job.0, News::Trouble(Trouble::Limited { until: 90_000 }));
    press(&mut tui, "esc");
    assert!(jobs(&update(&mut tui, at(91_000), Msg::Woken)).is_empty());
}

fn reload_first(tui: &mut Tui) -> Vec<Effect> {
    press(tui, "g");
    reload(tui)
}

#[test]
fn a_changed_or_removed_profile_loses_its_load_its_booking_and_its_evidence() {
    let mut tui = queue();
    let load = jobs(&reload(&mut tui))["acme"];
    press(&mut tui, "j");
    let job = ask(&mut tui, "initech");
    send(&mut tui, job, "initech", booking());
    press(&mut tui, "j");
    let later = ask(&mut tui, "globex");
    assert_eq!(tui.triage_all().unwrap().evidence.known.len(), 1);
    let left = ["initech".to_owned()];
    tui.follow(&left, &["initech".to_owned()]);
    let effects = start(&mut tui);
    for job in [load, later] {
        assert!(effects.contains(&Effect::Hub(HubCommand::Cancel(job))), "{job:?} {effects:?}");
    }
    assert_eq!(jobs(&effects).keys().collect::<Vec<_>>(), ["initech"], "it is new");
    let queue = tui.triage_all().unwrap();
    assert!(queue.asked.is_none() && queue.evidence.known.is_empty());
    send(&mut tui, load, "acme", penalties("acme"));
    send(&mut tui, later, "globex", booking());
    assert!(shown(&tui).is_empty() && tui.triage_all().unwrap().evidence.known.is_empty());
}

/// Waits until the booking of the row is requested.
fn ask(tui: &mut Tui, expected: &str) -> JobId {
    loop {
        let wake = wake_at(tui).unwrap();
        if let [(job, profile, _)] = &asked(&update(tui, at(wake), Msg::Woken))[..] {
            assert_eq!(profile, expected);
            return *job;
        }
    }
}

fn booking() -> News {
    let booking = Conciliation::read("BK1", r#"{"debt":[{}]}"#).unwrap();
    News::Evidence("BK1".to_owned(), Ok(Box::new(booking)))
}

#[test]
fn a_visit_loads_only_its_own_customer_again() {
    let mut tui = queue();
    press(&mut tui, "j");
    let running = jobs(&reload(&mut tui))["initech"];
    tui.left_for("acme");
    let effects = start(&mut tui);
    assert_eq!(jobs(&effects).keys().collect::<Vec<_>>(), ["acme"]);
    assert!(!effects.contains(&Effect::Hub(HubCommand::Cancel(running))), "{effects:?}");
    send(&mut tui, running, "initech", penalties("initech"));
    assert_eq!(tui.triage_all().unwrap().parts[2].loaded.unwrap(), tui.cx.now);
}

#[test]
fn a_closed_queue_reads_no_decisions_and_reports_none_as_anothers() {
    let mut tui = queue();
    press(&mut tui, "j d esc");
    let is_reload = |it: &Effect| matches!(it, Effect::Keep(Change::Reload(..)));
    tui.left_for("acme");
    let effects = start(&mut tui);
    assert!(!effects.iter().any(is_reload), "{effects:?}");
    // The user's own decision on the screen of one customer.
    let own = Entry { session: 7, decision: Some(Decision::Done), ..Entry::default() };
    let file = Memory { entries: [("same".to_owned(), own)].into(), ..Memory::default() };
    let key = CustomerKey::of_profile("globex");
    tui.cx.notice = None;
    receive(&mut tui, Msg::DecisionsReloaded(key, 0, Box::new(file.clone())));
    assert_eq!(tui.cx.notice, None);
    let jobs = self::jobs(&press(&mut tui, "t"));
    send(&mut tui, jobs["globex"], "globex", of("globex", rows("globex"), file));
    assert_eq!(decision(&tui, "globex", "same"), Some(Decision::Done));
    assert_eq!(tui.cx.notice, None);
    // An open one reads those of all others.
    tui.left_for("acme");
    assert!(start(&mut tui).iter().any(is_reload));
}

#[test]
fn only_the_decisions_of_a_customer_are_held_in_memory() {
    let (mut tui, jobs) = opened();
    let seen = crate::triage::memory::SeenRows::of(&rows("acme"), tui.cx.now.local.date());
    let seen = [(SPEC.key.to_owned(), seen)].into();
    let entries = [("same".to_owned(), Entry::default())].into();
    send(&mut tui, jobs["acme"], "acme", of("acme", rows("acme"), Memory { entries, seen }));
    let memory = memory(&tui, "acme");
    assert_eq!((memory.entries.len(), memory.seen.len()), (1, 0));
}

#[test]
fn a_booking_that_is_no_longer_shown_is_not_requested_further() {
    let mut tui = queue();
    let rest = wake_at(&tui).unwrap();
    let [(job, ..)] = asked(&update(&mut tui, at(rest), Msg::Woken))[..] else { panic!() };
    let effects = press(&mut tui, "p");
    assert!(effects.contains(&Effect::Hub(HubCommand::Cancel(job))), "{effects:?}");
}

#[test]
fn the_command_and_the_key_for_all_customers_close_the_queue_and_esc_returns_to_it() {
    let mut tui = queue();
    press(&mut tui, ": c u s t o m e r s enter");
    assert_eq!((tui.scope(), tui.is_queue_open()), (Scope::Customers, false));
    press(&mut tui, ": c u s t o m e r s enter");
    assert_eq!(notice(&tui), "All customers are shown already.");
    press(&mut tui, "t");
    assert!(tui.is_queue_open());
    tui.show_customers();
    assert_eq!((tui.scope(), tui.is_queue_open()), (Scope::Customers, false));
    // In a customer that was opened from the queue.
    let to = |view| [Effect::Go(Destination::Customers(view))];
    let mut own = loaded(5);
    own.cx.session.customer = CustomerKey::of_profile("acme");
    (own.cx.profiles, own.cx.behind.customers) = (names(), true);
    assert_eq!(press(&mut own, "P"), to(AllView::Overview));
    assert_eq!(press(&mut own, ": c u s t o m e r s enter"), to(AllView::Overview));
    own.cx.go_to_customers();
    assert_eq!(std::mem::take(&mut own.cx.effects), to(AllView::Customers));
}

#[test]
fn customers_that_arrive_at_the_same_time_change_the_table_once() {
    let many: Vec<String> = (0..40).map(|at| format!("customer-{at}")).collect();
    let mut tui = Tui::of_customers(&many, (100, 24), at(0));
    start(&mut tui);
    let jobs = jobs(&press(&mut tui, "t"));
    let version = |tui: &Tui| tui.table().unwrap().records_version();
    let mut versions = std::collections::BTreeSet::from([version(&tui)]);
    let news = |name: &str| of(name, rows("globex"), Memory::default());
    for name in &many[..39] {
        send(&mut tui, jobs[name], name, news(name));
        versions.insert(version(&tui));
    }
    assert_eq!(versions.len(), 2, "only the first one");
    assert_eq!((shown(&tui).len(), wake_at(&tui)), (2, Some(100)));
    assert!(drawn(&tui).contains("loading: 39 of 40 left"), "{}", drawn(&tui));
    update(&mut tui, at(100), Msg::Woken);
    assert_eq!(shown(&tui).len(), 78);
    send(&mut tui, jobs[&many[39]], &many[39], news(&many[39]));
    assert_eq!(shown(&tui).len(), 80, "nothing else will arrive");
}

#[test]
fn what_arrived_is_in_the_queue_before_a_customer_is_shown_and_gone_with_the_queue() {
    let (mut tui, jobs) = opened();
    for name in ["acme", "globex"] {
        send(&mut tui, jobs[name], name, penalties(name));
    }
    assert_eq!(shown(&tui), ["acme a", "acme same"]);
    tui.left_for("acme");
    start(&mut tui);
    assert_eq!(shown(&tui).len(), 4);
    let (mut tui, jobs) = opened();
    for name in ["acme", "globex"] {
        send(&mut tui, jobs[name], name, penalties(name));
    }
    press(&mut tui, "esc t");
    update(&mut tui, at(5_000), Msg::Woken);
    assert_eq!(shown(&tui), Vec::<String>::new());
}
