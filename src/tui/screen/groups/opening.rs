//! Which groups are opened, and from where.

use crate::domain::text::Untrusted;

/// Where going back from open debt leads: the tab, and whether its payouts were shown by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    pub tab: usize,
    pub is_blocked: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    Blocked,
    /// With the cursor on the row where it was.
    BlockedAgain,
    /// All open debt.
    OpenDebt,
    /// First the debt of the payout's booking, if it names one.
    Debt(Option<Untrusted>, Origin),
}
