//! The writes of the Payments API that valora offers. The enum is closed: no other write can be expressed.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use strum::{EnumMessage, EnumString, IntoStaticStr, VariantArray, VariantNames};

use super::iban;

const LONGEST_ID: usize = 255;
const MOST_PROPERTIES: usize = 50;

/// The names of `writes` in the settings of a profile. `block` also allows to unblock, `match` to unmatch.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    EnumString,
    IntoStaticStr,
    VariantNames,
    VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Permit {
    Block,
    Cancel,
    CancelFees,
    Match,
}

/// Messages: the subject of a sentence, and the past participle.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum WriteKind {
    #[strum(message = "Block this payment", detailed_message = "blocked")]
    Block,
    #[strum(message = "Unblock this payment", detailed_message = "unblocked")]
    Unblock,
    #[strum(message = "Cancel this payment", detailed_message = "cancelled")]
    Cancel,
    #[strum(message = "Cancel the fee of this booking", detailed_message = "cancelled")]
    CancelFees,
    #[strum(message = "Match properties with this account", detailed_message = "matched")]
    Match,
    #[strum(message = "Unmatch properties from this account", detailed_message = "unmatched")]
    Unmatch,
}

/// One write. Its `Debug` shows no id, because it may get into a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Write {
    Block {
        id: String,
    },
    Unblock {
        id: String,
    },
    Cancel {
        id: String,
    },
    /// Cancels all fees of a booking; the id is the `sourceId` of its payments.
    CancelFees {
        booking: String,
    },
    Match {
        account: String,
        properties: Vec<String>,
    },
    Unmatch {
        account: String,
        properties: Vec<String>,
    },
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Write({} {})", self.method(), self.endpoint())
    }
}

impl Permit {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl WriteKind {
    /// The name of the subcommand of `valora payments`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The title of its form: `Block this payment`.
    pub fn title(self) -> &'static str {
        self.get_message().unwrap_or_default()
    }

    /// What the object is afterwards: `blocked`.
    pub fn done(self) -> &'static str {
        self.get_detailed_message().unwrap_or_default()
    }

    pub fn permit(self) -> Permit {
        match self {
            Self::Block | Self::Unblock => Permit::Block,
            Self::Cancel => Permit::Cancel,
            Self::CancelFees => Permit::CancelFees,
            Self::Match | Self::Unmatch => Permit::Match,
        }
    }

    /// Returns `true` for a write that no other write undoes.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Cancel | Self::CancelFees)
    }
}

impl Write {
    pub fn kind(&self) -> WriteKind {
        match self {
            Self::Block { .. } => WriteKind::Block,
            Self::Unblock { .. } => WriteKind::Unblock,
            Self::Cancel { .. } => WriteKind::Cancel,
            Self::CancelFees { .. } => WriteKind::CancelFees,
            Self::Match { .. } => WriteKind::Match,
            Self::Unmatch { .. } => WriteKind::Unmatch,
        }
    }

    /// The id in the path: of a payment, a booking or a bank account.
    pub fn id(&self) -> &str {
        match self {
            Self::Block { id } | Self::Unblock { id } | Self::Cancel { id } => id,
            Self::CancelFees { booking } => booking,
            Self::Match { account, .. } | Self::Unmatch { account, .. } => account,
        }
    }

    pub fn properties(&self) -> &[String] {
        match self {
            Self::Match { properties, .. } | Self::Unmatch { properties, .. } => properties,
            _ => &[],
        }
    }

