//! What is found out about bookings, from the client over real HTTP to a sandbox.

#[cfg(test)]
mod common;
#[cfg(test)]
#[path = "conciliation/special.rs"]
mod special;
