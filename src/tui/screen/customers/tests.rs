//! All customers on the pure update: what is loaded when, under which name, and where a cell leads.

mod names;

use std::collections::BTreeMap;

use crate::customers::state::{RowState, Trouble};
use crate::customers::summary::Summary;
use crate::customers::tests::{Lists, lists};
use crate::domain::customer::CustomerKey;
use crate::domain::failure::Kind;
use crate::hub::{HubCommand, HubEvent, JobId, News, Unlock};
use crate::tui::effect::Effect;
use crate::tui::landing::{AllView, Destination, Landing, Visit};
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{at, failure, press};
use crate::tui::update::{start, update, wake_at};

const NAMES: [&str; 4] = ["acme", "globex", "initech", "hooli"];

/// Rows of a customer whose payouts are blocked, of one with overdue penalties, of one with old debt,
/// and of one that needs nothing.
fn rows(name: &str) -> Lists {
    match name {
        "acme" => lists(&["debt 2026-12-01 pending 4000 EUR 4000"]),
        "globex" => lists(&[
            "scheduled 2026-11-02 missing_iban 123456 EUR 123456",
            "debt 2026-11-01 overdue 90000 PLN 21000",
        ]),
        "initech" => lists(&["penalties 2026-10-01 pending 5000 EUR 5000"]),
        _ => lists(&["debt 2026-01-01 overdue 70000 EUR 70000"]),
    }
}

fn summary(name: &str) -> Box<Summary> {
    Box::new(Summary { customer: CustomerKey::of_profile(name), ..rows(name).summary() })
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The jobs among the effects, by profile.
fn jobs(effects: &[Effect]) -> BTreeMap<String, (JobId, Unlock)> {
    let load = |effect: &Effect| match effect {
        Effect::Hub(HubCommand::Load { job, profile, unlock }) => {
            Some((profile.clone(), (*job, *unlock)))
        }
        _ => None,
    };
    effects.iter().filter_map(load).collect()
}

fn opened() -> (Tui, BTreeMap<String, (JobId, Unlock)>) {
    let mut tui = Tui::of_customers(&names(&NAMES), (80, 24), at(0));
    let jobs = jobs(&start(&mut tui));
    (tui, jobs)
}

fn send(tui: &mut Tui, job: JobId, profile: &str, news: News) -> Vec<Effect> {
    let now = tui.cx.now;
    update(tui, now, Msg::Hub(HubEvent { job, profile: profile.to_owned(), news }))
}

/// All customers, loaded.
fn loaded() -> Tui {
    let (mut tui, jobs) = opened();
    for (profile, (job, _)) in jobs {
        let (environment, is_production) = match profile.as_str() {
            "globex" => ("PRODUCTION".to_owned(), true),
            _ => ("sandbox".to_owned(), false),
        };
        send(&mut tui, job, &profile, News::Connected { environment, is_production });
        send(&mut tui, job, &profile, News::Summary(summary(&profile)));
    }
    tui
}

fn shown(tui: &Tui) -> Vec<String> {
    let table = &tui.cx.list().table;
    let name = |row| table.row(row).and_then(|it| it.text("profile")).unwrap().shown().into_owned();
    (0..table.len()).map(name).collect()
}

fn state<'a>(tui: &'a Tui, name: &str) -> &'a RowState {
    &tui.customers().unwrap().rows().iter().find(|row| row.profile == name).unwrap().state
}

/// The customers that are to be opened.
pub(in crate::tui) fn visits(effects: &[Effect]) -> Vec<(String, Landing)> {
    let visit = |effect: &Effect| match effect {
        Effect::Go(Destination::Customer(Visit { profile, landing })) => {
            Some((profile.clone(), landing.clone()))
        }
        _ => None,
    };
    effects.iter().filter_map(visit).collect()
}

#[test]
fn all_are_loaded_at_the_start_and_the_most_urgent_is_first_and_under_the_cursor() {
    let (tui, jobs) = opened();
    assert_eq!(jobs.keys().collect::<Vec<_>>(), ["acme", "globex", "hooli", "initech"]);
    assert!(jobs.values().all(|(_, unlock)| *unlock == Unlock::NotAsked));
    assert_eq!(shown(&tui), NAMES, "until they are known, in the order of the settings");
    let mut tui = loaded();
    assert_eq!(shown(&tui), ["globex", "initech", "hooli", "acme"]);
    assert_eq!(tui.cx.list().table.cursor(), 0);
    assert_eq!(wake_at(&tui), None, "nothing happens by itself");
    // A row that the user chose stays under the cursor.
    press(&mut tui, "j");
    let job = jobs_of(&press(&mut tui, "r"), "initech");
    send(
        &mut tui,
        job,
        "initech",
        News::Summary(Box::new(Summary {
            customer: CustomerKey::of_profile("initech"),
            ..rows("acme").summary()
        })),
    );
    assert_eq!(shown(&tui), ["globex", "hooli", "acme", "initech"].map(String::from));
    assert_eq!(tui.cx.list().table.cursor(), 3);
}

