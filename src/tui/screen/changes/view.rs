//! The changes as they are drawn: the day, what was compared of each list, the rows.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::domain::money::{counted, format_count};
use crate::journal::compare::Compared;
use crate::tui::component::pieces::{DOT, Piece, indented, line, position};
use crate::tui::component::table::view as rows;
use crate::tui::component::table::view::Loaded;
use crate::tui::cx::Cx;
use crate::tui::screen::changes::ChangesScreen;
use crate::tui::theme::Theme;

/// Cells of the title of a list.
const TITLE: usize = 13;

pub fn draw(screen: &ChangesScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let title = line(title(screen, theme), DOT, cx.layout.tabs.width.saturating_sub(2));
    frame.render_widget(Paragraph::new(indented(title)), cx.layout.tabs);
    let lines = coverage(screen, cx).into_iter().map(|text| Line::styled(text, theme.dim));
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), cx.layout.panel);
    body(screen, cx, theme, frame);
}

fn title(screen: &ChangesScreen, theme: &Theme) -> Vec<Piece> {
    let days = screen.compared.iter().flatten().flatten();
    let days: BTreeSet<_> =
        days.filter_map(|list| list.then.as_ref().map(|(day, _)| *day)).collect();
    let since = match (&screen.since, days.first()) {
        (Some(day), _) => format!("Changes since {}", day.typed),
        (None, Some(day)) if days.len() == 1 => format!("Changes since {day}"),
        _ => "Changes since the last day before today".to_owned(),
    };
    let counts = match &screen.compared {
        Some(Ok(lists)) => {
            let changed: usize = lists.iter().map(|list| list.changes.len()).sum();
            if changed == 0 { String::new() } else { counted(changed as u64, "record") }
        }
        _ => String::new(),
    };
    vec![Piece::new(0, theme.chosen, since), Piece::new(1, theme.title, counts)]
}

/// What was compared of each list.
pub fn coverage(screen: &ChangesScreen, cx: &Cx) -> Vec<String> {
    let Some(Ok(lists)) = &screen.compared else { return Vec::new() };
    let today = cx.now.local.date();
    let words = |list: &Compared| {
        let counts =
            if list.then.is_some() { format!("{} · ", list.counts()) } else { String::new() };
        format!(" {:<TITLE$} {counts}{}", list.spec.title, list.coverage(today))
    };
    let room = usize::from(cx.size.0.saturating_sub(1)).max(TITLE + 8);
    let indent = " ".repeat(TITLE + 2);
    let wrap = textwrap::Options::new(room).subsequent_indent(&indent);
    let lines = lists.iter().flat_map(|list| {
        let text = words(list);
        let wrapped = textwrap::wrap(&text, &wrap).into_iter();
        wrapped.map(Cow::into_owned).collect::<Vec<_>>()
    });
    lines.collect()
}

fn body(screen: &ChangesScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.table;
    if !screen.table.is_empty() {
        return rows::rows(&screen.table, Loaded::All, |_| None, (cx, theme), frame, area);
    }
    let text = match &screen.compared {
        None => "Reading the journal…".to_owned(),
        Some(Err(why)) => format!("The journal of changes cannot be read: {why}"),
        Some(Ok(lists)) if lists.iter().all(|list| list.then.is_none()) => {
            "Nothing to compare with yet: changes show from the next look on.".to_owned()
        }
        Some(Ok(_)) => "No changes in what was compared.".to_owned(),
    };
    rows::nothing(text, theme, frame, area);
}

pub fn status(screen: &ChangesScreen, theme: &Theme) -> Vec<Piece> {
    let table = &screen.table;
    if table.is_empty() {
        return Vec::new();
    }
    let mut pieces =
        vec![Piece::new(1, theme.title, position("row", table.cursor(), table.len() as u64))];
    if !table.marks.is_empty() {
        let marked = format!("{} marked", format_count(table.marks.len() as u64));
        pieces.push(Piece::new(0, theme.warning, marked));
    }
    pieces
}
