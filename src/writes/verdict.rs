//! What the deciding reads after a write say: whether it happened.

use super::seen::{AccountSeen, Effect, Fee, FeesSeen, PaymentSeen, Seen, Text, is_cancelled};
use crate::payments::timestamp;
use crate::payments::write::{Write, WriteKind};

/// Each with a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    Happened(String),
    /// It happened, and the object is in another state again.
    Reverted(String),
    /// Some of the fees or properties are as requested.
    Partly(String),
    /// With what the reads show instead.
    NotYet(String),
}

impl Look {
    /// Returns `true` if no later read is necessary.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Happened(_) | Self::Reverted(_))
    }

    pub fn text(&self) -> &str {
        match self {
            Self::Happened(text)
            | Self::Reverted(text)
            | Self::Partly(text)
            | Self::NotYet(text) => text,
        }
    }
}

pub fn verdict(write: &Write, before: &Seen, after: &Seen) -> Look {
    match (write, before, after) {
        (Write::CancelFees { .. }, Seen::Fees(before), Seen::Fees(after)) => fees(before, after),
        (
            Write::Match { properties, .. } | Write::Unmatch { properties, .. },
            _,
            Seen::Account(after),
        ) => account(write.kind(), properties, after),
        (_, Seen::Payment(before), Seen::Payment(after)) => payment(write.kind(), before, after),
        _ => Look::NotYet("the reads belong to another write".to_owned()),
    }
}

fn payment(kind: WriteKind, before: &PaymentSeen, after: &PaymentSeen) -> Look {
    if kind == WriteKind::Cancel { cancelled(before, after) } else { block(kind, before, after) }
}

fn cancelled(before: &PaymentSeen, after: &PaymentSeen) -> Look {
    let event = new_effects(before, after).find(|it| it.kind == WriteKind::Cancel);
    let status = after.status.as_ref();
    let shown = status.map_or_else(|| "unknown".to_owned(), Text::shown);
    match event {
        _ if is_cancelled(status) => {
            Look::Happened(format!("the payment is cancelled{}", by(event)))
        }
        // Nothing undoes it: only the status that was read is older.
        Some(_) => Look::Happened(format!(
            "the payment was cancelled{}; its status is still {shown}",
            by(event)
        )),
        None => Look::NotYet(format!("the status of the payment is {shown}")),
    }
}

fn block(kind: WriteKind, before: &PaymentSeen, after: &PaymentSeen) -> Look {
    let is_block = kind == WriteKind::Block;
    let word = |is_blocked: bool| if is_blocked { "blocked" } else { "not blocked" };
    let events = || new_effects(before, after).filter(|it| it.kind != WriteKind::Cancel);
    let (event, newest) = (events().find(|it| it.kind == kind), events().last());
    let later = newest.filter(|it| event.is_some() && it.kind != kind);
    let is_old = is_older(after.updated_at.as_ref(), before.updated_at.as_ref());
    let Some(is_blocked) = after.is_blocked else {
        return Look::NotYet("the block state of the payment is unknown".to_owned());
    };
    let (now, done) = (word(is_blocked), by(event));
    match (is_blocked == is_block, event, later) {
        (true, _, None) if event.is_some() || !is_old => {
            Look::Happened(format!("the payment is {now}{done}"))
        }
        (false, Some(_), Some(later)) => Look::Reverted(format!(
            "the payment was {}{done}, but an event of {} changed it again: it is {now}",
            kind.done(),
            later.at.shown()
        )),
        // One of the two reads is older than the other.
        (_, Some(_), _) => Look::NotYet(format!(
            "the payment was {}{done}, but its newest event and its state differ: it is {now}",
            kind.done()
        )),
        (_, None, _) => {
            let old = if is_old { ", as before the plan" } else { "" };
            Look::NotYet(format!("the payment is {now}{old}"))
        }
    }
}

fn by(event: Option<&Effect>) -> String {
    event.map(|it| format!(", by an event of {}", it.at.shown())).unwrap_or_default()
}

