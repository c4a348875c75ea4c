//! What is kept between sessions: saved views, and the columns of each list.

use std::collections::BTreeMap;

use crate::command::views::{View, Views, built_in};
use crate::domain::customer::CustomerKey;
use crate::list::Spec;
use crate::triage::memory::{Memory, Remember};
use crate::tui::component::table::Table;

/// What was kept, as it was read at the start.
#[derive(Debug, Default)]
pub struct Kept {
    pub views: Vec<View>,
    /// What is wrong in the file of views, in words.
    pub faults: Vec<String>,
    pub columns: KeptColumns,
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
pub type KeptColumns = BTreeMap<String, ListColumns>;

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
    Remember(CustomerKey, Box<Remember>),
    /// What was decided of a customer is read again; `Msg::Recalled` brings it with this number.
    Recall(CustomerKey, u64),
}

impl Kept {
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

impl ListColumns {
    /// The columns of a table as they are.
    pub fn of(table: &Table) -> Self {
        let spec = table.spec();
        let name = |position: usize| spec.described(position).map(|column| column.name.to_owned());
        Self {
            columns: table.columns().iter().filter_map(|position| name(*position)).collect(),
            widths: (table.fixed_widths().iter())
                .filter_map(|(position, width)| Some((name(*position)?, *width)))
                .collect(),
        }
    }

    /// Gives a table these columns; what the list does not have is left out, its first one stays.
    pub fn apply(&self, table: &mut Table) {
        let spec = table.spec();
        let first = spec.columns().next();
        let known = self.columns.iter().filter_map(|name| spec.column(name));
        let mut names: Vec<&str> = first.into_iter().collect();
        for name in known {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if !self.columns.is_empty() {
            table.set_columns(&names);
        }
        for (name, width) in &self.widths {
            if let Some(position) = spec.column_position(name) {
                table.fix_width(position, Some(*width));
            }
        }
    }
}

/// The columns of all lists as they are written, or nothing of a text that cannot be read.
pub fn read_columns(text: &str) -> Option<KeptColumns> {
    if text.trim().is_empty() {
        return Some(KeptColumns::new());
    }
    let read: KeptColumns = serde_json::from_str(text).ok()?;
    let is_known = |name: &String| Spec::named(name).is_some();
    Some(read.into_iter().filter(|(name, _)| is_known(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;

    #[test]
    fn columns_survive_a_round_and_strange_ones_do_no_harm() {
        let spec = Spec::named("penalties").unwrap();
        let mut table = Table::new(spec, "amount");
        table.set_columns(&["booking_id", "days", "amount"]);
        table.fix_width(0, Some(20));
        let kept = ListColumns::of(&table);
        let mut other = Table::new(spec, "amount");
        kept.apply(&mut other);
        assert_eq!(other.columns(), table.columns());
        assert_eq!(other.fixed_widths(), table.fixed_widths());
        let strange = r#"{"penalties":{"columns":["nope","amount","amount"],"widths":{"x":9}},
                          "gone":{"columns":["a"]}}"#;
        let read = read_columns(strange).unwrap();
        read["penalties"].apply(&mut other);
        assert_eq!(ListColumns::of(&other).columns, ["booking_id", "amount"]);
        assert_eq!(read.len(), 1);
        assert_eq!(read_columns("{"), None);
    }
}
