//! The gate that a 429 closes for every request of the customer, and how it opens again.
//!
//! Times are milliseconds since the start, on a clock that never runs backwards.

use crate::net::error::Limited;

/// Seconds to wait where the server does not say for how long, or says something absurd.
const UNSAID: u64 = 60;
/// Seconds of an hour's window that are waited for; for a longer time nothing resumes by itself.
const LONGEST_WAIT: u64 = 15 * 60;
/// Milliseconds of jitter at most, so that colleagues' programs do not return together.
const JITTER: u64 = 1_000;

/// The length of a window of the plan (contract, "Limits").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 31 days at most.
    Month,
    /// A window that the contract does not know.
    Other,
}

impl Span {
    /// Reads the name of a window.
    pub fn of(name: &str) -> Self {
        match name {
            "minute" => Self::Minute,
            "hour" => Self::Hour,
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            _ => Self::Other,
        }
    }

    /// Its name after a figure, as in `120 requests a minute`; nothing for an unknown one.
    pub fn per(self) -> &'static str {
        match self {
            Self::Minute => " a minute",
            Self::Hour => " an hour",
            Self::Day => " a day",
            Self::Week => " a week",
            Self::Month => " a month",
            Self::Other => "",
        }
    }

    /// Its length in seconds; a longer time until its reset is absurd.
    pub fn seconds(self) -> u64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Week => 7 * 86_400,
            Self::Month | Self::Other => 31 * 86_400,
        }
    }

    /// Whether requests wait out a full window of this span by themselves (reliability, "Retry"):
    /// a minute always, an hour only if it ends soon, anything longer not.
    pub fn resumes(self, wait_ms: u64) -> bool {
        match self {
            Self::Minute => true,
            Self::Hour | Self::Other => wait_ms <= LONGEST_WAIT * 1_000 + JITTER,
            Self::Day | Self::Week | Self::Month => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    Free,
    /// One request, and then nothing until it has ended.
    Probe,
    /// Nothing until the probe has ended.
    Busy,
    /// Nothing until this time, and then again by itself.
    Until(u64),
    /// Nothing until this time, which is too far away to let anybody wait for it.
    Spent(Span, u64),
}

/// Whether the server's limit lets requests through.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gate {
    closed: Option<Closed>,
}

#[derive(Debug, Clone, Copy)]
struct Closed {
    span: Span,
    until: u64,
    resumes: bool,
    is_probing: bool,
}

impl Gate {
    /// A 429 came; `random` chooses the jitter.
    pub fn limited(&mut self, said: &Limited, now: u64, random: u64) {
        let span = said.span.unwrap_or(Span::Other);
        let wait = seconds_to_wait(said) * 1_000 + random % (JITTER + 1);
        let until = now.saturating_add(wait);
        if let Some(closed) = self.closed
            && closed.until > until
        {
            self.closed = Some(Closed { is_probing: false, ..closed });
            return;
        }
        self.closed = Some(Closed { span, until, resumes: span.resumes(wait), is_probing: false });
    }

    pub fn passage(&self, now: u64) -> Passage {
        match self.closed {
            None => Passage::Free,
            Some(closed) if now < closed.until && closed.resumes => Passage::Until(closed.until),
            Some(closed) if now < closed.until => Passage::Spent(closed.span, closed.until),
            Some(closed) if closed.is_probing => Passage::Busy,
            Some(_) => Passage::Probe,
        }
    }

    pub fn probe_left(&mut self) {
        self.set_probing(true);
    }

    /// The probe was answered with anything but a 429: the gate opens.
    pub fn probe_answered(&mut self) {
        // A 429 to another request may have closed it again in the meantime.
        if self.closed.is_some_and(|closed| closed.is_probing) {
            self.closed = None;
        }
    }

    /// The probe got no answer, or nobody wants it any more: another one may leave.
    pub fn probe_lost(&mut self) {
        self.set_probing(false);
    }

    fn set_probing(&mut self, is_probing: bool) {
        if let Some(closed) = &mut self.closed {
            closed.is_probing = is_probing;
        }
    }
}

/// `resets_in_seconds`, else `Retry-After`, else a minute; each only if it can be true.
fn seconds_to_wait(said: &Limited) -> u64 {
    let longest = said.span.unwrap_or(Span::Other).seconds();
    [said.resets_in, said.retry_after]
        .into_iter()
        .flatten()
        .find(|seconds| *seconds <= longest)
        .unwrap_or(UNSAID)
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(span: Option<Span>, resets_in: Option<u64>, retry_after: Option<u64>) -> Limited {
        Limited { span, limit: None, resets_in, retry_after, said_at: None }
    }

    #[test]
    fn it_waits_as_long_as_the_server_says_where_that_can_be_true() {
        use Span::{Hour, Minute, Month};
        let table = [
            (said(Some(Minute), Some(31), Some(5)), 31),
            (said(Some(Minute), Some(0), None), 1),
            (said(Some(Minute), None, Some(5)), 5),
            (said(Some(Minute), Some(86_400), Some(5)), 5),
            (said(Some(Minute), Some(86_400), Some(86_400)), 60),
            (said(Some(Minute), Some(u64::MAX), None), 60),
            (said(Some(Hour), Some(3_600), None), 3_600),
            (said(Some(Month), Some(u64::MAX), Some(u64::MAX)), 60),
            (said(None, None, None), 60),
            (said(None, Some(40), None), 40),
        ];
        for (limited, expected) in table {
            assert_eq!(seconds_to_wait(&limited), expected, "{limited:?}");
        }
    }

    #[test]
    fn a_minute_resumes_an_hour_only_soon_and_longer_windows_not() {
        let table = [
            (Some(Span::Minute), 60, true),
            (Some(Span::Hour), 900, true),
            (Some(Span::Hour), 902, false),
            (Some(Span::Day), 10, false),
            (Some(Span::Week), 10, false),
            (Some(Span::Month), 10, false),
            (None, 60, true),
            (None, 7_200, false),
        ];
        for (span, seconds, resumes) in table {
            let mut gate = Gate::default();
            gate.limited(&said(span, Some(seconds), None), 1_000, 0);
            let until = 1_000 + seconds * 1_000;
            let expected = if resumes {
                Passage::Until(until)
            } else {
                Passage::Spent(span.unwrap_or(Span::Other), until)
            };
            assert_eq!(gate.passage(1_000), expected, "{span:?} {seconds}");
            assert_eq!(gate.passage(until), Passage::Probe);
        }
    }

    #[test]
    fn it_opens_by_one_probe_and_closes_again_by_its_429() {
        let mut gate = Gate::default();
        let minute = said(Some(Span::Minute), Some(10), None);
        gate.limited(&minute, 0, 2_001);
        assert_eq!(gate.passage(0), Passage::Until(11_000));
        gate.limited(&said(Some(Span::Minute), Some(3), None), 0, 0);
        assert_eq!(gate.passage(0), Passage::Until(11_000), "a shorter wait does not shorten it");
        gate.probe_left();
        assert_eq!(gate.passage(11_000), Passage::Busy);
        gate.probe_lost();
        assert_eq!(gate.passage(11_000), Passage::Probe);
        gate.probe_left();
        gate.limited(&minute, 11_500, 0);
        gate.probe_answered();
        assert_eq!(gate.passage(11_500), Passage::Until(21_500));
        gate.probe_left();
        gate.probe_answered();
        assert_eq!(gate.passage(21_500), Passage::Free);
    }
}
