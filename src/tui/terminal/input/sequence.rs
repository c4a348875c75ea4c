//! Decodes one control sequence of a terminal: a key, a mouse event, or nothing that valora uses.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton};
use crossterm::event::{MouseEvent, MouseEventKind};

/// The key for a byte below 0x80 other than escape.
pub fn single_byte(byte: u8) -> KeyEvent {
    let control =
        |letter: u8| KeyEvent::new(KeyCode::Char(char::from(letter)), KeyModifiers::CONTROL);
    match byte {
        b'\r' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x7f => KeyCode::Backspace.into(),
        0 => control(b' '),
        0x01..=0x1a => control(byte + 0x60),
        0x1b..=0x1f => control(byte + 0x18),
        _ => letter(char::from(byte)),
    }
}

pub fn letter(letter: char) -> KeyEvent {
    let held = if letter.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    KeyEvent::new(KeyCode::Char(letter), held)
}

/// `bytes` follow `ESC [` or `ESC O`. `None` for a report or an unused key.
pub fn event(introducer: u8, bytes: &[u8]) -> Option<Event> {
    let (last, before) = bytes.split_last()?;
    match (before, last) {
        _ if introducer == b'O' => by_final(*last, before),
        (b"", b'Z') => Some(Event::Key(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT))),
        (b"[", b'A'..=b'E') => Some(Event::Key(KeyCode::F(1 + last - b'A').into())),
        ([b'<', report @ ..], b'M' | b'm') => mouse(report, *last == b'M'),
        // Newer terminals also report the release of a key, if a program asked them to.
        _ if is_release(before) => None,
        (_, b'~' | b'u') => by_numbers(*last, &numbers(before)?),
        // A report of the cursor's position looks like F3 with modifiers.
        (_, b'M' | b'R') => None,
        _ => by_final(*last, before),
    }
}

/// `None` for a report, which contains other bytes.
fn numbers(bytes: &[u8]) -> Option<Vec<u32>> {
    let text = std::str::from_utf8(bytes).ok()?;
    // Numbers after a colon are subparameters.
    text.split(';').map(|part| part.split(':').next().unwrap_or_default().parse().ok()).collect()
}

/// As in `ESC [ 1 ; 1 : 3 B`.
fn is_release(before: &[u8]) -> bool {
    let modifiers = before.split(|byte| *byte == b';').nth(1);
    modifiers.and_then(|part| part.split(|byte| *byte == b':').nth(1)) == Some(b"3")
}

const UNMODIFIED: u32 = 1;
/// Modifiers of keys that valora does not use: super, hyper, meta.
const FOREIGN: u32 = 8 | 16 | 32;

/// `number` is one more than the sum of the modifier bits; `None` for unused modifiers.
fn key(code: KeyCode, number: u32) -> Option<Event> {
    let bits = number.saturating_sub(1);
    (bits & FOREIGN == 0).then(|| Event::Key(KeyEvent::new(code, modifiers(bits))))
}

fn modifiers(bits: u32) -> KeyModifiers {
    [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)]
        .into_iter()
        .filter(|(bit, _)| bits & bit != 0)
        .fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier)
}

/// As in `ESC [ A` and `ESC O A`.
fn by_final(last: u8, before: &[u8]) -> Option<Event> {
    let code = match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(1 + last - b'P'),
        b'M' => KeyCode::Enter,
        _ => return None,
    };
    match before {
        b"" => key(code, UNMODIFIED),
        // The modifiers are the last number.
        _ => key(code, *numbers(before)?.last()?),
    }
}

/// As in `ESC [ 5 ~`, or `ESC [ code ; modifiers u` of newer terminals, left on by a program.
fn by_numbers(last: u8, numbers: &[u32]) -> Option<Event> {
    match (last, numbers) {
        (b'~', [27, held, code]) | (b'u', [code, held, ..]) => by_character(*code, *held),
        (b'u', [code]) => by_character(*code, UNMODIFIED),
        (b'~', [number]) => by_number(*number, UNMODIFIED),
        (b'~', [number, held]) => by_number(*number, *held),
        _ => None,
    }
}

fn by_number(number: u32, held: u32) -> Option<Event> {
    let code = match u8::try_from(number).ok()? {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        number @ 11..=15 => KeyCode::F(number - 10),
        number @ 17..=21 => KeyCode::F(number - 11),
        number @ 23..=24 => KeyCode::F(number - 12),
        _ => return None,
    };
    key(code, held)
}

fn by_character(code: u32, number: u32) -> Option<Event> {
    let is_shifted = modifiers(number.saturating_sub(1)).contains(KeyModifiers::SHIFT);
    let code = match char::from_u32(code)? {
        '\t' if is_shifted => KeyCode::BackTab,
        '\t' => KeyCode::Tab,
        '\r' => KeyCode::Enter,
        '\u{1b}' => KeyCode::Esc,
        '\u{8}' | '\u{7f}' => KeyCode::Backspace,
        // Private-use characters are keys without a character, such as shift alone.
        letter if letter.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&letter) => {
            return None;
        }
        letter if is_shifted => KeyCode::Char(letter.to_ascii_uppercase()),
        letter => KeyCode::Char(letter),
    };
    key(code, number)
}

/// Whether the background is light, from the answer to the query for its color:
/// `11;rgb:ffff/ffff/ffff`, each part with one to four hexadecimal digits (xterm, "Operating System
/// Commands").
pub fn is_light(answer: &[u8]) -> Option<bool> {
    let text = std::str::from_utf8(answer).ok()?.strip_prefix("11;rgb")?;
    let parts: Vec<&str> = text.trim_start_matches('a').strip_prefix(':')?.split('/').collect();
    // Per mille of the maximum.
    let share = |part: &str| {
        let is_part = matches!(part.len(), 1..=4) && part.bytes().all(|it| it.is_ascii_hexdigit());
        let value = u32::from_str_radix(part, 16).ok().filter(|_| is_part)?;
        Some(value * 1_000 / ((1 << (4 * part.len())) - 1))
    };
    let &[red, green, blue] = parts.get(..3)? else { return None };
    // Perceived brightness (ITU-R BT.709).
    Some(share(red)? * 213 + share(green)? * 715 + share(blue)? * 72 > 500_000)
}

/// Button, column and row, both from 1.
fn mouse(report: &[u8], is_down: bool) -> Option<Event> {
    let &[code, column, row] = numbers(report)?.as_slice() else { return None };
    let button = match code & 0b11 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        2 => MouseButton::Right,
        _ => return None,
    };
    let (is_motion, is_wheel) = (code & 32 != 0, code & 64 != 0);
    Some(Event::Mouse(MouseEvent {
        kind: match button {
            MouseButton::Left if is_wheel => MouseEventKind::ScrollUp,
            MouseButton::Middle if is_wheel => MouseEventKind::ScrollDown,
            MouseButton::Right if is_wheel => MouseEventKind::ScrollLeft,
            _ if is_motion => MouseEventKind::Drag(button),
            _ if is_down => MouseEventKind::Down(button),
            _ => MouseEventKind::Up(button),
        },
        column: u16::try_from(column).ok()?.saturating_sub(1),
        row: u16::try_from(row).ok()?.saturating_sub(1),
        modifiers: modifiers(code >> 2),
    }))
}
