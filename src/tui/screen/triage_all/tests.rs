//! The queue of all customers on the pure update: what is loaded, shown, decided, undone and opened.

mod cursor;
mod decided;
mod evidence;
mod files;
mod loads;
mod names;
mod others;
mod shown;

use std::collections::BTreeMap;

use crate::conciliation::Conciliation;
use crate::customers::state::Trouble;
use crate::customers::summary::Extent;
use crate::domain::customer::CustomerKey;
use crate::hub::penalties::Penalties;
use crate::hub::{HubCommand, HubEvent, JobId, News};
use crate::list::penalties::SPEC;
use crate::list::record::Record;
use crate::state::persisted::Change;
use crate::triage::Decision;
use crate::triage::memory::{Collision, Decisions, Entry, EntryChange, Memory, MemoryChange};
use crate::tui::effect::Effect;
use crate::tui::keymap::Scope;
use crate::tui::landing::{AllView, Destination, Landing};
use crate::tui::msg::Msg;
use crate::tui::screen::customers::tests::visits;
use crate::tui::stack::Tui;
use crate::tui::tests::{at, loaded, pass_a_second, press};
use crate::tui::update::{start, update, wake_at};

const NAMES: [&str; 3] = ["acme", "globex", "initech"];
const SESSION: u32 = 9;

fn names() -> Vec<String> {
    NAMES.map(str::to_owned).to_vec()
}

/// `id booking due status amount [settled booking]`, in EUR.
fn penalty(line: &str) -> Record {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [id, booking, due, status, amount] = words[..5] else { panic!("{line}") };
    let settled =
        words.get(5).map(|it| format!(r#","settled_booking":"{it}""#)).unwrap_or_default();
    let json = format!(
        r#"{{"id":"{id}","booking_id":"{booking}","due_date":"{due}","status":"{status}",
            "amount":{amount},"currency":"EUR","amount_eur":{amount}{settled}}}"#
    );
    Record::read(&SPEC, &json)
}

/// Each customer has the penalty `same` of the booking `BK1`, with another amount.
fn rows(name: &str) -> Vec<Record> {
    let lines: &[&str] = match name {
        "acme" => &[
            "same BK1 1969-12-01 pending 1000",
            "a BK2 1969-06-01 pending 2000 BK7",
            "c BK3 1969-01-01 paid 9",
        ],
        "globex" => &["same BK1 1969-11-01 pending 3000", "g BK4 1970-02-01 notify 4000"],
        _ => &["same BK1 1969-10-01 pending 5000"],
    };
    lines.iter().map(|line| penalty(line)).collect()
}

fn of(name: &str, rows: Vec<Record>, memory: Memory) -> News {
    let loaded = rows.len() as u64;
    News::Penalties(Box::new(Penalties {
        customer: CustomerKey::of_profile(name),
        rows,
        extent: Extent { loaded, total: Some(loaded), is_whole: true },
        memory,
        is_saved: true,
    }))
}

fn penalties(name: &str) -> News {
    of(name, rows(name), Memory::default())
}

/// The jobs among the effects, by profile.
fn jobs(effects: &[Effect]) -> BTreeMap<String, JobId> {
    let job = |effect: &Effect| match effect {
        Effect::Hub(HubCommand::Penalties { job, profile }) => Some((profile.clone(), *job)),
        _ => None,
    };
    effects.iter().filter_map(job).collect()
}

fn asked(effects: &[Effect]) -> Vec<(JobId, String, String)> {
    let asked = |effect: &Effect| match effect {
        Effect::Hub(HubCommand::Evidence { job, profile, reference }) => {
            Some((*job, profile.clone(), reference.clone()))
        }
        _ => None,
    };
    effects.iter().filter_map(asked).collect()
}

/// The decisions that are saved, by customer.
fn saved(effects: &[Effect]) -> Vec<(CustomerKey, Decisions)> {
    let saved = |effect: &Effect| match effect {
        Effect::Keep(Change::Remember(customer, what)) => match &**what {
            MemoryChange::Decisions(decisions) => Some((customer.clone(), decisions.clone())),
            MemoryChange::Seen(..) => None,
        },
        _ => None,
    };
    effects.iter().filter_map(saved).collect()
}

fn whose(effects: &[Effect]) -> Vec<String> {
    saved(effects).into_iter().map(|(customer, _)| customer.profile().unwrap()).collect()
}

fn opened() -> (Tui, BTreeMap<String, JobId>) {
    let mut tui = Tui::of_customers(&names(), (100, 24), at(0));
    tui.cx.kept.session = SESSION;
    start(&mut tui);
    let jobs = jobs(&press(&mut tui, "t"));
    (tui, jobs)
}

/// Loads the customer of the row again, after the pause that is kept between two loads.
fn reload(tui: &mut Tui) -> Vec<Effect> {
    pass_a_second(tui);
    press(tui, "r")
}

fn send(tui: &mut Tui, job: JobId, profile: &str, news: News) -> Vec<Effect> {
    let now = tui.cx.now;
    update(tui, now, Msg::Hub(HubEvent { job, profile: profile.to_owned(), news }))
}

