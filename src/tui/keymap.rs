//! The one table of key bindings. It drives dispatch, the hints in the footer and the help.

pub mod action;
pub mod own;

pub use action::{Action, Scope, Step, Way};
pub use own::Keymap;

use Scope::{
    Booking, Columns, Command, Form, Help, List, Overview, Pick, Prompt, Question, Reader, Report,
    Search, Triage,
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::triage::decision::Decision;

#[derive(Debug)]
pub struct Binding {
    /// The stable name of the action, for the user's own bindings.
    pub id: &'static str,
    /// The keys, as [`name_of`] spells them.
    pub keys: &'static [&'static str],
    pub scopes: &'static [Scope],
    pub action: Action,
    pub label: &'static str,
    pub group: &'static str,
    /// The word beside the key in the footer, if it is shown there.
    pub hint: Option<&'static str>,
}

const LIST: &[Scope] = &[List];
const BOOKING: &[Scope] = &[Booking];
const TRIAGE: &[Scope] = &[Triage];
const OVERVIEW: &[Scope] = &[Overview];
const REPORT: &[Scope] = &[Report];
const READER: &[Scope] = &[Reader];
const HELP: &[Scope] = &[Help];
const PROMPT: &[Scope] = &[Prompt];
const QUESTION: &[Scope] = &[Question];
const FORM: &[Scope] = &[Form];
const PICK: &[Scope] = &[Pick];
const SEARCH: &[Scope] = &[Search];
const COMMAND: &[Scope] = &[Command];
const COLUMNS: &[Scope] = &[Columns];
/// The rows of a list, in whatever order.
const ROWS: &[Scope] = &[List, Triage];
/// Tables whose order and columns are the user's.
const SORTABLE: &[Scope] = &[List, Booking];
const TABLES: &[Scope] = &[List, Triage, Booking];
/// What names bookings, payments, records.
const OPENABLE: &[Scope] = &[List, Triage, Booking, Report];
const FILTERABLE: &[Scope] = &[List, Triage, Report];
const EXPORTABLE: &[Scope] = SORTABLE;
/// One of several that follow each other.
const NEIGHBORS: &[Scope] = &[Booking, Report];
const SCREENS: &[Scope] = &[List, Triage, Overview, Booking, Report];
/// What lies above the lists.
const CLOSABLE: &[Scope] = &[
    Triage,
    Overview,
    Booking,
    Report,
    #[cfg(test)]
    Scope::Small,
];
const HELPED: &[Scope] = &[
    List,
    Triage,
    Overview,
    Booking,
    Report,
    Reader,
    #[cfg(test)]
    Scope::Small,
];
const SCROLLABLE: &[Scope] = &[List, Triage, Booking, Report, Reader];
const STEPPABLE: &[Scope] = &[List, Triage, Overview, Booking, Report, Reader, Pick];
const ANYWHERE: &[Scope] = &[
    List, Triage, Overview, Booking, Report, Reader, Help, Prompt, Question, Form, Pick, Search,
    Command, Columns,
];
#[cfg(test)]
const SMALL: &[Scope] = &[Scope::Small];

