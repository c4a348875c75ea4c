//! The terminal: the event loop, input and output.

pub mod background;
pub mod browser;
pub mod capabilities;
pub mod event_loop;
pub mod input;
pub mod screen;
pub mod session;
pub mod suspend;
pub mod watchdog;
pub mod writer;
