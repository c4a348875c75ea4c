//! The spellings of a time that the two APIs use.

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::domain::text::Untrusted;

/// UTC unless it has an offset: `2018-05-30T14:37:23+982300` (six digits are microseconds),
/// `2017-05-18T09:55:06.000Z`, `2018-02-09T15:13:42+0000`, `2019-10-10 12:00:00`.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Some((seconds, micros)) = text.rsplit_once('+')
        && micros.len() == 6
        && micros.bytes().all(|byte| byte.is_ascii_digit())
    {
        return bare(&format!("{seconds}.{micros}"), "T");
    }
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    let zoned = zoned.ok().map(|at| at.to_utc());
    zoned.or_else(|| bare(text, "T")).or_else(|| bare(text, " "))
}

fn bare(text: &str, between: &str) -> Option<DateTime<Utc>> {
    let format = format!("%Y-%m-%d{between}%H:%M:%S%.f");
    NaiveDateTime::parse_from_str(text, &format).ok().map(|at| at.and_utc())
}

/// A time in UTC to the second; unchanged if its format is unknown.
pub fn shown(text: &Untrusted) -> String {
    formatted(text, "%Y-%m-%d %H:%M:%SZ")
}

/// A time in UTC with all of its digits, for data.
pub fn exact(text: &Untrusted) -> String {
    formatted(text, "%Y-%m-%d %H:%M:%S%.fZ")
}

fn formatted(text: &Untrusted, format: &str) -> String {
    match parse(text.expose_raw()) {
        Some(at) => at.format(format).to_string(),
        None => text.shown().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_the_documents_is_read() {
        let table = [
            ("2018-05-30T14:37:23+982300", "2018-05-30T14:37:23.982300+00:00"),
            ("2017-05-18T09:55:06.000Z", "2017-05-18T09:55:06+00:00"),
            ("2018-02-09T15:13:42+0000", "2018-02-09T15:13:42+00:00"),
            ("2024-05-24T14:21:10+00:00", "2024-05-24T14:21:10+00:00"),
            ("2024-05-24T14:21:10+02:00", "2024-05-24T12:21:10+00:00"),
            ("2019-10-10 12:00:00", "2019-10-10T12:00:00+00:00"),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).map(|at| at.to_rfc3339()).as_deref(), Some(expected), "{text}");
        }
        let micros = Untrusted::new("2018-05-30T14:37:23+982300");
        assert_eq!(shown(&micros), "2018-05-30 14:37:23Z");
        assert_eq!(exact(&micros), "2018-05-30 14:37:23.982300Z");
        assert_eq!(exact(&Untrusted::new("2017-05-18T09:55:06.000Z")), "2017-05-18 09:55:06Z");
    }

    #[test]
    fn what_is_no_time_is_shown_as_it_came() {
        for odd in ["", "yesterday", "2018-13-30T14:37:23+982300", "2018-05-30T14:37:23+98230x"] {
            assert_eq!(parse(odd), None, "{odd}");
            assert_eq!(shown(&Untrusted::new(odd)), odd);
        }
        assert_eq!(shown(&Untrusted::new("a\u{1b}[31m")), "a\u{fffd}[31m");
    }
}
