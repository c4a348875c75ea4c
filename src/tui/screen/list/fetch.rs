//! Which requests leave for the lists, and what becomes of the answers.

use super::export;
use super::state::List;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::money::format_count;
use crate::filter::query::LARGEST_PAGE;
use crate::net::pager::PageOutcome;
use crate::net::request::Request;
use crate::net::response::{Page, Response, wrong_answer};
use crate::tui::component::table::extract::Which;
use crate::tui::cx::Cx;
use crate::tui::effect::{Effect, NetCommand, Priority};
use crate::tui::msg::Waiter;

/// Rows of the request that only asks how many there are.
const COUNTING: u32 = 1;
const CHANGED: &str =
    "The list has changed meanwhile: rows may be missing or double. {refresh} fetches anew.";

impl Cx {
    /// Fetches the list that is shown, unless it was opened before.
    pub fn open_list(&mut self) {
        if self.list().is_some_and(|list| !list.is_opened()) {
            self.replace_list(self.tab, Priority::Visible);
        }
    }

    /// Refreshes the list that is shown, also with a token that the server refused: it may have changed.
    pub fn refresh_list(&mut self) {
        self.effect(Effect::Network(NetCommand::RetryCredential));
        self.replace_list(self.tab, Priority::Visible);
    }

    /// Refreshes the list that is shown in the background. A refused token stays refused.
    pub fn refresh_list_by_itself(&mut self) {
        self.replace_list(self.tab, Priority::Background);
        if let Some(list) = self.list_mut() {
            list.set_priority(Priority::Background, true);
        }
    }

    /// Loads the list that is shown, to find out whether the server is back.
    pub fn probe_list(&mut self) -> bool {
        let is_of_server = self.list().is_some_and(|list| !list.spec().is_of_payments());
        if is_of_server {
            self.refresh_list_by_itself();
        }
        is_of_server && self.list().is_some_and(|list| list.load.is_some())
    }

    /// Fetches all opened lists anew, and the counts of the others.
    pub fn refresh_lists(&mut self, shown: Priority) {
        for tab in 0..self.lists.len() {
            if tab == self.tab || self.lists.get(tab).is_some_and(List::is_opened) {
                let priority = if tab == self.tab { shown } else { Priority::Next };
                self.replace_list(tab, priority);
            }
        }
        self.count_lists(|_| true);
    }

    pub fn cancel_list(&mut self) -> bool {
        self.refreshes.cancel();
        let Some(list) = self.list_mut() else { return false };
        if list.all.is_some() {
            list.is_paused = true;
            let tickets = list.cancel_load_all();
            self.cancel_all(tickets);
            self.say("Stopped; what came stays. {load-all} goes on.");
            return true;
        }
        // A page that only runs ahead of the cursor is nothing that the user waits for.
        if !list.is_awaited() {
            return false;
        }
        let Some(load) = list.load.take() else { return false };
        list.is_paused = true;
        self.cancel(load.ticket);
        self.say("Given up; {refresh} fetches again.");
        true
    }

    /// Asks how many rows the lists have that were not opened.
    pub fn count_lists(&mut self, is_asked: impl Fn(&List) -> bool) {
        for tab in 0..self.lists.len() {
            let ticket = self.ticket();
            let remembers = self.kept.remembers;
            let list = self.lists.get_mut(tab);
            let Some(list) = list.filter(|list| !list.is_opened() && is_asked(list)) else {
                continue;
            };
            // Rows that are compared with those of the last session cost no more requests than a
            // count.
            let rows =
                if remembers && !list.spec().tracked.is_empty() { LARGEST_PAGE } else { COUNTING };
            let query = list.query.clone().page(1, rows);
            let older = list.count.replace(ticket);
            self.cancel_all(older);
            self.send(ticket, Waiter::Count(tab), Priority::Background, Request::List(query));
        }
    }

    /// Loads the next page when the cursor is near the last row, and promotes that request once the user
    /// waits for it.
    pub fn run_list(&mut self) {
        self.refresh_by_timer();
        let (rows, ticket, now, tab) = (self.layout.rows(), self.ticket(), self.now, self.tab);
        let Some(list) = self.list_mut() else { return };
        if list.wants_next(rows)
            && let Some(query) = list.start_next_page(ticket, now)
        {
            let priority = if list.is_awaited() { Priority::Visible } else { Priority::Next };
            list.set_priority(priority, false);
            self.send(ticket, Waiter::Rows(tab), priority, Request::List(query));
        }
        if let Some(ticket) = self.list_mut().and_then(List::promote) {
            self.effect(Effect::Network(NetCommand::Promote(ticket)));
        }
    }

    pub fn load_all(&mut self) {
        let (tab, now) = (self.tab, self.now);
        let Some(list) = self.list_mut() else { return };
        let older = list.cancel();
        list.start_load_all(now);
        self.cancel_all(older);
        self.ask_pages(tab);
    }

