//! Parses bytes of a terminal into keys, mouse events and pastes. Reports, often late and meant for
//! an earlier program, are parsed to their end (ECMA-48) and dropped (crossterm-rs/crossterm#1104).

use std::collections::VecDeque;
use std::mem::take;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::tui::terminal::input::sequence;

/// Milliseconds without a byte after which an escape is the key: only time tells it from a
/// sequence.
const ESCAPE: u64 = 30;
/// Milliseconds without a byte after which the rest of a sequence is no longer expected.
const REST: u64 = 100;
/// Milliseconds after which a string that arrives in pieces as small as keys is dropped.
const LONGEST_STRING: u64 = 1_000;
/// Milliseconds after which no byte continues an escape, however slow the connection is.
const LONGEST_STALL: u64 = 10_000;
/// Bytes of the longest key; more bytes at once are not one key.
const LONGEST_KEY: usize = 8;
/// Bytes of a control sequence that are kept; a longer one is not a key.
const LONGEST_SEQUENCE: usize = 64;
/// Bytes; every field of valora is far shorter.
const LONGEST_PASTE: usize = 64 * 1024;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CAN: u8 = 0x18;
const SUB: u8 = 0x1a;
const PASTE_END: &[u8] = b"\x1b[201~";
/// Bytes of a report in the oldest form, which valora never asks for: `M` and three more.
const OLD_MOUSE: usize = 4;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// The first bytes of a letter in UTF-8.
    Letter(Vec<u8>),
    /// An escape, and whether another came before it.
    Escape { is_second: bool },
    /// `ESC [` or `ESC O`, and the bytes after it.
    Sequence { introducer: u8, bytes: Vec<u8> },
    /// OSC, DCS, APC, PM or SOS, up to its terminator.
    Text { introducer: u8, since: u64, is_escaped: bool, bytes: Vec<u8> },
    /// Between the marks of a bracketed paste.
    Paste(Vec<u8>),
}

#[derive(Debug, Default)]
pub struct Parser {
    state: State,
    /// An escape preceded it, so the key has alt.
    has_alt: bool,
    is_late: bool,
    last_read: u64,
    events: VecDeque<Event>,
    is_light: Option<bool>,
}

impl Parser {
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Whether the background is light: once, after the answer of the terminal.
    pub fn take_is_light(&mut self) -> Option<bool> {
        self.is_light.take()
    }

    /// Milliseconds without a byte until [`Self::quiet`] is to be called; `None` for never.
    pub fn patience(&self) -> Option<u64> {
        match self.state {
            State::Ground => None,
            _ if self.is_late => None,
            State::Escape { .. } => Some(ESCAPE),
            _ => Some(REST),
        }
    }

    /// `now` is in milliseconds of a clock that never runs backwards.
    pub fn advance(&mut self, bytes: &[u8], now: u64) {
        if bytes.is_empty() {
            return;
        }
        if self.is_over(bytes, now) {
            self.forget();
        }
        self.is_late = false;
        self.last_read = now;
        for byte in bytes {
            self.take(*byte, now);
        }
    }

    pub fn quiet(&mut self) {
        self.is_late = true;
        match &mut self.state {
            State::Ground | State::Letter(_) => self.forget(),
            State::Escape { is_second } => {
                if take(is_second) {
                    self.press(KeyCode::Esc.into());
                }
                self.press(KeyCode::Esc.into());
            }
            State::Paste(text) => {
                // A possible start of the end mark is not text yet.
                let begins = |n: &usize| PASTE_END.get(..*n).is_some_and(|it| text.ends_with(it));
                let held = (1..PASTE_END.len()).rev().find(begins);
                let end = text.split_off(text.len() - held.unwrap_or(0));
                let text = std::mem::replace(text, end);
                self.paste(&text);
            }
            // Except in the expected answer, whose end may arrive slowly.
            State::Text { is_escaped: true, bytes, .. } if !bytes.starts_with(b"11;rgb") => {
                self.press(KeyCode::Esc.into());
            }
            State::Sequence { .. } | State::Text { .. } => {}
        }
    }

