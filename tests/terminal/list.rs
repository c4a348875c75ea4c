//! `valora list`: what it prints, where, what it asks of the server, and its exit codes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::program::{Server, command};

pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

fn started(server: &Server, arguments: &[&str]) -> Child {
    let mut command = command(&[&["list"], arguments].concat());
    command.env("VALORA_TOKEN", &server.token).env("VALORA_BASE_URL", &server.base_url);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

pub(crate) fn run(server: &Server, arguments: &[&str]) -> Ran {
    let output = started(server, arguments).wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code().expect("no signal"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

#[test]
fn rows_go_to_one_stream_and_a_word_on_what_is_missing_to_the_other() {
    let server = Server::start(&[]);
    let cut = run(&server, &["transactions", "--limit", "30", "-o", "csv"]);
    assert_eq!(cut.code, 0);
    assert_eq!(csv::Reader::from_reader(cut.out.as_bytes()).records().count(), 30);
    assert!(cut.err.contains("30 of 2,") && cut.err.contains("--all loads"), "{}", cut.err);
    let all = run(&server, &["transactions", "--all", "-o", "jsonl"]);
    assert_eq!((all.code, all.err.as_str()), (0, ""));
    let rows: Vec<serde_json::Value> =
        all.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() > 2_000 && rows.iter().all(|row| row["amount"].is_i64()));
    let nothing = run(&server, &["debt", "search=zzzzzz", "-o", "json"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (0, "[]\n"));
    assert_eq!(nothing.err, "valora: no rows\n");
}

#[test]
fn columns_are_named_as_documented_or_as_the_server_does_whether_they_come_or_not() {
    let server = Server::start(&["--shape", "words"]);
    let columns = "columns=reference_id,payable_by,created_at,timestamp_voided,amount";
    let ran = run(&server, &["debt", "status=pending", columns, "--sort", "-opened", "-o", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let names = ran.out.lines().next().unwrap();
    assert_eq!(names, "reference_id,due_date,created_at,timestamp_voided,amount,other");
}

#[test]
fn a_name_that_no_column_has_is_refused_with_its_place_once_the_rows_tell() {
    let server = Server::start(&[]);
    for (list, arguments, near) in [
        ("penalties", ["columns=id,amuont", "--sort=id"], "; did you mean amount?"),
        ("transactions", ["columns=amount", "--sort=-nonsense"], ""),
        ("scheduled", ["columns=+nonsense", "--sort=id"], ""),
    ] {
        let ran = run(&server, &[&[list][..], &arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{list}");
        let why = format!("has no such column{near}\n");
        assert!(ran.err.contains(&why) && ran.err.contains("^^^"), "{}", ran.err);
        assert!(ran.err.contains("  known: booking_id"), "{}", ran.err);
    }
    let absent = run(&server, &["scheduled", "columns=booking_id,notes", "--sort=beneficiary"]);
    assert_eq!(absent.code, 0, "{}", absent.err);
}

#[test]
fn filters_and_the_order_are_those_of_the_dashboard() {
    let server = Server::start(&[]);
    let ran = run(&server, &["penalties", "status=notify", "--sort", "-due_date", "-o", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
    let names = reader.headers().unwrap().clone();
    let at = |name: &str| names.iter().position(|known| known == name).unwrap();
    let (status, due) = (at("status"), at("due_date"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(rows.len() > 3 && rows.iter().all(|row| &row[status] == "notify"));
    let days: Vec<&str> = rows.iter().map(|row| &row[due]).filter(|day| !day.is_empty()).collect();
    assert!(days.is_sorted_by(|one, other| one >= other), "{days:?}");
    let chosen = run(&server, &["penalties", "columns=due_date,amount", "--limit", "1"]);
    assert!(chosen.out.starts_with("Booking   Due         Amount\n"), "{}", chosen.out);
}

/// A list that ends before its last row is read, as by `head -2`: its first row, and what it says.
fn first_row(server: &Server, arguments: &[&str]) -> (String, String) {
    let mut child = started(server, arguments);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut lines = String::new();
    for _ in 0..2 {
        out.read_line(&mut lines).unwrap();
    }
    // At once, so that nothing can be said any more.
    child.kill().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    (lines.lines().nth(1).unwrap().to_owned(), said)
}

#[test]
fn an_order_is_of_all_rows_and_of_a_part_says_so_before_the_first_row_twenty_times() {
    let server = Server::start(&["--limit", "0"]);
    let all = run(&server, &["transactions", "--all", "-o", "csv"]);
    let mut reader = csv::Reader::from_reader(all.out.as_bytes());
    let names = reader.headers().unwrap().clone();
    let at = |name: &str| names.iter().position(|known| known == name).unwrap();
    let (amount, currency) = (at("amount"), at("currency"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cents = |row: &csv::StringRecord| row[amount].replace('.', "").parse::<i64>().unwrap();
    let first = rows.iter().map(|row| row[currency].to_owned()).min().unwrap();
    let greatest = rows.iter().filter(|row| row[currency] == first).map(cents).max().unwrap();
    let sorted = &["transactions", "--sort", "-amount", "-o", "csv"];
    for run in 0..20 {
        let (row, said) = first_row(&server, sorted);
        let row = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(row.as_bytes())
            .records()
            .next()
            .unwrap()
            .unwrap();
        assert_eq!((&row[currency], cents(&row)), (first.as_str(), greatest), "run {run}");
        assert_eq!(said, "valora: sorted by currency, then amount\n", "run {run}");
        let (_, said) = first_row(&server, &[&sorted[..], &["--limit", "500"]].concat());
        let part = format!("sorted only the first 500 of {} rows; --all sorts all", count(&rows));
        assert!(said.contains(&part), "run {run}: {said}");
    }
    let cut = run(&server, &["transactions", "--sort", "-amount", "--limit", "30"]);
    assert_eq!(cut.err.matches("--all").count(), 1, "{}", cut.err);
}

/// The count of rows as it is shown.
fn count(rows: &[csv::StringRecord]) -> String {
    valora::domain::money::format_count(rows.len() as u64)
}

#[test]
fn amounts_in_several_currencies_are_sorted_in_eur_where_all_rows_have_it() {
    let server = Server::start(&[]);
    let sorted = run(&server, &["debt", "--sort", "-amount", "-o", "json"]);
    assert_eq!((sorted.code, sorted.err.as_str()), (0, "valora: sorted in EUR\n"));
    let rows: Vec<serde_json::Value> = serde_json::from_str(&sorted.out).unwrap();
    let euros: Vec<i64> = rows.iter().map(|row| row["amount_eur"].as_i64().unwrap()).collect();
    assert!(euros.is_sorted_by(|one, other| one >= other), "{euros:?}");
    assert!(rows.iter().any(|row| row["currency"] != "EUR"), "{rows:?}");
    let one = run(&server, &["debt", "--sort", "-due_date", "-o", "json"]);
    assert_eq!(one.err, "", "no amounts, no word");
}

#[test]
fn the_exit_code_says_what_went_wrong_and_nothing_is_printed_then() {
    let table = [
        (&[][..], &["penalties", "status=late"][..], 2, "known: "),
        (&[], &["penalties", "due=2026-13"], 2, "^^"),
        (&[], &["nothing"], 2, "possible values"),
        (&[], &["debt", "--sort", "nope"], 2, "nope"),
        (&["--fault", "401:*"], &["debt"], 4, "token"),
        (&["--fault", "403:debtors"], &["debt"], 4, "Debt"),
        (&["--fault", "404:debtors"], &["debt"], 3, "Debt"),
        (&["--fault", "bad-json:debtors"], &["debt"], 1, "Debt"),
    ];
    for (flags, arguments, code, words) in table {
        let server = Server::start(flags);
        let ran = run(&server, arguments);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{words} in {}", ran.err);
        assert!(!ran.err.contains("press ") && !ran.err.contains('\x1b'), "{}", ran.err);
    }
}

const ODD_STATUS: &str = r#"{"data":[{"id":"1","status":"sent_to_moon","amount":5,"currency":"EUR"}],
               "pagination":{"total":1,"last_page":1}}"#;

#[test]
fn a_word_that_no_document_has_is_sent_only_where_that_is_asked_for() {
    let server = Server::start(&[]);
    let refused = run(&server, &["debt", "status=sent_to_moon"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    for words in [
        "sent_to_moon is not a documented status\n",
        "known: pending overdue paid settled written_off voided\n",
        "to send it anyway, add --send-unknown",
    ] {
        assert!(refused.err.contains(words), "{words} in {}", refused.err);
    }
    let slip = run(&server, &["debt", "status=payd"]);
    assert!(slip.code == 2 && slip.err.contains("status; did you mean paid?"), "{}", slip.err);
    // The server that knows no such word says so.
    let sent = run(&server, &["debt", "status=sent_to_moon", "--send-unknown"]);
    assert_ne!(sent.code, 0);
    assert!(
        sent.err.contains("sent_to_moon is not a documented status; sent anyway"),
        "{}",
        sent.err
    );
    assert!(sent.err.contains("The selected status is invalid."), "{}", sent.err);
    let found =
        run_on(&[ODD_STATUS], &["debt", "status=sent_to_moon", "--send-unknown", "-o", "csv"]);
    assert!(found.code == 0 && found.out.contains("sent_to_moon"), "{}", found.err);
}

#[test]
fn a_list_that_changes_while_it_is_fetched_is_never_taken_for_whole() {
    let flags = ["--fault", "shrink-pages:transactions", "--limit", "0", "--rows", "3000"];
    let server = Server::start(&flags);
    let ran = run(&server, &["transactions", "--all", "-o", "jsonl"]);
    assert!(ran.code == 1 && ran.out.lines().count() >= 500, "{}: {}", ran.code, ran.err);
    assert!(ran.err.contains("changed while loading: "), "{}", ran.err);
    assert!(ran.err.contains(" rows may be missing or duplicated; run this again"), "{}", ran.err);
    let sorted = run(&server, &["transactions", "--sort", "-amount", "-o", "jsonl"]);
    let first = sorted.err.lines().next().unwrap_or_default();
    assert!(first.contains("sorted, but rows may be missing"), "before any row: {}", sorted.err);
    assert_eq!(sorted.code, 1);
}

/// The command against a server that gives each of these answers once, the last again and again.
fn run_on(answers: &'static [&'static str], arguments: &[&str]) -> Ran {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/api/v1/c", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut left = answers.iter();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 8_192]);
            let Some(answer) = left.next().or(answers.last()) else { return };
            let _ = stream.write_all(
                format!(
                    "HTTP/1.1 {}\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n{}",
                    if answer.is_empty() { "401 Unauthorized" } else { "200 OK" },
                    answer
                )
                .as_bytes(),
            );
        }
    });
    let server = Server::start(&[]);
    let mut command = command(&[&["list"], arguments].concat());
    command.env("VALORA_TOKEN", &server.token).env("VALORA_BASE_URL", base_url);
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn rows_that_could_not_be_read_are_counted_on_standard_error() {
    const PAGE: &str = r#"{"data":[{"id":"1","amount":5,"currency":"EUR"},42],
                   "pagination":{"total":2,"last_page":1}}"#;
    let ran = run_on(&[PAGE], &["penalties"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("✗ cannot be read: 42"), "{}", ran.out);
    assert!(ran.err.contains("valora: 1 row could not be read"), "{}", ran.err);
}

/// Two of 2,600 rows, and then an answer that is none.
const TWO_OF_MANY: &str = r#"{"data":[{"id":"1","amount":5,"currency":"EUR"},
    {"id":"2","amount":5,"currency":"EUR"}],"pagination":{"total":2600,"per_page":2,"last_page":1300}}"#;

#[test]
fn a_list_that_breaks_off_says_after_how_many_rows_in_each_form() {
    for form in ["csv", "tsv", "json", "jsonl", "table"] {
        let ran = run_on(&[TWO_OF_MANY, "{"], &["penalties", "--all", "-o", form]);
        assert_eq!(ran.code, 1, "{form}: {}", ran.err);
        let said = "loading stopped after 2 of 2,600 rows; the output is incomplete";
        assert!(ran.err.contains(said), "{form}: {}", ran.err);
        assert!(ran.out.lines().count() >= 2, "{form}: {}", ran.out);
    }
    for form in ["html", "md"] {
        let ran = run_on(&[TWO_OF_MANY, "{"], &["penalties", "--all", "-o", form]);
        assert_eq!(ran.code, 1, "{form}: {}", ran.err);
        let said = "Incomplete: loading stopped after 2 of 2,600 rows";
        assert!(ran.out.contains(said), "{form}: {}", ran.out);
        assert!(form == "md" || ran.out.ends_with("</html>\n"), "{}", ran.out);
    }
    let sorted = ["penalties", "--all", "--sort", "-amount"];
    let ran = run_on(&[TWO_OF_MANY, "{"], &sorted);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let said = "loading stopped after 2 of 2,600 rows; nothing was written";
    assert!(ran.err.contains(said), "{}", ran.err);
    let refused = run_on(&[TWO_OF_MANY, ""], &["penalties", "--all"]);
    assert_eq!(refused.code, 4, "a token that is revoked meanwhile: {}", refused.err);
}

#[test]
fn whoever_has_read_enough_ends_it_quietly() {
    let server = Server::start(&[]);
    let mut child = started(&server, &["transactions", "--all", "-o", "csv"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    drop(out);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[test]
fn ctrl_c_ends_it_with_the_code_of_shells() {
    let server = Server::start(&["--fault", "hang:transactions:9"]);
    let child = started(&server, &["transactions"]);
    let pid = Pid::from_child(&child);
    // The signal may come before the program waits for it; either way it ends by it.
    let output = std::thread::spawn(move || child.wait_with_output().unwrap());
    let ended = crate::program::comes(|| {
        let _ = kill_process(pid, Signal::INT);
        output.is_finished()
    });
    assert!(ended);
    let output = output.join().unwrap();
    let code = output.status.code();
    assert!(code.is_none() || code == Some(130), "{code:?}");
    assert!(output.stdout.is_empty());
}

/// A server whose second page holds a row of the first: another row has moved the other way. Gives its
/// base URL.
fn moving_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/api/v1/c", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = String::new();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            while lines.read_line(&mut head).unwrap_or(0) > 2 {}
            let page = if head.contains("page=2&") { 2 } else { 1 };
            let first = if page == 2 { 499 } else { 0 };
            let rows: Vec<String> = (first..first + if page == 2 { 100 } else { 500 })
                .map(|row| format!(r#"{{"id":"p{row}","status":"notify"}}"#))
                .collect();
            let pagination =
                format!(r#"{{"total":600,"current_page":{page},"last_page":2,"per_page":500}}"#);
            let body = format!(r#"{{"data":[{}],"pagination":{pagination}}}"#, rows.join(","));
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
                 Connection: close\r\n\r\n{body}"
            );
        }
    });
    base
}

#[test]
fn a_row_that_moved_between_two_pages_is_written_once_told_and_a_failure() {
    let base = moving_server();
    for arguments in [&["list", "penalties", "--all", "-o", "csv"][..], &["worklist", "-o", "csv"]]
    {
        let mut command = command(arguments);
        command.env("VALORA_TOKEN", "sd_a_token_of_a_test").env("VALORA_BASE_URL", &base);
        let output = command.output().unwrap();
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(1), "{arguments:?} {err}");
        let told =
            "the list changed while loading: 1 row may be missing or duplicated; run this again";
        assert!(err.contains(told), "{arguments:?} {err}");
        assert_eq!(csv::Reader::from_reader(out.as_bytes()).records().count(), 599);
    }
}

#[test]
fn the_help_says_which_change_of_a_list_is_not_seen() {
    let output = command(&["list", "--help"]).output().unwrap();
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        help.contains("but not if one row is deleted and another is added at the end"),
        "{help}"
    );
    let manual = include_str!("../../assets/manual/commands.md");
    let manual = manual.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(manual.contains("if one row is deleted and another is added at the end"));
}
