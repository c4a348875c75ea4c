//! The one table of key bindings. It drives dispatch, the hints in the footer and the help.

pub mod action;
pub mod own;

pub use action::{Action, Scope, Step};
pub use own::Keymap;

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
    /// Under which heading the help shows it.
    pub group: &'static str,
    /// The word beside the key in the footer, if it is shown there.
    pub hint: Option<&'static str>,
}

const LIST: &[Scope] = &[Scope::List];
const BOOKING: &[Scope] = &[Scope::Booking];
const TRIAGE: &[Scope] = &[Scope::Triage];
const OVERVIEW: &[Scope] = &[Scope::Overview];
const SHEET: &[Scope] = &[Scope::Sheet];
/// Lists, in whatever order their rows are.
const LISTS: &[Scope] = &[Scope::List, Scope::Triage];
/// Tables whose order and columns are the user's.
const SHEETS: &[Scope] = &[Scope::List, Scope::Booking];
const TABLES: &[Scope] = &[Scope::List, Scope::Triage, Scope::Booking];
const SCREENS: &[Scope] = &[Scope::List, Scope::Triage, Scope::Overview, Scope::Booking];
const READABLE: &[Scope] =
    &[Scope::List, Scope::Triage, Scope::Booking, Scope::Sheet, Scope::Reader];
const CLOSED: &[Scope] = &[Scope::Triage, Scope::Overview, Scope::Booking];
const READER: &[Scope] = &[Scope::Reader];
const HELP: &[Scope] = &[Scope::Help];
const PROMPT: &[Scope] = &[Scope::Prompt];
const QUESTION: &[Scope] = &[Scope::Question];
const FORM: &[Scope] = &[Scope::Form];
const PICK: &[Scope] = &[Scope::Pick];
const SEARCH: &[Scope] = &[Scope::Search];
const COMMAND: &[Scope] = &[Scope::Command];
const COLUMNS: &[Scope] = &[Scope::Columns];
const READABLE_PICK: &[Scope] = &[
    Scope::List,
    Scope::Triage,
    Scope::Overview,
    Scope::Booking,
    Scope::Sheet,
    Scope::Reader,
    Scope::Pick,
];
const ANYWHERE: &[Scope] = &[
    Scope::List,
    Scope::Triage,
    Scope::Overview,
    Scope::Booking,
    Scope::Sheet,
    Scope::Reader,
    Scope::Help,
    Scope::Prompt,
    Scope::Question,
    Scope::Form,
    Scope::Pick,
    Scope::Search,
    Scope::Command,
    Scope::Columns,
];

