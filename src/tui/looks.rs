//! How the screen looks and what it listens to, as the user wants it. The colours themselves are the
//! theme's.

use crate::config::schema::ThemeName;
use crate::tui::keymap::Keymap;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    pub theme: ThemeName,
    /// Whether nothing but ASCII is drawn, for terminals and locales that have no more.
    pub is_ascii: bool,
    /// Whether the mouse is valora's. The terminal's own selection then needs shift.
    pub has_mouse: bool,
    pub keymap: Keymap,
}
