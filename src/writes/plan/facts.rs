//! The facts of a plan, by what the deciding reads of each kind of write say.

use super::{Change, NotPlanned};
use crate::domain::money::{Currency, Sums, format_amount};
use crate::domain::text::sanitize;
use crate::payments::timestamp;
use crate::payments::write::WriteKind;
use crate::writes::seen::{
    AccountSeen, Fee, FeesSeen, PaymentSeen, Text, is_cancelled, is_paid, money,
};

/// Characters of an id that are typed if there is no reference.
const TYPED_OF_ID: usize = 8;
/// Characters of the shortest reference that is typed: a server must not choose `y`.
const SHORTEST_TYPED: usize = 3;

pub(super) struct Facts {
    pub(super) about: Vec<String>,
    pub(super) changes: Vec<Change>,
    pub(super) consequence: String,
    pub(super) warnings: Vec<String>,
    pub(super) typed: String,
}

fn change(what: &str, now: impl Into<String>, then: impl Into<String>) -> Vec<Change> {
    vec![Change { what: what.to_owned(), now: now.into(), then: then.into() }]
}

pub(super) fn of_payment(
    kind: WriteKind,
    id: &str,
    payment: &PaymentSeen,
) -> Result<Facts, NotPlanned> {
    let since = payment.updated_at.as_ref().map(|at| timestamp::shown(&at.0));
    let as_of = since.as_ref().map(|at| format!(", as of {at}")).unwrap_or_default();
    let mut about = vec![payment_line(id, payment)];
    let name = name_of(payment.reference.as_ref(), id);
    let blocked = || NotPlanned::NotOffered("the block state of the payment is unknown".into());
    let (changes, consequence, typed) = match kind {
        WriteKind::Unblock => {
            if !payment.is_blocked.ok_or_else(blocked)? {
                return Err(NotPlanned::Already(format!("the payment is not blocked{as_of}")));
            }
            let last = payment.effects.iter().rev().find(|it| it.kind == WriteKind::Block);
            about.extend(last.map(|it| format!("blocked at {}", it.at.shown())));
            let changes = change("Block", format!("BLOCKED{as_of}"), "not blocked");
            let typed = amount_typed(payment).unwrap_or_else(|| format!("unblock {name}"));
            (changes, "It may be collected or paid out at once.", typed)
        }
        WriteKind::Cancel => {
            let status = payment.status.as_ref();
            if is_cancelled(status) {
                return Err(NotPlanned::Already("the payment is cancelled already".to_owned()));
            }
            if is_paid(status) {
                let why = "the payment is paid; a paid payment is not cancelled here".to_owned();
                return Err(NotPlanned::NotOffered(why));
            }
            let now = status.map_or_else(|| "unknown".to_owned(), Text::shown);
            let consequence = if payment.is_blocked == Some(true) {
                "Nothing undoes this. The payment is blocked already, so it is not collected: is \
                 that not enough? Afterwards only a new payment in the back office remains."
            } else {
                "Nothing undoes this. Afterwards only a new payment in the back office remains. The \
                 server may refuse it in this status."
            };
            (change("Status", now, "cancelled"), consequence, format!("cancel {name}"))
        }
        _ => {
            if payment.is_blocked.ok_or_else(blocked)? {
                return Err(NotPlanned::Already(format!("the payment is blocked already{as_of}")));
            }
            let changes = change("Block", format!("not blocked{as_of}"), "BLOCKED");
            (changes, "While it is blocked, it is neither collected nor paid out.", name)
        }
    };
    let consequence = consequence.to_owned();
    Ok(Facts { about, changes, consequence, warnings: Vec::new(), typed })
}

