//! The filter form, and entries of which one is picked.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::truncate::truncate;
use crate::tui::component::boxed::boxed;
use crate::tui::cx::Cx;
use crate::tui::layout;
use crate::tui::modal::form::{Field, Form};
use crate::tui::theme::Theme;

const LABEL: u16 = 16;

pub fn draw(form: &Form, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let (today, size) = (cx.now.local.date(), cx.size);
    let keys = cx.looks.keymap.render(" {apply} apply · {next-field} next · {close-form} leave ");
    let fields = u16::try_from(form.fields.len()).unwrap_or(u16::MAX);
    let area = layout::form(size, fields.saturating_add(2));
    let title = format!("Filter {}", form.spec.title.to_lowercase());
    let inside = boxed(&title, keys, area, theme, frame);
    let room = inside.height.saturating_sub(2).max(1);
    let first = (form.focus + 1).saturating_sub(usize::from(room));
    let visible = form.fields.iter().enumerate().skip(first).take(usize::from(room));
    for ((index, field), line) in visible.zip(0..) {
        let row = Rect { y: inside.y + line, height: 1, ..inside };
        draw_field(field, index == form.focus, row, theme, frame);
    }
    let Some(field) = form.fields.get(form.focus) else { return };
    let (text, style) = match &field.problem {
        Some(problem) => (format!("✗ {problem}"), theme.failure),
        None => (
            field.sent(today).unwrap_or_else(|| cx.looks.keymap.render(&explained(field))),
            theme.dim,
        ),
    };
    let words =
        Rect { y: inside.bottom().saturating_sub(1), height: 1.min(inside.height), ..inside };
    frame.render_widget(Line::styled(truncate(text.into(), words.width), style), words);
}

fn explained(field: &Field) -> String {
    match field.choices() {
        [] => field.explanation().to_owned(),
        choices => format!("{}: {}", field.explanation(), choices.join(", ")),
    }
}

fn draw_field(field: &Field, is_here: bool, row: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    let (mark, style) = match (is_here, &field.problem) {
        (true, _) => ("▸", theme.chosen),
        (false, Some(_)) => ("✗", theme.failure),
        (false, None) => (" ", theme.dim),
    };
    let label = truncate(field.target.label().into(), LABEL - 2);
    frame.render_widget(Line::from(Span::styled(format!("{mark} {label}"), style)), row);
    let left = row.x + LABEL.min(row.width);
    let typed = Rect { x: left, width: row.width.saturating_sub(LABEL), ..row };
    let room = typed.width.saturating_sub(1).max(1);
    let scroll = field.input.visual_scroll(usize::from(room));
    let text = Paragraph::new(field.input.value());
    frame.render_widget(text.scroll((0, u16::try_from(scroll).unwrap_or(0))), typed);
    if is_here {
        let column = field.input.visual_cursor().saturating_sub(scroll);
        let x = left + u16::try_from(column).unwrap_or(0).min(room);
        frame.set_cursor_position(Position::new(x, row.y));
    }
}
