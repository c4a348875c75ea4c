//! A line that is typed for the triage: a note, or where the worklist goes.

use tui_input::Input;

/// A line that is typed.
#[derive(Debug)]
pub struct Ask {
    /// What it is.
    pub title: &'static str,
    /// What is said of it.
    pub words: &'static str,
    /// What was typed.
    pub input: Input,
    /// What is wrong with it.
    pub problem: Option<String>,
    /// What is done with it.
    pub then: Asked,
}

/// What is done with a typed line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It becomes the note of the chosen penalties.
    Note,
    /// It is the path of the worklist.
    Worklist,
}
