//! Rows whose fields have other names, in the styles that servers use, and what plays which role.

mod properties;

use serde_json::{Value as Json, json};

use crate::list::roles::*;
use crate::list::{ALL, Spec};

const IBANS: [&str; 4] = [
    "ES9121000418450200051332",
    "DE89370400440532013000",
    "GB29NWBK60161331926819",
    "FR1420041010050500013M02606",
];
const NAMES: [&str; 4] = ["John Smith", "María Núñez", "Acme Rentals SL", "Anna Weiß"];

/// The value of a role in the row `at`.
fn value(spec: &Spec, role: &str, at: usize) -> Json {
    let number = i64::try_from(at).unwrap();
    let field = spec.fields.iter().find(|field| field.name == role);
    let day = format!("2025-{:02}-{:02}", 1 + at % 12, 3 + at % 20);
    match (role, field.map(|field| field.kind)) {
        ("id" | "document_id", _) => json!(format!("5f1c9a3e-0b7d-4e2a-8c11-{:012}", 77 + at)),
        ("notes", _) => json!("Call them first"),
        ("account_name" | "beneficiary" | "invoice_to", _) => json!(NAMES[at % 4]),
        ("iban", _) => json!(IBANS[at % 4]),
        ("type", _) => json!("Transfer"),
        (_, Some(Kind::Booking)) => json!(format!("BK{}", 123_456 + at * 37)),
        (_, Some(Kind::Minor | Kind::MinorEur)) => json!(80_000 + number * 12_345),
        (_, Some(Kind::Word(words))) => json!(words[at % words.len()]),
        (_, Some(Kind::Date)) => json!(day),
        (_, Some(Kind::Timestamp)) => json!(format!("{day}T09:00:00.000000Z")),
        (_, Some(Kind::Currency)) => json!(["EUR", "GBP", "EUR"][at % 3]),
        (_, Some(Kind::Decimal)) => json!(format!("1.{at:010}")),
        (_, Some(Kind::Link)) if role.ends_with("download") => json!("https://a.example/1.pdf"),
        (_, Some(Kind::Link)) => json!("https://a.example/1"),
        _ => json!(format!("INV-2025-{at:04}")),
    }
}

/// A field with its path and its values.
type Column = (String, Vec<String>);

fn column(path: &str, values: impl IntoIterator<Item = Json>) -> Column {
    let given = values.into_iter().filter(|value| !value.is_null());
    (path.to_owned(), given.map(|value| value.to_string()).collect())
}

/// Six rows of a list in which the roles have these paths.
fn renamed(spec: &Spec, paths: &[(&str, &str)]) -> Vec<Column> {
    let values = |role| (0..6).map(move |at| value(spec, role, at));
    paths.iter().map(|(role, path)| column(path, values(role))).collect()
}

/// For each role that has one, its field and why.
fn found(spec: &Spec, columns: &[Column], bookings: &[&str]) -> Vec<(String, String, Reason)> {
    let wanted: Vec<&'static Field> = Spec::named(spec.key).unwrap().fields.iter().collect();
    let paths: Vec<Vec<&str>> = columns.iter().map(|(path, _)| path.split('.').collect()).collect();
    let seen: Vec<Seen<'_>> = columns
        .iter()
        .zip(&paths)
        .map(|((_, values), path)| Seen {
            path,
            values: values.iter().map(String::as_str).collect(),
        })
        .collect();
    let bookings: Vec<String> = bookings.iter().map(|&it| it.to_owned()).collect();
    let assigned = assign(&wanted, &seen, &Known { bookings: &bookings });
    let named =
        |it: Assigned| (wanted[it.role].name.to_owned(), columns[it.seen].0.clone(), it.reason);
    assigned.into_iter().map(named).collect()
}

/// Each role and its field, in the order of the roles.
fn pairs(spec: &Spec, columns: &[Column]) -> Vec<(String, String)> {
    found(spec, columns, &[]).into_iter().map(|(role, path, _)| (role, path)).collect()
}

fn list(key: &str) -> &'static Spec {
    Spec::named(key).unwrap()
}

