//! The ledger: a line a row, a line at today, what is scheduled below it, dimmed.

use Column::{Balance, Charged, Currency, Day, Effect, Kind, Note, Paid, Reference};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::conciliation::ledger::{BalanceEffect, Entry, Line as Row};
use crate::domain::money::format_amount;
use crate::domain::truncate::truncate;
use crate::tui::component::table::view::{CURSOR, centred};
use crate::tui::cx::Cx;
use crate::tui::screen::booking::state::{Booking, Content};
use crate::tui::screen::booking::tenant;
use crate::tui::theme::Theme;

/// Cells below which a reference gives way as a whole.
const LEAST_REFERENCE: usize = 8;
/// Cells of a reference beyond which it is cut.
const MOST_REFERENCE: usize = 26;
const KIND_CELLS: usize = 11;
const DAY_CELLS: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Day,
    Kind,
    Reference,
    Charged,
    Paid,
    /// Charged and paid as one amount: paid, or charged with a minus sign.
    Effect,
    Currency,
    Balance,
    Note,
}

/// What is shown of a line, from all to the least; amounts are in each.
type Form = &'static [Column];

const FORMS: [Form; 6] = [
    &[Day, Kind, Reference, Charged, Paid, Currency, Balance, Note],
    &[Day, Kind, Reference, Charged, Paid, Currency, Balance],
    &[Day, Kind, Charged, Paid, Currency, Balance],
    &[Day, Kind, Effect, Currency, Balance],
    &[Day, Effect, Currency, Balance],
    LEAST,
];

/// What the narrowest screen shows; the balance then stands in the line below the ledger.
const LEAST: Form = &[Day, Effect, Currency];

struct Widths {
    reference: usize,
    charged: usize,
    paid: usize,
    effect: usize,
    balance: usize,
    note: usize,
}

struct Cells {
    day: String,
    kind: &'static str,
    reference: String,
    charged: String,
    paid: String,
    effect: String,
    balance: String,
    currency: String,
    note: String,
}

