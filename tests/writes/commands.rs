//! The built program: its options, exit codes, and what they print.

use std::fs;
use std::path::Path;

use valora::sandbox::{ArrivedWrite, WriteFault};

use crate::program::{ALL, Program};
use crate::setup::{in_front, payment};

#[test]
fn without_a_permission_or_write_or_a_note_nothing_but_reads_is_sent() {
    let id = payment(1);
    for (writes, line, code, words) in [
        ("", format!("payments block {id} --write --yes --note x"), 2, "allows no writes"),
        (
            r#"writes = ["cancel"]"#,
            format!("payments block {id} --write --yes --note x"),
            2,
            "add \"block\" to writes",
        ),
        (ALL, format!("payments block {id} --write --note x"), 2, "no terminal to confirm"),
        (ALL, format!("payments block {id} --yes --note x"), 2, "add --write"),
        (ALL, format!("payments block {id} --write --yes"), 2, "--note"),
        (ALL, "payments cancel-fees BK1 --write --yes --note x".to_owned(), 2, "full source id"),
        (ALL, "payments block a/b --dry-run".to_owned(), 2, "the id is not valid"),
        (ALL, "payments block 8f2dbe69 --write --yes --note x".to_owned(), 2, "needs the full id"),
        (
            ALL,
            format!("payments block {}f --write --yes --note x", payment(1)),
            3,
            "nothing was sent",
        ),
        (ALL, format!("payments block {id} --dry-run"), 0, ""),
        (ALL, format!("payments unblock {id} --dry-run"), 1, "nothing to do"),
        (ALL, format!("payments unblock {id} --write --yes --note x"), 5, "nothing to do"),
        (r#"writes = ["match"]"#, format!("payments block {id} --dry-run"), 2, "does not allow"),
    ] {
        let program = Program::start(writes);
        let (status, out, err) = program.run(&format!("{line} --profile acme"));
        assert_eq!(status, code, "{line}: {err}");
        assert!(err.contains(words), "{line}: {err}");
        assert_eq!(out.contains("not blocked"), code == 0, "{out}");
        assert!(program.sandbox.requests().iter().all(|request| request.method == "GET"), "{line}");
        assert!(!program.log().exists(), "{line}");
    }
}

#[test]
fn a_token_of_a_variable_cannot_write() {
    let program = Program::start(ALL);
    let line = format!("payments block {} --write --note x", payment(1));
    fs::remove_file(program.settings()).unwrap();
    let tokens = program.sandbox.payments_tokens();
    let output = program
        .command(&line)
        .env("VALORA_PAYMENTS_TOKEN", tokens.admin)
        .env("VALORA_PAYMENTS_URL", program.sandbox.payments_url())
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("writes need a profile"), "{err}");
    assert!(program.sandbox.requests().is_empty());
}

#[test]
fn a_write_ends_with_the_code_of_its_result() {
    for (fault, code, words) in [
        (None, 0, "✓ the payment is blocked"),
        (Some(WriteFault::Lost), 0, "although the connection was closed"),
        (Some(WriteFault::Unauthorized), 4, "does not accept the token"),
        (Some(WriteFault::Missing), 3, "does not know this object"),
        (Some(WriteFault::Conflict), 5, "conflict"),
        (Some(WriteFault::Invalid), 5, "reason: The input is less"),
        (Some(WriteFault::Limited), 1, "wait 2 s"),
        (Some(WriteFault::Dropped), 6, "the server may still carry it out"),
        (Some(WriteFault::Unseen), 6, "accepted (204), but"),
    ] {
        let program = Program::start(ALL);
        if let Some(fault) = fault {
            program.fault(fault);
        }
        let line = format!(
            "payments block {} --profile acme --write --yes --wait 0 --note ticket_4711",
            payment(1)
        );
        let (status, out, err) = program.run(&line);
        assert_eq!(status, code, "{fault:?}: {err}");
        assert!(format!("{out}{err}").contains(words), "{fault:?}: {out}{err}");
        assert_eq!(program.sandbox.writes().len(), 1, "{fault:?}");
        assert!(!format!("{out}{err}").contains("eyJ"));
        let (status, out, _) = program.run("audit --profile acme");
        // What is not known is still not known.
        assert_eq!(status, if code == 6 { 6 } else { 0 }, "{fault:?}");
        assert!(out.contains("ticket 4711"), "{out}");
        let log = fs::read_to_string(program.log()).unwrap();
        assert!(log.lines().count() >= 3 && !log.contains("eyJ"), "{log}");
    }
}

