//! Who waits for the answer to a ticket.

/// Names a screen for as long as it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ScreenId(pub u64);

/// Who waits for the answer to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiter {
    /// The rows of the list at this tab.
    Rows(usize),
    /// One of all pages of the list at this tab.
    AllPages(usize),
    Count(usize),
    Screen(ScreenId),
    /// The answer only says whether the server is back.
    Probe,
}
