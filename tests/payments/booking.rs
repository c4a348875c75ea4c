//! Tenant payments in the screen of a booking: all pages, in a section and in the ledger, in no
//! running total.

use std::process::Command;

use valora::sandbox::{Fault, Special};

use crate::common::{Dashboard, options};

const SIZE: (u16, u16) = (140, 40);

fn opened(dashboard: &mut Dashboard, reference: &str) {
    dashboard.wait_for("5 Debt");
    dashboard.press(":");
    dashboard.type_text(&format!("booking {reference}"));
    dashboard.press("enter");
    // The totals are there, so that the first section is chosen.
    dashboard.wait_for("Rows add up to");
}

fn section(dashboard: &mut Dashboard) -> String {
    for _ in 0..6 {
        let is_tenants = |shown: &str| shown.contains(" ▸Tenant payments");
        let chosen = |shown: &str| shown.lines().find(|it| it.starts_with('▌')).map(str::to_owned);
        let shown = dashboard.wait("any section", |it| is_tenants(it) || chosen(it).is_some());
        if is_tenants(&shown) {
            break;
        }
        let here = chosen(&shown);
        dashboard.press("shift-tab");
        dashboard.wait("another section", |it| is_tenants(it) || chosen(it) != here);
    }
    dashboard.wait_for(" ▸Tenant payments");
    dashboard.wait_for("(not included above)")
}

#[test]
fn all_pages_of_a_booking_are_a_section_of_their_own() {
    let mut dashboard = Dashboard::with_payments(options(), SIZE);
    let reference = dashboard.sandbox.known().one(Special::HundredRows).to_owned();
    opened(&mut dashboard, &reference);
    let shown = section(&mut dashboard);
    assert!(shown.contains("rent-collection"), "{shown}");
    let asked = dashboard.sandbox.requests();
    let pages: Vec<_> = asked
        .iter()
        .filter(|request| request.path == "/payments-api/payments")
        .filter(|request| request.query.contains(&format!("sourceRefCode={reference}")))
        .map(|request| request.query.clone())
        .collect();
    assert!(pages.len() >= 2, "{pages:?}");
    dashboard.press("enter");
    dashboard.wait_for("What happened");
    dashboard.press("esc");
    dashboard.wait_for("▸Tenant payments");
}

#[test]
fn the_ledger_shows_them_when_asked_and_its_running_total_stays() {
    let mut dashboard = Dashboard::with_payments(options(), SIZE);
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    opened(&mut dashboard, &reference);
    section(&mut dashboard);
    dashboard.press("t G");
    let before = dashboard.wait_for("running total: ");
    let total = |shown: &str| {
        let line = shown.lines().find_map(|line| line.split_once("running total: "));
        line.unwrap().1.trim().to_owned()
    };
    dashboard.press("T");
    dashboard.wait_for("── tenant payments, not included in the running total ──");
    dashboard.press("G");
    let after = dashboard.wait_for("fee-collection");
    assert_eq!(total(&before), total(&after));
    dashboard.press("T");
    dashboard.wait_until_gone("── tenant payments, not included in the running total ──");
}

#[test]
fn a_server_that_fails_costs_the_booking_nothing() {
    let fault: Fault = "500:payments-api".parse().unwrap();
    let faulty = valora::sandbox::Options { faults: vec![fault], ..options() };
    let mut dashboard = Dashboard::with_payments(faulty, SIZE);
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    opened(&mut dashboard, &reference);
    let shown = dashboard.wait_for("Tenant payments: Payments has a problem (500");
    assert!(shown.contains("ADDS UP"), "{shown}");
}

#[test]
fn a_booking_on_the_command_line_says_that_the_tenants_payments_failed() {
    let fault: Fault = "500:payments-api".parse().unwrap();
    let faulty = valora::sandbox::Options { faults: vec![fault], ..options() };
    let dashboard = Dashboard::with_payments(faulty, SIZE);
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    let home = tempfile::tempdir().unwrap();
    let run = |token: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_valora"));
        command
            .args(["booking", &reference, "-o", "json"])
            .env_clear()
            .env("HOME", home.path())
            .env("VALORA_BASE_URL", dashboard.sandbox.base_url())
            .env("VALORA_TOKEN", dashboard.sandbox.token());
        if let Some(token) = token {
            command
                .env("VALORA_PAYMENTS_URL", dashboard.sandbox.payments_url())
                .env("VALORA_PAYMENTS_TOKEN", token);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (value["summary"]["tenant_payments"].clone(), said)
    };
    let (payments, said) = run(Some(dashboard.sandbox.payments_tokens().admin));
    assert_eq!(payments["state"], "failed");
    assert!(payments["why"].as_str().unwrap().contains("500"), "{payments}");
    assert!(said.contains("valora: Tenant payments: ") && said.contains("500"), "{said}");
    let (payments, said) = run(None);
    assert_eq!((&payments["state"], said.as_str()), (&"not_configured".into(), ""));
    let (_, said) = run(Some("no token of theirs"));
    assert!(said.contains("valora: tenant payments are not loaded: "), "{said}");
}
