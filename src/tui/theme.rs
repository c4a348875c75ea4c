//! The only file with colors: screens name roles, a theme gives each role its style. Meaning never
//! depends on a color alone.
//!
//! The themes of 256 colors keep texts at a contrast of 4.5 and marks at 3 (WCAG 2.2) on usual
//! backgrounds. The sixteen colors are those of the user's own palette, which nobody can measure.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::conciliation::Tone;
use crate::config::schema::ThemeName;
use crate::figures::urgency::Urgency;
use crate::tui::keymap::Keymap;

/// The mark of the cursor, in the margin, for those to whom the light of its row says nothing.
pub const CURSOR: &str = "▌";

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    pub theme: ThemeName,
    /// Whether the terminal's background decides between dark and light, once it is known.
    pub follows_background: bool,
    /// For terminals and locales that have no more.
    pub is_ascii: bool,
    /// The terminal's own selection then needs shift.
    pub has_mouse: bool,
    pub keymap: Keymap,
}

impl Looks {
    /// The first answer counts, where no theme was chosen.
    pub fn follow_background(&mut self, is_light: bool) {
        if std::mem::take(&mut self.follows_background) {
            self.theme = if is_light { ThemeName::Light } else { ThemeName::Dark };
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// What the user came for: the verdict, the open sum, a title.
    pub title: Style,
    pub plain: Style,
    /// Labels, units, currencies, closed rows.
    pub dim: Style,
    /// What can be pressed.
    pub key: Style,
    /// What is chosen among others.
    pub chosen: Style,
    /// The active tab, and whatever else is a field of its own.
    pub tab: Style,
    /// The background of the first line and of titles of columns.
    pub band: Style,
    /// The titles of columns, on their band.
    pub header: Style,
    /// The title of the sorted column.
    pub sorted: Style,
    /// The title of the column of the cursor; the selection in a line that is typed.
    pub column: Style,
    /// The mark of the cursor.
    pub cursor: Style,
    /// The background of the current row; see [`Theme::light`].
    current: Style,
    /// Open and not late; a remark that something is not complete.
    pub warning: Style,
    /// Late, blocked, failed.
    pub failure: Style,
    /// Late by more than 90 days.
    pub very_late: Style,
    /// Paid; adds up.
    pub good: Style,
    pub notice: Style,
    /// Values of an unexpected type, unknown fields.
    pub odd: Style,
    /// Real money.
    pub production: Style,
    /// Made-up money.
    pub sandbox: Style,
    /// The fields of the verdict of a booking.
    pub badges: Badges,
}

#[derive(Debug, Clone, Copy)]
pub struct Badges {
    pub good: Style,
    pub bad: Style,
    pub open: Style,
}

/// Foregrounds: dim, key, warning, failure, good, odd. Backgrounds: the current row, the band.
struct Palette {
    letters: [Color; 6],
    current: Color,
    band: Color,
}

const DARK: Palette = Palette {
    letters: indexed([247, 117, 221, 210, 114, 183]),
    current: Color::Indexed(237),
    band: Color::Indexed(235),
};
const LIGHT: Palette = Palette {
    letters: indexed([241, 25, 94, 124, 22, 90]),
    current: Color::Indexed(254),
    band: Color::Indexed(255),
};

impl Theme {
    pub const fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Title => self.title,
            Tone::Good => self.good,
            Tone::Bad => self.failure,
            Tone::Open => self.warning,
            Tone::Plain => Style::new(),
            Tone::Quiet => self.dim,
            Tone::Remark => self.notice,
            Tone::Odd => self.odd,
        }
    }

    pub const fn badge(&self, tone: Tone) -> Style {
        match tone {
            Tone::Good => self.badges.good,
            Tone::Bad => self.badges.bad,
            _ => self.badges.open,
        }
    }

    pub const fn urgency(&self, urgency: Urgency) -> Style {
        match urgency {
            Urgency::VeryLate => self.very_late,
            Urgency::Late => self.failure,
            Urgency::Open => self.warning,
            Urgency::Done => self.good,
            Urgency::NotDue => self.dim,
            Urgency::Unknown => Style::new(),
        }
    }

    pub fn of(name: ThemeName) -> Self {
        match name {
            ThemeName::Sixteen => Self::sixteen(),
            ThemeName::Dark => Self::tinted(&DARK),
            ThemeName::Light => Self::tinted(&LIGHT),
            ThemeName::Mono => Self::mono(),
        }
    }

    /// On the terminal's own background. Dim is a color: many terminals with a light background draw
    /// SGR 2 as it was.
    pub fn sixteen() -> Self {
        let colors =
            [Color::DarkGray, Color::Cyan, Color::Yellow, Color::Red, Color::Green, Color::Magenta];
        Self::colored(colors, REVERSED, UNDERLINED)
    }

