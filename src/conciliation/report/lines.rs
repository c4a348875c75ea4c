//! The report in words, a line for each thing it says: screens and exports only lay them out.

use super::{BookingReport, ExtraList, Sources, State};
use crate::conciliation::changes::{Change, Changes};
use crate::conciliation::checks::{CHECKS, Outcome};
use crate::conciliation::row::{RowAt, described};
use crate::conciliation::{Conciliation, Figure, Tone};
use crate::domain::money::Currency;

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
        let reasons = self.verdict.reasons.iter();
        lines.extend(reasons.map(|reason| ReportLine::new(2, reason.to_string(), Tone::Plain)));
        lines
    }

    /// Totals that belong to no section; the count of transactions beside the rows.
    pub fn other_lines(&self) -> Vec<ReportLine> {
        let count = &self.totals.count;
        let (mut quiet, mut lines) = (Vec::new(), Vec::new());
        for total in self.booking.other_totals() {
            let figure = total.figure.shown(Currency::NONE);
            let is_count = matches!(total.figure, Figure::Count(_));
            if let Some((server, rows)) = count.mismatch().filter(|_| is_count) {
                let text =
                    format!("≠ the server counts {server} transactions, the rows are {rows}");
                lines.push(ReportLine::new(2, text, Tone::Bad));
            } else if is_count && count.agrees() {
                quiet.push(format!("{figure} transactions counted, as here"));
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

    pub fn extras_line(&self) -> Option<ReportLine> {
        let extras = self.booking.extras.iter();
        let extras = extras.map(|(key, json)| format!("{}: {}", key.shown(), json.shown()));
        let extras = extras.collect::<Vec<_>>().join(" · ");
        let line = || ReportLine::new(2, format!("Also in the answer: {extras}"), Tone::Odd);
        (!extras.is_empty()).then(line)
    }

    /// Each check; below the one that compares the totals, what may explain a difference.
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
                    if name == CHECKS[0].name {
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

    /// How each list beside the conciliation stands, its time in `format`.
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

    /// The same in short: one line for what is in order or on its way, one for each that is not.
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
    /// Each change between two answers, the old value beside the new.
    pub fn lines(&self, before: &Conciliation, after: &Conciliation) -> Vec<ReportLine> {
        let line = |text: String| ReportLine::new(2, text, Tone::Open);
        let totals = self.totals.iter().map(|field| line(format!("total {field}")));
        let sections = self.sections.iter().map(|shape| {
            line(format!("{}: was {}, now {}", shape.title, shape.before, shape.after))
        });
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
