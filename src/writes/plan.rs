//! The plan of a write: what would be sent, what it changes, and what must be typed to confirm it.

use std::fmt;

use super::seen::{
    AccountSeen, Fee, FeesSeen, PaymentSeen, Seen, Text, is_cancelled, is_paid, money,
};
use crate::domain::failure::Failure;
use crate::domain::money::{Currency, Sums, format_amount};
use crate::domain::text::{Untrusted, sanitize};
use crate::payments::timestamp;
use crate::payments::write::{Write, WriteKind};

/// Characters of an id that are typed if there is no reference.
const TYPED_OF_ID: usize = 8;
/// Characters of the shortest reference that is typed: a server must not choose `y`.
const SHORTEST_TYPED: usize = 3;
/// Characters of the shortest note of a plan with a warning.
const LONG_NOTE: usize = 20;
const LONGEST_NOTE: usize = 500;

/// Where a plan would be carried out, and as whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    pub profile: String,
    /// `PRODUCTION`, `DEMO`, or the kind of the server.
    pub environment: String,
    /// The URL of the write.
    pub url: String,
    pub who: Who,
}

/// The owner of the token, by its claims, which only the server verifies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    pub sub: Option<Untrusted>,
    /// UTC, to the second.
    pub exp: Option<String>,
}

impl Who {
    /// Returns `true` for the same owner, also with a renewed token. Without a name, the token must
    /// be valid until the same time.
    fn is_same_user(&self, other: &Self) -> bool {
        self.sub == other.sub && (self.sub.is_some() || self.exp == other.exp)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub what: String,
    pub now: String,
    pub then: String,
}

/// All texts are sanitized, and account numbers are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub write: Write,
    pub place: Place,
    /// The object, a fact a line.
    pub about: Vec<String>,
    pub changes: Vec<Change>,
    pub consequence: String,
    /// Facts that need attention; with one, the note must be longer.
    pub warnings: Vec<String>,
    /// The command that undoes it; `None` if nothing undoes it.
    pub undo: Option<String>,
    /// The text that the user must type.
    pub typed: String,
    /// Milliseconds since 1970 UTC at which the deciding reads ended.
    pub read_at: i64,
    pub before: Seen,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPlanned {
    /// The object is already as the write would make it.
    #[error("nothing to do: {0}")]
    Already(String),
    #[error("{0}")]
    NotOffered(String),
    /// The profile does not allow it, or an id is not valid.
    #[error("{0}")]
    NotAllowed(String),
    /// A deciding read failed.
    #[error("nothing was sent: {0}")]
    Unread(Failure),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmError {
    #[error("the typed text differs from the requested one; nothing was sent")]
    Typed,
    #[error("a note for the audit log is missing")]
    NoNote,
    #[error("the note must have {LONG_NOTE} characters or more, because of the warning")]
    ShortNote,
    #[error("the note must be one line of at most {LONGEST_NOTE} characters")]
    Note,
}

/// How a plan was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Typed(String),
    /// `--yes`, with the full id on the command line.
    Yes,
}

/// A plan that was confirmed. Only [`Plan::confirm`] makes one, and only it can be carried out.
#[derive(Clone, PartialEq, Eq)]
pub struct Confirmed {
    pub(super) plan: Plan,
    pub(super) typed: String,
    pub(super) note: String,
}

impl fmt::Debug for Confirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Confirmed({:?})", self.plan.write)
    }
}

impl Plan {
    pub fn kind(&self) -> WriteKind {
        self.write.kind()
    }

    /// `PUT https://payments.spotahome.com/payments/…/block`
    pub fn call(&self) -> String {
        format!("{} {}", self.write.method(), self.place.url)
    }

    /// The body as sent; property ids are not secret.
    pub fn body(&self) -> Option<String> {
        self.write.body().map(|body| body.to_string())
    }

    /// Characters of the shortest note.
    pub fn shortest_note(&self) -> usize {
        if self.warnings.is_empty() { 1 } else { LONG_NOTE }
    }

