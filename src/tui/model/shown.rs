//! What holds for whatever is on top of the screen: why it failed, since when it is waited for, how
//! old it is.

use crate::domain::failure::Failure;
use crate::tui::model::{Countdown, Model};
use crate::tui::msg::Now;

impl Model {
    /// What the network waits for, while it does.
    pub fn countdown(&self) -> Option<Countdown> {
        let (network, told) = &self.network;
        let left = |at: u64| Some(at.saturating_sub(self.now.elapsed)).filter(|left| *left > 0);
        match (network.offline_for, network.closed_for) {
            (Some(_), _) => Some(Countdown::Offline(self.probe.at(self.last_key).and_then(left))),
            (None, Some(wait)) => left(told.elapsed + wait).map(Countdown::Closed),
            (None, None) => None,
        }
    }

    /// Whether the list is on the screen: neither a booking nor a screen about payments covers it.
    pub fn shows_list(&self) -> bool {
        self.bookings.is_empty() && self.sheet().is_none()
    }

    /// Why the last fetch of what is shown gave nothing.
    pub fn failure(&self) -> Option<&Failure> {
        if let Some(sheet) = self.sheet() {
            return sheet.report.failure();
        }
        match self.bookings.last() {
            Some(booking) => booking.failure.as_ref(),
            None => self.list()?.failure.as_ref(),
        }
    }

    /// Since when the user waits for what is shown.
    pub fn waiting_since(&self) -> Option<Now> {
        if let Some(sheet) = self.sheet() {
            return (!sheet.awaited.is_empty()).then_some(sheet.since);
        }
        match self.bookings.last() {
            Some(booking) => booking.load.map(|(_, since)| since),
            None => {
                let list = self.list()?;
                let all = list.all.as_ref().map(|all| all.since);
                let awaited = list.load.as_ref().filter(|_| list.is_awaited());
                all.or(awaited.map(|load| load.since))
            }
        }
    }

    /// When what is shown was fetched.
    pub fn fetched(&self) -> Option<Now> {
        if let Some(sheet) = self.sheet() {
            return sheet.fetched;
        }
        match self.bookings.last() {
            Some(booking) => booking.content.as_ref().map(|content| content.fetched),
            None => self.list()?.fetched,
        }
    }
}
