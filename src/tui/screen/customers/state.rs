//! The rows of all customers, their jobs, and their order in the table.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::customers::state::{CustomerRow, RowState, Trouble};
use crate::hub::{HubCommand, HubEvent, JobId, Unlock};
use crate::tui::component::detail::Detail;
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::screen::customers::find::Finding;

#[derive(Debug)]
pub struct CustomersScreen {
    /// In the order of the settings.
    pub(super) rows: Vec<CustomerRow>,
    /// The position in `rows` of each record of the table.
    order: Vec<usize>,
    /// The newest job of each customer that loads.
    jobs: HashMap<String, JobId>,
    /// Customers to load as soon as the screen is shown.
    due: BTreeSet<String>,
    /// Whether `rows` changed since they were put into the table.
    is_stale: bool,
    /// The day on which they were put there.
    arranged_on: NaiveDate,
    /// Whether the user chose a row: until then, the cursor stays on the first one.
    pub(super) has_moved: bool,
    pub(super) detail: Detail,
    /// The search for a booking in all customers.
    pub(super) finding: Option<Finding>,
}

impl CustomersScreen {
    /// All customers must be loaded.
    pub fn of(profiles: &[String]) -> Self {
        let mut screen = Self {
            rows: Vec::new(),
            order: Vec::new(),
            jobs: HashMap::new(),
            due: BTreeSet::new(),
            is_stale: true,
            arranged_on: NaiveDate::MIN,
            has_moved: false,
            detail: Detail::default(),
            finding: None,
        };
        screen.set_profiles(profiles, &[]);
        screen
    }

    pub fn rows(&self) -> &[CustomerRow] {
        &self.rows
    }

    pub(super) fn is_loading(&self, profile: &str) -> bool {
        self.jobs.contains_key(profile)
    }

    /// Loads all customers again.
    pub fn reload_all(&mut self) {
        self.due = self.rows.iter().map(|row| row.profile.clone()).collect();
    }

    /// Loads these customers again once all are shown.
    pub fn reload(&mut self, profiles: impl IntoIterator<Item = String>) {
        let is_there = |name: &String| self.rows.iter().any(|row| row.profile == *name);
        self.due.extend(profiles.into_iter().filter(is_there));
    }

    /// Follows the profiles in the settings. New ones must be loaded, and changed ones are new: their
    /// figures may be another customer's.
    pub fn follow(&mut self, profiles: &[String], changed: &[String], cx: &mut Cx) {
        let is_gone = |name: &String| changed.contains(name) || !profiles.contains(name);
        for (_, job) in self.jobs.extract_if(|name, _| is_gone(name)) {
            cx.effect(Effect::Hub(HubCommand::Cancel(job)));
        }
        self.set_profiles(profiles, changed);
    }

    fn set_profiles(&mut self, profiles: &[String], changed: &[String]) {
        let mut before: HashMap<String, CustomerRow> = std::mem::take(&mut self.rows)
            .into_iter()
            .filter(|row| !changed.contains(&row.profile))
            .map(|row| (row.profile.clone(), row))
            .collect();
        let known: BTreeSet<String> = before.keys().cloned().collect();
        let new = |profile: &String| CustomerRow {
            profile: profile.clone(),
            environment: String::new(),
            is_production: false,
            state: RowState::Queued,
        };
        let each = profiles.iter();
        self.rows = each.map(|name| before.remove(name).unwrap_or_else(|| new(name))).collect();
        self.due.retain(|due| profiles.contains(due));
        self.due.extend(profiles.iter().filter(|name| !known.contains(*name)).cloned());
        self.is_stale = true;
    }

    /// The customer is shown now: its loads end, so that it waits for nothing. It is loaded again once
    /// all customers are shown, since the user may have decided or looked at something.
    pub fn left_for(&mut self, profile: &str) {
        self.jobs.remove(profile);
        self.due.insert(profile.to_owned());
        if let Some(row) = self.rows.iter_mut().find(|row| row.profile == profile) {
            row.state.stop();
        }
        self.is_stale = true;
    }

