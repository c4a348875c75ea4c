//! The writes of the Payments API: what a profile allows, the plan and its confirmation, the audit log,
//! and how the result is found. The command line and the dashboard both use it.

pub mod command;
pub mod engine;
pub mod log;
pub mod offer;
pub mod outcome;
pub mod permission;
pub mod plan;
pub mod reads;
pub mod report;
pub mod seen;
pub mod site;
pub mod verdict;
