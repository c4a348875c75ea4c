//! How urgent a status or a day is: the meaning that a color adds to the word.

use chrono::NaiveDate;

use crate::list::record::Record;
use crate::list::{FIRST_DERIVED, Kind, Rule};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Overdue for more than 90 days.
    VeryLate,
    /// Overdue, blocked, incomplete.
    Late,
    Open,
    Done,
    NotDue,
    /// The status is unknown.
    Unknown,
}

/// The first words of statuses.
const BEGINNINGS: [&str; 2] = ["blocked", "missing"];
/// Statuses in the spelling that [`word`] returns.
const WORDS: [(&str, Urgency); 8] = [
    ("overdue", Urgency::Late),
    ("failed", Urgency::Late),
    ("pending", Urgency::Open),
    ("notify", Urgency::Open),
    ("delayed", Urgency::Open),
    ("has debt", Urgency::Open),
    ("paid", Urgency::Done),
    ("completed", Urgency::Done),
];

/// A row with more days overdue is late, or very late.
const LATE: i64 = 60;
const VERY_LATE: i64 = 90;

/// The urgency of a status, in any spelling.
pub fn of_status(status: &str) -> Urgency {
    let status = word(status);
    let first = status.split(' ').next().unwrap_or_default();
    if BEGINNINGS.contains(&first) {
        return Urgency::Late;
    }
    WORDS.iter().find(|(word, _)| *word == status).map_or(Urgency::Unknown, |(_, it)| *it)
}

/// Returns `true` for a closed row in a list that distinguishes open and closed rows.
pub fn is_closed(record: &Record) -> bool {
    record.spec().has_closed_rows() && !record.is_open()
}

/// The urgency of a cell of an open row: only statuses and days overdue have one.
pub fn of_cell(record: &Record, position: usize, day: NaiveDate) -> Option<Urgency> {
    let spec = record.spec();
    let derived = position.checked_sub(FIRST_DERIVED).and_then(|at| spec.derived.get(at));
    match spec.fields.get(position) {
        Some(field) if field.name == "status" && matches!(field.kind, Kind::Word(_)) => {
            record.status().map(of_status)
        }
        None if derived.is_some_and(|it| it.rule == Rule::Days) => {
            record.days_late(day).map(of_days)
        }
        _ => None,
    }
}

/// The urgency of a number of days since the due date, negative before it.
pub fn of_days(days: i64) -> Urgency {
    match days {
        days if days <= 0 => Urgency::NotDue,
        days if days <= LATE => Urgency::Open,
        days if days <= VERY_LATE => Urgency::Late,
        _ => Urgency::VeryLate,
    }
}

fn word(status: &str) -> String {
    let parts = status.split(|letter: char| !letter.is_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;

    #[test]
    fn a_status_has_an_urgency_in_any_spelling_and_an_unknown_one_has_none() {
        for (status, urgency) in [
            ("overdue", Urgency::Late),
            ("BLOCKED", Urgency::Late),
            ("blocked_missing_iban", Urgency::Late),
            ("Missing details", Urgency::Late),
            ("pending", Urgency::Open),
            ("notify", Urgency::Open),
            ("has_debt", Urgency::Open),
            ("Has-Debt", Urgency::Open),
            ("paid", Urgency::Done),
            ("upcoming", Urgency::Unknown),
            ("paid_back", Urgency::Unknown),
            ("overdue_paid", Urgency::Unknown),
            ("", Urgency::Unknown),
            ("🏠", Urgency::Unknown),
        ] {
            assert_eq!(of_status(status), urgency, "{status}");
        }
    }

    #[test]
    fn days_are_late_by_their_number() {
        for (days, urgency) in [
            (i64::MIN, Urgency::NotDue),
            (0, Urgency::NotDue),
            (1, Urgency::Open),
            (60, Urgency::Open),
            (61, Urgency::Late),
            (90, Urgency::Late),
            (91, Urgency::VeryLate),
        ] {
            assert_eq!(of_days(days), urgency, "{days}");
        }
    }

    #[test]
    fn only_cells_of_the_status_and_of_the_days_have_one() {
        let spec = Spec::named("debt").unwrap();
        let day = "2026-11-20".parse().unwrap();
        let row = |json: &str| Record::read(spec, json);
        let late = row(r#"{"status":"overdue","due_date":"2026-01-01","amount":5}"#);
        let of =
            |record: &Record, name: &str| of_cell(record, spec.column_position(name).unwrap(), day);
        assert_eq!(of(&late, "status"), Some(Urgency::Late));
        assert_eq!(of(&late, "days"), Some(Urgency::VeryLate));
        assert_eq!((of(&late, "amount"), is_closed(&late)), (None, false));
        assert!(is_closed(&row(r#"{"status":"written off"}"#)));
        assert!(!is_closed(&row(r#"{"status":"a new word"}"#)), "it may be open");
    }
}
