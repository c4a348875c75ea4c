//! The terminal: the loop, its input, what is written to it.

pub mod background;
pub mod browser;
pub mod event_loop;
pub mod input;
pub mod screen;
pub mod session;
pub mod suspend;
pub mod watchdog;
