//! Where the lines of the ledger view come from.

use crate::conciliation::ledger::{Entry, Source};
use crate::tui::screen::booking::state::Content;

pub fn len(content: &Content) -> usize {
    content.report.ledger.entries().count()
}

pub fn source(content: &Content, at: usize) -> Option<Source> {
    match content.report.ledger.entries().nth(at)? {
        Entry::Row(line) | Entry::Scheduled(line) => Some(line.source),
        Entry::Today => None,
    }
}
