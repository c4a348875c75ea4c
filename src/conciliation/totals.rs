//! Compares each total of the server with the sum of its rows, and explains differences.

use std::collections::HashSet;
use std::fmt;

use super::row::{amount, rows_label};
use super::rules::{Explanation, explain};
use super::{COUNT, Conciliation, Figure, Role, Rows, SECTIONS, Section, Tone};
use crate::domain::money::{Currency, Sums, format_amount, format_money};
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::list::record::sums::NotSummed;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    pub sections: [Compared; SECTIONS.len()],
    pub count: Counted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub role: Role,
    /// Negative for credit notes, like their rows.
    pub server: Option<Figure>,
    pub rows: Sums,
    pub count: usize,
    pub not_summed: NotSummed,
    /// The signs of the credit notes and of their total as the server sends them, if they are not
    /// both negative: the contract does not say.
    pub signs: Option<&'static str>,
    pub comparison: Comparison,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// They are equal, or the total is zero and there is no section.
    Agrees,
    Differs(Difference),
    Incomparable(Incomparable),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The server's total minus the sum of the rows, in minor units.
    pub by: i128,
    /// The sum of the rows.
    pub rows: i128,
    /// The currency of the rows; the server does not name one.
    pub currency: Currency,
    /// Whether rows can be said to be missing from the smaller figure.
    pub is_one_sided: bool,
    pub explanations: Vec<Explanation>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Incomparable {
    #[error("the section is missing from the response")]
    Missing,
    #[error("the server sent no data for {} (null)", .0.shown())]
    Null(Untrusted),
    #[error("{} contains no rows", .0.shown())]
    Unreadable(Untrusted),
    #[error("its total is missing from the response")]
    NoTotal,
    #[error("its total {} is not a whole number of cents", .0.shown())]
    OddTotal(Untrusted),
    #[error("{0}")]
    NotSummed(NotSummed),
    #[error("its rows are in several currencies and its total does not name one{}", seems(.0))]
    MixedCurrencies(Vec<Explanation>),
}

fn seems(explanations: &[Explanation]) -> String {
    let first = explanations.first();
    first.map(|one| format!("; {}", guessed(one))).unwrap_or_default()
}

fn guessed(one: &Explanation) -> String {
    format!("the server seems to {}", one.words)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub server: Option<i64>,
    pub rows: Option<usize>,
}

impl Counted {
    /// Returns `true` if both are known and equal. A missing section has no rows.
    pub fn agrees(&self) -> bool {
        let rows = self.rows.unwrap_or_default() as i128;
        self.server.is_some_and(|server| i128::from(server) == rows)
    }

    pub fn mismatch(&self) -> Option<(i64, usize)> {
        self.server.zip(self.rows).filter(|_| !self.agrees())
    }
}

impl Totals {
    pub fn of(booking: &Conciliation) -> Self {
        let rows = match &booking.section(Role::Transactions).rows {
            Rows::Present(rows) => Some(rows.len()),
            _ => None,
        };
        let server = match booking.total(COUNT) {
            Some(Figure::Number(server)) => Some(*server),
            _ => None,
        };
        Self {
            sections: booking.sections.each_ref().map(|section| compare(booking, section)),
            count: Counted { server, rows },
        }
    }

    /// The first section that does not add up; that of the payouts also if only their number differs.
    pub fn first_difference(&self) -> Option<usize> {
        let differs = |compared: &Compared| matches!(compared.comparison, Comparison::Differs(_));
        let counted = || self.count.mismatch().map(|_| Role::Transactions as usize);
        self.sections.iter().position(differs).or_else(counted)
    }

    pub fn section(&self, role: Role) -> &Compared {
        &self.sections[role as usize]
    }
}

impl Compared {
    /// The currency of all rows; [`Currency::NONE`] if there is not exactly one.
    pub fn currency(&self) -> Currency {
        self.rows.only_currency().unwrap_or(Currency::NONE)
    }

    /// The rule that explains the server's figure, or why nothing can be compared; and signs.
    pub fn explanation(&self) -> Option<String> {
        let words = [self.signs.map(str::to_owned), self.comparison.explanation()];
        words.into_iter().flatten().reduce(|one, other| format!("{one}; {other}"))
    }

