//! A table of records with its cursor, which follows the record, not the row.

pub mod arrange;
pub mod columns;
pub mod extract;
pub mod found;
pub mod grid;
pub mod groups;
pub mod job;
pub mod marks;
mod measure;
pub mod motion;
mod owners;
pub mod view;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use job::{ArrangeWhen, Ordered, RowOptions};
use measure::{measure, no_widths, varying};

use crate::domain::names::Names;
use crate::domain::text::Untrusted;
use crate::figures::Figures;
use crate::figures::summary::Of;
use crate::list::Spec;
use crate::list::record::Record;
use crate::search::Haystack;
use crate::state::persisted::ListColumns;
use crate::tui::component::scroll::Scroll;

pub use job::{Arrangement, SortJob};

/// All rows have the same owner.
const NO_OWNER: u64 = 0;
/// Most texts to share between rows; with more, nearly every row has its own.
const MOST_SHARED: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowsOf {
    List,
    /// No owner column: the owner is the same for all rows.
    Booking,
}

/// Whether a search may be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SearchLine {
    Closed,
    Open,
}

#[derive(Debug, Clone)]
pub struct Table {
    spec: &'static Spec,
    pub options: RowOptions,
    records: Arc<Vec<Record>>,
    /// The owners of bookings, if the list has such a column.
    names: Arc<Names>,
    rows_of: RowsOf,
    replaced: u32,
    /// Longer texts that several rows share.
    texts: HashSet<Untrusted>,
    /// Unique for each record, even if records look the same.
    identities: Vec<u64>,
    duplicates: HashMap<u64, u32>,
    /// Positions of the shown records.
    shown: Vec<u32>,
    /// Incremented whenever `shown` changes.
    arrangement: u64,
    ordered: Option<Arc<Ordered>>,
    haystack: Option<Arc<Haystack>>,
    search: SearchLine,
    due: ArrangeWhen,
    is_arranging: bool,
    wants_first: bool,
    all: Figures,
    /// Of the rows that are shown.
    figures: Figures,
    /// Whether a search found the rows that are shown.
    is_found: bool,
    of_marked: Figures,
    pub unreadable: usize,
    /// Changed only by methods that also update the figures of the marked rows.
    pub marks: HashSet<u64>,
    pub columns: Vec<usize>,
    /// What the user chose, including columns that no row has had so far.
    chosen: ListColumns,
    /// Cells of the widest value of each field.
    pub widths: Vec<u16>,
    /// The fields that differ between rows, one bit for each position.
    varying: u64,
    scroll: Scroll,
    /// Where the cursor was when the search began, while a search is typed.
    origin: Option<Anchor>,
    /// Where the cursor goes once the first rows are loaded.
    resumed: Option<Anchor>,
    pub column: usize,
}

/// The record under the cursor, its row, and its line on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    identity: Option<u64>,
    row: usize,
    line: usize,
}

impl Anchor {
    pub fn row(self) -> usize {
        self.row
    }
}

impl Table {
    pub fn new(spec: &'static Spec) -> Self {
        Self {
            spec,
            options: RowOptions::default(),
            records: Arc::default(),
            names: Arc::default(),
            rows_of: RowsOf::List,
            replaced: 0,
            texts: HashSet::new(),
            identities: Vec::new(),
            duplicates: HashMap::new(),
            shown: Vec::new(),
            arrangement: 0,
            ordered: None,
            haystack: None,
            search: SearchLine::Closed,
            due: ArrangeWhen::Nothing,
            is_arranging: false,
            wants_first: false,
            all: Figures::default(),
            figures: Figures::default(),
            is_found: false,
            of_marked: Figures::default(),
            unreadable: 0,
            marks: HashSet::new(),
            columns: usual(spec),
            chosen: ListColumns::default(),
            widths: no_widths(spec),
            varying: 0,
            scroll: Scroll::default(),
            origin: None,
            resumed: None,
            column: 0,
        }
    }

    /// For rows of one booking, whose owner is the same.
    pub fn of_booking(mut self) -> Self {
        self.rows_of = RowsOf::Booking;
        self.apply_list_columns(&ListColumns::default());
        self
    }

