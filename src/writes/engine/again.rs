//! What later reads and the audit log say about earlier writes.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::spawn_blocking;

use super::Engine;
use super::carry::seen;
use crate::domain::text::sanitize;
use crate::payments::timestamp;
use crate::payments::write::{Write, WriteKind};
use crate::writes::log::{Contents, Entry, Intent, Record, Unresolved};
use crate::writes::outcome::{Outcome, Verdict};
use crate::writes::plan::Plan;
use crate::writes::seen::{PaymentSeen, Seen};
use crate::writes::verdict::Look;

/// Hours after which a write without a clear answer that no read shows is not looked up again.
const GIVEN_UP: i64 = 24;
/// Seconds between a block in the audit log and the time of the server's block, at most.
const SAME_TIME: i64 = 60;

impl Engine {
    /// Reads once whether a write with an unknown result has happened, and writes a final verdict to the
    /// log. Undoes nothing: the state may be that of another write by now.
    pub async fn find_out(&self, unresolved: &Unresolved) -> Outcome {
        let Intent { write, before, host, .. } = &unresolved.intent;
        let open = |says: String| Outcome {
            id: Some(unresolved.id.clone()),
            status: unresolved.status,
            ..Outcome::new(write, Verdict::Unknown, says)
        };
        if *host != self.host() {
            let host = sanitize(host);
            return open(format!(
                "result unknown: it was sent to {host}, which this profile no longer uses"
            ));
        }
        let looked = self.looks(write, before, unresolved.status, &[Duration::ZERO], &|_| ()).await;
        let (look, has_read) = (looked.look.clone(), looked.after.is_some());
        let is_accepted = unresolved.status.is_some_and(|status| (200..=299).contains(&status));
        let why = (!is_accepted).then_some("there was no clear answer");
        let mut outcome = seen(write, looked, unresolved.status, why);
        (outcome.id, outcome.status) = (Some(unresolved.id.clone()), unresolved.status);
        outcome.undo = None;
        if outcome.verdict == Verdict::Done
            && let Some(later) = self.later_write(unresolved).await
        {
            outcome.says = format!("{}, by this write or by the one of {later}", outcome.says);
        }
        if outcome.verdict.is_open() && has_read && self.is_given_up(&unresolved.at) {
            give_up(&mut outcome, &look);
        }
        // An open verdict is in the log already, or follows from the missing one.
        if !outcome.verdict.is_open()
            && let Err(error) = self.record_verdict(&outcome).await
        {
            self.unlogged(&mut outcome, &error);
        }
        outcome
    }

    fn is_given_up(&self, at: &str) -> bool {
        let now = DateTime::from_timestamp_millis(self.site.clock.now().utc).unwrap_or_default();
        instant(at).is_some_and(|sent| now - sent > TimeDelta::hours(GIVEN_UP))
    }

    async fn later_write(&self, unresolved: &Unresolved) -> Option<String> {
        let contents = self.contents().await?;
        contents.later_write(unresolved).map(|at| sanitize(at).into_owned())
    }

    async fn contents(&self) -> Option<Contents> {
        let audit = self.audit.clone();
        spawn_blocking(move || audit.read()).await.ok()?.ok()
    }

    /// When this user blocked the payment that is blocked now, and why, by the audit log.
    pub(super) async fn own_block(&self, plan: &Plan) -> Option<String> {
        let (Write::Unblock { id }, Seen::Payment(payment)) = (&plan.write, &plan.before) else {
            return None;
        };
        let blocked_at = blocked_at(payment)?;
        let contents = self.contents().await?;
        let (at, intent) = last_block(&contents.entries, id)?;
        let distance = (instant(at)? - blocked_at).num_seconds().abs();
        let line = format!("blocked by {} at {at}: {}", intent.os_user, intent.note);
        (distance <= SAME_TIME).then(|| sanitize(&line).into_owned())
    }
}

/// A write that was accepted stays open: the server said that it would be done.
fn give_up(outcome: &mut Outcome, look: &Look) {
    let now = look.text();
    match look {
        Look::Partly(_) => {
            outcome.verdict = Verdict::Partly;
            outcome.says = format!("partly done, {GIVEN_UP} hours later: {now}");
        }
        _ if outcome.verdict == Verdict::Unknown => {
            outcome.verdict = Verdict::NotSeen;
            outcome.says = format!(
                "not seen, {GIVEN_UP} hours later by the clock of this computer: {now}. Whether it \
                 was carried out is not known"
            );
        }
        _ => {}
    }
}

