//! The one place that reads a clock.

use std::time::Instant;

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, Utc};

use crate::tui::msg::Now;

/// Counts from its making.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Milliseconds since the start, and the wall clock in the user's zone.
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn now(&self) -> Now {
        let elapsed = u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX);
        Now { elapsed, local: Local::now().naive_local() }
    }

    /// Milliseconds since 1970 UTC: no change of the clocks turns them back.
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn instant(&self) -> i64 {
        Utc::now().timestamp_millis()
    }

    /// Seconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn seconds() -> i64 {
        Local::now().timestamp()
    }

    /// Today in the user's zone.
    pub fn today(&self) -> NaiveDate {
        self.now().local.date()
    }
}

/// What the wall clock in the user's zone showed at an [`Clock::instant`].
pub fn local(instant: i64) -> Option<NaiveDateTime> {
    Some(DateTime::from_timestamp_millis(instant)?.with_timezone(&Local).naive_local())
}
