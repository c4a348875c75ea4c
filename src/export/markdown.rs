//! Tables in Markdown, for a message or a ticket.

use super::Side;

fn line<const N: usize>(cells: &[String; N]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// `rows` must be escaped, see [`plain`].
pub(super) fn table<const N: usize>(
    titles: &[String; N],
    sides: [Side; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let rule = sides.map(|side| if side == Side::Right { "---:" } else { "---" }.to_owned());
    let mut out = line(titles) + &line(&rule);
    out.extend(rows.map(|row| line(&row)));
    out
}

/// Escapes the special characters of Markdown.
pub(super) fn plain(text: &str) -> String {
    let escape = |c: char| "\\`*_{}[]<>()#|~!&".contains(c).then_some('\\');
    text.chars().flat_map(|c| escape(c).into_iter().chain([c])).collect()
}
