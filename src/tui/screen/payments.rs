//! Screens about the Payments APIs.

pub mod state;
pub mod update;
pub mod view;

#[cfg(test)]
mod tests;
