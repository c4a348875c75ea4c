//! The position and style in which the terminal writes next, and the shortest way to change them.

use std::fmt::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use crate::tui::terminal::screen::scroll::Moved;

/// Attributes that are visible on a blank cell.
const SEEN_ON_BLANK: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK);

/// Each attribute with the numbers that set and unset it (ECMA-48, SGR). Bold and dim are unset
/// together.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    /// Of a blank cell, only what is visible.
    pub fn of(cell: &Cell) -> Self {
        let look = Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        let is_plain = is_blank(cell) && !look.modifier.intersects(SEEN_ON_BLANK);
        if is_plain { Self { bg: cell.bg, ..Self::default() } } else { look }
    }
}

pub fn letter_of(cell: &Cell) -> &str {
    if cell.symbol().is_empty() { " " } else { cell.symbol() }
}

pub fn is_blank(cell: &Cell) -> bool {
    letter_of(cell) == " "
}

#[derive(Debug, Default)]
pub struct Pen {
    /// The bytes of the frame so far; position and style persist into the next frame.
    pub bytes: String,
    look: Look,
    /// Column and row, if known.
    pub place: Option<(u16, u16)>,
}

impl Pen {
    /// A copy without bytes, to compare lengths.
    pub fn aside(&self) -> Self {
        Self { bytes: String::new(), look: self.look, place: self.place }
    }

    /// Appends what a copy wrote.
    pub fn adopt(&mut self, aside: &Self) {
        self.bytes += &aside.bytes;
        (self.look, self.place) = (aside.look, aside.place);
    }

    pub fn erase_all(&mut self) {
        self.bytes += "\x1b[?25l\x1b[m\x1b[H\x1b[2J";
        self.look = Look::default();
        self.place = Some((0, 0));
    }

    pub fn erase_from(&mut self, x: u16, y: u16) {
        self.go_to(x, y);
        self.wear(Look::default());
        self.bytes += "\x1b[K";
    }

    pub fn scroll(&mut self, moved: &Moved) {
        self.wear(Look::default());
        let (top, bottom) = (moved.rows.start() + 1, moved.rows.end() + 1);
        let scroll = steps(moved.up.unsigned_abs(), if moved.up > 0 { 'S' } else { 'T' });
        let _ = write!(self.bytes, "\x1b[{top};{bottom}r{scroll}\x1b[r");
        // After these, the position of the cursor depends on the terminal.
        self.place = None;
    }

    /// `last` is the column after the end of the row.
    pub fn letter(&mut self, cell: &Cell, width: u16, last: u16) {
        if !self.is_fit_for(cell) {
            self.wear(Look::of(cell));
        }
        self.bytes += letter_of(cell);
        // After the last column, the position of the cursor depends on the terminal.
        self.place = self.place.map(|(x, y)| (x + width, y)).filter(|(x, _)| *x < last);
    }

    /// Returns `true` if a cell can be written in the current style.
    pub fn is_fit_for(&self, cell: &Cell) -> bool {
        let target = Look::of(cell);
        let blanks_as_wanted = || {
            target.modifier.is_empty()
                && self.look.bg == target.bg
                && !self.look.modifier.intersects(SEEN_ON_BLANK)
        };
        self.look == target || is_blank(cell) && blanks_as_wanted()
    }

    /// Changes the style in the shorter way: the difference, or after a reset.
    fn wear(&mut self, target: Look) {
        if self.look == target {
            return;
        }
        let change = difference(self.look, target);
        let reset = match difference(Look::default(), target) {
            plain if plain.is_empty() => plain,
            added => format!("0;{added}"),
        };
        let shorter = if reset.len() <= change.len() { reset } else { change };
        let _ = write!(self.bytes, "\x1b[{shorter}m");
        self.look = target;
    }

    pub fn go_to(&mut self, x: u16, y: u16) {
        if self.place == Some((x, y)) {
            return;
        }
        let there = match (x, y) {
            (0, 0) => "\x1b[H".to_owned(),
            (0, _) => format!("\x1b[{}H", y + 1),
            _ => format!("\x1b[{};{}H", y + 1, x + 1),
        };
        let along = |from: u16, to: u16, [on, back]: [char; 2]| {
            steps(from.abs_diff(to).into(), if to > from { on } else { back })
        };
        let near = match self.place {
            Some((from, line)) if line == y => Some(along(from, x, ['C', 'D'])),
            Some((column, from)) if column == x => Some(along(from, y, ['B', 'A'])),
            _ => None,
        };
        self.bytes += &near.filter(|near| near.len() <= there.len()).unwrap_or(there);
        self.place = Some((x, y));
    }
}

/// A control with a count, which is omitted if it is 1.
fn steps(count: usize, control: char) -> String {
    if count == 1 { format!("\x1b[{control}") } else { format!("\x1b[{count}{control}") }
}

/// The SGR numbers that lead from one style to another.
fn difference(from: Look, to: Look) -> String {
    let mut numbers: Vec<String> = Vec::new();
    let mut held = from.modifier;
    for (modifier, _, unset) in ATTRIBUTES {
        if (held - to.modifier).contains(modifier) {
            numbers.push(unset.to_string());
            let also = ATTRIBUTES.iter().filter(|(_, _, other)| *other == unset);
            also.for_each(|(modifier, ..)| held.remove(*modifier));
        }
    }
    let added = ATTRIBUTES.iter().filter(|(it, ..)| (to.modifier - held).contains(*it));
    numbers.extend(added.map(|(_, set, _)| set.to_string()));
    if from.fg != to.fg {
        numbers.push(color(to.fg, 30));
    }
    if from.bg != to.bg {
        numbers.push(color(to.bg, 40));
    }
    numbers.join(";")
}

/// A color in SGR; `ground` is 30 for foreground and 40 for background, plus 60 for bright colors.
fn color(color: Color, ground: u8) -> String {
    let number = match color {
        Color::Indexed(number) => return format!("{};5;{number}", ground + 8),
        Color::Rgb(red, green, blue) => return format!("{};2;{red};{green};{blue}", ground + 8),
        Color::Reset => 9,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
    };
    (ground + number).to_string()
}
