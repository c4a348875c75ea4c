//! `--all-profiles` on the built program: what it prints is what each customer's own command prints,
//! under its name, and a customer that fails is a row.

use std::path::PathBuf;

use serde_json::{Map, Value};
use valora::domain::customer::CustomerKey;
use valora::list::Spec;
use valora::list::record::Record;
use valora::sandbox::{Fault, Options, Revision};
use valora::state::{StateFile, Store};
use valora::triage::Decision;
use valora::triage::memory::{Entry, Memory};

use crate::customers::Customers;
use crate::profiles::User;

const DEAD: &str = "base_url = \"http://127.0.0.1:1/api/v1/c\"\n";
const TOKEN: &str = "sd_dead0123456789";

fn faulty(fault: &str, seed: u64) -> Options {
    let faults = vec![fault.parse::<Fault>().unwrap()];
    Options { faults, ..Customers::options(seed) }
}

fn three() -> Customers {
    (1..4).fold(Customers::new(), |all, seed| {
        all.with(&format!("seed-{seed}"), Customers::options(seed))
    })
}

/// The arguments of a command for all.
fn of_all<'a>(command: &[&'a str]) -> Vec<&'a str> {
    [command, &["--all-profiles"]].concat()
}

fn csv_lines(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let cells = |line: csv::StringRecord| line.iter().map(str::to_owned).collect();
    reader.records().map(|line| cells(line.unwrap())).collect()
}

/// Asserts that each format of all customers has the rows of their own commands, in their order.
fn assert_is_concatenated(customers: &Customers, command: &[&str]) {
    let form = |form: &'static str| [command, &["-o", form]].concat();
    let all = |form: &[&str]| {
        let (code, out, err) = customers.user.run(&of_all(form), "");
        assert_eq!(code, 0, "{err}");
        out
    };
    let names = || customers.servers.iter().map(|(name, _)| name.as_str());

    let mut expected: Vec<Vec<String>> = Vec::new();
    for name in names() {
        let own = csv_lines(&customers.of_one(name, &form("csv")).0);
        let with = |first: &str, row: &[String], last: &str| {
            [&[first.to_owned()], row, &[last.to_owned()]].concat()
        };
        if expected.is_empty() {
            expected.push(with("customer", &own[0], "error"));
        }
        expected.extend(own[1..].iter().map(|row| with(name, row, "")));
    }
    assert!(expected.len() > 3);
    assert_eq!(csv_lines(&all(&form("csv"))), expected);

    let mut expected = Vec::new();
    for name in names() {
        let own: Vec<Map<String, Value>> =
            serde_json::from_str(&customers.of_one(name, &form("json")).0).unwrap();
        expected.extend(own.into_iter().map(|mut row| {
            row.insert("customer".to_owned(), name.into());
            Value::Object(row)
        }));
    }
    let json: Vec<Value> = serde_json::from_str(&all(&form("json"))).unwrap();
    assert_eq!(json, expected);

    // The columns of a table are as wide as all customers need.
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for form in ["table", "markdown"] {
        let (form, is_table) = ([command, &["-o", form]].concat(), form == "table");
        let all = all(&form);
        // Sums and notes follow a table in Markdown.
        let is_row = |line: &&str| is_table || line.starts_with('|');
        let mut lines = all.lines().filter(is_row).skip(if is_table { 1 } else { 2 });
        let first = if is_table { "customer" } else { "| customer |" };
        assert!(all.starts_with(first) && !all.lines().next().unwrap().contains("error"), "{all}");
        for name in names() {
            let own = customers.of_one(name, &form).0;
            for line in own.lines().filter(is_row).skip(if is_table { 1 } else { 2 }) {
                let start = if is_table { "" } else { "| " };
                let line = format!("{start}{name} {line}");
                assert_eq!(words(lines.next().unwrap()), words(&line));
            }
        }
        assert_eq!(lines.next(), None);
    }
}

