//! Lines made of pieces: a piece that does not fit is dropped, never cut.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::money::format_count;

pub const DOT: &str = " · ";

pub struct Piece {
    pub text: String,
    pub style: Style,
    /// 0 is dropped last.
    pub priority: u8,
}

impl Piece {
    pub fn new(priority: u8, style: Style, text: impl Into<String>) -> Self {
        Self { text: text.into(), style, priority }
    }
}

pub fn line(pieces: Vec<Piece>, gap: &'static str, width: u16) -> Line<'static> {
    let mut kept: Vec<Piece> = pieces.into_iter().filter(|piece| !piece.text.is_empty()).collect();
    while taken(&kept, gap) > usize::from(width) {
        let last = kept.iter().enumerate().max_by_key(|(index, piece)| (piece.priority, *index));
        let Some((last, _)) = last else { break };
        kept.remove(last);
    }
    let mut spans = Vec::with_capacity(2 * kept.len());
    for piece in kept {
        if !spans.is_empty() {
            spans.push(Span::raw(gap));
        }
        spans.push(Span::styled(piece.text, piece.style));
    }
    Line::from(spans)
}

/// `row 3 of 1,234`; `cursor` counts from 0.
pub fn position(of: &str, cursor: usize, all: u64) -> String {
    format!("{of} {} of {}", format_count(cursor as u64 + 1), format_count(all))
}

pub fn text_of(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(DOT)
}

pub fn indented(mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, Span::raw(" "));
    line
}

fn taken(pieces: &[Piece], gap: &str) -> usize {
    let texts: usize = pieces.iter().map(|piece| piece.text.width()).sum();
    texts + gap.width() * pieces.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_groups_its_thousands() {
        assert_eq!(position("row", 1_233, 2_000), "row 1,234 of 2,000");
    }

    #[test]
    fn the_least_wanted_pieces_go_first_and_none_is_cut() {
        let pieces = || {
            vec![
                Piece::new(0, Style::new(), "row 1"),
                Piece::new(2, Style::new(), "EUR 1.00"),
                Piece::new(1, Style::new(), "5 loaded"),
            ]
        };
        let shown = |width| line(pieces(), " · ", width).to_string();
        assert_eq!(shown(40), "row 1 · EUR 1.00 · 5 loaded");
        assert_eq!(shown(20), "row 1 · 5 loaded");
        assert_eq!(shown(6), "row 1");
        assert_eq!(shown(3), "");
    }
}