#[test]
fn json_is_the_last_line_of_the_audit_log() {
    let program = Program::start(ALL);
    let line =
        format!("payments block {} --profile acme --write --yes --note x -o json", payment(1));
    let (status, out, _) = program.run(&line);
    let last: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &last["verdict"]), (0, &"done".into()));
    let (_, all, _) = program.run("audit --profile acme -o json");
    let all: Vec<serde_json::Value> = serde_json::from_str(&all).unwrap();
    assert_eq!(all.last(), Some(&last));
}

#[test]
fn a_log_that_cannot_be_written_is_code_2_and_nothing_is_sent() {
    let program = Program::start(ALL);
    let audit: &Path = &program.home.path().join(".local/state/valora/audit");
    fs::create_dir_all(audit.parent().unwrap()).unwrap();
    fs::write(audit, "").unwrap();
    let line = format!("payments block {} --profile acme --write --yes --note x", payment(1));
    let (status, _, err) = program.run(&line);
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("nothing was sent: the audit log"), "{err}");
    assert!(program.sandbox.writes().is_empty());
}

#[test]
fn without_a_question_a_variable_or_a_setting_does_not_choose_the_profile() {
    let program = Program::start(ALL);
    let settings = fs::read_to_string(program.settings()).unwrap();
    fs::write(program.settings(), format!("default_profile = \"acme\"\n{settings}")).unwrap();
    let line = format!("payments cancel {} --write --yes --note x", payment(1));
    let output = program.command(&line).env("VALORA_PROFILE", "acme").output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("add --profile NAME; nothing was sent"), "{err}");
    assert!(program.sandbox.requests().is_empty());
}

#[test]
fn a_dry_run_of_each_write_sends_only_reads() {
    let program = Program::start(ALL);
    let open = crate::sent::open_fee(&program.sandbox);
    let (fee, booking) = program.runtime.block_on(open);
    let (_, account) = program.sandbox.payments_ids();
    for (line, words) in [
        (format!("block {}", payment(1)), "→ BLOCKED"),
        (format!("unblock {}", payment(5)), "→ not blocked"),
        (format!("cancel {fee}"), "→ cancelled"),
        (format!("cancel-fees {booking}"), "→ cancelled"),
        (format!("match {account} 99001"), "99001"),
        (format!("unmatch {account} 67882"), "67882"),
    ] {
        let line = format!("payments {line} --profile acme --dry-run");
        let (status, out, err) = program.run(&line);
        assert_eq!(status, 0, "{line}: {err}");
        assert!(out.contains(words) && out.contains("undone by: "), "{line}: {out}");
        // Also with all that would send it.
        let (status, ..) = program.run(&format!("{line} --write --yes --note x"));
        assert_eq!(status, 0, "{line}");
        let (status, ..) = program.run(&line.replace("--dry-run", "--yes --note x"));
        assert_eq!(status, 2, "{line} without --write");
    }
    assert_eq!(program.sandbox.writes(), Vec::<ArrivedWrite>::new());
    assert!(!program.log().exists());
}