fn jobs_of(effects: &[Effect], profile: &str) -> JobId {
    jobs(effects)[profile].0
}

#[test]
fn each_cell_leads_to_what_it_is_about() {
    for (column, landing) in [
        ("profile", Landing::Place),
        ("environment", Landing::Place),
        ("need", Landing::HeldUp),
        ("open_eur", Landing::OpenDebt),
        ("open", Landing::OpenDebt),
        ("over_90", Landing::OldDebt),
        ("over_90_eur", Landing::OldDebt),
        ("penalties", Landing::Penalties),
        ("held_up", Landing::HeldUp),
        ("next_payout", Landing::Coming),
        ("next_amount", Landing::Coming),
        ("changed", Landing::Changes),
        ("status", Landing::Place),
        ("as_of", Landing::Place),
    ] {
        let mut tui = loaded();
        tui.cx.list_mut().table.go_to_column(column);
        let effects = press(&mut tui, "enter");
        assert_eq!(visits(&effects), [("globex".to_owned(), landing)], "{column}");
        assert_eq!(tui.cx.switching.as_deref(), Some("globex"));
    }
    for (row, landing) in
        [(0, Landing::HeldUp), (1, Landing::Penalties), (2, Landing::OldDebt), (3, Landing::Place)]
    {
        let mut tui = loaded();
        tui.cx.list_mut().table.go_to_row(row);
        let effects = press(&mut tui, "enter");
        assert_eq!(visits(&effects)[0].1, landing, "the need of row {row}");
    }
}

#[test]
fn one_is_loaded_again_by_the_user_and_all_after_the_settings_were_read_again() {
    let mut tui = loaded();
    let effects = press(&mut tui, "r");
    assert_eq!(
        jobs(&effects).into_iter().map(|(name, (_, unlock))| (name, unlock)).collect::<Vec<_>>(),
        [("globex".to_owned(), Unlock::NotAsked)]
    );
    assert!(matches!(state(&tui, "globex"), RowState::Reloading(_)), "its figures stay");
    assert_eq!(press(&mut tui, "r"), [], "it loads already");
    assert_eq!(press(&mut tui, "R"), [], "so do not load all again and again");
    let (job, _) = jobs(&effects)["globex"];
    send(&mut tui, job, "globex", News::Summary(summary("globex")));
    assert_eq!(press(&mut tui, "R"), [Effect::Go(Destination::Customers(AllView::Customers))]);
    tui.follow(&names(&["globex", "umbrella", "acme"]), &[]);
    tui.reload_customers();
    let effects = start(&mut tui);
    assert_eq!(jobs(&effects).keys().collect::<Vec<_>>(), ["acme", "globex", "umbrella"]);
    assert_eq!(shown(&tui), ["globex", "acme", "umbrella"], "one is new and two are gone");
}

#[test]
fn a_locked_customer_is_unlocked_by_the_user_alone_and_a_changed_profile_is_a_new_customer() {
    let mut tui = loaded();
    let job = jobs_of(&press(&mut tui, "r"), "globex");
    send(&mut tui, job, "globex", News::Trouble(Trouble::Locked("pass".to_owned())));
    let effects = press(&mut tui, "r");
    assert_eq!(jobs(&effects)["globex"].1, Unlock::ByUser);
    let (job, _) = jobs(&effects)["globex"];
    // The settings name another server for it while it loads.
    tui.follow(&names(&NAMES), &names(&["globex"]));
    let effects = start(&mut tui);
    assert!(effects.contains(&Effect::Hub(HubCommand::Cancel(job))), "{effects:?}");
    assert_eq!(jobs(&effects).keys().collect::<Vec<_>>(), ["globex"]);
    assert_eq!(state(&tui, "globex"), &RowState::Queued, "the old figures are gone");
    tui.follow(&names(&["acme"]), &[]);
    let effects = start(&mut tui);
    assert!(matches!(effects[..], [Effect::Hub(HubCommand::Cancel(_))]), "{effects:?}");
    assert_eq!(tui.customers().unwrap().progress(), (0, 1));
}