    /// Returns `true` if the sequence ends unfinished: the bytes are a single key, and its rest is
    /// not expected any more.
    fn is_over(&self, bytes: &[u8], now: u64) -> bool {
        let is_key = bytes.len() <= LONGEST_KEY && is_one_key(bytes);
        match &self.state {
            // The rest of a sequence whose escape was already reported as the key; anything else is
            // a key.
            State::Escape { .. } if self.is_late => {
                now.saturating_sub(self.last_read) > LONGEST_STALL || !is_rest(bytes)
            }
            State::Paste(held) => self.is_late && is_key && !ends_paste(held, bytes),
            // The end of a string; a single BEL (ctrl-g) pressed here is lost.
            State::Text { .. } if matches!(bytes, [ESC | BEL] | b"\x1b\\") => false,
            State::Text { is_escaped: true, .. } if bytes.first() == Some(&b'\\') => false,
            State::Text { since, .. } if now.saturating_sub(*since) > LONGEST_STRING => is_key,
            _ => self.is_late && is_key,
        }
    }

    fn forget(&mut self) {
        (self.state, self.has_alt, self.is_late) = (State::Ground, false, false);
    }

    fn take(&mut self, byte: u8, now: u64) {
        match take(&mut self.state) {
            State::Ground => self.begin(byte, now),
            State::Letter(bytes) => self.continue_letter(bytes, byte, now),
            State::Escape { is_second } => self.behind_escape(is_second, byte, now),
            State::Sequence { introducer, bytes } => {
                self.continue_sequence(introducer, bytes, byte, now);
            }
            State::Text { introducer, is_escaped: true, bytes, .. } if byte == b'\\' => {
                self.end_text(introducer, &bytes);
            }
            State::Text { is_escaped: true, .. } => self.behind_escape(false, byte, now),
            State::Text { introducer: b']', bytes, .. } if byte == BEL => {
                self.end_text(b']', &bytes);
            }
            State::Text { .. } if matches!(byte, CAN | SUB) => self.has_alt = false,
            State::Text { introducer, since, mut bytes, .. } => {
                let is_escaped = byte == ESC;
                if !is_escaped && bytes.len() <= LONGEST_SEQUENCE {
                    bytes.push(byte);
                }
                self.state = State::Text { introducer, since, is_escaped, bytes };
            }
            State::Paste(mut text) => {
                text.push(byte);
                if text.ends_with(PASTE_END) {
                    text.truncate(text.len() - PASTE_END.len());
                    return self.paste(&text);
                }
                // Truncated in a way that the end mark is still found.
                if text.len() > LONGEST_PASTE + PASTE_END.len() {
                    text.remove(LONGEST_PASTE);
                }
                self.state = State::Paste(text);
            }
        }
    }

    fn begin(&mut self, byte: u8, now: u64) {
        match byte {
            ESC => self.state = State::Escape { is_second: false },
            0xC2..=0xF4 => self.state = State::Letter(vec![byte]),
            // Introducers in their single-byte form; alone, they are not letters.
            0x80..=0x9F => self.introduce(byte, now),
            0xA0.. => self.has_alt = false,
            _ => self.press(sequence::single_byte(byte)),
        }
    }

