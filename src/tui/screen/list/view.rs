//! Draws the lists: chips, rows, summary, status line.

use ratatui::Frame;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::domain::money::{Sums, format_amount, format_count};
use crate::domain::truncate::truncate;
use crate::figures;
use crate::figures::ages::Ages;
use crate::figures::summary::{Part, Scope, Weight};
use crate::filter::FilterValue;
use crate::list::record;
use crate::list::sort::AmountBasis;
use crate::tui::component::fitting::fitting;
use crate::tui::component::pieces::{DOT, Piece, indented, line, position, text_of};
use crate::tui::component::table::columns::same_in_all;
use crate::tui::component::table::view::{Loaded, failed};
use crate::tui::component::table::{Table, view as table};
use crate::tui::component::wait::waiting_for;
use crate::tui::cx::Cx;
use crate::tui::screen::list::found::nothing_found;
use crate::tui::screen::list::state::List;
use crate::tui::screen::payments::writable::mark_of;
use crate::tui::theme::Theme;

pub fn chips(cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.chips;
    let list = cx.list();
    if !list.has_chips() {
        return;
    }
    let room = area.width.saturating_sub(10);
    let each = |chip: String| {
        let chip = truncate(chip.into(), room.saturating_sub(3));
        Piece::new(1, theme.chosen, format!("{chip} ✕"))
    };
    let all: Vec<Piece> = list.chips().map(each).collect();
    let count = all.len();
    let shown = line(all, "   ", room);
    let left_out = count - shown.spans.len().div_ceil(2).min(count);
    frame.render_widget(Paragraph::new(indented(shown)), area);
    if left_out > 0 {
        let more = Line::styled(format!("+{left_out} more "), theme.warning).right_aligned();
        frame.render_widget(more, area);
    }
}

pub fn rows(cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.table;
    let list = cx.list();
    if !list.table.is_empty() {
        let loaded = if list.has_more() { Loaded::Part } else { Loaded::All };
        let written = |row| {
            let row = list.table.row(row).filter(|row| row.spec().is_of_payments())?;
            mark_of(row, &cx.writes)
        };
        return table::rows(&list.table, loaded, written, (cx, theme), frame, area);
    }
    if let Some(failure) = &list.failure {
        return failed(cx, failure, theme, frame, area);
    }
    table::nothing(why_empty(list, cx), theme, frame, area);
}

fn why_empty(list: &List, cx: &Cx) -> String {
    if list.table.is_narrowed() && !list.table.records().is_empty() {
        let is_behind = list.table.is_behind();
        return if is_behind { "Searching…".to_owned() } else { nothing_found(list, cx) };
    }
    if list.load.is_some() {
        let title = list.spec().title.to_lowercase();
        return waiting_for(&title, list.waiting_since(), cx);
    }
    if !list.filters().is_empty() {
        let is_search = list.filters().iter().any(FilterValue::is_search);
        let accents = if is_search { " The server's search may be accent-sensitive." } else { "" };
        return format!("No rows match these filters.{accents}");
    }
    if list.fetched.is_some() {
        return format!("This customer has no rows in {}.", list.spec().title);
    }
    format!("The list {} is not loaded. {}", list.spec().title, cx.words("{refresh} loads it."))
}

/// Lists whose rows can be closed have a second line for the days overdue of open rows.
pub fn summary_lines(cx: &Cx) -> u16 {
    1 + u16::from(cx.list().spec().has_closed_rows())
}

/// Cells of the bar of ages.
const BAR: std::ops::RangeInclusive<usize> = 8..=40;
/// Blank cells before and after the bar.
const BAR_GAP: usize = 4;

/// The totals of the rows, below the tabs.
pub fn summary(cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let (area, list) = (cx.layout.summary, cx.list());
    if area.is_empty() || list.table.records().is_empty() {
        return;
    }
    let room = usize::from(area.width.saturating_sub(2));
    let ages = Ages::of(list.table.figures()).filter(|_| list.spec().has_closed_rows());
    let shown = |parts: Vec<Part>| {
        let piece = |part: Part| Piece::new(0, weighed(part.weight, theme), part.text);
        indented(line(parts.into_iter().map(piece).collect(), DOT, area.width.saturating_sub(1)))
    };
    let with_bar = |parts: Vec<Part>, ages: &Ages| {
        let mut line = shown(parts);
        let left = usize::from(area.width).saturating_sub(line.width());
        line.spans.extend(bar(ages, left, theme));
        line
    };
    let figures = |has_ages: bool, room: usize| {
        of_table(&list.table, Scope { has_ages, ..list.scope() }, room)
    };
    let lines = ages.and_then(|ages| {
        if area.height > 1 {
            let parts = ages.parts(room)?;
            return Some(vec![shown(figures(true, room)), with_bar(parts, &ages)]);
        }
        let cells = BAR.start() + BAR_GAP;
        let has_bar = theme.has_colors() && !ages.bar(cells).is_empty();
        let parts = figures(false, room.checked_sub(cells).filter(|_| has_bar)?);
        let has_ages = parts.iter().any(|part| matches!(part.weight, Weight::Of(_)));
        has_ages.then(|| vec![with_bar(parts, &ages)])
    });
    let lines = lines.unwrap_or_else(|| vec![shown(figures(false, room))]);
    frame.render_widget(Paragraph::new(lines), area);
}

