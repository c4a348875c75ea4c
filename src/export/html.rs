//! HTML without anything active: text and tables, no link, no script, no image, no attribute from data.

use super::Side;

/// Allows nothing but the styles of the page itself.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";
const BODY: &str = "font-family:Calibri,Arial,sans-serif;font-size:14px;color:#222222";
const TABLE: &str = "border-collapse:collapse;font-family:Calibri,Arial,sans-serif;font-size:13px";
const CELL: &str = "border:1px solid #c8c8c8;padding:3px 8px;vertical-align:top";
const HEAD: &str = "background-color:#f0f0f0;font-weight:bold";

/// A text as HTML, also as the value of an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// The part of a page before its content; `style` is the content of a style element and not from data.
pub(super) fn head(title: &str, style: &str) -> String {
    let style = if style.is_empty() { String::new() } else { format!("<style>{style}</style>\n") };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n{POLICY}\n\
         <title>{}</title>\n{style}</head>\n",
        escape(title)
    )
}

/// The start of a page with one table below a line about it, whose styles are attributes because a mail keeps only these.
pub(super) fn start(title: &str, about: &str) -> String {
    let about =
        if about.is_empty() { String::new() } else { format!("<p>{}</p>\n", escape(about)) };
    format!("{}<body style=\"{BODY}\">\n{about}", head(title, ""))
}

pub(super) fn end(lines: &[String]) -> String {
    let lines = lines.iter().filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(|line| format!("<p>{}</p>\n", escape(line))).collect();
    let lines = lines.concat();
    format!("{lines}</body>\n</html>\n")
}

pub(super) const TABLE_END: &str = "</tbody>\n</table>\n";

pub(super) fn table_start(titles: &[String], sides: &[Side]) -> String {
    let cells: Vec<String> = titles
        .iter()
        .zip(sides)
        .map(|(title, side)| {
            let title = escape(title);
            format!("<th style=\"{CELL};{HEAD};{}\">{title}</th>", align(*side))
        })
        .collect();
    let cells = cells.concat();
    format!("<table style=\"{TABLE}\">\n<thead>\n<tr>{cells}</tr>\n</thead>\n<tbody>\n")
}

pub(super) fn row(cells: &[String], sides: &[Side]) -> String {
    let cell = |(cell, side): (&String, &Side)| {
        format!("<td style=\"{CELL};{}\">{}</td>", align(*side), escape(cell))
    };
    let cells: Vec<String> = cells.iter().zip(sides).map(cell).collect();
    format!("<tr>{}</tr>\n", cells.concat())
}

fn align(side: Side) -> &'static str {
    match side {
        Side::Left => "text-align:left",
        Side::Right => "text-align:right;white-space:nowrap",
    }
}
