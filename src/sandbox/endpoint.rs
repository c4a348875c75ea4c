//! The endpoints as data, from which connection tests, validation and filters are derived.

use super::json::{Object, object};

/// Amounts are compared in minor units, days inclusively.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// A case-insensitive search for a part of any of the fields.
    Text,
    Exact,
    OneOf(Vec<String>),
    Code,
    DateFrom,
    DateTo,
    /// At least this amount, in major units.
    AmountFrom,
    AmountTo,
}

/// A parameter of a list, other than `page` and `per_page`, which every list has.
#[derive(Clone, Debug)]
pub struct Param {
    pub(super) name: String,
    pub(super) kind: ParamKind,
    pub(super) fields: Vec<String>,
    hint: String,
}

impl Param {
    pub fn new(name: &str, kind: ParamKind, fields: &[&str]) -> Self {
        let hint = match kind {
            ParamKind::Text => fields.join(", "),
            _ => format!("exact {}", name.replace('_', " ")),
        };
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        Self { name: name.to_owned(), kind, fields, hint }
    }

    fn accepted(&self) -> String {
        match &self.kind {
            ParamKind::Text | ParamKind::Exact | ParamKind::Code => {
                format!("string, optional ({})", self.hint)
            }
            ParamKind::OneOf(values) => format!("string, optional ({})", values.join("|")),
            ParamKind::DateFrom | ParamKind::DateTo => "date (YYYY-MM-DD), optional".to_owned(),
            ParamKind::AmountFrom => "decimal, optional (e.g., 100.50)".to_owned(),
            ParamKind::AmountTo => "decimal, optional (e.g., 500.00)".to_owned(),
        }
    }
}

pub(super) struct Endpoint {
    pub(super) path: String,
    pub(super) noun: String,
    pub(super) empty_page: EmptyPage,
    pub(super) params: Vec<Param>,
}

/// The response without rows, with or without `pagination`; the contract documents both.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EmptyPage {
    Paged,
    Bare,
}

pub(super) fn documented() -> Vec<Endpoint> {
    let booking = "exact booking reference";
    let by_invoice = "booking reference or invoice number";
    vec![
        Endpoint::new("transactions", "transactions", EmptyPage::Paged)
            .search(
                &["beneficiary", "type", "bank_account"],
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
            .text("currency", ParamKind::Code, &["currency"], "EUR, USD, ...")
            .days("due_date", "due_date")
            .amounts("amount")
            .search(
                &["booking_id", "account_name", "iban"],
                "booking reference, account name or IBAN",
            ),
        Endpoint::new("invoices", "invoices", EmptyPage::Paged)
            .search(
                &["invoice_to", "doc_type", "original_document"],
                "invoice holder, document type or original document",
            )
            .days("issue_date", "issue_date")
            .amounts("amount_gross")
            .exact("doc_type", "exact document type")
            .exact("doc_number", "exact document number")
            .exact("booking_id", booking),
        Endpoint::new("penalties", "penalties", EmptyPage::Bare)
            .search(&["booking_id", "invoice_number"], by_invoice)
            .one_of("status", "pending notify paid waived settled")
            .exact("booking_id", booking)
            .days("due_date", "due_date")
            .amounts("amount"),
        Endpoint::new("debtors", "debt records", EmptyPage::Bare)
            .search(&["reference_id", "invoice_number"], by_invoice)
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

impl Endpoint {
    fn new(path: &str, noun: &str, empty_page: EmptyPage) -> Self {
        Self { path: path.to_owned(), noun: noun.to_owned(), empty_page, params: Vec::new() }
    }

    fn with(mut self, name: &str, kind: ParamKind, field: &str) -> Self {
        self.params.push(Param::new(name, kind, &[field]));
        self
    }

    fn text(mut self, name: &str, kind: ParamKind, fields: &[&str], hint: &str) -> Self {
        self.params.push(Param { hint: hint.to_owned(), ..Param::new(name, kind, fields) });
        self
    }

    fn search(self, fields: &[&str], hint: &str) -> Self {
        self.text("search", ParamKind::Text, fields, hint)
    }

    fn exact(self, field: &str, hint: &str) -> Self {
        self.text(field, ParamKind::Exact, &[field], hint)
    }

    fn one_of(self, field: &str, values: &str) -> Self {
        self.with(field, ParamKind::OneOf(values.split(' ').map(str::to_owned).collect()), field)
    }

    fn days(self, name: &str, field: &str) -> Self {
        let open = self.with(&format!("{name}_from"), ParamKind::DateFrom, field);
        open.with(&format!("{name}_to"), ParamKind::DateTo, field)
    }

    fn amounts(self, field: &str) -> Self {
        let open = self.with("amount_from", ParamKind::AmountFrom, field);
        open.with("amount_to", ParamKind::AmountTo, field)
    }

    pub(super) fn accepted(&self) -> Object {
        let param = |param: &Param| (param.name.clone().into(), param.accepted().into());
        let mut all = object! {"test": "Set to \"connection\" to test API connection"};
        all.0.extend(self.params.iter().map(param));
        let page = "integer, optional (page number, default = 1)";
        let per_page = "integer, optional (items per page, default = 100, max = 500)";
        all.0.extend(object! {"page": page, "per_page": per_page}.0);
        all
    }
}
