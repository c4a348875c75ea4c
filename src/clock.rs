//! The only module that reads a clock.

use std::time::Instant;

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime};

/// The time at which an event is handled; the app does not read a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Now {
    /// Milliseconds since the program started; monotonic.
    pub elapsed: u64,
    /// The wall clock in the user's time zone.
    pub local: NaiveDateTime,
    /// Milliseconds since 1970 UTC.
    pub utc: i64,
}

#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn now(&self) -> Now {
        let elapsed = u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX);
        let now = Local::now();
        Now { elapsed, local: now.naive_local(), utc: now.timestamp_millis() }
    }

    pub fn today(&self) -> NaiveDate {
        self.now().local.date()
    }
}

/// The wall clock in the user's time zone at `utc`, in milliseconds since 1970 UTC.
pub fn local(utc: i64) -> Option<NaiveDateTime> {
    Some(DateTime::from_timestamp_millis(utc)?.with_timezone(&Local).naive_local())
}
