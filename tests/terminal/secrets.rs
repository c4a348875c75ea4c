//! What asks for a secret, and what it leaves: the modes of the terminal, programs, the environment.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::profiles::{CANARY, User};
use crate::program::{PROGRAM, Server, Session, comes, in_terminal};
use crate::screen::assert_given_back;

const LOGIN: &str = "auth login --no-check --profile acme";

/// A shell that runs valora, then says how it ended and what the terminal does.
fn below_a_shell(user: &User, arguments: &str) -> Session {
    let script = format!("\"$0\" {arguments}; echo \"ended $?\"; stty -a; echo over");
    let variables = user.variables();
    let variables: Vec<_> = variables.iter().map(|(name, to)| (*name, to.as_str())).collect();
    Session::of(&in_terminal("/bin/sh", &["-c", &script, PROGRAM], &variables))
}

/// The process that a shell waits for.
fn child(session: &Session) -> Pid {
    let id = session.id();
    let listed = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
    Pid::from_raw(listed.split_whitespace().next().unwrap().parse().unwrap()).unwrap()
}

pub(crate) fn assert_sound(shown: &str) {
    let words: Vec<&str> = shown.split([' ', ';', '\n']).collect();
    for mode in ["echo", "icanon", "isig", "icrnl", "opost"] {
        assert!(words.contains(&mode), "{mode}: {shown}");
    }
    assert!(!shown.contains("canary"), "{shown}");
}

/// The process whose id was written to a file.
pub(crate) fn written(path: &Path) -> Pid {
    assert!(comes(|| fs::read_to_string(path).is_ok_and(|text| text.ends_with('\n'))));
    let text = fs::read_to_string(path).unwrap();
    Pid::from_raw(text.trim().parse().unwrap()).unwrap()
}

/// Whether a process has ended, waited for or not.
pub(crate) fn is_gone(id: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", id.as_raw_nonzero()));
    test_kill_process(id).is_err() || stat.is_ok_and(|stat| stat.contains(") Z "))
}

#[test]
fn a_signal_at_the_prompt_gives_the_terminal_back_and_ends_it() {
    for (signal, code) in
        [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)]
    {
        let mut session = below_a_shell(&User::new(), LOGIN);
        session.wait_for("it is not shown");
        session.type_keys("vl_canary");
        // What the terminal has not handed over yet would be echoed by the shell.
        std::thread::sleep(std::time::Duration::from_millis(300));
        kill_process(child(&session), signal).unwrap();
        session.wait_for(&format!("ended {code}"));
        let shown = session.wait_for("over");
        assert_sound(&shown);
    }
}

#[test]
fn ctrl_z_at_the_prompt_gives_the_shell_a_sound_terminal_and_fg_asks_again() {
    let user = User::new();
    let script = format!(
        "set -m; \"$0\" {LOGIN}; stty -a; echo the shell is back; read line; clear; fg; echo ended $?"
    );
    let variables = user.variables();
    let variables: Vec<_> = variables.iter().map(|(name, to)| (*name, to.as_str())).collect();
    let mut session = Session::of(&in_terminal("/bin/sh", &["-c", &script, PROGRAM], &variables));
    session.wait_for("it is not shown");
    let (half, rest) = CANARY.split_at(10);
    session.type_keys(&format!("{half}\x1a"));
    let shown = session.wait_for("the shell is back");
    assert_sound(&shown);
    session.type_keys("\n");
    session.wait("the prompt", |shown| {
        shown.contains("it is not shown") && !shown.contains("the shell is back")
    });
    session.type_keys(&format!("{rest}\r"));
    let shown = session.wait_for("ended 0");
    assert!(shown.contains("vl_…a1b2") && !shown.contains("canary"), "{shown}");
    assert_eq!(fs::read_to_string(user.kept("acme")).unwrap(), format!("{CANARY}\n"));
}

/// A profile whose program asks on the terminal, having noted its id and that of what it started.
fn asking(server: &Server) -> User {
    let user = User::new();
    let script = user.settings().with_file_name("ask");
    let below = script.display();
    user.write_settings(&format!(
        "[profile.acme]\nbase_url = \"{}\"\ntoken_command = [\"sh\", \"{below}\"]\n",
        server.base_url
    ));
    let text = format!(
        "echo $$ > {below}.id\nsleep 600 >/dev/null 2>&1 &\necho $! > {below}.child\n\
         stty -echo < /dev/tty\nprintf 'Passphrase: ' > /dev/tty\nread given < /dev/tty\n\
         stty echo < /dev/tty\necho \"$given\"\nkill $!\n"
    );
    fs::write(script, text).unwrap();
    user
}