fn receive(tui: &mut Tui, msg: Msg) -> Vec<Effect> {
    let now = tui.cx.now;
    update(tui, now, msg)
}

/// All customers, loaded.
fn queue() -> Tui {
    let (mut tui, jobs) = opened();
    for (profile, job) in jobs {
        send(&mut tui, job, &profile, penalties(&profile));
    }
    tui
}

/// `globex same`, as in the queue.
fn shown(tui: &Tui) -> Vec<String> {
    let queue = tui.triage_all().unwrap();
    let name = |row: usize| {
        let (part, record) = queue.row(row)?;
        Some(format!("{} {}", part.profile, record.reference("id")?.shown()))
    };
    (0..).map_while(name).collect()
}

fn memory<'a>(tui: &'a Tui, name: &str) -> &'a Memory {
    &tui.triage_all().unwrap().parts.iter().find(|part| part.profile == name).unwrap().memory
}

fn decision(tui: &Tui, name: &str, id: &str) -> Option<Decision> {
    memory(tui, name).entries.get(id)?.decision
}

fn notice(tui: &Tui) -> &str {
    tui.cx.notice.as_deref().unwrap_or_default()
}

#[test]
fn the_penalties_of_all_are_one_queue_and_nothing_is_requested_by_the_overview() {
    let (tui, jobs) = opened();
    assert_eq!(jobs.keys().collect::<Vec<_>>(), NAMES.iter().collect::<Vec<_>>());
    assert_eq!((tui.scope(), shown(&tui).len()), (Scope::Queue, 0));
    let tui = queue();
    // The longest overdue first, whoever it belongs to; the closed one is hidden.
    assert_eq!(shown(&tui), ["acme a", "initech same", "globex same", "acme same", "globex g"]);
    let all = tui.triage_all().unwrap();
    assert_eq!((all.queue.progress.open, all.queue.hidden.count()), (5, 1));
    let mut tui = Tui::of_customers(&names(), (100, 24), at(0));
    start(&mut tui);
    let effects = press(&mut tui, ": t r i a g e space a l l enter");
    assert_eq!(self::jobs(&effects).len(), 3, "{effects:?}");
}

#[test]
fn the_queue_of_one_customer_has_the_order_of_its_own() {
    let mut own = loaded(200);
    let effects = press(&mut own, "4");
    crate::tui::tests::answer_all(&mut own, effects, 200);
    press(&mut own, "t");
    let table = own.table().unwrap();
    let order = |table: &crate::tui::component::table::Table| -> Vec<String> {
        let id = |row| Some(table.row(row)?.reference("id")?.shown().into_owned());
        (0..).map_while(id).collect()
    };
    let (records, expected) = (table.records().to_vec(), order(table));
    let mut tui = Tui::of_customers(&names()[..1], (100, 24), at(0));
    start(&mut tui);
    let jobs = jobs(&press(&mut tui, "t"));
    send(&mut tui, jobs["acme"], "acme", of("acme", records, Memory::default()));
    assert!(expected.len() > 20);
    assert_eq!(order(tui.table().unwrap()), expected);
}

#[test]
fn a_decision_belongs_to_the_customer_of_its_row_and_undo_works_across_all() {
    let mut tui = queue();
    press(&mut tui, "j");
    let effects = press(&mut tui, "d");
    assert_eq!(whose(&effects), ["initech"]);
    assert_eq!(decision(&tui, "initech", "same"), Some(Decision::Done));
    assert_eq!([decision(&tui, "acme", "same"), decision(&tui, "globex", "same")], [None; 2]);
    // The next undecided one is of another customer, with the same id.
    let effects = press(&mut tui, "D");
    assert_eq!(whose(&effects), ["globex"]);
    assert_eq!(shown(&tui), ["acme a", "acme same", "globex g", "globex same"]);
    let effects = press(&mut tui, "u");
    assert_eq!(whose(&effects), ["globex"]);
    assert!(saved(&effects)[0].1.is_undo);
    assert_eq!(decision(&tui, "globex", "same"), None);
    assert_eq!(notice(&tui), "Undone: decision; 1 more to undo.");
    assert_eq!(tui.triage_all().unwrap().selected_row().unwrap().0.profile, "globex");
    assert_eq!(whose(&press(&mut tui, "u")), ["initech"]);
    assert!(NAMES.iter().all(|name| memory(&tui, name).entries.is_empty()));
}

#[test]
fn marks_decide_rows_of_several_customers_in_one_step() {
    let mut tui = queue();
    press(&mut tui, "j space space space");
    let effects = press(&mut tui, "W");
    assert_eq!(whose(&effects), ["acme", "globex", "initech"]);
    assert!(notice(&tui).starts_with("3 penalties decided: request waiver"), "{}", notice(&tui));
    assert!(NAMES.iter().all(|name| decision(&tui, name, "same") == Some(Decision::Waiver)));
    let effects = press(&mut tui, "u");
    assert_eq!(whose(&effects).len(), 3);
    assert_eq!(notice(&tui), "Undone: 3 decisions; 0 more to undo.");
    assert!(NAMES.iter().all(|name| memory(&tui, name).entries.is_empty()));
}

