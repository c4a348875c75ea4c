//! The words of the trade: money, dates, text from outside, failures. No I/O, no clock, no screen.

pub mod customer;
pub mod cut;
pub mod date;
pub mod failure;
pub mod fold;
pub mod money;
pub mod text;
pub mod watched;
