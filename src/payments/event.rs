//! Events of the store: their families, and their descriptions in words.

use Family::{BankAccount, Holder, Installment, Payment, Transaction};
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::account::hidden_text;
use super::body::Body;
use super::fields::{Fields, in_words};
use super::write::WriteKind;
use super::{iban, timestamp};
use serde_json::Value;

use crate::domain::text::Untrusted;

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: Option<Untrusted>,
    pub type_name: Untrusted,
    pub occurred: Option<Untrusted>,
    pub body: Body,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantNames, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Family {
    Payment,
    Holder,
    BankAccount,
    Installment,
    Transaction,
    Other,
}

impl Family {
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// Documented types in `snake_case`, without the part up to the last `\` or `.`, and their meaning.
const TYPES: &[(&str, &str)] = &[
    ("payment_was_blocked", "blocked"),
    ("payment_was_unblocked", "unblocked"),
    ("payment_was_created", "created"),
    ("payment_created", "created"),
    ("payment_canceled", "canceled"),
    ("payment_failed", "failed"),
    ("payment_paid", "paid"),
    ("payment_started", "started"),
    ("payment_validated", "validated"),
    ("payment_validation_failed", "failed validation"),
    ("payment_manually_paid", "paid by hand"),
    ("payment_was_manually_paid", "paid by hand"),
    ("payment_holders_updated_for_payment", "holders changed"),
    ("origin_payment_holder_method_updated", "payer's payment method changed"),
    ("payment_origin_payment_method_updated", "payer's payment method changed"),
    ("payment_holder_created", "created"),
    ("payment_holder_method_created", "payment method added"),
    ("payment_holder_method_set_as_default", "default payment method set"),
    ("payment_holder_email_updated", "email changed"),
    ("payment_holder_name_updated", "name changed"),
    ("payment_holder_share_holder_created", "shareholder added"),
    ("payment_holder_share_holder_updated", "shareholder changed"),
    ("payment_holder_identity_verification_status_updated", "identity check"),
    ("payment_holder_passport_verification_status_updated", "passport check"),
    (
        "payment_holder_shareholder_marked_as_not_created_in_provider",
        "shareholder not created at the provider",
    ),
    (
        "payment_holder_shareholder_marked_as_not_updated_in_provider",
        "shareholder not updated at the provider",
    ),
    ("payment_holder_kyc_data_required", "asked for identity data (KYC)"),
    ("bank_account_detail_was_created", "created"),
    ("bank_account_detail_was_updated", "changed"),
    ("bank_account_detail_was_obfuscated", "obfuscated"),
    ("bank_account_detail_was_marked_as_no_default", "no longer the default"),
    ("bank_account_detail_was_matched_with_property", "matched with a property"),
    ("bank_account_detail_was_unmatched_with_property", "no longer matched with a property"),
    ("installment_item_amount_was_changed", "amount of an item changed"),
    ("installment_item_was_added", "item added"),
    ("installment_item_was_deleted", "item deleted"),
    ("installment_item_was_updated", "item changed"),
    ("installment_due_date_was_changed", "due date changed"),
    ("installment_period_was_changed", "period changed"),
    ("installment_user_was_changed", "user changed"),
    ("installment_was_created", "created"),
    ("installment_was_deleted", "deleted"),
    ("installment_was_reviewed", "reviewed"),
    ("transaction_amount_received_was_refunded", "refunded"),
    ("transaction_amount_received_was_updated", "amount received changed"),
    ("transaction_was_canceled", "canceled"),
    ("transaction_was_created", "created"),
    ("transaction_was_deleted", "deleted"),
    ("transaction_was_executed", "executed"),
    ("transaction_was_executing", "executing"),
    ("transaction_was_failed", "failed"),
    ("transaction_was_imported", "imported"),
    ("transaction_was_initiated", "initiated"),
    ("transaction_was_paid", "paid"),
    ("transaction_was_updated_from_import", "changed by an import"),
];

/// Families by the start of a name; the first match counts.
const BEGINNINGS: &[(&str, Family)] = &[
    ("payment_holders_updated_for_payment", Payment),
    ("payment_holder", Holder),
    ("bank_account", BankAccount),
    ("installment", Installment),
    ("transaction", Transaction),
    ("payment", Payment),
    ("origin_payment_holder_method_updated", Payment),
];

/// Fields shown after what happened: the name, and the words before its value.
const DETAIL_FIELDS: &[(&str, &str)] = &[
    ("failureType", "type"),
    ("failureReason", "reason"),
    ("cancellationReason", "reason"),
    ("errors", "errors"),
    ("type", "as"),
    ("reference", ""),
    ("refCode", "booking"),
    ("sourceRefCode", "booking"),
    ("paymentMethod", "by"),
    ("provider", "at"),
    ("dueDate", "due"),
    ("periodFrom", "from"),
    ("periodTo", "to"),
    ("paidDate", "on"),
    ("paidAt", "on"),
    ("executionAttempt", "attempt"),
    ("status", "now"),
    ("name", ""),
    ("email", ""),
    ("propertyId", "property"),
    ("description", ""),
    ("concept", ""),
    ("transactionId", "transaction"),
    ("providerTransactionId", "provider transaction"),
    ("state", "state"),
    ("actionedBy", "action by"),
];

/// The fields among them whose values are words.
const WORDS: &[&str] =
    &["failureType", "failureReason", "type", "paymentMethod", "status", "state"];

const AMOUNTS: &[(&str, &str)] =
    &[("amount", ""), ("amountReceived", "received"), ("amountRefunded", "refunded")];

impl Event {
    /// Reads an event; parts that cannot be read stay in its body.
    pub fn read(json: &str) -> Self {
        let (fields, body) = match Fields::read(json) {
            None => (Fields::default(), Body::read(json)),
            Some(fields) => {
                let body = fields.get("eventBody").map_or_else(|| "{}".into(), Value::to_string);
                (fields, Body::read(&body))
            }
        };
        Self {
            id: fields.text("id"),
            type_name: fields.text("typeName").unwrap_or_default(),
            occurred: fields.text("occurredOn"),
            body,
        }
    }

