//! Each kind of booking that the sandbox knows gets the verdict, checks and suggestions it should.

use std::collections::BTreeSet;

use crate::common::{client, options, today};
use valora::conciliation::Conciliation;
use valora::conciliation::Role;
use valora::conciliation::checks::CHECKS;
use valora::conciliation::checks::Outcome;
use valora::conciliation::ledger::Entry;
use valora::conciliation::report::{BookingReport, ExtraList, Sources, State};
use valora::conciliation::suggest::Suggestion;
use valora::conciliation::suggest::SuggestionKind;
use valora::conciliation::totals::Compared;
use valora::conciliation::totals::Comparison;
use valora::conciliation::totals::Incomparable;
use valora::conciliation::verdict::Kind;
use valora::conciliation::verdict::Reason;
use valora::filter::ListQuery;
use valora::list::record::Record;
use valora::list::scheduled;
use valora::net::client::Client;
use valora::net::request::Request;
use valora::net::response::Response;
use valora::sandbox::Options;
use valora::sandbox::Sandbox;
use valora::sandbox::Special;

struct Bench {
    sandbox: Sandbox,
    client: Client,
}

impl Bench {
    async fn start() -> Self {
        Self::with(options()).await
    }

    async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let client = client(&sandbox);
        Self { sandbox, client }
    }

    async fn booking(&self, reference: &str) -> Conciliation {
        match self.client.send(&Request::Booking(reference.to_owned())).await.unwrap() {
            Response::Booking(booking) => *booking,
            other => panic!("{reference}: {other:?}"),
        }
    }

    async fn scheduled(&self, reference: &str) -> Vec<Record> {
        let query = ListQuery::of_booking(&scheduled::SPEC, reference).unwrap();
        match self.client.send(&Request::List(query)).await.unwrap() {
            Response::Page(page) => page.rows,
            other => panic!("{reference}: {other:?}"),
        }
    }

    /// The first booking of a kind, examined.
    async fn examined(&self, special: Special) -> (Conciliation, BookingReport) {
        let booking = self.booking(self.sandbox.known().one(special)).await;
        let findings = examine(&booking);
        (booking, findings)
    }
}

fn examine(booking: &Conciliation) -> BookingReport {
    BookingReport::of(booking, &Sources::default(), today())
}

fn failed(findings: &BookingReport) -> Vec<&'static str> {
    let failed = findings.checks.iter().filter(|c| matches!(c.outcome, Outcome::Fail(_)));
    failed.map(|checked| checked.check.name).collect()
}

fn open(findings: &BookingReport) -> Vec<&'static str> {
    let open = findings.checks.iter().filter(|c| matches!(c.outcome, Outcome::CannotCompute(_)));
    open.map(|checked| checked.check.name).collect()
}

fn rows_of(findings: &BookingReport, check: &str) -> Vec<(usize, usize)> {
    let checked = findings.checks.iter().find(|checked| checked.check.name == check).unwrap();
    checked.rows().iter().map(|at| (at.role as usize, at.row)).collect()
}

fn section(findings: &BookingReport, role: Role) -> &Compared {
    findings.totals.section(role)
}

#[tokio::test]
async fn bookings_that_add_up_pass_every_check() {
    let bench = Bench::start().await;
    let known = bench.sandbox.known();
    let shapes = [Special::SectionObject, Special::SectionRenamed, Special::SectionMoved];
    let balanced = [Special::Balanced, Special::HundredRows, Special::AmountAsString];
    for reference in balanced.iter().chain(&shapes).flat_map(|kind| known.all(*kind)) {
        let booking = bench.booking(reference).await;
        let findings = examine(&booking);
        assert_eq!(findings.verdict.kind, Kind::AddsUp, "{:?}", findings.verdict);
        assert!(findings.verdict.reasons.is_empty() && findings.suggestions.is_empty());
        let passes = |checked: &_| matches!(checked, Outcome::Pass);
        assert!(findings.checks.iter().all(|c| passes(&c.outcome)), "{:?}", findings.checks);
        assert_eq!(findings.checks.len(), CHECKS.len());
        assert_eq!(findings.ledger.not_summed.count(), 0);
        let rows: usize = booking.sections.iter().map(|s| s.records().len()).sum();
        assert!(rows > 8 && findings.ledger.lines.len() == rows);
    }
}

