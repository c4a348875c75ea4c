//! The lines of the checks view: the verdict with its reasons, each check, what may explain a
//! difference, what the last refresh changed, and where everything came from.

use crate::conciliation::changes::{Change, Field};
use crate::conciliation::checks::{CHECKS, Checked, Outcome};
use crate::conciliation::report::ExtraList;
use crate::conciliation::row::{RowAt, told};
use crate::conciliation::suggest::Suggestion;
use crate::conciliation::verdict::Kind;
use crate::conciliation::{Conciliation, SECTIONS};
use crate::tui::screen::booking::state::{Booking, Content};
use crate::tui::screen::booking::totals as panel;

/// A line, as wide as the screen lets it be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub tone: Tone,
    /// The rows that `enter` leads to.
    pub rows: Vec<RowAt>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Title,
    Good,
    Bad,
    /// It cannot be said.
    Open,
    Plain,
    Quiet,
}

/// All lines in `width` cells.
pub fn lines(booking: &Booking, width: u16) -> Vec<Line> {
    let Some(content) = &booking.content else { return Vec::new() };
    let mut out = Lines { width: usize::from(width).max(20), lines: Vec::new() };
    verdict(content, &mut out);
    out.push(0, "Checks", Tone::Title, &[]);
    for checked in &content.report.findings.checks {
        check(content, checked, &mut out);
    }
    changes(content, &mut out);
    sources(booking, content, &mut out);
    out.lines
}

/// Cells that the lines have in a body of `width`: the first two are for the mark of the cursor.
pub fn room(width: u16) -> u16 {
    width.saturating_sub(3)
}

struct Lines {
    width: usize,
    lines: Vec<Line>,
}

impl Lines {
    /// Adds a text in as many lines as it takes; the first is indented by `indent` cells, the
    /// others by two more.
    fn push(&mut self, indent: usize, text: &str, tone: Tone, rows: &[RowAt]) {
        let (first, further) = (" ".repeat(indent), " ".repeat(indent + 2));
        let options =
            textwrap::Options::new(self.width).initial_indent(&first).subsequent_indent(&further);
        for part in textwrap::wrap(text, options) {
            self.lines.push(Line { text: part.into_owned(), tone, rows: rows.to_vec() });
        }
    }
}

fn verdict(content: &Content, out: &mut Lines) {
    let verdict = &content.report.findings.verdict;
    let tone = match verdict.kind {
        Kind::Balanced => Tone::Good,
        Kind::OutBy => Tone::Bad,
        Kind::Incomplete | Kind::SeveralCurrencies => Tone::Open,
    };
    out.push(0, &format!("Verdict: {}", verdict.headline()), tone, &[]);
    for reason in &verdict.reasons {
        out.push(2, &reason.to_string(), Tone::Plain, &[]);
    }
}

fn check(content: &Content, checked: &Checked, out: &mut Lines) {
    let name = checked.check.name;
    match &checked.outcome {
        Outcome::Pass => out.push(0, &format!("✓ {name}"), Tone::Good, &[]),
        Outcome::CannotCompute(why) => {
            out.push(0, &format!("? {name}: cannot be computed"), Tone::Open, &[]);
            out.push(4, why, Tone::Plain, &[]);
        }
        Outcome::Fail(findings) => {
            out.push(0, &format!("✗ {name}"), Tone::Bad, &checked.rows());
            for finding in findings {
                out.push(4, &finding.to_string(), Tone::Plain, &finding.rows);
            }
            if CHECKS.first().is_some_and(|first| first.name == name) {
                suggestions(&content.report.findings.suggestions, out);
            }
        }
    }
}

fn suggestions(all: &[Suggestion], out: &mut Lines) {
    if all.is_empty() {
        return;
    }
    out.push(4, "Why not zero? Suggestions, none of them proven:", Tone::Quiet, &[]);
    for one in all {
        let title = SECTIONS.get(one.role.index()).map_or("", |section| section.title);
        out.push(6, &format!("{title}: {one}"), Tone::Quiet, &one.rows);
    }
}

fn changes(content: &Content, out: &mut Lines) {
    let Some(before) = content.before() else { return };
    let at = content.fetched.local.format("%H:%M");
    if content.changes.is_empty() {
        out.push(0, &format!("Nothing changed at the refresh of {at}"), Tone::Title, &[]);
        return;
    }
    out.push(0, &format!("Changed at the refresh of {at}"), Tone::Title, &[]);
    for field in &content.changes.totals {
        out.push(2, &format!("total {}", in_words(field)), Tone::Open, &[]);
    }
    for shape in &content.changes.sections {
        let title = SECTIONS.get(shape.section).map_or("", |kind| kind.title);
        let text = format!("{title}: was {}, now {}", shape.before, shape.after);
        out.push(2, &text, Tone::Open, &[]);
    }
    for change in &content.changes.rows {
        let (text, rows) = match change {
            Change::New(at) => (format!("new: {}", row_told(content.raw(), *at)), vec![*at]),
            Change::Gone(at) => (format!("gone: {}", row_told(before, *at)), Vec::new()),
            Change::Changed { after, fields, .. } => {
                let fields: Vec<String> = fields.iter().map(in_words).collect();
                let row = row_told(content.raw(), *after);
                (format!("{row}: {}", fields.join("; ")), vec![*after])
            }
        };
        out.push(2, &text, Tone::Open, &rows);
    }
}

/// The old value beside the new one.
pub fn in_words(field: &Field) -> String {
    let or_nothing =
        |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    let name = field.name.shown().replace('_', " ");
    format!("{name}: was {}, now {}", or_nothing(&field.before), or_nothing(&field.after))
}

fn row_told(booking: &Conciliation, at: RowAt) -> String {
    let section = booking.sections.get(at.section);
    let row = section.and_then(|section| Some((section, section.records().get(at.row)?)));
    row.map(|(section, row)| format!("{}, {}", section.kind.title, told(section, row)))
        .unwrap_or_default()
}

fn sources(booking: &Booking, content: &Content, out: &mut Lines) {
    out.push(0, "Sources", Tone::Title, &[]);
    let at = content.fetched.local.format("%Y-%m-%d %H:%M");
    out.push(2, &format!("Conciliation: at {at}"), Tone::Plain, &[]);
    for which in ExtraList::ALL {
        let state = panel::state(booking, which);
        let state = state.unwrap_or_else(|| "not needed".to_owned());
        out.push(2, &format!("{}: {state}", which.title()), Tone::Plain, &[]);
    }
    for (which, rows) in &content.report.unmatched {
        let text = format!("{}: {rows} not in the answer", which.title());
        out.push(2, &text, Tone::Open, &[]);
    }
}
