//! The rows of all customers in one table, their order, and the cursor.

use std::collections::VecDeque;

use chrono::NaiveDate;

use super::decide::AskedAbout;
use super::evidence::{Asked, BookingKey};
use super::part::Part;
use crate::list::penalties::SPEC;
use crate::list::record::Record;
use crate::triage::queue::{Grouping, Queue, QueueOptions, triage_state};
use crate::tui::component::detail::Detail;
use crate::tui::component::table::Table;
use crate::tui::cx::Cx;
use crate::tui::msg::Now;
use crate::tui::screen::triage::change::Decided;
use crate::tui::screen::triage::evidence::Evidence;

/// Milliseconds after the first rows were shown, in which nobody has read one: more urgent rows that
/// arrive then move the cursor to the first row.
const UNREAD: u64 = 500;

#[derive(Debug)]
pub struct TriageAllScreen {
    /// In the order of the settings.
    pub parts: Vec<Part>,
    pub(super) table: Table,
    /// The position of each record of the table: which customer, which of its rows.
    places: Vec<(usize, usize)>,
    pub queue: Queue,
    pub shows_all: bool,
    /// The decisions of this session, each with all its penalties.
    pub decisions: VecDeque<Vec<Decided>>,
    /// The penalties for which a prompt is open.
    pub(super) asked_about: AskedAbout,
    pub(super) evidence: Evidence<BookingKey>,
    pub(super) asked: Option<Asked>,
    /// Whether the rows of a customer changed since they were put into the table.
    pub(super) is_stale: bool,
    /// What the queue was made from, besides rows and decisions.
    arranged: Option<(NaiveDate, bool)>,
    /// Whether the user did anything here: from then on, the cursor stays on its penalty.
    pub(super) has_moved: bool,
    /// When rows that arrived were put into the table last, in milliseconds since the start.
    pub(super) accepted: Option<u64>,
    /// When the first rows were shown, in milliseconds since the start.
    pub(super) shown_since: Option<u64>,
    /// Since when something is loaded.
    pub(super) since: Option<Now>,
    pub(super) detail: Detail,
}

impl Default for TriageAllScreen {
    fn default() -> Self {
        let mut table = Table::new(&SPEC);
        table.go_to_column("booking_id");
        Self {
            parts: Vec::new(),
            table,
            places: Vec::new(),
            queue: Queue::default(),
            shows_all: false,
            decisions: VecDeque::new(),
            asked_about: AskedAbout::default(),
            evidence: Evidence::default(),
            asked: None,
            is_stale: true,
            arranged: None,
            has_moved: false,
            accepted: None,
            shown_since: None,
            since: None,
            detail: Detail { is_open: true, ..Detail::default() },
        }
    }
}

impl TriageAllScreen {
    /// The decisions about a customer changed.
    pub(super) fn decided(&mut self) {
        self.arranged = None;
    }

    /// Rebuilds the table if rows changed, and the queue if anything did.
    pub(super) fn arrange(&mut self, cx: &Cx) {
        if self.is_stale {
            self.put_into_table();
        }
        let today = cx.now.local.date();
        let arranged = (today, self.shows_all);
        if self.arranged == Some(arranged) {
            return;
        }
        self.arranged = Some(arranged);
        let rows = self.parts.iter();
        let rows = rows.flat_map(|part| part.rows.iter().map(|record| (record, &part.memory)));
        let options = QueueOptions {
            day: today,
            today,
            cell: None,
            grouping: Grouping::None,
            shows_all: self.shows_all,
        };
        self.queue = Queue::of_all(&rows.collect::<Vec<_>>(), &options);
        self.table.set_queue(Some(&self.queue.places));
        self.run_table();
        if self.is_unread(cx) {
            self.table.go_to_row(0);
        }
    }

    fn is_unread(&self, cx: &Cx) -> bool {
        let is_new = self.shown_since.is_none_or(|since| cx.now.elapsed < since + UNREAD);
        is_new && !self.has_moved
    }

    pub(super) fn put_into_table(&mut self) {
        (self.is_stale, self.arranged) = (false, None);
        self.table.replace_of(self.parts.iter().map(|part| (part.number(), part.rows.clone())));
        let places = self.parts.iter().enumerate();
        let places = places.flat_map(|(at, part)| (0..part.rows.len()).map(move |row| (at, row)));
        self.places = places.collect();
    }

    /// There are few rows: they are arranged at once.
    pub(super) fn run_table(&mut self) {
        while let Some(job) = self.table.take_job(false) {
            self.table.accept(Some(job.run()));
        }
    }

    /// The position of the customer of a row.
    pub fn place(&self, row: usize) -> Option<usize> {
        self.places.get(self.table.index(row)?).map(|(at, _)| *at)
    }

    /// The customer and the penalty of a row, as it was loaded.
    pub fn row(&self, row: usize) -> Option<(&Part, &Record)> {
        let (_, part, record) = self.record(self.table.index(row)?)?;
        Some((part, record))
    }

    /// The position of the customer of a record of the table, the customer, and the penalty.
    pub(super) fn record(&self, index: usize) -> Option<(usize, &Part, &Record)> {
        let (at, of_part) = *self.places.get(index)?;
        let part = self.parts.get(at)?;
        Some((at, part, part.rows.get(of_part)?))
    }

    pub fn selected_row(&self) -> Option<(&Part, &Record)> {
        self.row(self.table.cursor())
    }

    /// The shown rows of undecided penalties.
    pub(super) fn open_rows(&self, today: NaiveDate) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.table.len()).filter(move |row| {
            self.row(*row).is_some_and(|(part, record)| {
                triage_state(record, part.entry(record), today).wants_attention()
            })
        })
    }
}
