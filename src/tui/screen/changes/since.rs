//! The state of changes outside their screen: their count, the pending loads, the lists whose last
//! load failed.

use std::collections::{BTreeMap, BTreeSet};

use crate::journal::look::LookBuilder;
use crate::list::Spec;

#[derive(Debug, Default)]
pub struct Since {
    /// Rows that changed since the last look before today, by list.
    counts: BTreeMap<&'static str, usize>,
    /// The rows of pending loads, by tab.
    pub gathered: BTreeMap<usize, LookBuilder>,
    /// The lists whose last load failed, so that their newest rows are not recorded.
    failed: BTreeSet<&'static str>,
}

impl Since {
    pub fn count(&self, list: &str) -> usize {
        self.known(list).unwrap_or(0)
    }

    /// `None` until the rows of the list were compared.
    pub fn known(&self, list: &str) -> Option<usize> {
        self.counts.get(list).copied()
    }

    pub fn has_failed(&self, list: &str) -> bool {
        self.failed.contains(list)
    }

    pub fn set_failed(&mut self, spec: &'static Spec, has_failed: bool) {
        if has_failed {
            self.failed.insert(spec.key);
        } else {
            self.failed.remove(spec.key);
        }
    }

    /// Returns `true` if the count changed.
    pub fn set_count(&mut self, spec: &'static Spec, count: usize) -> bool {
        self.counts.insert(spec.key, count) != Some(count)
    }
}
