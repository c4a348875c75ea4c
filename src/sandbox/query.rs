//! The raw query of a request, taken apart the way the API's framework does it.

use url::form_urlencoded;

#[derive(Debug, Default)]
pub(super) struct QueryString(Vec<(String, String)>);

impl QueryString {
    /// As in Laravel (`TrimStrings`), a value is trimmed.
    pub(super) fn parse(raw: &str) -> Self {
        let pairs = form_urlencoded::parse(raw.as_bytes());
        Self(pairs.map(|(name, value)| (name.into_owned(), value.trim().to_owned())).collect())
    }

    /// The last value of a parameter; an empty one counts as absent (`ConvertEmptyStringsToNull`).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().rfind(|(known, _)| known == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns `true` if there is no parameter at all, not even an empty one.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn tests_connection(&self) -> bool {
        self.get("test") == Some("connection")
    }

    pub(super) fn first_page(mut self) -> Self {
        self.0.retain(|(name, _)| name != "page");
        self
    }
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
