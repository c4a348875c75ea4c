//! Words of a filter that has documented ones: which were seen in rows, and which look like a typo.
//!
//! The documentation may lack words of the server, so every word can be sent. A typed word is
//! rejected only if it looks like a typo ([`FilterValue::check_word`]).
//!
//! A word is accepted in any letter case and with any separators, as a cell shows it, and sent as the
//! server spells it: as documented if the filter has documented values, otherwise as in the rows.

use std::collections::BTreeSet;
use std::iter::empty;

use super::{FilterValue, check_text};
use crate::domain::input::{InputError, Spanned};
use crate::domain::normalize::is_same_word;
use crate::domain::text::sanitize;
use crate::list::Spec;
use crate::list::filter::{Filter, FilterKind};
use crate::list::record::{Record, Value};

/// Most words that are stored for one filter: a hostile server could send another one in each row.
const MOST_WORDS: usize = 40;
/// Letters of a word for each typo that it may have.
const LETTERS_A_SLIP: usize = 4;

/// The filter value of a cell: its text or its number as received, trimmed.
pub fn of_cell(value: &Value) -> Option<&str> {
    let text = value.raw_text()?.expose_raw().trim();
    let is_number = || text.parse::<f64>().is_ok_and(f64::is_finite);
    let is_word = matches!(value, Value::Text(_)) || is_number();
    (is_word && !text.is_empty()).then_some(text)
}

/// The words in the rows of a list, for each filter over a field with few of them. For a filter with
/// documented values, only those that are not documented in any spelling.
#[derive(Debug, Clone)]
pub struct SeenWords {
    pub spec: &'static Spec,
    of_filters: Vec<(&'static Filter, BTreeSet<String>)>,
}

impl SeenWords {
    pub fn new(spec: &'static Spec) -> Self {
        let has_words =
            |filter: &&Filter| matches!(filter.over, [_]) && !filter.choices().is_empty();
        let filters = spec.filters.iter().filter(has_words);
        Self { spec, of_filters: filters.map(|filter| (filter, BTreeSet::new())).collect() }
    }

    /// Adds the words that can be shown and sent unchanged, up to the limit.
    pub fn add(&mut self, rows: &[Record]) {
        for (filter, seen) in &mut self.of_filters {
            let is_of_rows = filter.kind == FilterKind::Exact;
            // Documented fields have the same position in every shape of a list.
            let Some(at) = filter.over.first().and_then(|name| self.spec.position(name)) else {
                continue;
            };
            for word in rows.iter().filter_map(|row| of_cell(row.at(at))) {
                let is_same = |known: &&str| is_same_word(known, word);
                let is_known = seen.contains(word);
                let is_documented = || !is_of_rows && filter.choices().iter().any(is_same);
                if is_known
                    || is_documented()
                    || check_text(word).is_err()
                    || sanitize(word) != word
                {
                    continue;
                }
                if seen.len() == MOST_WORDS {
                    break;
                }
                seen.insert(word.to_owned());
            }
        }
    }

    /// In alphabetical order.
    pub fn of(&self, param: &str) -> impl Iterator<Item = &str> {
        let found = self.of_filters.iter().filter(move |(filter, _)| filter.param == param);
        found.flat_map(|(_, words)| words.iter().map(String::as_str))
    }
}

/// The values that a filter can be set to, as they are sent: the documented ones, then others of the
/// rows. Empty for a filter with any number of values.
pub fn choices<'a>(filter: &'static Filter, seen: Option<&'a SeenWords>) -> Vec<&'a str> {
    let seen: Vec<&str> = seen.into_iter().flat_map(|seen| seen.of(filter.param)).collect();
    let in_rows = |word: &'static str| {
        if filter.documented.contains(&word) {
            return word;
        }
        let same = seen.iter().copied().find(|other| *other == word);
        let same = same.or_else(|| seen.iter().copied().find(|other| is_same_word(other, word)));
        same.unwrap_or(word)
    };
    let mut all: Vec<&str> = filter.choices().iter().map(|word| in_rows(word)).collect();
    let is_documented =
        |word: &str| filter.documented.iter().any(|documented| is_same_word(documented, word));
    let is_other = |word: &&str| !all.contains(word) && !is_documented(word);
    let others: Vec<&str> = seen.iter().copied().filter(is_other).collect();
    all.extend(others);
    all
}

/// A word that is not documented for its filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undocumented<'a> {
    pub filter: &'static Filter,
    pub word: &'a str,
}

