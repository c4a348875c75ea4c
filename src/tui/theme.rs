//! The only file with colors: screens name roles, a theme maps each role to a style. Meaning never
//! depends on color alone.
//!
//! The themes of 256 colors keep texts at a contrast of 4.5 and marks at 3 (WCAG 2.2) on usual
//! backgrounds. The sixteen colors come from the user's own palette, so their contrast is unknown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::conciliation::Tone;
use crate::config::schema::ThemeName;
use crate::export::{Dialect, Format, Output};
use crate::figures::urgency::Urgency;
use crate::tui::keymap::Keymap;

/// The cursor in the margin, for users who do not see the highlight of its row.
pub const CURSOR: &str = "▌";

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    pub theme: ThemeName,
    /// Whether the terminal's background selects dark or light, once it is known.
    pub follows_background: bool,
    /// For terminals and locales without Unicode.
    pub is_ascii: bool,
    /// If on, the terminal's own selection needs shift.
    pub has_mouse: bool,
    pub clipboard: Clipboard,
    pub load_ahead: LoadAhead,
    /// How csv files and copied rows are written.
    pub csv: Dialect,
    pub keymap: Keymap,
}

/// Whether the terminal may copy what a program sends it; it does not report whether it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clipboard {
    #[default]
    Possible,
    Missing,
}

/// Whether the booking under the cursor is loaded before it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LoadAhead {
    On,
    /// The default of a screen without settings; the program's default is [`Self::On`].
    #[default]
    Off,
}

impl Looks {
    /// How an exported file is written; `part` says which rows are missing.
    pub fn output<'a>(&self, format: Format, part: &'a str) -> Output<'a> {
        Output { dialect: self.csv, part, ..Output::of(format) }
    }

    /// Uses the first answer, if no theme was chosen.
    pub fn follow_background(&mut self, is_light: bool) {
        if std::mem::take(&mut self.follows_background) {
            self.theme = if is_light { ThemeName::Light } else { ThemeName::Dark };
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// What matters most: the verdict, the open total, a title.
    pub title: Style,
    pub plain: Style,
    /// Labels, units, currencies, closed rows.
    pub dim: Style,
    /// What can be pressed.
    pub key: Style,
    /// The chosen entry of several.
    pub chosen: Style,
    /// The active tab, and other reversed fields.
    pub tab: Style,
    /// The background of the header and of column titles.
    pub band: Style,
    /// Column titles, on their band.
    pub header: Style,
    /// The title of the sorted column.
    pub sorted: Style,
    /// The title of the cursor's column; the selection in a text field.
    pub column: Style,
    /// The mark of the cursor.
    pub cursor: Style,
    /// The background of the current row; see [`Theme::light`].
    current: Style,
    /// Open and not late; a remark that something is incomplete.
    pub warning: Style,
    /// Late, blocked, failed.
    pub failure: Style,
    /// Late by more than 90 days.
    pub very_late: Style,
    /// Paid, or adds up.
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

/// Foregrounds: dim, key, warning, failure, good, odd. Backgrounds: the current row and the band.
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

    /// On the terminal's own background. Dim is a color: many terminals with a light background
    /// ignore SGR 2.
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

    /// For `NO_COLOR` and terminals without color: weights and marks carry the meaning.
    pub fn mono() -> Self {
        let plain = Style::new();
        let reversed = REVERSED.add_modifier(Modifier::BOLD);
        Self {
            title: BOLD,
            plain,
            // The only theme in which it is not a color.
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

    /// Highlights the current row, except the cursor's mark. On a background color, dim text
    /// becomes plain, to be readable; in reverse, all colors are reset, since they would become
    /// backgrounds.
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

    /// The same for the line with this number in an area; does nothing outside of it.
    pub fn light_line(&self, buffer: &mut Buffer, area: Rect, line: usize) {
        if let Some(row) = area.rows().nth(line) {
            self.light(buffer, row);
        }
    }

    /// Returns `false` if the theme has only weights and marks.
    pub fn has_colors(&self) -> bool {
        self.failure.fg.is_some()
    }

    /// Dims everything behind a popup.
    pub fn shade(&self, buffer: &mut Buffer) {
        for cell in &mut buffer.content {
            (cell.fg, cell.bg) = (self.dim.fg.unwrap_or(Color::Reset), Color::Reset);
            cell.modifier = self.dim.add_modifier;
        }
    }
}

const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
/// For column titles without a band: drawn over the blanks, too, it is a rule below them.
const UNDERLINED: Style = Style::new().add_modifier(Modifier::UNDERLINED);
const REVERSED: Style = Style::new().add_modifier(Modifier::REVERSED);

/// A field in a color, with letters in the background's color.
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