macro_rules! bindings {
    ($($id:literal $keys:expr, $scopes:expr, $action:expr, $group:literal, $label:literal
       $(, hint $hint:literal)?;)*) => {
        &[$(Binding {
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
    "open" ["enter"], LISTS, Action::Open, "Look", "open the booking of this row, or the payment", hint "booking";
    "open-reference" ["enter"], BOOKING, Action::Open, "Look",
        "open the booking named in the cell, the detail, or the rows of a line", hint "open";
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
    "undo-verdict" ["u"], TRIAGE, Action::Undo, "Decide", "undo the last decision, step by step",
        hint "undo";
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
    "lookup" ["b"], TABLES, Action::Lookup, "Look", "open a booking by its reference", hint "lookup";
    "search" ["/"], LISTS, Action::Search, "Filter",
        "search: narrows the fetched rows, enter asks the server", hint "search";
    "filter" ["f"], LISTS, Action::Filter, "Filter", "filter form: a field for each parameter",
        hint "filter";
    "filter-by-cell" ["@"], LIST, Action::FilterByCell, "Filter",
        "filter by the cell under the cursor";
    "clear-filters" ["F"], LISTS, Action::ClearFilters, "Filter", "take all filters away";
    "drop-filter" ["-"], LISTS, Action::DropFilter, "Filter", "pick a filter and take it away";
    "undo" ["u"], LIST, Action::Undo, "Filter", "go back to the filters before";
    "carry" ["&"], LIST, Action::Carry, "Filter",
        "take the booking or text filter to the next list";
    "views" ["v"], LIST, Action::Views, "Filter", "pick a saved view";
    "save-view" ["V"], LIST, Action::SaveView, "Filter", "save this view under a name";
    "command" [":"], LISTS, Action::Command, "Filter", "command line, with completion (tab)";
    "sort" ["s"], SHEETS, Action::Sort, "Arrange",
        "sort by this column; again: the server's order", hint "sort";
    "reverse" ["S"], SHEETS, Action::Reverse, "Arrange", "sort the other way round";
    "columns" ["c"], SHEETS, Action::Columns, "Arrange", "choose columns, their order and width";
    "detail" ["p"], TABLES, Action::Detail, "Look", "show or hide the detail pane", hint "detail";
    "zoom" ["z"], TABLES, Action::Zoom, "Look", "give the detail pane the place of the table too";
    "detail-down" ["ctrl-e"], TABLES, Action::DetailDown, "Look", "scroll the detail pane down";
    "detail-up" ["ctrl-y"], TABLES, Action::DetailUp, "Look", "scroll the detail pane up";
    "json" ["x"], TABLES, Action::Json, "Look", "the record as JSON", hint "json";
    "refresh" ["r"], TABLES, Action::Refresh, "Fetch", "fetch this view anew", hint "refresh";
    "refresh-all" ["R"], TABLES, Action::RefreshAll, "Fetch", "fetch all opened views anew";
    "load-all" ["L"], LISTS, Action::LoadAll, "Fetch", "fetch all pages of this list";
    "copy-cell" ["y"], TABLES, Action::CopyCell, "Mark", "copy the cell";
    "copy-rows" ["Y"], TABLES, Action::CopyRows, "Mark",
        "copy the row, or the marked rows, for a spreadsheet";
    "link" ["o"], TABLES, Action::Link, "Look", "open the link of the document; show and copy it";
    "mark" ["space"], TABLES, Action::Mark, "Mark", "mark this row, or take its mark away";
    "mark-shown" ["a"], TABLES, Action::MarkShown, "Mark", "mark all rows that are shown";
    "unmark-all" ["A"], TABLES, Action::UnmarkAll, "Mark", "take all marks away";
    "down" ["j", "down"], READABLE_PICK, Action::Move(Step::Down), "Move", "one row down";
    "up" ["k", "up"], READABLE_PICK, Action::Move(Step::Up), "Move", "one row up";
    "half-down" ["ctrl-d"], READABLE, Action::Move(Step::HalfDown), "Move", "half a page down";
    "half-up" ["ctrl-u"], READABLE, Action::Move(Step::HalfUp), "Move", "half a page up";
    "page-down" ["pgdn"], READABLE, Action::Move(Step::PageDown), "Move", "a page down";
    "page-up" ["pgup"], READABLE, Action::Move(Step::PageUp), "Move", "a page up";
    "first" ["g", "home"], READABLE, Action::Move(Step::First), "Move", "to the first row";
    "last" ["G", "end"], READABLE, Action::Move(Step::Last), "Move",
        "to the last fetched row, and fetch on";
    "left" ["h", "left"], SHEETS, Action::Left, "Move", "one column to the left";
    "right" ["l", "right"], SHEETS, Action::Right, "Move",
        "one column to the right, hidden ones too";
    "tab" ["1", "2", "3", "4", "5", "6", "7", "8", "9"], SCREENS, Action::PickTab, "Go",
        "the list with this number";
    "next-tab" ["tab"], LISTS, Action::NextTab, "Go", "the next list";
    "previous-tab" ["shift-tab"], LISTS, Action::PreviousTab, "Go", "the previous list";
    "next-section" ["tab"], BOOKING, Action::NextSection, "Go", "the next section", hint "section";
    "previous-section" ["shift-tab"], BOOKING, Action::PreviousSection, "Go",
        "the previous section";
    "seen-before" ["["], BOOKING, Action::SeenBefore, "Go", "the booking seen before this one";
    "seen-after" ["]"], BOOKING, Action::SeenAfter, "Go", "the booking seen after this one";
    "next-of-list" ["}"], BOOKING, Action::NextOfList, "Go", "the next booking of the list";
    "previous-of-list" ["{"], BOOKING, Action::PreviousOfList, "Go",
        "the previous booking of the list";
    "chart" ["w"], LIST, Action::Chart, "Look", "bars of the fetched rows: months, ages, weeks to come";
    "export-rows" ["e"], LIST, Action::Export, "Give",
        "write rows to a file: shown, marked or all", hint "export";
    "export" ["e"], BOOKING, Action::Export, "Give", "write the whole screen to a file",
        hint "export";
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
    "help" ["?"], SCREENS, Action::Help, "Go", "what can be done here, searched as you type", hint "help";
    "do-chosen" ["enter"], HELP, Action::Submit, "Type", "do what is chosen", hint "do it";
    "chosen-down" ["down"], HELP, Action::Move(Step::Down), "Type", "the next one", hint "next";
    "chosen-up" ["up"], HELP, Action::Move(Step::Up), "Type", "the one before";
    "chosen-page-down" ["pgdn"], HELP, Action::Move(Step::PageDown), "Type", "a page down";
    "chosen-page-up" ["pgup"], HELP, Action::Move(Step::PageUp), "Type", "a page up";
    "close-help" ["esc", "?", "ctrl-c"], HELP, Action::Back, "Type", "close the help",
        hint "close";
    "close-reader" ["esc", "q", "?", "x", "w", "ctrl-c"], READER, Action::Back, "Go", "close",
        hint "close";
    "back" ["esc"], SCREENS, Action::Back, "Go", "one step back";
    "redraw" ["ctrl-l"], ANYWHERE, Action::Redraw, "Go", "draw the screen anew";
    "suspend" ["ctrl-z"], ANYWHERE, Action::Suspend, "Go", "to the shell; fg comes back";
    "quit" ["q", "ctrl-c"], LIST, Action::Quit, "Go", "quit", hint "quit";
    "close" ["q", "ctrl-c"], CLOSED, Action::Quit, "Go", "close this screen", hint "close";
    "tenant-payments" ["T"], BOOKING, Action::Tenant, "Look",
        "tenant payments in the ledger too, in no balance";
    "open-line" ["enter"], SHEET, Action::Open, "Look",
        "open the booking or the events of this line, or its JSON", hint "open";
    "line-json" ["x"], SHEET, Action::Json, "Look", "the JSON behind this line", hint "json";
    "reveal" ["m"], SHEET, Action::Reveal, "Look", "show account and tax numbers, or hide them",
        hint "reveal";
    "next-window" ["}"], SHEET, Action::NextOfList, "Go", "the next window of events";
    "previous-window" ["{"], SHEET, Action::PreviousOfList, "Go", "the window of events before";
    "narrow-events" ["f"], SHEET, Action::Filter, "Filter",
        "narrow the events: family=, stream=, text=";
    "sheet-command" [":"], SHEET, Action::Command, "Filter", "command line, with completion (tab)";
    "sheet-lookup" ["b"], SHEET, Action::Lookup, "Look", "open a booking by its reference";
    "sheet-refresh" ["r"], SHEET, Action::Refresh, "Fetch", "fetch this screen anew", hint "refresh";
    "copy-line" ["y"], SHEET, Action::CopyCell, "Mark", "copy the line as it is shown";
    "sheet-tab" ["1", "2", "3", "4", "5", "6", "7", "8", "9"], SHEET, Action::PickTab, "Go",
        "the list with this number";
    "sheet-help" ["?"], SHEET, Action::Help, "Go",
        "what can be done here, searched as you type", hint "help";
    "close-sheet" ["esc", "q", "ctrl-c"], SHEET, Action::Back, "Go", "close this screen",
        hint "close";
};

/// A key that nobody pressed: what the mouse asks for is carried out as if by a key.
pub fn no_key() -> KeyEvent {
    KeyEvent::new(KeyCode::Null, KeyModifiers::NONE)
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
