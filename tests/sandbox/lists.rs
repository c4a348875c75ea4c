//! Every list, its pages, its filters and its refusals.

use crate::http::{get, rows, sandbox};
use serde_json::{Value, json};
use valora::sandbox::{Revision, Sandbox, Special};

const LISTS: [&str; 5] =
    ["transactions", "transactions/scheduled", "invoices", "penalties", "debtors"];

#[tokio::test]
async fn the_pages_together_are_the_list_in_its_order() {
    let sandbox = sandbox(|_| ()).await;
    for (list, by) in LISTS.into_iter().zip([
        Some("issued_on"),
        None,
        Some("issue_date"),
        Some("due_date"),
        Some("due_date"),
    ]) {
        let whole = rows(&sandbox, list, "").await;
        let mut pages = Vec::new();
        let (_, first) = get(&sandbox, &format!("{list}?per_page=83")).await;
        let last = first["pagination"]["last_page"].as_u64().unwrap();
        for page in 1..=last {
            let (status, body) = get(&sandbox, &format!("{list}?per_page=83&page={page}")).await;
            assert_eq!((status, &body["pagination"]["current_page"]), (200, &json!(page)));
            assert_eq!(body["pagination"]["from"], (page - 1) * 83 + 1);
            pages.extend(body["data"].as_array().unwrap().iter().cloned());
            assert_eq!(body["pagination"]["to"], pages.len());
        }
        assert_eq!(first["pagination"]["total"], whole.len());
        assert!(pages == whole, "{list}");
        if let Some(by) = by {
            let days: Vec<_> = whole.iter().map(|row| row[by].as_str().unwrap_or("")).collect();
            assert!(days.is_sorted_by(|a, b| a >= b), "{list}");
        }
        if let Some(name) = ["id", "document_id"].iter().find(|name| whole[0].get(**name).is_some())
        {
            let mut ids: Vec<_> = whole.iter().map(|row| row[*name].as_str().unwrap()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), whole.len(), "{list}");
        }
    }
    let (_, body) = get(&sandbox, "transactions").await;
    assert_eq!(body["pagination"]["per_page"], 100);
    assert_eq!(body["data"].as_array().unwrap().len(), 100);
    assert_eq!(body["message"], "Transactions retrieved successfully.");
}

/// The list, a query, and what holds for exactly the rows that it finds.
type Case = (&'static str, String, Box<dyn Fn(&Value) -> bool>);

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_default().to_lowercase()
}

fn case(list: &'static str, query: &str, holds: impl Fn(&Value) -> bool + 'static) -> Case {
    (list, query.to_owned(), Box::new(holds))
}

/// A part of a text, of any of the fields.
fn search(list: &'static str, part: &str, fields: &'static [&str]) -> Case {
    let part = part.to_lowercase();
    let plain = percent_encoding::utf8_percent_encode(&part, percent_encoding::NON_ALPHANUMERIC);
    case(list, &format!("search={plain}"), move |row| {
        fields.iter().any(|field| text(row, field).contains(&part))
    })
}

fn days(list: &'static str, name: &str, field: &'static str) -> Vec<Case> {
    let (from, to) = ("2026-01-10", "2026-04-20");
    vec![
        case(list, &format!("{name}_from={from}"), move |row| {
            row[field].as_str().is_some_and(|day| day >= from)
        }),
        case(list, &format!("{name}_to={to}"), move |row| {
            row[field].as_str().is_some_and(|day| day <= to)
        }),
        case(list, &format!("{name}_from={from}&{name}_to={to}"), move |row| {
            row[field].as_str().is_some_and(|day| (from..=to).contains(&day))
        }),
    ]
}

fn amounts(list: &'static str, field: &'static str) -> Vec<Case> {
    let at = move |row: &Value| row[field].as_i64().unwrap();
    vec![
        case(list, "amount_from=200.5", move |row| at(row) >= 20_050),
        case(list, "amount_to=812.37", move |row| at(row) <= 81_237),
        case(list, "amount_from=152.50&amount_to=812", move |row| {
            (15_250..=81_200).contains(&at(row))
        }),
    ]
}

fn equals(list: &'static str, name: &'static str, value: &str) -> Case {
    let wanted = value.to_owned();
    case(list, &format!("{name}={}", value.replace(' ', "+")), move |row| row[name] == wanted)
}

