//! `valora customers` on the built program: each customer has a server of its own, and its figures are
//! those of the commands that show one customer.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use tokio::runtime::Runtime;
use valora::clock::Clock;
use valora::sandbox::{Fault, Options, Revision, Sandbox};

use crate::profiles::User;

const LISTS: [&str; 3] = ["debt", "penalties", "scheduled"];

/// A user with customers, each with its own server and token.
pub(crate) struct Customers {
    pub(crate) user: User,
    pub(crate) runtime: Runtime,
    pub(crate) servers: Vec<(String, Sandbox)>,
    pub(crate) settings: String,
}

impl Customers {
    pub(crate) fn new() -> Self {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.enable_all().build().unwrap();
        Self { user: User::new(), runtime, servers: Vec::new(), settings: String::new() }
    }

    pub(crate) fn options(seed: u64) -> Options {
        Options { seed, limit: 0, ..Options::for_day(Clock::start().today()) }
    }

    pub(crate) fn with(mut self, name: &str, options: Options) -> Self {
        let server = self.runtime.block_on(Sandbox::start(options)).unwrap();
        let (url, token) = (server.base_url(), server.token().to_owned());
        self.servers.push((name.to_owned(), server));
        self.with_profile(name, &format!("base_url = \"{url}\"\n"), &token)
    }

    /// A profile with these settings, and this saved token unless it is empty.
    pub(crate) fn with_profile(mut self, name: &str, settings: &str, token: &str) -> Self {
        self.settings = format!("{}[profile.{name}]\n{settings}", self.settings);
        self.user.write_settings(&self.settings);
        let path = self.user.kept(name);
        let folder = path.parent().unwrap();
        fs::create_dir_all(folder).unwrap();
        fs::set_permissions(folder, Permissions::from_mode(0o700)).unwrap();
        if !token.is_empty() {
            fs::write(&path, token).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        }
        self
    }

    pub(crate) fn requests(&self, name: &str) -> usize {
        let server = self.servers.iter().find(|(own, _)| own == name);
        server.unwrap().1.requests().len()
    }

    /// The exit code, the customers in their order, and the messages.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, Vec<Value>, String) {
        let arguments = [&["customers", "-o", "json"], arguments].concat();
        let (code, out, err) = self.user.run(&arguments, "");
        (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}")), err)
    }

    pub(crate) fn of_one(&self, name: &str, arguments: &[&str]) -> (String, String) {
        let (code, out, err) = self.user.run(&[arguments, &["--profile", name]].concat(), "");
        assert_eq!(code, 0, "{err}");
        (out, err)
    }
}

fn of<'a>(rows: &'a [Value], name: &str) -> &'a Value {
    rows.iter().find(|row| row["profile"] == name).unwrap()
}

/// `EUR 1,234.56` of an amount in json.
fn money(amount: &Value) -> String {
    let minor = amount["amount"].as_i64().unwrap();
    let code = amount["currency"].as_str().unwrap();
    let currency = valora::domain::money::Currency::parse(code).unwrap();
    valora::domain::money::format_money(minor.into(), currency)
}

