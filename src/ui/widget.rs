//! Pieces of the screen that know nothing of the model.

pub(super) mod pieces;
