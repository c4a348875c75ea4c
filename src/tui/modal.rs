//! What lies over a screen until it is answered or closed.

pub mod columns;
pub mod command;
pub mod command_update;
pub mod form;
pub mod form_update;
pub mod form_view;
pub mod help;
pub mod help_update;
pub mod help_view;
pub mod lookup;
pub mod prompt_view;
pub mod update;
pub mod view;
