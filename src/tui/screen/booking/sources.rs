//! What is asked of the server for a booking, and what becomes of the answers.

use crate::conciliation::changes::Changes;
use crate::conciliation::report::{ExtraList, State, sections_missing_fields};
use crate::domain::failure::{Failure, Kind};
use crate::net::request::Request;
use crate::net::response::{Response, wrong_answer};
use crate::tui::cx::Cx;
use crate::tui::effect::Priority;
use crate::tui::msg::Waiter;
use crate::tui::screen::booking::state::Booking;
use crate::tui::screen::booking::tenant::Tenant;

impl Booking {
    pub fn load(&mut self, cx: &mut Cx) {
        self.give_up();
        cx.cancel_of(cx.here);
        self.failure = None;
        let reference = self.asked.expose_raw().to_owned();
        let ticket = cx.ask(Priority::Visible, Request::Booking(reference));
        self.load = Some((ticket, cx.now));
        self.ask(&[ExtraList::Scheduled], cx);
        self.ask_tenant(cx);
    }

    /// Fetches what is not known yet; what was seen before is shown as it was, with its age.
    pub fn load_what_is_missing(&mut self, cx: &mut Cx) {
        let Some(content) = &self.content else { return self.load(cx) };
        let mut wanted = sections_missing_fields(&content.raw);
        wanted.push(ExtraList::Scheduled);
        wanted.retain(|which| self.sources.of(*which).state != State::Loaded);
        self.ask(&wanted, cx);
        if self.tenant.as_ref().is_none_or(|tenant| tenant.state != State::Loaded) {
            self.ask_tenant(cx);
        }
    }

    /// Asks lists about it; the verdict of the one that is shown waits for them.
    fn ask(&mut self, wanted: &[ExtraList], cx: &mut Cx) {
        let priority = if cx.is_on_top() { Priority::Visible } else { Priority::Next };
        for which in wanted {
            let Some(query) = which.query(self.asked.expose_raw()) else { continue };
            let ticket = cx.ask(priority, Request::List(query));
            if let Some(awaited) = self.awaited.get_mut(*which as usize) {
                cx.cancel_all(awaited.replace(ticket));
            }
            self.sources.of_mut(*which).state = State::Waiting;
        }
    }

    /// Asks what the tenant paid, from the first page on, where that can be asked.
    fn ask_tenant(&mut self, cx: &mut Cx) {
        if !cx.hosts.payments {
            return;
        }
        let tenant = self.tenant.get_or_insert_with(Tenant::default);
        cx.cancel_all(tenant.give_up());
        let (ticket, here) = (cx.ticket(), cx.here);
        if let Some(query) = tenant.begin(ticket, &self.asked) {
            cx.send(ticket, Waiter::Screen(here), Priority::Next, Request::List(query));
        }
    }

    /// Takes a page of what the tenant paid; asks for the next one.
    pub fn accept_tenant(&mut self, answer: Result<Response, Failure>, cx: &mut Cx) {
        let Some(tenant) = &mut self.tenant else { return };
        let page = match answer {
            Ok(Response::Page(page)) => Ok(page),
            Ok(_) => Err(wrong_answer().why),
            Err(failure) => Err(failure.why),
        };
        let (ticket, here) = (cx.ticket(), cx.here);
        if let Some(query) = tenant.accept(page, ticket, &self.asked) {
            cx.send(ticket, Waiter::Screen(here), Priority::Next, Request::List(query));
        }
    }

    pub fn accept_conciliation(&mut self, answer: Result<Response, Failure>, cx: &mut Cx) {
        let raw = match answer {
            Ok(Response::Booking(raw)) => *raw,
            Ok(_) => return self.fail(wrong_answer()),
            Err(failure) => return self.accept_failure(failure, cx),
        };
        let wanted = sections_missing_fields(&raw);
        self.accept(raw, cx.now);
        let refreshed = self.content.as_ref().filter(|content| content.before.is_some());
        if let Some(content) = refreshed.filter(|_| cx.is_on_top()) {
            cx.say(in_words(&content.changes));
        }
        self.ask(&wanted, cx);
    }

    /// A booking that does not exist has no scheduled payments either.
    fn accept_failure(&mut self, failure: Failure, cx: &mut Cx) {
        let is_missing = failure.kind == Kind::Missing;
        self.fail(failure);
        if is_missing && self.content.is_none() {
            self.give_up();
            cx.cancel_of(cx.here);
            cx.history.forget(&self.asked);
        }
    }

    pub fn accept_source(&mut self, which: ExtraList, answer: Result<Response, Failure>, cx: &Cx) {
        if let Some(awaited) = self.awaited.get_mut(which as usize) {
            *awaited = None;
        }
        let reference = self.reference().clone();
        let failed = match answer {
            Ok(Response::Page(page)) => {
                let at = cx.now.local;
                self.sources.accept(which, &reference, page.rows, page.total, at);
                None
            }
            Ok(_) => Some(wrong_answer().why),
            Err(failure) => Some(failure.why),
        };
        if let Some(why) = failed {
            self.sources.of_mut(which).state = State::Failed(why);
        }
        self.reassemble(cx.now);
    }
}

fn in_words(changes: &Changes) -> String {
    if changes.is_empty() {
        return "Nothing has changed.".to_owned();
    }
    let each = [
        (changes.totals.len(), "total", "totals"),
        (changes.sections.len(), "section", "sections"),
        (changes.rows.len(), "row", "rows"),
    ];
    let words: Vec<String> = each
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    format!("Changed: {}. {{checks}} shows old beside new.", words.join(", "))
}
