//! Rows whose fields have other names, in the styles of various servers, and the roles of the fields.

mod amounts;
mod languages;
mod properties;
mod styles;

use serde_json::{Value as Json, json};

use crate::list::roles::*;
use crate::list::{ALL, Spec};
use languages::LANGUAGES;
use styles::STYLES;

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

/// The field of each role, and the reason.
fn found(spec: &Spec, columns: &[Column], booking: Option<&str>) -> Vec<(String, String, Reason)> {
    let missing: Vec<&'static Field> = Spec::named(spec.key).unwrap().fields.iter().collect();
    let paths: Vec<Vec<&str>> = columns.iter().map(|(path, _)| path.split('.').collect()).collect();
    let values: Vec<Vec<&str>> =
        columns.iter().map(|(_, values)| values.iter().map(String::as_str).collect()).collect();
    let seen: Vec<Seen<'_>> =
        values.iter().zip(&paths).map(|(values, path)| Seen { path, values }).collect();
    let assigned = assign(&missing, &seen, booking);
    let named =
        |it: Assigned| (missing[it.role].name.to_owned(), columns[it.seen].0.clone(), it.reason);
    assigned.into_iter().map(named).collect()
}

/// Each role and its field, in the order of the roles.
fn pairs(spec: &Spec, columns: &[Column]) -> Vec<(String, String)> {
    found(spec, columns, None).into_iter().map(|(role, path, _)| (role, path)).collect()
}

fn list(key: &str) -> &'static Spec {
    Spec::named(key).unwrap()
}

#[test]
fn rows_with_other_names_play_all_their_roles() {
    let mut wrong = Vec::new();
    let in_style = STYLES.iter().map(|(style, key, paths)| (style, key, paths.to_vec()));
    let in_language = LANGUAGES.iter().map(|(language, key, paths)| {
        (language, key, paths.split_whitespace().filter_map(|path| path.split_once('=')).collect())
    });
    for (style, key, paths) in in_style.chain(in_language) {
        let spec = list(key);
        let found = found(spec, &renamed(spec, &paths), None);
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
        let found = found(spec, &columns, Some("BK123456"));
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
    let found = found(scheduled, &columns, None);
    assert_eq!(found[0], ("due_date".into(), "due_date".into(), Reason::Documented));
    assert_eq!(found[1], ("iban".into(), "bank_account".into(), Reason::Alias));
}

#[test]
fn values_decide_alone_where_names_say_nothing() {
    let table: [(&str, &[&str]); 3] = [
        (
            "scheduled",
            &[
                "booking_id",
                "due_date",
                "amount",
                "currency",
                "status",
                "account_name",
                "iban",
                "id",
            ],
        ),
        (
            "invoices",
            &[
                "booking_id",
                "issue_date",
                "doc_type",
                "amount_gross",
                "currency",
                "invoice_to",
                "link_view",
                "link_download",
            ],
        ),
        (
            "debt",
            &[
                "reference_id",
                "due_date",
                "status",
                "amount",
                "currency",
                "debt_type",
                "link_view",
                "link_download",
                "id",
            ],
        ),
    ];
    for (key, roles) in table {
        let names: Vec<String> = (1..=roles.len()).map(|at| format!("f{at}")).collect();
        let paths: Vec<(&str, &str)> =
            roles.iter().copied().zip(names.iter().map(String::as_str)).collect();
        let expected: Vec<_> = paths
            .iter()
            .map(|(role, path)| ((*role).to_owned(), (*path).to_owned(), Reason::Values))
            .collect();
        let mut columns = renamed(list(key), &paths);
        columns.push(column("f10", (0..6).map(|_| json!("call them first"))));
        assert_eq!(found(list(key), &columns, None), expected, "{key}");
    }
}

#[test]
fn values_that_two_fields_have_decide_nothing() {
    let two = |role: &'static str| renamed(list("scheduled"), &[(role, "f1"), (role, "f2")]);
    for role in ["due_date", "amount", "currency", "status", "account_name", "iban", "booking_id"] {
        assert_eq!(pairs(list("scheduled"), &two(role)), [], "{role}");
    }
}

#[test]
fn the_reference_of_a_booking_tells_it_from_another_number() {
    let columns = two_references();
    let expected = ("booking_id".to_owned(), "f2".to_owned(), Reason::Values);
    assert_eq!(found(list("invoices"), &columns, Some("R4KDP5-E7")), [expected]);
    assert_eq!(found(list("invoices"), &columns, None), []);
}

fn two_references() -> Vec<Column> {
    vec![
        column("f1", ["INV-1", "INV-2", "INV-3"].map(|it| json!(it))),
        column("f2", ["R4KDP5-E7", "R4KDP5-E8", "Q9AA11-B2"].map(|it| json!(it))),
    ]
}

/// Names, their values in each of three rows, and their roles in a list.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
);

