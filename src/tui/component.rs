//! What several screens are made of.

pub mod boxed;
pub mod choices;
pub mod detail;
pub mod detail_view;
pub mod entry_line;
pub mod fitting;
pub mod pane;
pub mod pieces;
pub mod scroll;
pub mod table;
pub mod wait;
