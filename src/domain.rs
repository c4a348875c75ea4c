//! The basic types: money, dates, untrusted text, failures. No I/O, no clock, no screen.

pub mod columns;
pub mod customer;
pub mod date;
pub mod decode;
pub mod failure;
pub mod input;
pub mod link;
pub mod money;
pub mod names;
pub mod normalize;
pub mod reference;
pub mod text;
pub mod truncate;
pub mod typed;
pub mod watched;
