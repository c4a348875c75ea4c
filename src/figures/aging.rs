//! Buckets of days overdue. Only civil days are compared, so no time zone can shift a due date.

use chrono::NaiveDate;

use crate::list::record::Record;

/// A range of days overdue; in the order of the aging matrix.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray,
)]
pub enum Bucket {
    #[strum(to_string = "not due")]
    NotDue,
    #[strum(to_string = "1-30 d")]
    To30,
    #[strum(to_string = "31-60 d")]
    To60,
    #[strum(to_string = "61-90 d")]
    To90,
    #[strum(to_string = "over 90 d")]
    Over90,
    /// Without a valid due date: never overdue.
    #[strum(to_string = "no date")]
    NoDate,
}

impl Bucket {
    /// The bucket of a record on `day`; `None` if the record is closed.
    pub fn of(record: &Record, day: NaiveDate) -> Option<Self> {
        record.is_open().then(|| Self::on(record.date("due_date"), day))
    }

    /// The bucket of an open record that is due on `due`, on `day`.
    pub fn on(due: Option<NaiveDate>, day: NaiveDate) -> Self {
        match due.map(|due| day.signed_duration_since(due).num_days()) {
            None => Self::NoDate,
            Some(..=0) => Self::NotDue,
            Some(1..=30) => Self::To30,
            Some(31..=60) => Self::To60,
            Some(61..=90) => Self::To90,
            Some(91..) => Self::Over90,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;
    use chrono::{DateTime, FixedOffset};

    fn penalty(due: &str, status: &str) -> Record {
        let spec = Spec::named("penalties").unwrap();
        Record::read(spec, &format!(r#"{{"id":"p","due_date":{due},"status":"{status}"}}"#))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn ages_are_counted_in_civil_days_over_month_ends_leap_years_and_clock_changes() {
        use Bucket::{NoDate, NotDue, Over90, To30, To60, To90};
        let table = [
            ("2026-11-20", "2026-11-20", NotDue, None),
            ("2026-11-20", "2026-11-21", To30, Some(1)),
            ("2026-11-20", "2026-11-19", NotDue, None),
            ("2026-01-31", "2026-02-28", To30, Some(28)),
            ("2026-01-31", "2026-03-02", To30, Some(30)),
            ("2026-01-31", "2026-03-03", To60, Some(31)),
            ("2024-01-31", "2024-03-01", To30, Some(30)),
            ("2024-02-28", "2024-02-29", To30, Some(1)),
            ("2024-02-29", "2025-02-28", Over90, Some(365)),
            ("2026-12-31", "2027-01-01", To30, Some(1)),
            // The nights on which clocks change in Europe and America.
            ("2026-03-28", "2026-03-29", To30, Some(1)),
            ("2026-03-28", "2026-03-30", To30, Some(2)),
            ("2026-10-24", "2026-10-25", To30, Some(1)),
            ("2026-10-24", "2026-10-26", To30, Some(2)),
            ("2026-11-01", "2026-11-02", To30, Some(1)),
            ("2026-09-21", "2026-11-20", To60, Some(60)),
            ("2026-09-20", "2026-11-20", To90, Some(61)),
            ("2026-08-22", "2026-11-20", To90, Some(90)),
            ("2026-08-21", "2026-11-20", Over90, Some(91)),
            ("0001-01-01", "2026-11-20", Over90, Some(739_939)),
        ];
        for (due, on, bucket, days) in table {
            let record = penalty(&format!("\"{due}\""), "notify");
            assert_eq!(Bucket::of(&record, day(on)), Some(bucket), "{due} on {on}");
            assert_eq!(record.days_overdue(day(on)), days, "{due} on {on}");
        }
        for odd in ["null", "\"\"", "\"soon\"", "\"2026-02-30\"", "20260101", "[]"] {
            let record = penalty(odd, "notify");
            assert_eq!(Bucket::of(&record, day("2099-01-01")), Some(NoDate), "{odd}");
            assert_eq!(record.days_overdue(day("2099-01-01")), None, "{odd}");
        }
    }

    #[test]
    fn the_day_is_the_one_on_the_users_wall_and_the_due_date_has_no_zone() {
        // One moment: the 20th in Kiritimati and Madrid, still the 19th in Honolulu.
        let moment = DateTime::parse_from_rfc3339("2026-11-20T09:30:00Z").unwrap();
        let record = penalty("\"2026-11-19\"", "notify");
        let in_zone = |hours: i32| {
            let zone = FixedOffset::east_opt(hours * 3_600).unwrap();
            record.days_overdue(moment.with_timezone(&zone).date_naive())
        };
        assert_eq!([14, 1, 0, -10].map(in_zone), [Some(1), Some(1), Some(1), None]);
    }

    #[test]
    fn what_is_paid_waived_or_settled_has_no_age_and_an_unknown_status_has_one() {
        for status in Spec::named("penalties").unwrap().derived[0].closed {
            let record = penalty("\"2020-01-01\"", status);
            assert_eq!(Bucket::of(&record, day("2026-11-20")), None);
            assert_eq!(record.days_overdue(day("2026-11-20")), None);
        }
        let record = penalty("\"2026-11-19\"", "brand_new");
        assert_eq!(Bucket::of(&record, day("2026-11-20")), Some(Bucket::To30));
    }
}
