//! What is new or changed since the last session, as far as rows were fetched in this one.

use std::collections::BTreeMap;

use crate::triage::changes::RowChange;
use crate::triage::memory::SeenRows;

/// By the name of the list.
#[derive(Debug, Default)]
pub struct Since {
    /// What is new or changed, by the id of the row.
    pub news: BTreeMap<&'static str, BTreeMap<String, RowChange>>,
    /// What was met in this session, and kept.
    pub seen: BTreeMap<&'static str, SeenRows>,
}

impl Since {
    pub fn count(&self, list: &str) -> usize {
        self.news.get(list).map_or(0, BTreeMap::len)
    }
}
