//! Finds booking references in typed or pasted text, completes them, and ranks recent ones.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;

/// Characters of a pasted text that are read; a pasted email can be long.
const MOST_CHARACTERS: usize = 20_000;
const LONGEST: usize = 64;
const MOST_CANDIDATES: usize = 9;
const LETTERS: std::ops::RangeInclusive<usize> = 1..=5;
/// Digits of a reference; an IBAN has more.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=12;
const KEYS: &[&str] = &["booking_id", "reference_id", "booking", "bookings", "reference"];

/// The references in a text, in its order and spelling, without those that differ only in letter
/// case. The contract does not define the format of a reference, so:
///
/// 1. One token of letters, digits, `-` and `_` is the reference; punctuation around it is dropped.
///    So is any other single token that is not a URL and in which rule 3 finds nothing.
/// 2. In a URL, the value of a parameter of `KEYS`, or the segment after one of these, is a
///    candidate; without one, rule 3 is applied to its parts after the host.
/// 3. In any other text, one to five letters, perhaps a `-` or `_`, and four to twelve digits are a
///    candidate: `BK123456`. A date, an amount, an IBAN and `INV-2025-0001` are not. A blank after
///    `BK` belongs to the reference.
/// 4. If there is no candidate, the text without its blanks is the reference if it has that form; the
///    letters are optional: `HB 123 456`, `417 356`. It is not if it has several numbers and one of
///    them could be a reference.
pub fn find(text: &str) -> Vec<String> {
    let text: String = text.chars().take(MOST_CHARACTERS).collect();
    let text = text.trim();
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    let is_token = !bare.is_empty() && bare.len() <= LONGEST && !bare.contains(char::is_whitespace);
    if is_token && bare.chars().all(is_part) {
        return vec![bare.to_owned()];
    }
    let mut found: Vec<String> = Vec::new();
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let before = std::iter::once("").chain(tokens.iter().copied());
    let candidates = before.zip(&tokens).flat_map(|(before, token)| {
        after_prefix(before, token).or_else(|| in_url(token)).unwrap_or_else(|| in_words(token))
    });
    for candidate in candidates {
        if found.len() == MOST_CANDIDATES {
            break;
        }
        if !found.iter().any(|known| known.eq_ignore_ascii_case(&candidate)) {
            found.push(candidate);
        }
    }
    if found.is_empty() && is_token && !text.contains("://") {
        found.push(bare.to_owned());
    }
    if found.is_empty() {
        found.extend(without_blanks(bare));
    }
    found
}

/// The prefix of bookings in the published examples.
const USUAL: &str = "BK";
/// Prefixes that bare digits are tried with; each try is a request.
const MOST_PREFIXES: usize = 3;

/// The letters before the digits of a reference, with a `-` or `_` between them: `BK`, `CUST-`.
pub fn prefix(reference: &str) -> Option<&str> {
    let (prefix, digits) = parts(reference)?;
    (!prefix.is_empty() && !digits.is_empty()).then_some(prefix)
}

fn parts(reference: &str) -> Option<(&str, &str)> {
    let rest = reference.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let digits = rest.strip_prefix(['-', '_']).unwrap_or(rest);
    let is_one = digits.bytes().all(|byte| byte.is_ascii_digit());
    reference.split_at_checked(reference.len() - digits.len()).filter(|_| is_one)
}

/// The references that may be meant, the likeliest first: a missing prefix, or one in another letter
/// case, is replaced by `prefixes` of known bookings, the most frequent first. The last one is the
/// typed text, unless only the letter case of its prefix was replaced.
pub fn meant(typed: &str, prefixes: &[String]) -> Vec<String> {
    let known = || prefixes.iter().map(String::as_str).chain([USUAL]);
    let mut all: Vec<String> = match parts(typed) {
        Some(("", digits)) if !digits.is_empty() => {
            known().map(|prefix| format!("{prefix}{digits}")).collect()
        }
        Some((own, digits)) if !digits.is_empty() => {
            let cased = known().find(|prefix| prefix.eq_ignore_ascii_case(own));
            match cased {
                Some(prefix) => return vec![format!("{prefix}{digits}")],
                None => vec![typed.to_owned(), typed.to_ascii_uppercase()],
            }
        }
        _ => Vec::new(),
    };
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert(one.clone()));
    all.truncate(MOST_PREFIXES);
    if seen.insert(typed.to_owned()) {
        all.push(typed.to_owned());
    }
    all
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

