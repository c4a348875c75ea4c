//! Tables in Markdown, for a message or a ticket.

use super::Side;
use super::cell::Cell;
use crate::domain::link::document;

fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// `rows` must be escaped, see [`plain`].
pub(super) fn table<R: AsRef<[String]>>(
    titles: &[String],
    sides: &[Side],
    rows: impl Iterator<Item = R>,
) -> String {
    let mut out = head(titles, sides);
    out.extend(rows.map(|row| line(row.as_ref())));
    out
}

/// The lines above the rows; the titles are not from data.
pub(super) fn head(titles: &[String], sides: &[Side]) -> String {
    let rule = |side: &Side| if *side == Side::Right { "---:" } else { "---" }.to_owned();
    let rule: Vec<String> = sides.iter().map(rule).collect();
    line(titles) + &line(&rule)
}

pub(super) fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
    line(&cells)
}

/// Paragraphs below a table; empty lines are skipped.
pub(super) fn lines(lines: &[String]) -> String {
    let lines = lines.iter().filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(|line| format!("\n{}\n", plain(line))).collect();
    lines.concat()
}

/// Only a document of the vendor is a link.
pub(super) fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Link(address) => {
            // Without special characters, so that it needs no escapes.
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:/?#@&=%+~".contains(c);
            let link = document(address).filter(|link| link.chars().all(is_plain));
            link.unwrap_or_else(|| plain(address))
        }
        other => plain(&other.shown()),
    }
}

/// Text that shows its special characters. What a reader would make a link even without them, such as an
/// address, is code.
pub(super) fn plain(text: &str) -> String {
    if is_linked(text) {
        return code(text);
    }
    let escape = |c: char| "\\`*_{}[]<>()#|~!&$".contains(c).then_some('\\');
    text.chars().flat_map(|c| escape(c).into_iter().chain([c])).collect()
}

fn is_linked(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["://", "www.", "@", "mailto:", "xmpp:"].iter().any(|mark| text.contains(mark))
}

/// The text between more backticks than it has in a row. In a table, a backslash escapes a bar even in
/// code, so a text with bars has no other backslashes.
fn code(text: &str) -> String {
    let text = text.trim_matches(' ');
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let text = if text.contains('|') {
        text.replace('\\', "＼").replace('|', "\\|")
    } else {
        text.to_owned()
    };
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}
