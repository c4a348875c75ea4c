//! Sends the requests of the lists, and handles their answers.

use crate::command::columns::unknown;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::money::format_count;
use crate::filter::query::{LARGEST_PAGE, ListQuery, PAGE};
use crate::net::request::Request;
use crate::net::response::{Answer, Page, wrong_answer};
use crate::tui::component::table::extract::ExportScope;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::{Effect, NetCommand, Priority};
use crate::tui::msg::Waiter;
use crate::tui::screen::list::export;
use crate::tui::screen::list::export::Share;
use crate::tui::screen::list::state::PageOutcome;

const CHANGED: &str =
    "The list changed while loading: rows may be missing or duplicated. {refresh} refreshes.";
const DUPLICATE: &str =
    "The server sent the same page twice, so loading stopped. {refresh} refreshes.";
/// The document lists this read under "Abandoned".
pub const NO_LIST: &str = "Payments no longer has a list of payments, or the base URL is wrong";
/// The screens of another profile start with all tabs.
pub const LIST_IS_GONE: &str = "Payments no longer has a list of payments, or the base URL is wrong. \
                                The tab is hidden until you restart valora or switch profiles.";
pub const ODD_PAGES: &str =
    "The server's pages repeat or end early. Loaded rows are kept; {refresh} refreshes.";

impl Cx {
    pub fn open_list(&mut self) {
        self.open_list_at(self.tab);
    }

    /// The rows are those that were loaded ahead, if they are there. Old ones are loaded again.
    pub fn open_list_at(&mut self, tab: usize) {
        let now = self.now;
        let list = self.list_at_mut(tab);
        if list.is_opened() {
            return;
        }
        let known = list.table.records_version();
        let shown = list.show_ahead(now);
        if shown.is_some() {
            self.rows_came(tab, Some(known));
        }
        if shown != Some(false) {
            self.replace_list(tab, Priority::Visible);
        }
    }

    /// Refreshes the current list. A token that the server refused is read again: it may have
    /// changed.
    pub fn refresh_list(&mut self) {
        self.effect(Effect::Network(NetCommand::RetryCredential));
        self.forget_asked_owners();
        self.replace_list(self.tab, Priority::Visible);
    }

    pub fn probe_list(&mut self) -> bool {
        let is_of_server = !self.list().spec().is_of_payments();
        if is_of_server {
            self.replace_list(self.tab, Priority::Background);
        }
        is_of_server && self.list().load.is_some()
    }

    /// Refreshes all opened lists except `shown`, and the counts of the others.
    pub fn refresh_other_lists(&mut self, shown: Option<usize>) {
        for tab in (0..self.lists.len()).filter(|tab| Some(*tab) != shown) {
            if self.list_at(tab).is_opened() {
                self.replace_list(tab, Priority::Next);
            }
        }
        self.count_lists(|_, _| true);
    }

    pub fn cancel_list(&mut self) -> bool {
        self.refreshes.cancel();
        let tab = self.tab;
        let list = self.list_mut();
        if list.all.is_some() {
            list.is_paused = true;
            self.say("Stopped. Loaded rows are kept; {load-all} continues.");
            self.cancel_load_all(tab);
            return true;
        }
        // The user does not wait for a page that only runs ahead of the cursor.
        let is_awaited = list.is_awaited();
        if list.load.take_if(|_| is_awaited).is_none() {
            return false;
        }
        list.is_paused = true;
        self.cancel_waiters(|waiter| waiter == Waiter::Rows(tab));
        self.say("Cancelled. {refresh} refreshes.");
        true
    }

    /// Stops the load of all rows, and adds to the notice that a waiting export is cancelled.
    fn cancel_load_all(&mut self, tab: usize) {
        let list = self.list_at_mut(tab);
        let loaded = Share::of(ExportScope::All, list.table.records().len(), list).words();
        if list.end_load_all() {
            let text = format!("The export was cancelled after {loaded}. No file was written.");
            self.tell_also(&text);
        }
        self.cancel_waiters(|waiter| waiter == Waiter::AllPages(tab));
    }

    /// Cancels every request for the list at this tab.
    pub fn cancel_loads(&mut self, tab: usize) {
        self.cancel_load_all(tab);
        self.list_at_mut(tab).load = None;
        self.cancel_waiters(|waiter| waiter.is_list(tab));
    }

    /// Counts the rows of the lists that are not opened.
    pub fn count_lists(&mut self, is_asked: impl Fn(&Self, usize) -> bool) {
        for tab in 0..self.lists.len() {
            let list = self.list_at(tab);
            if list.is_opened() || !is_asked(self, tab) {
                continue;
            }
            // Recording rows costs no more requests than counting them. Both load at least a page:
            // its rows show which fields the list has.
            let rows = if self.records(list.spec()) { LARGEST_PAGE } else { PAGE };
            self.cancel_waiters(|waiter| waiter == Waiter::Count(tab));
            for query in self.list_at_mut(tab).start_count(rows) {
                self.send(Waiter::Count(tab), Priority::Background, Request::List(query));
            }
        }
    }

