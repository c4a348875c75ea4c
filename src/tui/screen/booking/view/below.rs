//! The area below a short section: the checks that did not pass, and the end of the ledger.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::conciliation::Tone;
use crate::conciliation::checks::Outcome;
use crate::conciliation::report::ReportLine;
use crate::domain::truncate::truncate;
use crate::tui::cx::Cx;
use crate::tui::screen::booking::state::{Booking, Content};
use crate::tui::screen::booking::view::ledger;
use crate::tui::theme::Theme;

/// With fewer lines left, only the section is shown.
const LEAST: u16 = 9;
/// The most checks that are listed; the others are counted.
const CHECKS: usize = 5;
/// A ledger with more lines is not shown here, because laying it out takes too long.
const LONGEST_LEDGER: usize = 1_000;
/// Lines of the ledger with its title and its header.
const LEDGER: u16 = 4;

/// The area for the `rows` of a section with their header, and the area left below a blank line, if
/// it is large enough.
pub fn divided(area: Rect, rows: usize) -> (Rect, Rect) {
    let taken = u16::try_from(rows.max(1) + 2).unwrap_or(u16::MAX);
    let left = area.height.saturating_sub(taken);
    if left < LEAST {
        return (area, Rect { height: 0, ..area });
    }
    let above = Rect { height: taken - 1, ..area };
    (above, Rect { y: area.y + taken, height: left, ..area })
}

/// How many checks passed, failed and cannot be computed.
pub fn outcomes(content: &Content) -> [usize; 3] {
    let mut counts = [0; 3];
    for checked in &content.report.checks {
        let [passed, failed, open] = &mut counts;
        *match &checked.outcome {
            Outcome::Pass => passed,
            Outcome::Fail(_) => failed,
            Outcome::CannotCompute(_) => open,
        } += 1;
    }
    counts
}

pub fn draw(
    booking: &Booking,
    content: &Content,
    (cx, theme): (&Cx, &Theme),
    frame: &mut Frame<'_>,
    area: Rect,
) {
    if area.is_empty() {
        return;
    }
    let lines = checks(content, (cx, theme), area.width);
    let high = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    frame.render_widget(Paragraph::new(lines), Rect { height: high, ..area });
    let below = Rect { y: area.y + high, height: area.height - high, ..area };
    let count = booking.ledger_lines();
    if below.height < LEDGER + 1 || count > LONGEST_LEDGER {
        return;
    }
    let title = Rect { y: below.y + 1, height: 1, ..below };
    let is_all = count < usize::from(below.height).saturating_sub(2);
    let text = if is_all { "Ledger" } else { "Ledger, last lines" };
    frame.render_widget(heading(text, "{ledger} shows all", (cx, theme)), title);
    let lines = Rect { y: title.y + 1, height: below.height - 2, ..below };
    ledger::draw(booking, content, None, (cx, theme), frame, lines);
}

/// `checks: 7 ✓ 1 ✗`.
pub fn counted(content: &Content) -> String {
    let [passed, failed, open] = outcomes(content);
    let each = [(passed, "✓"), (failed, "✗"), (open, "?")];
    let counts = each.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, sign)| format!("{count} {sign}")).collect();
    format!("checks: {}", counts.join(" "))
}

/// The counts, and the checks that did not pass, the failed ones first.
fn checks(content: &Content, look: (&Cx, &Theme), width: u16) -> Vec<Line<'static>> {
    let mut lines = vec![heading(&counted(content), "{checks} shows all", look)];
    let checked = content.report.check_lines().into_iter();
    let is_other = |line: &ReportLine| line.indent == 0 && line.tone != Tone::Good;
    let mut others: Vec<ReportLine> = checked.filter(is_other).collect();
    others.sort_by_key(|line| line.tone != Tone::Bad);
    let more = others.len().saturating_sub(CHECKS);
    lines.extend(others.into_iter().take(CHECKS).map(|line| {
        let text = truncate(format!("  {}", line.text).into(), width).into_owned();
        Line::styled(text, look.1.tone(line.tone))
    }));
    lines.extend((more > 0).then(|| Line::styled(format!("  +{more} more"), look.1.dim)));
    lines
}

fn heading(title: &str, keys: &'static str, (cx, theme): (&Cx, &Theme)) -> Line<'static> {
    let title = format!(" {title}  ");
    Line::from(vec![Span::styled(title, theme.title), Span::styled(cx.words(keys), theme.dim)])
}
