//! The dashboard's own loop, worker and terminal, without the pace at which it asks a real server:
//! a hundred thousand rows would take minutes.

use tokio::sync::mpsc;
use valora::clock::Clock;
use valora::config::Session;
use valora::domain::customer::CustomerKey;
use valora::net::budget::Pace;
use valora::net::client::{Client, PaymentsClients};
use valora::net::log::Log;
use valora::net::router::Router;
use valora::net::target::Target;
use valora::net::target::Token;
use valora::state::persisted::PersistedState;
use valora::tui::stack::Tui;
use valora::tui::terminal::background::Background;
use valora::tui::terminal::browser::Browser;
use valora::tui::terminal::event_loop::EventLoop;
use valora::tui::terminal::input;
use valora::tui::terminal::session::{TerminalControl, TerminalGuard};
use valora::tui::terminal::writer::Writer;

/// Runs until `q`.
pub(crate) fn run(url: &str, token: &str) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let client = Client::new(Target::new(url, Token::new(token).unwrap()).unwrap()).unwrap();
    runtime.block_on(async {
        let (messages, received) = mpsc::channel(1_024);
        let (_guard, terminal) = TerminalGuard::enter().unwrap();
        input::listen(messages).unwrap();
        let none = PaymentsClients::default();
        let network = Router::start(&Log::default(), Pace::Free, Some(client), none);
        let session = Session {
            environment: "BENCH".to_owned(),
            place: "sandbox".to_owned(),
            is_production: false,
            customer: CustomerKey::demo(),
        };
        let size = terminal.size().unwrap();
        let clock = Clock::start();
        let model =
            Tui::new(session, PersistedState::default(), (size.width, size.height), clock.now());
        let mut event_loop = EventLoop {
            hub: None,
            writes: Writer::new(None),
            control: TerminalControl::NONE,
            switch: None,
            terminal,
            tui: model,
            clock: move || clock.now(),
            messages: received,
            network,
            background: Background::new(Browser::default(), None),
        };
        event_loop.run().await.unwrap();
    });
    runtime.shutdown_background();
}
