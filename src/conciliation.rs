//! The conciliation of one booking: the server's totals and its sections of rows.
//!
//! The body is known only in part (contract, "conciliation"), so each section is looked for under
//! several names, as an array or as an object that holds one, and what is left over is kept.

use serde_json::value::RawValue;

use crate::domain::money::Sums;
use crate::domain::text::Untrusted;
use crate::resource::record::{self, Record, object_pairs};
use crate::resource::{Spec, debt, invoices, penalties, transactions};

/// What one booking was invoiced, credited, fined, owed and paid.
#[derive(Debug, Clone)]
pub struct Conciliation {
    /// The reference as the server gave it, or as it was asked for.
    pub reference: Untrusted,
    /// The server's totals in its order.
    pub totals: Vec<Total>,
    /// One for each entry of [`SECTIONS`], in that order.
    pub sections: Vec<Section>,
    /// What else the body holds: key and JSON.
    pub extras: Vec<(Untrusted, Untrusted)>,
}

/// One of the server's totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Its key: `invoices_gross`.
    pub name: Untrusted,
    /// Its figure: minor units without a currency, or a count for `transactions`.
    pub figure: Figure,
}

/// A figure of `totals`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A number of rows.
    Count(i64),
    /// Minor units; the contract has no word on their currency.
    Minor(i64),
    /// Something else, as it came.
    Odd(Untrusted),
}

/// The rows of one kind.
#[derive(Debug, Clone)]
pub struct Section {
    /// What it holds.
    pub kind: &'static SectionKind,
    /// The rows, or why there are none to show.
    pub rows: Rows,
}

/// The state of a section.
#[derive(Debug, Clone)]
pub enum Rows {
    /// The rows that came, perhaps none.
    Came(Vec<Record>),
    /// The answer has no such section, or `null` in its place.
    Absent,
    /// The section is neither an array nor an object that holds one; as it came.
    Odd(Untrusted),
}

/// A section as data.
#[derive(Debug)]
pub struct SectionKind {
    /// Its name on the screen.
    pub title: &'static str,
    /// The list whose rows it holds.
    pub spec: &'static Spec,
    /// The field that the section's total sums.
    pub amount: &'static str,
    /// The key of its total.
    pub total: &'static str,
    /// The keys under which it may stand, at the top or in `invoicing`.
    names: &'static [&'static str],
}

/// The sections of the screen, in its order.
pub static SECTIONS: [SectionKind; 5] = [
    SectionKind {
        title: "Invoices",
        spec: &invoices::SPEC,
        amount: "amount_gross",
        total: "invoices_gross",
        names: &["invoices"],
    },
    SectionKind {
        title: "Credit notes",
        spec: &invoices::SPEC,
        amount: "amount_gross",
        total: "credit_notes_gross",
        names: &["credit_notes", "creditNotes", "credits"],
    },
    SectionKind {
        title: "Penalties",
        spec: &penalties::SPEC,
        amount: "amount",
        total: "penalties_gross",
        names: &["penalties"],
    },
    SectionKind {
        title: "Debt",
        spec: &debt::SPEC,
        amount: "amount",
        total: "debt",
        names: &["debt", "debtors", "debts"],
    },
    SectionKind {
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
    #[must_use]
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
        let sections =
            SECTIONS.iter().map(|kind| Section::read(kind, &pairs, &invoicing)).collect();
        let reference = find(&pairs, &["reference"])
            .and_then(|raw| serde_json::from_str::<String>(raw.get()).ok())
            .unwrap_or_else(|| asked.to_owned());
        let totals = find(&pairs, &["totals"]).map(read_totals).unwrap_or_default();
        let extras = pairs
            .iter()
            .chain(&invoicing)
            .filter(|(key, _)| !known(key) && key != "reference" && key != "message")
            .map(|(key, raw)| (Untrusted::new(key.as_str()), Untrusted::new(raw.get())))
            .collect();
        Some(Self { reference: Untrusted::new(reference), totals, sections, extras })
    }

    /// The server's total of a section.
    #[must_use]
    pub fn total_of(&self, kind: &SectionKind) -> Option<&Figure> {
        self.totals
            .iter()
            .find(|total| total.name.raw_never_printed() == kind.total)
            .map(|total| &total.figure)
    }
}

