//! Opens a booking by its reference: the typed or pasted text, and the bookings it may mean.

use crate::domain::reference::{find, rank};
use crate::domain::text::Untrusted;
use crate::tui::keymap::Way;

const OFFERED: usize = 8;

#[derive(Debug, Default)]
pub struct Lookup {
    /// The newest first.
    recent: Vec<Untrusted>,
    pub offered: Vec<Untrusted>,
    pub cursor: Option<usize>,
}

impl Lookup {
    pub fn new(typed: &str, recent: Vec<Untrusted>) -> Self {
        let mut lookup = Self { recent, ..Self::default() };
        lookup.offer(typed);
        lookup
    }

    pub fn offer(&mut self, typed: &str) {
        self.cursor = None;
        let shown: Vec<_> = self.recent.iter().map(Untrusted::shown).collect();
        let ranked = rank(shown.iter().map(AsRef::as_ref), typed);
        let best = ranked.into_iter().take(OFFERED);
        self.offered = best.filter_map(|place| self.recent.get(place).cloned()).collect();
    }

    /// Up from the first suggestion returns to the typed text.
    pub fn step(&mut self, way: Way) {
        let last = self.offered.len().checked_sub(1);
        self.cursor = match (self.cursor, way) {
            (None, Way::Forward) => last.map(|_| 0),
            (Some(at), Way::Forward) => last.map(|last| (at + 1).min(last)),
            (Some(at), Way::Back) => at.checked_sub(1),
            (None, Way::Back) => None,
        };
    }

    /// Returns the reference, or what to do. A text with several references offers all of them.
    pub fn submit(&mut self, typed: &str) -> Result<Untrusted, &'static str> {
        if let Some(chosen) = self.cursor.and_then(|at| self.offered.get(at)) {
            return Ok(chosen.clone());
        }
        match &find(typed)[..] {
            [reference] => Ok(Untrusted::new(reference.as_str())),
            [] if typed.trim().is_empty() => Err("Type a booking reference, e.g. BK123456."),
            [] => Err("This text has no booking reference."),
            several => {
                self.offered = several.iter().map(|one| Untrusted::new(one.as_str())).collect();
                self.cursor = Some(0);
                Err("Several references: {choose-up} and {choose-down} choose, {submit} opens.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(typed: &str) -> Lookup {
        let recent = ["BK100300", "BK100200", "CUST-77"].map(Untrusted::new).into();
        Lookup::new(typed, recent)
    }

    #[test]
    fn a_sentence_names_its_booking_and_several_are_offered() {
        let booking = |text: &str| Ok(Untrusted::new(text));
        let submitted = |typed: &str| lookup(typed).submit(typed);
        assert_eq!(submitted("see https://x.example/?booking_id=BK9 !"), booking("BK9"));
        let text = "BK100234 or BK100235?";
        let mut both = lookup(text);
        assert!(both.submit(text).is_err());
        both.step(Way::Forward);
        assert_eq!(both.submit(text), booking("BK100235"));
        assert!(submitted("hello there").is_err());
        assert_eq!(submitted("BK 417356"), booking("BK417356"));
    }

    #[test]
    fn recent_ones_are_ranked_as_one_types_and_chosen_with_the_arrows() {
        let mut recent = lookup("");
        assert_eq!(recent.offered.len(), 3);
        recent.offer("k2");
        assert_eq!(recent.offered, [Untrusted::new("BK100200")]);
        recent.step(Way::Forward);
        recent.step(Way::Forward);
        assert_eq!(recent.submit("k2"), Ok(Untrusted::new("BK100200")));
        recent.step(Way::Back);
        assert_eq!(recent.cursor, None);
    }
}
