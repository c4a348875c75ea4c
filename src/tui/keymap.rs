//! The one table of key bindings. It drives dispatch, the hints in the footer and the help.

pub mod action;
pub mod own;

pub use action::{Action, Scope, Step, Way};
pub use own::Keymap;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use self::Scope::{
    Booking, Changes, Columns, Command, Form, Groups, Help, List, Overview, Pick, Prompt, Question,
    Reader, Report, Search, Triage,
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
    /// Its word in the footer.
    pub hint: Option<&'static str>,
}

const SEARCHED: &[Scope] = &[Search, List, Triage, Groups];
const ROWS: &[Scope] = &[List, Triage, Groups];
/// Tables whose order and columns are the user's.
const SORTABLE: &[Scope] = &[List, Booking, Changes];
/// Tables whose columns are the user's.
const COLUMNED: &[Scope] = &[List, Booking, Groups, Changes];
const TABLES: &[Scope] = &[List, Triage, Groups, Booking, Changes];
const OPENABLE: &[Scope] = &[List, Triage, Groups, Booking, Report, Changes];
/// In a reader, the rest of a chart's rows.
const LOADABLE: &[Scope] = &[List, Triage, Groups, Reader];
const FILTERABLE: &[Scope] = &[List, Triage, Groups, Report];
const NEIGHBORS: &[Scope] = &[Booking, Report];
const SCREENS: &[Scope] = &[List, Triage, Overview, Groups, Booking, Report, Changes];
const CLOSABLE: &[Scope] = &[Triage, Overview, Groups, Booking, Report, Changes];
const HELPED: &[Scope] = &[List, Triage, Overview, Groups, Booking, Report, Changes, Reader];
const SCROLLABLE: &[Scope] = &[List, Triage, Groups, Booking, Report, Changes, Reader];
const STEPPABLE: &[Scope] =
    &[List, Triage, Overview, Groups, Booking, Report, Changes, Reader, Pick];
const ANYWHERE: &[Scope] = &[
    List, Triage, Overview, Groups, Booking, Report, Changes, Reader, Help, Prompt, Question, Form,
    Pick, Search, Command, Columns,
];

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

