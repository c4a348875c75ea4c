//! The ledger: a line a row, a line at today, what is scheduled below it, dimmed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::app::booking::statement::{Entry, entries};
use crate::app::booking::{Booking, Content};
use crate::app::model::Model;
use crate::conciliation::ledger::{Line as Row, Standing};
use crate::domain::money::grouped;
use crate::ui::table::{CURSOR, centred};
use crate::ui::theme::Theme;
use crate::ui::widget::cut::cut;

/// Cells below which a reference gives way as a whole.
const LEAST_REFERENCE: usize = 8;
/// Cells of a reference beyond which it is cut.
const MOST_REFERENCE: usize = 26;
/// Cells of the kind.
const KIND: usize = 11;
/// Cells of a day.
const DAY: usize = 10;

/// What is shown of a line, from all to the least; amounts are in each.
#[derive(Clone, Copy)]
struct Form {
    has_note: bool,
    has_reference: bool,
    has_balance: bool,
    /// Charged and paid as one amount: paid, or charged with a minus sign.
    is_merged: bool,
    has_kind: bool,
}

const fn form(note: bool, reference: bool, balance: bool, merged: bool, kind: bool) -> Form {
    Form {
        has_note: note,
        has_reference: reference,
        has_balance: balance,
        is_merged: merged,
        has_kind: kind,
    }
}

const FORMS: [Form; 7] = [
    form(true, true, true, false, true),
    form(false, true, true, false, true),
    form(false, false, true, false, true),
    form(false, false, true, true, true),
    form(false, false, true, true, false),
    form(false, false, false, true, true),
    form(false, false, false, true, false),
];

/// The widths of the columns.
struct Widths {
    reference: usize,
    charged: usize,
    paid: usize,
    effect: usize,
    balance: usize,
    note: usize,
}

/// The texts of a line.
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

pub(super) fn draw(
    model: &Model,
    booking: &Booking,
    content: &Content,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let all: Vec<Entry<'_>> = entries(content).collect();
    if all.len() == 1 {
        let text = Line::styled("This booking has no rows.", theme.dim);
        return centred(vec![text], frame, area);
    }
    let mut widths = Widths::of(&all);
    let chosen = widths.fit(usize::from(area.width));
    let height = usize::from(area.height.saturating_sub(1));
    let scroll = booking.ledger;
    let mut lines = vec![chosen.header(&widths, theme)];
    for (index, entry) in all.iter().enumerate().skip(scroll.top).take(height) {
        let is_here = index == scroll.cursor;
        let mark = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
        let (text, style) = match entry {
            Entry::Row(row) => {
                let stands = row.standing == Standing::Stands && !row.is_future;
                let style = if stands { Style::new() } else { theme.dim };
                (chosen.text(&cells(row), &widths), style)
            }
            Entry::Scheduled(row) => (chosen.text(&cells(row), &widths), theme.dim),
            Entry::Today => {
                let text = format!("── today {} ", model.now.local.date());
                let rest = usize::from(area.width).saturating_sub(text.width() + 2);
                (format!("{text}{}", "─".repeat(rest)), theme.notice)
            }
        };
        let style = if is_here { theme.cursor } else { style };
        lines.push(Line::from(vec![mark, Span::raw(" "), Span::styled(text, style)]));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn cells(row: &Row) -> Cells {
    let money =
        |minor: Option<i128>| minor.map(|minor| grouped(minor, row.currency)).unwrap_or_default();
    let unreadable = || "?".to_owned();
    let note = match (row.standing.to_string(), &row.status) {
        (note, None) => note,
        (note, Some(status)) if note.is_empty() => status.shown().replace('_', " "),
        (note, Some(status)) if note == status.shown() => note,
        (note, Some(status)) => format!("{}, {note}", status.shown().replace('_', " ")),
    };
    Cells {
        day: row.date.map_or_else(|| "no day".to_owned(), |day| day.to_string()),
        kind: row.kind.label(),
        reference: row.reference.as_ref().map(|text| text.shown().into_owned()).unwrap_or_default(),
        charged: if row.effect().is_none() { unreadable() } else { money(row.charged) },
        paid: money(row.paid),
        effect: row.effect().map_or_else(unreadable, |effect| grouped(effect, row.currency)),
        balance: grouped(row.balance, row.currency),
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
            let least =
                |whole: usize, least: usize, has: bool| if has { whole.min(least) } else { 0 };
            let reference = least(self.reference, LEAST_REFERENCE, form.has_reference);
            let note = least(self.note, LEAST_REFERENCE, form.has_note);
            let fixed = form.fixed(self);
            let Some(spare) = width.checked_sub(fixed + reference + note) else { continue };
            let more = spare.min(self.reference.saturating_sub(reference));
            self.reference = reference + more;
            self.note = self.note.min(note + spare - more);
            return form;
        }
        FORMS[6]
    }
}

impl Form {
    /// Cells of all but reference and note, with the gaps.
    fn fixed(self, widths: &Widths) -> usize {
        let columns = [
            (true, DAY),
            (self.has_kind, KIND),
            (self.has_reference, 0),
            (!self.is_merged, widths.charged),
            (!self.is_merged, widths.paid),
            (self.is_merged, widths.effect),
            (true, 3),
            (self.has_balance, widths.balance),
            (self.has_note, 0),
        ];
        let shown = columns.iter().filter(|(is_shown, _)| *is_shown);
        2 + shown.map(|(_, width)| width + 1).sum::<usize>()
    }

    fn text(self, cells: &Cells, widths: &Widths) -> String {
        let pad = |text: &str, width: usize| {
            let text = cut(text.into(), u16::try_from(width).unwrap_or(u16::MAX));
            format!("{text}{} ", " ".repeat(width.saturating_sub(text.width())))
        };
        let mut out = pad(&cells.day, DAY);
        if self.has_kind {
            out += &pad(cells.kind, KIND);
        }
        if self.has_reference {
            out += &pad(&cells.reference, widths.reference);
        }
        // Amounts are never cut: one beyond its column makes its line longer.
        let amounts: &[(&str, usize)] = if self.is_merged {
            &[(&cells.effect, widths.effect)]
        } else {
            &[(&cells.charged, widths.charged), (&cells.paid, widths.paid)]
        };
        for (text, width) in amounts {
            out += &format!("{text:>width$} ");
        }
        out += &format!("{:<3} ", cells.currency);
        if self.has_balance {
            out += &format!("{:>width$} ", cells.balance, width = widths.balance);
        }
        if self.has_note {
            out += &pad(&cells.note, widths.note);
        }
        out.trim_end().to_owned()
    }

    fn header(self, widths: &Widths, theme: &Theme) -> Line<'static> {
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
        Line::from(vec![Span::raw("  "), Span::styled(self.text(&cells, widths), theme.header)])
    }
}
