//! How the screen looks and what it listens to, as the user wants it. The colours themselves are the
//! theme's.

use crate::tui::keymap::Keymap;

/// The themes by their names on the command line and in the settings.
pub const THEMES: [(&str, ThemeName); 4] = [
    ("16", ThemeName::Sixteen),
    ("dark", ThemeName::Dark),
    ("light", ThemeName::Light),
    ("mono", ThemeName::Mono),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// The sixteen colours of the terminal's own palette.
    #[default]
    Sixteen,
    /// Soft colours of 256 on a dark background.
    Dark,
    /// Deep colours of 256 on a light background.
    Light,
    Mono,
}

impl ThemeName {
    pub fn named(name: &str) -> Option<Self> {
        THEMES.iter().find(|(known, _)| *known == name).map(|(_, theme)| *theme)
    }

    pub fn name(self) -> &'static str {
        THEMES.iter().find(|(_, theme)| *theme == self).map_or("16", |(name, _)| name)
    }
}

/// How the screen looks and what it listens to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    pub theme: ThemeName,
    /// Whether nothing but ASCII is drawn, for terminals and locales that have no more.
    pub is_ascii: bool,
    /// Whether the mouse is valora's. The terminal's own selection then needs shift.
    pub has_mouse: bool,
    pub keymap: Keymap,
}
