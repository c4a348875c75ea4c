//! A day as it is typed behind a command: `2026-10-31`, `today`, `-30d`.

use chrono::NaiveDate;

use crate::domain::date;
use crate::filter::setting::{Setting, Target};
use crate::filter::{Fault, Filter};

/// Reads a day as the parameters of lists do; it is never sent.
static DAY: Filter = Filter::date("asof", "As of", &[]);

pub(super) fn setting(typed: &str) -> Result<Setting, Fault> {
    Setting::new(Target::Param(&DAY), typed)
}

/// The day that is meant, seen from `today`; nothing where nothing was typed.
pub fn as_of_day(typed: &str, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let why = |fault: Fault| format!("{typed} is no day: {}.", fault.why);
    let resolved = setting(typed).and_then(|setting| setting.resolve(today)).map_err(why)?;
    Ok(resolved.first().and_then(|(_, day)| date::parse(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_absolute_or_seen_from_today() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let table = [
            ("", None),
            ("2026-10-31", Some("2026-10-31")),
            ("-20d", Some("2026-10-31")),
            ("today", Some("2026-11-20")),
            ("yesterday", Some("2026-11-19")),
        ];
        for (typed, day) in table {
            let read = as_of_day(typed, today).unwrap().map(|day| day.to_string());
            assert_eq!(read.as_deref(), day, "{typed}");
        }
        assert!(as_of_day("2026-02-30", today).is_err());
        assert!(as_of_day("soon", today).is_err());
    }
}
