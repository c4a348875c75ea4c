//! A list outside of the known ones works from its description alone: requests, rows, filters, and its
//! tab with table, sums, completion, form and charts.
#![expect(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests may panic")]

#[cfg(test)]
mod common;

use std::collections::BTreeSet;

use common::{Dashboard, options};

use valora::net::response::Response;

use valora::cli::sandbox::extra_list;
use valora::cli::sandbox::extra_lists;
use valora::filter::{FilterValue, ListQuery};
use valora::list::ALL;
use valora::list::ChartBy;
use valora::list::Field;
use valora::list::Kind;
use valora::list::Spec;
use valora::list::filter::Filter;
use valora::list::record::Value;
use valora::net::client::Client;
use valora::net::request::Request;
use valora::net::response::Page;
use valora::sandbox::Options;
use valora::sandbox::Sandbox;
use valora::sandbox::served_paths;

const STATES: &[&str] = &["held", "paid_back"];

static DEPOSITS: Spec = Spec {
    key: "deposits",
    title: "Deposits",
    path: "deposits/held",
    identity: &["id"],
    fields: &[
        Field::new("booking_id", "Booking", Kind::Booking).column(0),
        Field::new("day", "Day", Kind::Date).also_named(&["held_on"]).column(1),
        Field::new("amount", "Amount", Kind::Minor).column(0),
        Field::new("currency", "Cur", Kind::Currency).column(0),
        Field::new("state", "State", Kind::Word(STATES)).column(1),
        Field::new("holder", "Holder", Kind::Text).text_column(2, 12, 40),
        Field::new("id", "Id", Kind::Text),
    ],
    filters: &[
        Filter::search(&["holder", "booking_id"]),
        Filter::one_of("state", "State", &["state"], STATES),
        Filter::exact("booking_id", "Booking", &["booking_id"]),
        Filter::date("day_from", "Day from", &["day"]).from("day"),
        Filter::date("day_to", "Day to", &["day"]).to("day"),
        Filter::amount("amount_from", "Amount from", &["amount"]).from("amount"),
        Filter::amount("amount_to", "Amount to", &["amount"]).to("amount"),
    ],
    charts: &[ChartBy::Month("day")],
    sample: r#"[
        {"id": "1", "booking_id": "BK000001", "day": "2026-01-01", "amount": 10000,
         "currency": "EUR", "state": "held", "holder": "Zoë Müller"},
        {"id": "2", "booking_id": "BK000002", "day": "2026-02-01", "amount": 10050,
         "currency": "EUR", "state": "paid_back", "holder": "李小龍"},
        {"id": "3", "booking_id": "BK000003", "day": "2026-03-01", "amount": 99999,
         "currency": "PLN", "state": "held", "holder": "Zoë Łukasiewicz"}
    ]"#,
    ..Spec::UNKNOWN
};

async fn served() -> (Sandbox, Client) {
    let extra = extra_lists().into_iter().chain([extra_list(&DEPOSITS)]).collect();
    let sandbox = Sandbox::start(Options { extra, ..options() }).await.unwrap();
    let client = common::client(&sandbox);
    (sandbox, client)
}

async fn page(client: &Client, query: &ListQuery) -> Page {
    match client.send(&Request::List(query.clone())).await {
        Ok(Response::Page(page)) => page,
        other => panic!("{:?} gives {other:?}", query.pairs()),
    }
}

fn ids(page: &Page) -> Vec<String> {
    let id = DEPOSITS.position("id").unwrap();
    page.rows.iter().map(|row| row.cell(id).into_owned()).collect()
}

#[tokio::test]
async fn its_rows_pages_and_filters_need_nothing_but_the_description() {
    let (_sandbox, client) = served().await;
    let all = page(&client, &ListQuery::new(&DEPOSITS)).await;
    assert_eq!((ids(&all), all.total), (vec!["1".into(), "2".into(), "3".into()], Some(3)));
    for row in &all.rows {
        assert!(row.extras().is_empty(), "{:?}", row.extras());
        assert!(!DEPOSITS.fields.iter().any(|f| matches!(row.value(f.name), Value::Odd(_))));
    }
    let last = page(&client, &ListQuery::new(&DEPOSITS).page(2, 2)).await;
    assert_eq!((ids(&last), last.last), (vec!["3".to_owned()], Some(2)));
    let table = [
        ("search", "ZOË", vec!["1", "3"]),
        ("state", "held", vec!["1", "3"]),
        ("booking_id", "BK000002", vec!["2"]),
        ("day_from", "2026-02-01", vec!["2", "3"]),
        ("day_to", "2026-02-01", vec!["1", "2"]),
        ("amount_from", "100.50", vec!["2", "3"]),
        ("amount_to", "100.5", vec!["1", "2"]),
        ("booking_id", "BK000009", vec![]),
    ];
    for (param, value, expected) in table {
        let query = common::filtered(&DEPOSITS, &[(param, value)]);
        assert_eq!(ids(&page(&client, &query).await), expected, "{param}={value}");
    }
    let slip = FilterValue::named(&DEPOSITS, "state", "paid_bak").unwrap();
    assert!(slip.check_word(None).is_err());
}

