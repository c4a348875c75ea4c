//! Where going back leads.

use super::msg::ScreenId;
use crate::filter::FilterValue;
use crate::list::sort::Sort;

/// What going back leads to, from the lists of a customer.
#[derive(Debug, Clone, Default)]
pub struct Behind {
    /// All customers: the user came from there.
    pub customers: bool,
    /// The home: it opened these rows.
    pub home: Option<FromHome>,
}

/// What the home opened, and how the list was before.
#[derive(Debug, Clone)]
pub struct FromHome {
    /// Of the home, where the cursor was.
    pub line: usize,
    /// The screen; `None` for a list.
    pub screen: Option<ScreenId>,
    pub tab: usize,
    pub filters: Vec<FilterValue>,
    pub before: (Vec<FilterValue>, Option<Sort>),
    /// Whether the user had opened the home from all customers.
    pub was_landing: bool,
}
