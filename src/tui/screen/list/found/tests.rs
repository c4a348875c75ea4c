//! The search by keys: what enter keeps, what removes it, what ctrl-f sends to the server.

use crate::domain::failure::Kind;
use crate::domain::money::format_count;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::payments::subject::Hosts;
use crate::tui::effect::Effect;
use crate::tui::modal::pick::Pick;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::modal::reader::Reader;
use crate::tui::modal::search::Search;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{answer_all, failure, fetches, loaded, pass_a_second, press};
use crate::tui::update::update;

/// Types into the search.
fn search(model: &mut Tui, text: &str) {
    press(model, "/");
    let now = model.cx.now;
    let _ = update(model, now, Msg::Paste(text.to_owned()));
}

/// The parameters of the requests among these effects, without the page.
fn asked(effects: &[Effect]) -> Vec<String> {
    let each = fetches(effects).into_iter().map(|(_, _, request)| match request {
        Request::List(query) => {
            let is_page = |name: &str| name.to_lowercase().contains("page");
            let pairs = query.pairs().into_iter().filter(|(name, _)| !is_page(name));
            pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
        }
        other => panic!("{other:?}"),
    });
    each.collect()
}

/// The list with this number, with these rows of it loaded.
fn with_rows(tab: &str, rows: &[&str], total: u64) -> Tui {
    let mut model = loaded(5);
    model.cx.connect(Hosts { payments: true, finance: true });
    let effects = press(&mut model, tab);
    if let Some((ticket, _, Request::List(query))) = fetches(&effects).pop() {
        let rows = rows.iter().map(|row| Record::read(query.spec, row)).collect();
        let page =
            Page { rows, total: Some(total), current: 1, last: Some(1), per_page: query.per_page };
        let now = model.cx.now;
        let _ = update(&mut model, now, Msg::Answered(ticket, Ok(Response::Page(page))));
    } else {
        let spec = model.cx.list().spec();
        let rows = rows.iter().map(|row| Record::read(spec, row)).collect::<Vec<_>>();
        model.cx.list_mut().table.replace([rows]);
    }
    model
}

fn chips(model: &Tui) -> Vec<String> {
    model.cx.list().chips().collect()
}

fn shown(model: &Tui) -> usize {
    model.table().unwrap().len()
}

fn here(model: &Tui) -> String {
    model.table().unwrap().selected().unwrap().cell(0).into_owned()
}

/// The key of the list of tenant payments.
const PAYMENTS: &str = "6";
const SCHEDULED: [&str; 3] = [
    r#"{"booking_id":"BK604753","status":"missing_iban","amount":47172,"currency":"EUR","account_name":"Ana"}"#,
    r#"{"booking_id":"BK604754","status":"upcoming","amount":100,"currency":"PLN"}"#,
    r#"{"booking_id":"BK604755","status":"blocked_missing_iban","amount":200,"currency":"EUR"}"#,
];

#[test]
fn enter_keeps_what_was_found_and_esc_gives_back_all_rows() {
    let mut model = with_rows("2", &SCHEDULED, 3);
    search(&mut model, "missing iban");
    assert!(asked(&press(&mut model, "enter")).is_empty(), "nothing is asked of the server");
    assert_eq!((shown(&model), chips(&model)), (2, vec!["found: missing iban".to_owned()]));
    let screen = drawn(&model);
    assert!(
        screen.contains("found: missing iban ✕") && !screen.contains("No rows match"),
        "{screen}"
    );
    assert!(screen.contains("row 1 of 2 found"), "{screen}");
    press(&mut model, "esc");
    assert_eq!((shown(&model), chips(&model).len()), (3, 0));
    search(&mut model, "BK604754");
    press(&mut model, "enter");
    assert_eq!((shown(&model), here(&model).as_str()), (1, "BK604754"));
}

