//! Limits refreshes to one a second for each screen, however often the key is pressed.
//!
//! All users of a customer share its rate limit; a key that is held down must not spend it.

use super::msg::ScreenId;

/// Milliseconds between two refreshes of the same screen.
const PAUSE: u64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshTarget {
    /// The screen and every opened list.
    All,
    List(usize),
    Screen(ScreenId),
}

/// The refreshes of the last second, and the one that waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refreshes {
    begun: Vec<(RefreshTarget, u64)>,
    waiting: Option<(RefreshTarget, u64)>,
}

impl Refreshes {
    /// Returns `true` if a refresh may start now; otherwise the last requested one starts when the
    /// second is over.
    pub fn ask(&mut self, target: RefreshTarget, now: u64) -> bool {
        self.begun.retain(|(_, at)| now < at + PAUSE);
        let overlaps = |other| [target, other].contains(&RefreshTarget::All) || other == target;
        let newest =
            self.begun.iter().filter(|(other, _)| overlaps(*other)).map(|(_, at)| *at).max();
        let Some(newest) = newest else {
            self.waiting = None;
            self.begun.push((target, now));
            return true;
        };
        let is_covered = matches!(self.waiting, Some((RefreshTarget::All, _)));
        if !is_covered {
            self.waiting = Some((target, newest + PAUSE));
        }
        false
    }

    pub fn cancel(&mut self) {
        self.waiting = None;
    }

    pub fn wake_at(&self) -> Option<u64> {
        self.waiting.map(|(_, at)| at)
    }

    /// The waiting refresh, once its second is over. It is dropped if its screen is no longer
    /// shown.
    pub fn due(&mut self, shown: RefreshTarget, now: u64) -> Option<RefreshTarget> {
        let (target, at) = self.waiting?;
        if target != RefreshTarget::All && target != shown {
            self.waiting = None;
            return None;
        }
        if now < at {
            return None;
        }
        self.waiting = None;
        self.begun.push((target, now));
        Some(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_refreshed_once_a_second_and_the_last_one_asked_for_follows() {
        let mut refreshes = Refreshes::default();
        let here = RefreshTarget::List(0);
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
        assert!(refreshes.ask(RefreshTarget::List(0), 0));
        assert!(refreshes.ask(RefreshTarget::List(1), 10));
        assert!(!refreshes.ask(RefreshTarget::All, 20));
        assert!(!refreshes.ask(RefreshTarget::List(0), 30), "the one of all waits");
        assert_eq!(refreshes.wake_at(), Some(1_010));
        assert_eq!(refreshes.due(RefreshTarget::List(0), 1_009), None);
        assert_eq!(refreshes.due(RefreshTarget::List(0), 1_010), Some(RefreshTarget::All));
        assert!(!refreshes.ask(RefreshTarget::List(1), 1_500));
        assert_eq!(
            refreshes.due(RefreshTarget::Screen(ScreenId(1)), 3_000),
            None,
            "it is not shown any more"
        );
        assert_eq!(refreshes.wake_at(), None);
    }
}
