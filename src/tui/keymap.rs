//! The one table of key bindings. It drives dispatch, the hints in the footer and the help.

pub mod action;
pub mod own;

pub use action::{Action, Scope, Step, Way};
pub use own::Keymap;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use self::Scope::{
    Audit, Booking, Changes, Columns, Command, Customers, Form, Groups, Help, Home, List, Overview,
    Pick, Prompt, Question, Queue, Reader, Report, Search, Triage, Writing, Written,
};
use crate::domain::text::is_invisible;
use crate::triage::Decision;

#[derive(Debug)]
pub struct Binding {
    pub id: &'static str,
    /// The keys, as [`name_of`] spells them.
    pub keys: &'static [&'static str],
    pub scopes: &'static [Scope],
    pub action: Action,
    pub label: &'static str,
    pub group: &'static str,
    /// The word in the footer.
    pub hint: Option<&'static str>,
}

const SEARCHED: &[Scope] = &[Search, List, Triage, Groups];
const ROWS: &[Scope] = &[List, Triage, Groups];
const SEARCHABLE: &[Scope] = &[List, Triage, Groups, Customers];
/// Tables that the user can sort.
const SORTABLE: &[Scope] = &[List, Booking, Changes, Customers];
/// Tables whose columns the user can choose.
const COLUMNED: &[Scope] = &[List, Booking, Groups, Changes, Customers];
const TABLES: &[Scope] = &[List, Triage, Queue, Groups, Booking, Changes, Customers];
/// What the hub loads.
const OF_ALL: &[Scope] = &[Queue, Customers];
const OF_ONE: &[Scope] = &[List, Triage, Groups, Booking, Changes];
/// Tables whose rows are of one customer, or name it.
const COPIED: &[Scope] = &[List, Triage, Groups, Booking, Changes, Customers];
/// Queues of penalties.
const QUEUES: &[Scope] = &[Triage, Queue];
const UNDOABLE: &[Scope] = &[List, Triage, Queue, Groups];
const OPENABLE: &[Scope] =
    &[List, Triage, Queue, Groups, Booking, Report, Changes, Customers, Home, Audit];
/// The reader loads the rest of a chart's rows.
const LOADABLE: &[Scope] = &[List, Triage, Groups, Home, Reader];
const FILTERABLE: &[Scope] = &[List, Triage, Groups, Report];
const NEIGHBORS: &[Scope] = &[Booking, Report];
const SCREENS: &[Scope] = &[List, Triage, Overview, Groups, Booking, Report, Changes, Home, Audit];
const COMMANDED: &[Scope] =
    &[List, Triage, Queue, Overview, Groups, Booking, Report, Changes, Customers, Home, Audit];
/// Screens below all others.
const ROOTS: &[Scope] = &[List, Customers];
const CLOSABLE: &[Scope] =
    &[Triage, Queue, Overview, Groups, Booking, Report, Changes, Home, Audit];
const HELPED: &[Scope] = &[
    List, Triage, Queue, Overview, Groups, Booking, Report, Changes, Customers, Home, Audit, Reader,
];
const SCROLLABLE: &[Scope] =
    &[List, Triage, Queue, Groups, Booking, Report, Changes, Customers, Home, Audit, Reader];
const STEPPABLE: &[Scope] = &[
    List, Triage, Queue, Overview, Groups, Booking, Report, Changes, Customers, Home, Audit,
    Reader, Pick,
];
const ANYWHERE: &[Scope] = &[
    List, Triage, Queue, Overview, Groups, Booking, Report, Changes, Customers, Home, Audit,
    Reader, Help, Prompt, Question, Form, Pick, Search, Command, Columns, Writing, Written,
];
/// Screens with payments or bank accounts, and those on which an outcome may be reported. Where the profile allows no writes, the key does nothing.
const WRITABLE: &[Scope] = &[List, Triage, Groups, Booking, Report, Changes, Home, Audit];
const OF_WRITE: &[Scope] = &[Writing, Written];

