//! The endpoints as data: path, words, parameters and what each of them means. The connection
//! test, the validation and the filters all follow from this table.

use super::store::Source;

/// What a parameter of a list means. Amounts are compared in minor units, days inclusively.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
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

/// A parameter of a list, `page` and `per_page` apart, which every list has.
pub(super) struct Param {
    pub(super) name: String,
    pub(super) rule: Rule,
    /// What the connection test says in brackets about a text.
    pub(super) hint: String,
}

pub(super) struct Endpoint {
    pub(super) path: String,
    /// What its rows are called in messages.
    pub(super) noun: String,
    pub(super) source: Source,
    /// Whether the answer for "no rows" carries `pagination`; documented both ways.
    pub(super) empty_is_paged: bool,
    pub(super) params: Vec<Param>,
}

/// How a row of [`LISTS`] writes down a rule.
#[derive(Clone, Copy)]
enum Form {
    Text(&'static [&'static str]),
    Exact(&'static str),
    OneOf(&'static str, &'static [&'static str]),
    Code(&'static str),
    From(&'static str),
    To(&'static str),
    Least(&'static str),
    Most(&'static str),
}

type Line = (&'static str, Form, &'static str);

struct List(&'static str, &'static str, Source, bool, &'static [Line]);

const BOOKING: &str = "exact booking reference";

const LISTS: [List; 5] = [
    List(
        "transactions",
        "transactions",
        Source::Transactions,
        true,
        &[
            (
                "search",
                Form::Text(&["beneficiary", "type", "bank_account"]),
                "beneficiary, type or bank account last 4 digits",
            ),
            ("pay_date_from", Form::From("issued_on"), ""),
            ("pay_date_to", Form::To("issued_on"), ""),
            ("amount_from", Form::Least("amount"), ""),
            ("amount_to", Form::Most("amount"), ""),
            ("booking_id", Form::Exact("booking_id"), BOOKING),
        ],
    ),
    List(
        "transactions/scheduled",
        "scheduled transactions",
        Source::Scheduled,
        true,
        &[
            ("booking_id", Form::Exact("booking_id"), BOOKING),
            (
                "status",
                Form::OneOf(
                    "status",
                    &[
                        "upcoming",
                        "delayed",
                        "blocked",
                        "missing_iban",
                        "missing_details",
                        "has_debt",
                        "blocked_missing_details",
                        "blocked_missing_iban",
                        "blocked_account_debtor",
                    ],
                ),
                "",
            ),
            ("currency", Form::Code("currency"), "EUR, USD, ..."),
            ("due_date_from", Form::From("due_date"), ""),
            ("due_date_to", Form::To("due_date"), ""),
            ("amount_from", Form::Least("amount"), ""),
            ("amount_to", Form::Most("amount"), ""),
            (
                "search",
                Form::Text(&["booking_id", "account_name", "iban"]),
                "booking reference, account name or IBAN",
            ),
        ],
    ),
    List(
        "invoices",
        "invoices",
        Source::Invoices,
        true,
        &[
            (
                "search",
                Form::Text(&["invoice_to", "doc_type", "original_document"]),
                "invoice holder, document type or original document",
            ),
            ("issue_date_from", Form::From("issue_date"), ""),
            ("issue_date_to", Form::To("issue_date"), ""),
            ("amount_from", Form::Least("amount_gross"), ""),
            ("amount_to", Form::Most("amount_gross"), ""),
            ("doc_type", Form::Exact("doc_type"), "exact document type"),
            ("doc_number", Form::Exact("doc_number"), "exact document number"),
            ("booking_id", Form::Exact("booking_id"), BOOKING),
        ],
    ),
    List(
        "penalties",
        "penalties",
        Source::Penalties,
        false,
        &[
            (
                "search",
                Form::Text(&["booking_id", "invoice_number"]),
                "booking reference or invoice number",
            ),
            (
                "status",
                Form::OneOf("status", &["pending", "notify", "paid", "waived", "settled"]),
                "",
            ),
            ("booking_id", Form::Exact("booking_id"), BOOKING),
            ("due_date_from", Form::From("due_date"), ""),
            ("due_date_to", Form::To("due_date"), ""),
            ("amount_from", Form::Least("amount"), ""),
            ("amount_to", Form::Most("amount"), ""),
        ],
    ),
    List(
        "debtors",
        "debt records",
        Source::Debts,
        false,
        &[
            (
                "search",
                Form::Text(&["reference_id", "invoice_number"]),
                "booking reference or invoice number",
            ),
            (
                "status",
                Form::OneOf(
                    "status",
                    &["pending", "overdue", "paid", "settled", "written_off", "voided"],
                ),
                "",
            ),
            (
                "debt_type",
                Form::OneOf(
                    "debt_type",
                    &[
                        "invoices_not_paid",
                        "transfers_badly_made",
                        "security_deposit_conflict",
                        "other",
                    ],
                ),
                "",
            ),
            ("reference_id", Form::Exact("reference_id"), "exact booking or reference"),
            ("due_date_from", Form::From("due_date"), ""),
            ("due_date_to", Form::To("due_date"), ""),
            ("amount_from", Form::Least("amount"), ""),
            ("amount_to", Form::Most("amount"), ""),
        ],
    ),
];

/// The documented lists, ready to serve.
pub(super) fn documented() -> Vec<Endpoint> {
    LISTS.iter().map(List::endpoint).collect()
}

impl List {
    fn endpoint(&self) -> Endpoint {
        let Self(path, noun, source, empty_is_paged, lines) = self;
        let param = |(name, form, hint): &Line| Param {
            name: (*name).to_owned(),
            rule: form.rule(),
            hint: (*hint).to_owned(),
        };
        Endpoint {
            path: (*path).to_owned(),
            noun: (*noun).to_owned(),
            source: *source,
            empty_is_paged: *empty_is_paged,
            params: lines.iter().map(param).collect(),
        }
    }
}

impl Form {
    fn rule(self) -> Rule {
        let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        match self {
            Self::Text(fields) => Rule::Text(all(fields)),
            Self::Exact(field) => Rule::Exact(field.to_owned()),
            Self::OneOf(field, values) => Rule::OneOf(field.to_owned(), all(values)),
            Self::Code(field) => Rule::Code(field.to_owned()),
            Self::From(field) => Rule::DateFrom(field.to_owned()),
            Self::To(field) => Rule::DateTo(field.to_owned()),
            Self::Least(field) => Rule::AmountFrom(field.to_owned()),
            Self::Most(field) => Rule::AmountTo(field.to_owned()),
        }
    }
}

impl Endpoint {
    /// What the connection test says about each parameter, in the words of the documents.
    pub(super) fn accepted(&self) -> Vec<(String, String)> {
        let mut all = vec![("test".to_owned(), TEST.to_owned())];
        all.extend(self.params.iter().map(|param| (param.name.clone(), param.accepted())));
        all.push(("page".to_owned(), "integer, optional (page number, default = 1)".to_owned()));
        let sizes = "integer, optional (items per page, default = 100, max = 500)";
        all.push(("per_page".to_owned(), sizes.to_owned()));
        all
    }
}

/// The words on the parameter `test`.
pub(super) const TEST: &str = "Set to \"connection\" to test API connection";

impl Param {
    fn accepted(&self) -> String {
        match &self.rule {
            Rule::Text(_) | Rule::Exact(_) | Rule::Code(_) => {
                format!("string, optional ({})", self.hint)
            }
            Rule::OneOf(_, values) => format!("string, optional ({})", values.join("|")),
            Rule::DateFrom(_) | Rule::DateTo(_) => "date (YYYY-MM-DD), optional".to_owned(),
            Rule::AmountFrom(_) => "decimal, optional (e.g., 100.50)".to_owned(),
            Rule::AmountTo(_) => "decimal, optional (e.g., 500.00)".to_owned(),
        }
    }
}