    pub fn time(&self) -> String {
        self.occurred().as_ref().map(timestamp::shown).unwrap_or_default()
    }

    /// The time with all of its digits.
    pub fn exact_time(&self) -> String {
        self.occurred().as_ref().map(timestamp::exact).unwrap_or_default()
    }

    /// As received; of the event, or else of its body.
    pub fn occurred(&self) -> Option<Untrusted> {
        self.occurred.clone().or_else(|| self.body.fields().text("occurredOn"))
    }

    /// The stream of the event: that of the object that it is about.
    pub fn stream(&self) -> Option<Untrusted> {
        let fields = self.body.fields();
        fields.text("id").or_else(|| fields.text("bankAccountDetailId"))
    }

    pub fn number(&self) -> Option<u64> {
        self.id.as_ref()?.expose_raw().parse().ok()
    }

    pub fn family(&self) -> Family {
        let name = plain(self.type_name.expose_raw());
        let found = BEGINNINGS.iter().find(|(own, _)| name.starts_with(own));
        found.map_or(Family::Other, |(_, family)| *family)
    }

    pub fn happened(&self) -> String {
        let name = plain(self.type_name.expose_raw());
        match TYPES.iter().find(|(own, _)| *own == name) {
            Some((_, words)) => format!("{} {words}", self.family().word().replace('-', " ")),
            None if self.type_name.expose_raw().is_empty() => "event without a type".into(),
            None => hidden_text(&self.type_name.shown()).into_owned(),
        }
    }

