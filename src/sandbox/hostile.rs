//! Hostile data. It is applied when a row is sent, so that filters use the original values.

use std::sync::LazyLock;

use fastrand::Rng;
use serde_json::{Value, json};

use super::json::{Node, Object};

/// Texts that break terminals, tables and spreadsheets, or look like something else.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../assets/sandbox/hostile.json")).unwrap_or_default()
});

pub(super) fn touch(seed: Option<u64>, list: &str, place: usize, row: Object) -> Object {
    let Some(seed) = seed else { return row };
    let mut rng = Rng::with_seed(mark(seed, list, place));
    match rng.u8(..20) {
        0..8 => nasty_text(row, &mut rng),
        8..10 => nasty_shape(row, &mut rng),
        _ => row,
    }
}

/// A hash (FNV-1a) that is the same in every build.
fn mark(seed: u64, list: &str, place: usize) -> u64 {
    let bytes = list.bytes().chain(place.to_le_bytes());
    bytes.fold(seed ^ 0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Replaces one text. Half of the rows keep their booking reference, so that lookups still work.
fn nasty_text(mut row: Object, rng: &mut Rng) -> Object {
    let keep_reference = rng.bool();
    let texts = row.0.iter_mut().filter(|(name, node)| {
        let is_reference = name == "booking_id" || name == "reference_id";
        matches!(node, Node::Value(Value::String(_))) && !(is_reference && keep_reference)
    });
    if let Some((_, node)) = rng.choice(texts.collect::<Vec<_>>()) {
        let text = match rng.u8(..12) {
            0 => "long ".repeat(1000),
            1 => format!("Z{}algo", "\u{300}\u{489}\u{35c}\u{328}".repeat(60)),
            2 => "W".repeat(5000),
            _ => rng.choice(TEXTS.iter()).cloned().unwrap_or_default(),
        };
        *node = text.into();
    }
    row
}

fn nasty_shape(mut row: Object, rng: &mut Rng) -> Object {
    let spoiled: Value = match rng.u8(..10) {
        0 => json!(i64::MAX),
        1 => json!(i64::MIN),
        2 => json!(u64::MAX),
        3 => json!(12.75),
        4 => json!("12,34"),
        5 => json!({"amount": 1, "currency": ["EUR"]}),
        6 => json!([null, [], {}]),
        7 => json!(true),
        8 => serde_json::from_str("-1e300").unwrap_or_default(),
        _ => Value::Null,
    };
    let Some(place) = rng.choice(0..row.0.len()) else { return row };
    let (names, value): (&[&str], _) = match rng.u8(..6) {
        0 => {
            row.0.remove(place);
            return row;
        }
        1 => {
            row.0.push(("\u{1b}[1mfraud_score".into(), spoiled.into()));
            return row;
        }
        2 => (&["status", "doc_type", "type", "currency"], json!("quantum_hold")),
        3 => (&["due_date", "issued_on", "issue_date"], json!("0000-99-99")),
        4 => (&["amount", "amount_gross"], spoiled),
        _ => {
            if let Some((_, node)) = row.0.get_mut(place) {
                *node = spoiled.into();
            }
            return row;
        }
    };
    if let Some((_, node)) = row.0.iter_mut().find(|(name, _)| names.contains(&name.as_ref())) {
        *node = value.into();
    }
    row
}
