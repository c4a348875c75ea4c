//! The customers of the queue, their penalties and decisions, and the order of all rows.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;

use super::evidence::{Asked, BookingKey};
use crate::customers::state::Trouble;
use crate::customers::summary::Extent;
use crate::domain::customer::CustomerKey;
use crate::hub::penalties::Penalties;
use crate::hub::{HubCommand, HubEvent, JobId, News, internal};
use crate::list::penalties::SPEC;
use crate::list::record::Record;
use crate::state::persisted::Change;
use crate::triage::id_of;
use crate::triage::memory::{Entry, Memory};
use crate::triage::queue::{Grouping, Queue, QueueOptions, triage_state};
use crate::tui::component::detail::Detail;
use crate::tui::component::table::Table;
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::msg::Now;
use crate::tui::screen::triage::change::Decided;
use crate::tui::screen::triage::evidence::Evidence;

/// One customer: everything about its penalties is found through this value alone.
#[derive(Debug)]
pub struct Part {
    pub profile: String,
    pub customer: CustomerKey,
    pub rows: Vec<Record>,
    /// Of all its penalties; `None` until they were loaded.
    pub extent: Option<Extent>,
    pub memory: Memory,
    /// Whether decisions can be saved.
    pub is_saved: bool,
    /// Incremented whenever `memory` changes here; 0 as long as it is what the file had.
    pub version: u64,
    /// Whether the user decided something since the queue was opened.
    is_decided: bool,
    pub loaded: Option<Now>,
    /// Why the last load failed; the rows are earlier ones.
    pub trouble: Option<Trouble>,
    job: Option<JobId>,
    /// Whether to load it as soon as the queue is shown.
    is_due: bool,
}

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
    pub(super) asked_about: Vec<(CustomerKey, String)>,
    pub(super) evidence: Evidence<BookingKey>,
    pub(super) asked: Option<Asked>,
    /// Whether the rows of a customer changed since they were put into the table.
    is_stale: bool,
    /// What the queue was made from, besides rows and decisions.
    arranged: Option<(NaiveDate, bool)>,
    /// Whether the user chose a row: until then, the cursor stays on the first one.
    pub(super) has_moved: bool,
    /// Since when something is loaded.
    pub(super) since: Option<Now>,
    pub(super) detail: Detail,
}

impl Part {
    fn new(profile: &str) -> Self {
        Self {
            profile: profile.to_owned(),
            customer: CustomerKey::of_profile(profile),
            rows: Vec::new(),
            extent: None,
            memory: Memory::default(),
            is_saved: false,
            version: 0,
            is_decided: false,
            loaded: None,
            trouble: None,
            job: None,
            is_due: true,
        }
    }

    pub fn is_loading(&self) -> bool {
        self.job.is_some() || self.is_due
    }

    pub fn entry(&self, record: &Record) -> Option<&Entry> {
        self.memory.entries.get(id_of(record)?)
    }

    /// A number for its rows in the table, the same after each load.
    fn number(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.customer.hash(&mut hasher);
        hasher.finish().max(1)
    }

    fn take(&mut self, penalties: Penalties, cx: &mut Cx) {
        let Penalties { rows, extent, memory, is_saved, .. } = penalties;
        (self.rows, self.extent, self.is_saved) = (rows, Some(extent), is_saved);
        (self.loaded, self.trouble) = (Some(cx.now), None);
        if self.version == 0 {
            self.memory = memory;
        } else {
            // What was read may be older than the newest decisions, which the writer saves first.
            self.reread(cx);
        }
    }

    /// Its decisions changed here.
    pub(super) fn change(&mut self) {
        self.version += 1;
        self.is_decided = true;
    }

    fn reread(&self, cx: &mut Cx) {
        if self.is_saved {
            let reload = Change::Reload(self.customer.clone(), self.version);
            cx.effect(Effect::Keep(reload));
        }
    }
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
            asked_about: Vec::new(),
            evidence: Evidence::default(),
            asked: None,
            is_stale: true,
            arranged: None,
            has_moved: false,
            since: None,
            detail: Detail { is_open: true, ..Detail::default() },
        }
    }
}

impl TriageAllScreen {
    /// Follows the profiles in the settings. New ones must be loaded, and changed ones are new.
    pub fn follow(&mut self, profiles: &[String], changed: &[String]) {
        let mut before: Vec<Part> = std::mem::take(&mut self.parts);
        before.retain(|part| !changed.contains(&part.profile));
        let part = |profile: &String| match before.iter().position(|it| it.profile == *profile) {
            Some(at) => before.swap_remove(at),
            None => Part::new(profile),
        };
        self.parts = profiles.iter().map(part).collect();
        self.is_stale = true;
    }

