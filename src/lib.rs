//! valora: a terminal dashboard for the finances of Spotahome customers.

pub mod domain;
pub mod sandbox;
