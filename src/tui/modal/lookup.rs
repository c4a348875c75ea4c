//! The lookup of a booking: what is typed or pasted, and the bookings that it may mean.

use tui_input::Input;

use crate::conciliation::reference::{Found, find, rank};
use crate::domain::text::Untrusted;

const OFFERED: usize = 8;

#[derive(Debug, Default)]
pub struct Lookup {
    pub input: Input,
    pub problem: Option<String>,
    /// The bookings seen in this session, the newest first.
    recent: Vec<Untrusted>,
    /// The bookings that are offered below.
    pub offered: Vec<Untrusted>,
    /// The one of them that is chosen.
    pub cursor: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    Booking(Untrusted),
    /// Nothing yet: the prompt says why.
    Unclear,
}

impl Lookup {
    /// A prompt that offers recent bookings.
    pub fn new(typed: String, problem: Option<String>, recent: Vec<Untrusted>) -> Self {
        let mut lookup = Self { input: Input::new(typed), problem, recent, ..Self::default() };
        lookup.offer();
        lookup
    }

    pub fn changed(&mut self) {
        self.problem = None;
        self.offer();
    }

    fn offer(&mut self) {
        self.cursor = None;
        let shown: Vec<_> = self.recent.iter().map(Untrusted::shown).collect();
        let ranked = rank(shown.iter().map(AsRef::as_ref), self.input.value());
        let best = ranked.into_iter().take(OFFERED);
        self.offered = best.filter_map(|place| self.recent.get(place).cloned()).collect();
    }

    /// Goes up or down among what is offered; up from the first goes back to what was typed.
    pub fn step(&mut self, is_down: bool) {
        let last = self.offered.len().checked_sub(1);
        self.cursor = match (self.cursor, is_down) {
            (None, true) => last.map(|_| 0),
            (Some(at), true) => last.map(|last| (at + 1).min(last)),
            (Some(at), false) => at.checked_sub(1),
            (None, false) => None,
        };
    }

    /// The booking that is chosen, or that the text names. A text that names several offers them.
    pub fn submit(&mut self) -> Meant {
        if let Some(chosen) = self.cursor.and_then(|at| self.offered.get(at)) {
            return Meant::Booking(chosen.clone());
        }
        match find(self.input.value()) {
            Found::One(reference) => Meant::Booking(Untrusted::new(reference)),
            Found::Several(all) => {
                self.offered = all.into_iter().map(Untrusted::new).collect();
                self.cursor = Some(0);
                self.problem =
                    Some("Several references: up and down choose, enter opens.".to_owned());
                Meant::Unclear
            }
            Found::Nothing => {
                let typed = self.input.value().trim();
                self.problem = Some(if typed.is_empty() {
                    "Type the reference of a booking, as BK123456.".to_owned()
                } else {
                    "No reference of a booking is in this text.".to_owned()
                });
                Meant::Unclear
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(typed: &str) -> Lookup {
        let recent = ["BK100300", "BK100200", "CUST-77"].map(Untrusted::new).into();
        Lookup::new(typed.to_owned(), None, recent)
    }

    #[test]
    fn a_sentence_names_its_booking_and_several_are_offered() {
        let booking = |text: &str| Meant::Booking(Untrusted::new(text));
        assert_eq!(lookup("see https://x.example/?booking_id=BK9 !").submit(), booking("BK9"));
        let mut both = lookup("BK100234 or BK100235?");
        assert_eq!(both.submit(), Meant::Unclear);
        both.step(true);
        assert_eq!(both.submit(), booking("BK100235"));
        assert_eq!(lookup("hello there").submit(), Meant::Unclear);
    }

    #[test]
    fn recent_ones_are_ranked_as_one_types_and_chosen_with_the_arrows() {
        let mut recent = lookup("");
        assert_eq!(recent.offered.len(), 3);
        recent.input = Input::new("k2".to_owned());
        recent.changed();
        assert_eq!(recent.offered, [Untrusted::new("BK100200")]);
        recent.step(true);
        recent.step(true);
        assert_eq!(recent.submit(), Meant::Booking(Untrusted::new("BK100200")));
        recent.step(false);
        assert_eq!(recent.cursor, None);
    }
}
