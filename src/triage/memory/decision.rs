//! Decisions on their way to the file, and what happens where two sessions decide about one penalty.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::{Entry, Memory};

/// What one session decided, or took back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// The session, as [`Entry::session`] names it.
    pub session: u32,
    /// By the id of the penalty.
    pub entries: BTreeMap<String, Decision>,
    /// Whether the session takes decisions of its own back: then it changes no other's.
    pub is_undo: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// What the file is to hold; an empty entry clears it.
    pub entry: Entry,
    /// What the session takes the file to hold.
    pub known: Option<Entry>,
}

/// A penalty about which another session had decided, unknown to this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    pub id: String,
    /// What the other session left; nothing where it cleared its decision.
    pub theirs: Option<Entry>,
    /// When the other session decided, on the clock on the wall, where that is known.
    pub at: Option<NaiveDateTime>,
    /// What this session was about to write.
    pub own: Decision,
    /// Whether what the other session decided was left as it is, since this one only took its own
    /// decision back.
    pub is_left: bool,
}

impl Entry {
    /// Whether it is the same decision of the same session. The time is not compared: only whoever
    /// writes the file knows it.
    pub fn is_same(&self, other: &Self) -> bool {
        Self { decided: other.decided, ..self.clone() } == *other
    }

    pub fn in_words(&self) -> String {
        match (self.verdict, self.snoozed_until) {
            (Some(verdict), _) => verdict.word().to_owned(),
            (None, Some(until)) => format!("snoozed until {until}"),
            (None, None) if !self.note.is_empty() => "a note".to_owned(),
            (None, None) if self.is_flagged => "flagged".to_owned(),
            (None, None) => "cleared".to_owned(),
        }
    }
}

impl Memory {
    /// Whether the decisions are the same, whatever the times.
    pub fn has_same_entries(&self, other: &Self) -> bool {
        let is_same = |(id, entry): (&String, &Entry)| {
            other.entries.get(id).is_some_and(|theirs| theirs.is_same(entry))
        };
        self.entries.len() == other.entries.len() && self.entries.iter().all(is_same)
    }

    /// Takes in what a session decided at `at`; gives the decisions of others that it did not know.
    /// What was decided before the day `oldest` can be forgotten.
    pub(super) fn decide(
        &mut self,
        decided: &Decided,
        at: i64,
        oldest: NaiveDate,
    ) -> Vec<Collision> {
        let mut collisions = Vec::new();
        for (id, own) in &decided.entries {
            let before = self.entries.get(id);
            if !is_known(before, own.known.as_ref(), decided.session, oldest) {
                collisions.push(Collision {
                    id: id.clone(),
                    theirs: before.cloned(),
                    at: None,
                    own: own.clone(),
                    is_left: decided.is_undo,
                });
                if decided.is_undo {
                    continue;
                }
            }
            // A clock that was set back must not make a later decision an older one.
            let last = before.map_or(i64::MIN, |entry| entry.decided);
            let decided = at.max(last.saturating_add(1));
            if own.entry.is_empty() {
                self.entries.remove(id);
            } else {
                self.entries.insert(id.clone(), Entry { decided, ..own.entry.clone() });
            }
        }
        collisions
    }
}

/// Whether what the file holds is what the session wrote or has read. What it wrote itself it knows,
/// whichever of its decisions it is. Of what it has read, an old decision that is gone was forgotten,
/// and not cleared by anyone.
fn is_known(file: Option<&Entry>, known: Option<&Entry>, session: u32, oldest: NaiveDate) -> bool {
    match (file, known) {
        (None, None) => true,
        (None, Some(known)) => known.session != session && !known.is_decided_since(oldest),
        (Some(file), _) if file.session == session => true,
        (Some(file), Some(known)) => file.is_same(known),
        (Some(_), None) => false,
    }
}
