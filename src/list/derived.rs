//! Columns that are computed from a record: days overdue, why a payout is held up, the owner.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::domain::names::Names;
use crate::domain::normalize::is_same_word;
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::list::{Field, Kind, scheduled};

/// A computed column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// Its name and presentation; no field of the list has the same name.
    pub field: Field,
    pub rule: Rule,
    /// The field from which it is computed.
    pub(super) source: &'static str,
    /// Closed statuses. Unknown statuses count as open, so that no open row is missed.
    pub closed: &'static [&'static str],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The days since a date; only for rows that are not closed.
    Days,
    /// Why a payout is held up.
    Reason,
    /// The name of the booking's owner, from other lists.
    Owner,
}

impl Derived {
    pub const fn days_overdue(source: &'static str, closed: &'static [&'static str]) -> Self {
        let field = Field::new("days", "Overdue", Kind::Decimal).text_column(1, 8, 9);
        Self { field, rule: Rule::Days, source, closed }
    }

    /// Not a usual column: the status next to it says nearly the same.
    pub const fn reason() -> Self {
        let field = Field::new("hold_reason", "Reason", Kind::Text);
        Self { field, rule: Rule::Reason, source: "status", closed: &[] }
    }

    pub const fn owner(source: &'static str) -> Self {
        let field = Field::new("owner", "Owner", Kind::Text).text_column(1, 12, 24);
        Self { field, rule: Rule::Owner, source, closed: &[] }
    }

    /// The number by which it sorts: the days since an open row fell due (negative before that), or the
    /// urgency of a reason.
    pub fn value(&self, record: &Record, today: NaiveDate) -> Option<i64> {
        match self.rule {
            Rule::Days => {
                let due = record.date(self.source).filter(|_| !self.is_closed(record))?;
                Some(today.signed_duration_since(due).num_days())
            }
            Rule::Reason => i64::try_from(scheduled::reason(record)?).ok(),
            Rule::Owner => None,
        }
    }

    /// The text of its cell; owners are looked up in `names`.
    pub fn cell<'a>(&self, record: &Record, today: NaiveDate, names: &'a Names) -> Cow<'a, str> {
        match self.rule {
            Rule::Days => self.value(record, today).map(days_in_words).unwrap_or_default().into(),
            Rule::Reason => scheduled::reason(record).map_or("", scheduled::reason_in_words).into(),
            Rule::Owner => self.owner_of(record, names).map(Untrusted::shown).unwrap_or_default(),
        }
    }

    pub fn owner_of<'a>(&self, record: &Record, names: &'a Names) -> Option<&'a Untrusted> {
        names.get(record.reference(self.source)?).filter(|_| self.rule == Rule::Owner)
    }

    pub(super) fn is_closed(&self, record: &Record) -> bool {
        let is_among = |status| self.closed.iter().any(|closed| is_same_word(closed, status));
        record.status().is_some_and(is_among)
    }
}

/// `435 d`, `in 5 d`, `today`.
pub fn days_in_words(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1.. => format!("{days} d"),
        _ => format!("in {} d", days.unsigned_abs()),
    }
}
