//! Which owners are known, and which requests were made for one.

use std::collections::HashMap;

use crate::owners::Owners;

/// For one customer: another profile starts empty.
#[derive(Debug, Default)]
pub struct OwnerLookup {
    pub owners: Owners,
    /// By booking reference, whether a name was found or not.
    pub steps: HashMap<String, Step>,
    pub wake_at: Option<u64>,
}

/// How far the search for the owner of a booking is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Its payouts and invoices were requested.
    Booking,
    /// They name no owner; its scheduled payments may.
    Unnamed,
    /// Its scheduled payments were requested, too.
    Scheduled,
}
