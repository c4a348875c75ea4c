//! The place and the style in which the terminal writes next, and the shortest way to another.

use std::fmt::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// What of a style is seen where no letter stands.
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
    /// How a cell looks; of a blank one, only what is seen.
    pub fn of(cell: &Cell) -> Self {
        let look = Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        let is_plain = is_blank(cell) && !look.modifier.intersects(SEEN_ON_BLANK);
        if is_plain { Self { bg: cell.bg, ..Self::default() } } else { look }
    }
}

/// Whether no letter stands in a cell.
pub fn is_blank(cell: &Cell) -> bool {
    matches!(cell.symbol(), " " | "")
}

#[derive(Debug, Default)]
pub struct Pen {
    bytes: String,
    look: Look,
    /// Column and row, while they are known.
    place: Option<(u16, u16)>,
}

impl Pen {
    /// What was written; the next frame goes on in the same place and style.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.bytes)
    }

    /// Bytes of the frame so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// A copy that writes a piece of its own, to compare lengths.
    pub fn aside(&self) -> Self {
        Self { bytes: String::new(), look: self.look, place: self.place }
    }

    /// Takes over what a copy wrote.
    pub fn adopt(&mut self, aside: &Self) {
        self.bytes.push_str(&aside.bytes);
        self.look = aside.look;
        self.place = aside.place;
    }

    /// Where the next letter would stand, if that is known.
    pub fn place(&self) -> Option<(u16, u16)> {
        self.place
    }

    /// From here on the place is not known.
    pub fn lose_place(&mut self) {
        self.place = None;
    }

    pub fn write_mode(&mut self, mode: &str) {
        self.write(format_args!("\x1b[{mode}"));
    }

    /// Blanks the terminal, whatever its state was.
    pub fn erase_all(&mut self) {
        self.write(format_args!("\x1b[?25l\x1b[m\x1b[H\x1b[2J"));
        self.look = Look::default();
        self.place = Some((0, 0));
    }

    /// Blanks the row from a column on.
    pub fn erase_from(&mut self, x: u16, y: u16) {
        self.go_to(x, y);
        self.wear(Look::default());
        self.bytes.push_str("\x1b[K");
    }

    /// Scrolls the rows from `top` to `bottom` upwards, or downwards where `up` is negative.
    pub fn scroll(&mut self, top: u16, bottom: u16, up: i32) {
        self.wear(Look::default());
        self.write(format_args!("\x1b[{};{}r\x1b[", top + 1, bottom + 1));
        let (rows, way) = (up.unsigned_abs(), if up > 0 { 'S' } else { 'T' });
        if rows > 1 {
            self.write(format_args!("{rows}"));
        }
        self.write(format_args!("{way}\x1b[r"));
        // Terminals differ in where these leave the cursor.
        self.place = None;
    }

    /// Writes a letter where the pen is; `last` is the column behind the row.
    pub fn letter(&mut self, cell: &Cell, width: u16, last: u16) {
        self.wear_for(cell);
        self.bytes.push_str(if cell.symbol().is_empty() { " " } else { cell.symbol() });
        // Behind the last column the cursor waits in it or goes on, as the terminal likes.
        self.place = self.place.map(|(x, y)| (x + width, y)).filter(|(x, _)| *x < last);
    }

    /// Whether a cell can be written in the style as it is.
    pub fn is_fit_for(&self, cell: &Cell) -> bool {
        let wanted = Look::of(cell);
        self.look == wanted || self.blanks_as(wanted, cell)
    }

    /// Whether a blank written now looks as `wanted`.
    fn blanks_as(&self, wanted: Look, cell: &Cell) -> bool {
        is_blank(cell)
            && wanted.modifier.is_empty()
            && self.look.bg == wanted.bg
            && !self.look.modifier.intersects(SEEN_ON_BLANK)
    }

    fn wear_for(&mut self, cell: &Cell) {
        if !self.is_fit_for(cell) {
            self.wear(Look::of(cell));
        }
    }

    /// Takes on a style by what is shorter: its difference, or anew from the plain one.
    pub fn wear(&mut self, wanted: Look) {
        if self.look == wanted {
            return;
        }
        let change = difference(self.look, wanted);
        let anew = match difference(Look::default(), wanted) {
            plain if plain.is_empty() => plain,
            added => format!("0;{added}"),
        };
        let shorter = if anew.len() <= change.len() { anew } else { change };
        self.write(format_args!("\x1b[{shorter}m"));
        self.look = wanted;
    }

    /// Goes to a cell the shortest way.
    pub fn go_to(&mut self, x: u16, y: u16) {
        if self.place == Some((x, y)) {
            return;
        }
        let steps = |count: u16, way: char| match count {
            1 => format!("\x1b[{way}"),
            _ => format!("\x1b[{count}{way}"),
        };
        let there = match (x, y) {
            (0, 0) => "\x1b[H".to_owned(),
            (0, _) => format!("\x1b[{}H", y + 1),
            _ => format!("\x1b[{};{}H", y + 1, x + 1),
        };
        let near = self.place.and_then(|(from_x, from_y)| match (x == from_x, y == from_y) {
            (_, true) if x > from_x => Some(steps(x - from_x, 'C')),
            (_, true) => Some(steps(from_x - x, 'D')),
            (true, _) if y > from_y => Some(steps(y - from_y, 'B')),
            (true, _) => Some(steps(from_y - y, 'A')),
            _ => None,
        });
        match near.filter(|near| near.len() <= there.len()) {
            Some(near) => self.bytes.push_str(&near),
            None => self.bytes.push_str(&there),
        }
        self.place = Some((x, y));
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.bytes.write_fmt(text);
    }
}

/// The numbers that lead from one style to another.
fn difference(from: Look, to: Look) -> String {
    let mut numbers: Vec<String> = Vec::new();
    let gone = from.modifier.difference(to.modifier);
    let mut held = from.modifier;
    for (modifier, _, unset) in ATTRIBUTES {
        if gone.contains(modifier) && held.contains(modifier) {
            numbers.push(unset.to_string());
            for (also, _, _) in ATTRIBUTES.iter().filter(|(_, _, other)| *other == unset) {
                held.remove(*also);
            }
        }
    }
    for (modifier, set, _) in ATTRIBUTES {
        if to.modifier.contains(modifier) && !held.contains(modifier) {
            numbers.push(set.to_string());
        }
    }
    if from.fg != to.fg {
        numbers.push(colour(to.fg, 30));
    }
    if from.bg != to.bg {
        numbers.push(colour(to.bg, 40));
    }
    numbers.join(";")
}

/// A colour as SGR has it: 30 and 40 are the grounds of letters and cells, 60 more the bright ones.
fn colour(colour: Color, ground: u8) -> String {
    let plain = |number: u8| (ground + number).to_string();
    let bright = |number: u8| (ground + 60 + number).to_string();
    match colour {
        Color::Reset => plain(9),
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(number) => format!("{};5;{number}", ground + 8),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", ground + 8),
    }
}