/// The style, the list, and for each role the name of its field.
type Style = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const STYLES: &[Style] = &[
    (
        "other words",
        "scheduled",
        &[
            ("booking_id", "reference"),
            ("due_date", "scheduled_for"),
            ("amount", "amount_gross"),
            ("currency", "currency_code"),
            ("status", "state"),
            ("account_name", "holder"),
            ("iban", "account_number"),
            ("type", "kind"),
            ("notes", "comments"),
            ("id", "uuid"),
        ],
    ),
    (
        "camelCase",
        "scheduled",
        &[
            ("booking_id", "bookingReference"),
            ("due_date", "paymentDate"),
            ("amount", "amountInCents"),
            ("currency", "currencyCode"),
            ("status", "payoutStatus"),
            ("account_name", "accountHolderName"),
            ("iban", "bankAccountNumber"),
            ("type", "paymentType"),
            ("notes", "internalNotes"),
            ("id", "payoutId"),
        ],
    ),
    (
        "nested",
        "scheduled",
        &[
            ("booking_id", "booking.reference"),
            ("due_date", "dates.due"),
            ("amount", "amount.value"),
            ("currency", "amount.currency"),
            ("status", "attributes.status"),
            ("account_name", "payee.name"),
            ("iban", "payee.iban"),
            ("type", "payment.method"),
            ("id", "data.id"),
        ],
    ),
    (
        "German",
        "scheduled",
        &[
            ("booking_id", "Buchungsnummer"),
            ("due_date", "Fälligkeitsdatum"),
            ("amount", "Betrag"),
            ("currency", "Währung"),
            ("status", "Zustand"),
            ("account_name", "Kontoinhaber"),
            ("iban", "IBAN"),
            ("type", "Zahlungsart"),
            ("notes", "Bemerkungen"),
            ("id", "Kennung"),
        ],
    ),
    (
        "Spanish",
        "scheduled",
        &[
            ("booking_id", "referencia_reserva"),
            ("due_date", "fecha_vencimiento"),
            ("amount", "importe"),
            ("currency", "moneda"),
            ("status", "estado"),
            ("account_name", "titular_cuenta"),
            ("iban", "cuenta_bancaria"),
            ("type", "tipo"),
            ("notes", "observaciones"),
            ("id", "identificador"),
        ],
    ),
    (
        "PascalCase",
        "scheduled",
        &[
            ("booking_id", "BookingRef"),
            ("due_date", "DueDate"),
            ("amount", "TotalAmount"),
            ("currency", "Currency"),
            ("status", "Status"),
            ("account_name", "AccountName"),
            ("iban", "IBANNumber"),
            ("type", "Type"),
            ("beneficiary", "BeneficiaryName"),
            ("notes", "Notes"),
            ("id", "ID"),
        ],
    ),
    (
        "one word",
        "scheduled",
        &[
            ("booking_id", "BOOKINGID"),
            ("due_date", "PAYMENTDATE"),
            ("amount", "GROSSAMOUNT"),
            ("currency", "CURRENCYCODE"),
            ("status", "STATUS"),
            ("account_name", "ACCOUNTHOLDER"),
            ("iban", "BANKACCOUNT"),
            ("id", "PAYMENTID"),
        ],
    ),
    (
        "other words",
        "invoices",
        &[
            ("booking_id", "reservation"),
            ("issue_date", "invoice_date"),
            ("doc_type", "kind"),
            ("amount_gross", "total"),
            ("currency", "ccy"),
            ("doc_number", "invoice_no"),
            ("amount_net", "subtotal"),
            ("invoice_to", "bill_to"),
            ("original_document", "corrected_invoice"),
            ("document_id", "id"),
            ("link_view", "url"),
            ("link_download", "pdf"),
        ],
    ),
    (
        "camelCase",
        "invoices",
        &[
            ("booking_id", "bookingCode"),
            ("issue_date", "issuedAt"),
            ("doc_type", "documentType"),
            ("amount_gross", "grossAmountCents"),
            ("currency", "currency"),
            ("doc_number", "documentNumber"),
            ("amount_net", "netAmountCents"),
            ("invoice_to", "customerName"),
            ("original_document", "originalInvoice"),
            ("document_id", "documentId"),
            ("link_view", "viewUrl"),
            ("link_download", "downloadUrl"),
        ],
    ),
    (
        "nested",
        "invoices",
        &[
            ("booking_id", "booking.id"),
            ("issue_date", "dates.issued"),
            ("doc_type", "document.type"),
            ("amount_gross", "amounts.gross"),
            ("currency", "amounts.currency"),
            ("doc_number", "document.number"),
            ("amount_net", "amounts.net"),
            ("invoice_to", "customer.name"),
            ("original_document", "document.original"),
            ("document_id", "document.id"),
            ("link_view", "links.view"),
            ("link_download", "links.download"),
        ],
    ),
    (
        "German",
        "invoices",
        &[
            ("booking_id", "Buchung"),
            ("issue_date", "Rechnungsdatum"),
            ("doc_type", "Belegart"),
            ("amount_gross", "Bruttobetrag"),
            ("currency", "Waehrung"),
            ("doc_number", "Rechnungsnummer"),
            ("amount_net", "Nettobetrag"),
            ("invoice_to", "Rechnungsempfänger"),
            ("document_id", "id"),
            ("link_view", "Link"),
            ("link_download", "Datei"),
        ],
    ),
    (
        "kebab-case",
        "invoices",
        &[
            ("booking_id", "booking-id"),
            ("issue_date", "date"),
            ("doc_type", "type"),
            ("amount_gross", "amount"),
            ("currency", "currency-code"),
            ("doc_number", "number"),
            ("amount_net", "net"),
            ("invoice_to", "recipient"),
            ("document_id", "uuid"),
            ("link_view", "view"),
            ("link_download", "download"),
        ],
    ),
    (
        "other words",
        "debt",
        &[
            ("reference_id", "booking"),
            ("due_date", "deadline"),
            ("status", "state"),
            ("amount", "total"),
            ("currency", "currency_code"),
            ("debt_type", "reason"),
            ("invoice_number", "invoice"),
            ("amount_eur", "total_in_euros"),
            ("remaining_amount", "outstanding"),
            ("paid_amount", "paid_so_far"),
            ("rate_to_eur", "exchange_rate"),
            ("created_at", "created"),
            ("link_view", "url"),
            ("id", "uuid"),
        ],
    ),
    (
        "camelCase",
        "debt",
        &[
            ("reference_id", "bookingReference"),
            ("due_date", "dueDate"),
            ("status", "debtStatus"),
            ("amount", "amountInCents"),
            ("currency", "currencyCode"),
            ("debt_type", "debtKind"),
            ("invoice_number", "invoiceNumber"),
            ("amount_eur", "amountEur"),
            ("remaining_amount", "openAmount"),
            ("paid_amount", "paidAmount"),
            ("rate_to_eur", "rateToEur"),
            ("timestamp_paid", "paidAt"),
            ("timestamp_settled", "settledAt"),
            ("timestamp_written_off", "writtenOffAt"),
            ("timestamp_voided", "voidedAt"),
            ("created_at", "createdAt"),
            ("id", "debtId"),
        ],
    ),
    (
        "nested",
        "debt",
        &[
            ("reference_id", "booking.reference"),
            ("due_date", "dates.due"),
            ("status", "meta.status"),
            ("amount", "amounts.total"),
            ("currency", "amounts.currency"),
            ("debt_type", "debt.type"),
            ("invoice_number", "invoice.number"),
            ("amount_eur", "amounts.eur"),
            ("remaining_amount", "amounts.remaining"),
            ("paid_amount", "amounts.paid"),
            ("timestamp_paid", "dates.paid"),
            ("created_at", "dates.created"),
            ("link_view", "links.self"),
            ("link_download", "links.pdf"),
            ("id", "data.id"),
        ],
    ),
    (
        "German",
        "debt",
        &[
            ("reference_id", "Buchungsreferenz"),
            ("due_date", "fällig_am"),
            ("status", "Status"),
            ("amount", "Gesamtbetrag"),
            ("currency", "Währung"),
            ("debt_type", "Grund"),
            ("invoice_number", "Rechnung"),
            ("remaining_amount", "Restbetrag"),
            ("paid_amount", "bezahlt"),
            ("created_at", "erstellt_am"),
            ("id", "id"),
        ],
    ),
    (
        "Italian",
        "debt",
        &[
            ("reference_id", "prenotazione"),
            ("due_date", "data_scadenza"),
            ("status", "stato"),
            ("amount", "importo"),
            ("currency", "valuta"),
            ("debt_type", "tipo"),
            ("invoice_number", "numero_fattura"),
            ("remaining_amount", "importo_residuo"),
            ("paid_amount", "pagato"),
            ("id", "id"),
        ],
    ),
];

