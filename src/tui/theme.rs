//! The only file with colours. Meaning never hangs on a colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::conciliation::Tone;
use crate::config::schema::ThemeName;

#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// The name of the program and titles.
    pub title: Style,
    pub dim: Style,
    /// The list, section or line that is chosen.
    pub chosen: Style,
    pub header: Style,
    /// The header of the column under the column cursor.
    pub column: Style,
    /// The mark of the cursor and the first cell of its row.
    pub cursor: Style,
    pub warning: Style,
    pub failure: Style,
    pub good: Style,
    pub notice: Style,
    /// Values of an unexpected type, unknown fields.
    pub odd: Style,
    /// The marker of real money, or of made-up money.
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

    /// The sixteen colours that every terminal has, on its own background.
    pub const fn ansi() -> Self {
        let plain = Style::new();
        Self {
            // A title stands on a line that is dim.
            title: plain.add_modifier(Modifier::BOLD).remove_modifier(Modifier::DIM),
            // Not the dark grey of the sixteen, which is some themes' background.
            dim: plain.add_modifier(Modifier::DIM),
            chosen: plain.fg(Color::Cyan).add_modifier(Modifier::BOLD),
            header: plain.add_modifier(Modifier::UNDERLINED),
            column: plain.add_modifier(Modifier::UNDERLINED).add_modifier(Modifier::REVERSED),
            cursor: plain.fg(Color::Cyan).add_modifier(Modifier::BOLD),
            warning: plain.fg(Color::Yellow),
            failure: plain.fg(Color::Red),
            good: plain.fg(Color::Green),
            notice: plain.fg(Color::Cyan),
            odd: plain.fg(Color::Magenta),
            environment: plain.fg(Color::Yellow).add_modifier(Modifier::BOLD),
            key: plain.fg(Color::Cyan),
        }
    }

    pub const fn of(name: ThemeName) -> Self {
        match name {
            ThemeName::Sixteen => Self::ansi(),
            ThemeName::Dark => Self::tinted([245, 117, 221, 210, 114, 183]),
            ThemeName::Light => Self::tinted([241, 25, 130, 124, 28, 90]),
            ThemeName::Mono => Self::mono(),
        }
    }

    /// Of 256 colors.
    const fn tinted([dim, chosen, warning, failure, good, odd]: [u8; 6]) -> Self {
        let plain = Style::new();
        let chosen = plain.fg(Color::Indexed(chosen));
        let warning = plain.fg(Color::Indexed(warning));
        Self {
            title: plain.add_modifier(Modifier::BOLD),
            dim: plain.fg(Color::Indexed(dim)),
            chosen: chosen.add_modifier(Modifier::BOLD),
            header: plain.add_modifier(Modifier::UNDERLINED),
            column: plain.add_modifier(Modifier::UNDERLINED).add_modifier(Modifier::REVERSED),
            cursor: chosen.add_modifier(Modifier::BOLD),
            warning,
            failure: plain.fg(Color::Indexed(failure)),
            good: plain.fg(Color::Indexed(good)),
            notice: chosen,
            odd: plain.fg(Color::Indexed(odd)),
            environment: warning.add_modifier(Modifier::BOLD),
            key: chosen,
        }
    }

    /// No colour at all, for `NO_COLOR` and for terminals that have none.
    pub const fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            title: bold,
            dim: plain,
            chosen: plain.add_modifier(Modifier::REVERSED),
            header: plain.add_modifier(Modifier::UNDERLINED),
            column: plain.add_modifier(Modifier::UNDERLINED).add_modifier(Modifier::REVERSED),
            cursor: bold,
            warning: bold,
            failure: bold,
            good: plain,
            notice: plain,
            odd: plain.add_modifier(Modifier::ITALIC),
            environment: bold,
            key: bold,
        }
    }
}
