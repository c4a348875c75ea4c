//! What to search for: a typed text, and its meaning as an amount, a date or an account number.

use chrono::NaiveDate;
use memchr::{memmem, memrchr};

use crate::domain::normalize::normalize_into;
use crate::domain::typed::{TypedAmount, day_month_year, iban_part, iban_run};

/// Separates cells. A needle never contains it, so that no match spans two cells.
pub(super) const END_OF_CELL: u8 = 0x1F;
/// Begins the cell of an account number without gaps. A needle never contains it.
pub(super) const ACCOUNT: u8 = 0x1E;

/// What a row must contain: the typed text, or its meaning as an amount, a date or an account
/// number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needle(Vec<Sought>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sought {
    pub(super) text: String,
    /// `true` if only account numbers are searched for it.
    is_of_account: bool,
}

impl Sought {
    /// Returns `true` if the match at this position in `cells` counts.
    pub(super) fn is_at(&self, at: usize, cells: &[u8]) -> bool {
        let before = cells.get(..at).unwrap_or_default();
        let first = || memrchr(END_OF_CELL, before).map_or(0, |end| end + 1);
        !self.is_of_account || cells.get(first()) == Some(&ACCOUNT)
    }

    fn is_in(&self, row: &[u8]) -> bool {
        memmem::find_iter(row, self.text.as_bytes()).any(|at| self.is_at(at, row))
    }
}

impl Needle {
    /// Outer white space is ignored, and `_` is a space, as in statuses on the screen.
    pub fn new(typed: &str) -> Self {
        let mut folded = String::with_capacity(typed.len());
        normalize_into(&mut folded, typed.trim());
        let text: String = folded.replace('_', " ").chars().filter(|c| !c.is_control()).collect();
        if text.is_empty() {
            return Self::default();
        }
        let account = account(&text).map(|text| Sought { text, is_of_account: true });
        let meant = amounts(&text).into_iter().chain(day(&text)).filter(|meant| *meant != text);
        let meant: Vec<String> = meant.collect();
        let anywhere = |text| Sought { text, is_of_account: false };
        Self([text].into_iter().chain(meant).map(anywhere).chain(account).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A row matches if it contains one of them.
    pub(super) fn texts(&self) -> &[Sought] {
        &self.0
    }

    pub(super) fn is_in(&self, row: &[u8]) -> bool {
        self.0.iter().any(|text| text.is_in(row))
    }
}

/// The spellings of an amount in cells. With a currency, the start of the amount with either sign.
fn amounts(text: &str) -> Vec<String> {
    let open = text.strip_suffix(['.', ',']);
    let Some(amount) = TypedAmount::read(open.unwrap_or(text)) else { return Vec::new() };
    let (currency, is_in_doubt) = (amount.currency, amount.is_in_doubt);
    let thousands = is_in_doubt.then(|| amount.as_thousands());
    let readings = thousands.into_iter().chain([amount]);
    if let Some(currency) = currency {
        let signs = |amount: TypedAmount| {
            let negative = TypedAmount { is_negative: true, ..amount.clone() };
            [amount, negative]
        };
        return readings.flat_map(signs).map(|it| format!("{currency}{}", it.grouped())).collect();
    }
    let is_plain = |c: char| c.is_ascii_digit() || c == '.';
    let is_ordinary = text.chars().all(is_plain) && text.matches('.').count() < 2;
    let mark = if open.is_some() { "." } else { "" };
    let mut all: Vec<String> = readings.map(|amount| amount.grouped() + mark).collect();
    if is_ordinary {
        // The typed text finds it, except the thousands in `1.234`.
        all.truncate(usize::from(is_in_doubt));
    }
    all
}

/// A date typed with the day before the month.
fn day(text: &str) -> Option<String> {
    let [day, month, year] = day_month_year(text)?.map(|digits| digits.parse::<u32>().ok());
    let year = i32::try_from(year?).ok().filter(|year| *year > 99)?;
    Some(NaiveDate::from_ymd_opt(year, month?, day?)?.to_string())
}

/// A part of an account number typed with gaps. Without gaps, the typed text finds it.
fn account(text: &str) -> Option<String> {
    let part = iban_part(text).or_else(|| iban_run(text));
    Some(part.filter(|part| part.len() < text.len())?.to_ascii_lowercase())
}
