//! Civil days in the file: `YYYY-MM-DD`, and nothing else is one.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::domain::date::parse;

/// A day that is always there.
pub(super) mod required {
    use super::{Deserialize, Deserializer, Error, NaiveDate, Serializer, parse};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<S: Serializer>(
        day: &NaiveDate,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<NaiveDate, D::Error> {
        let text = String::deserialize(from)?;
        parse(&text).ok_or_else(|| D::Error::custom("a day is written YYYY-MM-DD"))
    }
}

/// A day that may be missing.
pub(super) mod optional {
    use super::{Deserialize, Deserializer, Error, NaiveDate, Serializer, parse};

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature is serde's"
    )]
    pub(in super::super) fn serialize<S: Serializer>(
        day: &Option<NaiveDate>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => to.collect_str(day),
            None => to.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<NaiveDate>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
        parse(&text).map(Some).ok_or_else(|| D::Error::custom("a day is written YYYY-MM-DD"))
    }
}
