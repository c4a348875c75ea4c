//! A screen as SVG: cells become runs of text of one look, each placed by its column.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Width and height of a cell, where the baseline is in it, and the margin around the screen.
const CELL: (usize, usize) = (9, 18);
const BASELINE: usize = 14;
const MARGIN: usize = 14;

const PAPER: &str = "#16181d";
const INK: &str = "#d5d9e0";
const FONT: &str = "font-family=\"'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace\" \
                    font-size=\"15\"";

/// What the cells of one run share.
type Look = (&'static str, &'static str, Modifier);

fn look(cell: &Cell) -> Look {
    let (ink, paper) = (color(cell.fg, INK), color(cell.bg, PAPER));
    let is_reversed = cell.modifier.contains(Modifier::REVERSED);
    if is_reversed { (paper, ink, cell.modifier) } else { (ink, paper, cell.modifier) }
}

fn color(color: Color, default: &'static str) -> &'static str {
    match color {
        Color::Red | Color::LightRed => "#f07178",
        Color::Green | Color::LightGreen => "#98c379",
        Color::Yellow | Color::LightYellow => "#e5c07b",
        Color::Magenta | Color::LightMagenta => "#c792ea",
        Color::Cyan | Color::LightCyan => "#56c8d8",
        Color::Gray | Color::DarkGray => "#8b919d",
        _ => default,
    }
}

/// Text of one look and the column where it begins.
struct Run {
    column: usize,
    look: Look,
    text: String,
}

/// A run ends where the look changes, at a gap, and around scripts whose glyphs may be wider or
/// narrower than their cells: so nothing drifts, whatever the font.
fn runs(buffer: &Buffer, row: u16) -> Vec<Run> {
    let is_simple = |text: &str| text.chars().all(|c| u32::from(c) < 0x0500);
    let mut runs: Vec<Run> = Vec::new();
    let mut column = 0;
    while column < buffer.area.width {
        let cell = &buffer[(column, row)];
        let (look, text) = (look(cell), cell.symbol());
        let joins = |run: &&mut Run| {
            let is_gap = text == " " && run.text.ends_with(' ');
            run.look == look && !is_gap && is_simple(text) && is_simple(&run.text)
        };
        match runs.last_mut().filter(joins) {
            Some(run) => run.text.push_str(text),
            None => runs.push(Run { column: column.into(), look, text: text.to_owned() }),
        }
        column += u16::try_from(text.width()).unwrap_or(1).max(1);
    }
    runs
}

fn draw(svg: &mut String, run: &Run, row: usize) -> std::fmt::Result {
    let (ink, paper, marks) = run.look;
    let (mut left, top) = (MARGIN + run.column * CELL.0, MARGIN + row * CELL.1);
    let mut bar = |top: usize, high: usize, fill: &str| {
        let wide = run.text.width() * CELL.0;
        writeln!(
            svg,
            r#"<rect x="{left}" y="{top}" width="{wide}" height="{high}" fill="{fill}"/>"#
        )
    };
    if paper != PAPER {
        bar(top, CELL.1, paper)?;
    }
    if marks.contains(Modifier::UNDERLINED) {
        bar(top + BASELINE + 2, 1, ink)?;
    }
    let text = run.text.trim();
    if text.is_empty() {
        return Ok(());
    }
    left += (run.text.trim_end().width() - text.width()) * CELL.0;
    let (base, long) = (top + BASELINE, text.width() * CELL.0);
    write!(svg, r#"<text x="{left}" y="{base}" textLength="{long}" fill="{ink}""#)?;
    for (mark, name) in
        [(Modifier::BOLD, r#" font-weight="bold""#), (Modifier::ITALIC, r#" font-style="italic""#)]
    {
        svg.push_str(if marks.contains(mark) { name } else { "" });
    }
    writeln!(svg, ">{}</text>", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The whole screen.
pub(crate) fn picture(buffer: &Buffer, title: &str) -> String {
    let wide = usize::from(buffer.area.width) * CELL.0 + 2 * MARGIN;
    let high = usize::from(buffer.area.height) * CELL.1 + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" {FONT}>\n<title>{}</title>\n\
         <rect width=\"{wide}\" height=\"{high}\" rx=\"8\" fill=\"{PAPER}\"/>\n",
        escaped(title)
    );
    for row in 0..buffer.area.height {
        for run in runs(buffer, row) {
            draw(&mut svg, &run, row.into()).unwrap();
        }
    }
    svg.push_str("</svg>\n");
    svg
}
