//! Snapshots of each screen and state, with styles, at common sizes.

mod booking;
mod chart;
mod odd;
mod owners;
mod profile;
mod triage;
mod writes;

use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use insta::assert_debug_snapshot;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::conciliation::Conciliation;
use crate::config::Session;
use crate::domain::customer::CustomerKey;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::list::Spec;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{NetState, Page, Response};
use crate::state::persisted::PersistedState;
use crate::tui::effect::{Effect, NetCommand};
use crate::tui::msg::{Msg, Now};
use crate::tui::screen::list::state::List;
use crate::tui::stack::Tui;
use crate::tui::theme::Theme;
use crate::tui::update::{start, update};
use crate::tui::view::view;

const SIZES: [(u16, u16); 3] = [(60, 16), (80, 24), (140, 40)];

/// Names in realistic lengths and scripts.
const NAMES: [&str; 8] = [
    "John Smith",
    "Zoë Müller-Łukasiewicz",
    "Μαρία Παπαδοπούλου",
    "李小龍",
    "محمد بن سلمان",
    "Владимир Соколов",
    "Kowalczyk Nieruchomości Sp. z o.o., oddział w Krakowie",
    "नेहा शर्मा",
];

fn at(elapsed: u64) -> Now {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    Now { elapsed, local: day.and_hms_opt(14, 3, 0).unwrap(), utc: 0 }
}

/// A row of a list: its sample, with values that differ between rows.
fn row(request: &crate::filter::ListQuery, index: u32) -> Record {
    let mut rows: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(request.spec.sample).unwrap();
    let mut row = rows.swap_remove(index as usize % rows.len());
    let name = NAMES[index as usize % NAMES.len()];
    for field in ["beneficiary", "account_name", "invoice_to"] {
        if let Some(value) = row.get_mut(field) {
            *value = name.into();
        }
    }
    let currency = ["EUR", "EUR", "PLN", "HUF"][index as usize % 4];
    for (key, value) in &mut row {
        match key.as_str() {
            "booking_id" | "reference_id" => {
                *value = format!("BK{:06}", 100_234 + index * 37).into();
            }
            "amount" | "amount_gross" => *value = (i64::from(index) * 73_219 - 50_000).into(),
            "currency" => *value = currency.into(),
            "id" | "document_id" => *value = format!("id-{index}").into(),
            _ => {}
        }
    }
    Record::read(request.spec, &serde_json::Value::from(row).to_string())
}

fn answer(request: &Request, total: u32) -> Response {
    match request {
        Request::List(query) if !query.filters.is_empty() => {
            let scheduled: Vec<_> =
                SCHEDULED.iter().map(|json| Record::read(query.spec, json)).collect();
            let total = Some(scheduled.len() as u64);
            Response::Page(Page {
                rows: scheduled,
                total,
                current: 1,
                last: Some(1),
                per_page: 500,
            })
        }
        Request::List(query) => {
            let first = (query.page - 1) * query.per_page;
            let rows = (first..total.min(first + query.per_page)).map(|index| row(query, index));
            Response::Page(Page {
                rows: rows.collect(),
                total: Some(total.into()),
                current: query.page,
                last: Some(total.div_ceil(query.per_page).max(1)),
                per_page: query.per_page,
            })
        }
        _ => Response::Booking(Box::new(Conciliation::read("BK100234", BOOKING).unwrap())),
    }
}

const BOOKING: &str = r#"{
    "reference": "BK100234",
    "totals": {"transactions": 2, "transactions_made": 150000, "invoices_gross": 12100,
               "credit_notes_gross": 0, "penalties_gross": 30000, "debt": 500},
    "invoicing": {
        "invoices": [{"document_id": "a", "doc_type": "Invoice", "invoice_to": "Zoë Müller",
            "issue_date": "2026-03-02", "amount_net": 10000, "amount_gross": 12100,
            "currency": "EUR", "doc_number": "INV-2026-0007"}],
        "credit_notes": []
    },
    "penalties": [{"id": "p", "booking_id": "BK100234", "status": "settled", "amount": 25000,
        "currency": "EUR", "due_date": "2026-04-01", "settled_booking": "BK555555"}],
    "debt": null,
    "transactions": [
        {"booking_id": "BK100234", "amount": 100000, "currency": "EUR", "issued_on": "2026-03-04"},
        {"booking_id": "BK100234", "amount": 50000, "currency": "PLN", "issued_on": "2026-04-04"}],
    "brand_new": {"a": 1}
}"#;

const SCHEDULED: [&str; 2] = [
    r#"{"booking_id":"BK100234","due_date":"2026-12-02","amount":64300,"currency":"EUR","status":"upcoming"}"#,
    r#"{"booking_id":"BK100234","due_date":"2027-01-02","amount":64300,"currency":"EUR","status":"has_debt"}"#,
];

struct Screen(Tui);

impl Screen {
    /// A session whose first list has so many rows.
    fn loaded(size: (u16, u16), total: u32) -> Self {
        let mut screen = Self::starting(size);
        let effects = start(&mut screen.0);
        screen.answer(effects, total);
        screen.0.cx.lists.iter_mut().for_each(List::forget_ahead);
        let network = NetState { ready: 15, left: Some((115, 60_000)), ..NetState::default() };
        let _ = update(&mut screen.0, at(1_000), Msg::Network(network));
        screen
    }

