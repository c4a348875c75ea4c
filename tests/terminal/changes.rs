//! `valora changes` on the built program: what it records, compares and prints; and the demo overnight.

use valora::clock::Clock;
use valora::sandbox::{Options, Revision, Sandbox};

use crate::profiles::User;

/// Runs `valora changes` against a sandbox whose data was revised; returns code, output and messages.
fn changes(user: &User, revised: Vec<Revision>, arguments: &[&str]) -> (i32, String, String) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let options = Options { revised, ..Options::for_day(Clock::start().today()) };
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let variables = [("VALORA_TOKEN", sandbox.token()), ("VALORA_BASE_URL", &sandbox.base_url())];
    user.run_with(&[&["changes"], arguments].concat(), "", &variables)
}

/// The ids of a list of that data.
fn ids(list: &str, user: &User) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let options = Options::for_day(Clock::start().today());
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let variables = [("VALORA_TOKEN", sandbox.token()), ("VALORA_BASE_URL", &sandbox.base_url())];
    let (code, out, err) = user.run_with(&["list", list, "-o", "jsonl"], "", &variables);
    assert_eq!(code, 0, "{err}");
    let row = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    out.lines().map(|line| row(line)["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn changes_are_recorded_and_printed_in_each_form_with_the_cost_and_what_was_compared() {
    let user = User::new();
    let penalties = ids("penalties", &user);
    let (code, out, err) = changes(&user, Vec::new(), &[]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    let mut lines = err.lines().filter_map(|line| line.strip_prefix("valora: debt: all "));
    assert!(lines.any(|it| it.ends_with(" rows; nothing to compare with yet")), "{err}");
    assert!(err.contains("loaded in ") && err.contains(" requests"), "{err}");
    let revised =
        || vec![Revision::Paid(penalties[0].clone()), Revision::Withheld(penalties[1].clone())];
    let (code, csv, err) =
        changes(&user, revised(), &["since=yesterday", "penalties", "-o", "csv"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("penalties: 1 changed, 1 gone; all "), "{err}");
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| &row[0] == "penalties"), "{csv}");
    let gone = rows.iter().find(|row| &row[2] == "gone").unwrap();
    assert_eq!(gone[10], penalties[1]);
    let paid = rows.iter().find(|row| &row[3] == "status").unwrap();
    assert_eq!((&paid[5], &paid[10]), ("paid", penalties[0].as_str()));
    let (_, jsonl, _) = changes(&user, revised(), &["-o", "jsonl"]);
    assert_eq!(jsonl.lines().count(), rows.len(), "the other lists are as they were: {jsonl}");
    let (_, json, _) = changes(&user, revised(), &["-o", "json"]);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&json).unwrap().len(), rows.len());
    let (_, table, _) = changes(&user, revised(), &[]);
    assert!(table.contains("gone") && table.lines().count() == rows.len() + 1, "{table}");
    // A part claims nothing that only all rows could show.
    let other = User::new();
    for revised in [Vec::new(), vec![Revision::Withheld(penalties[1].clone())]] {
        let (code, out, err) = changes(&other, revised, &["penalties", "--limit", "3"]);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        assert!(err.contains("first 3 of "), "{err}");
    }
}

#[test]
fn a_day_that_was_not_kept_is_named_with_the_one_that_is_compared_with() {
    let user = User::new();
    for run in 0..2 {
        let (code, _, err) = changes(&user, Vec::new(), &["since=-7d", "debt"]);
        assert_eq!(code, 0, "{err}");
        let today = Clock::start().today();
        let day = format!("valora: changes since {today} (nearest saved day; ");
        assert_eq!(err.contains(&day), run > 0, "{err}");
    }
}

#[test]
fn wrong_words_and_a_refused_token_have_their_codes() {
    let user = User::new();
    for (words, why) in [
        (&["since=tomorrow"][..], "not in the past"),
        (&["since=soon"], "not a day"),
        (&["debts"], "neither since=DATE nor a list"),
    ] {
        let (code, out, err) = user.run(&[&["changes"], words].concat(), "");
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(why), "{err}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let options = Options::for_day(Clock::start().today());
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let variables =
        [("VALORA_TOKEN", sandbox.employee_token()), ("VALORA_BASE_URL", &sandbox.base_url())];
    let (code, _, err) = user.run_with(&["changes"], "", &variables);
    assert_eq!(code, 4, "{err}");
}

#[test]
fn the_journal_holds_no_names_and_no_account_numbers_and_is_yours_alone() {
    use std::os::unix::fs::PermissionsExt;

    let user = User::new();
    changes(&user, Vec::new(), &[]);
    let folder = user.kept("x").parent().unwrap().with_file_name("changes");
    let files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    let journal =
        files.iter().find(|path| path.extension().is_some_and(|it| it == "json")).unwrap();
    assert_eq!(journal.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(journal).unwrap();
    assert!(text.contains("BK") && text.contains("missing_iban"));
    for name in ["beneficiary", "account_name", "invoice_to", "bank_account", "\"iban\"", "http"] {
        assert!(!text.contains(name), "{name}");
    }
    // An IBAN: two letters and more digits than any amount has.
    let is_long =
        |word: &str| word.len() > 14 && word.bytes().skip(2).all(|byte| byte.is_ascii_digit());
    assert!(!text.split(['"', ' ', ',']).any(is_long));
}
