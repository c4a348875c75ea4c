//! Assembling a booking: when a list is requested, what its rows add, and what remains after a
//! failure.

use super::{BookingReport, ExtraList, Sources, State, sections_missing_fields};
use crate::conciliation::verdict::Kind;
use crate::conciliation::{Conciliation, Tone};
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::list::{Spec, debt, penalties, scheduled};

const THIN: &str = r#"{"totals":{"penalties_gross":500,"debt":0,"invoices_gross":0,
    "credit_notes_gross":0,"transactions_made":0},"invoicing":{"invoices":[],"credit_notes":[]},
    "penalties":[{"amount":500,"currency":"EUR"}],"debt":[],"transactions":[]}"#;

fn today() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn at() -> chrono::NaiveDateTime {
    today().and_hms_opt(14, 3, 0).unwrap()
}

fn read(spec: &'static Spec, json: &str) -> Record {
    Record::read(spec, json)
}

#[test]
fn a_list_is_asked_only_where_its_rows_are_fuller() {
    let thin = Conciliation::read("BK1", THIN).unwrap();
    assert_eq!(sections_missing_fields(&thin), [ExtraList::Penalties]);
    let full = r#"{"penalties":[{"id":"a","status":"paid","due_date":null}],"debt":[{}]}"#;
    assert_eq!(
        sections_missing_fields(&Conciliation::read("BK1", full).unwrap()),
        [ExtraList::Debt]
    );
    let query = ExtraList::Debt.query("BK 1").unwrap();
    assert_eq!(query.pairs()[0], ("reference_id", "BK 1".into()));
}

#[test]
fn rows_of_other_bookings_are_said_and_not_counted_and_those_beyond_the_answer_are_counted() {
    let came = Conciliation::read("BK1", THIN).unwrap();
    let mut sources = Sources::default();
    let row = |booking: &str, id: &str, amount: i64| {
        let json = format!(
            r#"{{"id":"{id}","booking_id":"{booking}","amount":{amount},"currency":"EUR","status":"waived"}}"#
        );
        read(&penalties::SPEC, &json)
    };
    let rows = vec![row("BK1", "a", 500), row("BK2", "b", 500), row("BK1", "c", 900)];
    sources.accept(ExtraList::Penalties, &Untrusted::new("BK1"), rows, Some(3), at());
    let report = BookingReport::of(&came, &sources, today());
    let penalties = report.booking.rows(crate::conciliation::Role::Penalties);
    assert_eq!(penalties[0].text("status"), Some(&Untrusted::new("waived")));
    assert_eq!(report.verdict.kind, Kind::Incomplete);
    let said = "1 penalty names another booking, BK2: not counted; the server ignored booking_id";
    let lacks = "List of penalties: 1 row not in the server's data of this booking";
    assert_eq!(report.verdict.headline(), format!("Incomplete: {said}; {lacks}"));
    for lines in [report.source_summary(&sources, "%H:%M"), report.source_lines(&sources, "%H:%M")]
    {
        for said in [said, lacks] {
            assert!(lines.iter().any(|line| line.text.contains(said)), "{lines:?}");
        }
    }
}

