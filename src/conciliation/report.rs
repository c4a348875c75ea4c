//! One booking, combined from the conciliation and the lists that complete it: scheduled payments,
//! and the fuller rows of penalties and debt. It also puts the result into words.

mod lines;

use chrono::{NaiveDate, NaiveDateTime};

use super::checks::{self, Checked};
use super::ledger::Ledger;
use super::row::{RowAt, is_same, other_bookings, rows_label};
use super::suggest::{Suggestion, suggest};
use super::summary::Summary;
use super::totals::Totals;
use super::verdict::{Reason, Verdict};
use super::{Conciliation, Role, Rows, Tone, merge};
use crate::domain::money::format_count;
use crate::domain::text::Untrusted;
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::record::{Record, Value};
use crate::list::{Spec, debt, penalties, scheduled};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtraList {
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

    /// The words for one of its rows, and for several.
    fn nouns(self) -> [&'static str; 2] {
        match self {
            Self::Scheduled => ["scheduled payment", "scheduled payments"],
            Self::Penalties => ["penalty", "penalties"],
            Self::Debt => ["debt record", "debt records"],
        }
    }

    pub fn of(rows: &Spec) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.description().1.key == rows.key)
    }

    pub fn title(self) -> &'static str {
        self.description().0
    }

    fn role(self) -> Option<Role> {
        self.description().2
    }

    /// The request for its rows; `None` if the reference is not a valid parameter value.
    pub fn query(self, reference: &str) -> Option<ListQuery> {
        Some(ListQuery::of_booking(self.description().1, reference)?.page(1, LARGEST_PAGE))
    }
}

#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The rows of the last response, also if a later request failed.
    pub rows: Vec<Record>,
    /// The bookings named by those rows of the response that belong to other bookings; not counted.
    pub of_other_bookings: Vec<Untrusted>,
    pub at: Option<NaiveDateTime>,
    pub state: State,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Unasked,
    Waiting,
    Loaded,
    /// It could not be loaded, or not completely; why, printable.
    Failed(String),
}

