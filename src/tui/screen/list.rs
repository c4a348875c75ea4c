//! The lists.

pub mod all;
pub mod arrange;
pub mod auto;
pub mod chart;
pub mod export;
pub mod fetch;
pub mod filters;
pub mod refresh_timer;
pub mod saving;
pub mod set_filters;
pub mod state;
pub mod tabs;
pub mod update;