const CASES: &[Case] = &[
    // The main amount: gross before net before total.
    (
        "scheduled",
        &[("total", "900"), ("net_amount", "800"), ("gross_amount", "950")],
        &[("amount", "gross_amount")],
    ),
    ("scheduled", &[("total", "900"), ("net_amount", "800")], &[("amount", "net_amount")]),
    ("scheduled", &[("vat_amount", "21000"), ("total", "900")], &[("amount", "total")]),
    // Remaining, paid and euro amounts are not the amount.
    (
        "debt",
        &[("amountOpen", "900"), ("sum", "950"), ("paid", "50")],
        &[("amount", "sum"), ("remaining_amount", "amountOpen"), ("paid_amount", "paid")],
    ),
    ("debt", &[("amount_in_eur", "900")], &[("amount_eur", "amount_in_eur")]),
    ("scheduled", &[("amount_in_eur", "900")], &[]),
    // The same word for a date and for an amount.
    ("debt", &[("paid", "\"2025-10-01T09:00:00Z\"")], &[("timestamp_paid", "paid")]),
    ("debt", &[("paid", "true")], &[]),
    // Values that do not fit the role.
    ("scheduled", &[("payment_date", "17")], &[]),
    ("scheduled", &[("account", "\"ES9121000418450200051332\"")], &[("iban", "account")]),
    ("scheduled", &[("account", "\"John Smith\"")], &[("account_name", "account")]),
    ("scheduled", &[("account", "\"****1332\"")], &[("iban", "account")]),
    // A day with a time, and one in another form.
    ("scheduled", &[("pay_date", "\"2025-11-05T00:00:00Z\"")], &[("due_date", "pay_date")]),
    ("scheduled", &[("pay_date", "\"05/11/2025\"")], &[("due_date", "pay_date")]),
    // Amounts that are not whole minor units are still the amounts.
    ("scheduled", &[("amount_value", "866.604")], &[("amount", "amount_value")]),
    ("scheduled", &[("amount_value", "\"2000.00\"")], &[("amount", "amount_value")]),
    // Names that contradict their values.
    ("scheduled", &[("created_at", "\"2025-11-05\"")], &[]),
    ("scheduled", &[("check_in", "\"2025-11-05\"")], &[]),
    ("scheduled", &[("property_id", "48000")], &[]),
    ("scheduled", &[("nights", "30")], &[]),
    ("scheduled", &[("tenant_name", "\"John Smith\"")], &[]),
    ("scheduled", &[("tenant.iban", "\"ES9121000418450200051332\"")], &[]),
    // Small numbers and years are not amounts.
    ("scheduled", &[("f1", "12")], &[]),
    ("scheduled", &[("f1", "2025")], &[]),
    // A booking's reference is preferred to the id of its object.
    (
        "scheduled",
        &[("booking.id", "4711"), ("booking.reference", "\"BK123456\"")],
        &[("booking_id", "booking.reference")],
    ),
    ("scheduled", &[("payment_reference", "\"PR-1\"")], &[]),
    // Statuses in words, and unknown ones.
    ("scheduled", &[("f1", "\"Missing IBAN\"")], &[("status", "f1")]),
    ("scheduled", &[("state", "\"sent_to_moon\"")], &[("status", "state")]),
    ("scheduled", &[("f1", "\"sent_to_moon\"")], &[]),
];

