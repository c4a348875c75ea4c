//! Draws the screen in ASCII only: replaces valora's symbols and accented letters.

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

use crate::domain::normalize::plain_letter;

/// Symbols and their replacements, each one cell wide.
const SIGNS: &[(&str, &str)] = &[
    ("│─┌┐└┘├┤┬┴┼╭╮╰╯", "|-+++++++++++++"),
    ("▸▌▶→›", ">>>>>"),
    ("◂◀←‹", "<<<<"),
    ("▲△↑", "^^^"),
    ("▼▽↓", "vvv"),
    ("✓✗✕×", "+xxx"),
    ("•●…–—−", "**~---"),
    ("“”„‘’‚", "\"\"\"'''"),
    ("≠≤≥≈", "!<>~"),
    ("█▉▊▋▄▖▁", "######_"),
    ("▍▎▏▪■", "====="),
    ("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "|/-\\|/-\\|/"),
    ("◐◓◑◒", "|/-\\"),
];

pub fn only(buffer: &mut Buffer) {
    let is_blank = |cell: Option<&Cell>| cell.is_none_or(|cell| cell.symbol() == " ");
    for at in 0..buffer.content.len() {
        // Between two words, not in an empty cell of a table: `-` would look like a subtraction.
        let before = |cells| at.checked_sub(cells).and_then(|at| buffer.content.get(at));
        let is_between = is_blank(before(1)) && !is_blank(before(2));
        let Some(cell) = buffer.content.get_mut(at) else { return };
        if cell.symbol() == "·" {
            cell.set_char(if is_between { '|' } else { '.' });
        }
        if cell.symbol().is_ascii() {
            continue;
        }
        // A wide letter keeps its two cells: the second one is already blank.
        let is_wide = cell.symbol().width() > 1;
        let sign = cell.symbol().chars().next().map_or('?', in_ascii);
        cell.set_char(if is_wide { '?' } else { sign });
    }
}

fn in_ascii(c: char) -> char {
    let sign = |(from, to): &(&str, &str)| {
        from.chars().zip(to.chars()).find(|(sign, _)| *sign == c).map(|(_, plain)| plain)
    };
    SIGNS.iter().find_map(sign).or_else(|| plain_letter(c)).unwrap_or('?')
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn signs_have_stand_ins_letters_lose_their_marks_and_the_rest_is_marked() {
        for (from, to) in SIGNS {
            assert_eq!(from.chars().count(), to.chars().count(), "{from}");
            assert!(to.is_ascii());
        }
        let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 1));
        buffer.set_string(0, 0, "▸Łukasz Müller│李小 प्रि …", Style::new());
        only(&mut buffer);
        let text: String = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert!(text.is_ascii());
        assert!(text.starts_with(">Lukasz Muller|? ?  ?"), "{text}");
    }
}
