//! The home of a customer: its figures are those of the rows that its lines open.

use super::*;
use crate::customers::tests::lists;
use crate::figures::Figures;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::tui::effect::Effect;
use crate::tui::landing::Landing;
use crate::tui::msg::Msg;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{at, failure, fetches, press};
use crate::tui::update::{start, update};

/// 2026-11-20, as the rows.
fn now() -> Now {
    let local = crate::customers::tests::TODAY.and_hms_opt(9, 0, 0).unwrap();
    Now { local, ..at(0) }
}

fn rows() -> Vec<Record> {
    let scheduled = [
        "scheduled 2026-11-10 missing_iban 80000 EUR",
        "scheduled 2026-11-11 has_debt 10000 PLN",
        "scheduled 2026-11-26 upcoming 30000 EUR",
        "scheduled 2026-12-10 upcoming 10000 EUR",
        "debt 2026-07-01 overdue 700000 EUR 700000",
        "debt 2026-11-01 overdue 20000 GBP 24000",
        "debt 2025-01-01 paid 99900 EUR 99900",
        "penalties 2026-11-01 notify 3000 EUR 3000",
    ];
    let all = lists(&scheduled);
    let paid = [("2026-11-03", 4_000), ("2026-11-18", 5_000), ("2026-10-31", 600)];
    let paid = paid.map(|(day, amount)| {
        let json = format!(
            r#"{{"booking_id":"BK1","issued_on":"{day}","amount":{amount},"currency":"EUR"}}"#
        );
        Record::read(&transactions::SPEC, &json)
    });
    [all.debt, all.penalties, all.scheduled, paid.to_vec()].concat()
}

/// Answers each list request with the rows of that list, unfiltered.
fn answer(tui: &mut Tui, effects: Vec<Effect>, total: Option<u64>) -> Vec<Effect> {
    let (mut open, mut all) = (fetches(&effects), effects);
    while let Some((ticket, _, request)) = open.pop() {
        let answer = match request {
            Request::List(query) => {
                let rows: Vec<Record> =
                    rows().into_iter().filter(|row| row.spec().is(query.spec)).collect();
                let total = total.or(Some(rows.len() as u64));
                let per_page = query.per_page;
                Ok(Response::Page(Page { rows, total, current: 1, last: None, per_page }))
            }
            _ => Err(failure(crate::domain::failure::Kind::Passing)),
        };
        let effects = update(tui, now(), Msg::Answered(ticket, answer));
        open.extend(fetches(&effects));
        all.extend(effects);
    }
    all
}

fn home(total: Option<u64>) -> (Tui, Vec<Effect>) {
    let mut tui = crate::tui::tests::loaded(5);
    tui = Tui::new(tui.cx.session, tui.cx.kept, (80, 24), now());
    tui.cx.behind.customers = true;
    tui.cx.land(&Landing::Home);
    let effects = start(&mut tui);
    let effects = answer(&mut tui, effects, total);
    (tui, effects)
}

fn line(tui: &Tui, label: &str) -> String {
    let screen = tui.screens::<HomeScreen>().next().unwrap();
    screen.lines.iter().find(|line| line.label == label).unwrap().text()
}

#[test]
fn each_line_is_a_figure_of_its_list_and_costs_the_requests_of_the_tabs_only() {
    let (tui, effects) = home(None);
    let asked: Vec<&str> = fetches(&effects)
        .iter()
        .filter_map(|(_, _, request)| match request {
            Request::List(query) => Some(query.spec.key),
            _ => None,
        })
        .collect();
    let opened = |key| asked.iter().filter(|asked| **asked == key).count();
    assert_eq!(["transactions", "scheduled", "penalties", "debt"].map(opened), [1; 4], "{asked:?}");
    assert_eq!(
        line(&tui, "Payouts held up"),
        "Payouts held up: 2 · EUR 800.00, PLN 100.00 · needs IBAN (1); blocked by debt (1)"
    );
    assert_eq!(
        line(&tui, "Open debt"),
        "Open debt: 2 · in EUR 7,240.00 · EUR 7,000.00, GBP 200.00 · over 90 days EUR 7,000.00"
    );
    assert_eq!(line(&tui, "To decide"), "To decide: 1 · 1 overdue · EUR 30.00");
    assert_eq!(line(&tui, "Due in 7 days"), "Due in 7 days: 1 · EUR 300.00");
    assert_eq!(line(&tui, "Due in 30 days"), "Due in 30 days: 2 · EUR 400.00");
    assert_eq!(line(&tui, "Paid this month"), "Paid this month: 2 · EUR 90.00");
    assert_eq!(line(&tui, "Paid last month"), "Paid last month: 1 · EUR 6.00");
    let largest = line(&tui, "Largest debts");
    assert_eq!(largest, "Largest debts: EUR 7,000.00 · BK4 · 142 days overdue");
    let debt: Vec<Record> = rows().into_iter().filter(|row| row.spec().is(&debt::SPEC)).collect();
    let open = Figures::of(&debt, crate::customers::tests::TODAY).open;
    assert!(line(&tui, "Open debt").contains(&open.sums.in_words()));
    insta::assert_snapshot!("home_80x24", drawn(&tui));
}

#[test]
fn a_part_says_so_and_an_older_month_is_whole_once_older_rows_are_loaded() {
    let (mut tui, _) = home(Some(900));
    assert!(line(&tui, "Payouts held up").starts_with("Payouts held up: 2+ · "));
    assert!(line(&tui, "Open debt").contains("(3 of 900)"));
    assert_eq!(line(&tui, "Paid this month"), "Paid this month: 2 · EUR 90.00");
    assert_eq!(line(&tui, "Paid last month"), "Paid last month: 1+ · (3 of 900) · EUR 6.00");
    press(&mut tui, "j");
    let shown = drawn(&tui);
    assert!(shown.contains("(3 of 900)"), "{shown}");
}

