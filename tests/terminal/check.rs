//! `valora check` on the built program: what it says, and its exit codes.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::profiles::{CANARY, User};
use crate::program::Server;

#[test]
fn check_says_what_is_well_and_what_to_do_about_the_rest() {
    let server = Server::start(&[]);
    let user = User::new().with_profiles(&["acme"], &server);
    let (code, out, err) = user.run(&["check"], "");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for line in [
        "ok   settings",
        "sd_…",
        "(custom server, from profile acme)",
        "ok   transactions/scheduled",
        "ok   conciliation/booking",
        "Customer Standard",
        "ok   clock",
        "none: the server is this machine",
        "OSC 52",
        "yours alone",
    ] {
        assert!(out.contains(line), "{line} is not in {out}");
    }
    assert!(!out.contains("BAD") && !out.contains(&server.token), "{out}");
    let (code, json, _) = user.run(&["check", "-o", "json"], "");
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["checks"][0]["name"], "settings");
    assert!(!json.to_string().contains(&server.token));
}

#[test]
fn the_exit_code_of_check_is_that_of_the_worst() {
    let server = Server::start(&["--fault", "500:penalties"]);
    let user = User::new().with_profiles(&["acme"], &server);
    let (code, out, err) = user.run(&["check"], "");
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("BAD  penalties") && err.contains("some checks failed"), "{out}");
    fs::write(user.kept("acme"), CANARY).unwrap();
    let (code, out, _) = user.run(&["check"], "");
    assert_eq!(code, 4, "{out}");
    assert!(out.contains("valora auth login") && !out.contains("canary"), "{out}");
    assert!(!out.contains("penalties"), "everything stops after a 401: {out}");
    fs::set_permissions(user.kept("acme"), Permissions::from_mode(0o644)).unwrap();
    let (code, out, _) = user.run(&["check"], "");
    assert!(code == 2 && out.contains("chmod 600"), "{out}");
    user.write_settings("mouse = 1");
    let (code, out, _) = user.run(&["check"], "");
    assert!(code == 2 && out.contains("line 1, column 9"), "{out}");
    let gone = "[profile.acme]\nbase_url = \"http://127.0.0.1:1/c\"\n";
    user.write_settings(gone);
    fs::set_permissions(user.kept("acme"), Permissions::from_mode(0o600)).unwrap();
    let (code, out, _) = user.run(&["check"], "");
    assert!(code == 1 && out.contains("check the network"), "{out}");
}
