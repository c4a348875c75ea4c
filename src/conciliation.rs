//! The conciliation of one booking: the server's totals and its sections of rows.
//!
//! The body is known only in part (contract, "conciliation"), so each section is looked for under
//! several names, as an array or as an object that holds one, and what is left over is kept.
//! What follows from it (totals, verdict, checks, ledger) is [`report`].

pub mod changes;
pub mod checks;
pub mod ledger;
mod merge;
pub mod reference;
pub mod report;
pub mod row;
pub mod rules;
pub mod suggest;
pub mod totals;
pub mod verdict;

use serde_json::value::RawValue;

use crate::domain::money::{Currency, Sums, format_amount};
use crate::domain::text::Untrusted;
use crate::list::record::{Record, object_pairs};
use crate::list::{Spec, debt, invoices, penalties, record, transactions};

/// What one booking was invoiced, credited, fined, owed and paid.
#[derive(Debug, Clone)]
pub struct Conciliation {
    /// As the server gave it, or as it was asked for.
    pub reference: Untrusted,
    pub asked: Untrusted,
    /// In the order of the server.
    pub totals: Vec<Total>,
    /// In the order of [`SECTIONS`].
    pub sections: [Section; SECTIONS.len()],
    /// What else the body holds: key and JSON.
    pub extras: Vec<(Untrusted, Untrusted)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub name: Untrusted,
    pub figure: Figure,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A number of rows, for the total `transactions`.
    Count(i64),
    /// Minor units; the contract has no word on their currency.
    Minor(i64),
    Odd(Untrusted),
}

/// How good or bad the news of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Title,
    Good,
    Bad,
    /// It cannot be computed, or has changed.
    Open,
    Plain,
    Quiet,
    /// It is a guess.
    Remark,
    /// It is in no documented place.
    Odd,
}

#[derive(Debug, Clone)]
pub struct Section {
    pub kind: &'static SectionKind,
    pub rows: Rows,
    pub place: Place,
}

/// Where in the body a section was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Key(&'static str),
    /// Under this key, which holds `null`.
    Null(&'static str),
    /// Under none of the keys that it may have.
    Nowhere,
}

/// What a section is about; as a number, its place in [`SECTIONS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Invoices,
    /// What was taken back of it.
    CreditNotes,
    Penalties,
    Debt,
    Transactions,
}

impl Role {
    /// The place of the section in [`SECTIONS`] and in [`Conciliation::sections`].
    pub const fn index(self) -> usize {
        self as usize
    }

    pub fn kind(self) -> &'static SectionKind {
        &SECTIONS[self.index()]
    }
}

#[derive(Debug, Clone)]
pub enum Rows {
    /// Perhaps none.
    Present(Vec<Record>),
    /// The answer has no such section, or `null` in its place.
    Absent,
    /// The section is neither an array nor an object that holds one; as it came.
    Odd(Untrusted),
}

#[derive(Debug)]
pub struct SectionKind {
    pub role: Role,
    pub title: &'static str,
    /// The list whose rows it holds.
    pub spec: &'static Spec,
    /// The field that the section's total sums.
    pub amount: &'static str,
    pub total: &'static str,
    /// The keys under which it may stand, at the top or in `invoicing`.
    names: &'static [&'static str],
}

/// The sections of the screen, in its order.
pub static SECTIONS: [SectionKind; 5] = [
    SectionKind {
        role: Role::Invoices,
        title: "Invoices",
        spec: &invoices::SPEC,
        amount: "amount_gross",
        total: "invoices_gross",
        names: &["invoices"],
    },
    SectionKind {
        role: Role::CreditNotes,
        title: "Credit notes",
        spec: &invoices::SPEC,
        amount: "amount_gross",
        total: "credit_notes_gross",
        names: &["credit_notes", "creditNotes", "credits"],
    },
    SectionKind {
        role: Role::Penalties,
        title: "Penalties",
        spec: &penalties::SPEC,
        amount: "amount",
        total: "penalties_gross",
        names: &["penalties"],
    },
    SectionKind {
        role: Role::Debt,
        title: "Debt",
        spec: &debt::SPEC,
        amount: "amount",
        total: "debt",
        names: &["debt", "debtors", "debts"],
    },
    SectionKind {
        role: Role::Transactions,
        title: "Transactions",
        spec: &transactions::SPEC,
        amount: "amount",
        total: "transactions_made",
        names: &["transactions"],
    },
];

