//! The totals beside the sums of the rows: one form for all lines, the fullest that fits.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::conciliation::totals::{Compared, Comparison, Incomparable};
use crate::conciliation::{Rows, Section};
use crate::domain::money::{Currency, Sums, format_amount, format_count, format_money};
use crate::domain::truncate::truncate;
use crate::tui::screen::booking::state::Booking;
use crate::tui::screen::booking::totals as lines;
use crate::tui::screen::booking::totals::{Line as Entry, Tone, figure};
use crate::tui::theme::Theme;

/// Cells of the names of the sections, the mark of the chosen one included.
const NAME: usize = 15;
/// Cells of the number of rows.
const COUNT: usize = 6;
/// Currencies beyond which a sum is only counted.
const MOST_CURRENCIES: usize = 8;

/// What a line shows, in the order in which things give way: the server's total first, the sign of
/// the comparison never.
#[derive(Clone, Copy)]
struct Form {
    has_count: bool,
    has_server: bool,
    sum: Sum,
    verdict: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Sum {
    Full,
    Short,
    None,
}

const fn form(has_count: bool, has_server: bool, sum: Sum, verdict: usize) -> Form {
    Form { has_count, has_server, sum, verdict }
}

const FORMS: [Form; 8] = [
    form(true, true, Sum::Full, 0),
    form(true, true, Sum::Full, 1),
    form(true, true, Sum::Short, 1),
    form(true, false, Sum::Full, 1),
    form(true, false, Sum::Short, 1),
    form(false, false, Sum::Short, 1),
    form(false, false, Sum::None, 1),
    form(false, false, Sum::None, 2),
];

/// The texts of one section's line.
struct Cells {
    count: String,
    server: String,
    full: String,
    short: String,
    /// From many words to a sign.
    verdict: [String; 3],
    style: Style,
}

/// The panel; where it has fewer lines than it needs, those around the chosen section.
pub fn panel(booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(content) = booking.content.as_ref().filter(|_| area.height > 0) else { return };
    let totals = &content.report.findings.totals.sections;
    let sections = &content.report.booking.sections;
    let currency = only_currency(totals);
    let each = totals.iter().zip(sections);
    let cells: Vec<Cells> =
        each.map(|(total, section)| cells(total, section, currency, theme)).collect();
    let server = width(cells.iter().map(|cells| &cells.server)).max("Server".len());
    let fits = |form: &Form| {
        let widest = cells.iter().map(|cells| form.width(cells, server)).max();
        widest.unwrap_or(0) <= usize::from(area.width)
    };
    let chosen = FORMS.iter().find(|form| fits(form)).copied().unwrap_or(FORMS[7]);
    let entries = lines::lines(booking);
    let at = entries.iter().position(|entry| *entry == Entry::Section(booking.section));
    let at = at.unwrap_or(0);
    let has_why = matches!(entries.get(at + 1), Some(Entry::Why(_)));
    let room = usize::from(area.height.saturating_sub(1)).max(1);
    let first = (at + 1 + usize::from(has_why && room > 1)).saturating_sub(room);
    let mut shown = Vec::new();
    if area.height > 1 {
        shown.push(Line::styled(header(chosen, server), theme.dim));
    }
    shown.extend(entries.iter().skip(first).take(room).map(|entry| match entry {
        Entry::Section(index) => match cells.get(*index) {
            Some(cells) => chosen.line(*index, cells, server, *index == booking.section, theme),
            None => Line::default(),
        },
        Entry::Why(text) => {
            let text = format!("     └ {text}");
            Line::styled(truncate(text.into(), area.width).into_owned(), theme.warning)
        }
        Entry::Source(text, tone) | Entry::Other(text, tone) => {
            let text = format!("  {text}");
            Line::styled(truncate(text.into(), area.width).into_owned(), style(*tone, theme))
        }
    }));
    frame.render_widget(Paragraph::new(shown), area);
}

fn style(tone: Tone, theme: &Theme) -> Style {
    match tone {
        Tone::Quiet => theme.dim,
        Tone::Warning => theme.warning,
        Tone::Failure => theme.failure,
        Tone::Odd => theme.odd,
    }
}

fn header(form: Form, server: usize) -> String {
    let mut text = " ".repeat(NAME + 1);
    if form.has_count {
        text = format!("{text}{:>COUNT$}", "Rows");
    }
    if form.has_server {
        text = format!("{text}  {:>server$}", "Server");
    }
    if form.sum == Sum::None { text } else { format!("{text}  Sum of the rows") }
}

impl Form {
    fn width(self, cells: &Cells, server: usize) -> usize {
        let count = if self.has_count { COUNT } else { 0 };
        let server = if self.has_server { server + 2 } else { 0 };
        let sum = match self.sum(cells) {
            "" => 0,
            sum => sum.width() + 2,
        };
        NAME + 1 + count + server + sum + self.verdict(cells).width() + 2
    }

