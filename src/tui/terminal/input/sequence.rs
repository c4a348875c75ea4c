//! What one control sequence of a terminal means: a key, the mouse, a paste, or nothing for valora.

use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    Key(KeyCode, KeyModifiers),
    Mouse(MouseEvent),
    /// The beginning of a mouse report whose three bytes follow.
    OldMouse,
    /// The beginning of a bracketed paste.
    Paste,
    /// A report, or a key that valora has no use for.
    Nothing,
}

/// Keys by their last byte, as in `ESC [ A` and `ESC O A`.
const BY_FINAL: [(u8, KeyCode); 11] = [
    (b'A', KeyCode::Up),
    (b'B', KeyCode::Down),
    (b'C', KeyCode::Right),
    (b'D', KeyCode::Left),
    (b'F', KeyCode::End),
    (b'H', KeyCode::Home),
    (b'P', KeyCode::F(1)),
    (b'Q', KeyCode::F(2)),
    (b'R', KeyCode::F(3)),
    (b'S', KeyCode::F(4)),
    (b'M', KeyCode::Enter),
];

/// Keys by their number, as in `ESC [ 5 ~`.
const BY_NUMBER: [(u32, KeyCode); 20] = [
    (1, KeyCode::Home),
    (2, KeyCode::Insert),
    (3, KeyCode::Delete),
    (4, KeyCode::End),
    (5, KeyCode::PageUp),
    (6, KeyCode::PageDown),
    (7, KeyCode::Home),
    (8, KeyCode::End),
    (11, KeyCode::F(1)),
    (12, KeyCode::F(2)),
    (13, KeyCode::F(3)),
    (14, KeyCode::F(4)),
    (15, KeyCode::F(5)),
    (17, KeyCode::F(6)),
    (18, KeyCode::F(7)),
    (19, KeyCode::F(8)),
    (20, KeyCode::F(9)),
    (21, KeyCode::F(10)),
    (23, KeyCode::F(11)),
    (24, KeyCode::F(12)),
];

/// The key of a single byte below 0x80 that is no escape.
pub fn control_or_letter(byte: u8) -> (KeyCode, KeyModifiers) {
    match byte {
        b'\r' => (KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => (KeyCode::Tab, KeyModifiers::NONE),
        0x7f => (KeyCode::Backspace, KeyModifiers::NONE),
        0 => (KeyCode::Char(' '), KeyModifiers::CONTROL),
        0x01..=0x1a => (KeyCode::Char(char::from(byte + 0x60)), KeyModifiers::CONTROL),
        0x1b..=0x1f => (KeyCode::Char(char::from(byte + 0x18)), KeyModifiers::CONTROL),
        _ => (KeyCode::Char(char::from(byte)), shift_of(char::from(byte))),
    }
}

/// Shift, for a letter that is typed with it.
pub fn shift_of(letter: char) -> KeyModifiers {
    if letter.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE }
}

/// What the bytes behind `ESC [` or `ESC O` mean, the last one included.
pub fn meaning(introducer: u8, bytes: &[u8]) -> Meaning {
    let Some((last, before)) = bytes.split_last() else { return Meaning::Nothing };
    if introducer == b'O' {
        return by_final(*last, before);
    }
    match (before, last) {
        (b"", b'M') => Meaning::OldMouse,
        (b"", b'Z') => Meaning::Key(KeyCode::BackTab, KeyModifiers::SHIFT),
        (b"[", b'A'..=b'E') => Meaning::Key(KeyCode::F(1 + last - b'A'), KeyModifiers::NONE),
        (b"200", b'~') => Meaning::Paste,
        ([b'<', report @ ..], b'M' | b'm') => mouse(report, *last == b'M'),
        // Newer terminals also say that a key was let go, if a program asked them to.
        _ if is_release(before) => Meaning::Nothing,
        (_, b'~') => by_number(before),
        (_, b'u') => by_code(before),
        // A report of the cursor's place has the form of F3 with modifiers.
        (_, b'M' | b'R') => Meaning::Nothing,
        _ => by_final(*last, before),
    }
}

/// The numbers of a key's sequence; `None` for a report, which has other bytes.
fn numbers(bytes: &[u8]) -> Option<Vec<u32>> {
    let text = std::str::from_utf8(bytes).ok()?;
    // Numbers behind a colon add to the one before it.
    text.split(';').map(|part| part.split(':').next().unwrap_or_default().parse().ok()).collect()
}

/// Whether a key's sequence tells its end, as in `ESC [ 1 ; 1 : 3 B`.
fn is_release(before: &[u8]) -> bool {
    let modifiers = before.split(|byte| *byte == b';').nth(1);
    modifiers.and_then(|part| part.split(|byte| *byte == b':').nth(1)) == Some(b"3")
}

