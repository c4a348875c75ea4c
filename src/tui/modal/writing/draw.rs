//! Draws the window of a write: the plan above, its note and confirmation in the last lines.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::lines;
use super::{Asking, Focus, Stage, Writing};
use crate::domain::truncate::truncate;
use crate::tui::component::boxed::{boxed, typed_text};
use crate::tui::cx::Cx;
use crate::tui::layout;
use crate::tui::theme::Theme;

const NOTE: &str = "Note for your audit log: ";
/// Cells of the mark of a field.
const MARK: u16 = 2;

/// The lines of the upper part, and how many fit.
pub(super) fn room(writing: &Writing, cx: &Cx) -> (usize, usize) {
    let shown = Shown::of(writing, cx, &Theme::mono());
    (shown.lines.len(), usize::from(shown.above.height))
}

struct Shown {
    lines: Vec<Line<'static>>,
    below: Below,
    area: Rect,
    above: Rect,
    fields: Rect,
}

/// The lines below the plan; empty unless it can be confirmed.
#[derive(Default)]
struct Below {
    problem: Vec<String>,
    /// What must be typed, wrapped. Its last line also has the field, if there is room.
    label: Vec<String>,
    is_field_alone: bool,
}

impl Below {
    fn of(asking: &Asking, width: u16) -> Self {
        let problem = asking.problem.as_deref();
        let problem = problem.map(|text| wrapped(text, width)).unwrap_or_default();
        let room = width.saturating_sub(MARK);
        let label = wrapped(&lines::confirmation(&asking.plan), room);
        let text = asking.plan.typed.width();
        let taken = label.last().map_or(0, |line| line.width());
        let is_field_alone = label.len() > 1 || taken + text + 2 > usize::from(room);
        Self { problem, label, is_field_alone }
    }

    /// Without the problem and a blank line before it.
    fn of_fields(&self) -> usize {
        1 + self.label.len() + usize::from(self.is_field_alone)
    }
}

impl Shown {
    fn of(writing: &Writing, cx: &Cx, theme: &Theme) -> Self {
        let width = layout::plan(cx.size, 0).width.saturating_sub(layout::FRAME);
        let lines = lines::of(writing, cx, theme, width);
        let high = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let Stage::Asking(asking) = &writing.stage else {
            let area = layout::plan(cx.size, high(lines.len()));
            let above = inside(area, width);
            let fields = Rect { height: 0, ..above };
            return Self { lines, below: Below::default(), area, above, fields };
        };
        let mut below = Below::of(asking, width);
        let fixed = 1 + below.problem.len() + below.of_fields();
        let area = layout::plan(cx.size, high(lines.len() + fixed));
        let inside = inside(area, width);
        // On a low screen, two lines of the plan and the fields stay.
        let spare = usize::from(inside.height).saturating_sub(2 + below.of_fields());
        below.problem.truncate(spare);
        let blank = usize::from(spare > below.problem.len());
        let fixed = high(blank + below.problem.len() + below.of_fields()).min(inside.height);
        let above = Rect { height: inside.height - fixed, ..inside };
        let high = high(below.problem.len() + below.of_fields()).min(inside.height);
        let fields = Rect { y: inside.bottom() - high, height: high, ..inside };
        Self { lines, below, area, above, fields }
    }
}

fn inside(area: Rect, width: u16) -> Rect {
    let height = area.height.saturating_sub(2);
    Rect { x: area.x + 2, y: area.y + 1, width, height }
}

fn wrapped(text: &str, width: u16) -> Vec<String> {
    let lines = textwrap::wrap(text, usize::from(width).max(20)).into_iter();
    lines.map(std::borrow::Cow::into_owned).collect()
}

pub(super) fn draw(writing: &Writing, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let Shown { lines, below, area, above, fields: field_area } = Shown::of(writing, cx, theme);
    let _inside = boxed(writing.write.kind().title(), foot(writing, cx), area, theme, frame);
    corner(writing, cx, (area, theme), frame);
    let room = usize::from(above.height);
    let top = writing.top.min(lines.len().saturating_sub(room));
    let more = lines.len().saturating_sub(top + room);
    let mut shown: Vec<Line<'_>> = lines.into_iter().skip(top).take(room).collect();
    if let Some(last) = shown.last_mut().filter(|_| more > 0 && room > 1) {
        let text = format!("… {} more lines, {}", more + 1, cx.words("{plan-down} scrolls"));
        *last = Line::styled(text, theme.warning);
    }
    frame.render_widget(Paragraph::new(shown), above);
    if matches!(writing.stage, Stage::Asking(_)) {
        fields(writing, &below, (theme, field_area), frame);
    }
}