    pub fn method(&self) -> &'static str {
        match self {
            Self::Block { .. } | Self::Cancel { .. } | Self::CancelFees { .. } => "PUT",
            Self::Unblock { .. } | Self::Unmatch { .. } => "DELETE",
            Self::Match { .. } => "POST",
        }
    }

    /// The documented path.
    pub fn endpoint(&self) -> &'static str {
        match self {
            Self::Block { .. } | Self::Unblock { .. } => "payments/{id}/block",
            Self::Cancel { .. } => "admin/payments/{id}/cancel",
            Self::CancelFees { .. } => "bookings/{id}/fee/cancellation",
            Self::Match { .. } | Self::Unmatch { .. } => {
                "admin/bank-account-details/{id}/properties"
            }
        }
    }

    /// Returns the path segments, or why an id cannot be one.
    pub fn segments(&self) -> Result<Vec<String>, String> {
        check_id(self.id())?;
        self.properties().iter().try_for_each(|id| check_id(id))?;
        let is_of_properties = matches!(self.kind(), WriteKind::Match | WriteKind::Unmatch);
        if is_of_properties && self.properties().is_empty() {
            return Err("no property is named".to_owned());
        }
        if self.properties().len() > MOST_PROPERTIES {
            return Err(format!("more than {MOST_PROPERTIES} properties are named"));
        }
        let segment = |part: &str| if part == "{id}" { self.id() } else { part }.to_owned();
        Ok(self.endpoint().split('/').map(segment).collect())
    }

    /// `None` for a write without a body.
    pub fn body(&self) -> Option<Value> {
        let properties = self.properties();
        (!properties.is_empty()).then(|| json!({ "propertyIds": properties }))
    }

    /// The write that restores the state before; `None` if nothing undoes it.
    pub fn undo(&self) -> Option<Self> {
        match self.clone() {
            Self::Block { id } => Some(Self::Unblock { id }),
            Self::Unblock { id } => Some(Self::Block { id }),
            Self::Cancel { .. } | Self::CancelFees { .. } => None,
            Self::Match { account, properties } => Some(Self::Unmatch { account, properties }),
            Self::Unmatch { account, properties } => Some(Self::Match { account, properties }),
        }
    }

    /// The arguments of `valora payments` for this write, without options.
    pub fn arguments(&self) -> Vec<&str> {
        let properties = self.properties().iter().map(String::as_str);
        [self.kind().name(), self.id()].into_iter().chain(properties).collect()
    }
}

/// Stricter than for a read: an id that a server could read as another path never gets into a write.
fn check_id(id: &str) -> Result<(), String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(is_plain) {
        return Err(format!(
            "the id is not valid: it must have 1 to {LONGEST_ID} letters, digits, - or _"
        ));
    }
    // It would be in the URL, and masked in the audit log.
    if matches!(iban::hidden_within(id), Cow::Owned(_)) {
        return Err("the id is not valid: it is an account number (IBAN)".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> Vec<Write> {
        let id = || "a-1".to_owned();
        let properties = || vec!["67882".to_owned(), "68882".to_owned()];
        vec![
            Write::Block { id: id() },
            Write::Unblock { id: id() },
            Write::Cancel { id: id() },
            Write::CancelFees { booking: id() },
            Write::Match { account: id(), properties: properties() },
            Write::Unmatch { account: id(), properties: properties() },
        ]
    }

    #[test]
    fn each_write_is_the_documented_call() {
        let calls: Vec<String> = examples()
            .iter()
            .map(|write| {
                let body = write.body().map(|body| format!(" {body}")).unwrap_or_default();
                format!("{} {}{body}", write.method(), write.segments().unwrap().join("/"))
            })
            .collect();
        let expected = [
            "PUT payments/a-1/block",
            "DELETE payments/a-1/block",
            "PUT admin/payments/a-1/cancel",
            "PUT bookings/a-1/fee/cancellation",
            r#"POST admin/bank-account-details/a-1/properties {"propertyIds":["67882","68882"]}"#,
            r#"DELETE admin/bank-account-details/a-1/properties {"propertyIds":["67882","68882"]}"#,
        ];
        assert_eq!(calls, expected);
    }

    #[test]
    fn an_id_that_would_be_another_path_or_is_an_iban_is_refused() {
        let iban = "ES9121000418450200051332";
        for id in ["", ".", "..", "a/b", "a b", "a?b", "a%2fb", "é", &"x".repeat(256), iban] {
            assert!(Write::Block { id: id.to_owned() }.segments().is_err(), "{id}");
            let properties = vec![id.to_owned()];
            let write = Write::Match { account: "a".to_owned(), properties };
            assert!(write.segments().is_err(), "{id}");
        }
        let none = Write::Match { account: "a".to_owned(), properties: Vec::new() };
        assert!(none.segments().is_err());
    }

    #[test]
    fn what_undoes_a_write_is_undone_by_it_and_two_are_final() {
        for write in examples() {
            match write.undo() {
                Some(undo) => assert_eq!(undo.undo(), Some(write)),
                None => assert!(write.kind().is_final(), "{write:?}"),
            }
        }
    }

    #[test]
    fn a_write_is_the_same_after_it_was_saved_and_its_debug_output_has_no_id() {
        for write in examples() {
            let saved = serde_json::to_string(&write).unwrap();
            assert_eq!(serde_json::from_str::<Write>(&saved).unwrap(), write, "{saved}");
            assert!(!format!("{write:?}").contains("a-1"));
        }
    }
}