#[tokio::test]
async fn an_inclusion_rule_explains_a_total() {
    let bench = Bench::start().await;
    let table = [
        (Special::TotalWithoutWaived, Role::Penalties, "leave out waived penalties"),
        (Special::TotalWithoutCancelled, Role::Penalties, "leave out cancelled penalties"),
        (Special::TotalOnlyOpenDebt, Role::Debt, "count only open debt (pending, overdue)"),
    ];
    for (special, role, words) in table {
        let (_, findings) = bench.examined(special).await;
        assert_eq!(findings.verdict.kind, Kind::DoesNotAddUp);
        let differences: Vec<_> = findings.verdict.reasons.iter().collect();
        let [Reason::Differs(differing, difference)] = differences[..] else {
            panic!("{differences:?}")
        };
        assert_eq!((*differing, difference.explanations[0].words.as_str()), (role, words));
        assert!(difference.by < 0 && !difference.explanations[0].left_out.is_empty());
        let reason = findings.verdict.reasons[0].to_string();
        assert!(reason.contains(words) && reason.contains("the server seems to "), "{reason}");
        assert_eq!(failed(&findings), ["rows add up to the totals"]);
        let behind = rows_of(&findings, "rows add up to the totals");
        assert!(behind.iter().all(|at| at.0 == role as usize) && !behind.is_empty());
    }
}

#[tokio::test]
async fn a_difference_leads_to_its_rows() {
    let bench = Bench::start().await;
    let table = [
        (Special::OutByOneRow, SuggestionKind::LeftOut, vec![1]),
        (Special::CountedTwice, SuggestionKind::CountedTwice, vec![1]),
        (Special::SignTurned, SuggestionKind::SignTurned, vec![1]),
        (Special::DigitsSwapped, SuggestionKind::DigitsSwapped, vec![1]),
        (Special::OutInTwoRows, SuggestionKind::TwoLeftOut, vec![1, 2]),
    ];
    for (special, kind, rows) in table {
        let (booking, findings) = bench.examined(special).await;
        assert_eq!(findings.verdict.kind, Kind::DoesNotAddUp, "{special:?}");
        let headline = findings.verdict.headline();
        assert!(headline.starts_with("Does not add up: EUR "), "{headline}");
        assert!(headline.contains(" of payouts are missing from the "), "{headline}");
        // Two payouts of the digits' booking would make up its difference; all others have one.
        let places = |one: &Suggestion| one.rows.iter().map(|at| at.row).collect::<Vec<_>>();
        let first = &findings.suggestions[0];
        assert_eq!((first.role, first.kind), (Role::Transactions, kind), "{special:?}");
        let fits = |one: &Suggestion| one.kind == kind && places(one) == rows;
        assert!(findings.suggestions.iter().any(fits), "{special:?}");
        assert!(first.to_string().contains("Transfer (EUR") && findings.suggestions.len() < 3);
        assert_eq!(failed(&findings), ["rows add up to the totals"]);
        let behind = rows_of(&findings, "rows add up to the totals");
        assert!(
            behind.iter().all(|(section, row)| booking.sections[*section].records().len() > *row)
        );
        assert!(!behind.is_empty());
    }
}

