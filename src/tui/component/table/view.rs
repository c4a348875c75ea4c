//! Draws tables of records: a list, or one section of a booking.

use std::borrow::Cow;

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use unicode_width::UnicodeWidthStr;

use crate::domain::failure::Failure;
use crate::figures::urgency;
use crate::list::Kind;
use crate::list::record::Record;
use crate::tui::advice::advice;
use crate::tui::component::table::Table;
use crate::tui::component::table::columns::{GUTTER, drawn, hidden_mark, title_basis};
use crate::tui::component::table::grid::{Cell, Grid};
use crate::tui::cx::Cx;
use crate::tui::theme::{CURSOR, Theme};

const MARKED: &str = "*";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    All,
    Part,
}

pub fn failed(cx: &Cx, failure: &Failure, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    centered(of_failure(failure, (cx, theme)), frame, area);
}

/// As [`failed`], with a sentence about what else may help.
pub fn failed_with(
    failure: &Failure,
    more: &'static str,
    (cx, theme): (&Cx, &Theme),
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let mut lines = of_failure(failure, (cx, theme));
    lines.push(Line::styled(cx.words(more), theme.notice));
    centered(lines, frame, area);
}

fn of_failure(failure: &Failure, (cx, theme): (&Cx, &Theme)) -> Vec<Line<'static>> {
    vec![
        Line::styled(format!("✗ {}", failure.what), theme.failure),
        Line::raw(failure.why.clone()),
        Line::styled(advice(&failure.advice, &cx.looks.keymap), theme.notice),
    ]
}

pub fn nothing(text: impl Into<String>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    centered(vec![Line::styled(text.into(), theme.dim)], frame, area);
}

fn centered(lines: Vec<Line<'static>>, frame: &mut Frame<'_>, area: Rect) {
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

/// A line of a table.
pub enum TableLine {
    Heading(String),
    Row(usize),
}

/// How the rows of a table are drawn.
pub struct Extras<'a> {
    pub loaded: Loaded,
    /// The mark for a row that a refresh changed.
    pub changed: &'a dyn Fn(usize) -> Option<&'static str>,
    /// The style of a cell, by its row and the name of its column; `None` for the usual one.
    pub style: &'a dyn Fn(usize, &str) -> Option<Style>,
}

/// `changed` returns the mark for a row that a refresh changed.
pub fn rows(
    table: &Table,
    loaded: Loaded,
    changed: impl Fn(usize) -> Option<&'static str>,
    theme: (&Cx, &Theme),
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let shown = (table.top()..).map(TableLine::Row);
    let extras = Extras { loaded, changed: &changed, style: &|_, _| None };
    lines(table, shown, &extras, theme, frame, area);
}

/// The same, with headings among the rows.
pub fn lines(
    table: &Table,
    shown: impl Iterator<Item = TableLine>,
    extras: &Extras<'_>,
    (cx, theme): (&Cx, &Theme),
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let today = cx.now.local.date();
    let layout = drawn(table, area.width);
    let grid = Grid { layout: &layout, gutter: GUTTER, theme };
    let buffer = frame.buffer_mut();
    // The terminal may have shrunk since its size was last reported.
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let own = |row, column| (extras.style)(row, table.spec().described(column)?.name);
    let top = Rect { height: 1, ..area };
    grid.header(buffer, top, |column| title(table, column.id, extras.loaded, theme));
    for (y, shown) in (area.y + 1..area.bottom()).zip(shown) {
        let line = Rect { y, height: 1, ..area };
        let index = match shown {
            TableLine::Row(index) => index,
            TableLine::Heading(text) => {
                buffer.set_line(area.x, y, &Line::styled(text, theme.title), area.width);
                continue;
            }
        };
        let Some(record) = table.row(index) else { break };
        let is_here = index == table.cursor();
        let sign = if table.is_marked(index) { Some(MARKED) } else { (extras.changed)(index) };
        let cursor = is_here.then_some((CURSOR, theme.cursor));
        grid.signs(buffer, line, &[cursor, sign.map(|sign| (sign, theme.warning))]);
        if let Some(json) = record.unreadable() {
            grid.unreadable(json, buffer, line);
            if is_here {
                theme.light(buffer, line);
            }
            continue;
        }
        let is_closed = urgency::is_closed(record);
        grid.line(buffer, line, |column| Cell {
            text: table.cell(record, column.id, today),
            style: own(index, column.id).unwrap_or_else(|| {
                if is_closed { theme.dim } else { style_of(record, column.id, today, theme) }
            }),
            is_changed: record.is_changed(column.id),
        });
        if is_here {
            theme.light(buffer, line);
        }
    }
    mark_hidden(layout.hidden, top, theme, frame);
}

/// How many columns are hidden, at the end of their `titles`.
pub fn mark_hidden(hidden: usize, titles: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    if hidden == 0 {
        return;
    }
    let mark = hidden_mark(hidden);
    let width = u16::try_from(mark.width()).unwrap_or(u16::MAX).min(titles.width);
    let right = Rect { x: titles.right().saturating_sub(width), width, ..titles };
    frame.render_widget(Line::styled(mark, theme.warning), right);
}

/// Status and date cells are colored by urgency; currencies are dim.
pub fn style_of(record: &Record, position: usize, today: NaiveDate, theme: &Theme) -> Style {
    let is_currency =
        record.spec().fields.get(position).is_some_and(|field| field.kind == Kind::Currency);
    match urgency::of_cell(record, position, today) {
        Some(urgency) => theme.urgency(urgency),
        None if is_currency => theme.dim,
        None => Style::new(),
    }
}

/// The title of the sorted column has an arrow, hollow while rows are missing, and the basis of a
/// sort by amount.
fn title(table: &Table, field: usize, loaded: Loaded, theme: &Theme) -> (Cow<'static, str>, Style) {
    let described = table.spec().described(field);
    let (name, label) = described.map_or(("", ""), |column| (column.name, column.label));
    let sort = table.sort().filter(|sort| sort.column == name);
    let arrow = match (sort.map(|sort| sort.descending), loaded) {
        (None, _) => "",
        (Some(true), Loaded::All) => " ▼",
        (Some(false), Loaded::All) => " ▲",
        (Some(true), Loaded::Part) => " ▽",
        (Some(false), Loaded::Part) => " △",
    };
    let style = match sort {
        _ if field == table.field() => theme.column,
        Some(_) => theme.sorted,
        None => theme.header,
    };
    let basis = if sort.is_some() { title_basis(table) } else { "" };
    (format!("{label}{arrow}{basis}").into(), style)
}
