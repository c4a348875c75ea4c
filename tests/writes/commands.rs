//! The built program: its options, exit codes, and what another session finds out.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use valora::sandbox::{Options, Sandbox, WriteFault, WriteFaults};

use crate::common::{options, runtime};
use crate::setup::payment;

struct Program {
    home: TempDir,
    sandbox: Sandbox,
    runtime: tokio::runtime::Runtime,
}

impl Program {
    /// With a profile `acme` that allows these writes.
    fn start(writes: &str) -> Self {
        let runtime = runtime();
        let sandbox = runtime.block_on(Sandbox::start(Options { ..options() })).unwrap();
        let home = tempfile::tempdir().unwrap();
        let settings = home.path().join(".config/valora/config.toml");
        fs::create_dir_all(settings.parent().unwrap()).unwrap();
        let (url, token) = (sandbox.payments_url(), sandbox.payments_tokens().admin);
        let text = format!(
            "[profile.acme.payments]\nbase_url = \"{url}\"\ntoken_command = [\"echo\", \"{token}\"]\n{writes}\n"
        );
        fs::write(settings, text).unwrap();
        Self { home, sandbox, runtime }
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_valora"));
        let words = line.split_whitespace().map(|word| word.replace('_', " "));
        command.args(words).env_clear().env("HOME", self.home.path());
        command.env("PATH", std::env::var_os("PATH").unwrap()).stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.command(line).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    fn fault(&self, fault: WriteFault) {
        self.sandbox.set_write_faults(&[WriteFaults(fault, 1)]);
    }

    fn log(&self) -> std::path::PathBuf {
        self.home.path().join(".local/state/valora/audit/acme.jsonl")
    }
}

const ALL: &str = r#"writes = ["block", "cancel", "cancel-fees", "match"]"#;

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
        (ALL, format!("payments block {id} --yes --note x"), 2, "add --write"),
        (ALL, format!("payments block {id} --write --yes"), 2, "--note"),
        (ALL, format!("payments block {id} --write --note x"), 2, "no terminal to confirm"),
        (ALL, "payments cancel-fees BK1 --write --yes --note x".to_owned(), 2, "full source id"),
        (ALL, "payments block a/b --write --yes --note x".to_owned(), 2, "the id is not valid"),
        (ALL, "payments block nothing --write --yes --note x".to_owned(), 3, "nothing was sent"),
        (ALL, format!("payments block {id} --dry-run"), 0, ""),
        (ALL, format!("payments unblock {id} --dry-run"), 1, "nothing to do"),
        (ALL, format!("payments unblock {id} --write --yes --note x"), 5, "nothing to do"),
        (r#"writes = ["match"]"#, format!("payments block {id} --dry-run"), 2, "does not allow"),
    ] {
        let program = Program::start(writes);
        let (status, out, err) = program.run(&line);
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
    let line = format!("payments block {} --write --yes --note x", payment(1));
    fs::remove_file(program.home.path().join(".config/valora/config.toml")).unwrap();
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
        let line =
            format!("payments block {} --write --yes --wait 0 --note ticket_4711", payment(1));
        let (status, out, err) = program.run(&line);
        assert_eq!(status, code, "{fault:?}: {err}");
        assert!(format!("{out}{err}").contains(words), "{fault:?}: {out}{err}");
        assert_eq!(program.sandbox.writes().len(), 1, "{fault:?}");
        assert!(!format!("{out}{err}").contains("eyJ"));
        let (status, out, _) = program.run("audit --profile acme");
        assert_eq!(status, 0);
        assert!(out.contains("ticket 4711"), "{out}");
        let log = fs::read_to_string(program.log()).unwrap();
        assert!(log.lines().count() >= 3 && !log.contains("eyJ"), "{log}");
    }
}

#[test]
fn json_is_the_last_line_of_the_audit_log() {
    let program = Program::start(ALL);
    let line = format!("payments block {} --write --yes --note x -o json", payment(1));
    let (status, out, _) = program.run(&line);
    let last: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &last["verdict"]), (0, &"done".into()));
    let (_, all, _) = program.run("audit -o json");
    let all: Vec<serde_json::Value> = serde_json::from_str(&all).unwrap();
    assert_eq!(all.last(), Some(&last));
}

#[test]
fn a_program_that_is_killed_leaves_one_unknown_write_which_the_next_one_resolves_by_a_read() {
    let program = Program::start(ALL);
    program.fault(WriteFault::Stall);
    let line = format!("payments block {} --write --yes --note x", payment(1));
    let mut child = program.command(&line).stderr(Stdio::null()).spawn().unwrap();
    let deadline = valora::clock::Clock::start();
    while program.sandbox.writes().iter().all(|write| !write.is_carried_out) {
        assert!(deadline.now().elapsed < 20_000, "nothing arrived");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (_, _, err) = program.run("payments list --limit 1");
    assert!(err.contains("1 write with an unknown outcome: run valora audit"), "{err}");
    let (status, out, err) = program.run("audit");
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("✓ the payment is blocked"), "{err}");
    assert!(out.contains("done: the payment is blocked"), "{out}");
    assert_eq!(program.sandbox.writes().len(), 1);
    let (_, _, err) = program.run("payments list --limit 1");
    assert!(!err.contains("unknown"), "{err}");
}

#[test]
fn a_log_that_cannot_be_written_is_code_2_and_nothing_is_sent() {
    let program = Program::start(ALL);
    let audit: &Path = &program.home.path().join(".local/state/valora/audit");
    fs::create_dir_all(audit.parent().unwrap()).unwrap();
    fs::write(audit, "").unwrap();
    let line = format!("payments block {} --write --yes --note x", payment(1));
    let (status, _, err) = program.run(&line);
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("nothing was sent: the audit log"), "{err}");
    assert!(program.sandbox.writes().is_empty());
    drop(program.runtime);
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