/// `HB100003 · rent-collection · AED 372.70 · due 2026-10-04 · failed`
fn payment_line(id: &str, payment: &PaymentSeen) -> String {
    let shown = |text: &Option<Text>| text.as_ref().map(Text::shown);
    let amount = money(payment.amount, payment.currency.as_ref());
    let parts = [
        shown(&payment.reference).or_else(|| Some(sanitize(id).into_owned())),
        shown(&payment.kind),
        (!amount.is_empty()).then_some(amount),
        shown(&payment.due).map(|due| format!("due {due}")),
        shown(&payment.status),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The reference of the booking, or the first characters of the id if there is none that can be typed.
fn name_of(reference: Option<&Text>, id: &str) -> String {
    let is_typed = |it: &&Text| !it.0.is_changed() && it.raw().chars().count() >= SHORTEST_TYPED;
    match reference.filter(is_typed) {
        Some(reference) => reference.shown(),
        None => id.chars().take(TYPED_OF_ID).collect(),
    }
}

/// `372.70 AED`
fn amount_typed(payment: &PaymentSeen) -> Option<String> {
    let code = Currency::parse(payment.currency.as_ref()?.raw())?;
    Some(format!("{} {code}", format_amount(payment.amount?.into(), code)))
}

pub(super) fn of_fees(booking: &str, seen: &FeesSeen) -> Result<Facts, NotPlanned> {
    let refused = |why: &str| Err(NotPlanned::NotOffered(why.to_owned()));
    if seen.fees.is_empty() {
        return refused("the booking has no fee among its payments");
    }
    if seen.fees.iter().any(|fee| fee.booking.as_ref().map(Text::raw) != Some(booking)) {
        return refused("the server also listed fees of another booking");
    }
    let reference = seen.fees.first().and_then(|fee| fee.reference.as_ref());
    if seen.fees.iter().any(|fee| fee.reference.as_ref() != reference) {
        return refused("the fees have different references of bookings");
    }
    let open: Vec<&Fee> =
        seen.fees.iter().filter(|fee| !is_cancelled(fee.status.as_ref())).collect();
    if open.is_empty() {
        return Err(NotPlanned::Already("each fee of the booking is cancelled already".to_owned()));
    }
    let mut sums = Sums::default();
    let mut changes = Vec::new();
    for fee in &seen.fees {
        let status = fee.status.as_ref();
        let now = status.map_or_else(|| "unknown".to_owned(), Text::shown);
        let then = match status {
            _ if is_cancelled(status) => "stays cancelled",
            _ if is_paid(status) => "probably stays paid",
            _ => "cancelled",
        };
        let code = fee.currency.as_ref().and_then(|code| Currency::parse(code.raw()));
        if then == "cancelled" {
            sums.add(fee.amount.unwrap_or_default(), code.unwrap_or(Currency::NONE));
        }
        let what = format!("{} {}", fee.id.shown(), money(fee.amount, fee.currency.as_ref()));
        changes.push(Change { what, now, then: then.to_owned() });
    }
    if sums.is_empty() {
        return refused(
            "each fee of the booking is paid or cancelled; a paid fee is not cancelled here",
        );
    }
    let name = name_of(reference, booking);
    let count = changes.iter().filter(|change| change.then == "cancelled").count();
    let about = vec![format!("{name} · {count} of {} fees · {}", changes.len(), sums.in_words())];
    let consequence =
        "Nothing undoes this. One request cancels all open fees of the booking.".to_owned();
    let typed = format!("cancel fee {name}");
    Ok(Facts { about, changes, consequence, warnings: Vec::new(), typed })
}

pub(super) fn of_account(
    kind: WriteKind,
    account: &str,
    properties: &[String],
    seen: &AccountSeen,
) -> Result<Facts, NotPlanned> {
    let has = |id: &&String| seen.properties.iter().any(|own| own.raw() == id.as_str());
    let (there, missing): (Vec<&String>, Vec<&String>) = properties.iter().partition(has);
    let is_match = kind == WriteKind::Match;
    let (already, open) = if is_match { (there, missing) } else { (missing, there) };
    let state = if is_match { "matched already" } else { "not matched" };
    let names = |ids: &[&String]| ids.iter().map(|id| sanitize(id)).collect::<Vec<_>>().join(", ");
    if open.is_empty() {
        return Err(NotPlanned::Already(format!("{state}: {}", names(&already))));
    }
    if !already.is_empty() {
        let why = format!("{state}: {}; leave these out", names(&already));
        return Err(NotPlanned::NotOffered(why));
    }
    let Some(iban) = seen.iban.as_ref().map(Text::shown) else {
        return Err(NotPlanned::NotOffered("the account has no IBAN".to_owned()));
    };
    let beneficiary =
        seen.beneficiary.as_ref().map_or_else(|| "unnamed beneficiary".to_owned(), Text::shown);
    let mut warnings = Vec::new();
    if seen.has_wrong_digits {
        warnings.push("the IBAN of this account has wrong check digits".to_owned());
    }
    if let Some(at) = &seen.iban_changed {
        warnings.push(format!("the IBAN of this account was changed at {}", at.shown()));
    }
    if seen.is_iban_history_unread {
        let why = "recent changes of this account's IBAN are unknown: its events could not be read";
        warnings.push(why.to_owned());
    }
    let own = format!("{beneficiary}, {iban}");
    let changes = open.iter().map(|id| {
        let (now, then) = if is_match {
            ("not checked: another account, or no account".to_owned(), own.clone())
        } else {
            (own.clone(), "unknown: another account, or no account".to_owned())
        };
        Change { what: format!("Property {}", sanitize(id)), now, then }
    });
    let last: Vec<char> = iban.chars().filter(|c| !c.is_whitespace()).collect();
    let typed: String = last.iter().rev().take(4).rev().collect();
    let consequence = if is_match {
        "The landlord's money for these properties is paid to this account. Not checked: which \
         account they have now, and whether the beneficiary is their landlord."
    } else {
        "The landlord's money for these properties is paid to another account. Which account \
         replaces it is not documented."
    };
    Ok(Facts {
        about: vec![format!("{} · {own}", sanitize(account))],
        changes: changes.collect(),
        consequence: consequence.to_owned(),
        warnings,
        typed,
    })
}