    fn continue_letter(&mut self, mut bytes: Vec<u8>, byte: u8, now: u64) {
        if !(0x80..=0xBF).contains(&byte) {
            self.has_alt = false;
            return self.begin(byte, now);
        }
        bytes.push(byte);
        let length = bytes.first().map_or(0, |first| first.leading_ones());
        if bytes.len() < length as usize {
            self.state = State::Letter(bytes);
            return;
        }
        match std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            // C1 controls in their longer form.
            Some('\u{80}'..='\u{9f}') => self.introduce(byte, now),
            Some(letter) => self.press(sequence::letter(letter)),
            None => self.has_alt = false,
        }
    }

    fn behind_escape(&mut self, is_second: bool, byte: u8, now: u64) {
        if let Some(state) = introduced(byte, now) {
            self.has_alt = is_second;
            self.state = state;
            return;
        }
        if is_second {
            self.press(KeyCode::Esc.into());
        }
        if byte == ESC {
            // Escape held down, or alt with the next key.
            self.state = State::Escape { is_second: true };
        } else {
            self.has_alt = true;
            self.begin(byte, now);
        }
    }

    fn introduce(&mut self, control: u8, now: u64) {
        match introduced(control - 0x40, now) {
            Some(state) => self.state = state,
            None => self.has_alt = false,
        }
    }

    fn continue_sequence(&mut self, introducer: u8, mut bytes: Vec<u8>, byte: u8, now: u64) {
        let is_console_key = introducer == b'[' && byte == b'[' && bytes.is_empty();
        let is_old_mouse = introducer == b'['
            && if bytes.is_empty() { byte == b'M' } else { bytes.first() == Some(&b'M') };
        match byte {
            _ if is_old_mouse && bytes.len() + 1 == OLD_MOUSE => return self.has_alt = false,
            _ if is_old_mouse || is_console_key => {}
            b' '..=b'?' => {}
            b'@'..=b'~' => {
                bytes.push(byte);
                return self.end_sequence(introducer, &bytes);
            }
            CAN | SUB => return self.has_alt = false,
            // Not a byte of a sequence: it is aborted, and something else begins.
            _ => {
                self.has_alt = false;
                return self.begin(byte, now);
            }
        }
        if bytes.len() < LONGEST_SEQUENCE {
            bytes.push(byte);
        }
        self.state = State::Sequence { introducer, bytes };
    }

    fn end_sequence(&mut self, introducer: u8, bytes: &[u8]) {
        match sequence::event(introducer, bytes) {
            _ if bytes.len() > LONGEST_SEQUENCE => {}
            _ if introducer == b'[' && bytes == b"200~" => self.state = State::Paste(Vec::new()),
            Some(Event::Key(key)) => self.press(key),
            event => self.events.extend(event),
        }
        self.has_alt = false;
    }

    /// The only report that is used is the color of the background.
    fn end_text(&mut self, introducer: u8, bytes: &[u8]) {
        self.has_alt = false;
        if introducer == b']' && bytes.len() <= LONGEST_SEQUENCE {
            self.is_light = sequence::is_light(bytes).or(self.is_light);
        }
    }

    fn press(&mut self, key: KeyEvent) {
        let alt = if take(&mut self.has_alt) { KeyModifiers::ALT } else { KeyModifiers::NONE };
        self.events.push_back(Event::Key(KeyEvent::new(key.code, key.modifiers | alt)));
    }

    fn paste(&mut self, text: &[u8]) {
        if !text.is_empty() {
            self.events.push_back(Event::Paste(String::from_utf8_lossy(text).into_owned()));
        }
    }
}

fn introduced(byte: u8, now: u64) -> Option<State> {
    match byte {
        b'[' | b'O' => Some(State::Sequence { introducer: byte, bytes: Vec::new() }),
        b']' | b'P' | b'X' | b'^' | b'_' => {
            Some(State::Text { introducer: byte, since: now, is_escaped: false, bytes: Vec::new() })
        }
        _ => None,
    }
}

/// Returns `true` if bytes after a lone escape continue it, and are not keys that arrive together.
fn is_rest(bytes: &[u8]) -> bool {
    match bytes {
        [b'[', next, ..] => matches!(next, b'0'..=b'?' | b'A'..=b'Z' | b'['),
        [b']', next, ..] => next.is_ascii_digit(),
        [b'P', next, ..] => matches!(next, b'0'..=b'?' | b'!' | b'$' | b'+'),
        [b'_', next, ..] => *next == b'G',
        [b'O', b'A'..=b'D' | b'F' | b'H' | b'M' | b'P'..=b'S'] => true,
        _ => false,
    }
}

/// The end mark may have begun in the `held` bytes.
fn ends_paste(held: &[u8], bytes: &[u8]) -> bool {
    let joined = [held, bytes].concat();
    let is_beginning = !held.is_empty() && PASTE_END.starts_with(&joined);
    is_beginning || joined.windows(PASTE_END.len()).any(|part| part == PASTE_END)
}

pub fn is_one_key(bytes: &[u8]) -> bool {
    let mut parser = Parser::default();
    for byte in bytes {
        parser.take(*byte, 0);
    }
    let is_whole = parser.state == State::Ground;
    let is_key = matches!(parser.events.pop_front(), Some(Event::Key(_)));
    bytes == [ESC] || is_whole && is_key && parser.events.is_empty()
}