    fn sum(self, cells: &Cells) -> &str {
        match self.sum {
            Sum::Full => &cells.full,
            Sum::Short => &cells.short,
            Sum::None => "",
        }
    }

    fn verdict(self, cells: &Cells) -> &str {
        cells.verdict.get(self.verdict).map_or("", String::as_str)
    }

    fn line(
        self,
        index: usize,
        cells: &Cells,
        server: usize,
        is_shown: bool,
        theme: &Theme,
    ) -> Line<'static> {
        let title = crate::conciliation::SECTIONS.get(index).map_or("", |kind| kind.title);
        let mark = if is_shown { "▸ " } else { "  " };
        let style = if is_shown { theme.chosen } else { Style::new() };
        let mut spans =
            vec![Span::styled(format!("{mark}{title:<width$}", width = NAME - 1), style)];
        if self.has_count {
            spans.push(Span::raw(format!("{:>COUNT$}", cells.count)));
        }
        if self.has_server {
            spans.push(Span::raw(format!("  {:>server$}", cells.server)));
        }
        let sum = self.sum(cells);
        if !sum.is_empty() {
            spans.push(Span::raw(format!("  {sum}")));
        }
        spans.push(Span::styled(format!("  {}", self.verdict(cells)), cells.style));
        Line::from(spans)
    }
}

fn width<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.map(|text| text.width()).max().unwrap_or(0)
}

fn currencies(sums: &Sums) -> String {
    format!("{} currencies", format_count(sums.len() as u64))
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
    let whole = if total.rows.is_empty() { booking } else { total.rows.only_currency() };
    let currency = whole.unwrap_or(Currency::NONE);
    let has_rows = matches!(section.rows, Rows::Present(_));
    let server = total.server.as_ref().map_or("not given".into(), |it| figure(it, currency));
    let full = match (has_rows, total.rows.is_empty()) {
        (false, _) => "no section".to_owned(),
        (true, true) => format_amount(0, currency),
        (true, false) if total.rows.len() > MOST_CURRENCIES => currencies(&total.rows),
        (true, false) => total.rows.to_string(),
    };
    let short = if total.rows.len() < 2 { full.clone() } else { currencies(&total.rows) };
    let (verdict, style) = verdict(&total.outcome, theme);
    let count = if has_rows { format_count(total.count as u64) } else { "-".to_owned() };
    Cells { count, server: truncate(server.into(), 30).into_owned(), full, short, verdict, style }
}

fn verdict(outcome: &Comparison, theme: &Theme) -> ([String; 3], Style) {
    match outcome {
        Comparison::Agrees => (["= agrees", "=", "="].map(str::to_owned), theme.good),
        Comparison::Differs(by) => {
            let by = format_money(by.by, by.currency);
            ([format!("≠ differs by {by}"), format!("≠ {by}"), "≠".to_owned()], theme.failure)
        }
        Comparison::Incomparable(why) => {
            let (long, short) = match why {
                Incomparable::Missing => ("? not in the answer", "? missing"),
                Incomparable::Null(_) => ("? null in the answer", "? null"),
                Incomparable::Unreadable(_) => ("? no list", "? no list"),
                Incomparable::NoTotal => ("? no total", "? no total"),
                Incomparable::OddTotal(_) => ("? an odd total", "? odd total"),
                Incomparable::WithoutAmount(_) => ("? rows without an amount", "? no amount"),
                Incomparable::SeveralCurrencies(_) => ("? a total has no currency", "?"),
            };
            ([long.to_owned(), short.to_owned(), "?".to_owned()], theme.warning)
        }
    }
}
