//! Single values of an envelope, read by what they mean rather than by their JSON type.

use serde_json::value::RawValue;

use crate::domain::text::Untrusted;

/// Characters of a server's message that are kept; the screen shows fewer.
const LONGEST_TEXT: usize = 2_000;

/// A whole number that is not negative, also as a text of digits or with an empty fraction.
pub(super) fn whole(raw: &RawValue) -> Option<u64> {
    let digits = raw.get().trim_matches('"').trim();
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    digits.parse().ok()
}

/// As [`whole`], the largest `u32` standing for all that is larger.
pub(super) fn whole_u32(raw: &RawValue) -> Option<u32> {
    whole(raw).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
}

pub(super) fn text(raw: &RawValue) -> Option<Untrusted> {
    let text = serde_json::from_str::<String>(raw.get()).ok()?;
    let cut: String = text.chars().take(LONGEST_TEXT).collect();
    (!cut.trim().is_empty()).then(|| Untrusted::new(cut))
}
