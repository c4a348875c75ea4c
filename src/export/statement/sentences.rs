//! The result of a booking in sentences: what the owner was paid, what comes, what is owed, and whether the
//! entries agree with the records.

use std::collections::BTreeMap;

use super::entries::{Entries, Planned, held, paid, sum_of};
use super::{Reader, day};
use crate::conciliation::Role;
use crate::conciliation::report::ExtraList;
use crate::conciliation::totals::{Difference, Incomparable};
use crate::conciliation::verdict::{Kind, Reason};
use crate::domain::money::{counted, format_money};
use crate::domain::normalize::capitalized;
use crate::export::BookingExport;
use crate::list::record::Record;

/// Open charges that are named one by one.
const MOST_NAMED: usize = 3;

pub(super) fn all(
    export: &BookingExport<'_>,
    entries: &Entries<'_>,
    reader: Reader,
) -> Vec<String> {
    let mut sentences = vec![was_paid(export, reader)];
    sentences.extend(to_come(entries, export, reader));
    sentences.push(owed(export, reader));
    sentences.extend(agreement(export));
    sentences
}

fn was_paid(export: &BookingExport<'_>, reader: Reader) -> String {
    let sums = paid(&export.report.ledger);
    match sums.is_empty() {
        true => format!("Nothing has been paid to {} for this booking yet.", reader.you()),
        false => format!("{} has been paid to {} so far.", sums.in_words(), reader.you()),
    }
}

/// Planned payments that are not held up, then the others by their reason.
fn to_come(entries: &Entries<'_>, export: &BookingExport<'_>, reader: Reader) -> Vec<String> {
    let mut by_reason: BTreeMap<Option<usize>, Vec<&Planned<'_>>> = BTreeMap::new();
    for planned in &entries.planned {
        by_reason.entry(planned.held).or_default().push(planned);
    }
    let sentence = |(why, planned): (Option<usize>, Vec<&Planned<'_>>)| {
        let count = planned.len() as u64;
        let are = if count == 1 { "is" } else { "are" };
        let sums = sum_of(planned.iter().copied());
        let sums = if sums.is_empty() { String::new() } else { format!(" ({})", sums.in_words()) };
        let payments = counted(count, "payment");
        match why {
            None => {
                let next = planned.iter().filter_map(|it| it.line.date);
                let next = next.filter(|day| *day >= export.today).min();
                let next = next.map(|it| match count {
                    1 => format!(" for {}", day(it)),
                    _ => format!("; the next one is due on {}", day(it)),
                });
                format!("{payments}{sums} {are} planned{}.", next.unwrap_or_default())
            }
            Some(why) => format!("{payments}{sums} {are} on hold{}.", held(why, reader).1),
        }
    };
    by_reason.into_iter().map(sentence).collect()
}

/// What is left to be paid, as an amount.
pub(super) fn still_open(export: &BookingExport<'_>) -> String {
    let open = &export.report.summary.still_open;
    match open.sums.iter().all(|(_, minor)| minor == 0) {
        _ if open.is_unknown => "not known".to_owned(),
        true => "nothing".to_owned(),
        false => open.sums.in_words(),
    }
}

fn owed(export: &BookingExport<'_>, reader: Reader) -> String {
    let open = &export.report.summary.still_open;
    let you_have = capitalized(reader.you_have());
    if open.is_unknown {
        return format!("What {} left to pay is not known: data is missing.", reader.you_have());
    }
    match still_open(export).as_str() {
        "nothing" => format!("{you_have} nothing left to pay."),
        sums => format!("{you_have} {sums} left to pay{}.", open_charges(export)),
    }
}

/// `: a debt (due 1 Oct 2026), a fine`; without dates if there are many.
fn open_charges(export: &BookingExport<'_>) -> String {
    let booking = &export.report.booking;
    let of = |role: Role| booking.rows(role).iter().filter(|row| row.is_open());
    let dated = |row: &Record| row.date("due_date").map(|due| format!(" (due {})", day(due)));
    let named = |noun: &'static str| {
        move |row: &Record| format!("{noun}{}", dated(row).unwrap_or_default())
    };
    let (debts, fines) = (of(Role::Debt).count(), of(Role::Penalties).count());
    let said: Vec<String> = if debts + fines <= MOST_NAMED {
        let debts = of(Role::Debt).map(named("a debt"));
        debts.chain(of(Role::Penalties).map(named("a fine"))).collect()
    } else {
        let counts = [(debts, "debt"), (fines, "fine")].into_iter().filter(|(count, _)| *count > 0);
        counts.map(|(count, noun)| counted(count as u64, noun)).collect()
    };
    if said.is_empty() { String::new() } else { format!(": {}", said.join(", ")) }
}

/// Whether the entries agree with the records. Reasons that concern other bookings are left out.
fn agreement(export: &BookingExport<'_>) -> Vec<String> {
    let verdict = &export.report.verdict;
    let mut sentences: Vec<String> = verdict.reasons.iter().filter_map(sentence).collect();
    if verdict.is_loading {
        sentences.push("This statement may not be complete: some data was still loading.".into());
    }
    if sentences.is_empty() && verdict.kind == Kind::Incomplete {
        sentences.push("This statement may not be complete.".into());
    }
    if sentences.is_empty() {
        sentences.push("The entries on this page add up to the recorded totals.".into());
    }
    sentences.dedup();
    sentences
}

fn sentence(reason: &Reason) -> Option<String> {
    let incomplete = |what: &str| Some(format!("This statement is not complete: {what}."));
    match reason {
        Reason::Differs(role, by) => Some(differs(*role, by)),
        Reason::Count(recorded, listed) => {
            Some(format!("The records count {recorded} payments, and this page lists {listed}."))
        }
        Reason::Failed(title, _) => incomplete(&format!("{} could not be loaded", list(title))),
        Reason::Unmatched(title, _) => incomplete(&format!("{} are not all listed", list(title))),
        Reason::Incomparable(_, Incomparable::MixedCurrencies(_)) | Reason::Currencies(_) => Some(
            "The entries are in several currencies; each currency is added up separately.".into(),
        ),
        Reason::Incomparable(role, Incomparable::NotSummed(_)) => {
            incomplete(&format!("not all {} have a clear amount", rows(*role)))
        }
        Reason::Incomparable(role, Incomparable::NoTotal | Incomparable::OddTotal(_)) => {
            Some(format!("The {} could not be compared with a recorded total.", rows(*role)))
        }
        Reason::Incomparable(role, _) => incomplete(&format!("the {} are missing", rows(*role))),
        Reason::Other(..) => incomplete("the records name another booking"),
        Reason::OtherBookings(..) => None,
    }
}

fn differs(role: Role, by: &Difference) -> String {
    let amount = format_money(by.by.abs(), by.currency);
    let more = if by.by > 0 { "more" } else { "less" };
    format!(
        "The recorded total of the {} is {amount} {more} than the entries on this page.",
        rows(role)
    )
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
