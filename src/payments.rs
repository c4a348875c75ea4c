//! The two Payments APIs as data. Their documents contain mistakes, so every decoder returns a value
//! or a reason.

pub mod account;
pub mod body;
pub mod event;
pub mod fields;
pub mod hal;
pub mod iban;
pub mod jwt;
pub mod problem;
pub mod report;
pub mod request;
pub mod response;
pub mod subject;
pub mod timestamp;
pub mod write;