macro_rules! bindings {
    ($($(#[$attribute:meta])* $id:literal $keys:expr, $scopes:tt, $action:ident $(($with:expr))?,
       $group:literal, $label:literal $(, $hint:literal)?;)*) => {
        &[$($(#[$attribute])* Binding {
            id: $id,
            keys: &$keys,
            scopes: bindings!(@scopes $scopes),
            action: Action::$action $(($with))?,
            label: $label,
            group: $group,
            hint: bindings!(@hint $($hint)?),
        }),*]
    };
    (@scopes [$scope:ident]) => { &[Scope::$scope] };
    (@scopes $scopes:ident) => { $scopes };
    (@hint) => { None };
    (@hint $hint:literal) => { Some($hint) };
}

/// All bindings; the last text of one is its hint in the footer. The first that matches the scope
/// and the key wins.
pub static BINDINGS: &[Binding] = bindings! {
    "open" ["enter"], OPENABLE, Open, "Screens and details",
        "open the booking, payment, debt or customer that the row, cell or line names",
        "open";
    "ledger" ["t"], [Booking], Ledger, "Screens and details",
        "show the ledger; again: the sections", "ledger";
    "checks" ["C"], [Booking], Checks, "Screens and details",
        "show whether the booking adds up, with checks, possible reasons and changes; again: the sections", "checks";
    "triage" ["t"], [List], Triage, "Screens and details",
        "work through penalties in a queue: overview, evidence, decisions", "triage";
    "triage-all" ["t"], [Customers], Triage, "Screens and details",
        "work through the penalties of all customers in one queue", "triage";
    "done" ["d"], QUEUES, Decide(Decision::Done), "Decisions",
        "decide: done, nothing left to do", "done";
    "dispute" ["D"], QUEUES, Decide(Decision::Dispute), "Decisions", "decide: dispute", "dispute";
    "waiver" ["W"], QUEUES, Decide(Decision::Waiver), "Decisions",
        "decide: request waiver", "waiver";
    "needs-notifying" ["M"], QUEUES, Decide(Decision::Notify), "Decisions",
        "decide: needs notifying", "needs notifying";
    "snooze" ["w"], QUEUES, Snooze, "Decisions", "snooze for 1 day, 3 days or 1 week", "snooze";
    "note" ["i"], QUEUES, Note, "Decisions", "write a one-line note", "note";
    "flag" ["*"], QUEUES, Flag, "Decisions", "flag or unflag this penalty";
    "clear-decision" ["X"], QUEUES, ClearDecision, "Decisions",
        "clear decision, snooze, note and flag";
    "undo" ["u"], UNDOABLE, Undo, "Search and filters",
        "restore the previous filters; in triage, undo the last decision", "undo";
    "next-open" ["}", "n"], QUEUES, NextOpen, "Movement", "move to the next undecided penalty";
    "previous-open" ["{", "N"], QUEUES, PreviousOpen, "Movement",
        "move to the previous undecided penalty";
    "overview" ["t"], [Triage], Overview, "Screens and details",
        "move into the overview to choose a cell", "overview";
    "group" ["s"], [Triage], Group, "Sorting and columns",
        "group rows by booking, by status or not at all";
    "show-hidden" ["H"], QUEUES, ShowHidden, "Sorting and columns",
        "show or hide snoozed, done and closed penalties";
    "open-settling" ["B"], QUEUES, OpenSettling, "Screens and details",
        "open the booking that settled this penalty";
    "worklist" ["e"], QUEUES, Worklist, "Export",
        "export the shown or marked rows as a worklist";
    "cell-left" ["h", "left"], [Overview], Left, "Movement", "move one cell left";
    "cell-right" ["l", "right"], [Overview], Right, "Movement", "move one cell right";
    "narrow-to-cell" ["enter"], [Overview], Submit, "Search and filters",
        "show only this cell in the queue; again: all", "show only this cell";
    "leave-overview" ["t"], [Overview], Overview, "Screens and details",
        "return to the queue", "queue";
    "lookup" ["b"], OPENABLE, Lookup, "Screens and details",
        "find a booking by its reference", "find booking";
    "search" ["/"], SEARCHABLE, Search, "Search and filters",
        "search the loaded rows; {keep-found} keeps the matches, {ask-server} searches the server",
        "search";
    "keep-found" ["enter"], [Search], Submit, "Input", "keep only the matching rows",
        "keep these rows";
    "ask-server" ["ctrl-f"], SEARCHED, AskServer, "Search and filters",
        "search all rows on the server", "search the server";
    "filter" ["f"], FILTERABLE, Filter, "Search and filters",
        "open the filter form: one field for each parameter", "filter";
    "filter-by-cell" ["@", "="], [List], FilterByCell, "Search and filters",
        "filter by the cell under the cursor";
    "clear-filters" ["F"], ROWS, ClearFilters, "Search and filters",
        "clear all filters and searches";
    "drop-filter" ["-"], ROWS, DropFilter, "Search and filters",
        "choose a filter or search to remove";
    "carry" ["&"], [List], Carry, "Search and filters",
        "use the booking or text filter on the next list";
    "views" ["v"], [List], Views, "Search and filters", "choose a saved view", "views";
    "save-view" ["V"], [List], SaveView, "Search and filters", "save this view under a name";
    "command" [":"], COMMANDED, Command, "Search and filters",
        "open the command line; {complete} completes words";
    "sort" ["s"], SORTABLE, Sort, "Sorting and columns",
        "sort by this column; again: the server's order";
    "reverse" ["S"], SORTABLE, Reverse, "Sorting and columns", "reverse the sort order";
    "columns" ["c"], COLUMNED, Columns, "Sorting and columns",
        "choose columns, their order and width";
    "detail" ["p"], TABLES, Detail, "Screens and details", "show or hide the detail pane", "detail";
    "zoom" ["z"], TABLES, Zoom, "Screens and details", "maximize the detail pane";
    "detail-down" ["ctrl-e"], TABLES, DetailDown, "Screens and details",
        "scroll the detail pane down";
    "detail-up" ["ctrl-y"], TABLES, DetailUp, "Screens and details", "scroll the detail pane up";
    "json" ["x"], OPENABLE, Json, "Screens and details", "show the record as JSON";
    "refresh" ["r"], OPENABLE, Refresh, "Loading", "refresh this screen";
    "refresh-all" ["R"], OF_ONE, RefreshAll, "Loading", "refresh this screen and all opened lists";
    "reload-customers" ["R"], OF_ALL, RefreshAll, "Loading", "load all customers again";
    "load-all" ["L"], LOADABLE, LoadAll, "Loading", "load all rows of this list";
    "copy-cell" ["y"], OPENABLE, CopyCell, "Marks and clipboard", "copy the cell, or the line";
    "copy-rows" ["Y"], COPIED, CopyRows, "Marks and clipboard",
        "copy the row, or the marked rows, for a spreadsheet";
    "link" ["o"], TABLES, Link, "Screens and details",
        "open, show and copy the document's link";
    "mark" ["space"], TABLES, Mark, "Marks and clipboard", "mark or unmark this row", "mark";
    "mark-shown" ["a"], TABLES, MarkShown, "Marks and clipboard", "mark all shown rows";
    "unmark-all" ["A"], TABLES, UnmarkAll, "Marks and clipboard", "clear all marks";
    "down" ["j", "down"], STEPPABLE, Move(Step::Down), "Movement", "move one row down";
    "up" ["k", "up"], STEPPABLE, Move(Step::Up), "Movement", "move one row up";
    "half-down" ["ctrl-d"], SCROLLABLE, Move(Step::HalfDown), "Movement", "move half a page down";
    "half-up" ["ctrl-u"], SCROLLABLE, Move(Step::HalfUp), "Movement", "move half a page up";
    "page-down" ["pgdn"], SCROLLABLE, Move(Step::PageDown), "Movement", "move one page down";
    "page-up" ["pgup"], SCROLLABLE, Move(Step::PageUp), "Movement", "move one page up";
    "first" ["g", "home"], SCROLLABLE, Move(Step::First), "Movement", "move to the first row";
    "last" ["G", "end"], SCROLLABLE, Move(Step::Last), "Movement",
        "move to the last loaded row and load the next page";
    "left" ["h", "left"], COLUMNED, Left, "Movement", "move one column left";
    "right" ["l", "right"], COLUMNED, Right, "Movement",
        "move one column right, also to columns that do not fit on the screen";
    "tab" ["1", "2", "3", "4", "5", "6", "7", "8", "9"], SCREENS, PickTab, "Navigation",
        "show the list with this number", "lists";
    "next-tab" ["tab"], ROWS, NextTab, "Navigation", "show the next list";
    "previous-tab" ["shift-tab"], ROWS, PreviousTab, "Navigation", "show the previous list";
    "next-section" ["tab"], [Booking], NextSection, "Navigation",
        "move to the next section", "section";
    "previous-section" ["shift-tab"], [Booking], PreviousSection, "Navigation",
        "move to the previous section";
    "seen-before" ["[", "<"], [Booking], SeenBefore, "Navigation",
        "show the booking seen before this one";
    "seen-after" ["]", ">"], [Booking], SeenAfter, "Navigation", "show the booking seen after this one";
    "next-of-list" ["}", "n"], NEIGHBORS, NextOfList, "Navigation",
        "show the next booking in the list, or the next range of events";
    "previous-of-list" ["{", "N"], NEIGHBORS, PreviousOfList, "Navigation",
        "show the previous booking in the list, or the previous range of events";
    "chart" ["w"], [List], Chart, "Screens and details",
        "chart the rows by month, days overdue or week", "chart";
    "export" ["e"], COLUMNED, Export, "Export",
        "export the shown, marked or all rows, or the booking, to a file", "export";
    "yes" ["enter", "y"], [Question], Submit, "Input", "confirm", "OK";
    "no" ["esc", "n", "q", "ctrl-c"], [Question], Back, "Input", "cancel", "cancel";
    "apply" ["enter"], [Form], Submit, "Input", "apply the filters", "apply";
    "next-field" ["tab", "down"], [Form], NextField, "Input", "move to the next field", "next";
    "previous-field" ["shift-tab", "up"], [Form], PreviousField, "Input",
        "move to the previous field";
    "previous-choice" ["left"], [Form], Left, "Input",
        "choose the previous value, or move one letter left";
    "next-choice" ["right"], [Form], Right, "Input",
        "choose the next value, or move one letter right";
    "toggle-choice" ["space"], [Form], Mark, "Input", "add or remove the chosen value";
    "close-form" ["esc", "ctrl-c"], [Form], Back, "Input", "cancel", "cancel";
    "close-search" ["esc", "ctrl-c"], [Search], Back, "Input",
        "clear the search and return to the row where it began", "clear";
    "run" ["enter"], [Command], Submit, "Input", "run the command", "run";
    "complete" ["tab"], [Command], NextField, "Input", "complete the word", "complete";
    "complete-back" ["shift-tab"], [Command], PreviousField, "Input",
        "complete with the previous suggestion";
    "older" ["up"], [Command], Older, "Input", "recall the previous command", "earlier";
    "newer" ["down"], [Command], Newer, "Input", "recall the next command";
    "close-command" ["esc", "ctrl-c"], [Command], Back, "Input", "cancel", "cancel";
    "next-column" ["j", "down"], [Columns], NextField, "Input", "move to the next column";
    "previous-column" ["k", "up"], [Columns], PreviousField, "Input", "move to the previous column";
    "toggle-column" ["space", "x"], [Columns], Mark, "Input", "show or hide the column", "show";
    "column-down" ["J", "ctrl-d"], [Columns], MoveDown, "Input", "move the column down", "down";
    "column-up" ["K", "ctrl-u"], [Columns], MoveUp, "Input", "move the column up", "up";
    "wider" ["l", "right"], [Columns], Wider, "Input", "make the column wider", "wider";
    "narrower" ["h", "left"], [Columns], Narrower, "Input", "make the column narrower", "narrower";
    "default-columns" ["="], [Columns], Reset, "Input", "restore the default columns", "default";
    "apply-columns" ["enter"], [Columns], Submit, "Input", "apply the columns", "apply";
    "close-columns" ["esc", "q", "ctrl-c"], [Columns], Back, "Input", "cancel";
    "remove" ["d"], [Pick], Remove, "Input", "remove a view that you saved";
    "choose" ["enter"], [Pick], Submit, "Input", "choose this entry", "OK";
    "close-pick" ["esc", "q", "ctrl-c"], [Pick], Back, "Input", "cancel", "cancel";
    "submit" ["enter"], [Prompt], Submit, "Input", "confirm what is typed or chosen", "OK";
    "next-rows" ["tab"], [Prompt], NextField, "Input",
        "export: switch between shown, marked and all rows";
    "choose-down" ["down"], [Prompt], Move(Step::Down), "Input", "choose the next suggestion";
    "choose-up" ["up"], [Prompt], Move(Step::Up), "Input", "choose the previous suggestion";
    "close-prompt" ["esc", "ctrl-c"], [Prompt], Back, "Input", "cancel", "cancel";
    "profiles" ["P"], SCREENS, Profiles, "Navigation", "show all customers";
    "home" ["0"], SCREENS, Home, "Navigation", "show the figures of this customer", "home";
    "help" ["?", "f1"], HELPED, Help, "Navigation", "search keys and commands", "help";
    "run-chosen" ["enter"], [Help], Submit, "Input", "run the chosen entry", "run";
    "chosen-down" ["down"], [Help], Move(Step::Down), "Input", "choose the next entry", "next";
    "chosen-up" ["up"], [Help], Move(Step::Up), "Input", "choose the previous entry";
    "chosen-page-down" ["pgdn"], [Help], Move(Step::PageDown), "Input", "move one page down";
    "chosen-page-up" ["pgup"], [Help], Move(Step::PageUp), "Input", "move one page up";
    "close-help" ["esc", "?", "f1", "ctrl-c"], [Help], Back, "Input", "close the help", "close";
    "close-reader" ["esc", "q", "x", "w", "ctrl-c"], [Reader], Back, "Navigation",
        "close the text", "close";
    "back" ["esc"], COMMANDED, Back, "Navigation", "move back one step";
    "redraw" ["ctrl-l"], ANYWHERE, Redraw, "Navigation", "redraw the screen";
    "suspend" ["ctrl-z"], ANYWHERE, Suspend, "Navigation",
        "suspend valora and return to the shell; fg resumes";
    "quit" ["q", "ctrl-c"], ROOTS, Quit, "Navigation", "quit valora", "quit";
    "close" ["q", "ctrl-c"], CLOSABLE, Quit, "Navigation", "close this screen", "close";
    "tenant-payments" ["T"], [Booking], Tenant, "Screens and details",
        "show or hide tenant payments below the ledger";
    "writes" ["!"], WRITABLE, Writes, "Writes",
        "choose a write for this payment or bank account, or show the outcome of the last one", "write";
    "confirm" ["enter"], [Writing], Submit, "Input",
        "move to the confirmation; there, with its text typed: send the write", "next";
    "next-entry" ["tab", "down"], [Writing], NextField, "Input", "move between note and confirmation";
    "previous-entry" ["shift-tab", "up"], [Writing], PreviousField, "Input",
        "move between confirmation and note";
    "plan-down" ["pgdn"], OF_WRITE, Move(Step::PageDown), "Input", "scroll the plan down";
    "plan-up" ["pgup"], OF_WRITE, Move(Step::PageUp), "Input", "scroll the plan up";
    "close-plan" ["esc", "ctrl-c"], [Writing], Back, "Input", "close the plan; nothing is sent";
    "undo-write" ["u"], [Written], Undo, "Input", "plan the write that undoes this one", "undo";
    // Without enter: the window of a plan comes back with its fields after some outcomes.
    "close-outcome" ["esc", "q", "ctrl-c"], [Written], Back, "Input",
        "stop a write that is not sent, or close the window", "close";
    "reveal" ["m"], [Report], Reveal, "Screens and details",
        "show or hide account and tax numbers", "reveal";
    #[cfg(test)]
    "small" ["ctrl-g"], [Triage], Small, "Screens and details", "a screen that only a test has";
    #[cfg(test)]
    "small-count" ["n"], [Small], Small, "Screens and details", "counts one up", "count";
    #[cfg(test)]
    "small-help" ["?"], [Small], Help, "Navigation", "search keys and commands", "help";
    #[cfg(test)]
    "small-close" ["q", "ctrl-c"], [Small], Quit, "Navigation", "close this screen", "close";
};

const NAMED: [(KeyCode, &str); 14] = [
    (KeyCode::Char(' '), "space"),
    (KeyCode::Enter, "enter"),
    (KeyCode::Esc, "esc"),
    (KeyCode::Tab, "tab"),
    (KeyCode::BackTab, "shift-tab"),
    (KeyCode::Up, "up"),
    (KeyCode::Down, "down"),
    (KeyCode::Left, "left"),
    (KeyCode::Right, "right"),
    (KeyCode::Home, "home"),
    (KeyCode::End, "end"),
    (KeyCode::PageUp, "pgup"),
    (KeyCode::PageDown, "pgdn"),
    (KeyCode::F(1), "f1"),
];

/// Stands in for the key of an action that the mouse or the help runs.
pub fn no_key() -> KeyEvent {
    KeyEvent::new(KeyCode::Null, KeyModifiers::NONE)
}

pub fn digit(key: KeyEvent) -> Option<usize> {
    let KeyCode::Char(c) = key.code else { return None };
    c.to_digit(10).and_then(|number| usize::try_from(number).ok())
}

/// The character of a key without ctrl or alt, if it can be shown.
pub fn character(key: &KeyEvent) -> Option<char> {
    let is_plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
    match key.code {
        KeyCode::Char(c) if is_plain && !is_invisible(c) => Some(c),
        _ => None,
    }
}

pub fn bindings_in(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.scopes.contains(&scope))
}