#[test]
fn what_was_found_is_sorted_marked_and_narrowed_again() {
    let mut model = with_rows("2", &SCHEDULED, 3);
    search(&mut model, "missing iban");
    press(&mut model, "enter l l S");
    assert_eq!((shown(&model), here(&model).as_str()), (2, "BK604753"));
    press(&mut model, "a");
    assert_eq!(model.table().unwrap().marks.len(), 2);
    search(&mut model, "eur 2");
    press(&mut model, "enter");
    assert_eq!((shown(&model), here(&model).as_str()), (1, "BK604755"));
    assert_eq!(chips(&model), ["found: missing iban", "found: eur 2"]);
    press(&mut model, "esc");
    assert_eq!((model.table().unwrap().marks.len(), shown(&model)), (0, 1), "marks go first");
    press(&mut model, "esc");
    assert_eq!(chips(&model), ["found: missing iban"], "one search at a time");
    assert!(model.cx.notice.as_deref().unwrap().contains("Still searching for: missing iban"));
    press(&mut model, "esc");
    assert!(chips(&model).is_empty());
    assert!(press(&mut model, "esc").is_empty(), "and never the program");
}

#[test]
fn a_chart_and_an_export_are_of_the_rows_that_were_found() {
    let mut model = with_rows("2", &SCHEDULED, 3);
    search(&mut model, "missing iban");
    press(&mut model, "enter w");
    let Some(reader) = model.modal_of::<Reader>() else { panic!("no chart") };
    assert!(reader.text[0].starts_with("Counts the 2 rows found"), "{:?}", reader.text);
    assert!(!reader.text.iter().any(|line| line.contains("PLN")), "{:?}", reader.text);
    press(&mut model, "esc e");
    let Some(Prompt { then: PromptAction::ExportRows(rows), .. }) = model.modal_of() else {
        panic!("no export")
    };
    assert_eq!(rows.words(), "2 of 3 rows: those found.");
    let effects = press(&mut model, "enter");
    let written = effects.iter().find_map(|effect| match effect {
        Effect::SaveRows(_, rows, _) => Some(rows.rows()),
        _ => None,
    });
    assert_eq!(written, Some(2));
}

#[test]
fn an_export_of_rows_found_in_a_part_says_of_how_many_loaded_rows() {
    let proposed = |total| {
        let mut model = with_rows("2", &SCHEDULED, total);
        search(&mut model, "missing iban");
        press(&mut model, "enter e");
        let Some(Prompt { then: PromptAction::ExportRows(rows), input, .. }) = model.modal_of()
        else {
            panic!("no export")
        };
        let (words, name) = (rows.words().to_owned(), input.value().to_owned());
        let effects = press(&mut model, "enter");
        let saved = effects.into_iter().find_map(|effect| match effect {
            Effect::SaveRows(path, _, what) => Some((path, what)),
            _ => None,
        });
        let (path, what) = saved.unwrap();
        let now = model.cx.now;
        let _ = update(&mut model, now, Msg::Saved(path, Ok(what)));
        let message = model.cx.notice.clone().unwrap();
        (words, name, message.split(" to ").next().unwrap().to_owned())
    };
    let (words, name, message) = proposed(2_113);
    assert_eq!(words, "2 found in 3 of 2,113 rows.");
    assert!(name.ends_with("-000000-2-found-in-3-of-2113.csv"), "{name}");
    assert_eq!(message, "Exported 2 found in 3 of 2,113 rows");
    let (words, name, message) = proposed(3);
    assert_eq!(words, "2 of 3 rows: those found.");
    assert!(name.ends_with("-000000-2-of-3.csv"), "{name}");
    assert_eq!(message, "Exported 2 of 3 rows");
}

#[test]
fn searches_are_removed_like_filters_and_undone() {
    let mut model = with_rows("2", &SCHEDULED, 3);
    search(&mut model, "missing");
    press(&mut model, "enter");
    search(&mut model, "ana");
    press(&mut model, "enter -");
    assert_eq!(model.modal_of::<Pick>().unwrap().entries, ["found: missing", "found: ana"]);
    press(&mut model, "enter");
    assert_eq!((chips(&model), shown(&model)), (vec!["found: ana".to_owned()], 1));
    press(&mut model, "F");
    assert_eq!((chips(&model).len(), shown(&model)), (0, 3));
    assert!(press(&mut model, "u").is_empty(), "rows that are here are not loaded again");
    assert_eq!(chips(&model), ["found: ana"]);
    press(&mut model, "u");
    assert_eq!(chips(&model), ["found: missing", "found: ana"]);
    press(&mut model, "esc u");
    assert_eq!(chips(&model), ["found: missing", "found: ana"], "also what esc has removed");
}

