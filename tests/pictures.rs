//! The pictures of the README, drawn from real screens: the sandbox's rows over HTTP, at a fixed time.
//! `UPDATE_PICTURES=1 cargo test --test pictures` rewrites them; otherwise a difference fails.
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic")]

#[cfg(test)]
mod common;
#[cfg(test)]
#[path = "pictures/svg.rs"]
mod svg;

use std::collections::VecDeque;
use std::path::Path;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tokio::runtime::Runtime;
use valora::config::Session;
use valora::domain::customer::CustomerKey;
use valora::list::Host;
use valora::net::client::Client;
use valora::net::client::PaymentsClients;
use valora::net::error::ApiError;
use valora::net::request::Request;
use valora::net::response::NetState;
use valora::net::response::Response;
use valora::sandbox::Sandbox;
use valora::sandbox::Special;
use valora::state::persisted::PersistedState;
use valora::tui::effect::{Effect, NetCommand};
use valora::tui::msg::Msg;
use valora::tui::msg::Now;
use valora::tui::stack::Tui;
use valora::tui::theme::Theme;
use valora::tui::update::start;
use valora::tui::update::update;
use valora::tui::view::view;

const SIZE: (u16, u16) = (112, 28);

/// The dashboard without its loop: each request is answered before the next key, so that the same
/// keys always give the same screen.
struct Still {
    runtime: Runtime,
    sandbox: Sandbox,
    client: Client,
    side: PaymentsClients,
    model: Tui,
}

/// One time of day for everything, whatever has elapsed since the start.
fn at(elapsed: u64) -> Now {
    Now { elapsed, local: common::today().and_hms_opt(10, 30, 0).unwrap(), utc: 0 }
}

fn now() -> Now {
    at(1_000)
}

impl Still {
    fn start() -> Self {
        let runtime = common::runtime();
        let sandbox = runtime.block_on(Sandbox::start(common::options())).unwrap();
        let client = common::client(&sandbox);
        let session = Session {
            environment: "DEMO".to_owned(),
            place: "made-up data".to_owned(),
            is_production: false,
            customer: CustomerKey::demo(),
        };
        let side = common::side_clients(&sandbox);
        let mut model = Tui::new(session, PersistedState::default(), SIZE, now());
        model.cx.connect(side.hosts());
        model.cx.kept.remembers = true;
        model.cx.profiles = ["acme", "globex", "initech"].map(str::to_owned).to_vec();
        let mut still = Self { runtime, sandbox, client, side, model };
        let effects = start(&mut still.model);
        still.perform(effects);
        let network = NetState { ready: 15, limit: 120, remaining: 114, ..NetState::default() };
        still.take(Msg::Network(network));
        still
    }

    fn take(&mut self, msg: Msg) {
        self.take_at(now(), msg);
    }

    fn take_at(&mut self, now: Now, msg: Msg) {
        let effects = update(&mut self.model, now, msg);
        self.perform(effects);
    }

    async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        match request.host() {
            Host::Customer => self.client.send(request).await,
            Host::Payments => self.side.payments.as_ref().unwrap().send(request).await,
            Host::Finance => self.side.finance.as_ref().unwrap().send(request).await,
        }
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut open = VecDeque::from(effects);
        while let Some(effect) = open.pop_front() {
            let Effect::Network(NetCommand::Send(ticket, _, request)) = effect else { continue };
            let answer = self.runtime.block_on(self.send(&request));
            let answer = answer.map_err(|error| error.failure(&request));
            open.extend(update(&mut self.model, now(), Msg::Answered(ticket, answer)));
        }
    }

    fn press(mut self, keys: &str) -> Self {
        keys.split_whitespace().for_each(|name| self.take(Msg::Key(common::key(name))));
        self
    }

    /// Rests on the row until what belongs to it has come.
    fn rest(mut self) -> Self {
        for elapsed in [4_000, 5_000] {
            self.take_at(at(elapsed), Msg::Woken);
        }
        self
    }

    /// Opens the booking that has everything and balances.
    fn open_booking(mut self) -> Self {
        let reference = self.sandbox.known().one(Special::Balanced).to_owned();
        self = self.press("b");
        self.take(Msg::Paste(reference));
        self.press("enter")
    }

    fn buffer(&self) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap();
        terminal.draw(|frame| view(&self.model, &Theme::ansi(), frame)).unwrap();
        terminal.backend().buffer().clone()
    }
}

/// A picture: its name, what it shows, and the keys that lead there. `BOOKING` opens one, `REST`
/// waits for what belongs to the row.
type Picture = (&'static str, &'static str, &'static str);

const PICTURES: &[Picture] = &[
    ("transactions", "transactions", "j j j j"),
    ("scheduled", "scheduled payments, sorted by amount", "2 l l S j j"),
    ("invoices", "the filter form over invoices", "3 f p r o tab"),
    ("penalties", "a penalty in detail", "4 j j p"),
    ("triage", "penalties as a queue, with what belongs to the row", "4 t d D W j REST"),
    ("overview", "penalties by age and status, in counts and sums", "4 t t l l l l j"),
    ("debt", "debt, and how old it is", "5 w"),
    ("payments", "tenant payments", "6 j j"),
    ("booking", "the conciliation of a booking", "BOOKING tab tab tab tab"),
    ("ledger", "a booking as a ledger", "BOOKING t j j"),
    ("checks", "the checks of a booking", "BOOKING C"),
    ("chart", "payouts by month", "L y w"),
    ("help", "what can be done, searched", "? s o r t"),
    ("command", "the command line", "4 : p e n tab space s"),
    ("export", "rows to a file", "e"),
    ("columns", "the columns of a list", "c j j"),
    ("views", "saved views", "v j"),
    ("profiles", "the customers", "P j"),
];

/// Compares a picture with the file, or writes the file; returns `true` if they were the same.
fn is_current(name: &str, title: &str, still: &Still) -> bool {
    let drawn = svg::picture(&still.buffer(), &format!("valora: {title}"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    let path = folder.join(format!("{name}.svg"));
    if std::env::var_os("UPDATE_PICTURES").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&path, &drawn).unwrap();
    }
    std::fs::read_to_string(&path).unwrap_or_default() == drawn
}

#[test]
fn every_picture_is_what_valora_shows() {
    let mut stale = Vec::new();
    for (name, title, keys) in PICTURES {
        let mut still = Still::start();
        for key in keys.split_whitespace() {
            still = match key {
                "BOOKING" => still.open_booking(),
                "REST" => still.rest(),
                key => still.press(key),
            };
        }
        if !is_current(name, title, &still) {
            stale.push(*name);
        }
    }
    assert!(stale.is_empty(), "{stale:?} differ; UPDATE_PICTURES=1 redraws them");
}

#[test]
fn the_readme_shows_every_picture_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    for (name, ..) in PICTURES {
        assert!(readme.contains(&format!("(screenshots/{name}.svg)")), "{name}");
    }
    let files = std::fs::read_dir(folder.join("screenshots")).unwrap();
    assert_eq!(files.count(), PICTURES.len());
}
