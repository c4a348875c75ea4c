//! `valora booking REF --all-profiles`: the booking of the customer that has it, under its name.

use std::collections::BTreeSet;

use serde_json::Value;
use valora::sandbox::{Fault, Options};

use crate::customers::Customers;

const DEAD: &str = "base_url = \"http://127.0.0.1:1/api/v1/c\"\n";
const TOKEN: &str = "sd_dead0123456789";
const PATH: &str = "conciliation/booking";

fn faulty(fault: &str, seed: u64) -> Options {
    let faults = vec![fault.parse::<Fault>().unwrap()];
    Options { faults, ..Customers::options(seed) }
}

fn references(customers: &Customers, name: &str) -> BTreeSet<String> {
    let (_, server) = customers.servers.iter().find(|(own, _)| own == name).unwrap();
    server.known().references.into_iter().collect()
}

/// A booking of `name` that no other customer has.
fn own_reference(customers: &Customers, name: &str) -> String {
    let others = customers.servers.iter().map(|(other, _)| other).filter(|other| *other != name);
    let others: BTreeSet<String> = others.flat_map(|it| references(customers, it)).collect();
    references(customers, name).into_iter().find(|it| !others.contains(it)).unwrap()
}

fn run(customers: &Customers, arguments: &[&str]) -> (i32, String, String) {
    customers.user.run(&[&["booking", "--all-profiles"], arguments].concat(), "")
}

/// Requests of this path that a customer was sent.
fn sent(customers: &Customers, name: &str) -> [usize; 2] {
    let (_, server) = customers.servers.iter().find(|(own, _)| own == name).unwrap();
    let requests = server.requests();
    let of_booking = requests.iter().filter(|request| request.path.ends_with(PATH)).count();
    [of_booking, requests.len() - of_booking]
}

/// Without the time of the request.
fn without_time(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.contains("oaded at") && !line.contains("As of")).collect()
}

#[test]
fn it_is_what_the_command_of_its_customer_prints_with_its_name() {
    let customers = (1..6).fold(Customers::new(), |all, seed| {
        all.with(&format!("seed-{seed}"), Customers::options(seed))
    });
    let reference = own_reference(&customers, "seed-4");
    let (code, text, err) = run(&customers, &[&reference]);
    assert_eq!((code, err), (0, format!("Booking {reference} belongs to seed-4.\n")));
    assert!(text.contains(" · customer seed-4\n"), "{text}");
    for name in ["seed-1", "seed-2", "seed-3", "seed-5"] {
        let [of_booking, others] = sent(&customers, name);
        assert!(of_booking <= 1 && others == 0, "{name}: {of_booking} {others}");
    }
    // No more requests than the command of one customer sends.
    let all = sent(&customers, "seed-4");
    let (own, _) = customers.of_one("seed-4", &["booking", &reference]);
    let both = sent(&customers, "seed-4");
    assert_eq!((all[0], both), (1, all.map(|count| 2 * count)));
    assert_eq!(without_time(&text), without_time(&own));

    let digits = reference.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let (code, json, err) = run(&customers, &[digits, "-o", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["reference"]), (0, &reference.as_str().into()), "{err}");
    assert_eq!(json["customer"], "seed-4");
    let (code, csv, _) = run(&customers, &[&reference, "-o", "csv"]);
    let (own, _) = customers.of_one("seed-4", &["booking", &reference, "-o", "csv"]);
    assert!(code == 0 && csv.starts_with("customer,record,booking_id,"), "{csv}");
    let own = own.lines().skip(1).map(|line| format!("seed-4,{line}"));
    let without_time = |line: &String| !line.contains("Conciliation") && !line.contains("at 20");
    let csv = csv.lines().skip(1).map(str::to_owned).filter(without_time);
    assert_eq!(csv.collect::<Vec<_>>(), own.filter(without_time).collect::<Vec<_>>());
}