    pub fn server_shown(&self, currency: Currency) -> String {
        self.server.as_ref().map_or_else(|| "missing".to_owned(), |it| it.shown(currency))
    }
}

fn compare(booking: &Conciliation, section: &Section) -> Compared {
    let (rows, not_summed) = section.sums();
    let role = section.kind.role;
    let server = booking.total(section.kind.total).cloned();
    let mut compared = Compared {
        role,
        signs: signs(section, server.as_ref()),
        server: if role == Role::CreditNotes { server.map(Figure::negative) } else { server },
        rows,
        count: section.records().len(),
        not_summed,
        comparison: Comparison::Agrees,
    };
    compared.comparison = match difference(booking, section, &compared) {
        Ok(None) => Comparison::Agrees,
        Ok(Some(difference)) => Comparison::Differs(difference),
        Err(why) => Comparison::Incomparable(why),
    };
    compared
}

/// `None` for credit notes that are all negative, and for everything else.
fn signs(section: &Section, server: Option<&Figure>) -> Option<&'static str> {
    if section.kind.role != Role::CreditNotes {
        return None;
    }
    let signum = |record: &Record| record.minor(section.kind.spec.amount()).map(i64::signum);
    let rows: Vec<i64> = section.records().iter().filter_map(signum).collect();
    let total = match server {
        Some(Figure::Minor(minor) | Figure::Number(minor)) => minor.signum(),
        _ => 0,
    };
    match (rows.contains(&1), rows.contains(&-1), total) {
        (true, true, _) => {
            Some("the server sends some as positive, some as negative; all count as negative")
        }
        (true, false, -1) => Some("the total is negative, the rows are not"),
        (false, true, 1) => Some("the rows are negative, the total is not"),
        (true, false, _) => Some("the server sends them as positive amounts"),
        _ => None,
    }
}

fn difference(
    booking: &Conciliation,
    section: &Section,
    compared: &Compared,
) -> Result<Option<Difference>, Incomparable> {
    match &section.rows {
        Rows::Present(_) => {}
        Rows::Odd(key) => return Err(Incomparable::Unreadable(key.clone())),
        // A missing section with a total of zero has no rows.
        _ if compared.server == Some(Figure::Minor(0)) => {}
        Rows::Null(key) => return Err(Incomparable::Null(key.clone())),
        Rows::Missing => return Err(Incomparable::Missing),
    }
    let figure = match &compared.server {
        None => return Err(Incomparable::NoTotal),
        Some(Figure::Decimal(_) | Figure::Odd(_)) => {
            let total = booking.total_named(section.kind.total);
            return Err(Incomparable::OddTotal(
                total.map(|it| it.name.clone()).unwrap_or_default(),
            ));
        }
        Some(Figure::Minor(minor) | Figure::Number(minor)) => i128::from(*minor),
    };
    if compared.not_summed.count() > 0 {
        return Err(Incomparable::NotSummed(compared.not_summed));
    }
    let mut sums = compared.rows.iter();
    let (currency, sum) = sums.next().unwrap_or((Currency::NONE, 0));
    if sums.next().is_some() {
        let seems = explain(booking, section.kind, figure);
        return Err(Incomparable::MixedCurrencies(seems));
    }
    let by = figure - sum;
    Ok((by != 0).then(|| {
        let explanations = explain(booking, section.kind, figure);
        let is_one_sided = is_one_sided(booking, section, figure, &explanations);
        Difference { by, rows: sum, currency, is_one_sided, explanations }
    }))
}

