//! The program as a state and what changes it: `update(model, msg) -> effects`, pure and synchronous.

pub mod effect;
pub mod msg;