/// The name of a key without ctrl or alt, also of keys that valora never binds.
pub fn plain_name(key: &KeyEvent) -> Option<String> {
    let is_plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
    match key.code {
        _ if !is_plain => None,
        KeyCode::Char(_) if character(key).is_none() => None,
        KeyCode::Backspace => Some("backspace".to_owned()),
        KeyCode::Delete => Some("delete".to_owned()),
        KeyCode::Insert => Some("insert".to_owned()),
        KeyCode::F(number) => Some(format!("f{number}")),
        _ => name_of(key),
    }
}

/// Returns `true` for what a paste consists of: text and line breaks.
pub fn is_of_paste(key: &KeyEvent) -> bool {
    character(key).is_some() || key.code == KeyCode::Enter
}

/// `j`, `G`, `ctrl-d`, `pgdn`; `None` for keys that valora never binds.
pub fn name_of(key: &KeyEvent) -> Option<String> {
    let named = NAMED.iter().find(|(code, _)| *code == key.code);
    let name = match (named, key.code) {
        (Some((KeyCode::BackTab, name)), _) => return Some((*name).to_owned()),
        (Some((_, name)), _) => (*name).to_owned(),
        (None, KeyCode::Char(c)) => c.to_string(),
        (None, _) => return None,
    };
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(if is_control { format!("ctrl-{}", name.to_lowercase()) } else { name })
}

#[cfg(test)]
mod tests;
