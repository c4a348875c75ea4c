//! The result of a booking in sentences: what the owner was paid, what comes, what is owed, and whether the
//! entries agree with the records.

use std::collections::BTreeMap;

use super::entries::{Entries, held, named};
use super::figures::{Figure, Figures, When, amounts, when};
use super::own::Own;
use super::reader::{Reader, day};
use crate::conciliation::Role;
use crate::conciliation::ledger::{Kind as Of, Line};
use crate::conciliation::report::ExtraList;
use crate::conciliation::totals::Incomparable;
use crate::conciliation::verdict::{Kind, Reason};
use crate::domain::money::counted;
use crate::domain::normalize::capitalized;

/// Open charges that are named one by one.
const MOST_NAMED: usize = 3;

pub(super) fn all(
    own: &Own<'_>,
    figures: &Figures<'_>,
    entries: &Entries<'_>,
    reader: Reader,
) -> Vec<String> {
    let mut sentences = vec![was_paid(&figures.paid, reader)];
    sentences.extend(announced(own));
    sentences.extend(to_come(own, entries, reader));
    sentences.extend(owed(figures, reader));
    sentences.extend(agreement(own, figures));
    sentences
}

fn was_paid(paid: &Figure, reader: Reader) -> String {
    let to = reader.to();
    let unclear = paid.unclear_in_words();
    match (paid.sums.is_empty(), unclear) {
        _ if paid.is_unknown => {
            format!("How much has been paid{to} for this booking is not known.")
        }
        (true, Some(unclear)) => {
            format!("How much has been paid{to} for this booking is not known ({unclear}).")
        }
        (true, None) => format!("Nothing has been paid{to} for this booking yet."),
        (false, unclear) => {
            let plus = unclear.map(|it| format!(", plus {it}")).unwrap_or_default();
            format!("{} has been paid{to} so far{plus}.", paid.sums.in_words())
        }
    }
}

/// `2 payments (EUR 1,800.00)` and `are`.
fn payments(lines: &[&Line]) -> (String, &'static str) {
    let count = lines.len() as u64;
    let figure = Figure::of(lines.iter().copied());
    let sums = if figure.sums.is_empty() && figure.unclear == 0 {
        String::new()
    } else {
        format!(" ({})", figure.in_words())
    };
    (format!("{}{sums}", counted(count, "payment")), if count == 1 { "is" } else { "are" })
}

/// Payouts that are not paid yet, or may not be.
fn announced(own: &Own<'_>) -> Vec<String> {
    let lines = |at: When| -> Vec<&Line> {
        let lines = own.ledger.lines.iter();
        lines.filter(|line| line.kind == Of::Payout && when(line) == at).collect()
    };
    let mut sentences = Vec::new();
    let (future, undated) = (lines(When::Announced), lines(When::Undated));
    if !future.is_empty() {
        let (payments, are) = payments(&future);
        let next = future.iter().filter_map(|line| line.date).min();
        let next = next.map(|date| next_day(future.len(), &day(date), "is for"));
        sentences.push(format!("{payments} {are} announced{}.", next.unwrap_or_default()));
    }
    match undated.len() {
        0 => {}
        1 => {
            let (payment, _) = payments(&undated);
            sentences.push(format!("{payment} has no date, so it is not known if it was paid."));
        }
        _ => {
            let (payments, _) = payments(&undated);
            sentences
                .push(format!("{payments} have no date, so it is not known if they were paid."));
        }
    }
    sentences
}

fn next_day(count: usize, day: &str, is: &str) -> String {
    if count == 1 { format!(" for {day}") } else { format!("; the next one {is} {day}") }
}

/// Planned payments that are not held up, then the others by their reason.
fn to_come(own: &Own<'_>, entries: &Entries<'_>, reader: Reader) -> Vec<String> {
    let mut by_reason: BTreeMap<Option<usize>, Vec<&Line>> = BTreeMap::new();
    for planned in &entries.planned {
        by_reason.entry(planned.held).or_default().push(planned.line);
    }
    let sentence = |(why, lines): (&Option<usize>, &Vec<&Line>)| {
        let (payments, are) = payments(lines);
        match why {
            None => {
                let next = lines.iter().filter_map(|line| line.date);
                let next = next.filter(|date| *date >= own.export.today).min();
                let next = next.map(|date| next_day(lines.len(), &day(date), "is due on"));
                format!("{payments} {are} planned{}.", next.unwrap_or_default())
            }
            Some(why) => format!("{payments} {are} {}.", held(*why, reader).1),
        }
    };
    let mut sentences: Vec<String> = by_reason.iter().map(sentence).collect();
    match (own.knows_planned(), sentences.is_empty()) {
        (true, _) => {}
        (false, true) => sentences.push("It is not known which payments are planned.".to_owned()),
        (false, false) => sentences.push("More payments may be planned.".to_owned()),
    }
    sentences
}

