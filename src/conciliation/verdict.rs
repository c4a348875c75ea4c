//! The verdict on a booking: whether it adds up, and if not, by how much and where.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::checks::{Checked, Outcome};
use super::row::{is_same, rows_label};
use super::totals::{Comparison, Difference, Incomparable, Totals};
use super::{Conciliation, Role, Section, Tone};
use crate::domain::money::counted;
use crate::domain::text::Untrusted;
use crate::list::record::Record;

/// The most currencies that are named; a hostile response could have one for each row.
pub(super) const MOST_NAMED: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub kind: Kind,
    /// Why it does not add up: incomplete data first, then differences, then currencies.
    pub reasons: Vec<Reason>,
    pub failed_checks: Vec<String>,
    /// `true` while lists are loading that may add reasons.
    pub is_loading: bool,
}

/// In order of precedence, because missing data may be the cause of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    Incomplete,
    DoesNotAddUp,
    MixedCurrencies,
    AddsUp,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A list in addition to the conciliation failed to load: its title and why, printable.
    #[error("{0}: {1}")]
    Failed(&'static str, String),
    /// The title of such a list, and how many of its rows are not in the response.
    #[error("{}: {} not in the server's data of this booking", .0, rows_label(*.1))]
    Unmatched(&'static str, usize),
    /// Rows of other bookings in such a list: how many, which bookings, and the consequence; printable.
    #[error("{0}, {1}")]
    OtherBookings(String, String),
    #[error("{}: {}", .0.kind().title, .1)]
    Incomparable(Role, Incomparable),
    #[error("{}{}", .1.in_words(*.0), .1.explained())]
    Differs(Role, Difference),
    #[error("the server counts {}, the response lists {}", .0, counted(*.1 as u64, "payout"))]
    Count(i64, usize),
    #[error("{} was requested, but the response is for booking {}", .0.shown(), .1.shown())]
    Other(Untrusted, Untrusted),
    /// All currencies of the rows, if no single section has several.
    #[error("the rows are in {0}")]
    Currencies(String),
}

impl Kind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Incomplete => "Incomplete",
            Self::DoesNotAddUp => "Does not add up",
            Self::MixedCurrencies => "Mixed currencies",
            Self::AddsUp => "Adds up",
        }
    }
}

impl Verdict {
    /// `reasons` starts with the problems of the lists loaded in addition to the conciliation.
    pub fn of(
        booking: &Conciliation,
        totals: &Totals,
        checks: &[Checked],
        mut reasons: Vec<Reason>,
        is_loading: bool,
    ) -> Self {
        if !is_same(&booking.asked, &booking.reference) {
            reasons.push(Reason::Other(booking.asked.clone(), booking.reference.clone()));
        }
        for compared in &totals.sections {
            let role = compared.role;
            match compared.comparison.clone() {
                Comparison::Agrees => {}
                Comparison::Differs(by) => reasons.push(Reason::Differs(role, by)),
                Comparison::Incomparable(why) => reasons.push(Reason::Incomparable(role, why)),
            }
        }
        reasons.extend(totals.count.mismatch().map(|(server, rows)| Reason::Count(server, rows)));
        let is_said = reasons.iter().any(|reason| reason.kind() == Kind::MixedCurrencies);
        let rows = booking.sections.iter().flat_map(Section::records).map(Record::currency_text);
        let currencies: BTreeSet<Cow<'_, str>> = rows.filter(|name| !name.is_empty()).collect();
        if currencies.len() > 1 && !is_said {
            let more = if currencies.len() > MOST_NAMED { ", …" } else { "" };
            let named: Vec<&str> = currencies.iter().map(AsRef::as_ref).take(MOST_NAMED).collect();
            reasons.push(Reason::Currencies(named.join(", ") + more));
        }
        reasons.sort_by_key(Reason::kind);
        let kind = reasons.first().map_or(Kind::AddsUp, Reason::kind);
        let failed_checks = checks.iter().filter_map(Checked::failure).collect();
        Self { kind, reasons, failed_checks, is_loading }
    }