macro_rules! bindings {
    ($($(#[$attribute:meta])* $id:literal $keys:expr, $scopes:expr, $action:expr, $group:literal, $label:literal
       $(, hint $hint:literal)?;)*) => {
        &[$($(#[$attribute])* Binding {
            id: $id,
            keys: &$keys,
            scopes: $scopes,
            action: $action,
            label: $label,
            group: $group,
            hint: bindings!(@hint $($hint)?),
        }),*]
    };
    (@hint) => { None };
    (@hint $hint:literal) => { Some($hint) };
}

/// Every binding. The first that fits the scope and the key wins.
pub static BINDINGS: &[Binding] = bindings! {
    "open" ["enter"], OPENABLE, Action::Open, "Look",
        "open the booking or the payment that the row, the cell or the line names", hint "open";
    "ledger" ["t"], BOOKING, Action::Ledger, "Look", "the ledger, and back to the sections",
        hint "ledger";
    "checks" ["C"], BOOKING, Action::Checks, "Look",
        "verdict, checks, suggestions, changes; and back to the sections", hint "checks";
    "triage" ["t"], LIST, Action::Triage, "Look",
        "penalties as a queue: overview, evidence, verdicts", hint "triage";
    "done" ["d"], TRIAGE, Action::Decide(Decision::Done), "Decide", "done: nothing is left to do",
        hint "done";
    "dispute" ["D"], TRIAGE, Action::Decide(Decision::Dispute), "Decide", "dispute it",
        hint "dispute";
    "waiver" ["W"], TRIAGE, Action::Decide(Decision::Waiver), "Decide", "ask for a waiver",
        hint "waiver";
    "to-notify" ["M"], TRIAGE, Action::Decide(Decision::Notify), "Decide", "someone is to be notified",
        hint "notify";
    "snooze" ["w"], TRIAGE, Action::Snooze, "Decide", "put it off: 1 day, 3 days, 1 week",
        hint "snooze";
    "note" ["i"], TRIAGE, Action::Note, "Decide", "a note of one line", hint "note";
    "flag" ["*"], TRIAGE, Action::Flag, "Decide", "make it stand out, or no longer";
    "clear-verdict" ["X"], TRIAGE, Action::ClearVerdict, "Decide",
        "take verdict, snooze, note and flag away";
    "undo" ["u"], ROWS, Action::Undo, "Filter",
        "go back to the filters before; in triage, undo the last decision", hint "undo";
    "next-open" ["}"], TRIAGE, Action::NextOpen, "Move", "to the next undecided one";
    "previous-open" ["{"], TRIAGE, Action::PreviousOpen, "Move", "to the previous undecided one";
    "overview" ["t"], TRIAGE, Action::Overview, "Look", "into the overview, to pick a cell",
        hint "overview";
    "group" ["s"], TRIAGE, Action::Group, "Arrange",
        "put rows together by booking, by status, not at all";
    "show-hidden" ["H"], TRIAGE, Action::ShowHidden, "Arrange",
        "show or hide what is snoozed or done";
    "open-settling" ["B"], TRIAGE, Action::OpenSettling, "Look",
        "open the booking that settled this penalty";
    "worklist" ["e"], TRIAGE, Action::Worklist, "Give",
        "write the rows that are shown, or marked, as a worklist";
    "cell-left" ["h", "left"], OVERVIEW, Action::Left, "Move", "one cell to the left";
    "cell-right" ["l", "right"], OVERVIEW, Action::Right, "Move", "one cell to the right";
    "narrow-to-cell" ["enter"], OVERVIEW, Action::Submit, "Filter",
        "narrow the queue to this cell; again: all", hint "narrow to this cell";
    "leave-overview" ["t"], OVERVIEW, Action::Overview, "Look", "back to the queue", hint "queue";
    "lookup" ["b"], OPENABLE, Action::Lookup, "Look", "open a booking by its reference", hint "lookup";
    "search" ["/"], ROWS, Action::Search, "Filter",
        "search: narrows the fetched rows, {ask-server} asks the server", hint "search";
    "filter" ["f"], FILTERABLE, Action::Filter, "Filter",
        "filter form: a field for each parameter",
        hint "filter";
    "filter-by-cell" ["@"], LIST, Action::FilterByCell, "Filter",
        "filter by the cell under the cursor";
    "clear-filters" ["F"], ROWS, Action::ClearFilters, "Filter", "take all filters away";
    "drop-filter" ["-"], ROWS, Action::DropFilter, "Filter", "pick a filter and take it away";
    "carry" ["&"], LIST, Action::Carry, "Filter",
        "take the booking or text filter to the next list";
    "views" ["v"], LIST, Action::Views, "Filter", "pick a saved view";
    "save-view" ["V"], LIST, Action::SaveView, "Filter", "save this view under a name";
    "command" [":"], FILTERABLE, Action::Command, "Filter", "command line, with completion ({complete})";
    "sort" ["s"], SORTABLE, Action::Sort, "Arrange",
        "sort by this column; again: the server's order", hint "sort";
    "reverse" ["S"], SORTABLE, Action::Reverse, "Arrange", "sort the other way round";
    "columns" ["c"], SORTABLE, Action::Columns, "Arrange", "choose columns, their order and width";
    "detail" ["p"], TABLES, Action::Detail, "Look", "show or hide the detail pane", hint "detail";
    "zoom" ["z"], TABLES, Action::Zoom, "Look", "give the detail pane the place of the table too";
    "detail-down" ["ctrl-e"], TABLES, Action::DetailDown, "Look", "scroll the detail pane down";
    "detail-up" ["ctrl-y"], TABLES, Action::DetailUp, "Look", "scroll the detail pane up";
    "json" ["x"], OPENABLE, Action::Json, "Look", "the record as JSON", hint "json";
    "refresh" ["r"], OPENABLE, Action::Refresh, "Fetch", "fetch this view anew", hint "refresh";
    "refresh-all" ["R"], TABLES, Action::RefreshAll, "Fetch", "fetch all opened views anew";
    "load-all" ["L"], ROWS, Action::LoadAll, "Fetch", "fetch all pages of this list";
    "copy-cell" ["y"], OPENABLE, Action::CopyCell, "Mark", "copy the cell, or the line";
    "copy-rows" ["Y"], TABLES, Action::CopyRows, "Mark",
        "copy the row, or the marked rows, for a spreadsheet";
    "link" ["o"], TABLES, Action::Link, "Look", "open the link of the document; show and copy it";
    "mark" ["space"], TABLES, Action::Mark, "Mark", "mark this row, or take its mark away";
    "mark-shown" ["a"], TABLES, Action::MarkShown, "Mark", "mark all rows that are shown";
    "unmark-all" ["A"], TABLES, Action::UnmarkAll, "Mark", "take all marks away";
    "down" ["j", "down"], STEPPABLE, Action::Move(Step::Down), "Move", "one row down";
    "up" ["k", "up"], STEPPABLE, Action::Move(Step::Up), "Move", "one row up";
    "half-down" ["ctrl-d"], SCROLLABLE, Action::Move(Step::HalfDown), "Move", "half a page down";
    "half-up" ["ctrl-u"], SCROLLABLE, Action::Move(Step::HalfUp), "Move", "half a page up";
    "page-down" ["pgdn"], SCROLLABLE, Action::Move(Step::PageDown), "Move", "a page down";
    "page-up" ["pgup"], SCROLLABLE, Action::Move(Step::PageUp), "Move", "a page up";
    "first" ["g", "home"], SCROLLABLE, Action::Move(Step::First), "Move", "to the first row";
    "last" ["G", "end"], SCROLLABLE, Action::Move(Step::Last), "Move",
        "to the last fetched row, and fetch on";
    "left" ["h", "left"], SORTABLE, Action::Left, "Move", "one column to the left";
    "right" ["l", "right"], SORTABLE, Action::Right, "Move",
        "one column to the right, hidden ones too";
    "tab" ["1", "2", "3", "4", "5", "6", "7", "8", "9"], SCREENS, Action::PickTab, "Go",
        "the list with this number";
    "next-tab" ["tab"], ROWS, Action::NextTab, "Go", "the next list";
    "previous-tab" ["shift-tab"], ROWS, Action::PreviousTab, "Go", "the previous list";
    "next-section" ["tab"], BOOKING, Action::NextSection, "Go", "the next section", hint "section";
    "previous-section" ["shift-tab"], BOOKING, Action::PreviousSection, "Go",
        "the previous section";
    "seen-before" ["["], BOOKING, Action::SeenBefore, "Go", "the booking seen before this one";
    "seen-after" ["]"], BOOKING, Action::SeenAfter, "Go", "the booking seen after this one";
    "next-of-list" ["}"], NEIGHBORS, Action::NextOfList, "Go",
        "the next booking of the list, or the next window";
    "previous-of-list" ["{"], NEIGHBORS, Action::PreviousOfList, "Go",
        "the previous booking of the list, or the window before";
    "chart" ["w"], LIST, Action::Chart, "Look", "bars of the fetched rows: months, ages, weeks to come";
    "export" ["e"], EXPORTABLE, Action::Export, "Give",
        "write rows to a file: shown, marked or all; or the booking", hint "export";
    "yes" ["enter", "y"], QUESTION, Action::Submit, "Type", "yes", hint "yes";
    "no" ["esc", "n", "q", "ctrl-c"], QUESTION, Action::Back, "Type", "no", hint "no";
    "apply" ["enter"], FORM, Action::Submit, "Type", "apply the filters", hint "apply";
    "next-field" ["tab", "down"], FORM, Action::NextField, "Type", "the next field", hint "next";
    "previous-field" ["shift-tab", "up"], FORM, Action::PreviousField, "Type",
        "the previous field";
    "previous-choice" ["left"], FORM, Action::Left, "Type", "the previous value, or letter";
    "next-choice" ["right"], FORM, Action::Right, "Type", "the next value, or letter";
    "close-form" ["esc", "ctrl-c"], FORM, Action::Back, "Type", "leave things as they were",
        hint "leave";
    "ask-server" ["enter"], SEARCH, Action::Submit, "Type", "ask the server", hint "ask the server";
    "close-search" ["esc", "ctrl-c"], SEARCH, Action::Back, "Type", "show all fetched rows again",
        hint "all rows";
    "run" ["enter"], COMMAND, Action::Submit, "Type", "do it", hint "do it";
    "complete" ["tab"], COMMAND, Action::NextField, "Type", "complete", hint "complete";
    "complete-back" ["shift-tab"], COMMAND, Action::PreviousField, "Type",
        "complete, the other way round";
    "older" ["up"], COMMAND, Action::Older, "Type", "the line before", hint "earlier";
    "newer" ["down"], COMMAND, Action::Newer, "Type", "the line after";
    "close-command" ["esc", "ctrl-c"], COMMAND, Action::Back, "Type", "leave it", hint "leave";
    "next-column" ["j", "down"], COLUMNS, Action::NextField, "Type", "the next column";
    "previous-column" ["k", "up"], COLUMNS, Action::PreviousField, "Type", "the previous column";
    "toggle-column" ["space", "x"], COLUMNS, Action::Mark, "Type", "show or hide it",
        hint "show";
    "column-down" ["J", "ctrl-d"], COLUMNS, Action::MoveDown, "Type", "move it down", hint "down";
    "column-up" ["K", "ctrl-u"], COLUMNS, Action::MoveUp, "Type", "move it up", hint "up";
    "wider" ["l", "right"], COLUMNS, Action::Wider, "Type", "wider", hint "wider";
    "narrower" ["h", "left"], COLUMNS, Action::Narrower, "Type", "narrower", hint "narrower";
    "usual-columns" ["="], COLUMNS, Action::Reset, "Type", "the usual columns", hint "usual";
    "take-columns" ["enter"], COLUMNS, Action::Submit, "Type", "take them", hint "take";
    "close-columns" ["esc", "q", "ctrl-c"], COLUMNS, Action::Back, "Type",
        "leave things as they were";
    "remove" ["d"], PICK, Action::Remove, "Type", "remove a view of your own";
    "take" ["enter"], PICK, Action::Submit, "Type", "take this one", hint "take";
    "close-pick" ["esc", "q", "ctrl-c"], PICK, Action::Back, "Type", "leave it", hint "leave";
    "submit" ["enter"], PROMPT, Action::Submit, "Type", "take what was typed or chosen", hint "take";
    "next-rows" ["tab"], PROMPT, Action::NextField, "Type", "export: the next rows to choose from";
    "choose-down" ["down"], PROMPT, Action::Move(Step::Down), "Type", "the next one that is offered";
    "choose-up" ["up"], PROMPT, Action::Move(Step::Up), "Type", "the one offered before";
    "close-prompt" ["esc", "ctrl-c"], PROMPT, Action::Back, "Type", "leave it", hint "leave";
    "profiles" ["P"], SCREENS, Action::Profiles, "Go", "pick another profile (customer)";
    "help" ["?"], HELPED, Action::Help, "Go", "what can be done here, searched as you type", hint "help";
    "do-chosen" ["enter"], HELP, Action::Submit, "Type", "do what is chosen", hint "do it";
    "chosen-down" ["down"], HELP, Action::Move(Step::Down), "Type", "the next one", hint "next";
    "chosen-up" ["up"], HELP, Action::Move(Step::Up), "Type", "the one before";
    "chosen-page-down" ["pgdn"], HELP, Action::Move(Step::PageDown), "Type", "a page down";
    "chosen-page-up" ["pgup"], HELP, Action::Move(Step::PageUp), "Type", "a page up";
    "close-help" ["esc", "?", "ctrl-c"], HELP, Action::Back, "Type", "close the help",
        hint "close";
    "close-reader" ["esc", "q", "x", "w", "ctrl-c"], READER, Action::Back, "Go", "close",
        hint "close";
    "back" ["esc"], SCREENS, Action::Back, "Go", "one step back";
    "redraw" ["ctrl-l"], ANYWHERE, Action::Redraw, "Go", "draw the screen anew";
    "suspend" ["ctrl-z"], ANYWHERE, Action::Suspend, "Go", "to the shell; fg comes back";
    "quit" ["q", "ctrl-c"], LIST, Action::Quit, "Go", "quit", hint "quit";
    "close" ["q", "ctrl-c"], CLOSABLE, Action::Quit, "Go", "close this screen", hint "close";
    "tenant-payments" ["T"], BOOKING, Action::Tenant, "Look",
        "tenant payments in the ledger too, in no balance";
    "reveal" ["m"], REPORT, Action::Reveal, "Look", "show account and tax numbers, or hide them",
        hint "reveal";
    #[cfg(test)]
    "small" ["ctrl-g"], TRIAGE, Action::Small, "Look", "a screen that only a test has";
    #[cfg(test)]
    "small-count" ["n"], SMALL, Action::Small, "Look", "counts one up", hint "count";
};

/// A key that nobody pressed: what the mouse asks for is carried out as if by a key.
pub fn no_key() -> KeyEvent {
    KeyEvent::new(KeyCode::Null, KeyModifiers::NONE)
}

/// The number on a key.
pub fn digit(key: KeyEvent) -> Option<usize> {
    let KeyCode::Char(c) = key.code else { return None };
    c.to_digit(10).and_then(|number| usize::try_from(number).ok())
}

/// The bindings that hold in a scope.
pub fn bindings_in(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.scopes.contains(&scope))
}

