//! Wraps lines for a terminal between words, so that it does not break words.

use std::borrow::Cow;
use std::os::fd::AsFd;

use rustix::termios::{isatty, tcgetwinsize};
use unicode_width::UnicodeWidthStr;

/// In narrower terminals, lines are not wrapped.
const LEAST: usize = 20;
/// The width of a page of the manual in a pipe or a file.
const PAGE: usize = 80;

/// The width of the terminal in columns; `None` if the stream is not a terminal, or a very narrow one.
pub fn of(stream: &impl AsFd) -> Option<usize> {
    columns(stream).filter(|columns| *columns >= LEAST)
}

/// The width for a page of the manual, which is always wrapped.
pub fn of_page(stream: &impl AsFd) -> usize {
    columns(stream).map_or(PAGE, |columns| columns.max(LEAST))
}

/// `None` if the stream is not a terminal, or a terminal of unknown size.
fn columns(stream: &impl AsFd) -> Option<usize> {
    let stream = stream.as_fd();
    let columns = isatty(stream).then(|| tcgetwinsize(stream).ok())??.ws_col;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

/// Wraps lines that are wider than this. The rest of a line is indented as its text; in a table of two
/// columns, as the second one.
pub fn fitted(text: &str, width: Option<usize>) -> Cow<'_, str> {
    let Some(width) = width else { return text.into() };
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        // A line of carets points at the line above.
        let is_fit = line.width() <= width || line.trim().trim_matches('^').is_empty();
        if is_fit {
            out.extend([line, end]);
            continue;
        }
        let (first, rest) = (" ".repeat(start(line)), " ".repeat(indent(line, width)));
        let options = textwrap::Options::new(width)
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
        out.extend([&*textwrap::fill(line.trim(), options), end]);
    }
    out.into()
}

fn start(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The indent of the rest of a line: that of its text, or of its second column if it has one.
fn indent(line: &str, width: usize) -> usize {
    let second = line.trim_start().split_once("  ").map(|(first, second)| {
        let gap = 2 + second.len() - second.trim_start().len();
        start(line) + first.width() + gap
    });
    second.filter(|second| *second <= width / 2).unwrap_or(start(line).min(width / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_broken_and_the_columns_of_a_table_stay() {
        let text = "valora: this is a sentence that does not fit into forty cells\n\
                    \x20 --sort <COLUMN>  Sort the rows by this column, greatest first\n\
                    \x20 a_very_long_path_that_has_no_blank_in_it_at_all.csv\n  short\n";
        let expected = "valora: this is a sentence that does not\n\
                        fit into forty cells\n\
                        \x20 --sort <COLUMN>  Sort the rows by this\n\
                        \x20                  column, greatest\n\
                        \x20                  first\n\
                        \x20 a_very_long_path_that_has_no_blank_in_it_at_all.csv\n  short\n";
        assert_eq!(fitted(text, Some(40)), expected);
        assert_eq!(fitted(text, None), text, "a file keeps its lines");
        let carets = format!("  {}", "^".repeat(50));
        assert_eq!(fitted(&carets, Some(40)), carets);
    }
}
