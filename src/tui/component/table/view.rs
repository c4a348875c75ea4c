//! Tables of records: a list, or one section of a booking.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

use crate::domain::failure::Failure;
use crate::domain::text::{CHANGED, Untrusted};
use crate::domain::truncate::truncate;
use crate::tui::advice::advice;
use crate::tui::component::table::columns::{GAP, GUTTER, Placed, Placement, Wish};
use crate::tui::component::table::{Table, columns};
use crate::tui::cx::Cx;
use crate::tui::theme::Theme;

/// The mark of the cursor, in the gutter: a move then changes two cells and not two rows.
pub const CURSOR: &str = "▌";
/// The mark of a row that the user marked.
const MARKED: &str = "*";
/// Cells at the right end of the header for the number of hidden columns.
const HIDDEN: u16 = 5;

/// A failure where there are no rows to keep: what, why, what to do.
pub fn failed(cx: &Cx, failure: &Failure, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let lines = vec![
        Line::styled(format!("✗ {}", failure.what), theme.failure),
        Line::raw(failure.why.clone()),
        Line::styled(advice(&failure.advice, &cx.looks.keymap), theme.notice),
    ];
    centred(lines, frame, area);
}

/// A few lines in the upper part of an area.
pub fn centred(lines: Vec<Line<'static>>, frame: &mut Frame<'_>, area: Rect) {
    let top = area.height / 3;
    let inside = Rect {
        x: area.x + 2.min(area.width),
        y: area.y + top,
        width: area.width.saturating_sub(4),
        height: area.height - top,
    };
    let text = Paragraph::new(lines).alignment(Alignment::Center).wrap(Wrap { trim: true });
    frame.render_widget(text, inside);
}

/// The rows of a table that are on the screen, below their header.
pub fn grid(
    table: &Table,
    today: NaiveDate,
    is_part: bool,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    grid_with(table, (today, is_part), |_| None, theme, frame, area);
}

/// As [`grid`], with a sign in the gutter of rows that a refresh changed.
pub fn grid_with(
    table: &Table,
    (today, is_part): (NaiveDate, bool),
    changed: impl Fn(usize) -> Option<&'static str>,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let placement = placed(table, area.width);
    // Cell by cell into the buffer: a widget would first make a row, a line and a text of each.
    let buffer = frame.buffer_mut();
    // The terminal may have become smaller since the model was told of its size.
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    header(table, &placement, is_part, theme, buffer, area);
    for (line, y) in (area.y + 1..area.bottom()).enumerate() {
        let index = table.top() + line;
        let Some(record) = table.row(index) else { break };
        let is_here = index == table.cursor();
        if is_here {
            buffer.set_stringn(area.x, y, CURSOR, area.width.into(), theme.cursor);
        }
        let sign = if table.is_marked(index) { Some(MARKED) } else { changed(index) };
        if let Some(sign) = sign.filter(|_| area.width >= GUTTER) {
            buffer.set_string(area.x + 1, y, sign, theme.warning);
        }
        if let Some(json) = record.unreadable() {
            unreadable(json, theme.odd, buffer, Rect { y, height: 1, ..area });
            continue;
        }
        for (at, (x, placed)) in across(&placement, area).enumerate() {
            let text = truncate(table.cell(record, placed.field, today), placed.width);
            let style = if is_here && at == 0 { theme.cursor } else { Style::new() };
            let cell = Rect { x, y, width: placed.width, height: 1 }.intersection(area);
            write(buffer, cell, &text, is_right_aligned(table, placed), style);
            let beside = x.saturating_add(placed.width);
            if record.is_changed(placed.field) && beside < area.right() {
                buffer.set_string(beside, y, CHANGED, theme.warning);
            }
        }
    }
    if placement.hidden > 0 {
        let mark = format!("+{} ›", placement.hidden);
        let right = Rect {
            x: area.right().saturating_sub(HIDDEN),
            width: HIDDEN.min(area.width),
            height: area.height.min(1),
            ..area
        };
        frame.render_widget(Line::styled(mark, theme.warning).right_aligned(), right);
    }
}

/// A row of which nothing could be read: what came instead, so that it is not taken for one whose
/// fields are empty.
fn unreadable(json: &Untrusted, style: Style, buffer: &mut Buffer, row: Rect) {
    let room = row.width.saturating_sub(GUTTER);
    if room > 0 {
        let text = format!("✗ not readable: {}", json.shown());
        buffer.set_string(row.x + GUTTER, row.y, truncate(text.into(), room), style);
    }
}

/// The columns with where each begins.
fn across(placement: &Placement, area: Rect) -> impl Iterator<Item = (u16, &Placed)> {
    placement.shown.iter().scan(area.x.saturating_add(GUTTER), |next, placed| {
        let x = *next;
        *next = x.saturating_add(placed.width).saturating_add(GAP);
        Some((x, placed))
    })
}

fn is_right_aligned(table: &Table, placed: &Placed) -> bool {
    table.spec().described(placed.field).is_some_and(|column| column.is_right_aligned)
}

/// Writes a text at its side of a cell.
fn write(buffer: &mut Buffer, cell: Rect, text: &str, is_right: bool, style: Style) {
    if cell.is_empty() {
        return;
    }
    let room = usize::from(cell.width);
    if !text.is_ascii() {
        let taken = text.width().min(room);
        let left = if is_right { room - taken } else { 0 };
        let x = cell.x.saturating_add(u16::try_from(left).unwrap_or(u16::MAX));
        buffer.set_stringn(x, cell.y, text, room, style);
        return;
    }
    // A letter a cell: nothing has to be measured.
    let left = if is_right { room.saturating_sub(text.len()) } else { 0 };
    for (x, letter) in (cell.x..cell.right()).skip(left).zip(text.chars()) {
        if let Some(place) = buffer.cell_mut((x, cell.y)) {
            place.set_char(letter).set_style(style);
        }
    }
}

fn placed(table: &Table, width: u16) -> Placement {
    let wish = Wish {
        spec: table.spec(),
        columns: table.columns(),
        natural: table.widths(),
        fixed: table.fixed_widths(),
        sorted: table.sort().map(|sort| sort.column),
        cursor: table.column(),
    };
    let place = |width| columns::place(&wish, width);
    let all = place(width);
    if all.hidden == 0 { all } else { place(width.saturating_sub(HIDDEN + 1)) }
}

/// The titles; the sorted one has an arrow, hollow while not all rows are fetched.
fn header(
    table: &Table,
    placement: &Placement,
    is_part: bool,
    theme: &Theme,
    buffer: &mut Buffer,
    area: Rect,
) {
    for (x, placed) in across(placement, area) {
        let described = table.spec().described(placed.field);
        let (name, label) = described.map_or(("", ""), |column| (column.name, column.label));
        let sort = table.sort().filter(|sort| sort.column == name);
        let arrow = match (sort.map(|sort| sort.descending), is_part) {
            (None, _) => "",
            (Some(true), false) => " ▼",
            (Some(false), false) => " ▲",
            (Some(true), true) => " ▽",
            (Some(false), true) => " △",
        };
        let is_here = placed.field == table.field();
        let style = if is_here { theme.column } else { theme.header };
        let cell = Rect { x, width: placed.width, height: 1, ..area }.intersection(area);
        let title = format!("{label}{arrow}");
        write(buffer, cell, &title, is_right_aligned(table, placed), style);
    }
}
