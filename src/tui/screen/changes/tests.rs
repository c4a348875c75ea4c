//! Key scripts on the changes: recording, comparing, opening, copying, writing and counting.

use chrono::NaiveDate;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::journal::Journal;
use crate::journal::look::LookBuilder;
use crate::list::record::Record;
use crate::list::{ALL, Spec};
use crate::net::request::Request;
use crate::state::persisted::Change;
use crate::tui::effect::{Effect, NetCommand};
use crate::tui::keymap::Scope;
use crate::tui::modal::help::Help;
use crate::tui::modal::prompt::Prompt;
use crate::tui::msg::Msg;
use crate::tui::screen::changes::ChangesScreen;
use crate::tui::screen::list::tabs::Tabs;
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, fetches, loaded, press};
use crate::tui::theme::Theme;
use crate::tui::update::update;
use crate::tui::view::view;

/// The invoices of these tests have no ids, so it is unknown whether all of them were compared.
const NO_IDS: &str = "not all rows were compared in: Invoices";

/// A session that records changes, with the rows of `answer_all`.
fn session(total: u32) -> Tui {
    let mut model = loaded(total);
    model.cx.kept.records_changes = true;
    model
}

fn today(model: &Tui) -> NaiveDate {
    model.cx.now.local.date()
}

/// Does with these effects what the journal's thread does; returns the effects of its messages.
fn keep(model: &mut Tui, journal: &mut Journal, effects: &[Effect]) -> Vec<Effect> {
    let mut all = Vec::new();
    for effect in effects {
        let msg = match effect {
            Effect::Keep(Change::Record(_, spec, look, day)) => {
                journal.add(spec.key, look, *day);
                let changed = journal.compare_list(spec, None, *day).changes.len();
                Msg::Recorded(spec, changed)
            }
            Effect::Keep(Change::Compare(_, asked)) => {
                Msg::Compared(asked.number, Ok(journal.compare(asked.since, asked.today)))
            }
            _ => continue,
        };
        let now = model.cx.now;
        all.extend(update(model, now, msg));
    }
    all
}

/// A journal of the day before, with three other rows and one changed row in each list.
fn yesterday(model: &Tui) -> Journal {
    let mut journal = Journal::default();
    let day = today(model).pred_opt().unwrap();
    for spec in ALL {
        let row = |at: u32| {
            let json = format!(
                r#"{{"id":"{at}","document_id":"{at}","booking_id":"BK{at}","reference_id":"BK{at}",
                    "amount":{}}}"#,
                if at == 0 { 700 } else { at }
            );
            Record::read(spec, &json)
        };
        let mut builder = LookBuilder::new(spec);
        builder.add(&(0..4).map(row).collect::<Vec<_>>());
        let look = builder.take(Some(4), true, false).unwrap();
        // The first look counts as one of the day before.
        journal.add(spec.key, &look, day);
        journal.add(spec.key, &look, day);
    }
    journal
}

/// All lists loaded, and their changes shown.
fn changes(line: &str) -> (Tui, Journal) {
    let mut model = session(5);
    let mut journal = yesterday(&model);
    for tab in ["1", "2", "3", "4", "5"] {
        model.cx.now.elapsed += 2_000;
        let mut effects = press(&mut model, &format!("{tab} r"));
        effects.extend(answer_all(&mut model, effects.clone(), 5));
        keep(&mut model, &mut journal, &effects);
    }
    let mut effects = press(&mut model, ":");
    for letter in line.chars() {
        let name = if letter == ' ' { "space".to_owned() } else { letter.to_string() };
        effects.extend(press(&mut model, &name));
    }
    effects.extend(press(&mut model, "enter"));
    keep(&mut model, &mut journal, &effects);
    (model, journal)
}

fn shown(model: &mut Tui, size: (u16, u16)) -> String {
    let now = model.cx.now;
    let _ = update(model, now, Msg::Resized(size.0, size.1));
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| view(model, &Theme::mono(), frame)).unwrap();
    terminal.backend().to_string()
}

