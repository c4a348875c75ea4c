//! The words of a name in any spelling and language, and how strongly they indicate a role.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use crate::domain::normalize::normalize;
use crate::list::roles::concept::{Concept, Test};
use crate::list::roles::translated::{CONTAINERS, HISTORIES, JOINING, TRANSLATED};
use crate::list::roles::vocabulary::CONCEPTS;

/// The maximum examined characters of a key and words of a name.
const MOST_CHARACTERS: usize = 200;
const MOST_WORDS: usize = 24;

/// The weight of a name with the words of the documented name: `DueDate`, `dates.due`,
/// `fecha_vencimiento`.
const SAME_WORDS: i32 = 80;
/// The minimum weight that assigns a role by its name.
const LEAST: i32 = 12;
/// The cost of each word that does not belong to the role.
const OTHER_WORD: i32 = 4;
/// The same in the name of an amount: `withheld_amount` is one of several amounts.
const OTHER_AMOUNT: i32 = 14;
/// The cost of a word that alone names another role with such values, like `paid` in `paid_total`.
const OTHER_ROLE: i32 = 20;
/// The minimum weight of a word that names a role alone.
const BY_ITSELF: i32 = 40;
/// The cost if only the parent object matches the role, not the field's own key: `state.comment` is
/// probably not the state. An amount never matches by its parent: `balance.original` is not the balance.
const ONLY_AROUND: i32 = 20;

/// The words of a name in lower case and without accents: `paymentDate`, `Payment-Date`, `payment_date`
/// have the same two, `PAYMENTDATE` has one.
pub fn words(name: &str) -> Vec<String> {
    spelled_words(name).iter().map(|word| normalize(word)).collect()
}

/// The words of a name as they are spelled.
pub fn spelled_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = name.chars().take(MOST_CHARACTERS).collect();
    for (at, c) in characters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| characters.get(at));
        let is_next_lower = characters.get(at + 1).is_some_and(|next| next.is_lowercase());
        // `IBANNumber` has two words.
        let is_start = c.is_uppercase()
            && before.is_some_and(|before| !before.is_uppercase() || is_next_lower);
        let is_part = c.is_alphanumeric() || is_combining_mark(*c);
        if (is_start || !is_part) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(is_part.then_some(*c));
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The words of a path, translated to the vocabulary where possible.
#[derive(Default)]
pub(super) struct Name {
    /// Sorted, without duplicates.
    all: Vec<String>,
    /// The words of the last key.
    own: Vec<String>,
    /// `true` if a parent object is a history: `status_transitions.paid_at`, `last_event.amount`.
    is_in_history: bool,
}

impl Name {
    pub(super) fn read(path: &[&str]) -> Self {
        let mut name = Self::default();
        // Without meaningful words of its own, the key may be data: `by_owner.john_smith`.
        let is_named = path.last().is_some_and(|key| words(key).iter().any(|it| is_telling(it)));
        for (at, key) in path.iter().enumerate() {
            let words = words(key);
            // `data` is Italian for a date, but not around other fields.
            let is_last = at + 1 == path.len();
            let is_container = words.iter().all(|word| CONTAINERS.contains(&word.as_str()));
            let is_history = words.iter().any(|word| HISTORIES.contains(&singular(word)));
            name.is_in_history |= !is_last && is_history;
            if !is_last && (is_container || !is_named) {
                continue;
            }
            let words = words.iter().flat_map(|word| in_vocabulary(word)).take(MOST_WORDS);
            let words = words.collect::<Vec<_>>();
            if is_last {
                name.own.clone_from(&words);
            }
            name.all.extend(words);
        }
        name.all.sort_unstable();
        name.all.dedup();
        name
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.all.iter().any(|own| own == word)
    }

    fn has_all(&self, phrase: &str) -> bool {
        phrase.split(' ').all(|word| self.has(word))
    }

    fn telling(&self) -> impl Iterator<Item = &str> {
        telling(&self.all)
    }
}

fn telling(words: &[String]) -> impl Iterator<Item = &str> {
    words.iter().map(String::as_str).filter(|word| !JOINING.contains(word))
}

/// How strongly a name indicates a role with these documented names; `None` if it does not.
pub(super) fn weight(concept: &Concept, documented: &[Name], name: &Name) -> Option<i32> {
    if belongs_to_event(concept, name) {
        return None;
    }
    let is_same = |documented: &Name| {
        name.telling().eq(documented.telling()) && name.telling().next().is_some()
    };
    if documented.iter().any(is_same) {
        return Some(SAME_WORDS);
    }
    let said: Vec<&(&str, i32)> =
        concept.says.iter().filter(|(phrase, _)| name.has_all(phrase)).collect();
    // A longer phrase is more specific than its single words.
    let (best_phrase, best) =
        said.iter().max_by_key(|(phrase, weight)| (phrase.split(' ').count(), weight))?;
    let is_in_best = |word: &str| best_phrase.split(' ').any(|it| it == word);
    if words_against(concept, name).any(|word| !is_in_best(word)) {
        return None;
    }
    let is_said =
        |word: &str| said.iter().any(|(phrase, _)| phrase.split(' ').any(|it| it == word));
    let is_usual = |word: &str| concept.with.split(' ').any(|it| it == word);
    let caps = concept.caps.iter().filter(|(words, _)| words.split(' ').any(|it| name.has(it)));
    let best = caps.clone().fold(*best, |best, (_, cap)| best.min(*cap));
    let is_capped =
        |word: &str| caps.clone().any(|(words, _)| words.split(' ').any(|it| it == word));
    let is_other = |word: &&str| !is_said(word) && !is_usual(word) && !is_capped(word);
    let costs = name.telling().filter(is_other).map(|word| {
        let is_of_another =
            CONCEPTS.iter().any(|it| it.test == concept.test && it.is_said_by(word));
        match concept.test {
            _ if is_of_another => OTHER_ROLE,
            Test::Amount => OTHER_AMOUNT,
            _ => OTHER_WORD,
        }
    });
    let weight = best - costs.sum::<i32>();
    let is_only_around = telling(&name.own).any(|word| is_other(&word))
        && !best_phrase.split(' ').any(|word| name.own.iter().any(|own| own == word));
    match (is_only_around, concept.test) {
        (true, Test::Amount) => None,
        (true, _) => Some(weight - ONLY_AROUND),
        (false, _) => Some(weight),
    }
    .filter(|weight| *weight >= LEAST)
}

