//! valora: a terminal dashboard for the finances of Spotahome customers.

pub mod answer;
pub mod api;
pub mod app;
pub mod conciliation;
pub mod domain;
pub mod filter;
pub mod query;
pub mod resource;
pub mod runtime;
pub mod sandbox;