#[tokio::test]
async fn its_connection_test_names_its_filters() {
    let (_sandbox, client) = served().await;
    let answer = client.send(&Request::Connection(DEPOSITS.path)).await;
    let Ok(Response::Connection(connection)) = answer else { panic!("{answer:?}") };
    let names: BTreeSet<&str> =
        connection.accepted.iter().map(|(name, _)| name.expose_raw()).collect();
    let own = DEPOSITS.filters.iter().map(|filter| filter.param);
    assert_eq!(names, own.chain(["test", "page", "per_page"]).collect());
}

static DEPOSITS_TAB: &[&Spec] = &[&DEPOSITS];

/// A dashboard whose last tab, which is shown, is the list.
fn tab() -> Dashboard {
    let extra = extra_lists().into_iter().chain([extra_list(&DEPOSITS)]).collect();
    let options = Options { extra, ..options() };
    let mut dashboard = Dashboard::with_lists(options, (140, 40), DEPOSITS_TAB);
    dashboard.wait_for("row 1 of ");
    dashboard.press(&(ALL.len() + 1).to_string());
    dashboard.wait_for("row 1 of 3");
    dashboard
}

#[test]
fn its_tab_shows_its_rows_columns_and_sums() {
    let mut dashboard = tab();
    let shown = dashboard.wait_for("Zoë Łukasiewicz");
    for text in [
        "Deposits",
        "Booking",
        "Holder",
        "BK000001",
        "Zoë Müller",
        "李小龍",
        "999.99",
        "EUR 200.50",
        "PLN 999.99",
    ] {
        assert!(shown.contains(text), "{text} is missing in\n{shown}");
    }
}

#[test]
fn its_filters_are_in_the_form_and_sent() {
    let mut dashboard = tab();
    dashboard.press("f");
    let form = dashboard.wait_for("Filter deposits");
    for filter in DEPOSITS.filters {
        assert!(form.contains(filter.label), "{} is missing in\n{form}", filter.label);
    }
    dashboard.press("tab");
    dashboard.type_text("paid_back");
    dashboard.press("enter");
    dashboard.wait_for("State: ");
    let shown = dashboard.wait_for("row 1 of 1");
    assert!(shown.contains("李小龍") && !shown.contains("Zoë"), "{shown}");
    let sent = dashboard.requests(DEPOSITS.path);
    assert!(sent.iter().any(|query| query.contains("state=paid_back")), "{sent:?}");
}

/// The command line knows no list but those of [`ALL`] by name; of the one that is shown it knows
/// the columns.
#[test]
fn its_columns_are_completed_and_sorted_by() {
    let mut dashboard = tab();
    dashboard.press(":");
    dashboard.type_text("sort -am");
    dashboard.press("tab");
    dashboard.wait_for("sort -amount");
    dashboard.press("enter");
    dashboard.wait("the larger amount in EUR on top", |shown| {
        shown
            .find("100.50")
            .zip(shown.find("100.00"))
            .is_some_and(|(larger, smaller)| larger < smaller)
    });
}

#[test]
fn its_rows_are_charted() {
    let mut dashboard = tab();
    dashboard.press("w");
    let shown = dashboard.wait_for("Chart · Deposits");
    for text in ["By month (day)", "2026-01  100.00  ▄", "2026-03  999.99  ▄"] {
        assert!(shown.contains(text), "{text} is missing in\n{shown}");
    }
}

#[test]
fn the_sandbox_serves_every_list_by_itself_or_from_its_description() {
    let served = served_paths();
    let extra: Vec<String> = extra_lists().into_iter().map(|list| list.path).collect();
    for spec in ALL {
        let ways = [&served, &extra].map(|paths| paths.iter().filter(|p| *p == spec.path).count());
        assert_eq!(ways.iter().sum::<usize>(), 1, "{}: {ways:?}", spec.path);
        assert!(!extra_list(spec).rows.is_empty(), "{} has a sample", spec.key);
        assert_eq!(extra_list(spec).params.len(), spec.filters.len(), "{}", spec.key);
    }
    assert!(served.iter().all(|path| ALL.iter().any(|spec| spec.path == path)));
}
