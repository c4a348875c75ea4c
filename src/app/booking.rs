//! The state of one booking's screen: the server's totals and a table for each section.

use super::effect::Ticket;
use super::model::Detail;
use super::msg::Now;
use super::table::Table;
use crate::conciliation::{Conciliation, Figure, Rows, SectionKind, Total};
use crate::domain::failure::Failure;
use crate::domain::money::Sums;
use crate::domain::text::Untrusted;

/// A booking that was opened.
#[derive(Debug, Clone)]
pub struct Booking {
    /// The reference that was asked for.
    pub asked: Untrusted,
    /// What came, once it has.
    pub content: Option<Content>,
    /// The section that is shown.
    pub section: usize,
    /// The request that is waited for, and since when.
    pub load: Option<(Ticket, Now)>,
    /// Why the last request gave nothing.
    pub failure: Option<Failure>,
    /// The detail pane of the screen below, as it was.
    pub below: Detail,
}

/// What the conciliation call gave.
#[derive(Debug, Clone)]
pub struct Content {
    /// The reference as the server gives it.
    pub reference: Untrusted,
    /// The sections, in the order of the screen.
    pub sections: Vec<SectionView>,
    /// Totals that belong to no section, such as the count of transactions.
    pub other_totals: Vec<Total>,
    /// What else the body holds.
    pub extras: Vec<(Untrusted, Untrusted)>,
    /// When it came.
    pub fetched: Now,
}

/// One section with its total.
#[derive(Debug, Clone)]
pub struct SectionView {
    /// What it holds.
    pub kind: &'static SectionKind,
    /// Its rows.
    pub table: Table,
    /// Rows without a readable amount.
    pub without_amount: usize,
    /// The server's total.
    pub server: Option<Figure>,
    /// Why there are no rows, where the section itself is not there.
    pub gap: Option<Gap>,
}

/// Why a section has no rows to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// The answer has no such section.
    Absent,
    /// The section has a shape that valora does not know; its JSON.
    Odd(Untrusted),
}

impl Booking {
    /// A booking of which nothing is known yet.
    #[must_use]
    pub fn new(asked: Untrusted, below: Detail) -> Self {
        Self { asked, content: None, section: 0, load: None, failure: None, below }
    }

    /// The section that is shown.
    #[must_use]
    pub fn shown(&self) -> Option<&SectionView> {
        self.content.as_ref()?.sections.get(self.section)
    }

    /// The table of the section that is shown.
    pub fn table_mut(&mut self) -> Option<&mut Table> {
        let section = self.content.as_mut()?.sections.get_mut(self.section)?;
        Some(&mut section.table)
    }

    /// Takes an answer; the cursors of an earlier one stay on their records.
    pub fn accept(&mut self, conciliation: Conciliation, now: Now) {
        self.load = None;
        self.failure = None;
        let is_first = self.content.is_none();
        let mut content = Content::from(conciliation, now);
        if let Some(before) = &mut self.content {
            for (section, before) in content.sections.iter_mut().zip(&mut before.sections) {
                let records = section.table.records().to_vec();
                std::mem::swap(&mut section.table, &mut before.table);
                section.table.replace([records]);
            }
        }
        if is_first {
            let is_filled = |section: &SectionView| !section.table.is_empty();
            self.section = content.sections.iter().position(is_filled).unwrap_or(0);
        }
        self.content = Some(content);
    }

    /// Notes that the request failed; what was shown stays.
    pub fn fail(&mut self, failure: Failure) {
        self.load = None;
        self.failure = Some(failure);
    }
}

