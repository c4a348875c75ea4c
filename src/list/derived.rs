//! Columns that are not in a row but follow from it and the day, such as how long it is overdue.

use chrono::NaiveDate;

use crate::list::record::Record;
use crate::list::{Field, Kind};

/// The days since a date, as long as the status of the row is not a closed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// How it is named and shown; no field of the list has its name.
    pub field: Field,
    due: &'static str,
    /// The statuses after which nothing is due any more. A status that the contract does not know
    /// counts as open: better one row too many.
    pub closed: &'static [&'static str],
}

impl Derived {
    /// The column `days`: how long the date `due` is past.
    pub const fn days_overdue(due: &'static str, closed: &'static [&'static str]) -> Self {
        Self { field: Field::new("days", "Days", Kind::Decimal).text_column(2, 7, 7), due, closed }
    }

    /// `None` where it does not apply on the day `today`.
    pub fn value(&self, record: &Record, today: NaiveDate) -> Option<i64> {
        let days = today.signed_duration_since(record.date(self.due)?).num_days();
        (days > 0 && !self.is_closed(record)).then_some(days)
    }

    fn is_closed(&self, record: &Record) -> bool {
        record.status().is_some_and(|status| self.closed.contains(&status))
    }
}

impl Record {
    pub fn status(&self) -> Option<&str> {
        self.text("status").map(|status| status.expose_raw().trim())
    }

    /// Whether money of it is still to come, by the statuses of its list.
    pub fn is_open(&self) -> bool {
        !self.spec().derived.iter().any(|derived| derived.is_closed(self))
    }

    /// The days since an open row fell due; `None` if it is not overdue on `day`.
    pub fn days_overdue(&self, day: NaiveDate) -> Option<i64> {
        self.spec().derived.iter().find_map(|derived| derived.value(self, day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::ALL;
    use crate::list::Spec;

    fn days(list: &str, row: &str) -> Option<i64> {
        let spec = Spec::named(list).unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        spec.derived[0].value(&Record::read(spec, row), today)
    }

    #[test]
    fn only_what_is_open_and_past_its_day_is_overdue() {
        let table = [
            ("penalties", r#"{"due_date":"2026-02-28","status":"notify"}"#, Some(1)),
            ("penalties", r#"{"due_date":"2024-02-28","status":"pending"}"#, Some(732)),
            ("penalties", r#"{"due_date":"2026-03-01","status":"notify"}"#, None),
            ("penalties", r#"{"due_date":"2026-03-02","status":"notify"}"#, None),
            ("penalties", r#"{"due_date":"2026-02-28","status":"waived"}"#, None),
            ("penalties", r#"{"due_date":null,"status":"notify"}"#, None),
            ("penalties", r#"{"due_date":"soon","status":"notify"}"#, None),
            ("debt", r#"{"due_date":"2026-02-01","status":"overdue"}"#, Some(28)),
            ("debt", r#"{"due_date":"2026-02-01","status":"written_off"}"#, None),
            ("debt", r#"{"due_date":"2026-02-01","status":"brand_new"}"#, Some(28)),
            ("scheduled", r#"{"due_date":"2026-02-01","status":"blocked"}"#, Some(28)),
            ("scheduled", r#"{"due_date":"2026-02-01"}"#, Some(28)),
        ];
        for (list, row, expected) in table {
            assert_eq!(days(list, row), expected, "{list} {row}");
        }
    }

    #[test]
    fn derived_columns_name_fields_and_statuses_that_exist_and_shadow_none() {
        for spec in ALL {
            for derived in spec.derived {
                assert_eq!(spec.position(derived.field.name), None, "{}", spec.key);
                assert!(spec.position(derived.due).is_some());
                let status = spec.fields[spec.position("status").unwrap()];
                let crate::list::Kind::Word(known) = status.kind else { panic!("no word") };
                assert!(derived.closed.iter().all(|status| known.contains(status)), "{}", spec.key);
            }
        }
    }
}
