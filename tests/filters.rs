//! Filters by keys alone: what is set in the form or on the command line leaves as the documented
//! parameter, and what is wrong never leaves.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Dashboard, client, options, runtime};
use url::form_urlencoded;
use valora::domain::names::Names;
use valora::filter::ListQuery;
use valora::list::ALL;
use valora::list::Spec;
use valora::list::filter::Filter;
use valora::list::filter::FilterKind;
use valora::net::request::Request;
use valora::sandbox::{Options, Revision, Sandbox};
use valora::search::{Haystack, Needle};
use valora::tui::msg::Msg;

/// A value that the filter takes.
fn value(filter: &Filter) -> &'static str {
    match filter.kind {
        FilterKind::Exact if filter.param == "currency" => "EUR",
        FilterKind::Search => "O'Brien & S\u{f8}n",
        FilterKind::Exact => "AB=1+2%",
        FilterKind::OneOf(values) => values[values.len() - 1],
        FilterKind::Date => "2026-01-31",
        FilterKind::Amount => "100.50",
    }
}

/// The pairs of the newest request of a list that asked for rows.
fn newest_query(dashboard: &Dashboard, spec: &Spec) -> Vec<(String, String)> {
    let asked = dashboard.requests(spec.path);
    let newest = asked.iter().rev().find(|line| line.contains("per_page=100")).unwrap();
    let (_, query) = newest.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The requests for a part of a list. A list as a whole is asked for at any time, to count its rows.
fn filtered(dashboard: &Dashboard, path: &str) -> Vec<String> {
    let is_whole = |pair: &str| pair.starts_with("page=") || pair.starts_with("per_page=");
    let mut asked = dashboard.requests(path);
    asked.retain(|line| !line.split(['?', '&']).skip(1).all(is_whole));
    asked
}

/// Waits for the chip of a filter, and for what the server said to it.
fn wait_for_chip(dashboard: &mut Dashboard, filter: &Filter) {
    dashboard.wait_for(&format!("{}: ", filter.label));
    dashboard.wait("an answer", |screen| {
        screen.contains("match these filters") || screen.contains("row 1 of ")
    });
}

fn expected(filter: &Filter) -> Vec<(String, String)> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![pair(filter.param, value(filter)), pair("page", "1"), pair("per_page", "100")]
}

#[test]
fn every_parameter_is_sent_from_the_command_line() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("row 1 of ");
    for spec in ALL {
        for filter in spec.filters {
            dashboard.press(":");
            let quoted = value(filter).replace('\\', "\\\\").replace('"', "\\\"");
            dashboard.type_text(&format!("{} {}=\"{quoted}\"", spec.key, filter.param));
            dashboard.press("enter");
            wait_for_chip(&mut dashboard, filter);
            assert_eq!(newest_query(&dashboard, spec), expected(filter), "{}", spec.key);
            dashboard.press("F");
            dashboard.wait_for("Filters cleared");
            dashboard.wait_for("row 1 of ");
        }
    }
}

#[test]
fn every_parameter_is_sent_from_the_form() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("row 1 of ");
    for (tab, spec) in ALL.iter().enumerate() {
        dashboard.press(&(tab + 1).to_string());
        for (at, filter) in spec.filters.iter().enumerate() {
            dashboard.wait_for("row 1 of ");
            dashboard.press("f");
            dashboard.wait_for(&format!("Filter {}", spec.title.to_lowercase()));
            for _ in 0..at {
                dashboard.press("tab");
            }
            dashboard.type_text(value(filter));
            dashboard.press("enter");
            wait_for_chip(&mut dashboard, filter);
            assert_eq!(newest_query(&dashboard, spec), expected(filter), "{}", spec.key);
            dashboard.press("F");
            dashboard.wait_for("Filters cleared");
        }
    }
}

