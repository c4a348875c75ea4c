//! Without a terminal: exit codes, and what goes to which stream.

use std::process::Output;

use crate::program::{Server, command};

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = command(arguments);
    command.envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().expect("no signal"), text(stdout), text(stderr))
}

#[test]
fn without_a_token_it_says_how_to_give_one_and_what_needs_none() {
    let (code, out, err) = run(&[], &[]);
    assert_eq!((code, out.as_str()), (2, ""));
    for word in ["VALORA_TOKEN", "--token-file", "valora demo"] {
        assert!(err.contains(word), "{word} is not in {err}");
    }
}

#[test]
fn wrong_configuration_is_said_before_anything_is_sent_and_quotes_no_token() {
    let secret = "vl_0123456789abcdef0123456789secret";
    let table = [
        (&[][..], &[("VALORA_TOKEN", "Bearer vl_x")][..], "begins with `Bearer `"),
        (&[], &[("VALORA_TOKEN", "eyJ0123456789abcdef0123456789secret")], "--base-url"),
        (&["--base-url", "http://example.com"], &[("VALORA_TOKEN", secret)], "https://"),
        (&[], &[("VALORA_TOKEN", secret), ("VALORA_BASE_URL", "nowhere")], "VALORA_BASE_URL"),
        (&["--token-file", "/no/such/file"], &[], "/no/such/file"),
    ];
    for (arguments, variables, word) in table {
        let (code, out, err) = run(arguments, variables);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(word) && !err.contains("0123456789"), "{err}");
    }
}

#[test]
fn where_there_is_no_terminal_no_escape_byte_is_written() {
    let token = [("VALORA_TOKEN", "vl_0123456789abcdef0123456789")];
    for arguments in [&["demo"][..], &[]] {
        let (code, out, err) = run(arguments, &token);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("terminal") && !err.contains('\x1b'), "{err:?}");
    }
}

/// The commands that the help names.
fn commands() -> Vec<String> {
    let (_, help, _) = run(&["--help"], &[]);
    let (_, below) = help.split_once("Commands:\n").unwrap();
    let lines = below.lines().take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn every_command_explains_itself() {
    let commands = commands();
    assert!(commands.iter().any(|name| name == "demo"), "{commands:?}");
    for name in commands.iter().filter(|name| *name != "help") {
        for flag in ["--help", "-h"] {
            let (code, out, err) = run(&[name, flag], &[]);
            assert_eq!((code, err.as_str()), (0, ""), "{name}");
            assert!(out.contains("Usage: valora "), "{name}: {out}");
            assert!(!out.contains('\x1b'), "{name}: {out:?}");
            if flag == "-h" {
                assert!(out.contains(&format!("valora {name} --help")), "{name}: {out}");
                assert!(!out.contains("\nExample"), "{name} -h is not short: {out}");
            } else {
                assert!(out.contains("Example"), "{name} --help shows no example: {out}");
            }
        }
    }
    for flag in ["--help", "--version"] {
        assert_eq!(run(&[flag], &[]).0, 0);
    }
}

#[test]
fn wrong_usage_is_two_and_a_wrong_fault_names_the_kinds() {
    let ignored = ["--base-url", "https://example.org", "sandbox"];
    for arguments in [&["--nonsense"][..], &["nonsense"], &["sandbox", "--port", "x"], &ignored] {
        let (code, out, err) = run(arguments, &[]);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
    }
    for (fault, words) in [
        ("nonsense:*", &["429-retry-after", "hang", "503"][..]),
        ("500", &["KIND:PATH"]),
        ("500:penalties:0", &["number of times"]),
    ] {
        let (code, out, err) = run(&["sandbox", "--fault", fault], &[]);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(words.iter().all(|word| err.contains(word)), "{err}");
    }
}

#[test]
fn a_port_that_is_taken_and_a_fault_for_no_path_fail_with_their_reason() {
    let server = Server::start(&[]);
    let port = server.base_url.split([':', '/']).find(|part| part.parse::<u16>().is_ok()).unwrap();
    let (code, _, err) = run(&["sandbox", "--port", port], &[]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains(port), "{err}");
    let (code, _, err) = run(&["sandbox", "--fault", "500:nowhere"], &[]);
    assert_ne!(code, 0, "{err}");
    assert!(err.contains("\"nowhere\", which the sandbox does not serve"), "{err}");
    assert!(!err.contains("listened"), "nothing is wrong with the port: {err}");
}
