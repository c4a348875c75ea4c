//! Which owners are known, and which bookings were asked for one.

use std::collections::HashSet;

use crate::owners::Owners;

/// Of one customer: another profile begins with an empty one.
#[derive(Debug, Default)]
pub struct OwnerLookup {
    pub owners: Owners,
    /// The references that were asked for, found or not.
    pub asked: HashSet<String>,
    pub wake_at: Option<u64>,
}
