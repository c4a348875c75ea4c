//! One booking, combined from the conciliation call and what that call lacks: scheduled payments and
//! the fuller rows of the lists. It also words the result.

use chrono::{NaiveDate, NaiveDateTime};

use super::changes::{Change, Changes};
use super::checks::{self, Checked, Outcome};
use super::ledger::Ledger;
use super::row::{RowAt, described, is_same};
use super::suggest::{Suggestion, suggest};
use super::totals::Totals;
use super::verdict::{Reason, Verdict};
use super::{COUNT, Conciliation, Role, Rows, Tone, merge};
use crate::domain::money::{Currency, counted};
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
    /// The rows of the last answer, also if a later request failed.
    pub rows: Vec<Record>,
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
        let rows = if count == 0 { "none".to_owned() } else { count.to_string() };
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
                Some(format!("only {received} of {total} rows loaded"))
            }
            None if received >= u64::from(LARGEST_PAGE) => {
                Some(format!("{received} rows loaded, a full page; there may be more"))
            }
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

const FULL: [&str; 3] = ["id", "status", "due_date"];

/// The lists to load because rows of their sections lack a field; a `null` field is present.
pub fn sections_missing_fields(raw: &Conciliation) -> Vec<ExtraList> {
    let is_thin = |row: &Record| FULL.iter().any(|name| *row.value(name) == Value::Missing);
    let has_thin = |role: Role| raw.rows(role).iter().any(is_thin);
    ExtraList::ALL.into_iter().filter(|which| which.role().is_some_and(has_thin)).collect()
}

/// One booking with its checks and totals: computed once per answer, for all screens and exports.
#[derive(Debug)]
pub struct BookingReport {
    pub booking: Conciliation,
    pub unmatched: Vec<(ExtraList, usize)>,
    pub verdict: Verdict,
    pub totals: Totals,
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

impl BookingReport {
    pub fn verdict_lines(&self) -> Vec<ReportLine> {
        let headline = format!("Verdict: {}", self.verdict.headline());
        let mut lines = vec![ReportLine::new(0, headline, self.verdict.kind.tone())];
        let reason = |reason: &Reason| ReportLine::new(2, reason.to_string(), Tone::Plain);
        lines.extend(self.verdict.reasons.iter().map(reason));
        lines
    }

    /// The totals that belong to no section; the count of transactions is compared with the rows.
    pub fn other_lines(&self) -> Vec<ReportLine> {
        let count = &self.totals.count;
        let (mut quiet, mut lines) = (Vec::new(), Vec::new());
        for total in self.booking.other_totals() {
            let figure = total.figure.shown(Currency::NONE);
            let is_count = total.meaning == Some(COUNT);
            if let Some((server, rows)) = count.mismatch().filter(|_| is_count) {
                let text =
                    format!("≠ the server counts {server} transactions, the rows are {rows}");
                lines.push(ReportLine::new(2, text, Tone::Bad));
            } else if is_count && count.agrees() {
                let transactions = counted(count.rows.unwrap_or(0) as u64, "transaction");
                quiet.push(format!("{transactions} counted, as here"));
            } else {
                let kind = if is_count { " (count)" } else { "" };
                quiet.push(format!("{}{kind} {figure}", total.shown_name()));
            }
        }
        if !quiet.is_empty() {
            let text = format!("Server's other totals: {}", quiet.join(" · "));
            lines.insert(0, ReportLine::new(2, text, Tone::Quiet));
        }
        lines
    }

    /// What the answer holds beside its known sections, with `mark` before the chosen one.
    pub fn others_line(&self, chosen: Option<usize>) -> Option<ReportLine> {
        let others = self.booking.others.iter().enumerate().map(|(at, other)| {
            let mark = if chosen == Some(at) { "▸" } else { "" };
            format!("{mark}{}", other.in_short())
        });
        let others = others.collect::<Vec<_>>().join(" · ");
        let line = || ReportLine::new(2, format!("Also in the answer: {others}"), Tone::Odd);
        (!others.is_empty()).then(line)
    }

    /// The rows and values that are in no known section, each with its title above.
    pub fn other_section_lines(&self) -> Vec<ReportLine> {
        let mut lines = Vec::new();
        for other in &self.booking.others {
            lines.push(ReportLine::new(2, other.title.escaped(), Tone::Title));
            lines.extend(other.lines().map(|line| ReportLine::new(4, line, Tone::Odd)));
        }
        lines
    }

