//! Every outcome is seen, also those that are found out later, and rows show no state of before.

use super::*;
use crate::domain::failure::Kind;
use crate::tui::effect::{Effect, NetCommand, Ticket};
use crate::tui::tests::{answer_all, failure};
use crate::tui::writes::WriteCommand;
use crate::writes::log::{Entry, Record as Line, Unresolved};

const LOG: &str = include_str!("../../../view/tests/audit.jsonl");

/// The first intent of a log.
fn unresolved(id: &str) -> Unresolved {
    let entries = LOG.lines().map(|line| serde_json::from_str::<Entry>(line).unwrap());
    let intent = entries.filter_map(|entry| match entry.record {
        Line::Intent(intent) => Some(*intent),
        _ => None,
    });
    let intent = intent.into_iter().next().unwrap();
    Unresolved { id: id.to_owned(), at: String::new(), intent, status: None }
}

fn found_out(tui: &mut Tui, open: &[&str], found: &[&str]) -> Vec<Effect> {
    let open = open.iter().map(|id| unresolved(id)).collect();
    let done = |name: &&str| {
        let outcome = outcome(&block().write, Verdict::Done, "the payment is blocked");
        ((*name).to_owned(), outcome)
    };
    let found = found.iter().map(done).collect();
    news(tui, WriteNews::FoundOut(Ok(FoundOut { open, found })))
}

#[test]
fn an_outcome_stays_on_the_screen_until_a_window_shows_it() {
    for verdict in [Verdict::Changed, Verdict::NotSent, Verdict::Refused, Verdict::Done] {
        let mut tui = payments(true);
        confirmed(&mut tui);
        news(&mut tui, WriteNews::Progress(Progress::Sending));
        press(&mut tui, "esc");
        end(&mut tui, verdict, None);
        let said = tui.cx.notice.clone().unwrap();
        assert!(said.starts_with("HB100003: "), "{said}");
        press(&mut tui, "j j 5 2");
        for (width, words) in [(100, "1 outcome: ! shows it"), (60, "1 outcome: !")] {
            let now = tui.cx.now;
            let _ = update(&mut tui, now, Msg::Resized(width, 16));
            assert!(drawn(&tui).contains(words), "{verdict:?} {width}\n{}", drawn(&tui));
        }
        press(&mut tui, "!");
        let window = window(&tui);
        let is_plan = matches!(window.stage, Stage::Asking(_));
        assert_eq!(is_plan, matches!(verdict, Verdict::Changed | Verdict::NotSent), "{verdict:?}");
        assert_eq!(window.note.value(), "ticket 4711");
        assert!(drawn(&tui).contains("HB100003"), "{}", drawn(&tui));
        press(&mut tui, "esc");
        assert!(!drawn(&tui).contains("1 outcome"), "{}", drawn(&tui));
    }
}

#[test]
fn each_outcome_that_is_found_out_later_is_named_and_shown() {
    let mut tui = payments(true);
    found_out(&mut tui, &[], &["HB1", "HB2"]);
    let shown = drawn(&tui);
    assert!(shown.contains("HB1: ✓ blocked") && shown.contains("HB2: ✓ blocked"), "{shown}");
    assert!(shown.contains("2 outcomes: ! shows it"), "{shown}");
    press(&mut tui, "!");
    assert!(drawn(&tui).contains("HB1"), "{}", drawn(&tui));
    press(&mut tui, "esc !");
    assert!(drawn(&tui).contains("HB2"), "{}", drawn(&tui));
    press(&mut tui, "esc");
    assert_eq!(tui.cx.writes.unseen.len(), 0);
}

#[test]
fn an_unreadable_log_ends_no_looks_and_a_slow_look_forgets_no_write() {
    let mut tui = payments(true);
    tui.cx.find_out();
    news(&mut tui, WriteNews::FoundOut(Err("The audit log could not be read".to_owned())));
    let effects = wake_after(&mut tui, 60_000);
    assert_eq!(commands(&effects), [&WriteCommand::FindOut], "it is read again");
    assert_eq!(commands(&wake_after(&mut tui, 200_000)), [] as [&WriteCommand; 0], "one at a time");
    // While that look runs, a write ends with an unknown outcome.
    confirmed(&mut tui);
    end(&mut tui, Verdict::Unknown, None);
    found_out(&mut tui, &["w0"], &[]);
    let known: Vec<&str> = tui.cx.writes.unknown.keys().map(String::as_str).collect();
    assert_eq!(known, ["w0", "w1"]);
    found_out(&mut tui, &[], &[]);
    assert_eq!(tui.cx.writes.unknown.len(), 0);
}

#[test]
fn no_outcome_claims_that_nothing_changed() {
    for verdict in [Verdict::Refused, Verdict::NotSeen, Verdict::Partly, Verdict::Reverted] {
        let mut tui = payments(true);
        confirmed(&mut tui);
        end(&mut tui, verdict, Some(404));
        assert!(!drawn(&tui).contains("changed nothing"), "{}", drawn(&tui));
        assert!(drawn(&tui).contains("HB100003 · rent-collection"), "{}", drawn(&tui));
    }
}

#[test]
fn each_audit_screen_is_loaded_and_the_command_opens_no_second_one_on_top() {
    let mut tui = payments(true);
    press(&mut tui, ": a u d i t enter");
    press(&mut tui, ": a u d i t enter");
    let depth = tui.screens::<crate::tui::screen::audit::AuditScreen>().count();
    assert_eq!(depth, 1);
    confirmed_write(&mut tui);
    let entries = LOG.lines().next().map(|line| serde_json::from_str(line).unwrap());
    let log = crate::writes::log::Contents {
        entries: entries.into_iter().collect(),
        ..Default::default()
    };
    news(&mut tui, WriteNews::Log(Ok(Box::new(log))));
    assert!(drawn(&tui).contains("under way"), "{}", drawn(&tui));
}

