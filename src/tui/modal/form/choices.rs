//! The choices of a field, below the form: wrapped, and scrolled to the chosen one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::truncate::truncate;
use crate::tui::theme::Theme;

/// Cells between two values; the first one shows the mark of a set value.
const GAP: u16 = 2;

/// The positions of the values, in lines of this width.
fn wrapped(choices: &[&str], width: u16) -> Vec<Vec<usize>> {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut taken = width;
    for (at, choice) in choices.iter().enumerate() {
        let cells = u16::try_from(choice.width()).unwrap_or(u16::MAX).saturating_add(GAP);
        taken = taken.saturating_add(cells);
        match lines.last_mut().filter(|_| taken <= width) {
            Some(line) => line.push(at),
            None => {
                lines.push(vec![at]);
                taken = cells;
            }
        }
    }
    lines
}

pub(super) fn height(choices: &[&str], width: u16) -> u16 {
    u16::try_from(wrapped(choices, width).len()).unwrap_or(u16::MAX)
}

pub(super) struct Choices<'a> {
    pub(super) all: &'a [&'a str],
    pub(super) set: &'a [String],
    pub(super) chosen: Option<usize>,
}

impl Choices<'_> {
    /// The lines that are shown in this area.
    fn shown(&self, area: Rect) -> Vec<Vec<usize>> {
        let lines = wrapped(self.all, area.width);
        let chosen = self.chosen.unwrap_or_default();
        let here = lines.iter().position(|line| line.contains(&chosen)).unwrap_or_default();
        let first = (here + 1).saturating_sub(area.height.into());
        lines.into_iter().skip(first).take(area.height.into()).collect()
    }

    /// How many values are not shown in this area.
    pub(super) fn hidden(&self, area: Rect) -> usize {
        self.all.len() - self.shown(area).iter().map(Vec::len).sum::<usize>()
    }

    pub(super) fn draw(&self, area: Rect, theme: &Theme, frame: &mut Frame<'_>) {
        for (line, row) in self.shown(area).into_iter().zip(area.rows()) {
            let spans = line.into_iter().flat_map(|at| self.spans(at, area.width, theme));
            frame.render_widget(spans.collect::<Line<'_>>(), row);
        }
    }

    fn spans(&self, at: usize, width: u16, theme: &Theme) -> Vec<Span<'static>> {
        let Some(choice) = self.all.get(at) else { return Vec::new() };
        let is_set = self.set.iter().any(|value| value == choice);
        let (mark, style) = if is_set { ("✓", theme.good) } else { (" ", theme.dim) };
        let style = if self.chosen == Some(at) { theme.cursor } else { style };
        let word = truncate((*choice).into(), width.saturating_sub(GAP)).into_owned();
        vec![Span::styled(mark, theme.good), Span::styled(word, style), Span::raw(" ")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::scheduled::SPEC;

    #[test]
    fn every_value_is_in_a_line_that_fits_and_the_chosen_one_is_shown() {
        let all = SPEC.filter("status").unwrap().choices();
        for (width, height) in [(36, 1), (36, 2), (76, 1), (76, 3)] {
            let area = Rect::new(0, 0, width, height);
            for chosen in 0..all.len() {
                let choices = Choices { all, set: &[], chosen: Some(chosen) };
                let shown = choices.shown(area);
                assert!(shown.len() <= height.into());
                assert!(shown.iter().any(|line| line.contains(&chosen)), "{width} {chosen}");
                for line in &shown {
                    let cells: usize = line.iter().map(|at| all[*at].len() + 2).sum();
                    assert!(cells <= width.into(), "{line:?}");
                }
                let count: usize = shown.iter().map(Vec::len).sum();
                assert_eq!(choices.hidden(area), all.len() - count);
            }
        }
    }
}