#[test]
fn changes_of_all_lists_are_rows_with_old_and_new_values_and_the_tabs_count_the_same() {
    let (mut model, journal) = changes("changes");
    assert_eq!(model.scope(), Scope::Changes);
    for size in [(80, 24), (140, 40)] {
        let text = shown(&mut model, size);
        for spec in ALL {
            assert!(text.contains(spec.title), "{text}");
        }
        for words in ["Amount", "7.00", "0.00", "all 5 rows, compared with 1969-12-31"] {
            assert!(text.contains(words), "{words} in {text}");
        }
    }
    for compared in journal.compare(None, today(&model)) {
        let key = compared.spec.key;
        assert_eq!(model.cx.since.count(key), compared.changes.len(), "{key}");
        // Invoices without ids cannot be distinguished.
        // A payout has no id either: with another amount, it is another payout.
        let expected = match key {
            "invoices" => 0,
            "transactions" => 3,
            _ => 2,
        };
        assert_eq!(model.cx.since.count(key), expected, "{key}: one new, one changed");
    }
    press(&mut model, "q");
    let tabs = shown(&mut model, (140, 40));
    assert!(tabs.contains("Debt 5 open +2"), "{tabs}");
    assert!(Tabs::of(&model.cx, 140).at(2).is_some());
}

#[test]
fn rows_open_their_booking_are_copied_marked_and_written() {
    let (mut model, _) = changes("changes");
    let effects = press(&mut model, "enter");
    let opened = fetches(&effects);
    assert!(opened.iter().any(|(_, _, it)| matches!(it, Request::Booking(_))), "{opened:?}");
    press(&mut model, "q");
    assert_eq!(model.scope(), Scope::Changes);
    let copied = |effects: Vec<Effect>| match effects.as_slice() {
        [Effect::Copy(text)] => text.clone(),
        other => panic!("{other:?}"),
    };
    assert!(copied(press(&mut model, "y")).starts_with("Transactions"));
    let rows = copied(press(&mut model, "a Y"));
    assert!(rows.starts_with("List\tBooking\tChange\tOld\tNew"), "{rows}");
    assert!(rows.contains("Debt\tBK0\tAmount\t7.00\t0.00"), "{rows}");
    let marked = rows.lines().count() - 1;
    press(&mut model, "A space space");
    for (ending, is_there) in
        [("csv", "list,booking_id"), ("json", "\"list\""), ("md", "| list |"), ("txt", "list ")]
    {
        let name: Vec<String> = format!("x.{ending}").chars().map(String::from).collect();
        let effects = press(&mut model, &format!("e ctrl-u {} enter", name.join(" ")));
        let problem = model.modal_of::<Prompt>().and_then(|prompt| prompt.problem.clone());
        let Some(Effect::Save(path, text, what)) = effects.first() else {
            panic!("{effects:?} {problem:?} {:?} {:?}", model.cx.notice, model.scope())
        };
        let text = std::str::from_utf8(text).unwrap();
        assert_eq!(path.to_str(), Some(format!("x.{ending}").as_str()));
        assert_eq!((what.rows.as_str(), what.missing.as_str()), ("2 of 9 rows", NO_IDS));
        assert!(text.contains(is_there), "{text}");
        // The sums of Markdown name the list, too.
        let is_row = |line: &&str| {
            line.to_lowercase().contains("transactions") && !line.contains(" in 1 row")
        };
        assert_eq!(text.lines().filter(is_row).count(), 2, "{marked}: {text}");
        model.modals.clear();
    }
    press(&mut model, "e x enter");
    assert!(model.modal_of::<Prompt>().unwrap().problem.is_some(), "a name without an ending");
}

