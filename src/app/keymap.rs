//! The one table of key bindings. It drives dispatch, the hints in the footer and the help.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

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
    /// Write what is shown to a file.
    Export,
    /// Open the booking of the row.
    Open,
    /// Ask for a booking by its reference.
    Lookup,
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
    /// Mark the row, or take its mark away.
    Mark,
    /// Mark all rows that are shown.
    MarkShown,
    /// Take all marks away.
    UnmarkAll,
    /// Fetch every page of the list.
    LoadAll,
    /// Fetch what is shown anew.
    Refresh,
    /// Fetch every opened view anew.
    RefreshAll,
    /// Draw the screen anew.
    Redraw,
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
    /// A booking.
    Booking,
    /// A text that is read: help, JSON.
    Reader,
    /// A line that is typed.
    Prompt,
    /// A question that is answered with yes or no.
    Question,
    /// A form with fields.
    Form,
    /// Entries of which one is picked.
    Pick,
}

/// One row of the table.
#[derive(Debug)]
pub struct Binding {
    /// The stable name of the action, for the user's own bindings.
    pub id: &'static str,
    /// The keys, as [`name_of`] spells them.
    pub keys: &'static [&'static str],
    /// Where it holds.
    pub scopes: &'static [Scope],
    /// What it does.
    pub action: Action,
    /// What it does, in words.
    pub label: &'static str,
    /// Under which heading the help shows it.
    pub group: &'static str,
    /// The word beside the key in the footer, if it is shown there.
    pub hint: Option<&'static str>,
}

