//! A topic as lines that fit a width in cells. Only a long word can be wider.

use textwrap::{Options, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthStr;

use super::Topic;
use super::block::{Block, read};

const INDENT: &str = "  ";
/// Cells between two columns of a table.
const GAP: usize = 2;
/// Cells; a narrower width is treated as this.
const NARROWEST: usize = 24;
/// Cells; a wider width is treated as this.
const WIDEST: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub is_heading: bool,
}

pub fn lines(topic: &Topic, width: usize) -> Vec<Line> {
    let width = width.clamp(NARROWEST, WIDEST);
    let mut lines = Vec::new();
    let mut was_item = false;
    for block in read(topic.text) {
        let is_item = matches!(block, Block::Item(..));
        let follows_item = is_item && was_item;
        if !lines.is_empty() && !follows_item {
            lines.push(Line { text: String::new(), is_heading: false });
        }
        let is_heading =
            matches!(block, Block::Title(_) | Block::Heading(_) | Block::Subheading(_));
        lines.extend(wrapped(&block, width).into_iter().map(|text| Line { text, is_heading }));
        was_item = is_item;
    }
    lines
}

pub fn wrapped(block: &Block, width: usize) -> Vec<String> {
    match block {
        Block::Title(text) | Block::Heading(text) | Block::Subheading(text) => {
            filled(text, "", "", width)
        }
        Block::Paragraph(text) => filled(text, INDENT, INDENT, width),
        Block::Item(indent, bullet, text) => {
            let first = format!("{INDENT}{}{bullet}", " ".repeat(*indent));
            filled(text, &first, &" ".repeat(first.len()), width)
        }
        Block::Code(code) => code.iter().flat_map(|line| code_line(line, width)).collect(),
        Block::Table(rows) => {
            let lines = table(rows, width.saturating_sub(INDENT.len()));
            lines.into_iter().map(|line| format!("{INDENT}{line}")).collect()
        }
    }
}

/// A comment continues as a comment; a command is indented further.
fn code_line(line: &str, width: usize) -> Vec<String> {
    let text = line.trim_start();
    let first = format!("{INDENT}{INDENT}{}", " ".repeat(line.len() - text.len()));
    let further = first.clone() + if text.starts_with('#') { "# " } else { "    " };
    if text.is_empty() { vec![String::new()] } else { filled(text, &first, &further, width) }
}

fn filled(text: &str, first: &str, further: &str, width: usize) -> Vec<String> {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(further)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// Columns side by side; if the longest words do not fit, the cells of each row below its first cell.
fn table(rows: &[Vec<String>], width: usize) -> Vec<String> {
    let shown = |row: usize, (column, cell): (usize, &String)| {
        // Code alone in a header or a first cell needs no backticks.
        if row == 0 || column == 0 { plain(cell) } else { cell.clone() }
    };
    let rows = rows.iter().enumerate();
    let rows = rows.map(|(at, row)| row.iter().enumerate().map(|cell| shown(at, cell)).collect());
    let is_filled = |row: &Vec<String>| row.iter().any(|cell| !cell.is_empty());
    let rows: Vec<Vec<String>> = rows.filter(is_filled).collect();
    match column_widths(&rows, width) {
        Some(widths) => rows.iter().flat_map(|row| side_by_side(row, &widths)).collect(),
        None => rows.iter().flat_map(|row| stacked(row, width)).collect(),
    }
}

/// The width of each column in cells; `None` if a word would not fit into its column.
fn column_widths(rows: &[Vec<String>], width: usize) -> Option<Vec<usize>> {
    let count = rows.iter().map(Vec::len).max()?;
    let most = |measure: fn(&str) -> usize, at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| measure(cell)).max().unwrap_or(0)
    };
    let bounds: Vec<(usize, usize)> =
        (0..count).map(|at| (most(longest_word, at), most(UnicodeWidthStr::width, at))).collect();
    let room = width.checked_sub(GAP * count.saturating_sub(1))?;
    let capped = |cap: usize| -> Vec<usize> {
        bounds.iter().map(|(least, full)| cap.min(*full).max(*least)).collect()
    };
    (0..=room).rev().map(capped).find(|widths| widths.iter().sum::<usize>() <= room)
}

fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

fn side_by_side(row: &[String], widths: &[usize]) -> Vec<String> {
    let cells = row.iter().zip(widths);
    let cells: Vec<Vec<String>> =
        cells.map(|(cell, width)| filled(cell, "", "", (*width).max(1))).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            let text = cell.get(at).map_or("", String::as_str);
            line.push_str(text);
            line.push_str(&" ".repeat(width.saturating_sub(text.width()) + GAP));
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

fn stacked(row: &[String], width: usize) -> Vec<String> {
    let cells = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
    let below = INDENT.repeat(2);
    let lines = cells.flat_map(|(at, cell)| {
        let indent = if at == 0 { "" } else { &below };
        filled(cell, indent, indent, width)
    });
    lines.collect()
}

/// A cell without the backticks of code, if it holds nothing else.
fn plain(cell: &str) -> String {
    let is_code =
        cell.split('`').step_by(2).all(|between| between.trim_matches([' ', ',']).is_empty());
    if is_code { cell.replace('`', "") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::manual::TOPICS;

    #[test]
    fn every_topic_fits_every_width() {
        for topic in TOPICS {
            for width in [24, 36, 60, 80, 100] {
                for line in lines(topic, width) {
                    let text = line.text.trim().trim_start_matches(['-', '#', ' ']);
                    let fits = line.text.width() <= width || !text.contains(' ');
                    assert!(fits, "{} at {width}: {}", topic.name, line.text);
                }
            }
        }
    }

    fn words_of(topic: &Topic) -> Vec<String> {
        let texts = read(topic.text).into_iter().flat_map(|block| match block {
            Block::Title(text)
            | Block::Heading(text)
            | Block::Subheading(text)
            | Block::Paragraph(text)
            | Block::Item(_, _, text) => vec![text],
            Block::Code(lines) => lines,
            Block::Table(rows) => rows.into_iter().flatten().collect(),
        });
        let words = |text: String| text.split_whitespace().map(bare).collect::<Vec<_>>();
        texts.flat_map(words).collect()
    }

    fn bare(word: &str) -> String {
        word.replace('`', "")
    }

    #[test]
    fn no_word_of_a_topic_is_broken() {
        for topic in TOPICS {
            let words = words_of(topic);
            for width in 24..=120 {
                let shown = lines(topic, width);
                let shown: HashSet<String> =
                    shown.iter().flat_map(|line| line.text.split_whitespace().map(bare)).collect();
                for word in &words {
                    assert!(shown.contains(word), "{} at {width}: {word}", topic.name);
                }
            }
        }
    }

    #[test]
    fn a_table_whose_words_do_not_fit_has_the_cells_of_a_row_below_the_first() {
        let rows = [["`key`", "what it does"], ["`default_profile`", "use `this` profile"]];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|&cell| cell.to_owned()).collect()).collect();
        assert_eq!(
            table(&rows, 20),
            ["key", "    what it does", "default_profile", "    use `this`", "    profile"]
        );
        let wide = ["key              what it", "                 does"];
        assert_eq!(&table(&rows, 25)[..2], wide);
    }

    #[test]
    fn a_page_is_indented_below_its_headings() {
        let text = "# Keys\n\nPress `f` to filter the rows.\n\n- one\n- two three four five\n\n\
                    | key | does |\n|---|---|\n| `a` `b` | press `c` |\n";
        let topic = Topic { name: "x", about: "", text };
        let shown: Vec<String> = lines(&topic, 24).into_iter().map(|line| line.text).collect();
        assert_eq!(
            shown.join("\n"),
            "Keys\n\n  Press `f` to filter\n  the rows.\n\n  - one\n  - two three four five\n\n  \
             key  does\n  a b  press `c`"
        );
    }
}