impl Undocumented<'_> {
    /// "not a documented status"
    pub fn why(&self) -> String {
        format!("not a documented {}", self.filter.label.to_lowercase())
    }

    pub fn is_in(&self, seen: &SeenWords) -> bool {
        seen.of(self.filter.param).any(|word| word == self.word)
    }

    /// The word that was probably meant, in any letter case and with any separators.
    pub fn near<'b>(&self, seen: impl Iterator<Item = &'b str>) -> Option<&'b str> {
        let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
        let typed = plain(self.word);
        let known = self.filter.choices().iter().copied().chain(seen);
        let (slips, near) =
            known.map(|word| (strsim::osa_distance(&typed, &plain(word)), word)).min()?;
        (slips <= (typed.chars().count() / LETTERS_A_SLIP).max(1)).then_some(near)
    }
}

/// The pattern for a word that is a part of a documented one: `*iban*` for `missing_iban`.
pub(super) fn pattern(filter: &Filter, word: &str) -> Option<String> {
    let parts = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let typed = parts(word);
    let is_part = |value: &&str| format!("_{}_", parts(value)).contains(&format!("_{typed}_"));
    let is_same = |value: &&str| is_same_word(value, word);
    let words = filter.choices();
    (words.iter().any(is_part) && !words.iter().any(is_same)).then(|| format!("*{typed}*"))
}

