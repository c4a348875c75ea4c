//! The words of the trade: money, dates, text from outside, failures. No I/O, no clock, no screen.

pub mod customer;
pub mod date;
pub mod decode;
pub mod failure;
pub mod input;
pub mod money;
pub mod normalize;
pub mod text;
pub mod truncate;
pub mod watched;