    /// Good only if everything is loaded and adds up, and no check failed.
    pub fn tone(&self) -> Tone {
        match self.kind {
            Kind::AddsUp if self.failed_checks.is_empty() && !self.is_loading => Tone::Good,
            Kind::DoesNotAddUp => Tone::Bad,
            Kind::AddsUp | Kind::Incomplete | Kind::MixedCurrencies => Tone::Open,
        }
    }

    /// The verdict in one sentence, with each amount: `Does not add up: EUR 2,005.07 of payouts are
    /// missing from the server's total`.
    pub fn headline(&self) -> String {
        self.forms().swap_remove(0)
    }

    /// The verdict from the longest form to the shortest, its name first. Amounts are never cut.
    pub fn forms(&self) -> Vec<String> {
        let label = self.named(self.remark());
        let form = |reasons: String| match reasons.as_str() {
            "" => label.clone(),
            reasons => format!("{label}: {reasons}"),
        };
        self.reasons_in_words().into_iter().map(form).collect()
    }

    /// The reasons from the longest form to the shortest; the last is empty.
    pub fn reasons_in_words(&self) -> Vec<String> {
        let of_kind = || self.reasons.iter().filter(|reason| reason.kind() == self.kind);
        let (full, short): (Vec<String>, Vec<String>) = if self.kind == Kind::AddsUp {
            (self.failed_checks.clone(), Vec::new())
        } else {
            (
                of_kind().map(Reason::in_short).collect(),
                of_kind().filter_map(Reason::in_brief).collect(),
            )
        };
        let mut forms = Vec::new();
        for parts in [full, short] {
            let Some(first) = parts.first() else { continue };
            forms.push(parts.join("; "));
            if parts.len() > 1 {
                forms.push(format!("{first} and {} more", parts.len() - 1));
            }
        }
        forms.push(String::new());
        forms
    }

    /// `Does not add up`, or `Adds up, but 1 check failed`.
    pub fn name(&self) -> String {
        self.named("")
    }

    fn named(&self, remark: &str) -> String {
        let label = self.kind.label();
        match self.failed_checks.len() as u64 {
            failed @ 1.. if self.kind == Kind::AddsUp => {
                format!("{label}{remark}, but {} failed", counted(failed, "check"))
            }
            _ => format!("{label}{remark}"),
        }
    }

    /// Says that the verdict may change while lists are loading; begins with a space.
    pub fn remark(&self) -> &'static str {
        if self.kind == Kind::AddsUp && self.is_loading { " (still loading…)" } else { "" }
    }
}

impl Reason {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Incomparable(_, Incomparable::MixedCurrencies(_)) | Self::Currencies(_) => {
                Kind::MixedCurrencies
            }
            Self::Failed(..)
            | Self::Unmatched(..)
            | Self::OtherBookings(..)
            | Self::Other(..)
            | Self::Incomparable(..) => Kind::Incomplete,
            Self::Differs(..) | Self::Count(..) => Kind::DoesNotAddUp,
        }
    }

    /// Without a possible explanation.
    fn in_short(&self) -> String {
        match self {
            Self::Differs(role, by) => by.in_words(*role),
            Self::Incomparable(role, Incomparable::MixedCurrencies(_)) => {
                format!("{} in several currencies", role.kind().noun())
            }
            other => other.to_string(),
        }
    }

    /// Where the problem is, or how large.
    fn in_brief(&self) -> Option<String> {
        match self {
            Self::Differs(role, by) => Some(by.in_brief(*role)),
            Self::Failed(title, _) | Self::Unmatched(title, _) => Some((*title).to_owned()),
            Self::Incomparable(role, _) => Some(role.kind().title.to_owned()),
            Self::OtherBookings(rows, _) => Some(rows.clone()),
            Self::Count(..) | Self::Other(..) | Self::Currencies(_) => None,
        }
    }
}

impl Checked {
    /// What is wrong, in a few words: `settled by another booking, BK485454`. `None` if it did not
    /// fail, or if the totals already show it.
    fn failure(&self) -> Option<String> {
        let Outcome::Fail(findings) = &self.outcome else { return None };
        (!self.check.explains_totals).then(|| self.check.failure(findings))
    }
}
