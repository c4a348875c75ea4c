//! Decisions on their way into a memory, and what happens where two sessions decide about one penalty.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::{Entry, Memory, oldest};

/// What one session decided at once, or took back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// The session, as [`Entry::session`] names it.
    pub session: u32,
    /// By the id of the penalty.
    pub entries: BTreeMap<String, EntryChange>,
    /// Whether the session takes decisions of its own back: then it changes no other's.
    pub is_undo: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryChange {
    /// The entry to be remembered; an empty one removes what was.
    pub entry: Entry,
    /// The entry that the session knew before.
    pub known: Option<Entry>,
}

/// A penalty about which another session had decided, unknown to this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    pub id: String,
    /// What the other session left; `None` if it cleared its decision.
    pub theirs: Option<Entry>,
    /// When the other session decided, on the clock on the wall, where that is known.
    pub at: Option<NaiveDateTime>,
    /// What this session was about to write.
    pub own: EntryChange,
    /// Whether what the other session decided was left as it is, since this one only took its own
    /// decision back.
    pub is_left: bool,
}

impl Entry {
    pub fn in_words(&self) -> String {
        match (self.decision, self.snoozed_until) {
            (Some(decision), _) => decision.word().to_owned(),
            (None, Some(until)) => format!("snoozed until {until}"),
            (None, None) if !self.note.is_empty() => "a note".to_owned(),
            (None, None) if self.is_flagged => "flagged".to_owned(),
            (None, None) => "cleared".to_owned(),
        }
    }
}

impl Memory {
    /// Applies decisions. Returns those of other sessions that this one did not know.
    pub fn decide(&mut self, decisions: &Decisions, today: NaiveDate) -> Vec<Collision> {
        let mut collisions = Vec::new();
        let Decisions { session, is_undo, .. } = *decisions;
        for (id, own) in &decisions.entries {
            let before = self.entries.get(id);
            if !is_known(before, own.known.as_ref(), session, today) {
                let (id, theirs) = (id.clone(), before.cloned());
                let collision =
                    Collision { id, theirs, at: None, own: own.clone(), is_left: is_undo };
                collisions.push(collision);
                if is_undo {
                    continue;
                }
            }
            if own.entry.is_empty() {
                self.entries.remove(id);
            } else {
                self.entries.insert(id.clone(), own.entry.clone());
            }
        }
        collisions
    }

    /// Returns `true` if the file holds nothing that another session has decided and this memory
    /// of the session does not know.
    pub fn knows_all_of(&self, file: &Self, session: u32, today: NaiveDate) -> bool {
        let mut ids = self.entries.keys().chain(file.entries.keys());
        ids.all(|id| is_known(file.entries.get(id), self.entries.get(id), session, today))
    }
}

/// Returns `true` if what the file holds is what the session wrote or has read. What it wrote itself
/// it knows, whichever of its decisions it is. Of what it has read, an old decision that is gone was
/// pruned, and not cleared by anyone.
fn is_known(file: Option<&Entry>, known: Option<&Entry>, session: u32, today: NaiveDate) -> bool {
    match (file, known) {
        (None, Some(known)) => known.session != session && !known.is_decided_since(oldest(today)),
        (Some(file), _) if file.session == session => true,
        (file, known) => file == known,
    }
}