pub fn weighed(weight: Weight, theme: &Theme) -> Style {
    match weight {
        Weight::Strong => theme.title,
        Weight::Plain => Style::new(),
        Weight::Quiet => theme.dim,
        Weight::Warning => theme.warning,
        Weight::Of(urgency) => theme.urgency(urgency),
    }
}

/// In the rest of a line; empty if that is too short, or if the theme has no colors.
fn bar(ages: &Ages, left: usize, theme: &Theme) -> Vec<Span<'static>> {
    let cells = left.saturating_sub(BAR_GAP).min(*BAR.end());
    if cells < *BAR.start() || !theme.has_colors() {
        return Vec::new();
    }
    let each = ages.bar(cells).into_iter();
    let spans = each.map(|(urgency, cells)| {
        let style = theme.urgency(urgency).remove_modifier(Modifier::BOLD);
        Span::styled("▄".repeat(cells), style)
    });
    [Span::raw("   ")].into_iter().chain(spans).collect()
}

fn of_table(table: &Table, scope: Scope, room: usize) -> Vec<Part> {
    figures::summary::summary(table.spec(), table.figures(), scope, room)
}

pub fn status(cx: &Cx, theme: &Theme) -> Vec<Piece> {
    let list = cx.list();
    let loaded = list.table.records().len() as u64;
    if loaded == 0 {
        return Vec::new();
    }
    let all = list.total.map_or(loaded, |total| total.max(loaded));
    let position = if list.table.is_narrowed() {
        let position = position("row", list.table.cursor(), list.table.len() as u64);
        Piece::new(1, theme.title, format!("{position} found"))
    } else {
        row_of(&list.table, all, theme)
    };
    let mut pieces = vec![position];
    let is_part = list.scope().part.is_some();
    if is_part && cx.layout.summary.is_empty() {
        let text = format!("{} loaded", format_count(loaded));
        pieces.push(Piece::new(2, theme.warning, text));
    }
    pieces.extend(unreadable(&list.table, theme));
    let rest = is_part.then(|| cx.words(list.rest_by()));
    pieces.extend(sorted(&list.table, rest.as_deref(), theme));
    let same = same_in_all(&list.table, cx.layout.table.width).join(", ");
    if !same.is_empty() {
        let which = if is_part { "all loaded rows" } else { "all rows" };
        pieces.push(Piece::new(4, theme.dim, format!("{which}: {same}")));
    }
    pieces
}

/// The row of the cursor among `all`.
pub fn row_of(table: &Table, all: u64, theme: &Theme) -> Piece {
    Piece::new(1, theme.title, position("row", table.cursor(), all))
}

pub fn unreadable(table: &Table, theme: &Theme) -> Option<Piece> {
    let count = table.unreadable as u64;
    (count > 0).then(|| Piece::new(2, theme.warning, record::unreadable(count)))
}

/// The basis of the sort, and that rows are missing in it; `rest` tells how to load them.
pub fn sorted(table: &Table, rest: Option<&str>, theme: &Theme) -> Option<Piece> {
    table.sort()?;
    let basis = table.amount_basis().filter(|basis| *basis == AmountBasis::Currency);
    let text = match (basis.map(<&str>::from), rest) {
        (None, None) => return None,
        (None, Some(rest)) => format!("only loaded rows sorted; {rest}"),
        (Some(basis), None) => format!("sorted {basis}"),
        (Some(basis), Some(rest)) => format!("only loaded rows sorted {basis}; {rest}"),
    };
    Some(Piece::new(if basis.is_some() { 1 } else { 2 }, theme.warning, text))
}

/// The totals of the rows of a table, in the room that other pieces leave.
pub fn figures_beside(pieces: &[Piece], table: &Table, theme: &Theme, width: u16) -> Piece {
    let taken = text_of(pieces).width() + DOT.width();
    let room = usize::from(width).saturating_sub(taken + 2);
    let scope = Scope { of: table.counts(), is_numbered: true, ..Scope::default() };
    Piece::new(3, theme.dim, figures::summary::text_of(&of_table(table, scope, room)))
}

/// Totals in `room` cells. Currencies that do not fit are counted, not cut.
pub fn sums_in(sums: &Sums, of: &str, room: usize) -> String {
    let each = sums.euros_first().map(|(currency, minor)| {
        format!("{currency} {}", format_amount(minor, currency)).trim().to_owned()
    });
    fitting(each, sums.len(), room, |shown| format!("{of}: {shown}")).unwrap_or_default()
}
