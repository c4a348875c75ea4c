//! A screen as SVG: cells become runs of text of one look, each placed by its column.

use std::borrow::Cow;
use std::collections::BTreeMap;
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
type Look = (Cow<'static, str>, Cow<'static, str>, Modifier);

fn look(cell: &Cell) -> Look {
    let (ink, paper) = (color(cell.fg, INK), color(cell.bg, PAPER));
    let is_reversed = cell.modifier.contains(Modifier::REVERSED);
    if is_reversed { (paper, ink, cell.modifier) } else { (ink, paper, cell.modifier) }
}

/// Of the 256 colors: the cube of 6 levels and the ramp of grays. The sixteen are those of no theme
/// that is drawn.
fn color(color: Color, default: &'static str) -> Cow<'static, str> {
    let Color::Indexed(index) = color else { return default.into() };
    let level = |at: u8| if at == 0 { 0 } else { 55 + 40 * at };
    let [red, green, blue] = match index {
        232.. => [8 + 10 * (index - 232); 3],
        16.. => [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6].map(level),
        _ => panic!("{index} is of the sixteen"),
    };
    format!("#{red:02x}{green:02x}{blue:02x}").into()
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
    let (ink, paper, marks) = (&*run.look.0, &*run.look.1, run.look.2);
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

/// The size of a picture of a screen, and what it begins with.
fn begin(buffer: &Buffer, title: &str) -> String {
    let wide = usize::from(buffer.area.width) * CELL.0 + 2 * MARGIN;
    let high = usize::from(buffer.area.height) * CELL.1 + 2 * MARGIN;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" {FONT}>\n<title>{}</title>\n\
         <rect width=\"{wide}\" height=\"{high}\" rx=\"8\" fill=\"{PAPER}\"/>\n",
        escaped(title)
    )
}

fn line(buffer: &Buffer, row: u16) -> String {
    let mut svg = String::new();
    for run in runs(buffer, row) {
        draw(&mut svg, &run, row.into()).unwrap();
    }
    svg
}

/// The whole screen.
pub(crate) fn picture(buffer: &Buffer, title: &str) -> String {
    let lines = (0..buffer.area.height).map(|row| line(buffer, row));
    begin(buffer, title) + &lines.collect::<String>() + "</svg>\n"
}

/// Screens one after another, each for so many tenths of a second, again and again. What stays on a
/// line is drawn once.
pub(crate) fn film(frames: &[(Buffer, u32)], title: &str) -> String {
    let first = &frames[0].0;
    let all: u32 = frames.iter().map(|(_, tenths)| tenths).sum();
    let mut svg = begin(first, title);
    for row in 0..first.area.height {
        let mut shown: BTreeMap<String, Vec<bool>> = BTreeMap::new();
        for (at, (buffer, _)) in frames.iter().enumerate() {
            let seen = shown.entry(line(buffer, row)).or_insert_with(|| vec![false; frames.len()]);
            seen[at] = true;
        }
        for (drawn, seen) in shown.into_iter().filter(|(drawn, _)| !drawn.is_empty()) {
            if seen.iter().all(|is_seen| *is_seen) {
                svg += &drawn;
                continue;
            }
            let (mut values, mut times, mut at) = (Vec::new(), Vec::new(), 0);
            for (is_seen, (_, tenths)) in seen.iter().zip(frames) {
                values.push(if *is_seen { "inline" } else { "none" });
                times.push(format!("0.{:04}", at * 10_000 / all));
                at += tenths;
            }
            let (first, values, times) = (values[0], values.join(";"), times.join(";"));
            let seconds = format!("{}.{}", all / 10, all % 10);
            writeln!(
                svg,
                r#"<g display="{first}"><animate attributeName="display" values="{values}" keyTimes="{times}" dur="{seconds}s" calcMode="discrete" repeatCount="indefinite"/>"#
            )
            .unwrap();
            svg += &drawn;
            svg += "</g>\n";
        }
    }
    svg + "</svg>\n"
}
