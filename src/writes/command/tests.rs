//! Exit codes, and options that do not fit together.

use std::time::Duration;

use clap::Parser;

use super::*;

#[derive(Debug, Parser)]
struct Line {
    #[command(subcommand)]
    command: WriteCommand,
}

fn read(line: &str) -> Result<WriteCommand, clap::Error> {
    let words = std::iter::once("payments").chain(line.split_whitespace());
    Line::try_parse_from(words).map(|line| line.command)
}

const ID: &str = "8f2dbe69-b68f-4423-bc93-000000000b30";

#[test]
fn the_result_is_looked_for_at_the_usual_times_until_the_wait_ends() {
    for (wait, seconds) in [
        ("", &[0, 2, 5, 15, 30][..]),
        (" --wait 0", &[0]),
        (" --wait 2", &[0, 2]),
        (" --wait 10", &[0, 2, 5, 10]),
        (" --wait 30", &[0, 2, 5, 15, 30]),
        (" --wait 60", &[0, 2, 5, 15, 30, 60]),
        (" --wait 3600", &[0, 2, 5, 15, 30, 3_600]),
    ] {
        let looks = read(&format!("block {ID}{wait}")).unwrap().looks();
        let expected: Vec<Duration> = seconds.iter().copied().map(Duration::from_secs).collect();
        assert_eq!(looks, expected, "{wait}");
    }
    for wait in ["3601", "18446744073709551615", "-1"] {
        let why = read(&format!("block {ID} --wait={wait}")).unwrap_err().to_string();
        assert!(why.contains("0..=3600") || why.contains("invalid digit"), "{why}");
    }
}

#[test]
fn without_a_question_the_profile_and_the_full_id_are_on_the_command_line() {
    let given = "--yes --note x";
    for (line, has_profile, words) in [
        (format!("block {ID} {given}"), true, ""),
        (format!("block {ID} {given}"), false, "add --profile NAME; nothing was sent"),
        (format!("match {ID} 7 {given}"), false, "add --profile NAME"),
        (format!("block 8f2dbe69 {given}"), true, "--yes needs the full id"),
        (format!("unblock 8f2dbe69 {given}"), true, "--yes needs the full id"),
        (format!("cancel 8f2dbe69 {given}"), true, "--yes needs the full id"),
        (format!("cancel-fees BK1 {given}"), true, "the full source id"),
        (format!("match c59295ab 7 {given}"), true, "--yes needs the full id"),
        (format!("unmatch c59295ab 7 {given}"), true, "--yes needs the full id"),
        (format!("cancel-fees {ID} {given}"), true, ""),
        (format!("unmatch {ID} 7 {given}"), true, ""),
        // The plan is shown and a part of the object typed.
        ("block 8f2dbe69 --note x".to_owned(), false, ""),
        ("cancel-fees BK1 --dry-run --yes".to_owned(), false, ""),
    ] {
        match read(&line).unwrap().check(true, has_profile) {
            Ok(()) => assert_eq!(words, "", "{line} {has_profile}"),
            Err(Stop(code, why)) => {
                assert_eq!(code, USAGE);
                assert!(!words.is_empty() && why.contains(words), "{line}: {why}");
            }
        }
    }
}

#[test]
fn a_failed_read_is_no_reason_to_think_that_there_is_nothing_to_do() {
    use crate::domain::failure::Advice;
    let unread = |kind| NotPlanned::Unread(Failure::new(kind, "It failed", "why", Advice::None));
    for (kind, dry, sent) in [
        (Kind::Passing, USAGE, FAILED),
        (Kind::Refused, USAGE, FAILED),
        (Kind::Missing, MISSING, MISSING),
        (Kind::Access, ACCESS, ACCESS),
    ] {
        assert_eq!(unplanned(&unread(kind), true).0, dry, "{kind:?}");
        assert_eq!(unplanned(&unread(kind), false).0, sent, "{kind:?}");
    }
    let already = NotPlanned::Already("it is blocked".to_owned());
    assert_eq!((unplanned(&already, true).0, unplanned(&already, false).0), (FAILED, REFUSED));
}
