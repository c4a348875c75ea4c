//! All customers in the dashboard: each cell opens the rows that it counts, and esc leads back.

use valora::sandbox::{Fault, Options};

use crate::customers::Customers;
use crate::profiles::User;
use crate::program::{Server, Session};

fn several(seeds: std::ops::Range<u64>) -> Customers {
    seeds.fold(Customers::new(), |all, seed| {
        all.with(&format!("seed-{seed}"), Customers::options(seed))
    })
}

fn started(user: &User, size: (u16, u16), customers: usize) -> Session {
    let mut session = Session::of_size(size, &user.in_terminal(&[]));
    session.wait("all are loaded", |shown| shown.matches(" ready").count() == customers);
    session
}

/// The line of a customer.
fn line(shown: &str, name: &str) -> String {
    let is_of = |line: &&str| line.trim_start_matches(['▌', ' ']).starts_with(name);
    shown.lines().find(is_of).unwrap_or_else(|| panic!("{name}: {shown}")).to_owned()
}

/// The first number in a text.
fn number(text: &str) -> usize {
    let digits = text.trim_start().chars().take_while(|c| c.is_ascii_digit() || *c == ',');
    digits
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap_or_else(|_| panic!("{text}"))
}

#[test]
fn each_cell_opens_the_rows_that_it_counts_and_esc_returns() {
    let customers = several(1..4);
    let (code, all, err) = customers.run(&[]);
    assert_eq!((code, err.as_str()), (0, ""));
    let mut session = started(&customers.user, (240, 40), 3);
    let first = all[0]["profile"].as_str().unwrap().to_owned();
    let row = line(&session.wait_for("3 customers"), &first);
    // The most urgent one is first and under the cursor, on its need.
    assert!(row.contains('▌'), "{row}");
    let held: u64 = all[0]["payouts_held"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["rows"].as_u64().unwrap())
        .sum();
    session.type_keys("\r");
    let shown = session.wait_for("Held up: ");
    let title = shown.lines().find(|line| line.contains("Held up: ")).unwrap();
    assert_eq!(number(title.split("Held up: ").nth(1).unwrap()) as u64, held, "{shown}");
    assert!(shown.contains(&format!("valora  {first} ")), "{shown}");
    session.type_keys("\x1b");
    let back = session.wait_for("3 customers");
    assert!(line(&back, &first).contains('▌'), "{back}");
    session.wait("it is loaded again", |shown| shown.matches(" ready").count() == 3);
    // Open EUR is the next column.
    session.type_keys("l\r");
    let shown = session.wait_for("Open: ");
    let title = shown.lines().find(|line| line.contains("Open: ")).unwrap();
    let open = all[0]["open"]["rows"].as_u64().unwrap();
    assert_eq!(number(title.split("Open: ").nth(1).unwrap()) as u64, open, "{shown}");
    session.type_keys("\x1b");
    session.wait_for("3 customers");
    session.type_keys("hhh\r");
    let home = session.wait("all lists are loaded", |shown| {
        shown.contains("Largest debts") && !shown.contains("loading…")
    });
    let debt = line(&home, "Open debt ");
    assert_eq!(number(debt.split("Open debt").nth(1).unwrap()) as u64, open, "{home}");
    let to_decide = all[0]["penalties_to_decide"]["rows"].as_u64().unwrap();
    let line = line(&home, "To decide ");
    assert_eq!(number(line.split("To decide").nth(1).unwrap()) as u64, to_decide, "{home}");
    session.type_keys("\x1b");
    session.wait_for("3 customers");
    session.type_keys("q");
    assert!(session.ended().success());
}

#[test]
fn the_place_in_each_customer_stays_and_no_filter_of_one_is_shown_in_another() {
    let customers = several(1..3);
    let mut session = started(&customers.user, (140, 40), 2);
    session.type_keys("hh/seed-1\r\r");
    session.wait_for("Largest debts");
    session.type_keys("5");
    session.wait_for("row 1 of ");
    session.type_keys("jjj:debt status=overdue\r");
    session.wait_for("Status: overdue ✕");
    session.wait_for("row 1 of ");
    session.type_keys("jj");
    session.wait_for("row 3 of ");
    session.type_keys("\x1b");
    session.wait_for("2 customers");
    session.type_keys("\x1b");
    session.wait_for("Search removed");
    session.type_keys("/seed-2\r\r");
    session.wait_for("valora  seed-2 ");
    session.wait_for("Largest debts");
    session.type_keys("5");
    let shown = session.wait_for("row 1 of ");
    assert!(!shown.contains('✕'), "{shown}");
    session.type_keys("\x1b");
    session.wait_for("2 customers");
    session.type_keys("\x1b");
    session.wait_for("Search removed");
    session.type_keys("/seed-1\r\r");
    session.wait_for("Status: overdue ✕");
    let shown = session.wait_for("row 3 of ");
    assert!(shown.contains("valora  seed-1 "), "{shown}");
}

