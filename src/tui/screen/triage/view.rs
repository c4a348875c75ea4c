//! The penalties as a queue: matrix, rows, evidence, and how far one has come.

pub mod overview;
pub mod queue;

use ratatui::Frame;
use unicode_width::UnicodeWidthStr;

use crate::domain::money::{format_amount, format_count, format_money};
use crate::triage::queue::Queue;
use crate::tui::component::fitting::{euros_first, fitting};
use crate::tui::component::pieces::Piece;
use crate::tui::cx::Cx;
use crate::tui::screen::list;
use crate::tui::screen::triage::state::TriageScreen;
use crate::tui::theme::Theme;

pub fn draw(screen: &TriageScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    list::view::tabs(cx, theme, frame);
    list::view::chips(cx, theme, frame);
    overview::strip(screen, cx, theme, frame);
    queue::rows(screen, cx, theme, frame);
}

pub fn progress(screen: &TriageScreen, cx: &Cx, theme: &Theme, room: usize) -> Vec<Piece> {
    let table = &cx.list().table;
    let queue = &screen.queue;
    let mut pieces = Vec::new();
    if !table.marks.is_empty() {
        let told = format!("{} marked", format_count(table.marks.len() as u64));
        pieces.push(Piece::new(0, theme.warning, told));
    }
    let hidden = hidden(queue);
    if !hidden.is_empty() {
        pieces.push(Piece::new(1, theme.warning, format!("{hidden} hidden")));
    }
    if screen.shows_all {
        pieces.push(Piece::new(3, theme.dim, "all shown"));
    }
    let taken: usize = pieces.iter().map(|piece| piece.text.width() + 3).sum();
    let room = room.saturating_sub(taken);
    let row = format!("row {} of {}", table.cursor() + 1, table.len());
    // Where one is gives way to how much money is decided, in one currency at least.
    let beside = decided(queue, room.saturating_sub(row.width() + 3));
    let (text, row) =
        if beside.contains(", ") { (beside, row) } else { (decided(queue, room), String::new()) };
    pieces.insert(0, Piece::new(0, theme.chosen, text));
    if !table.is_empty() {
        pieces.insert(1, Piece::new(4, theme.title, row));
    }
    pieces
}

/// `2 snoozed, 5 done`: what is not shown.
pub fn hidden(queue: &Queue) -> String {
    let each = [(queue.snoozed, "snoozed"), (queue.done, "done")].into_iter();
    let each = each.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    each.collect::<Vec<_>>().join(", ")
}

/// `17 of 41 decided, EUR 1,240.00 of 3,120.00`, with as many currencies as fit.
fn decided(queue: &Queue, room: usize) -> String {
    let progress = &queue.progress;
    let head = format!("{} of {} decided", progress.decided, progress.all);
    let each = euros_first(&progress.sums).map(|(currency, all)| {
        let decided = progress.decided_sums.of(currency);
        format!("{} of {}", format_money(decided, currency), format_amount(all, currency))
    });
    let shown = fitting(each, progress.sums.len(), room, |sums| format!("{head}, {sums}"));
    shown.unwrap_or(head)
}
