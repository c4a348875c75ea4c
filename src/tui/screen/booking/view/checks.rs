//! The view of the checks: lines with a cursor.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::tui::component::table::grid::CURSOR;
use crate::tui::screen::booking::findings;
use crate::tui::screen::booking::state::Booking;
use crate::tui::theme::Theme;

pub fn draw(booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let all = findings::lines(booking, findings::room(area.width));
    let scroll = booking.checks;
    let visible = all.into_iter().enumerate().skip(scroll.top).take(area.height.into());
    let lines: Vec<Line<'_>> = visible
        .map(|(index, line)| {
            let is_here = index == scroll.cursor;
            let mark = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
            // A line that leads to rows says so where the cursor is.
            let leads = if is_here && !line.rows.is_empty() { "›" } else { " " };
            let text = Span::styled(line.text, theme.tone(line.tone));
            Line::from(vec![mark, Span::styled(leads, theme.key), text])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}
