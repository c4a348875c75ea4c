//! The dashboard without its loop: each request is answered before the next key, so that the same
//! keys always give the same screen.

use std::collections::VecDeque;
use std::path::PathBuf;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tokio::runtime::Runtime;
use valora::config::Session;
use valora::config::schema::ThemeName;
use valora::domain::customer::CustomerKey;
use valora::list::Host;
use valora::net::client::{Client, PaymentsClients};
use valora::net::error::ApiError;
use valora::net::request::Request;
use valora::net::response::{NetState, Response};
use valora::sandbox::{Options, Sandbox, Special};
use valora::state::persisted::PersistedState;
use valora::tui::effect::{Effect, NetCommand};
use valora::tui::msg::{Msg, Now, Written};
use valora::tui::stack::Tui;
use valora::tui::theme::Theme;
use valora::tui::update::{start, update};
use valora::tui::view::view;

use super::{client, key, runtime, side_clients, today};

pub struct Still {
    runtime: Runtime,
    pub sandbox: Sandbox,
    client: Client,
    payments: PaymentsClients,
    pub model: Tui,
    size: (u16, u16),
    /// The files that were to be written, none of which is.
    pub written: Vec<(PathBuf, String)>,
}

/// One time of day for everything, whatever has elapsed since the start.
fn at(elapsed: u64) -> Now {
    Now { elapsed, local: today().and_hms_opt(10, 30, 0).unwrap(), utc: 0 }
}

fn now() -> Now {
    at(1_000)
}

impl Still {
    /// With the lists of one server.
    pub fn start(options: Options, size: (u16, u16)) -> Self {
        Self::begin(options, size, |_| PaymentsClients::default())
    }

    /// With both Payments APIs too.
    pub fn with_payments(options: Options, size: (u16, u16)) -> Self {
        Self::begin(options, size, side_clients)
    }

    fn begin(
        options: Options,
        size: (u16, u16),
        payments: impl FnOnce(&Sandbox) -> PaymentsClients,
    ) -> Self {
        let runtime = runtime();
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let client = client(&sandbox);
        let session = Session {
            environment: "DEMO".to_owned(),
            place: "made-up data".to_owned(),
            is_production: false,
            customer: CustomerKey::demo(),
        };
        let payments = payments(&sandbox);
        let mut model = Tui::new(session, PersistedState::default(), size, now());
        model.cx.connect(payments.hosts());
        model.cx.kept.remembers = true;
        model.cx.profiles = ["acme", "globex", "initech"].map(str::to_owned).to_vec();
        let mut still =
            Self { runtime, sandbox, client, payments, model, size, written: Vec::new() };
        let effects = start(&mut still.model);
        still.perform(now(), effects);
        let network = NetState { ready: 15, left: Some((114, 60_000)), ..NetState::default() };
        still.take(Msg::Network(network));
        still
    }

    pub fn take(&mut self, msg: Msg) {
        self.take_at(now(), msg);
    }

    fn take_at(&mut self, now: Now, msg: Msg) {
        let effects = update(&mut self.model, now, msg);
        self.perform(now, effects);
    }

    async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        match request.host() {
            Host::Customer => self.client.send(request).await,
            Host::Payments => self.payments.payments.as_ref().unwrap().send(request).await,
            Host::Finance => self.payments.finance.as_ref().unwrap().send(request).await,
        }
    }

    fn perform(&mut self, now: Now, effects: Vec<Effect>) {
        let mut open = VecDeque::from(effects);
        while let Some(effect) = open.pop_front() {
            let answer = match effect {
                Effect::Network(NetCommand::Send(ticket, _, request)) => {
                    let answer = self.runtime.block_on(self.send(&request));
                    Msg::Answered(ticket, answer.map_err(|error| error.failure(&request)))
                }
                Effect::Save(path, text, what) => {
                    self.written.push((path.clone(), String::from_utf8(text).unwrap()));
                    Msg::Saved(path, Ok(what))
                }
                Effect::SaveRows(path, extract, what) => {
                    let mut text = Vec::new();
                    let unreadable = extract.write(&mut text).unwrap();
                    self.written.push((path.clone(), String::from_utf8(text).unwrap()));
                    Msg::Saved(path, Ok(Written { unreadable, ..what }))
                }
                Effect::Arrange(tab, job) => Msg::Arranged(tab, Some(Box::new(job.run()))),
                _ => continue,
            };
            open.extend(update(&mut self.model, now, answer));
        }
    }

    pub fn press(&mut self, keys: &str) {
        keys.split_whitespace().for_each(|name| self.take(Msg::Key(key(name))));
    }

    /// Rests on the row until what belongs to it has come.
    pub fn rest(&mut self) {
        for elapsed in [4_000, 5_000] {
            self.take_at(at(elapsed), Msg::Woken);
        }
    }

    pub fn open_booking(&mut self, special: Special) {
        let reference = self.sandbox.known().one(special).to_owned();
        self.press("b");
        self.take(Msg::Paste(reference));
        self.press("enter");
    }

    pub fn buffer(&self) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
        terminal.draw(|frame| view(&self.model, &Theme::of(ThemeName::Dark), frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The lines of the screen.
    pub fn lines(&self) -> Vec<String> {
        let buffer = self.buffer();
        let width = usize::from(self.size.0);
        let line = |cells: &[ratatui::buffer::Cell]| {
            let line: String = cells.iter().map(ratatui::buffer::Cell::symbol).collect();
            line.trim_end().to_owned()
        };
        buffer.content.chunks(width).map(line).collect()
    }
}