const LIST: &[Scope] = &[Scope::List];
const BOOKING: &[Scope] = &[Scope::Booking];
const TABLES: &[Scope] = &[Scope::List, Scope::Booking];
const READABLE: &[Scope] = &[Scope::List, Scope::Booking, Scope::Reader];
const READER: &[Scope] = &[Scope::Reader];
const PROMPT: &[Scope] = &[Scope::Prompt];
const QUESTION: &[Scope] = &[Scope::Question];
const FORM: &[Scope] = &[Scope::Form];
const PICK: &[Scope] = &[Scope::Pick];
const READABLE_PICK: &[Scope] = &[Scope::List, Scope::Booking, Scope::Reader, Scope::Pick];
const ANYWHERE: &[Scope] = &[
    Scope::List,
    Scope::Booking,
    Scope::Reader,
    Scope::Prompt,
    Scope::Question,
    Scope::Form,
    Scope::Pick,
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
    "open" ["enter"], LIST, Action::Open, "Look", "open the booking of this row", hint "booking";
    "open-reference" ["enter"], BOOKING, Action::Open, "Look",
        "open the booking named in the cell, the detail, or the rows of a line", hint "open";
    "ledger" ["t"], BOOKING, Action::Ledger, "Look", "the ledger, and back to the sections",
        hint "ledger";
    "checks" ["C"], BOOKING, Action::Checks, "Look",
        "verdict, checks, suggestions, changes; and back to the sections", hint "checks";
    "lookup" ["b"], TABLES, Action::Lookup, "Look", "open a booking by its reference", hint "lookup";
    "filter" ["f"], LIST, Action::Filter, "Filter", "filter form: a field for each parameter",
        hint "filter";
    "filter-by-cell" ["@"], LIST, Action::FilterByCell, "Filter",
        "filter by the cell under the cursor";
    "clear-filters" ["F"], LIST, Action::ClearFilters, "Filter", "take all filters away";
    "drop-filter" ["-"], LIST, Action::DropFilter, "Filter", "pick a filter and take it away";
    "undo" ["u"], LIST, Action::Undo, "Filter", "go back to the filters before";
    "carry" ["&"], LIST, Action::Carry, "Filter",
        "take the booking or text filter to the next list";
    "detail" ["p"], TABLES, Action::Detail, "Look", "show or hide the detail pane", hint "detail";
    "zoom" ["z"], TABLES, Action::Zoom, "Look", "give the detail pane the whole screen";
    "detail-down" ["ctrl-e"], TABLES, Action::DetailDown, "Look", "scroll the detail pane down";
    "detail-up" ["ctrl-y"], TABLES, Action::DetailUp, "Look", "scroll the detail pane up";
    "json" ["x"], TABLES, Action::Json, "Look", "the record as JSON", hint "json";
    "refresh" ["r"], TABLES, Action::Refresh, "Fetch", "fetch this view anew", hint "refresh";
    "refresh-all" ["R"], TABLES, Action::RefreshAll, "Fetch", "fetch all opened views anew";
    "load-all" ["L"], LIST, Action::LoadAll, "Fetch", "fetch all pages of this list";
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
    "left" ["h", "left"], TABLES, Action::Left, "Move", "one column to the left";
    "right" ["l", "right"], TABLES, Action::Right, "Move",
        "one column to the right, hidden ones too";
    "tab" ["1", "2", "3", "4", "5", "6", "7", "8", "9"], TABLES, Action::PickTab, "Go",
        "the list with this number";
    "next-tab" ["tab"], LIST, Action::NextTab, "Go", "the next list";
    "previous-tab" ["shift-tab"], LIST, Action::PreviousTab, "Go", "the previous list";
    "next-section" ["tab"], BOOKING, Action::NextSection, "Go", "the next section", hint "section";
    "previous-section" ["shift-tab"], BOOKING, Action::PreviousSection, "Go",
        "the previous section";
    "seen-before" ["["], BOOKING, Action::SeenBefore, "Go", "the booking seen before this one";
    "seen-after" ["]"], BOOKING, Action::SeenAfter, "Go", "the booking seen after this one";
    "next-of-list" ["}"], BOOKING, Action::NextOfList, "Go", "the next booking of the list";
    "previous-of-list" ["{"], BOOKING, Action::PreviousOfList, "Go",
        "the previous booking of the list";
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
    "take" ["enter"], PICK, Action::Submit, "Type", "take this one", hint "take";
    "close-pick" ["esc", "q", "ctrl-c"], PICK, Action::Back, "Type", "leave it", hint "leave";
    "submit" ["enter"], PROMPT, Action::Submit, "Type", "take what was typed or chosen", hint "take";
    "choose-down" ["down"], PROMPT, Action::Move(Step::Down), "Type", "the next one that is offered";
    "choose-up" ["up"], PROMPT, Action::Move(Step::Up), "Type", "the one offered before";
    "close-prompt" ["esc", "ctrl-c"], PROMPT, Action::Back, "Type", "leave it", hint "leave";
    "help" ["?"], TABLES, Action::Help, "Go", "the keys that work here", hint "help";
    "close-reader" ["esc", "q", "?", "x", "ctrl-c"], READER, Action::Back, "Go", "close",
        hint "close";
    "back" ["esc"], TABLES, Action::Back, "Go", "one step back";
    "redraw" ["ctrl-l"], ANYWHERE, Action::Redraw, "Go", "draw the screen anew";
    "quit" ["q", "ctrl-c"], TABLES, Action::Quit, "Go", "close the screen; at the root, quit",
        hint "quit";
};

/// The binding of a key in a scope.
#[must_use]
pub fn binding(scope: Scope, key: &str) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| binding.scopes.contains(&scope) && binding.keys.contains(&key))
}

/// The bindings that hold in a scope.
pub fn bindings_in(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.scopes.contains(&scope))
}

/// The name of a key: `j`, `G`, `ctrl-d`, `pgdn`; `None` for keys that valora never binds.
#[must_use]
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
        for key in BINDINGS.iter().flat_map(|binding| binding.keys) {
            assert!(!["ctrl-a", "ctrl-b", "ctrl-s", "ctrl-q", "ctrl-z"].contains(key));
            assert!(!key.starts_with("alt-") && !key.starts_with("shift-up"));
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
