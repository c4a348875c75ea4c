//! The conciliation of one booking. Its body is only partly documented (contract, "conciliation"), so each
//! section can have several names and shapes. Everything else becomes an additional section.

pub mod changes;
pub mod checks;
pub mod ledger;
mod merge;
pub mod others;
pub mod report;
pub mod row;
pub mod rules;
mod sections;
pub mod suggest;
pub mod summary;
pub mod totals;
pub mod verdict;

use crate::domain::money::{Currency, Sums, format_amount};
use crate::domain::text::Untrusted;
use crate::list::record::sums::NotSummed;
use crate::list::record::{Record, is_decimal_amount};
use crate::list::shape::Shapes;
use crate::list::{Spec, debt, invoices, penalties, transactions};

use others::Other;
use sections::{Found, Place};

#[derive(Debug, Clone)]
pub struct Conciliation {
    /// The reference in the response, or else the requested one.
    pub reference: Untrusted,
    pub asked: Untrusted,
    pub totals: Vec<Total>,
    pub sections: [Section; SECTIONS.len()],
    /// Everything else in the body, as additional sections.
    pub others: Vec<Other>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub name: Untrusted,
    /// The documented total it corresponds to, whatever its name.
    pub meaning: Option<&'static str>,
    pub figure: Figure,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// Not an amount: the number of rows, for the total `transactions`.
    Number(i64),
    /// Minor units; the contract does not say in which currency.
    Minor(i64),
    /// An amount that is not a whole number of minor units, as received.
    Decimal(Untrusted),
    /// A text, `null` or another number, as received; `?` for an array or an object.
    Odd(Untrusted),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Title,
    Good,
    Bad,
    /// It cannot be computed, or has changed.
    Open,
    Plain,
    Quiet,
    Remark,
    /// It is not where the contract documents it.
    Odd,
}

#[derive(Debug, Clone)]
pub struct Section {
    pub kind: &'static SectionKind,
    pub rows: Rows,
}

/// The content of a section; as a number, the index in [`SECTIONS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Invoices,
    CreditNotes,
    Penalties,
    Debt,
    Transactions,
}

impl Role {
    pub fn kind(self) -> &'static SectionKind {
        &SECTIONS[self as usize]
    }
}

#[derive(Debug, Clone)]
pub enum Rows {
    Present(Vec<Record>),
    Missing,
    /// The response has `null` under this key.
    Null(Untrusted),
    /// The value under this key contains no rows.
    Odd(Untrusted),
}

#[derive(Debug)]
pub struct SectionKind {
    pub role: Role,
    pub title: &'static str,
    pub spec: &'static Spec,
    /// The key of the server's total for its rows.
    pub total: &'static str,
    /// Its documented key; other names are in `sections/names.rs`.
    pub name: &'static str,
}

/// The section of payouts, and the key of `totals` that counts its rows (contract, "conciliation").
const COUNT: &str = "transactions";

pub static SECTIONS: [SectionKind; 5] = [
    kind(Role::Invoices, "Invoices", &invoices::SPEC, "invoices_gross", "invoices"),
    kind(Role::CreditNotes, "Credit notes", &invoices::SPEC, "credit_notes_gross", "credit_notes"),
    kind(Role::Penalties, "Penalties", &penalties::SPEC, "penalties_gross", "penalties"),
    kind(Role::Debt, "Debt", &debt::SPEC, "debt", "debt"),
    kind(Role::Transactions, "Transactions", &transactions::SPEC, "transactions_made", COUNT),
];

const fn kind(
    role: Role,
    title: &'static str,
    spec: &'static Spec,
    total: &'static str,
    name: &'static str,
) -> SectionKind {
    SectionKind { role, title, spec, total, name }
}

impl Conciliation {
    /// `None` if the body is not a JSON object or has no part of a conciliation.
    pub fn read(asked: &str, body: &str) -> Option<Self> {
        Self::read_shaped(asked, body, &Shapes::default())
    }

    /// Like [`Self::read`], with the user's settings for the fields of lists.
    pub fn read_shaped(asked: &str, body: &str, shapes: &Shapes) -> Option<Self> {
        let found = sections::find(body)?;
        let reference = found.reference.map(|raw| others::as_text(raw.get()));
        Some(Self {
            reference: Untrusted::new(reference.as_deref().unwrap_or(asked)),
            asked: Untrusted::new(asked),
            totals: found.totals_named().map(read_total).collect(),
            others: others::read(&found),
            sections: SECTIONS.each_ref().map(|kind| Section::read(kind, &found, (shapes, asked))),
        })
    }

