//! One line of the audit log.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::payments::account::hidden_text;
use crate::payments::problem::Problem;
use crate::payments::write::Write;
use crate::writes::outcome::Verdict;
use crate::writes::plan::{Confirmed, Who};
use crate::writes::seen::Seen;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// A UUID, the same for all lines of a write.
    pub id: String,
    /// UTC, with milliseconds.
    pub at: String,
    #[serde(flatten)]
    pub record: Record,
    /// The SHA-256 of the line before; empty in the first line.
    #[serde(default)]
    pub prev: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "lowercase")]
pub enum Record {
    Intent(Box<Intent>),
    Answer(Answer),
    Verdict {
        #[serde(with = "words")]
        verdict: Verdict,
        says: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Seen>,
        /// The command that undoes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<String>,
    },
}

/// What was about to be sent, by whom, and what was seen and typed before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    pub os_user: String,
    /// The client address of `SSH_CONNECTION`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssh: Option<String>,
    pub version: String,
    pub profile: String,
    pub host: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<String>,
    pub method: String,
    pub path: String,
    pub write: Write,
    /// With account numbers masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Of the body as sent, in hexadecimal digits.
    pub body_sha256: String,
    pub before: Seen,
    pub typed: String,
    pub note: String,
}

/// What an answer, or its absence, says about the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// The server accepted or refused it, as the status says.
    Answered,
    NotSent,
    /// The server may have carried it out.
    #[default]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Answer {
    #[serde(default)]
    pub kind: AnswerKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemText>,
    /// Why there is no usable answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Milliseconds from sending until the answer.
    pub ms: u64,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ProblemText {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
}

impl Answer {
    /// Returns `true` if it says by itself that the write was not carried out.
    pub fn is_refusal(&self) -> bool {
        match self.kind {
            AnswerKind::NotSent => true,
            AnswerKind::Answered => self.status.is_some_and(|it| !(200..=299).contains(&it)),
            AnswerKind::Unknown => false,
        }
    }
}

impl ProblemText {
    /// Sanitized, with account numbers masked; `None` if the body says nothing.
    pub fn of(problem: &Problem) -> Option<Self> {
        let text = |text: &crate::domain::text::Untrusted| hidden_text(&text.shown()).into_owned();
        let fields = problem.fields.iter().map(|(field, why)| (text(field), text(why))).collect();
        let said = Self {
            title: problem.title.as_ref().map(text),
            detail: problem.detail.as_ref().map(text),
            fields,
        };
        (said != Self::default()).then_some(said)
    }
}

/// The user of this computer who writes.
#[derive(Debug, Clone, Default)]
pub struct Author {
    pub os_user: String,
    pub ssh: Option<String>,
}

impl Author {
    pub fn of_process() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let name = variable("USER").or_else(|| variable("LOGNAME"));
        let uid = rustix::process::getuid().as_raw();
        let os_user = name.map_or_else(|| uid.to_string(), |name| format!("{name} ({uid})"));
        let ssh = variable("SSH_CONNECTION");
        let ssh = ssh.and_then(|it| it.split_whitespace().next().map(str::to_owned));
        Self { os_user, ssh }
    }
}

impl Intent {
    /// `who` is the owner of the token with which it is sent.
    pub fn new(confirmed: &Confirmed, author: &Author, host: &str, who: &Who) -> Self {
        let Confirmed { plan, typed, note } = confirmed;
        let body = plan.write.body();
        let sent = body.as_ref().map(Value::to_string).unwrap_or_default();
        Self {
            os_user: author.os_user.clone(),
            ssh: author.ssh.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: plan.place.profile.clone(),
            host: host.to_owned(),
            sub: who.sub.as_ref().map(|sub| sub.expose_raw().to_owned()),
            exp: who.exp.clone(),
            method: plan.write.method().to_owned(),
            path: plan.write.segments().unwrap_or_default().join("/"),
            write: plan.write.clone(),
            body,
            body_sha256: super::chain::sha256(sent.as_bytes()),
            before: plan.before.clone(),
            typed: typed.clone(),
            note: note.clone(),
        }
    }
}

impl Entry {
    pub fn new(id: &str, at: &str, record: Record) -> Self {
        Self { id: id.to_owned(), at: at.to_owned(), record, prev: String::new() }
    }

    /// Its line, without a line break. Account numbers are masked in every text, tax numbers hide
    /// the complete text.
    pub(super) fn to_line(&self) -> serde_json::Result<String> {
        let mut value = serde_json::to_value(self)?;
        mask(&mut value);
        serde_json::to_string(&value)
    }
}

fn mask(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(hidden) = hidden_text(text) {
                *text = hidden;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(mask),
        Value::Object(map) => map.values_mut().for_each(mask),
        _ => {}
    }
}

/// A random UUID (version 4).
pub fn new_id() -> String {
    let random = fastrand::u128(..);
    let random = random & !(0xf000_u128 << 64) | (0x4000_u128 << 64);
    let random = random & !(0xc000_u128 << 48) | (0x8000_u128 << 48);
    let hex = format!("{random:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// The verdicts by their words.
mod words {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::writes::outcome::Verdict;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) fn serialize<S: Serializer>(verdict: &Verdict, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(verdict.word())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Verdict, D::Error> {
        let word = String::deserialize(from)?;
        word.parse().map_err(|_unknown| D::Error::custom("an unknown result"))
    }
}
