//! Nothing of one customer is shown, saved or requested under the name of another, in whatever order
//! news arrive.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::TriageAllScreen;
use super::super::evidence::Asked;
use super::*;
use crate::domain::money::{Currency, format_amount};
use crate::tui::cx::Cx;
use crate::tui::keymap::BINDINGS;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The penalties of a customer as news of a job, of a profile: each its own, or not.
    News(u64, usize, usize),
    Trouble(u64, usize),
    Evidence(u64, usize),
    Collided(usize),
    Reloaded(usize, u64),
    Key(usize),
    Decide(usize),
    Rest(u64),
    Leave(usize),
    /// Of each profile, whether it is in the settings, and which one is another customer now.
    Follow([bool; 3], Option<usize>),
}

fn step() -> impl Strategy<Value = Step> {
    let (job, name) = (1u64..24, 0..NAMES.len());
    prop_oneof![
        4 => (job.clone(), name.clone(), name.clone())
            .prop_map(|(job, of, with)| Step::News(job, of, with)),
        1 => (job.clone(), name.clone()).prop_map(|(job, of)| Step::Trouble(job, of)),
        2 => (job, name.clone()).prop_map(|(job, of)| Step::Evidence(job, of)),
        1 => name.clone().prop_map(Step::Collided),
        1 => (name.clone(), 0u64..4).prop_map(|(of, version)| Step::Reloaded(of, version)),
        4 => (0usize..400).prop_map(Step::Key),
        6 => (0usize..14).prop_map(Step::Decide),
        2 => (1u64..500).prop_map(Step::Rest),
        1 => name.clone().prop_map(Step::Leave),
        1 => (any::<[bool; 3]>(), proptest::option::of(name))
            .prop_map(|(named, changed)| Step::Follow(named, changed)),
    ]
}

/// Keys that decide, move, mark and undo.
const KEYS: [&str; 14] =
    ["d", "D", "W", "*", "X", "u", "u", "space", "j", "k", "w enter", "i x enter", "r", "H"];

/// The amount of the row `same` names its customer.
fn amount(name: &str) -> Option<i64> {
    rows(name)[0].minor("amount")
}

/// An amount that only the bookings of this customer have.
fn debt(name: &str) -> u64 {
    1_000_001 * (1 + NAMES.iter().position(|it| *it == name).unwrap() as u64)
}

/// An entry that only this customer can have.
fn theirs(name: &str) -> Entry {
    let session = 100 + u32::try_from(NAMES.iter().position(|it| *it == name).unwrap()).unwrap();
    Entry { session, note: name.to_owned(), booking: name.to_owned(), ..Entry::default() }
}

/// What is known of bookings, and the pane, are of their own customer only.
fn assert_evidence_apart(queue: &TriageAllScreen, cx: &Cx) -> Result<(), TestCaseError> {
    for ((customer, reference), known) in &queue.evidence.known {
        let own = customer.profile().unwrap();
        let has = |name: &str| format!("{known:?}").contains(&debt(name).to_string());
        prop_assert!(rows(&own).iter().any(|row| row.booking().unwrap().expose_raw() == reference));
        prop_assert_eq!(has(&own), known.is_ok(), "{} {:?}", own, known);
        prop_assert!(NAMES.iter().all(|name| *name == own || !has(name)), "{own} {known:?}");
    }
    if let Some((part, _)) = queue.selected_row() {
        let pane = queue.evidence_lines(cx, 60);
        let pane = pane.into_iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
        let foreign = |name: &&&str| {
            let amount = format_amount(debt(name).into(), Currency::EUR);
            **name != part.profile && (pane.contains(**name) || pane.contains(&amount))
        };
        prop_assert_eq!(NAMES.iter().find(foreign), None, "{}", pane);
    }
    Ok(())
}

fn assert_apart(tui: &Tui, effects: &[Effect]) -> Result<(), TestCaseError> {
    for effect in effects {
        match effect {
            Effect::Network(_) => prop_assert!(false, "a request of the overview's own"),
            Effect::Keep(Change::Remember(customer, _)) => {
                let own = customer.profile().unwrap();
                prop_assert!(NAMES.contains(&own.as_str()));
            }
            Effect::Keep(other) => prop_assert!(matches!(other, Change::Reload(..)), "{other:?}"),
            Effect::Hub(HubCommand::Evidence { profile, reference, .. }) => {
                let is_own = |row: &Record| row.booking().unwrap().expose_raw() == reference;
                prop_assert!(rows(profile).iter().any(is_own), "{profile} {reference}");
            }
            _ => {}
        }
    }
    for (customer, decisions) in saved(effects) {
        let own = customer.profile().unwrap();
        for (id, change) in decisions.entries {
            prop_assert!(
                rows(&own).iter().any(|row| row.reference("id").unwrap().expose_raw() == id)
            );
            // What was seen of the penalty, and what another session said, is of this customer.
            let seen = Entry::new(&penalty("x BK1 1969-12-01 pending 1")).seen;
            let known = rows(&own).iter().map(|row| Entry::new(row).seen).collect::<Vec<_>>();
            let entry = change.entry;
            let is_plain = entry.seen == crate::triage::fingerprint::Fingerprint::default();
            prop_assert!(
                is_plain || known.contains(&entry.seen) && entry.seen != seen,
                "{own} {id}"
            );
            let is_foreign = NAMES.iter().any(|name| *name != own && entry.note == *name);
            prop_assert!(!is_foreign, "{own} got {}", entry.note);
        }
    }
    let Some(queue) = tui.triage_all() else { return Ok(()) };
    assert_evidence_apart(queue, &tui.cx)?;
    for row in 0.. {
        let Some((part, record)) = queue.row(row) else { break };
        prop_assert_eq!(&part.customer, &CustomerKey::of_profile(&part.profile));
        if record.reference("id").unwrap().expose_raw() == "same" {
            prop_assert_eq!(record.minor("amount"), amount(&part.profile));
        }
    }
    for part in &queue.parts {
        for entry in part.memory.entries.values() {
            let is_foreign = NAMES.iter().any(|name| *name != part.profile && entry.note == *name);
            prop_assert!(!is_foreign, "{} has {}", part.profile, entry.note);
        }
    }
    Ok(())
}

