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
#[path = "writes/processes.rs"]
mod processes;
#[cfg(test)]
#[path = "writes/program.rs"]
mod program;
#[cfg(test)]
#[path = "writes/record.rs"]
mod record;
#[cfg(test)]
#[path = "writes/sent.rs"]
mod sent;
#[cfg(test)]
#[path = "terminal/program.rs"]
#[expect(dead_code, reason = "it is shared with the tests of the terminal")]
mod session;
#[cfg(test)]
#[path = "writes/setup.rs"]
mod setup;
#[cfg(test)]
#[path = "writes/suspect.rs"]
mod suspect;
#[cfg(test)]
#[path = "writes/terminal.rs"]
mod terminal;
#[cfg(test)]
#[path = "writes/wire.rs"]
mod wire;
