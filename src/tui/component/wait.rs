//! Texts for waits, and for the time at which rows were loaded.

use crate::tui::cx::Cx;
use crate::tui::msg::Now;

/// Milliseconds of a wait before the spinner is shown.
pub const UNMARKED_WAIT: u64 = 150;
/// Milliseconds between two frames of the spinner.
pub const SPINNER_STEP: u64 = 250;

/// `as of 09:02`, with the date if it is not today.
pub fn age(cx: &Cx, fetched: Now) -> String {
    let is_today = fetched.local.date() == cx.now.local.date();
    fetched.local.format(if is_today { "as of %H:%M" } else { "as of %Y-%m-%d %H:%M" }).to_string()
}

pub fn waiting_for(what: &str, since: Option<Now>, cx: &Cx) -> String {
    let waited = since.map_or(0, |since| cx.now.elapsed.saturating_sub(since.elapsed));
    if waited < UNMARKED_WAIT { String::new() } else { format!("Loading {what}…") }
}