/// Modifiers that make another key of every key: super, hyper, meta.
const FOREIGN: u32 = 8 | 16 | 32;

/// The modifiers of a key, as one more than the sum of their bits; `None` with one that valora does
/// not know.
fn modifiers(number: u32) -> Option<KeyModifiers> {
    let bits = number.saturating_sub(1);
    let names = [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)];
    let held = names.into_iter().filter(|(bit, _)| bits & bit != 0);
    let all = held.fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier);
    (bits & FOREIGN == 0).then_some(all)
}

fn by_final(last: u8, before: &[u8]) -> Meaning {
    let known = BY_FINAL.iter().find(|(byte, _)| *byte == last).map(|(_, code)| *code);
    let held = match before {
        b"" => Some(KeyModifiers::NONE),
        // The modifiers are the last number, whatever precedes it.
        _ => numbers(before).and_then(|numbers| numbers.last().copied()).and_then(modifiers),
    };
    known.zip(held).map_or(Meaning::Nothing, |(code, held)| Meaning::Key(code, held))
}

fn by_number(before: &[u8]) -> Meaning {
    match numbers(before).unwrap_or_default()[..] {
        [27, held, code] => key_of(code, modifiers(held)),
        [number] => numbered(number, Some(KeyModifiers::NONE)),
        [number, held] => numbered(number, modifiers(held)),
        _ => Meaning::Nothing,
    }
}

fn numbered(number: u32, held: Option<KeyModifiers>) -> Meaning {
    let known = BY_NUMBER.iter().find(|(known, _)| *known == number);
    known.zip(held).map_or(Meaning::Nothing, |((_, code), held)| Meaning::Key(*code, held))
}

/// A key in the form of newer terminals, which a program that ended badly may have left on:
/// `ESC [ code ; modifiers u`.
fn by_code(before: &[u8]) -> Meaning {
    match numbers(before).unwrap_or_default()[..] {
        [code] => key_of(code, Some(KeyModifiers::NONE)),
        [code, held, ..] => key_of(code, modifiers(held)),
        [] => Meaning::Nothing,
    }
}

fn key_of(code: u32, held: Option<KeyModifiers>) -> Meaning {
    let Some(held) = held else { return Meaning::Nothing };
    match char::from_u32(code) {
        Some('\t') if held.contains(KeyModifiers::SHIFT) => Meaning::Key(KeyCode::BackTab, held),
        Some('\u{1b}') => Meaning::Key(KeyCode::Esc, held),
        Some('\u{8}') => Meaning::Key(KeyCode::Backspace, held),
        Some(byte @ ('\r' | '\t' | '\u{7f}')) => {
            let (key, _) = control_or_letter(u8::try_from(u32::from(byte)).unwrap_or(0));
            Meaning::Key(key, held)
        }
        // The private letters are keys without a character, such as shift alone.
        Some(letter) if !letter.is_control() && !('\u{e000}'..='\u{f8ff}').contains(&letter) => {
            let is_shifted = held.contains(KeyModifiers::SHIFT) && letter.is_ascii_lowercase();
            let letter = if is_shifted { letter.to_ascii_uppercase() } else { letter };
            Meaning::Key(KeyCode::Char(letter), held)
        }
        _ => Meaning::Nothing,
    }
}

/// A report of the mouse: button, column and row, both from 1.
fn mouse(report: &[u8], is_down: bool) -> Meaning {
    let Some(&[code, column, row]) = numbers(report).as_deref() else { return Meaning::Nothing };
    let (Ok(column), Ok(row)) = (u16::try_from(column), u16::try_from(row)) else {
        return Meaning::Nothing;
    };
    let button = match code & 0b11 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        2 => MouseButton::Right,
        _ => return Meaning::Nothing,
    };
    let (is_motion, is_wheel) = (code & 32 != 0, code & 64 != 0);
    let kind = match (is_wheel, button) {
        (true, MouseButton::Left) => MouseEventKind::ScrollUp,
        (true, MouseButton::Middle) => MouseEventKind::ScrollDown,
        (true, MouseButton::Right) => MouseEventKind::ScrollLeft,
        (false, button) if is_motion => MouseEventKind::Drag(button),
        (false, button) if is_down => MouseEventKind::Down(button),
        (false, button) => MouseEventKind::Up(button),
    };
    let names = [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)];
    let held = names.into_iter().filter(|(bit, _)| code & bit != 0);
    let modifiers = held.fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier);
    Meaning::Mouse(MouseEvent {
        kind,
        column: column.saturating_sub(1),
        row: row.saturating_sub(1),
        modifiers,
    })
}
