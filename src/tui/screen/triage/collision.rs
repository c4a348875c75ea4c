//! Two sessions that decided about the same penalty: the other decision is shown, and stays within
//! reach of undo.

use std::collections::BTreeMap;

use super::decide::Course;
use super::state::TriageScreen;
use crate::domain::text::sanitise;
use crate::triage::memory::{Collision, Entry};
use crate::tui::cx::Cx;

impl TriageScreen {
    /// Says what another session had decided. Where this one has replaced it, undo restores it; where
    /// this one was only to undo, it is here now as it is in the file.
    pub fn collided(&mut self, collisions: Vec<Collision>, cx: &mut Cx) {
        let Some(first) = collisions.first() else { return };
        cx.say(in_words(cx, first, collisions.len() - 1));
        let mut restored = BTreeMap::new();
        for collision in collisions {
            let Collision { id, theirs, own, is_left, .. } = collision;
            if is_left {
                let entries = &mut cx.kept.memory.entries;
                entries.remove(&id);
                entries.extend(theirs.map(|theirs| (id, theirs)));
                continue;
            }
            let is_of =
                |(of, before): &&mut (String, Option<Entry>)| *of == id && *before == own.known;
            match self.decisions.iter_mut().rev().flatten().find(is_of) {
                Some((_, before)) => *before = theirs,
                // It is undone already.
                None => {
                    restored.insert(id, theirs.unwrap_or_default());
                }
            }
        }
        cx.decisions_version += 1;
        self.arrange(cx);
        if !restored.is_empty() {
            self.put(restored, Course::Undo, cx);
        }
    }
}

fn in_words(cx: &Cx, collision: &Collision, others: usize) -> String {
    let Collision { theirs, at, own, is_left, .. } = collision;
    let words = |entry: &Entry| entry.in_words();
    let at = at.map(|at| {
        let is_today = at.date() == cx.now.local.date();
        at.format(if is_today { " at %H:%M" } else { " on %Y-%m-%d at %H:%M" }).to_string()
    });
    let booking = theirs.as_ref().unwrap_or(&own.entry).booking.as_str();
    let booking = if booking.is_empty() { "a penalty" } else { booking };
    let more = if others == 0 { String::new() } else { format!(" And {others} more like this.") };
    let theirs = theirs.as_ref().map_or_else(|| "cleared".to_owned(), words);
    let decided = format!(
        "another session decided about {}: {theirs}{}",
        sanitise(booking),
        at.unwrap_or_default()
    );
    if *is_left {
        return format!("Not undone: {decided}, after you.{more}");
    }
    let own = own.entry.in_words();
    format!("Note: {decided}. Yours replaces it: {own}; {{undo-verdict}} restores theirs.{more}")
}