#[test]
fn each_line_opens_its_rows_and_esc_returns_to_the_home_and_then_to_all_customers() {
    for (at, title) in [
        (0, "Held up: 2 of 4"),
        (1, "Open: 2 of 3"),
        (2, "Penalties"),
        (3, "Due: today..+7d"),
        (4, "Due: today..+30d"),
        (5, "Paid: this-month"),
        (6, "Paid: last-month"),
    ] {
        let (mut tui, _) = home(None);
        for _ in 0..at {
            press(&mut tui, "j");
        }
        let effects = press(&mut tui, "enter");
        answer(&mut tui, effects, None);
        let shown = drawn(&tui);
        assert!(shown.contains(title), "{title}: {shown}");
        assert!(tui.screens::<HomeScreen>().next().is_none() || at == 2, "{shown}");
        for _ in 0..3 {
            if tui.scope() != Scope::Home {
                let effects = press(&mut tui, "esc");
                answer(&mut tui, effects, None);
            }
        }
        assert_eq!(tui.scope(), Scope::Home, "{title}: {}", drawn(&tui));
        assert!(line(&tui, "Due in 7 days").contains("EUR 300.00"), "no filter is left");
        let effects = press(&mut tui, "esc");
        let customers = Effect::Go(crate::tui::landing::Destination::Customers(
            crate::tui::landing::AllView::Customers,
        ));
        assert_eq!(effects.last(), Some(&customers), "{title}");
    }
}

#[test]
fn zero_shows_it_from_anywhere_and_esc_closes_it() {
    let (mut tui, _) = home(None);
    tui.cx.behind = crate::tui::behind::Behind::default();
    press(&mut tui, "2");
    assert_eq!(tui.scope(), Scope::List);
    press(&mut tui, "0 0");
    assert_eq!((tui.scope(), tui.screens::<HomeScreen>().count()), (Scope::Home, 1));
    press(&mut tui, "esc");
    assert_eq!((tui.scope(), tui.cx.tab), (Scope::List, 1));
    press(&mut tui, ": h o m e enter");
    assert_eq!(tui.scope(), Scope::Home);
}

#[test]
fn a_screen_above_the_rows_of_a_line_leads_back_to_the_rows_and_they_to_the_home() {
    let (mut tui, _) = home(None);
    press(&mut tui, "j j j");
    let effects = press(&mut tui, "enter");
    answer(&mut tui, effects, None);
    let effects = press(&mut tui, "enter");
    answer(&mut tui, effects, None);
    assert_eq!(tui.scope(), Scope::Booking);
    press(&mut tui, "esc");
    assert_eq!(tui.scope(), Scope::List);
    assert_eq!(tui.cx.list().filters().len(), 2, "the rows of the line are still there");
    let effects = press(&mut tui, "esc");
    answer(&mut tui, effects, None);
    assert_eq!(tui.scope(), Scope::Home);
    let screen = tui.screens::<HomeScreen>().next().unwrap();
    assert_eq!(screen.scroll.cursor, 3, "the cursor is where it was");
    assert!(tui.cx.list().table.sort().is_none(), "the order is as before");
    // A list that the user opened does not lead to the home.
    press(&mut tui, "2");
    press(&mut tui, "enter esc");
    assert_eq!((tui.scope(), tui.cx.tab), (Scope::List, 1));
}

#[test]
fn a_list_that_fails_says_why_and_esc_stops_loading_first() {
    let mut tui = crate::tui::tests::loaded(5);
    tui = Tui::new(tui.cx.session, tui.cx.kept, (80, 24), now());
    tui.cx.land(&Landing::Home);
    let effects = start(&mut tui);
    assert!(line(&tui, "Open debt").contains("loading…"));
    for (ticket, ..) in fetches(&effects) {
        let failed = Err(failure(crate::domain::failure::Kind::Access));
        let _ = update(&mut tui, now(), Msg::Answered(ticket, failed));
    }
    let shown = line(&tui, "Open debt");
    assert!(!shown.contains("loading") && shown.contains("could not be loaded"), "{shown}");
    let effects = press(&mut tui, "r");
    assert!(!fetches(&effects).is_empty());
    press(&mut tui, "esc");
    assert_eq!(tui.scope(), Scope::Home, "first, the loads end");
    assert!(!line(&tui, "Open debt").contains("loading"));
    press(&mut tui, "esc");
    assert_eq!(tui.scope(), Scope::List);
}

#[test]
fn why_a_figure_is_missing_is_said_at_every_width() {
    let mut tui = crate::tui::tests::loaded(5);
    tui = Tui::new(tui.cx.session, tui.cx.kept, (80, 24), now());
    tui.cx.land(&Landing::Home);
    for (ticket, ..) in fetches(&start(&mut tui)) {
        let why = "the server does not accept the token (401: Unauthenticated.)".to_owned();
        let what = "Scheduled could not be loaded".to_owned();
        let failed = Failure { what, why, ..failure(crate::domain::failure::Kind::Access) };
        let _ = update(&mut tui, now(), Msg::Answered(ticket, Err(failed)));
    }
    let table = [
        (140, "Scheduled could not be loaded: the server does not accept the token"),
        (80, "  the server does not accept the token (401: Unauthenticated.)"),
        (50, "  could not be loaded"),
    ];
    for (width, text) in table {
        let _ = update(&mut tui, now(), Msg::Resized(width, 24));
        let screen = drawn(&tui);
        let held = screen.lines().find(|line| line.contains("Payouts held up")).expect(&screen);
        assert!(held.contains(text), "{width}: {screen}");
    }
}
