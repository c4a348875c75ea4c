//! Keys that the user has set: in force on the screen, listed, and explained where they are wrong.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::profiles::User;
use crate::program::Session;

fn session(user: &User) -> Session {
    Session::of(&user.in_terminal(&["demo"]))
}

#[test]
fn a_key_of_ones_own_works_and_the_hint_and_the_list_name_it() {
    let user = User::new();
    user.write_settings("[keys]\nfilter = [\"n\"]\nredraw = []\n");
    let mut session = session(&user);
    let shown = session.wait_for("row 1 of ");
    assert!(shown.contains("n filter") && !shown.contains("f filter"), "{shown}");
    session.type_keys("fn");
    session.wait_for("Filter transactions");
    session.type_keys("\x03q");
    assert_eq!(session.ended().exit_code(), 0);
    let (code, out, _) = user.run(&["keys", "--own"], "");
    assert_eq!(code, 0);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 2, "{out}");
    assert!(lines.iter().any(|line| line.starts_with("* redraw") && line.contains("(none)")));
}

#[test]
fn wrong_keys_stop_the_start_with_their_line_and_column() {
    let user = User::new();
    user.write_settings("theme = \"dark\"\n[keys]\nlookup = \"j\"\nlokup = \"n\"\n");
    for arguments in [&["keys"][..], &["config", "check"]] {
        let (code, out, err) = user.run(arguments, "");
        assert_eq!(code, 2, "{out}{err}");
        let said = format!("{out}{err}");
        assert!(
            said.contains("line 3, column 10: ") && said.contains("already the key of down"),
            "{said}"
        );
        assert!(
            said.contains("line 4, column 9: ") && said.contains("did you mean lookup?"),
            "{said}"
        );
    }
    let mut session = session(&user);
    let status = session.ended();
    assert_eq!(status.exit_code(), 2);
}

#[test]
fn of_settings_that_others_can_change_nothing_is_used_and_each_command_says_what_to_run() {
    let user = User::new();
    user.write_settings("theme = \"light\"\nmouse = true\n[keys]\nquit = \"Z\"\n");
    let (file, folder) = (user.settings(), user.settings().parent().unwrap().to_owned());
    let mode = |path: &Path, bits| fs::set_permissions(path, Permissions::from_mode(bits)).unwrap();
    for (path, open, sound) in [(&file, 0o666, 0o600), (&folder, 0o770, 0o700)] {
        mode(path, open);
        let run = format!("run: chmod go-w {}", path.display());
        for arguments in [
            &["keys"][..],
            &["demo"],
            &["config", "check"],
            &["check"],
            &["auth", "list"],
            &["auth", "status"],
            &["list", "debt"],
            &[],
        ] {
            let (code, out, err) = user.run(arguments, "");
            let said = format!("{out}{err}");
            assert_eq!(code, 2, "{arguments:?}: {said}");
            // A report breaks its lines.
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains(&run) && !said.contains("* quit"), "{arguments:?}: {said}");
        }
        for arguments in [&["--help"][..], &["completions", "bash"], &["config", "path"]] {
            assert_eq!(user.run(arguments, "").0, 0, "{arguments:?}");
        }
        let login = ["auth", "login", "--no-check", "--profile", "me"];
        mode(path, sound);
        assert_eq!(user.run(&login, crate::profiles::CANARY).0, 0);
        mode(path, open);
        assert_eq!(user.run(&["auth", "logout", "--profile", "me"], "").0, 0, "a token can go");
        mode(path, sound);
        assert_eq!(user.run(&["keys"], "").0, 0);
    }
}
