//! The verdict on a booking: whether it adds up, and if not, why.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::row::is_same;
use super::totals::{Comparison, Difference, Incomparable, Totals};
use super::{Conciliation, Section, Tone};
use crate::domain::money::format_money;
use crate::domain::text::Untrusted;
use crate::list::record::Record;

/// The most currencies that are named; a hostile answer could have one for each row.
pub(super) const MOST_NAMED: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub kind: Kind,
    /// Why it is not *balanced*: incomplete data first, then differences, then currencies.
    pub reasons: Vec<Reason>,
}

/// In order of precedence, because missing data may be the cause of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    Incomplete,
    OutBy,
    SeveralCurrencies,
    Balanced,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A list in addition to the conciliation failed to load: its title and why, printable.
    #[error("{0}: {1}")]
    Failed(&'static str, String),
    #[error("{0}: {1}")]
    Incomparable(&'static str, Incomparable),
    #[error("{0}: total and rows differ by {1}")]
    Differs(&'static str, Difference),
    #[error("Transactions: the server counts {0}, the answer holds {1}")]
    Count(i64, usize),
    #[error("{} was asked for, and the answer names booking {}", .0.shown(), .1.shown())]
    Other(Untrusted, Untrusted),
    /// All currencies of the rows, if no single section has several.
    #[error("the rows are in several currencies: {0}")]
    Currencies(String),
}

impl Kind {
    pub fn tone(self) -> Tone {
        match self {
            Self::Balanced => Tone::Good,
            Self::OutBy => Tone::Bad,
            Self::Incomplete | Self::SeveralCurrencies => Tone::Open,
        }
    }
}

impl Verdict {
    /// `reasons` starts with the lists that failed to load.
    pub fn of(booking: &Conciliation, totals: &Totals, mut reasons: Vec<Reason>) -> Self {
        if !is_same(&booking.asked, &booking.reference) {
            reasons.push(Reason::Other(booking.asked.clone(), booking.reference.clone()));
        }
        for compared in &totals.sections {
            let title = compared.role.kind().title;
            match compared.comparison.clone() {
                Comparison::Agrees => {}
                Comparison::Differs(by) => reasons.push(Reason::Differs(title, by)),
                Comparison::Incomparable(why) => reasons.push(Reason::Incomparable(title, why)),
            }
        }
        reasons.extend(totals.count.mismatch().map(|(server, rows)| Reason::Count(server, rows)));
        let is_said = reasons.iter().any(|reason| reason.kind() == Kind::SeveralCurrencies);
        let rows = booking.sections.iter().flat_map(Section::records).map(Record::currency_text);
        let currencies: BTreeSet<Cow<'_, str>> = rows.filter(|name| !name.is_empty()).collect();
        if currencies.len() > 1 && !is_said {
            let more = if currencies.len() > MOST_NAMED { ", …" } else { "" };
            let named: Vec<&str> = currencies.iter().map(AsRef::as_ref).take(MOST_NAMED).collect();
            reasons.push(Reason::Currencies(named.join(", ") + more));
        }
        reasons.sort_by_key(Reason::kind);
        let kind = reasons.first().map_or(Kind::Balanced, Reason::kind);
        Self { kind, reasons }
    }

    /// The verdict in one line: `out by EUR -211.75 in Penalties`.
    pub fn headline(&self) -> String {
        if self.kind != Kind::OutBy {
            return self.kind.to_string().replace('_', " ");
        }
        let each = self.reasons.iter().filter_map(|reason| match reason {
            Reason::Differs(title, by) => {
                Some(format!("{} in {title}", format_money(by.by, by.currency)))
            }
            Reason::Count(server, rows) => {
                let by = i128::from(*server) - *rows as i128;
                Some(format!("{by} in the count of transactions"))
            }
            _ => None,
        });
        format!("out by {}", each.collect::<Vec<_>>().join(", "))
    }
}

impl Reason {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Incomparable(_, Incomparable::SeveralCurrencies(_)) | Self::Currencies(_) => {
                Kind::SeveralCurrencies
            }
            Self::Failed(..) | Self::Other(..) | Self::Incomparable(..) => Kind::Incomplete,
            Self::Differs(..) | Self::Count(..) => Kind::OutBy,
        }
    }
}
