//! Each total of the server beside the sum of its rows, with the difference and what may explain it.

use std::fmt;

use super::row::rows_label;
use super::rules::{Explanation, explain};
use super::{COUNT, Conciliation, Figure, Place, Role, Rows, SECTIONS, Section, Tone};
use crate::domain::money::{Currency, Sums, format_money};
use crate::domain::text::Untrusted;

/// All totals of a booking beside its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// In the order of [`super::SECTIONS`].
    pub sections: [Compared; SECTIONS.len()],
    pub count: Counted,
}

/// One total beside the sum of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub role: Role,
    pub server: Option<Figure>,
    pub rows: Sums,
    pub count: usize,
    /// Rows whose amount cannot be read; they are in no sum.
    pub without_amount: usize,
    /// Whether the rows carry the opposite sign of the figure. Only credit notes may (the contract
    /// does not say which sign theirs have); they are then compared with the sign turned.
    pub is_turned: bool,
    pub comparison: Comparison,
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

/// The server's count of transactions beside the rows, where the answer has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub server: Option<i64>,
    pub rows: Option<usize>,
}

impl Counted {
    /// Whether both are equal; `None` where one of them is not known. No section is no row.
    pub fn agrees(&self) -> Option<bool> {
        match self.rows {
            Some(_) => Some(self.mismatch().is_none()).filter(|_| self.server.is_some()),
            None => self.server.filter(|server| *server == 0).map(|_| true),
        }
    }

    /// Both, where they differ.
    pub fn mismatch(&self) -> Option<(i64, usize)> {
        let both = self.server.zip(self.rows);
        both.filter(|(server, rows)| i128::from(*server) != *rows as i128)
    }
}

impl Totals {
    pub fn of(booking: &Conciliation) -> Self {
        let sections = booking.sections.each_ref().map(|section| compare(booking, section));
        let section = booking.section(Role::Transactions);
        let has_rows = matches!(section.rows, Rows::Present(_));
        let rows = has_rows.then(|| section.records().len());
        let server = match booking.total(COUNT) {
            Some(Figure::Count(server)) => Some(*server),
            _ => None,
        };
        Self { sections, count: Counted { server, rows } }
    }

    pub fn section(&self, role: Role) -> &Compared {
        &self.sections[role.index()]
    }

    pub fn differences(&self) -> impl Iterator<Item = (&Compared, &Difference)> {
        self.sections.iter().filter_map(|compared| match &compared.comparison {
            Comparison::Differs(difference) => Some((compared, difference)),
            _ => None,
        })
    }
}

impl Compared {
    /// The currency of all rows, else none.
    pub fn currency(&self) -> Currency {
        self.rows.only_currency().unwrap_or(Currency::NONE)
    }

    /// The server's figure with the decimals of `currency`.
    pub fn server_shown(&self, currency: Currency) -> String {
        self.server.as_ref().map_or_else(|| "not given".to_owned(), |it| it.shown(currency))
    }
}

fn compare(booking: &Conciliation, section: &Section) -> Compared {
    let (rows, without_amount) = section.sums();
    let mut compared = Compared {
        role: section.kind.role,
        server: booking.total(section.kind.total).cloned(),
        rows,
        count: section.records().len(),
        without_amount,
        is_turned: false,
        comparison: Comparison::Agrees,
    };
    compared.comparison = match gap(section, compared.server.as_ref()) {
        Some(why) => Comparison::Incomparable(why),
        None => comparison(booking, section, &mut compared),
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

fn comparison(booking: &Conciliation, section: &Section, compared: &mut Compared) -> Comparison {
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

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (server, rows) = (self.server_shown(self.currency()), rows_label(self.count));
        if self.rows.is_empty() {
            write!(f, "{server}; nothing in {rows}; {}", self.comparison)
        } else {
            write!(f, "{server}; {} in {rows}; {}", self.rows, self.comparison)
        }
    }
}

impl fmt::Display for Comparison {
    /// The alternate form leaves out what explains a difference.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agrees => f.write_str("agrees"),
            Self::Differs(by) if f.alternate() => {
                write!(f, "differs by {}", format_money(by.by, by.currency))
            }
            Self::Differs(by) => write!(f, "differs by {by}"),
            Self::Incomparable(why) => why.fmt(f),
        }
    }
}

impl Comparison {
    /// A sign with ever fewer words; the last form is the sign alone.
    pub fn forms(&self) -> [String; 3] {
        match self {
            Self::Agrees => ["= agrees", "=", "="],
            Self::Differs(by) => {
                let by = format_money(by.by, by.currency);
                return [format!("≠ {self:#}"), format!("≠ {by}"), "≠".to_owned()];
            }
            Self::Incomparable(why) => match why {
                Incomparable::Missing => ["? not in the answer", "? missing", "?"],
                Incomparable::Null(_) => ["? null in the answer", "? null", "?"],
                Incomparable::Unreadable(_) => ["? no list", "? no list", "?"],
                Incomparable::NoTotal => ["? no total", "? no total", "?"],
                Incomparable::OddTotal(_) => ["? an odd total", "? odd total", "?"],
                Incomparable::WithoutAmount(_) => ["? rows without an amount", "? no amount", "?"],
                Incomparable::SeveralCurrencies(_) => ["? a total has no currency", "?", "?"],
            },
        }
        .map(str::to_owned)
    }

    /// The rule that gives the server's figure, or why nothing can be compared.
    pub fn explanation(&self) -> Option<String> {
        let rules = match self {
            Self::Agrees => return None,
            Self::Differs(by) => &by.explanations,
            Self::Incomparable(Incomparable::SeveralCurrencies(seems)) => seems,
            Self::Incomparable(why) => return Some(why.to_string()),
        };
        let rule = rules.first()?;
        Some(format!("{}: the server's figure is {}", Explanation::MARK, rule.words))
    }

    pub fn tone(&self) -> Tone {
        match self {
            Self::Agrees => Tone::Good,
            Self::Differs(_) => Tone::Bad,
            Self::Incomparable(_) => Tone::Open,
        }
    }
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
