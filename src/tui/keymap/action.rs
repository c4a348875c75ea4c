//! What keys can do, and where.

use crate::triage::decision::Decision;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Move(Step),
    Left,
    Right,
    /// Show the list whose number was pressed.
    PickTab,
    NextTab,
    PreviousTab,
    NextSection,
    PreviousSection,
    /// Show the booking as a ledger, or its sections again.
    Ledger,
    Checks,
    /// Show the booking that was seen before this one.
    SeenBefore,
    /// Show the booking that was seen after this one.
    SeenAfter,
    /// Show the next booking of the list below.
    NextOfList,
    /// Show the previous booking of the list below.
    PreviousOfList,
    Chart,
    Export,
    Open,
    Lookup,
    /// Show account and tax numbers whole, or hide them again.
    Reveal,
    Tenant,
    Detail,
    Zoom,
    DetailDown,
    DetailUp,
    Json,
    Filter,
    ClearFilters,
    DropFilter,
    FilterByCell,
    /// Take the booking or text filter to the next list.
    Carry,
    /// Go back to the filters before.
    Undo,
    NextField,
    PreviousField,
    Sort,
    Reverse,
    Search,
    Columns,
    MoveDown,
    MoveUp,
    Wider,
    Narrower,
    Reset,
    Command,
    Older,
    Newer,
    Profiles,
    Views,
    SaveView,
    Remove,
    CopyCell,
    CopyRows,
    Link,
    Mark,
    MarkShown,
    UnmarkAll,
    Triage,
    Overview,
    Decide(Decision),
    Snooze,
    Note,
    Flag,
    /// Take verdict, note and flag away.
    ClearVerdict,
    NextOpen,
    PreviousOpen,
    Group,
    /// Show or hide what is put off or done.
    ShowHidden,
    OpenSettling,
    Worklist,
    LoadAll,
    Refresh,
    RefreshAll,
    Redraw,
    Suspend,
    Help,
    Submit,
    /// One step back; never quits.
    Back,
    /// Close the screen; at the root, quit.
    Quit,
    #[cfg(test)]
    Small,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Down,
    Up,
    HalfDown,
    HalfUp,
    PageDown,
    PageUp,
    First,
    Last,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    List,
    Triage,
    Overview,
    Booking,
    /// A report of the Payments APIs.
    Report,
    /// A text that is read: JSON, a chart.
    Reader,
    /// What can be done, searched as one types.
    Help,
    Prompt,
    /// A question that is answered with yes or no.
    Question,
    Form,
    /// Entries of which one is picked.
    Pick,
    Search,
    Command,
    Columns,
    #[cfg(test)]
    Small,
}

/// Which of two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Back,
    Forward,
}

impl Way {
    /// One step on from a place, not before the first.
    pub fn step(self, at: usize) -> usize {
        match self {
            Self::Forward => at + 1,
            Self::Back => at.saturating_sub(1),
        }
    }

    /// One step on among `count`, round the end.
    pub fn turn(self, at: usize, count: usize) -> usize {
        let by = if self == Self::Forward { 1 } else { count.saturating_sub(1) };
        (at + by) % count.max(1)
    }
}