#[test]
fn a_dry_run_that_cannot_read_is_not_nothing_to_do() {
    let program = Program::start(ALL);
    let line = format!("payments block {} --profile acme --dry-run", payment(1));
    for (fault, code) in [("503:payments-api", 2), ("reset:payments-api", 2), ("401:*", 4)] {
        program.sandbox.set_faults(vec![fault.parse().unwrap()]);
        let (status, out, err) = program.run(&line);
        assert_eq!((status, out.as_str()), (code, ""), "{fault}: {err}");
        assert!(err.contains("nothing was sent: "), "{fault}: {err}");
    }
}

#[test]
fn json_for_programs_has_no_characters_that_change_a_terminal() {
    let options = valora::sandbox::Options { hostile: true, ..crate::common::options() };
    let program = Program::with(ALL, options);
    let (_, account) = program.sandbox.payments_ids();
    let line = format!(
        "payments match {account} 99001 --profile acme --write --yes -o json --note \
         as_the_landlord_asked_\u{202e}today"
    );
    let (status, out, err) = program.run(&line);
    assert_eq!(status, 0, "{err}");
    let (status, all, _) = program.run("audit --profile acme -o json");
    assert_eq!(status, 0);
    for json in [out, all] {
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert!(value.to_string().contains('\u{202e}'), "it is hostile: {json}");
        let is_odd = |c: char| c == '\u{202e}' || (c.is_control() && c != '\n');
        assert!(!json.contains(is_odd), "{json:?}");
    }
}

#[test]
fn a_result_that_is_not_in_the_log_is_not_code_0() {
    let program = Program::start(ALL);
    let log = program.log();
    // After the intent and before the answer.
    let on_write = move || {
        fs::rename(&log, log.with_extension("moved")).unwrap();
        fs::create_dir(&log).unwrap();
    };
    let base = program.runtime.block_on(in_front(&program.sandbox, on_write));
    program.set(&[("acme", &base, ALL)]);
    let line =
        format!("payments block {} --profile acme --write --yes --note x -o json", payment(1));
    let (status, out, err) = program.run(&line);
    assert_eq!((status, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("! the audit log ") && err.contains("the payment is blocked"), "{err}");
    let writes = program.sandbox.writes();
    assert!(writes.len() == 1 && writes[0].is_carried_out, "{writes:?}");
}

#[test]
fn a_rejected_token_is_in_the_log_before_it_is_read_again() {
    let program = Program::start(ALL);
    let (log, copy) = (program.log(), program.home.path().join("copy"));
    let (url, token) = (program.sandbox.payments_url(), program.sandbox.payments_tokens().admin);
    let script = format!("cp {} {} 2>/dev/null; echo {token}", log.display(), copy.display());
    let settings = format!(
        "[profile.acme.payments]\nbase_url = \"{url}\"\ntoken_command = [\"sh\", \"-c\", \
         \"{script}\"]\n{ALL}\n"
    );
    fs::write(program.settings(), settings).unwrap();
    program.fault(WriteFault::Unauthorized);
    let line = format!("payments block {} --profile acme --write --yes --note x", payment(1));
    let (status, _, err) = program.run(&line);
    assert_eq!(status, 4, "{err}");
    let copy = fs::read_to_string(copy).unwrap();
    assert!(copy.contains("\"status\":401"), "{copy}");
}

#[test]
fn help_and_completion_name_writes_only_where_a_profile_allows_one() {
    for (writes, is_shown) in [(ALL, true), ("", false)] {
        let program = Program::start(writes);
        for (line, words) in [
            ("--help", &["--write", "  audit ", "  writes "][..]),
            ("payments --help", &["  block ", "  cancel-fees ", "  unmatch ", "--write"][..]),
            ("completions bash", &["unmatch", "audit", "--write"][..]),
            ("completions zsh", &["unmatch", "audit", "--write"][..]),
            ("completions fish", &["unmatch", "audit", "-l write"][..]),
            (
                "config check",
                &["profile acme allows writes: block, cancel, cancel-fees, match"][..],
            ),
        ] {
            let (_, out, _) = program.run(line);
            for word in words {
                assert_eq!(out.contains(word), is_shown, "{line}: {word}: {out}");
            }
        }
    }
}
