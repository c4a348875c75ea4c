//! Penalties as a queue.

pub mod ask;
pub mod collision;
pub mod compare;
pub mod decide;
pub mod evidence;
pub mod rest;
pub mod since;
pub mod state;
pub mod update;
pub mod view;
pub mod worklist;

#[cfg(test)]
mod tests;
