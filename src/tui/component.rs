//! Parts that several screens share.

pub mod boxed;
pub mod detail;
pub mod fitting;
pub mod pieces;
pub mod scroll;
pub mod table;
pub mod wait;
