//! Sections whose names say nothing, by what their rows say.

use super::super::Role;
use super::rows::rows_in;
use super::{Candidate, NOT_NAMED, Pair, Row, is_array, is_object, names};
use crate::domain::normalize::is_same_word;
use crate::list::debt;
use crate::list::record::{object_pairs, walk_value};
use crate::list::{Kind, Spec};
use serde_json::value::RawValue;

/// The sections that rows can tell; the place of invoices is documented.
const TOLD: [Role; 4] = [Role::Penalties, Role::Transactions, Role::CreditNotes, Role::Debt];
/// Of four documented fields, those that each row must have.
const LEAST_OF_FOUR: usize = 3;

/// The sections of a body that only their rows tell; any place with the name of the section is better.
/// Of two places neither is it: each may be a part.
pub(super) fn by_rows<'a>(pairs: &[Pair<'a>]) -> Vec<Candidate<'a>> {
    let only = |role: Role| {
        let mut found = pairs.iter().flat_map(|pair| places(role, pair));
        let (Some((key, raw)), None) = (found.next(), found.next()) else { return None };
        Some(Candidate { role, key, raw, rank: (false, true, NOT_NAMED, 0, 0) })
    };
    TOLD.into_iter().filter_map(only).collect()
}

/// Where the rows of a section may be: in a value within this one if all rows here are there, else here.
fn places<'a>(role: Role, (key, raw): &Pair<'a>) -> Vec<Pair<'a>> {
    if names_part(role, key) {
        return Vec::new();
    }
    let all = rows_of(role, raw);
    let mut within = object_pairs(raw.get()).unwrap_or_default();
    within.retain(|(key, raw)| {
        let own = rows_of(role, raw).filter(|own| all.is_none_or(|all| all == *own));
        own.is_some() && may_be_named(role, key)
    });
    if all.is_some() && within.is_empty() && may_be_named(role, key) {
        within.push((key.clone(), raw));
    }
    within
}

/// Whether a key can be a name of the whole section: not of what holds the rows, nor a month or an index.
fn may_be_named(role: Role, key: &str) -> bool {
    !key.starts_with(|c: char| c.is_ascii_digit())
        && !names::is_holder(key)
        && !names_part(role, key)
}

/// Whether a key is that of a part: a status, or a name such as `paid_charges`.
fn names_part(role: Role, key: &str) -> bool {
    let fields = role.kind().spec.fields.iter();
    let statuses = fields.filter_map(|field| match field.kind {
        Kind::Word(words) if words.len() > 1 => Some(words),
        _ => None,
    });
    let statuses: Vec<&str> = statuses.flatten().copied().collect();
    let is_status = |word: &String| statuses.iter().any(|status| is_same_word(status, word));
    names::words(key).iter().any(is_status) || names::is_part(key)
}

/// How many rows there are, if each is one of the section.
fn rows_of(role: Role, raw: &RawValue) -> Option<usize> {
    if !is_array(raw) && !is_object(raw) {
        return None;
    }
    let rows = rows_in(role, raw);
    let are_its = !rows.is_empty() && rows.iter().all(|row| is_row_of(role, row));
    let is_told = role != Role::Debt || rows.iter().any(|row| says(row, UNMISTAKABLE_TYPES));
    (are_its && is_told).then_some(rows.len())
}

/// Types of debt that nothing else has, as `other` could be.
const UNMISTAKABLE_TYPES: &[&str] = debt::TYPES.split_at(debt::TYPES.len() - 1).0;

fn is_row_of(role: Role, row: &Row<'_>) -> bool {
    let spec = role.kind().spec;
    match role {
        // Documented field by field (contract, "GET /penalties", "GET /transactions").
        Role::Penalties | Role::Transactions => is_documented(spec, row.json),
        Role::CreditNotes => spec.taken_back.is_some_and(|(_, word)| says(row, &[word])),
        Role::Debt => {
            let has_status = row.status(debt::STATUSES).is_some() || says(row, debt::STATUSES);
            has_status && says(row, debt::TYPES)
        }
        Role::Invoices => false,
    }
}

fn is_documented(spec: &Spec, row: &str) -> bool {
    let pairs = object_pairs(row).unwrap_or_default();
    let has = |name: &str| pairs.iter().any(|(key, _)| key == name);
    let found = spec.fields.iter().filter(|field| has(field.name)).count();
    found * 4 >= spec.fields.len() * LEAST_OF_FOUR
}

/// Whether a text in the row is one of these words.
fn says(row: &Row<'_>, words: &[&str]) -> bool {
    let mut is_said = false;
    walk_value("", row.json, &mut |_, raw| {
        let text = serde_json::from_str::<String>(raw.get()).ok();
        is_said |= text.is_some_and(|text| words.iter().any(|word| is_same_word(&text, word)));
    });
    is_said
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

    /// The sections that have rows, and how many.
    fn found(body: &Value) -> Vec<(Role, usize)> {
        let body = body.to_string();
        let found = find(&body).unwrap();
        let count = |role: Role| match &found.sections[role as usize] {
            Place::Rows(rows) if !rows.is_empty() => Some((role, rows.len())),
            _ => None,
        };
        TOLD.into_iter().filter_map(count).collect()
    }

    #[test]
    fn rows_tell_the_section_of_any_key_that_can_name_the_whole() {
        let (penalty, payout) = (rows(penalties::SPEC.sample), rows(transactions::SPEC.sample));
        let note = json!([{"class": {"kind": "CREDIT_NOTE"}, "sum": 1}]);
        let debt = |of: &str| json!([{"stage": "overdue", "why": of, "sum": 1}]);
        let (own, other) = (debt("invoices_not_paid"), debt("other"));
        let both = json!([own[0], other[0]]);
        let (fine, paid) = ((Role::Penalties, 1), (Role::Transactions, 1));
        let (credit, owed) = ((Role::CreditNotes, 1), (Role::Debt, 1));
        let cases = [
            (json!({"charges": penalty, "moved": payout}), vec![fine, paid]),
            (json!({"extras": {"charges": {"notify": penalty}}}), vec![fine]),
            (json!({"extras": {"charges": penalty, "credits": []}}), vec![fine]),
            (json!({"cancellation_penalties": penalty, "bank_moves": payout}), vec![fine, paid]),
            (json!({"charges": {"2026-03": penalty}, "moved": {"data": payout}}), vec![fine, paid]),
            (json!({"rectifications": note, "obligations": own}), vec![credit, owed]),
            (json!({"obligations": {"mine": own, "yours": other}}), vec![(Role::Debt, 2)]),
            (json!({"obligations": both, "charges": []}), vec![(Role::Debt, 2)]),
            // All of these rows are in a group that could be the name of a part.
            (json!({"charges": {"paid": penalty, "waived": penalty}}), vec![(Role::Penalties, 2)]),
            (json!({"charges": {"paid": penalty, "mine": penalty}}), vec![(Role::Penalties, 2)]),
            (json!({"adjustments": other, "moved": [{"amount": 1, "currency": "EUR"}]}), vec![]),
            // Each may be a part.
            (json!({"charges": penalty, "extras": penalty}), vec![]),
            (json!({"paid_penalties": penalty, "failed_payments": payout}), vec![]),
            (json!({"settled": penalty, "old": {"charges": penalty}}), vec![]),
            // A name is better.
            (json!({"penalties": [], "charges": penalty}), vec![]),
        ];
        for (mut body, expected) in cases {
            body["totals"] = json!({});
            assert_eq!(found(&body), expected, "{body}");
        }
    }
}
