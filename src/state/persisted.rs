//! What is kept between sessions: saved views, and the columns of each list.

use std::collections::BTreeMap;

use crate::command::views::{View, Views, built_in};
use crate::domain::customer::CustomerKey;
use crate::list::Spec;
use crate::triage::memory::{Memory, MemoryChange};

/// What was kept of earlier sessions, as it was read at the start.
#[derive(Debug, Default)]
pub struct PersistedState {
    pub views: Vec<View>,
    /// What is wrong in the file of views, in words.
    pub faults: Vec<String>,
    pub columns: ColumnsByList,
    /// What is remembered of the customer.
    pub memory: Memory,
    /// By this number the file tells the decisions of this session from those of others.
    pub session: u32,
    /// Whether what is decided outlives the session.
    pub remembers: bool,
    /// What the user should know of the memory at the start.
    pub memory_fault: Option<String>,
}

/// The columns of the lists, by the name of the list.
pub type ColumnsByList = BTreeMap<String, ListColumns>;

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ListColumns {
    /// The names of the columns, from left to right.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Cells, for columns whose width the user has set.
    #[serde(default)]
    pub widths: BTreeMap<String, u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A view, in the place of one of the same name.
    SaveView(Box<View>),
    /// The view of this name goes.
    RemoveView(String),
    /// The columns of the list of this name.
    Columns(&'static str, ListColumns),
    /// What was decided or met of a customer.
    Remember(CustomerKey, Box<MemoryChange>),
    /// What was decided of a customer is read again and reported with this number.
    Reload(CustomerKey, u64),
}

impl PersistedState {
    /// Takes what the file of views holds.
    pub fn take_views(&mut self, read: Views) {
        self.views = read.views;
        self.faults = read.faults.iter().map(ToString::to_string).collect();
    }

    /// The saved views, then those that everyone has and nobody has replaced.
    pub fn all_views(&self) -> Vec<View> {
        let is_own = |view: &View| self.views.iter().any(|own| own.name == view.name);
        let others = built_in().into_iter().filter(|view| !is_own(view));
        self.views.iter().cloned().chain(others).collect()
    }

    /// Puts a view in the place of one of the same name, or behind the others.
    pub fn put_view(&mut self, view: View) {
        match self.views.iter_mut().find(|own| own.name == view.name) {
            Some(own) => *own = view,
            None => self.views.push(view),
        }
    }
}

/// The columns of all lists as they are written, or nothing of a text that cannot be read.
pub fn read_columns(text: &str) -> Option<ColumnsByList> {
    if text.trim().is_empty() {
        return Some(ColumnsByList::new());
    }
    let read: ColumnsByList = serde_json::from_str(text).ok()?;
    let is_known = |name: &String| Spec::named(name).is_some();
    Some(read.into_iter().filter(|(name, _)| is_known(name)).collect())
}
