//! A line that is typed for the triage: a note, or where the worklist goes.

use tui_input::Input;

#[derive(Debug)]
pub struct Ask {
    pub title: &'static str,
    pub words: &'static str,
    pub input: Input,
    pub problem: Option<String>,
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
