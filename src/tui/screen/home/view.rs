//! Draws the home of a customer: a line for each figure.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::{HomeLine, HomeScreen};
use crate::tui::component::pieces::{DOT, Piece, indented, line};
use crate::tui::component::table::view::nothing;
use crate::tui::cx::Cx;
use crate::tui::screen::list;
use crate::tui::screen::list::view::weighed;
use crate::tui::theme::{CURSOR, Theme};

/// Cells of the labels, and before them.
const LABEL: usize = 17;
const MARGIN: usize = 2;

pub(super) fn draw(screen: &HomeScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    list::tabs::draw(cx, theme, frame);
    let title = vec![
        Piece::new(0, theme.title, "Home"),
        Piece::new(1, theme.dim, cx.words("{open} opens the rows of a line")),
    ];
    let line = indented(line(title, DOT, cx.layout.panel.width.saturating_sub(2)));
    frame.render_widget(Paragraph::new(line), cx.layout.panel);
    let area = cx.layout.table;
    if screen.lines.is_empty() {
        return nothing("Loading…", theme, frame, area);
    }
    let shown = screen.lines.iter().enumerate().skip(screen.scroll.top);
    for (y, (at, shown)) in (area.y..area.bottom()).zip(shown) {
        let area = Rect { y, height: 1, ..area };
        frame.render_widget(
            Paragraph::new(of(shown, at == screen.scroll.cursor, theme, area.width)),
            area,
        );
        if at == screen.scroll.cursor {
            theme.light(frame.buffer_mut(), area);
        }
    }
}

/// The parts that fit, the first ones first.
fn of(shown: &HomeLine, is_here: bool, theme: &Theme, width: u16) -> ratatui::text::Line<'static> {
    let room = usize::from(width).saturating_sub(MARGIN + LABEL + 1);
    let parts = shown.shown(room).into_iter();
    let pieces = parts.map(|part| Piece::new(0, weighed(part.weight, theme), part.text));
    let mut all = line(pieces.collect(), DOT, width);
    let gap = LABEL.saturating_sub(shown.label.width());
    let cursor = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
    let label = Span::styled(format!(" {}{}", shown.label, " ".repeat(gap)), theme.dim);
    all.spans.splice(0..0, [cursor, label]);
    all
}
