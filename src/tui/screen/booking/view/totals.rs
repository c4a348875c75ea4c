//! The totals beside the sums of the rows: one form for all lines, the fullest that fits.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::conciliation::report::ReportLine;
use crate::conciliation::totals::{Compared, Comparison};
use crate::conciliation::{Rows, SECTIONS, Section, Tone};
use crate::domain::money::{Currency, Sums, format_amount, format_count};
use crate::domain::truncate::truncate;
use crate::tui::screen::booking::state::Booking;
use crate::tui::theme::Theme;

/// Cells of the names of the sections, the mark of the chosen one included.
const NAME: usize = 16;
const COUNT: usize = 6;
const WIDEST_TOTAL: u16 = 30;
/// Currencies beyond which a sum is only counted.
const MOST_CURRENCIES: usize = 8;

/// What a line shows: the number of rows, the server's total, and which of the texts of the sum and
/// of the comparison.
type TotalsForm = (bool, bool, usize, usize);
/// From the fullest to the shortest; all show the sign of the comparison.
const FORMS: [TotalsForm; 7] = [
    (true, true, 0, 0),
    (true, true, 0, 1),
    (true, true, 1, 1),
    (true, false, 0, 1),
    (true, false, 1, 1),
    (false, false, 1, 1),
    (false, false, 2, 1),
];
const LEAST: TotalsForm = (false, false, 2, 2);

/// The texts of one line, those of the sum and of the comparison from the longest to the shortest.
struct Cells {
    count: String,
    server: String,
    sums: [String; 3],
    comparison: [String; 3],
    style: Style,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Section(usize),
    Text(String, Tone),
}

pub fn lines(booking: &Booking) -> Vec<Entry> {
    let Some(content) = &booking.content else { return Vec::new() };
    let report = &content.report;
    let mut lines = Vec::new();
    for (section, compared) in report.totals.sections.iter().enumerate() {
        lines.push(Entry::Section(section));
        let why = compared.explanation();
        let agrees = compared.comparison == Comparison::Agrees;
        let tone = if agrees { Tone::Quiet } else { Tone::Open };
        lines.extend(why.map(|why| Entry::Text(format!("     └ {why}"), tone)));
    }
    let text = |line: ReportLine| Entry::Text(format!("  {}", line.text), line.tone);
    lines.extend(report.other_lines().into_iter().map(text));
    lines.extend(report.source_summary(&booking.sources, "%H:%M").into_iter().map(text));
    lines.extend(booking.tenant_lines().into_iter().map(text));
    lines.extend(report.others_line(booking.section.checked_sub(SECTIONS.len())).map(text));
    lines
}

/// The panel; where it has fewer lines than it needs, those around the chosen section.
pub fn panel(booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(content) = booking.content.as_ref().filter(|_| area.height > 0) else { return };
    let totals = &content.report.totals.sections;
    let currency = only_currency(totals);
    let each = totals.iter().zip(&content.report.booking.sections);
    let cells: Vec<Cells> =
        each.map(|(total, section)| cells(total, section, currency, theme)).collect();
    let server = cells.iter().map(|cells| cells.server.width()).max().unwrap_or(0);
    let server = server.max("Server".len());
    let fits = |form: &&TotalsForm| {
        let room = usize::from(area.width).saturating_sub(NAME + 2);
        let width = |cells: &Cells| {
            cells.figures(**form, server).width() + text(&cells.comparison, form.3).width()
        };
        cells.iter().all(|cells| width(cells) <= room)
    };
    let form = *FORMS.iter().find(fits).unwrap_or(&LEAST);
    let entries = lines(booking);
    let at = entries.iter().position(|entry| *entry == Entry::Section(booking.section));
    let at = at.unwrap_or(0);
    let chosen = totals.get(booking.section);
    let has_why = chosen.is_some_and(|total| total.explanation().is_some());
    let room = usize::from(area.height.saturating_sub(1)).max(1);
    let first = (at + 1 + usize::from(has_why && room > 1)).saturating_sub(room);
    let mut shown = Vec::new();
    if area.height > 1 {
        let header = Cells::header().figures(form, server);
        shown.push(Line::styled(format!("{}{header}", " ".repeat(NAME)), theme.dim));
    }
    shown.extend(entries.into_iter().skip(first).take(room).map(|entry| match entry {
        Entry::Section(index) => {
            let mark = (index == booking.section).then_some(theme.chosen);
            cells.get(index).map(|cells| cells.line(index, form, server, mark)).unwrap_or_default()
        }
        Entry::Text(text, tone) => {
            Line::styled(truncate(text.into(), area.width).into_owned(), theme.tone(tone))
        }
    }));
    frame.render_widget(Paragraph::new(shown), area);
}

fn text(texts: &[String; 3], at: usize) -> &str {
    texts.get(at).map_or("", String::as_str)
}

impl Cells {
    fn header() -> Self {
        let sum = "Sum of the rows".to_owned();
        Self {
            count: "Rows".to_owned(),
            server: "Server".to_owned(),
            sums: [sum.clone(), sum, String::new()],
            comparison: Default::default(),
            style: Style::new(),
        }
    }

    fn figures(&self, (has_count, has_server, sum, _): TotalsForm, server: usize) -> String {
        let count = if has_count { format!("{:>COUNT$}", self.count) } else { String::new() };
        let total = if has_server { format!("  {:>server$}", self.server) } else { String::new() };
        match text(&self.sums, sum) {
            "" => count + &total,
            sum => format!("{count}{total}  {sum}"),
        }
    }

    fn line(&self, index: usize, form: TotalsForm, server: usize, mark: Option<Style>) -> Line<'_> {
        let title = SECTIONS.get(index).map_or("", |kind| kind.title);
        let sign = if mark.is_some() { "▸ " } else { "  " };
        let name = format!("{sign}{title:<width$}", width = NAME - 2);
        Line::from(vec![
            Span::styled(name, mark.unwrap_or_default()),
            Span::raw(self.figures(form, server)),
            Span::styled(format!("  {}", text(&self.comparison, form.3)), self.style),
        ])
    }
}

/// The currency of the booking, where all its rows are in one: a section without rows has its
/// decimals, too.
fn only_currency(totals: &[Compared]) -> Option<Currency> {
    let mut all = Sums::default();
    for total in totals {
        all.merge(&total.rows);
    }
    all.only_currency()
}

fn cells(total: &Compared, section: &Section, booking: Option<Currency>, theme: &Theme) -> Cells {
    let sums = &total.rows;
    let own = if sums.is_empty() { booking } else { sums.only_currency() };
    let currency = own.unwrap_or(Currency::NONE);
    let has_rows = matches!(section.rows, Rows::Present(_));
    let currencies = || format!("{} currencies", format_count(sums.len() as u64));
    let full = match sums.len() {
        _ if !has_rows => "no section".to_owned(),
        0 if total.not_summed.count() > 0 => "no sum".to_owned(),
        0 => format_amount(0, currency),
        1..=MOST_CURRENCIES => sums.to_string(),
        _ => currencies(),
    };
    let short = if sums.len() < 2 { full.clone() } else { currencies() };
    let server = total.server_shown(currency);
    Cells {
        count: if has_rows { format_count(total.count as u64) } else { "-".to_owned() },
        server: truncate(server.into(), WIDEST_TOTAL).into_owned(),
        sums: [full, short, String::new()],
        comparison: total.comparison.forms(),
        style: theme.tone(total.comparison.tone()),
    }
}
