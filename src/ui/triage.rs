//! The penalties as a queue: matrix, rows, evidence, and how far one has come.

mod overview;
mod queue;

pub(super) use overview::strip;
pub(super) use queue::rows;

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::detail::{self, Pane};
use super::theme::Theme;
use super::widget::pieces::Piece;
use crate::app::model::Model;
use crate::app::triage::evidence::LABEL;
use crate::domain::money::{Currency, Sums, counted, grouped, with_code};
use crate::triage::queue::Queue;

/// The evidence about the row under the cursor.
pub(super) fn evidence(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let pane = Pane { title: " Evidence ", label: LABEL, odd: theme.dim };
    detail::pane(model, &pane, theme, frame, area);
}

/// What the status line says of the queue, in `room` cells.
pub(super) fn progress(model: &Model, theme: &Theme, room: usize) -> Vec<Piece> {
    let Some(table) = model.table() else { return Vec::new() };
    let (queue, triage) = (&model.triage.queue, &model.triage);
    let mut pieces = Vec::new();
    if table.marked() > 0 {
        let told = format!("{} marked", counted(table.marked() as u64));
        pieces.push(Piece::new(0, theme.warning, told));
    }
    let hidden = hidden(queue);
    if !hidden.is_empty() {
        pieces.push(Piece::new(1, theme.warning, format!("{hidden} hidden")));
    }
    if triage.shows_all {
        pieces.push(Piece::new(3, theme.dim, "all shown"));
    }
    let taken: usize = pieces.iter().map(|piece| piece.text.width() + 3).sum();
    let room = room.saturating_sub(taken);
    let row = format!("row {} of {}", table.cursor() + 1, table.len());
    // Where one is gives way to how much money is decided, in one currency at least.
    let beside = decided(model, room.saturating_sub(row.width() + 3));
    let (text, row) =
        if beside.contains(", ") { (beside, row) } else { (decided(model, room), String::new()) };
    pieces.insert(0, Piece::new(0, theme.chosen, text));
    if !table.is_empty() {
        pieces.insert(1, Piece::new(4, theme.title, row));
    }
    pieces
}

/// `2 snoozed, 5 done`: what is not shown.
fn hidden(queue: &Queue) -> String {
    let each = [(queue.snoozed, "snoozed"), (queue.done, "done")].into_iter();
    let each = each.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    each.collect::<Vec<_>>().join(", ")
}

/// `17 of 41 decided, EUR 1,240.00 of 3,120.00`, with as many currencies as fit.
fn decided(model: &Model, room: usize) -> String {
    let progress = &model.triage.queue.progress;
    let head = format!("{} of {} decided", progress.decided, progress.all);
    let each: Vec<String> = euros_first(&progress.sums)
        .into_iter()
        .map(|(currency, all)| {
            let decided = progress.decided_sums.of(currency);
            format!("{} of {}", with_code(decided, currency), grouped(all, currency))
        })
        .collect();
    fitting(
        &each,
        room,
        |shown| if shown.is_empty() { head.clone() } else { format!("{head}, {shown}") },
    )
}

fn euros_first(sums: &Sums) -> Vec<(Currency, i128)> {
    let mut ordered: Vec<(Currency, i128)> = sums.iter().collect();
    ordered.sort_by_key(|(currency, _)| currency.code() != "EUR");
    ordered
}

/// As many of the texts as fit; those that do not are counted, and none is cut.
fn fitting(each: &[String], room: usize, write: impl Fn(&str) -> String) -> String {
    let shown = |count: usize| {
        let more = match each.len() - count {
            0 => String::new(),
            more if count == 0 => format!("{more} sums"),
            more => format!(" + {more} more"),
        };
        write(&format!("{}{more}", each.get(..count).unwrap_or_default().join(" · ")))
    };
    let found = (1..=each.len()).rev().map(shown).find(|text| text.width() <= room);
    found.unwrap_or_else(|| write(""))
}