#[test]
fn a_token_command_may_ask_on_the_terminal_and_a_stop_in_between_changes_nothing() {
    let server = Server::start(&[]);
    let user = asking(&server);
    let mut session = below_a_shell(&user, "auth status");
    session.wait_for("Passphrase: ");
    session.type_keys(&format!("{}\r", server.token));
    session.wait_for("ended 0");
    let shown = session.wait_for("over");
    assert!(!shown.contains(&server.token), "{shown}");
    assert_sound(&shown);

    let user = asking(&server);
    let script =
        "set -m; \"$0\" auth status; echo the shell is back; read line; clear; fg; echo ended $?";
    let variables = user.variables();
    let variables: Vec<_> = variables.iter().map(|(name, to)| (*name, to.as_str())).collect();
    let mut session = Session::of(&in_terminal("/bin/sh", &["-c", script, PROGRAM], &variables));
    session.wait_for("Passphrase: ");
    session.type_keys("\x1a");
    session.wait_for("the shell is back");
    session.type_keys("\n");
    // The program reads on where it was; it does not know that it was stopped.
    session.wait("fg", |shown| !shown.contains("the shell is back") && shown.contains("status"));
    let id = written(&user.settings().with_file_name("ask.id"));
    let stat = || fs::read_to_string(format!("/proc/{}/stat", id.as_raw_nonzero())).unwrap();
    assert!(comes(|| !stat().contains(") T ")));
    session.type_keys(&format!("{}\r", server.token));
    let shown = session.wait_for("ended 0");
    assert!(!shown.contains(&server.token), "no echo, as before: {shown}");
}

#[test]
fn whatever_ends_valora_ends_the_program_that_asks_and_gives_the_terminal_its_echo() {
    let server = Server::start(&[]);
    for (signal, code) in [
        (None, 130),
        (Some(Signal::TERM), 143),
        (Some(Signal::HUP), 129),
        (Some(Signal::QUIT), 131),
    ] {
        let user = asking(&server);
        let mut session = below_a_shell(&user, "auth status");
        session.wait_for("Passphrase: ");
        let ids =
            ["ask.id", "ask.child"].map(|name| written(&user.settings().with_file_name(name)));
        match signal {
            Some(signal) => kill_process(child(&session), signal).unwrap(),
            None => session.type_keys("\x03"),
        }
        session.wait_for(&format!("ended {code}"));
        let shown = session.wait_for("over");
        assert_sound(&shown);
        for id in ids {
            // A shell keeps ctrl-c from what it has put behind.
            assert!(comes(|| is_gone(id)), "{signal:?}");
        }
    }
}

#[test]
fn the_end_of_the_screen_ends_a_program_that_still_looks_for_a_token() {
    let server = Server::start(&[]);
    for signal in [None, Some(Signal::TERM)] {
        let user = User::new().with_profiles(&["acme"], &server);
        let mark = user.settings().with_file_name("id");
        let settings = fs::read_to_string(user.settings()).unwrap();
        user.write_settings(&format!(
            "default_profile = \"acme\"\n{settings}[profile.slow]\ntoken_command = [\"sh\", \"-c\", \
             \"sleep 600 & echo $! > {}; wait\"]\n",
            mark.display()
        ));
        let mut session = Session::of(&user.in_terminal(&[]));
        session.wait_for("row 1 of ");
        session.type_keys("Pj\r");
        let id = written(&mark);
        match signal {
            Some(signal) => session.signal(signal),
            None => session.type_keys("q"),
        }
        let _ended = session.ended();
        assert!(comes(|| is_gone(id)), "{signal:?}");
    }
}

#[test]
fn a_program_that_asks_behind_the_screen_is_answered_at_once() {
    let server = Server::start(&[]);
    let user = User::new().with_profiles(&["acme"], &server);
    let settings = fs::read_to_string(user.settings()).unwrap();
    user.write_settings(&format!(
        "default_profile = \"acme\"\n{settings}[profile.locked]\ntoken_command = [\"sh\", \"-c\", \
         \"read given < /dev/tty; echo $given\"]\n"
    ));
    let mut session = Session::of(&user.in_terminal(&[]));
    session.wait_for("row 1 of ");
    session.type_keys("P");
    session.wait("its row is locked", |shown| {
        shown.lines().any(|line| line.trim_start_matches(['▌', ' ']).starts_with("locked"))
            && shown.contains(" ready")
    });
    session.type_keys("j\r");
    session.wait_for("asks for input on the terminal");
    session.type_keys("q");
    assert!(session.ended().success());
}

/// A user whose only profile has a program for its token that runs this before it prints it.
fn with_command(server: &Server, script: &str) -> User {
    let user = User::new();
    user.write_settings(&format!(
        "[profile.acme]\nbase_url = \"{}\"\ntoken_command = [\"sh\", \"-c\", \"{script} echo {}\"]\n",
        server.base_url, server.token
    ));
    user
}

#[test]
fn a_signal_gives_the_terminal_back_where_a_program_gave_the_token() {
    let server = Server::start(&[]);
    let user = with_command(&server, "");
    for signal in [Signal::QUIT, Signal::TERM, Signal::HUP, Signal::INT].repeat(5) {
        let mut session = Session::of(&user.in_terminal(&[]));
        session.wait_for("row 1 of ");
        session.signal(signal);
        assert!(session.ended().signal().is_some(), "{signal:?}");
        assert_given_back(&session);
    }
}

