//! Fields of lists that the settings name: for all profiles, for one, and wrong ones.

use crate::profiles::User;
use crate::program::Server;

fn due(user: &User, profile: &str) -> Vec<String> {
    let arguments = ["list", "debt", "--profile", profile, "-o", "csv"];
    let (code, out, err) = user.run(&arguments, "");
    assert_eq!(code, 0, "{err}");
    let mut rows = csv::Reader::from_reader(out.as_bytes());
    let at = rows.headers().unwrap().iter().position(|name| name == "due_date");
    let at = at.unwrap_or_else(|| panic!("{out}"));
    rows.records().map(|row| row.unwrap()[at].to_owned()).collect()
}

#[test]
fn a_profile_has_the_field_that_the_settings_name_and_else_the_one_of_all() {
    let server = Server::start(&["--shape", "words"]);
    let user = User::new().with_profiles(&["a", "b", "c"], &server);
    let recognized = due(&user, "a");
    assert!(recognized.iter().all(|day| !day.is_empty()), "{recognized:?}");
    let settings = std::fs::read_to_string(user.settings()).unwrap();
    user.write_settings(&format!(
        "{settings}[lists.debt]\ndue = \"opened\"\n[profile.b.lists.debt]\ndue = \"payable_by\"\n\
         [profile.c.lists.debt]\ndue = [\"never\", \"sent\"]\n"
    ));
    assert_ne!(due(&user, "a"), recognized);
    assert_eq!(due(&user, "b"), recognized);
    assert!(due(&user, "c").iter().all(String::is_empty));
    let (_, out, err) = user.run(&["list", "debt", "--profile", "c", "-o", "json"], "");
    let why = "no row has never.sent, which the settings map to due_date; valora check shows where";
    assert_eq!(err.matches(why).count(), 1, "{err}");
    assert!(out.contains("payable_by"), "what nobody named is there under its own name: {out}");
    let line = settings.lines().count() + 6;
    let (_, out, _) = user.run(&["check", "--profile", "c"], "");
    let place = format!("line {line}, column 7: no row has never.sent,");
    assert!(out.contains("odd  fields of debt") && out.contains(&place), "{out}");
}

#[test]
fn a_wrong_one_stops_the_start_with_its_line_and_column() {
    let user = User::new();
    user.write_settings("[lists.debt]\ndue = \"x\"\nduee = \"y\"\n[lists.debts]\nid = \"z\"\n");
    for arguments in [&["config", "check"][..], &["check"], &["list", "debt"]] {
        let (code, out, err) = user.run(arguments, "");
        assert_eq!(code, 2, "{out}{err}");
        for place in ["line 3, column 1: `lists.debt.duee`", "line 4, column 8: `lists.debts`"] {
            assert!(format!("{out}{err}").contains(place), "{arguments:?}: {out}{err}");
        }
    }
}
