//! The matrix of counts and sums above the queue. Columns that do not fit are reached sideways; no
//! amount is ever cut.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::domain::money::{Currency, format_amount, format_count};
use crate::triage::overview::{Overview, Tally};
use crate::tui::component::pieces::{DOT, Piece, indented, line};
use crate::tui::cx::Cx;
use crate::tui::screen::triage::state::TriageScreen;
use crate::tui::theme::Theme;

/// Cells of the names of the rows, with the gap behind them.
const NAME: usize = 6;
/// Cells between two columns; the first of them holds the marks.
const GAP: usize = 2;

/// Lines of the matrix above its currencies: what it speaks of, the titles, all currencies.
const ABOVE: usize = 3;

pub fn lines(overview: &Overview) -> usize {
    ABOVE + overview.currencies.len()
}

pub fn strip(screen: &TriageScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.panel;
    if area.is_empty() {
        return;
    }
    let overview = &screen.overview;
    let (row, column) = screen.at;
    let widths: Vec<usize> = (0..overview.columns.len()).map(|at| width(overview, at)).collect();
    let (first, last) = window(&widths, column, usize::from(area.width).saturating_sub(NAME + 4));
    let room = usize::from(area.height.saturating_sub(2));
    let top = (row + 1).saturating_sub(room);
    let below = overview.tallies.len().saturating_sub(top + room);
    let mut lines = vec![title(screen, cx, theme, (top, below), area.width)];
    let before = if first > 0 { format!("‹ +{first}") } else { String::new() };
    let mut header =
        vec![Span::styled(format!(" {before:<width$}", width = NAME - 1), theme.warning)];
    for (at, width) in widths.iter().enumerate().take(last).skip(first) {
        let label = overview.columns.get(at).map_or("", |column| column.label());
        let gap = " ".repeat((GAP + width).saturating_sub(label.width()));
        header.push(Span::raw(gap));
        header.push(Span::styled(label, theme.header));
    }
    if last < widths.len() {
        header.push(Span::styled(format!(" +{}›", widths.len() - last), theme.warning));
    }
    lines.push(Line::from(header));
    for at in (top..overview.tallies.len()).take(room) {
        let name = match at.checked_sub(1).and_then(|at| overview.currencies.get(at)) {
            None => "all".to_owned(),
            Some(&Currency::NONE) => "none".to_owned(),
            Some(currency) => currency.to_string(),
        };
        let mut spans =
            vec![Span::styled(format!(" {name:<width$}", width = NAME - 1), theme.title)];
        for (column, width) in widths.iter().enumerate().take(last).skip(first) {
            let text = in_words(overview, at, column);
            let gap = " ".repeat((GAP - 1 + width).saturating_sub(text.width()));
            let (mark, style) = marked(screen, theme, at, column);
            spans.push(Span::raw(gap));
            spans.push(Span::styled(format!("{mark}{text}"), style));
        }
        lines.push(Line::from(spans));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// The mark and the style of a cell: where the cursor is, and to which the queue is narrowed.
fn marked(
    screen: &TriageScreen,
    theme: &Theme,
    row: usize,
    column: usize,
) -> (&'static str, Style) {
    let is_chosen = screen.cell.is_some() && screen.overview.cell(row, column) == screen.cell;
    match (screen.is_in_overview && screen.at == (row, column), is_chosen) {
        (true, _) => ("▸", theme.column),
        (false, true) => ("*", theme.chosen),
        (false, false) if screen.overview.tally(row, column).count == 0 => (" ", theme.dim),
        (false, false) => (" ", Style::new()),
    }
}

fn title(
    screen: &TriageScreen,
    cx: &Cx,
    theme: &Theme,
    (above, below): (usize, usize),
    width: u16,
) -> Line<'static> {
    let today = cx.now.local.date();
    let day = screen.day(today);
    let day = match screen.as_of {
        Some(_) => format!("ages as of {day}, not today"),
        None => format!("ages as of today, {day}"),
    };
    let mut pieces = vec![Piece::new(2, theme.dim, day)];
    let list = cx.list();
    let fetched = list.table.records().len() as u64;
    let total = list.total.unwrap_or(fetched).max(fetched);
    pieces.push(if total > fetched || list.has_more() {
        let (fetched, total) = (format_count(fetched), format_count(total));
        let text = format!("only the {fetched} fetched of {total}, {{load-all}} fetches all");
        Piece::new(0, theme.warning, cx.looks.keymap.render(&text))
    } else {
        Piece::new(3, theme.dim, format!("all {}", format_count(fetched)))
    });
    if let Some(cell) = screen.cell {
        let text = format!("narrowed to {}, {{back}} shows all", cell.in_words());
        pieces.push(Piece::new(1, theme.chosen, cx.looks.keymap.render(&text)));
    }
    if !cx.kept.remembers {
        pieces.push(Piece::new(2, theme.warning, "verdicts last until you quit"));
    }
    if above + below > 0 {
        pieces.push(Piece::new(4, theme.dim, format!("{} more rows of it", above + below)));
    }
    indented(line(pieces, DOT, width.saturating_sub(1)))
}

/// The columns that are shown, from the first up to the last: so many as fit beside the cursor's.
fn window(widths: &[usize], column: usize, room: usize) -> (usize, usize) {
    let taken = |from: usize, to: usize| -> usize {
        widths.get(from..to).unwrap_or_default().iter().map(|width| width + GAP).sum()
    };
    let mut first = 0;
    while first < column && taken(first, column + 1) > room {
        first += 1;
    }
    let mut last = (column + 1).min(widths.len());
    while last < widths.len() && taken(first, last + 1) <= room {
        last += 1;
    }
    (first, last)
}

fn width(overview: &Overview, column: usize) -> usize {
    let label = overview.columns.get(column).map_or(0, |column| column.label().width());
    let cells = (0..overview.tallies.len()).map(|row| in_words(overview, row, column).width());
    cells.max().unwrap_or(0).max(label)
}

/// `3  1,234.00`; a `?` where amounts are missing in the sum.
fn in_words(overview: &Overview, row: usize, column: usize) -> String {
    let Tally { count, minor, without } = overview.tally(row, column);
    let currency = row.checked_sub(1).and_then(|row| overview.currencies.get(row));
    let odd = if without > 0 { "?" } else { "" };
    match (count, currency) {
        (0, _) => "·".to_owned(),
        (count, None) => count.to_string(),
        (count, Some(currency)) => format!("{count}  {}{odd}", format_amount(minor, *currency)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_of_the_cursor_is_always_shown_whole() {
        let widths = [10, 20, 5, 30, 8];
        for room in 0..100 {
            for column in 0..widths.len() {
                let (first, last) = window(&widths, column, room);
                assert!(first <= column && column < last && last <= widths.len());
            }
        }
        assert_eq!(window(&widths, 0, 100), (0, 5));
        assert_eq!(window(&widths, 0, 34), (0, 2));
        assert_eq!(window(&widths, 4, 45), (3, 5));
    }
}