/// The events that are newer than the plan, oldest first; none if the plan was made without events.
fn new_effects<'a>(
    before: &PaymentSeen,
    after: &'a PaymentSeen,
) -> impl Iterator<Item = &'a Effect> + use<'a> {
    let last = before.last_event.unwrap_or(u64::MAX);
    after.effects.iter().filter(move |it| it.event > last)
}

fn is_older(after: Option<&Text>, before: Option<&Text>) -> bool {
    let at = |text: Option<&Text>| timestamp::parse(text?.raw());
    matches!((at(after), at(before)), (Some(after), Some(before)) if after < before)
}

fn fees(before: &FeesSeen, after: &FeesSeen) -> Look {
    let is_open = |fee: &&Fee| {
        !is_cancelled(fee.status.as_ref()) && !super::seen::is_paid(fee.status.as_ref())
    };
    let open: Vec<&Fee> = before.fees.iter().filter(is_open).collect();
    let now = |fee: &Fee| after.fees.iter().find(|it| it.id == fee.id);
    let (done, left): (Vec<&Fee>, Vec<&Fee>) = open
        .iter()
        .copied()
        .partition(|fee| now(fee).is_some_and(|fee| is_cancelled(fee.status.as_ref())));
    let count = format!("{} of {} fees are cancelled", done.len(), open.len());
    if left.is_empty() {
        return Look::Happened(count);
    }
    let names = left.iter().map(|fee| {
        let status = now(fee).map_or_else(
            || "not listed".to_owned(),
            |fee| fee.status.as_ref().map_or_else(|| "unknown".to_owned(), Text::shown),
        );
        format!("{} is {status}", fee.id.shown())
    });
    let text = format!("{count}: {}", names.collect::<Vec<_>>().join(", "));
    if done.is_empty() { Look::NotYet(text) } else { Look::Partly(text) }
}