/// The name of a key: `j`, `G`, `ctrl-d`, `pgdn`; `None` for keys that valora never binds.
pub fn name_of(key: &KeyEvent) -> Option<String> {
    let named = match key.code {
        KeyCode::Char(' ') => "space".to_owned(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::Enter => "enter".to_owned(),
        KeyCode::Esc => "esc".to_owned(),
        KeyCode::Tab => "tab".to_owned(),
        KeyCode::BackTab => return Some("shift-tab".to_owned()),
        KeyCode::Up => "up".to_owned(),
        KeyCode::Down => "down".to_owned(),
        KeyCode::Left => "left".to_owned(),
        KeyCode::Right => "right".to_owned(),
        KeyCode::Home => "home".to_owned(),
        KeyCode::End => "end".to_owned(),
        KeyCode::PageUp => "pgup".to_owned(),
        KeyCode::PageDown => "pgdn".to_owned(),
        _ => return None,
    };
    if key.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(if is_control { format!("ctrl-{}", named.to_lowercase()) } else { named })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_key_means_two_things_in_one_scope_and_ids_are_unique() {
        for scope in ANYWHERE {
            let keys: Vec<_> = bindings_in(*scope).flat_map(|binding| binding.keys).collect();
            let unique: BTreeSet<_> = keys.iter().collect();
            assert_eq!(keys.len(), unique.len(), "{scope:?}");
        }
        let ids: BTreeSet<_> = BINDINGS.iter().map(|binding| binding.id).collect();
        assert_eq!(ids.len(), BINDINGS.len());
    }

    #[test]
    fn no_default_is_taken_by_tmux_screen_or_flow_control() {
        for binding in BINDINGS {
            for key in binding.keys {
                assert!(!["ctrl-a", "ctrl-b", "ctrl-s", "ctrl-q"].contains(key));
                assert!(!key.starts_with("alt-") && !key.starts_with("shift-up"));
                // The one key of the shell's that may be bound, and only to what it means there: in
                // raw mode the terminal hands it over instead of stopping the program.
                assert_eq!(*key == "ctrl-z", binding.action == Action::Suspend);
            }
        }
    }

    #[test]
    fn keys_have_the_names_that_the_table_uses() {
        let table = [
            (KeyCode::Char('G'), KeyModifiers::SHIFT, Some("G")),
            (KeyCode::Char('d'), KeyModifiers::CONTROL, Some("ctrl-d")),
            (KeyCode::Char(' '), KeyModifiers::NONE, Some("space")),
            (KeyCode::BackTab, KeyModifiers::SHIFT, Some("shift-tab")),
            (KeyCode::Char('j'), KeyModifiers::ALT, None),
            (KeyCode::F(1), KeyModifiers::NONE, None),
        ];
        for (code, modifiers, name) in table {
            assert_eq!(name_of(&KeyEvent::new(code, modifiers)).as_deref(), name);
        }
    }
}
