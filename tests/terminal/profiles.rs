//! Tokens, profiles and settings, on the built program with folders of its own.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::program::{PROGRAM, Server, Session, command, in_terminal};

/// A token that must be found nowhere.
pub(crate) const CANARY: &str = "vl_canary0123456789canary0123456789a1b2";

/// A user with folders of their own.
pub(crate) struct User(TempDir);

impl User {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn variables(&self) -> [(&'static str, String); 2] {
        let below = |name| self.0.path().join(name).to_string_lossy().into_owned();
        [("XDG_CONFIG_HOME", below("c")), ("XDG_STATE_HOME", below("s"))]
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.0.path().join("c/valora/config.toml")
    }

    pub(crate) fn kept(&self, name: &str) -> PathBuf {
        self.0.path().join(format!("s/valora/credentials/{name}.token"))
    }

    pub(crate) fn write_settings(&self, text: &str) {
        let (path, folder) = (self.settings(), self.0.path().join("c/valora"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(&path, text).unwrap();
        // Whatever the umask is.
        fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(folder, Permissions::from_mode(0o700)).unwrap();
    }

    /// Profiles at a server, each with this token.
    pub(crate) fn with_profiles(self, names: &[&str], server: &Server) -> Self {
        let table = |name| format!("[profile.{name}]\nbase_url = \"{}\"\n", server.base_url);
        self.write_settings(&names.iter().map(table).collect::<String>());
        for name in names {
            let (code, _, err) = self.run(&["auth", "login", "--profile", name], &server.token);
            assert_eq!(code, 0, "{err}");
        }
        self
    }

    /// Runs the program with this on its standard input.
    pub(crate) fn run(&self, arguments: &[&str], stdin: &str) -> (i32, String, String) {
        self.run_with(arguments, stdin, &[])
    }

    pub(crate) fn run_with(
        &self,
        arguments: &[&str],
        stdin: &str,
        variables: &[(&str, &str)],
    ) -> (i32, String, String) {
        let mut command = command(arguments);
        command.envs(self.variables()).envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that reads nothing may be gone already.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().expect("no signal"), text(stdout), text(stderr))
    }

    pub(crate) fn in_terminal(&self, arguments: &[&str]) -> CommandBuilder {
        let variables = self.variables();
        let variables: Vec<_> = variables.iter().map(|(name, to)| (*name, to.as_str())).collect();
        in_terminal(PROGRAM, arguments, &variables)
    }
}

fn mode(path: &PathBuf) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_token_is_kept_used_listed_and_forgotten() {
    let server = Server::start(&[]);
    let user = User::new();
    let url = format!("[profile.acme]\nbase_url = \"{}\"\n", server.base_url);
    user.write_settings(&url);
    let (code, out, err) = user.run(&["auth", "login", "--profile", "acme"], &server.token);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Saved the token sd_…") && !out.contains(&server.token), "{out}");
    assert!(out.contains("requests left"), "{out}");
    assert_eq!(mode(&user.kept("acme")), 0o600);
    assert_eq!(mode(&user.kept("acme").parent().unwrap().to_owned()), 0o700);

    let (code, out, err) = user.run(&["auth", "status"], "");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for word in ["acme", "sd_…", "acme.token", "custom server", &server.base_url, "plan"] {
        assert!(out.contains(word), "{word} is not in {out}");
    }
    let (code, out, _) = user.run(&["auth", "list"], "");
    assert_eq!(code, 0);
    assert!(out.contains("* acme     sd_…"), "{out}");
    assert!(!out.contains(&server.token));

    let (code, out, err) = user.run(&["auth", "logout"], "");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Deleted the token of profile acme"), "{out}");
    assert!(!user.kept("acme").exists());
    let (code, out, err) = user.run(&["auth", "logout", "--profile", "acme"], "");
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    let (code, out, err) = user.run(&["auth", "status"], "");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("valora auth login --profile acme"), "{err}");
}

#[test]
fn a_token_that_the_server_refuses_is_not_kept_and_one_that_could_not_be_tried_is() {
    let server = Server::start(&[]);
    let user = User::new();
    user.write_settings(&format!(
        "[profile.a]\nbase_url = \"{}\"\n[profile.b]\nbase_url = \"http://127.0.0.1:1/c\"\n",
        server.base_url
    ));
    let (code, out, err) = user.run(&["auth", "login", "--profile", "a"], CANARY);
    assert_eq!((code, out.as_str()), (4, ""), "{err}");
    assert!(err.contains("401") && !user.kept("a").exists(), "{err}");
    let (code, out, err) = user.run(&["auth", "login", "--profile", "b"], CANARY);
    assert_eq!(code, 1, "{err}");
    assert!(
        out.contains("Saved the token vl_…a1b2") && err.contains("could not be tested"),
        "{err}"
    );
    assert!(user.kept("b").exists());
    let quiet = ["auth", "login", "--profile", "a", "--no-check"];
    let (code, out, err) = user.run(&quiet, CANARY);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for (arguments, stdin, word) in [
        (&["auth", "login", "--profile", "../x"][..], CANARY, "letters, digits"),
        (&["auth", "login", "--profile", "c"], "", "the token is empty"),
        (&["auth", "login", "--profile", "c"], "eyJ_canary", "base_url in its profile"),
        (&["auth", "login", "--profile", "A"], CANARY, "a profile a already, which differs from A"),
        (&["auth", "login", "--profile", "c"], "sd_x", "incomplete"),
        (&["auth", "login", "--profile", "c"], "\"vl_canary0123456789\"", "in quotes"),
        (&["auth", "login", "--profile", "c"], "VALORA_TOKEN=vl_canary", "NAME=value"),
        (&["auth", "status", "--profile", "nobody"], "", "no profile nobody (known: a, b)"),
        (&["--profile", "a", "demo"], "", "--profile has no effect"),
    ] {
        let (code, out, err) = user.run(arguments, stdin);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(word) && !err.contains("canary"), "{word} is not in {err}");
    }
}