fn in_words(text: &str) -> Vec<String> {
    let runs = text.split(|c| !is_part(c)).map(|run| run.trim_matches(['-', '_']));
    runs.filter(|run| has_shape(run)).map(str::to_owned).collect()
}

/// `BK 123456` and `BK-123 456`; without letters, `123 456`.
fn without_blanks(text: &str) -> Option<String> {
    let count = |token: &str| token.bytes().filter(u8::is_ascii_digit).count();
    let counts: Vec<usize> = text.split_whitespace().map(count).filter(|it| *it > 0).collect();
    // A number of four digits may be a reference itself.
    let is_one = counts.len() == 1 || counts.iter().all(|digits| digits < DIGITS.start());
    let joined: String = text.split_whitespace().collect();
    let is_number =
        || DIGITS.contains(&joined.len()) && joined.bytes().all(|byte| byte.is_ascii_digit());
    (is_one && (has_shape(&joined) || is_number())).then_some(joined)
}

/// The reference whose digits are this token, if the token before is the usual prefix.
fn after_prefix(before: &str, token: &str) -> Option<Vec<String>> {
    let [before, digits] = [before, token].map(|it| it.trim_matches(|c| !is_part(c)));
    let is_one = before.eq_ignore_ascii_case(USUAL)
        && DIGITS.contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| vec![format!("{before}{digits}")])
}

fn has_shape(run: &str) -> bool {
    let rest = run.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let digits = rest.strip_prefix(['-', '_']).unwrap_or(rest);
    LETTERS.contains(&(run.len() - rest.len()))
        && DIGITS.contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The candidates of a token that holds a URL; `None` if it holds none.
fn in_url(token: &str) -> Option<Vec<String>> {
    let (_, after) = token.split_once("://")?;
    let (_, after_host) = after.split_once(['/', '?', '#'])?;
    let decoded = percent_decode_str(after_host).decode_utf8_lossy();
    let mut keyed = Vec::new();
    let mut is_key = false;
    for part in decoded.split(|c| !is_part(c)).filter(|part| !part.is_empty()) {
        if is_key && part.len() <= LONGEST && part.bytes().any(|byte| byte.is_ascii_digit()) {
            keyed.push(part.to_owned());
        }
        is_key = KEYS.iter().any(|key| key.eq_ignore_ascii_case(part));
    }
    Some(if keyed.is_empty() { in_words(&decoded) } else { keyed })
}

/// The indexes of the entries of `recent` that contain all typed characters in order, the best match
/// first; ties keep their order. Letter case, spaces, `-` and `_` are ignored.
pub fn rank<'a>(recent: impl IntoIterator<Item = &'a str>, typed: &str) -> Vec<usize> {
    let typed = folded(typed);
    let recent = recent.into_iter().enumerate();
    let mut ranked: Vec<(usize, usize)> =
        recent.filter_map(|(place, one)| Some((fit(&folded(one), &typed)?, place))).collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, place)| place).collect()
}

fn folded(text: &str) -> String {
    let text = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'));
    text.flat_map(char::to_lowercase).collect()
}

/// How well a reference matches the typed text; smaller is better.
fn fit(whole: &str, typed: &str) -> Option<usize> {
    match whole.find(typed) {
        _ if typed.is_empty() || whole == typed => Some(0),
        Some(0) => Some(1),
        Some(_) => Some(2),
        None => Some(3 + scattered(whole, typed)?),
    }
}

/// The number of characters of `whole` between the first and the last match that do not match.
fn scattered(whole: &str, typed: &str) -> Option<usize> {
    let mut typed_chars = typed.chars().peekable();
    let mut others = 0;
    let mut has_begun = false;
    for c in whole.chars() {
        match typed_chars.peek() {
            None => break,
            Some(next) if *next == c => {
                typed_chars.next();
                has_begun = true;
            }
            Some(_) => others += usize::from(has_begun),
        }
    }
    typed_chars.peek().is_none().then_some(others)
}

#[cfg(test)]
mod tests;