    /// Asks for pages of the fetch of all, as many as may be under way.
    fn ask_pages(&mut self, tab: usize) {
        loop {
            let ticket = self.ticket();
            let query = self.lists.get_mut(tab).and_then(|list| list.next_page_of_all(ticket));
            let Some(query) = query else { return };
            self.send(ticket, Waiter::AllPages(tab), Priority::Visible, Request::List(query));
        }
    }

    fn replace_list(&mut self, tab: usize, priority: Priority) {
        let (ticket, now) = (self.ticket(), self.now);
        let Some(list) = self.lists.get_mut(tab) else { return };
        let older = list.cancel();
        let resolved = list.query.move_to(now.local.date()).map(|()| {
            let query = list.start_refresh(ticket, now);
            list.set_priority(priority, false);
            query
        });
        let query = match resolved {
            Ok(query) => Some(query),
            Err(invalid) => {
                let what = format!("{} were not asked for", list.spec().title);
                let why = invalid.to_string();
                list.fail(Failure::new(Kind::Refused, what, why, Advice::CorrectFilters));
                None
            }
        };
        self.cancel_all(older);
        if let Some(query) = query {
            self.send(ticket, Waiter::Rows(tab), priority, Request::List(query));
        }
    }

    pub fn list_counted(&mut self, tab: usize, answer: Result<Response, Failure>) {
        let Some(list) = self.lists.get_mut(tab) else { return };
        list.count = None;
        let Ok(Response::Page(page)) = answer else { return };
        list.total = page.total;
        let is_complete = list.settings().is_empty() && page.total == Some(page.rows.len() as u64);
        let spec = list.spec();
        self.compare_page(spec, &page.rows, is_complete);
    }

    pub fn list_answered(&mut self, tab: usize, answer: Result<Response, Failure>) {
        let now = self.now;
        let Some(list) = self.lists.get_mut(tab) else { return };
        match page_of(answer) {
            Ok(page) => match list.on_page(page, now) {
                PageOutcome::Done => {}
                PageOutcome::FetchMore => self.continue_list(tab),
                PageOutcome::TotalChanged | PageOutcome::EndedEarly => self.say(CHANGED),
                PageOutcome::DuplicatePage => self.say(
                    "The server sent the same page twice; nothing more is fetched. {refresh} \
                     fetches anew.",
                ),
            },
            Err(failure) => {
                list.fail(failure.clone());
                self.show_refused(tab, &failure);
            }
        }
        self.compare_with_last_session(tab);
    }

    fn continue_list(&mut self, tab: usize) {
        let ticket = self.ticket();
        let next = self.lists.get_mut(tab).and_then(|list| list.next_refresh_page(ticket));
        if let Some((priority, query)) = next {
            self.send(ticket, Waiter::Rows(tab), priority, Request::List(query));
        }
    }

    pub fn list_answered_of_all(
        &mut self,
        tab: usize,
        ticket: crate::tui::effect::Ticket,
        answer: Result<Response, Failure>,
    ) {
        let Some(list) = self.lists.get_mut(tab) else { return };
        match page_of(answer).map(|page| list.on_page_of_all(ticket, page)) {
            Ok(PageOutcome::FetchMore) => self.ask_pages(tab),
            Ok(outcome) => self.end_all_pages(tab, outcome),
            Err(failure) => {
                // What came stays.
                let given_up = list.cancel_load_all();
                list.is_paused = true;
                let advice = Advice::ResumeLoading(Box::new(failure.advice));
                list.fail(Failure { advice, ..failure });
                self.cancel_all(given_up);
            }
        }
        self.compare_with_last_session(tab);
    }

    fn end_all_pages(&mut self, tab: usize, outcome: PageOutcome) {
        let Some(list) = self.lists.get_mut(tab) else { return };
        let pending = list.export.take();
        let given_up = list.cancel_load_all();
        let told = match outcome {
            PageOutcome::FetchMore | PageOutcome::Done => {
                let rows = format_count(list.table.records().len() as u64);
                format!("All {rows} {} are here.", list.spec().title.to_lowercase())
            }
            PageOutcome::TotalChanged => CHANGED.to_owned(),
            PageOutcome::DuplicatePage | PageOutcome::EndedEarly => {
                "The server's pages repeat or end early; what came stays. \
                                       {refresh} fetches anew."
                    .to_owned()
            }
        };
        self.cancel_all(given_up);
        match pending {
            Some(pending) if outcome == PageOutcome::Done => {
                export::write(self, tab, Which::All, &pending);
            }
            Some(_) => self.say(format!("{told} Nothing was written.")),
            None => self.say(told),
        }
    }
}

fn page_of(answer: Result<Response, Failure>) -> Result<Page, Failure> {
    match answer? {
        Response::Page(page) => Ok(page),
        _ => Err(wrong_answer()),
    }
}
