//! Pieces of the screen that know nothing of the model.

pub(super) mod fitting;
pub(super) mod pieces;
