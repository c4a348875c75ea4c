//! What users wait for, measured inside: `cargo bench --bench speed`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed measurement has no figure")]

use std::hint::black_box;
use std::io;

use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::Bencher;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use valora::conciliation::Conciliation;
use valora::conciliation::ledger::Ledger;
use valora::config::Session;
use valora::domain::customer::CustomerKey;
use valora::domain::names::Names;
use valora::filter::ListQuery;
use valora::list::Spec;
use valora::list::record::Record;
use valora::list::shape::Shapes;
use valora::list::sort::Sort;
use valora::list::sort::order;
use valora::net::budget::Pace;
use valora::net::envelope;
use valora::net::request::Request;
use valora::net::response::Page;
use valora::net::response::Response;
use valora::net::schedule::Next;
use valora::net::schedule::Scheduler;
use valora::net::transport::Reply;
use valora::search::{Haystack, Needle};
use valora::state::persisted::PersistedState;
use valora::tui::component::table::Table;
use valora::tui::effect::Priority;
use valora::tui::effect::Ticket;
use valora::tui::effect::{Effect, NetCommand};
use valora::tui::msg::Msg;
use valora::tui::msg::Now;
use valora::tui::stack::Tui;
use valora::tui::terminal::screen::Screen;
use valora::tui::theme::Theme;
use valora::tui::update::start;
use valora::tui::update::update;
use valora::tui::view::view;

const SIZE: (u16, u16) = (160, 45);
const NAMES: [&str; 6] = [
    "John Smith",
    "Zoë Müller-Łukasiewicz",
    "Μαρία Παπαδοπούλου",
    "李小龍",
    "नेहा शर्मा",
    "Casa Azul Rentals",
];

fn main() {
    divan::main();
}

fn transactions() -> &'static Spec {
    Spec::named("transactions").unwrap()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn row(number: usize) -> String {
    let mixed = number.wrapping_mul(2_654_435_761) % 1_000_003;
    let currency = ["EUR", "EUR", "EUR", "PLN", "HUF"][number % 5];
    format!(
        r#"{{"booking_id":"BK{mixed:06}","issued_on":"2026-{:02}-{:02}","amount":{},"currency":"{currency}","beneficiary":"{}","type":"Transfer","action":"paid","bank_account":"ES{:022}"}}"#,
        mixed % 12 + 1,
        mixed % 28 + 1,
        mixed * 7,
        NAMES[mixed % NAMES.len()],
        mixed % 5_000
    )
}

fn records(count: usize) -> Vec<Record> {
    (0..count).map(|number| Record::read(transactions(), &row(number))).collect()
}