fn account(kind: WriteKind, properties: &[String], after: &AccountSeen) -> Look {
    let is_match = kind == WriteKind::Match;
    let is_listed = |id: &&String| after.properties.iter().any(|own| own.raw() == id.as_str());
    let done = properties.iter().filter(|id| is_listed(id) == is_match).count();
    let count = format!("{done} of {} properties are {}", properties.len(), kind.done());
    match done {
        0 => Look::NotYet(count),
        all if all == properties.len() => Look::Happened(count),
        _ => Look::Partly(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment_seen(is_blocked: bool, at: &str, events: &[(u64, WriteKind)]) -> Seen {
        let effect = |(event, kind): &(u64, WriteKind)| Effect {
            event: *event,
            kind: *kind,
            at: Text::new("2026-11-09 09:12:00Z"),
        };
        Seen::Payment(PaymentSeen {
            is_blocked: Some(is_blocked),
            updated_at: Some(Text::new(at)),
            status: Some(Text::new("Ready")),
            last_event: Some(10),
            effects: events.iter().map(effect).collect(),
            ..PaymentSeen::default()
        })
    }

    #[test]
    fn a_block_has_happened_if_the_state_or_a_new_event_shows_it() {
        let (early, late) = ("2026-11-09T09:00:00+0000", "2026-11-09T09:12:00+0000");
        let block = Write::Block { id: "1".to_owned() };
        let before = payment_seen(false, early, &[(9, WriteKind::Block)]);
        for (is_blocked, at, events, has_happened) in [
            (true, late, &[][..], true),
            (true, early, &[][..], true),
            (false, late, &[][..], false),
            (false, early, &[(9, WriteKind::Block)][..], false),
            // The state that was read is older than the event.
            (false, early, &[(11, WriteKind::Block)][..], false),
            (true, early, &[(11, WriteKind::Block), (12, WriteKind::Unblock)][..], false),
            (
                true,
                late,
                &[(11, WriteKind::Block), (12, WriteKind::Unblock), (13, WriteKind::Block)][..],
                true,
            ),
            // An answer from a copy of the data that is older than the plan.
            (true, "2026-11-09T08:00:00+0000", &[][..], false),
        ] {
            let after = payment_seen(is_blocked, at, events);
            let look = verdict(&block, &before, &after);
            let is_happened = matches!(look, Look::Happened(_));
            assert_eq!(is_happened, has_happened, "{is_blocked} {at} {events:?}: {look:?}");
        }
        let unblock = Write::Unblock { id: "1".to_owned() };
        let look =
            verdict(&unblock, &payment_seen(true, early, &[]), &payment_seen(false, late, &[]));
        assert_eq!(look, Look::Happened("the payment is not blocked".to_owned()));
    }

    #[test]
    fn what_somebody_else_reverted_is_not_called_done() {
        let (early, late) = ("2026-11-09T09:00:00+0000", "2026-11-09T09:12:00+0000");
        let before = payment_seen(false, early, &[]);
        let events = [(11, WriteKind::Block), (12, WriteKind::Unblock)];
        let block = Write::Block { id: "1".to_owned() };
        let look = verdict(&block, &before, &payment_seen(false, late, &events));
        assert!(matches!(&look, Look::Reverted(text) if text.ends_with("not blocked")), "{look:?}");
        // Without the number of the last event before, no event is known to be newer.
        let Seen::Payment(seen) = before else { panic!("{before:?}") };
        let unread = Seen::Payment(PaymentSeen { last_event: None, ..seen });
        let look = verdict(&block, &unread, &payment_seen(false, late, &events));
        assert_eq!(look, Look::NotYet("the payment is not blocked".to_owned()));
    }

    #[test]
    fn a_cancelled_payment_is_known_by_each_spelling() {
        let cancel = Write::Cancel { id: "1".to_owned() };
        for (status, has_happened) in [
            ("canceled", true),
            ("Cancelled", true),
            ("CANCELED", true),
            ("Ready", false),
            ("cancelFailed", false),
        ] {
            let seen = |status: &str| {
                let status = Some(Text::new(status));
                Seen::Payment(PaymentSeen { status, ..PaymentSeen::default() })
            };
            let look = verdict(&cancel, &seen("Ready"), &seen(status));
            assert_eq!(look.is_final(), has_happened, "{status}");
        }
    }

    #[test]
    fn of_several_fees_or_properties_all_must_be_changed() {
        let fees = |all: &[&str]| {
            let fee = |(at, status): (usize, &&str)| Fee {
                id: Text::new(format!("f{at}")),
                status: Some(Text::new(*status)),
                ..Fee::default()
            };
            Seen::Fees(FeesSeen { fees: all.iter().enumerate().map(fee).collect() })
        };
        let cancel = Write::CancelFees { booking: "b".to_owned() };
        let before = fees(&["Ready", "Failed", "Paid"]);
        let part = verdict(&cancel, &before, &fees(&["Canceled", "Failed", "Paid"]));
        assert_eq!(part, Look::Partly("1 of 2 fees are cancelled: f1 is Failed".to_owned()));
        assert!(verdict(&cancel, &before, &fees(&["Canceled", "Canceled", "Paid"])).is_final());
        let account = |ids: &[&str]| {
            let properties = ids.iter().map(Text::new).collect();
            Seen::Account(AccountSeen { properties, ..AccountSeen::default() })
        };
        let properties = vec!["1".to_owned(), "2".to_owned()];
        let matched = Write::Match { account: "a".to_owned(), properties: properties.clone() };
        let unmatched = Write::Unmatch { account: "a".to_owned(), properties };
        let now = account(&["1", "3"]);
        for write in [&matched, &unmatched] {
            let look = verdict(write, &account(&[]), &now);
            assert!(matches!(&look, Look::Partly(text) if text.starts_with("1 of 2")), "{look:?}");
        }
        assert!(verdict(&matched, &now, &account(&["2", "1"])).is_final());
        assert!(verdict(&unmatched, &now, &account(&["3"])).is_final());
    }
}
