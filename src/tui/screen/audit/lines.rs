//! The writes of an audit log: the entries of each, as one line and in detail.

use std::collections::HashMap;

use ratatui::style::Style;

use crate::domain::text::sanitize;
use crate::payments::write::Write;
use crate::tui::modal::writing::lines::style;
use crate::tui::theme::Theme;
use crate::writes::log::{Answer, Entry, Intent, Record};
use crate::writes::outcome::Verdict;
use crate::writes::seen::{Seen, Text};

/// Characters of a time to the second: `2026-11-20T09:14:03`.
const SECONDS: usize = 19;

const UNDER_WAY: &str = "under way";

/// All entries of one write.
#[derive(Debug)]
pub struct Item {
    entries: Vec<Entry>,
}

/// The newest write first.
pub fn items(entries: &[Entry]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for entry in entries {
        let at = *places.entry(&entry.id).or_insert_with(|| {
            items.push(Item { entries: Vec::new() });
            items.len() - 1
        });
        if let Some(item) = items.get_mut(at) {
            item.entries.push(entry.clone());
        }
    }
    items.reverse();
    items
}

impl Item {
    fn intent(&self) -> Option<&Intent> {
        self.entries.iter().find_map(|entry| match &entry.record {
            Record::Intent(intent) => Some(&**intent),
            _ => None,
        })
    }

    fn answer(&self) -> Option<&Answer> {
        self.entries.iter().find_map(|entry| match &entry.record {
            Record::Answer(answer) => Some(answer),
            _ => None,
        })
    }

    /// Returns `true` if it is this write, and the log has no verdict on it.
    pub fn is_open_write(&self, write: &Write) -> bool {
        self.verdict().is_none() && self.intent().is_some_and(|intent| intent.write == *write)
    }

    /// The last verdict: a later one replaces one that was open.
    fn verdict(&self) -> Option<(Verdict, &str)> {
        self.entries.iter().rev().find_map(|entry| match &entry.record {
            Record::Verdict { verdict, says, .. } => Some((*verdict, says.as_str())),
            _ => None,
        })
    }

    /// `2026-11-20 09:14:03Z`
    pub fn time(&self) -> String {
        let at = self.entries.first().map(|entry| entry.at.as_str()).unwrap_or_default();
        let at: String = sanitize(at).chars().take(SECONDS).collect();
        format!("{}Z", at.replace('T', " "))
    }

    /// The word of the outcome, and its style.
    pub fn outcome(&self, theme: &Theme, is_under_way: bool) -> (&'static str, Style) {
        if is_under_way {
            return (UNDER_WAY, theme.warning);
        }
        let Some((verdict, _)) = self.verdict() else { return ("unknown", theme.warning) };
        (verdict.word(), style(verdict, theme))
    }

    /// `block HB100003: tenant disputes the amount`
    pub fn what(&self) -> String {
        let Some(intent) = self.intent() else { return "the intent is missing".to_owned() };
        let name = intent.write.kind().name();
        format!("{name} {}: {}", object(intent), sanitize(&intent.note))
    }

    /// For the clipboard.
    pub fn line(&self) -> String {
        let word = self.verdict().map_or("unknown", |(verdict, _)| verdict.word());
        format!("{}  {word}  {}", self.time(), self.what())
    }

    pub fn title(&self) -> String {
        let name = self.intent().map_or("write", |intent| intent.write.kind().name());
        format!("{name} · {}", self.time())
    }

    pub fn details(&self, is_under_way: bool) -> Vec<String> {
        let mut lines = Vec::new();
        let mut fact = |label: &str, text: &str| {
            if !text.is_empty() {
                lines.push(format!("{label:<12}{}", sanitize(text)));
            }
        };
        let (verdict, says) =
            self.verdict().map_or(("unknown", ""), |(it, says)| (it.word(), says));
        let verdict = if is_under_way { UNDER_WAY } else { verdict };
        fact("Outcome", verdict);
        fact("", says);
        if let Some(Intent { method, path, note, typed, profile, host, .. }) = self.intent() {
            fact("Request", &format!("{method} {path}"));
            fact("Server", &format!("{host}, profile {profile}"));
            fact("Note", note);
            fact("Typed", typed);
        }
        if let Some(intent) = self.intent() {
            let ssh = intent.ssh.as_ref().map(|ssh| format!(", over SSH from {ssh}"));
            let user = format!("{}{}", intent.os_user, ssh.unwrap_or_default());
            fact("By", &user);
            fact("Token of", intent.sub.as_deref().unwrap_or_default());
            fact("Body", &intent.body.as_ref().map(ToString::to_string).unwrap_or_default());
        }
        match self.answer() {
            Some(Answer { status, error, ms, problem, .. }) => {
                let status = status.map_or_else(|| "no status".to_owned(), |it| it.to_string());
                fact("Answer", &format!("{status} after {ms} ms"));
                fact("", error.as_deref().unwrap_or_default());
                let said = problem.as_ref().and_then(|it| it.detail.as_ref().or(it.title.as_ref()));
                fact("", said.map_or("", String::as_str));
            }
            None if is_under_way => fact("Answer", "not yet"),
            None => fact("Answer", "not recorded: valora ended before it, or nothing was sent"),
        }
        for entry in &self.entries {
            if let Record::Verdict { verdict, undo, .. } = &entry.record {
                fact("Looked", &format!("{}: {}", entry.at, verdict.word()));
                fact("Undone by", undo.as_deref().unwrap_or_default());
            }
        }
        lines
    }

    /// The lines of the log as they are, each formatted.
    pub fn json(&self) -> String {
        let each = self.entries.iter().map(serde_json::to_string_pretty);
        each.filter_map(Result::ok).collect::<Vec<_>>().join("\n")
    }
}

/// The reference of the booking, else the id in the path.
pub fn object(intent: &Intent) -> String {
    let reference = match &intent.before {
        Seen::Payment(payment) => payment.reference.as_ref(),
        Seen::Fees(fees) => fees.fees.iter().find_map(|fee| fee.reference.as_ref()),
        Seen::Account(_) => None,
    };
    reference.map_or_else(|| sanitize(intent.write.id()).into_owned(), Text::shown)
}
