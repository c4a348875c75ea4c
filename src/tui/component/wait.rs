//! What is said of a wait and of the age of what is shown.

use crate::tui::cx::Cx;
use crate::tui::msg::Now;

/// Milliseconds of a wait before the spinner is shown.
pub const UNMARKED_WAIT: u64 = 150;
/// Milliseconds between two pictures of the spinner.
pub const SPINNER_STEP: u64 = 250;

/// Relative while someone looks, else the time of day, which is never wrong when nothing is drawn.
pub fn age(cx: &Cx, fetched: Now) -> String {
    let minutes = cx.now.minutes_since(fetched);
    match minutes {
        _ if !cx.is_watched() => format!("updated at {}", fetched.local.format("%H:%M")),
        0 => "updated just now".to_owned(),
        1..60 => format!("updated {minutes} min ago"),
        _ => format!("updated at {}", fetched.local.format("%Y-%m-%d %H:%M")),
    }
}

pub fn waiting_for(what: &str, since: Option<Now>, cx: &Cx) -> String {
    let waited = since.map_or(0, |since| cx.now.elapsed.saturating_sub(since.elapsed));
    if waited < UNMARKED_WAIT { String::new() } else { format!("Fetching {what} …") }
}