#[test]
fn a_worklist_of_all_is_the_worklists_of_each() {
    let customers = three();
    assert_is_concatenated(&customers, &["worklist"]);
    assert_is_concatenated(&customers, &["worklist", "--all"]);
    for (name, _) in &customers.servers {
        let before = customers.requests(name);
        let (code, _, all) = customers.user.run(&of_all(&["worklist"]), "");
        assert_eq!(code, 0, "{all}");
        let requests = customers.requests(name) - before;
        // A page of penalties, and the requests for the owners: all fit into the first requests.
        assert!((1..=16).contains(&requests), "{requests}");
        let (_, own) = customers.of_one(name, &["worklist"]);
        for line in own.lines() {
            let line = line.replacen("valora: ", &format!("valora: {name}: "), 1);
            assert!(all.contains(&line), "{line} is not in {all}");
        }
    }
}

#[test]
fn a_file_of_all_names_the_customers_that_it_lacks() {
    let customers = three().with_profile("dead", DEAD, TOKEN);
    for command in ["worklist", "changes"] {
        for form in ["html", "md"] {
            let (code, out, err) = customers.user.run(&of_all(&[command, "-o", form]), "");
            assert_eq!(code, 1, "{err}");
            assert!(out.contains("Incomplete: not loaded completely: dead"), "{command}: {out}");
            assert!(!out.contains("Not counted: 1 row without"), "{command}: {out}");
        }
    }
    let (code, out, err) =
        three().user.run(&of_all(&["changes", "debt", "--limit", "1", "-o", "md"]), "");
    assert_eq!(code, 0, "{err}");
    let part = "seed-1: Incomplete: not all rows were compared in: Debt";
    assert!(out.contains(part), "{out}");
}

#[test]
fn decisions_are_those_of_each_customer() {
    // Both have the same penalties.
    let customers =
        Customers::new().with("acme", Customers::options(1)).with("globex", Customers::options(1));
    let json = |arguments: &[&str]| -> Vec<Value> {
        let (code, out, err) = customers.user.run(arguments, "");
        assert_eq!(code, 0, "{err}");
        serde_json::from_str(&out).unwrap()
    };
    let rows = json(&["worklist", "--all-profiles", "-o", "json"]);
    let id = rows[0]["id"].as_str().unwrap().to_owned();
    let penalties = customers.of_one("acme", &["penalties", "--all", "-o", "jsonl"]).0;
    let row = penalties.lines().find(|line| line.contains(&id)).unwrap();
    let row = Record::read(Spec::named("penalties").unwrap(), row);
    let entry = Entry { decision: Some(Decision::Dispute), ..Entry::new(&row) };
    let memory = Memory { entries: [(id.clone(), entry)].into(), ..Memory::default() };
    let [(_, config), (_, state)] = customers.user.variables();
    let store = Store::below(&PathBuf::from(config), &PathBuf::from(state));
    let file = CustomerKey::of_profile("acme");
    store.change(StateFile::Triage(&file), |_| Ok(memory.write().unwrap())).unwrap();

    let rows = json(&["worklist", "--all-profiles", "-o", "json"]);
    let of = |customer: &str| {
        let mut rows = rows.iter().filter(|row| row["customer"] == customer);
        rows.find(|row| row["id"] == id.as_str()).unwrap()["decision"].clone()
    };
    assert_eq!((of("acme"), of("globex")), ("dispute".into(), Value::Null));
}

#[test]
fn changes_of_all_are_the_changes_of_each_and_recorded_for_each() {
    let lists = ["changes", "penalties", "debt"];
    let mut customers = three();
    let mut revised = Vec::new();
    for (name, _) in &customers.servers {
        let (penalties, _) = customers.of_one(name, &["penalties", "-o", "jsonl"]);
        let row: Value = serde_json::from_str(penalties.lines().next().unwrap()).unwrap();
        revised.push(row["id"].as_str().unwrap().to_owned());
    }
    let (code, out, err) = customers.user.run(&of_all(&lists), "");
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    for name in ["seed-1", "seed-2", "seed-3"] {
        assert!(err.contains(&format!("valora: {name}: penalties: all ")), "{err}");
    }
    let user = std::mem::replace(&mut customers.user, User::new());
    let later = (1..4).zip(revised).fold(Customers { user, ..Customers::new() }, |all, it| {
        let (seed, id) = it;
        let revised = vec![Revision::Withheld(id)];
        all.with(&format!("seed-{seed}"), Options { revised, ..Customers::options(seed) })
    });
    let before: Vec<usize> = later.servers.iter().map(|(name, _)| later.requests(name)).collect();
    let (code, out, err) = later.user.run(&of_all(&[&lists[..], &["-o", "jsonl"]].concat()), "");
    assert_eq!((code, out.lines().count()), (0, 3), "{out}{err}");
    for ((name, _), before) in later.servers.iter().zip(before) {
        let requests = later.requests(name) - before;
        let told = format!("valora: {name}: loaded in {requests} request");
        assert!(err.contains(&told) && requests <= 20, "{told}: {err}");
        assert!(err.contains(&format!("valora: {name}: penalties: 1 gone")), "{err}");
    }
    assert_is_concatenated(&later, &lists);
}

