//! The state of a booking: what a refresh keeps, and where lines lead.

use crate::conciliation::Conciliation;
use crate::conciliation::report::{ExtraList, State};
use crate::conciliation::row::RowAt;
use crate::conciliation::{Role, Tone};
use crate::domain::text::Untrusted;
use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::list::shape::Shapes;
use crate::net::response::Page;
use crate::tui::keymap::Step;
use crate::tui::msg::Now;
use crate::tui::screen::booking::state::*;
use crate::tui::screen::booking::tenant::Tenant;
use crate::tui::screen::booking::view::{check_lines, totals as panel};

fn now(elapsed: u64) -> Now {
    Now { elapsed, ..Now::default() }
}

fn opened(body: &str) -> Booking {
    let mut booking = Booking::opening(Untrusted::new("BK1"), OpenedFrom::Elsewhere);
    booking.accept(Conciliation::read("BK1", body).unwrap(), now(0));
    booking
}

#[test]
fn the_first_section_with_rows_is_shown_and_a_refresh_keeps_the_choice() {
    let mut booking = opened(r#"{"debt":[{"id":"a"},{"id":"b"}],"transactions":[{}]}"#);
    assert_eq!(booking.section, 3);
    booking.shown_table_mut().unwrap().step(Step::Down, 5);
    let again = r#"{"invoicing":{"invoices":[{}]},"debt":[{"id":"c"},{"id":"a"},{"id":"b"}]}"#;
    booking.accept(Conciliation::read("BK1", again).unwrap(), now(1));
    assert_eq!((booking.section, booking.shown_table_mut().unwrap().cursor()), (3, 2));
}

#[test]
fn rows_are_marked_in_all_their_sections_and_the_first_is_gone_to() {
    let mut booking = opened(r#"{"penalties":[{"id":"p"},{"id":"q"}],"debt":[{"id":"a"}]}"#);
    booking.view = BookingView::Checks;
    booking
        .show_rows(&[RowAt { role: Role::Penalties, row: 1 }, RowAt { role: Role::Debt, row: 0 }]);
    assert_eq!((booking.view, booking.section), (BookingView::Sections, 2));
    assert_eq!(booking.shown_table().unwrap().cursor(), 1);
    let tables = &booking.content.as_ref().unwrap().tables;
    assert_eq!(tables.iter().map(|table| table.marks.len()).collect::<Vec<_>>(), [0, 0, 1, 1, 0]);
}

#[test]
fn the_panel_explains_itself_and_says_which_source_failed() {
    let mut booking = opened(
        r#"{"totals":{"transactions":2,"penalties_gross":0},"penalties":[{"id":"p","amount":5,
            "currency":"JPY","status":"waived"}],"transactions":[{}],"new":1}"#,
    );
    booking.sources.of_mut(ExtraList::Scheduled).state = State::Failed("503".to_owned());
    booking.reassemble(now(0));
    let text = format!("{:?}", panel::lines(&booking, 200));
    for words in [
        "the server seems to leave out waived penalties",
        "The server counts 2, the response lists 1 transaction",
        "Scheduled payments: 503",
        "new: 1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let findings = check_lines(&booking, 63);
    assert!(findings.iter().all(|line| line.text.chars().count() <= 60));
    let yen = findings.iter().any(|line| line.text.contains("JPY 5"));
    assert!(yen, "{findings:#?}");
}

#[test]
fn what_a_tenants_payment_has_beside_its_documented_fields_shows_no_account_number() {
    let row = r#"{"id":"1","sourceRefCode":"BK1","payer_iban":"ES9121000418450200051332",
        "memo":"from ES9121000418450200051332"}"#;
    let rows = Shapes::default().read(&SPEC, &[row]);
    let page = Page { rows, total: Some(1), current: 1, last: Some(1), per_page: 500 };
    let mut tenant = Tenant::default();
    let reference = Untrusted::new("BK1");
    tenant.begin(&reference).unwrap();
    assert_eq!(tenant.accept(1, page, &reference), None);
    let record = &tenant.table.records()[0];
    assert_eq!(record.booking().unwrap().expose_raw(), "BK1");
    let all = record.to_json();
    assert!(all.contains("payer_iban") && all.contains("1332"), "{all}");
    assert!(!all.contains("ES9121000418450200051332"), "{all}");
}