#[test]
fn a_day_is_compared_with_and_what_is_no_day_of_the_past_is_refused() {
    let (mut model, _) = changes("changes since=yesterday");
    let text = shown(&mut model, (140, 40));
    assert!(text.contains("Changes since 1969-12-31 · 9 records"), "{text}");
    // The journal has only the day before.
    let (mut model, _) = changes("changes since=-7d");
    for size in [(80, 24), (140, 40)] {
        let text = shown(&mut model, size);
        let both = "Changes since 1969-12-31 · nearest saved day; 1969-12-25 was requested";
        assert!(text.contains(both), "{text}");
    }
    let screen = model.stack.last().unwrap().is::<ChangesScreen>().unwrap();
    let theme = Theme::sixteen();
    let title = super::view::title(screen, &theme);
    assert!(title[..2].iter().all(|piece| piece.style == theme.warning));
    for (line, why) in
        [("changes since=tomorrow", "not in the past"), ("changes tomorrow", "not in the past")]
    {
        let (mut model, _) = changes(line);
        assert_eq!(model.scope(), Scope::List);
        let text = shown(&mut model, (80, 24));
        assert!(text.contains(why), "{text}");
    }
    let (model, _) = changes("changes soon");
    assert_eq!(model.scope(), Scope::Command, "what is no day stays in the line");
}

fn proposed(model: &mut Tui) -> String {
    press(model, "e");
    let name = model.modal_of::<Prompt>().unwrap().input.value().to_owned();
    model.modals.clear();
    name
}

#[test]
fn the_name_and_the_message_of_an_export_say_that_it_is_a_part() {
    let (mut model, mut journal) = changes("changes");
    assert_eq!(proposed(&mut model), "changes-1970-01-01-incomplete.csv");
    press(&mut model, "space");
    assert_eq!(proposed(&mut model), "changes-1970-01-01-1-of-9-incomplete.csv");
    press(&mut model, "A");
    // One list cannot be loaded again, and one has more rows than were loaded.
    model.cx.now.elapsed += 60_000;
    let effects = press(&mut model, "r");
    let mut next = Vec::new();
    for (ticket, _, request) in fetches(&effects) {
        let Request::List(query) = &request else { continue };
        let now = model.cx.now;
        match query.spec.key {
            "penalties" => {
                let failure = crate::tui::tests::failure(crate::domain::failure::Kind::Passing);
                next.extend(update(&mut model, now, Msg::Answered(ticket, Err(failure))));
            }
            "debt" => {
                let one = effects.iter().filter(|effect| {
                    matches!(effect, Effect::Network(NetCommand::Send(it, ..)) if *it == ticket)
                });
                let one = one.cloned().collect::<Vec<_>>();
                next.extend(answer_all(&mut model, one, 700));
            }
            _ => {}
        }
    }
    next.extend(effects);
    while !next.is_empty() {
        next = keep(&mut model, &mut journal, &next);
    }
    let name = proposed(&mut model);
    assert!(name.ends_with("-incomplete.csv"), "{name}");
    let text = shown(&mut model, (140, 40));
    assert!(text.contains("; the last load failed"), "{text}");
    let effects = press(&mut model, "e ctrl-u x . c s v enter");
    let Some(Effect::Save(_, _, what)) = effects.first() else { panic!("{effects:?}") };
    assert_eq!(what.missing, "not all rows were compared in: Invoices, Penalties, Debt");
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Saved("/x.csv".into(), Ok(what.clone())));
    let notice = model.cx.notice.clone().unwrap();
    assert!(notice.contains("rows to /x.csv (path copied). Incomplete: not all rows"), "{notice}");
}

#[test]
fn a_comparison_that_fails_is_said_above_the_rows_of_the_one_before() {
    let (mut model, _) = changes("changes");
    let effects = press(&mut model, "r");
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Keep(Change::Compare(_, asked)) => Some(asked.number),
        _ => None,
    });
    let now = model.cx.now;
    let failed = Msg::Compared(asked.unwrap(), Err("the disk is gone".to_owned()));
    let _ = update(&mut model, now, failed);
    for size in [(80, 24), (140, 40)] {
        let text = shown(&mut model, size);
        assert!(text.contains("Could not refresh these changes: the disk is gone"), "{text}");
        assert!(text.contains("7.00"), "{text}");
    }
    assert!(proposed(&mut model).ends_with("-incomplete.csv"));
}