    fn tinted(palette: &Palette) -> Self {
        let current = Style::new().bg(palette.current);
        Self::colored(palette.letters, current, Style::new().bg(palette.band))
    }

    fn colored(letters: [Color; 6], current: Style, band: Style) -> Self {
        let [dim, key, warning, failure, good, odd] = letters;
        let plain = Style::new();
        let [dim, key, warning] = [plain.fg(dim), plain.fg(key), plain.fg(warning)];
        let [failure, good, odd] = [plain.fg(failure), plain.fg(good), plain.fg(odd)];
        let strong_key = key.add_modifier(Modifier::BOLD);
        Self {
            title: BOLD,
            plain,
            dim,
            key,
            chosen: strong_key,
            tab: REVERSED.add_modifier(Modifier::BOLD),
            band: Style { add_modifier: Modifier::empty(), ..band },
            header: dim.patch(band),
            sorted: BOLD.patch(band),
            column: strong_key.patch(band),
            cursor: strong_key,
            current,
            warning,
            failure,
            very_late: failure.add_modifier(Modifier::BOLD),
            good,
            notice: key,
            odd,
            production: field(failure),
            sandbox: field(warning),
            badges: Badges { good: field(good), bad: field(failure), open: field(warning) },
        }
    }

    /// For `NO_COLOR` and for terminals that have none: weights and marks say it all.
    pub fn mono() -> Self {
        let plain = Style::new();
        let reversed = REVERSED.add_modifier(Modifier::BOLD);
        Self {
            title: BOLD,
            plain,
            // The one theme in which it is no color.
            dim: plain.add_modifier(Modifier::DIM),
            key: BOLD,
            chosen: REVERSED,
            tab: reversed,
            band: plain,
            header: UNDERLINED.add_modifier(Modifier::DIM),
            sorted: BOLD.patch(UNDERLINED),
            column: reversed,
            cursor: BOLD,
            current: REVERSED,
            warning: BOLD,
            failure: BOLD,
            very_late: BOLD.patch(UNDERLINED),
            good: plain,
            notice: plain,
            odd: plain.add_modifier(Modifier::ITALIC),
            production: reversed,
            sandbox: reversed,
            badges: Badges { good: reversed, bad: reversed, open: reversed },
        }
    }

    /// Lights the current row but for the mark of the cursor. Where that is a background, what is dim on it is made plain, which is
    /// readable on both; reversed, its colors would be backgrounds of their own.
    pub fn light(&self, buffer: &mut Buffer, row: Rect) {
        let row = row.intersection(buffer.area);
        for position in row.positions() {
            let Some(cell) = buffer.cell_mut(position) else { continue };
            if let Some(background) = self.current.bg {
                cell.bg = background;
                if Some(cell.fg) == self.dim.fg {
                    cell.fg = Color::Reset;
                }
            } else if (position.x, cell.symbol()) != (row.x, CURSOR) {
                (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
                cell.modifier = (cell.modifier & Modifier::BOLD) | Modifier::REVERSED;
            }
        }
    }

    /// The same for the line of this number in an area; outside of it, nothing is lit.
    pub fn light_line(&self, buffer: &mut Buffer, area: Rect, line: usize) {
        if let Some(row) = area.rows().nth(line) {
            self.light(buffer, row);
        }
    }

    /// Returns `false` where weights and marks alone tell things apart.
    pub fn has_colors(&self) -> bool {
        self.failure.fg.is_some()
    }

    /// Dims all that is behind a popup.
    pub fn shade(&self, buffer: &mut Buffer) {
        for cell in &mut buffer.content {
            (cell.fg, cell.bg) = (self.dim.fg.unwrap_or(Color::Reset), Color::Reset);
            cell.modifier = self.dim.add_modifier;
        }
    }
}

const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
/// Of a line of titles where there is no band: drawn over its blanks, too, it is a rule below them.
const UNDERLINED: Style = Style::new().add_modifier(Modifier::UNDERLINED);
const REVERSED: Style = Style::new().add_modifier(Modifier::REVERSED);

/// A field of a color with letters of the background's.
fn field(color: Style) -> Style {
    color.add_modifier(Modifier::REVERSED.union(Modifier::BOLD))
}

const fn indexed([dim, key, warning, failure, good, odd]: [u8; 6]) -> [Color; 6] {
    [
        Color::Indexed(dim),
        Color::Indexed(key),
        Color::Indexed(warning),
        Color::Indexed(failure),
        Color::Indexed(good),
        Color::Indexed(odd),
    ]
}

#[cfg(test)]
mod tests;
