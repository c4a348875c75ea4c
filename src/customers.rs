//! All customers at once: the figures of each, and which of them needs the user first. Pure: no I/O,
//! no clock.

pub mod attention;
pub mod biggest;
pub mod months;
pub mod rows;
pub mod state;
pub mod summary;
pub mod totals;

#[cfg(test)]
pub(crate) mod tests;