#[test]
fn the_view_of_payouts_without_an_iban_finds_what_a_search_in_all_rows_finds() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let spec = Spec::named("scheduled").unwrap();
    let all = Request::List(ListQuery::new(spec).page(1, 500));
    let page = runtime.block_on(client(&sandbox).send(&all)).unwrap().try_as_page().unwrap();
    let haystack = Haystack::new(page.rows[0].spec(), &page.rows, &Names::default());
    let found = haystack.find(0, &[Needle::new("missing iban")]).len();
    assert!(found > 6 && page.total == Some(page.rows.len() as u64), "{found}");
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("row 1 of ");
    dashboard.press(":");
    dashboard.type_text("view held up: needs IBAN");
    dashboard.press("enter");
    dashboard.wait_for("Status: missing iban, blocked missing iban");
    dashboard.wait_for(&format!("Scheduled {found} *"));
    dashboard.wait_for(&format!("row 1 of {found}"));
}

#[test]
fn every_value_of_a_filter_can_be_reached_and_read_on_the_smallest_screen() {
    for (size, at_once) in [((40, 10), 2), ((80, 24), 9), ((140, 40), 9)] {
        let mut dashboard = Dashboard::start(options(), size);
        dashboard.wait_for("Transactions");
        dashboard.press("2 f tab");
        let mut screen = dashboard.wait_for("Filter scheduled");
        let status = Spec::named("scheduled").unwrap().filter("status").unwrap();
        let read =
            |screen: &str| status.choices().iter().filter(|word| screen.contains(**word)).count();
        assert!(read(&screen) >= at_once, "{screen}");
        for word in status.choices() {
            dashboard.press("right");
            screen = dashboard.wait_for(&format!("✓{word} "));
        }
        assert!(screen.contains("blocked_account_debtor"), "{screen}");
        let hidden = screen.contains(" more · ");
        assert_eq!(hidden, at_once < 9, "{screen}");
    }
}

#[test]
fn wrong_input_is_explained_where_it_was_typed_and_never_sent() {
    let wrong = [
        ("penalties due=2026-02-31", "2026-02-31"),
        ("penalties due_date_from=2026-02-31", "2026-02-31"),
        ("penalties amount=12,5,0", "not an amount"),
        ("penalties amount=1,500", "1500 or 1.500?"),
        ("penalties due=12/31/2026", "31/12/2026"),
        ("penalties status=payd", "did you mean paid?"),
        ("penalties status=", "missing"),
        ("penalties amount=500..100", "before"),
        ("nonsense", "nonsense"),
    ];
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("row 1 of ");
    for (line, why) in wrong {
        dashboard.press(":");
        dashboard.type_text(line);
        dashboard.press("enter");
        let screen = dashboard.wait_for("\u{2717}");
        assert!(screen.contains(line), "what was typed is still there: {screen}");
        assert!(screen.contains(why) || why == "before", "{why} in {screen}");
        assert_eq!(filtered(&dashboard, "penalties"), Vec::<String>::new(), "{line}");
        dashboard.press("esc");
        dashboard.wait_until_gone("\u{2717}");
    }
}

#[test]
fn empty_fields_send_nothing_and_esc_leaves_things_as_they_were() {
    let mut dashboard = Dashboard::start(options(), (80, 24));
    dashboard.wait_for("row 1 of ");
    let before = dashboard.requests("transactions").len();
    dashboard.press("f tab tab enter");
    dashboard.wait_until_gone("Filter transactions");
    dashboard.press("f 9 9 esc");
    dashboard.wait_until_gone("Filter transactions");
    dashboard.press("j");
    dashboard.wait_for("row 2 of ");
    assert_eq!(dashboard.requests("transactions").len(), before);
}

#[test]
fn a_parameter_that_only_the_server_knows_is_sent_with_a_notice() {
    let mut dashboard = Dashboard::start(options(), (80, 24));
    dashboard.wait_for("row 1 of ");
    dashboard.press(":");
    dashboard.type_text("invoices new_param=x");
    dashboard.press("enter");
    dashboard.wait_for("not a documented filter");
    dashboard.wait_for("row 1 of ");
    let spec = Spec::named("invoices").unwrap();
    assert!(newest_query(&dashboard, spec).contains(&("new_param".into(), "x".into())));
}

