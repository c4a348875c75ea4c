//! The state of a booking: what a refresh keeps, and what leads where.

use crate::conciliation::Conciliation;
use crate::conciliation::Role;
use crate::conciliation::report::{ExtraList, State};
use crate::conciliation::row::RowAt;
use crate::domain::text::Untrusted;
use crate::list::payments::SPEC;
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
    let text = format!("{:?}", panel::lines(&booking));
    for words in [
        "found, not documented: the server's figure is without waived penalties",
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
    let paid = "Tenant paid EUR 3.00; 2 payments not marked as paid";
    assert_eq!(tenant.paid().as_deref(), Some(paid));
    booking.tenant = Some(tenant);
    let own = booking.content.as_ref().unwrap().ledger_len();
    let days = (1..=4).map(|at| booking.tenant_line(own + at).chars().take(7).collect::<String>());
    assert_eq!(days.collect::<Vec<_>>(), ["2026-01", "2026-02", "2026-03", "       "]);
}
