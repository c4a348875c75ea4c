//! Sections whose names say nothing, by what their rows say.

use super::super::Role;
use super::rows::rows_in;
use super::{
    Candidate, DEEPER, Known, MOST_PARTS, Pair, Rank, Row, TOP, is_array, is_object, names,
};
use crate::domain::normalize::is_same_word;
use crate::list::debt;
use crate::list::record::{object_pairs, walk_value};
use crate::list::{ALL, Kind};
use serde_json::value::RawValue;

/// The sections that rows can tell; the place of invoices is documented.
const TOLD: [Role; 4] = [Role::Penalties, Role::Transactions, Role::CreditNotes, Role::Debt];
/// Of four documented fields, those that a row must have.
const LEAST_OF_FOUR: usize = 3;
/// Of five rows, those that must tell the section.
const LEAST_OF_FIVE: usize = 4;
/// Documented fields that rows of other lists do not have.
const OWN_FIELDS: [(Role, &[&str]); 2] = [
    (Role::Penalties, &["timestamp_notify"]),
    // What was not paid yet is scheduled.
    (Role::Transactions, &["issued_on", "action"]),
];

/// The sections of a body that only their rows tell, without those that have a name in `named`. Where two
/// places have such rows, or one whose name says that it is a part, it is neither.
pub(super) fn by_rows<'a>(pairs: &[Pair<'a>], named: &[Candidate<'a>]) -> Vec<Candidate<'a>> {
    let is_named = |role: Role| named.iter().any(|one| one.role == role && !one.rank.is_null);
    let only = |role: Role| {
        let mut found = pairs.iter().flat_map(|pair| places(role, pair));
        let (Some(only), None) = (found.next(), found.next()) else { return None };
        let (level, (key, raw)) = only?;
        let rank = Rank { is_null: false, known: Known::Rows, level, name: 0, position: 0 };
        Some(Candidate { role, key, raw, rank })
    };
    TOLD.into_iter().filter(|role| !is_named(*role)).filter_map(only).collect()
}

/// A place and its level; `None` if its name says that it is a part.
type Found<'a> = Option<(usize, Pair<'a>)>;

/// Where the rows of a section may be: in a value within this one if all rows here are there, else here.
fn places<'a>(role: Role, (key, raw): &Pair<'a>) -> Vec<Found<'a>> {
    let all = rows_of(role, raw);
    let mut within = object_pairs(raw.get()).unwrap_or_default();
    if within.len() > MOST_PARTS {
        within.clear();
    }
    within
        .retain(|(_, raw)| rows_of(role, raw).is_some_and(|own| all.is_none_or(|all| all == own)));
    let is_whole = |key: &str| may_be_named(key) && !names_part(role, key);
    let inner = within.into_iter().map(|pair| {
        let is_it = is_whole(&pair.0) && !names_part(role, key);
        is_it.then_some((DEEPER, pair))
    });
    match inner.collect::<Vec<_>>() {
        inner if all.is_none() || inner.iter().any(Option::is_some) => inner,
        _ => vec![is_whole(key).then(|| (TOP, (key.clone(), *raw)))],
    }
}

/// Whether a key can be a name of rows: not of what holds them, nor a month or an index.
fn may_be_named(key: &str) -> bool {
    !key.starts_with(|c: char| c.is_ascii_digit()) && !names::is_holder(key)
}

/// Whether a key is that of a part: a status, or a name such as `paid_charges`.
fn names_part(role: Role, key: &str) -> bool {
    let fields = ALL.iter().flat_map(|spec| spec.fields);
    let statuses = fields.filter_map(|field| match (field.name, field.kind) {
        ("status", Kind::Word(words)) => Some(words),
        _ => None,
    });
    let statuses: Vec<&str> = statuses.flatten().copied().collect();
    let is_status = |word: &String| statuses.iter().any(|status| is_same_word(status, word));
    names::words(key).iter().any(is_status) || names::is_part(role, key)
}

