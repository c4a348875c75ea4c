//! Links to documents of the vendor, the only links that valora opens, copies or exports as links.

use url::Url;

use super::text::sanitize;

/// The host of documents; its subdomains are accepted, too.
pub const DOCUMENTS: &str = "spotahome.com";

/// A link that every program parses the same way: some end the host at a backslash or before the
/// `@`.
pub fn document(given: &str) -> Option<String> {
    let authority = given.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if given.contains(is_odd) || authority.contains('@') || sanitize(given) != given {
        return None;
    }
    let url = Url::parse(given).ok()?;
    let host = url.host_str().unwrap_or_default();
    let is_known = host == DOCUMENTS || host.ends_with(&format!(".{DOCUMENTS}"));
    let is_plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    if url.scheme() != "https" || !is_known || !is_plain {
        return None;
    }
    let link = String::from(url);
    // The parser leaves queries and fragments unescaped: these must be unambiguous, too.
    link.chars().all(|c| c.is_ascii_graphic() && c != '\\').then_some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_documents_of_the_vendor_are_links() {
        let table = [
            ("https://valora.spotahome.com/documents/1", true),
            ("https://spotahome.com/d", true),
            ("http://valora.spotahome.com/d", false),
            ("https://valora.spotahome.com:8443/d", false),
            ("https://me@valora.spotahome.com/d", false),
            ("https://notspotahome.com/d", false),
            ("https://valora.spotahome.com.evil.example/d", false),
            ("javascript:alert(1)", false),
            ("https://valora.spotahome.com./d", false),
        ];
        for (link, is_sound) in table {
            assert_eq!(document(link).is_some(), is_sound, "{link}");
        }
    }

    #[test]
    fn what_was_parsed_is_handed_over_and_never_what_could_be_read_otherwise() {
        let table = [
            ("https://VALORA.spotahome.com", Some("https://valora.spotahome.com/")),
            ("https://spotahome.com:443/a/../d", Some("https://spotahome.com/d")),
            ("https://spotahome.com/é?a=é#b", Some("https://spotahome.com/%C3%A9?a=%C3%A9#b")),
            ("https://spotahome.com/d?mail=a@b", Some("https://spotahome.com/d?mail=a@b")),
            ("https://valora.spotahome.com\\@evil.example/", None),
            ("https:\\\\spotahome.com/d", None),
            ("https://spotahome.com/d?a=\\b", None),
            ("https://spotahome.com/d#a\\b", None),
            ("https://@spotahome.com/d", None),
            ("https://:@spotahome.com/d", None),
            (" https://spotahome.com/d", None),
            ("https://spotahome.com/d\n", None),
            ("https://spota\thome.com/d", None),
            ("https://spotahome.com/a\u{200B}b", None),
            ("https://spotahome.com/a\u{202E}b", None),
            ("https:spotahome.com/d", None),
        ];
        for (given, handed) in table {
            assert_eq!(document(given).as_deref(), handed, "{given:?}");
        }
    }
}
