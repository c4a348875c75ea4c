//! Keys that the user has set: in force on the screen, listed, and explained where they are wrong.

use crate::profiles::User;
use crate::program::Session;

fn session(user: &User) -> Session {
    Session::of(&user.in_terminal(&["demo"]))
}

#[test]
fn a_key_of_ones_own_works_and_the_hint_and_the_list_name_it() {
    let user = User::new();
    user.write_settings("[keys]\nlookup = [\"n\"]\nredraw = []\n");
    let mut session = session(&user);
    let shown = session.wait_for("row 1 of ");
    assert!(shown.contains("n lookup") && !shown.contains("b lookup"), "{shown}");
    session.type_keys("bn");
    session.wait_for("Open a booking");
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
