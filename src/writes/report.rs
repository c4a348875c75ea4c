//! Plans, outcomes and the audit log as lines for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::log::{Contents, Entry, Intent, Record, Unresolved};
use super::outcome::{Outcome, Verdict};
use super::plan::Plan;
use crate::domain::money::counted;
use crate::domain::text::sanitize;

impl Plan {
    /// The lines of the plan, without its title.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.about.clone();
        lines.push(self.call());
        lines.extend(self.body().map(|body| format!("with the body {}", sanitize(&body))));
        let changes = self.changes.iter();
        lines.extend(changes.map(|it| format!("{}: {} → {}", it.what, it.now, it.then)));
        lines.push(self.consequence.clone());
        lines.extend(self.warnings.iter().map(|warning| format!("WARNING: {warning}")));
        lines.push(match &self.undo {
            Some(undo) => format!("undone by: {undo}"),
            None => "undone by: nothing".to_owned(),
        });
        lines.push(self.who_line());
        lines
    }

    /// `as admin, token until 2100-01-01 00:00:00Z`
    pub fn who_line(&self) -> String {
        let who = &self.place.who;
        let sub = who.sub.as_ref().map(|sub| sub.shown().into_owned());
        let sub = sub.unwrap_or_else(|| "a user that the token does not name".to_owned());
        let exp = who.exp.as_ref().map(|exp| format!(", token valid until {exp}"));
        format!("as {sub}{}", exp.unwrap_or_default())
    }

    /// `Block this payment · PRODUCTION · profile acme`
    pub fn title(&self) -> String {
        let place = &self.place;
        format!("{} · {} · profile {}", self.kind().title(), place.environment, place.profile)
    }

    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n", self.title());
        for line in self.lines() {
            let _ = writeln!(text, "  {line}");
        }
        text
    }
}

impl Outcome {
    /// The first line, the refused fields, and how to undo it.
    pub fn lines(&self, profile: &str) -> Vec<String> {
        let sign = match self.verdict {
            _ if self.is_unlogged => "!",
            Verdict::Done => "✓",
            Verdict::Unknown | Verdict::AcceptedNotSeen | Verdict::NotSeen | Verdict::Partly => "?",
            _ => "✗",
        };
        let mut lines = vec![format!("{sign} {}", self.says)];
        lines.extend(self.fields.iter().map(|(field, why)| format!("{field}: {why}")));
        lines.extend(self.wait.map(|seconds| format!("wait {seconds} s before you confirm again")));
        let undo = self.undo.as_ref().map(|undo| super::plan::command_line(undo, profile));
        lines.extend(undo.map(|undo| format!("undo: {undo}")));
        lines
    }
}

impl Unresolved {
    /// `? block 5c4cd17f-… of 2026-11-09T09:12:00.000Z to payments.spotahome.com: result unknown`
    pub fn line(&self) -> String {
        let Intent { write, host, .. } = &self.intent;
        let (kind, id, at) = (write.kind().name(), write.id(), &self.at);
        sanitize(&format!("? {kind} {id} of {at} to {host}: result unknown")).into_owned()
    }
}

impl Contents {
    /// One block of lines per write, oldest first.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut order: Vec<&str> = Vec::new();
        let mut writes: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in &self.entries {
            let of_write = writes.entry(&entry.id).or_default();
            if of_write.is_empty() {
                order.push(&entry.id);
            }
            of_write.push(entry);
        }
        for entries in order.iter().filter_map(|id| writes.get(id)) {
            for entry in entries {
                let _ = writeln!(text, "{}", line(entry));
            }
        }
        text
    }

    /// A warning about lines that were cut or changed.
    pub fn warning(&self) -> Option<String> {
        let first = self.broken.first()?;
        let count = counted(self.broken.len() as u64, "line");
        let unread = self.unread_in_words().map(|words| format!("; {words}")).unwrap_or_default();
        Some(format!(
            "{count} of the audit log cannot be read or do not follow the line before, the first one \
             is line {first}: the log was cut or changed, or written by a newer valora{unread}"
        ))
    }

    /// `1 line of the audit log cannot be read and may be an open write`
    pub fn unread_in_words(&self) -> Option<String> {
        let may_be = if self.unread == 1 { "may be an open write" } else { "may be open writes" };
        let count = counted(self.unread as u64, "line");
        (self.unread > 0).then(|| format!("{count} of the audit log cannot be read and {may_be}"))
    }

    /// About lines that were not completely written, which is no fault of the log.
    pub fn torn_in_words(&self) -> Option<String> {
        let first = self.torn.first()?;
        let count = counted(self.torn.len() as u64, "line");
        Some(format!(
            "not completely written: {count} of the audit log, the first one is line {first}: valora \
             or the computer stopped at that time"
        ))
    }
}

fn line(entry: &Entry) -> String {
    let text = match &entry.record {
        Record::Intent(intent) => {
            let who = intent.sub.as_ref().map(|sub| format!(" as {sub}")).unwrap_or_default();
            format!(
                "{}  {} {} {} by {}{who}: {}",
                entry.at,
                intent.write.kind().name(),
                intent.write.id(),
                intent.host,
                intent.os_user,
                intent.note
            )
        }
        Record::Answer(answer) => {
            let status = answer.status.map_or_else(|| "no status".to_owned(), |it| it.to_string());
            let error = answer.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
            format!("{}    answer: {status} after {} ms{error}", entry.at, answer.ms)
        }
        Record::Verdict { verdict, says, .. } => {
            format!("{}    {}: {says}", entry.at, verdict.word())
        }
    };
    sanitize(&text).into_owned()
}
