//! The patterns of a field's values, and the roles that they fit.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};

use iban::BaseIban;

use crate::domain::date;
use crate::list::Kind;
use crate::list::roles::concept::Test;
use crate::list::roles::names::{Name, words};
use crate::list::roles::vocabulary::NO_MONEY;

/// How many values of a field are examined, and up to which length of texts.
const MOST_VALUES: usize = 32;
const LONGEST: usize = 512;
/// More distinct words than any enumeration has.
const MOST_WORDS: usize = 24;

/// How well values fit a role; 0 without values.
const POSSIBLE: u8 = 1;
pub(super) const TELLING: u8 = 2;
pub(super) const CERTAIN: u8 = 3;
pub(super) const SURE: u8 = 4;

/// Added by each grade to the weight of a name.
pub(super) fn weight(grade: u8) -> i32 {
    match grade {
        0 | POSSIBLE => 0,
        TELLING => 10,
        CERTAIN => 15,
        _ => 30,
    }
}

/// Counts of values by pattern; a value can match several.
#[derive(Default)]
pub(super) struct Profile<'a> {
    all: usize,
    /// Long texts by their start.
    distinct: HashSet<&'a [u8]>,
    integers: usize,
    /// Numbers with a fraction, also in texts.
    decimals: usize,
    /// Integers of at least three digits that are not years, like amounts in minor units.
    large: usize,
    smallest: i64,
    largest: i64,
    dates: usize,
    timestamps: usize,
    /// Texts with digits and few letters, like dates and amounts in other spellings.
    digit_texts: usize,
    links: usize,
    pdfs: usize,
    ibans: usize,
    currencies: usize,
    /// Without spaces and with a digit.
    codes: usize,
    /// Letters followed by digits: `BK123456`.
    references: usize,
    known_bookings: usize,
    uuids: usize,
    /// Two to five capitalized words without digits: `John Smith`.
    full_names: usize,
    /// With letters, and without a pattern above except a name.
    plain_texts: usize,
    has_digit: usize,
    snake_case: usize,
    /// The first distinct texts that match no more specific pattern.
    plain: Vec<String>,
    words: OnceCell<BTreeSet<String>>,
}

