//! The check of credit notes against the invoices that they take back.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::{Facts, Outcome, Tally};
use crate::conciliation::row::{RowAt, amount, described, is_credit_note, key_of, placed};
use crate::conciliation::{Conciliation, Role};
use crate::domain::money::format_money;
use crate::domain::text::Untrusted;
use crate::list::record::Record;

type Placed<'a> = (RowAt, &'a Record);

/// Credit notes without their invoice, or together larger than it.
pub(super) fn originals(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Invoices, Role::CreditNotes]);
    let (credits, invoices): (Vec<Placed<'_>>, Vec<_>) =
        placed(facts.booking, Role::Invoices).partition(|(_, row)| is_credit_note(row));
    // By each of their numbers; the first of two that share one.
    let mut numbered = HashMap::new();
    for invoice in invoices {
        let numbers = ["doc_number", "document_id"].map(|name| invoice.1.text(name));
        for number in numbers.into_iter().flatten() {
            numbered.entry(key_of(number)).or_insert(invoice);
        }
    }
    let mut unnamed = 0;
    let mut taken: IndexMap<String, (&Untrusted, Vec<Placed<'_>>)> = IndexMap::new();
    for note in placed(facts.booking, Role::CreditNotes).chain(credits) {
        let Some(original) = note.1.text("original_document") else {
            unnamed += 1;
            continue;
        };
        taken.entry(key_of(original)).or_insert((original, Vec::new())).1.push(note);
    }
    let has_invoices = tally.unknown.is_empty();
    for (key, (original, notes)) in taken {
        match numbered.get(&key) {
            Some(invoice) => compare(facts.booking, &notes, original, *invoice, &mut tally),
            None if has_invoices => {
                let other = format!("its original {} is not among the invoices", original.shown());
                let rows = notes.iter().map(|(at, _)| *at).collect();
                tally.find(in_words(facts.booking, &notes), other, rows);
            }
            None => {}
        }
    }
    tally.miss(unnamed, "no original document");
    tally.outcome()
}

fn in_words(booking: &Conciliation, notes: &[Placed<'_>]) -> String {
    match notes {
        [(at, _)] => described(booking, *at),
        notes => format!("{} credit notes", notes.len()),
    }
}

/// Compares all credit notes of one original with it.
fn compare(
    booking: &Conciliation,
    notes: &[Placed<'_>],
    original: &Untrusted,
    invoice: Placed<'_>,
    tally: &mut Tally,
) {
    let words = in_words(booking, notes);
    let currency = invoice.1.currency();
    // Without their signs, since credit notes may come with either.
    let size = |row: &Record| {
        let is_alike = row.currency() == currency;
        amount(row, Role::CreditNotes).filter(|_| is_alike).map(i128::abs)
    };
    let sum: Option<i128> = notes.iter().map(|(_, row)| size(row)).sum();
    let Some((sum, whole)) = sum.zip(size(invoice.1)) else {
        let why = "cannot be compared with its original: an amount or the currency";
        return tally.unknown.push(format!("{words} {why}"));
    };
    if sum > whole {
        let one = format!("{words}: {} taken back", format_money(sum, currency));
        let other = format!("of {} over {}", original.shown(), format_money(whole, currency));
        let rows = notes.iter().map(|(at, _)| *at).chain([invoice.0]).collect();
        tally.find(one, other, rows);
    }
}
