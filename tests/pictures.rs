//! The pictures of the README, drawn from real screens: the sandbox's rows over HTTP, at a fixed time.
//! `UPDATE_PICTURES=1 cargo test --test pictures` writes them anew; otherwise a difference fails.
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
use valora::answer::Network;
use valora::api::client::Client;
use valora::app::effect::Effect;
use valora::app::kept::Kept;
use valora::app::model::{Model, Session};
use valora::app::msg::{Msg, Now};
use valora::app::update::{start, update};
use valora::domain::customer::CustomerKey;
use valora::sandbox::{Sandbox, Special};
use valora::ui::theme::Theme;
use valora::ui::view;

const SIZE: (u16, u16) = (112, 28);

/// The dashboard without its loop: each request is answered before the next key, so that the same
/// keys always give the same screen.
struct Still {
    runtime: Runtime,
    sandbox: Sandbox,
    client: Client,
    model: Model,
}

/// One moment for everything.
fn now() -> Now {
    Now { elapsed: 1_000, local: common::today().and_hms_opt(10, 30, 0).unwrap() }
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
        let model = Model::new(session, Kept::default(), SIZE, now());
        let mut still = Self { runtime, sandbox, client, model };
        let effects = start(&mut still.model);
        still.perform(effects);
        let network = Network { ready: 15, limit: 120, remaining: 114, ..Network::default() };
        still.take(Msg::Network(network));
        still
    }

    fn take(&mut self, msg: Msg) {
        let effects = update(&mut self.model, now(), msg);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut open = VecDeque::from(effects);
        while let Some(effect) = open.pop_front() {
            let Effect::Fetch(ticket, _, request) = effect else { continue };
            let answer = self.runtime.block_on(self.client.send(&request));
            let answer = answer.map_err(|error| error.failure(&request));
            open.extend(update(&mut self.model, now(), Msg::Answered(ticket, answer)));
        }
    }

    fn press(mut self, keys: &str) -> Self {
        keys.split_whitespace().for_each(|name| self.take(Msg::Key(common::key(name))));
        self
    }

    fn paste(mut self, text: String) -> Self {
        self.take(Msg::Paste(text));
        self
    }

    fn buffer(&self) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap();
        terminal.draw(|frame| view(&self.model, &Theme::ansi(), frame)).unwrap();
        terminal.backend().buffer().clone()
    }
}

/// Compares a picture with the file, or writes the file.
fn check(name: &str, title: &str, still: &Still) {
    let drawn = svg::picture(&still.buffer(), title);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots").join(name);
    if std::env::var_os("UPDATE_PICTURES").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "screenshots/{name} is not what valora shows; UPDATE_PICTURES=1 draws it anew"
    );
}

#[test]
fn the_list_of_transactions() {
    check("transactions.svg", "valora: transactions", &Still::start().press("j j j j"));
}

#[test]
fn a_penalty_with_its_detail() {
    check("penalties.svg", "valora: a penalty in detail", &Still::start().press("4 j j p"));
}

#[test]
fn the_conciliation_of_a_booking() {
    let still = Still::start();
    let reference = still.sandbox.known().one(Special::Balanced).to_owned();
    let still = still.press("b").paste(reference).press("enter tab tab tab tab");
    check("booking.svg", "valora: the conciliation of a booking", &still);
}