    /// Adopts the fields of these rows if they have more, or if they are the first rows. Returns
    /// `true` if the fields of the table changed; the columns keep their names.
    fn adopt<'a>(&mut self, rows: impl Iterator<Item = &'a Record>, is_first: bool) -> bool {
        let own = self.spec();
        let known = |spec: &&'static Spec| spec.candidates().count();
        let is_other = |spec: &&'static Spec| spec.is_settled && spec.is(own) && *spec != own;
        let mut others: Vec<&'static Spec> = rows.map(Record::spec).collect();
        others.dedup_by(|one, other| std::ptr::eq(*one, *other));
        let Some(spec) = others.into_iter().filter(is_other).max_by_key(known) else {
            return false;
        };
        if own.is_settled && !is_first && known(&spec) <= known(&own) {
            return false;
        }
        let here = own.described(self.field()).map(|column| column.name);
        self.spec = spec;
        self.haystack = None;
        if let Some(sort) = &mut self.options.sort {
            sort.column = spec.column(sort.column).unwrap_or(sort.column);
        }
        self.apply_list_columns(&self.chosen.clone());
        self.go_to_column(here.unwrap_or_default());
        true
    }

    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    pub fn records_version(&self) -> (u32, usize) {
        (self.replaced, self.records.len())
    }

    /// A number that changes whenever the shown rows or their order may change.
    pub fn arrangement(&self) -> u64 {
        self.arrangement
    }

    pub fn records(&self) -> &[Record] {
        &self.records
    }

    pub fn shared_records(&self) -> Arc<Vec<Record>> {
        Arc::clone(&self.records)
    }

    pub fn len(&self) -> usize {
        self.shown.len()
    }

    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    pub fn row(&self, row: usize) -> Option<&Record> {
        self.index(row).and_then(|at| self.records.get(at))
    }

    pub fn selected(&self) -> Option<&Record> {
        self.row(self.scroll.cursor)
    }

    pub fn cursor(&self) -> usize {
        self.scroll.cursor
    }

    pub fn top(&self) -> usize {
        self.scroll.top
    }

    pub fn field(&self) -> usize {
        self.columns.get(self.column).copied().unwrap_or(0)
    }

    /// The figures of the rows that a summary counts: the marked rows, else the shown ones.
    pub fn figures(&self) -> &Figures {
        if self.counts() == Of::Marked { &self.of_marked } else { &self.figures }
    }

    /// The figures of all loaded rows.
    pub fn all_figures(&self) -> &Figures {
        &self.all
    }

    pub fn counts(&self) -> Of {
        match (self.marks.is_empty(), self.is_found) {
            (false, _) => Of::Marked,
            (true, true) => Of::Found,
            (true, false) => Of::All,
        }
    }

    /// The rows of [`Table::figures`]; marked rows are in the server's order.
    pub fn counted(&self) -> Vec<&Record> {
        match self.counts() {
            Of::Marked => self.marked().collect(),
            Of::Found | Of::All => (0..self.len()).filter_map(|row| self.row(row)).collect(),
        }
    }

    /// Replaces all rows. The cursor stays on its record, or on its row if the record is gone.
    pub fn replace(&mut self, pages: impl IntoIterator<Item = Vec<Record>>) {
        self.replace_of(pages.into_iter().map(|page| (NO_OWNER, page)));
    }

    /// The same for rows of several owners, each with a number of its own: equal rows of two owners
    /// are never taken for one another, so a mark or the cursor stays with its owner.
    pub fn replace_of(&mut self, pages: impl IntoIterator<Item = (u64, Vec<Record>)>) {
        let anchor = self.resumed.take().unwrap_or_else(|| self.anchor());
        self.records = Arc::default();
        self.texts.clear();
        self.haystack = None;
        self.identities.clear();
        self.duplicates.clear();
        self.widths = no_widths(self.spec());
        self.varying = 0;
        self.unreadable = 0;
        let pages: Vec<(u64, Vec<Record>)> = pages.into_iter().collect();
        self.adopt(pages.iter().flat_map(|(_, page)| page), true);
        for (owner, page) in pages {
            self.take(owner, page);
        }
        let present: HashSet<u64> = self.identities.iter().copied().collect();
        self.marks.retain(|mark| present.contains(mark));
        self.shown.clear();
        self.arrangement += 1;
        self.replaced += 1;
        self.all = Figures::default();
        self.add_up(0);
        self.count_marked();
        self.arrange();
        if self.due == ArrangeWhen::Now && self.is_narrowed() {
            // No row is shown before it is searched.
            self.origin.get_or_insert(anchor);
            (self.figures, self.is_found) = (Figures::default(), true);
        } else if self.due == ArrangeWhen::Now {
            // Shown unsorted until they are arranged.
            self.shown = (0..).take(self.records.len()).collect();
            (self.figures, self.is_found) = (self.all.clone(), false);
        }
        self.return_to(anchor);
    }

    /// Replaces the rows that have the identity of one of these; the others of these are dropped.
    /// Cursor and marks stay.
    pub fn update(&mut self, newer: Vec<Record>) {
        let mut newer: HashMap<u64, Record> =
            newer.into_iter().map(|record| (record.identity(), record)).collect();
        let mut records = Arc::unwrap_or_clone(std::mem::take(&mut self.records));
        let mut is_changed = false;
        for record in &mut records {
            if let Some(newer) = newer.remove(&record.identity()) {
                (*record, is_changed) = (newer, true);
            }
        }
        if is_changed {
            self.replace([records]);
        } else {
            self.records = Arc::new(records);
        }
    }

    /// Appends rows, which are all new: the pager drops duplicates.
    pub fn extend(&mut self, records: Vec<Record>) {
        let before = self.records.len();
        let is_adopted = self.adopt(records.iter(), false);
        self.take(NO_OWNER, records);
        if is_adopted {
            self.all = Figures::default();
            self.add_up(0);
            self.arrange();
        } else {
            self.arrange_added(before);
        }
    }

    fn take(&mut self, owner: u64, page: Vec<Record>) {
        let before = self.records.len();
        let spec = self.spec();
        let records = Arc::make_mut(&mut self.records);
        for record in page {
            let mut record = record.fitted_to(spec);
            // Rows that look the same get different identities.
            let own = identity_with(record.identity(), owner);
            let known = self.duplicates.entry(own).or_default();
            let identity = identity_with(own, u64::from(*known));
            *known += 1;
            self.identities.push(identity);
            record.share_texts(&mut self.texts, MOST_SHARED);
            measure(&mut self.widths, &record);
            self.varying |= varying(self.varying, records.first(), &record);
            self.unreadable += usize::from(record.unreadable().is_some());
            records.push(record);
        }
        if let (Some(haystack), Some(added)) = (&mut self.haystack, self.records.get(before..)) {
            Arc::make_mut(haystack).extend(self.spec, added, &self.names);
        }
    }

    fn identity(&self, row: usize) -> Option<u64> {
        self.index(row).and_then(|at| self.identities.get(at)).copied()
    }

    pub fn anchor(&self) -> Anchor {
        let Scroll { cursor, top } = self.scroll;
        let (identity, line) = (self.identity(cursor), cursor.saturating_sub(top));
        Anchor { identity, row: cursor, line }
    }

    /// Puts the cursor there once the first rows are loaded.
    pub fn resume(&mut self, anchor: Anchor) {
        self.resumed = Some(anchor);
    }

    fn return_to(&mut self, Anchor { identity, row, line }: Anchor) {
        let is_searched = self.origin.is_some();
        let found = identity
            .and_then(|identity| (0..self.len()).find(|row| self.identity(*row) == Some(identity)))
            .or_else(|| self.nearest_shown(identity.filter(|_| is_searched)?));
        self.go_to_row(found.unwrap_or(row));
        self.scroll.top = self.scroll.cursor.saturating_sub(line);
    }
}

fn usual(spec: &Spec) -> Vec<usize> {
    spec.columns().filter_map(|name| spec.column_position(name)).collect()
}

/// Another identity for each number, except that 0 changes nothing.
fn identity_with(identity: u64, number: u64) -> u64 {
    if number == 0 {
        return identity;
    }
    let mut hasher = DefaultHasher::new();
    (identity, number).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