impl Source {
    /// The state in words, with its time in `format`; `None` if it was not needed.
    pub fn in_words(&self, format: &str) -> Option<String> {
        let count = self.rows.len();
        let rows = rows_label(count);
        let loaded = self.at.map(|at| format!("{rows} at {}", at.format(format)));
        match (&self.state, loaded) {
            (State::Unasked, _) => None,
            (State::Waiting, _) => Some("loading…".to_owned()),
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

    /// Stores the first page of a source, without rows that name another booking.
    pub fn accept(
        &mut self,
        which: ExtraList,
        reference: &Untrusted,
        mut rows: Vec<Record>,
        total: Option<u64>,
        at: NaiveDateTime,
    ) {
        let received = rows.len() as u64;
        let state = match total {
            Some(total) if total > received => {
                let [received, total] = [received, total].map(format_count);
                Some(format!("only {received} of {total} rows loaded"))
            }
            None if received >= u64::from(LARGEST_PAGE) => {
                Some(format!("{received} rows loaded (a full page); there may be more"))
            }
            _ => None,
        };
        let state = state.map_or(State::Loaded, State::Failed);
        let of_other_bookings = take_others(&mut rows, reference);
        *self.of_mut(which) = Source { rows, of_other_bookings, at: Some(at), state };
    }

    pub fn is_loading(&self) -> bool {
        self.0.iter().any(|source| source.state == State::Waiting)
    }

    /// What makes a booking incomplete: lists that failed to load, and rows of other bookings in them.
    pub fn problems(&self) -> Vec<Reason> {
        let why = |which: ExtraList| {
            let failed = match &self.of(which).state {
                State::Failed(why) => Some(Reason::Failed(which.title(), why.clone())),
                _ => None,
            };
            let named = &self.of(which).of_other_bookings;
            [of_other_bookings(named, which.nouns(), which.description().1), failed]
        };
        ExtraList::ALL.into_iter().flat_map(why).flatten().collect()
    }
}

/// Removes the rows that name another booking, and returns the bookings that they name.
pub fn take_others(rows: &mut Vec<Record>, reference: &Untrusted) -> Vec<Untrusted> {
    let other = |row: &Record| row.booking().filter(|named| !is_same(named, reference)).cloned();
    let others = rows.iter().filter_map(other).collect();
    rows.retain(|row| other(row).is_none());
    others
}

/// `2 scheduled payments name other bookings, BK1, BK2: not counted; the server ignored booking_id`.
pub fn of_other_bookings(named: &[Untrusted], one_many: [&str; 2], list: &Spec) -> Option<Reason> {
    let (others, references) = other_bookings(named.iter())?;
    let [one, many] = one_many;
    let subject = if named.len() == 1 { format!("{one} names") } else { format!("{many} name") };
    let rows = format!("{} {subject} {others}", format_count(named.len() as u64));
    let filter = list.booking;
    let follows = format!("{references}: not counted; the server ignored {filter}");
    Some(Reason::OtherBookings(rows, follows))
}

const FULL: [&str; 3] = ["id", "status", "due_date"];

/// The lists to load because rows of their sections lack a field; a `null` field is present.
pub fn sections_missing_fields(raw: &Conciliation) -> Vec<ExtraList> {
    let is_thin = |row: &Record| FULL.iter().any(|name| *row.value(name) == Value::Missing);
    let has_thin = |role: Role| raw.rows(role).iter().any(is_thin);
    ExtraList::ALL.into_iter().filter(|which| which.role().is_some_and(has_thin)).collect()
}

/// One booking with its checks and totals, computed once per response for all screens and exports.
#[derive(Debug)]
pub struct BookingReport {
    pub booking: Conciliation,
    pub verdict: Verdict,
    pub summary: Summary,
    pub totals: Totals,
    pub checks: Vec<Checked>,
    /// What may explain the differences, section by section, the likeliest first.
    pub suggestions: Vec<Suggestion>,
    pub ledger: Ledger,
}

impl BookingReport {
    pub fn of(raw: &Conciliation, sources: &Sources, today: NaiveDate) -> Self {
        let mut booking = raw.clone();
        let (mut reasons, mut lacks_rows) = (sources.problems(), false);
        for list in ExtraList::ALL {
            let Some(role) = list.role() else { continue };
            let source = sources.of(list);
            let section = &mut booking.sections[role as usize];
            if let (Rows::Present(rows), true) = (&mut section.rows, source.at.is_some()) {
                let (filled, left) = merge::fill(rows, &source.rows, section.kind.spec.amount());
                *rows = filled;
                // Those of a list that loads again may be out of date.
                if left > 0 && source.state != State::Waiting {
                    reasons.push(Reason::Unmatched(list.title(), left));
                    lacks_rows = true;
                }
            }
        }
        let totals = Totals::of(&booking);
        let suggestions: Vec<_> =
            totals.sections.iter().flat_map(|compared| suggest(&booking, compared)).collect();
        let scheduled = &sources.of(ExtraList::Scheduled).rows;
        let checks = checks::run(&booking, &totals, &suggestions);
        Self {
            verdict: Verdict::of(&booking, &totals, &checks, reasons, sources.is_loading()),
            summary: Summary::of(&booking, lacks_rows),
            checks,
            ledger: Ledger::of(&booking, scheduled, today),
            booking,
            totals,
            suggestions,
        }
    }
}

/// A line of the report in words. Screens and exports only lay it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLine {
    pub indent: usize,
    pub text: String,
    pub tone: Tone,
    pub rows: Vec<RowAt>,
}

impl ReportLine {
    pub fn new(indent: usize, text: impl Into<String>, tone: Tone) -> Self {
        Self { indent, text: text.into(), tone, rows: Vec::new() }
    }

    fn about(self, rows: &[RowAt]) -> Self {
        Self { rows: rows.to_vec(), ..self }
    }
}

#[cfg(test)]
mod tests;