/// The decisions of a worklist, by booking.
fn decided(customers: &Customers, name: &str) -> Vec<(String, String)> {
    let (out, _) = customers.of_one(name, &["worklist", "--all", "-o", "json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().map(str::to_owned);
    let cells = |row| Some((text(row, "booking_id")?, text(row, "decision")?));
    rows.iter().filter_map(cells).collect()
}

#[test]
fn a_decision_in_the_queue_of_all_is_one_of_its_own_customer_and_of_no_other() {
    // With the same seed, both have the same penalties, ids and bookings.
    let customers = ["one", "two"]
        .iter()
        .fold(Customers::new(), |all, name| all.with(name, Customers::options(3)));
    let mut session = started(&customers.user, (140, 40), 2);
    session.type_keys("t");
    session.wait("all are loaded", |shown| {
        shown.contains(" of all customers · 0 of ") && !shown.contains("loading:")
    });
    session.type_keys("g");
    let shown = session.wait("one is first", |shown| {
        shown.lines().any(|line| line.starts_with('▌') && line.contains(" one "))
    });
    // The row under the cursor, once it is drawn.
    let row = |shown: &str| {
        let mut lines = shown.lines().filter(|line| line.starts_with('▌'));
        lines.next().unwrap_or_default().to_owned()
    };
    // After the cursor and the customer, while there is no decision.
    let booking = |row: &str| row.split_whitespace().nth(2).unwrap_or_default().to_owned();
    let first = booking(&row(&shown));
    session.type_keys("D");
    session.wait_for("Decided: dispute");
    assert_eq!(decided(&customers, "one"), [(first.clone(), "dispute".to_owned())]);
    assert_eq!(decided(&customers, "two"), []);
    // The next undecided one is the same penalty of the other customer.
    let shown = session.wait("two is next", |shown| row(shown).contains(" two "));
    assert_eq!(booking(&row(&shown)), first);
    session.wait_for(&format!("{first}: "));
    session.type_keys("W");
    session.wait_for("Decided: request waiver");
    session.type_keys("u");
    session.wait_for("Undone: decision; 1 more to undo.");
    assert_eq!(decided(&customers, "two"), []);
    assert_eq!(decided(&customers, "one").len(), 1);
    // Its booking opens in its own customer; esc leads back to the queue.
    session.type_keys("\r");
    let shown = session.wait_for("belongs to two.");
    assert!(shown.contains("valora  two ") && shown.contains(&first), "{shown}");
    session.type_keys("\x1b");
    session.wait_for("Penalties of all customers");
    session.wait("the cursor is there", |shown| row(shown).contains(" two "));
    // P leads to all customers, without the queue.
    session.type_keys("\r");
    session.wait_for("belongs to two.");
    session.type_keys("P");
    session.wait_for("most urgent first");
    session.type_keys(":customers\r");
    session.wait_for("All customers are shown already.");
    // From one customer, the command leads to the same queue.
    session.type_keys("\r");
    session.wait("a customer is shown", |shown| !shown.contains("2 customers"));
    session.type_keys(":triage all\r");
    session.wait_for("Penalties of all customers");
    session.type_keys("\x1b");
    session.wait_for("most urgent first");
    session.type_keys("q");
    assert!(session.ended().success());
}

#[test]
fn every_state_is_a_row_and_an_open_overview_is_silent() {
    let fault = |text: &str, seed| {
        let faults = vec![text.parse::<Fault>().unwrap()];
        Options { faults, ..Customers::options(seed) }
    };
    let customers = Customers::new()
        .with("fine", Customers::options(1))
        .with("half", fault("500:penalties", 3))
        .with("empty", fault("no-rows:*", 4))
        .with("refused", fault("401:*", 5))
        .with_profile("dead", "base_url = \"http://127.0.0.1:1/api/v1/c\"\n", "sd_dead0123456789")
        .with_profile("missing", "", "")
        .with_profile("locked", "token_command = [\"pass\", \"show\", \"x\"]\n", "");
    for size in [(80, 24), (140, 40)] {
        let mut session = Session::of_size(size, &customers.user.in_terminal(&[]));
        session.wait_for(" offline");
        let shown = session.wait("all have an end", |shown| !shown.contains("loading"));
        for (name, state) in [
            ("fine", " ready"),
            ("half", " part failed"),
            ("empty", " ready"),
            ("refused", " refused"),
            ("dead", " offline"),
            ("missing", " no token"),
            ("locked", " locked"),
        ] {
            assert!(line(&shown, name).contains(state), "{name}: {shown}");
        }
        assert!(shown.contains("7 customers (4 not loaded, 1 partial)"), "{shown}");
        session.bytes_written();
        let sleeps = session.sleeps();
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        assert_eq!((session.bytes_written(), session.sleeps() - sleeps), (0, 0));
        session.type_keys("q");
        assert!(session.ended().success());
    }
}

#[test]
fn without_a_terminal_several_profiles_ask_for_a_name_and_one_opens_at_once() {
    let customers = several(1..3);
    let (code, out, err) = customers.user.run(&[], "");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there are several profiles (seed-1, seed-2)"), "{err}");
    let mut session = Session::of(&customers.user.in_terminal(&["--profile", "seed-2"]));
    session.wait_for("valora  seed-2 ");
    session.wait_for("row 1 of ");
    // There is nothing behind it until all customers were shown.
    session.type_keys(":customers\r");
    session.wait_for("2 customers");
}

#[test]
fn a_customer_whose_token_has_no_profile_is_said_to_be_left_for_good() {
    let customers = several(1..3);
    let server = Server::start(&[]);
    let mut command = customers.user.in_terminal(&[]);
    command.env("VALORA_TOKEN", &server.token);
    command.env("VALORA_BASE_URL", &server.base_url);
    let mut session = Session::of_size((140, 40), &command);
    session.wait_for("row 1 of ");
    session.type_keys("P");
    let shown = session.wait_for("2 customers");
    assert!(shown.contains("The customer that you left has no profile"), "{shown}");
    session.type_keys("q");
    assert!(session.ended().success());
}
