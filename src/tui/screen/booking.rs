//! One booking.

pub mod export;
pub mod findings;
pub mod neighbours;
pub mod sources;
pub mod state;
pub mod statement;
pub mod tenant;
pub mod totals;
pub mod update;
pub mod view;

#[cfg(test)]
mod state_tests;

#[cfg(test)]
mod tests;
