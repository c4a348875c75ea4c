//! The process: its child programs, the foreground of the terminal, and its shutdown.

pub mod foreground;
pub mod shutdown;
pub mod terminal;
pub mod width;
