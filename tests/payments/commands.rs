//! The commands without a screen, as the built program against a sandbox.

use std::process::{Command, Output};
use std::time::Duration;

use valora::clock::Clock;
use valora::sandbox::{Options, Sandbox};

use crate::common::{options, runtime};

/// Runs the program on a sandbox; the last argument says which tokens it has.
fn run(sandbox: &Sandbox, arguments: &[&str], has_tokens: bool) -> Output {
    run_at(&tempfile::tempdir().unwrap(), sandbox, arguments, has_tokens)
}

/// The same with a folder of one's choice.
fn run_at(
    home: &tempfile::TempDir,
    sandbox: &Sandbox,
    arguments: &[&str],
    has_tokens: bool,
) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_valora"));
    command.args(arguments).env_clear().env("HOME", home.path());
    if has_tokens {
        let tokens = sandbox.payments_tokens();
        command
            .env("VALORA_PAYMENTS_URL", sandbox.payments_url())
            .env("VALORA_PAYMENTS_TOKEN", tokens.admin)
            .env("VALORA_FINANCE_URL", sandbox.finance_url())
            .env("VALORA_FINANCE_TOKEN", tokens.finance);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn each_command_prints_what_the_screen_shows_and_hides_numbers() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let all = said(&run(&sandbox, &["payments", "list", "--all", "-o", "json"], true));
    let all: Vec<serde_json::Value> = serde_json::from_str(&all).unwrap();
    assert!(all.len() > 1_000);
    let fees = ["payments", "list", "type=fee-collection", "--all"];
    let fees = said(&run(&sandbox, &fees, true));
    let mut lines = fees.lines();
    assert!(lines.next().is_some_and(|header| header.contains("Booking")), "{fees}");
    assert!(lines.clone().count() > 100 && lines.all(|line| line.contains("fee-collection")));
    let csv = said(&run(
        &sandbox,
        &["payments", "list", "type=fee-collection", "--all", "-o", "csv"],
        true,
    ));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert!(reader.headers().unwrap().iter().any(|name| name == "type"), "{csv}");
    assert_eq!(reader.records().map(Result::unwrap).count(), fees.lines().count() - 1);
    let id = all[5]["id"].as_str().unwrap().to_owned();
    let shown = said(&run(&sandbox, &["payments", "show", &id], true));
    assert!(shown.contains("What happened") && shown.contains("payment created"), "{shown}");
    let events = said(&run(&sandbox, &["events", "1", "20", "family=installment"], true));
    assert!(events.contains("installment created") && !events.contains("payment paid"), "{events}");
    let valid = said(&run(&sandbox, &["tin", "27484819A", "ES", "individual"], true));
    assert!(valid.contains("Result         valid") && !valid.contains("27484819A"), "{valid}");
    for form in ["text", "json"] {
        let hidden = said(&run(&sandbox, &["account", "-o", form], true));
        assert!(hidden.contains("••••") && !hidden.contains("27484819A"), "{hidden}");
        let revealed = said(&run(&sandbox, &["account", "-o", form, "--reveal"], true));
        assert!(revealed.contains("27484819A") && !revealed.contains("••••"), "{revealed}");
    }
}

#[test]
fn payments_have_the_limit_the_sort_and_the_notice_of_every_list() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let ran = |line: &str| {
        let output = run(&sandbox, &line.split(' ').collect::<Vec<_>>(), true);
        let err = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}: {err}");
        (said(&output), err)
    };
    for name in ["payments list", "list payments"] {
        let (usual, err) = ran(&format!("{name} -o jsonl"));
        assert_eq!(usual.lines().count(), 500, "{name}");
        assert!(err.contains("500 of ") && err.contains("--all "), "{err}");
        let (few, err) = ran(&format!("{name} --limit 3 -o jsonl"));
        assert_eq!(few.lines().count(), 3, "{err}");
        let (sorted, err) = ran(&format!("{name} --all --sort -dueDate -o jsonl"));
        let rows =
            sorted.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let days: Vec<String> =
            rows.map(|row| row["dueDate"].as_str().unwrap().to_owned()).collect();
        assert!(days.len() > 1_000 && days.is_sorted_by(|one, other| one >= other), "{err}");
        assert_eq!(err, "");
    }
    assert_eq!(ran("payments list --limit 9 -o csv"), ran("list payments --limit 9 -o csv"));
}