impl Concept {
    fn is_said_by(&self, word: &str) -> bool {
        self.says.iter().any(|(phrase, weight)| *phrase == word && *weight >= BY_ITSELF)
    }
}

/// Amounts and dates in a history belong to its events, not to the row.
fn belongs_to_event(concept: &Concept, name: &Name) -> bool {
    name.is_in_history && matches!(concept.test, Test::Amount | Test::Date)
}

/// Returns `true` if the name contains a word that excludes this role, or belongs to an event of the row.
pub(super) fn speaks_against(concept: &Concept, name: &Name) -> bool {
    belongs_to_event(concept, name) || words_against(concept, name).next().is_some()
}

fn words_against<'a>(concept: &'a Concept, name: &'a Name) -> impl Iterator<Item = &'a str> {
    let against = concept.against.iter().flat_map(|words| words.split(' '));
    // `status` in the name of a history excludes nothing: `status_transitions.paid_at`.
    let is_excused = |word: &str| {
        word == "status" && name.is_in_history && !name.own.iter().any(|own| own == word)
    };
    against.filter(move |word| name.has(word) && !is_excused(word))
}

static DICTIONARY: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let said = CONCEPTS.iter().flat_map(|concept| &concept.says);
    let own = said.flat_map(|(phrase, _)| phrase.split(' '));
    let own = own.chain(JOINING.iter().copied()).chain(TRANSLATED.iter().map(|(word, _)| *word));
    let translated = TRANSLATED.iter().flat_map(|(word, others)| {
        others.split(' ').filter(|other| !other.is_empty()).map(|other| (other, *word))
    });
    own.map(|word| (word, word)).chain(translated).collect()
});

fn in_vocabulary(word: &str) -> Vec<String> {
    let known = known(word).map(|known| vec![known]).or_else(|| parts(word, 2));
    known.map_or_else(
        || vec![singular(word).to_owned()],
        |known| known.into_iter().map(str::to_owned).collect(),
    )
}

/// The words of a name, translated to the vocabulary where possible.
pub fn meanings(name: &str) -> BTreeSet<String> {
    let meanings = words(name).iter().flat_map(|word| in_vocabulary(word)).collect::<Vec<_>>();
    meanings.into_iter().filter(|word| !JOINING.contains(&word.as_str())).collect()
}

/// Returns `true` if the vocabulary has a word, in any of its languages.
pub fn is_known_word(word: &str) -> bool {
    known(word).is_some() && !JOINING.contains(&word)
}

fn is_telling(word: &str) -> bool {
    is_known_word(word) || known(word).is_none() && parts(word, 2).is_some()
}

fn known(word: &str) -> Option<&'static str> {
    /// Endings of Spanish and German plurals: `acciones`, `Rechnungen`.
    const PLURALS: [&str; 3] = ["es", "en", "n"];
    const SHORTEST_STEM: usize = 5;
    let stems = PLURALS.iter().filter_map(|end| word.strip_suffix(end));
    let stems = stems.filter(|stem| stem.len() >= SHORTEST_STEM);
    let mut forms = [word, singular(word)].into_iter().chain(stems);
    let of_y = || Some(format!("{}y", word.strip_suffix("ies")?));
    forms.find_map(|form| DICTIONARY.get(form)).or_else(|| DICTIONARY.get(&*of_y()?)).copied()
}

fn singular(word: &str) -> &str {
    let is_plural = word.len() > 3 && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    word.strip_suffix('s').filter(|_| is_plural).unwrap_or(word)
}

/// Splits a compound into known words: `paymentdate`, `rechnungsnummer`.
fn parts(word: &str, most_cuts: usize) -> Option<Vec<&'static str>> {
    const SHORTEST: usize = 3;
    const LONGEST: usize = 40;
    if most_cuts == 0 || word.len() > LONGEST {
        return None;
    }
    (SHORTEST..word.len()).rev().find_map(|at| {
        let (head, tail) = word.split_at_checked(at)?;
        let head = known(head)?;
        [Some(tail), tail.strip_prefix('s')].into_iter().flatten().find_map(|tail| {
            let tail = known(tail).map(|tail| vec![tail]).or_else(|| parts(tail, most_cuts - 1))?;
            Some([vec![head], tail].concat())
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_word_of_another_language_says_one_thing() {
        let mut seen = BTreeSet::new();
        assert!(TRANSLATED.len() > 50);
        for (word, others) in TRANSLATED.iter() {
            for other in others.split_whitespace() {
                assert!(seen.insert(other), "{other}, of {word}, says something else too");
            }
        }
    }
}
