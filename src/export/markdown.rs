//! Tables in Markdown, for a message or a ticket.

use super::Side;

fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// `rows` must be escaped, see [`plain`].
pub(super) fn table<R: AsRef<[String]>>(
    titles: &[String],
    sides: &[Side],
    rows: impl Iterator<Item = R>,
) -> String {
    let rule = |side: &Side| if *side == Side::Right { "---:" } else { "---" }.to_owned();
    let rule: Vec<String> = sides.iter().map(rule).collect();
    let mut out = line(titles) + &line(&rule);
    out.extend(rows.map(|row| line(row.as_ref())));
    out
}

/// Escapes the special characters of Markdown.
pub(super) fn plain(text: &str) -> String {
    let escape = |c: char| "\\`*_{}[]<>()#|~!&".contains(c).then_some('\\');
    text.chars().flat_map(|c| escape(c).into_iter().chain([c])).collect()
}