    pub fn section(&self, role: Role) -> &Section {
        &self.sections[role as usize]
    }

    pub fn rows(&self, role: Role) -> &[Record] {
        self.section(role).records()
    }

    pub fn row(&self, at: row::RowAt) -> Option<&Record> {
        self.rows(at.role).get(at.row)
    }

    /// Totals that belong to no section, such as the count of transactions.
    pub fn other_totals(&self) -> impl Iterator<Item = &Total> {
        self.totals.iter().filter(|total| total.meaning.is_none_or(|name| name == COUNT))
    }

    /// The documented total `name`, whatever the response calls it.
    pub fn total(&self, name: &str) -> Option<&Figure> {
        self.total_named(name).map(|total| &total.figure)
    }

    fn total_named(&self, name: &str) -> Option<&Total> {
        self.totals.iter().find(|total| total.meaning == Some(name))
    }
}

impl Total {
    pub fn shown_name(&self) -> String {
        self.name.shown().replace('_', " ")
    }
}

impl Figure {
    /// The negative of its absolute value.
    fn negative(self) -> Self {
        match self {
            Self::Minor(minor) => Self::Minor(minor.saturating_abs().saturating_neg()),
            Self::Number(number) => Self::Number(number.saturating_abs().saturating_neg()),
            other => other,
        }
    }

    /// Without a code, since the contract names no currency; with the decimals of `currency`.
    pub fn shown(&self, currency: Currency) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Minor(minor) => format_amount((*minor).into(), currency),
            // Marked like the amount of a row, so that nobody reads it as major units.
            Self::Decimal(text) => text.shown().into_owned() + "?",
            Self::Odd(text) => text.shown().into_owned(),
        }
    }
}

impl SectionKind {
    /// The noun for its rows in a sentence.
    fn noun(&self) -> String {
        if self.role == Role::Transactions {
            "payouts".to_owned()
        } else {
            self.title.to_lowercase()
        }
    }

    /// The sums of some of its rows, and the rows not summed. Credit notes count as negative.
    pub fn sums<'a>(&self, rows: impl IntoIterator<Item = &'a Record>) -> (Sums, NotSummed) {
        let (mut sums, mut not_summed) = (Sums::default(), NotSummed::default());
        for row in rows {
            match row.summand(self.spec.amount()) {
                Ok((minor, currency)) => {
                    sums.add(row::signed(row, self.role, minor.into()), currency);
                }
                Err(why) => not_summed.add(why),
            }
        }
        (sums, not_summed)
    }
}

impl Section {
    fn read(kind: &'static SectionKind, found: &Found<'_>, shapes: (&Shapes, &str)) -> Self {
        let rows = match found.sections.get(kind.role as usize) {
            Some(Place::Rows(rows)) => Rows::Present(sections::records(kind.spec, rows, shapes)),
            Some(Place::Null(key)) => Rows::Null(Untrusted::new(key)),
            Some(Place::NoRows(key)) => Rows::Odd(Untrusted::new(key)),
            Some(Place::Missing) | None => Rows::Missing,
        };
        Self { kind, rows }
    }

    pub fn records(&self) -> &[Record] {
        match &self.rows {
            Rows::Present(records) => records,
            _ => &[],
        }
    }

    /// The sums, and the rows that are not summed.
    pub fn sums(&self) -> (Sums, NotSummed) {
        self.kind.sums(self.records())
    }

    /// Returns `true` if it has rows, or if it is missing and its total is zero.
    pub(crate) fn is_known(&self, total: Option<&Figure>) -> bool {
        matches!(self.rows, Rows::Present(_))
            || !matches!(self.rows, Rows::Odd(_)) && total == Some(&Figure::Minor(0))
    }
}

/// It is an amount if the contract says so, else if its name says so.
fn read_total((name, json, meaning): (&str, &str, Option<&'static str>)) -> Total {
    let is_amount = meaning.map_or_else(|| sections::is_amount_total(name), |it| it != COUNT);
    let as_it_came = || Untrusted::new(others::as_text(json));
    let figure = match serde_json::from_str::<i64>(json.trim_matches('"')) {
        Ok(minor) if is_amount => Figure::Minor(minor),
        Ok(number) => Figure::Number(number),
        Err(_) if json.starts_with(['{', '[']) => Figure::Odd(Untrusted::new("?")),
        Err(_) if is_amount && is_decimal_amount(json) => Figure::Decimal(as_it_came()),
        Err(_) => Figure::Odd(as_it_came()),
    };
    Total { name: Untrusted::new(name), meaning, figure }
}

#[cfg(test)]
mod tests;
