//! Draws the queue of all customers: progress, customers that are missing, rows.

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::TriageAllScreen;
use crate::customers::state::Trouble;
use crate::domain::money::{counted, format_count};
use crate::domain::truncate::truncate;
use crate::tui::component::pieces::{DOT, Piece, indented, line, position};
use crate::tui::component::table::view::nothing;
use crate::tui::component::wait::waiting_for;
use crate::tui::cx::Cx;
use crate::tui::screen::triage::view::queue::{Customers, QueueRows};
use crate::tui::screen::triage::view::{decided, hidden, hidden_piece, progress_bar};
use crate::tui::theme::Theme;

const TITLE: &str = "Penalties of all customers";

pub(super) fn draw(screen: &TriageAllScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    title(screen, cx, theme, frame);
    let room = cx.layout.panel.width.saturating_sub(2);
    let troubles = troubles(screen, cx).into_iter().map(|text| {
        let text = truncate(text.into(), room).into_owned();
        indented(Line::styled(text, theme.warning))
    });
    frame.render_widget(Paragraph::new(troubles.collect::<Vec<_>>()), cx.layout.panel);
    rows(screen, cx, theme, frame);
}

fn title(screen: &TriageAllScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let (area, queue) = (cx.layout.tabs, &screen.queue);
    let mut pieces = vec![Piece::new(2, theme.chosen, TITLE)];
    let (loading, all) = screen.progress();
    if loading > 0 {
        let left = format!("loading: {} of {} left", loading, format_count(all as u64));
        pieces.push(Piece::new(0, theme.warning, left));
    }
    pieces.extend(hidden_piece(queue, cx, theme));
    if screen.parts.iter().any(|part| part.extent.is_some() && !part.is_saved) {
        pieces.push(Piece::new(1, theme.warning, "decisions are not saved"));
    }
    let bar = progress_bar(queue.progress.decided, queue.progress.open, theme);
    let taken: usize = pieces.iter().map(|piece| piece.text.width() + DOT.width()).sum();
    let room = usize::from(area.width).saturating_sub(taken + 2);
    pieces.insert(1, Piece::new(0, theme.title, decided(queue, room)));
    let mut shown = indented(line(pieces, DOT, area.width.saturating_sub(1)));
    let bars: usize = bar.iter().map(ratatui::text::Span::width).sum();
    if shown.width() + bars < usize::from(area.width) {
        shown.spans.extend(bar);
    }
    frame.render_widget(Paragraph::new(shown), area);
}

/// The customers whose penalties are missing, and why.
pub(super) fn troubles(screen: &TriageAllScreen, cx: &Cx) -> Vec<String> {
    let room = usize::from(cx.size.0.saturating_sub(2));
    let failed: Vec<(&str, &Trouble, bool)> = screen
        .parts
        .iter()
        .filter_map(|part| {
            Some((part.profile.as_str(), part.trouble.as_ref()?, part.extent.is_some()))
        })
        .collect();
    let mut lines = Vec::new();
    if !failed.is_empty() {
        let why = |in_full: bool| {
            let each = failed.iter().map(|(profile, trouble, has_rows)| {
                let old = if *has_rows { ", its earlier rows are shown" } else { "" };
                let why =
                    if in_full { trouble.in_words(profile) } else { trouble.word().to_owned() };
                format!("{profile} ({why}{old})")
            });
            each.collect::<Vec<_>>().join(", ")
        };
        let count = counted(failed.len() as u64, "customer");
        let retry = cx.words("{refresh-all} retries.");
        let text = |in_full| format!("{count} could not be loaded: {}. {retry}", why(in_full));
        let full = text(true);
        lines.push(if full.width() <= room { full } else { text(false) });
    }
    let partial = screen.parts.iter().filter_map(|part| {
        let extent = part.extent.filter(|extent| !extent.is_whole)?;
        let loaded = format_count(extent.loaded);
        let all = extent.total.map_or_else(|| "more".to_owned(), format_count);
        Some(format!("{} ({loaded} of {all} penalties loaded)", part.profile))
    });
    let partial = partial.collect::<Vec<_>>().join(", ");
    if !partial.is_empty() {
        lines.push(format!("Incomplete: {partial}"));
    }
    lines
}

fn rows(screen: &TriageAllScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let (table, today) = (&screen.table, cx.now.local.date());
    if table.is_empty() {
        return nothing(why_empty(screen, cx), theme, frame, cx.layout.table);
    }
    let name = |row: usize| screen.row(row).map_or("", |(part, _)| part.profile.as_str());
    let entry = |row: usize| screen.row(row).and_then(|(part, record)| part.entry(record));
    let width = screen.parts.iter().map(|part| part.profile.width()).max().unwrap_or_default();
    let width = u16::try_from(width).unwrap_or(u16::MAX);
    let rows = QueueRows {
        table,
        customers: Some(Customers { name: &name, width }),
        entry: &entry,
        groups: None,
        is_part: false,
        day: today,
        today,
    };
    rows.draw(cx.layout.rows(), theme, frame, cx.layout.table);
}

fn why_empty(screen: &TriageAllScreen, cx: &Cx) -> String {
    if screen.progress().0 > 0 {
        return waiting_for("penalties", screen.since, cx);
    }
    let hidden = hidden(&screen.queue, cx).map(|it| format!(" {it}.")).unwrap_or_default();
    format!("There are no open penalties in the queue.{hidden}")
}

pub(super) fn status(screen: &TriageAllScreen, theme: &Theme) -> Vec<Piece> {
    let (table, mut pieces) = (&screen.table, Vec::new());
    if !table.is_empty() {
        let row = position("row", table.cursor(), table.len() as u64);
        pieces.push(Piece::new(0, theme.title, row));
    }
    if !table.marks.is_empty() {
        let label = format!("{} marked", format_count(table.marks.len() as u64));
        pieces.push(Piece::new(0, theme.warning, label));
    }
    if screen.shows_all {
        pieces.push(Piece::new(3, theme.dim, "all shown"));
    }
    let not_summed = screen.queue.progress.not_summed.to_string();
    if !not_summed.is_empty() {
        pieces.push(Piece::new(3, theme.warning, not_summed));
    }
    pieces
}