#[tokio::test]
async fn each_check_fails_where_it_should_and_alone() {
    let bench = Bench::start().await;
    let table: [(Special, &[&str]); 4] = [
        (
            Special::PaidBeforeIssued,
            &["no payout before first invoice", "no penalty closed before notice"],
        ),
        (Special::WaivedStillInDebt, &["no waived penalty still in debt"]),
        (Special::SettledElsewhere, &["no penalty settled elsewhere"]),
        (Special::SameAmountAndDateTwice, &["no amount paid twice on one day"]),
    ];
    for (special, names) in table {
        let (booking, findings) = bench.examined(special).await;
        assert_eq!(failed(&findings), names, "{special:?}");
        assert!(open(&findings).is_empty());
        assert_eq!(findings.verdict.kind, Kind::AddsUp, "{special:?}");
        for name in names {
            let rows = rows_of(&findings, name);
            assert!(!rows.is_empty());
            assert!(rows.iter().all(|(s, row)| booking.sections[*s].records().len() > *row));
        }
        for checked in &findings.checks {
            let Outcome::Fail(findings) = &checked.outcome else { continue };
            assert!(findings.iter().all(|finding| !finding.is_guess && !finding.one.is_empty()));
        }
    }
}

#[tokio::test]
async fn several_currencies_are_said_and_the_bare_sum_is_found() {
    let bench = Bench::start().await;
    for reference in bench.sandbox.known().all(Special::SeveralCurrencies) {
        let findings = examine(&bench.booking(reference).await);
        assert_eq!(findings.verdict.kind, Kind::MixedCurrencies);
        for role in [Role::Invoices, Role::Transactions] {
            let Comparison::Incomparable(Incomparable::MixedCurrencies(seems)) =
                &section(&findings, role).comparison
            else {
                panic!("{findings:?}")
            };
            assert_eq!(
                seems[0].words,
                "add amounts in different currencies, so this total is not meaningful"
            );
        }
        assert_eq!(failed(&findings), ["all rows in one currency"]);
        assert_eq!(findings.ledger.running_total.iter().count(), 3);
    }
}

#[tokio::test]
async fn what_is_missing_makes_a_booking_incomplete() {
    let bench = Bench::start().await;
    let table = [
        (Special::SectionMissing, "Penalties: the section is missing from the response"),
        (Special::SectionNull, "Debt: the server sent no data for debt (null)"),
    ];
    for (special, reason) in table {
        let (_, findings) = bench.examined(special).await;
        assert_eq!(findings.verdict.kind, Kind::Incomplete);
        let reasons: Vec<String> =
            findings.verdict.reasons.iter().map(ToString::to_string).collect();
        assert_eq!(reasons, [reason]);
        assert!(failed(&findings).is_empty());
        assert!(open(&findings).contains(&"no waived penalty still in debt"));
    }
    let (booking, _) = bench.examined(Special::Balanced).await;
    let mut sources = Sources::default();
    let why = "the server answered 503".to_owned();
    sources.of_mut(ExtraList::Scheduled).state = State::Failed(why);
    let verdict = BookingReport::of(&booking, &sources, today()).verdict;
    assert_eq!(verdict.kind, Kind::Incomplete);
    assert_eq!(verdict.reasons[0].to_string(), "Scheduled payments: the server answered 503");
}

#[tokio::test]
async fn empty_sections_add_up() {
    let bench = Bench::start().await;
    let known = bench.sandbox.known();
    let empty = known.all(Special::EmptySections);
    let paid = examine(&bench.booking(empty[0]).await);
    assert_eq!(paid.verdict.kind, Kind::AddsUp);
    assert_eq!(open(&paid), ["no payout before first invoice"]);
    let nothing = examine(&bench.booking(empty[1]).await);
    assert_eq!(nothing.verdict.kind, Kind::AddsUp);
    assert!(open(&nothing).is_empty() && failed(&nothing).is_empty());
    assert!(nothing.ledger.lines.is_empty() && nothing.ledger.running_total.is_empty());
}

