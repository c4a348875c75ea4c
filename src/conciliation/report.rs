//! One booking put together from the conciliation call and from what that call lacks: scheduled
//! payments, and the fuller rows of the lists. Each source has its own state and age.

pub mod lines;

use chrono::{NaiveDate, NaiveDateTime};

use super::checks::{self, Checked};
use super::ledger::Ledger;
use super::row::is_same;
use super::suggest::{Suggestion, suggest};
use super::totals::Totals;
use super::verdict::{Reason, Verdict};
use super::{Conciliation, Role, Rows, merge};
use crate::domain::text::Untrusted;
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::record::{Record, Value};
use crate::list::{Spec, debt, penalties, scheduled};

/// A list that is asked beside the conciliation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtraList {
    /// What will be paid, which the conciliation does not say.
    Scheduled,
    Penalties,
    Debt,
}

impl ExtraList {
    pub const ALL: [Self; 3] = [Self::Scheduled, Self::Penalties, Self::Debt];

    /// Its title, its rows, and the section whose rows they fill.
    fn description(self) -> (&'static str, &'static Spec, Option<Role>) {
        match self {
            Self::Scheduled => ("Scheduled payments", &scheduled::SPEC, None),
            Self::Penalties => ("List of penalties", &penalties::SPEC, Some(Role::Penalties)),
            Self::Debt => ("List of debt", &debt::SPEC, Some(Role::Debt)),
        }
    }

    pub fn title(self) -> &'static str {
        self.description().0
    }

    fn role(self) -> Option<Role> {
        self.description().2
    }

    /// What to ask for; `None` for a reference that no parameter can carry.
    pub fn query(self, reference: &str) -> Option<ListQuery> {
        Some(ListQuery::of_booking(self.description().1, reference)?.page(1, LARGEST_PAGE))
    }
}

#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Those of an earlier answer where a later request failed.
    pub rows: Vec<Record>,
    pub at: Option<NaiveDateTime>,
    pub state: State,
}

/// What became of the newest request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing that it holds is missing.
    #[default]
    Unasked,
    Waiting,
    Loaded,
    /// It gave nothing, or not all; why, printable.
    Failed(String),
}

impl Source {
    /// The state in words, with its time in `format`; `None` if it was not needed.
    pub fn in_words(&self, format: &str) -> Option<String> {
        let rows = match self.rows.len() {
            0 => "none".to_owned(),
            rows => rows.to_string(),
        };
        let loaded = self.at.map(|at| format!("{rows} at {}", at.format(format)));
        match (&self.state, loaded) {
            (State::Unasked, _) => None,
            (State::Waiting, _) => Some("fetching …".to_owned()),
            (State::Loaded, loaded) => Some(loaded.unwrap_or(rows)),
            (State::Failed(why), Some(loaded)) => Some(format!("{why}; {loaded}")),
            (State::Failed(why), None) => Some(why.clone()),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Sources([Source; ExtraList::ALL.len()]);

impl Sources {
    pub fn of(&self, list: ExtraList) -> &Source {
        &self.0[list as usize]
    }

    pub fn of_mut(&mut self, list: ExtraList) -> &mut Source {
        &mut self.0[list as usize]
    }

    /// Takes the first page of a source; rows that name another booking are not this one's.
    pub fn accept(
        &mut self,
        which: ExtraList,
        reference: &Untrusted,
        mut rows: Vec<Record>,
        total: Option<u64>,
        at: NaiveDateTime,
    ) {
        let came = rows.len() as u64;
        let state = match total {
            Some(total) if total > came => Some(format!("only {came} of {total} rows came")),
            None if came >= u64::from(LARGEST_PAGE) => Some(format!(
                "{came} rows came, as many as a page holds; whether there are more is not known"
            )),
            _ => None,
        };
        let state = state.map_or(State::Loaded, State::Failed);
        rows.retain(|row| row.booking().is_none_or(|named| is_same(named, reference)));
        *self.of_mut(which) = Source { rows, at: Some(at), state };
    }

    pub fn failed(&self) -> Vec<Reason> {
        let why = |which: ExtraList| match &self.of(which).state {
            State::Failed(why) => Some(Reason::Failed(which.title(), why.clone())),
            _ => None,
        };
        ExtraList::ALL.into_iter().filter_map(why).collect()
    }
}

/// The fields that the rows of the lists have and those of the conciliation may lack.
const FULL: [&str; 3] = ["id", "status", "due_date"];

/// The lists whose rows would be fuller than those of the answer. A field that holds `null` is
/// known to be empty; one that is not there is not known.
pub fn sections_missing_fields(came: &Conciliation) -> Vec<ExtraList> {
    let is_thin = |row: &Record| FULL.iter().any(|name| *row.value(name) == Value::Missing);
    let has_thin = |role: Role| came.rows(role).iter().any(is_thin);
    ExtraList::ALL.into_iter().filter(|which| which.role().is_some_and(has_thin)).collect()
}

/// What one booking adds up to: made once for each answer, read by every screen and every export.
#[derive(Debug)]
pub struct BookingReport {
    /// The conciliation, its thin rows filled.
    pub booking: Conciliation,
    pub unmatched: Vec<(ExtraList, usize)>,
    pub verdict: Verdict,
    pub totals: Totals,
    /// In the order of [`checks::CHECKS`].
    pub checks: Vec<Checked>,
    /// What may explain the differences, section by section, the likeliest first.
    pub suggestions: Vec<Suggestion>,
    pub ledger: Ledger,
}

impl BookingReport {
    pub fn of(raw: &Conciliation, sources: &Sources, today: NaiveDate) -> Self {
        let mut booking = raw.clone();
        let mut unmatched = Vec::new();
        for list in ExtraList::ALL {
            let Some(role) = list.role() else { continue };
            let source = sources.of(list);
            let section = &mut booking.sections[role as usize];
            if let (Rows::Present(rows), true) = (&mut section.rows, source.at.is_some()) {
                let (filled, left) = merge::fill(rows, &source.rows, section.kind.spec.amount());
                *rows = filled;
                unmatched.extend((left > 0).then_some((list, left)));
            }
        }
        let totals = Totals::of(&booking);
        let suggestions: Vec<_> =
            totals.sections.iter().flat_map(|compared| suggest(&booking, compared)).collect();
        let scheduled = &sources.of(ExtraList::Scheduled).rows;
        Self {
            verdict: Verdict::of(&booking, &totals, sources.failed()),
            checks: checks::run(&booking, &totals, &suggestions),
            ledger: Ledger::of(&booking, scheduled, today),
            booking,
            unmatched,
            totals,
            suggestions,
        }
    }
}

#[cfg(test)]
mod tests;
