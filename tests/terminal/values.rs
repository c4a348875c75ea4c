//! Several values of one filter on the command line.

use crate::list::run;
use crate::program::Server;

#[test]
fn several_values_are_one_list_however_they_are_typed() {
    let server = Server::start(&[]);
    let statuses = |arguments: &[&str]| {
        let ran = run(&server, &[arguments, &["--all", "-o", "csv"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
        let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
        let at = reader.headers().unwrap().iter().position(|name| name == "status").unwrap();
        reader.records().map(|row| row.unwrap()[at].to_owned()).collect::<Vec<_>>()
    };
    let is_without = |status: &String| status.contains("missing_iban");
    let mut expected: Vec<_> = statuses(&["scheduled"]).into_iter().filter(is_without).collect();
    expected.sort_by_key(|status| status != "missing_iban");
    assert!(expected.first() != expected.last(), "both statuses come");
    for typed in [
        "status=missing_iban,blocked_missing_iban",
        "status=Missing IBAN, blocked missing iban",
        "status=*missing*iban*",
    ] {
        assert_eq!(statuses(&["scheduled", typed]), expected, "{typed}");
    }
    let spelled = run(&server, &["invoices", "doc_type=credit_note", "-o", "csv"]);
    assert!(spelled.out.contains("Credit Note"), "{}", spelled.out);
    let none = run(&server, &["scheduled", "status=*moon*"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(none.err.contains("no value matches *moon*; known: upcoming, "), "{}", none.err);
    let cut = run(&server, &["penalties", "status=paid,waived", "--limit", "3"]);
    let sum =
        |status| run(&server, &["penalties", status, "--all", "-o", "jsonl"]).out.lines().count();
    let total = sum("status=paid") + sum("status=waived");
    assert!(cut.err.contains(&format!("3 of {total} rows")), "{}", cut.err);
}

#[test]
fn the_value_that_could_not_be_loaded_is_named() {
    let server = Server::start(&["--fault", "403:transactions/scheduled"]);
    let ran = run(&server, &["scheduled", "status=missing_iban,blocked_missing_iban"]);
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert!(ran.err.contains("Scheduled (status missing_iban) could not be loaded"), "{}", ran.err);
}