    fn starting(size: (u16, u16)) -> Self {
        let session = Session {
            environment: "DEMO".to_owned(),
            place: "made-up data".to_owned(),
            is_production: false,
            customer: CustomerKey::demo(),
        };
        Self(Tui::new(session, PersistedState::default(), size, at(0)))
    }

    fn answer(&mut self, mut open: Vec<Effect>, total: u32) {
        while let Some(effect) = open.pop() {
            if let Effect::Network(NetCommand::Send(ticket, _, request)) = effect {
                let answer = answer(&request, total);
                open.extend(update(&mut self.0, at(1_000), Msg::Answered(ticket, Ok(answer))));
            }
        }
    }

    /// Presses keys, and answers their requests.
    fn press(mut self, keys: &str) -> Self {
        for name in keys.split_whitespace() {
            let effects = self.key(name);
            self.answer(effects, 1_234);
        }
        self
    }

    fn key(&mut self, name: &str) -> Vec<Effect> {
        let code = match name {
            "enter" => KeyCode::Enter,
            "tab" => KeyCode::Tab,
            "right" => KeyCode::Right,
            "space" => KeyCode::Char(' '),
            _ => KeyCode::Char(name.chars().next().unwrap()),
        };
        update(&mut self.0, at(2_000), Msg::Key(KeyEvent::new(code, KeyModifiers::NONE)))
    }

    /// Presses a key whose request fails.
    fn fail(mut self, name: &str) -> Self {
        for effect in self.key(name) {
            let Effect::Network(NetCommand::Send(ticket, ..)) = effect else { continue };
            let (what, why) =
                ("The list could not be loaded", "valora.spotahome.com did not answer within 30 s");
            let failure = Failure::new(Kind::Passing, what, why, Advice::Retry);
            let _ = update(&mut self.0, at(3_000), Msg::Answered(ticket, Err(failure)));
        }
        self
    }

    fn buffer(&self, theme: &Theme) -> Buffer {
        let (width, height) = self.0.cx.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view(&self.0, theme, frame)).unwrap();
        terminal.backend().buffer().clone()
    }
}

fn snapshot(name: &str, make: impl Fn((u16, u16)) -> Screen) {
    for size in SIZES {
        let buffer = make(size).buffer(&Theme::sixteen());
        assert_debug_snapshot!(format!("{name}_{}x{}", size.0, size.1), buffer);
    }
}

#[test]
fn each_list() {
    for (index, spec) in crate::list::ALL.iter().enumerate() {
        let name = format!("list_{}", spec.key);
        snapshot(&name, |size| Screen::loaded(size, 1_234).press(&format!("{} j j", index + 1)));
    }
}

#[test]
fn columns_that_gave_way_are_reached_sideways() {
    snapshot("list_sideways", |size| Screen::loaded(size, 1_234).press("4 l l l l l l l l l"));
}

#[test]
fn detail_pane() {
    snapshot("detail", |size| Screen::loaded(size, 1_234).press("4 j p"));
    snapshot("detail_zoomed", |size| Screen::loaded(size, 1_234).press("4 j z"));
}

#[test]
fn readers_and_prompts() {
    snapshot("json", |size| Screen::loaded(size, 1_234).press("4 x"));
    snapshot("help", |size| Screen::loaded(size, 1_234).press("?"));
    snapshot("lookup", |size| Screen::loaded(size, 1_234).press("b B K 1"));
    snapshot("lookup_problem", |size| Screen::loaded(size, 1_234).press("b enter"));
}

#[test]
fn filters_search_and_the_line() {
    let list = |size| Screen::loaded(size, 1_234).press("4");
    snapshot("form", |size| list(size).press("f tab right right tab tab - 3 0 d"));
    snapshot("form_problem", |size| list(size).press("f tab tab tab - 3 0 x tab enter"));
    snapshot("chips", |size| list(size).press("l l @ l l l @"));
    snapshot("drop_filter", |size| list(size).press("l l @ -"));
    snapshot("search", |size| list(size).press("/ 3 7"));
    snapshot("search_nothing", |size| list(size).press("/ q q q"));
    snapshot("search_kept", |size| list(size).press("/ 3 7 enter j"));
    snapshot("command", |size| list(size).press(": p e n a l t i e s space s t a t u s = tab tab"));
    snapshot("command_problem", |size| list(size).press(": d e b t space d u e = 2 x enter"));
    snapshot("views", |size| list(size).press("v j"));
    snapshot("save_view", |size| list(size).press("V enter"));
    snapshot("columns", |size| list(size).press("c j j space j J right"));
    snapshot("sorted", |size| list(size).press("l l l S"));
    snapshot("marked", |size| list(size).press("space space j space"));
    snapshot("load_all", |size| list(size).press("L"));
}

