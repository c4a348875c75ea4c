//! The only file with colors. Meaning never depends on a color alone.

use ratatui::style::{Color, Modifier, Style};

use crate::conciliation::Tone;
use crate::config::schema::ThemeName;
use crate::tui::keymap::Keymap;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    pub theme: ThemeName,
    /// For terminals and locales that have no more.
    pub is_ascii: bool,
    /// The terminal's own selection then needs shift.
    pub has_mouse: bool,
    pub keymap: Keymap,
}

#[derive(Debug, Clone, Copy)]
pub struct Theme {
    pub title: Style,
    pub dim: Style,
    pub chosen: Style,
    pub header: Style,
    pub column: Style,
    pub cursor: Style,
    pub warning: Style,
    pub failure: Style,
    pub good: Style,
    pub notice: Style,
    /// Values of an unexpected type, unknown fields.
    pub odd: Style,
    /// Real money, or made-up money.
    pub environment: Style,
    pub key: Style,
}

impl Theme {
    pub const fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Title => self.header,
            Tone::Good => self.good,
            Tone::Bad => self.failure,
            Tone::Open => self.warning,
            Tone::Plain => Style::new(),
            Tone::Quiet => self.dim,
            Tone::Remark => self.notice,
            Tone::Odd => self.odd,
        }
    }

    /// On the terminal's own background.
    pub const fn ansi() -> Self {
        let plain = Style::new();
        // Not the dark gray of the sixteen, which is some themes' background.
        let dim = plain.add_modifier(Modifier::DIM);
        let [chosen, warning] = [plain.fg(Color::Cyan), plain.fg(Color::Yellow)];
        let [failure, good] = [plain.fg(Color::Red), plain.fg(Color::Green)];
        Self::colored([dim, chosen, warning, failure, good, plain.fg(Color::Magenta)])
    }

    pub const fn of(name: ThemeName) -> Self {
        match name {
            ThemeName::Sixteen => Self::ansi(),
            ThemeName::Dark => Self::tinted([245, 117, 221, 210, 114, 183]),
            ThemeName::Light => Self::tinted([241, 25, 130, 124, 28, 90]),
            ThemeName::Mono => Self::mono(),
        }
    }

    const fn tinted([dim, chosen, warning, failure, good, odd]: [u8; 6]) -> Self {
        let [dim, chosen, warning] = [indexed(dim), indexed(chosen), indexed(warning)];
        Self::colored([dim, chosen, warning, indexed(failure), indexed(good), indexed(odd)])
    }

    const fn colored([dim, chosen, warning, failure, good, odd]: [Style; 6]) -> Self {
        let header = Style::new().add_modifier(Modifier::UNDERLINED);
        Self {
            // A title is part of a line that is dim.
            title: Style::new().add_modifier(Modifier::BOLD).remove_modifier(Modifier::DIM),
            dim,
            chosen: chosen.add_modifier(Modifier::BOLD),
            header,
            column: header.add_modifier(Modifier::REVERSED),
            cursor: chosen.add_modifier(Modifier::BOLD),
            warning,
            failure,
            good,
            notice: chosen,
            odd,
            environment: warning.add_modifier(Modifier::BOLD),
            key: chosen,
        }
    }

    /// For `NO_COLOR` and for terminals that have none.
    pub const fn mono() -> Self {
        let plain = Style::new();
        let [bold, odd] =
            [plain.add_modifier(Modifier::BOLD), plain.add_modifier(Modifier::ITALIC)];
        let chosen = plain.add_modifier(Modifier::REVERSED);
        Self { chosen, notice: plain, ..Self::colored([plain, bold, bold, bold, plain, odd]) }
    }
}

const fn indexed(color: u8) -> Style {
    Style::new().fg(Color::Indexed(color))
}