fn page_body(rows: usize) -> String {
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(r#"{{"data":[{}],"pagination":{{"total":10000}}}}"#, rows.join(","))
}

/// The first page of a list tells which fields there are; under other names they are recognized.
#[divan::bench(args = ["documented", "renamed"])]
fn decode_the_first_page_of_500_rows(bencher: Bencher<'_, '_>, names: &str) {
    let (request, reply) = page(names);
    bencher.bench(|| envelope::read(&request, &reply, &Shapes::default()).unwrap());
}

#[divan::bench(args = ["documented", "renamed"])]
fn decode_a_later_page_of_500_rows(bencher: Bencher<'_, '_>, names: &str) {
    let (request, reply) = page(names);
    let shapes = Shapes::default();
    envelope::read(&request, &reply, &shapes).unwrap();
    bencher.bench(|| envelope::read(&request, &reply, &shapes).unwrap());
}

fn page(names: &str) -> (Request, Reply) {
    let request = Request::List(ListQuery::new(transactions()).page(1, 500));
    let renamed = |body: String| {
        let names = [
            ("booking_id", "reference"),
            ("issued_on", "paymentDate"),
            ("amount", "amount_gross"),
            ("currency", "currency_code"),
            ("beneficiary", "payee"),
            ("action", "state"),
            ("bank_account", "account_number"),
        ];
        names.iter().fold(body, |body, (own, other)| body.replace(own, other))
    };
    let body = page_body(500);
    let body = if names == "renamed" { renamed(body) } else { body };
    (request, Reply { status: 200, body: body.into(), ..Reply::default() })
}

#[divan::bench(args = ["amount", "booking_id", "beneficiary", "issued_on"], sample_count = 20)]
fn sort_100_000_rows(bencher: Bencher<'_, '_>, column: &'static str) {
    let rows = records(100_000);
    let sort = Sort { column, descending: true };
    bencher.bench(|| order(transactions(), &rows, sort, today()));
}

#[divan::bench(args = ["b", "smith", "1,234", "nobody has this"], sample_count = 20)]
fn search_100_000_rows(bencher: Bencher<'_, '_>, needle: &str) {
    let haystack = Haystack::new(transactions(), &records(100_000), &Names::default());
    bencher.bench(|| haystack.find(0, &[Needle::new(needle)]));
}

#[divan::bench(sample_count = 10)]
fn make_100_000_rows_searchable(bencher: Bencher<'_, '_>) {
    let rows = records(100_000);
    bencher.bench(|| Haystack::new(transactions(), &rows, &Names::default()));
}

#[divan::bench(sample_count = 10)]
fn append_a_page_to_100_000_rows(bencher: Bencher<'_, '_>) {
    let mut table = Table::new(transactions());
    table.extend(records(100_000));
    bencher.with_inputs(|| records(500)).bench_local_values(|page| table.extend(page));
}

/// A dashboard on rows, without its loop.
struct Still {
    model: Tui,
    terminal: Terminal<Screen<io::Sink>>,
}

fn now() -> Now {
    Now { elapsed: 1_000, ..Now::default() }
}

impl Still {
    fn new() -> Self {
        let session = Session {
            environment: "BENCH".to_owned(),
            place: "made-up data".to_owned(),
            is_production: false,
            customer: CustomerKey::demo(),
        };
        let mut model = Tui::new(session, PersistedState::default(), SIZE, now());
        let first = start(&mut model);
        let [Effect::Network(NetCommand::Send(ticket, _, _))] = first.as_slice() else {
            panic!("{first:?}")
        };
        let rows = records(500);
        let page = Page { rows, total: Some(500), current: 1, last: Some(1), per_page: 500 };
        let _ = update(&mut model, now(), Msg::Answered(*ticket, Ok(Response::Page(page))));
        let viewport = Viewport::Fixed(Rect::new(0, 0, SIZE.0, SIZE.1));
        let screen = Screen::new(io::sink(), SIZE);
        let terminal = Terminal::with_options(screen, TerminalOptions { viewport }).unwrap();
        let mut still = Self { model, terminal };
        still.draw();
        still
    }

    fn draw(&mut self) {
        self.terminal.draw(|frame| view(&self.model, &Theme::sixteen(), frame)).unwrap();
    }

    fn press(&mut self, code: KeyCode) {
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        let _ = update(&mut self.model, now(), Msg::Key(key));
        self.draw();
    }
}

#[divan::bench(args = [KeyCode::Down, KeyCode::PageDown])]
fn render_the_frame_of_a_key(bencher: Bencher<'_, '_>, key: KeyCode) {
    let mut still = Still::new();
    bencher.bench_local(|| {
        still.press(key);
        if still
            .model
            .top()
            .table(&still.model.cx)
            .is_some_and(|table| table.cursor() + 1 >= table.len())
        {
            still.press(KeyCode::Char('g'));
        }
    });
}

#[divan::bench]
fn ledger_of_a_booking_of_200_rows(bencher: Bencher<'_, '_>) {
    let rows: Vec<String> = (0..200).map(row).collect();
    let body = format!(
        r#"{{"reference":"BK1","totals":{{}},"invoicing":{{"invoices":[],"credit_notes":[]}},
            "penalties":[],"debt":null,"transactions":[{}]}}"#,
        rows.join(",")
    );
    let booking = Conciliation::read("BK1", &body).unwrap();
    bencher.bench(|| Ledger::of(&booking, &[], today()));
}

#[divan::bench]
fn queue_200_requests_and_start_what_may_leave(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let mut scheduler = Scheduler::new(Pace::Metered, 1);
        for page in 1..=200u32 {
            let request = Request::List(ListQuery::new(transactions()).page(page, 500));
            scheduler.submit(Ticket(page.into()), Priority::Next, request, 0);
        }
        while let Next::Start { .. } = scheduler.next(0) {}
        black_box(scheduler.network(0))
    });
}