/// The key of `totals` that counts rows instead of summing them (contract, "conciliation").
const COUNT: &str = "transactions";

impl Conciliation {
    /// Reads the body of an answer about the booking `asked`; `None` if it is no JSON object or
    /// holds nothing of a conciliation.
    pub fn read(asked: &str, body: &str) -> Option<Self> {
        let mut pairs = object_pairs(body)?;
        // Some endpoints of this API wrap their body in `data`; this one is not documented to.
        if let Some(at) =
            pairs.iter().position(|(key, raw)| key == "data" && raw.get().starts_with('{'))
        {
            let inner = object_pairs(pairs.swap_remove(at).1.get())?;
            pairs.extend(inner);
        }
        let known = |key: &str| {
            matches!(key, "totals" | "invoicing")
                || SECTIONS.iter().any(|kind| kind.names.contains(&key))
        };
        if !pairs.iter().any(|(key, _)| known(key)) {
            return None;
        }
        let invoicing = find(&pairs, &["invoicing"]).and_then(|raw| object_pairs(raw.get()));
        let invoicing = invoicing.unwrap_or_default();
        let mut leftover: Vec<_> = pairs.iter().chain(&invoicing).collect();
        let sections =
            SECTIONS.each_ref().map(|kind| Section::read(kind, &pairs, &invoicing, &mut leftover));
        let reference = find(&pairs, &["reference"])
            .and_then(|raw| serde_json::from_str::<String>(raw.get()).ok())
            .unwrap_or_else(|| asked.to_owned());
        let totals = find(&pairs, &["totals"]).map(read_totals).unwrap_or_default();
        // A second section under another of its names is an extra, since its amounts stand nowhere
        // else. A `totals` or `invoicing` that could not be read is one for the same reason.
        let is_extra = |key: &str, json: &str| match key {
            "reference" | "message" => false,
            "totals" | "invoicing" => !json.starts_with('{') && !matches!(json, "null" | "[]"),
            _ => !known(key) || json != "null",
        };
        let extras = leftover
            .into_iter()
            .filter(|(key, raw)| is_extra(key, raw.get()))
            .map(|(key, raw)| (Untrusted::new(key.as_str()), Untrusted::new(raw.get())))
            .collect();
        Some(Self {
            reference: Untrusted::new(reference),
            asked: Untrusted::new(asked),
            totals,
            sections,
            extras,
        })
    }

    pub fn section(&self, role: Role) -> &Section {
        &self.sections[role.index()]
    }

    pub fn rows(&self, role: Role) -> &[Record] {
        self.section(role).records()
    }

    pub fn row(&self, at: row::RowAt) -> Option<&Record> {
        self.sections.get(at.section)?.records().get(at.row)
    }

    /// Totals that belong to no section, such as the count of transactions.
    pub fn other_totals(&self) -> impl Iterator<Item = &Total> {
        let is_other = |name: &str| SECTIONS.iter().all(|kind| kind.total != name);
        self.totals.iter().filter(move |total| is_other(total.name.expose_raw()))
    }

    /// The server's total of this name.
    pub fn total(&self, name: &str) -> Option<&Figure> {
        let total = self.totals.iter().find(|total| total.name.expose_raw() == name);
        total.map(|total| &total.figure)
    }
}

impl Total {
    pub fn shown_name(&self) -> String {
        self.name.shown().replace('_', " ")
    }
}

