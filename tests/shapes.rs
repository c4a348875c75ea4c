//! The client, the screens and the commands do with each shape of the sandbox what they do with the
//! usual one. What a shape changes on purpose is named where it is compared.
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic")]

#[cfg(test)]
#[path = "shapes/bookings.rs"]
mod bookings;
#[cfg(test)]
#[path = "shapes/commands.rs"]
mod commands;
#[cfg(test)]
mod common;
#[cfg(test)]
#[path = "shapes/lists.rs"]
mod lists;
#[cfg(test)]
#[path = "shapes/screens.rs"]
mod screens;

use valora::sandbox::{Options, Shape};

fn in_shape(shape: Shape) -> Options {
    Options { shape, ..common::options() }
}

fn unusual() -> impl Iterator<Item = Shape> {
    Shape::all().filter(|shape| *shape != Shape::default())
}