#[test]
fn names_and_values_decide_together() {
    let mut wrong = Vec::new();
    for (key, fields, expected) in CASES {
        let value = |raw: &str| serde_json::from_str::<Json>(raw).unwrap();
        let columns: Vec<Column> = fields
            .iter()
            .map(|(path, raw)| column(path, [value(raw), value(raw), value(raw)]))
            .collect();
        let found = pairs(list(key), &columns);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(r, p)| (r.as_str(), p.as_str())).collect();
        if found != *expected {
            wrong.push(format!("{key} {fields:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_two_fields_with_the_same_words_the_fuller_one_plays_the_role_then_the_first_path() {
    let days = |rows: usize| (0..rows).map(|at| value(list("scheduled"), "due_date", at));
    let table = [(3, 2, "payment_date"), (2, 3, "paymentDate"), (3, 3, "paymentDate")];
    for (snake, camel, expected) in table {
        let mut columns = [column("payment_date", days(snake)), column("paymentDate", days(camel))];
        for _ in 0..2 {
            let found = pairs(list("scheduled"), &columns);
            assert_eq!(found, [("due_date".to_owned(), expected.to_owned())]);
            columns.reverse();
        }
    }
}

#[test]
fn fields_without_values_play_roles_by_their_names() {
    let columns = [column("payment_date", []), column("iban_number", []), column("f1", [])];
    let expected = [("due_date", "payment_date"), ("iban", "iban_number")];
    let expected = expected.map(|(r, p)| (r.to_owned(), p.to_owned(), Reason::Name));
    assert_eq!(found(list("scheduled"), &columns, None), expected);
}

#[test]
fn every_field_of_the_five_lists_has_a_meaning() {
    for spec in ALL {
        for field in spec.fields {
            assert!(Concept::of(field.name).is_some(), "{}.{}", spec.key, field.name);
        }
    }
}

#[test]
fn names_are_read_in_any_spelling() {
    let table: &[(&str, &[&str])] = &[
        ("paymentDate", &["payment", "date"]),
        ("payment_date", &["payment", "date"]),
        ("Payment-Date", &["payment", "date"]),
        ("payment date", &["payment", "date"]),
        ("PAYMENTDATE", &["paymentdate"]),
        ("amountInCents", &["amount", "in", "cents"]),
        ("IBANNumber", &["iban", "number"]),
        ("accountIBAN", &["account", "iban"]),
        ("_id", &["id"]),
        ("Fälligkeit", &["falligkeit"]),
        ("Fa\u{308}lligkeit", &["falligkeit"]),
        ("line2Amount", &["line2", "amount"]),
        ("", &[]),
        ("__", &[]),
    ];
    for (name, expected) in table {
        assert_eq!(words(name), *expected, "{name:?}");
    }
}

#[test]
fn a_field_without_a_role_has_the_kind_of_its_values() {
    let table: &[(&str, &[&str], Kind)] = &[
        ("check_in", &["\"2025-01-01\"", "\"2025-02-01\""], Kind::Date),
        ("seen", &["\"2025-01-01\"", "\"2025-02-01T10:00:00Z\""], Kind::Timestamp),
        ("seen", &["\"2025-01-01\"", "\"soon\""], Kind::Text),
        ("photo", &["\"https://a.example/x\""], Kind::Link),
        ("nights", &["3", "-14"], Kind::Whole),
        ("vat_amount", &["2100", "0"], Kind::Minor),
        ("depositInCents", &["2100"], Kind::Minor),
        ("IVA_importe", &["2100"], Kind::Minor),
        ("amounts.vat.eur", &["2100"], Kind::MinorEur),
        ("vat_amount", &["2100.5", "17"], Kind::Minor),
        ("vat_amount", &["2100.5", "\"-\""], Kind::Text),
        ("amount_of_nights", &["3", "-14"], Kind::Whole),
        ("amount_id", &["300", "301"], Kind::Whole),
        ("cantidad_personas", &["3", "2"], Kind::Whole),
        ("amount_percentage", &["20.5"], Kind::Decimal),
        ("factor", &["\"1.25\""], Kind::Decimal),
        ("zip", &["\"08001\""], Kind::Text),
        ("paid_in", &["\"USD\"", "\"EUR\""], Kind::Currency),
        ("stage", &["\"on_hold\"", "\"sent\""], Kind::Word(&[])),
        ("city", &["\"Madrid\""], Kind::Text),
        ("is_new", &["true", "false"], Kind::Text),
        ("tags", &["[1]", "{}"], Kind::Text),
        ("nothing", &[], Kind::Text),
    ];
    for (name, values, expected) in table {
        let path: Vec<&str> = name.split('.').collect();
        let seen = Seen { path: &path, values };
        assert_eq!(kind(&seen), *expected, "{name} {values:?}");
    }
}
