//! The only file with colours. Meaning never hangs on a colour alone.

use ratatui::style::{Color, Modifier, Style};

/// The styles of the screen.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// The name of the program and titles.
    pub title: Style,
    /// Words that explain.
    pub dim: Style,
    /// The list, section or line that is chosen.
    pub chosen: Style,
    /// The header of a table.
    pub header: Style,
    /// The header of the column under the column cursor.
    pub column: Style,
    /// The mark of the cursor and the first cell of its row.
    pub cursor: Style,
    /// What needs attention.
    pub warning: Style,
    /// What failed.
    pub failure: Style,
    /// What is in order.
    pub good: Style,
    /// A sentence for the user.
    pub notice: Style,
    /// Values of an unexpected type, unknown fields.
    pub odd: Style,
    /// The marker of real money, or of made-up money.
    pub environment: Style,
    /// Keys in the footer.
    pub key: Style,
}

impl Theme {
    /// The sixteen colours that every terminal has, on its own background.
    #[must_use]
    pub const fn ansi() -> Self {
        let plain = Style::new();
        Self {
            title: plain.add_modifier(Modifier::BOLD),
            dim: plain.fg(Color::DarkGray),
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

    /// No colour at all, for `NO_COLOR` and for terminals that have none.
    #[must_use]
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