    /// A line for each check with its findings; suggestions follow the check that compares totals.
    pub fn check_lines(&self) -> Vec<ReportLine> {
        let mut lines = Vec::new();
        for checked in &self.checks {
            let name = checked.check.name;
            match &checked.outcome {
                Outcome::Pass => lines.push(ReportLine::new(0, format!("✓ {name}"), Tone::Good)),
                Outcome::CannotCompute(why) => {
                    let text = format!("? {name}: cannot be computed");
                    lines.push(ReportLine::new(0, text, Tone::Open));
                    lines.push(ReportLine::new(4, why, Tone::Plain));
                }
                Outcome::Fail(findings) => {
                    let title = ReportLine::new(0, format!("✗ {name}"), Tone::Bad);
                    lines.push(title.about(&checked.rows()));
                    lines.extend(findings.iter().map(|finding| {
                        ReportLine::new(4, finding.to_string(), Tone::Plain).about(&finding.rows)
                    }));
                    if checked.check.explains_totals {
                        lines.extend(self.suggestion_lines());
                    }
                }
            }
        }
        lines
    }

    fn suggestion_lines(&self) -> impl Iterator<Item = ReportLine> {
        let title = "Why not zero? Suggestions, none of them proven:";
        let title = (!self.suggestions.is_empty()).then(|| ReportLine::new(4, title, Tone::Remark));
        title.into_iter().chain(self.suggestions.iter().map(|one| {
            let text = format!("{}: {one}", one.role.kind().title);
            ReportLine::new(6, text, Tone::Remark).about(&one.rows)
        }))
    }

    /// The state of each list that is loaded in addition to the conciliation; times in `format`.
    pub fn source_lines(&self, sources: &Sources, format: &str) -> Vec<ReportLine> {
        let state = |list: ExtraList| {
            let words = sources.of(list).in_words(format);
            let text = format!("{}: {}", list.title(), words.as_deref().unwrap_or("not needed"));
            ReportLine::new(2, text, Tone::Plain)
        };
        ExtraList::ALL.into_iter().map(state).chain(self.unmatched_lines("")).collect()
    }

    fn unmatched_lines(&self, sign: &str) -> impl Iterator<Item = ReportLine> {
        self.unmatched.iter().map(move |(list, rows)| {
            let text = format!("{sign}{}: {rows} not in the answer", list.title());
            ReportLine::new(2, text, Tone::Open)
        })
    }

    /// Like [`Self::source_lines`], with a single line for all lists that did not fail.
    pub fn source_summary(&self, sources: &Sources, format: &str) -> Vec<ReportLine> {
        let (mut quiet, mut lines) = (Vec::new(), Vec::new());
        for list in ExtraList::ALL {
            let source = sources.of(list);
            let Some(words) = source.in_words(format) else { continue };
            let text = format!("{}: {words}", list.title());
            if matches!(source.state, State::Failed(_)) {
                lines.push(ReportLine::new(2, format!("✗ {text}"), Tone::Bad));
            } else {
                quiet.push(text);
            }
        }
        lines.extend(self.unmatched_lines("? "));
        if !quiet.is_empty() {
            lines.insert(0, ReportLine::new(2, quiet.join(" · "), Tone::Quiet));
        }
        lines
    }
}

impl Changes {
    /// A line for each change between two answers, with the old and the new value.
    pub fn lines(&self, before: &Conciliation, after: &Conciliation) -> Vec<ReportLine> {
        let line = |text: String| ReportLine::new(2, text, Tone::Open);
        let totals = self.totals.iter().map(|field| line(format!("total {field}")));
        let sections = self.sections.iter().map(|field| line(field.to_string()));
        let row = |booking: &Conciliation, at: RowAt| {
            format!("{}, {}", at.role.kind().title, described(booking, at))
        };
        let rows = self.rows.iter().map(|change| match change {
            Change::New(at) => line(format!("new: {}", row(after, *at))).about(&[*at]),
            Change::Gone(at) => line(format!("gone: {}", row(before, *at))),
            Change::Changed(at, fields) => {
                let fields: Vec<String> = fields.iter().map(ToString::to_string).collect();
                line(format!("{}: {}", row(after, *at), fields.join("; "))).about(&[*at])
            }
        });
        totals.chain(sections).chain(rows).collect()
    }
}

#[cfg(test)]
mod tests;