impl Figure {
    /// Without a code, since the contract names no currency; with the decimals of `currency`.
    pub fn shown(&self, currency: Currency) -> String {
        match self {
            Self::Count(count) => count.to_string(),
            Self::Minor(minor) => format_amount((*minor).into(), currency),
            Self::Odd(json) => json.shown().into_owned(),
        }
    }

    pub fn number(&self) -> Option<i128> {
        match self {
            Self::Count(number) | Self::Minor(number) => Some((*number).into()),
            Self::Odd(_) => None,
        }
    }
}

impl Section {
    fn read(
        kind: &'static SectionKind,
        pairs: &[(String, &RawValue)],
        invoicing: &[(String, &RawValue)],
        leftover: &mut Vec<&(String, &RawValue)>,
    ) -> Self {
        let held = |names: &[&'static str], is_null: bool| {
            let both = [invoicing, pairs];
            both.into_iter().find_map(|pairs| {
                let under = |name: &str, pair: &&(String, &RawValue)| {
                    pair.0 == name && (pair.1.get() == "null") == is_null
                };
                names
                    .iter()
                    .find_map(|name| Some((*name, pairs.iter().find(|pair| under(name, pair))?.1)))
            })
        };
        let (place, rows) = match (held(kind.names, false), held(kind.names, true)) {
            (Some((key, raw)), _) => {
                leftover.retain(|pair| !std::ptr::eq(pair.1, raw));
                (Place::Key(key), read_rows(kind.spec, raw))
            }
            (None, Some((key, _))) => (Place::Null(key), Rows::Absent),
            (None, None) => (Place::Nowhere, Rows::Absent),
        };
        Self { kind, rows, place }
    }

    pub fn records(&self) -> &[Record] {
        match &self.rows {
            Rows::Present(records) => records,
            Rows::Absent | Rows::Odd(_) => &[],
        }
    }

    /// The sums of the rows, and how many rows have no readable amount.
    pub fn sums(&self) -> (Sums, usize) {
        record::sums(self.records(), self.kind.amount)
    }
}

fn find<'a>(pairs: &[(String, &'a RawValue)], names: &[&str]) -> Option<&'a RawValue> {
    let held_under = |name: &&str| {
        pairs.iter().find(|(key, raw)| key == name && raw.get() != "null").map(|(_, raw)| *raw)
    };
    names.iter().find_map(held_under)
}

fn read_totals(raw: &RawValue) -> Vec<Total> {
    let figure = |key: &str, json: &str| match serde_json::from_str::<i64>(json.trim_matches('"')) {
        Ok(count) if key == COUNT => Figure::Count(count),
        Ok(minor) => Figure::Minor(minor),
        Err(_) => Figure::Odd(Untrusted::new(json)),
    };
    object_pairs(raw.get())
        .unwrap_or_default()
        .iter()
        .map(|(key, raw)| Total {
            name: Untrusted::new(key.as_str()),
            figure: figure(key, raw.get()),
        })
        .collect()
}

fn read_rows(spec: &'static Spec, raw: &RawValue) -> Rows {
    if let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        return Rows::Present(rows.iter().map(|row| Record::read(spec, row.get())).collect());
    }
    let pairs = object_pairs(raw.get()).unwrap_or_default();
    let held: Vec<_> = pairs.iter().filter(|(_, inner)| inner.get().starts_with('[')).collect();
    // Of several arrays none is guessed to be the rows, but for the name that lists have.
    let data = held.iter().find(|(key, _)| key == "data" || held.len() == 1);
    if let Some((_, inner)) = data {
        return read_rows(spec, inner);
    }
    // A list from which rows were taken out may come as an object whose keys are their places.
    let is_place = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let is_row = |(key, row): &(String, &RawValue)| is_place(key) && row.get().starts_with('{');
    if !pairs.is_empty() && pairs.iter().all(is_row) {
        return Rows::Present(pairs.iter().map(|(_, row)| Record::read(spec, row.get())).collect());
    }
    Rows::Odd(Untrusted::new(raw.get()))
}

#[cfg(test)]
mod tests;
