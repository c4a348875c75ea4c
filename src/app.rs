//! The program as a state and what changes it: `update(model, msg) -> effects`, pure and synchronous.
// A wrong index would end the program and take the screen with it.
#![warn(clippy::indexing_slicing)]

pub mod booking;
pub mod chooser;
pub mod columns;
pub mod command;
pub mod detail;
pub mod effect;
pub mod form;
pub mod help;
pub mod kept;
pub mod keymap;
pub mod layout;
pub mod list;
pub mod looks;
pub mod lookup;
pub mod model;
pub mod msg;
pub mod probe;
pub mod refreshes;
pub mod saving;
pub mod session;
pub mod sheet;
pub mod table;
pub mod tabs;
pub mod triage;
pub mod update;