#[test]
fn tenant_payments_run_in_the_order_of_the_ledger_and_are_in_the_line_on_top() {
    let row = |id: u8, due: &str| {
        format!(r#"{{"id":"{id}","sourceRefCode":"BK1","amount":150,"currency":"EUR",{due}"x":1}}"#)
    };
    let days = [
        r#""dueDate":"2026-03-01T00:00:00+00:00","status":"Ready","#,
        r#""status":"Failed","#,
        r#""dueDate":"2026-01-01T00:00:00+00:00","status":"Paid","#,
        r#""dueDate":"2026-02-01T00:00:00+00:00","status":"PAID","#,
    ];
    let rows: Vec<String> = (0..).zip(days).map(|(id, due)| row(id, due)).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let rows = Shapes::default().read(&SPEC, &rows);
    let page = Page { rows, total: Some(4), current: 1, last: Some(1), per_page: 500 };
    let mut tenant = Tenant::default();
    let reference = Untrusted::new("BK1");
    tenant.begin(&reference).unwrap();
    tenant.accept(1, page, &reference);
    tenant.is_in_ledger = true;
    let mut booking = opened("{\"debt\":[]}");
    assert_eq!(Tenant::default().paid(), None);
    let paid = "tenant paid EUR 3.00; 2 payments not marked as paid";
    assert_eq!(tenant.paid().unwrap().in_short(), paid);
    let paid = format!("{paid}: 1 Failed EUR 1.50, 1 Ready EUR 1.50");
    assert_eq!(tenant.paid().unwrap().in_words(), paid);
    booking.tenant = Some(tenant);
    let lines = [
        "Tenant paid EUR 3.00; 2 payments not marked as paid (not included above)",
        "Not marked as paid: 1 Failed EUR 1.50, 1 Ready EUR 1.50",
    ];
    assert_eq!(tenant_lines(&booking), lines);
    let own = booking.content.as_ref().unwrap().ledger_len();
    let days = (1..=4).map(|at| booking.tenant_line(own + at).chars().take(7).collect::<String>());
    assert_eq!(days.collect::<Vec<_>>(), ["2026-01", "2026-02", "2026-03", "       "]);
}

fn payment(id: u32, booking: &str) -> String {
    format!(
        r#"{{"id":"{id}","sourceRefCode":"{booking}","amount":100,"currency":"EUR","status":"Paid"}}"#
    )
}

/// What the tenant of BK1 paid, after pages with one payment each and the server's total. The texts
/// are the bookings of the payments.
fn tenant_of(pages: &[(&str, Option<u64>)], last: Option<u32>) -> Booking {
    let mut tenant = Tenant::default();
    let reference = Untrusted::new("BK1");
    let mut query = tenant.begin(&reference);
    for ((number, (booking, total)), id) in (1..).zip(pages).zip(1..) {
        assert_eq!(query.map(|it| it.page), Some(number));
        let rows = vec![Record::read(&SPEC, &payment(id, booking))];
        let page = Page { rows, total: *total, current: number, last, per_page: 1 };
        query = tenant.accept(number, page, &reference);
    }
    assert_eq!((query, &tenant.state), (None, &State::Loaded));
    Booking { tenant: Some(tenant), ..opened("{\"debt\":[]}") }
}

fn tenant_lines(booking: &Booking) -> Vec<String> {
    booking.tenant_lines().into_iter().map(|line| line.text).collect()
}

#[test]
fn payments_of_another_booking_do_not_count_and_are_said() {
    let all = Some(2);
    let booking = tenant_of(&[("BK2", all), ("bk1", all)], Some(2));
    let others = "✗ 1 tenant payment names another booking, BK2: not counted; the server \
                  ignored sourceRefCode";
    assert_eq!(tenant_lines(&booking), ["Tenant paid EUR 1.00 (not included above)", others]);
    assert_eq!(booking.tenant.as_ref().unwrap().table.records().len(), 1);
    let booking = tenant_of(&[("BK2", all), ("BK3", all)], Some(2));
    let others = "✗ 2 tenant payments name other bookings, BK2, BK3: not counted; the server \
                  ignored sourceRefCode";
    let unknown = "Tenant paid: unknown (2 payments of other bookings)";
    assert_eq!(tenant_lines(&booking), [unknown, others]);
    let summary = booking.tenant.as_ref().unwrap().paid().unwrap().in_words();
    assert_eq!(summary, "tenant paid: unknown (2 payments of other bookings)");
    // An incomplete list with only rows of other bookings.
    let booking = tenant_of(&[("BK2", Some(9))], Some(1));
    let line = &tenant_lines(&booking)[0];
    let unknown = "Tenant paid: unknown (only 1 of 9 payments loaded; 1 payment of other bookings)";
    assert_eq!(line, unknown);
}

#[test]
fn a_part_of_the_payments_is_never_shown_as_what_the_tenant_paid() {
    let paid = |pages: &[(&str, Option<u64>)], last| {
        let booking = tenant_of(pages, last);
        let line = &booking.tenant_lines()[0];
        let words = booking.tenant.as_ref().unwrap().paid().unwrap().in_words();
        let text = words.replacen('t', "T", 1) + " (not included above)";
        assert_eq!(line.text, text);
        (words, line.tone)
    };
    let own = |count: usize, total: Option<u64>| vec![("BK1", total); count];
    let table = [
        (own(2, Some(2)), Some(2), "tenant paid EUR 2.00", Tone::Quiet),
        (
            own(50, Some(9_000)),
            Some(90),
            "tenant paid EUR 50.00 (only 50 of 9,000 payments loaded)",
            Tone::Open,
        ),
        (
            own(50, None),
            None,
            "tenant paid EUR 50.00 (only the first 50 payments loaded)",
            Tone::Open,
        ),
        (
            own(2, Some(9)),
            Some(2),
            "tenant paid EUR 2.00 (only 2 of 9 payments loaded)",
            Tone::Open,
        ),
        (
            vec![("BK1", Some(3)), ("BK1", Some(2))],
            Some(2),
            "tenant paid EUR 2.00 (the list changed or repeated a page while loading)",
            Tone::Open,
        ),
    ];
    for (pages, last, words, tone) in table {
        assert_eq!(paid(&pages, last), (words.to_owned(), tone));
    }
}

#[test]
fn what_an_export_lacks_of_the_tenants_payments_is_said() {
    let missing = |state: State| {
        let mut tenant = Tenant::default();
        tenant.state = state;
        Booking { tenant: Some(tenant), ..opened("{\"debt\":[]}") }.missing()
    };
    assert_eq!(missing(State::Waiting), ["Tenant payments: still loading"]);
    let failed = State::Failed("the server answered 500".to_owned());
    assert_eq!(missing(failed), ["Tenant payments: the server answered 500"]);
    assert!(missing(State::Loaded).is_empty());
    assert!(opened("{\"debt\":[]}").missing().is_empty(), "no Payments API is configured");
    let part = tenant_of(&[("BK1", Some(9))], Some(1));
    assert_eq!(part.missing(), ["Tenant payments: only 1 of 9 payments loaded"]);
    let others = tenant_of(&[("BK2", Some(1))], Some(1)).missing();
    assert!(others[0].starts_with("1 tenant payment names another booking, BK2"), "{others:?}");
}
