//! The words of a statement for its reader: the owner, or somebody else.

use chrono::NaiveDate;

/// Words for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// The only owner.
    You,
    /// Somebody else, about the only owner.
    Owner,
    /// The rows name several people, so that nobody may read the payments of another as the own ones.
    Owners,
}

impl Reader {
    fn words(self, you: &'static str, owner: &'static str, owners: &'static str) -> &'static str {
        match self {
            Self::You => you,
            Self::Owner => owner,
            Self::Owners => owners,
        }
    }

    /// Begins with a space; empty if each line names its payee.
    pub(super) fn to(self) -> &'static str {
        self.words(" to you", " to the owner", "")
    }

    pub(super) fn still_has_to_pay(self) -> &'static str {
        self.words(
            "you still have to pay",
            "the owner still has to pay",
            "the owners still have to pay",
        )
    }

    pub(super) fn has_nothing_left_to_pay(self) -> &'static str {
        self.words(
            "You have nothing left to pay",
            "The owner has nothing left to pay",
            "The owners have nothing left to pay",
        )
    }

    pub(super) fn does_not_have_to_pay(self) -> &'static str {
        self.words(
            "you do not have to pay",
            "the owner does not have to pay",
            "the owners do not have to pay",
        )
    }

    pub(super) fn in_favor(self) -> &'static str {
        self.words("in your favor", "in favor of the owner", "in favor of the owners")
    }
}

/// `28 Nov 2026`.
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}