#[test]
fn a_refusal_of_the_server_lands_at_its_field_and_keeps_what_was_typed() {
    let mut dashboard = Dashboard::start(options(), (80, 24));
    dashboard.wait_for("row 1 of ");
    dashboard.sandbox.set_faults(vec!["422:penalties".parse().unwrap()]);
    dashboard.press(":");
    dashboard.type_text("penalties status=notify");
    dashboard.press("enter");
    let screen = dashboard.wait_for("Filter penalties");
    assert!(screen.contains("notify"), "{screen}");
    dashboard.sandbox.set_faults(Vec::new());
    dashboard.press("enter");
    dashboard.wait_for("row 1 of ");
}

#[test]
fn a_search_narrows_as_it_is_typed_and_says_of_what() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("row 1 of ");
    let before = dashboard.requests("transactions").len();
    dashboard.press("/");
    dashboard.type_text("muller");
    let screen = dashboard.wait_for(" of 100 loaded");
    assert!(screen.contains("M\u{fc}ller"), "{screen}");
    assert_eq!(dashboard.requests("transactions").len(), before, "typing asks nothing");
    dashboard.press("esc");
    dashboard.wait_for("(100 of");
    dashboard.press("/");
    dashboard.send(Msg::Paste("EUR\n".to_owned()));
    dashboard.press("enter");
    dashboard.wait_for("found: EUR");
    assert_eq!(dashboard.requests("transactions").len(), before, "nor does enter");
    dashboard.press("ctrl-f");
    dashboard.wait_for("Search: EUR");
}

#[test]
fn an_iban_as_banks_print_it_is_found_here_and_on_the_server() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    let screen = dashboard.wait_for("row 1 of ");
    let is_iban = |word: &&str| word.len() > 15 && word.chars().all(char::is_alphanumeric);
    let iban = screen.split_whitespace().find(is_iban).unwrap().to_owned();
    let letters: Vec<char> = iban.to_lowercase().chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    dashboard.press("/");
    dashboard.type_text(&groups.join(" "));
    let screen = dashboard.wait_for(" of 100 loaded");
    assert!(screen.contains(&iban) && !screen.contains("Not in the"), "{screen}");
    dashboard.press("ctrl-f");
    dashboard.wait_for(&format!("Sent to the server: search={iban}"));
    dashboard.wait("the rows", |screen| screen.matches(&iban).count() > 2);
    let sent = newest_query(&dashboard, Spec::named("transactions").unwrap());
    assert_eq!(sent[0], ("search".to_owned(), iban));
}

#[test]
fn amounts_and_days_are_typed_as_in_europe_and_sent_as_documented() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("row 1 of ");
    dashboard.press(":");
    dashboard.type_text("penalties due=..31/12/2099 amount=\"0,50..1 234,56\"");
    dashboard.press("enter");
    let screen = dashboard.wait_for("Amount: 0.50..1234.56");
    assert!(screen.contains("Due: ..2099-12-31"), "{screen}");
    dashboard.wait_for("row 1 of ");
    let sent = newest_query(&dashboard, Spec::named("penalties").unwrap());
    let sent: Vec<&str> = sent.iter().map(|(_, value)| value.as_str()).take(3).collect();
    assert_eq!(sent, ["2099-12-31", "0.50", "1234.56"]);
}

#[test]
fn filters_belong_to_their_tab_come_back_and_go_on_with_the_user() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("row 1 of ");
    dashboard.press("@");
    dashboard.wait_for("Booking: BK");
    dashboard.press("2");
    dashboard.wait_until_gone("Booking: BK");
    dashboard.press("1");
    dashboard.wait_for("Booking: BK");
    dashboard.press("F");
    dashboard.wait_until_gone("Booking: BK");
    dashboard.press("u");
    dashboard.wait_for("Booking: BK");
    dashboard.press("&");
    dashboard.wait_for("Due");
    dashboard.wait_for("Booking: BK");
    dashboard.press("l l l l l l l @");
    dashboard.press("- enter");
    dashboard.wait_until_gone("Booking: BK");
}

