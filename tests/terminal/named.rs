//! The commands named after lists, options before a command, and the names of fields in csv and json.

use crate::list::run;
use crate::program::{Server, command};

#[test]
fn a_command_named_after_a_list_is_that_list_with_its_exit_codes_and_its_help() {
    let server = Server::start(&[]);
    let run = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let mut command = command(&words);
        command.env("VALORA_TOKEN", &server.token).env("VALORA_BASE_URL", &server.base_url);
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    for list in ["transactions", "scheduled", "invoices", "penalties", "debt"] {
        for rest in ["--limit 3 -o csv", "search=zzzzzz -o json", "amount=1,,2", "columns=amuont"] {
            let (short, long) =
                (run(&format!("{list} {rest}")), run(&format!("list {list} {rest}")));
            assert_eq!(short, long, "{list} {rest}");
        }
        let (code, help, _) = run(&format!("{list} --help"));
        assert_eq!(code, Some(0));
        for words in ["short for valora list", "--sort", "--token-file", "Filters: "] {
            assert!(help.contains(words), "{list}: {words} in {help}");
        }
        let (_, page, _) = run(&format!("man {list}"));
        assert!(page.contains(&format!(".TH valora-{list} 1")), "{page}");
    }
}

#[test]
fn options_before_the_command_are_taken_and_those_that_have_no_effect_are_refused() {
    let server = Server::start(&[]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &server.token).unwrap();
    let path = file.path().to_str().unwrap();
    let options = ["--base-url", &server.base_url, "--token-file", path];
    let list = ["list", "debt", "-o", "csv"];
    let ran = |arguments: &[&str]| {
        let output = command(arguments).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), err)
    };
    let before = ran(&[&options[..], &list].concat());
    assert_eq!(before.0, Some(0), "{}", before.2);
    assert_eq!(before, ran(&[&list[..], &options].concat()));
    assert_eq!(before, ran(&[&options[..2], &list, &options[2..]].concat()));
    for (arguments, words) in [
        ([&options[..], &list, &options[..2]].concat(), "--base-url is set before and after"),
        ([&options[..2], &["keys"]].concat(), "--base-url has no effect on valora keys"),
        (
            [&list[..1], &["payments"], &options[..2]].concat(),
            "--base-url has no effect on the list",
        ),
        (["list", "debt", "--reveal"].to_vec(), "--reveal works only for payments"),
    ] {
        let (code, out, err) = ran(&arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.contains(words), "{arguments:?}: {err}");
    }
}

#[test]
fn json_has_the_names_of_the_csv() {
    let server = Server::start(&[]);
    for list in ["transactions", "scheduled", "invoices", "penalties", "debt"] {
        let csv = run(&server, &[list, "--limit", "9", "-o", "csv"]).out;
        let mut names: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        names.sort_unstable();
        for form in ["json", "jsonl"] {
            let out = run(&server, &[list, "--limit", "9", "-o", form]).out;
            let rows = serde_json::Deserializer::from_str(&out).into_iter::<serde_json::Value>();
            let rows = rows.flat_map(|row| match row.unwrap() {
                serde_json::Value::Array(rows) => rows,
                row => vec![row],
            });
            for row in rows {
                let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
                assert_eq!(keys, names, "{list} {form}");
            }
        }
    }
    let chosen =
        run(&server, &["debt", "columns=amount,currency", "--limit", "1", "-o", "jsonl"]).out;
    let chosen: serde_json::Value = serde_json::from_str(&chosen).unwrap();
    let keys: Vec<&String> = chosen.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["amount", "currency", "other", "reference_id"]);
    let out = run(&server, &["debt", "status=overdue", "-o", "json"]).out;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    assert!(rows.len() > 3 && rows.iter().all(|row| row["remaining_amount"].is_i64()), "{out}");
}
