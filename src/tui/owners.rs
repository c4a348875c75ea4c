//! The owners of bookings on the screen: learned from every answer, and loaded for visible rows
//! without one, in the background and only while the budget has room.

pub mod lookup;

use std::sync::Arc;

use lookup::Step;

use super::cx::Cx;
use super::effect::Priority;
use super::msg::Waiter;
use crate::domain::failure::Kind;
use crate::domain::names::folded;
use crate::domain::text::Untrusted;
use crate::filter::ListQuery;
use crate::list::record::Record;
use crate::list::{Rule, scheduled};
use crate::net::budget::PAUSE;
use crate::net::request::Request;
use crate::net::response::{Answer, Response};
use crate::owners::Named;

/// Milliseconds without a key press before a request is sent.
const REST: u64 = 600;
/// Requests in flight.
const AT_ONCE: usize = 3;
/// Requests of the budget reserved for what a key asks for.
const RESERVE: u64 = 10;
/// Requests left on the server in its minute, reserved for what a key asks for.
const LEAST_LEFT: u32 = 60;
/// Milliseconds until the budget is checked again.
const LATER: u64 = 3_000;

impl Cx {
    /// Stores the names in an answer, whatever it was requested for.
    pub fn learn_owners(&mut self, answer: &Answer) {
        let Ok(answer @ (Response::Page(_) | Response::Booking(_))) = answer else { return };
        // No table shares the names while they change, so that they are not copied.
        self.lists.iter_mut().for_each(|list| list.table.set_names(Arc::default(), false));
        let owners = &mut self.owner_lookup.owners;
        let is_new = match answer {
            Response::Page(page) => owners.learn(&page.rows),
            Response::Booking(booking) => {
                let step = self.owner_lookup.steps.entry(folded(&booking.asked).into_owned());
                step.or_insert(Step::Booking);
                owners.learn_booking(booking)
            }
            _ => false,
        };
        let names = Arc::clone(owners.names());
        self.lists.iter_mut().for_each(|list| list.table.set_names(Arc::clone(&names), is_new));
    }

    /// Loads the owners of visible rows, a few at a time, after a pause without keys. Does nothing
    /// if no owner is shown.
    pub fn ask_owners(&mut self, is_shown: bool) {
        self.owner_lookup.wake_at = None;
        let missing = if is_shown { self.without_owner() } else { Vec::new() };
        let under_way = self.pending(|waiter| waiter == Waiter::Owners).count();
        let is_stopped = self.countdown().is_some();
        if missing.is_empty() || under_way >= AT_ONCE || is_stopped || !self.is_watched() {
            return;
        }
        let (now, rested) = (self.now.elapsed, self.last_key.saturating_add(REST));
        if now < rested || !self.has_half_of_the_budget() {
            self.owner_lookup.wake_at = Some(if now < rested { rested } else { now + LATER });
            return;
        }
        for (reference, step, request) in missing.into_iter().take(AT_ONCE - under_way) {
            self.owner_lookup.steps.insert(folded(&reference).into_owned(), step);
            self.send(Waiter::Owners, Priority::Background, request);
        }
    }

    /// Returns `true` if at least half of the budget is left for what a key asks for.
    pub fn has_half_of_the_budget(&self) -> bool {
        let (network, reported) = &self.network;
        let refilled = self.now.elapsed.saturating_sub(reported.elapsed) / PAUSE;
        u64::from(network.ready) + refilled > RESERVE
            && self.left_at_server().is_none_or(|left| left > LEAST_LEFT)
    }

    pub fn owners_wake_at(&self) -> Option<u64> {
        self.owner_lookup.wake_at
    }

    /// Bookings without a known owner are requested again.
    pub fn forget_asked_owners(&mut self) {
        self.owner_lookup.steps.clear();
    }

    /// The bookings of visible rows whose owner is not known, each with its next request; that of
    /// the selected row first. Scheduled payments are requested last: few bookings need them.
    fn without_owner(&self) -> Vec<(Untrusted, Step, Request)> {
        let table = &self.list().table;
        let in_sight = (table.top()..table.len()).take(self.layout.rows());
        let mut found: Vec<(Untrusted, Step, Request)> = Vec::new();
        for reference in
            [table.cursor()].into_iter().chain(in_sight).filter_map(|row| table.row(row)?.booking())
        {
            let is_new = found.iter().all(|(other, ..)| other != reference);
            let next = || self.next_step(reference);
            if let Some((step, request)) = is_new.then(next).flatten() {
                found.push((reference.clone(), step, request));
            }
        }
        found.sort_by_key(|(_, step, _)| *step);
        found
    }

    /// The next request for the owner of a booking; `None` if there is nothing to request.
    fn next_step(&self, reference: &Untrusted) -> Option<(Step, Request)> {
        let is_known = self.list().table.names().get(reference).is_some();
        if is_known || self.is_no_booking(reference) {
            return None;
        }
        let raw = reference.expose_raw();
        match self.owner_lookup.steps.get(folded(reference).as_ref()) {
            None if self.is_asked_for(reference) => None,
            None => Some((Step::Booking, Request::Booking(raw.to_owned()))),
            Some(Step::Unnamed) => {
                let query = ListQuery::of_booking(&scheduled::SPEC, raw)?;
                Some((Step::Scheduled, Request::List(query)))
            }
            Some(Step::Booking | Step::Scheduled) => None,
        }
    }

    /// Returns `true` if any request for the booking is in flight, not only one for its owner.
    pub fn is_asked_for(&self, reference: &Untrusted) -> bool {
        let is_it =
            |request: &Request| *request == Request::Booking(reference.expose_raw().to_owned());
        self.pending(|_| true).any(|(_, request)| is_it(request))
    }

    /// Notes that the payouts and invoices of a booking name no owner, or that the booking does not
    /// exist.
    pub fn owner_answered(&mut self, request: &Request, answer: &Answer) {
        let Request::Booking(reference) = request else { return };
        let reference = Untrusted::new(reference);
        match answer {
            Err(failure) if failure.kind == Kind::Missing => self.learn_no_booking(&reference),
            Ok(_) if self.owner_lookup.owners.of(&reference).is_empty() => {
                let step = self.owner_lookup.steps.get_mut(folded(&reference).as_ref());
                if let Some(step) = step.filter(|step| **step == Step::Booking) {
                    *step = Step::Unnamed;
                }
            }
            _ => {}
        }
    }

    /// The names of the owner of a row's booking, for lists that have no owner of their own.
    pub fn owners_of(&self, record: &Record) -> &[Named] {
        let reference = record.booking().filter(|_| record.spec().computed(Rule::Owner).is_some());
        reference.map_or(&[][..], |it| self.owner_lookup.owners.of(it))
    }
}

#[cfg(test)]
mod tests;