#[test]
fn the_first_answer_of_two_customers_wins_and_is_the_only_one() {
    // The same bookings; the first one never answers.
    let customers = Customers::new()
        .with("hangs", faulty(&format!("hang:{PATH}"), 1))
        .with("globex", Customers::options(1));
    let reference = references(&customers, "globex").pop_first().unwrap();
    let (code, json, err) = run(&customers, &[&reference, "-o", "json"]);
    assert_eq!((code, err), (0, format!("Booking {reference} belongs to globex.\n")));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["customer"], &json["reference"]), (&"globex".into(), &reference.into()));

    let customers =
        Customers::new().with("one", Customers::options(2)).with("two", Customers::options(2));
    let reference = references(&customers, "one").pop_first().unwrap();
    let (code, json, err) = run(&customers, &[&reference, "-o", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let owner = json["customer"].as_str().unwrap();
    assert_eq!((code, err), (0, format!("Booking {reference} belongs to {owner}.\n")));
    let other = if owner == "one" { "two" } else { "one" };
    let [of_booking, others] = sent(&customers, other);
    assert!(of_booking <= 1 && others == 0, "{of_booking} {others}");
}

#[test]
fn the_exit_code_says_whether_all_were_asked() {
    let all =
        Customers::new().with("acme", Customers::options(1)).with("globex", Customers::options(2));
    let (code, out, err) = run(&all, &["BK000001"]);
    let expected = "valora: booking BK000001 was not found in 2 customers\n";
    assert_eq!((code, out.as_str(), err.as_str()), (3, "", expected));
    assert_eq!([sent(&all, "acme"), sent(&all, "globex")], [[1, 0]; 2]);

    let reference = own_reference(&all, "acme");
    // A server that has nothing at this base URL was not asked.
    let (url, token) = (all.servers[0].1.base_url(), all.servers[0].1.token().to_owned());
    let nowhere = format!("base_url = \"{}\"\n", url.replace("/v1/", "/v9/"));
    let some = all
        .with_profile("dead", DEAD, TOKEN)
        .with("refused", faulty("401:*", 3))
        .with_profile("lost", &nowhere, &token);
    let (code, out, err) = run(&some, &["BK000001"]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    let lines: Vec<&str> = err.lines().collect();
    let [first, second, third, last] = lines[..] else { panic!("{err}") };
    assert!(first.starts_with("valora: dead: server not reached: "), "{err}");
    assert!(second.starts_with("valora: refused: token refused: run "), "{err}");
    assert!(third.starts_with("valora: lost: "), "{err}");
    let expected = "valora: booking BK000001 was not found in 2 customers; could not be searched: \
                    dead, refused, lost";
    assert_eq!(last, expected);
    let (code, _, err) = run(&some, &[&reference]);
    assert_eq!((code, err), (0, format!("Booking {reference} belongs to acme.\n")));

    let (code, _, err) = run(&some, &["hello there"]);
    assert!(code == 2 && err.contains("no booking reference"), "{err}");
}

#[test]
fn tenant_payments_are_those_of_its_own_profile_and_their_program_asks_only_with_unlock() {
    let mut customers = Customers::new().with("acme", Customers::options(1));
    let server = &customers.servers[0].1;
    let reference = server.known().references.first().unwrap().clone();
    let mark = customers.user.kept("mark").with_extension("mark");
    let token = server.payments_tokens().admin;
    let payments = format!(
        "[profile.acme.payments]\nbase_url = \"{}\"\ntoken_command = [\"sh\", \"-c\", \
         \"echo x >> {}; echo {token} # pass\"]\n",
        server.payments_url(),
        mark.display(),
    );
    customers.settings.push_str(&payments);
    customers.user.write_settings(&customers.settings);
    let (code, _, err) = run(&customers, &[&reference]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("tenant payments are not loaded: ") && err.contains("--unlock"), "{err}");
    assert!(!mark.exists());
    let (code, _, err) = run(&customers, &[&reference, "--unlock"]);
    assert_eq!((code, err), (0, format!("Booking {reference} belongs to acme.\n")));
    assert_eq!(std::fs::read_to_string(&mark).unwrap(), "x\n");
}
