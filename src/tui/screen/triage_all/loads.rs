//! What is loaded for the queue, and what arrives: of each customer under its own name only.

use super::TriageAllScreen;
use super::part::{Load, Part};
use crate::hub::{HubEvent, News, internal};
use crate::tui::cx::Cx;
use crate::tui::screen::triage::evidence::Evidence;

/// Milliseconds between two changes of the table while customers arrive: each rebuilds it.
const BATCH: u64 = 100;

/// Why a customer is not loaded again now.
const STILL_LOADING: &str = "Customers are still loading.";

impl TriageAllScreen {
    /// Follows the profiles in the settings. New ones must be loaded, and changed ones are new: nothing
    /// that was requested from the server before is used.
    pub fn follow(&mut self, profiles: &[String], changed: &[String], cx: &mut Cx) {
        let is_gone = |name: &String| changed.contains(name) || !profiles.contains(name);
        let all = std::mem::take(&mut self.parts).into_iter();
        let (gone, mut before): (Vec<Part>, Vec<Part>) =
            all.partition(|part| is_gone(&part.profile));
        for mut part in gone {
            part.cancel(cx);
            self.evidence.known.retain(|(customer, _), _| *customer != part.customer);
            self.evidence.due.take_if(|((customer, _), _)| *customer == part.customer);
        }
        if self.asked.as_ref().is_some_and(|asked| is_gone(&asked.profile)) {
            self.stop_asking(cx);
        }
        let part = |profile: &String| match before.iter().position(|it| it.profile == *profile) {
            Some(at) => before.swap_remove(at),
            None => Part::new(profile),
        };
        self.parts = profiles.iter().map(part).collect();
        self.is_stale = true;
    }

    /// Loads all customers again, unless some are still loading.
    pub(super) fn reload_all(&mut self, cx: &mut Cx) {
        if self.progress().0 > 0 {
            return cx.say(STILL_LOADING);
        }
        self.evidence.known.retain(|_, known| known.is_ok());
        self.parts.iter_mut().for_each(|part| part.request(cx.now.elapsed));
    }

    /// Loads the customer of the row under the cursor again, unless it is still loading.
    pub(super) fn reload(&mut self, cx: &mut Cx) {
        let at = self.place(self.table.cursor());
        let Some(part) = at.and_then(|at| self.parts.get_mut(at)) else { return };
        if part.is_loading() {
            return cx.say(STILL_LOADING);
        }
        part.request(cx.now.elapsed);
        let customer = &part.customer;
        self.evidence.known.retain(|(of, _), known| of != customer || known.is_ok());
    }

    /// Another screen shows this customer now. All decisions are in the files, where that screen may
    /// change those of this customer: it is loaded again once the queue is shown again. The hub has
    /// ended its jobs.
    pub fn left_for(&mut self, profile: &str, cx: &mut Cx) {
        self.accept_all(cx);
        for part in &mut self.parts {
            let is_decided = std::mem::take(&mut part.version) > 0;
            if part.profile == profile {
                part.load = Load::Due;
            } else if is_decided && matches!(part.load, Load::Running(_)) {
                // This load may have read a file without the newest decisions.
                part.cancel(cx);
            }
        }
        self.asked.take_if(|asked| asked.profile == profile);
    }

    /// Reads the decisions about all other customers again, which other sessions may have changed.
    pub fn reread_except(&self, profile: &str, cx: &mut Cx) {
        let others = self.parts.iter().filter(|part| part.profile != profile);
        others.for_each(|part| part.reread(cx));
    }

    /// Ends its loads and drops all rows; the decisions can still be undone.
    pub(super) fn drop_rows(&mut self, cx: &mut Cx) {
        self.stop_asking(cx);
        for part in &mut self.parts {
            part.cancel(cx);
            (part.rows, part.extent, part.trouble) = (Vec::new(), None, None);
        }
        self.evidence = Evidence::default();
        self.table.unmark_all();
        (self.is_stale, self.has_moved, self.shows_all) = (true, false, false);
        (self.shown_since, self.accepted) = (None, None);
        self.put_into_table();
    }

    /// The profiles of the customers whose decisions changed since the queue was opened.
    pub fn take_decided(&mut self) -> Vec<String> {
        let name =
            |part: &mut Part| std::mem::take(&mut part.is_decided).then(|| part.profile.clone());
        self.parts.iter_mut().filter_map(name).collect()
    }

    /// Loads the customers that must be loaded now, in the order of the settings.
    pub(super) fn load_due(&mut self, cx: &mut Cx) {
        self.parts.iter_mut().for_each(|part| part.load_due(cx));
        let is_loading = self.parts.iter().any(Part::is_loading);
        self.since = is_loading.then(|| self.since.unwrap_or(cx.now));
    }

    /// When a customer at its rate limit can be loaded again, in milliseconds since the start.
    pub(super) fn next_load(&self) -> Option<u64> {
        self.parts.iter().filter_map(Part::limited_until).min()
    }

    /// Returns `true` for news of one of its jobs.
    pub fn awaits(&self, event: &HubEvent) -> bool {
        self.parts.iter().any(|part| is_of(part, event)) || self.asks(event)
    }

    pub fn accept(&mut self, event: HubEvent, cx: &mut Cx) {
        if self.asks(&event) {
            return self.accept_evidence(event, cx);
        }
        let Some(part) = self.parts.iter_mut().find(|part| is_of(part, &event)) else { return };
        if event.news.is_last() {
            part.load = Load::Idle;
        }
        match event.news {
            News::Connected { .. } => {}
            News::Penalties(penalties) if penalties.customer == part.customer => {
                part.arrived = Some(penalties);
            }
            News::Trouble(trouble) => part.trouble = Some(trouble),
            // Of another customer, or of another kind: nothing of it is used.
            _ => part.trouble = Some(internal()),
        }
    }

    /// Uses what arrived, if the table has not changed just now, or nothing else will arrive.
    pub(super) fn accept_arrived(&mut self, cx: &mut Cx) {
        let is_running = |part: &Part| part.load != Load::Idle;
        let is_last = !self.parts.iter().any(is_running);
        if is_last || self.next_batch(cx).is_none() {
            self.accept_all(cx);
        }
    }

    fn accept_all(&mut self, cx: &mut Cx) {
        for part in &mut self.parts {
            if part.accept(cx) {
                self.evidence.known.retain(|(of, _), _| *of != part.customer);
                (self.is_stale, self.accepted) = (true, Some(cx.now.elapsed));
            }
        }
    }

    /// When the table can change again, in milliseconds since the start, if something waits for it.
    pub(super) fn next_batch(&self, cx: &Cx) -> Option<u64> {
        let next = self.accepted.map(|at| at + BATCH).filter(|next| cx.now.elapsed < *next)?;
        self.parts.iter().any(|part| part.arrived.is_some()).then_some(next)
    }

    /// Customers that load now, and all.
    pub(super) fn progress(&self) -> (usize, usize) {
        (self.parts.iter().filter(|part| part.is_loading()).count(), self.parts.len())
    }
}

fn is_of(part: &Part, event: &HubEvent) -> bool {
    part.load == Load::Running(event.job) && part.profile == event.profile
}