#[test]
fn the_token_is_typed_without_an_echo_and_ctrl_c_changes_nothing() {
    let user = User::new();
    let login = ["auth", "login", "--no-check", "--profile", "acme"];
    let mut session = Session::of(&user.in_terminal(&login));
    session.wait_for("it is not shown");
    session.type_keys(&format!("{CANARY}x\x7f\r"));
    let shown = session.wait_for("Next: valora --profile acme");
    assert!(shown.contains("vl_…a1b2") && !shown.contains("canary"), "{shown}");
    assert!(session.ended().success());
    assert_eq!(fs::read_to_string(user.kept("acme")).unwrap(), format!("{CANARY}\n"));
    fs::remove_file(user.kept("acme")).unwrap();
    let mut session = Session::of(&user.in_terminal(&login));
    session.wait_for("it is not shown");
    session.type_keys("vl_canary\x03");
    assert_eq!(session.ended().exit_code(), 130);
    assert!(!user.kept("acme").exists() && !session.screen().contents().contains("canary"));
}

#[test]
fn settings_are_written_once_found_and_checked_without_repeating_a_line() {
    let user = User::new();
    let path = user.settings();
    let shown = path.display().to_string();
    assert_eq!(user.run(&["config", "path"], ""), (0, format!("{shown}\n"), String::new()));
    let (code, out, _) = user.run(&["config", "check"], "");
    assert!(code == 0 && out.contains("the file does not exist yet"), "{out}");
    assert_eq!(user.run(&["config", "init"], "").0, 0);
    assert_eq!(mode(&path), 0o600);
    let (code, out, _) = user.run(&["config", "check"], "");
    assert!(code == 0 && out.contains("no problems"), "{out}");
    user.write_settings(&format!(
        "mouse = 1\n[profile.acme]\ntoken = \"{CANARY}\"\nx = {CANARY}\n"
    ));
    let (code, out, err) = user.run(&["config", "init"], "");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("was not changed"), "{err}");
    let (code, out, err) = user.run(&["config", "check"], "");
    assert_eq!(code, 2, "{err}");
    for place in
        ["line 1, column 9: `mouse`", "line 3, column 1: `profile.acme.token`", "line 4, column "]
    {
        assert!(out.contains(place), "{place} is not in {out}");
    }
    let (code, started, refused) = user.run(&[], "");
    assert_eq!((code, started.as_str()), (2, ""));
    assert!(refused.contains("line 1, column 9"), "{refused}");
    assert!(!format!("{out}{err}{refused}").contains("canary"));
}

