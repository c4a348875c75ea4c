//! The queue of penalties: their order, which of them are hidden, and the user's progress.
//!
//! Only open penalties need a decision. A closed penalty (paid, waived, settled) is hidden, with
//! one exception: if it was decided or snoozed while it was open, it is listed once more as
//! changed, so that the user sees how it ended. The next decision about it hides it with the other
//! closed ones.

use std::cmp::Reverse;

use chrono::NaiveDate;
use indexmap::IndexMap;
use strum::VariantArray;

use super::fingerprint::Fingerprint;
use super::memory::{Entry, Memory};
use super::overview::{Cell, Column};
use super::{Decision, id_of};
use crate::domain::money::{Currency, Sums, format_count};
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
    /// It was closed without a decision and does not need one.
    Closed,
}

impl TriageState {
    pub fn wants_attention(self) -> bool {
        matches!(self, Self::Changed | Self::Undecided)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Undecided | Self::Closed => "",
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
    let undecided = if record.is_open() { TriageState::Undecided } else { TriageState::Closed };
    let Some(entry) = entry else { return undecided };
    let is_decided = entry.decision.is_some() || entry.snoozed_until.is_some();
    if is_decided && entry.seen != Fingerprint::of(record) {
        return TriageState::Changed;
    }
    match (entry.snoozed_until, entry.decision) {
        (Some(until), _) if until > today => TriageState::Snoozed(until),
        (_, Some(Decision::Done)) => TriageState::Done,
        (_, Some(decision)) => TriageState::Decided(decision),
        (_, None) => undecided,
    }
}

/// Why a penalty is hidden, in the order in which the reasons are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
enum HiddenBy {
    Snoozed,
    Done,
    Closed,
}

impl HiddenBy {
    /// A closed penalty is hidden as closed, whatever its decision.
    fn of(record: &Record, state: TriageState) -> Option<Self> {
        match state {
            TriageState::Changed => None,
            _ if !record.is_open() => Some(Self::Closed),
            TriageState::Done => Some(Self::Done),
            TriageState::Snoozed(_) => Some(Self::Snoozed),
            _ => None,
        }
    }
}

/// How many penalties are hidden, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hidden([usize; HiddenBy::VARIANTS.len()]);

impl Hidden {
    pub fn count(&self) -> usize {
        self.0.iter().sum()
    }

    /// Returns `true` if only closed penalties are hidden.
    pub fn is_only_closed(&self) -> bool {
        self.count() == self.0[HiddenBy::Closed as usize]
    }
}

impl std::fmt::Display for Hidden {
    /// `2 snoozed, 1 done, 35 closed`; empty if nothing is hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let each = HiddenBy::VARIANTS.iter().zip(self.0).filter(|(_, count)| *count > 0);
        for (at, (by, count)) in each.enumerate() {
            let gap = if at > 0 { ", " } else { "" };
            write!(f, "{gap}{} {}", format_count(count as u64), <&str>::from(by))?;
        }
        Ok(())
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
        let (text, missing) = match self {
            Self::None => return None,
            Self::Booking => (record.booking().map(|text| text.shown().into_owned()), "no booking"),
            Self::Status => {
                (record.text("status").map(|text| text.shown().replace('_', " ")), "no status")
            }
        };
        Some(text.filter(|text| !text.is_empty()).unwrap_or_else(|| missing.to_owned()))
    }
}

#[derive(Debug, Clone, Copy)]
pub struct QueueOptions {
    /// The day for which days overdue are counted.
    pub day: NaiveDate,
    /// The day on which snoozes end.
    pub today: NaiveDate,
    pub cell: Option<Cell>,
    pub grouping: Grouping,
    /// `true` if snoozed, done and closed penalties are shown.
    pub shows_all: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    pub places: Vec<usize>,
    pub hidden: Hidden,
    /// Of all open penalties, shown or hidden.
    pub progress: Progress,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    pub decided: usize,
    pub open: usize,
    pub decided_sums: Sums,
    pub sums: Sums,
    pub not_summed: NotSummed,
}

impl Queue {
    /// Changed penalties first, then undecided ones, closed ones last; then by days overdue; then
    /// by amount within each currency, because currencies are not compared; rows that are not
    /// summed last. A cell of a status also shows the closed penalties that it counts.
    pub fn of(records: &[Record], memory: &Memory, options: &QueueOptions) -> Self {
        let rows: Vec<_> = records.iter().map(|record| (record, memory)).collect();
        Self::of_all(&rows, options)
    }

    /// The queue of several customers: each row comes with the decisions about its customer.
    pub fn of_all(rows: &[(&Record, &Memory)], options: &QueueOptions) -> Self {
        let mut queue = Self::default();
        let mut keyed = Vec::new();
        let is_of_status = options.cell.is_some_and(|cell| !matches!(cell.column, Column::Age(_)));
        for (place, (record, memory)) in rows.iter().enumerate() {
            let state = triage_state(record, entry(record, memory), options.today);
            let counted = Counted::of(record, options.day);
            queue.progress.count(&counted, state);
            if options.cell.is_some_and(|cell| !cell.holds(record, options.day)) {
                continue;
            }
            let hidden = HiddenBy::of(record, state).filter(|_| !options.shows_all);
            if let Some(by) = hidden.filter(|by| !is_of_status || *by != HiddenBy::Closed) {
                queue.hidden.0[by as usize] += 1;
                continue;
            }
            keyed.push((QueueKey::of(record, state, &counted, options.day), place));
        }
        keyed.sort_unstable();
        // A group has the position of its first row.
        let mut groups: IndexMap<Option<String>, Vec<usize>> = IndexMap::new();
        for (_, place) in keyed {
            let key = rows.get(place).and_then(|(record, _)| options.grouping.key(record));
            groups.entry(key).or_default().push(place);
        }
        queue.places = groups.into_values().flatten().collect();
        queue
    }
}

/// Where a penalty belongs in the queue, of one customer or of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueKey {
    rank: u8,
    days: Reverse<i64>,
    is_not_summed: bool,
    /// Whether it is not in EUR, the currency, the amount in minor units.
    amount: Option<(bool, Currency, Reverse<i128>)>,
}

impl QueueKey {
    fn of(record: &Record, state: TriageState, counted: &Counted, day: NaiveDate) -> Self {
        let amount = counted
            .amount
            .ok()
            .map(|(minor, currency)| (currency != Currency::EUR, currency, Reverse(minor)));
        Self {
            rank: rank(record, state),
            days: Reverse(record.days_overdue(day).unwrap_or_default()),
            is_not_summed: amount.is_none(),
            amount,
        }
    }
}

fn rank(record: &Record, state: TriageState) -> u8 {
    match state {
        TriageState::Changed => 0,
        _ if !record.is_open() => 5,
        TriageState::Undecided => 1,
        TriageState::Decided(_) => 2,
        TriageState::Snoozed(_) => 3,
        TriageState::Done | TriageState::Closed => 4,
    }
}

impl Progress {
    fn count(&mut self, row: &Counted, state: TriageState) {
        if !row.is_open {
            return;
        }
        let is_decided = matches!(state, TriageState::Decided(_) | TriageState::Done);
        self.open += 1;
        self.decided += usize::from(is_decided);
        match row.amount {
            Ok((minor, currency)) => {
                self.sums.add(minor, currency);
                // Every currency is listed, so that each has a counterpart in `sums`.
                self.decided_sums.add(if is_decided { minor } else { 0 }, currency);
            }
            Err(why) => self.not_summed.add(why),
        }
    }
}

#[cfg(test)]
mod tests;