pub fn draw(
    cx: &Cx,
    booking: &Booking,
    content: &Content,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let all: Vec<Entry<'_>> = content.report.findings.ledger.entries().collect();
    let below = tenant::ledger_lines(booking);
    if all.len() == 1 && below == 0 {
        let text = Line::styled("This booking has no rows.", theme.dim);
        return centred(vec![text], frame, area);
    }
    let mut widths = Widths::of(&all);
    let chosen = widths.fit(usize::from(area.width));
    let height = usize::from(area.height.saturating_sub(1));
    let scroll = booking.ledger;
    let mut lines = vec![header(chosen, &widths, theme)];
    for (index, entry) in all.iter().enumerate().skip(scroll.top).take(height) {
        let is_here = index == scroll.cursor;
        let mark = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
        let (text, style) = match entry {
            Entry::Row(row) => {
                let stands = row.balance_effect == BalanceEffect::Counts && !row.is_future;
                let style = if stands { Style::new() } else { theme.dim };
                (cells(row).text(chosen, &widths), style)
            }
            Entry::Scheduled(row) => (cells(row).text(chosen, &widths), theme.dim),
            Entry::Today => {
                let text = format!("── today {} ", cx.now.local.date());
                let rest = usize::from(area.width).saturating_sub(text.width() + 2);
                (format!("{text}{}", "─".repeat(rest)), theme.notice)
            }
        };
        let style = if is_here { theme.cursor } else { style };
        lines.push(Line::from(vec![mark, Span::raw(" "), Span::styled(text, style)]));
    }
    let from = scroll.top.max(all.len());
    let left = height.saturating_sub(lines.len() - 1);
    for index in (from..all.len() + below).take(left) {
        let is_here = index == scroll.cursor;
        let mark = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
        let style = if is_here { theme.cursor } else { theme.dim };
        let text = tenant::ledger_line(booking, index);
        let text = truncate(text.into(), area.width.saturating_sub(2)).into_owned();
        lines.push(Line::from(vec![mark, Span::raw(" "), Span::styled(text, style)]));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn cells(row: &Row) -> Cells {
    let money = |minor: Option<i128>| {
        minor.map(|minor| format_amount(minor, row.currency)).unwrap_or_default()
    };
    let unreadable = || "?".to_owned();
    let note = match (row.balance_effect.to_string(), &row.status) {
        (note, None) => note,
        // That it is to come is said by its place and its kind.
        (note, Some(status)) if note.is_empty() || row.balance_effect == BalanceEffect::ToCome => {
            status.shown().replace('_', " ")
        }
        (note, Some(status)) if note == status.shown() => note,
        (note, Some(status)) => format!("{}, {note}", status.shown().replace('_', " ")),
    };
    Cells {
        day: row.date.map_or_else(|| "no day".to_owned(), |day| day.to_string()),
        kind: row.kind.label(),
        reference: row.reference.as_ref().map(|text| text.shown().into_owned()).unwrap_or_default(),
        charged: if row.effect().is_none() { unreadable() } else { money(row.charged) },
        paid: money(row.paid),
        effect: row.effect().map_or_else(unreadable, |effect| format_amount(effect, row.currency)),
        balance: format_amount(row.balance, row.currency),
        currency: row.currency.code().to_owned(),
        note,
    }
}

impl Widths {
    fn of(all: &[Entry<'_>]) -> Self {
        let rows = all.iter().filter_map(|entry| match entry {
            Entry::Row(row) | Entry::Scheduled(row) => Some(cells(row)),
            Entry::Today => None,
        });
        let mut widths = Self {
            reference: "Reference".len(),
            charged: "Charged".len(),
            paid: "Paid".len(),
            effect: "Amount".len(),
            balance: "Balance".len(),
            note: 0,
        };
        for row in rows {
            for (width, text) in [
                (&mut widths.reference, &row.reference),
                (&mut widths.charged, &row.charged),
                (&mut widths.paid, &row.paid),
                (&mut widths.effect, &row.effect),
                (&mut widths.balance, &row.balance),
                (&mut widths.note, &row.note),
            ] {
                *width = text.width().max(*width);
            }
        }
        widths.reference = widths.reference.min(MOST_REFERENCE);
        widths
    }

    /// The fullest form that fits; references and notes are cut before they give way.
    fn fit(&mut self, width: usize) -> Form {
        for form in FORMS {
            let least = |whole: usize, column: Column| {
                if form.contains(&column) { whole.min(LEAST_REFERENCE) } else { 0 }
            };
            let (reference, note) = (least(self.reference, Reference), least(self.note, Note));
            let flexible = |column: &&Column| !matches!(column, Reference | Note);
            let fixed: usize =
                form.iter().filter(flexible).map(|column| self.of_column(*column)).sum();
            let taken = 2 + fixed + form.len() + reference + note;
            let Some(spare) = width.checked_sub(taken) else { continue };
            let more = spare.min(self.reference.saturating_sub(reference));
            self.reference = reference + more;
            self.note = self.note.min(note + spare - more);
            return form;
        }
        LEAST
    }

    fn of_column(&self, column: Column) -> usize {
        match column {
            Day => DAY_CELLS,
            Kind => KIND_CELLS,
            Reference => self.reference,
            Charged => self.charged,
            Paid => self.paid,
            Effect => self.effect,
            Currency => 3,
            Balance => self.balance,
            Note => self.note,
        }
    }
}

impl Cells {
    fn of_column(&self, column: Column) -> &str {
        match column {
            Day => &self.day,
            Kind => self.kind,
            Reference => &self.reference,
            Charged => &self.charged,
            Paid => &self.paid,
            Effect => &self.effect,
            Currency => &self.currency,
            Balance => &self.balance,
            Note => &self.note,
        }
    }

    fn text(&self, form: Form, widths: &Widths) -> String {
        let column = |column: &Column| {
            let (text, width) = (self.of_column(*column), widths.of_column(*column));
            if matches!(column, Charged | Paid | Effect | Balance) {
                // Amounts are never cut: one beyond its column makes its line longer.
                return format!("{text:>width$}");
            }
            let text = truncate(text.into(), u16::try_from(width).unwrap_or(u16::MAX));
            format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
        };
        let all: Vec<String> = form.iter().map(column).collect();
        all.join(" ").trim_end().to_owned()
    }
}

fn header(form: Form, widths: &Widths, theme: &Theme) -> Line<'static> {
    let cells = Cells {
        day: "Date".to_owned(),
        kind: "Kind",
        reference: "Reference".to_owned(),
        charged: "Charged".to_owned(),
        paid: "Paid".to_owned(),
        effect: "Amount".to_owned(),
        balance: "Balance".to_owned(),
        currency: "Cur".to_owned(),
        note: String::new(),
    };
    Line::from(vec![Span::raw("  "), Span::styled(cells.text(form, widths), theme.header)])
}
