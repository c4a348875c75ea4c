//! Which failures are retried, how often, and when. Times are in ms since the start.

use crate::net::error::{ApiError, Cause, Refusal};
use crate::net::request::Priority;

/// The maximum milliseconds of an action, from its first attempt to its end.
pub const ACTION: u64 = 45_000;
/// The maximum attempts of a visible request.
const ATTEMPTS: u32 = 3;
/// The maximum milliseconds of the first pause; the maximum doubles with each further one.
const FIRST_PAUSE: u64 = 300;
const LONGEST_PAUSE: u64 = 5_000;
/// The minimum milliseconds left for another attempt.
const WORTHWHILE: u64 = 1_000;

/// Returns when to retry after `made` attempts, if at all; `since` is the time of the first.
pub fn again(
    priority: Priority,
    error: &ApiError,
    made: u32,
    since: u64,
    now: u64,
    random: u64,
) -> Option<u64> {
    if made >= attempts(priority, &error.cause) {
        return None;
    }
    if let Cause::Limited(_) = error.cause {
        // The breaker decides when; its wait does not count toward the time limit.
        return Some(now);
    }
    let asked_for = match &error.cause {
        Cause::Refused(refusal) => refusal.retry_after.unwrap_or(0).saturating_mul(1_000),
        _ => 0,
    };
    let at = now.saturating_add(asked_for).saturating_add(pause(made, random));
    (at.saturating_add(WORTHWHILE) <= since + ACTION).then_some(at)
}

fn attempts(priority: Priority, cause: &Cause) -> u32 {
    if priority != Priority::Visible {
        return 1;
    }
    match cause {
        Cause::Transport(error) if error.is_passing() => ATTEMPTS,
        Cause::Limited(_) | Cause::Refused(Refusal { status: 502..=504, .. }) => ATTEMPTS,
        Cause::Refused(Refusal { status: 500, .. }) => 2,
        _ => 1,
    }
}

/// Full jitter: between zero and a maximum that doubles.
fn pause(made: u32, random: u64) -> u64 {
    let doubled = FIRST_PAUSE << made.saturating_sub(1).min(10);
    random % (doubled.min(LONGEST_PAUSE) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decode::DecodeError;
    use crate::net::error::Limited;
    use crate::net::request::Request;
    use crate::net::transport::Distrust;
    use crate::net::transport::TransportError;

    fn status(status: u16) -> Cause {
        busy(status, None)
    }

    fn busy(status: u16, retry_after: Option<u64>) -> Cause {
        Cause::Refused(Refusal { status, retry_after, ..Refusal::default() })
    }

    #[test]
    fn only_what_may_pass_is_tried_again_and_only_for_who_waits() {
        let table = [
            (Cause::Transport(TransportError::Reset), 3),
            (Cause::Transport(TransportError::Dns), 3),
            (Cause::Transport(TransportError::Truncated), 3),
            (Cause::Transport(TransportError::Timeout), 3),
            (Cause::Transport(TransportError::Certificate(Distrust::Expired)), 1),
            (Cause::Transport(TransportError::Redirect { host: String::new() }), 1),
            (Cause::Transport(TransportError::TooLarge), 1),
            (Cause::Transport(TransportError::Garbled), 1),
            (Cause::Limited(Limited::default()), 3),
            (Cause::Unreadable(DecodeError::Html), 1),
            (Cause::Internal, 1),
            (status(500), 2),
            (status(502), 3),
            (status(503), 3),
            (status(504), 3),
            (status(501), 1),
            (status(400), 1),
            (status(401), 1),
            (status(403), 1),
            (status(404), 1),
            (status(408), 1),
            (status(422), 1),
        ];
        for (cause, expected) in table {
            assert_eq!(attempts(Priority::Visible, &cause), expected, "{cause:?}");
            assert_eq!(attempts(Priority::Next, &cause), 1);
            assert_eq!(attempts(Priority::Background, &cause), 1);
        }
    }

    #[test]
    fn pauses_double_up_to_five_seconds_and_start_at_nothing() {
        for (made, most) in [(1, 300), (2, 600), (3, 1_200), (5, 4_800), (6, 5_000), (99, 5_000)] {
            assert_eq!(pause(made, most), most);
            assert_eq!(pause(made, most + 1), 0);
        }
    }

    #[test]
    fn an_action_ends_after_45_seconds_but_the_wait_for_a_limit_is_not_part_of_it() {
        let failed = |cause| ApiError::new(&Request::Limits, cause);
        let at = |cause, now| again(Priority::Visible, &failed(cause), 1, 1_000, now, 100);
        assert_eq!(at(status(503), 2_000), Some(2_100));
        assert_eq!(at(status(503), 44_900), Some(45_000));
        assert_eq!(at(status(503), 44_901), None);
        assert_eq!(at(Cause::Limited(Limited::default()), 60_000), Some(60_000));
    }

    #[test]
    fn a_busy_server_is_left_alone_as_long_as_it_asks_within_the_45_seconds() {
        let failed = |after| ApiError::new(&Request::Limits, busy(503, after));
        let at = |after| again(Priority::Visible, &failed(after), 1, 1_000, 2_000, 100);
        assert_eq!(at(Some(7)), Some(9_100));
        assert_eq!(at(Some(0)), Some(2_100));
        assert_eq!(at(Some(42)), Some(44_100));
        assert_eq!(at(Some(43)), None);
        assert_eq!(at(Some(u64::MAX)), None);
    }
}
