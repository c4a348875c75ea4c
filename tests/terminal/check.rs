//! `valora check` on the built program: what it says, and its exit codes.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use valora::sandbox::Shape;

use crate::profiles::{CANARY, User};
use crate::program::Server;

#[test]
fn check_says_what_is_well_and_what_to_do_about_the_rest() {
    let server = Server::start(&[]);
    let user = User::new().with_profiles(&["acme"], &server);
    let (code, out, err) = user.run(&["check"], "");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for line in [
        "ok   settings",
        "sd_…",
        "(custom server, from profile acme)",
        "ok   transactions/scheduled",
        "ok   conciliation/booking",
        "connected (request without parameters); server lists 1 parameter",
        "Customer Standard",
        "ok   clock",
        "none: the server is this computer",
        "OSC 52",
        "accessible only to you",
    ] {
        assert!(out.contains(line), "{line} is not in {out}");
    }
    assert!(!out.contains("BAD") && !out.contains(&server.token), "{out}");
    // Into a pipe: lines of text, neither colors nor progress.
    let is_plain = |line: &str| ["ok   ", "odd  ", "     "].iter().any(|it| line.starts_with(it));
    assert!(!out.contains(['\u{1b}', '\r']) && out.lines().all(is_plain), "{out}");
    let (code, json, _) = user.run(&["check", "-o", "json"], "");
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["checks"][0]["name"], "settings");
    assert!(!json.to_string().contains(&server.token));
}

#[test]
fn check_without_a_token_keeps_the_lines_that_say_how_to_give_one() {
    let (code, out, _) = User::new().run(&["check"], "");
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("BAD  token") && out.contains(": no settings file yet\n"), "{out}");
    assert!(!out.contains("fix this"), "the error says what to do: {out}");
    for start in ["Create: ", "Save: ", "Use once: ", "Try: "] {
        let lines: Vec<&str> =
            out.lines().filter(|line| line.trim_start().starts_with(start)).collect();
        assert!(matches!(lines[..], [line] if line.chars().count() <= 80), "{start} {out}");
    }
}

#[test]
fn the_exit_code_of_check_is_that_of_the_worst() {
    let server = Server::start(&["--fault", "500:penalties"]);
    let user = User::new().with_profiles(&["acme"], &server);
    let (code, out, err) = user.run(&["check"], "");
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("BAD  penalties") && err.contains("some checks failed"), "{out}");
    fs::write(user.kept("acme"), CANARY).unwrap();
    let (code, out, _) = user.run(&["check"], "");
    assert_eq!(code, 4, "{out}");
    assert!(out.contains("valora auth login") && !out.contains("canary"), "{out}");
    assert!(!out.contains("penalties"), "everything stops after a 401: {out}");
    fs::set_permissions(user.kept("acme"), Permissions::from_mode(0o644)).unwrap();
    let (code, out, _) = user.run(&["check"], "");
    assert!(code == 2 && out.contains("chmod 600"), "{out}");
    user.write_settings("mouse = 1");
    let (code, out, _) = user.run(&["check"], "");
    assert!(code == 2 && out.contains("line 1, column 9"), "{out}");
    let gone = "[profile.acme]\nbase_url = \"http://127.0.0.1:1/c\"\n";
    user.write_settings(gone);
    fs::set_permissions(user.kept("acme"), Permissions::from_mode(0o600)).unwrap();
    let (code, out, _) = user.run(&["check"], "");
    assert!(code == 1 && out.contains("check the network"), "{out}");
}

const TABLE: &str = include_str!("../../assets/sandbox/shapes.txt");
const LISTS: [(&str, &str); 3] =
    [("scheduled", "transactions/scheduled"), ("invoices", "invoices"), ("debt", "debtors")];

fn in_shape(shape: &str) -> (Server, User) {
    let server = Server::start(&["--shape", shape]);
    let user = User::new().with_profiles(&["acme"], &server);
    (server, user)
}

/// The usual and the own names of the fields of a list.
fn names(path: &str, shape: Shape) -> Vec<(&'static str, &'static str)> {
    let column = 1 + Shape::all().position(|it| it == shape).unwrap();
    let cells = TABLE.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let cells = cells.filter(|cells| cells[0] == path && cells.len() > column);
    // Behind a name is how its values are written; fields that only one shape has are named `-`.
    let name = |cell: &'static str| cell.split_once(' ').map_or(cell, |(name, _)| name);
    let cells = cells.filter(|cells| cells[1] != "-");
    cells.map(|cells| (cells[1], name(cells[column]))).collect()
}

