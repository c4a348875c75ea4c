//! The completions above the command line: as many as fit around the chosen one, and a count.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::command::Completion;
use crate::domain::truncate::truncate;
use crate::tui::theme::Theme;

/// Lines; more completions are scrolled and counted.
const MOST: u16 = 10;
/// Cells of a completion, without its description.
const WIDEST: usize = 24;

/// The completions around the chosen one, in so many cells and lines; the last line counts the
/// rest.
pub(super) fn lines(
    offers: &[Completion],
    chosen: Option<usize>,
    (width, height): (u16, u16),
    theme: &Theme,
) -> Vec<Line<'static>> {
    let (count, height) = (offers.len(), usize::from(height.min(MOST)));
    let shown = if count <= height { count } else { height.saturating_sub(1).max(1) };
    let first = chosen.unwrap_or(0).saturating_sub(shown / 2).min(count - shown);
    let widest = offers.iter().map(|offer| offer.text.width()).max().unwrap_or(0).min(WIDEST);
    let each = |(index, offer): (usize, &Completion)| {
        let is_here = chosen == Some(index);
        let style = if is_here { theme.chosen } else { Style::new() };
        let mark = if is_here { " ▸ " } else { "   " };
        let text = truncate(format!("{mark}{:<widest$}", offer.text).into(), width).into_owned();
        let room = width.saturating_sub(u16::try_from(text.width()).unwrap_or(u16::MAX));
        let describes = truncate(format!("  {}", offer.describes).into(), room).into_owned();
        Line::from(vec![Span::styled(text, style), Span::styled(describes, theme.dim)])
    };
    let mut lines: Vec<Line<'static>> =
        offers.iter().enumerate().skip(first).take(shown).map(each).collect();
    if count > shown && height > 1 {
        lines.push(Line::styled(format!("   +{} more", count - shown), theme.dim));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Context;
    use crate::tui::keymap::Way;
    use crate::tui::modal::command::CommandLine;

    fn context() -> Context<'static> {
        Context::default()
    }

    #[test]
    fn an_offer_is_described_in_all_the_room_beside_it_chosen_or_not() {
        let mut line = CommandLine::with("", &context());
        let first = |line: &CommandLine| {
            lines(&line.offers, line.taken, (36, 9), &Theme::mono())[0].to_string()
        };
        let before = first(&line);
        assert_eq!(before.width(), 36, "{before}");
        line.take_offer(Way::Forward, &context());
        assert_eq!(first(&line).replace(" ▸ ", "   "), before);
    }

    #[test]
    fn every_command_is_offered_around_the_chosen_one_with_a_line_of_help_and_a_count() {
        for (width, height) in [(80, 10), (40, 6)] {
            let mut line = CommandLine::with("", &context());
            let count = line.offers.len();
            let mut seen = std::collections::BTreeSet::new();
            for at in 0..count {
                line.take_offer(Way::Forward, &context());
                assert_eq!(line.taken, Some(at));
                let shown = lines(&line.offers, line.taken, (width, height), &Theme::mono());
                assert_eq!(shown.len(), usize::from(height));
                let texts: Vec<String> = shown.iter().map(ToString::to_string).collect();
                let more = format!("+{} more", count + 1 - usize::from(height));
                assert!(texts.last().unwrap().contains(&more), "{texts:?}");
                let chosen = texts.iter().find(|line| line.contains('▸')).unwrap();
                let (name, help) = chosen.trim_start_matches([' ', '▸']).split_once("  ").unwrap();
                assert!(!help.trim().is_empty(), "{chosen}");
                seen.insert(name.to_owned());
            }
            let lists = crate::list::ALL.iter().map(|spec| spec.key);
            let all = lists.chain(crate::command::COMMANDS.iter().map(|command| command.name));
            assert_eq!(seen, all.map(str::to_owned).collect());
        }
    }
}
