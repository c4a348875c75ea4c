//! The client and the commands do with each shape of the sandbox what they do with the
//! usual one. What a shape changes on purpose is named where it is compared.

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

use valora::sandbox::{Options, Shape};

fn in_shape(shape: Shape) -> Options {
    Options { shape, ..common::options() }
}

fn unusual() -> impl Iterator<Item = Shape> {
    Shape::all().filter(|shape| *shape != Shape::default())
}
