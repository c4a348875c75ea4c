//! The TUI: a stack of screens, the modals above them, the keys, the terminal.
// A wrong index would panic and end the session.
#![warn(clippy::indexing_slicing)]

pub mod advice;
pub mod ascii;
pub mod behind;
pub mod booking_ahead;
pub mod component;
pub mod copy;
pub mod cx;
pub mod effect;
pub mod file_name;
pub mod history;
pub mod keymap;
pub mod landing;
pub mod layout;
pub mod modal;
pub mod mouse;
pub mod msg;
pub mod owners;
pub mod place;
pub mod press;
pub mod probe;
pub mod profile;
pub mod references;
pub mod refreshes;
pub mod run;
pub mod screen;
pub mod stack;
pub mod terminal;
pub mod theme;
pub mod typing;
pub mod undo;
pub mod update;
pub mod view;

#[cfg(test)]
mod filter_tests;
#[cfg(test)]
mod tests;
