//! Which writes a profile allows, and whether this session may write now.

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

/// The lock of a session. Times are milliseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lock {
    until: Option<i64>,
}

impl Lock {
    pub fn open(now: i64) -> Self {
        Self { until: Some(now.saturating_add(OPEN_FOR)) }
    }

    pub fn closed() -> Self {
        Self::default()
    }

    pub fn is_open(self, now: i64) -> bool {
        self.left(now) > 0
    }

    /// Milliseconds until it closes; 0 if it is closed.
    pub fn left(self, now: i64) -> i64 {
        self.until.map_or(0, |until| until.saturating_sub(now).clamp(0, OPEN_FOR))
    }

    /// Starts the 15 minutes again after a write; a closed lock stays closed.
    #[must_use]
    pub fn extended(self, now: i64) -> Self {
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

    #[test]
    fn a_lock_closes_15_minutes_after_the_last_write() {
        let lock = Lock::open(1_000);
        assert!(lock.is_open(1_000 + OPEN_FOR - 1) && !lock.is_open(1_000 + OPEN_FOR));
        let later = lock.extended(600_000);
        assert_eq!(later.left(600_000), OPEN_FOR);
        assert_eq!(lock.extended(1_000 + OPEN_FOR), Lock::closed(), "a write does not open it");
        assert!(!Lock::closed().is_open(0));
        // A clock that is set back leaves it open no longer than a fresh one.
        assert_eq!(lock.left(-99_000_000), OPEN_FOR);
    }
}
