//! `valora booking REF`: what it prints, where, and its exit codes.

use std::io::Read;
use std::process::Stdio;

use crate::program::{Server, command};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn run(server: &Server, arguments: &[&str]) -> Ran {
    let mut command = command(&[&["booking"], arguments].concat());
    command.env("VALORA_TOKEN", &server.token).env("VALORA_BASE_URL", &server.base_url);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code().expect("no signal"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A booking that the server has, by the first row of its list of penalties.
fn reference(server: &Server) -> String {
    use valora::filter::ListQuery;
    use valora::net::client::Client;
    use valora::net::request::Request;
    use valora::net::response::Response;
    use valora::net::target::Target;
    use valora::net::target::Token;
    let target = Target::new(&server.base_url, Token::new(&server.token).unwrap()).unwrap();
    let client = Client::new(target).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let query = ListQuery::new(valora::list::Spec::named("penalties").unwrap());
    match runtime.block_on(client.send(&Request::List(query))) {
        Ok(Response::Page(page)) => page.rows[0].booking().unwrap().expose_raw().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_prints_the_booking_in_each_form() {
    let server = Server::start(&[]);
    let reference = reference(&server);
    let sentence = format!("please look at {reference}, thanks");
    let text = run(&server, &[&sentence]);
    assert_eq!((text.code, text.err.as_str()), (0, ""));
    assert!(text.out.starts_with(&format!("Booking {reference}: Adds up\n")), "{}", text.out);
    let digits = reference.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let parted = reference.replace(digits, &format!(" {digits}"));
    for typed in [reference.to_lowercase().as_str(), digits, &parted] {
        let ran = run(&server, &[typed]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{typed}");
        assert_eq!(ran.out.lines().next(), text.out.lines().next(), "{typed}");
    }
    let csv = run(&server, &[&reference, "-o", "csv"]);
    assert!(csv.out.starts_with("record,booking_id,date,kind,"), "{}", csv.out);
    let json = run(&server, &[&reference, "--output", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["reference"], reference.as_str());
    assert!(value["totals"][2]["server_minor"].is_i64(), "{}", json.out);
}

#[test]
fn the_exit_code_says_what_went_wrong() {
    let table = [
        (&[][..], "BK000001", 3, "does not know this booking"),
        (&["--fault", "401:*"], "BK000001", 4, "token"),
        (&["--fault", "403:conciliation/booking"], "BK000001", 4, "token"),
        (&["--fault", "html:conciliation/booking"], "BK000001", 1, "web page"),
        (&[], "hello there", 2, "no booking reference"),
        (&[], "BK100234 or BK100235", 2, "several"),
    ];
    for (flags, reference, code, words) in table {
        let server = Server::start(flags);
        let ran = run(&server, &[reference]);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{}", ran.err);
        assert!(ran.err.contains(words), "{words} in {}", ran.err);
    }
}

#[test]
fn a_list_that_fails_is_said_on_the_other_stream() {
    let server = Server::start(&["--fault", "403:transactions/scheduled"]);
    let ran = run(&server, &[&reference(&server)]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains(": Incomplete: Scheduled payments: ")
            && ran.err.contains("Scheduled payments"),
        "{}",
        ran.out
    );
}

#[test]
fn a_pipe_that_is_closed_is_no_failure() {
    let server = Server::start(&[]);
    let mut command = command(&["booking", &reference(&server), "-o", "json"]);
    command.env("VALORA_TOKEN", &server.token).env("VALORA_BASE_URL", &server.base_url);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}
