//! A topic as lines that fit a width in cells. Only a long word can be wider.

use comfy_table::{ContentArrangement, Table, presets::NOTHING};
use textwrap::{Options, WordSplitter, WrapAlgorithm};

use super::Topic;
use super::block::{Block, read};

const INDENT: &str = "  ";
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
        let is_heading = matches!(block, Block::Title(_) | Block::Heading(_));
        lines.extend(wrapped(&block, width).into_iter().map(|text| Line { text, is_heading }));
        was_item = is_item;
    }
    lines
}

pub fn wrapped(block: &Block, width: usize) -> Vec<String> {
    match block {
        Block::Title(text) | Block::Heading(text) => filled(text, "", "", width),
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

fn table(rows: &[Vec<String>], width: usize) -> Vec<String> {
    let Some((header, body)) = rows.split_first() else { return Vec::new() };
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    if header.iter().any(|cell| !cell.is_empty()) {
        table.set_header(header.iter().map(|cell| plain(cell)));
    }
    for row in body {
        // Code alone in a first cell needs no backticks.
        let first = row.iter().take(1).map(|cell| plain(cell));
        table.add_row(first.chain(row.iter().skip(1).cloned()));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// A cell without the backticks of code, if it holds nothing else.
fn plain(cell: &str) -> String {
    let is_code =
        cell.split('`').step_by(2).all(|between| between.trim_matches([' ', ',']).is_empty());
    if is_code { cell.replace('`', "") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manual::TOPICS;
    use unicode_width::UnicodeWidthStr;

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
