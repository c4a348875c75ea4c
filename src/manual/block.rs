//! Markdown as a list of blocks. Code keeps its backticks; images and comments are left out.

use std::mem::take;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Title(String),
    Heading(String),
    Subheading(String),
    Paragraph(String),
    /// An item of a list: its indent in cells, its bullet or number, its text.
    Item(usize, String, String),
    Code(Vec<String>),
    /// Rows of cells; the first row is the header.
    Table(Vec<Vec<String>>),
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    text: String,
    /// The next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    bullet: Option<String>,
    image_depth: usize,
    cells: Vec<String>,
    rows: Vec<Vec<String>>,
}

pub fn read(markdown: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(tag) => reader.start(&tag),
            Event::End(tag) => reader.end(tag),
            Event::Text(text) if reader.image_depth == 0 => reader.text.push_str(&text),
            Event::Code(code) => reader.text.extend(["`", &code, "`"]),
            Event::SoftBreak | Event::HardBreak => reader.text.push(' '),
            _ => {}
        }
    }
    reader.blocks
}

impl Reader {
    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.flush();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.bullet = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                });
            }
            Tag::CodeBlock(_) => self.flush(),
            Tag::Image { .. } => self.image_depth += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let text = take(&mut self.text);
                self.blocks.push(match level {
                    HeadingLevel::H1 => Block::Title(text),
                    HeadingLevel::H2 => Block::Heading(text),
                    _ => Block::Subheading(text),
                });
            }
            TagEnd::Paragraph | TagEnd::Item => self.flush(),
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::CodeBlock => {
                let lines = take(&mut self.text).lines().map(str::to_owned).collect();
                self.blocks.push(Block::Code(lines));
            }
            TagEnd::Image => self.image_depth -= 1,
            TagEnd::TableCell => self.cells.push(take(&mut self.text)),
            TagEnd::TableHead | TagEnd::TableRow => self.rows.push(take(&mut self.cells)),
            TagEnd::Table => self.blocks.push(Block::Table(take(&mut self.rows))),
            _ => {}
        }
    }

    /// Adds the current paragraph or item.
    fn flush(&mut self) {
        let text = take(&mut self.text).trim().to_owned();
        if text.is_empty() {
            return;
        }
        let indent = 2 * self.lists.len().saturating_sub(1);
        self.blocks.push(match self.bullet.take() {
            Some(bullet) => Block::Item(indent, bullet, text),
            None => Block::Paragraph(text),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_block_is_read() {
        let text = "# Title\n\nTwo\nlines of `code` and [a link](x.md).\n\n![picture](x.svg)\n\n\
                    ## Part\n\n### Piece\n\n- one\n  more\n- two\n\n1. first\n2. second\n\n```sh\na\n  b\n```\n\n\
                    <!-- begin -->\n| a | b |\n|---|---|\n| `x` | y |\n";
        let owned = |text: &str| text.to_owned();
        let item = |bullet: &str, text: &str| Block::Item(0, owned(bullet), owned(text));
        assert_eq!(
            read(text),
            [
                Block::Title(owned("Title")),
                Block::Paragraph(owned("Two lines of `code` and a link.")),
                Block::Heading(owned("Part")),
                Block::Subheading(owned("Piece")),
                item("- ", "one more"),
                item("- ", "two"),
                item("1. ", "first"),
                item("2. ", "second"),
                Block::Code(vec![owned("a"), owned("  b")]),
                Block::Table(vec![vec![owned("a"), owned("b")], vec![owned("`x`"), owned("y")]]),
            ]
        );
    }
}
