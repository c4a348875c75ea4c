//! The state of triage: what of the penalties is shown, what was decided in this session, and what is
//! known of the booking beside the queue.

use chrono::NaiveDate;
use evidence::Evidence;
use since::Since;

use crate::list::penalties;
use crate::triage::memory::Entry;
use crate::triage::overview::{Cell, Overview};
use crate::triage::queue::{Grouping, Queue};
use crate::tui::keymap::Scope;
use crate::tui::model::{Detail, Model};
use crate::tui::screen::booking::state::View;
use crate::tui::screen::booking::totals as panel;
use crate::tui::screen::triage::{evidence, since};

/// Cells of a queue beside which the evidence stands; with less room it stands below.
const QUEUE: u16 = 49;
/// Cells of the evidence pane at least.
const NARROWEST_PANE: u16 = 30;
/// Cells of the evidence pane at most.
const WIDEST_PANE: u16 = 60;
/// Lines of the matrix above its currencies: what it speaks of, the titles, all currencies.
const ABOVE: usize = 3;

#[derive(Debug, Default)]
pub struct Triage {
    /// Whether the penalties are shown as a queue.
    pub is_on: bool,
    /// Whether the keys move in the matrix.
    pub is_in_overview: bool,
    /// The row and the column of the matrix where its cursor is.
    pub at: (usize, usize),
    /// The cell that the queue is narrowed to.
    pub cell: Option<Cell>,
    /// The day that ages are counted to, where it is not today.
    pub as_of: Option<NaiveDate>,
    /// What rows are put together by.
    pub grouping: Grouping,
    /// Whether snoozed and done ones are shown.
    pub shows_all: bool,
    /// The order of the rows, and how far one has come.
    pub queue: Queue,
    pub overview: Overview,
    /// What stood before each decision of this session, the newest last.
    pub steps: Vec<Step>,
    /// What is known of the bookings of the rows.
    pub evidence: Evidence,
    /// What is new since the last session.
    pub since: Since,
    pub revision: u64,
    /// What the queue was made from.
    pub arranged: Option<Arranged>,
    /// The detail pane as it was before.
    pub below: Detail,
}

#[derive(Debug)]
pub struct Step {
    /// For each penalty its id, and what was remembered of it before.
    pub before: Vec<(String, Option<Entry>)>,
    /// The changes of filters that could be undone then: one that was made later goes first.
    pub filters: usize,
}

/// What a queue is made from: as long as it is the same, so is the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arranged {
    pub generation: u64,
    pub revision: u64,
    /// The day of the ages, and today.
    pub days: (NaiveDate, NaiveDate),
    pub shown: (Option<Cell>, Grouping, bool),
}

impl Triage {
    /// The day that ages are counted to.
    pub fn day(&self, today: NaiveDate) -> NaiveDate {
        self.as_of.unwrap_or(today)
    }
}

impl Model {
    /// Whether the penalties are on the screen as a queue.
    pub fn is_triaging(&self) -> bool {
        self.triage.is_on && self.shows_list() && self.is_at_penalties()
    }

    /// Whether the list on the screen, or below the booking, is that of the penalties.
    pub fn is_at_penalties(&self) -> bool {
        self.list().is_some_and(|list| list.spec().key == penalties::SPEC.key)
    }

    /// The bindings that hold where a list is shown.
    pub fn scope_of_list(&self) -> Scope {
        match (self.is_triaging(), self.triage.is_in_overview) {
            (false, _) => Scope::List,
            (true, false) => Scope::Triage,
            (true, true) => Scope::Overview,
        }
    }

    /// Lines that the panel above the rows wants: the totals of a booking, the matrix of triage.
    pub fn panel_lines(&self) -> usize {
        // The totals stand beside the sections; ledger and checks have the whole body.
        match self.bookings.last() {
            _ if self.sheet().is_some() => 0,
            Some(booking) if booking.view == View::Sections => panel::lines(booking).len() + 1,
            None if self.is_triaging() => ABOVE + self.triage.overview.currencies.len(),
            _ => 0,
        }
    }

    /// Cells of the evidence pane beside the queue; none where it stands below.
    pub fn evidence_width(&self) -> Option<u16> {
        let left = self.size.0.saturating_sub(QUEUE);
        let wide = (self.size.0 / 2).clamp(NARROWEST_PANE, WIDEST_PANE);
        (self.is_triaging() && left >= NARROWEST_PANE).then_some(left.min(wide))
    }
}