#[test]
fn a_customer_that_fails_is_a_row_with_its_error() {
    let customers = Customers::new()
        .with("fine", Customers::options(1))
        .with_profile("dead", DEAD, TOKEN)
        .with("refused", faulty("401:*", 2))
        .with("garbled", faulty("html:*", 3))
        .with_profile("missing", "", "")
        .with_profile("locked", "token_command = [\"pass\", \"show\", \"x\"]\n", "");
    let kinds = [
        ("dead", "offline"),
        ("refused", "refused"),
        ("garbled", "failed"),
        ("missing", "no_token"),
        ("locked", "locked"),
    ];
    for command in [&["worklist"][..], &["changes", "debt", "penalties"]] {
        let run = |form: &'static str| {
            let (code, out, err) =
                customers.user.run(&of_all(&[command, &["-o", form]].concat()), "");
            assert_eq!(code, 1, "{err}");
            (out, err)
        };
        let (json, err) = run("json");
        let rows: Vec<Value> = serde_json::from_str(&json).unwrap();
        let (failed, fine): (Vec<&Value>, Vec<&Value>) =
            rows.iter().partition(|row| !row["error"].is_null());
        let of = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
        let found = failed.iter().map(|row| (of(row, "customer"), of(&row["error"], "kind")));
        let expected = kinds.map(|(name, kind)| (name.to_owned(), kind.to_owned()));
        assert_eq!(found.collect::<Vec<_>>(), expected);
        assert!(fine.iter().all(|row| row["customer"] == "fine"));
        assert_eq!(fine.is_empty(), command[0] == "changes", "nothing to compare with yet");
        for row in failed {
            let line = format!("valora: {}: {}\n", of(row, "customer"), of(&row["error"], "text"));
            assert!(err.contains(&line), "{line}: {err}");
        }
        let end = "valora: 5 of 6 customers could not be loaded completely\n";
        assert!(err.ends_with(end), "{err}");

        let (table, csv) = (run("table").0, csv_lines(&run("csv").0));
        assert!(table.lines().next().unwrap().ends_with("  error"), "{table}");
        for (name, _) in kinds {
            assert_eq!(table.lines().filter(|line| line.starts_with(name)).count(), 1, "{table}");
            let row = csv.iter().find(|row| row[0] == name).unwrap();
            assert!(!row.last().unwrap().is_empty(), "{row:?}");
        }
    }
}

#[test]
fn a_list_that_changes_while_it_loads_is_rows_and_an_error() {
    let shrinking = Options { rows: Some(40_000), ..faulty("shrink-pages:penalties", 1) };
    let customers = Customers::new().with("acme", shrinking);
    let (code, out, err) = customers.user.run(&of_all(&["worklist", "-o", "json"]), "");
    let rows: Vec<Value> = serde_json::from_str(&out).unwrap();
    let (last, rows) = rows.split_last().unwrap();
    assert!(code == 1 && !rows.is_empty(), "{err}");
    assert_eq!((&last["customer"], &last["error"]["kind"]), (&"acme".into(), &"partial".into()));
    assert!(err.contains("valora: acme: the list changed while loading: "), "{err}");
    assert!(err.ends_with("1 of 1 customer could not be loaded completely\n"), "{err}");
}

#[test]
fn a_program_that_may_ask_runs_only_with_unlock() {
    let customers = Customers::new().with("plain", Customers::options(1));
    let (url, token) =
        (customers.servers[0].1.base_url(), customers.servers[0].1.token().to_owned());
    let mark = customers.user.kept("mark").with_extension("mark");
    let script = format!("echo x >> {}; echo {token}", mark.display());
    let settings = format!(
        "base_url = \"{url}\"\ntoken_command = [\"sh\", \"-c\", \"{script}\"]\n\
         token_command_asks = true\n"
    );
    let customers = customers.with_profile("asks", &settings, "");
    let (code, _, err) = customers.user.run(&of_all(&["worklist"]), "");
    assert!(code == 1 && err.contains("valora: asks: locked: sh may ask "), "{err}");
    assert!(err.contains("; --unlock runs it\n"), "{err}");
    assert!(!mark.exists());
    let (code, out, err) = customers.user.run(&of_all(&["worklist", "--unlock"]), "");
    assert_eq!(code, 0, "{err}");
    assert_eq!(std::fs::read_to_string(&mark).unwrap(), "x\n");
    assert!(out.contains("\nasks ") && !format!("{out}{err}").contains(&token), "{out}");
}