    /// Fails if the text is not that of the plan, or without a note.
    pub fn confirm(&self, answer: &Answer, note: &str) -> Result<Confirmed, ConfirmError> {
        let note = note.trim();
        let count = note.chars().count();
        if count == 0 {
            return Err(ConfirmError::NoNote);
        }
        if count > LONGEST_NOTE || note.chars().any(char::is_control) {
            return Err(ConfirmError::Note);
        }
        if count < self.shortest_note() {
            return Err(ConfirmError::ShortNote);
        }
        let typed = match answer {
            Answer::Typed(typed) if typed.trim() == self.typed => self.typed.clone(),
            Answer::Typed(_) => return Err(ConfirmError::Typed),
            Answer::Yes => "--yes".to_owned(),
        };
        Ok(Confirmed { plan: self.clone(), typed, note: note.to_owned() })
    }

    /// Whether a later plan of the same write says the same, apart from when it was read.
    pub fn is_same(&self, later: &Self) -> bool {
        self.difference(later).is_none()
    }

    /// What a later plan of the same write says differently, apart from when it was read.
    pub fn difference(&self, later: &Self) -> Option<String> {
        let without_events = |seen: &Seen| match seen.clone() {
            Seen::Payment(payment) => {
                Seen::Payment(PaymentSeen { last_event: None, effects: Vec::new(), ..payment })
            }
            other => other,
        };
        if !self.place.who.is_same_user(&later.place.who) {
            return Some(format!(
                "the token was \"{}\", now it is \"{}\"",
                self.who_line(),
                later.who_line()
            ));
        }
        let place = |plan: &Self| Place { who: Who::default(), ..plan.place.clone() };
        if self.write != later.write || place(self) != place(later) {
            return Some("the write or its server".to_owned());
        }
        if without_events(&self.before) == without_events(&later.before) {
            return None;
        }
        if let (Seen::Account(own), Seen::Account(new)) = (&self.before, &later.before)
            && own.iban_hash != new.iban_hash
        {
            return Some("the IBAN of the account".to_owned());
        }
        let first = later.changes.iter().find(|it| !self.changes.contains(it));
        let first = first.map(|it| format!("{}: {}", it.what, it.now));
        Some(first.unwrap_or_else(|| later.about.join(", ")))
    }
}

/// The plan of a write by what its deciding reads say.
pub fn plan(write: Write, before: Seen, place: Place, read_at: i64) -> Result<Plan, NotPlanned> {
    let facts = match (&write, &before) {
        (Write::Block { id } | Write::Unblock { id } | Write::Cancel { id }, Seen::Payment(it)) => {
            of_payment(write.kind(), id, it)?
        }
        (Write::CancelFees { booking }, Seen::Fees(fees)) => of_fees(booking, fees)?,
        (
            Write::Match { account, properties } | Write::Unmatch { account, properties },
            Seen::Account(it),
        ) => of_account(write.kind(), account, properties, it)?,
        _ => {
            let why = "internal error: the reads belong to another write".to_owned();
            return Err(NotPlanned::NotOffered(why));
        }
    };
    let Facts { about, changes, consequence, warnings, typed } = facts;
    let undo = write.undo().map(|undo| command_line(&undo, &place.profile));
    Ok(Plan { write, place, about, changes, consequence, warnings, undo, typed, read_at, before })
}

/// `valora payments unblock ID --profile acme --write --note "…"`
pub fn command_line(write: &Write, profile: &str) -> String {
    let arguments = write.arguments().join(" ");
    format!("valora payments {arguments} --profile {profile} --write --note \"…\"")
}

struct Facts {
    about: Vec<String>,
    changes: Vec<Change>,
    consequence: String,
    warnings: Vec<String>,
    typed: String,
}

fn change(what: &str, now: impl Into<String>, then: impl Into<String>) -> Vec<Change> {
    vec![Change { what: what.to_owned(), now: now.into(), then: then.into() }]
}

fn of_payment(kind: WriteKind, id: &str, payment: &PaymentSeen) -> Result<Facts, NotPlanned> {
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

fn of_fees(booking: &str, seen: &FeesSeen) -> Result<Facts, NotPlanned> {
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

fn of_account(
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

#[cfg(test)]
mod tests;
