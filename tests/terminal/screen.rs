//! In a pseudo-terminal of 80x24: the start, the keys, and what the terminal is like afterwards.

use rustix::process::Signal;
use valora::filter::ListQuery;
use valora::list::ALL;
use valora::net::client::Client;
use valora::net::request::Request;
use valora::net::response::Page;
use valora::net::response::Response;
use valora::net::target::Target;
use valora::net::target::Token;

use crate::program::{Server, Session};

/// Whether the terminal is as a shell expects it.
pub(crate) fn assert_given_back(session: &Session) {
    let screen = session.screen();
    assert!(!screen.alternate_screen(), "the alternate screen was left");
    assert!(!screen.hide_cursor(), "the cursor is shown");
    assert!(!screen.bracketed_paste(), "bracketed paste is off");
    let reported = screen.mouse_protocol_mode();
    assert_eq!(reported, vt100::MouseProtocolMode::None, "the mouse is not reported");
    assert_eq!(screen.contents().trim(), "", "nothing is left on the shell's screen");
}

#[test]
fn the_demo_shows_rows_opens_a_booking_and_quits() {
    let mut session = Session::start(&["demo"], &[]);
    let shown = session.wait_for("row 1 of ");
    assert!(shown.contains("DEMO"), "{shown}");
    let screen = session.screen();
    assert!(screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste());
    session.type_keys("4");
    session.wait_for("▸4 Penalties");
    session.wait_for("row 1 of ");
    session.type_keys("\r");
    session.wait_for("Rows add up to");
    session.type_keys("\x1b");
    session.wait_for("▸4 Penalties");
    session.wait_for("row 1 of ");
    session.type_keys("q");
    assert_eq!(session.ended().exit_code(), 0);
    assert_given_back(&session);
}

#[test]
fn a_paste_is_typed_into_the_prompt_as_one() {
    let mut session = Session::start(&["demo"], &[]);
    session.wait_for("row 1 of ");
    session.type_keys("b");
    session.wait_for("Find a booking");
    session.type_keys("\x1b[200~qqq-not-keys\x1b[201~");
    session.wait_for("qqq-not-keys");
    session.type_keys("\x03");
    session.wait_for("row 1 of ");
    session.type_keys("\x03");
    assert_eq!(session.ended().exit_code(), 0);
    assert_given_back(&session);
}

#[test]
fn signals_give_the_terminal_back() {
    let signals = [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2), (Signal::QUIT, 3)];
    // Once at rest, and then often while the first answers are being drawn.
    for (round, (signal, number)) in signals.into_iter().cycle().take(30).enumerate() {
        let mut session = Session::start(&["demo"], &[]);
        session.wait_for(if round < signals.len() { "row 1 of " } else { "Transactions" });
        session.signal(signal);
        let status = session.ended();
        let is_told = status.exit_code() == 128 + number || status.signal().is_some();
        assert!(is_told, "{signal:?}: {status:?}");
        assert_given_back(&session);
    }
}

#[test]
fn q_quits_while_the_first_answer_is_waited_for() {
    let mut session = Session::start(&["demo", "--fault", "hang:*"], &[]);
    session.wait_for("Transactions");
    session.type_keys("q");
    assert_eq!(session.ended().exit_code(), 0);
    assert_given_back(&session);
}

/// The first cell of the first row of each list, asked for by the library.
fn first_cells(server: &Server) -> Vec<String> {
    let target = Target::new(&server.base_url, Token::new(&server.token).unwrap()).unwrap();
    let client = Client::new(target).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = |spec| match runtime.block_on(client.send(&Request::List(ListQuery::new(spec)))) {
        Ok(Response::Page(Page { rows, .. })) => rows[0].cell(0).into_owned(),
        other => panic!("{other:?}"),
    };
    ALL.iter().map(|spec| first(spec)).collect()
}

#[test]
fn another_process_that_keeps_the_contract_serves_as_well() {
    let server = Server::start(&["--seed", "77"]);
    let variables =
        [("VALORA_BASE_URL", server.base_url.as_str()), ("VALORA_TOKEN", server.token.as_str())];
    let mut session = Session::start(&[], &variables);
    session.wait_for("custom server");
    for (at, (spec, first)) in ALL.iter().zip(first_cells(&server)).enumerate() {
        session.type_keys(&(at + 1).to_string());
        session.wait_for(&format!("▸{} {}", at + 1, spec.title));
        session.wait_for("row 1 of ");
        assert!(!first.is_empty());
        session.wait_for(&first);
    }
    session.type_keys("\r");
    session.wait_for("Rows add up to");
    session.type_keys("q");
    session.leave();
    assert_eq!(session.ended().exit_code(), 0);
    assert_given_back(&session);
}

#[test]
fn a_wrong_token_says_on_the_screen_what_to_do() {
    let server = Server::start(&[]);
    let variables = [
        ("VALORA_BASE_URL", server.base_url.as_str()),
        ("VALORA_TOKEN", "sd_0123456789abcdef0123456789"),
    ];
    let mut session = Session::start(&[], &variables);
    session.wait_for("valora auth login");
    session.type_keys("q");
    assert_eq!(session.ended().exit_code(), 0);
}

#[test]
fn a_machine_without_certificates_is_told_so_after_the_first_frame() {
    let variables = [
        ("VALORA_BASE_URL", "https://127.0.0.1:9/api/v1/c/"),
        ("VALORA_TOKEN", "vl_0123456789abcdef0123456789"),
        ("SSL_CERT_FILE", "/nonexistent"),
        ("SSL_CERT_DIR", "/nonexistent"),
    ];
    let mut session = Session::start(&[], &variables);
    assert_ne!(session.ended().exit_code(), 0);
    let screen = session.screen();
    assert!(!screen.alternate_screen() && !screen.hide_cursor());
    assert!(screen.contents().contains("CA certificates"), "{}", screen.contents());
}
