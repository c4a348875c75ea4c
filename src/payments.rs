//! The two Payments APIs as data: what is asked of them, and what their bodies mean. Their documents
//! contradict themselves in places, so every decoder gives a value or a reason, whatever comes.

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
