//! The values of a filter that compares complete values: one or several, in quotes, as patterns.
//!
//! A comma separates values, unless it is in double quotes. `*` in a value without quotes matches any
//! text, if the values of the filter are known.

use std::ops::Range;

use super::words::{SeenWords, choices, pattern};
use crate::domain::input::{InputError, Spanned};
use crate::domain::normalize::is_same_word;
use crate::list::filter::{Filter, FilterKind};

/// Most values of one filter: each needs a request.
pub const MOST_VALUES: usize = 12;

#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) text: String,
    /// As typed, before rows showed its spelling.
    origin: String,
    is_quoted: bool,
    /// Whether it needs its quotes: for commas, quotes and asterisks, or because it is a part of a
    /// documented word.
    is_literal: bool,
    /// Its place in what was typed.
    pub(super) span: Range<usize>,
}

/// The position does not matter.
impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.is_literal) == (&other.text, other.is_literal)
    }
}

impl Eq for Item {}

impl Item {
    fn new(text: &str, is_quoted: bool, span: Range<usize>) -> Self {
        let needs_quotes =
            text.contains([',', '*']) || text.starts_with('"') || text.trim() != text;
        let (text, origin) = (text.to_owned(), text.to_owned());
        Self { text, origin, is_quoted, is_literal: is_quoted && needs_quotes, span }
    }

    pub(super) fn is_literal(&self) -> bool {
        self.is_literal
    }

    fn is_pattern(&self) -> bool {
        !self.is_literal && self.text.contains('*')
    }

    /// As typed in a form, or on a line, where a space needs quotes.
    fn typed(&self, is_on_line: bool) -> String {
        let is_odd = |c: char| c.is_whitespace() || matches!(c, '"' | '\\');
        if self.is_literal || is_on_line && self.text.contains(is_odd) {
            let escaped = self.text.replace('\\', "\\\\").replace('"', "\\\"");
            return format!("\"{escaped}\"");
        }
        self.text.clone()
    }
}

pub(super) fn are_listed(filter: &Filter) -> bool {
    matches!(filter.kind, FilterKind::Exact | FilterKind::OneOf(_))
}

/// The text as one value, whatever it contains.
pub(super) fn literal(text: &str) -> String {
    Item::new(text.trim(), true, 0..0).typed(false)
}

/// These values as they are typed.
pub fn list<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    values.into_iter().map(literal).collect::<Vec<_>>().join(",")
}

/// The values as they are typed on a command line; `None` if they cannot be read.
pub fn on_line(typed: &str) -> Option<String> {
    let items = split(&Spanned::all(typed).trim()).ok()?;
    Some(join(&items, true))
}

fn join(items: &[Item], is_on_line: bool) -> String {
    let typed: Vec<String> = items.iter().map(|item| item.typed(is_on_line)).collect();
    typed.join(",")
}

/// Reads the values of this filter.
pub(super) fn read(filter: &Filter, typed: &Spanned<&str>) -> Result<Vec<Item>, InputError> {
    let mut items = split(typed)?;
    if filter.over.is_empty() && items.len() > 1 {
        return Err(typed.error(format!("{} accepts only one value", filter.param)));
    }
    for item in items.iter_mut().filter(|item| item.is_quoted) {
        item.is_literal |= pattern(filter, &item.text).is_some();
    }
    for item in items.iter_mut().filter(|item| item.is_pattern()) {
        if filter.choices().is_empty() {
            let why = "* works only in filters with known values; search= finds part of a text";
            return Err(InputError::new(item.span.clone(), why));
        }
        // Without spaces it needs no quotes on a command line, and separators do not matter.
        item.text = item.text.split_whitespace().collect::<Vec<_>>().join("_");
        item.origin.clone_from(&item.text);
    }
    Ok(items)
}

fn split(typed: &Spanned<&str>) -> Result<Vec<Item>, InputError> {
    let chars: Vec<char> = typed.value.chars().collect();
    let (mut items, mut at) = (Vec::new(), 0);
    loop {
        let (item, next) = item(&chars, at).map_err(|(within, why)| typed.error_at(within, why))?;
        let start = typed.span.start;
        let span = start + item.span.start..start + item.span.end;
        items.push(Item { span, ..item });
        match next {
            Some(next) => at = next,
            None => return Ok(items),
        }
    }
}

