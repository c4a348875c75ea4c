//! A screen about the Payments APIs: its title, its lines.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::text::sanitise;
use crate::domain::truncate::truncate;
use crate::payments::report::Tone;
use crate::tui::component::pieces::{Piece, line};
use crate::tui::component::table::grid::CURSOR;
use crate::tui::component::wait::age;
use crate::tui::cx::Cx;
use crate::tui::screen::payments::state::{LABEL, ReportScreen};
use crate::tui::theme::Theme;

pub fn title(screen: &ReportScreen, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.tabs;
    let title = screen.report.subject.title();
    let fetched = screen.fetched.map(|fetched| age(cx, fetched)).unwrap_or_default();
    let hidden = if screen.is_revealed { "numbers revealed" } else { "" };
    let pieces = vec![
        Piece::new(0, theme.chosen, format!(" {}", truncate(sanitise(&title), 60))),
        Piece::new(1, theme.warning, hidden),
        Piece::new(2, theme.dim, fetched),
    ];
    frame.render_widget(Paragraph::new(line(pieces, " · ", area.width)), area);
}

pub fn body(screen: &ReportScreen, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let shown: Vec<Line<'_>> = screen
        .lines()
        .iter()
        .enumerate()
        .skip(screen.scroll.top)
        .take(usize::from(area.height))
        .map(|(at, it)| {
            let is_here = at == screen.scroll.cursor;
            let mark = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
            let style = match it.tone {
                _ if is_here => theme.cursor,
                Tone::Title => theme.title,
                Tone::Plain => Style::new(),
                Tone::Quiet => theme.dim,
                Tone::Warning => theme.warning,
                Tone::Failure => theme.failure,
            };
            let indent = if it.tone == Tone::Title { " " } else { "   " };
            let label =
                if it.label.is_empty() { String::new() } else { format!("{:<LABEL$}", it.label) };
            let taken = 1 + indent.len() + label.len();
            let room = area.width.saturating_sub(u16::try_from(taken).unwrap_or(u16::MAX));
            let text = truncate(it.text.as_str().into(), room).into_owned();
            Line::from(vec![
                mark,
                Span::raw(indent),
                Span::styled(label, theme.dim),
                Span::styled(text, style),
            ])
        })
        .collect();
    frame.render_widget(Paragraph::new(shown), area);
}