impl<'a> Profile<'a> {
    pub(super) fn read(values: &[&'a str], booking: Option<&str>) -> Self {
        let mut profile = Self { smallest: i64::MAX, largest: i64::MIN, ..Self::default() };
        for raw in values.iter().map(|raw| raw.trim()).take(MOST_VALUES) {
            profile.all += 1;
            let start = raw.as_bytes().get(..LONGEST).unwrap_or(raw.as_bytes());
            let is_first = profile.distinct.insert(start);
            match raw.bytes().next() {
                Some(b'"') if raw.len() > LONGEST => profile.plain_texts += 1,
                Some(b'"') => {
                    let text = serde_json::from_str::<String>(raw).unwrap_or_default();
                    let is_plain = profile.add_text(text.trim(), booking);
                    if is_plain && is_first && profile.plain.len() <= MOST_WORDS {
                        profile.plain.push(text);
                    }
                }
                Some(b'-' | b'0'..=b'9') if raw.len() <= LONGEST => {
                    profile.add_number(raw, booking);
                }
                _ => {}
            }
        }
        profile
    }

    fn add_number(&mut self, raw: &str, booking: Option<&str>) {
        if !is_integer(raw) {
            self.decimals += 1;
            return;
        }
        self.integers += 1;
        self.known_bookings += usize::from(booking == Some(raw));
        if let Ok(number) = raw.parse::<i64>() {
            self.smallest = self.smallest.min(number);
            self.largest = self.largest.max(number);
            let is_year = (1990..=2100).contains(&number);
            self.large += usize::from(number.unsigned_abs() >= 100 && !is_year);
        }
    }

    /// Returns `true` if it matches no pattern more specific than a text.
    fn add_text(&mut self, text: &str, booking: Option<&str>) -> bool {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        self.has_digit += usize::from(digits > 0);
        self.known_bookings += usize::from(booking == Some(text));
        if is_link(text) {
            self.links += 1;
            self.pdfs += usize::from(text.to_ascii_lowercase().ends_with(".pdf"));
        } else if date::parse(text).is_some() {
            self.dates += 1;
        } else if is_timestamp(text) {
            self.timestamps += 1;
        } else if is_decimal(text) {
            self.decimals += 1;
        } else if is_iban(text) {
            self.ibans += 1;
        } else {
            self.digit_texts += usize::from(digits > 0 && letters <= 3);
            self.currencies += usize::from(is_currency(text));
            let is_uuid = is_uuid(text);
            self.uuids += usize::from(is_uuid);
            let is_code = digits > 0 && !text.contains(char::is_whitespace);
            self.codes += usize::from(is_code);
            self.references += usize::from(is_reference(text) && !is_uuid);
            self.full_names += usize::from(digits == 0 && is_full_name(text));
            self.plain_texts += usize::from(letters > 0);
            self.snake_case += usize::from(is_snake_case(text));
            return true;
        }
        false
    }

    fn mostly(&self, count: usize) -> bool {
        count * 5 >= self.all * 4
    }

    fn often(&self, count: usize) -> bool {
        count * 2 >= self.all
    }

    fn are_all(&self, count: usize) -> bool {
        self.all > 0 && count == self.all
    }

    fn are_distinct(&self) -> bool {
        self.distinct.len() == self.all
    }

    /// How well the values fit; `None` if they do not, 0 without values.
    pub(super) fn grade(&self, test: Test, documented: &[&str]) -> Option<u8> {
        if self.all == 0 {
            return Some(0);
        }
        let possible = |count| self.often(count).then_some(POSSIBLE);
        let mostly = |count, grade| self.mostly(count).then_some(grade);
        let days = self.dates + self.timestamps;
        match test {
            Test::Booking => self.booking(),
            Test::Account => mostly(self.ibans, CERTAIN)
                .or_else(|| possible(self.ibans + self.codes + self.digit_texts + self.integers)),
            Test::Party => mostly(self.full_names, TELLING).or_else(|| possible(self.plain_texts)),
            Test::Amount => self.amount(),
            Test::Currency => mostly(self.currencies, CERTAIN)
                .or_else(|| possible(self.plain_texts.saturating_sub(self.has_digit))),
            Test::Date => mostly(self.dates, CERTAIN)
                .or_else(|| mostly(days, TELLING))
                .or_else(|| possible(days + self.digit_texts)),
            Test::Timestamp => mostly(self.timestamps, CERTAIN)
                .or_else(|| mostly(days, TELLING))
                .or_else(|| possible(days + self.digit_texts)),
            Test::Word => self.word(documented),
            Test::Number => mostly(self.codes, TELLING)
                .or_else(|| possible(self.codes + self.digit_texts + self.integers)),
            Test::Id => self.id(),
            Test::Rate => mostly(self.decimals, TELLING).or_else(|| possible(self.integers)),
            Test::View => mostly(self.links.saturating_sub(self.pdfs), CERTAIN)
                .or_else(|| mostly(self.links, TELLING)),
            Test::Download => mostly(self.pdfs, CERTAIN).or_else(|| mostly(self.links, POSSIBLE)),
            Test::Text => possible(self.plain_texts),
        }
    }

    fn booking(&self) -> Option<u8> {
        if self.known_bookings > 0 && self.known_bookings * 5 >= self.all {
            return Some(SURE);
        }
        let are_many = self.distinct.len() * 2 > self.all;
        if self.mostly(self.references) {
            return Some(if are_many { TELLING } else { POSSIBLE });
        }
        let is_possible = self.often(self.codes + self.integers + self.digit_texts);
        is_possible.then_some(POSSIBLE)
    }

    fn amount(&self) -> Option<u8> {
        if self.often(self.large) && self.mostly(self.integers) && !self.are_numbered() {
            return Some(CERTAIN);
        }
        self.often(self.integers + self.decimals + self.digit_texts).then_some(POSSIBLE)
    }

    /// Distinct integers close to each other, like ids.
    fn are_numbered(&self) -> bool {
        let span = self.largest.checked_sub(self.smallest).unwrap_or(i64::MAX);
        let most = i64::try_from(self.all * 10).unwrap_or(i64::MAX);
        self.all > 1 && self.are_distinct() && span < most
    }

    /// Integers as small as numbers of guests and nights, too small for amounts in minor units.
    fn are_counts(&self) -> bool {
        self.decimals == 0 && self.largest < 100 && self.smallest > -100
    }

    /// Texts as words joined by `_`: `Missing IBAN` as `missing_iban`.
    fn words(&self) -> &BTreeSet<String> {
        self.words.get_or_init(|| self.plain.iter().map(|text| words(text).join("_")).collect())
    }

    fn word(&self, documented: &[&str]) -> Option<u8> {
        let are_texts = self.mostly(self.plain_texts) && !self.plain.is_empty();
        let are_different = self.all >= 10 && self.are_distinct();
        if !are_texts || are_different || self.often(self.uuids) {
            return None;
        }
        if self.plain.len() > MOST_WORDS {
            return Some(POSSIBLE);
        }
        let known: Vec<String> = documented.iter().map(|word| words(word).join("_")).collect();
        let found = self.words().iter().filter(|word| known.contains(word)).count();
        Some(match self.words().len() {
            all if found == all => CERTAIN,
            all if found * 5 >= all * 4 => TELLING,
            _ => POSSIBLE,
        })
    }

    fn id(&self) -> Option<u8> {
        if !self.are_distinct() || !self.mostly(self.codes + self.integers + self.digit_texts) {
            return None;
        }
        Some(if self.mostly(self.uuids) { CERTAIN } else { POSSIBLE })
    }

    pub(super) fn kind(&self, name: &Name) -> Kind {
        let is_amount = ["amount", "cent"].iter().any(|word| name.has(word))
            && !NO_MONEY.split(' ').any(|word| name.has(word));
        let are_numbers = self.are_all(self.integers + self.decimals);
        let days = self.dates + self.timestamps;
        if self.are_all(self.dates) {
            Kind::Date
        } else if self.are_all(days) {
            Kind::Timestamp
        } else if self.are_all(self.links) {
            Kind::Link
        } else if are_numbers && is_amount && !self.are_counts() {
            if name.has("eur") { Kind::MinorEur } else { Kind::Minor }
        } else if self.are_all(self.integers) {
            Kind::Whole
        } else if are_numbers {
            Kind::Decimal
        } else if self.are_all(self.currencies) {
            Kind::Currency
        } else if self.are_all(self.snake_case) && self.plain.len() <= MOST_WORDS / 2 {
            Kind::Word(&[])
        } else {
            Kind::Text
        }
    }
}

type Look = (&'static str, fn(&str) -> bool);

/// The first match counts.
static LOOKS: [Look; 13] = [
    ("empty", str::is_empty),
    ("URL", is_link),
    ("date", |text| date::parse(text).is_some()),
    ("timestamp", is_timestamp),
    ("digits", is_integer),
    ("decimal", is_decimal),
    ("IBAN", is_iban),
    ("currency code", is_currency),
    ("UUID", is_uuid),
    ("e-mail", |text| text.contains('@') && !text.contains(char::is_whitespace)),
    ("reference", is_reference),
    ("word", |text| text.chars().all(|c| c.is_alphabetic() || c == '_')),
    ("code", |text| !text.contains(char::is_whitespace)),
];

/// The kind of a text, in words that reveal nothing of it.
pub fn look(text: &str) -> &'static str {
    LOOKS.iter().find(|(_, is_so)| is_so(text.trim())).map_or("text", |(look, _)| look)
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(text: &str) -> bool {
    text.split_once('.').is_some_and(|(whole, fraction)| {
        is_integer(whole) && !fraction.starts_with('-') && is_integer(fraction)
    })
}

/// Letters, then digits.
fn is_reference(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    digits.len() >= 3 && digits.len() < text.len() && !digits.starts_with('-') && is_integer(digits)
}

/// A date and a time, separated by a `T` or a space.
fn is_timestamp(text: &str) -> bool {
    let Some((day, time)) = text.split_at_checked(10) else { return false };
    let digits = time.strip_prefix(['T', ' ']).unwrap_or_default();
    date::parse(day).is_some() && digits.starts_with(|c: char| c.is_ascii_digit())
}

fn is_link(text: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme))
}

fn is_iban(text: &str) -> bool {
    if text.len() < 15 {
        return false;
    }
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (15..=34).contains(&plain.len()) && plain.parse::<BaseIban>().is_ok()
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && iso_currency::Currency::from_code(&text.to_ascii_uppercase()).is_some()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_full_name(text: &str) -> bool {
    let is_capitalized = |word: &str| word.starts_with(char::is_uppercase);
    (2..=5).contains(&text.split_whitespace().count())
        && text.split_whitespace().all(is_capitalized)
}

fn is_snake_case(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.split('_').all(is_word)
}
