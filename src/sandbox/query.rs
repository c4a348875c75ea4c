//! The raw query of a request, taken apart the way the API's framework does it.

use percent_encoding::percent_decode_str;

#[derive(Debug, Default)]
pub(super) struct QueryString(Vec<(String, String)>);

impl QueryString {
    /// Parses a raw query: `&` between pairs, `+` for a space, percent-encoding, the last of
    /// two equal names wins. As in Laravel (`TrimStrings`, `ConvertEmptyStringsToNull`), a value
    /// is trimmed, and an empty one counts as absent.
    pub(super) fn parse(raw: &str) -> Self {
        let mut all: Vec<(String, String)> = Vec::new();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name), decode(value).trim().to_owned());
            all.retain(|(known, _)| *known != name);
            all.push((name, value));
        }
        Self(all)
    }

    /// A parameter that was given and is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// Returns `true` if there is no parameter at all, not even an empty one.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn tests_connection(&self) -> bool {
        self.get("test") == Some("connection")
    }

    /// The same request for the first page.
    pub(super) fn first_page(mut self) -> Self {
        self.0.retain(|(name, _)| name != "page");
        self
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::QueryString;

    #[test]
    fn pairs_are_decoded_once_and_empty_values_count_as_absent() {
        let query = QueryString::parse("search=a%26b+c%2Bd%253D&x=&page=1&page=2&flag&&u=%C3%A9");
        assert_eq!(query.get("search"), Some("a&b c+d%3D"));
        assert_eq!(query.get("x"), None);
        assert_eq!(query.get("page"), Some("2"));
        assert_eq!(query.get("flag"), None);
        assert_eq!(query.get("u"), Some("é"));
        assert!(!QueryString::parse("flag").is_empty());
        assert!(QueryString::parse("").is_empty());
    }
}
