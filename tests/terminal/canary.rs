//! A known token is put in by every door, and looked for in everything that comes out: both streams,
//! the terminal, files, the log, the arguments and environment of other programs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::program::{Server, Session, command};

/// A token that no server knows, for everything that fails.
const CANARY: &str = "vl_C4n4ryThatSingsInNoOutput0123456789wxyz";

/// How a token is given.
#[derive(Debug, Clone, Copy)]
enum Door {
    Variable,
    File,
    Input,
}

const DOORS: [Door; 3] = [Door::Variable, Door::File, Door::Input];

/// A home of its own for a test, so that whatever is written can be found.
fn home() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn token_file(home: &Path, token: &str) -> PathBuf {
    let path = home.join("token");
    fs::write(&path, token).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

/// Whether a part of the token is in these bytes, beyond the prefix and the four letters at its end
/// that may be shown.
fn sings(bytes: &[u8], token: &str) -> bool {
    let inner = &token.as_bytes()[3..token.len() - 4];
    inner.windows(8).any(|part| bytes.windows(8).any(|here| here == part))
}

fn assert_silent(what: &str, bytes: &[u8], token: &str) {
    assert!(!sings(bytes, token), "{what}: {}", String::from_utf8_lossy(bytes));
}

/// Every file below a folder but the token's own.
fn files(below: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path != below.join("token") {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found
}

fn assert_home_is_silent(home: &Path, token: &str) {
    for (path, bytes) in files(home) {
        assert_silent(&path.display().to_string(), &bytes, token);
    }
}

fn run(home: &Path, arguments: &[&str], door: Door, token: &str, base: &str) -> Output {
    let file = token_file(home, token);
    let place = file.to_str().unwrap();
    let mut all = arguments.to_vec();
    match door {
        Door::Variable => {}
        Door::File => all.extend(["--token-file", place]),
        Door::Input => all.extend(["--token-file", "-"]),
    }
    let mut command = command(&all);
    command.env("HOME", home).env("VALORA_BASE_URL", base);
    match door {
        Door::Variable => _ = command.env("VALORA_TOKEN", token),
        Door::File => {}
        Door::Input => _ = command.stdin(fs::File::open(&file).unwrap()),
    }
    command.output().unwrap()
}

fn assert_output_is_silent(what: &str, output: &Output, token: &str) {
    assert_silent(what, &output.stdout, token);
    assert_silent(what, &output.stderr, token);
}

#[test]
fn a_booking_and_its_log_hold_no_token_whichever_way_it_came() {
    let server = Server::start(&[]);
    for door in DOORS {
        for form in ["text", "csv", "json"] {
            let home = home();
            let log = home.path().join("log");
            let log_name = log.to_str().unwrap();
            let arguments = ["booking", "BK000001", "-o", form, "--log", log_name];
            let output = run(home.path(), &arguments, door, &server.token, &server.base_url);
            assert_eq!(output.status.code(), Some(3), "{door:?} {output:?}");
            assert_output_is_silent(form, &output, &server.token);
            assert!(!fs::read(&log).unwrap().is_empty());
            assert_home_is_silent(home.path(), &server.token);
        }
    }
}

#[test]
fn no_error_of_a_server_brings_the_token_out() {
    let kinds = [
        "400",
        "401",
        "403",
        "404",
        "422",
        "401-absurd",
        "500-html",
        "html",
        "empty",
        "null",
        "bad-json",
        "deep",
        "redirect",
        "redirect-downgrade",
        "not-http",
        "bomb",
        "huge-page",
    ];
    for kind in kinds {
        let server = Server::start(&["--fault", &format!("{kind}:conciliation/booking")]);
        let home = home();
        let log = home.path().join("log");
        let arguments = ["booking", "BK000001", "--log", log.to_str().unwrap()];
        let output = run(home.path(), &arguments, Door::File, &server.token, &server.base_url);
        assert_ne!(output.status.code(), Some(0), "{kind}");
        assert_output_is_silent(kind, &output, &server.token);
        assert_home_is_silent(home.path(), &server.token);
    }
}

#[test]
fn no_error_of_the_configuration_brings_the_token_out() {
    let bases =
        ["http://example.com", "nowhere", "ftp://x", "https://me@host/", "http://127.0.0.1:1"];
    let tokens = [
        CANARY.to_owned(),
        format!("Bearer {CANARY}"),
        format!("{CANARY}\n{CANARY}"),
        format!("{CANARY}…"),
        format!("token = \"{CANARY}\""),
    ];
    for door in DOORS {
        for base in bases {
            for token in &tokens {
                let home = home();
                let output = run(home.path(), &["booking", "BK1234567"], door, token, base);
                assert_ne!(output.status.code(), Some(0), "{base}");
                assert_output_is_silent(base, &output, CANARY);
                assert_home_is_silent(home.path(), CANARY);
            }
        }
    }
    // Wrong arguments are quoted, but not where they are a token.
    let joined = format!("--token={CANARY}");
    // Some are short enough for the name of a profile.
    let name = "vl_C4n4ryThatSingsInNoOutput01";
    for arguments in [
        &["--token", CANARY][..],
        &[CANARY],
        &[&joined],
        &["demo", CANARY],
        &["auth", "status", "--token-file", CANARY],
        &["auth", "status", "--profile", name],
        &["list", "penalties", CANARY],
        &["list", "penalties", "--sort", CANARY],
    ] {
        let output = command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert_output_is_silent("an argument", &output, CANARY);
    }
    let home = home();
    let settings = home.path().join("valora/config.toml");
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    fs::write(settings, format!("default_profile = \"{name}\"\n")).unwrap();
    let mut checked = command(&["config", "check"]);
    let output = checked.env("XDG_CONFIG_HOME", home.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_output_is_silent("config check", &output, CANARY);
}

/// A program of the name that opens links, which notes what it was given.
fn browser(home: &Path) -> (String, PathBuf) {
    let (program, noted) = (home.join("xdg-open"), home.join("opened"));
    let noting = format!(
        "#!/bin/sh\n(env; printf '<%s>' \"$@\") > {0}.new\nmv {0}.new {0}\n",
        noted.display()
    );
    fs::write(&program, noting).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let path = format!("{}:{}", home.display(), std::env::var("PATH").unwrap_or_default());
    (path, noted)
}

#[test]
fn a_whole_session_its_files_its_log_and_the_browser_it_starts_hold_no_token() {
    let server = Server::start(&["--fault", "403:penalties", "--fault", "503:debtors:2"]);
    let home = home();
    let (path, noted) = browser(home.path());
    let log = home.path().join("log");
    let arguments = ["--log", log.to_str().unwrap()];
    let variables = [
        ("VALORA_BASE_URL", server.base_url.as_str()),
        ("VALORA_TOKEN", server.token.as_str()),
        ("HOME", home.path().to_str().unwrap()),
        ("PATH", path.as_str()),
        ("DISPLAY", ":0"),
    ];
    let mut session = Session::start(&arguments, &variables);
    session.wait_for("row 1 of ");
    let arguments = fs::read(format!("/proc/{}/cmdline", session.id())).unwrap();
    assert_silent("the arguments", &arguments, &server.token);
    session.type_keys("3");
    session.wait_for("▸3 Invoices");
    session.wait_for("row 1 of ");
    session.type_keys("o");
    session.wait_for("Opened in the browser: https://valora.spotahome.com/documents/");
    let opened = fs::read_to_string(&noted).unwrap();
    assert!(opened.contains("DISPLAY=:0") && opened.contains("<https://valora."), "{opened}");
    assert!(!opened.contains("VALORA_"), "{opened}");
    session.type_keys("x");
    session.wait_for("Record");
    session.type_keys("q?");
    session.wait_for("Keys and commands");
    session.type_keys("?Vmine\r");
    session.wait_for("Saved as mine");
    session.type_keys("5");
    session.wait_for("▸5 Debt");
    session.wait_for("row 1 of ");
    session.type_keys("1\r");
    session.wait_for("✓");
    session.type_keys("e");
    session.wait_for(".txt");
    session.type_keys(&format!("\x15{}/booking.txt\r", home.path().display()));
    session.wait_for("booking.txt");
    session.type_keys("4");
    session.wait_for("Penalties could not be loaded");
    session.type_keys("q");
    session.ended();
    assert_silent("the terminal", session.raw(), &server.token);
    assert!(files(home.path()).len() >= 4, "{:?}", files(home.path()));
    assert_home_is_silent(home.path(), &server.token);
    assert_log_is_sound(&fs::read_to_string(log).unwrap());
}

/// A line a request with its path alone, and the decisions.
fn assert_log_is_sound(log: &str) {
    let requests: Vec<&str> =
        log.lines().filter_map(|line| Some(line.split_once(" GET ")?.1)).collect();
    assert!(requests.iter().any(|line| line.starts_with("transactions 200 ")), "{log}");
    assert!(requests.iter().any(|line| line.starts_with("penalties 403 ")), "{log}");
    let again = |line: &&&str| line.starts_with("debtors 503 ") && line.contains(" retry in ");
    assert!(requests.iter().filter(again).count() > 0, "{log}");
    assert!(requests.iter().all(|line| line.contains(" ms ") && line.contains(" B: ")), "{log}");
    assert!(!log.contains(['?', '&', '=', '%']), "{log}");
}
