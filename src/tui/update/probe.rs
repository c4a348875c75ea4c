//! Tries a server again that was out of reach: one reload of what is on the screen.

use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::screen::list::fetch;

/// Whether a request is under way already that tells as much.
fn is_waiting(model: &Model) -> bool {
    match model.bookings.last() {
        Some(booking) => booking.load.is_some(),
        None => model.list().is_some_and(|list| list.load.is_some() || list.all.is_some()),
    }
}

pub fn wake_at(model: &Model) -> Option<u64> {
    model.probe.at(model.last_key).filter(|_| !is_waiting(model))
}

/// Sends the try that is due.
pub fn send(model: &mut Model) -> Vec<Effect> {
    let now = model.now.elapsed;
    if wake_at(model).is_none_or(|at| now < at) {
        return Vec::new();
    }
    model.probe.begin(now);
    fetch::probe(model)
}
