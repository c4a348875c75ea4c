//! What touches the world: the loop, the worker that runs effects, the terminal, the clock.

pub mod clock;
pub mod courier;
pub mod ending;
pub mod event_loop;
pub mod foreground;
pub mod hosts;
pub mod input;
pub mod job;
pub mod keeper;
pub mod link;
pub mod log;
pub mod pool;
pub mod save;
pub mod screen;
pub mod terminal;
pub mod watchdog;
pub mod worker;
