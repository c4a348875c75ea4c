//! What is known of changes without the screen that lists them: their count, and the loads under way.

use std::collections::BTreeMap;

use crate::journal::look::LookBuilder;
use crate::list::Spec;

#[derive(Debug, Default)]
pub struct Since {
    /// Rows that changed since the last look before today, by list.
    counts: BTreeMap<&'static str, usize>,
    /// The rows of the loads under way, by tab.
    pub gathered: BTreeMap<usize, LookBuilder>,
}

impl Since {
    pub fn count(&self, list: &str) -> usize {
        self.counts.get(list).copied().unwrap_or(0)
    }

    /// Returns `true` if the count is another one.
    pub fn set_count(&mut self, spec: &'static Spec, count: usize) -> bool {
        self.counts.insert(spec.key, count) != Some(count)
    }
}
