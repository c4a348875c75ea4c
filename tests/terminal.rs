//! The built program in a pseudo-terminal and in pipes: it starts, shows rows, and gives everything back.

#[cfg(test)]
#[path = "terminal/all_profiles.rs"]
mod all_profiles;
#[cfg(test)]
#[path = "terminal/booking.rs"]
mod booking;
#[cfg(test)]
#[path = "terminal/booking_of_any.rs"]
mod booking_of_any;
#[path = "terminal/bytes.rs"]
mod bytes;
#[cfg(test)]
#[path = "terminal/canary.rs"]
mod canary;
#[cfg(test)]
#[path = "terminal/changes.rs"]
mod changes;
#[cfg(test)]
#[path = "terminal/check.rs"]
mod check;
#[cfg(test)]
#[path = "terminal/customers.rs"]
mod customers;
#[cfg(test)]
#[path = "terminal/fields.rs"]
mod fields;
#[cfg(test)]
#[path = "terminal/files.rs"]
mod files;
#[cfg(test)]
#[path = "terminal/input.rs"]
mod input;
#[cfg(test)]
#[path = "terminal/keys.rs"]
mod keys;
#[cfg(test)]
#[path = "terminal/life.rs"]
mod life;
#[cfg(test)]
#[path = "terminal/list.rs"]
mod list;
#[cfg(test)]
#[path = "terminal/looks.rs"]
mod looks;
#[cfg(test)]
#[path = "terminal/named.rs"]
mod named;
#[cfg(test)]
#[path = "terminal/offline.rs"]
mod offline;
#[cfg(test)]
#[path = "terminal/overview.rs"]
mod overview;
#[cfg(test)]
#[path = "terminal/panic.rs"]
mod panic;
#[cfg(test)]
#[path = "terminal/pipes.rs"]
mod pipes;
#[cfg(test)]
#[path = "terminal/profiles.rs"]
mod profiles;
#[cfg(test)]
#[path = "terminal/program.rs"]
mod program;
#[cfg(test)]
#[path = "terminal/readme.rs"]
mod readme;
#[cfg(test)]
#[path = "terminal/screen.rs"]
mod screen;
#[cfg(test)]
#[path = "terminal/secrets.rs"]
mod secrets;
#[cfg(test)]
#[path = "terminal/shell.rs"]
mod shell;
#[cfg(test)]
#[path = "terminal/soak.rs"]
mod soak;
#[cfg(test)]
#[path = "terminal/triage.rs"]
mod triage;
#[path = "terminal/values.rs"]
mod values;
#[cfg(test)]
#[path = "terminal/writes.rs"]
mod writes;