    /// Loads the next page if the cursor is near the last row, and promotes that request once the
    /// user waits for it.
    pub fn run_list(&mut self) {
        self.refresh_by_timer();
        let (rows, now, tab) = (self.layout.rows(), self.now, self.tab);
        let list = self.list_mut();
        if list.wants_next(rows)
            && let Some((priority, query)) = list.start_next_page(now)
        {
            self.ask_rows(tab, priority, query);
        }
        if self.list_mut().promote() {
            let pending = self.pending(|waiter| waiter == Waiter::Rows(tab));
            let tickets: Vec<_> = pending.map(|(ticket, _)| ticket).collect();
            for ticket in tickets {
                self.effect(Effect::Network(NetCommand::Promote(ticket)));
            }
        }
    }

    fn ask_rows(&mut self, tab: usize, priority: Priority, query: ListQuery) {
        self.send(Waiter::Rows(tab), priority, Request::List(query));
    }

    pub fn load_all(&mut self) {
        let now = self.now;
        self.cancel_loads(self.tab);
        self.list_mut().start_load_all(now);
        self.ask_pages(self.tab);
    }

    /// Requests pages of the load of all rows, as many as may be in flight.
    fn ask_pages(&mut self, tab: usize) {
        loop {
            let Some(query) = self.list_at_mut(tab).next_page_of_all() else { return };
            self.send(Waiter::AllPages(tab), Priority::Visible, Request::List(query));
        }
    }

    /// Loads the list again; in the background, a refused token is not read again.
    pub fn replace_list(&mut self, tab: usize, priority: Priority) {
        self.cancel_loads(tab);
        let now = self.now;
        let list = self.list_at_mut(tab);
        match list.query.move_to(now.local.date()) {
            Ok(()) => {
                let query = list.start_refresh(now, priority);
                self.ask_rows(tab, priority, query);
                self.ask_refresh_pages(tab);
            }
            Err(invalid) => {
                let what = format!("{} could not be loaded", list.spec().title);
                let why = invalid.to_string();
                list.fail(Failure::new(Kind::Refused, what, why, Advice::CorrectFilters));
            }
        }
    }

    /// Requests the pages of a refresh that may be in flight together: the first page of each
    /// value.
    fn ask_refresh_pages(&mut self, tab: usize) {
        while let Some((priority, query)) = self.list_at_mut(tab).next_refresh_page() {
            self.ask_rows(tab, priority, query);
        }
    }

    pub fn list_counted(&mut self, tab: usize, number: u32, answer: Answer) {
        let list = self.list_at(tab);
        let (spec, is_filtered) = (list.spec(), !list.filters().is_empty());
        let page = page_of(answer);
        self.note_load(tab, page.is_err());
        if page.as_ref().is_err_and(|failure| self.is_gone(tab, failure)) {
            return self.hide_tab(tab);
        }
        let Ok(page) = page else { return };
        self.record_page(spec, &page, is_filtered);
        let now = self.now;
        self.list_at_mut(tab).on_count(number, page, now);
    }

    pub fn list_answered(&mut self, tab: usize, number: u32, answer: Answer) {
        let now = self.now;
        let list = self.list_at_mut(tab);
        let known = list.table.records_version();
        let page = page_of(answer);
        let is_loaded = page.is_ok();
        self.note_load(tab, !is_loaded);
        if page.as_ref().is_err_and(|failure| self.is_gone(tab, failure)) {
            return self.hide_tab(tab);
        }
        let list = self.list_at_mut(tab);
        match page.map(|page| list.on_page(number, page, now)) {
            Ok(PageOutcome::Done) => {}
            Ok(PageOutcome::FetchMore) => {
                self.ask_refresh_pages(tab);
            }
            Ok(PageOutcome::TotalChanged | PageOutcome::EndedEarly) => self.say(CHANGED),
            Ok(PageOutcome::DuplicatePage) => self.say(DUPLICATE),
            Err(failure) if list.fail_page(number, failure.clone(), now) => {
                self.ask_refresh_pages(tab);
            }
            Err(failure) => {
                self.cancel_waiters(|waiter| waiter == Waiter::Rows(tab));
                // Refusals are shown at the fields of the form.
                let is_refused = failure.kind == Kind::Refused && !failure.fields.is_empty();
                if is_refused && self.tab == tab {
                    self.then(Next::Refused(failure.fields));
                }
            }
        }
        self.rows_came(tab, is_loaded.then_some(known));
    }

    /// Removes a tab whose path the server no longer serves, and says so.
    pub fn hide_tab(&mut self, tab: usize) {
        if let Some(at) = tab.checked_sub(1).filter(|at| *at < self.lists.tail.len()) {
            self.cancel_loads(tab);
            self.lists.tail.remove(at);
            self.is_payments_list_gone = true;
            self.tell(LIST_IS_GONE.to_owned());
            if self.tab == tab {
                self.tab = 0;
                self.open_list();
            }
        }
    }