/// A write that is under way, equal to the first one of the log.
fn confirmed_write(tui: &mut Tui) {
    let write = unresolved("w").intent.write;
    let plan = Box::new(Plan { write, ..block() });
    let (note, now) = (String::new(), tui.cx.now);
    let stage = Progress::Sending;
    tui.cx.writes.under_way = Some(UnderWay { plan, note, stage, stage_since: now });
}

fn with_rows(tui: &mut Tui) {
    let row = |id: u32| {
        let json = format!(r#"{{"id":"{id}","sourceRefCode":"HB{id}","status":"Ready"}}"#);
        Record::read(&SPEC, &json)
    };
    tui.cx.list_mut().table.replace([(0..9).map(row).collect()]);
}

#[test]
fn rows_that_were_loading_before_the_write_are_loaded_once_more() {
    let mut tui = payments(true);
    with_rows(&mut tui);
    confirmed(&mut tui);
    news(&mut tui, WriteNews::Progress(Progress::Sending));
    press(&mut tui, "esc");
    let older = fetches(&press(&mut tui, "r"));
    let asked = fetches(&end(&mut tui, Verdict::Done, Some(204)));
    let [(row, ..)] = &asked[..] else { panic!("{asked:?}") };
    let page = |status: &str| {
        let json = format!(r#"{{"id":"0","sourceRefCode":"HB0","status":"{status}"}}"#);
        let rows = vec![Record::read(&SPEC, &json)];
        Response::Page(Page { rows, total: Some(1), current: 1, last: Some(1), per_page: 100 })
    };
    let now = tui.cx.now;
    assert_eq!(fetches(&update(&mut tui, now, Msg::Answered(*row, Ok(page("new"))))), []);
    let (ticket, ..) = older[0];
    let again = fetches(&update(&mut tui, now, Msg::Answered(ticket, Ok(page("Ready")))));
    let rows = again
        .iter()
        .find(|(.., it)| matches!(it, Request::List(query) if !query.filters.is_empty()));
    let (ticket, ..) = rows.unwrap_or_else(|| panic!("{again:?}"));
    assert!(!drawn(&tui).contains('~'), "the row is of before: {}", drawn(&tui));
    let _ = update(&mut tui, now, Msg::Answered(*ticket, Ok(page("new"))));
    assert_eq!(drawn(&tui).matches('~').count(), 1, "{}", drawn(&tui));
}

#[test]
fn a_row_that_cannot_be_loaded_again_says_so_and_an_open_write_has_its_own_mark() {
    let mut tui = payments(true);
    with_rows(&mut tui);
    confirmed(&mut tui);
    let asked = fetches(&end(&mut tui, Verdict::Unknown, None));
    press(&mut tui, "esc");
    let (ticket, ..) = asked[0];
    let now = tui.cx.now;
    let _ = update(&mut tui, now, Msg::Answered(ticket, Err(failure(Kind::Passing))));
    let shown = drawn(&tui);
    assert!(shown.contains("could not be loaded again") && !shown.contains('~'), "{shown}");
    let is_marked =
        |line: &&str| line.starts_with('?') || line.contains("▸?") || line.contains("? ");
    assert!(shown.lines().skip(2).any(|line| is_marked(&line)), "{shown}");
}

#[test]
fn a_changed_object_is_loaded_again() {
    let mut tui = payments(true);
    with_rows(&mut tui);
    confirmed(&mut tui);
    assert_eq!(fetches(&end(&mut tui, Verdict::Changed, None)).len(), 1);
    press(&mut tui, "esc");
    confirmed(&mut tui);
    assert_eq!(fetches(&end(&mut tui, Verdict::NotSent, None)), []);
}

#[test]
fn a_report_that_was_loading_during_a_write_is_loaded_completely_and_anew() {
    let mut tui = payments(true);
    let before = press(&mut tui, "enter");
    let plan = Box::new(block());
    let (note, stage_since) = (String::new(), tui.cx.now);
    let stage = Progress::Sending;
    tui.cx.writes.under_way = Some(UnderWay { plan, note, stage, stage_since });
    let after = end(&mut tui, Verdict::Done, Some(204));
    let is_cancelled = |ticket: Ticket| {
        after
            .iter()
            .any(|it| matches!(it, Effect::Network(NetCommand::Cancel(it)) if *it == ticket))
    };
    let asked = fetches(&before);
    let old: Vec<&Request> =
        asked.iter().filter(|it| is_cancelled(it.0)).map(|(.., it)| it).collect();
    assert!(!old.is_empty(), "{asked:?}");
    let sent: Vec<Request> = fetches(&after).into_iter().map(|(.., it)| it).collect();
    assert!(old.iter().all(|it| sent.contains(it)), "{sent:?}");
    let is_left = |it: &Effect| match it {
        Effect::Network(NetCommand::Send(ticket, ..)) => !is_cancelled(*ticket),
        _ => false,
    };
    let open: Vec<Effect> = before.into_iter().chain(after.clone()).filter(is_left).collect();
    answer_all(&mut tui, open, 1);
    assert!(!drawn(&tui).contains("loading"), "{}", drawn(&tui));
}