/// What the column of a list is called where the sandbox calls it otherwise.
fn column(usual: &str) -> &str {
    match usual {
        "amount_paid" => "paid_amount",
        "amount_remaining" => "remaining_amount",
        usual => usual,
    }
}

#[test]
fn check_says_of_each_shape_what_was_recognized_as_what() {
    for shape in Shape::all() {
        let (_server, user) = in_shape(shape.name());
        let (code, out, _) = user.run(&["check", "-o", "json"], "");
        assert_eq!(code, 0, "{out}");
        let out: Value = serde_json::from_str(&out).unwrap();
        for (list, path) in LISTS {
            let checks = out["checks"].as_array().unwrap();
            let name = format!("fields of {list}");
            let finding = checks.iter().find(|it| it["name"] == name.as_str()).unwrap();
            assert_eq!(finding["state"], "ok", "{shape} {finding}");
            let notes = finding["notes"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
            let lines: Vec<_> = notes.filter_map(|note| note.split_once(" ← ")).collect();
            let names = names(path, shape);
            for (role, found) in &lines {
                let found = found.split_once(" (").unwrap().0;
                let is_so = |(usual, own): &(&str, &str)| column(usual) == *role && *own == found;
                assert!(names.iter().any(is_so), "{shape} {list}: {role} ← {found}");
            }
            for needed in ["booking_id", "reference_id", "amount", "amount_gross", "currency"] {
                let mut own = names.iter().filter(|(usual, own)| *usual == needed && usual != own);
                let is_found = own.all(|_| lines.iter().any(|(role, _)| *role == needed));
                assert!(is_found, "{shape} {list}: {needed} is not in {lines:?}");
            }
        }
        for list in ["transactions", "penalties"] {
            let name = format!("fields of {list}");
            let checks = out["checks"].as_array().unwrap();
            let finding = checks.iter().find(|it| it["name"] == name.as_str()).unwrap();
            assert_eq!(finding["notes"], serde_json::json!([]), "{shape} {finding}");
        }
    }
}

/// Every text and number that rows hold, but words of an enumeration and what is short.
fn values(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|value| values(value, all)),
        Value::Array(rows) => rows.iter().for_each(|row| values(row, all)),
        Value::Number(number) if number.to_string().len() > 4 => all.push(number.to_string()),
        Value::String(text) if text.len() > 4 => {
            all.extend(
                text.contains(|c: char| c.is_ascii_digit() || c == ' ').then(|| text.clone()),
            );
        }
        _ => {}
    }
}

#[test]
fn the_shape_holds_the_names_of_fields_and_no_value_of_any_row() {
    for shape in Shape::all() {
        let (server, user) = in_shape(shape.name());
        let (code, json, _) = user.run(&["check", "--shape", "-o", "json"], "");
        assert_eq!(code, 0, "{json}");
        let (_, text, _) = user.run(&["check", "--shape"], "");
        for (list, path) in LISTS {
            let (_, rows, err) = user.run(&["list", list, "-o", "json"], "");
            let rows = serde_json::from_str(&rows).unwrap_or_else(|_| panic!("{rows} {err}"));
            let mut all = Vec::new();
            values(&rows, &mut all);
            assert!(all.len() > 100, "{list}");
            for value in &all {
                assert!(!json.contains(value.as_str()), "{shape} {list}: {value} in {json}");
                assert!(!text.contains(value.as_str()), "{shape} {list}: {value} in {text}");
            }
            for (_, own) in names(path, shape) {
                // A key below another that is no word of fields may be data.
                let masked = own.rsplit_once('.').map(|(outer, _)| format!("\"{outer}.*\""));
                let is_there = json.contains(&format!("\"{own}\""))
                    || masked.is_some_and(|masked| json.contains(&masked));
                assert!(is_there, "{shape} {list}: {own}");
            }
        }
        assert!(json.contains("conciliation/booking") && json.contains("totals.debt"), "{json}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(![&json, &text].iter().any(|out| out.contains(&server.token)), "{shape}");
    }
}

/// The lines of one list.
fn of_list(out: &str, path: &str) -> String {
    let lines = out.lines().skip_while(|line| !line.starts_with(path));
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_shape_is_readable() {
    let shown = ["usual", "words"].map(|shape| {
        let (_server, user) = in_shape(shape);
        of_list(&user.run(&["check", "--shape"], "").1, "transactions/scheduled")
    });
    insta::assert_snapshot!(shown.join("\n\n"));
}