/// Returns `true` if all amounts have one sign and all rows of the booking one currency, and the
/// explanation, if there is one, leaves rows out instead of summing another field or other signs.
fn is_one_sided(
    booking: &Conciliation,
    section: &Section,
    figure: i128,
    explanations: &[Explanation],
) -> bool {
    let amounts = section.records().iter().filter_map(|row| amount(row, section.kind.role));
    let signs = amounts.chain([figure]).map(i128::signum).collect::<HashSet<i128>>();
    let rows = booking.sections.iter().flat_map(Section::records);
    let currencies = rows.map(Record::currency).collect::<HashSet<Currency>>();
    !(signs.contains(&1) && signs.contains(&-1))
        && currencies.len() < 2
        && explanations.first().is_none_or(|one| !one.left_out.is_empty())
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (server, rows) = (self.server_shown(self.currency()), rows_label(self.count));
        let sums = match self.rows.is_empty() {
            true if self.not_summed.count() > 0 => "no sum",
            true => "no amounts",
            false => &self.rows.to_string(),
        };
        write!(f, "total {server}; {sums} in {rows}; {}", self.comparison)?;
        self.signs.map_or(Ok(()), |signs| write!(f, "; {signs}"))
    }
}

impl fmt::Display for Comparison {
    /// The alternate form omits the explanations of a difference.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agrees => f.write_str("adds up"),
            Self::Differs(by) if f.alternate() => {
                write!(f, "differs by {}", format_money(by.by, by.currency))
            }
            Self::Differs(by) => write!(f, "differs by {by}"),
            Self::Incomparable(why) => why.fmt(f),
        }
    }
}

impl Comparison {
    /// The sign, with and without the reason why nothing can be compared.
    pub fn signs(&self) -> [String; 2] {
        let why = match self {
            Self::Agrees => return ["✓", "✓"].map(str::to_owned),
            Self::Differs(_) => return ["✗", "✗"].map(str::to_owned),
            Self::Incomparable(why) => match why {
                Incomparable::Missing => "not in the response",
                Incomparable::Null(_) => "no data from the server (null)",
                Incomparable::Unreadable(_) => "no rows",
                Incomparable::NoTotal => "no total",
                Incomparable::OddTotal(_) => "total cannot be read",
                Incomparable::NotSummed(_) => "rows not counted",
                Incomparable::MixedCurrencies(_) => "several currencies",
            },
        };
        [format!("? {why}"), "?".to_owned()]
    }

    fn explanation(&self) -> Option<String> {
        let rules = match self {
            Self::Agrees => return None,
            Self::Differs(by) => &by.explanations,
            Self::Incomparable(Incomparable::MixedCurrencies(seems)) => seems,
            Self::Incomparable(why) => return Some(why.to_string()),
        };
        rules.first().map(guessed)
    }

    pub fn tone(&self) -> Tone {
        match self {
            Self::Agrees => Tone::Good,
            Self::Differs(_) => Tone::Bad,
            Self::Incomparable(_) => Tone::Open,
        }
    }
}

impl Difference {
    /// `EUR 2,005.07 of payouts are missing from the server's total`, or both figures.
    pub fn in_words(&self, role: Role) -> String {
        if !self.is_one_sided {
            let (title, [server, rows]) = (role.kind().title, self.figures());
            return format!("{title}: the server's total is {server}, the rows add up to {rows}");
        }
        let verb = if role == Role::Debt { "is" } else { "are" };
        let is_more = (self.rows + self.by).abs() > self.rows.abs();
        let place = if is_more { "rows" } else { "server's total" };
        format!("{} {verb} missing from the {place}", self.amount(role))
    }

    /// `EUR 2,005.07 of payouts`, or both figures.
    pub fn in_brief(&self, role: Role) -> String {
        let [server, rows] = self.figures();
        if self.is_one_sided {
            return self.amount(role);
        }
        format!("{}: total {server}, rows {rows}", role.kind().title)
    }

    /// The server's total, which does not name a currency, and the sum of the rows.
    fn figures(&self) -> [String; 2] {
        let server = format_amount(self.rows + self.by, self.currency);
        [server, format_money(self.rows, self.currency)]
    }

    /// ` (the server seems to …)`; empty if no rule explains it.
    pub fn explained(&self) -> String {
        let first = self.explanations.first();
        first.map(|one| format!(" ({})", guessed(one))).unwrap_or_default()
    }

    fn amount(&self, role: Role) -> String {
        format!("{} of {}", format_money(self.by.abs(), self.currency), role.kind().noun())
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_money(self.by, self.currency))?;
        f.write_str(&self.explained())
    }
}

#[cfg(test)]
mod tests;
