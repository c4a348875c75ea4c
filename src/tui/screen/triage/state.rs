//! The state of the queue: which penalties are shown, the decisions of this session, and the
//! evidence.

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;
use indexmap::IndexMap;

use crate::triage::overview::{Cell, Overview};
use crate::triage::queue::{Grouping, Queue, QueueOptions};
use crate::tui::component::detail::Detail;
use crate::tui::component::table::groups::{Group, groups};
use crate::tui::cx::Cx;
use crate::tui::screen::triage::change::Decided;
use crate::tui::screen::triage::evidence::Evidence;

/// If the screen is at least this wide, the evidence is to the right of the queue.
const WIDE: u16 = 110;
const WIDEST_PANE: u16 = 60;

#[derive(Debug, Default)]
pub struct TriageScreen {
    pub is_in_overview: bool,
    /// Whether the user left it, instead of only switching to another list.
    pub is_left: bool,
    pub at: (usize, usize),
    pub cell: Option<Cell>,
    /// The day for which days overdue are counted, if it is not today.
    pub as_of: Option<NaiveDate>,
    pub grouping: Grouping,
    pub shows_all: bool,
    pub queue: Queue,
    pub overview: Overview,
    /// The decisions of this session, each with all its penalties.
    pub decisions: VecDeque<Vec<Decided>>,
    /// The penalties for which a prompt for a snooze or a note is open, by identity.
    pub asked_about: Vec<u64>,
    pub evidence: Evidence,
    pub arranged: Option<Arranged>,
    /// What the groups were made from.
    grouped: Option<Grouped>,
    /// The totals of the shown rows of each group.
    pub groups: IndexMap<String, Group>,
    pub detail: Detail,
}

/// What a queue is made from (rows, decisions, the day for days overdue, today, what is shown):
/// while it is unchanged, so is the queue.
type Arranged = ((u32, usize), u64, [NaiveDate; 2], (Option<Cell>, Grouping, bool));

/// Loaded rows, shown rows, the day for days overdue, the grouping.
type Grouped = ((u32, usize), u64, NaiveDate, Grouping);

impl TriageScreen {
    pub fn day(&self, today: NaiveDate) -> NaiveDate {
        self.as_of.unwrap_or(today)
    }

    /// Rebuilds the queue and the matrix if `Arranged` changed.
    pub fn arrange(&mut self, cx: &mut Cx) {
        let today = cx.now.local.date();
        let day = self.day(today);
        let records = cx.list().table.records();
        let (version, shown) =
            (cx.list().table.records_version(), (self.cell, self.grouping, self.shows_all));
        let arranged = (version, cx.decisions_version, [day, today], shown);
        if self.arranged == Some(arranged) {
            return;
        }
        self.arranged = Some(arranged);
        self.overview = Overview::of(records, day);
        self.queue = self.queue_of(self.cell, cx);
        cx.list_mut().table.set_queue(Some(&self.queue.places));
        let (rows, columns) = (self.overview.tallies.len(), self.overview.columns.len());
        self.at.0 = self.at.0.min(rows.saturating_sub(1));
        self.at.1 = self.at.1.min(columns.saturating_sub(1));
    }

    /// Rebuilds the groups if other rows are shown; not for each frame, because the keys are texts.
    pub fn group(&mut self, cx: &Cx) {
        let table = &cx.list().table;
        let (day, grouping) = (self.day(cx.now.local.date()), self.grouping);
        let grouped = (table.records_version(), table.arrangement(), day, grouping);
        if self.grouped == Some(grouped) {
            return;
        }
        self.grouped = Some(grouped);
        let mut all: BTreeMap<String, usize> = BTreeMap::new();
        for key in table.records().iter().map_while(|record| grouping.key(record)) {
            *all.entry(key).or_default() += 1;
        }
        let shown = (0..table.len()).filter_map(|row| table.row(row));
        self.groups = groups(grouping, shown, &all, day);
    }

    /// The queue of the loaded penalties in a cell of the matrix.
    pub fn queue_of(&self, cell: Option<Cell>, cx: &Cx) -> Queue {
        let today = cx.now.local.date();
        let options = QueueOptions {
            day: self.day(today),
            today,
            cell,
            grouping: self.grouping,
            shows_all: self.shows_all,
        };
        Queue::of(cx.list().table.records(), &cx.kept.memory, &options)
    }
}

/// Cells of the evidence pane to the right of the queue; `None` if it is below.
pub fn evidence_width(screen: u16) -> Option<u16> {
    (screen >= WIDE).then_some((screen / 2).min(WIDEST_PANE))
}
