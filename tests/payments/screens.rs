//! The Payments tab and the screens of the two APIs, in a whole dashboard.

use std::fs;
use std::sync::Arc;

use valora::list::Host;
use valora::net::client::{Client, PaymentsClients};
use valora::net::target::{Target, Token};
use valora::sandbox::Special;

use crate::common::{Dashboard, options, side_clients};
use crate::server::side;

const SIZE: (u16, u16) = (140, 40);

fn typed(dashboard: &Dashboard, line: &str) {
    dashboard.press(":");
    dashboard.type_text(line);
    dashboard.press("enter");
}

fn paths(dashboard: &Dashboard) -> Vec<String> {
    dashboard.sandbox.requests().into_iter().map(|request| request.path).collect()
}

#[test]
fn the_sixth_tab_lists_payments_and_enter_opens_one_with_its_timeline() {
    let mut dashboard = Dashboard::with_payments(options(), SIZE);
    dashboard.wait_for("6 Payments");
    dashboard.press("6");
    dashboard.wait_for("▸6 Payments");
    dashboard.wait_for("rent-collection");
    dashboard.press("enter");
    let shown = dashboard.wait_for("payment created");
    assert!(shown.contains(" Payment 8f2dbe69-b68f"), "{shown}");
    dashboard.wait_for("Payment · full view");
    dashboard.wait_for("Paid by");
    // Each part comes with an answer of its own.
    dashboard.wait("all parts", |shown| {
        ["card at stripe", "Block", "What happened"].iter().all(|part| shown.contains(part))
    });
    dashboard.press("x");
    dashboard.wait_for("\"sourceRefCode\"");
    dashboard.press("esc esc");
    dashboard.wait_for("▸6 Payments");
}

#[test]
fn filters_and_the_servers_order_are_parameters_of_the_list() {
    let mut dashboard = Dashboard::with_payments(options(), SIZE);
    dashboard.wait_for("6 Payments");
    typed(&dashboard, "payments type=fee-collection sortBy=amount sortType=ASC");
    dashboard.wait("its rows", |shown| shown.contains("▸6 Payments") && shown.contains("row 1 of"));
    let asked = |path: &str, query: &str| {
        let all = dashboard.sandbox.requests();
        all.iter().any(|request| request.path == path && request.query == query)
    };
    let query = "type=fee-collection&sortBy=amount&sortType=ASC&page=1&itemsPerPage=100";
    assert!(asked("/payments-api/payments", query));
}

#[test]
fn a_payment_leads_to_its_booking_and_back() {
    let mut dashboard = Dashboard::with_payments(options(), SIZE);
    dashboard.wait_for("6 Payments");
    dashboard.press("6");
    dashboard.wait_for("rent-collection");
    dashboard.press("enter");
    dashboard.wait_for("Payment · full view");
    // The reference is from another read, and moves the lines below it.
    dashboard.wait_for("Reference  ");
    let shown = dashboard.wait_for("Booking  ");
    let line = shown.lines().position(|line| line.contains("   Booking  ")).unwrap();
    for _ in 2..line {
        dashboard.press("j");
    }
    dashboard.press("enter");
    dashboard.wait_for("Rows add up to");
    dashboard.press("esc");
    dashboard.wait_for("What happened");
}

#[test]
fn without_the_right_the_public_view_is_shown_and_why() {
    let user = |sandbox: &valora::sandbox::Sandbox| PaymentsClients {
        payments: Some(side(
            Host::Payments,
            &sandbox.payments_url(),
            sandbox.payments_tokens().user,
        )),
        finance: None,
    };
    let mut dashboard = Dashboard::begin(options(), SIZE, user);
    dashboard.wait_for("6 Payments");
    dashboard.press("6");
    dashboard.wait_for("rent-collection");
    dashboard.press("enter");
    dashboard.wait_for("Payment · public view");
    let words = "(403: Forbidden Access: The access is forbidden)";
    dashboard.wait(words, |shown| {
        shown.split_whitespace().collect::<Vec<_>>().join(" ").contains(words)
    });
}

