//! Each total of the server beside the sum of its rows, with the difference and what may explain it.

use std::fmt;

use super::rules::{Explanation, explain};
use super::{COUNT, Conciliation, Figure, Place, Role, Rows, Section, SectionKind};
use crate::domain::money::{Currency, Sums, format_money};
use crate::domain::text::Untrusted;

/// All totals of a booking beside its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// One for each section, in the order of [`super::SECTIONS`].
    pub sections: Vec<Compared>,
    pub count: Counted,
}

/// One total beside the sum of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub role: Role,
    /// The server's figure, in minor units of no stated currency.
    pub server: Option<Figure>,
    /// The sum of the rows, in minor units of each currency.
    pub rows: Sums,
    pub count: usize,
    /// Rows whose amount cannot be read; they are in no sum.
    pub without_amount: usize,
    /// Whether the rows carry the opposite sign of the figure. Only credit notes may (the contract
    /// does not say which sign theirs have); they are then compared with the sign turned.
    pub is_turned: bool,
    pub outcome: Comparison,
}

/// How a total compares with its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// They are equal, or the total is zero and there is no section.
    Agrees,
    Differs(Difference),
    /// They cannot be compared.
    Incomparable(Incomparable),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The server's figure less the sum of the rows, in minor units.
    pub by: i128,
    /// The currency of the rows; the server names none.
    pub currency: Currency,
    /// The rules that give the server's figure; [`Explanation::MARK`] belongs to each.
    pub explanations: Vec<Explanation>,
}

/// Why a total cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incomparable {
    /// The answer has no such section.
    Missing,
    /// The answer has `null` in its place, under this key.
    Null(&'static str),
    /// The section is no list; its JSON.
    Unreadable(Untrusted),
    /// The answer has no such total.
    NoTotal,
    /// The total is no whole number; its JSON.
    OddTotal(Untrusted),
    /// So many rows have no amount that can be read.
    WithoutAmount(usize),
    /// The rows are in several currencies, and a total has none. What the figure seems to be.
    SeveralCurrencies(Vec<Explanation>),
}

/// The server's count of transactions beside the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The server's figure, if there is one.
    pub server: Option<Figure>,
    /// The number of rows, if the answer has the section.
    pub rows: Option<usize>,
}

impl Counted {
    /// Whether both are equal; `None` where one of them is not known. No section is no row.
    pub fn agrees(&self) -> Option<bool> {
        let Some(Figure::Count(server)) = self.server else { return None };
        match self.rows {
            Some(rows) => Some(u64::try_from(server).is_ok_and(|server| server == rows as u64)),
            None => (server == 0).then_some(true),
        }
    }
}

impl Totals {
    /// Compares every total of a booking.
    pub fn of(booking: &Conciliation) -> Self {
        let sections = booking.sections.iter().map(|section| compare(booking, section)).collect();
        let server = booking.totals.iter().find(|total| total.name.expose_raw() == COUNT);
        let section = booking.sections.get(Role::Transactions.index());
        let section = section.filter(|section| matches!(section.rows, Rows::Present(_)));
        let rows = section.map(|section| section.records().len());
        Self { sections, count: Counted { server: server.map(|total| total.figure.clone()), rows } }
    }

    pub fn section(&self, role: Role) -> Option<&Compared> {
        self.sections.get(role.index())
    }

    pub fn differences(&self) -> impl Iterator<Item = (&Compared, &Difference)> {
        self.sections.iter().filter_map(|compared| match &compared.outcome {
            Comparison::Differs(difference) => Some((compared, difference)),
            _ => None,
        })
    }
}

impl Compared {
    /// What the section is, as data.
    pub fn kind(&self) -> &'static SectionKind {
        &super::SECTIONS[self.role.index()]
    }
}

fn compare(booking: &Conciliation, section: &Section) -> Compared {
    let server = booking.total_of(section.kind).cloned();
    let (rows, without_amount) = section.sums();
    let mut compared = Compared {
        role: section.kind.role,
        server,
        rows,
        count: section.records().len(),
        without_amount,
        is_turned: false,
        outcome: Comparison::Agrees,
    };
    compared.outcome = match gap(section, compared.server.as_ref()) {
        Some(open) => Comparison::Incomparable(open),
        None => outcome(booking, section, &mut compared),
    };
    compared
}

/// Why a section has no rows to compare. A section that is not there while its total is zero holds
/// nothing back.
fn gap(section: &Section, server: Option<&Figure>) -> Option<Incomparable> {
    let is_zero = matches!(server, Some(Figure::Minor(0)));
    match (&section.rows, section.place) {
        (Rows::Present(_), _) => None,
        (Rows::Odd(json), _) => Some(Incomparable::Unreadable(json.clone())),
        (Rows::Absent, _) if is_zero => None,
        (Rows::Absent, Place::Null(key)) => Some(Incomparable::Null(key)),
        (Rows::Absent, _) => Some(Incomparable::Missing),
    }
}

fn outcome(booking: &Conciliation, section: &Section, compared: &mut Compared) -> Comparison {
    let figure = match &compared.server {
        None => return Comparison::Incomparable(Incomparable::NoTotal),
        Some(Figure::Odd(json)) => {
            return Comparison::Incomparable(Incomparable::OddTotal(json.clone()));
        }
        Some(Figure::Minor(minor) | Figure::Count(minor)) => i128::from(*minor),
    };
    if compared.without_amount > 0 {
        return Comparison::Incomparable(Incomparable::WithoutAmount(compared.without_amount));
    }
    let mut sums = compared.rows.iter();
    let (currency, sum) = sums.next().unwrap_or((Currency::NONE, 0));
    if sums.next().is_some() {
        let seems = explain(booking, section.kind, figure, 1);
        return Comparison::Incomparable(Incomparable::SeveralCurrencies(seems));
    }
    compared.is_turned =
        section.kind.role == Role::CreditNotes && sum.signum() * figure.signum() < 0;
    let sign = if compared.is_turned { -1 } else { 1 };
    if figure == sign * sum {
        return Comparison::Agrees;
    }
    let explanations = explain(booking, section.kind, figure, sign);
    Comparison::Differs(Difference { by: figure - sign * sum, currency, explanations })
}

impl fmt::Display for Difference {
    /// The difference with its currency, and the first explanation with its mark.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_money(self.by, self.currency))?;
        match self.explanations.first() {
            Some(one) => {
                write!(f, " (the server's figure is {}; {})", one.words, Explanation::MARK)
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the answer has no such section"),
            Self::Null(key) => write!(f, "the answer has null for {key}"),
            Self::Unreadable(json) => write!(f, "the section is no list: {}", json.shown()),
            Self::NoTotal => f.write_str("the answer has no total for it"),
            Self::OddTotal(json) => write!(f, "its total is no whole number: {}", json.shown()),
            Self::WithoutAmount(1) => f.write_str("a row has no amount that can be read"),
            Self::WithoutAmount(rows) => write!(f, "{rows} rows have no amount that can be read"),
            Self::SeveralCurrencies(seems) => {
                f.write_str("its rows are in several currencies, and a total has none")?;
                match seems.first() {
                    Some(one) => write!(f, "; it is {} ({})", one.words, Explanation::MARK),
                    None => Ok(()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