type Fault = (Range<usize>, &'static str);

/// The value that starts here, and where the next one starts.
fn item(chars: &[char], from: usize) -> Result<(Item, Option<usize>), Fault> {
    let at = |index: usize| chars.get(index).copied();
    let mut here = from;
    while at(here).is_some_and(char::is_whitespace) {
        here += 1;
    }
    let is_quoted = at(here) == Some('"');
    let (text, span) = if is_quoted { quoted(chars, here)? } else { bare(chars, here) };
    let mut end = if is_quoted { span.end + 1 } else { span.end };
    while at(end).is_some_and(char::is_whitespace) {
        end += 1;
    }
    if text.trim().is_empty() {
        return Err((span, "a value is missing"));
    }
    match at(end) {
        None => Ok((Item::new(&text, is_quoted, span), None)),
        Some(',') => Ok((Item::new(&text, is_quoted, span), Some(end + 1))),
        Some(_) => Err((end..end + 1, "after the closing quote, only a comma can follow")),
    }
}

fn bare(chars: &[char], from: usize) -> (String, Range<usize>) {
    let text: String = chars.iter().skip(from).take_while(|c| **c != ',').collect();
    let text = text.trim_end();
    (text.to_owned(), from..from + text.chars().count())
}

/// `open` is the place of the opening quote; the range is inside the quotes.
fn quoted(chars: &[char], open: usize) -> Result<(String, Range<usize>), Fault> {
    let (mut text, mut at) = (String::new(), open + 1);
    while let Some(c) = chars.get(at) {
        match (c, chars.get(at + 1)) {
            ('"', _) => return Ok((text, open + 1..at)),
            ('\\', Some(escaped @ ('"' | '\\'))) => {
                text.push(*escaped);
                at += 1;
            }
            _ => text.push(*c),
        }
        at += 1;
    }
    Err((open..at, "the quote is not closed"))
}

/// The items as the server spells them, and the values that are sent: none for a pattern that no
/// known value matches.
pub(super) fn spell(
    filter: &'static Filter,
    items: &[Item],
    seen: Option<&SeenWords>,
) -> (Vec<Item>, Vec<String>) {
    let known = choices(filter, seen);
    let mut spelled: Vec<Item> = Vec::new();
    let mut values: Vec<String> = Vec::new();
    for item in items.iter().flat_map(|item| parts(item, &known)) {
        let own = Item { text: spelling(filter, &item.origin, &known), ..item };
        let matched: Vec<String> = if own.is_pattern() {
            known.iter().filter(|word| matches(&own.text, word)).map(|it| (*it).into()).collect()
        } else {
            vec![own.text.clone()]
        };
        let is_new = |value: &String| !values.contains(value);
        let fresh: Vec<String> = matched.into_iter().filter(is_new).collect();
        if own.is_pattern() || !fresh.is_empty() {
            spelled.push(own);
        }
        values.extend(fresh);
    }
    (spelled, values)
}

/// A quoted text is one value, unless it is a list of known ones: people quote it because of its spaces.
fn parts(item: &Item, known: &[&str]) -> Vec<Item> {
    let is_known = |text: &str| known.iter().any(|word| is_same_word(word, text.trim()));
    let is_list = item.is_literal && !is_known(&item.text) && item.text.split(',').all(is_known);
    if !is_list {
        return vec![item.clone()];
    }
    item.text.split(',').map(|part| Item::new(part.trim(), false, item.span.clone())).collect()
}

fn spelling(filter: &Filter, word: &str, known: &[&str]) -> String {
    let same = || known.iter().find(|other| is_same_word(other, word));
    if let Some(documented) = filter.documented.iter().find(|it| is_same_word(it, word)) {
        return (*documented).to_owned();
    }
    if is_code(filter, word) {
        return word.to_uppercase();
    }
    match known.iter().find(|other| **other == word).or_else(same) {
        Some(known) => (*known).to_owned(),
        None => word.to_owned(),
    }
}

/// Returns `true` for a code like the documented ones in capitals, such as another currency.
fn is_code(filter: &Filter, word: &str) -> bool {
    let is_like = |code: &&str| {
        code.len() == word.len() && code.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let is_exact = filter.kind == FilterKind::Exact;
    is_exact
        && word.bytes().all(|it| it.is_ascii_alphabetic())
        && filter.choices().iter().any(is_like)
}

/// Returns `true` if the word matches the pattern, in any letter case and with any separators.
fn matches(pattern: &str, word: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let (pattern, word) = (plain(pattern), plain(word));
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| word.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

pub(super) fn typed(items: &[Item]) -> String {
    join(items, false)
}

#[cfg(test)]
mod tests;