#[test]
fn a_program_that_failed_with_unlock_is_the_error_of_its_customer() {
    let failing = |asks: &str| format!("token_command = [\"false\"]\n{asks}");
    let customers = Customers::new()
        .with("plain", Customers::options(1))
        .with_profile("asks", &failing("token_command_asks = true\n"), "")
        .with_profile("plain-program", &failing(""), "");
    for command in [&["worklist"][..], &["booking", "BK000001"]] {
        let line = [&of_all(command)[..], &["--unlock"]].concat();
        let (code, _, err) = customers.user.run(&line, "");
        assert_eq!(code, 1, "{err}");
        for name in ["asks", "plain-program"] {
            let why = format!("valora: {name}: token_command: false failed (exit status: 1)");
            assert_eq!(err.matches(&why).count(), 1, "{err}");
        }
        assert!(!err.contains("--unlock") && !err.contains("may ask"), "{err}");
    }
}

#[test]
fn without_its_decisions_no_worklist_is_printed() {
    let customers =
        Customers::new().with("acme", Customers::options(1)).with("globex", Customers::options(2));
    let [(_, config), (_, state)] = customers.user.variables();
    let store = Store::below(&PathBuf::from(config), &PathBuf::from(state));
    let acme = CustomerKey::of_profile("acme");
    let file = StateFile::Triage(&acme);
    store.change(file, |_| Ok("{broken".to_owned())).unwrap();
    let why = format!(
        "The worklist could not be loaded: the decisions file cannot be read: {}: ",
        store.path(file).display()
    );
    let (code, out, err) = customers.user.run(&["worklist", "--profile", "acme"], "");
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains(&why), "{err}");
    let (code, out, err) = customers.user.run(&of_all(&["worklist", "-o", "json"]), "");
    assert_eq!(code, 1, "{err}");
    let rows: Vec<Value> = serde_json::from_str(&out).unwrap();
    let (of_acme, others): (Vec<&Value>, Vec<&Value>) =
        rows.iter().partition(|row| row["customer"] == "acme");
    assert_eq!(of_acme.len(), 1);
    assert_eq!(of_acme[0]["error"]["kind"], "failed");
    assert!(of_acme[0]["error"]["text"].as_str().unwrap().starts_with(&why), "{out}");
    assert!(!others.is_empty() && others.iter().all(|row| row["error"].is_null()), "{out}");
    assert_eq!(store.read(file).unwrap(), "{broken", "the file stays");
}

#[test]
fn options_of_one_customer_are_refused_and_without_profiles_it_says_how_to_log_in() {
    let user = User::new();
    for command in [&["worklist"][..], &["changes"], &["booking", "BK123456"]] {
        for option in ["--profile", "--token-file", "--base-url"] {
            for line in [
                [&[option, "x"], command, &["--all-profiles"]].concat(),
                [command, &["--all-profiles", option, "x"]].concat(),
            ] {
                let (code, out, err) = user.run(&line, "");
                assert_eq!((code, out.as_str()), (2, ""), "{err}");
                let why = format!("valora: {option} has no effect here: --all-profiles uses the ");
                assert!(err.starts_with(&why), "{err}");
            }
        }
        let (code, _, err) = user.run(&[command, &["--unlock"]].concat(), "");
        assert!(code == 2 && err.contains("--all-profiles"), "{err}");
        let variables = [("VALORA_TOKEN", TOKEN), ("VALORA_PROFILE", "acme")];
        let (code, out, err) = user.run_with(&of_all(command), "", &variables);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        let unused = "valora: VALORA_TOKEN is not used: each customer uses the server and the token \
                      of its profile\n";
        assert!(err.starts_with(unused) && err.contains("there is no token"), "{err}");
    }
}
