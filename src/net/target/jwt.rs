//! The token of the Payments APIs: a JWT, sent bare, that says itself when it ends to hold.

use chrono::{DateTime, Utc};
use reqwest::header::HeaderValue;

use crate::net::target::{Token, TokenError};
use crate::payments::jwt;

impl Token {
    /// Takes a JWT for the Payments APIs: it is sent bare, with no word before it.
    pub fn jwt(text: &str) -> Result<Self, TokenError> {
        let token = Self::new(text)?;
        if !token.prefix().is_empty() {
            return Err(TokenError::OfCustomer);
        }
        let is_part = |part: &str| {
            let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            !part.is_empty() && part.chars().all(is_letter)
        };
        if text.split('.').count() != 3 || !text.split('.').all(is_part) {
            return Err(TokenError::NotJwt);
        }
        let mut header = HeaderValue::from_str(text).map_err(|_invalid| TokenError::Control)?;
        header.set_sensitive(true);
        Ok(Self { header, ..token })
    }

    /// When it ends to hold, where it is a JWT that says so.
    pub fn expires(&self) -> Option<DateTime<Utc>> {
        jwt::expires(&self.text)
    }
}
