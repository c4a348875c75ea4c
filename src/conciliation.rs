//! The conciliation of one booking. Its body is only partly documented (contract, "conciliation"), so
//! each section can have several names and be an array or an object; unknown parts are kept.

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

#[derive(Debug, Clone)]
pub struct Conciliation {
    /// The reference in the response, or else the requested one.
    pub reference: Untrusted,
    pub asked: Untrusted,
    pub totals: Vec<Total>,
    pub sections: [Section; SECTIONS.len()],
    /// Other parts of the body: key and JSON.
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
    /// Minor units; the contract does not say in which currency.
    Minor(i64),
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
    /// The answer has `null` in its place, under this key.
    Null(&'static str),
    /// The section is neither an array nor an object with one; its raw JSON.
    Odd(Untrusted),
}

#[derive(Debug)]
pub struct SectionKind {
    pub role: Role,
    pub title: &'static str,
    pub spec: &'static Spec,
    /// The server's total of its rows.
    pub total: &'static str,
    /// Its possible keys, at the top level or in `invoicing`.
    names: &'static [&'static str],
}

const CREDITS: &[&str] = &["credit_notes", "creditNotes", "credits"];
/// The section of payouts, and the key of `totals` that counts its rows (contract, "conciliation").
const COUNT: &str = "transactions";

pub static SECTIONS: [SectionKind; 5] = [
    kind(Role::Invoices, "Invoices", &invoices::SPEC, "invoices_gross", &["invoices"]),
    kind(Role::CreditNotes, "Credit notes", &invoices::SPEC, "credit_notes_gross", CREDITS),
    kind(Role::Penalties, "Penalties", &penalties::SPEC, "penalties_gross", &["penalties"]),
    kind(Role::Debt, "Debt", &debt::SPEC, "debt", &["debt", "debtors", "debts"]),
    kind(Role::Transactions, "Transactions", &transactions::SPEC, "transactions_made", &[COUNT]),
];

const fn kind(
    role: Role,
    title: &'static str,
    spec: &'static Spec,
    total: &'static str,
    names: &'static [&'static str],
) -> SectionKind {
    SectionKind { role, title, spec, total, names }
}

type Pair<'a> = (String, &'a RawValue);

impl Conciliation {
    /// `None` if the body is not a JSON object or has no part of a conciliation.
    pub fn read(asked: &str, body: &str) -> Option<Self> {
        let mut pairs = object_pairs(body)?;
        // Some endpoints of this API wrap their body in `data`; for this one it is undocumented.
        let is_wrap = |(key, raw): &Pair<'_>| key == "data" && raw.get().starts_with('{');
        if let Some(at) = pairs.iter().position(is_wrap) {
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
        let find = |name: &str| {
            let found = pairs.iter().find(|(key, raw)| key == name && raw.get() != "null");
            found.map(|(_, raw)| *raw)
        };
        let invoicing = find("invoicing").and_then(|it| object_pairs(it.get())).unwrap_or_default();
        let mut leftover: Vec<_> = pairs.iter().chain(&invoicing).collect();
        let sections =
            SECTIONS.each_ref().map(|kind| Section::read(kind, &pairs, &invoicing, &mut leftover));
        let reference = find("reference")
            .and_then(|raw| serde_json::from_str::<String>(raw.get()).ok())
            .unwrap_or_else(|| asked.to_owned());
        // A second section under another of its names is an extra, so that its amounts are shown. So
        // is an unreadable `totals` or `invoicing`.
        let is_extra = |key: &str, json: &str| match key {
            "reference" | "message" => false,
            "totals" | "invoicing" => !json.starts_with('{') && !matches!(json, "null" | "[]"),
            _ => !known(key) || json != "null",
        };
        let extras = leftover.into_iter().filter(|(key, raw)| is_extra(key, raw.get()));
        Some(Self {
            reference: Untrusted::new(reference),
            asked: Untrusted::new(asked),
            totals: find("totals").map(read_totals).unwrap_or_default(),
            sections,
            extras: extras
                .map(|(key, raw)| (Untrusted::new(key.as_str()), Untrusted::new(raw.get())))
                .collect(),
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
        let is_other = |name: &str| SECTIONS.iter().all(|kind| kind.total != name);
        self.totals.iter().filter(move |total| is_other(total.name.expose_raw()))
    }

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
}

impl Section {
    fn read(
        kind: &'static SectionKind,
        pairs: &[Pair<'_>],
        invoicing: &[Pair<'_>],
        leftover: &mut Vec<&Pair<'_>>,
    ) -> Self {
        let held = |is_null: bool| {
            [invoicing, pairs].into_iter().find_map(|pairs| {
                let is_it = |name: &str, pair: &&Pair<'_>| {
                    pair.0 == name && (pair.1.get() == "null") == is_null
                };
                let under = |name: &&'static str| {
                    Some((*name, pairs.iter().find(|pair| is_it(name, pair))?.1))
                };
                kind.names.iter().find_map(under)
            })
        };
        let rows = match (held(false), held(true)) {
            (Some((_, raw)), _) => {
                leftover.retain(|pair| !std::ptr::eq(pair.1, raw));
                read_rows(kind.spec, raw)
            }
            (None, Some((key, _))) => Rows::Null(key),
            (None, None) => Rows::Missing,
        };
        Self { kind, rows }
    }

    pub fn records(&self) -> &[Record] {
        match &self.rows {
            Rows::Present(records) => records,
            _ => &[],
        }
    }

    /// The sums, and the number of rows without a readable amount.
    pub fn sums(&self) -> (Sums, usize) {
        record::sums(self.records(), self.kind.spec.amount())
    }
}

fn read_totals(raw: &RawValue) -> Vec<Total> {
    let total = |(key, raw): Pair<'_>| {
        let figure = match serde_json::from_str::<i64>(raw.get().trim_matches('"')) {
            Ok(count) if key == COUNT => Figure::Count(count),
            Ok(minor) => Figure::Minor(minor),
            Err(_) => Figure::Odd(Untrusted::new(raw.get())),
        };
        Total { name: Untrusted::new(key), figure }
    };
    object_pairs(raw.get()).unwrap_or_default().into_iter().map(total).collect()
}

fn read_rows(spec: &'static Spec, raw: &RawValue) -> Rows {
    if let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        return Rows::Present(rows.iter().map(|row| Record::read(spec, row.get())).collect());
    }
    let pairs = object_pairs(raw.get()).unwrap_or_default();
    let held: Vec<_> = pairs.iter().filter(|(_, inner)| inner.get().starts_with('[')).collect();
    // Of several arrays, only `data` is known to hold rows; the others are not guessed.
    let data = held.iter().find(|(key, _)| key == "data" || held.len() == 1);
    if let Some((_, inner)) = data {
        return read_rows(spec, inner);
    }
    // An array with removed elements may be encoded as an object whose keys are the indexes.
    let is_place = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let is_row = |(key, row): &Pair<'_>| is_place(key) && row.get().starts_with('{');
    if !pairs.is_empty() && pairs.iter().all(is_row) {
        return Rows::Present(pairs.iter().map(|(_, row)| Record::read(spec, row.get())).collect());
    }
    Rows::Odd(Untrusted::new(raw.get()))
}

#[cfg(test)]
mod tests;