#[test]
fn a_file_with_a_token_that_others_could_have_read_or_written_is_refused_with_what_to_run() {
    let user = User::new();
    let login = ["auth", "login", "--no-check", "--profile", "acme"];
    assert_eq!(user.run(&login, CANARY).0, 0);
    let status = || user.run(&["auth", "status"], "");
    fs::set_permissions(user.kept("acme"), Permissions::from_mode(0o644)).unwrap();
    let (code, out, err) = status();
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains(&format!("chmod 600 {}", user.kept("acme").display())), "{err}");
    let aside = user.0.path().join("aside");
    fs::rename(user.kept("acme"), &aside).unwrap();
    fs::set_permissions(&aside, Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink(&aside, user.kept("acme")).unwrap();
    let (code, _, err) = status();
    assert!(code == 2 && err.contains("symbolic link"), "{err}");
    fs::set_permissions(user.kept("acme").parent().unwrap(), Permissions::from_mode(0o755))
        .unwrap();
    let (code, _, err) = status();
    assert!(code == 2 && err.contains("chmod 700"), "{err}");
}

#[test]
fn a_token_command_gets_no_token_of_ours_and_what_it_says_is_made_printable() {
    let server = Server::start(&[]);
    let user = User::new();
    let script = user.0.path().join("give");
    let text = format!(
        "#!/bin/sh\nprintf 'unlock \\033[31mme %s\\n' \"${{VALORA_TOKEN-none}}${{VALORA_PROFILE-}}\" >&2\n\
         echo {}\n",
        server.token
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, Permissions::from_mode(0o700)).unwrap();
    user.write_settings(&format!(
        "[profile.acme]\nbase_url = \"{}\"\ntoken_command = [\"{}\"]\n",
        server.base_url,
        script.display()
    ));
    let variables = [("VALORA_PROFILE", "acme")];
    let (code, out, err) = user.run_with(&["auth", "status"], "", &variables);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("token_command (") && !out.contains(&server.token), "{out}");
    assert!(err.contains("unlock \u{FFFD}[31mme none\n"), "{err:?}");
}

#[test]
fn a_profile_is_shown_under_its_name_and_another_takes_its_place_whole() {
    let one = Server::start(&["--seed", "1"]);
    let user = User::new().with_profiles(&["acme", "globex"], &one);
    let mut session = Session::of(&user.in_terminal(&["--profile", "acme"]));
    session.wait_for("valora  acme   custom server ");
    session.wait_for(" of ");
    session.type_keys("@");
    session.wait_for("✕");
    session.type_keys("P");
    session.wait("both are loaded", |shown| shown.matches(" ready").count() == 2);
    session.type_keys("hh/globex\r\r");
    let shown = session.wait_for("valora  globex   custom server");
    assert!(!shown.contains('✕') && !shown.contains("acme"), "{shown}");
    session.wait_for("Home");
    // A token that is gone leaves the customer that is shown where it was.
    fs::remove_file(user.kept("acme")).unwrap();
    session.type_keys("\x1b");
    session.wait_for("2 customers");
    session.type_keys("\x1b");
    session.wait_for("Search removed");
    session.type_keys("/acme\r\r");
    let shown = session.wait_for("acme was not opened");
    assert!(shown.contains("valora  2 customers"), "{shown}");
    session.type_keys("q");
    assert!(session.ended().success());
}

#[test]
fn a_refused_token_is_replaced_from_another_shell_and_r_goes_on_without_a_new_start() {
    let server = Server::start(&[]);
    let user = User::new().with_profiles(&["acme"], &server);
    fs::write(user.kept("acme"), CANARY.replace("vl_", "sd_")).unwrap();
    let mut session = Session::of(&user.in_terminal(&[]));
    let shown = session.wait_for("401");
    assert!(!shown.contains("canary"), "{shown}");
    let (code, _, err) = user.run(&["auth", "login"], &server.token);
    assert_eq!(code, 0, "{err}");
    session.type_keys("r");
    session.wait_for("row 1 of");
    session.type_keys("q");
    assert!(session.ended().success());
}

