//! The report in words, line by line.

use super::{BookingReport, ExtraList, ReportLine, Sources, State};
use crate::conciliation::changes::{Change, Changes};
use crate::conciliation::checks::Outcome;
use crate::conciliation::row::{RowAt, described};
use crate::conciliation::verdict::Reason;
use crate::conciliation::{COUNT, Conciliation, Tone};
use crate::domain::money::{Currency, counted};
use crate::domain::normalize::capitalized;

impl BookingReport {
    pub fn verdict_lines(&self) -> Vec<ReportLine> {
        let mut lines = vec![ReportLine::new(0, self.verdict.headline(), self.verdict.tone())];
        let reason = |reason: &Reason| ReportLine::new(2, reason.to_string(), Tone::Plain);
        lines.extend(self.verdict.reasons.iter().map(reason));
        lines
    }

    /// The totals that belong to no section; the count of transactions is compared with the rows.
    pub fn other_lines(&self) -> Vec<ReportLine> {
        let count = &self.totals.count;
        let (mut quiet, mut others, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        for total in self.booking.other_totals() {
            let figure = total.figure.shown(Currency::NONE);
            let is_count = total.meaning == Some(COUNT);
            if let Some((server, rows)) = count.mismatch().filter(|_| is_count) {
                let rows = counted(rows as u64, "transaction");
                let text = format!("≠ The server counts {server}, the response lists {rows}");
                lines.push(ReportLine::new(2, text, Tone::Bad));
            } else if is_count && count.agrees() {
                let transactions = counted(count.rows.unwrap_or(0) as u64, "transaction");
                quiet.push(format!("The server counts {transactions}, as shown here"));
            } else {
                let kind = if is_count { " (count)" } else { "" };
                others.push(format!("{}{kind} {figure}", total.shown_name()));
            }
        }
        if !others.is_empty() {
            quiet.push(format!("Other totals: {}", others.join(" · ")));
        }
        if !quiet.is_empty() {
            lines.insert(0, ReportLine::new(2, quiet.join(" · "), Tone::Quiet));
        }
        lines
    }

    /// The other sections of the response, with `mark` before the chosen one.
    pub fn others_line(&self, chosen: Option<usize>) -> Option<ReportLine> {
        let others = self.booking.others.iter().enumerate().map(|(at, other)| {
            let mark = if chosen == Some(at) { "▸" } else { "" };
            format!("{mark}{}", other.in_short())
        });
        let others = others.collect::<Vec<_>>().join(" · ");
        let line = || ReportLine::new(2, format!("Also in the response: {others}"), Tone::Odd);
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
                    let failure = capitalized(&checked.check.failure(findings));
                    let title = ReportLine::new(0, format!("✗ {failure}"), Tone::Bad);
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
        let title = "Possible reasons (unconfirmed):";
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
        let all = ExtraList::ALL.into_iter();
        let mut lines: Vec<ReportLine> = all.map(state).collect();
        lines.extend(self.odd_rows_lines(""));
        lines
    }

    /// The rows of these lists that do not belong to the booking, or that the response lacks.
    fn odd_rows_lines(&self, sign: &str) -> impl Iterator<Item = ReportLine> {
        let is_about_rows =
            |it: &&Reason| matches!(it, Reason::OtherBookings(..) | Reason::Unmatched(..));
        let reasons = self.verdict.reasons.iter().filter(is_about_rows);
        reasons.map(move |reason| ReportLine::new(2, format!("{sign}{reason}"), Tone::Bad))
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
        lines.extend(self.odd_rows_lines("✗ "));
        if !quiet.is_empty() {
            lines.insert(0, ReportLine::new(2, quiet.join(" · "), Tone::Quiet));
        }
        lines
    }
}

impl Changes {
    /// A line for each change between two responses, with the old and the new value.
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