#[test]
fn a_booking_a_refresh_another_tab_and_later_pages_keep_what_was_found() {
    let mut model = loaded(1_200);
    search(&mut model, "bk9");
    press(&mut model, "enter");
    assert_eq!(shown(&model), 11);
    let effects = press(&mut model, "j enter");
    answer_all(&mut model, effects, 1_200);
    press(&mut model, "esc");
    assert_eq!((shown(&model), here(&model).as_str()), (11, "BK90"));
    let effects = press(&mut model, "2");
    answer_all(&mut model, effects, 1_200);
    assert_eq!((shown(&model), chips(&model).len()), (100, 0), "each tab has its own");
    press(&mut model, "1");
    assert_eq!(shown(&model), 11);
    pass_a_second(&mut model);
    let effects = press(&mut model, "r");
    answer_all(&mut model, effects, 1_200);
    assert_eq!((shown(&model), here(&model).as_str()), (11, "BK90"));
    let effects = press(&mut model, "L enter");
    answer_all(&mut model, effects, 1_200);
    assert_eq!(shown(&model), 111, "rows that are loaded later join");
}

#[test]
fn esc_in_the_search_goes_back_to_the_row_before_and_a_match_keeps_the_cursor() {
    let mut model = loaded(100);
    press(&mut model, "pgdn pgdn pgdn");
    let before = here(&model);
    assert!(before.starts_with("BK5"), "{before}");
    search(&mut model, "bk5");
    assert_eq!(here(&model), before, "it matches");
    press(&mut model, "ctrl-u");
    let _ = press(&mut model, "b k 6");
    assert_eq!(here(&model), "BK60", "the next match, not the last one");
    press(&mut model, "esc");
    assert_eq!((here(&model), shown(&model)), (before, 100));
}

#[test]
fn without_a_match_enter_keeps_nothing_and_names_the_key_that_searches_all() {
    let mut model = loaded(2_113);
    search(&mut model, "nobody");
    let said = "Not in the 100 loaded rows. ctrl-f searches all 2,113.";
    assert!(drawn(&model).contains(said), "{}", drawn(&model));
    press(&mut model, "enter");
    assert!(model.modal_of::<Search>().is_some(), "the line stays, with its text");
    assert_eq!(model.cx.notice.as_deref(), Some(said));
    let effects = press(&mut model, "ctrl-f");
    assert_eq!(asked(&effects), ["search=nobody"]);
    let mut model = loaded(9);
    search(&mut model, "nobody");
    let said = format!("Not in the {} loaded rows. ctrl-f searches the server.", format_count(9));
    assert!(drawn(&model).contains(&said), "{}", drawn(&model));
}

#[test]
fn ctrl_f_asks_the_server_and_says_what_was_sent_and_where_it_looks() {
    let mut model = with_rows("2", &SCHEDULED, 2_113);
    search(&mut model, "smith");
    assert!(drawn(&model).contains("ctrl-f searches Booking, Account, IBAN"), "{}", drawn(&model));
    let effects = press(&mut model, "ctrl-f");
    assert_eq!(asked(&effects), ["search=smith"]);
    let said = "Sent to the server: search=smith, in Booking, Account, IBAN.";
    assert_eq!(model.cx.notice.as_deref(), Some(said));
    assert_eq!(chips(&model), ["Search: smith"]);
    let effects = press(&mut model, "u");
    answer_all(&mut model, effects, 5);
    assert!(chips(&model).is_empty());
}

#[test]
fn a_search_that_the_list_has_already_is_not_said_to_be_sent() {
    let mut model = with_rows("2", &SCHEDULED, 3);
    search(&mut model, "smith");
    let effects = press(&mut model, "ctrl-f");
    for is_answered in [false, true] {
        if is_answered {
            answer_all(&mut model, effects.clone(), 5);
        }
        search(&mut model, "smith");
        assert!(press(&mut model, "ctrl-f").is_empty());
        let said = "This filter is already set; r refreshes the list.";
        assert_eq!(model.cx.notice.as_deref(), Some(said));
        assert!(model.modal().is_none());
    }
    // A failed load is retried.
    let effects = press(&mut model, "esc r");
    let (ticket, ..) = fetches(&effects)[0].clone();
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Answered(ticket, Err(failure(Kind::Passing))));
    search(&mut model, "smith");
    assert_eq!(asked(&press(&mut model, "ctrl-f")), ["search=smith"]);
    let said = "Sent to the server: search=smith, in Booking, Account, IBAN.";
    assert_eq!(model.cx.notice.as_deref(), Some(said));
}

