//! Which of several places is that of a section.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::super::{Role, SECTIONS};
use super::rows::rows_in;
use crate::list::record::object_pairs;

/// By what a place is known, the most certain first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    Documented,
    Name,
    /// By its name and one more word, of which there can be several: `issued_credits`.
    LongerName,
    Rows,
}

/// Where a place is, the likeliest first.
pub(super) const IN_INVOICING: usize = 0;
pub(super) const TOP: usize = 1;
pub(super) const DEEPER: usize = 2;

/// A place where the rows of a section may be.
#[derive(Clone)]
pub(super) struct Candidate<'a> {
    pub(super) role: Role,
    pub(super) key: String,
    pub(super) raw: &'a RawValue,
    pub(super) rank: Rank,
}

/// Orders candidates: the least is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    pub(super) is_null: bool,
    pub(super) known: Known,
    pub(super) level: usize,
    /// Which name of the section it is.
    pub(super) name: usize,
    pub(super) position: usize,
}

impl Candidate<'_> {
    fn holds(&self, other: &Self) -> bool {
        holds(self.raw, other.raw)
    }

    fn has_longer_name(&self) -> bool {
        self.rank.known == Known::LongerName && !self.rank.is_null
    }

    pub(super) fn has_rows(&self) -> bool {
        !rows_in(self.role, self.raw).is_empty()
    }
}

/// Of places that say by a longer name that they have rows of one section, the one with rows; none of
/// several, since each may have a part.
fn without_parts(mut all: Vec<Candidate<'_>>, role: Role) -> Vec<Candidate<'_>> {
    let is_longer = |one: &Candidate<'_>| one.role == role && one.has_longer_name();
    let mut filled = all.iter().filter(|one| is_longer(one) && one.has_rows());
    let Some(first) = filled.next() else { return all };
    let are_parts = filled.any(|other| !(first.holds(other) || other.holds(first)));
    all.retain(|one| !is_longer(one) || !are_parts && one.has_rows());
    all
}

pub(super) fn holds(outer: &RawValue, inner: &RawValue) -> bool {
    outer.get().as_bytes().as_ptr_range().contains(&place(inner))
}

pub(super) fn place(raw: &RawValue) -> *const u8 {
    raw.get().as_ptr()
}

/// The best place of each section. `payments` with other sections in it is none, whatever its name.
pub(super) fn best_places(all: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    let mut all = SECTIONS.iter().fold(all, |all, kind| without_parts(all, kind.role));
    loop {
        let of = |role: Role| all.iter().filter(move |one| one.role == role);
        let best = SECTIONS.iter().filter_map(|kind| of(kind.role).min_by_key(|one| one.rank));
        let best: Vec<Candidate<'_>> = best.cloned().collect();
        // What only its rows tell takes no name from what is around it.
        let named = best.iter().filter(|one| one.rank.known != Known::Rows);
        let named: HashSet<_> = named.map(|one| place(one.raw)).collect();
        let is_container = |one: &&Candidate<'_>| {
            let pairs = object_pairs(one.raw.get()).unwrap_or_default();
            one.rank.known != Known::Documented
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