fn apply(tui: &mut Tui, step: Step) -> Vec<Effect> {
    let keys: Vec<&str> = BINDINGS.iter().flat_map(|it| it.keys.iter().copied()).collect();
    match step {
        Step::News(job, of, with) => send(tui, JobId(job), NAMES[of], penalties(NAMES[with])),
        Step::Trouble(job, of) => send(tui, JobId(job), NAMES[of], News::Trouble(Trouble::Slow)),
        Step::Evidence(job, of) => {
            // The booking that is requested, or another one that has the reference `BK1`.
            let is_asked = |it: &&Asked| it.profile == NAMES[of];
            let asked = tui.triage_all().and_then(|queue| queue.asked.as_ref().filter(is_asked));
            let reference = asked.map_or("BK1", |asked| &asked.booking.1).to_owned();
            let job = asked.filter(|_| job % 2 == 0).map_or(JobId(job), |asked| asked.job);
            let body = format!(
                r#"{{"debt":[{{"amount":{},"currency":"EUR","status":"pending"}}]}}"#,
                debt(NAMES[of])
            );
            let booking = Box::new(Conciliation::read(&reference, &body).unwrap());
            send(tui, job, NAMES[of], News::Evidence(reference, Ok(booking)))
        }
        Step::Collided(of) => {
            let theirs = Some(theirs(NAMES[of]));
            let own = EntryChange::default();
            let id = "same".to_owned();
            let collision = Collision { id, theirs, at: None, own, is_left: false };
            receive(tui, Msg::Collided(CustomerKey::of_profile(NAMES[of]), vec![collision]))
        }
        Step::Reloaded(of, version) => {
            let entries = [("same".to_owned(), theirs(NAMES[of]))].into();
            let file = Box::new(Memory { entries, ..Memory::default() });
            let customer = CustomerKey::of_profile(NAMES[of]);
            receive(tui, Msg::DecisionsReloaded(customer, version, file))
        }
        Step::Key(key) => press(tui, keys[key % keys.len()]),
        Step::Decide(key) => press(tui, KEYS[key]),
        Step::Rest(wait) => {
            let now = tui.cx.now.elapsed + wait;
            update(tui, at(now), Msg::Woken)
        }
        Step::Leave(of) => {
            tui.left_for(NAMES[of]);
            start(tui)
        }
        Step::Follow(in_settings, changed) => {
            let names = NAMES.iter().zip(in_settings).filter(|(_, is_there)| *is_there);
            let names: Vec<String> = names.map(|(name, _)| (*name).to_owned()).collect();
            let changed: Vec<String> = changed.map(|of| NAMES[of].to_owned()).into_iter().collect();
            tui.follow(&names, &changed);
            start(tui)
        }
    }
}

/// The penalties that a key decides: the marked ones, else the one under the cursor.
fn chosen(tui: &Tui) -> BTreeSet<(String, String)> {
    let queue = tui.triage_all().unwrap();
    let chosen = queue.table.chosen_indexes().into_iter();
    let name = |index| {
        let (_, part, record) = queue.record(index)?;
        Some((part.profile.clone(), record.reference("id")?.expose_raw().to_owned()))
    };
    chosen.filter_map(name).collect()
}

/// The penalties whose decisions these effects save.
fn decided(effects: &[Effect]) -> BTreeSet<(String, String)> {
    let all = saved(effects).into_iter();
    let ids = |(customer, decisions): (CustomerKey, Decisions)| {
        let own = customer.profile().unwrap();
        decisions.entries.into_keys().map(move |id| (own.clone(), id))
    };
    all.flat_map(ids).collect()
}

proptest! {
    #[test]
    fn nothing_of_one_customer_is_shown_saved_or_requested_as_of_another(
        is_loaded in any::<bool>(),
        steps in proptest::collection::vec(step(), 0..60)
    ) {
        let mut tui = if is_loaded { queue() } else { opened().0 };
        for step in steps {
            let is_decision = matches!(step, Step::Decide(0..=4))
                && tui.scope() == Scope::Queue
                && tui.cx.switching.is_none();
            let expected = is_decision.then(|| chosen(&tui));
            let effects = apply(&mut tui, step);
            if let Some(expected) = expected {
                prop_assert_eq!(decided(&effects), expected);
            }
            tui.cx.switching = None;
            assert_apart(&tui, &effects)?;
        }
    }
}