#[test]
fn what_is_said_to_be_sent_is_spelled_as_it_is_sent() {
    let row = r#"{"id":"1","sourceRefCode":"R4KDP5-E7","type":"RENT_COLLECTION"}"#;
    let mut model = with_rows(PAYMENTS, &[row], 1);
    search(&mut model, "rent-collection");
    let effects = press(&mut model, "ctrl-f");
    assert_eq!(asked(&effects), ["type=RENT_COLLECTION"]);
    assert_eq!(model.cx.notice.as_deref(), Some("Sent to the server: type=RENT_COLLECTION."));
}

#[test]
fn a_list_without_a_search_names_none_before_anything_is_typed() {
    let mut model = with_rows(PAYMENTS, &[], 0);
    press(&mut model, "/");
    assert!(!drawn(&model).contains("ctrl-f filters"), "{}", drawn(&model));
    assert!(!drawn(&model).contains("ctrl-f searches"), "{}", drawn(&model));
    press(&mut model, "R 4 K");
    assert!(drawn(&model).contains("ctrl-f filters by Booking R4K"), "{}", drawn(&model));
    press(&mut model, "esc 2 /");
    assert!(drawn(&model).contains("ctrl-f searches Booking, Account, IBAN"), "{}", drawn(&model));
}

#[test]
fn ctrl_f_on_the_list_sends_the_search_that_was_kept() {
    let mut model = with_rows("2", &SCHEDULED, 2_113);
    press(&mut model, "ctrl-f");
    let why = model.cx.notice.take().unwrap();
    assert_eq!(why, "Nothing to search for: press / first.");
    search(&mut model, "eur");
    press(&mut model, "enter");
    search(&mut model, "BK604753");
    press(&mut model, "enter");
    assert!(drawn(&model).contains("ctrl-f search the server"), "{}", drawn(&model));
    let effects = press(&mut model, "ctrl-f");
    assert_eq!(asked(&effects), ["booking_id=BK604753"]);
    assert_eq!(chips(&model), ["Booking: BK604753", "found: eur"], "the others still narrow");
    let effects = press(&mut model, "u");
    assert_eq!(chips(&model), ["found: eur", "found: BK604753"]);
    answer_all(&mut model, effects, 5);
}

#[test]
fn a_command_shows_its_list_without_the_searches_that_were_kept() {
    let mut model = with_rows("2", &SCHEDULED, 3);
    search(&mut model, "missing");
    press(&mut model, "enter :");
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Paste("scheduled status=blocked".to_owned()));
    let effects = press(&mut model, "enter");
    assert_eq!(asked(&effects), ["status=blocked"]);
    assert_eq!(chips(&model), ["Status: blocked"]);
    press(&mut model, "u");
    assert_eq!(chips(&model), ["found: missing"]);
}

#[test]
fn searches_that_a_command_ends_are_undone_where_it_has_the_same_filters_too() {
    let mut model = with_rows("2", &SCHEDULED, 3);
    search(&mut model, "missing");
    press(&mut model, "enter :");
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Paste("scheduled".to_owned()));
    assert!(press(&mut model, "enter").is_empty(), "the rows are there");
    assert_eq!((chips(&model).len(), shown(&model)), (0, 3));
    press(&mut model, "u");
    assert_eq!((chips(&model), shown(&model)), (vec!["found: missing".to_owned()], 2));
}

#[test]
fn the_queue_of_penalties_keeps_what_was_found_too() {
    let mut model = loaded(30);
    let effects = press(&mut model, "4");
    answer_all(&mut model, effects, 30);
    press(&mut model, "t");
    search(&mut model, "bk2");
    press(&mut model, "enter");
    assert_eq!((shown(&model), chips(&model)), (11, vec!["found: bk2".to_owned()]));
    assert!(drawn(&model).contains("found: bk2 ✕"), "{}", drawn(&model));
    press(&mut model, "esc");
    assert_eq!((shown(&model), chips(&model).len()), (30, 0));
    press(&mut model, "/ b k 2 enter esc esc");
    assert_eq!(model.cx.list().chips().count(), 0);
}
