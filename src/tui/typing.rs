//! Text fields: only printable text is accepted, up to a limit.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

use crate::domain::text::sanitize;

/// Characters.
pub const LONGEST_LINE: usize = 255;
/// Characters.
pub const LONGEST_PASTE: usize = 2_000;

/// Returns `true` if the key replaces a selected line.
pub fn replaces(key: KeyEvent) -> bool {
    let is_plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
    match key.code {
        KeyCode::Char(_) => is_plain,
        KeyCode::Backspace | KeyCode::Delete => true,
        _ => false,
    }
}

/// Returns `true` if the text changed. Rejects unprintable characters: a paste can arrive as keys.
pub fn edit(input: &mut Input, key: KeyEvent, most: usize) -> bool {
    let before = (input.value().to_owned(), input.cursor());
    if input.handle_event(&Event::Key(key)).is_none() {
        return false;
    }
    // Only the new character is checked: the rest of the line was checked before.
    let is_sound = match key.code {
        KeyCode::Char(c) => {
            sanitize(c.encode_utf8(&mut [0; 4])) == c.to_string() || c == '\u{200D}'
        }
        _ => true,
    };
    if !is_sound || input.value().chars().count() > most {
        *input = Input::new(before.0).with_cursor(before.1);
        return false;
    }
    before != (input.value().to_owned(), input.cursor())
}

pub fn insert(input: &mut Input, text: &str, most: usize) {
    let room = most.saturating_sub(input.value().chars().count());
    for c in sanitize(text.trim()).chars().take(room) {
        input.handle(InputRequest::InsertChar(c));
    }
}
