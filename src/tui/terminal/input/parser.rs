//! Bytes of a terminal as keys, mouse events and pastes; everything else is swallowed whole.
//!
//! Besides keys a terminal sends reports: modes, colors, its name, often late and in answer to the
//! program that ran before. A parser that takes them for keys types them, and one that waits for
//! their end is deaf (crossterm-rs/crossterm#1104). So each control sequence (ECMA-48) is followed to
//! its end, and only what a key, the mouse or a paste sends becomes an event.
//!
//! A lone escape and the start of a sequence differ only by time. Times are milliseconds on a clock
//! that never runs backwards; whoever reads the bytes asks [`Parser::patience`] how long to wait for
//! more and calls [`Parser::quiet`] when nothing came.

use std::collections::VecDeque;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};

use crate::tui::terminal::input::sequence;
use crate::tui::terminal::input::sequence::Meaning;

/// Milliseconds without a byte after which an escape is the key.
const ESCAPE: u64 = 30;
/// Milliseconds without a byte after which the rest of a sequence is no longer waited for.
const REST: u64 = 100;
/// Milliseconds after which a string that arrives in pieces as small as keys is abandoned.
const LONGEST_STRING: u64 = 1_000;
/// Milliseconds after which nothing is the rest of an escape, however slow the link is.
const LONGEST_STALL: u64 = 10_000;
/// Bytes of the longest key: more at once is not one key.
const LONGEST_KEY: usize = 8;
/// Bytes of a control sequence that are looked at; a longer one is no key.
const LONGEST_SEQUENCE: usize = 64;
/// Bytes of a paste that are kept. Every field of valora is far shorter.
const LONGEST_PASTE: usize = 64 * 1024;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CAN: u8 = 0x18;
const SUB: u8 = 0x1a;
const PASTE_END: &[u8] = b"\x1b[201~";

/// What a user did at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Key(KeyEvent),
    Mouse(MouseEvent),
    Paste(String),
}

/// What the bytes so far have begun.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Ground,
    /// The first bytes of a letter.
    Letter {
        bytes: Vec<u8>,
        length: usize,
    },
    /// An escape, and how many more before it.
    Escape {
        before: usize,
    },
    /// `ESC [` or `ESC O`, and the bytes behind it.
    Sequence {
        introducer: u8,
        bytes: Vec<u8>,
    },
    /// OSC, DCS, APC, PM or SOS, up to its terminator.
    Text {
        introducer: u8,
        since: u64,
        is_escaped: bool,
    },
    /// The three bytes of a mouse report in its oldest form, which valora never asks for.
    OldMouse {
        left: usize,
    },
    /// Between the marks of a bracketed paste.
    Paste(Vec<u8>),
}

/// Reads the input of one terminal.
#[derive(Debug)]
pub struct Parser {
    state: State,
    /// Whether the modifier alt belongs to what has begun: an escape came before it.
    has_alt: bool,
    /// Whether the rest of what has begun did not come in time.
    is_late: bool,
    last_read: u64,
    events: VecDeque<Input>,
}

impl Default for Parser {
    fn default() -> Self {
        let events = VecDeque::new();
        Self { state: State::Ground, has_alt: false, is_late: false, last_read: 0, events }
    }
}

impl Parser {
    /// The oldest event that was not taken yet.
    pub fn next_event(&mut self) -> Option<Input> {
        self.events.pop_front()
    }

    /// How long to wait for more bytes before [`Self::quiet`] is called; `None` is for ever.
    pub fn patience(&self) -> Option<u64> {
        match self.state {
            State::Ground => None,
            _ if self.is_late => None,
            State::Escape { .. } => Some(ESCAPE),
            _ => Some(REST),
        }
    }