    /// Loads all customers again.
    pub fn reload_all(&mut self) {
        self.parts.iter_mut().for_each(|part| part.is_due = true);
    }

    pub(super) fn reload(&mut self, at: usize) {
        let Some(part) = self.parts.get_mut(at) else { return };
        part.is_due = true;
        let customer = &part.customer;
        self.evidence.known.retain(|(of, _), known| of != customer || known.is_ok());
    }

    /// The customer is shown now, so its loads end; all decisions are in the files before. Once the
    /// queue is shown again, the customer is loaded again, and the files of all are read.
    pub fn left_for(&mut self, profile: &str, cx: &mut Cx) {
        for part in &mut self.parts {
            part.version = 0;
            if part.profile == profile {
                (part.job, part.is_due) = (None, true);
            } else {
                // A load that began before may have read an older file.
                part.is_due |= part.job.is_some();
                part.reread(cx);
            }
        }
        self.asked.take_if(|asked| asked.profile == profile);
    }

    /// Ends its loads and drops all rows; the decisions can still be undone.
    pub(super) fn drop_rows(&mut self, cx: &mut Cx) {
        self.stop_asking(cx);
        for part in &mut self.parts {
            part.job.take().into_iter().for_each(|job| cx.effect(cancel(job)));
            (part.rows, part.extent, part.trouble) = (Vec::new(), None, None);
            part.is_due = true;
        }
        self.evidence = Evidence::default();
        self.table.unmark_all();
        (self.is_stale, self.has_moved, self.shows_all) = (true, false, false);
        self.put_into_table();
    }

    /// The profiles of the customers about which something was decided since the queue was opened.
    pub fn take_decided(&mut self) -> Vec<String> {
        let name =
            |part: &mut Part| std::mem::take(&mut part.is_decided).then(|| part.profile.clone());
        self.parts.iter_mut().filter_map(name).collect()
    }

    /// Loads the customers that must be loaded now, in the order of the settings.
    pub(super) fn load_due(&mut self, cx: &mut Cx) {
        for part in self.parts.iter_mut().filter(|part| part.is_due) {
            part.is_due = false;
            let job = cx.new_job();
            part.job.replace(job).into_iter().for_each(|earlier| cx.effect(cancel(earlier)));
            let profile = part.profile.clone();
            cx.effect(Effect::Hub(HubCommand::Penalties { job, profile }));
        }
        let is_loading = self.parts.iter().any(Part::is_loading);
        self.since = is_loading.then(|| self.since.unwrap_or(cx.now));
    }

    /// Returns `true` for news of one of its jobs.
    pub fn awaits(&self, event: &HubEvent) -> bool {
        let is_of = |part: &Part| part.job == Some(event.job) && part.profile == event.profile;
        self.parts.iter().any(is_of) || self.asks(event)
    }

    pub fn accept(&mut self, event: HubEvent, cx: &mut Cx) {
        if self.asks(&event) {
            return self.accept_evidence(event, cx);
        }
        let HubEvent { job, profile, news } = event;
        let is_of = |part: &&mut Part| part.job == Some(job) && part.profile == profile;
        let Some(part) = self.parts.iter_mut().find(is_of) else { return };
        if news.is_last() {
            part.job = None;
        }
        match news {
            News::Connected { .. } => {}
            News::Penalties(penalties) if penalties.customer == part.customer => {
                part.take(*penalties, cx);
                let customer = part.customer.clone();
                self.evidence.known.retain(|(of, _), _| *of != customer);
                self.is_stale = true;
            }
            News::Trouble(trouble) => part.trouble = Some(trouble),
            // Of another customer, or of another kind: nothing of it is used.
            _ => part.trouble = Some(internal()),
        }
    }

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
        if !self.has_moved {
            self.table.go_to_row(0);
        }
    }

    fn put_into_table(&mut self) {
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
        let (at, of_part) = *self.places.get(self.table.index(row)?)?;
        let part = self.parts.get(at)?;
        Some((part, part.rows.get(of_part)?))
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

    /// The marked rows that are shown; without marks, the selected one.
    pub(super) fn chosen_rows(&self) -> Vec<usize> {
        let marked = (0..self.table.len()).filter(|row| self.table.is_marked(*row));
        let marked: Vec<usize> = marked.collect();
        let selected = marked.is_empty() && !self.table.is_empty();
        marked.into_iter().chain(selected.then(|| self.table.cursor())).collect()
    }

    /// Customers that load now, and all.
    pub(super) fn progress(&self) -> (usize, usize) {
        (self.parts.iter().filter(|part| part.is_loading()).count(), self.parts.len())
    }
}

pub(super) fn cancel(job: JobId) -> Effect {
    Effect::Hub(HubCommand::Cancel(job))
}