#[test]
fn what_a_program_left_behind_ends_with_valora_unless_it_has_a_session_of_its_own() {
    let server = Server::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let [left, agent] = ["left", "agent"].map(|name| folder.path().join(name));
    let script = format!(
        "sleep 600 >/dev/null 2>&1 & echo $! > {}; setsid sleep 600 >/dev/null 2>&1 & echo $! > {};",
        left.display(),
        agent.display()
    );
    let user = with_command(&server, &script);
    for arguments in [&["auth", "status"][..], &[]] {
        for end in [None, Some(Signal::TERM)] {
            let mut session = Session::of(&user.in_terminal(arguments));
            if arguments.is_empty() {
                session.wait_for("row 1 of ");
                assert!(!is_gone(written(&left)), "it runs as long as valora");
                match end {
                    Some(signal) => session.signal(signal),
                    None => session.type_keys("q"),
                }
            }
            let _ended = session.ended();
            let agent = written(&agent);
            assert!(comes(|| is_gone(written(&left))), "{arguments:?} {end:?}");
            assert!(!is_gone(agent), "{arguments:?} {end:?}");
            kill_process(agent, Signal::KILL).unwrap();
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_holds_a_token_shows_its_environment_and_memory_to_nobody() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    // What the kernel hides belongs to root; a test that is root starts another user's program.
    let is_root = rustix::process::geteuid().is_root();
    // Such a user need not get at the folder that it was built in.
    let folder = tempfile::tempdir().unwrap();
    let copied = folder.path().join("valora");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    // Copied by another process: a child of a test beside this one would hold a copy of ours open for
    // writing, and such a file cannot be started.
    assert!(Command::new("cp").arg(PROGRAM).arg(&copied).status().unwrap().success());
    let start = |arguments: &[&str], token: Option<&str>| {
        let mut program = Command::new(&copied);
        program.args(arguments).env_clear();
        program.envs(token.map(|token| ("VALORA_TOKEN", token)));
        program.env("HOME", "/nonexistent").stdin(Stdio::piped()).stdout(Stdio::piped());
        if is_root {
            program.uid(12_345).gid(12_345);
        }
        program.stderr(Stdio::null()).spawn().unwrap()
    };
    let owner = |id: u32| fs::metadata(format!("/proc/{id}/environ")).unwrap().uid();
    for (arguments, token, is_hidden) in [
        (&["auth", "login"][..], None, true),
        (&["sandbox"], Some(CANARY), true),
        (&["sandbox"], None, false),
    ] {
        let mut running = start(arguments, token);
        let user = if is_root { 12_345 } else { rustix::process::geteuid().as_raw() };
        let expected = if is_hidden { 0 } else { user };
        let is_so = comes(|| owner(running.id()) == expected);
        running.kill().unwrap();
        running.wait().unwrap();
        assert!(is_so, "{arguments:?}");
    }
}

#[test]
fn a_program_that_valora_starts_is_not_hidden_and_reads_what_it_is_given() {
    let user = User::new();
    let script =
        "cat /proc/self/environ > /dev/null && exec \"$0\" auth login --no-check < <(echo \"$T\")";
    let mut shell = Command::new("bash");
    shell.args(["-c", script, PROGRAM]).env_clear().envs(user.variables());
    shell.env("PATH", std::env::var("PATH").unwrap()).env("T", CANARY);
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(user.kept("default").exists());
}

#[test]
fn a_token_that_is_kept_goes_where_a_flag_says_and_not_where_a_variable_does() {
    let (server, user) = (Server::start(&[]), User::new());
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    nowhere.set_nonblocking(true).unwrap();
    let address = format!("http://{}/api/v1/c", nowhere.local_addr().unwrap());
    let variables = [("VALORA_BASE_URL", address.as_str())];
    let login = ["auth", "login", "--profile", "me"];
    let (code, out, err) = user.run_with(&login, &server.token, &variables);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("--base-url") && !user.kept("me").exists(), "{err}");
    let flagged = [&login[..], &["--base-url", &server.base_url]].concat();
    let (code, out, err) = user.run_with(&flagged, &server.token, &variables);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains(&server.base_url), "{out}");
    assert!(err.contains("saved its server in"), "{err}");
    // From then on the name is enough, and the variable still no place for it.
    let (code, out, err) = user.run(&["auth", "status", "--profile", "me"], "");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains(&format!("{} (from profile me)", server.base_url)), "{out}");
    for command in
        [&["auth", "status"][..], &["list", "debt"], &["booking", "BK000001"], &["worklist"], &[]]
    {
        let (code, out, err) = user.run_with(command, "", &variables);
        assert_eq!((code, out.as_str()), (2, ""), "{command:?}: {err}");
        assert!(err.contains("VALORA_BASE_URL names 127.0.0.1:"), "{command:?}: {err}");
    }
    let (code, out, _) = user.run_with(&["check"], "", &variables);
    assert!(code == 2 && out.contains("VALORA_BASE_URL names"), "{out}");
    let refused = nowhere.accept().unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::WouldBlock, "nobody has connected");
    let flagged = ["auth", "login", "--profile", "flagged", "--base-url", &server.base_url];
    let (code, _, err) = user.run(&flagged, &server.token);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("there are several profiles now"), "{err}");
    assert_eq!(user.run(&["list", "debt", "--profile", "flagged"], "").0, 0);
}
