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
    assert_eq!(path.to_str(), Some("worklist-1970-01-01-incomplete.csv"));
    assert_eq!(written.missing, "not all penalties are loaded of: globex, initech");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("customer,id,booking_id,"), "{text}");
    let starts =
        ["acme,a,BK2,", "acme,same,BK1,", "globex,g,BK4,", "globex,same,BK1,", "initech,,"];
    let lines = lines[1..].iter().zip(starts);
    assert!(lines.clone().all(|(line, start)| line.starts_with(start)), "{text}");
    assert_eq!((lines.len(), text.lines().count()), (5, 6));
    // Marked rows only, without the customers that could not be loaded.
    press(&mut tui, "space");
    press(&mut tui, "e");
    let effects = press(&mut tui, "enter");
    let [Effect::Save(_, text, written)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((text.lines().count(), written.rows.as_str()), (2, "1 of 4 rows"));
}
