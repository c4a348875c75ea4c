//! What this session knows about references: which prefixes belong to bookings, and which do not.

use std::collections::{HashMap, VecDeque};

use crate::domain::reference::{meant, prefix};
use crate::domain::text::Untrusted;
use crate::list::Spec;
use crate::tui::cx::Cx;
use crate::tui::screen::booking::state::{Booking, OpenedFrom, Typed};

/// The field that the API contract documents as a booking. The reference of debt can name a
/// customer: `CUST-495146`.
const DOCUMENTED: &str = "booking_id";

/// Returns `true` if the references of the list are documented as bookings.
fn has_bookings(spec: &Spec) -> bool {
    spec.booking == DOCUMENTED || spec.is_of_payments()
}

/// Why a reference is not a booking.
pub const NO_SUCH_PREFIX: &str = "the server has no booking with this prefix";

impl Cx {
    /// The booking for a typed `reference`, which was found in `text`.
    pub fn looked_up(&self, reference: &Untrusted, text: String) -> Booking {
        let reference = self.cased(reference);
        let meant = meant(reference.expose_raw(), &self.booking_prefixes());
        let mut others: VecDeque<Untrusted> = meant.into_iter().map(Untrusted::new).collect();
        let asked = others.pop_front().unwrap_or_else(|| reference.clone());
        let typed = Typed { text, reference, others, unknown: Vec::new() };
        Booking::opening(asked, OpenedFrom::Text(typed))
    }

    /// A prefix that is known not to be of bookings is recognized in any letter case.
    fn cased(&self, reference: &Untrusted) -> Untrusted {
        let raw = reference.expose_raw();
        let own = prefix(raw).unwrap_or_default();
        let known = self.no_bookings.iter().find(|known| known.eq_ignore_ascii_case(own));
        let cased =
            known.map(|known| format!("{known}{}", raw.get(own.len()..).unwrap_or_default()));
        cased.map_or_else(|| reference.clone(), Untrusted::new)
    }

    /// The prefixes of bookings in loaded rows and of opened bookings, the most frequent first.
    pub fn booking_prefixes(&self) -> Vec<String> {
        let counts = self.prefixes();
        let is_booking = |(prefix, _): &(&str, usize)| !self.no_bookings.contains(*prefix);
        let mut all: Vec<_> = counts.into_iter().filter(is_booking).collect();
        all.sort_by_key(|(prefix, count)| (std::cmp::Reverse(*count), *prefix));
        all.into_iter().map(|(prefix, _)| prefix.to_owned()).collect()
    }

    fn prefixes(&self) -> HashMap<&str, usize> {
        let lists = self.lists.iter().filter(|list| has_bookings(list.spec()));
        let rows = lists.flat_map(|list| list.table.records());
        let named = rows.filter_map(|row| row.booking()).chain(self.history.recent());
        let mut counts = HashMap::new();
        for prefix in named.filter_map(|reference| prefix(reference.expose_raw())) {
            *counts.entry(prefix).or_default() += 1;
        }
        counts
    }

    /// Notes that the server has no booking with this reference, which a row names. If no known
    /// booking has its prefix, references with that prefix are not requested again.
    pub fn learn_no_booking(&mut self, reference: &Untrusted) {
        let Some(prefix) = prefix(reference.expose_raw()) else { return };
        if !self.booking_has(prefix) {
            self.no_bookings.insert(prefix.to_owned());
        }
    }

    /// Returns `true` if a known booking has this prefix, or if no booking is known.
    fn booking_has(&self, prefix: &str) -> bool {
        let known = self.prefixes();
        known.is_empty() || known.contains_key(prefix)
    }

    /// Returns `true` if no known booking has the prefix of this reference.
    pub fn is_unlike_bookings(&self, reference: &Untrusted) -> bool {
        prefix(reference.expose_raw()).is_some_and(|prefix| !self.booking_has(prefix))
    }

    /// Returns `true` if references with this prefix turned out not to be bookings.
    pub fn is_no_booking(&self, reference: &Untrusted) -> bool {
        prefix(reference.expose_raw()).is_some_and(|prefix| self.no_bookings.contains(prefix))
    }
}