impl Content {
    fn from(conciliation: Conciliation, now: Now) -> Self {
        let mut sections = Vec::with_capacity(conciliation.sections.len());
        let mut other_totals = conciliation.totals;
        for section in conciliation.sections {
            let (_, without_amount) = section.sums();
            let at = other_totals
                .iter()
                .position(|total| total.name.raw_never_printed() == section.kind.total);
            let server = at.map(|at| other_totals.remove(at).figure);
            let mut table = Table::new(section.kind.spec, section.kind.amount);
            let gap = match section.rows {
                Rows::Came(records) => {
                    table.extend(records);
                    None
                }
                Rows::Absent => Some(Gap::Absent),
                Rows::Odd(json) => Some(Gap::Odd(json)),
            };
            sections.push(SectionView { kind: section.kind, table, without_amount, server, gap });
        }
        Self {
            reference: conciliation.reference,
            sections,
            other_totals,
            extras: conciliation.extras,
            fetched: now,
        }
    }
}

/// How the server's total of a section compares with the sum of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// They are equal.
    Agrees,
    /// They differ by so many minor units, the server's less the rows'.
    Differs(i128),
    /// They cannot be compared, and why.
    Open(&'static str),
}

impl SectionView {
    /// Compares the server's total with the sum of the rows, where that can be done.
    #[must_use]
    pub fn comparison(&self) -> Comparison {
        let Some(Figure::Minor(server)) = self.server else { return Comparison::Open("") };
        if self.gap.is_some() {
            return Comparison::Open("");
        }
        if self.without_amount > 0 {
            return Comparison::Open("a row has no amount");
        }
        match single(self.table.sums()) {
            None => Comparison::Open("several currencies"),
            Some(sum) if sum == i128::from(server) => Comparison::Agrees,
            Some(sum) => Comparison::Differs(i128::from(server) - sum),
        }
    }
}

/// The sum where all rows are in one currency; nothing sums to zero.
fn single(sums: &Sums) -> Option<i128> {
    let mut each = sums.iter();
    match (each.next(), each.next()) {
        (None, _) => Some(0),
        (Some((_, minor)), None) => Some(minor),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(body: &str) -> Booking {
        let mut booking = Booking::new(Untrusted::new("BK1"), Detail::default());
        let now = Now { elapsed: 0, local: chrono::NaiveDateTime::default() };
        booking.accept(Conciliation::read("BK1", body).unwrap(), now);
        booking
    }

    #[test]
    fn a_total_is_compared_only_where_it_can_be() {
        let table = [
            (
                r#"{"totals":{"debt":500},"debt":[{"amount":500,"currency":"EUR"}]}"#,
                Comparison::Agrees,
            ),
            (
                r#"{"totals":{"debt":499},"debt":[{"amount":500,"currency":"EUR"}]}"#,
                Comparison::Differs(-1),
            ),
            (r#"{"totals":{"debt":0},"debt":[]}"#, Comparison::Agrees),
            (r#"{"totals":{"debt":0}}"#, Comparison::Open("")),
            (r#"{"totals":{},"debt":[]}"#, Comparison::Open("")),
            (
                r#"{"totals":{"debt":500},"debt":[{"amount":{}}]}"#,
                Comparison::Open("a row has no amount"),
            ),
            (
                r#"{"totals":{"debt":2},"debt":[{"id":1,"amount":1,"currency":"EUR"},
                    {"id":2,"amount":1,"currency":"PLN"}]}"#,
                Comparison::Open("several currencies"),
            ),
        ];
        for (body, expected) in table {
            let booking = opened(body);
            assert_eq!(booking.content.unwrap().sections[3].comparison(), expected, "{body}");
        }
    }

    #[test]
    fn the_first_section_with_rows_is_shown_and_a_refresh_keeps_the_choice() {
        let mut booking = opened(r#"{"debt":[{"id":"a"},{"id":"b"}],"transactions":[{}]}"#);
        assert_eq!(booking.section, 3);
        booking.table_mut().unwrap().step(super::super::keymap::Step::Down, 5);
        let anew = r#"{"invoicing":{"invoices":[{}]},"debt":[{"id":"c"},{"id":"a"},{"id":"b"}]}"#;
        let now = Now { elapsed: 1, local: chrono::NaiveDateTime::default() };
        booking.accept(Conciliation::read("BK1", anew).unwrap(), now);
        assert_eq!((booking.section, booking.table_mut().unwrap().cursor()), (3, 2));
    }
}