#[test]
fn a_mark_stays_with_its_customer_when_a_row_that_looks_the_same_is_gone() {
    let equal = || vec![penalty("same BK1 1969-12-01 pending 1000")];
    let (mut tui, jobs) = opened();
    for name in NAMES {
        send(&mut tui, jobs[name], name, of(name, equal(), Memory::default()));
    }
    press(&mut tui, "space");
    press(&mut tui, "g");
    let job = self::jobs(&reload(&mut tui))["acme"];
    send(&mut tui, job, "acme", of("acme", Vec::new(), Memory::default()));
    assert!(tui.table().unwrap().marks.is_empty());
    assert_eq!(whose(&press(&mut tui, "d")).len(), 1);
}

#[test]
fn snooze_note_and_flag_reach_only_their_own_customer() {
    let mut tui = queue();
    press(&mut tui, "j");
    assert_eq!(whose(&press(&mut tui, "i h i enter")), ["initech"]);
    assert_eq!(memory(&tui, "initech").entries["same"].note, "hi");
    assert_eq!(whose(&press(&mut tui, "*")), ["initech"]);
    assert_eq!(whose(&press(&mut tui, "w enter")), ["initech"]);
    assert!(memory(&tui, "initech").entries["same"].snoozed_until.is_some());
    assert!(!shown(&tui).contains(&"initech same".to_owned()));
    press(&mut tui, "H");
    assert!(shown(&tui).contains(&"initech same".to_owned()));
    // While the prompt is open, the customer is loaded again without the penalty.
    let mut tui = queue();
    press(&mut tui, "j");
    let job = jobs(&reload(&mut tui))["initech"];
    press(&mut tui, "i h i");
    send(&mut tui, job, "initech", of("initech", Vec::new(), Memory::default()));
    assert_eq!(whose(&press(&mut tui, "enter")), Vec::<String>::new());
    assert!(NAMES.iter().all(|name| memory(&tui, name).entries.is_empty()));
}

#[test]
fn enter_opens_the_customer_on_the_booking_and_the_queue_is_there_again_afterwards() {
    let mut tui = queue();
    press(&mut tui, "j");
    let booking = Landing::Booking("BK1".to_owned());
    assert_eq!(visits(&press(&mut tui, "enter")), [("initech".to_owned(), booking)]);
    tui.cx.switching = None;
    tui.left_for("initech");
    let effects = start(&mut tui);
    assert_eq!(jobs(&effects).keys().collect::<Vec<_>>(), ["initech"], "it may have changed");
    assert_eq!((tui.scope(), shown(&tui)[1].as_str()), (Scope::Queue, "initech same"));
    press(&mut tui, "g");
    let settling = Landing::Booking("BK7".to_owned());
    assert_eq!(visits(&press(&mut tui, "B")), [("acme".to_owned(), settling)]);
    tui.cx.switching = None;
    let effects = press(&mut tui, "b B K 9 enter");
    let is_find = |it: &Effect| matches!(it, Effect::Hub(HubCommand::Find { .. }));
    assert!(effects.iter().any(is_find), "{effects:?}");
    assert_eq!(tui.scope(), Scope::Customers);
}

#[test]
fn leaving_drops_all_rows_and_cancels_but_decisions_can_still_be_undone() {
    let (mut tui, jobs) = opened();
    send(&mut tui, jobs["initech"], "initech", penalties("initech"));
    press(&mut tui, "d");
    let effects = press(&mut tui, "esc");
    for name in ["acme", "globex"] {
        assert!(effects.contains(&Effect::Hub(HubCommand::Cancel(jobs[name]))), "{effects:?}");
    }
    assert_eq!(tui.scope(), Scope::Customers);
    assert!(tui.triage_all().unwrap().parts.iter().all(|part| part.rows.is_empty()));
    send(&mut tui, jobs["acme"], "acme", penalties("acme"));
    assert!(tui.triage_all().unwrap().parts.iter().all(|part| part.rows.is_empty()), "too late");
    let loads = |it: &Effect| matches!(it, Effect::Hub(HubCommand::Load { profile, .. }) if profile == "initech");
    assert!(effects.iter().any(loads), "its penalties are counted again: {effects:?}");
    let again = self::jobs(&press(&mut tui, "t"));
    assert_eq!(again.len(), 3);
    assert_eq!(whose(&press(&mut tui, "u")), ["initech"]);
}

#[test]
fn from_one_customer_it_is_opened_above_all_customers() {
    let mut tui = loaded(5);
    tui.cx.session.customer = CustomerKey::of_profile("acme");
    tui.cx.profiles = names();
    let effects = press(&mut tui, ": t r i a g e space a l l enter");
    assert_eq!(effects, [Effect::Go(Destination::Customers(AllView::Penalties))]);
    let mut demo = loaded(5);
    assert_eq!(press(&mut demo, ": t r i a g e space a l l enter"), []);
    assert!(notice(&demo).starts_with("The demo has no profiles"), "{}", notice(&demo));
}