#[tokio::test]
async fn only_the_special_bookings_differ() {
    let bench = Bench::start().await;
    let known = bench.sandbox.known();
    let of = |kinds: &[Special]| -> BTreeSet<String> {
        kinds.iter().flat_map(|kind| known.all(*kind)).map(str::to_owned).collect()
    };
    let differing = of(&[
        Special::TotalWithoutWaived,
        Special::TotalWithoutCancelled,
        Special::TotalOnlyOpenDebt,
        Special::OutByOneRow,
        Special::CountedTwice,
        Special::SignTurned,
        Special::DigitsSwapped,
        Special::OutInTwoRows,
    ]);
    let incomplete = of(&[Special::SectionMissing, Special::SectionNull]);
    let several = of(&[Special::SeveralCurrencies]);
    let mut failing = of(&[
        Special::PaidBeforeIssued,
        Special::WaivedStillInDebt,
        Special::SettledElsewhere,
        Special::SameAmountAndDateTwice,
    ]);
    failing.extend(differing.iter().chain(&several).cloned());
    assert!(known.references.len() >= 400);
    for reference in &known.references {
        let booking = bench.booking(reference).await;
        let findings = examine(&booking);
        let expected = match reference {
            one if differing.contains(one) => Kind::DoesNotAddUp,
            one if incomplete.contains(one) => Kind::Incomplete,
            one if several.contains(one) => Kind::MixedCurrencies,
            _ => Kind::AddsUp,
        };
        assert_eq!(findings.verdict.kind, expected, "{reference}: {:?}", findings.verdict);
        let failed = failed(&findings);
        assert_eq!(!failed.is_empty(), failing.contains(reference), "{reference}: {failed:?}");
        let rows: usize = booking.sections.iter().map(|s| s.records().len()).sum();
        assert_eq!(findings.ledger.lines.len(), rows);
    }
}

#[tokio::test]
async fn scheduled_payments_are_in_no_running_total_and_today_is_before_the_future() {
    let bench = Bench::start().await;
    let all = match bench.client.send(&Request::List(ListQuery::new(&scheduled::SPEC))).await {
        Ok(Response::Page(page)) => page.rows,
        other => panic!("{other:?}"),
    };
    let reference = all[0].booking().unwrap().expose_raw();
    let (booking, scheduled) = (bench.booking(reference).await, bench.scheduled(reference).await);
    assert!(!scheduled.is_empty());
    let without = examine(&booking).ledger;
    let mut sources = Sources::default();
    sources.of_mut(ExtraList::Scheduled).rows.clone_from(&scheduled);
    let with = BookingReport::of(&booking, &sources, today()).ledger;
    assert_eq!((&with.running_total, &with.lines), (&without.running_total, &without.lines));
    assert_eq!(with.scheduled.len(), scheduled.len());
    assert!(with.scheduled.iter().all(|line| line.paid.is_some() && line.date.is_some()));
    let entries = with.entries();
    let (past, later) = entries.split_at(with.past());
    let is_future = |entry: &Entry<'_>| entry.line().is_none_or(|line| line.is_future);
    assert!(!past.iter().any(is_future) && later.iter().all(is_future));
}

#[tokio::test]
async fn hostile_bookings_are_examined_without_harm() {
    let bench = Bench::with(Options { hostile: true, ..options() }).await;
    for reference in bench.sandbox.known().references.iter().take(120) {
        let booking = bench.booking(reference).await;
        let findings = examine(&booking);
        let mut words = vec![findings.verdict.headline()];
        words.extend(findings.verdict.reasons.iter().map(ToString::to_string));
        words.extend(findings.suggestions.iter().map(ToString::to_string));
        for checked in &findings.checks {
            match &checked.outcome {
                Outcome::Pass => {}
                Outcome::Fail(findings) => words.extend(findings.iter().map(ToString::to_string)),
                Outcome::CannotCompute(why) => words.push(why.clone()),
            }
        }
        assert!(!words.concat().chars().any(char::is_control), "{words:?}");
        let is_open = |reason: &Reason| matches!(reason.kind(), Kind::AddsUp);
        assert!(!findings.verdict.reasons.iter().any(is_open));
    }
}
