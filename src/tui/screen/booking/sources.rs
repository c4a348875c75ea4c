//! The requests for a booking, and how their responses are used.

use crate::conciliation::changes::Changes;
use crate::conciliation::report::{ExtraList, Source, State, sections_missing_fields};
use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::text::Untrusted;
use crate::list::payments::SPEC as PAYMENTS;
use crate::net::request::Request;
use crate::net::response::{Answer, wrong_answer};
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::Priority;
use crate::tui::msg::Waiter;
use crate::tui::references::NO_SUCH_PREFIX;
use crate::tui::screen::booking::state::{Booking, OpenedFrom};
use crate::tui::screen::list::fetch::{NO_LIST, page_of};

impl Booking {
    pub fn load(&mut self, cx: &mut Cx) {
        self.cancel();
        cx.cancel_of(cx.here);
        self.failure = None;
        if cx.is_no_booking(&self.asked) {
            let what = format!("{} is not a booking reference", self.asked.shown());
            let advice = Advice::LookUpAnotherOrSearchDebt;
            let failure = Failure::new(Kind::Missing, what, NO_SUCH_PREFIX, advice);
            self.failure = Some(failure);
            if !matches!(self.opened_from, OpenedFrom::Text(_)) {
                cx.then(Next::BackToRow(self.asked.clone()));
            }
            return;
        }
        self.load = Some(cx.now);
        let request = Request::Booking(self.asked.expose_raw().to_owned());
        send(Priority::Visible, request, cx);
        self.ask(&[ExtraList::Scheduled], cx);
        self.ask_tenant(cx);
    }

    /// Loads what is missing; what was loaded before is shown unchanged, with its age.
    pub fn load_what_is_missing(&mut self, cx: &mut Cx) {
        let Some(content) = &self.content else { return self.load(cx) };
        let mut lists = sections_missing_fields(&content.raw);
        lists.push(ExtraList::Scheduled);
        lists.retain(|which| self.sources.of(*which).state != State::Loaded);
        self.ask(&lists, cx);
        if self.tenant.as_ref().is_none_or(|tenant| tenant.state != State::Loaded) {
            self.ask_tenant(cx);
        }
    }

    /// Requests lists for it; the verdict of the shown booking depends on them.
    fn ask(&mut self, lists: &[ExtraList], cx: &mut Cx) {
        let priority = if cx.here == cx.top { Priority::Visible } else { Priority::Next };
        for which in lists {
            let Some(query) = which.query(self.asked.expose_raw()) else { continue };
            send(priority, Request::List(query), cx);
            self.sources.of_mut(*which).state = State::Waiting;
        }
    }

    /// Drops the rows of lists that only an earlier response needed.
    fn forget_lists_but(&mut self, lists: &[ExtraList]) {
        for which in [ExtraList::Penalties, ExtraList::Debt] {
            if !lists.contains(&which) {
                *self.sources.of_mut(which) = Source::default();
            }
        }
    }

    /// Requests what the tenant paid, from the first page on, if that API is configured.
    pub fn ask_tenant(&mut self, cx: &mut Cx) {
        if !cx.hosts.payments {
            return;
        }
        let tenant = self.tenant.get_or_insert_default();
        tenant.cancel();
        if cx.is_payments_list_gone {
            tenant.state = State::Failed(NO_LIST.to_owned());
            return;
        }
        if let Some(query) = tenant.begin(&self.asked) {
            send(Priority::Next, Request::List(query), cx);
        }
    }

    pub fn accept_answer(&mut self, request: &Request, answer: Answer, cx: &mut Cx) {
        match request {
            Request::List(query) => match ExtraList::of(query.spec) {
                Some(which) => self.accept_source(which, answer, cx),
                None => self.accept_tenant(query.page, answer, cx),
            },
            _ => self.accept_conciliation(answer, cx),
        }
        cx.history.keep(self);
    }

    /// Accepts a page of the tenant's payments; requests the next one.
    fn accept_tenant(&mut self, number: u32, answer: Answer, cx: &mut Cx) {
        let Some(tenant) = &mut self.tenant else { return };
        match page_of(answer) {
            Ok(page) => {
                if let Some(query) = tenant.accept(number, page, &self.asked) {
                    send(Priority::Next, Request::List(query), cx);
                }
            }
            Err(failure) => {
                if let Some(tab) = cx.tab_of(PAYMENTS.key)
                    && cx.is_gone(tab, &failure)
                {
                    cx.hide_tab(tab);
                }
                tenant.state = State::Failed(failure.why);
            }
        }
    }

