//! Chooses the place of each section among its candidates.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::super::{Role, SECTIONS};
use super::rows::rows_in;
use crate::list::record::object_pairs;

/// How a section was recognized, the most certain first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KnownBy {
    Documented,
    Name,
    /// Its name with a modifier: `issued_credits`. Several such sections can exist.
    LongerName,
    Rows,
}

/// Where a section was found, the most likely first.
pub(super) const IN_INVOICING: usize = 0;
pub(super) const TOP: usize = 1;
pub(super) const DEEPER: usize = 2;

/// A value that may hold the rows of a section.
#[derive(Clone)]
pub(super) struct Candidate<'a> {
    pub(super) role: Role,
    pub(super) key: String,
    pub(super) raw: &'a RawValue,
    pub(super) rank: Rank,
}

/// Orders candidates: the smallest is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    pub(super) is_null: bool,
    pub(super) known_by: KnownBy,
    pub(super) level: usize,
    /// The position of the name among the names of the section.
    pub(super) name: usize,
    pub(super) position: usize,
}

impl Candidate<'_> {
    fn contains(&self, other: &Self) -> bool {
        self.raw.get().as_bytes().as_ptr_range().contains(&place(other.raw))
    }

    fn has_longer_name(&self) -> bool {
        self.rank.known_by == KnownBy::LongerName && !self.rank.is_null
    }

    pub(super) fn has_rows(&self) -> bool {
        !rows_in(self.role, self.raw).is_empty()
    }
}

/// Keeps the candidate with a longer name that has rows. If several have rows, it drops them all,
/// because each may be only a part of the section.
fn without_parts(mut all: Vec<Candidate<'_>>, role: Role) -> Vec<Candidate<'_>> {
    let is_longer = |one: &Candidate<'_>| one.role == role && one.has_longer_name();
    let mut filled = all.iter().filter(|one| is_longer(one) && one.has_rows());
    let Some(first) = filled.next() else { return all };
    let are_parts = filled.any(|other| !(first.contains(other) || other.contains(first)));
    all.retain(|one| !is_longer(one) || !are_parts && one.has_rows());
    all
}

pub(super) fn place(raw: &RawValue) -> *const u8 {
    raw.get().as_ptr()
}

/// The best candidate for each section. An object that contains other sections, such as `payments`,
/// is not a section itself.
pub(super) fn best_places(all: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    let mut all = SECTIONS.iter().fold(all, |all, kind| without_parts(all, kind.role));
    loop {
        let of = |role: Role| all.iter().filter(move |one| one.role == role);
        let best = SECTIONS.iter().filter_map(|kind| of(kind.role).min_by_key(|one| one.rank));
        let best: Vec<Candidate<'_>> = best.cloned().collect();
        // A section recognized by its rows does not make its parent a container.
        let named = best.iter().filter(|one| one.rank.known_by != KnownBy::Rows);
        let named: HashSet<_> = named.map(|one| place(one.raw)).collect();
        let is_container = |one: &&Candidate<'_>| {
            let pairs = object_pairs(one.raw.get()).unwrap_or_default();
            one.rank.known_by != KnownBy::Documented
                && pairs.iter().any(|(_, raw)| named.contains(&place(raw)))
        };
        let containers: HashSet<_> =
            best.iter().filter(is_container).map(|one| place(one.raw)).collect();
        if containers.is_empty() {
            return best;
        }
        all.retain(|one| !containers.contains(&place(one.raw)));
    }
}