#[test]
fn account_numbers_are_hidden_until_they_are_revealed() {
    let mut dashboard = Dashboard::with_payments(options(), SIZE);
    dashboard.wait_for("6 Payments");
    typed(&dashboard, "account");
    // A landlord of the list below may be called Properties.
    let parts = ["Properties", "•••• ••••", "· default"];
    let shown = dashboard.wait("the account", |shown| parts.iter().all(|it| shown.contains(it)));
    assert!(!shown.contains("27484819A"));
    dashboard.press("m");
    dashboard.wait_for("27484819A");
    dashboard.press("m");
    dashboard.wait_until_gone("27484819A");
    dashboard.press("G");
    dashboard.wait_for("Czech koruna");
}

#[test]
fn events_come_in_windows_and_are_narrowed() {
    let mut dashboard = Dashboard::with_payments(options(), SIZE);
    dashboard.wait_for("6 Payments");
    typed(&dashboard, "events 1 50");
    dashboard.wait_for("events, newest first");
    dashboard.press("}");
    dashboard.wait_for("Events 51 to 100");
    typed(&dashboard, "events 1 200 family=transaction text=\"dispute lost\"");
    let shown = dashboard.wait_for("family transaction");
    assert!(shown.contains("type dispute lost · reason fraudulent"), "{shown}");
}

#[test]
fn stripe_bank_and_tax_numbers_are_asked_by_command() {
    let mut dashboard = Dashboard::with_payments(options(), SIZE);
    dashboard.wait_for("6 Payments");
    let (landlord, account) = dashboard.sandbox.payments_ids();
    typed(&dashboard, &format!("stripe {landlord}"));
    dashboard.wait_for("RestrictedSoon");
    typed(&dashboard, &format!("bank landlord {landlord} property 67882"));
    dashboard.wait_for("67882");
    typed(&dashboard, &format!("bank id {account}"));
    dashboard.wait_for("in the Payments and Finance API");
    typed(&dashboard, "tin 27484819B ES individual");
    let shown = dashboard.wait_for("NOT valid");
    assert!(!shown.contains("27484819B"), "{shown}");
    // The line is not brought back either.
    dashboard.press(": up");
    let shown = dashboard.wait_for("bank id ");
    assert!(!shown.contains("27484819B"), "{shown}");
    dashboard.press("esc");
    typed(&dashboard, "payment nothing");
    let shown = dashboard.wait_for("✗ Payment nothing was not found: Payments could not find this");
    assert_eq!(shown.matches('✗').count(), 1, "{shown}");
    let posts = dashboard.sandbox.requests();
    let posts = posts.iter().filter(|request| request.method != "GET");
    assert!(posts.into_iter().all(|request| request.path == "/payments-api/tin/validate"));
}

#[test]
fn a_list_that_the_server_no_longer_has_hides_its_tab_with_one_sentence() {
    let fault = "404:payments-api".parse().unwrap();
    let faulty = valora::sandbox::Options { faults: vec![fault], ..options() };
    let mut dashboard = Dashboard::with_payments(faulty, SIZE);
    dashboard.wait_for("6 Payments");
    dashboard.press("6");
    let shown =
        dashboard.wait_for("Payments no longer has a list of payments, or the base URL is wrong");
    assert!(!shown.contains("6 Payments") && shown.contains("▸1 Transactions"), "{shown}");
    dashboard.press("2");
    let shown = dashboard.wait_for("▸2 Scheduled");
    assert!(!shown.contains("no longer has a list"), "{shown}");
    typed(&dashboard, "payments type=fee-collection");
    dashboard.wait_for("The tab is hidden until you restart valora or switch profiles.");
    dashboard.press("esc");
    // The other reads still work.
    dashboard.sandbox.set_faults(Vec::new());
    typed(&dashboard, "account");
    dashboard.wait_for("· default");
}