/// How many rows there are, if they are those of the section; of one row in five nobody knows.
fn rows_of(role: Role, raw: &RawValue) -> Option<usize> {
    if !is_array(raw) && !is_object(raw) {
        return None;
    }
    let rows = rows_in(role, raw);
    let found = rows.iter().filter(|row| is_row_of(role, row)).count();
    let are_its = found > 0 && found * 5 >= rows.len() * LEAST_OF_FIVE;
    let is_told = role != Role::Debt || rows.iter().any(|row| says(row, UNMISTAKABLE_TYPES));
    (are_its && is_told).then_some(rows.len())
}

/// Types of debt that nothing else has, as `other` could be.
const UNMISTAKABLE_TYPES: &[&str] = debt::TYPES.split_at(debt::TYPES.len() - 1).0;

fn is_row_of(role: Role, row: &Row<'_>) -> bool {
    let spec = role.kind().spec;
    match role {
        // Documented field by field (contract, "GET /penalties", "GET /transactions").
        Role::Penalties | Role::Transactions => is_documented(role, row.json),
        Role::CreditNotes => spec.taken_back.is_some_and(|(_, word)| says(row, &[word])),
        Role::Debt => {
            let has_status = row.status(debt::STATUSES).is_some() || says(row, debt::STATUSES);
            has_status && says(row, debt::TYPES)
        }
        Role::Invoices => false,
    }
}

fn is_documented(role: Role, row: &str) -> bool {
    let pairs = object_pairs(row).unwrap_or_default();
    let has = |name: &str| pairs.iter().any(|(key, _)| key == name);
    let fields = role.kind().spec.fields;
    let found = fields.iter().filter(|field| has(field.name)).count();
    let own = OWN_FIELDS.iter().filter(|(it, _)| *it == role).flat_map(|(_, names)| *names);
    found * 4 >= fields.len() * LEAST_OF_FOUR && own.into_iter().all(|name| has(name))
}

/// Whether a text in the row is one of these words.
fn says(row: &Row<'_>, words: &[&str]) -> bool {
    let mut is_said = false;
    walk_value(&[""], row.json, &mut |_, raw| {
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
        let scheduled = json!([{"booking_id": "BK1", "amount": 1, "currency": "EUR", "type": "a",
            "beneficiary": "b", "bank_account": "c", "due_date": "2026-01-01"}]);
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
            (json!({"openBalances": {"data": own}}), vec![owed]),
            (json!({"obligations": both, "charges": []}), vec![(Role::Debt, 2)]),
            // All of these rows are in a group that could be the name of a part.
            (json!({"charges": {"paid": penalty, "waived": penalty}}), vec![(Role::Penalties, 2)]),
            (json!({"charges": {"paid": penalty, "mine": penalty}}), vec![(Role::Penalties, 2)]),
            (
                json!({"charges": [penalty[0], penalty[0], penalty[0], penalty[0], null]}),
                vec![(Role::Penalties, 5)],
            ),
            (json!({"adjustments": other, "moved": [{"amount": 1, "currency": "EUR"}]}), vec![]),
            // Each may be a part.
            (json!({"charges": penalty, "extras": penalty}), vec![]),
            (json!({"paid_penalties": penalty, "failed_payments": payout}), vec![]),
            (json!({"settled": penalty, "old": {"charges": penalty}}), vec![]),
            (json!({"charges": penalty, "archived_charges": penalty}), vec![]),
            (json!({"charges": {"cancellation": penalty, "other": [{}]}}), vec![fine]),
            (json!({"next_payouts": payout, "pagos_programados": payout}), vec![]),
            (json!({"moves": scheduled}), vec![]),
            (json!({"landlord_payouts": payout, "customer_payouts": payout}), vec![]),
            (json!({"issued_credits": note, "applied_credits": []}), vec![credit]),
            // A name is better, unless it has nothing.
            (json!({"penalties": [], "charges": penalty}), vec![]),
            (json!({"penalties": null, "charges": penalty}), vec![fine]),
            (json!({"payouts": {"items": payout, "charges": penalty}}), vec![fine, paid]),
            (json!({"outstanding_balance": {"amount": 5}, "arrears": both}), vec![(Role::Debt, 2)]),
        ];
        for (mut body, expected) in cases {
            body["totals"] = json!({});
            assert_eq!(found(&body), expected, "{body}");
        }
    }
}
