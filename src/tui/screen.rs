//! The screens, one folder each: what each knows, what its keys do, how it is drawn.

pub mod booking;
pub mod list;
pub mod payments;
pub mod triage;
