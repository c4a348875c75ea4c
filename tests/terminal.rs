//! The built program in a pseudo-terminal and in pipes: it starts, shows rows, and gives everything back.

#[cfg(test)]
#[path = "terminal/booking.rs"]
mod booking;
#[cfg(test)]
#[path = "terminal/life.rs"]
mod life;
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
#[path = "terminal/screen.rs"]
mod screen;
