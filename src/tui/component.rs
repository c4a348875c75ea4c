//! What several screens are made of.

pub mod detail;
pub mod detail_view;
pub mod fitting;
pub mod pieces;
pub mod scroll;
pub mod table;