#[test]
fn all_accounts_are_loaded_from_short_pages_with_their_properties() {
    let runtime = runtime();
    let many = Options {
        accounts: Some(120),
        page_cap: Some(50),
        latency: Duration::from_millis(30),
        ..options()
    };
    let sandbox = runtime.block_on(Sandbox::start(many)).unwrap();
    let clock = Clock::start();
    let all = said(&run(&sandbox, &["account", "-o", "json"], true));
    let took = clock.now().elapsed;
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    let of = |path: &str| {
        let entries = all.as_array().unwrap().iter();
        entries.filter(|entry| entry["path"] == path).collect::<Vec<_>>()
    };
    assert_eq!(of("me/bank-account-details")[0]["result"]["answer"].as_array().unwrap().len(), 120);
    let properties = of("me/bank-account-details/{id}/properties");
    assert_eq!(properties.len(), 120);
    assert!(properties.iter().all(|it| !it["result"]["answer"].as_array().unwrap().is_empty()));
    // With the pace of the customer API, it would take 80 s.
    assert!(took < 40_000, "{took} ms");
}

#[test]
fn a_server_that_repeats_its_page_is_no_endless_list_and_what_is_missing_is_said() {
    let runtime = runtime();
    let faults = vec!["repeat-pages:payments-api".parse().unwrap()];
    let capped = Options { page_cap: Some(2), faults, ..options() };
    let sandbox = runtime.block_on(Sandbox::start(capped)).unwrap();
    let output = run(&sandbox, &["account"], true);
    let err = String::from_utf8(output.stderr.clone()).unwrap();
    let shown = said(&output);
    assert_eq!(shown.matches("Bank account c592").count(), 2, "{shown}");
    assert_eq!(shown.matches("Paypal").count(), 1, "{shown}");
    assert!(err.contains("Payment methods: 2 of 3 loaded"), "{err}");
    assert_eq!(output.status.code(), Some(0), "{err}");
}

#[test]
fn a_list_that_fails_from_its_first_page_on_is_said_and_ends_with_a_code() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    for (fault, code, why) in [("500", 1, "has a problem (500"), ("403", 4, "denies access")] {
        // The other server answers, so the report is shown.
        sandbox.set_faults(vec![format!("{fault}:payments-api").parse().unwrap()]);
        let output = run(&sandbox, &["account"], true);
        let err = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{err}");
        for list in ["The bank account details", "The payment methods"] {
            let said = |line: &&str| line.contains(list) && line.contains(why);
            assert_eq!(err.lines().filter(said).count(), 1, "{list}: {err}");
        }
        assert!(said(&output).contains("Currencies"), "{err}");
    }
}

#[test]
fn a_payment_is_not_missing_while_its_requests_fail_for_other_reasons() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    sandbox.set_faults(vec!["403:payments-api".parse().unwrap()]);
    let output = run(&sandbox, &["payments", "show", "nothing"], true);
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("denies access") && !err.contains("was not found"), "{err}");
}

#[test]
fn the_check_of_a_tax_number_is_sent_once_whatever_happens_to_it() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    for (sent, fault) in (1..).zip(["reset", "500", "503", "truncated"]) {
        sandbox.set_faults(vec![format!("{fault}:payments-api:2").parse().unwrap()]);
        let output = run(&sandbox, &["tin", "27484819A", "ES", "individual"], true);
        assert_eq!(output.status.code(), Some(1), "{fault}");
        let requests = sandbox.requests();
        let posts = requests.iter().filter(|request| request.method == "POST");
        assert_eq!(posts.count(), sent, "{fault}");
    }
}

#[test]
fn stripe_and_bank_accounts_are_commands() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let (landlord, account) = sandbox.payments_ids();
    let stripe = said(&run(&sandbox, &["stripe", &landlord], true));
    assert!(stripe.contains("Status         RestrictedSoon"), "{stripe}");
    for words in [vec!["landlord", &landlord], vec!["landlord", &landlord, "property", "67882"]] {
        let bank = said(&run(&sandbox, &[&["bank"], &words[..]].concat(), true));
        assert!(bank.contains("Bank account c592") && bank.contains("Properties"), "{bank}");
    }
    let bank = said(&run(&sandbox, &["bank", "id", &account], true));
    assert!(bank.contains("in the Payments and Finance API") && !bank.contains('✗'), "{bank}");
    let unknown = run(&sandbox, &["bank", "id", "nothing"], true);
    assert_eq!(unknown.status.code(), Some(3));
    assert_eq!(run(&sandbox, &["bank", "nothing"], true).status.code(), Some(2));
}

