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
#[expect(clippy::float_arithmetic, reason = "contrast is a ratio")]
mod tests {
    use super::*;

    /// Usual backgrounds of terminals, as red, green and blue: black, the greys of xterm and of usual
    /// schemes; white, the paper of usual schemes.
    const DARK_GROUNDS: [u32; 7] =
        [0x00_00_00, 0x12_12_12, 0x1e_1e_1e, 0x28_2c_34, 0x2e_34_40, 0x00_2b_36, 0x28_2a_36];
    const LIGHT_GROUNDS: [u32; 5] = [0xff_ff_ff, 0xfa_fa_fa, 0xf5_f5_f5, 0xfd_f6_e3, 0xee_ee_ee];
    /// What the letters of a terminal are on these.
    const LETTERS: [u32; 2] = [0xd0_d0_d0, 0x26_26_26];

    /// Of a color of the 256 (xterm): the cube of 6 levels and the ramp of grays.
    fn rgb(color: Color) -> u32 {
        let Color::Indexed(index) = color else { panic!("{color:?} is not of the 256") };
        let index = u32::from(index);
        let level = |at: u32| if at == 0 { 0 } else { 55 + 40 * at };
        match index {
            232.. => (8 + 10 * (index - 232)) * 0x01_01_01,
            16.. => {
                let at = index - 16;
                level(at / 36) << 16 | level(at / 6 % 6) << 8 | level(at % 6)
            }
            _ => panic!("{index} is of the sixteen, which users set"),
        }
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(rgb: u32) -> f64 {
        let part = |shift: u32| {
            let share = f64::from(rgb >> shift & 0xff) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }

    fn contrast(one: u32, other: u32) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    /// Each role with its letters, and its background where that is not the terminal's.
    fn roles(theme: &Theme) -> Vec<(&'static str, Color, Option<Color>)> {
        let all = [
            ("dim", theme.dim),
            ("key", theme.key),
            ("chosen", theme.chosen),
            ("header", theme.header),
            ("column", theme.column),
            ("warning", theme.warning),
            ("failure", theme.failure),
            ("very late", theme.very_late),
            ("good", theme.good),
            ("notice", theme.notice),
            ("odd", theme.odd),
            // Reversed: the color is the background, and the letters are the terminal's background.
            ("production", theme.production),
            ("sandbox", theme.sandbox),
            ("badge", theme.badges.good),
            ("bad badge", theme.badges.bad),
            ("open badge", theme.badges.open),
        ];
        all.into_iter().map(|(name, style)| (name, style.fg.unwrap(), style.bg)).collect()
    }

    #[test]
    fn every_role_can_be_read_on_usual_backgrounds_on_the_band_and_on_the_current_row() {
        let themes = [(ThemeName::Dark, &DARK_GROUNDS[..]), (ThemeName::Light, &LIGHT_GROUNDS[..])];
        for ((name, grounds), letters) in themes.into_iter().zip(LETTERS) {
            let theme = Theme::of(name);
            let current = rgb(theme.current.bg.unwrap());
            for (role, color, ground) in roles(&theme) {
                let own = ground.map(rgb);
                for ground in own.map_or(grounds.to_vec(), |own| vec![own]) {
                    let contrast = contrast(rgb(color), ground);
                    assert!(contrast >= 4.5, "{name:?} {role} on {ground:06x}: {contrast:.2}");
                }
                // What is dim is plain on the current row.
                if Some(color) != theme.dim.fg {
                    let contrast = contrast(rgb(color), current);
                    assert!(contrast >= 4.5, "{name:?} {role} on the current row: {contrast:.2}");
                }
            }
            let plain = contrast(letters, current);
            assert!(plain >= 4.5, "{name:?}: {plain:.2}");
        }
    }

    #[test]
    fn the_current_row_is_lit_over_all_of_its_cells_in_each_theme() {
        for name in [ThemeName::Sixteen, ThemeName::Dark, ThemeName::Light, ThemeName::Mono] {
            let theme = Theme::of(name);
            let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 3));
            buffer.set_string(1, 1, "a", theme.dim);
            buffer.set_string(3, 1, "b", theme.failure);
            theme.light(&mut buffer, Rect::new(0, 1, 12, 1));
            let lit: Vec<u16> = (0..3)
                .filter(|y| {
                    (0..12).all(|x| {
                        let cell = buffer.cell((x, *y)).unwrap();
                        cell.bg != Color::Reset || cell.modifier.contains(Modifier::REVERSED)
                    })
                })
                .collect();
            assert_eq!(lit, [1], "{name:?}");
            theme.light(&mut buffer, Rect::new(0, 1, 500, 9));
        }
    }

    #[test]
    fn the_background_decides_once_and_only_where_no_theme_was_chosen() {
        let mut looks = Looks { follows_background: true, ..Looks::default() };
        looks.follow_background(true);
        assert_eq!(looks.theme, ThemeName::Light);
        looks.follow_background(false);
        assert_eq!(looks.theme, ThemeName::Light);
        let mut chosen = Looks { theme: ThemeName::Mono, ..Looks::default() };
        chosen.follow_background(true);
        assert_eq!(chosen.theme, ThemeName::Mono);
    }
}