fn instant(at: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(at).ok().map(|at| at.with_timezone(&Utc))
}

/// By its last event, or else by its last change.
fn blocked_at(payment: &PaymentSeen) -> Option<DateTime<Utc>> {
    let event = payment.effects.iter().rev().find(|it| it.kind == WriteKind::Block);
    let updated = || timestamp::parse(payment.updated_at.as_ref()?.raw());
    event.and_then(|it| timestamp::parse(it.at.raw().trim_end_matches('Z'))).or_else(updated)
}

/// The last block or unblock of this payment that was done, if it is a block, and when it was sent.
fn last_block<'a>(entries: &'a [Entry], payment: &str) -> Option<(&'a str, &'a Intent)> {
    let is_done =
        |entry: &&Entry| matches!(entry.record, Record::Verdict { verdict: Verdict::Done, .. });
    let done: HashSet<&str> = entries.iter().filter(is_done).map(|it| it.id.as_str()).collect();
    let is_own = |intent: &Intent| {
        let is_block = matches!(intent.write.kind(), WriteKind::Block | WriteKind::Unblock);
        is_block && intent.write.id() == payment
    };
    let (entry, intent) = entries.iter().rev().find_map(|entry| match &entry.record {
        Record::Intent(intent) if is_own(intent) && done.contains(entry.id.as_str()) => {
            Some((entry, &**intent))
        }
        _ => None,
    })?;
    (intent.write.kind() == WriteKind::Block).then_some((entry.at.as_str(), intent))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A write of this payment and its result, each with its own id.
    fn written(id: &str, kind: &str, verdict: &str) -> [Entry; 2] {
        let intent = serde_json::json!({"id": id, "at": "2026-11-09T09:12:00.000Z", "phase": "intent",
            "os_user": "ana", "version": "1", "profile": "acme", "host": "h", "method": "PUT",
            "path": "", "write": {"kind": kind, "id": "p"}, "body_sha256": "", "before": {"payment": {}},
            "typed": "", "note": id});
        let verdict = serde_json::json!({"id": id, "at": "2026-11-09T09:12:01.000Z",
            "phase": "verdict", "verdict": verdict, "says": ""});
        [intent, verdict].map(|it| serde_json::from_str(&it.to_string()).unwrap())
    }

    #[test]
    fn only_a_block_that_was_done_and_is_the_last_change_is_named() {
        let note = |writes: &[(&str, &str, &str)]| {
            let entries: Vec<Entry> =
                writes.iter().flat_map(|(id, kind, verdict)| written(id, kind, verdict)).collect();
            last_block(&entries, "p").map(|(_, intent)| intent.note.clone())
        };
        let (first, second) = (("one", "block", "done"), ("two", "block", "refused"));
        assert_eq!(note(&[first]).as_deref(), Some("one"));
        assert_eq!(note(&[first, second]).as_deref(), Some("one"), "the second was refused");
        assert_eq!(note(&[("one", "block", "unknown")]), None);
        assert_eq!(note(&[first, ("two", "unblock", "done")]), None);
        assert_eq!(last_block(&written("one", "block", "done"), "another"), None);
    }

    #[test]
    fn what_is_accepted_or_seen_in_part_is_never_called_not_seen() {
        let write = Write::CancelFees { booking: "b".to_owned() };
        let (partly, not_yet) = (Look::Partly("3 of 4".into()), Look::NotYet("0 of 4".into()));
        for (verdict, look, expected) in [
            (Verdict::Unknown, &not_yet, Verdict::NotSeen),
            (Verdict::Unknown, &partly, Verdict::Partly),
            (Verdict::AcceptedNotSeen, &partly, Verdict::Partly),
            (Verdict::AcceptedNotSeen, &not_yet, Verdict::AcceptedNotSeen),
        ] {
            let mut outcome = Outcome::new(&write, verdict, "now");
            give_up(&mut outcome, look);
            assert_eq!(outcome.verdict, expected, "{look:?}");
            assert!(!outcome.says.contains("did not happen"), "{}", outcome.says);
            assert_eq!(outcome.says.contains("of 4"), !expected.is_open(), "{}", outcome.says);
        }
    }
}
