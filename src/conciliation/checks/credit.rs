//! The check of credit notes against the invoices that they take back.

use std::collections::HashMap;

use super::{Facts, Outcome, Tally};
use crate::conciliation::row::{RowAt, amount, described, is_credit_note, key_of, placed};
use crate::conciliation::{Conciliation, Role};
use crate::domain::money::format_money;
use crate::domain::text::Untrusted;
use crate::list::record::Record;

/// All credit notes of one original, and what they take back of it.
struct Taken<'a> {
    original: &'a Untrusted,
    rows: Vec<RowAt>,
    words: String,
    /// Minor units, without a sign; `None` where a note has no amount or another currency.
    sum: Option<u128>,
}

/// Credit notes without their invoice, or together larger than it.
pub(super) fn originals(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Invoices, Role::CreditNotes]);
    let mut taken: Vec<Taken<'_>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut unnamed = 0;
    for (at, row) in credit_notes(facts) {
        let Some(original) = row.text("original_document") else {
            unnamed += 1;
            continue;
        };
        let size = size(row);
        let next = taken.len();
        let place = *known.entry(key_of(original)).or_insert(next);
        match taken.get_mut(place) {
            Some(known) => {
                known.rows.push(at);
                known.words = format!("{} credit notes", known.rows.len());
                known.sum = known.sum.zip(size).map(|(sum, size)| sum + size);
            }
            None => {
                let words = described(facts.booking, at);
                taken.push(Taken { original, rows: vec![at], words, sum: size });
            }
        }
    }
    let has_invoices = tally.unknown.is_empty();
    let invoices = invoices(facts.booking);
    for one in taken {
        let original = invoices.get(&key_of(one.original));
        compare(facts, one, original.copied(), has_invoices, &mut tally);
    }
    tally.miss(unnamed, "no original document");
    tally.outcome()
}

/// The rows of the section, and credit notes among the invoices.
fn credit_notes<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (RowAt, &'a Record)> {
    let among = placed(facts.booking, Role::Invoices).filter(|(_, row)| is_credit_note(row));
    placed(facts.booking, Role::CreditNotes).chain(among)
}

/// The invoices by each of their numbers; the first of two that share one.
fn invoices(booking: &Conciliation) -> HashMap<String, (RowAt, &Record)> {
    let mut numbered = HashMap::new();
    for (at, row) in placed(booking, Role::Invoices).filter(|(_, row)| !is_credit_note(row)) {
        for number in [row.text("doc_number"), row.text("document_id")].into_iter().flatten() {
            numbered.entry(key_of(number)).or_insert((at, row));
        }
    }
    numbered
}

fn compare(
    facts: &Facts<'_>,
    taken: Taken<'_>,
    invoice: Option<(RowAt, &Record)>,
    has_invoices: bool,
    tally: &mut Tally,
) {
    let Taken { original, mut rows, words, sum } = taken;
    let Some((at, invoice)) = invoice else {
        if has_invoices {
            let other = format!("its original {} is not among the invoices", original.shown());
            tally.find(words, other, rows);
        }
        return;
    };
    let currency = invoice.currency();
    let is_alike =
        rows.iter().all(|at| facts.booking.row(*at).is_some_and(|row| row.currency() == currency));
    let (Some(sum), Some(whole), true) = (sum, size(invoice), is_alike) else {
        let why = "cannot be compared with its original: an amount or the currency";
        tally.unknown.push(format!("{words} {why}"));
        return;
    };
    if sum > whole {
        let money = |size: u128| format_money(i128::try_from(size).unwrap_or(i128::MAX), currency);
        rows.push(at);
        let one = format!("{words}: {} taken back", money(sum));
        tally.find(one, format!("of {} over {}", original.shown(), money(whole)), rows);
    }
}

/// The amount without its sign, since credit notes may come with either.
fn size(row: &Record) -> Option<u128> {
    amount(row, Role::CreditNotes).map(i128::unsigned_abs)
}
