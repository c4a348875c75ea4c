//! The owner column, whose names come from other lists.

use std::sync::Arc;

use crate::domain::names::Names;
use crate::list::{FIRST_DERIVED, Rule};
use crate::tui::component::table::{RowsOf, Table};

impl Table {
    /// Returns `true` if the table can have the column at this position.
    pub fn offers(&self, position: usize) -> bool {
        let at = position.checked_sub(FIRST_DERIVED);
        let derived = at.and_then(|at| self.spec().derived.get(at));
        self.rows_of == RowsOf::List || derived.is_none_or(|derived| derived.rule != Rule::Owner)
    }

    pub fn shows_owner(&self) -> bool {
        let owner = self.spec().computed(Rule::Owner).map(|owner| owner.field.name);
        let position = owner.and_then(|name| self.spec().column_position(name));
        position.is_some_and(|at| self.columns.contains(&at))
    }

    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// Sets the names of owners. With `is_changed`, rows sorted or searched by owner are arranged
    /// again.
    pub fn set_names(&mut self, names: Arc<Names>, is_changed: bool) {
        let Some(owner) = self.spec().computed(Rule::Owner) else { return };
        self.names = names;
        if !is_changed {
            return;
        }
        self.haystack = None;
        let is_sorted = self.sort().is_some_and(|sort| sort.column == owner.field.name);
        self.ordered.take_if(|_| is_sorted);
        if is_sorted || self.is_narrowed() {
            self.arrange();
        }
    }
}