    /// Takes the bytes of one read.
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
        match &mut self.state {
            State::Ground => {}
            State::Letter { .. } => self.forget(),
            State::Escape { before } => {
                let pressed = *before + 1;
                *before = 0;
                self.is_late = true;
                for _ in 0..pressed {
                    self.press(KeyCode::Esc, KeyModifiers::NONE);
                }
            }
            State::Paste(text) => {
                // What may be the beginning of the end is no text yet.
                let held = (1..PASTE_END.len()).rev().find(|n| text.ends_with(&PASTE_END[..*n]));
                let end = text.split_off(text.len() - held.unwrap_or(0));
                let text = std::mem::replace(text, end);
                self.is_late = true;
                self.paste(&text);
            }
            State::Text { is_escaped: true, .. } => {
                self.is_late = true;
                self.press(KeyCode::Esc, KeyModifiers::NONE);
            }
            State::Sequence { .. } | State::Text { .. } | State::OldMouse { .. } => {
                self.is_late = true;
            }
        }
    }

    /// Whether what has begun ends here without its end, so that these bytes are keys: they are a
    /// single key, and nobody waits for the rest any more.
    fn is_over(&self, bytes: &[u8], now: u64) -> bool {
        let is_key = bytes.len() <= LONGEST_KEY && is_one_key(bytes);
        match &self.state {
            // The rest of a sequence whose escape has become the key; anything else is pressed.
            State::Escape { .. } if self.is_late => {
                now.saturating_sub(self.last_read) > LONGEST_STALL || !is_rest(bytes)
            }
            State::Paste(text) => self.is_late && is_key && !ends_paste(text, bytes),
            // The end of a string, for which a single BEL may be pressed in vain.
            State::Text { .. } if bytes == [ESC] => false,
            State::Text { is_escaped: true, .. } if bytes.first() == Some(&b'\\') => false,
            State::Text { .. } if matches!(bytes, b"\x1b\\" | [BEL]) => false,
            State::Text { since, .. } if now.saturating_sub(*since) > LONGEST_STRING => is_key,
            _ => self.is_late && is_key,
        }
    }

    fn forget(&mut self) {
        self.state = State::Ground;
        self.has_alt = false;
        self.is_late = false;
    }

    fn take(&mut self, byte: u8, now: u64) {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Ground => self.begin(byte, now),
            State::Letter { bytes, length } => self.continue_letter(bytes, length, byte, now),
            State::Escape { before } => self.behind_escape(before, byte, now),
            State::Sequence { introducer, bytes } => {
                self.continue_sequence(introducer, bytes, byte, now);
            }
            State::Text { introducer, since, is_escaped } => {
                self.continue_text((introducer, since), is_escaped, byte, now);
            }
            State::OldMouse { left } if left > 1 => self.state = State::OldMouse { left: left - 1 },
            State::OldMouse { .. } => {}
            State::Paste(mut text) => {
                text.push(byte);
                if text.ends_with(PASTE_END) {
                    text.truncate(text.len() - PASTE_END.len());
                    self.paste(&text);
                } else {
                    // Cut so that the end is still found.
                    if text.len() > LONGEST_PASTE + PASTE_END.len() {
                        text.remove(LONGEST_PASTE);
                    }
                    self.state = State::Paste(text);
                }
            }
        }
    }

    fn begin(&mut self, byte: u8, now: u64) {
        match byte {
            ESC => self.state = State::Escape { before: 0 },
            0xC2..=0xDF => self.state = State::Letter { bytes: vec![byte], length: 2 },
            0xE0..=0xEF => self.state = State::Letter { bytes: vec![byte], length: 3 },
            0xF0..=0xF4 => self.state = State::Letter { bytes: vec![byte], length: 4 },
            // The introducers in their single-byte form; alone they are no letters.
            0x80..=0x9F => self.introduce(byte - 0x40, now),
            0xA0.. => self.has_alt = false,
            _ => {
                let (code, modifiers) = sequence::control_or_letter(byte);
                self.press(code, modifiers);
            }
        }
    }

    fn continue_letter(&mut self, mut bytes: Vec<u8>, length: usize, byte: u8, now: u64) {
        if !(0x80..=0xBF).contains(&byte) {
            self.has_alt = false;
            return self.begin(byte, now);
        }
        bytes.push(byte);
        if bytes.len() < length {
            self.state = State::Letter { bytes, length };
            return;
        }
        match std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            // C1 controls in their longer form.
            Some(letter @ '\u{80}'..='\u{9f}') => {
                self.introduce(u8::try_from(u32::from(letter)).unwrap_or(0x80) - 0x40, now);
            }
            Some(letter) => self.press(KeyCode::Char(letter), sequence::shift_of(letter)),
            None => self.has_alt = false,
        }
    }

    fn behind_escape(&mut self, before: usize, byte: u8, now: u64) {
        match byte {
            // Escape held down, or alt with what follows.
            ESC => {
                if before > 0 {
                    self.press(KeyCode::Esc, KeyModifiers::NONE);
                }
                self.state = State::Escape { before: 1 };
            }
            b'[' | b'O' | b']' | b'P' | b'X' | b'^' | b'_' => {
                self.has_alt = before > 0;
                self.introduce(byte, now);
            }
            _ => {
                if before > 0 {
                    self.press(KeyCode::Esc, KeyModifiers::NONE);
                }
                self.has_alt = true;
                self.begin(byte, now);
            }
        }
    }

    /// What begins with `ESC` and this byte.
    fn introduce(&mut self, byte: u8, now: u64) {
        match byte {
            b'[' | b'O' => {
                self.state = State::Sequence { introducer: byte, bytes: Vec::new() };
            }
            b']' | b'P' | b'X' | b'^' | b'_' => {
                self.state = State::Text { introducer: byte, since: now, is_escaped: false };
            }
            _ => self.has_alt = false,
        }
    }

    fn continue_sequence(&mut self, introducer: u8, mut bytes: Vec<u8>, byte: u8, now: u64) {
        let is_console_key = introducer == b'[' && byte == b'[' && bytes.is_empty();
        match byte {
            b' '..=b'?' => {}
            _ if is_console_key => {}
            b'@'..=b'~' => {
                bytes.push(byte);
                return self.end_sequence(introducer, &bytes);
            }
            CAN | SUB => return self.forget(),
            // Not a byte of a sequence: this one is broken off, and something else begins.
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
        let meaning = if bytes.len() < LONGEST_SEQUENCE {
            sequence::meaning(introducer, bytes)
        } else {
            Meaning::Nothing
        };
        match meaning {
            Meaning::Key(code, modifiers) => return self.press(code, modifiers),
            Meaning::Mouse(event) => self.events.push_back(Input::Mouse(event)),
            Meaning::OldMouse => self.state = State::OldMouse { left: 3 },
            Meaning::Paste => self.state = State::Paste(Vec::new()),
            Meaning::Nothing => {}
        }
        self.has_alt = false;
    }

    fn continue_text(
        &mut self,
        (introducer, since): (u8, u64),
        is_escaped: bool,
        byte: u8,
        now: u64,
    ) {
        match byte {
            b'\\' if is_escaped => self.has_alt = false,
            // An escape that does not end the string begins something else.
            _ if is_escaped => self.behind_escape(0, byte, now),
            BEL if introducer == b']' => self.has_alt = false,
            CAN | SUB => self.has_alt = false,
            _ => self.state = State::Text { introducer, since, is_escaped: byte == ESC },
        }
    }

    fn press(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        let alt = if self.has_alt { KeyModifiers::ALT } else { KeyModifiers::NONE };
        self.has_alt = false;
        self.events.push_back(Input::Key(KeyEvent::new(code, modifiers | alt)));
    }

    fn paste(&mut self, text: &[u8]) {
        if !text.is_empty() {
            let text = String::from_utf8_lossy(text).into_owned();
            self.events.push_back(Input::Paste(text));
        }
    }
}

/// Whether bytes behind a lone escape are the rest of a sequence, and not keys that happen to arrive
/// together.
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

/// Whether these bytes hold the end of the paste, which may have begun in the text so far.
fn ends_paste(text: &[u8], bytes: &[u8]) -> bool {
    let is_beginning = !text.is_empty() && PASTE_END.starts_with(&[text, bytes].concat());
    let begun = text.len().saturating_sub(PASTE_END.len() - 1);
    let joined = [text.get(begun..).unwrap_or_default(), bytes].concat();
    is_beginning || joined.windows(PASTE_END.len()).any(|part| part == PASTE_END)
}

/// Whether these bytes are one key and nothing else.
pub fn is_one_key(bytes: &[u8]) -> bool {
    let mut parser = Parser::default();
    for byte in bytes {
        parser.take(*byte, 0);
    }
    let is_escape = bytes == [ESC];
    let is_whole = parser.state == State::Ground;
    let is_key = matches!(parser.events.pop_front(), Some(Input::Key(_)));
    is_escape || is_whole && is_key && parser.events.is_empty()
}
