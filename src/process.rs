//! The process: its child programs, the foreground of the terminal, and its shutdown.

pub mod foreground;
pub mod line_prompt;
pub mod password_prompt;
pub mod shutdown;
pub mod terminal;
pub mod tokens;
pub mod width;