#[test]
fn scheduled_payments_of_other_bookings_make_a_booking_incomplete() {
    let raw = Conciliation::read("BK1", THIN).unwrap();
    let row = |booking: String| {
        read(
            &scheduled::SPEC,
            &format!(r#"{{"booking_id":"{booking}","amount":5,"currency":"EUR"}}"#),
        )
    };
    let own = Untrusted::new("BK1");
    let table: [(&[u32], &str); 3] = [
        (&[2, 3], "2 scheduled payments name other bookings, BK2, BK3"),
        (&[2, 2, 1], "2 scheduled payments name another booking, BK2"),
        (&[2, 3, 4, 5, 6], "5 scheduled payments name other bookings, BK2, BK3, BK4 and 2 more"),
    ];
    for (bookings, words) in table {
        let mut sources = Sources::default();
        let rows: Vec<Record> = bookings.iter().map(|one| row(format!("BK{one}"))).collect();
        let total = rows.len() as u64;
        sources.accept(ExtraList::Scheduled, &own, rows, Some(total), at());
        let verdict = BookingReport::of(&raw, &sources, today()).verdict;
        assert_eq!(verdict.kind, Kind::Incomplete);
        let said = format!("{words}: not counted; the server ignored booking_id");
        assert_eq!(verdict.reasons[0].to_string(), said);
    }
    let debt = read(&debt::SPEC, r#"{"reference_id":"BK9","amount":5,"currency":"EUR"}"#);
    let mut sources = Sources::default();
    sources.accept(ExtraList::Debt, &own, vec![debt], Some(1), at());
    let said =
        "1 debt record names another booking, BK9: not counted; the server ignored reference_id";
    assert_eq!(sources.problems()[0].to_string(), said);
}

#[test]
fn an_answer_about_another_booking_is_no_answer_about_this_one() {
    let named = THIN.replacen('{', r#"{"reference":"BK2","#, 1);
    let came = Conciliation::read("BK1", &named).unwrap();
    let verdict = BookingReport::of(&came, &Sources::default(), today()).verdict;
    assert_eq!(verdict.kind, Kind::Incomplete);
    assert_eq!(
        verdict.reasons[0].to_string(),
        "BK1 was requested, but the response is for booking BK2"
    );
    let same = Conciliation::read(" bk2", &named).unwrap();
    let verdict = BookingReport::of(&same, &Sources::default(), today()).verdict;
    assert_eq!(verdict.kind, Kind::AddsUp);
}

#[test]
fn a_full_page_without_a_total_may_not_be_all() {
    let mut sources = Sources::default();
    let row = || read(&scheduled::SPEC, r#"{"amount":1,"currency":"EUR"}"#);
    for (count, is_failed) in [(499, false), (500, true)] {
        let rows = (0..count).map(|_| row()).collect();
        sources.accept(ExtraList::Scheduled, &Untrusted::new("BK1"), rows, None, at());
        assert_eq!(!sources.problems().is_empty(), is_failed, "{count}");
    }
}

#[test]
fn a_source_that_fails_or_is_cut_short_makes_the_booking_incomplete_and_keeps_its_rows() {
    let came = Conciliation::read("BK1", THIN).unwrap();
    let mut sources = Sources::default();
    let row = read(&scheduled::SPEC, r#"{"amount":1,"currency":"EUR","due_date":"2026-12-01"}"#);
    sources.accept(ExtraList::Scheduled, &Untrusted::new("BK1"), vec![row], Some(9), at());
    let verdict = BookingReport::of(&came, &sources, today()).verdict;
    assert_eq!(verdict.reasons[0].to_string(), "Scheduled payments: only 1 of 9 rows loaded");
    sources.of_mut(ExtraList::Scheduled).state =
        State::Failed("the server answered 503".to_owned());
    let report = BookingReport::of(&came, &sources, today());
    assert_eq!(report.verdict.kind, Kind::Incomplete);
    assert_eq!(report.ledger.scheduled.len(), 1);
}

#[test]
fn penalties_that_the_answer_lacks_make_it_incomplete_and_what_is_open_unknown() {
    let came = Conciliation::read("BK1", THIN).unwrap();
    let row = |id: &str, amount: i64, status: &str| {
        let json = format!(
            r#"{{"id":"{id}","booking_id":"BK1","amount":{amount},"currency":"EUR","status":"{status}"}}"#
        );
        read(&penalties::SPEC, &json)
    };
    let own = Untrusted::new("BK1");
    let of = |rows: Vec<Record>| {
        let mut sources = Sources::default();
        sources.accept(ExtraList::Penalties, &own, rows, None, at());
        sources
    };
    let report = |sources: &Sources| BookingReport::of(&came, sources, today());
    let open = |report: &BookingReport| report.summary.in_words(report.summary.figures()[2]);
    let complete = report(&of(vec![row("a", 500, "notify")]));
    assert_eq!((complete.verdict.kind, complete.verdict.tone()), (Kind::AddsUp, Tone::Good));
    assert_eq!(open(&complete), "still open EUR 5.00");
    let rows = vec![row("a", 500, "notify"), row("b", 900, "notify"), row("c", 70, "paid")];
    let mut sources = of(rows);
    let lacking = report(&sources);
    let headline = "Incomplete: List of penalties: 2 rows not in the server's data of this booking";
    assert_eq!(lacking.verdict.headline(), headline);
    assert_eq!(lacking.verdict.forms()[1], "Incomplete: List of penalties");
    assert_eq!(open(&lacking), "still open: unknown");
    // While it loads again, its rows may be out of date.
    sources.of_mut(ExtraList::Penalties).state = State::Waiting;
    assert_eq!(report(&sources).verdict.headline(), "Adds up (still loading…)");
}

#[test]
fn nothing_is_green_while_a_list_is_loading() {
    let body = THIN.replace(r#"{"amount":500,"currency":"EUR"}"#, "").replace("500", "0");
    let settled = r#""penalties":[{"id":"p","due_date":null,"amount":0,"currency":"EUR",
        "status":"settled","settled_booking":"BK2"}]"#;
    let fails = body.replace(r#""penalties":[]"#, settled);
    let differs = body.replace(r#""debt":0"#, r#""debt":7"#);
    let table = [
        (&body, "Adds up (still loading…)", Tone::Open),
        (
            &fails,
            "Adds up (still loading…), but 1 check failed: settled by another booking, BK2",
            Tone::Open,
        ),
        (&differs, "Does not add up: 0.07 of debt is missing from the rows", Tone::Bad),
    ];
    for (body, headline, tone) in table {
        let came = Conciliation::read("BK1", body).unwrap();
        let mut sources = Sources::default();
        sources.of_mut(ExtraList::Scheduled).state = State::Waiting;
        let verdict = BookingReport::of(&came, &sources, today()).verdict;
        assert_eq!((verdict.headline().as_str(), verdict.tone()), (headline, tone));
        sources.of_mut(ExtraList::Scheduled).state = State::Loaded;
        let verdict = BookingReport::of(&came, &sources, today()).verdict;
        assert_eq!(verdict.headline(), headline.replace(" (still loading…)", ""));
    }
}
