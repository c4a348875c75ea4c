//! Which owners are known, and how far bookings were asked for one.

use std::collections::HashMap;

use crate::owners::Owners;

/// Of one customer: another profile begins with an empty one.
#[derive(Debug, Default)]
pub struct OwnerLookup {
    pub owners: Owners,
    /// By reference, found or not.
    pub steps: HashMap<String, Step>,
    pub wake_at: Option<u64>,
}

/// How far a booking was asked for its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Its payouts and invoices were asked for.
    Booking,
    /// They name no owner; its scheduled payments may.
    Unnamed,
    /// These were asked for, too.
    Scheduled,
}
