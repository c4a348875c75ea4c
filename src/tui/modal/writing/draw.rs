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
use crate::tui::writes::UnderWay;

const NOTE: &str = "Note for your audit log: ";
/// Lines of a problem.
const PROBLEM: usize = 3;

/// The lines of the upper part, and how many fit.
pub(super) fn room(writing: &Writing, cx: &Cx) -> (usize, usize) {
    let shown = Shown::of(writing, cx, &Theme::mono());
    (shown.lines.len(), usize::from(shown.above.height))
}

struct Shown {
    lines: Vec<Line<'static>>,
    problem: Vec<String>,
    area: Rect,
    above: Rect,
    below: Rect,
}

impl Shown {
    fn of(writing: &Writing, cx: &Cx, theme: &Theme) -> Self {
        let width = layout::plan(cx.size, 0).width.saturating_sub(layout::FRAME);
        let lines = lines::of(writing, cx, theme, width);
        let asking = match &writing.stage {
            Stage::Asking(asking) => Some(asking),
            _ => None,
        };
        let problem = asking.and_then(|it| it.problem.as_deref());
        let problem = problem.map(|text| wrapped(text, width)).unwrap_or_default();
        // A blank line, the problem, the note, the confirmation.
        let fixed = if asking.is_some() { 3 + problem.len() } else { 0 };
        let high = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let area = layout::plan(cx.size, high(lines.len() + fixed));
        let height = area.height.saturating_sub(2);
        let inside = Rect { x: area.x + 2, y: area.y + 1, width, height };
        let below = high(fixed).min(inside.height);
        let above = Rect { height: inside.height - below, ..inside };
        let below = Rect { y: inside.y + above.height, height: below, ..inside };
        Self { lines, problem, area, above, below }
    }
}

fn wrapped(text: &str, width: u16) -> Vec<String> {
    let lines = textwrap::wrap(text, usize::from(width).max(20)).into_iter();
    lines.take(PROBLEM).map(std::borrow::Cow::into_owned).collect()
}

pub(super) fn draw(writing: &Writing, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let Shown { lines, problem, area, above, below } = Shown::of(writing, cx, theme);
    let _inside = boxed(writing.write.kind().title(), foot(writing, cx), area, theme, frame);
    corner(writing, cx, (area, theme), frame);
    let room = usize::from(above.height);
    let top = writing.top.min(lines.len().saturating_sub(room));
    let more = lines.len().saturating_sub(top + room);
    let mut shown: Vec<Line<'_>> = lines.into_iter().skip(top).take(room).collect();
    if let Some(last) = shown.last_mut().filter(|_| more > 0) {
        let text = format!("… {} more lines, {}", more + 1, cx.words("{plan-down} scrolls"));
        *last = Line::styled(text, theme.warning);
    }
    frame.render_widget(Paragraph::new(shown), above);
    if let Stage::Asking(asking) = &writing.stage {
        fields(writing, asking, &problem, (theme, below), frame);
    }
}

/// `PRODUCTION  acme · writes on`
fn corner(writing: &Writing, cx: &Cx, (area, theme): (Rect, &Theme), frame: &mut Frame<'_>) {
    let of_plan = match &writing.stage {
        Stage::Asking(asking) => Some(&asking.plan.place),
        _ => cx.writes.under_way.as_ref().map(|UnderWay { plan, .. }| &plan.place),
    };
    let environment = of_plan.map_or(cx.session.environment.as_str(), |place| &place.environment);
    let state = if cx.writes.is_open(cx.now) { "writes on" } else { "writes locked" };
    let pill = if cx.session.is_production { theme.production } else { theme.sandbox };
    let line = Line::from(vec![
        Span::styled(format!(" {environment} "), pill),
        Span::styled(format!(" {} · {state} ", cx.writes.profile), theme.title),
    ]);
    let title = u16::try_from(writing.write.kind().title().len() + 6).unwrap_or(u16::MAX);
    let width = area.width.saturating_sub(2);
    if title.saturating_add(u16::try_from(line.width()).unwrap_or(u16::MAX)) <= width {
        let top = Rect { x: area.x + 1, width, height: area.height.min(1), ..area };
        frame.render_widget(line.right_aligned(), top);
    }
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

fn fields(
    writing: &Writing,
    asking: &Asking,
    problem: &[String],
    (theme, area): (&Theme, Rect),
    frame: &mut Frame<'_>,
) {
    let confirmation = lines::confirmation(&asking.plan);
    let mut rows = area.rows().skip(1);
    for text in problem {
        let Some(row) = rows.next() else { return };
        let style = if asking.before.is_some() { theme.warning } else { theme.failure };
        frame.render_widget(Line::styled(text.clone(), style), row);
    }
    let note = (NOTE, Focus::Note, &writing.note);
    let each = [note, (&confirmation, Focus::Confirmation, &writing.typed)];
    for ((label, focus, input), row) in each.into_iter().zip(rows) {
        let is_here = focus == writing.focus;
        let style = if is_here { theme.chosen } else { theme.dim };
        let mark = if is_here { "▸ " } else { "  " };
        // The confirmation keeps some room for what is typed.
        let most = row.width.saturating_sub(12).max(row.width / 2);
        let label = truncate(format!("{mark}{label}").into(), most).into_owned();
        let taken = u16::try_from(label.width()).unwrap_or(u16::MAX).min(row.width);
        frame.render_widget(Line::styled(label, style), row);
        let typed = Rect { x: row.x + taken, width: row.width - taken, ..row };
        let cursor = typed_text(input, typed, frame);
        if is_here {
            frame.set_cursor_position(cursor);
        }
    }
}