/// Searches and exact values.
async fn cases(sandbox: &Sandbox) -> Vec<Case> {
    let [tx, scheduled, invoices, penalties, debts] = LISTS;
    let booking = sandbox.known().one(Special::Balanced).to_owned();
    let some = |rows: Vec<Value>, field: &str| {
        rows.iter().find_map(|row| row[field].as_str().map(str::to_owned)).unwrap()
    };
    let iban = some(rows(sandbox, tx, "").await, "bank_account");
    let waiting = rows(sandbox, scheduled, "").await;
    let iban_due = some(waiting.clone(), "iban");
    let original = some(rows(sandbox, invoices, "").await, "original_document");
    let fined = some(rows(sandbox, penalties, "").await, "invoice_number");
    let owed = some(rows(sandbox, debts, "").await, "invoice_number");
    vec![
        search(tx, iban.get(iban.len() - 4..).unwrap(), &["beneficiary", "type", "bank_account"]),
        search(tx, "Παπαδοπούλου", &["beneficiary"]),
        search(tx, "compens", &["type"]),
        search(scheduled, &iban_due, &["iban"]),
        search(scheduled, &some(waiting, "booking_id"), &["booking_id"]),
        search(scheduled, "an", &["account_name", "booking_id", "iban"]),
        search(invoices, "CREDIT", &["doc_type"]),
        search(invoices, &original, &["original_document"]),
        search(invoices, "garcia", &["invoice_to"]),
        search(penalties, &fined, &["invoice_number"]),
        search(penalties, &booking, &["booking_id"]),
        search(debts, &owed, &["invoice_number"]),
        search(debts, &booking, &["reference_id"]),
        equals(tx, "booking_id", &booking),
        equals(invoices, "booking_id", &booking),
        equals(invoices, "doc_type", "Credit Note"),
        equals(invoices, "doc_number", &original),
        equals(penalties, "booking_id", &booking),
        equals(debts, "reference_id", &booking),
        equals(scheduled, "currency", "GBP"),
        case(tx, &format!("booking_id={booking}&amount_from=1000"), move |row| {
            row["booking_id"] == *booking && row["amount"].as_i64() >= Some(100_000)
        }),
        case(tx, "search=+&booking_id=&amount_from=&unknown=7", |_| true),
    ]
}

/// Statuses, days and amounts.
fn ranges() -> Vec<Case> {
    let [tx, scheduled, invoices, penalties, debts] = LISTS;
    let mut all = Vec::new();
    for status in ["upcoming", "missing_iban", "blocked_account_debtor"] {
        all.push(equals(scheduled, "status", status));
    }
    for status in ["pending", "notify", "paid", "waived", "settled"] {
        all.push(equals(penalties, "status", status));
    }
    for kind in ["invoices_not_paid", "transfers_badly_made", "security_deposit_conflict", "other"]
    {
        all.push(equals(debts, "debt_type", kind));
    }
    for status in ["pending", "overdue", "paid", "settled", "written_off", "voided"] {
        all.push(equals(debts, "status", status));
    }
    all.extend(days(tx, "pay_date", "issued_on"));
    all.extend(days(scheduled, "due_date", "due_date").into_iter().skip(1).take(1));
    all.extend(days(invoices, "issue_date", "issue_date"));
    all.extend(days(penalties, "due_date", "due_date"));
    all.extend(days(debts, "due_date", "due_date"));
    for (list, field) in
        LISTS.into_iter().zip(["amount", "amount", "amount_gross", "amount", "amount"])
    {
        all.extend(amounts(list, field));
    }
    all
}

#[tokio::test]
async fn each_filter_finds_what_the_contract_says() {
    let sandbox = sandbox(|_| ()).await;
    for (list, query, holds) in cases(&sandbox).await.into_iter().chain(ranges()) {
        let all = rows(&sandbox, list, "").await;
        let wanted: Vec<_> = all.iter().filter(|row| holds(row)).cloned().collect();
        let found = rows(&sandbox, list, &query).await;
        assert!(!wanted.is_empty(), "{list}?{query} finds nothing");
        assert!(found == wanted, "{list}?{query}: {} for {}", found.len(), wanted.len());
    }
}

#[tokio::test]
async fn no_rows_is_a_404_in_both_documented_forms() {
    let sandbox = sandbox(|_| ()).await;
    for (list, noun, paged) in [
        ("transactions", "transactions", true),
        ("transactions/scheduled", "scheduled transactions", true),
        ("invoices", "invoices", true),
        ("penalties", "penalties", false),
        ("debtors", "debt records", false),
    ] {
        let (status, body) = get(&sandbox, &format!("{list}?search=nobody-at-all")).await;
        let message = format!("No {noun} found for the given filters.");
        let none = json!({"total": 0, "per_page": 100, "current_page": 1, "last_page": 1,
            "from": null, "to": null});
        let expected = if paged {
            json!({"message": message, "pagination": none, "data": []})
        } else {
            json!({"message": message, "data": []})
        };
        assert_eq!((status, body), (404, expected));
    }
    let (status, body) = get(&sandbox, "transactions?page=9999&per_page=500").await;
    assert_eq!((status, &body["data"]), (404, &json!([])));
    let (status, body) = get(&sandbox, "conciliation/booking?booking_id=BK000001").await;
    assert_eq!((status, body.get("data")), (404, None));
}

