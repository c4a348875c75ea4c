//! `Accept`, by the rules of HTTP: the most specific range that fits a media type decides (RFC 9110,
//! 12.5.1).

/// Returns `true` if a client with this header accepts a body of this media type.
pub(super) fn allows(header: &str, media: &str) -> bool {
    let (kind, _) = media.split_once('/').unwrap_or((media, ""));
    let ranges = header.split(',').filter_map(|part| {
        let mut words = part.split(';').map(|word| word.trim().to_ascii_lowercase());
        let range = words.next().filter(|range| !range.is_empty())?;
        let specificity = match range.as_str() {
            "*/*" => 1,
            range if range.strip_suffix("/*") == Some(kind) => 2,
            range if range == media => 3,
            _ => return None,
        };
        let is_zero = |weight: &str| weight.trim().chars().all(|c| matches!(c, '0' | '.'));
        let is_refused = words.any(|word| word.strip_prefix("q=").is_some_and(is_zero));
        Some((specificity, !is_refused))
    });
    ranges.max().is_some_and(|(_, is_allowed)| is_allowed)
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn the_most_specific_range_decides() {
        let (hal, json) = ("application/hal+json", "application/json");
        for (header, of_hal, of_json) in [
            ("application/hal+json", true, false),
            ("application/json", false, true),
            ("*/*", true, true),
            ("application/*", true, true),
            ("Application/HAL+json; q=0.5, text/html", true, false),
            ("application/hal+json, */*;q=0.1", true, true),
            ("application/hal+json;q=0, */*", false, true),
            ("application/json;q=0.000, application/*;q=0.2", true, false),
            ("*/*;q=0", false, false),
            ("text/*", false, false),
            ("", false, false),
        ] {
            assert_eq!((allows(header, hal), allows(header, json)), (of_hal, of_json), "{header}");
        }
    }
}
