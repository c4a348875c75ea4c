//! The writes of the Payments API against the sandbox, whose own record says what really happened.

#[cfg(test)]
#[path = "writes/answers.rs"]
mod answers;
#[cfg(test)]
#[path = "writes/commands.rs"]
mod commands;
#[cfg(test)]
mod common;
#[cfg(test)]
#[path = "writes/log.rs"]
mod log;
#[cfg(test)]
#[path = "writes/sent.rs"]
mod sent;
#[cfg(test)]
#[path = "writes/setup.rs"]
mod setup;
#[cfg(test)]
#[path = "writes/wire.rs"]
mod wire;