    /// Returns `true` if the server no longer has the list. Loaded rows stay.
    pub fn is_gone(&self, tab: usize, failure: &Failure) -> bool {
        failure.kind == Kind::Gone && self.list_at(tab).table.records().is_empty()
    }

    /// `known` is the version of the rows before a loaded page.
    fn rows_came(&mut self, tab: usize, known: Option<(u32, usize)>) {
        self.settle_columns(tab);
        self.check_settings(tab);
        if let Some((replaced, rows)) = known {
            let is_added = self.list_at(tab).table.records_version().0 == replaced;
            self.record_rows(tab, if is_added { rows } else { 0 });
        }
    }

    /// Shows the columns requested by name. Once rows have shown which columns exist, this is
    /// final: unknown names are reported, and the choice is saved if it is to be saved.
    pub fn settle_columns(&mut self, tab: usize) {
        let list = self.list_at_mut(tab);
        let (shape, table) = (list.table.spec(), &mut list.table);
        let asked = if shape.is_settled { list.asked.take() } else { list.asked.clone() };
        if let Some(asked) = &asked {
            table.set_columns(&asked.columns.of(shape));
            // A column requested by name must be visible, however narrow the screen is.
            if let Some(added) = asked.columns.added() {
                table.go_to_column(shape.column(added).unwrap_or(added));
            }
        }
        if !shape.is_settled {
            return;
        }
        let order = table.end_unknown_order();
        let asked = asked.unwrap_or_default();
        if let Some(why) = unknown(shape, asked.columns.names().into_iter().chain(order)) {
            let view = asked.view.map(|view| format!("{view}: ")).unwrap_or_default();
            self.tell_also(&format!("{view}{why}"));
        }
        if asked.is_kept {
            self.keep_columns(tab);
        }
    }

    /// Reports, with the first rows, fields in the settings that do not match them.
    fn check_settings(&mut self, tab: usize) {
        let list = self.list_at_mut(tab);
        let (title, shape) = (list.spec().title, list.table.spec());
        if !shape.is_settled || std::mem::replace(&mut list.is_checked, true) {
            return;
        }
        let rows = list.table.records();
        let misfits = shape.fields.iter().filter_map(|field| field.misfit(rows));
        let misfits = misfits.collect::<Vec<_>>().join("; ");
        if !misfits.is_empty() {
            let check = "`valora check` shows where to correct it.";
            self.tell_also(&format!("{title}: {misfits}. {check}"));
        }
    }

    pub fn list_answered_of_all(&mut self, tab: usize, number: u32, answer: Answer) {
        let list = self.list_at_mut(tab);
        let known = list.table.records_version();
        let page = page_of(answer);
        let is_loaded = page.is_ok();
        self.note_load(tab, !is_loaded);
        let list = self.list_at_mut(tab);
        match page.map(|page| list.on_page_of_all(number, page)) {
            Ok(PageOutcome::FetchMore) => match list.end_of_values() {
                Some(failure) => self.fail_load_all(tab, failure),
                None => self.ask_pages(tab),
            },
            Ok(PageOutcome::Done) => self.end_all_pages(tab, None),
            Ok(PageOutcome::TotalChanged) => self.end_all_pages(tab, Some(CHANGED)),
            Ok(PageOutcome::DuplicatePage | PageOutcome::EndedEarly) => {
                self.end_all_pages(tab, Some(ODD_PAGES));
            }
            Err(failure) => match list.fail_page_of_all(number, failure) {
                Some(failure) => self.fail_load_all(tab, failure),
                None => self.ask_pages(tab),
            },
        }
        self.rows_came(tab, is_loaded.then_some(known));
    }

    /// The loaded rows are kept.
    fn fail_load_all(&mut self, tab: usize, failure: Failure) {
        let list = self.list_at_mut(tab);
        list.is_paused = true;
        let advice = Advice::ResumeLoading(Box::new(failure.advice));
        list.fail(Failure { advice, ..failure });
        self.cancel_load_all(tab);
    }

    /// `fault` is why rows are missing, if so.
    fn end_all_pages(&mut self, tab: usize, fault: Option<&'static str>) {
        let list = self.list_at_mut(tab);
        let pending = list.export.take_if(|_| fault.is_none());
        let rows = format_count(list.table.records().len() as u64);
        let complete = format!("All {rows} rows are loaded.");
        match (pending, fault) {
            (Some(pending), _) => export::write(self, tab, ExportScope::All, &pending),
            (None, Some(fault)) => self.say(fault),
            (None, None) => self.tell(complete),
        }
        self.cancel_load_all(tab);
    }
}

pub fn page_of(answer: Answer) -> Result<Page, Failure> {
    answer?.try_as_page().ok_or_else(wrong_answer)
}
