//! The state saved between sessions: views, columns, a customer's triage memory; and changes to it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::command::views::{View, built_in};
use crate::domain::customer::CustomerKey;
use crate::journal::look::Look;
use crate::list::Spec;
use crate::triage::memory::{Memory, MemoryChange};

#[derive(Debug, Default)]
pub struct PersistedState {
    pub views: Vec<View>,
    pub faults: Vec<String>,
    pub columns: ColumnsByList,
    pub memory: Memory,
    /// Marks the decisions of this session in the file; 0 means no session.
    pub session: u32,
    pub remembers: bool,
    /// `true` if the journal of changes has a folder.
    pub records_changes: bool,
    pub memory_fault: Option<String>,
}

pub type ColumnsByList = BTreeMap<String, ListColumns>;

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ListColumns {
    #[serde(default)]
    pub columns: Vec<String>,
    /// Cells, for columns whose width the user has set.
    #[serde(default)]
    pub widths: BTreeMap<String, u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    SaveView(Box<View>),
    RemoveView(String),
    Columns(&'static str, ListColumns),
    Remember(CustomerKey, Box<MemoryChange>),
    Reload(CustomerKey, u64),
    /// Adds a look at a list to the journal of this day.
    Record(CustomerKey, &'static Spec, Box<Look>, NaiveDate),
    Compare(CustomerKey, Comparison),
}

/// A request to the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// The number of the request.
    pub number: u64,
    /// `None` for the last look before today.
    pub since: Option<NaiveDate>,
    pub today: NaiveDate,
}

impl PersistedState {
    /// The saved views, then the built-in ones that were not replaced.
    pub fn all_views(&self) -> Vec<View> {
        let is_own = |view: &View| self.views.iter().any(|own| own.name == view.name);
        let others = built_in().iter().filter(|view| !is_own(view));
        self.views.iter().chain(others).cloned().collect()
    }

    pub fn put_view(&mut self, view: View) {
        match self.views.iter_mut().find(|own| own.name == view.name) {
            Some(own) => *own = view,
            None => self.views.push(view),
        }
    }
}

pub fn read_columns(text: &str) -> Option<ColumnsByList> {
    if text.trim().is_empty() {
        return Some(ColumnsByList::new());
    }
    let read: ColumnsByList = serde_json::from_str(text).ok()?;
    let is_known = |name: &String| Spec::named(name).is_some();
    Some(read.into_iter().filter(|(name, _)| is_known(name)).collect())
}
