//! What is loaded again after a write.

use super::cx::Cx;
use super::effect::Priority;
use super::msg::Waiter;
use super::screen::booking::state::Booking;
use super::screen::list::fetch::page_of;
use super::screen::payments::state::ReportScreen;
use super::screen::payments::writable::is_of;
use super::stack::Tui;
use crate::conciliation::report::State;
use crate::filter::ListQuery;
use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::Answer;
use crate::payments::subject::Subject;
use crate::payments::write::Write;

const NOT_LOADED: &str = "The row of the write could not be loaded again; {refresh} refreshes.";

impl Cx {
    /// The rows of a list that a write may have changed: replaced in their places.
    pub fn written_rows_answered(&mut self, tab: usize, request: Request, answer: Answer) {
        let list = self.list_at_mut(tab);
        if list.load.is_some() || list.all.is_some() {
            // These rows may have been read before the write.
            return self.writes.rows_later.push((tab, request));
        }
        let Ok(page) = page_of(answer) else {
            self.writes.awaited.clear();
            return self.tell_also(&self.words(NOT_LOADED));
        };
        let ids = page.rows.iter().filter_map(|row| row.text("id"));
        let ids: Vec<String> = ids.map(|id| id.expose_raw().to_owned()).collect();
        list.table.update(page.rows);
        let written = ids.into_iter().filter(|id| self.writes.awaited.remove(id));
        let written: Vec<String> = written.collect();
        self.writes.written.extend(written);
    }

    /// Sends the requests that waited for the end of a load.
    pub(super) fn load_rows_later(&mut self) {
        for (tab, request) in std::mem::take(&mut self.writes.rows_later) {
            let list = self.list_at(tab);
            if list.load.is_some() || list.all.is_some() {
                self.writes.rows_later.push((tab, request));
            } else {
                self.send(Waiter::WrittenRows(tab), Priority::Visible, request);
            }
        }
    }
}

impl Tui {
    /// Loads again what a write may have changed: open reports, the row of the list, the tenant's
    /// payments of open bookings. Nothing of the customer's API.
    pub(super) fn load_written(&mut self, write: &Write, may_have_changed: bool) {
        let is_same = |subject: &Subject| match (subject, write) {
            (Subject::Payment(id), Write::CancelFees { .. }) => !id.is_empty(),
            (Subject::Payment(id), _) => id == write.id(),
            (
                Subject::Bank(_) | Subject::BankOf(..),
                Write::Match { .. } | Write::Unmatch { .. },
            ) => true,
            _ => false,
        };
        let cx = &mut self.cx;
        for layer in &mut self.stack {
            let id = layer.id;
            if let Some(report) = layer.is_mut::<ReportScreen>() {
                if is_same(&report.report.subject) {
                    cx.here = id;
                    report.load_again(cx);
                }
            } else if let Some(booking) = layer.is_mut::<Booking>() {
                let tenant = booking.tenant.as_ref().filter(|it| it.state == State::Loaded);
                if tenant.is_some_and(|it| it.table.records().iter().any(|row| is_of(row, write))) {
                    cx.here = id;
                    booking.ask_tenant(cx);
                }
            }
        }
        let Some(tab) = cx.tab_of(SPEC.key) else { return };
        let rows = cx.list_at(tab).table.records().iter().filter(|row| is_of(row, write));
        let rows: Vec<Record> = rows.cloned().collect();
        let ids = rows.iter().filter_map(|row| row.text("id"));
        if may_have_changed {
            cx.writes.awaited.extend(ids.map(|id| id.expose_raw().to_owned()));
        }
        let reference = rows.iter().find_map(|row| row.booking().cloned());
        let query = reference.and_then(|it| ListQuery::of_booking(&SPEC, it.expose_raw()));
        match query {
            Some(query) => {
                cx.send(Waiter::WrittenRows(tab), Priority::Visible, Request::List(query));
            }
            // Without a reference, no request asks for the row alone.
            None if !rows.is_empty() => {
                cx.writes.awaited.clear();
                cx.tell_also(&cx.words(NOT_LOADED));
            }
            None => {}
        }
    }
}