fn owed(figures: &Figures<'_>, reader: Reader) -> Vec<String> {
    let (open, still) = (&figures.open, reader.still_has_to_pay());
    let owed = Figure { sums: open.with_sign(1), ..open.clone() };
    let mut sentences = vec![match (owed.sums.is_empty(), owed.unclear) {
        _ if open.is_unknown => format!("How much {still} is not known: data is missing."),
        (true, 0) => format!("{}.", reader.has_nothing_left_to_pay()),
        (true, _) => format!("How much {still} is not known ({}).", owed.in_words()),
        (false, _) => format!("{} {}{}.", capitalized(still), owed.in_words(), charges(figures)),
    }];
    let favor = open.with_sign(-1);
    if !favor.is_empty() && !open.is_unknown {
        sentences.push(format!("{} is {}.", favor.in_words(), reader.in_favor()));
    }
    sentences
}

/// `: a debt (due 1 Oct 2026), a fine`; without dates if there are many.
fn charges(figures: &Figures<'_>) -> String {
    let rows = &figures.open_rows;
    let said: Vec<String> = if rows.len() <= MOST_NAMED {
        rows.iter().map(|(role, row)| named(*role, row)).collect()
    } else {
        let count = |role: Role| rows.iter().filter(|(of, _)| *of == role).count() as u64;
        let counts = [(count(Role::Debt), "debt"), (count(Role::Penalties), "fine")];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        counts.map(|(count, noun)| counted(count, noun)).collect()
    };
    if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) }
}

/// Whether the entries agree with the records. What concerns only the records is in the notes.
fn agreement(own: &Own<'_>, figures: &Figures<'_>) -> Vec<String> {
    let verdict = &own.export.report.verdict;
    let lines = own.ledger.lines.iter().chain(&own.ledger.scheduled);
    let unclear = lines.filter(|line| line.in_no_sum.is_some()).count() as u64;
    let left_out = own.left_out();
    let mut sentences = Vec::new();
    if left_out > 0 {
        let entries = if left_out == 1 {
            "1 entry that names another booking is".to_owned()
        } else {
            format!("{left_out} entries that name other bookings are")
        };
        sentences.push(format!("This statement is not complete: {entries} left out."));
    }
    if unclear > 0 {
        let are = if unclear == 1 { "is" } else { "are" };
        let amounts = amounts(unclear);
        sentences.push(format!(
            "This statement is not complete: {amounts} {are} not clear and in no sum."
        ));
    }
    for reason in &verdict.reasons {
        let compares = matches!(reason, Reason::Differs(..) | Reason::Count(..));
        // A total may include what is left out.
        sentences.extend(sentence(reason).filter(|_| left_out == 0 || !compares));
    }
    if verdict.is_loading {
        sentences.push("This statement may not be complete: some data was still loading.".into());
    }
    if sentences.is_empty() && verdict.reasons.iter().any(|reason| !lacks_only_a_total(reason)) {
        sentences.push("This statement may not be complete.".into());
    }
    if sentences.is_empty() && verdict.kind == Kind::AddsUp && figures.open.unclear == 0 {
        sentences.push("The entries on this page add up to the recorded totals.".into());
    }
    sentences.dedup();
    sentences
}

fn lacks_only_a_total(reason: &Reason) -> bool {
    let is_total =
        |why: &Incomparable| matches!(why, Incomparable::NoTotal | Incomparable::OddTotal(_));
    matches!(reason, Reason::Incomparable(_, why) if is_total(why))
}

fn sentence(reason: &Reason) -> Option<String> {
    let incomplete = |what: &str| Some(format!("This statement is not complete: {what}."));
    match reason {
        Reason::Differs(..) | Reason::Count(..) => Some(
            "Some figures on this page do not match the records yet, so they may change.".into(),
        ),
        Reason::Failed(title, _) => incomplete(&format!("{} could not all be loaded", list(title))),
        Reason::Unmatched(title, _) => incomplete(&format!("{} are not all listed", list(title))),
        Reason::Incomparable(_, Incomparable::MixedCurrencies(_)) | Reason::Currencies(_) => Some(
            "The entries are in several currencies; each currency is added up separately.".into(),
        ),
        Reason::Incomparable(
            _,
            Incomparable::NotSummed(_) | Incomparable::NoTotal | Incomparable::OddTotal(_),
        )
        | Reason::OtherBookings(..) => None,
        Reason::Incomparable(role, _) => incomplete(&format!("the {} are missing", rows(*role))),
        Reason::Other(..) => incomplete("the records name another booking"),
    }
}

fn list(title: &str) -> &'static str {
    match title {
        title if title == ExtraList::Scheduled.title() => "the planned payments",
        title if title == ExtraList::Penalties.title() => "the fines",
        _ => "the debts",
    }
}

fn rows(role: Role) -> &'static str {
    match role {
        Role::Invoices => "invoices",
        Role::CreditNotes => "credit notes",
        Role::Penalties => "fines",
        Role::Debt => "debts",
        Role::Transactions => "payments",
    }
}
