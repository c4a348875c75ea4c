//! The ledger: one line for each row, a line for today, and scheduled payments, dimmed.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::conciliation::ledger::{Column as Id, Entry, Line};
use crate::domain::columns::{Column, ColumnLayout, Cut, Side, fit};
use crate::domain::truncate::truncate;
use crate::figures::urgency::{Urgency, of_status};
use crate::tui::component::table::columns::hidden_mark;
use crate::tui::component::table::grid::{Cell, Grid};
use crate::tui::component::table::view::{mark_hidden, nothing};
use crate::tui::cx::Cx;
use crate::tui::screen::booking::state::{Booking, Content};
use crate::tui::theme::{CURSOR, Theme};

/// The fewest cells of a reference or a note; with less room, its column is hidden.
const SHORTEST: u16 = 8;
const GUTTER: u16 = 2;
const GAP: u16 = 2;

/// All columns, each with its priority and its least and most cells.
const FULL: [(Id, u8, u16, u16); 8] = [
    (Id::Day, 0, 10, 10),
    (Id::Kind, 0, 11, 11),
    (Id::Reference, 1, 0, 26),
    (Id::Charged, 0, 0, u16::MAX),
    (Id::Paid, 0, 0, u16::MAX),
    (Id::Currency, 0, 3, 12),
    (Id::RunningTotal, 0, 0, u16::MAX),
    (Id::Note, 2, 0, u16::MAX),
];
/// If these do not fit: charged and paid as one amount. The status line also has the running total.
const NARROW: [(Id, u8, u16, u16); 5] = [
    (Id::Day, 0, 10, 10),
    (Id::Kind, 2, 11, 11),
    (Id::Effect, 0, 0, u16::MAX),
    (Id::Currency, 0, 3, 12),
    (Id::RunningTotal, 1, 0, u16::MAX),
];

/// Draws from the first visible line, or without a cursor as many of the last lines as fit.
pub fn draw(
    booking: &Booking,
    content: &Content,
    cursor: Option<usize>,
    (cx, theme): (&Cx, &Theme),
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let entries: Vec<Entry<'_>> = content.report.ledger.entries();
    let count = booking.ledger_lines();
    if count == 1 {
        return nothing("This booking has no rows.", theme, frame, area);
    }
    let layout = layout(&entries, area.width.saturating_sub(GUTTER + 1));
    let grid = Grid { layout: &layout, gutter: GUTTER, theme };
    let buffer = frame.buffer_mut();
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let top = Rect { height: 1, ..area };
    buffer.set_style(top, theme.header);
    one_style(&grid, buffer, top, theme.header, |id| id.to_string());
    let room = usize::from(area.height.saturating_sub(1));
    let first = cursor.map_or(count.saturating_sub(room), |_| booking.ledger.top);
    for (y, index) in (area.y + 1..area.bottom()).zip(first..count) {
        let line = Rect { y, height: 1, ..area };
        let is_here = cursor == Some(index);
        grid.signs(buffer, line, &[is_here.then_some((CURSOR, theme.cursor))]);
        let text = match entries.get(index) {
            Some(Entry::Row(row) | Entry::Scheduled(row)) => {
                let counts = row.counts() && !row.is_future;
                let style = if counts { Style::new() } else { theme.dim };
                one_style(&grid, buffer, line, style, |id| row.cell(id));
                let urgency = of_status(&row.cell(Id::Note));
                if counts && urgency != Urgency::Unknown {
                    grid.style(buffer, line, &Id::Note, theme.urgency(urgency));
                }
                if is_here {
                    theme.light(buffer, line);
                }
                continue;
            }
            Some(Entry::Today) => {
                let text = format!("── today {} ", cx.now.local.date());
                let rest = usize::from(area.width).saturating_sub(text.width() + 2);
                (format!("{text}{}", "─".repeat(rest)), theme.notice)
            }
            None => (booking.tenant_line(index), theme.dim),
        };
        let room = area.width.saturating_sub(GUTTER);
        buffer.set_string(area.x + GUTTER, y, truncate(text.0.into(), room), text.1);
        if is_here {
            theme.light(buffer, line);
        }
    }
    mark_hidden(layout.hidden, top, theme, frame);
}

fn one_style(
    grid: &Grid<'_, Id>,
    buffer: &mut Buffer,
    line: Rect,
    style: Style,
    text: impl Fn(Id) -> String,
) {
    let cell = |id: Id| Cell { text: text(id).into(), style, is_changed: false };
    let end = grid.line(buffer, line, |column| cell(column.id));
    let x = line.x.saturating_add(GUTTER).min(line.right());
    buffer.set_style(Rect { x, width: end.saturating_sub(x), ..line }, style);
}

/// The fullest form that fits; references and notes are cut before they are hidden. `hidden` is 0 where
/// there is no room for their number.
fn layout(entries: &[Entry<'_>], room: u16) -> ColumnLayout<Id> {
    let lines = || entries.iter().filter_map(|entry| entry.line());
    let column = |(id, priority, least, most): (Id, u8, u16, u16)| {
        let widest = lines().map(|line: &Line| line.cell(id).width()).max().unwrap_or(0);
        let natural = u16::try_from(widest.max(id.to_string().len())).unwrap_or(u16::MAX);
        let natural = natural.clamp(least, most);
        let is_text = matches!(id, Id::Reference | Id::Note);
        let least = if is_text { natural.min(SHORTEST) } else { natural };
        let side = if id.is_amount() { Side::Right } else { Side::Left };
        Column { id, side, priority, least, natural, cut: Cut::Never }
    };
    let full = fit(FULL.map(column), GAP, room);
    if full.hidden == 0 {
        return full;
    }
    let mark = u16::try_from(hidden_mark(full.hidden).width()).unwrap_or(u16::MAX);
    let fits = |layout: &ColumnLayout<Id>, room: u16| layout.width() <= usize::from(room);
    let marked = fit(FULL.map(column), GAP, room.saturating_sub(mark));
    if fits(&marked, room.saturating_sub(mark)) {
        return marked;
    }
    if fits(&full, room) {
        return ColumnLayout { hidden: 0, ..full };
    }
    let narrow = fit(NARROW.map(column), GAP, room);
    // It has neither references nor notes.
    let hidden = if fits(&narrow, room.saturating_sub(mark)) { narrow.hidden + 2 } else { 0 };
    ColumnLayout { hidden, ..narrow }
}
