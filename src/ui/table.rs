//! Tables of records: a list, or one section of a booking.

use std::borrow::Cow;

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Rect};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Cell, Paragraph, Row, Table as Grid, Wrap};

use super::theme::Theme;
use crate::app::columns::{self, GAP, GUTTER, Placed, Placement, Wish};
use crate::app::model::Model;
use crate::app::table::Table;
use crate::app::update::UNMARKED_WAIT;
use crate::domain::cut::cut;
use crate::domain::failure::Failure;
use crate::domain::money::counted;
use crate::filter::Kind;
use crate::filter::setting::{Setting, Target};

/// The mark of the cursor, in the gutter: a move then changes two cells and not two rows.
pub(super) const CURSOR: &str = "▌";
/// The mark of a row that the user marked.
const MARKED: &str = "*";
/// Cells at the right end of the header for the number of hidden columns.
const HIDDEN: u16 = 5;

/// The list of the current tab, or why it is empty.
pub(super) fn list(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(list) = model.list() else { return };
    if !list.table.is_empty() {
        let is_part = list.has_more();
        return grid(&list.table, model.now.local.date(), is_part, theme, frame, area);
    }
    if let Some(failure) = &list.failure {
        return failed(failure, theme, frame, area);
    }
    let title = list.spec().title.to_lowercase();
    if list.table.is_narrowed() && !list.table.records().is_empty() {
        let fetched = counted(list.table.records().len() as u64);
        let text = format!("None of the {fetched} fetched {title} holds this text.");
        return centred(vec![Line::styled(text, theme.dim)], frame, area);
    }
    let has_filters = list.query.filters().next().is_some();
    let text = match (list.load.is_some(), has_filters) {
        (true, _) => waiting(model, &title),
        (false, true) if list.settings().iter().any(is_search) => format!(
            "No {title} match these filters. The server may tell accents apart where / does not."
        ),
        (false, true) => format!("No {title} match these filters."),
        (false, false) if list.fetched.is_some() => format!("This customer has no {title}."),
        (false, false) => format!("No {title} were fetched; r fetches them."),
    };
    centred(vec![Line::styled(text, theme.dim)], frame, area);
}

fn is_search(setting: &Setting) -> bool {
    matches!(setting.target(), Target::Param(filter) if filter.kind == Kind::Search)
}

/// Nothing for a short wait, then what is waited for.
pub(super) fn waiting(model: &Model, what: &str) -> String {
    let waited =
        model.waiting_since().map_or(0, |since| model.now.elapsed.saturating_sub(since.elapsed));
    if waited < UNMARKED_WAIT { String::new() } else { format!("Fetching {what} …") }
}

/// A failure where there are no rows to keep: what, why, what to do.
pub(super) fn failed(failure: &Failure, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let lines = vec![
        Line::styled(format!("✗ {}", failure.what), theme.failure),
        Line::raw(failure.why.clone()),
        Line::styled(failure.todo.clone(), theme.notice),
    ];
    centred(lines, frame, area);
}

/// A few lines in the upper part of an area.
pub(super) fn centred(lines: Vec<Line<'static>>, frame: &mut Frame<'_>, area: Rect) {
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
pub(super) fn grid(
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
pub(super) fn grid_with(
    table: &Table,
    (today, is_part): (NaiveDate, bool),
    changed: impl Fn(usize) -> Option<&'static str>,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let placement = placed(table, area.width);
    let widths: Vec<Constraint> = std::iter::once(Constraint::Length(GUTTER))
        .chain(placement.shown.iter().map(|placed| {
            let gap = if is_last(&placement, placed) { 0 } else { GAP };
            Constraint::Length(placed.width + gap)
        }))
        .collect();
    let height = usize::from(area.height.saturating_sub(1));
    let visible = table.top()..table.len().min(table.top() + height);
    let rows =
        visible.filter_map(|index| Some((index, table.row(index)?))).map(|(index, record)| {
            let is_here = index == table.cursor();
            let sign = if table.is_marked(index) { Some(MARKED) } else { changed(index) };
            let mark = gutter(is_here, sign, theme);
            let cells = placement.shown.iter().enumerate().map(|(at, placed)| {
                let cell = aligned(table, *placed, table.cell(record, placed.field, today));
                if is_here && at == 0 { cell.style(theme.cursor) } else { cell }
            });
            Row::new(std::iter::once(mark).chain(cells))
        });
    let grid =
        Grid::new(rows, widths).header(header(table, &placement, is_part, theme)).column_spacing(0);
    frame.render_widget(grid, area);
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

/// The cursor's mark and the user's, side by side.
fn gutter<'a>(is_here: bool, sign: Option<&'static str>, theme: &Theme) -> Cell<'a> {
    let here = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
    let marked = sign.map_or(Span::raw(" "), |sign| Span::styled(sign, theme.warning));
    Cell::from(Line::from(vec![here, marked]))
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

fn is_last(placement: &Placement, placed: &Placed) -> bool {
    placement.shown.last() == Some(placed)
}

/// The titles; the sorted one has an arrow, hollow while not all rows are fetched.
fn header<'a>(table: &Table, placement: &Placement, is_part: bool, theme: &Theme) -> Row<'a> {
    let cells = placement.shown.iter().map(|placed| {
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
        pad(table, *placed, Line::from(Span::styled(format!("{label}{arrow}"), style)))
    });
    Row::new(std::iter::once(Cell::from("")).chain(cells))
}

fn aligned<'a>(table: &Table, placed: Placed, text: Cow<'a, str>) -> Cell<'a> {
    pad(table, placed, Line::from(cut(text, placed.width)))
}

/// The cell is as wide as the column and the gap after it; the line stands at its side of the column.
fn pad<'a>(table: &Table, placed: Placed, mut line: Line<'a>) -> Cell<'a> {
    let described = table.spec().described(placed.field);
    if described.is_some_and(|column| column.is_right_aligned) {
        let room = usize::from(placed.width).saturating_sub(line.width());
        line.spans.insert(0, Span::raw(" ".repeat(room)));
    }
    Cell::from(Text::from(line))
}