impl Section {
    fn read(
        kind: &'static SectionKind,
        pairs: &[(String, &RawValue)],
        invoicing: &[(String, &RawValue)],
    ) -> Self {
        let raw = find(invoicing, kind.names).or_else(|| find(pairs, kind.names));
        Self { kind, rows: raw.map_or(Rows::Absent, |raw| read_rows(kind.spec, raw)) }
    }

    /// The rows that came.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        match &self.rows {
            Rows::Came(records) => records,
            Rows::Absent | Rows::Odd(_) => &[],
        }
    }

    /// The sum of the rows for each currency, and how many rows have no readable amount.
    #[must_use]
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
        return Rows::Came(rows.iter().map(|row| Record::read(spec, row.get())).collect());
    }
    let held = object_pairs(raw.get()).and_then(|pairs| {
        pairs.iter().find(|(_, inner)| inner.get().starts_with('[')).map(|(_, inner)| *inner)
    });
    match held {
        Some(inner) => read_rows(spec, inner),
        None => Rows::Odd(Untrusted::new(raw.get())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHOLE: &str = r#"{
        "reference": "BK1",
        "totals": {"transactions": 2, "transactions_made": 150000, "invoices_gross": 12100,
                   "credit_notes_gross": "-100", "penalties_gross": null, "debt": 0, "new": 7},
        "invoicing": {"invoices": [{"document_id": "a", "amount_gross": 12100, "currency": "EUR"}],
                      "credit_notes": [{"document_id": "b", "amount_gross": "-100"}], "tax": 1},
        "penalties": {"items": [{"id": "p", "amount": 500, "currency": "EUR"}]},
        "debtors": null,
        "transactions": [{"amount": 100000, "currency": "EUR"}, {"amount": 50000, "currency": "PLN"},
                         {"amount": {}}],
        "note": "x"
    }"#;

    #[test]
    fn sections_are_found_under_their_names_in_their_shapes() {
        let booking = Conciliation::read("asked", WHOLE).unwrap();
        assert_eq!(booking.reference.raw_never_printed(), "BK1");
        let counts: Vec<usize> = booking.sections.iter().map(|s| s.records().len()).collect();
        assert_eq!(counts, [1, 1, 1, 0, 3]);
        assert!(matches!(booking.sections[3].rows, Rows::Absent));
        let (sums, without) = booking.sections[4].sums();
        assert_eq!((sums.to_string().as_str(), without), ("EUR 1,000.00 · PLN 500.00", 1));
        let extras: Vec<_> = booking.extras.iter().map(|(key, _)| key.shown()).collect();
        assert_eq!(extras, ["note", "tax"]);
    }

    #[test]
    fn totals_keep_their_order_and_their_oddities() {
        let booking = Conciliation::read("BK1", WHOLE).unwrap();
        let figures: Vec<_> = booking.totals.iter().map(|total| total.figure.clone()).collect();
        assert_eq!(figures[0], Figure::Count(2));
        assert_eq!(figures[3], Figure::Minor(-100));
        assert_eq!(figures[4], Figure::Odd(Untrusted::new("null")));
        assert_eq!(booking.total_of(&SECTIONS[0]), Some(&Figure::Minor(12100)));
    }

    #[test]
    fn what_is_no_conciliation_is_told_apart_from_an_empty_one() {
        assert!(Conciliation::read("BK1", r#"{"message": "hello"}"#).is_none());
        assert!(Conciliation::read("BK1", "[]").is_none());
        let empty = Conciliation::read("BK1", r#"{"totals": {}, "invoicing": []}"#).unwrap();
        assert_eq!(empty.reference.raw_never_printed(), "BK1");
        let wrapped = Conciliation::read("BK1", r#"{"data": {"debt": []}}"#).unwrap();
        assert!(matches!(wrapped.sections[3].rows, Rows::Came(_)));
        let odd = Conciliation::read("BK1", r#"{"debt": "none"}"#).unwrap();
        assert!(matches!(odd.sections[3].rows, Rows::Odd(_)));
    }

    proptest! {
        #[test]
        fn any_body_gives_a_value_or_none(body in any::<String>(), name in "[a-z_]{1,12}") {
            let _ = Conciliation::read("BK1", &body);
            let bent = format!(r#"{{"{name}": [{{"{name}": {{}}}}], "totals": {{"{name}": []}}}}"#);
            prop_assert!(Conciliation::read("BK1", &bent).is_some());
        }
    }
}
