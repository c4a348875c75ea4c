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
    "open" ["enter"], OPENABLE, Open, "Look",
        "open the booking, the payment or the debt that the row, the cell or the line names",
        "open";
    "ledger" ["t"], [Booking], Ledger, "Look", "the ledger, and back to the sections", "ledger";
    "checks" ["C"], [Booking], Checks, "Look",
        "verdict, checks, suggestions, changes; and back to the sections", "checks";
    "triage" ["t"], [List], Triage, "Look",
        "penalties as a queue: overview, evidence, decisions", "triage";
    "done" ["d"], [Triage], Decide(Decision::Done), "Decide", "done: nothing is left to do", "done";
    "dispute" ["D"], [Triage], Decide(Decision::Dispute), "Decide", "dispute it", "dispute";
    "waiver" ["W"], [Triage], Decide(Decision::Waiver), "Decide", "ask for a waiver", "waiver";
    "to-notify" ["M"], [Triage], Decide(Decision::Notify), "Decide",
        "needs notifying", "notify";
    "snooze" ["w"], [Triage], Snooze, "Decide", "snooze: 1 day, 3 days, 1 week", "snooze";
    "note" ["i"], [Triage], Note, "Decide", "a note of one line", "note";
    "flag" ["*"], [Triage], Flag, "Decide", "flag or unflag it";
    "clear-decision" ["X"], [Triage], ClearDecision, "Decide",
        "clear decision, snooze, note and flag";
    "undo" ["u"], ROWS, Undo, "Filter",
        "go back to the filters before; in triage, undo the last decision", "undo";
    "next-open" ["}"], [Triage], NextOpen, "Move", "to the next undecided one";
    "previous-open" ["{"], [Triage], PreviousOpen, "Move", "to the previous undecided one";
    "overview" ["t"], [Triage], Overview, "Look", "into the overview, to pick a cell", "overview";
    "group" ["s"], [Triage], Group, "Arrange",
        "put rows together by booking, by status, not at all";
    "show-hidden" ["H"], [Triage], ShowHidden, "Arrange", "show or hide what is snoozed, done or closed";
    "open-settling" ["B"], [Triage], OpenSettling, "Look",
        "open the booking that settled this penalty";
    "worklist" ["e"], [Triage], Worklist, "Give",
        "write the rows that are shown, or marked, as a worklist";
    "cell-left" ["h", "left"], [Overview], Left, "Move", "one cell to the left";
    "cell-right" ["l", "right"], [Overview], Right, "Move", "one cell to the right";
    "narrow-to-cell" ["enter"], [Overview], Submit, "Filter",
        "narrow the queue to this cell; again: all", "narrow to this cell";
    "leave-overview" ["t"], [Overview], Overview, "Look", "back to the queue", "queue";
    "lookup" ["b"], OPENABLE, Lookup, "Look", "open a booking by its reference", "lookup";
    "search" ["/"], ROWS, Search, "Filter",
        "search the loaded rows; {keep-found} keeps what was found, {ask-server} asks the server",
        "search";
    "keep-found" ["enter"], [Search], Submit, "Type", "keep the rows that were found",
        "keep these rows";
    "ask-server" ["ctrl-f"], SEARCHED, AskServer, "Filter",
        "search all rows: send the search to the server", "search the server";
    "filter" ["f"], FILTERABLE, Filter, "Filter",
        "filter form: a field for each parameter", "filter";
    "filter-by-cell" ["@"], [List], FilterByCell, "Filter", "filter by the cell under the cursor";
    "clear-filters" ["F"], ROWS, ClearFilters, "Filter", "remove all filters and searches";
    "drop-filter" ["-"], ROWS, DropFilter, "Filter", "pick a filter or a search and remove it";
    "carry" ["&"], [List], Carry, "Filter", "take the booking or text filter to the next list";
    "views" ["v"], [List], Views, "Filter", "pick a saved view", "views";
    "save-view" ["V"], [List], SaveView, "Filter", "save this view under a name";
    "command" [":"], SCREENS, Command, "Filter", "command line, with completion ({complete})";
    "sort" ["s"], SORTABLE, Sort, "Arrange",
        "sort by this column; again: the server's order";
    "reverse" ["S"], SORTABLE, Reverse, "Arrange", "sort the other way round";
    "columns" ["c"], COLUMNED, Columns, "Arrange", "choose columns, their order and width";
    "detail" ["p"], TABLES, Detail, "Look", "show or hide the detail pane", "detail";
    "zoom" ["z"], TABLES, Zoom, "Look", "give the detail pane the place of the table too";
    "detail-down" ["ctrl-e"], TABLES, DetailDown, "Look", "scroll the detail pane down";
    "detail-up" ["ctrl-y"], TABLES, DetailUp, "Look", "scroll the detail pane up";
    "json" ["x"], OPENABLE, Json, "Look", "the record as JSON";
    "refresh" ["r"], OPENABLE, Refresh, "Load", "reload this view";
    "refresh-all" ["R"], TABLES, RefreshAll, "Load", "reload all opened views";
    "load-all" ["L"], LOADABLE, LoadAll, "Load", "load all rows of this list";
    "copy-cell" ["y"], OPENABLE, CopyCell, "Mark", "copy the cell, or the line";
    "copy-rows" ["Y"], TABLES, CopyRows, "Mark",
        "copy the row, or the marked rows, for a spreadsheet";
    "link" ["o"], TABLES, Link, "Look", "open the link of the document; show and copy it";
    "mark" ["space"], TABLES, Mark, "Mark", "mark this row, or take its mark away", "mark";
    "mark-shown" ["a"], TABLES, MarkShown, "Mark", "mark all rows that are shown";
    "unmark-all" ["A"], TABLES, UnmarkAll, "Mark", "take all marks away";
    "down" ["j", "down"], STEPPABLE, Move(Step::Down), "Move", "one row down";
    "up" ["k", "up"], STEPPABLE, Move(Step::Up), "Move", "one row up";
    "half-down" ["ctrl-d"], SCROLLABLE, Move(Step::HalfDown), "Move", "half a page down";
    "half-up" ["ctrl-u"], SCROLLABLE, Move(Step::HalfUp), "Move", "half a page up";
    "page-down" ["pgdn"], SCROLLABLE, Move(Step::PageDown), "Move", "a page down";
    "page-up" ["pgup"], SCROLLABLE, Move(Step::PageUp), "Move", "a page up";
    "first" ["g", "home"], SCROLLABLE, Move(Step::First), "Move", "to the first row";
    "last" ["G", "end"], SCROLLABLE, Move(Step::Last), "Move",
        "to the last loaded row; loads the next page";
    "left" ["h", "left"], COLUMNED, Left, "Move", "one column to the left";
    "right" ["l", "right"], COLUMNED, Right, "Move", "one column to the right, hidden ones too";
    "tab" ["1", "2", "3", "4", "5", "6", "7", "8", "9"], SCREENS, PickTab, "Go",
        "the list with this number", "lists";
    "next-tab" ["tab"], ROWS, NextTab, "Go", "the next list";
    "previous-tab" ["shift-tab"], ROWS, PreviousTab, "Go", "the previous list";
    "next-section" ["tab"], [Booking], NextSection, "Go", "the next section", "section";
    "previous-section" ["shift-tab"], [Booking], PreviousSection, "Go", "the previous section";
    "seen-before" ["["], [Booking], SeenBefore, "Go", "the booking seen before this one";
    "seen-after" ["]"], [Booking], SeenAfter, "Go", "the booking seen after this one";
    "next-of-list" ["}"], NEIGHBORS, NextOfList, "Go",
        "the next booking of the list, or the next window";
    "previous-of-list" ["{"], NEIGHBORS, PreviousOfList, "Go",
        "the previous booking of the list, or the window before";
    "chart" ["w"], [List], Chart, "Look",
        "bars of the rows that are counted: months, ages, weeks to come", "chart";
    "export" ["e"], COLUMNED, Export, "Give",
        "write rows to a file: shown, marked or all; or the booking", "export";
    "yes" ["enter", "y"], [Question], Submit, "Type", "yes", "yes";
    "no" ["esc", "n", "q", "ctrl-c"], [Question], Back, "Type", "no", "no";
    "apply" ["enter"], [Form], Submit, "Type", "apply the filters", "apply";
    "next-field" ["tab", "down"], [Form], NextField, "Type", "the next field", "next";
    "previous-field" ["shift-tab", "up"], [Form], PreviousField, "Type", "the previous field";
    "previous-choice" ["left"], [Form], Left, "Type", "the previous value, or letter";
    "next-choice" ["right"], [Form], Right, "Type", "the next value, or letter";
    "toggle-choice" ["space"], [Form], Mark, "Type", "keep the picked value and add others";
    "close-form" ["esc", "ctrl-c"], [Form], Back, "Type", "leave things as they were", "leave";
    "close-search" ["esc", "ctrl-c"], [Search], Back, "Type",
        "clear the search and go back to the row before", "clear";
    "run" ["enter"], [Command], Submit, "Type", "do it", "do it";
    "complete" ["tab"], [Command], NextField, "Type", "complete", "complete";
    "complete-back" ["shift-tab"], [Command], PreviousField, "Type",
        "complete, the other way round";
    "older" ["up"], [Command], Older, "Type", "the line before", "earlier";
    "newer" ["down"], [Command], Newer, "Type", "the line after";
    "close-command" ["esc", "ctrl-c"], [Command], Back, "Type", "leave it", "leave";
    "next-column" ["j", "down"], [Columns], NextField, "Type", "the next column";
    "previous-column" ["k", "up"], [Columns], PreviousField, "Type", "the previous column";
    "toggle-column" ["space", "x"], [Columns], Mark, "Type", "show or hide it", "show";
    "column-down" ["J", "ctrl-d"], [Columns], MoveDown, "Type", "move it down", "down";
    "column-up" ["K", "ctrl-u"], [Columns], MoveUp, "Type", "move it up", "up";
    "wider" ["l", "right"], [Columns], Wider, "Type", "wider", "wider";
    "narrower" ["h", "left"], [Columns], Narrower, "Type", "narrower", "narrower";
    "usual-columns" ["="], [Columns], Reset, "Type", "the usual columns", "usual";
    "take-columns" ["enter"], [Columns], Submit, "Type", "take them", "take";
    "close-columns" ["esc", "q", "ctrl-c"], [Columns], Back, "Type", "leave things as they were";
    "remove" ["d"], [Pick], Remove, "Type", "remove a view of your own";
    "take" ["enter"], [Pick], Submit, "Type", "take this one", "take";
    "close-pick" ["esc", "q", "ctrl-c"], [Pick], Back, "Type", "leave it", "leave";
    "submit" ["enter"], [Prompt], Submit, "Type", "take what was typed or chosen", "take";
    "next-rows" ["tab"], [Prompt], NextField, "Type", "export: the next rows to choose from";
    "choose-down" ["down"], [Prompt], Move(Step::Down), "Type", "the next one that is offered";
    "choose-up" ["up"], [Prompt], Move(Step::Up), "Type", "the one offered before";
    "close-prompt" ["esc", "ctrl-c"], [Prompt], Back, "Type", "leave it", "leave";
    "profiles" ["P"], SCREENS, Profiles, "Go", "pick another profile (customer)";
    "help" ["?"], HELPED, Help, "Go", "what can be done here, searched as you type", "help";
    "do-chosen" ["enter"], [Help], Submit, "Type", "do what is chosen", "do it";
    "chosen-down" ["down"], [Help], Move(Step::Down), "Type", "the next one", "next";
    "chosen-up" ["up"], [Help], Move(Step::Up), "Type", "the one before";
    "chosen-page-down" ["pgdn"], [Help], Move(Step::PageDown), "Type", "a page down";
    "chosen-page-up" ["pgup"], [Help], Move(Step::PageUp), "Type", "a page up";
    "close-help" ["esc", "?", "ctrl-c"], [Help], Back, "Type", "close the help", "close";
    "close-reader" ["esc", "q", "x", "w", "ctrl-c"], [Reader], Back, "Go", "close", "close";
    "back" ["esc"], SCREENS, Back, "Go", "one step back";
    "redraw" ["ctrl-l"], ANYWHERE, Redraw, "Go", "redraw the screen";
    "suspend" ["ctrl-z"], ANYWHERE, Suspend, "Go", "to the shell; fg comes back";
    "quit" ["q", "ctrl-c"], [List], Quit, "Go", "quit", "quit";
    "close" ["q", "ctrl-c"], CLOSABLE, Quit, "Go", "close this screen", "close";
    "tenant-payments" ["T"], [Booking], Tenant, "Look",
        "show tenant payments below the ledger, or hide them";
    "reveal" ["m"], [Report], Reveal, "Look",
        "show account and tax numbers, or hide them", "reveal";
    #[cfg(test)]
    "small" ["ctrl-g"], [Triage], Small, "Look", "a screen that only a test has";
    #[cfg(test)]
    "small-count" ["n"], [Small], Small, "Look", "counts one up", "count";
    #[cfg(test)]
    "small-help" ["?"], [Small], Help, "Go", "what can be done here", "help";
    #[cfg(test)]
    "small-close" ["q", "ctrl-c"], [Small], Quit, "Go", "close this screen", "close";
};

const NAMED: [(KeyCode, &str); 13] = [
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
];

/// A key that was not pressed: actions of the mouse are carried out as if by a key.
pub fn no_key() -> KeyEvent {
    KeyEvent::new(KeyCode::Null, KeyModifiers::NONE)
}

pub fn digit(key: KeyEvent) -> Option<usize> {
    let KeyCode::Char(c) = key.code else { return None };
    c.to_digit(10).and_then(|number| usize::try_from(number).ok())
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
            (KeyCode::F(1), KeyModifiers::NONE, None),
        ];
        for (code, modifiers, name) in table {
            assert_eq!(name_of(&KeyEvent::new(code, modifiers)).as_deref(), name);
        }
    }
}
