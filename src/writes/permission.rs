//! Which writes a profile allows, and whether this session may write now.

use crate::clock::Now;
use crate::payments::write::{Permit, WriteKind};

/// Milliseconds after the last write at which a session is locked again.
pub const OPEN_FOR: i64 = 15 * 60 * 1_000;

/// The writes that the settings of a profile name; none without a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(Vec<Permit>);

impl Allowed {
    pub fn new(permits: impl IntoIterator<Item = Permit>) -> Self {
        let mut permits: Vec<Permit> = permits.into_iter().collect();
        permits.sort_unstable();
        permits.dedup();
        Self(permits)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn allows(&self, kind: WriteKind) -> bool {
        self.0.contains(&kind.permit())
    }

    /// The names as in the settings: `block, cancel`.
    pub fn names(&self) -> String {
        self.0.iter().map(|permit| permit.name()).collect::<Vec<_>>().join(", ")
    }
}

/// The lock of a session. It is open only while neither of the two clocks is over: the monotonic clock
/// may stop while the computer sleeps, and the wall clock can be set back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lock {
    opened: Option<Now>,
}

impl Lock {
    pub fn open(now: Now) -> Self {
        Self { opened: Some(now) }
    }

    pub fn closed() -> Self {
        Self::default()
    }

    pub fn is_open(self, now: Now) -> bool {
        self.left(now) > 0
    }

    /// Milliseconds until it closes; 0 if it is closed, or if the wall clock was set back before the
    /// time at which it was opened.
    pub fn left(self, now: Now) -> i64 {
        let Some(opened) = self.opened else { return 0 };
        let passed = i64::try_from(now.elapsed.saturating_sub(opened.elapsed)).unwrap_or(i64::MAX);
        let by_wall_clock = now.utc.saturating_sub(opened.utc);
        if by_wall_clock < 0 {
            return 0;
        }
        OPEN_FOR.saturating_sub(passed.max(by_wall_clock)).max(0)
    }

    /// Starts the 15 minutes again after a write; a closed lock stays closed.
    #[must_use]
    pub fn extended(self, now: Now) -> Self {
        if self.is_open(now) { Self::open(now) } else { Self::closed() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn a_name_allows_a_write_and_what_undoes_it_and_nothing_else() {
        let block = Allowed::new([Permit::Block, Permit::Block]);
        let allowed = WriteKind::VARIANTS.iter().filter(|kind| block.allows(**kind));
        assert_eq!(allowed.copied().collect::<Vec<_>>(), [WriteKind::Block, WriteKind::Unblock]);
        assert_eq!(block.names(), "block");
        let all = Allowed::new(Permit::VARIANTS.iter().copied());
        assert!(WriteKind::VARIANTS.iter().all(|kind| all.allows(*kind)));
        assert!(Allowed::default().is_empty() && !all.is_empty());
    }

    fn at(elapsed: i64, utc: i64) -> Now {
        Now { elapsed: elapsed.unsigned_abs(), utc, ..Now::default() }
    }

    #[test]
    fn a_lock_closes_15_minutes_after_the_last_write() {
        let now = |passed: i64| at(1_000 + passed, 5_000_000 + passed);
        let lock = Lock::open(now(0));
        assert!(lock.is_open(now(OPEN_FOR - 1)) && !lock.is_open(now(OPEN_FOR)));
        let later = lock.extended(now(600_000));
        assert_eq!(later.left(now(600_000)), OPEN_FOR);
        assert_eq!(lock.extended(now(OPEN_FOR)), Lock::closed(), "a write does not open it");
        assert!(!Lock::closed().is_open(now(0)));
    }

    #[test]
    fn no_clock_that_is_set_or_stops_keeps_a_lock_open() {
        let lock = Lock::open(at(1_000, 5_000_000));
        assert!(!lock.is_open(at(2_000, 4_999_999)), "the wall clock was set back");
        assert!(!lock.is_open(at(1_000 + OPEN_FOR, 5_000_001)), "and forward again");
        assert!(!lock.is_open(at(1_001, 5_000_000 + OPEN_FOR)), "the computer slept");
        assert!(lock.is_open(at(1_001, 5_000_001)));
    }
}
