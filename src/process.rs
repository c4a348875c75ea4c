//! The process among others: the programs that must not outlive it, the foreground of the terminal,
//! the one way in which it ends.

pub mod foreground;
pub mod shutdown;
pub mod terminal;
