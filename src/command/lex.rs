//! Splits a line into words. Each character keeps its position, so that errors can point at it.

use std::ops::Range;

use crate::domain::input::InputError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    /// Its position in the line, with quotes.
    pub(super) span: Range<usize>,
    places: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) whole: Token,
    /// The parts before and after its first `=` outside of quotes.
    pub(super) pair: Option<(Token, Token)>,
    /// A quote that is not around the complete value: valid only in a list of values.
    pub(super) inner_quote: Option<InputError>,
}

impl Token {
    fn new(chars: &[(char, usize)], span: Range<usize>) -> Self {
        let text = chars.iter().map(|(c, _)| *c).collect();
        Self { text, span, places: chars.iter().map(|(_, place)| *place).collect() }
    }

    pub(super) fn error(&self, why: impl Into<String>) -> InputError {
        InputError::new(self.span.clone(), why)
    }

    pub(super) fn place(&self, error: InputError) -> InputError {
        let start = self.places.get(error.span.start).copied().unwrap_or(self.span.end);
        let last = error.span.end.checked_sub(1).and_then(|last| self.places.get(last));
        InputError { span: start..last.map_or(start, |last| last + 1).max(start), ..error }
    }

    /// As it is written in the line, with its quotes.
    pub(super) fn written(&self, line: &str) -> Self {
        let chars = line.chars().enumerate().skip(self.span.start).take(self.span.len());
        let chars: Vec<_> = chars.map(|(place, c)| (c, place)).collect();
        Self::new(&chars, self.span.clone())
    }

    pub(super) fn before(&self, cursor: usize) -> String {
        let places = self.places.iter().take_while(|place| **place < cursor);
        self.text.chars().take(places.count()).collect()
    }

    /// The parts between its commas that are outside of quotes.
    pub(super) fn items(&self) -> Vec<Self> {
        let chars: Vec<_> = self.text.chars().zip(self.places.iter().copied()).collect();
        let (mut is_quoted, mut is_escaped) = (false, false);
        let mut from = self.span.start;
        let item = |chars: &[(char, usize)]| {
            let start = chars.first().map_or(from, |(_, place)| *place);
            let end = chars.last().map_or(start, |(_, place)| place + 1);
            from = end + 1;
            Self::new(chars, start..end)
        };
        let is_comma = |(c, _): &(char, usize)| {
            is_quoted ^= *c == '"' && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            *c == ',' && !is_quoted
        };
        chars.split(is_comma).map(item).collect()
    }
}

const INNER_QUOTE: &str = "put the value in quotes; inside quotes, write \\\" for a quote";
const AFTER_QUOTE: &str = "a space is missing after the quoted text";

/// The words of a line, which may be unfinished, and the first error in its quotes.
pub(super) fn lex(line: &str) -> (Vec<Word>, Option<InputError>) {
    let mut lexer = Lexer { line: line.chars().collect(), at: 0, wrong: None };
    let mut words = Vec::new();
    lexer.skip(|c| c.is_whitespace() || c == ':');
    while lexer.peek().is_some() {
        words.push(lexer.word());
        lexer.skip(char::is_whitespace);
    }
    (words, lexer.wrong)
}

struct Lexer {
    line: Vec<char>,
    at: usize,
    wrong: Option<InputError>,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.line.get(self.at).copied()
    }

    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&is_skipped) {
            self.at += 1;
        }
    }

    fn note(&mut self, at: Range<usize>, why: &str) {
        self.wrong.get_or_insert_with(|| InputError::new(at, why));
    }

    fn word(&mut self) -> Word {
        let start = self.at;
        let mut chars = Vec::new();
        let mut value = None;
        let (mut may_open, mut inner_quote) = (true, None);
        let is_quoted = self.peek() == Some('"');
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace()) {
            if c == '"' && may_open {
                let is_inner = value.is_some_and(|(index, _)| index < chars.len());
                let open = self.at..self.at + 1;
                self.quoted(&mut chars);
                let after = self.at..self.at + 1;
                let is_followed = value.is_some() && self.peek() == Some(',');
                if !is_followed && self.peek().is_some_and(|next| !next.is_whitespace()) {
                    self.note(after.clone(), AFTER_QUOTE);
                }
                if inner_quote.is_none() && (is_inner || is_followed) {
                    let (at, why) =
                        if is_inner { (open, INNER_QUOTE) } else { (after, AFTER_QUOTE) };
                    inner_quote = Some(InputError::new(at, why));
                }
                may_open = false;
                continue;
            }
            if c == '"' {
                self.note(self.at..self.at + 1, INNER_QUOTE);
            }
            let is_first_equals = c == '=' && value.is_none() && !is_quoted;
            chars.push((c, self.at));
            self.at += 1;
            if is_first_equals {
                value = Some((chars.len(), self.at));
            }
            may_open = is_first_equals || c == ',' && value.is_some();
        }
        let pair = value.and_then(|(index, place)| {
            let (name, value) = chars.split_at_checked(index)?;
            let name = name.get(..index.saturating_sub(1))?;
            Some((Token::new(name, start..place - 1), Token::new(value, place..self.at)))
        });
        Word { whole: Token::new(&chars, start..self.at), pair, inner_quote }
    }

    fn quoted(&mut self, chars: &mut Vec<(char, usize)>) {
        let open = self.at;
        self.at += 1;
        while let Some(c) = self.peek() {
            let place = self.at;
            self.at += 1;
            match (c, self.peek()) {
                ('"', _) => return,
                ('\\', Some(escaped @ ('"' | '\\'))) => {
                    chars.push((escaped, self.at));
                    self.at += 1;
                }
                ('\\', _) => {
                    let why = "inside quotes, write \\\\ for a backslash and \\\" for a quote";
                    self.note(place..self.at, why);
                    chars.push((c, place));
                }
                _ => chars.push((c, place)),
            }
        }
        self.note(open..self.at, "the quote is not closed");
    }
}
