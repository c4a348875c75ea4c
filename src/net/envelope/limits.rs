//! The customer's plan and its windows (contract, "Limits").

use serde_json::value::RawValue;

use crate::domain::decode::{DecodeError, type_of};
use crate::list::record::object_pairs;
use crate::net::envelope::{Pairs, find, lenient};
use crate::net::response::{Limits, Window};

/// Reads the body of a 200; a window that cannot be read is left out.
pub(super) fn read(pairs: &Pairs<'_>) -> Result<Limits, DecodeError> {
    let rate_limits = find(pairs, "rate_limits").ok_or(DecodeError::Missing("rate_limits"))?;
    let inner = object_pairs(rate_limits.get()).ok_or_else(|| {
        DecodeError::WrongType("rate_limits", "an object", type_of(rate_limits.get()))
    })?;
    let limits = find(&inner, "limits").ok_or(DecodeError::Missing("rate_limits.limits"))?;
    let windows = serde_json::from_str::<Vec<&RawValue>>(limits.get()).map_err(|_other| {
        DecodeError::WrongType("rate_limits.limits", "a list", type_of(limits.get()))
    })?;
    let plan = find(&inner, "plan").and_then(|raw| {
        let plan = object_pairs(raw.get())?;
        find(&plan, "name").and_then(lenient::text)
    });
    Ok(Limits { plan, windows: windows.iter().filter_map(|raw| read_window(raw)).collect() })
}

fn read_window(raw: &RawValue) -> Option<Window> {
    let pairs = object_pairs(raw.get())?;
    let limit = find(&pairs, "limit").and_then(lenient::whole_u32)?;
    let used = find(&pairs, "used").and_then(lenient::whole_u32).unwrap_or(0);
    let remaining = find(&pairs, "remaining").and_then(lenient::whole_u32);
    let resets_in_seconds = find(&pairs, "resets_in_seconds").and_then(lenient::whole);
    Some(Window {
        name: find(&pairs, "window").and_then(lenient::text)?,
        limit,
        remaining: remaining.unwrap_or_else(|| limit.saturating_sub(used)).min(limit),
        resets_in_seconds: resets_in_seconds.unwrap_or(0),
    })
}
