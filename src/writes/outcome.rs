//! The result of a write, and its progress until then.

use std::time::Duration;

use strum::{EnumString, IntoStaticStr};

use super::plan::Plan;
use super::seen::Seen;
use crate::payments::write::Write;

/// The words are those of the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Verdict {
    /// The read shows the requested state.
    Done,
    /// The server refused, and the object is in the requested state: which request did it is not known.
    #[strum(serialize = "nothing to do")]
    Already,
    /// It was carried out, and the object is in another state again.
    #[strum(serialize = "done, changed again")]
    Reverted,
    /// The deciding reads differ from the plan; nothing was sent.
    Changed,
    /// The server did not carry it out (4xx).
    Refused,
    #[strum(serialize = "not sent")]
    NotSent,
    /// The intent could not be written to the audit log; nothing was sent.
    #[strum(serialize = "not logged")]
    NotLogged,
    /// It is not known whether the server carried it out, and the reads do not show it yet.
    Unknown,
    /// 2xx, but the reads do not show it yet.
    #[strum(serialize = "accepted, not seen")]
    AcceptedNotSeen,
    /// A day later a part of it is seen: no later read is made.
    #[strum(serialize = "partly done")]
    Partly,
    /// A day later the reads do not show it; whether it was carried out is not known.
    #[strum(serialize = "not seen")]
    NotSeen,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// Returns `true` if a later read may still change it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Unknown | Self::AcceptedNotSeen)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub write: Write,
    /// The id of its lines in the audit log; `None` if there are none.
    pub id: Option<String>,
    pub verdict: Verdict,
    /// Its answer or its result could not be written to the audit log.
    pub is_unlogged: bool,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// One sentence, sanitized.
    pub says: String,
    /// 422: each refused field with its message, sanitized.
    pub fields: Vec<(String, String)>,
    /// 429: seconds to wait.
    pub wait: Option<u64>,
    /// What the last deciding read says.
    pub after: Option<Seen>,
    /// Only after [`Verdict::Done`], and only right after the answer.
    pub undo: Option<Write>,
    /// The new plan after [`Verdict::Changed`].
    pub plan: Option<Box<Plan>>,
}

/// In this order; the result of the task follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Reads again before anything is sent.
    Checking,
    /// The intent is in the audit log, and the request is sent now.
    Sending,
    /// The deciding read runs, after the answer with this status.
    Looking { status: Option<u16> },
    /// The effect is not seen yet; the next read is after this time.
    Waiting { next: Duration },
}
