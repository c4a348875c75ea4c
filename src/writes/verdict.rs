//! What the deciding reads after a write say: whether it happened.

use super::seen::{AccountSeen, Fee, FeesSeen, PaymentSeen, Seen, Text, is_cancelled};
use crate::payments::timestamp;
use crate::payments::write::{Write, WriteKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// With a sentence for people.
    Happened(String),
    /// With what the reads show instead.
    NotYet(String),
}

impl Look {
    pub fn has_happened(&self) -> bool {
        matches!(self, Self::Happened(_))
    }

    pub fn into_text(self) -> String {
        match self {
            Self::Happened(text) | Self::NotYet(text) => text,
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
    let event = new_effect(kind, before, after);
    let at = |event: &Text| format!(", by an event of {}", event.shown());
    let event_words = event.map(at).unwrap_or_default();
    if kind == WriteKind::Cancel {
        return match &after.status {
            status if is_cancelled(status.as_ref()) => {
                Look::Happened(format!("the payment is cancelled{event_words}"))
            }
            _ if event.is_some() => {
                Look::Happened(format!("the payment was cancelled{event_words}"))
            }
            Some(status) => {
                Look::NotYet(format!("the payment still has status {}", status.shown()))
            }
            None => Look::NotYet("the status of the payment is unknown".to_owned()),
        };
    }
    let is_block = kind == WriteKind::Block;
    let word = if is_block { "blocked" } else { "not blocked" };
    let is_old = is_older(after.updated_at.as_ref(), before.updated_at.as_ref());
    match after.is_blocked {
        Some(is_blocked) if is_blocked == is_block && !is_old => {
            Look::Happened(format!("the payment is {word}{event_words}"))
        }
        // It was changed again since.
        Some(_) if event.is_some() => Look::Happened(format!(
            "the payment was {}{event_words}, and changed again since",
            kind.done()
        )),
        Some(is_blocked) => {
            let word = if is_blocked { "blocked" } else { "not blocked" };
            let old = if is_old { ", as before the plan" } else { "" };
            Look::NotYet(format!("the payment is {word}{old}"))
        }
        None => Look::NotYet("the block state of the payment is unknown".to_owned()),
    }
}

/// When the write happened, by an event that is newer than the plan.
fn new_effect<'a>(
    kind: WriteKind,
    before: &PaymentSeen,
    after: &'a PaymentSeen,
) -> Option<&'a Text> {
    let last = before.last_event?;
    let is_new = |event: u64| event > last;
    after.effects.iter().find(|it| it.kind == kind && is_new(it.event)).map(|it| &it.at)
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
    Look::NotYet(format!("{count}: {}", names.collect::<Vec<_>>().join(", ")))
}

fn account(kind: WriteKind, properties: &[String], after: &AccountSeen) -> Look {
    let is_match = kind == WriteKind::Match;
    let is_listed = |id: &&String| after.properties.iter().any(|own| own.raw() == id.as_str());
    let done = properties.iter().filter(|id| is_listed(id) == is_match).count();
    let count = format!("{done} of {} properties are {}", properties.len(), kind.done());
    if done == properties.len() { Look::Happened(count) } else { Look::NotYet(count) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::writes::seen::Effect;

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
            (false, late, &[(11, WriteKind::Block), (12, WriteKind::Unblock)][..], true),
            // An answer from a copy of the data that is older than the plan.
            (true, "2026-11-09T08:00:00+0000", &[][..], false),
        ] {
            let after = payment_seen(is_blocked, at, events);
            let look = verdict(&block, &before, &after);
            assert_eq!(look.has_happened(), has_happened, "{is_blocked} {at} {events:?}: {look:?}");
        }
        let unblock = Write::Unblock { id: "1".to_owned() };
        let look =
            verdict(&unblock, &payment_seen(true, early, &[]), &payment_seen(false, late, &[]));
        assert_eq!(look, Look::Happened("the payment is not blocked".to_owned()));
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
            assert_eq!(look.has_happened(), has_happened, "{status}");
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
        assert_eq!(part, Look::NotYet("1 of 2 fees are cancelled: f1 is Failed".to_owned()));
        assert!(verdict(&cancel, &before, &fees(&["Canceled", "Canceled", "Paid"])).has_happened());
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
            assert!(look.into_text().starts_with("1 of 2 properties"), "{write:?}");
        }
        assert!(verdict(&matched, &now, &account(&["2", "1"])).has_happened());
        assert!(verdict(&unmatched, &now, &account(&["3"])).has_happened());
    }
}
