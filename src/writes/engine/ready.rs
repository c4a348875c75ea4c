//! What must hold directly before a write is sent: the plan, no stop, and no time lost since.

use super::busy::Running;
use super::{Engine, SENT_WITHIN};
use crate::clock::Now;
use crate::net::client::Sender;
use crate::payments::write::Write;
use crate::writes::outcome::{Outcome, Verdict};
use crate::writes::plan::Plan;

impl Engine {
    /// Checks the plan; fails if the user stops it, or if it is too late to send it.
    pub(super) async fn ready(
        &self,
        plan: &Plan,
        (running, since): (&Running, Now),
    ) -> Result<Sender, Box<Outcome>> {
        let stopped =
            || Outcome::new(&plan.write, Verdict::NotSent, "interrupted; nothing was sent");
        let sender = tokio::select! {
            biased;
            () = running.stopped() => return Err(Box::new(stopped())),
            checked = self.check(plan) => checked?,
        };
        if is_late(since, self.site.clock.now()) {
            return Err(Box::new(late(&plan.write)));
        }
        if running.commit() { Ok(sender) } else { Err(Box::new(stopped())) }
    }
}

/// By both clocks: the monotonic one may stop while the computer sleeps, the other one can be set.
pub(super) fn is_late(since: Now, now: Now) -> bool {
    let passed = now.elapsed.saturating_sub(since.elapsed);
    let by_wall_clock = now.utc.saturating_sub(since.utc);
    passed > SENT_WITHIN || u64::try_from(by_wall_clock).map_or(true, |it| it > SENT_WITHIN)
}

pub(super) fn late(write: &Write) -> Outcome {
    let why = format!(
        "nothing was sent: more than {} seconds have passed since the confirmation, or the clock was \
         set; confirm it again",
        SENT_WITHIN / 1_000
    );
    Outcome::new(write, Verdict::NotSent, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_sent_within_30_seconds_of_its_confirmation_by_both_clocks() {
        let at = |elapsed: u64, utc: i64| Now { elapsed, utc, ..Now::default() };
        let since = at(1_000, 1_795_000_000_000);
        assert!(!is_late(since, at(31_000, 1_795_000_030_000)));
        assert!(is_late(since, at(31_001, 1_795_000_000_001)), "the wall clock was set back");
        assert!(is_late(since, at(1_001, 1_795_000_030_001)), "the computer slept");
        assert!(is_late(since, at(1_001, 1_794_999_999_999)), "the wall clock was set back");
        assert_eq!(late(&Write::Block { id: "1".into() }).verdict, Verdict::NotSent);
    }
}
