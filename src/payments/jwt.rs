//! The claims of a JWT. Only the server verifies it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

use super::fields::Fields;
use crate::domain::text::Untrusted;

/// When the token expires, by its claim `exp`; `None` without a claim that can be read.
pub fn expires(token: &str) -> Option<DateTime<Utc>> {
    let claims = claims(token)?;
    let exp = claims.get("exp")?;
    let seconds = match exp.as_str() {
        Some(text) => text.parse(),
        // Some issuers write fractions of a second.
        None => exp.to_string().split('.').next()?.parse(),
    };
    DateTime::from_timestamp(seconds.ok()?, 0)
}

/// Whose token it is, by its claim `sub`.
pub fn subject(token: &str) -> Option<Untrusted> {
    claims(token)?.text("sub")
}

fn claims(token: &str) -> Option<Fields> {
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    Fields::read(std::str::from_utf8(&bytes).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> String {
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn the_claim_is_read_from_the_payload() {
        for payload in
            [r#"{"exp":1500000000}"#, r#"{"exp":"1500000000"}"#, r#"{"exp":1500000000.5}"#]
        {
            let at = expires(&token(payload)).map(|at| at.to_rfc3339());
            assert_eq!(at.as_deref(), Some("2017-07-14T02:40:00+00:00"), "{payload}");
        }
    }

    #[test]
    fn a_token_that_says_nothing_readable_is_left_to_the_server() {
        let no_claim = token("{}");
        for odd in ["aa.bb.cc", "", "abc", "a.b", &no_claim, &token(r#"{"exp":null}"#)] {
            assert_eq!((expires(odd), subject(odd)), (None, None), "{odd}");
        }
        assert_eq!(subject(&token(r#"{"sub":"u-17"}"#)), Some(Untrusted::new("u-17")));
        assert_eq!(expires(&token(r#"{"exp":99999999999999999}"#)), None);
    }
}
