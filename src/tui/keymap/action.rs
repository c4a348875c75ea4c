//! The actions of keys, and the scopes in which they apply.

use crate::triage::Decision;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Move(Step),
    Left,
    Right,
    PickTab,
    NextTab,
    PreviousTab,
    NextSection,
    PreviousSection,
    Ledger,
    Checks,
    SeenBefore,
    SeenAfter,
    NextOfList,
    PreviousOfList,
    Chart,
    Export,
    Open,
    Lookup,
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
    Carry,
    Undo,
    NextField,
    PreviousField,
    Sort,
    Reverse,
    Search,
    AskServer,
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
    Home,
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
    ClearDecision,
    NextOpen,
    PreviousOpen,
    Group,
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
    /// Choose a write for the row or screen.
    Writes,
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

impl Step {
    pub fn way(self) -> Way {
        let is_back = matches!(self, Self::Up | Self::HalfUp | Self::PageUp | Self::First);
        if is_back { Way::Back } else { Way::Forward }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    List,
    Triage,
    /// The queue of all customers.
    Queue,
    Overview,
    Groups,
    Booking,
    Report,
    Changes,
    Customers,
    Home,
    /// The log of the writes.
    Audit,
    Reader,
    /// The plan of a write, with its note and its confirmation.
    Writing,
    /// A write that is under way, and its outcome.
    Written,
    Help,
    Prompt,
    Question,
    Form,
    Pick,
    Search,
    Command,
    Columns,
    #[cfg(test)]
    Small,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Back,
    Forward,
}

impl Way {
    /// One step from `at`, never below 0.
    pub fn step(self, at: usize) -> usize {
        match self {
            Self::Forward => at + 1,
            Self::Back => at.saturating_sub(1),
        }
    }

    /// One step from `at` among `count`, wrapping around.
    pub fn turn(self, at: usize, count: usize) -> usize {
        let by = if self == Self::Forward { 1 } else { count.saturating_sub(1) };
        (at + by) % count.max(1)
    }
}