#[test]
fn check_looks_at_both_apis_and_names_whose_token_it_is() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let check = || said(&run(&sandbox, &["check"], true));
    let shown = check();
    let line = |shown: &str, name: &str| {
        let line = shown.lines().find(|line| line.split_whitespace().nth(1) == Some(name));
        line.unwrap_or_else(|| panic!("{name} is not in {shown}")).to_owned()
    };
    for (name, owner) in [("payments", "admin"), ("finance", "finance")] {
        let line = line(&shown, name);
        assert!(line.starts_with("ok ") && line.contains(&format!("token of {owner}")), "{line}");
        assert!(line.contains("expires at 2100-01-01 00:00:00Z"), "{line}");
    }
    assert!(shown.contains("ok   payments list") && !shown.contains("eyJ"), "{shown}");
    sandbox.set_faults(vec!["401:finance-api".parse().unwrap()]);
    let refused = line(&check(), "finance");
    assert!(
        refused.starts_with("BAD") && refused.contains("does not accept the token"),
        "{refused}"
    );
    sandbox.set_faults(vec!["404:payments-api".parse().unwrap()]);
    let shown = check();
    assert!(shown.contains("odd  payments list") && shown.contains("hides the tab"), "{shown}");
    let advice =
        format!("check the base URL {}; valora hides the tab Payments", sandbox.payments_url());
    assert!(shown.contains(&advice), "{shown}");
    let without = said(&run(&sandbox, &["check"], false));
    assert!(!without.contains("payments"), "{without}");
}

#[test]
fn check_examines_the_tokens_that_the_commands_use() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let home = tempfile::tempdir().unwrap();
    let settings = home.path().join(".config/valora/config.toml");
    std::fs::create_dir_all(settings.parent().unwrap()).unwrap();
    let (base, token) = (sandbox.base_url(), sandbox.token());
    let (payments, valid) = (sandbox.payments_url(), sandbox.payments_tokens().admin);
    let table = format!(
        "default_profile = \"b\"\n[profile.b]\nbase_url = \"{base}\"\ntoken_command = [\"echo\", \"{token}\"]\n\
         [profile.b.payments]\nbase_url = \"{payments}\"\ntoken_command = [\"echo\", \"aa.bb.cc\"]\n"
    );
    std::fs::write(settings, table).unwrap();
    // Without a named profile, variables come before the default profile.
    for (has_tokens, state, code) in [(true, "ok ", 0), (false, "BAD", 4)] {
        let check = run_at(&home, &sandbox, &["check"], has_tokens);
        let shown = said(&check);
        let line = shown.lines().find(|line| line.contains("payments list")).unwrap_or_default();
        assert!(line.starts_with(state), "{shown}");
        assert!(shown.contains(&base) && !shown.contains(valid), "{shown}");
        let list = run_at(&home, &sandbox, &["payments", "list", "--limit", "1"], has_tokens);
        assert_eq!(list.status.code(), Some(code), "{shown}");
    }
}

#[test]
fn what_fails_says_why_and_ends_with_its_code() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let table: [(&[&str], bool, i32, &str); 5] = [
        (&["account"], false, 2, "VALORA_PAYMENTS_TOKEN"),
        (
            &["payments", "show", "nothing"],
            true,
            3,
            "Payment nothing was not found: Payments could not find this (404: Not Found: The \
             resource was not found)",
        ),
        (&["tin", "1", "Spain", "x"], true, 2, "a country has two letters"),
        (&["payments", "list", "sortType=UP"], true, 2, "ASC"),
        (&["payments", "list", "sortBy=moon"], true, 1, "sortBy: The input was not found"),
    ];
    for (arguments, has_tokens, code, words) in table {
        let output = run(&sandbox, arguments, has_tokens);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty() && !error.contains("eyJ"), "{error}");
    }
}

#[test]
fn under_the_name_of_a_profile_nothing_is_asked_with_the_token_of_a_variable() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let home = tempfile::tempdir().unwrap();
    let settings = home.path().join(".config/valora/config.toml");
    std::fs::create_dir_all(settings.parent().unwrap()).unwrap();
    let base = sandbox.payments_url().replace("/payments-api", "/of-another");
    let table = format!(
        "[profile.b]\n[profile.b.payments]\nbase_url = \"{base}\"\ntoken_command = [\"echo\", \"aa.bb.cc\"]\n"
    );
    std::fs::write(settings, table).unwrap();
    let output = run_at(&home, &sandbox, &["payments", "--profile", "b", "list"], true);
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("VALORA_PAYMENTS_TOKEN and VALORA_FINANCE_TOKEN are not used"), "{err}");
    assert_ne!(output.status.code(), Some(0));
    let asked = sandbox.requests();
    assert!(!asked.is_empty(), "{err}");
    assert!(asked.iter().all(|request| request.path.starts_with("/of-another/")), "{asked:?}");
}