#[test]
fn a_view_is_opened_saved_and_opened_again() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("row 1 of ");
    dashboard.press("v");
    dashboard.wait_for("overdue debt");
    dashboard.press("enter");
    dashboard.wait_for("Status: overdue");
    dashboard.wait_for("Overdue \u{25bc}");
    dashboard.press("V");
    dashboard.type_text("mine");
    dashboard.press("enter");
    dashboard.wait_for("Saved as mine");
    dashboard.press("F 1 :");
    dashboard.type_text("view mine");
    dashboard.press("enter");
    dashboard.wait_for("Status: overdue");
    dashboard.press(":");
    dashboard.type_text("copy-view");
    dashboard.press("enter");
    dashboard.wait_for("Copied :debt status=overdue sort=-days");
}

#[test]
fn all_rows_are_fetched_after_a_word_on_the_cost() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("(100 of");
    dashboard.press("L");
    dashboard.wait_for("more requests");
    dashboard.press("enter");
    dashboard.wait_for("rows are loaded");
    let asked = dashboard.requests("transactions");
    assert!(asked.len() <= 7, "{asked:?}");
}

/// A status that no document has, in the newest debt of a sandbox.
const UNDOCUMENTED: &str = "Sent To Moon";

fn with_undocumented_status(shape: &str) -> Options {
    let spec = Spec::named("debt").unwrap();
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let answer = runtime.block_on(client(&sandbox).send(&Request::List(ListQuery::new(spec))));
    let page = answer.unwrap().try_as_page().unwrap();
    let id = page.rows[0].text("id").unwrap().expose_raw().to_owned();
    let revised = vec![Revision::Status(id, UNDOCUMENTED)];
    Options { revised, shape: shape.parse().unwrap(), ..options() }
}

/// Waits for the only row with the undocumented status, which was asked for as it came.
fn wait_for_the_one(dashboard: &mut Dashboard) {
    dashboard.wait_for("Status: Sent To Moon");
    let screen = dashboard.wait_for("row 1 of 1");
    assert!(!screen.contains("not a documented"), "it came from the server: {screen}");
    let asked = newest_query(dashboard, Spec::named("debt").unwrap());
    assert!(asked.contains(&("status".into(), UNDOCUMENTED.into())), "{asked:?}");
    dashboard.press("F");
    dashboard.wait_for("Filters cleared");
    dashboard.wait_until_gone("row 1 of 1 ");
}

#[test]
fn a_status_that_no_document_has_is_filtered_by_from_its_cell_the_form_and_the_line() {
    for shape in ["usual", "nested"] {
        let mut dashboard = Dashboard::start(with_undocumented_status(shape), (140, 40));
        dashboard.wait_for("row 1 of ");
        dashboard.press("5");
        dashboard.wait_for(UNDOCUMENTED);
        dashboard.press("l l @");
        wait_for_the_one(&mut dashboard);

        dashboard.press("f tab");
        dashboard.wait_for("written_off  voided  Sent To Moon ");
        dashboard.press("left");
        dashboard.wait_for("not a documented status; the server sent it");
        dashboard.press("enter");
        wait_for_the_one(&mut dashboard);

        dashboard.press(":");
        dashboard.type_text("debt status=se");
        dashboard.wait_for("Status, from the server");
        dashboard.press("esc :");
        dashboard.type_text("debt status=\"Sent To Moon\"");
        dashboard.press("enter");
        wait_for_the_one(&mut dashboard);
    }
}

#[test]
fn a_word_that_nobody_knows_is_sent_with_a_notice_and_refused_at_its_field() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait_for("row 1 of ");
    dashboard.press(":");
    dashboard.type_text("debt status=lost_in_space");
    dashboard.press("enter");
    let screen = dashboard.wait_for("The selected status is invalid.");
    assert!(screen.contains("Filter debt") && screen.contains("lost_in_space"), "{screen}");
    assert!(screen.contains("lost_in_space: not a documented status; sent unchanged."), "{screen}");
}