/// Every binding, its last word that in the footer. The first that fits the scope and the key wins.
pub static BINDINGS: &[Binding] = bindings! {
    "open" ["enter"], OPENABLE, Open, "Details",
        "open the booking, payment or debt that the row, cell or line names", "open";
    "ledger" ["t"], [Booking], Ledger, "Details",
        "show the ledger, or the sections again", "ledger";
    "checks" ["C"], [Booking], Checks, "Details",
        "show checks, suggestions and changes, or the sections again", "checks";
    "triage" ["t"], [List], Triage, "Details",
        "work through penalties as a queue: overview, evidence, decisions", "triage";
    "done" ["d"], [Triage], Decide(Decision::Done), "Decisions",
        "decide: done, nothing is left to do", "done";
    "dispute" ["D"], [Triage], Decide(Decision::Dispute), "Decisions", "decide: dispute", "dispute";
    "waiver" ["W"], [Triage], Decide(Decision::Waiver), "Decisions",
        "decide: request a waiver", "waiver";
    "to-notify" ["M"], [Triage], Decide(Decision::Notify), "Decisions",
        "decide: needs notifying", "notify";
    "snooze" ["w"], [Triage], Snooze, "Decisions", "snooze for 1 day, 3 days or 1 week", "snooze";
    "note" ["i"], [Triage], Note, "Decisions", "write a note of one line", "note";
    "flag" ["*"], [Triage], Flag, "Decisions", "flag or unflag the penalty";
    "clear-decision" ["X"], [Triage], ClearDecision, "Decisions",
        "clear decision, snooze, note and flag";
    "undo" ["u"], ROWS, Undo, "Filters",
        "restore the previous filters; in triage, undo the last decision", "undo";
    "next-open" ["}", "n"], [Triage], NextOpen, "Cursor", "move to the next undecided penalty";
    "previous-open" ["{", "N"], [Triage], PreviousOpen, "Cursor",
        "move to the previous undecided penalty";
    "overview" ["t"], [Triage], Overview, "Details",
        "move to the overview, to pick a cell", "overview";
    "group" ["s"], [Triage], Group, "Sorting and columns",
        "group rows by booking, by status, or not at all";
    "show-hidden" ["H"], [Triage], ShowHidden, "Sorting and columns",
        "show or hide snoozed, done and closed penalties";
    "open-settling" ["B"], [Triage], OpenSettling, "Details",
        "open the booking that settled this penalty";
    "worklist" ["e"], [Triage], Worklist, "Export", "export the shown or marked rows as a worklist";
    "cell-left" ["h", "left"], [Overview], Left, "Cursor", "move one cell to the left";
    "cell-right" ["l", "right"], [Overview], Right, "Cursor", "move one cell to the right";
    "narrow-to-cell" ["enter"], [Overview], Submit, "Filters",
        "narrow the queue to this cell, or show all again", "narrow to this cell";
    "leave-overview" ["t"], [Overview], Overview, "Details", "return to the queue", "queue";
    "lookup" ["b"], OPENABLE, Lookup, "Details", "open a booking by its reference", "lookup";
    "search" ["/"], ROWS, Search, "Filters",
        "search the loaded rows; {keep-found} keeps the matches, {ask-server} searches all rows", "search";
    "keep-found" ["enter"], [Search], Submit, "Dialogs",
        "keep the matching rows", "keep these rows";
    "ask-server" ["ctrl-f"], SEARCHED, AskServer, "Filters",
        "search all rows on the server", "search the server";
    "filter" ["f"], FILTERABLE, Filter, "Filters",
        "open the filter form, with a field for each parameter", "filter";
    "filter-by-cell" ["@", "="], [List], FilterByCell, "Filters",
        "filter by the cell under the cursor";
    "clear-filters" ["F"], ROWS, ClearFilters, "Filters", "remove all filters and searches";
    "drop-filter" ["-"], ROWS, DropFilter, "Filters", "pick a filter or a search and remove it";
    "carry" ["&"], [List], Carry, "Filters", "use the booking or text filter on the next list, too";
    "views" ["v"], [List], Views, "Filters", "open a saved view", "views";
    "save-view" ["V"], [List], SaveView, "Filters", "save this view under a name";
    "command" [":"], SCREENS, Command, "Filters", "type a command; {complete} completes it";
    "sort" ["s"], SORTABLE, Sort, "Sorting and columns",
        "sort by this column, or in the server's order again";
    "reverse" ["S"], SORTABLE, Reverse, "Sorting and columns", "reverse the sort order";
    "columns" ["c"], COLUMNED, Columns, "Sorting and columns",
        "choose columns, their order and width";
    "detail" ["p"], TABLES, Detail, "Details", "show or hide the detail pane", "detail";
    "zoom" ["z"], TABLES, Zoom, "Details", "maximize the detail pane, or restore it";
    "detail-down" ["ctrl-e"], TABLES, DetailDown, "Details", "scroll the detail pane down";
    "detail-up" ["ctrl-y"], TABLES, DetailUp, "Details", "scroll the detail pane up";
    "json" ["x"], OPENABLE, Json, "Details", "show the record as JSON";
    "refresh" ["r"], OPENABLE, Refresh, "Loading", "refresh what is shown";
    "refresh-all" ["R"], TABLES, RefreshAll, "Loading",
        "refresh what is shown and all opened lists";
    "load-all" ["L"], LOADABLE, LoadAll, "Loading", "load all rows of this list";
    "copy-cell" ["y"], OPENABLE, CopyCell, "Marks and copies", "copy the cell, or the line";
    "copy-rows" ["Y"], TABLES, CopyRows, "Marks and copies",
        "copy the row, or the marked rows, for a spreadsheet";
    "link" ["o"], TABLES, Link, "Details", "open the document's link; show and copy it";
    "mark" ["space"], TABLES, Mark, "Marks and copies", "mark or unmark this row", "mark";
    "mark-shown" ["a"], TABLES, MarkShown, "Marks and copies", "mark all shown rows";
    "unmark-all" ["A"], TABLES, UnmarkAll, "Marks and copies", "unmark all rows";
    "down" ["j", "down"], STEPPABLE, Move(Step::Down), "Cursor", "move one row down";
    "up" ["k", "up"], STEPPABLE, Move(Step::Up), "Cursor", "move one row up";
    "half-down" ["ctrl-d"], SCROLLABLE, Move(Step::HalfDown), "Cursor", "move half a page down";
    "half-up" ["ctrl-u"], SCROLLABLE, Move(Step::HalfUp), "Cursor", "move half a page up";
    "page-down" ["pgdn"], SCROLLABLE, Move(Step::PageDown), "Cursor", "move a page down";
    "page-up" ["pgup"], SCROLLABLE, Move(Step::PageUp), "Cursor", "move a page up";
    "first" ["g", "home"], SCROLLABLE, Move(Step::First), "Cursor", "move to the first row";
    "last" ["G", "end"], SCROLLABLE, Move(Step::Last), "Cursor",
        "move to the last loaded row; load the next page";
    "left" ["h", "left"], COLUMNED, Left, "Cursor", "move one column to the left";
    "right" ["l", "right"], COLUMNED, Right, "Cursor",
        "move one column to the right, hidden ones too";
    "tab" ["1", "2", "3", "4", "5", "6", "7", "8", "9"], SCREENS, PickTab, "Navigation",
        "show the list with this number", "lists";
    "next-tab" ["tab"], ROWS, NextTab, "Navigation", "show the next list";
    "previous-tab" ["shift-tab"], ROWS, PreviousTab, "Navigation", "show the previous list";
    "next-section" ["tab"], [Booking], NextSection, "Navigation",
        "show the next section", "section";
    "previous-section" ["shift-tab"], [Booking], PreviousSection, "Navigation",
        "show the previous section";
    "seen-before" ["[", "<"], [Booking], SeenBefore, "Navigation",
        "return to the booking seen before this one";
    "seen-after" ["]", ">"], [Booking], SeenAfter, "Navigation",
        "return to the booking seen after this one";
    "next-of-list" ["}", "n"], NEIGHBORS, NextOfList, "Navigation",
        "open the next booking of the list, or the next window of events";
    "previous-of-list" ["{", "N"], NEIGHBORS, PreviousOfList, "Navigation",
        "open the previous booking of the list, or window of events";
    "chart" ["w"], [List], Chart, "Details",
        "draw a chart of the rows: by month, by age, or for the next weeks", "chart";
    "export" ["e"], COLUMNED, Export, "Export",
        "export rows to a file (shown, marked or all), or the booking", "export";
    "yes" ["enter", "y"], [Question], Submit, "Dialogs", "confirm", "yes";
    "no" ["esc", "n", "q", "ctrl-c"], [Question], Back, "Dialogs", "cancel", "no";
    "apply" ["enter"], [Form], Submit, "Dialogs", "apply the filters", "apply";
    "next-field" ["tab", "down"], [Form], NextField, "Dialogs", "move to the next field", "next";
    "previous-field" ["shift-tab", "up"], [Form], PreviousField, "Dialogs",
        "move to the previous field";
    "previous-choice" ["left"], [Form], Left, "Dialogs",
        "choose the previous value, or move one letter left";
    "next-choice" ["right"], [Form], Right, "Dialogs",
        "choose the next value, or move one letter right";
    "toggle-choice" ["space"], [Form], Mark, "Dialogs", "keep the chosen value and add others";
    "close-form" ["esc", "ctrl-c"], [Form], Back, "Dialogs", "cancel", "cancel";
    "close-search" ["esc", "ctrl-c"], [Search], Back, "Dialogs",
        "clear the search and return to the row before", "clear";
    "run" ["enter"], [Command], Submit, "Dialogs", "run the command", "run";
    "complete" ["tab"], [Command], NextField, "Dialogs", "complete the word", "complete";
    "complete-back" ["shift-tab"], [Command], PreviousField, "Dialogs",
        "complete the word with the value before";
    "older" ["up"], [Command], Older, "Dialogs", "show the line before", "earlier";
    "newer" ["down"], [Command], Newer, "Dialogs", "show the line after";
    "close-command" ["esc", "ctrl-c"], [Command], Back, "Dialogs", "cancel", "cancel";
    "next-column" ["j", "down"], [Columns], NextField, "Dialogs", "move to the next column";
    "previous-column" ["k", "up"], [Columns], PreviousField, "Dialogs",
        "move to the previous column";
    "toggle-column" ["space", "x"], [Columns], Mark, "Dialogs", "show or hide the column", "show";
    "column-down" ["J", "ctrl-d"], [Columns], MoveDown, "Dialogs", "move the column down", "down";
    "column-up" ["K", "ctrl-u"], [Columns], MoveUp, "Dialogs", "move the column up", "up";
    "wider" ["l", "right"], [Columns], Wider, "Dialogs", "make the column wider", "wider";
    "narrower" ["h", "left"], [Columns], Narrower, "Dialogs",
        "make the column narrower", "narrower";
    "usual-columns" ["="], [Columns], Reset, "Dialogs", "restore the usual columns", "usual";
    "take-columns" ["enter"], [Columns], Submit, "Dialogs", "apply the columns", "apply";
    "close-columns" ["esc", "q", "ctrl-c"], [Columns], Back, "Dialogs", "cancel";
    "remove" ["d"], [Pick], Remove, "Dialogs", "remove a view of your own";
    "take" ["enter"], [Pick], Submit, "Dialogs", "choose this one", "OK";
    "close-pick" ["esc", "q", "ctrl-c"], [Pick], Back, "Dialogs", "cancel", "cancel";
    "submit" ["enter"], [Prompt], Submit, "Dialogs", "accept what was typed or chosen", "OK";
    "next-rows" ["tab"], [Prompt], NextField, "Dialogs", "export: choose the next rows";
    "choose-down" ["down"], [Prompt], Move(Step::Down), "Dialogs", "choose the next one";
    "choose-up" ["up"], [Prompt], Move(Step::Up), "Dialogs", "choose the one before";
    "close-prompt" ["esc", "ctrl-c"], [Prompt], Back, "Dialogs", "cancel", "cancel";
    "profiles" ["P"], SCREENS, Profiles, "Navigation", "switch to another profile (customer)";
    "help" ["?", "f1"], HELPED, Help, "Navigation",
        "list keys and commands, searched as you type", "help";
    "do-chosen" ["enter"], [Help], Submit, "Dialogs", "run the chosen one", "run";
    "chosen-down" ["down"], [Help], Move(Step::Down), "Dialogs", "choose the next one", "next";
    "chosen-up" ["up"], [Help], Move(Step::Up), "Dialogs", "choose the one before";
    "chosen-page-down" ["pgdn"], [Help], Move(Step::PageDown), "Dialogs", "move a page down";
    "chosen-page-up" ["pgup"], [Help], Move(Step::PageUp), "Dialogs", "move a page up";
    "close-help" ["esc", "?", "f1", "ctrl-c"], [Help], Back, "Dialogs", "close the help", "close";
    "close-reader" ["esc", "q", "x", "w", "ctrl-c"], [Reader], Back, "Navigation",
        "close what is shown", "close";
    "back" ["esc"], SCREENS, Back, "Navigation", "go one step back";
    "redraw" ["ctrl-l"], ANYWHERE, Redraw, "Navigation", "redraw the screen";
    "suspend" ["ctrl-z"], ANYWHERE, Suspend, "Navigation",
        "suspend valora; fg in the shell resumes it";
    "quit" ["q", "ctrl-c"], [List], Quit, "Navigation", "quit valora", "quit";
    "close" ["q", "ctrl-c"], CLOSABLE, Quit, "Navigation", "close this screen", "close";
    "tenant-payments" ["T"], [Booking], Tenant, "Details",
        "show tenant payments below the ledger, or hide them";
    "reveal" ["m"], [Report], Reveal, "Details",
        "show account and tax numbers, or hide them", "reveal";
    #[cfg(test)]
    "small" ["ctrl-g"], [Triage], Small, "Details", "a screen that only a test has";
    #[cfg(test)]
    "small-count" ["n"], [Small], Small, "Details", "counts one up", "count";
    #[cfg(test)]
    "small-help" ["?"], [Small], Help, "Navigation", "what can be done here", "help";
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

/// A key that was not pressed: actions of the mouse are carried out as if by a key.
pub fn no_key() -> KeyEvent {
    KeyEvent::new(KeyCode::Null, KeyModifiers::NONE)
}

pub fn digit(key: KeyEvent) -> Option<usize> {
    let KeyCode::Char(c) = key.code else { return None };
    c.to_digit(10).and_then(|number| usize::try_from(number).ok())
}

/// The character of a key without ctrl or alt, where it can be shown.
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
            (KeyCode::F(1), KeyModifiers::NONE, Some("f1")),
            (KeyCode::F(2), KeyModifiers::NONE, None),
        ];
        for (code, modifiers, name) in table {
            assert_eq!(name_of(&KeyEvent::new(code, modifiers)).as_deref(), name);
        }
    }
}