#[test]
fn late_answers_of_one_customer_never_stand_under_the_name_of_another() {
    let one = Server::start(&["--latency", "400"]);
    let other = Server::start(&["--rows", "3000", "--latency", "800"]);
    let user = User::new();
    user.write_settings(&format!(
        "[profile.acme]\nbase_url = \"{}\"\n[profile.globex]\nbase_url = \"{}\"\n",
        one.base_url, other.base_url
    ));
    for (name, server) in [("acme", &one), ("globex", &other)] {
        let login = ["auth", "login", "--no-check", "--profile", name];
        assert_eq!(user.run(&login, &server.token).0, 0);
    }
    let mut session = Session::of(&user.in_terminal(&["--profile", "acme"]));
    session.wait_for("valora  acme ");
    session.type_keys("P");
    session.wait("both are loaded", |shown| shown.matches(" ready").count() == 2);
    session.type_keys("hh/globex\r\r");
    session.wait_for("valora  globex ");
    session.type_keys("1");
    // The first requests of both have the same numbers: an answer that were taken for another's
    // would stay.
    let shown = session.wait_for("row 1 of ");
    assert!(shown.contains("valora  globex ") && shown.contains("row 1 of 3,"), "{shown}");
    session.type_keys("q");
    assert!(session.ended().success());
}

#[test]
fn a_token_command_that_fails_leaves_the_customer_that_is_shown() {
    let server = Server::start(&[]);
    let user = User::new().with_profiles(&["acme"], &server);
    let settings = fs::read_to_string(user.settings()).unwrap();
    let command =
        "[profile.locked]\ntoken_command = [\"sh\", \"-c\", \"echo no key >&2; exit 3\"]\n";
    user.write_settings(&format!("default_profile = \"acme\"\n{settings}{command}"));
    let mut session = Session::of(&user.in_terminal(&[]));
    session.wait_for("row 1 of ");
    session.type_keys("P");
    session.wait_for(" settings");
    session.type_keys("/settings\r\r");
    let shown = session.wait_for("locked was not opened");
    assert!(shown.contains("no key") && shown.contains("valora  2 customers"), "{shown}");
    session.type_keys("\x1b");
    session.wait_for("Search removed");
    session.type_keys("/acme\r\r");
    session.wait_for("valora  acme ");
    session.type_keys("1q");
    assert!(session.ended().success());
}

#[test]
fn every_command_about_tokens_and_settings_shows_an_example() {
    let user = User::new();
    for command in [
        &["auth"][..],
        &["auth", "login"],
        &["auth", "status"],
        &["auth", "logout"],
        &["auth", "list"],
        &["config"],
        &["config", "init"],
        &["config", "path"],
        &["config", "check"],
        &["check"],
    ] {
        let (code, out, err) = user.run(&[command, &["--help"]].concat(), "");
        assert_eq!((code, err.as_str()), (0, ""), "{command:?}");
        assert!(out.contains("Example"), "{command:?}: {out}");
    }
}

#[test]
fn a_pipe_without_a_name_is_a_token_file_and_the_profile_may_be_named_anywhere() {
    let server = Server::start(&[]);
    let user = User::new().with_profiles(&["acme", "globex"], &server);
    for arguments in
        [["--profile", "globex", "auth", "status"], ["auth", "status", "--profile", "globex"]]
    {
        let (code, out, err) = user.run(&arguments, "");
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert!(out.contains("globex"), "{out}");
    }
    let script = "exec \"$0\" auth status --token-file <(echo \"$TOKEN\") --base-url \"$URL\"";
    let mut command = std::process::Command::new("bash");
    command.args(["-c", script, PROGRAM]).env_clear().envs(user.variables());
    command.env("TOKEN", &server.token).env("URL", &server.base_url);
    command.env("PATH", std::env::var("PATH").unwrap());
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{err}");
    assert!(out.contains("profile      none") && out.contains("--token-file /dev/fd/"), "{out}");
}
