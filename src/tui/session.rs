//! Where valora is pointed, in words for the screen.

use crate::domain::customer::CustomerKey;

/// Which server valora is pointed at, in words for the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub environment: String,
    /// The host, or what the user should know of it.
    pub place: String,
    /// Whether real money is looked at; always marked on the screen.
    pub is_production: bool,
    pub customer: CustomerKey,
}