#[test]
fn a_rejected_token_of_a_profile_is_read_again_on_refresh() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("jwt");
    fs::write(&source, "aa.bb.cc").unwrap();
    let read = source.clone();
    let clients = move |sandbox: &valora::sandbox::Sandbox| {
        let target = Target::new(&sandbox.payments_url(), Token::jwt("aa.bb.cc").unwrap()).unwrap();
        let target = target.with_token_refresh(Arc::new(move || {
            Token::jwt(&fs::read_to_string(&read).ok()?).ok()
        }));
        let client = Client::for_host(Host::Payments, target).unwrap();
        let client = client.with_token_source("profile acme, payments.token_command");
        PaymentsClients { payments: Some(client), finance: None }
    };
    let mut dashboard = Dashboard::begin(options(), SIZE, clients);
    dashboard.wait_for("6 Payments");
    dashboard.press("6");
    let shown = dashboard.wait_for("profile acme, payments.token_command");
    assert!(shown.contains("then press r") && !shown.contains("VALORA_"), "{shown}");
    fs::write(&source, dashboard.sandbox.payments_tokens().admin).unwrap();
    dashboard.press("r");
    dashboard.wait_for("rent-collection");
}

#[test]
fn without_their_tokens_nothing_is_asked_and_nothing_speaks_of_them_but_one_line() {
    let mut dashboard = Dashboard::start(options(), SIZE);
    let shown = dashboard.wait_for("5 Debt");
    assert!(!shown.contains("Payments"), "{shown}");
    dashboard.press("6");
    dashboard.wait_for("The lists are numbered 1 to 5");
    dashboard.press("?");
    let mut help = dashboard.wait_for("Keys and commands");
    for _ in 0..12 {
        dashboard.press("pgdn");
    }
    help.push_str(&dashboard.wait_for("VALORA_PAYMENTS_TOKEN"));
    // The manual has its topic, configured or not.
    let topic = |line: &&str| !line.contains("what the tenant paid: the Payments APIs");
    let help: String = help.lines().filter(topic).collect();
    for word in ["tenant", "stripe", "events"] {
        assert!(!help.contains(word), "{word}\n{help}");
    }
    dashboard.press("esc");
    for command in ["account", "payments"] {
        typed(&dashboard, command);
        dashboard.wait_for("The Payments APIs are not configured");
        dashboard.press("esc");
        dashboard.wait_until_gone("not configured");
    }
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    typed(&dashboard, &format!("booking {reference}"));
    dashboard.wait_for("Rows add up to");
    dashboard.press("T ?");
    let help = dashboard.wait_for("Keys and commands");
    assert!(!help.contains("enant pa"), "{help}");
    assert!(paths(&dashboard).iter().all(|path| path.starts_with("/api/")));
}

#[test]
fn one_of_the_two_servers_is_enough() {
    let finance = |sandbox: &valora::sandbox::Sandbox| PaymentsClients {
        payments: None,
        ..side_clients(sandbox)
    };
    let mut dashboard = Dashboard::begin(options(), SIZE, finance);
    let shown = dashboard.wait_for("5 Debt");
    assert!(!shown.contains("6 Payments"), "{shown}");
    typed(&dashboard, "account");
    dashboard.wait_for("Account holder in the Payments");
    assert!(!paths(&dashboard).iter().any(|path| path.starts_with("/payments-api")));
}

#[test]
fn all_rows_of_the_payments_are_fetched_and_written_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.csv");
    let mut dashboard = Dashboard::with_payments(options(), SIZE);
    dashboard.wait_for("6 Payments");
    dashboard.press("6");
    // As many as a page has: the rest is fetched by the export.
    dashboard.wait_for("(100 of");
    dashboard.press("e ctrl-u");
    dashboard.type_text(&path.display().to_string());
    dashboard.press("enter");
    dashboard
        .wait("the file", |shown| shown.contains("payments.csv") && !shown.contains("Exporting"));
    let written = std::fs::read_to_string(&path).unwrap();
    let rows = written.lines().count() - 1;
    assert!(rows > 1_000, "{rows}");
    let asked = dashboard.sandbox.requests();
    let pages = asked.iter().filter(|request| request.path == "/payments-api/payments").count();
    assert!(pages > 2 && pages <= rows.div_ceil(500) + 3, "{pages} requests for {rows} rows");
}