#[test]
fn bookings() {
    snapshot("booking", |size| Screen::loaded(size, 1_234).press("enter"));
    snapshot("booking_section", |size| Screen::loaded(size, 1_234).press("enter tab tab"));
    snapshot("booking_absent", |size| Screen::loaded(size, 1_234).press("enter tab tab tab p"));
    snapshot("booking_failed", |size| Screen::loaded(size, 1_234).fail("enter"));
}

#[test]
fn waiting_empty_and_failed() {
    snapshot("waiting", |size| {
        let mut screen = Screen::starting(size);
        let _ = start(&mut screen.0);
        let _ = update(&mut screen.0, at(2_500), Msg::Woken);
        screen
    });
    snapshot("empty", |size| Screen::loaded(size, 0));
    snapshot("failed", |size| Screen::loaded(size, 1_234).fail("3"));
    snapshot("failed_refresh", |size| Screen::loaded(size, 1_234).fail("r"));
    snapshot("limited", |size| {
        let mut screen = Screen::loaded(size, 1_234);
        let network =
            NetState { left: Some((0, 31_000)), limited_for: Some(31_000), ..NetState::default() };
        let _ = update(&mut screen.0, at(1_000), Msg::Network(network));
        screen
    });
}

#[test]
fn without_colors_and_too_small() {
    let screen = Screen::loaded((80, 24), 1_234);
    let buffer = screen.buffer(&Theme::mono());
    assert!(buffer.content().iter().all(|cell| {
        use ratatui::style::Color::Reset;
        (cell.fg, cell.bg) == (Reset, Reset)
    }));
    assert_debug_snapshot!("mono_80x24", buffer);
    assert_debug_snapshot!("too_small_39x9", Screen::loaded((39, 9), 9).buffer(&Theme::sixteen()));
}

#[test]
fn a_screen_of_ascii_has_nothing_else_and_says_the_same() {
    let mut screen = Screen::loaded((80, 24), 1_234);
    let full = screen.buffer(&Theme::sixteen());
    screen.0.cx.looks.is_ascii = true;
    let buffer = screen.buffer(&Theme::sixteen());
    assert!(buffer.content().iter().all(|cell| cell.symbol().is_ascii()));
    let is_ascii = |cell: &&ratatui::buffer::Cell| cell.symbol().is_ascii();
    let kept = full.content().iter().zip(buffer.content()).filter(|(cell, _)| is_ascii(cell));
    assert!(kept.into_iter().all(|(before, after)| before == after));
    assert_debug_snapshot!("ascii_80x24", buffer);
}

#[test]
fn a_theme_paints_the_current_row_and_bands_alone_and_hides_no_word() {
    use crate::config::schema::ThemeName;
    use clap::ValueEnum;
    use ratatui::style::Color;
    let screen = Screen::loaded((80, 24), 1_234);
    let text = |buffer: &Buffer| -> String {
        buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect()
    };
    let plain = text(&screen.buffer(&Theme::mono()));
    for theme in ThemeName::value_variants() {
        let buffer = screen.buffer(&Theme::of(*theme));
        assert_eq!(text(&buffer), plain, "{theme:?}");
        let painted = |y: &u16| (0..80).any(|x| buffer[(x, *y)].bg != Color::Reset);
        let lines: Vec<u16> = (0..24).filter(painted).collect();
        let has_bands = matches!(theme, ThemeName::Dark | ThemeName::Light);
        // The first line, the titles of the columns, the current row.
        assert_eq!(lines, if has_bands { &[0, 3, 4][..] } else { &[] }, "{theme:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_at_any_size_is_drawn_without_control_characters(
        text in any::<String>(), width in 0u16..160, height in 0u16..50, keys in "[1-5lpzxj?tDs]{0,8}",
    ) {
        let mut screen = Screen::loaded((width, height), 3);
        for list in screen.0.cx.lists.iter_mut() {
            let spec = list.spec();
            let mut object = serde_json::Map::new();
            for field in spec.fields {
                object.insert(field.name.to_owned(), text.clone().into());
            }
            object.insert(text.clone(), text.clone().into());
            let row = Record::read(spec, &serde_json::Value::from(object).to_string());
            list.table.replace([vec![row]]);
        }
        for key in keys.chars() {
            let _ = screen.key(&key.to_string());
        }
        let buffer = screen.buffer(&Theme::sixteen());
        for cell in buffer.content() {
            prop_assert!(!cell.symbol().chars().any(char::is_control));
        }
    }
}

#[test]
fn a_terminal_that_became_smaller_before_it_was_told_is_drawn_on_all_the_same() {
    for keys in ["G", "?", "4 f", ":", "e", "c", "v", "b", "4 x", "4 p", "w", "/", "L", "V", "4 t"]
    {
        let screen = Screen::loaded((100, 50), 1_234).press(keys);
        for (width, height) in [(100, 24), (60, 50), (30, 3), (1, 1)] {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal.draw(|frame| view(&screen.0, &Theme::sixteen(), frame)).unwrap();
        }
    }
    let mut screen = Screen::loaded((100, 50), 1_234);
    screen.0.cx.size = (30, 3);
    let mut terminal = Terminal::new(TestBackend::new(100, 50)).unwrap();
    terminal.draw(|frame| view(&screen.0, &Theme::sixteen(), frame)).unwrap();
}
