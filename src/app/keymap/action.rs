//! What keys can do, and where.

use crate::triage::verdict::Verdict;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Move the cursor by rows or pages, or to an end.
    Move(Step),
    /// Move the column cursor.
    Left,
    /// Move the column cursor.
    Right,
    /// Show the list whose number was pressed.
    PickTab,
    /// Show the next list.
    NextTab,
    /// Show the previous list.
    PreviousTab,
    /// Go to the next section of the booking.
    NextSection,
    /// Go to the previous section of the booking.
    PreviousSection,
    /// Show the booking as a ledger, or its sections again.
    Ledger,
    /// Show the checks of the booking, or its sections again.
    Checks,
    /// Show the booking that was seen before this one.
    SeenBefore,
    /// Show the booking that was seen after this one.
    SeenAfter,
    /// Show the next booking of the list below.
    NextOfList,
    /// Show the previous booking of the list below.
    PreviousOfList,
    /// Show the fetched rows as bars.
    Chart,
    /// Write what is shown to a file.
    Export,
    /// Open the booking of the row.
    Open,
    /// Ask for a booking by its reference.
    Lookup,
    /// Show account and tax numbers whole, or hide them again.
    Reveal,
    /// Show tenant payments in the ledger too, or hide them again.
    Tenant,
    /// Show or hide the detail pane.
    Detail,
    /// Give the detail pane the whole screen.
    Zoom,
    /// Scroll the detail pane.
    DetailDown,
    /// Scroll the detail pane.
    DetailUp,
    /// Show the record as JSON.
    Json,
    /// Open the filter form.
    Filter,
    /// Take all filters away.
    ClearFilters,
    /// Pick a filter and take it away.
    DropFilter,
    /// Filter by the cell under the cursor.
    FilterByCell,
    /// Take the booking or text filter to the next list.
    Carry,
    /// Go back to the filters before.
    Undo,
    /// Go to the next field.
    NextField,
    /// Go to the previous field.
    PreviousField,
    /// Sort by the column under the cursor.
    Sort,
    /// Turn the order round.
    Reverse,
    /// Search.
    Search,
    /// Choose columns.
    Columns,
    /// Move the column in the chooser.
    MoveDown,
    /// Move the column in the chooser.
    MoveUp,
    /// Make the column wider.
    Wider,
    /// Make the column narrower.
    Narrower,
    /// Back to what is usual.
    Reset,
    /// Open the command line.
    Command,
    /// An older line.
    Older,
    /// A newer line.
    Newer,
    /// Pick a profile.
    Profiles,
    /// Pick a saved view.
    Views,
    /// Save a view.
    SaveView,
    /// Remove what is picked.
    Remove,
    /// Copy the cell.
    CopyCell,
    /// Copy the row, or the marked rows.
    CopyRows,
    /// Show and copy the link of the row.
    Link,
    /// Mark the row, or take its mark away.
    Mark,
    /// Mark all rows that are shown.
    MarkShown,
    /// Take all marks away.
    UnmarkAll,
    /// Turn the penalties into a queue of what is to be decided.
    Triage,
    /// Go to the matrix of counts and sums.
    Overview,
    /// Give a verdict.
    Decide(Verdict),
    /// Put the penalty off.
    Snooze,
    /// Write a note.
    Note,
    /// Make the penalty stand out, or no longer.
    Flag,
    /// Take verdict, note and flag away.
    ClearVerdict,
    /// Go to the next row that wants attention.
    NextOpen,
    /// Go to the previous row that wants attention.
    PreviousOpen,
    /// Put rows together by something else.
    Group,
    /// Show or hide what is put off or done.
    ShowHidden,
    /// Open the booking that settled the penalty.
    OpenSettling,
    /// Export the worklist.
    Worklist,
    /// Fetch every page of the list.
    LoadAll,
    /// Fetch what is shown anew.
    Refresh,
    /// Fetch every opened view anew.
    RefreshAll,
    /// Draw the screen anew.
    Redraw,
    /// Go back to the shell for a while.
    Suspend,
    /// Show the keys that work here.
    Help,
    /// Confirm what was typed.
    Submit,
    /// One step back; never quits.
    Back,
    /// Close the screen; at the root, quit.
    Quit,
}

/// How far the cursor goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// One row.
    Down,
    /// One row.
    Up,
    /// Half a page.
    HalfDown,
    /// Half a page.
    HalfUp,
    /// A page.
    PageDown,
    /// A page.
    PageUp,
    /// To the first row.
    First,
    /// To the last fetched row.
    Last,
}

/// Where a binding holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// A list.
    List,
    /// The penalties as a queue.
    Triage,
    /// The matrix above the queue.
    Overview,
    /// A booking.
    Booking,
    /// A screen about the Payments APIs.
    Sheet,
    /// A text that is read: JSON, a chart.
    Reader,
    /// What can be done, searched as one types.
    Help,
    /// A line that is typed.
    Prompt,
    /// A question that is answered with yes or no.
    Question,
    /// A form with fields.
    Form,
    /// Entries of which one is picked.
    Pick,
    /// The search.
    Search,
    /// The command line.
    Command,
    /// The column chooser.
    Columns,
}
