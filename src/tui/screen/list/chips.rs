//! The chips of a list: its filters and kept searches.

use crate::domain::text::sanitize;
use crate::filter::FilterValue;

/// Values that a chip names; more are counted.
const NAMED: usize = 3;

pub fn of_filter(setting: &FilterValue) -> String {
    let in_words = |text: &str| sanitize(text.trim()).replace('_', " ");
    let label = setting.target.label();
    let values = setting.values();
    let named: Vec<String> = values.iter().take(NAMED).map(|value| in_words(value)).collect();
    match values.len().saturating_sub(NAMED) {
        _ if named.is_empty() => format!("{label}: {}", in_words(&setting.understood())),
        0 => format!("{label}: {}", named.join(", ")),
        more => format!("{label}: {} +{more}", named.join(", ")),
    }
}

pub fn of_search(found: &str) -> String {
    format!("found: {}", sanitize(found))
}