    /// Starts a job for one customer, instead of its earlier one. Its figures stay until then.
    pub(super) fn load(&mut self, profile: &str, unlock: Unlock, cx: &mut Cx) {
        let Some(row) = self.rows.iter_mut().find(|row| row.profile == profile) else { return };
        self.due.remove(profile);
        row.state.reload();
        self.is_stale = true;
        let job = cx.new_job();
        if let Some(earlier) = self.jobs.insert(profile.to_owned(), job) {
            cx.effect(Effect::Hub(HubCommand::Cancel(earlier)));
        }
        cx.effect(Effect::Hub(HubCommand::Load { job, profile: profile.to_owned(), unlock }));
    }

    /// Returns `false` for news of an earlier job, and of a customer that is not in the list.
    pub fn accept(&mut self, event: HubEvent, cx: &mut Cx) -> bool {
        if self.finding.as_ref().is_some_and(|finding| finding.job == event.job) {
            self.found(event, cx);
            return true;
        }
        if self.jobs.get(&event.profile) != Some(&event.job) {
            return false;
        }
        let Some(row) = self.rows.iter_mut().find(|row| row.profile == event.profile) else {
            return false;
        };
        if event.news.is_last() {
            self.jobs.remove(&event.profile);
        }
        event.apply(row);
        self.is_stale = true;
        true
    }

    /// Loads the customers that must be loaded now, in the order of the settings.
    pub(super) fn load_due(&mut self, cx: &mut Cx) {
        let now = cx.now.elapsed;
        let is_due = |row: &&CustomerRow| {
            let is_open_again = limited_until(row).is_some_and(|until| until <= now);
            self.due.contains(&row.profile) || is_open_again
        };
        let due: Vec<String> =
            self.rows.iter().filter(is_due).map(|row| row.profile.clone()).collect();
        for profile in due {
            self.load(&profile, Unlock::NotAsked, cx);
        }
        self.due.clear();
    }

    /// When a customer at its rate limit can be loaded again, in milliseconds since the start.
    pub(super) fn next_load(&self) -> Option<u64> {
        self.rows.iter().filter_map(limited_until).min()
    }

    /// Puts the customers into the table, the one that needs the user first on top.
    pub(super) fn arrange(&mut self, cx: &mut Cx) {
        let today = cx.now.local.date();
        let was_stale = std::mem::take(&mut self.is_stale);
        if !was_stale && self.arranged_on == today {
            return;
        }
        self.arranged_on = today;
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_cached_key(|at| self.rows.get(*at).map(|row| row.attention(*at)));
        let rows = order.iter().filter_map(|at| self.rows.get(*at));
        let records = rows.map(|row| row.record(today));
        let table = &mut cx.list_mut().table;
        let is_first = table.cursor() == 0 && !self.has_moved;
        table.replace([records.collect()]);
        self.order = order;
        if is_first {
            table.go_to_row(0);
        }
    }

    /// The customer in a row of the table.
    pub(super) fn row(&self, row: usize, cx: &Cx) -> Option<&CustomerRow> {
        self.rows.get(*self.order.get(cx.list().table.index(row)?)?)
    }

    pub(super) fn selected_row(&self, cx: &Cx) -> Option<&CustomerRow> {
        self.row(cx.list().table.cursor(), cx)
    }

    /// The marked customers, or all that are shown, in the order of the table.
    pub(super) fn chosen(&self, cx: &Cx) -> Vec<CustomerRow> {
        let table = &cx.list().table;
        let is_chosen = |row: &usize| table.marks.is_empty() || table.is_marked(*row);
        (0..table.len()).filter(is_chosen).filter_map(|row| self.row(row, cx)).cloned().collect()
    }

    /// Customers that load now, and all.
    pub fn progress(&self) -> (usize, usize) {
        (self.jobs.len(), self.rows.len())
    }
}

fn limited_until(row: &CustomerRow) -> Option<u64> {
    match &row.state {
        RowState::Ready(summary) => summary.limited_until,
        state => match state.trouble() {
            Some(Trouble::Limited { until }) => Some(*until),
            _ => None,
        },
    }
}