#[test]
fn the_figures_of_each_row_are_those_of_its_own_commands() {
    let customers = (1..4).fold(Customers::new(), |all, seed| {
        all.with(&format!("seed-{seed}"), Customers::options(seed))
    });
    let (code, rows, err) = customers.run(&[]);
    assert_eq!((code, rows.len(), err.as_str()), (0, 3, ""));
    for seed in 1..4 {
        let name = format!("seed-{seed}");
        let (row, requests) = (of(&rows, &name), customers.requests(&name));
        assert!((3..=10).contains(&requests), "{requests}");
        let (_, totals) = customers.of_one(&name, &["debt", "--all"]);
        let open = &row["open"];
        assert!(totals.contains(&format!("{} open", open["rows"])), "{totals}{row}");
        let amounts = open["amounts"].as_array().unwrap().iter();
        for amount in amounts.chain(row["over_90"]["amounts"].as_array().unwrap()) {
            assert!(totals.contains(&money(amount)), "{amount}: {totals}");
        }
        if !row["open_eur"].is_null() {
            let euros = serde_json::json!({"amount": row["open_eur"], "currency": "EUR"});
            assert!(totals.contains(&money(&euros)), "{totals}");
        }
        let (worklist, _) = customers.of_one(&name, &["worklist", "-o", "json"]);
        let worklist: Vec<Value> = serde_json::from_str(&worklist).unwrap();
        assert_eq!(row["penalties_to_decide"]["rows"], worklist.len());
        let overdue = worklist.iter().filter(|row| !row["days"].is_null()).count();
        assert_eq!(row["penalties_overdue"]["rows"], overdue);
        let (scheduled, _) = customers.of_one(&name, &["scheduled", "--all", "-o", "jsonl"]);
        let held =
            scheduled.lines().filter(|line| !line.contains("\"status\":\"upcoming\"")).count();
        let rows_of = |row: &Value| usize::try_from(row["rows"].as_u64().unwrap()).unwrap();
        let own: usize = row["payouts_held"].as_array().unwrap().iter().map(rows_of).sum();
        assert_eq!(own, held, "{scheduled}");
    }
}

