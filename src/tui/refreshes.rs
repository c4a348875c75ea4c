//! How often a view is refreshed: at most once a second, however often its key is pressed.
//!
//! Everybody on the same customer shares its limit of requests; a key that is held down must not
//! spend it.

use super::msg::ScreenId;

/// Milliseconds between two refreshes of the same view.
const PAUSE: u64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Every list that was opened, and the booking.
    All,
    List(usize),
    Screen(ScreenId),
}

/// The refreshes of the last second, and the one that waits for its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refreshes {
    begun: Vec<(View, u64)>,
    waiting: Option<(View, u64)>,
}

impl Refreshes {
    /// Returns `true` if a refresh may start now; otherwise the last one asked for starts when the second
    /// is over.
    pub fn ask(&mut self, view: View, now: u64) -> bool {
        self.begun.retain(|(_, at)| now < at + PAUSE);
        let overlaps = |other: View| view == View::All || other == View::All || other == view;
        let newest =
            self.begun.iter().filter(|(other, _)| overlaps(*other)).map(|(_, at)| *at).max();
        let Some(newest) = newest else {
            self.waiting = None;
            self.begun.push((view, now));
            return true;
        };
        let is_covered = matches!(self.waiting, Some((View::All, _)));
        if !is_covered {
            self.waiting = Some((view, newest + PAUSE));
        }
        false
    }

    pub fn cancel(&mut self) {
        self.waiting = None;
    }

    pub fn wake_at(&self) -> Option<u64> {
        self.waiting.map(|(_, at)| at)
    }

    /// The refresh whose second is over. One of a view that is no longer shown is dropped.
    pub fn due(&mut self, shown: View, now: u64) -> Option<View> {
        let (view, at) = self.waiting?;
        if view != View::All && view != shown {
            self.waiting = None;
            return None;
        }
        if now < at {
            return None;
        }
        self.waiting = None;
        self.begun.push((view, now));
        Some(view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_refreshed_once_a_second_and_the_last_one_asked_for_follows() {
        let mut refreshes = Refreshes::default();
        let here = View::List(0);
        let mut begun = Vec::new();
        for now in (0..=3_000).step_by(5) {
            if refreshes.due(here, now).is_some() || now < 2_500 && refreshes.ask(here, now) {
                begun.push(now);
            }
        }
        assert_eq!(begun, [0, 1_000, 2_000, 3_000]);
        assert_eq!(refreshes.wake_at(), None);
    }

    #[test]
    fn all_covers_each_and_another_view_need_not_wait() {
        let mut refreshes = Refreshes::default();
        assert!(refreshes.ask(View::List(0), 0));
        assert!(refreshes.ask(View::List(1), 10));
        assert!(!refreshes.ask(View::All, 20));
        assert!(!refreshes.ask(View::List(0), 30), "the one of all waits");
        assert_eq!(refreshes.wake_at(), Some(1_010));
        assert_eq!(refreshes.due(View::List(0), 1_009), None);
        assert_eq!(refreshes.due(View::List(0), 1_010), Some(View::All));
        assert!(!refreshes.ask(View::List(1), 1_500));
        assert_eq!(
            refreshes.due(View::Screen(ScreenId(1)), 3_000),
            None,
            "it is not shown any more"
        );
        assert_eq!(refreshes.wake_at(), None);
    }
}
