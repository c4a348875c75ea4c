//! The state of a screen of the Payments APIs: a report, and where the user is in it.

use crate::payments::fields::Fields;
use crate::payments::report::{Line, Report};
use crate::payments::request::PaymentsRequest;
use crate::payments::subject::{Hosts, Subject};
use crate::tui::component::scroll::Scroll;
use crate::tui::msg::Now;

pub const NOT_CONFIGURED: &str = "The Payments APIs are not configured. Set \
                                  VALORA_PAYMENTS_TOKEN and VALORA_FINANCE_TOKEN, or add the \
                                  tables payments and finance to the profile.";

pub const LABEL: usize = 15;
/// Cells before a line: the cursor and the indent.
const INDENT: usize = 4;

#[derive(Debug)]
pub struct ReportScreen {
    pub report: Report,
    /// The requests of the report that are not sent yet.
    pub unsent: Vec<PaymentsRequest>,
    pub since: Now,
    pub fetched: Option<Now>,
    pub scroll: Scroll,
    /// Whether account and tax numbers are shown in full.
    pub is_revealed: bool,
    /// Wrapped to the screen.
    lines: Vec<Line>,
    /// The width of `lines`, and whether numbers are revealed in them.
    made_for: Option<(u16, bool)>,
}

impl ReportScreen {
    /// An empty screen, which sends its requests when opened. Fails if its API is not configured.
    pub fn about(
        subject: Subject,
        known: Option<Fields>,
        hosts: Hosts,
        now: Now,
    ) -> Result<Self, String> {
        let (report, asks) = Report::begin(subject, known, hosts);
        if asks.is_empty() {
            return Err(NOT_CONFIGURED.to_owned());
        }
        Ok(Self {
            report,
            unsent: Vec::new(),
            since: now,
            fetched: None,
            scroll: Scroll::default(),
            is_revealed: false,
            lines: Vec::new(),
            made_for: None,
        })
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub fn selected(&self) -> Option<&Line> {
        self.lines.get(self.scroll.cursor)
    }

    pub fn changed(&mut self) {
        self.made_for = None;
    }

    pub fn make_lines(&mut self, width: u16) {
        let layout = Some((width, self.is_revealed));
        if self.made_for != layout {
            self.made_for = layout;
            let lines = self.report.lines(self.is_revealed).into_iter();
            self.lines = lines.flat_map(|line| wrapped(line, width)).collect();
        }
    }
}

fn wrapped(line: Line, width: u16) -> Vec<Line> {
    let label = if line.label.is_empty() { 0 } else { LABEL };
    let room = usize::from(width).saturating_sub(INDENT + label).max(20);
    let options = textwrap::Options::new(room).subsequent_indent("    ");
    let texts = textwrap::wrap(&line.text, options);
    if texts.len() < 2 {
        return vec![line];
    }
    let part = |(at, text): (usize, &std::borrow::Cow<'_, str>)| Line {
        // The further lines of a value are indented like its first line.
        label: if at == 0 || label == 0 { line.label } else { " " },
        text: text.to_string(),
        ..line.clone()
    };
    texts.iter().enumerate().map(part).collect()
}