/// `PRODUCTION  acme · writes on`: the server of the Payments API, at every width. The profile is cut
/// if it is long.
fn corner(writing: &Writing, cx: &Cx, (area, theme): (Rect, &Theme), frame: &mut Frame<'_>) {
    let writes = &cx.writes;
    let is_open = writes.is_open(cx.now);
    let state = if is_open { "writes on" } else { "writes locked" };
    let pill = if writes.is_production() { theme.production } else { theme.sandbox };
    let environment = format!(" {} ", writes.environment);
    let width = area.width.saturating_sub(2);
    let title = writing.write.kind().title().width() + 6;
    let room = usize::from(width).saturating_sub(title + environment.width());
    let of_profile = u16::try_from(room.saturating_sub(state.width() + 5)).unwrap_or(0);
    // A shorter part of the name says nothing.
    let of_profile = if of_profile < 4 { 0 } else { of_profile };
    let profile = truncate(writes.profile.as_str().into(), of_profile);
    let text = match (of_profile == 0, room > state.width() + 1) {
        (false, _) => format!(" {profile} · {state} "),
        (true, true) => format!(" {state} "),
        (true, false) => String::new(),
    };
    let line = Line::from(vec![Span::styled(environment, pill), Span::styled(text, theme.title)]);
    let shown = u16::try_from(line.width()).unwrap_or(u16::MAX).min(width);
    let right =
        Rect { x: area.x + 1 + width - shown, width: shown, height: area.height.min(1), ..area };
    frame.render_widget(line, right);
}

fn foot(writing: &Writing, cx: &Cx) -> String {
    let keys = match &writing.stage {
        Stage::Asking(_) if writing.focus == Focus::Note => {
            " {confirm} next · {next-entry} confirmation · {close-plan} close, nothing is sent "
        }
        Stage::Asking(_) => {
            " {confirm} send it · {next-entry} note · {close-plan} close, nothing is sent "
        }
        Stage::Ended(outcome, _) if outcome.undo.is_some() => {
            " {undo-write} undo · {close-outcome} close "
        }
        _ => " {close-outcome} close ",
    };
    cx.words(keys)
}

fn fields(writing: &Writing, below: &Below, (theme, area): (&Theme, Rect), frame: &mut Frame<'_>) {
    let mut rows = area.rows();
    for text in &below.problem {
        let Some(row) = rows.next() else { return };
        frame.render_widget(Line::styled(text.clone(), theme.failure), row);
    }
    let style = |focus| if focus == writing.focus { theme.chosen } else { theme.dim };
    let mark = |focus| if focus == writing.focus { "▸ " } else { "  " };
    let Some(row) = rows.next() else { return };
    let label = format!("{}{NOTE}", mark(Focus::Note));
    field(writing, (Focus::Note, &label), (style(Focus::Note), row), frame);
    let focus = Focus::Confirmation;
    let count = below.label.len();
    for (at, text) in below.label.iter().enumerate() {
        let Some(row) = rows.next() else { return };
        let label = format!("{}{text} ", if at == 0 { mark(focus) } else { "  " });
        if at + 1 == count && !below.is_field_alone {
            field(writing, (focus, &label), (style(focus), row), frame);
        } else {
            frame.render_widget(Line::styled(label, style(focus)), row);
        }
    }
    if let Some(row) = rows.next().filter(|_| below.is_field_alone) {
        field(writing, (focus, "    "), (style(focus), row), frame);
    }
}

/// A field behind its label.
fn field(
    writing: &Writing,
    (focus, label): (Focus, &str),
    (style, row): (ratatui::style::Style, Rect),
    frame: &mut Frame<'_>,
) {
    let input = if focus == Focus::Note { &writing.note } else { &writing.typed };
    let label = truncate(label.into(), row.width / 2 + row.width / 4).into_owned();
    let taken = u16::try_from(label.width()).unwrap_or(u16::MAX).min(row.width);
    frame.render_widget(Line::styled(label, style), row);
    let typed = Rect { x: row.x + taken, width: row.width - taken, ..row };
    let cursor = typed_text(input, typed, frame);
    if focus == writing.focus {
        frame.set_cursor_position(cursor);
    }
}
