//! What is requested at the start, and the first visit of a tab: its rows were loaded by the request
//! that counted them.

use crate::list::ALL;
use crate::net::request::Request;
use crate::tui::effect::{Effect, Priority};
use crate::tui::msg::{Msg, Now};
use crate::tui::tests::{answer_all, at, fetches, loaded, loaded_ahead, model, page, press};
use crate::tui::update::{start, update};

#[test]
fn the_start_asks_for_the_first_list_and_then_only_for_one_page_of_each_other() {
    let mut model = model();
    let summary = |effects: &[Effect]| -> Vec<_> {
        let each = fetches(effects).into_iter().map(|(_, priority, request)| match request {
            Request::List(query) => (query.spec.key, priority, query.per_page),
            other => panic!("{other:?}"),
        });
        each.collect()
    };
    let first = start(&mut model);
    assert_eq!(summary(&first), [("transactions", Priority::Visible, 100)]);
    let (ticket, _, request) = fetches(&first).swap_remove(0);
    let Request::List(query) = request else { panic!("{request:?}") };
    let first_page = page(&query, 7);
    let then = update(&mut model, at(5), Msg::Answered(ticket, Ok(first_page)));
    let counts = ALL.iter().skip(1).map(|spec| (spec.key, Priority::Background, 100));
    assert_eq!(summary(&then), counts.collect::<Vec<_>>());
    answer_all(&mut model, then, 7);
    assert!(model.cx.lists.iter().all(|list| list.total == Some(7)));
}

#[test]
fn a_seen_tab_costs_no_request() {
    let mut model = loaded(50);
    let effects = press(&mut model, "3");
    answer_all(&mut model, effects, 50);
    assert_eq!(fetches(&press(&mut model, "1 3 tab shift-tab")).len(), 1, "only Penalties is new");
}

#[test]
fn the_first_visit_of_a_tab_shows_the_page_that_counted_its_rows() {
    let mut model = loaded_ahead(1_000);
    assert_eq!(press(&mut model, "5"), [], "nothing is requested");
    let list = model.cx.list();
    assert_eq!((list.spec().key, list.table.len(), list.total), ("debt", 100, Some(1_000)));
    assert_eq!(list.fetched.map(|at| at.elapsed), Some(model.cx.now.elapsed));
    // It continues where that page ends.
    let asked = fetches(&press(&mut model, "G"));
    let [(_, _, Request::List(query))] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((query.page, query.per_page), (2, 100));
    // Rows that are older than a minute are shown, and loaded again.
    let mut model = loaded_ahead(50);
    let then = model.cx.now;
    model.cx.now = Now { elapsed: then.elapsed + 61_000, ..then };
    let effects = press(&mut model, "4");
    assert_eq!((fetches(&effects).len(), model.cx.list().table.len()), (1, 50));
    // With a filter, they are other rows.
    let mut model = loaded_ahead(50);
    let effects = press(&mut model, ": d e b t space s t a t u s = o v e r d u e enter");
    assert_eq!((fetches(&effects).len(), model.cx.list().table.len()), (1, 0));
    // The home uses them, too.
    let mut model = loaded_ahead(50);
    assert_eq!(fetches(&press(&mut model, "0")), []);
}
