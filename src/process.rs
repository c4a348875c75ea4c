//! The process among others: programs that must not outlive it, the foreground, the one end.

pub mod foreground;
pub mod shutdown;
pub mod terminal;
