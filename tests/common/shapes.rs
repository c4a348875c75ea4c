//! The shapes of the sandbox, and how much each test needs of them.

use valora::list::{ALL, Spec};
use valora::sandbox::{Options, Shape};

use super::options;

/// The same in a shape.
pub fn in_shape(shape: Shape) -> Options {
    Options { shape, ..options() }
}

/// The shapes that have the same values under other names, the usual one first.
pub fn renaming_shapes() -> impl Iterator<Item = Shape> {
    Shape::all().filter(|shape| shape.only_renames())
}

/// The lists whose rows a shape has otherwise than the usual one; of that one all.
pub fn lists_of(shape: Shape) -> impl Iterator<Item = &'static Spec> {
    let is_own = move |spec: &&Spec| {
        shape == Shape::default() || !["transactions", "penalties"].contains(&spec.key)
    };
    ALL.into_iter().filter(is_own)
}

/// Two shapes, the usual one first, for what a shape hardly changes.
pub fn few_shapes() -> impl Iterator<Item = Shape> {
    Shape::all().filter(|shape| [Shape::default().name(), FULLY_WALKED].contains(&shape.name()))
}

/// The shape of which most is otherwise than in the usual one: its words are in capitals, its currencies
/// in small letters, its amounts texts, its days with a time, and its rows have more fields.
pub const OTHER_VALUES: &str = "pascal";
/// A shape that is as unlike the usual one as names and places can be.
pub const FULLY_WALKED: &str = "nested";
