//! Draws the changes: the day, what was compared in each list, the rows.

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::domain::money::{counted, format_count};
use crate::domain::text::sanitize;
use crate::journal::compare::{Compared, since};
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
    let line =
        |(is_warning, text)| Line::styled(text, if is_warning { theme.warning } else { theme.dim });
    let lines = coverage(screen, cx).into_iter().map(line);
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), cx.layout.panel);
    body(screen, cx, theme, frame);
}

pub(super) fn title(screen: &ChangesScreen, theme: &Theme) -> Vec<Piece> {
    let lists = screen.compared.as_deref().unwrap_or_default();
    let (day, remark) = since(lists, screen.asked_day);
    let style = if remark.is_some() { theme.warning } else { theme.chosen };
    let changed: usize = lists.iter().map(|list| list.changes.len()).sum();
    let counts = if changed == 0 { String::new() } else { counted(changed as u64, "record") };
    vec![
        Piece::new(0, style, format!("Changes since {day}")),
        Piece::new(1, theme.warning, remark.unwrap_or_default()),
        Piece::new(2, theme.title, counts),
    ]
}

/// Why the rows are not current, and what was compared in each list; `true` for a warning.
pub fn coverage(screen: &ChangesScreen, cx: &Cx) -> Vec<(bool, String)> {
    let Some(lists) = &screen.compared else { return Vec::new() };
    let today = cx.now.local.date();
    let words = |list: &Compared| {
        let counts =
            if list.then.is_some() { format!("{} · ", list.counts()) } else { String::new() };
        let has_failed = cx.since.has_failed(list.spec.key);
        let failed = if has_failed { "; the last load failed" } else { "" };
        let text = format!(" {:<TITLE$} {counts}{}{failed}", list.spec.title, list.coverage(today));
        (has_failed, text)
    };
    let failure = screen.failure.as_ref().filter(|_| !screen.table.is_empty());
    let failure = failure.map(|why| {
        let retry = cx.words("Press {refresh} to retry.");
        (true, format!(" Could not refresh these changes: {}. {retry}", sanitize(why)))
    });
    let room = usize::from(cx.size.0.saturating_sub(1)).max(TITLE + 8);
    let indent = " ".repeat(TITLE + 2);
    let wrap = textwrap::Options::new(room).subsequent_indent(&indent);
    let lines =
        failure.into_iter().chain(lists.iter().map(words)).flat_map(|(is_warning, text)| {
            let wrapped = textwrap::wrap(&text, &wrap).into_iter();
            wrapped.map(|line| (is_warning, line.into_owned())).collect::<Vec<_>>()
        });
    lines.collect()
}

fn body(screen: &ChangesScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.table;
    if !screen.table.is_empty() {
        return rows::rows(&screen.table, Loaded::All, |_| None, (cx, theme), frame, area);
    }
    let text = match (&screen.failure, &screen.compared) {
        (Some(why), _) => {
            let retry = cx.words("Press {refresh} to retry.");
            format!("Could not read the record of changes: {}. {retry}", sanitize(why))
        }
        (None, None) => "Reading the record of changes…".to_owned(),
        (None, Some(lists)) if lists.iter().all(|list| list.then.is_none()) => {
            "Nothing to compare with yet. Changes will appear after the next load.".to_owned()
        }
        (None, Some(_)) => "No changes in the compared rows.".to_owned(),
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