#[test]
fn where_nothing_is_recorded_it_is_said() {
    let mut model = loaded(5);
    assert_eq!(press(&mut model, ": c h a n g e s enter"), []);
    let notice = model.cx.notice.clone().unwrap();
    assert!(notice.starts_with("Changes are not recorded"), "{notice}");
    let mut model = session(5);
    let effects = press(&mut model, ": c h a n g e s enter");
    keep(&mut model, &mut Journal::default(), &effects);
    let text = shown(&mut model, (80, 24));
    assert!(text.contains("Nothing to compare with yet"), "{text}");
}

#[test]
fn a_refresh_on_the_screen_records_the_lists_again_and_shows_what_they_changed() {
    let (mut model, mut journal) = changes("changes");
    let before = shown(&mut model, (140, 40));
    model.cx.now.elapsed += 60_000;
    let mut effects = press(&mut model, "r");
    assert!(fetches(&effects).len() >= 5, "{effects:?}");
    effects.extend(answer_all(&mut model, effects.clone(), 6));
    let mut next = effects;
    while !next.is_empty() {
        next = keep(&mut model, &mut journal, &next);
    }
    let after = shown(&mut model, (140, 40));
    assert!(!before.contains("all 6 rows") && after.contains("all 6 rows"), "{after}");
}

#[test]
fn a_load_is_one_look_and_a_failed_or_filtered_one_claims_nothing() {
    let records = |effects: &[Effect]| -> Vec<(usize, bool)> {
        let look = |effect: &Effect| match effect {
            Effect::Keep(Change::Record(_, _, look, _)) => {
                let is_complete = look.extent.as_ref().is_some_and(|extent| extent.is_complete);
                Some((look.rows.len(), is_complete))
            }
            _ => None,
        };
        effects.iter().filter_map(look).collect()
    };
    let mut model = session(80);
    model.cx.now.elapsed += 2_000;
    let effects = press(&mut model, "r");
    assert_eq!(records(&answer_all(&mut model, effects, 80)), [(80, true)]);
    let mut model = session(2_113);
    let effects = press(&mut model, "L enter");
    let seen = records(&answer_all(&mut model, effects, 2_113));
    assert_eq!(seen.len(), 1, "recorded once, at the end: {seen:?}");
    assert!(seen[0].0 >= 2_013 && seen[0].1, "{seen:?}");
    // A refresh that fails shows no rows.
    model.cx.now.elapsed += 2_000;
    let effects = press(&mut model, "r");
    let (ticket, ..) = fetches(&effects)[0].clone();
    let failure = crate::tui::tests::failure(crate::domain::failure::Kind::Passing);
    let now = model.cx.now;
    let effects = update(&mut model, now, Msg::Answered(ticket, Err(failure)));
    assert_eq!(records(&effects), []);
    let mut model = session(5);
    let effects = press(&mut model, ": d e b t space s t a t u s = p a i d enter");
    let effects = answer_all(&mut model, effects, 5);
    assert_eq!(
        records(&effects).last(),
        Some(&(5, false)),
        "of a filtered list nobody knows the rest"
    );
}

#[test]
fn the_help_finds_it_and_the_command_line_opens_on_every_screen() {
    let mut model = session(5);
    press(&mut model, "? n e w , space c h a n g e d");
    let help = model.modal_of::<Help>().unwrap();
    assert!(help.shown().any(|(line, _)| line.text.contains("changes [since=DATE]")));
    for keys in [":", "4 :", "4 t :", "4 t t :", "enter :", ": c h a n g e s enter :"] {
        let mut model = session(5);
        let effects = press(&mut model, keys);
        answer_all(&mut model, effects, 5);
        assert_eq!(model.scope(), Scope::Command, "{keys}");
    }
}

#[test]
fn the_tracked_date_of_an_order_is_tracked() {
    for spec in ALL.iter().filter(|spec| spec.newest_first.is_some()) {
        let field = spec.newest_first.unwrap();
        assert!(spec.tracked.contains(&field) && spec.position(field).is_some(), "{}", spec.key);
    }
    assert!(ALL.iter().all(|spec: &&Spec| !spec.tracked.is_empty()), "all lists are recorded");
}
