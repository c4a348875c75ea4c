//! The bearer token: which texts are valid, and how much of it may be shown.

use std::fmt;

use chrono::{DateTime, Utc};
use reqwest::header::HeaderValue;
use ring::digest::{SHA256, digest};

use crate::domain::text::Untrusted;
use crate::net::target::{PRODUCTION_PREFIX, SANDBOX_PREFIX};
use crate::payments::jwt;

/// Characters shown at the end; for a shorter token they would reveal too much.
const TAIL_SHOWN: usize = 4;
const SHORTEST_WITH_TAIL: usize = 16;
/// The maximum bytes of a token: servers reject a longer header.
const LONGEST: usize = 8 * 1024;
/// The minimum characters after a documented prefix; real tokens have 40 and more.
const SHORTEST_BODY: usize = 16;
/// Quotation marks around a pasted token, typographic ones too.
const QUOTES: [char; 9] = ['"', '\'', '`', '“', '”', '„', '‘', '’', '«'];

/// How tokens begin: those of the customer API, its refresh tokens, and JWTs.
pub const TOKEN_STARTS: [&str; 4] = [PRODUCTION_PREFIX, SANDBOX_PREFIX, "vlr_", "eyJ"];

/// Has no `Display`, and its `Debug` shows nothing of the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    text: Box<str>,
    header: HeaderValue,
}

/// Why a text is not accepted as a token. No message quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is empty")]
    Empty,
    #[error("the token begins with `Bearer `; use only the part after it")]
    Bearer,
    #[error("the token contains a space or a line break")]
    Space,
    #[error("the token contains a control character")]
    Control,
    #[error("the token contains an invalid character; copy it again")]
    NotAscii,
    #[error("the token is in quotes; remove them")]
    Quoted,
    #[error("the token is written as NAME=value; use only the part after the `=`")]
    Assignment,
    #[error("the token contains a backslash, for example a literal \\n; remove it")]
    Backslash,
    #[error(
        "the token contains an invalid character, such as : ; , < > or %; use only the token, \
         without any text around it"
    )]
    Character,
    #[error(
        "vl_ or sd_ also appears after the start of the token; use one token only, without any \
         text around it"
    )]
    Within,
    #[error("the token is longer than {} KiB; use only the token", LONGEST / 1024)]
    Long,
    #[error("the token is incomplete; copy all of it")]
    Fragment,
    #[error("it must be a JWT: three parts of letters, digits, - and _, separated by dots")]
    NotJwt,
    #[error(
        "it begins with vl_ or sd_: that is a token for the customer API; the Payments APIs need \
         their own JWT"
    )]
    OfCustomer,
}

impl Token {
    pub fn new(text: &str) -> Result<Self, TokenError> {
        check(text)?;
        Self::sent_as(&format!("Bearer {text}"), text)
    }

    fn sent_as(header: &str, text: &str) -> Result<Self, TokenError> {
        let mut header = HeaderValue::from_str(header).map_err(|_invalid| TokenError::Control)?;
        header.set_sensitive(true);
        Ok(Self { text: text.into(), header })
    }

    /// Accepts a JWT for the Payments APIs, which is sent without `Bearer`.
    pub fn jwt(text: &str) -> Result<Self, TokenError> {
        if !Self::new(text)?.prefix().is_empty() {
            return Err(TokenError::OfCustomer);
        }
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_part = |part: &str| !part.is_empty() && part.chars().all(is_letter);
        if text.split('.').count() != 3 || !text.split('.').all(is_part) {
            return Err(TokenError::NotJwt);
        }
        Self::sent_as(text, text)
    }

    pub fn expires(&self) -> Option<DateTime<Utc>> {
        jwt::expires(&self.text)
    }

    /// Whose token it is, if it says so.
    pub fn subject(&self) -> Option<Untrusted> {
        jwt::subject(&self.text)
    }

    pub fn check_length(&self) -> Result<(), TokenError> {
        let prefix = self.prefix();
        if !prefix.is_empty() && self.text.len() < prefix.len() + SHORTEST_BODY {
            return Err(TokenError::Fragment);
        }
        Ok(())
    }

    pub fn prefix(&self) -> &'static str {
        [PRODUCTION_PREFIX, SANDBOX_PREFIX]
            .into_iter()
            .find(|prefix| self.text.starts_with(prefix))
            .unwrap_or_default()
    }

    /// The part that may be shown: `vl_…a1b2`.
    pub fn masked(&self) -> String {
        let is_long = self.text.len() >= SHORTEST_WITH_TAIL;
        let start = self.text.len().saturating_sub(if is_long { TAIL_SHOWN } else { 0 });
        format!("{}…{}", self.prefix(), self.text.get(start..).unwrap_or_default())
    }

    /// A name derived from the token that does not reveal it; it names the customer's files.
    pub fn fingerprint(&self) -> String {
        let hashed = digest(&SHA256, format!("valora customer {}", self.text).as_bytes());
        let first = hashed.as_ref().first_chunk::<8>();
        format!("{:016x}", first.map_or(0, |bytes| u64::from_be_bytes(*bytes)))
    }

    pub(in crate::net) fn bearer(&self) -> HeaderValue {
        self.header.clone()
    }
}

/// Reports the first broken rule; quotes, for example, also break the ASCII rule.
fn check(text: &str) -> Result<(), TokenError> {
    use TokenError::{
        Assignment, Backslash, Bearer, Character, Control, Empty, Long, NotAscii, Quoted, Space,
        Within,
    };
    if text.len() > LONGEST {
        return Err(Long);
    }
    let begins =
        |word: &str| text.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
    let is_quoted = text.starts_with(QUOTES) || text.ends_with(QUOTES);
    // A JWT can contain the letters of a prefix by chance.
    let is_later = |prefix: &&str| text.rfind(*prefix).is_some_and(|at| at > 0);
    let has_prefix_within =
        !text.starts_with("eyJ") && [PRODUCTION_PREFIX, SANDBOX_PREFIX].iter().any(is_later);
    let rules = [
        (Empty, text.is_empty()),
        // `NAME="value"` breaks two rules; this is the more helpful one.
        (Assignment, is_quoted && is_assignment(text)),
        (Quoted, is_quoted),
        (Bearer, begins("bearer ")),
        (Assignment, is_assignment(text)),
        (Backslash, text.contains('\\')),
        (Space, text.chars().any(char::is_whitespace)),
        (Control, text.chars().any(char::is_control)),
        (NotAscii, !text.is_ascii()),
        // Those of a bearer token (RFC 6750), and the `|` after the number in a Laravel token.
        (Character, !text.chars().all(|c| c.is_ascii_alphanumeric() || "._~+/=|-".contains(c))),
        (Within, has_prefix_within),
    ];
    let broken = rules.into_iter().find_map(|(why, is_broken)| is_broken.then_some(why));
    broken.map_or(Ok(()), Err)
}

/// Returns `true` for `NAME=value`, also after `export`; trailing `=` of base64 does not count.
fn is_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text).trim_start();
    let Some((name, value)) = text.split_once('=') else { return false };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = name.trim_end();
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(is_name)
        && !value.trim_matches(['=', ' ']).is_empty()
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}
