//! Keys: unique in their scope, sendable by terminals, spelled as in the table.

use crate::tui::keymap::*;
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
            // The one key of the shell that may be bound, and only to what it means there: in
            // raw mode the terminal passes it on instead of stopping the program.
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
