//! The lines of the ledger view: the rows, the line of today, what is scheduled below it.

use crate::conciliation::ledger::{Line, Source};
use crate::tui::screen::booking::state::Content;

#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    Row(&'a Line),
    /// The line between what was and what is to come.
    Today,
    /// A scheduled payment, in no balance.
    Scheduled(&'a Line),
}

pub fn entries(content: &Content) -> impl Iterator<Item = Entry<'_>> {
    let ledger = &content.report.findings.ledger;
    let (past, later) = ledger.lines.split_at(ledger.until_today.min(ledger.lines.len()));
    let rows = past.iter().map(Entry::Row).chain([Entry::Today]);
    rows.chain(later.iter().map(Entry::Row)).chain(ledger.scheduled.iter().map(Entry::Scheduled))
}

pub fn len(content: &Content) -> usize {
    let ledger = &content.report.findings.ledger;
    ledger.lines.len() + 1 + ledger.scheduled.len()
}

/// The row from which a line comes.
pub fn source(content: &Content, at: usize) -> Option<Source> {
    match entries(content).nth(at)? {
        Entry::Row(line) | Entry::Scheduled(line) => Some(line.source),
        Entry::Today => None,
    }
}
