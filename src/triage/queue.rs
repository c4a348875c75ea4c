//! The queue of penalties: their order, which of them are hidden, and the user's progress.

use std::cmp::Reverse;

use chrono::NaiveDate;
use indexmap::IndexMap;

use super::fingerprint::Fingerprint;
use super::memory::{Entry, Memory};
use super::overview::Cell;
use super::{Decision, id_of};
use crate::domain::money::{Currency, Sums};
use crate::figures::Counted;
use crate::list::record::Record;
use crate::list::record::sums::NotSummed;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriageState {
    /// It was decided, and the record has changed since.
    Changed,
    Undecided,
    Decided(Decision),
    Snoozed(NaiveDate),
    Done,
}

impl TriageState {
    pub fn wants_attention(self) -> bool {
        matches!(self, Self::Changed | Self::Undecided)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Undecided => "",
            Self::Decided(decision) => decision.word(),
            Self::Snoozed(_) => "snoozed",
            Self::Done => Decision::Done.word(),
        }
    }
}

pub fn entry<'a>(record: &Record, memory: &'a Memory) -> Option<&'a Entry> {
    memory.entries.get(id_of(record)?)
}

pub fn triage_state(record: &Record, entry: Option<&Entry>, today: NaiveDate) -> TriageState {
    let Some(entry) = entry else { return TriageState::Undecided };
    let is_decided = entry.decision.is_some() || entry.snoozed_until.is_some();
    if is_decided && entry.seen != Fingerprint::of(record) {
        return TriageState::Changed;
    }
    match (entry.snoozed_until, entry.decision) {
        (Some(until), _) if until > today => TriageState::Snoozed(until),
        (_, Some(Decision::Done)) => TriageState::Done,
        (_, Some(decision)) => TriageState::Decided(decision),
        (_, None) => TriageState::Undecided,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
#[derive(strum::VariantArray)]
pub enum Grouping {
    #[default]
    None,
    Booking,
    Status,
}

impl Grouping {
    /// The group of a row, printable.
    pub fn key(self, record: &Record) -> Option<String> {
        let text = match self {
            Self::None => return None,
            Self::Booking => record.booking().map(|text| text.shown().into_owned()),
            Self::Status => record.text("status").map(|text| text.shown().replace('_', " ")),
        };
        Some(text.filter(|text| !text.is_empty()).unwrap_or_else(|| "(none)".to_owned()))
    }
}

#[derive(Debug, Clone, Copy)]
pub struct QueueOptions<'a> {
    pub memory: &'a Memory,
    /// The day for which days overdue are counted.
    pub day: NaiveDate,
    /// The day on which snoozes end.
    pub today: NaiveDate,
    pub cell: Option<Cell>,
    pub grouping: Grouping,
    /// `true` if snoozed and done penalties are shown.
    pub shows_all: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    pub places: Vec<usize>,
    pub snoozed: usize,
    pub done: usize,
    /// Of all penalties, whatever is shown.
    pub progress: Progress,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    pub decided: usize,
    pub all: usize,
    pub decided_sums: Sums,
    pub sums: Sums,
    pub not_summed: NotSummed,
}

impl Queue {
    /// Undecided penalties first, changed ones before the others, and open before closed; then by days
    /// overdue; then by amount within each currency, since amounts in two are not compared; those in no
    /// sum last.
    pub fn of(records: &[Record], options: &QueueOptions<'_>) -> Self {
        let mut queue = Self::default();
        let mut keyed = Vec::new();
        for (place, record) in records.iter().enumerate() {
            let state = triage_state(record, entry(record, options.memory), options.today);
            let counted = Counted::of(record, options.day);
            queue.progress.count(&counted, state);
            if options.cell.is_some_and(|cell| !cell.holds(record, options.day)) {
                continue;
            }
            let is_done = state == TriageState::Done;
            if (is_done || matches!(state, TriageState::Snoozed(_))) && !options.shows_all {
                *(if is_done { &mut queue.done } else { &mut queue.snoozed }) += 1;
                continue;
            }
            let days = record.days_overdue(options.day).unwrap_or_default();
            let amount = counted
                .amount
                .map(|(minor, currency)| (currency != Currency::EUR, currency, Reverse(minor)));
            let amount = (amount.is_err(), amount.ok());
            keyed.push((rank(record, state), Reverse(days), amount, place));
        }
        keyed.sort_unstable();
        // A group has the position of its first row.
        let mut groups: IndexMap<Option<String>, Vec<usize>> = IndexMap::new();
        for (.., place) in keyed {
            let key = records.get(place).and_then(|record| options.grouping.key(record));
            groups.entry(key).or_default().push(place);
        }
        queue.places = groups.into_values().flatten().collect();
        queue
    }
}

fn rank(record: &Record, state: TriageState) -> u8 {
    match state {
        TriageState::Changed => 0,
        TriageState::Undecided => 1 + u8::from(!record.is_open()),
        TriageState::Decided(_) => 3,
        TriageState::Snoozed(_) => 4,
        TriageState::Done => 5,
    }
}

impl Progress {
    fn count(&mut self, row: &Counted, state: TriageState) {
        let is_decided = matches!(state, TriageState::Decided(_) | TriageState::Done);
        self.all += 1;
        self.decided += usize::from(is_decided);
        match row.amount {
            Ok((minor, currency)) => {
                self.sums.add(minor, currency);
                // Every currency is listed, so that none is missing next to its sum.
                self.decided_sums.add(if is_decided { minor } else { 0 }, currency);
            }
            Err(why) => self.not_summed.add(why),
        }
    }
}

#[cfg(test)]
mod tests;