    fn accept_conciliation(&mut self, answer: Answer, cx: &mut Cx) {
        match answer.and_then(|it| it.try_as_booking().ok_or_else(wrong_answer)) {
            Ok(raw) => {
                let lists = sections_missing_fields(&raw);
                let is_first = self.content.is_none();
                self.forget_lists_but(&lists);
                // The verdict must show that they are loading.
                self.ask(&lists, cx);
                self.accept(*raw, cx.now);
                if is_first && cx.here == cx.top {
                    cx.history.visit(&self.asked);
                    self.tell_what_was_found(cx);
                }
                let refreshed = self.content.as_ref().filter(|content| content.before.is_some());
                if let Some(content) = refreshed.filter(|_| cx.here == cx.top) {
                    cx.tell(in_words(&content.changes, cx));
                }
            }
            Err(failure) => {
                self.load = None;
                self.failure = Some(failure);
                if self.is_unknown() {
                    // A booking that does not exist has no scheduled payments either.
                    self.cancel();
                    cx.cancel_of(cx.here);
                    cx.history.forget(&self.asked);
                    self.not_found(cx);
                }
            }
        }
    }

    /// Tries the other meanings of the typed text. A booking opened from a row returns to it.
    fn not_found(&mut self, cx: &mut Cx) {
        let asked = self.asked.clone();
        let OpenedFrom::Text(typed) = &mut self.opened_from else {
            cx.learn_no_booking(&asked);
            if cx.here == cx.top {
                cx.then(Next::BackToRow(asked));
            }
            return;
        };
        typed.unknown.push(asked);
        if let Some(next) = typed.others.pop_front() {
            self.asked = next;
            return self.load(cx);
        }
        let Some(failure) = &mut self.failure else { return };
        failure.advice = Advice::LookUpAnotherOrSearchDebt;
        let tried: Vec<_> = typed.unknown.iter().map(Untrusted::shown).collect();
        if tried.len() > 1 {
            failure.what = format!("Booking {} could not be loaded", typed.reference.shown());
            failure.why = format!("the server has no booking {}", tried.join(" or "));
        }
        if cx.is_unlike_bookings(&self.asked) {
            failure.what = format!("{} is not a booking reference", typed.reference.shown());
        }
    }

    /// Tells which booking was found, if the typed reference differs from it.
    pub fn tell_what_was_found(&self, cx: &mut Cx) {
        if let OpenedFrom::Text(typed) = &self.opened_from
            && typed.reference != self.asked
        {
            let (typed, found) = (typed.reference.shown(), self.asked.shown());
            cx.tell(format!("{typed}: found booking {found}."));
        }
    }

    fn accept_source(&mut self, which: ExtraList, answer: Answer, cx: &Cx) {
        let reference = self.reference().clone();
        match page_of(answer) {
            Ok(page) => {
                self.sources.accept(which, &reference, page.rows, page.total, cx.now.local);
            }
            Err(failure) => self.sources.of_mut(which).state = State::Failed(failure.why),
        }
        self.reassemble(cx.now);
    }
}

/// Replaces an earlier equal request, which is cancelled afterwards: both share one HTTP request.
fn send(priority: Priority, request: Request, cx: &mut Cx) {
    let is_same = |other: &Request| match (other, &request) {
        (Request::List(other), Request::List(query)) => other.spec.key == query.spec.key,
        (other, request) => std::mem::discriminant(other) == std::mem::discriminant(request),
    };
    let here = Waiter::Screen(cx.here);
    let older = cx.pending(|waiter| waiter == here).filter(|(_, other)| is_same(other));
    let older = older.map(|(ticket, _)| ticket).collect();
    cx.ask(priority, request);
    cx.cancel(older);
}

fn in_words(changes: &Changes, cx: &Cx) -> String {
    if changes.is_empty() {
        return "Nothing changed.".to_owned();
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
    format!("Changed: {}. {}", words.join(", "), cx.words("{checks} shows old and new values."))
}