#[test]
fn changes_are_those_since_the_last_look_and_no_look_itself() {
    let lists = [&["changes"][..], &LISTS].concat();
    let plain = Customers::new().with("acme", Customers::options(1));
    let (_, rows, _) = plain.run(&[]);
    assert_eq!(rows[0]["changes"], Value::Null, "there was no look");
    let (penalties, _) = plain.of_one("acme", &["penalties", "-o", "jsonl"]);
    let first: Value = serde_json::from_str(penalties.lines().next().unwrap()).unwrap();
    let id = first["id"].as_str().unwrap().to_owned();
    plain.of_one("acme", &lists);
    let Customers { user, .. } = plain;
    let revised = Options { revised: vec![Revision::Withheld(id)], ..Customers::options(1) };
    let later = Customers { user, ..Customers::new() }.with("acme", revised);
    for _ in 0..2 {
        let (code, rows, err) = later.run(&[]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert_eq!(rows[0]["changes"]["count"], 1, "{rows:?}");
        assert_eq!(rows[0]["changes"]["is_complete"], true);
    }
    let (_, err) = later.of_one("acme", &lists);
    assert!(err.contains("penalties: 1 gone") && err.contains("debt: no changes"), "{err}");
}

#[test]
fn every_customer_is_a_row_whatever_its_server_does() {
    let fault = |text: &str, seed| {
        let faults = vec![text.parse::<Fault>().unwrap()];
        Options { faults, ..Customers::options(seed) }
    };
    let customers = Customers::new()
        .with("fine", Customers::options(1))
        .with("limited", fault("429:*", 2))
        .with("half", fault("500:penalties", 3))
        .with("empty", fault("no-rows:*", 4))
        .with("refused", fault("401:*", 5))
        .with_profile("dead", "base_url = \"http://127.0.0.1:1/api/v1/c\"\n", "sd_dead0123456789")
        .with_profile("missing", "", "")
        .with_profile("locked", "token_command = [\"pass\", \"show\", \"x\"]\n", "")
        .with_profile("broken", "", "canary of two words");
    let before = fs::read_dir(customers.user.settings().parent().unwrap()).unwrap().count();
    let (code, rows, err) = customers.run(&[]);
    assert_eq!((code, rows.len()), (1, 9), "{err}");
    let statuses = [
        ("fine", "ready"),
        ("limited", "limit"),
        ("half", "part_failed"),
        ("empty", "ready"),
        ("refused", "refused"),
        ("dead", "offline"),
        ("missing", "no_token"),
        ("locked", "locked"),
        ("broken", "settings"),
    ];
    for (name, status) in statuses {
        assert_eq!(of(&rows, name)["status"], status, "{name}: {err}");
        let is_told = err.contains(&format!("valora: {name}: "));
        assert_eq!(is_told, !["fine", "empty"].contains(&name), "{err}");
    }
    assert!(err.ends_with("7 of 9 customers could not be loaded completely\n"), "{err}");
    assert!(!err.contains("canary"), "{err}");
    let half = of(&rows, "half");
    assert!(half["open"]["rows"].as_u64().unwrap() > 0 && half["penalties_to_decide"].is_null());
    assert_eq!(of(&rows, "empty")["open_eur"], 0);
    // Only its own token went to each server, and no file was written.
    assert_eq!(customers.requests("fine"), 3);
    let place = |name| rows.iter().position(|row| row["profile"] == name).unwrap();
    assert!(place("fine") < place("limited") && place("limited") < place("locked"), "{rows:?}");
    let after = fs::read_dir(customers.user.settings().parent().unwrap()).unwrap().count();
    assert_eq!(after, before);

    let (code, table, totals) = customers.user.run(&["customers"], "");
    assert_eq!((code, table.lines().count()), (1, 10), "{table}");
    assert!(totals.contains("9 customers (6 not loaded, 1 partial) · open debt "), "{totals}");
}

#[test]
fn a_program_that_may_ask_runs_only_with_unlock() {
    let customers = Customers::new().with("plain", Customers::options(1));
    let (url, token) = {
        let server = &customers.servers[0].1;
        (server.base_url(), server.token().to_owned())
    };
    let mark = customers.user.kept("mark").with_extension("mark");
    let script = format!("echo x >> {}; echo {token}", mark.display());
    let command =
        format!("token_command = [\"sh\", \"-c\", \"{script}\"]\ntoken_command_asks = true\n");
    let customers = customers.with_profile("asks", &format!("base_url = \"{url}\"\n{command}"), "");
    let (code, rows, _) = customers.run(&[]);
    assert_eq!((code, &of(&rows, "asks")["status"]), (1, &"locked".into()));
    assert!(!mark.exists());
    let (code, rows, err) = customers.run(&["--unlock"]);
    assert_eq!((code, &of(&rows, "asks")["status"]), (0, &"ready".into()), "{err}");
    assert_eq!(fs::read_to_string(&mark).unwrap(), "x\n");
    assert!(!format!("{rows:?}{err}").contains(&token));
}

#[test]
fn profiles_with_one_token_share_its_limit_and_each_line_of_the_log_names_its_profile() {
    let customers = Customers::new().with("one", Customers::options(1));
    let (url, token) = {
        let server = &customers.servers[0].1;
        (server.base_url(), server.token().to_owned())
    };
    let customers = customers.with_profile("two", &format!("base_url = \"{url}\"\n"), &token);
    let log = customers.user.kept("x").with_extension("log");
    let (code, rows, err) = customers.run(&["--log", log.to_str().unwrap()]);
    assert_eq!((code, rows.len(), customers.requests("one")), (0, 2, 6), "{err}");
    let figures = |name| ["open", "loaded", "payouts_held"].map(|key| of(&rows, name)[key].clone());
    assert_eq!(figures("one"), figures("two"));
    let log = fs::read_to_string(&log).unwrap();
    for name in ["one", "two"] {
        for path in ["debtors", "penalties", "transactions/scheduled"] {
            let line = format!(" [{name}] GET {path} 200 ");
            assert_eq!(log.matches(&line).count(), 1, "{line}: {log}");
        }
    }
    assert!(!log.contains(&token) && !log.contains('?'), "{log}");
}

#[test]
fn without_profiles_and_with_options_of_one_customer_it_explains_itself() {
    let user = User::new();
    let (code, out, err) = user.run(&["customers"], "");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there is no token"), "{err}");
    for option in ["--profile", "--token-file", "--base-url"] {
        let (code, _, err) = user.run(&[option, "x", "customers"], "");
        assert_eq!(code, 2);
        assert!(err.contains(&format!("{option} has no effect on valora customers")), "{err}");
    }
}