#[test]
fn rows_with_other_names_play_all_their_roles() {
    let mut wrong = Vec::new();
    for (style, key, paths) in STYLES {
        let spec = list(key);
        let found = found(spec, &renamed(spec, paths), &[]);
        for field in spec.fields {
            let expected =
                paths.iter().find(|(role, _)| *role == field.name).map(|(_, path)| *path);
            let got = found.iter().find(|(role, ..)| role == field.name);
            if got.map(|(_, path, _)| path.as_str()) != expected {
                wrong.push(format!("{style}, {key}.{}: {expected:?}, not {got:?}", field.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn documented_rows_are_read_by_their_documented_names() {
    for spec in ALL {
        let rows: Vec<serde_json::Map<String, Json>> = serde_json::from_str(spec.sample).unwrap();
        let columns: Vec<Column> = rows[0]
            .keys()
            .map(|key| column(key, rows.iter().map(|row| row[key].clone())))
            .collect();
        let found = found(spec, &columns, &["BK123456"]);
        assert_eq!(found.len(), rows[0].len(), "{}", spec.key);
        for (role, path, reason) in found {
            assert_eq!((&role, reason), (&path, Reason::Documented), "{}", spec.key);
        }
    }
}

#[test]
fn a_documented_name_wins_over_an_alias_and_both_over_any_values() {
    let scheduled = list("scheduled");
    let six = |role| (0..6).map(move |at| value(scheduled, role, at));
    let columns = [
        column("account_iban", six("iban")),
        column("bank_account", (0..6).map(|_| json!("****1332"))),
        column("due_date", (0..6).map(|at| json!(at))),
        column("payment_date", six("due_date")),
    ];
    let found = found(scheduled, &columns, &[]);
    assert_eq!(found[0], ("due_date".into(), "due_date".into(), Reason::Documented));
    assert_eq!(found[1], ("iban".into(), "bank_account".into(), Reason::Alias));
}