impl FilterValue {
    /// The values that are not documented. If the documentation has only examples of the values, such as
    /// currencies, only those that look like a typo of an example.
    pub fn undocumented(&self) -> impl Iterator<Item = Undocumented<'_>> {
        let filter = self.listed().filter(|filter| !filter.choices().is_empty());
        let words = self.values.iter().map(String::as_str);
        let all = filter.into_iter().flat_map(move |filter| {
            let words = words.clone().filter(|word| !filter.choices().contains(word));
            words.map(move |word| Undocumented { filter, word })
        });
        all.filter(|unknown| {
            let is_same = |known: &&str| is_same_word(known, unknown.word);
            match unknown.filter.kind {
                FilterKind::OneOf(_) => true,
                _ => {
                    let is_of_rows = unknown.filter.choices().iter().any(is_same);
                    !is_of_rows && unknown.near(empty()).is_some()
                }
            }
        })
    }

    /// Fails for a word that looks like a typo of a documented or seen one, such as `payd`. A word that
    /// was seen is valid, and so is one that resembles no other, such as `sent_to_moon`: the server may
    /// know it. If a word is only in requests, such as an order, it must be documented.
    /// A part of a documented word, such as `iban`, is rejected with its pattern, unless it is in quotes.
    ///
    /// A rejected word can still be sent with `valora list --send-unknown`, or by a view in the file
    /// of views: neither is checked for typos.
    pub fn check_word(&self, seen: Option<&SeenWords>) -> Result<(), InputError> {
        let Some(filter) = self.listed() else { return Ok(()) };
        let known = choices(filter, seen);
        if self.values.is_empty() {
            return Err(self.no_match(&known));
        }
        for item in self.items.iter().filter(|item| self.values.contains(&item.text)) {
            let unknown = Undocumented { filter, word: &item.text };
            let is_same = |known: &&str| is_same_word(known, unknown.word);
            if known.is_empty()
                || known.contains(&unknown.word)
                || filter.documented.iter().any(is_same)
            {
                continue;
            }
            let pattern = pattern(filter, unknown.word).filter(|_| !item.is_literal());
            let why = match (unknown.near(known.iter().copied()), pattern) {
                (Some(near), _) => format!("{}; did you mean {near}?", unknown.why()),
                (None, _) if filter.over.is_empty() => unknown.why(),
                (None, Some(pattern)) => format!(
                    "{}; did you mean {pattern}? \"{}\" in quotes is sent unchanged",
                    unknown.why(),
                    unknown.word
                ),
                (None, None) => continue,
            };
            let error = InputError::new(item.span.clone(), why);
            return Err(error.expecting(filter.choices().iter().copied()));
        }
        Ok(())
    }

    pub(super) fn no_match(&self, known: &[&str]) -> InputError {
        let why =
            format!("no value matches {}; known: {}", sanitize(&self.typed), known.join(", "));
        Spanned::all(&self.typed).error(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::debt;

    fn debt(status: &str) -> Record {
        Record::read(&debt::SPEC, &format!(r#"{{"status":{status},"debt_type":"other"}}"#))
    }

    fn seen(words: &[&str]) -> SeenWords {
        let mut seen = SeenWords::new(&debt::SPEC);
        seen.add(&words.iter().map(|word| debt(word)).collect::<Vec<_>>());
        seen
    }

    fn check(word: &str, seen: &SeenWords) -> Result<(), String> {
        let value = FilterValue::named(&debt::SPEC, "status", word).unwrap().spelled(Some(seen));
        value.check_word(Some(seen)).map_err(|error| error.why)
    }

    #[test]
    fn words_of_rows_are_kept_once_in_order_without_documented_and_unprintable_ones() {
        let rows = [
            r#""sent_to_moon""#,
            r#""paid""#,
            r#""WRITTEN_OFF""#,
            r#""Frozen ""#,
            r#""sent_to_moon""#,
            "7",
            "null",
            r#""""#,
            r#"{"a":1}"#,
            r#""a\u0007b""#,
            r#""\u202ex""#,
        ];
        let seen = seen(&rows);
        assert_eq!(seen.of("status").collect::<Vec<_>>(), ["7", "Frozen", "sent_to_moon"]);
        assert_eq!(seen.of("debt_type").count(), 0);
    }

    #[test]
    fn no_server_fills_the_memory_with_words() {
        let rows: Vec<Record> = (0..5_000).map(|row| debt(&format!("\"word {row}\""))).collect();
        let mut seen = seen(&[]);
        seen.add(&rows);
        assert_eq!(seen.of("status").count(), MOST_WORDS);
    }

    #[test]
    fn a_slip_is_refused_and_a_word_that_was_seen_or_is_like_no_other_passes() {
        let seen = seen(&[r#""sent_to_moon""#, r#""payed""#]);
        let passing = [
            "paid",
            "PAID",
            "Written Off",
            "sent_to_moon",
            "payed",
            "unpaid",
            "Sent To Mars",
            "late",
        ];
        for word in passing {
            assert_eq!(check(word, &seen), Ok(()), "{word}");
        }
        for (word, near) in [("setled", "settled"), ("sent_to_mon", "sent_to_moon")] {
            let why = format!("not a documented status; did you mean {near}?");
            assert_eq!(check(word, &seen), Err(why));
        }
        let order = FilterValue::named(&crate::list::payments::SPEC, "sortType", "random").unwrap();
        assert!(order.check_word(None).is_err());
    }

    #[test]
    fn a_part_of_a_documented_word_is_refused_with_its_pattern_and_sent_in_quotes() {
        let table: [(&str, &str, &[&str]); 5] = [
            ("scheduled", "iban", &["missing_iban", "blocked_missing_iban"]),
            ("scheduled", "debt", &["has_debt", "blocked_account_debtor"]),
            (
                "scheduled",
                "Missing",
                &[
                    "missing_iban",
                    "missing_details",
                    "blocked_missing_details",
                    "blocked_missing_iban",
                ],
            ),
            ("scheduled", "Account Debtor", &["blocked_account_debtor"]),
            ("debt", "off", &["written_off"]),
        ];
        for (name, word, expected) in table {
            let spec = Spec::named(name).unwrap();
            let seen = SeenWords::new(spec);
            let read = |typed: &str| {
                FilterValue::named(spec, "status", typed).unwrap().spelled(Some(&seen))
            };
            let why = read(word).check_word(Some(&seen)).unwrap_err().why;
            let (_, offered) = why.split_once("did you mean ").unwrap();
            let (pattern, offered) = offered.split_once("? ").unwrap();
            assert_eq!(read(pattern).values(), expected, "{why}");
            let quoted = offered.strip_suffix(" in quotes is sent unchanged").unwrap();
            let literal = read(quoted);
            assert_eq!(literal.check_word(Some(&seen)), Ok(()), "{why}");
            assert_eq!(
                (literal.values(), literal.typed.as_str()),
                (&[word.to_owned()][..], quoted)
            );
            let reopened = read(&literal.typed);
            assert_eq!(reopened, literal, "the quotes are kept");
        }
        let value = FilterValue::named(Spec::named("scheduled").unwrap(), "status", "blocked");
        assert!(value.unwrap().check_word(None).is_ok(), "it is a status itself");
    }

    #[test]
    fn a_part_of_a_word_that_only_rows_have_passes() {
        let seen = seen(&[r#""sent_to_moon""#]);
        assert_eq!(check("moon", &seen), Ok(()));
    }

    #[test]
    fn the_words_of_a_field_under_another_name_are_seen() {
        let shapes = crate::list::shape::Shapes::default();
        let row = r#"{"reference":"BK123456","state":"sent_to_moon","amount":5,"currency":"EUR"}"#;
        let other = r#"{"reference":"BK123457","state":"paid","amount":5,"currency":"EUR"}"#;
        let mut seen = seen(&[]);
        seen.add(&shapes.read(&debt::SPEC, &[row, other]));
        assert_eq!(seen.of("status").collect::<Vec<_>>(), ["sent_to_moon"]);
    }
}
