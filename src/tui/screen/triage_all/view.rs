//! Draws the queue of all customers: progress, customers that are missing, rows.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use textwrap::WordSplitter;
use unicode_width::UnicodeWidthStr;

use super::TriageAllScreen;
use super::part::Part;
use crate::customers::state::Trouble;
use crate::domain::money::{counted, format_count};
use crate::domain::truncate::truncate;
use crate::tui::component::pieces::{DOT, Piece, indented, line, position};
use crate::tui::component::table::view::nothing;
use crate::tui::component::wait::waiting_for;
use crate::tui::cx::Cx;
use crate::tui::screen::panel;
use crate::tui::screen::triage::view::queue::{Customers, QueueRows};
use crate::tui::screen::triage::view::{decided, hidden, hidden_piece, progress_bar};
use crate::tui::theme::Theme;

const TITLE: &str = "Penalties of all customers";
/// Lines for the customers that failed, and for those that are partly loaded.
const MOST_LINES: usize = 3;
/// Cells of `a (slow)`.
const SHORTEST_ITEM: usize = 8;

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

/// The customers whose penalties are missing, and why, on a few lines.
pub(super) fn troubles(screen: &TriageAllScreen, cx: &Cx) -> Vec<String> {
    let room = usize::from(cx.size.0.saturating_sub(2));
    let most = usize::from(panel(2 * MOST_LINES, cx));
    let partial = |part: &Part| Some(format!("{} ({})", part.profile, part.partly_loaded()?));
    let partial: Vec<String> = screen.parts.iter().filter_map(partial).collect();
    let partial_lines = usize::from(!partial.is_empty());
    let mut lines = failed(screen, cx, room, MOST_LINES.min(most - partial_lines.min(most)));
    if !partial.is_empty() {
        let left = MOST_LINES.min(most.saturating_sub(lines.len()));
        lines.extend(wrapped("Incomplete:", &partial, room, left).0);
    }
    lines
}

/// The customers that could not be loaded: with the reasons if they fit, else with a word for each.
fn failed(screen: &TriageAllScreen, cx: &Cx, room: usize, most: usize) -> Vec<String> {
    let each = |in_words: &dyn Fn(&Part, &Trouble) -> String| -> Vec<String> {
        let item = |part: &Part| {
            let trouble = part.trouble.as_ref()?;
            let old = part.extent.map_or("", |_| ", its earlier rows are shown");
            Some(format!("{} ({}{old})", part.profile, in_words(part, trouble)))
        };
        screen.parts.iter().filter_map(item).collect()
    };
    let full = each(&|part, trouble| trouble.in_words(&part.profile));
    if full.is_empty() {
        return Vec::new();
    }
    let is_locked = |part: &Part| matches!(part.trouble, Some(Trouble::Locked(_)));
    let unlock = if screen.parts.iter().any(is_locked) {
        cx.words(" To unlock one: {back}, then {refresh} on its row.")
    } else {
        String::new()
    };
    let count = counted(full.len() as u64, "customer");
    let again = cx.words("{reload-customers} loads all again.");
    let head = format!("{count} could not be loaded. {again}{unlock}");
    let (lines, left_out) = wrapped(&head, &full, room, most);
    if left_out == 0 {
        return lines;
    }
    wrapped(&head, &each(&|_, trouble| trouble.word().to_owned()), room, most).0
}

/// The items after a head on at most so many lines; and how many items have no room, which the last line
/// says.
fn wrapped(head: &str, items: &[String], room: usize, most: usize) -> (Vec<String>, usize) {
    let fill = |shown: usize| -> Vec<String> {
        let left_out = items.len() - shown;
        let more = (left_out > 0).then(|| format!("… {} more", format_count(left_out as u64)));
        let listed: Vec<String> = items.iter().take(shown).cloned().chain(more).collect();
        let text = format!("{head} {}", listed.join(", "));
        let options = textwrap::Options::new(room).word_splitter(WordSplitter::NoHyphenation);
        textwrap::wrap(&text, options).into_iter().map(Cow::into_owned).collect()
    };
    // Each item needs more cells than this.
    let likely = items.len().min(most * room / SHORTEST_ITEM + 1);
    let each = (0..=likely).rev().map(|shown| (fill(shown), items.len() - shown));
    let mut fitting = each.filter(|(lines, _): &(Vec<String>, usize)| lines.len() <= most);
    fitting.next().unwrap_or_else(|| {
        let first = fill(0).into_iter().take(most);
        (first.collect(), items.len())
    })
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
