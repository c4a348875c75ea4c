//! What is drawn and exported.

use super::*;
use crate::tui::tests::sentences::drawn;

/// Customers that are loaded, partly loaded, and not loaded.
fn all(size: (u16, u16)) -> Tui {
    let (mut tui, jobs) = opened();
    receive(&mut tui, Msg::Resized(size.0, size.1));
    send(&mut tui, jobs["acme"], "acme", penalties("acme"));
    let News::Penalties(mut part) = penalties("globex") else { panic!() };
    part.extent = Extent { loaded: 5_000, total: Some(6_113), is_whole: false };
    send(&mut tui, jobs["globex"], "globex", News::Penalties(part));
    send(&mut tui, jobs["initech"], "initech", News::Trouble(Trouble::NoToken));
    press(&mut tui, "j D g *");
    tui
}

#[test]
fn the_queue_names_the_customer_of_each_row_at_both_sizes() {
    insta::assert_snapshot!("queue_80x24", drawn(&all((80, 24))));
    insta::assert_snapshot!("queue_140x40", drawn(&all((140, 40))));
    for size in [(60, 20), (40, 10)] {
        let shown = drawn(&all(size));
        assert!(shown.contains("acme"), "{shown}");
    }
}

#[test]
fn an_empty_queue_and_a_loading_one_say_so() {
    let (mut tui, jobs) = opened();
    assert!(drawn(&tui).contains("loading: 3 of 3 left"), "{}", drawn(&tui));
    for (name, job) in jobs {
        send(&mut tui, job, &name, of(&name, Vec::new(), Memory::default()));
    }
    let shown = drawn(&tui);
    assert!(shown.contains("There are no open penalties in the queue."), "{shown}");
}

#[test]
fn the_export_has_the_customer_first_and_says_what_is_missing() {
    let mut tui = all((100, 24));
    press(&mut tui, "e");
    let effects = press(&mut tui, "enter");
    let [Effect::Save(path, text, written)] = &effects[..] else { panic!("{effects:?}") };
    let text = std::str::from_utf8(text).unwrap();
    assert_eq!(path.to_str(), Some("worklist-1970-01-01-incomplete.csv"));
    assert_eq!(written.missing, "not all penalties are loaded of: globex, initech");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("customer,id,booking_id,"), "{text}");
    let starts = [
        "acme,a,BK2,",
        "acme,same,BK1,",
        "globex,g,BK4,",
        "globex,same,BK1,",
        "globex,,",
        "initech,,",
    ];
    let lines = lines[1..].iter().zip(starts);
    assert!(lines.clone().all(|(line, start)| line.starts_with(start)), "{text}");
    assert_eq!((lines.len(), text.lines().count()), (6, 7));
    assert!(text.contains("\"incomplete: 5,000 of 6,113 penalties loaded\"\n"), "{text}");
    // Marked rows only, without the customers that could not be loaded.
    press(&mut tui, "space");
    press(&mut tui, "e");
    let effects = press(&mut tui, "enter");
    let [Effect::Save(_, text, written)] = &effects[..] else { panic!("{effects:?}") };
    let text = std::str::from_utf8(text).unwrap();
    assert_eq!((text.lines().count(), written.rows.as_str()), (2, "1 of 4 rows"));
}

#[test]
fn a_customer_that_is_not_loaded_completely_is_a_row_of_the_export_with_the_reason() {
    let (mut tui, jobs) = opened();
    send(&mut tui, jobs["acme"], "acme", penalties("acme"));
    let News::Penalties(mut part) = penalties("globex") else { panic!() };
    part.extent = Extent { loaded: 1, total: None, is_whole: false };
    send(&mut tui, jobs["globex"], "globex", News::Penalties(part));
    update(&mut tui, at(100), Msg::Woken);
    press(&mut tui, "e ctrl-u w . j s o n");
    let effects = press(&mut tui, "enter");
    let [Effect::Save(path, text, _)] = &effects[..] else { panic!("{effects:?}") };
    let text = std::str::from_utf8(text).unwrap();
    assert_eq!(path.to_str(), Some("w.json"));
    let rows: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
    let errors = rows.iter().filter(|row| !row["error"].is_null());
    let errors: Vec<_> = errors.map(|row| (&row["customer"], &row["error"]["kind"])).collect();
    let expected = [("globex", "partial"), ("initech", "not_loaded")];
    let expected = expected.map(|(name, kind)| (name.into(), kind.into()));
    assert_eq!(errors, expected.each_ref().map(|(name, kind)| (name, kind)));
    assert!(text.contains("incomplete: penalties loaded: 1; the server has more"), "{text}");
}

#[test]
fn the_reasons_fill_at_most_three_lines_and_the_rest_is_counted() {
    let many: Vec<String> = (0..40).map(|at| format!("customer-{at:02}")).collect();
    let mut tui = Tui::of_customers(&many, (80, 24), at(0));
    start(&mut tui);
    let jobs = jobs(&press(&mut tui, "t"));
    let lines = |tui: &Tui| super::super::view::troubles(tui.triage_all().unwrap(), &tui.cx);
    let fail = |tui: &mut Tui, name: &str, why: Trouble| {
        send(tui, jobs[name], name, News::Trouble(why));
    };
    fail(&mut tui, "customer-00", Trouble::NoToken);
    assert_eq!(
        lines(&tui),
        [
            "1 customer could not be loaded. R loads all again. customer-00 (no token: run",
            "valora auth login --profile customer-00)"
        ]
    );
    fail(&mut tui, "customer-01", Trouble::Locked("pass".to_owned()));
    assert_eq!(
        lines(&tui),
        [
            "2 customers could not be loaded. R loads all again. To unlock one: esc, then r",
            "on its row. customer-00 (no token: run valora auth login --profile",
            "customer-00), customer-01 (locked: pass may ask for a password)"
        ]
    );
    for name in &many[2..] {
        fail(&mut tui, name, Trouble::Slow);
    }
    let lines = lines(&tui);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines.iter().all(|line| line.len() <= 80), "{lines:?}");
    let listed = lines.concat().matches("customer-").count();
    assert!(listed > 3 && lines[2].ends_with(&format!("… {} more", 40 - listed)), "{lines:?}");
    assert!(drawn(&tui).contains(&lines[2]), "{}", drawn(&tui));
    receive(&mut tui, Msg::Resized(40, 10));
    assert!(drawn(&tui).contains("40 customers could not be"), "{}", drawn(&tui));
}
