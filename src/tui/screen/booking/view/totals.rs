//! The server's totals next to the sums of the rows: one form for all lines, the longest that fits.

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
use crate::tui::theme::{CURSOR, Theme};

/// Cells of a section's name, including the cursor.
const NAME: usize = 16;
const COUNT: usize = 6;
/// Cells between two figures.
const GAP: usize = 4;
const WIDEST_TOTAL: u16 = 30;
/// With more currencies, a sum only shows their number.
const MOST_CURRENCIES: usize = 8;

/// What a line shows: the number of rows, the index of the sum's text, the server's total, the
/// difference, and the index of the sign's text.
type TotalsForm = (bool, usize, bool, bool, usize);
/// From the longest to the shortest; all show the sign of the comparison.
const FORMS: [TotalsForm; 7] = [
    (true, 0, true, true, 0),
    (true, 0, true, true, 1),
    (true, 1, true, true, 1),
    (true, 1, false, true, 1),
    (false, 1, false, true, 1),
    (false, 2, false, true, 1),
    (false, 1, false, false, 1),
];
const LEAST: TotalsForm = (false, 2, false, false, 1);

/// The texts of one line; those of the sum and of the sign from the longest to the shortest.
#[derive(Default)]
struct Cells {
    count: String,
    sums: [String; 3],
    server: String,
    difference: String,
    sign: [String; 2],
    style: Style,
}

/// The width of each column in one form of the lines.
struct Widths {
    sum: usize,
    server: usize,
    difference: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Section(usize),
    Text(String, Tone),
}

/// The lines below the titles. The reason of the chosen section is wrapped to `width` cells.
pub fn lines(booking: &Booking, width: u16) -> Vec<Entry> {
    let Some(content) = &booking.content else { return Vec::new() };
    let report = &content.report;
    let mut lines = Vec::new();
    for (section, compared) in report.totals.sections.iter().enumerate() {
        lines.push(Entry::Section(section));
        let why = compared.explanation();
        let agrees = compared.comparison == Comparison::Agrees;
        let tone = if agrees { Tone::Quiet } else { Tone::Open };
        let guess = || report.suggestions.iter().find(|guess| guess.role == compared.role);
        let guess = || guess().map(ToString::to_string);
        let Some(why) = why.or_else(guess) else { continue };
        let why = format!("     └ {why}");
        if section == booking.section {
            let wrapped = textwrap::Options::new(usize::from(width).max(20))
                .subsequent_indent("       ")
                .word_splitter(textwrap::WordSplitter::NoHyphenation);
            let wrapped = textwrap::wrap(&why, wrapped).into_iter();
            lines.extend(wrapped.map(|line| Entry::Text(line.into_owned(), tone)));
        } else {
            lines.push(Entry::Text(why, tone));
        }
    }
    let text = |line: ReportLine| Entry::Text(format!("  {}", line.text), line.tone);
    lines.extend(report.other_lines().into_iter().map(text));
    lines.extend(report.source_summary(&booking.sources, "%H:%M").into_iter().map(text));
    lines.extend(booking.tenant_lines().into_iter().map(text));
    lines.extend(report.others_line(booking.section.checked_sub(SECTIONS.len())).map(text));
    lines
}

