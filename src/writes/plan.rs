//! The plan of a write: what would be sent, what it changes, and what must be typed to confirm it.

use std::fmt;

mod facts;

use facts::{Facts, of_account, of_fees, of_payment};

use super::seen::{PaymentSeen, Seen};
use crate::domain::failure::Failure;
use crate::domain::text::Untrusted;
use crate::payments::write::{Write, WriteKind};

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

#[cfg(test)]
mod tests;
