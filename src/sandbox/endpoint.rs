//! The endpoints as data: path, words, parameters and what each of them means. The connection
//! test, the validation and the filters all follow from this table.

use std::slice;

use super::json::{Object, object};

/// What a parameter of a list means. Amounts are compared in minor units, days inclusively.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamRule {
    /// A case-insensitive search for a part of any of these fields.
    Text(Vec<String>),
    /// The field is this text, letter for letter.
    Exact(String),
    /// The field is one of these values; any other value is refused.
    OneOf(String, Vec<String>),
    /// The field is this three-letter code.
    Code(String),
    /// The field is this day or later.
    DateFrom(String),
    /// The field is this day or earlier.
    DateTo(String),
    /// The field, in minor units, is at least this amount in major units.
    AmountFrom(String),
    /// The field, in minor units, is at most this amount in major units.
    AmountTo(String),
}

impl ParamRule {
    /// The fields that are compared.
    pub(super) fn fields(&self) -> &[String] {
        match self {
            Self::Text(fields) => fields,
            Self::Exact(field)
            | Self::OneOf(field, _)
            | Self::Code(field)
            | Self::DateFrom(field)
            | Self::DateTo(field)
            | Self::AmountFrom(field)
            | Self::AmountTo(field) => slice::from_ref(field),
        }
    }
}

/// A parameter of a list, `page` and `per_page` apart, which every list has.
pub(super) struct Param {
    pub(super) name: String,
    pub(super) rule: ParamRule,
    /// What the connection test says in brackets about a text.
    pub(super) hint: String,
}

pub(super) struct Endpoint {
    pub(super) path: String,
    /// What its rows are called in messages.
    pub(super) noun: String,
    pub(super) empty_page: EmptyPage,
    pub(super) params: Vec<Param>,
}

/// Whether the answer for "no rows" carries `pagination`; documented both ways.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EmptyPage {
    Paged,
    Bare,
}

/// The words on the parameter `test`.
pub(super) const TEST: &str = "Set to \"connection\" to test API connection";

/// The documented lists, ready to serve.
pub(super) fn documented() -> Vec<Endpoint> {
    let booking = "exact booking reference";
    let by_invoice = "booking reference or invoice number";
    vec![
        Endpoint::new("transactions", "transactions", EmptyPage::Paged)
            .search(
                "beneficiary type bank_account",
                "beneficiary, type or bank account last 4 digits",
            )
            .days("pay_date", "issued_on")
            .amounts("amount")
            .exact("booking_id", booking),
        Endpoint::new("transactions/scheduled", "scheduled transactions", EmptyPage::Paged)
            .exact("booking_id", booking)
            .one_of(
                "status",
                "upcoming delayed blocked missing_iban missing_details has_debt \
                 blocked_missing_details blocked_missing_iban blocked_account_debtor",
            )
            .with("currency", ParamRule::Code("currency".to_owned()), "EUR, USD, ...")
            .days("due_date", "due_date")
            .amounts("amount")
            .search("booking_id account_name iban", "booking reference, account name or IBAN"),
        Endpoint::new("invoices", "invoices", EmptyPage::Paged)
            .search(
                "invoice_to doc_type original_document",
                "invoice holder, document type or original document",
            )
            .days("issue_date", "issue_date")
            .amounts("amount_gross")
            .exact("doc_type", "exact document type")
            .exact("doc_number", "exact document number")
            .exact("booking_id", booking),
        Endpoint::new("penalties", "penalties", EmptyPage::Bare)
            .search("booking_id invoice_number", by_invoice)
            .one_of("status", "pending notify paid waived settled")
            .exact("booking_id", booking)
            .days("due_date", "due_date")
            .amounts("amount"),
        Endpoint::new("debtors", "debt records", EmptyPage::Bare)
            .search("reference_id invoice_number", by_invoice)
            .one_of("status", "pending overdue paid settled written_off voided")
            .one_of(
                "debt_type",
                "invoices_not_paid transfers_badly_made security_deposit_conflict other",
            )
            .exact("reference_id", "exact booking or reference")
            .days("due_date", "due_date")
            .amounts("amount"),
    ]
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

impl Endpoint {
    pub(super) fn new(path: &str, noun: &str, empty_page: EmptyPage) -> Self {
        Self { path: path.to_owned(), noun: noun.to_owned(), empty_page, params: Vec::new() }
    }

    pub(super) fn with(mut self, name: &str, rule: ParamRule, hint: &str) -> Self {
        self.params.push(Param { name: name.to_owned(), rule, hint: hint.to_owned() });
        self
    }

    fn search(self, fields: &str, hint: &str) -> Self {
        self.with("search", ParamRule::Text(words(fields)), hint)
    }

    fn exact(self, field: &str, hint: &str) -> Self {
        self.with(field, ParamRule::Exact(field.to_owned()), hint)
    }

    fn one_of(self, field: &str, values: &str) -> Self {
        self.with(field, ParamRule::OneOf(field.to_owned(), words(values)), "")
    }

    fn days(self, name: &str, field: &str) -> Self {
        self.with(&format!("{name}_from"), ParamRule::DateFrom(field.to_owned()), "").with(
            &format!("{name}_to"),
            ParamRule::DateTo(field.to_owned()),
            "",
        )
    }

    fn amounts(self, field: &str) -> Self {
        self.with("amount_from", ParamRule::AmountFrom(field.to_owned()), "").with(
            "amount_to",
            ParamRule::AmountTo(field.to_owned()),
            "",
        )
    }

    /// What the connection test says about each parameter, in the words of the documents.
    pub(super) fn accepted(&self) -> Object {
        let mut all = object! {"test": TEST};
        let params = self.params.iter();
        all.0.extend(params.map(|param| (param.name.clone().into(), param.accepted().into())));
        let page = "integer, optional (page number, default = 1)";
        let per_page = "integer, optional (items per page, default = 100, max = 500)";
        all.0.extend(object! {"page": page, "per_page": per_page}.0);
        all
    }
}

impl Param {
    fn accepted(&self) -> String {
        match &self.rule {
            ParamRule::Text(_) | ParamRule::Exact(_) | ParamRule::Code(_) => {
                format!("string, optional ({})", self.hint)
            }
            ParamRule::OneOf(_, values) => format!("string, optional ({})", values.join("|")),
            ParamRule::DateFrom(_) | ParamRule::DateTo(_) => {
                "date (YYYY-MM-DD), optional".to_owned()
            }
            ParamRule::AmountFrom(_) => "decimal, optional (e.g., 100.50)".to_owned(),
            ParamRule::AmountTo(_) => "decimal, optional (e.g., 500.00)".to_owned(),
        }
    }
}
