//! Stored fields of a record, to detect later changes: no names, no account numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::money::{Currency, format_amount};
use crate::domain::text::Untrusted;
use crate::list::record::{Record, Value, is_decimal_amount, text_cell};
use crate::list::{Kind, Spec};

const LONGEST: usize = 100;

/// The compared fields of a record by name, unchanged; empty ones are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(BTreeMap<String, String>);

/// A changed field with its old and new value, printable; empty if there was no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub name: &'static str,
    pub label: &'static str,
    pub old: String,
    pub new: String,
    /// The minor units of an amount, old and new.
    pub minor: [Option<i64>; 2],
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [old, new] =
            [&self.old, &self.new].map(|it| if it.is_empty() { "(empty)" } else { it });
        write!(f, "{} {old} → {new}", self.label)
    }
}

impl Fingerprint {
    pub fn of(record: &Record) -> Self {
        let kept = record.spec().tracked.iter().filter_map(|name| {
            let text = match record.value(name) {
                Value::Minor(minor) => minor.to_string(),
                Value::Date(day) => day.to_string(),
                Value::Flag(flag) => flag.to_string(),
                Value::Decimal(_) => record.value(name).decimal()?.into_owned(),
                other => other.raw_text()?.expose_raw().trim().chars().take(LONGEST).collect(),
            };
            (!text.is_empty()).then(|| ((*name).to_owned(), text))
        });
        Self(kept.collect())
    }

    pub fn differences(&self, new: &Self, spec: &'static Spec) -> Vec<Difference> {
        if self == new {
            return Vec::new();
        }
        let differing = spec.tracked.iter().filter(|name| self.0.get(**name) != new.0.get(**name));
        let difference = |name: &&'static str| {
            let field = spec.fields.iter().find(|field| field.name == *name)?;
            let minor =
                [self, new].map(|seen| seen.minor(name).filter(|_| field.kind == Kind::Minor));
            let [old, new] = [self, new].map(|seen| seen.shown(name, field.kind));
            Some(Difference { name: field.name, label: field.label, old, new, minor })
        };
        differing.filter_map(difference).collect()
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub fn minor(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// The value as a cell of this kind shows it; empty if there is no value.
    pub fn shown(&self, name: &str, kind: Kind) -> String {
        let Some(text) = self.0.get(name) else { return String::new() };
        match text.parse::<i64>() {
            Ok(minor) if kind == Kind::Minor => {
                let currency = self.0.get("currency").and_then(|code| Currency::parse(code));
                format_amount(minor.into(), currency.unwrap_or(Currency::NONE))
            }
            _ if kind == Kind::Minor && is_decimal_amount(&format!("\"{text}\"")) => {
                format!("{text}?")
            }
            _ => text_cell(kind, &Untrusted::new(text)).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn penalty(json: &str) -> Record {
        Record::read(Spec::named("penalties").unwrap(), json)
    }

    #[test]
    fn an_amount_that_is_no_whole_minor_units_is_compared_and_shown_as_it_came() {
        let spec = Spec::named("penalties").unwrap();
        let of = |amount: &str| {
            let json = format!(r#"{{"amount":{amount},"currency":"EUR"}}"#);
            Fingerprint::of(&Record::read(spec, &json))
        };
        assert_eq!(of("200.0").differences(&of("\"200.0\""), spec), []);
        let changed = of("866.604").differences(&of("900"), spec);
        assert_eq!(changed[0].to_string(), "Amount 866.604? → 9.00");
    }

    #[test]
    fn old_stands_beside_new_in_the_words_of_the_screen() {
        let old = penalty(r#"{"id":"1","status":"notify","amount":123456,"currency":"PLN"}"#);
        let new = penalty(
            r#"{"id":"1","status":"paid","amount":100000,"currency":"PLN","invoice_number":"x",
                "timestamp_paid":"2026-11-20T09:00:00.000000Z"}"#,
        );
        let differences = Fingerprint::of(&old).differences(&Fingerprint::of(&new), old.spec());
        let words: Vec<String> = differences.iter().map(ToString::to_string).collect();
        let expected = [
            "Status notify → paid",
            "Amount 1,234.56 → 1,000.00",
            "Paid (empty) → 2026-11-20 09:00Z",
        ];
        assert_eq!(words, expected);
        assert!(Fingerprint::of(&new).differences(&Fingerprint::of(&new), old.spec()).is_empty());
    }

    #[test]
    fn neither_names_nor_account_numbers_are_kept_and_hostile_texts_are_bounded() {
        let spec = Spec::named("penalties").unwrap();
        let long = "x".repeat(5_000);
        let json = format!(
            r#"{{"id":"1","status":"{long}","beneficiary":"Jane","iban":"ES91","bank_account":"1",
                "account_name":"Jane","invoice_to":"Jane"}}"#
        );
        let written = serde_json::to_string(&Fingerprint::of(&Record::read(spec, &json))).unwrap();
        assert!(written.len() < 150 && !written.contains("Jane") && !written.contains("ES91"));
        for spec in crate::list::ALL {
            for name in spec.tracked {
                let field = spec.fields[spec.position(name).unwrap()];
                assert!(!matches!(field.kind, Kind::Text | Kind::Link), "{}.{name}", spec.key);
            }
        }
    }
}
