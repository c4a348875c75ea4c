//! Draws the penalties as a queue: matrix, rows, evidence, progress.

pub mod queue;

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::domain::money::{Currency, counted, format_amount, format_count, format_money};
use crate::triage::overview::{Overview, Tally};
use crate::triage::queue::Queue;
use crate::tui::component::fitting::fitting;
use crate::tui::component::pieces::{DOT, Piece, indented, line, position};
use crate::tui::cx::Cx;
use crate::tui::screen::list;
use crate::tui::screen::triage::state::TriageScreen;
use crate::tui::theme::Theme;

pub fn draw(screen: &TriageScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    list::tabs::draw(cx, theme, frame);
    list::view::chips(cx, theme, frame);
    strip(screen, cx, theme, frame);
    queue::rows(screen, cx, theme, frame);
}

/// The position in the queue, and the progress if no line above shows it.
pub fn status(screen: &TriageScreen, cx: &Cx, theme: &Theme, room: usize) -> Vec<Piece> {
    let table = &cx.list().table;
    let queue = &screen.queue;
    let mut pieces = Vec::new();
    if !table.marks.is_empty() {
        let label = format!("{} marked", format_count(table.marks.len() as u64));
        pieces.push(Piece::new(0, theme.warning, label));
    }
    let has_progress = cx.layout.panel.is_empty();
    if has_progress {
        pieces.extend(hidden_piece(queue, cx, theme));
    }
    if screen.shows_all {
        pieces.push(Piece::new(3, theme.dim, "all shown"));
    }
    let not_summed = queue.progress.not_summed.to_string();
    if !not_summed.is_empty() {
        pieces.push(Piece::new(3, theme.warning, not_summed));
    }
    let taken: usize = pieces.iter().map(|piece| piece.text.width() + 3).sum();
    let room = room.saturating_sub(taken);
    let row = position("row", table.cursor(), table.len() as u64);
    if !has_progress {
        let row = (!table.is_empty()).then(|| Piece::new(0, theme.title, row));
        return row.into_iter().chain(pieces).collect();
    }
    // The position is dropped before the decided money, in one currency at least.
    let summary = decided(queue, room.saturating_sub(row.width() + 3));
    let (text, row) =
        if summary.contains(", ") { (summary, row) } else { (decided(queue, room), String::new()) };
    pieces.insert(0, Piece::new(0, theme.chosen, text));
    if !table.is_empty() {
        pieces.insert(1, Piece::new(4, theme.title, row));
    }
    pieces
}

pub fn hidden_piece(queue: &Queue, cx: &Cx, theme: &Theme) -> Option<Piece> {
    let style = if queue.hidden.is_only_closed() { theme.dim } else { theme.warning };
    Some(Piece::new(1, style, hidden(queue, cx)?))
}

/// `2 snoozed, 35 closed, H shows`: the hidden penalties.
pub fn hidden(queue: &Queue, cx: &Cx) -> Option<String> {
    let shows = cx.words("{show-hidden} shows");
    (queue.hidden.count() > 0).then(|| format!("{}, {shows}", queue.hidden))
}

/// `7 of 18 decided, EUR 1,240.00 of 3,120.00` of the open penalties, with as many currencies as
/// fit.
pub fn decided(queue: &Queue, room: usize) -> String {
    let progress = &queue.progress;
    let [decided, open] = [progress.decided, progress.open].map(|count| format_count(count as u64));
    let head = format!("{decided} of {open} decided");
    let each = progress.sums.euros_first().map(|(currency, all)| {
        let decided = progress.decided_sums.of(currency);
        format!("{} of {}", format_money(decided, currency), format_amount(all, currency))
    });
    let shown = fitting(each, progress.sums.len(), room, |sums| format!("{head}, {sums}"));
    shown.unwrap_or(head)
}

/// Cells of a row's name, with the gap after it.
const NAME: usize = 6;
/// Cells between two columns; the first of them holds the marks.
const GAP: usize = 2;

/// Lines of the matrix above its currencies: the title, the column titles, all currencies.
const ABOVE: usize = 3;

/// On a screen with fewer lines, only the row of all currencies is shown; the others scroll.
const HIGH: u16 = 30;

pub fn overview_lines(overview: &Overview, (_, height): (u16, u16)) -> usize {
    ABOVE + if height < HIGH { 0 } else { overview.currencies.len() }
}

fn strip(screen: &TriageScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
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
        header.push(Span::styled(label, theme.dim));
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

/// The mark and the style of a cell: the cursor, and the cell that filters the queue.
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
    let mut pieces = Vec::new();
    if let Some(day) = screen.as_of {
        pieces.push(Piece::new(1, theme.warning, format!("days overdue as of {day}")));
    }
    let list = cx.list();
    if list.scope().part.is_some() {
        let (loaded, all) = (list.scope().loaded(), cx.words(list.rest_by()));
        pieces.push(Piece::new(0, theme.warning, format!("({loaded} loaded, {all})")));
    }
    pieces.extend(hidden_piece(&screen.queue, cx, theme));
    if let Some(cell) = screen.cell {
        let text = format!("showing only {}; {}", cell.in_words(), cx.words("{back} shows all"));
        pieces.push(Piece::new(0, theme.chosen, text));
    }
    if !cx.kept.remembers {
        pieces.push(Piece::new(2, theme.warning, "decisions are not saved"));
    }
    if above + below > 0 {
        pieces.push(Piece::new(4, theme.dim, counted((above + below) as u64, "more line")));
    }
    let progress = &screen.queue.progress;
    let bar = progress_bar(progress.decided, progress.open, theme);
    let bars: usize = bar.iter().map(Span::width).sum();
    // The sums are dropped before what is hidden and why.
    let kept = pieces.iter().filter(|piece| piece.priority <= 1);
    let kept: usize = kept.map(|piece| piece.text.width() + DOT.width()).sum();
    let room = usize::from(width).saturating_sub(kept + 2);
    let decided = decided(&screen.queue, room);
    pieces.insert(0, Piece::new(0, theme.title, decided));
    let mut shown = indented(line(pieces, DOT, width.saturating_sub(1)));
    let at = 2.min(shown.spans.len());
    if shown.width() + bars < usize::from(width) {
        shown.spans.splice(at..at, bar);
    }
    shown
}

/// Cells of the bar of decided penalties.
const BAR: usize = 20;

pub fn progress_bar(decided: usize, open: usize, theme: &Theme) -> Vec<Span<'static>> {
    if open == 0 {
        return Vec::new();
    }
    let done = (decided * BAR / open).max(usize::from(decided > 0)).min(BAR);
    vec![
        Span::raw("  "),
        Span::styled("▄".repeat(done), theme.good),
        Span::styled("▁".repeat(BAR - done), theme.dim),
    ]
}

/// The first column that is shown and the one after the last: as many as fit with the cursor's.
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

/// `3  1,234.00`; with a `?` if amounts are missing from the sum. Unknown currencies are only
/// counted.
fn in_words(overview: &Overview, row: usize, column: usize) -> String {
    let Tally { count, minor, without } = overview.tally(row, column);
    let currency = row.checked_sub(1).and_then(|row| overview.currencies.get(row));
    let odd = if without > 0 { "?" } else { "" };
    match (count, currency) {
        (0, _) => "·".to_owned(),
        (count, None | Some(&Currency::UNKNOWN)) => count.to_string(),
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
