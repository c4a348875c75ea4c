//! The verdict on a booking: whether it adds up, and every reason that speaks against it.

use std::fmt;

use super::row::is_same;
use super::totals::{Compared, Comparison, Difference, Incomparable, Totals};
use super::{Conciliation, Tone};
use crate::domain::money::{Currency, format_money};
use crate::domain::text::Untrusted;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub kind: Kind,
    /// What speaks against *balanced*: what is incomplete first, then differences, then currencies.
    pub reasons: Vec<Reason>,
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

/// The word of a verdict. Where several apply, the first of this order is given: what is not known
/// counts for more than a difference, since it may be its cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Incomplete,
    /// A total differs from its rows, or the count from their number.
    OutBy,
    /// Rows are in several currencies, and totals have none.
    SeveralCurrencies,
    /// All totals equal the sums of their rows.
    Balanced,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Failed(Failed),
    /// A section cannot be compared: its title and why.
    Incomparable(&'static str, Incomparable),
    /// A section differs: its title and by how much.
    Differs(&'static str, Difference),
    /// The server counts so many transactions, so many rows came.
    Count(i64, usize),
    /// This booking was asked for, that one was answered.
    Other(Untrusted, Untrusted),
    /// All currencies of the rows, where each section has only one of them.
    Currencies(Vec<Currency>),
}

/// A list that was asked beside the conciliation and gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub what: String,
    /// Why it gave nothing, printable: `the server answered 503`.
    pub why: String,
}

impl Verdict {
    pub fn of(booking: &Conciliation, totals: &Totals, failed: &[Failed]) -> Self {
        let mut reasons: Vec<Reason> = failed.iter().cloned().map(Reason::Failed).collect();
        if !is_same(&booking.asked, &booking.reference) {
            reasons.push(Reason::Other(booking.asked.clone(), booking.reference.clone()));
        }
        reasons.extend(totals.sections.iter().filter_map(section_reason));
        reasons.extend(totals.count.mismatch().map(|(server, rows)| Reason::Count(server, rows)));
        let is_said = |reason: &Reason| {
            matches!(reason, Reason::Incomparable(_, Incomparable::SeveralCurrencies(_)))
        };
        let currencies = currencies(booking);
        if currencies.len() > 1 && !reasons.iter().any(is_said) {
            reasons.push(Reason::Currencies(currencies));
        }
        reasons.sort_by_key(Reason::kind);
        let kind = reasons.first().map_or(Kind::Balanced, Reason::kind);
        Self { kind, reasons }
    }

    /// The verdict in one line: `out by EUR -211.75 in Penalties`.
    pub fn headline(&self) -> String {
        match self.kind {
            Kind::Balanced => "balanced".to_owned(),
            Kind::Incomplete => "incomplete".to_owned(),
            Kind::SeveralCurrencies => "several currencies".to_owned(),
            Kind::OutBy => {
                let each = self.reasons.iter().filter_map(|reason| match reason {
                    Reason::Differs(title, by) => {
                        Some(format!("{} in {title}", format_money(by.by, by.currency)))
                    }
                    Reason::Count(server, rows) => Some(format!(
                        "{} in the count of transactions",
                        i128::from(*server) - *rows as i128
                    )),
                    _ => None,
                });
                format!("out by {}", each.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// The currencies that rows name, in the order of their codes.
fn currencies(booking: &Conciliation) -> Vec<Currency> {
    let rows = booking.sections.iter().flat_map(super::Section::records);
    let named = rows.map(crate::list::record::Record::currency);
    let mut all: Vec<Currency> = named.filter(|one| *one != Currency::NONE).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn section_reason(compared: &Compared) -> Option<Reason> {
    let title = compared.role.kind().title;
    match &compared.comparison {
        Comparison::Agrees => None,
        Comparison::Differs(difference) => Some(Reason::Differs(title, difference.clone())),
        Comparison::Incomparable(open) => Some(Reason::Incomparable(title, open.clone())),
    }
}

impl Reason {
    /// The word of the verdict that this reason alone would give.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Incomparable(_, Incomparable::SeveralCurrencies(_)) | Self::Currencies(_) => {
                Kind::SeveralCurrencies
            }
            Self::Failed(_) | Self::Other(..) | Self::Incomparable(..) => Kind::Incomplete,
            Self::Differs(..) | Self::Count(..) => Kind::OutBy,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(source) => write!(f, "{}: {}", source.what, source.why),
            Self::Other(asked, named) => {
                let (asked, named) = (asked.shown(), named.shown());
                write!(f, "{asked} was asked for, and the answer names booking {named}")
            }
            Self::Incomparable(title, open) => write!(f, "{title}: {open}"),
            Self::Differs(title, by) => write!(f, "{title}: total and rows differ by {by}"),
            Self::Count(server, rows) => {
                write!(f, "Transactions: the server counts {server}, the answer holds {rows}")
            }
            Self::Currencies(all) => {
                let codes: Vec<&str> = all.iter().map(Currency::code).collect();
                write!(f, "the rows are in several currencies: {}", codes.join(", "))
            }
        }
    }
}