/// Draws the panel; if it does not fit, the lines around the chosen section.
pub fn panel(booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(content) = booking.content.as_ref().filter(|_| area.height > 0) else { return };
    let totals = &content.report.totals.sections;
    let currency = only_currency(totals);
    let each = totals.iter().zip(&content.report.booking.sections);
    let cells: Vec<Cells> =
        each.map(|(total, section)| cells(total, section, currency, theme)).collect();
    let header = Cells::header();
    let room = usize::from(area.width).saturating_sub(NAME + 1);
    let widths = |form: TotalsForm| {
        let all = || cells.iter().chain([&header]);
        let widest = |of: &dyn Fn(&Cells) -> usize| all().map(of).max().unwrap_or(0);
        Widths {
            sum: widest(&|cells| text(&cells.sums, form.1).width()),
            server: widest(&|cells| cells.server.width()),
            difference: widest(&|cells| cells.difference.width()),
        }
    };
    let fits = |form: &&TotalsForm| {
        let widths = widths(**form);
        cells.iter().chain([&header]).all(|cells| {
            let (figures, sign) = cells.shown(**form, &widths);
            figures.width() + sign.width() <= room
        })
    };
    let form = *FORMS.iter().find(fits).unwrap_or(&LEAST);
    let widths = widths(form);
    let entries = lines(booking, area.width);
    let at = entries.iter().position(|entry| *entry == Entry::Section(booking.section));
    let at = at.unwrap_or(0);
    let chosen = totals.get(booking.section);
    let why = entries.iter().skip(at + 1).take_while(|it| matches!(it, Entry::Text(..))).count();
    let why = if chosen.is_some() { why } else { 0 };
    let room = usize::from(area.height.saturating_sub(1)).max(1);
    // The chosen section stays in sight, with as much of its reason as fits.
    let first = (at + 1 + why).saturating_sub(room).min(at);
    let mut shown = Vec::new();
    if area.height > 1 {
        let (header, _) = header.shown(form, &widths);
        let header = format!("{}{header}", " ".repeat(NAME));
        let width = usize::from(area.width);
        shown.push(Line::styled(format!("{header:<width$}"), theme.header));
    }
    shown.extend(entries.into_iter().skip(first).take(room).map(|entry| match entry {
        Entry::Section(index) => {
            let is_here = index == booking.section;
            let line = |cells: &Cells| cells.line(index, is_here, (form, &widths), theme);
            cells.get(index).map(line).unwrap_or_default()
        }
        Entry::Text(text, tone) => {
            Line::styled(truncate(text.into(), area.width).into_owned(), theme.tone(tone))
        }
    }));
    let here = (at + usize::from(area.height > 1)).saturating_sub(first);
    frame.render_widget(Paragraph::new(shown), area);
    if chosen.is_some() {
        theme.light_line(frame.buffer_mut(), area, here);
    }
}

fn text(texts: &[String], at: usize) -> &str {
    texts.get(at).map_or("", String::as_str)
}

impl Cells {
    fn header() -> Self {
        let sum = "Rows add up to".to_owned();
        Self {
            count: "Rows".to_owned(),
            sums: [sum.clone(), sum, String::new()],
            server: "Server total".to_owned(),
            difference: "Difference".to_owned(),
            ..Self::default()
        }
    }

    /// The figures, then the sign of the comparison.
    fn shown(
        &self,
        (has_count, sum, has_server, has_difference, sign): TotalsForm,
        widths: &Widths,
    ) -> (String, String) {
        let mut figures = String::new();
        let mut add = |is_shown: bool, text: &str, width: usize, gap: usize| {
            if is_shown && width > 0 {
                let blanks = gap + width.saturating_sub(text.width());
                figures.extend([" ".repeat(blanks).as_str(), text]);
            }
        };
        add(has_count, &self.count, COUNT, 0);
        add(true, text(&self.sums, sum), widths.sum, GAP);
        add(has_server, &self.server, widths.server, GAP);
        add(has_difference, &self.difference, widths.difference, GAP);
        (figures, format!("  {}", text(&self.sign, sign)))
    }

    fn line(
        &self,
        index: usize,
        is_here: bool,
        (form, widths): (TotalsForm, &Widths),
        theme: &Theme,
    ) -> Line<'static> {
        let title = SECTIONS.get(index).map_or("", |kind| kind.title);
        let (mark, style) = if is_here { (CURSOR, theme.title) } else { (" ", Style::new()) };
        let (figures, sign) = self.shown(form, widths);
        Line::from(vec![
            Span::styled(mark, theme.cursor),
            Span::styled(format!("{title:<width$}", width = NAME - 1), style),
            Span::styled(figures, style),
            Span::styled(sign, self.style),
        ])
    }
}

/// The currency of all rows of the booking, if there is only one: its decimals are also used for
/// sections without rows.
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
        difference: match &total.comparison {
            Comparison::Differs(by) => format_amount(by.by, by.currency),
            _ => String::new(),
        },
        sign: total.comparison.signs(),
        style: theme.tone(total.comparison.tone()),
    }
}