    /// The words after what happened: amounts, reason of a failure, due date, masked IBAN.
    pub fn details(&self) -> String {
        let fields = self.body.fields();
        if let Body::Text(text) = &self.body {
            return hidden_text(&text.shown()).into_owned();
        }
        let currency = fields.text("currencyCode");
        let amount = |(name, words): &(&str, &str)| {
            let amount = fields.money(name, currency.as_ref())?;
            Some(format!("{words} {}", hidden_text(&amount)).trim().to_owned())
        };
        let mut parts: Vec<String> = AMOUNTS.iter().filter_map(amount).collect();
        parts.extend(DETAIL_FIELDS.iter().filter_map(|(name, words)| {
            let text = listed(&fields, name)?;
            let text = match timestamp::parse(text.expose_raw()) {
                Some(_) => timestamp::shown(&text),
                // An id or a name keeps its spelling.
                None if WORDS.contains(name) => text.shown().replace('_', " "),
                None => text.shown().into_owned(),
            };
            Some(format!("{words} {}", hidden_text(&text)).trim().to_owned())
        }));
        for (name, words) in [("iban", ""), ("previousIban", "before: ")] {
            let number = fields.text(name).map(|number| iban::shown(&number, false));
            parts.extend(number.map(|number| format!("{words}{number}")));
        }
        iban::hidden_within(&parts.join(" · ")).into_owned()
    }

    /// Returns `true` if it is the event that this write causes.
    pub fn is_effect_of(&self, kind: WriteKind) -> bool {
        let name = plain(self.type_name.expose_raw());
        match kind {
            WriteKind::Block => name == "payment_was_blocked",
            WriteKind::Unblock => name == "payment_was_unblocked",
            WriteKind::Cancel | WriteKind::CancelFees => {
                matches!(&*name, "payment_canceled" | "payment_was_canceled")
            }
            WriteKind::Match => name == "bank_account_detail_was_matched_with_property",
            WriteKind::Unmatch => name == "bank_account_detail_was_unmatched_with_property",
        }
    }

