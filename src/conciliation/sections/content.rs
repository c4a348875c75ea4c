//! The section of rows whose name says nothing: each has the documented fields of a list.

use super::super::Role;
use super::rows::rows_in;
use super::{Candidate, NOT_NAMED, Pair, is_array, is_object, names};
use crate::domain::normalize::is_same_word;
use crate::list::record::object_pairs;
use crate::list::{Kind, Spec};
use serde_json::value::RawValue;

/// The sections whose rows are documented field by field (contract, "GET /transactions", "GET /penalties").
const DOCUMENTED: [Role; 2] = [Role::Penalties, Role::Transactions];
/// Of four documented fields, those that each row must have.
const LEAST_OF_FOUR: usize = 3;

/// The sections of a body that only their rows tell; any place with the name of the section is better.
/// Of two places neither is it: each may be a part.
pub(super) fn by_rows<'a>(pairs: &[Pair<'a>]) -> Vec<Candidate<'a>> {
    let inner = |(_, raw): &Pair<'a>| object_pairs(raw.get()).unwrap_or_default();
    let within = pairs.iter().flat_map(inner).collect::<Vec<_>>();
    let only = |role: Role| {
        let is_it = |pair: &&Pair<'a>| may_be_named(role, &pair.0) && has_fields(role, pair.1);
        let mut fitting = within.iter().filter(is_it).collect::<Vec<_>>();
        let holds_one = |outer: &Pair<'a>| fitting.iter().any(|(_, raw)| is_within(raw, outer.1));
        let outer =
            pairs.iter().filter(is_it).filter(|outer| !holds_one(outer)).collect::<Vec<_>>();
        fitting.extend(outer);
        let [(key, raw)] = fitting[..] else { return None };
        Some(Candidate { role, key: key.clone(), raw, rank: (false, true, NOT_NAMED, 0, 0) })
    };
    DOCUMENTED.into_iter().filter_map(only).collect()
}

fn is_within(inner: &RawValue, outer: &RawValue) -> bool {
    outer.get().as_bytes().as_ptr_range().contains(&inner.get().as_ptr())
}

/// Whether a key can be a name of the whole section: it is not that of a part, such as a status, a month
/// or `paid_penalties`, nor of what holds the rows.
fn may_be_named(role: Role, key: &str) -> bool {
    let spec = role.kind().spec;
    let statuses = spec.fields.iter().find_map(|field| match field.kind {
        Kind::Word(words) if words.len() > 1 => Some(words),
        _ => None,
    });
    let words = names::words(key);
    let is_status = |word: &String| statuses.unwrap_or(&[]).iter().any(|it| is_same_word(it, word));
    !key.starts_with(|c: char| c.is_ascii_digit())
        && !names::is_holder(key)
        && !words.iter().any(is_status)
        && !names::is_part(key)
}

fn has_fields(role: Role, raw: &RawValue) -> bool {
    if !is_array(raw) && !is_object(raw) {
        return false;
    }
    let rows = rows_in(role, raw);
    !rows.is_empty() && rows.iter().all(|row| is_documented(role.kind().spec, row.json))
}

fn is_documented(spec: &Spec, row: &str) -> bool {
    let pairs = object_pairs(row).unwrap_or_default();
    let has = |name: &str| pairs.iter().any(|(key, _)| key == name);
    let found = spec.fields.iter().filter(|field| has(field.name)).count();
    found * 4 >= spec.fields.len() * LEAST_OF_FOUR
}

#[cfg(test)]
mod tests {
    use super::super::{Place, find};
    use super::*;
    use crate::list::{penalties, transactions};
    use serde_json::{Value, json};

    fn rows(sample: &str) -> Value {
        serde_json::from_str(sample).unwrap()
    }

    fn places(body: &Value) -> [bool; 2] {
        let body = body.to_string();
        let found = find(&body).unwrap();
        DOCUMENTED.map(|role| matches!(found.sections[role as usize], Place::Rows(_)))
    }

    #[test]
    fn documented_rows_under_any_key_are_their_section_unless_it_may_be_a_part() {
        let (penalty, payout) = (rows(penalties::SPEC.sample), rows(transactions::SPEC.sample));
        let cases = [
            (json!({"charges": penalty, "moved": payout}), [true, true]),
            (json!({"extras": {"charges": {"notify": penalty}}}), [true, false]),
            (json!({"cancellation_penalties": penalty, "bank_movements": payout}), [true, true]),
            (json!({"charges": {"2026-03": penalty}, "moved": {"data": payout}}), [true, true]),
            (json!({"charges": [], "moved": [{"amount": 1, "currency": "EUR"}]}), [false, false]),
            // Each may be a part.
            (json!({"charges": penalty, "extras": penalty}), [false, false]),
            (json!({"paid_penalties": penalty, "failed_payments": payout}), [false, false]),
            (json!({"settled": penalty, "paid_charges": penalty}), [false, false]),
            // A name is better.
            (json!({"penalties": [], "charges": penalty}), [true, false]),
        ];
        for (mut body, expected) in cases {
            body["totals"] = json!({});
            assert_eq!(places(&body), expected, "{body}");
        }
    }
}