#[test]
fn only_the_customer_that_was_opened_is_loaded_again_on_the_way_back() {
    let mut tui = loaded();
    press(&mut tui, "enter");
    tui.left_for("globex");
    tui.follow(&names(&NAMES), &[]);
    let effects = start(&mut tui);
    assert_eq!(jobs(&effects).keys().collect::<Vec<_>>(), ["globex"]);
    assert_eq!(start(&mut tui), [], "once");
    let (mut tui, jobs_before) = opened();
    tui.left_for("acme");
    assert_eq!(state(&tui, "acme"), &RowState::Queued);
    let late = News::Summary(summary("acme"));
    send(&mut tui, jobs_before["acme"].0, "acme", late);
    assert_ne!(state(&tui, "acme"), &RowState::Ready(summary("acme")), "that job has ended");
}

#[test]
fn figures_stay_when_a_load_fails_and_a_limit_is_waited_for_once() {
    let mut tui = loaded();
    let job = jobs_of(&press(&mut tui, "r"), "globex");
    let offline = Trouble::Offline(failure(Kind::Passing));
    send(&mut tui, job, "globex", News::Trouble(offline));
    let RowState::Stale(old, Trouble::Offline(_)) = state(&tui, "globex") else { panic!() };
    assert_eq!(*old, summary("globex"));
    assert_eq!(shown(&tui)[0], "globex", "what is known still counts");
    tui.cx.now = at(2_000);
    let job = jobs_of(&press(&mut tui, "r"), "globex");
    send(&mut tui, job, "globex", News::Trouble(Trouble::Limited { until: 9_000 }));
    assert_eq!(wake_at(&tui), Some(9_000));
    assert_eq!(update(&mut tui, at(8_000), Msg::Woken), []);
    let effects = update(&mut tui, at(9_000), Msg::Woken);
    let job = jobs_of(&effects, "globex");
    assert_eq!(wake_at(&tui), None);
    // Also if only a part of it was loaded before the limit.
    let part = Summary { limited_until: Some(69_000), ..*summary("globex") };
    send(&mut tui, job, "globex", News::Summary(Box::new(part)));
    assert_eq!(wake_at(&tui), Some(69_000));
    let effects = update(&mut tui, at(69_000), Msg::Woken);
    assert_eq!(jobs(&effects).keys().collect::<Vec<_>>(), ["globex"]);
    assert_eq!(wake_at(&tui), None);
}

#[test]
fn esc_ends_what_was_begun_and_never_the_program() {
    let mut tui = loaded();
    press(&mut tui, "/ h o o enter");
    assert_eq!(shown(&tui), ["hooli"]);
    press(&mut tui, "space p esc");
    assert!(!tui.top().detail().is_open && !tui.cx.list().table.marks.is_empty());
    press(&mut tui, "esc");
    assert!(tui.cx.list().table.marks.is_empty());
    press(&mut tui, "esc");
    assert_eq!(shown(&tui).len(), 4);
    assert_eq!(tui.cx.notice.as_deref(), Some("Search removed."));
    assert_eq!(press(&mut tui, "esc esc"), []);
    assert_eq!(press(&mut tui, "q"), [Effect::Quit]);
}

#[test]
fn commands_of_one_customer_ask_for_one() {
    for typed in
        [": d e b t", ": b l o c k e d", ": c h a n g e s", ": l o a d space a l l", ": a u t o"]
    {
        let mut tui = loaded();
        assert_eq!(press(&mut tui, &format!("{typed} enter")), [], "{typed}");
        assert_eq!(tui.cx.notice.as_deref(), Some("Open a customer first."), "{typed}");
    }
    let mut tui = loaded();
    assert_eq!(press(&mut tui, ": s o r t space p r o f i l e enter"), []);
    assert_eq!(shown(&tui), ["acme", "globex", "hooli", "initech"]);
    assert_eq!(press(&mut tui, ": c u s t o m e r s enter"), []);
    assert_eq!(tui.cx.notice.as_deref(), Some("All customers are shown already."));
}

#[test]
fn the_export_is_what_the_command_line_prints() {
    let mut tui = loaded();
    press(&mut tui, "j space e");
    let effects = press(&mut tui, "enter");
    let [Effect::Save(path, text, written)] = &effects[..] else { panic!("{effects:?}") };
    let text = std::str::from_utf8(text).unwrap();
    assert_eq!(path.to_str(), Some("customers-1970-01-01-1-of-4.csv"));
    assert_eq!((written.rows.as_str(), text.lines().count()), ("1 of 4 rows", 2));
    assert!(
        text.lines().nth(1).unwrap().starts_with("initech,sandbox,1 penalty overdue,"),
        "{text}"
    );
    let mut tui = loaded();
    let effects = press(&mut tui, "j space e ctrl-u x . h t m l enter");
    let [Effect::Save(_, page, _)] = &effects[..] else { panic!("{effects:?}") };
    let page = std::str::from_utf8(page).unwrap();
    assert!(page.contains("<p>1 of 4 rows</p>"), "a part does not look like all: {page}");
    let mut tui = loaded();
    let job = jobs_of(&press(&mut tui, "r"), "globex");
    send(&mut tui, job, "globex", News::Trouble(Trouble::Slow));
    let effects = press(&mut tui, "e enter");
    let [Effect::Save(path, _, written)] = &effects[..] else { panic!("{effects:?}") };
    assert!(path.to_str().unwrap().ends_with("-incomplete.csv"));
    assert_eq!(written.missing, "not everything is loaded for 1 customer");
}