#[tokio::test]
async fn wrong_values_are_refused_at_their_field() {
    let sandbox = sandbox(|_| ()).await;
    for (target, field) in [
        ("transactions?pay_date_from=2026-02-31", "pay_date_from"),
        ("transactions?pay_date_to=31.12.2025", "pay_date_to"),
        ("transactions?pay_date_from=2026-02-02&pay_date_to=2026-02-01", "pay_date_to"),
        ("transactions?amount_from=12,5", "amount_from"),
        ("transactions?amount_to=-3", "amount_to"),
        ("transactions?amount_to=1.005", "amount_to"),
        ("transactions?amount_from=5&amount_to=4.99", "amount_to"),
        ("transactions?per_page=501", "per_page"),
        ("transactions?per_page=0", "per_page"),
        ("transactions?page=0", "page"),
        ("transactions?page=-1", "page"),
        ("transactions?page=two", "page"),
        ("transactions/scheduled?status=late", "status"),
        ("transactions/scheduled?currency=EURO", "currency"),
        ("penalties?status=Paid", "status"),
        ("debtors?debt_type=rent", "debt_type"),
        ("debtors?status=notify", "status"),
        ("invoices?issue_date_from=yesterday", "issue_date_from"),
        ("conciliation/booking?booking_id=", "booking_id"),
        ("conciliation/booking?search=x", "booking_id"),
    ] {
        let (status, body) = get(&sandbox, target).await;
        assert_eq!((status, &body["message"]), (422, &json!("The given data was invalid.")));
        let errors = body["errors"].as_object().unwrap();
        assert_eq!(errors.keys().collect::<Vec<_>>(), [field], "{target}");
        assert!(errors[field][0].as_str().unwrap().ends_with('.'), "{target}");
    }
    let (_, body) = get(&sandbox, "penalties?status=x&page=y&amount_to=z").await;
    assert_eq!(body["errors"].as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn the_connection_test_speaks_the_documents_words() {
    let sandbox = sandbox(|_| ()).await;
    let expected = json!({
        "message": "You are connected!",
        "accepted_params": {
            "test": "Set to \"connection\" to test API connection",
            "search": "string, optional (booking reference or invoice number)",
            "status": "string, optional (pending|notify|paid|waived|settled)",
            "booking_id": "string, optional (exact booking reference)",
            "due_date_from": "date (YYYY-MM-DD), optional",
            "due_date_to": "date (YYYY-MM-DD), optional",
            "amount_from": "decimal, optional (e.g., 100.50)",
            "amount_to": "decimal, optional (e.g., 500.00)",
            "page": "integer, optional (page number, default = 1)",
            "per_page": "integer, optional (items per page, default = 100, max = 500)"
        }
    });
    assert_eq!(get(&sandbox, "penalties?test=connection").await, (200, expected));
    let (_, body) = get(&sandbox, "transactions?test=connection&page=x").await;
    let search = "string, optional (beneficiary, type or bank account last 4 digits)";
    assert_eq!(body["accepted_params"]["search"], search);
    let expected = json!({
        "message": "You are connected!",
        "accepted_params": {"booking_id": "string, required (exact booking reference)"}
    });
    // By the convention that all endpoints share, and without parameters, as documented; `test` is
    // not in its list.
    for target in ["conciliation/booking", "conciliation/booking?test=connection"] {
        assert_eq!(get(&sandbox, target).await, (200, expected.clone()), "{target}");
    }
}

#[tokio::test]
async fn a_status_that_only_a_row_has_is_filtered_by_as_it_came() {
    let before = rows(&sandbox(|_| ()).await, "debtors", "").await;
    let id = before[0]["id"].as_str().unwrap().to_owned();
    let status = Revision::Status(id.clone(), "Sent To Moon");
    let sandbox = sandbox(|options| options.revised = vec![status.clone()]).await;
    let found = rows(&sandbox, "debtors", "status=Sent+To+Moon").await;
    assert_eq!(found.iter().map(|row| row["id"].as_str()).collect::<Vec<_>>(), [Some(id.as_str())]);
    for unknown in ["sent to moon", "Sent"] {
        let (status, body) =
            get(&sandbox, &format!("debtors?status={}", unknown.replace(' ', "+"))).await;
        assert_eq!(
            (status, &body["errors"]["status"][0]),
            (422, &json!("The selected status is invalid."))
        );
    }
    assert_eq!(get(&sandbox, "penalties?status=Sent+To+Moon").await.0, 422, "of another list");
}
