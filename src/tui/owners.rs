//! The owners of bookings on the screen: learned from every answer, and asked for where rows in sight
//! have none, in the background and only while the budget has room.

pub mod lookup;

use std::sync::Arc;

use super::cx::Cx;
use super::effect::Priority;
use super::msg::Waiter;
use crate::domain::names::folded;
use crate::domain::text::Untrusted;
use crate::filter::ListQuery;
use crate::list::record::Record;
use crate::list::{Rule, scheduled};
use crate::net::budget::PAUSE;
use crate::net::request::Request;
use crate::net::response::{Answer, Response};
use crate::owners::Named;

/// Milliseconds without a key before anything is asked.
const REST: u64 = 600;
/// Requests under way.
const AT_ONCE: usize = 3;
/// Requests that are left to what a key asks for.
const RESERVE: u64 = 10;
/// Requests that the server has left in its minute and that are kept for what is asked by a key.
const LEAST_LEFT: u32 = 60;
/// Milliseconds until the budget is looked at again.
const LATER: u64 = 3_000;

impl Cx {
    /// Takes the names in an answer, whatever it was asked for.
    pub fn learn_owners(&mut self, answer: &Answer) {
        let Ok(answer @ (Response::Page(_) | Response::Booking(_))) = answer else { return };
        // No table holds the names while they change, so that nothing is copied.
        self.lists.iter_mut().for_each(|list| list.table.set_names(Arc::default(), false));
        let owners = &mut self.owner_lookup.owners;
        let is_new = match answer {
            Response::Page(page) => owners.learn(&page.rows),
            Response::Booking(booking) => {
                self.owner_lookup.asked.insert(folded(&booking.asked).into_owned());
                owners.learn_booking(booking)
            }
            _ => false,
        };
        let names = Arc::clone(owners.names());
        self.lists.iter_mut().for_each(|list| list.table.set_names(Arc::clone(&names), is_new));
    }

    /// Asks for the owners of rows in sight, a few at a time, once no key has come for a while. Nothing
    /// where none is shown.
    pub fn ask_owners(&mut self, is_shown: bool) {
        self.owner_lookup.wake_at = None;
        let missing = if is_shown { self.without_owner() } else { Vec::new() };
        let under_way = self.pending(|waiter| waiter == Waiter::Owners).count();
        let (network, reported) = &self.network;
        let is_stopped = self.countdown().is_some();
        if missing.is_empty() || under_way >= AT_ONCE || is_stopped || !self.is_watched() {
            return;
        }
        let (now, rested) = (self.now.elapsed, self.last_key.saturating_add(REST));
        let ready = u64::from(network.ready) + now.saturating_sub(reported.elapsed) / PAUSE;
        let has_room =
            ready > RESERVE && self.left_at_server().is_none_or(|left| left > LEAST_LEFT);
        if now < rested || !has_room {
            self.owner_lookup.wake_at = Some(if now < rested { rested } else { now + LATER });
            return;
        }
        for reference in missing.into_iter().take(AT_ONCE - under_way) {
            self.owner_lookup.asked.insert(folded(&reference).into_owned());
            let request = Request::Booking(reference.expose_raw().to_owned());
            self.send(Waiter::Owners, Priority::Background, request);
        }
    }

    pub fn owners_wake_at(&self) -> Option<u64> {
        self.owner_lookup.wake_at
    }

    /// What no name was found for is asked for again.
    pub fn forget_asked_owners(&mut self) {
        self.owner_lookup.asked.clear();
    }

    /// The bookings of the rows in sight whose owner is neither known nor asked for; that of the
    /// selected row first.
    fn without_owner(&self) -> Vec<Untrusted> {
        let table = &self.list().table;
        let in_sight = (table.top()..table.len()).take(self.layout.rows());
        let mut found: Vec<Untrusted> = Vec::new();
        for reference in
            [table.cursor()].into_iter().chain(in_sight).filter_map(|row| table.row(row)?.booking())
        {
            let is_known = table.names().get(reference).is_some()
                || self.owner_lookup.asked.contains(folded(reference).as_ref());
            if !is_known && !self.is_asked_for(reference) && !found.contains(reference) {
                found.push(reference.clone());
            }
        }
        found
    }

    /// Returns `true` while the booking is loaded, for whatever part of the screen.
    fn is_asked_for(&self, reference: &Untrusted) -> bool {
        let is_it =
            |request: &Request| *request == Request::Booking(reference.expose_raw().to_owned());
        self.pending(|_| true).any(|(_, request)| is_it(request))
    }

    /// A booking of which neither payouts nor invoices name an owner may have scheduled payments.
    pub fn owner_answered(&mut self, request: &Request, answer: &Answer) {
        let Request::Booking(reference) = request else { return };
        let known = self.owner_lookup.owners.of(&Untrusted::new(reference));
        if !known.is_empty() || answer.is_err() {
            return;
        }
        if let Some(query) = ListQuery::of_booking(&scheduled::SPEC, reference) {
            self.send(Waiter::Owners, Priority::Background, Request::List(query));
        }
    }

    /// The names of the owner of its booking, for a row whose own list has none.
    pub fn owners_of(&self, record: &Record) -> &[Named] {
        let reference = record.booking().filter(|_| record.spec().computed(Rule::Owner).is_some());
        reference.map_or(&[][..], |it| self.owner_lookup.owners.of(it))
    }
}

#[cfg(test)]
mod tests;