/// A row in each state.
fn all_states(size: (u16, u16)) -> Tui {
    let troubles = [
        Trouble::NoToken,
        Trouble::Locked("pass".to_owned()),
        Trouble::Refused(failure(Kind::Access)),
        Trouble::Offline(failure(Kind::Passing)),
        Trouble::Limited { until: 60_000 },
        Trouble::Slow,
        Trouble::Failed(failure(Kind::Passing)),
        Trouble::Settings("the base URL cannot be used".to_owned()),
    ];
    let others: Vec<String> = (0..troubles.len()).map(|at| format!("customer-{at}")).collect();
    let all: Vec<String> = names(&NAMES).into_iter().chain(others).collect();
    let mut tui = Tui::of_customers(&all, size, at(0));
    let jobs = jobs(&start(&mut tui));
    for name in &NAMES[..3] {
        let (environment, is_production) = ("PRODUCTION".to_owned(), true);
        send(&mut tui, jobs[*name].0, name, News::Connected { environment, is_production });
        send(&mut tui, jobs[*name].0, name, News::Summary(summary(name)));
    }
    let part = Summary {
        customer: CustomerKey::of_profile("initech"),
        ..rows("initech").part().summary()
    };
    tui.cx.now = at(2_000);
    press(&mut tui, "j");
    let job = jobs_of(&press(&mut tui, "r"), "initech");
    send(&mut tui, job, "initech", News::Summary(Box::new(part)));
    for (place, trouble) in troubles.into_iter().enumerate() {
        let name = format!("customer-{place}");
        send(&mut tui, jobs[&name].0, &name, News::Trouble(trouble));
    }
    tui
}

#[test]
fn every_state_is_readable_at_both_sizes() {
    insta::assert_snapshot!("states_80x24", drawn(&all_states((80, 24))));
    insta::assert_snapshot!("states_140x40", drawn(&all_states((140, 40))));
    let mut tui = all_states((140, 40));
    press(&mut tui, "g p");
    insta::assert_snapshot!("detail_140x40", drawn(&tui));
    for size in [(60, 20), (40, 10)] {
        let shown = drawn(&all_states(size));
        assert!(shown.contains("globex") && shown.contains("12 customers"), "{shown}");
    }
}

#[test]
fn a_booking_is_looked_for_in_all_customers_and_opened_where_it_is() {
    let mut tui = loaded();
    let effects = press(&mut tui, "b 4 1 7 3 5 6 enter");
    let [Effect::Hub(HubCommand::Find { job, profiles, references })] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((profiles.len(), references[0].as_str()), (4, "BK417356"));
    assert!(tui.modal().is_none());
    assert_eq!(tui.cx.notice.as_deref(), Some("Looking for 417356 in 4 customers… esc cancels"));
    let effects = send(&mut tui, *job, "initech", News::Found("BK417356".to_owned()));
    assert_eq!(visits(&effects), [("initech".to_owned(), Landing::Booking("BK417356".to_owned()))]);

    let mut tui = loaded();
    let effects = press(&mut tui, ": b o o k i n g space B K 7 enter");
    let [Effect::Hub(HubCommand::Find { job, .. })] = &effects[..] else { panic!("{effects:?}") };
    let troubles = NAMES.map(|name| (name.to_owned(), Trouble::Slow)).to_vec();
    send(&mut tui, *job, "", News::NotFound(troubles[..1].to_vec()));
    let text = "BK7 was not found in 3 customers. 1 could not be searched: acme (slow).";
    assert_eq!(tui.cx.notice.as_deref(), Some(text));

    let effects = press(&mut tui, "b B K 8 enter");
    let [Effect::Hub(HubCommand::Find { job, .. })] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(press(&mut tui, "esc"), [Effect::Hub(HubCommand::Cancel(*job))]);
    assert_eq!(tui.cx.notice.as_deref(), Some("Stopped looking for BK8."));
    assert_eq!(send(&mut tui, *job, "acme", News::Found("BK8".to_owned())), [], "too late");
}
