//! What is typed at the foot of the screen: the search and the command line.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Clear, Paragraph};
use tui_input::Input;
use unicode_width::UnicodeWidthChar;

use crate::domain::money::format_count;
use crate::domain::truncate::truncate;
use crate::tui::cx::Cx;
use crate::tui::modal::command::CommandLine;
use crate::tui::theme::Theme;

/// The search on the status line: what is typed, and what it leaves.
pub fn search(input: &Input, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.status;
    let Some(list) = cx.list() else { return };
    let fetched = list.table.records().len() as u64;
    let found = format_count(list.table.len() as u64);
    let told = match list.total.filter(|total| *total > fetched) {
        Some(total) => {
            format!("{found} of {} fetched, {} in all ", format_count(fetched), format_count(total))
        }
        None => format!("{found} of {} ", format_count(fetched)),
    };
    let right = Line::styled(told, theme.dim).right_aligned();
    let taken = u16::try_from(right.width()).unwrap_or(0);
    frame.render_widget(Clear, area);
    frame.render_widget(right, area);
    let left = Rect { width: area.width.saturating_sub(taken + 1), ..area };
    typed(input, " / ", theme, frame, left);
}

/// The command line on the status line, with what is wrong or what can follow above it.
pub fn command(line: &CommandLine, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = cx.layout.status;
    frame.render_widget(Clear, area);
    typed(&line.input, " : ", theme, frame, area);
    let above = match &line.problem {
        Some(problem) => {
            let cells = |until: usize| {
                line.input.value().chars().take(until).filter_map(UnicodeWidthChar::width).sum()
            };
            let (start, end): (usize, usize) = (cells(problem.span.start), cells(problem.span.end));
            let scroll = line.input.visual_scroll(usize::from(area.width.saturating_sub(4)).max(1));
            let at = start.saturating_sub(scroll);
            let length = end.saturating_sub(start.max(scroll)).max(1);
            let room = usize::from(area.width).saturating_sub(at + 4);
            let marks = format!("{}{}", " ".repeat(at + 3), "^".repeat(length.min(room.max(1))));
            let mut words = format!(" ✗ {}", problem.why);
            let expected = problem.expected.join(", ");
            if !expected.is_empty() && !words.contains(&expected) {
                words = format!("{words}; try {expected}");
            }
            let words = truncate(words.into(), area.width.saturating_sub(2)).into_owned();
            vec![Line::styled(words, theme.failure), Line::styled(marks, theme.failure)]
        }
        None => offers(line, area.width, theme),
    };
    let height = u16::try_from(above.len()).unwrap_or(0);
    if height == 0 || area.y <= height + 1 {
        return;
    }
    let block = Block::new().borders(Borders::TOP).border_style(theme.dim);
    let over = Rect { y: area.y - height - 1, height: height + 1, ..area };
    frame.render_widget(Clear, over);
    frame.render_widget(Paragraph::new(above).block(block), over);
}

fn offers(line: &CommandLine, width: u16, theme: &Theme) -> Vec<Line<'static>> {
    let each = |(index, offer): (usize, &crate::command::Completion)| {
        let is_here = line.taken == Some(index);
        let style = if is_here { theme.chosen } else { ratatui::style::Style::new() };
        let mark = if is_here { " ▸ " } else { "   " };
        let text = truncate(format!("{mark}{:<24}", offer.text).into(), width).into_owned();
        let room = width.saturating_sub(u16::try_from(text.len()).unwrap_or(u16::MAX));
        let describes = truncate(format!(" {}", offer.describes).into(), room).into_owned();
        Line::from(vec![Span::styled(text, style), Span::styled(describes, theme.dim)])
    };
    line.offers.iter().enumerate().map(each).collect()
}

/// A line that is typed, behind its prompt, with the terminal's cursor in it.
pub fn typed(
    input: &Input,
    prompt: &'static str,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let prompted = u16::try_from(prompt.len()).unwrap_or(0).min(area.width);
    frame.render_widget(Line::styled(prompt, theme.key), area);
    let line = Rect { x: area.x + prompted, width: area.width - prompted, ..area };
    let room = line.width.saturating_sub(1).max(1);
    let scroll = input.visual_scroll(usize::from(room));
    let text = Paragraph::new(input.value());
    frame.render_widget(text.scroll((0, u16::try_from(scroll).unwrap_or(0))), line);
    let column = input.visual_cursor().saturating_sub(scroll);
    let x = line.x + u16::try_from(column).unwrap_or(0).min(room);
    frame.set_cursor_position(Position::new(x, area.y));
}
