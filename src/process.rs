//! The process among others: the groups of programs that must not outlive it, the foreground of the
//! terminal, and the one way in which it ends.

pub mod foreground;
pub mod shutdown;