    pub fn contains(&self, text: &str) -> bool {
        let all = format!("{} {} {}", self.happened(), self.details(), self.body.to_value());
        all.to_lowercase().contains(&text.to_lowercase())
    }
}

/// A field as text; the items of a list are joined, and an empty list is nothing.
fn listed(fields: &Fields, name: &str) -> Option<Untrusted> {
    match fields.get(name) {
        Some(Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(in_words).collect();
            (!items.is_empty()).then(|| Untrusted::new(items.join(", ")))
        }
        _ => fields.text(name),
    }
}

/// `Sah\Payments\PaymentWasBlocked` is `payment_was_blocked`.
fn plain(name: &str) -> String {
    let last = name.rsplit(['\\', '.', '/']).next().unwrap_or_default();
    let mut out = String::with_capacity(last.len() + 8);
    for (at, c) in last.chars().enumerate() {
        if c.is_ascii_uppercase() && at > 0 && !out.ends_with('_') {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, body: &str) -> Event {
        let kind = serde_json::Value::from(kind);
        Event::read(&format!(
            r#"{{"id":1,"typeName":{kind},"occurredOn":"2017-05-18T09:55:06.000Z","eventBody":{body}}}"#
        ))
    }

    #[test]
    fn a_failure_says_its_type_and_reason() {
        let failed = event(
            "com.sah.payments.events.transaction_was_failed",
            r#"{"state":"failed","result":[],"failureType":"dispute_lost","failureReason":"fraudulent"}"#,
        );
        assert_eq!(failed.family(), Transaction);
        assert_eq!(failed.happened(), "transaction failed");
        assert_eq!(failed.details(), "type dispute lost · reason fraudulent · state failed");
        assert_eq!(failed.time(), "2017-05-18 09:55:06Z");
    }

    #[test]
    fn both_spellings_of_a_type_are_known_and_unknown_ones_keep_their_name() {
        let blocked = event(r"Sah\Payments\Domain\Events\PaymentWasBlocked", r#"{"id":"8f"}"#);
        assert_eq!((blocked.family(), blocked.happened().as_str()), (Payment, "payment blocked"));
        let kyc =
            event(r"Sah\Payments\Domain\Events\PaymentHolder\PaymentHolderKycDataRequired", "{}");
        assert_eq!(kyc.family(), Holder);
        let unknown = event("com.sah.bounded_context.events.event_name", r#""{'stage': 3}""#);
        assert_eq!(unknown.family(), Family::Other);
        assert_eq!(unknown.happened(), "com.sah.bounded_context.events.event_name");
        assert_eq!(unknown.body.fields().minor("stage"), Some(3));
        assert_eq!(event("x.transaction_was_teleported", "{}").family(), Transaction);
    }

    #[test]
    fn amounts_have_their_currency_and_accounts_are_hidden() {
        let created = event(
            r"Sah\Payments\Domain\Events\PaymentCreated",
            r#"{"amount":12345,"currencyCode":"EUR","sourceRefCode":"12345-1D"}"#,
        );
        assert_eq!(created.details(), "EUR 123.45 · booking 12345-1D");
        let broken = event(
            r"Sah\Payments\Domain\Events\TransactionAmountReceivedWasUpdated",
            r#"{"amountReceived":866.604,"currencyCode":"EUR"}"#,
        );
        assert_eq!(broken.details(), "received EUR 866.604?");
        let bank = event(
            r"Sah\Payments\Domain\Events\Billing\BankAccountDetailWasUpdated",
            r#"{"iban":"ES9121000418450200051332"}"#,
        );
        assert_eq!(bank.details(), "ES•• •••• •••• •••• •••• 1332");
    }

    #[test]
    fn errors_the_number_before_and_who_acted_are_shown() {
        let details = |body: &str| event("x.transaction_was_executed", body).details();
        assert_eq!(details(r#"{"id":"8f","errors":["e 1","e 2"]}"#), "errors e 1, e 2");
        assert_eq!(details(r#"{"id":"8f","errors":[],"state":"failed"}"#), "state failed");
        let numbers =
            r#"{"iban":"ES9121000418450200051332","previousIban":"DE89370400440532013000"}"#;
        let expected = "ES•• •••• •••• •••• •••• 1332 · before: DE•• •••• •••• •••• ••30 00";
        assert_eq!(details(numbers), expected);
        let executed = r#"{"state":"executed","actionedBy":"consumer queue pay_transaction",
            "providerTransactionId":"pi_3PJ"}"#;
        let expected = "provider transaction pi_3PJ · state executed · action by consumer queue \
                        pay_transaction";
        assert_eq!(details(executed), expected);
    }

    #[test]
    fn an_event_about_a_property_has_the_stream_of_its_account() {
        let stream = |body: &str| event("x.BankAccountDetailWasMatchedWithProperty", body).stream();
        let matched = r#"{"bankAccountDetailId":"af2d","propertyId":"453452"}"#;
        assert_eq!(stream(matched), Some(Untrusted::new("af2d")));
        assert_eq!(stream(r#"{"id":"t","bankAccountDetailId":"a"}"#), Some(Untrusted::new("t")));
        assert_eq!(stream("{}"), None);
    }

    #[test]
    fn account_and_tax_numbers_in_any_text_of_an_event_are_hidden() {
        let texts = [
            r#"{"failureReason":"{'tin': '123456789'}","reference":"12345"}"#,
            r#"{"reference":"12345","description":"{\"vat_number\": \"ES123456789\"}"}"#,
            r#"{"reference":"12345","concept":"for ES9121000418450200051332"}"#,
            r#"{"reference":"12345","amount":"{'tin': '123456789'}"}"#,
        ];
        for body in texts {
            let details = event("x.transaction_was_failed", body).details();
            assert!(details.contains("12345") && details.contains('•'), "{details}");
            assert!(!details.contains("123456") && !details.contains("2100"), "{details}");
        }
    }

    #[test]
    fn an_event_that_is_none_costs_only_itself() {
        for json in ["7", "null", "[]", "{}", r#"{"eventBody":7}"#] {
            let event = Event::read(json);
            assert!(!event.happened().is_empty() && event.time().is_empty(), "{json}");
        }
    }
}
