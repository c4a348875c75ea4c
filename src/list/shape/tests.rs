//! Properties of the shape of any list, with any rows.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::*;
use crate::domain::money::{Currency, format_amount};
use crate::figures::{Figures, Summed};
use crate::list::Kind;

fn scheduled() -> &'static Spec {
    Spec::named("scheduled").unwrap()
}

fn read(shapes: &Shapes, spec: &'static Spec, rows: &[Json]) -> Vec<Record> {
    let rows: Vec<String> = rows.iter().map(Json::to_string).collect();
    shapes.read(spec, &rows.iter().map(String::as_str).collect::<Vec<_>>())
}

fn summed(rows: &[Record]) -> Summed {
    Figures::of(rows, NaiveDate::default()).open
}

/// A server without any expected name.
fn renamed(number: i64) -> Json {
    json!({"reference": format!("BK{}", 100_000 + number), "scheduled_for": "2026-11-05",
           "amount_gross": 1_000 + number, "currency_code": "EUR", "state": "delayed",
           "batch": {"run": number, "ok": true}})
}

#[test]
fn rows_without_one_expected_name_have_their_columns_and_their_sums() {
    let rows = read(&Shapes::default(), scheduled(), &[renamed(1), renamed(2)]);
    let spec = rows[0].spec();
    let shown: Vec<&str> = spec.columns().collect();
    let roles = ["booking_id", "due_date", "amount", "currency", "status"];
    assert_eq!(shown, [&roles[..], &["batch.ok", "batch.run", "days"]].concat());
    assert_eq!(summed(&rows).sums.to_string(), "EUR 20.03");
    assert_eq!(rows[1].booking().unwrap().expose_raw(), "BK100002");
    let cells: Vec<_> = spec.positions().map(|at| rows[0].cell(at).into_owned()).collect();
    assert_eq!(cells[..5], ["BK100001", "2026-11-05", "10.01", "EUR", "delayed"]);
    assert_eq!(cells[5..7], ["true", "1"]);
    let back: Json = serde_json::from_str(&rows[0].to_json()).unwrap();
    assert_eq!(back, renamed(1));
}

#[test]
fn rows_of_a_documented_list_settle_it_as_it_is_documented() {
    let shapes = Shapes::default();
    let spec = Spec::named("penalties").unwrap();
    let sample: Vec<Json> = serde_json::from_str(spec.sample).unwrap();
    let rows = read(&shapes, spec, &sample);
    assert!(rows[0].spec().is_settled && rows[0].spec().fields == spec.fields);
    let later = read(&shapes, spec, &[json!({"id": "x"})]);
    assert!(std::ptr::eq(rows[0].spec(), later[0].spec()));
    assert_eq!(rows[0].to_json(), Record::read(spec, &sample[0].to_string()).to_json());
}

#[test]
fn a_field_that_is_late_comes_behind_the_others_or_in_the_role_that_is_free() {
    let shapes = Shapes::default();
    let first = read(&shapes, scheduled(), &[json!({"booking_id": "BK1", "amount": 1})]);
    let late = json!({"booking_id": "BK2", "amount": 2, "due_date": "2026-01-02", "desk": "A"});
    let second = read(&shapes, scheduled(), &[late]);
    assert!(first[0].spec().begins(second[0].spec()));
    let columns: Vec<_> = second[0].spec().columns().collect();
    assert_eq!(columns, ["booking_id", "due_date", "amount", "desk", "days"]);
    let third = read(&shapes, scheduled(), &[json!({"booking_id": "BK3", "desk": null})]);
    assert!(std::ptr::eq(second[0].spec(), third[0].spec()));
}

#[test]
fn the_user_has_the_last_word() {
    let choice = ("due_date", vec!["paid".to_owned(), "until".to_owned()]);
    let shapes = Shapes::new(Choices::from([("scheduled", vec![choice])]));
    let row =
        json!({"booking_id": "BK1", "due_date": "2026-01-01", "paid": {"until": "2026-02-02"}});
    let rows = read(&shapes, scheduled(), std::slice::from_ref(&row));
    assert_eq!(rows[0].date("due_date").unwrap().to_string(), "2026-02-02");
    let due = rows[0].spec().field("due_date").unwrap();
    assert_eq!(due.key, Key::Recognized(&["paid", "until"], Reason::Setting));
    // The field with the documented name is then another column, under its own name.
    let other = rows[0].spec().field("due_date_2").unwrap();
    assert_eq!((other.key, other.label), (Key::Unknown(&["due_date"]), "due_date"));
    assert_eq!(serde_json::from_str::<Json>(&rows[0].to_json()).unwrap(), row);
}

#[test]
fn a_field_that_the_settings_take_from_another_leaves_it_empty() {
    let row = json!({"reference": "BK100001", "payable_by": "2026-11-05", "opened_at": "2026-01-02",
                     "amount": 500, "outstanding": 300, "unpaid_invoice": "INV-2026-000029"});
    let spec = Spec::named("debt").unwrap();
    let choice = |name, key: &str| (name, vec![key.to_owned()]);
    let chosen = vec![choice("amount", "outstanding"), choice("created_at", "payable_by")];
    let rows = read(&Shapes::new(Choices::from([("debt", chosen)])), spec, &[row.clone(), row]);
    let found = |name: &str| rows[0].spec().field(name).unwrap();
    assert_eq!(rows[0].minor("amount"), Some(300));
    assert!(found("remaining_amount").is_absent() && found("due_date").is_absent());
    assert!(!found("invoice_number").is_absent());
    // Amounts whose currency is used for another field are not counted.
    let row = json!({"reference": "BK100001", "amount": 500, "money": "EUR"});
    let chosen = Choices::from([("debt", vec![choice("status", "money")])]);
    let rows = read(&Shapes::new(chosen), spec, &[row]);
    assert_eq!(summed(&rows).sums.to_string(), "");
    assert_eq!(summed(&rows).not_summed.count(), 1);
}

#[test]
fn fields_beyond_what_a_row_can_have_are_kept_with_it() {
    let many: Map<String, Json> = (0..200).map(|at| (format!("k{at}"), at.into())).collect();
    let rows = read(&Shapes::default(), scheduled(), &[Json::Object(many.clone())]);
    assert_eq!(rows[0].spec().fields.len(), FIRST_DERIVED);
    assert_eq!(serde_json::from_str::<Json>(&rows[0].to_json()).unwrap(), Json::Object(many));
}

#[test]
fn keys_that_are_data_and_what_says_nothing_are_no_columns() {
    let names = ["ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal", "ida", "jon"];
    let row = |(at, name): (usize, &&str)| {
        json!({"booking_id": "BK1", "amount": at, "tags": {}, "lines": [], "desk": {"a": null},
               "by_id": {format!("a{}", 4_711 + at): {"amount": at}}, "owners": {*name: at},
               "room": {"size": at, "floor": null}})
    };
    let rows: Vec<Json> = names.iter().enumerate().map(row).collect();
    let read = read(&Shapes::default(), scheduled(), &rows);
    let unknown = read[0].spec().fields.iter().filter(|field| field.is_unknown());
    assert_eq!(unknown.map(|field| field.name).collect::<Vec<_>>(), ["room.size"]);
    for (row, sent) in read.iter().zip(&rows) {
        let back: Json = serde_json::from_str(&row.to_json()).unwrap();
        assert_eq!(values_of(&back), values_of(sent));
    }
}

#[test]
fn rows_that_bring_nothing_new_are_read_once() {
    let shapes = Shapes::default();
    let row = json!({"booking_id": "BK1", "a": {"b": 1, "c": null}, "tags": {}, "desk": {"x": null},
                     "by_month": {"2026-01": 1, "2026-02": 2}});
    read(&shapes, scheduled(), std::slice::from_ref(&row));
    let known = shapes.settled.lock().unwrap()["scheduled"].clone();
    let is_told_more =
        |json: &str| known.is_told_more(&super::read(known.shape, &[Row::new(json)]));
    let twice =
        r#"{"booking_id":"BK2","booking_id":"BK3","a":{"b":2},"tags":{},"desk":{"x":null}}"#;
    let other_month = r#"{"by_month":{"2026-03":{"x":1}}}"#;
    for row in [row.to_string().as_str(), twice, other_month] {
        assert!(!is_told_more(row), "{row}");
    }
    for news in [json!({"desk": {"x": 1}}), json!({"a": {"c": "1"}}), json!({"tags": ["t"]})] {
        assert!(is_told_more(&news.to_string()), "{news}");
    }
}

#[test]
fn an_object_with_many_nulls_or_in_few_rows_is_one_of_fields() {
    let details = json!({"amount": 50_000, "currency": "EUR", "note": null, "link": null,
                         "closed": null, "owner": null, "agent": null, "desk": null});
    let row = json!({"id": "d", "booking_id": "BK1", "details": details});
    let others = [json!({"id": "e"}), json!({"id": "f"}), json!({"id": "g"}), json!({"id": "h"})];
    for rows in [vec![row.clone()], [&[row][..], &others].concat()] {
        let rows = read(&Shapes::default(), scheduled(), &rows);
        assert_eq!(summed(&rows).sums.to_string(), "EUR 500.00");
    }
    let coded = json!({"booking_id": "BK1", "money": {"amount": 100, "iso4217": "EUR"}});
    let rows = read(&Shapes::default(), scheduled(), &[coded]);
    assert_eq!(summed(&rows).sums.to_string(), "EUR 1.00");
}

#[test]
fn a_long_name_is_cut_in_the_title_alone() {
    let long = "überweisungs".repeat(5);
    let rows = read(&Shapes::default(), scheduled(), &[json!({ &long: 1 })]);
    let field = rows[0].spec().field(&long).unwrap();
    assert!(field.label.starts_with("überweisungsüber") && field.label.ends_with('…'));
    assert_eq!(field.label.width(), 40);
}

#[test]
fn many_different_bookings_still_have_their_roles_and_cost_no_more() {
    let shapes = Shapes::default();
    let read = |row: &str| shapes.read_once(scheduled(), &[row], "BK123456").remove(0);
    let row = |at: usize| format!(r#"{{"reference":"BK123456","amount_gross":5,"k{at}":{at}}}"#);
    for at in 0..=MOST_SHAPES {
        read(&row(at));
    }
    for (at, columns) in [(7, 3), (9_999, 2)] {
        let late = read(&row(at));
        assert_eq!(late.minor("amount"), Some(5));
        assert_eq!(late.booking().unwrap().expose_raw(), "BK123456");
        assert_eq!(late.spec().positions().count(), columns);
        assert!(late.to_json().contains(&format!("\"k{at}\": {at}")));
    }
    let other = read(r#"{"reference":"BK123456","amount_never_seen":5}"#);
    assert_eq!(other.minor("amount"), None);
    assert_eq!(other.extras()[0].0.expose_raw(), "amount_never_seen");
}

#[test]
fn fields_that_say_the_same_money_are_not_told_apart_by_the_alphabet() {
    let invoices = Spec::named("invoices").unwrap();
    let row =
        json!({"booking_id": "BK1", "total_two": 12_100, "total_one": 10_000, "currency": "EUR"});
    let rows = read(&Shapes::default(), invoices, std::slice::from_ref(&row));
    let keys = ["amount_net", "amount_gross"].map(|name| rows[0].spec().field(name).unwrap().key);
    assert_eq!(keys, [Key::Absent; 2]);
    let names: Vec<&str> = rows[0].spec().columns().collect();
    assert!(names.contains(&"total_one") && names.contains(&"total_two"), "{names:?}");
}

#[test]
fn what_was_paid_is_not_summed_in_place_of_the_amount() {
    let row = json!({"reference_id": "BK1", "paid_amount": 500, "currency": "EUR"});
    let rows = read(&Shapes::default(), Spec::named("debt").unwrap(), &[row]);
    let summed = summed(&rows);
    assert_eq!((summed.sums.to_string(), summed.not_summed.count()), (String::new(), 1));
}

#[test]
fn who_is_paid_has_a_column_where_nobody_sends_the_account() {
    let row = |names: [&str; 2]| json!({"id": 1, names[0]: "Ann Ash", names[1]: "Ash Homes"});
    let alone = read(&Shapes::default(), scheduled(), &[json!({"id": 1, "payee": "Ann Ash"})]);
    assert!(alone[0].spec().columns().any(|name| name == "beneficiary"));
    let both = read(&Shapes::default(), scheduled(), &[row(["payee", "account_name"])]);
    assert!(!both[0].spec().columns().any(|name| name == "beneficiary"));
}

#[test]
fn the_sum_of_a_list_is_of_a_documented_amount() {
    let rows = read(&Shapes::default(), scheduled(), &[json!({"x_amount_tax": 5, "note": "n"})]);
    assert_eq!(rows[0].spec().amount(), "amount");
    assert_eq!(summed(&rows).sums.to_string(), "");
}

const KEYS: &[&str] = &[
    "booking_id",
    "bookingRef",
    "reference",
    "id",
    "amount",
    "amount_gross",
    "netAmount",
    "total",
    "currency",
    "currency_code",
    "due_date",
    "payDay",
    "issued",
    "status",
    "state",
    "iban",
    "bank_account",
    "name",
    "money",
    "booking",
    "dates",
    "note",
    "a.b",
    "days",
    "x",
    "ÄÖ ü",
    "",
];

fn leaf() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-9_i64..900_000).prop_map(Json::from),
        Just(json!(866.604)),
        (0..90_000u32).prop_map(|n| json!(format!("BK{}", 100_000 + n))),
        (1..28u32).prop_map(|day| json!(format!("2026-11-{day:02}"))),
        prop::sample::select(vec!["EUR", "GBP", "Euro", "delayed", "blocked", "Ann", "a\u{202e}b"])
            .prop_map(Json::from),
        Just(json!("https://example.org/1")),
        Just(json!("ES9121000418450200051332")),
        Just(json!([1, null, {"a": 2}])),
        Just(json!({})),
    ]
}

fn object(inner: impl Strategy<Value = Json>) -> impl Strategy<Value = Json> {
    let pair = (prop::sample::select(KEYS), inner);
    prop::collection::vec(pair, 0..9).prop_map(|pairs| {
        Json::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    })
}

fn row() -> impl Strategy<Value = Json> {
    let nested = leaf().prop_recursive(5, 24, 4, object);
    prop_oneof![9 => object(nested), 1 => leaf()]
}

/// All values but nulls, each with its keys.
fn values(json: &Json, path: &[&str], all: &mut BTreeMap<(String, String), usize>) {
    match json {
        Json::Null => {}
        Json::Object(inner) if !inner.is_empty() => {
            for (key, value) in inner {
                values(value, &[path, &[key]].concat(), all);
            }
        }
        other => *all.entry((path.join("."), other.to_string())).or_default() += 1,
    }
}

fn values_of(json: &Json) -> BTreeMap<(String, String), usize> {
    let mut all = BTreeMap::new();
    values(json, &[], &mut all);
    all
}

/// Returns `true` if the cell of each field shows the value under its keys: amounts in the row's
/// currency, other numbers unchanged.
fn are_cells_as_sent(row: &Record, sent: &Json) -> bool {
    row.spec().fields.iter().enumerate().filter(|(_, field)| !field.is_absent()).all(
        |(at, field)| {
            let keys = field.keys().unwrap_or(std::slice::from_ref(&field.name));
            let value = keys.iter().try_fold(sent, |json, key| json.get(key));
            let cell = row.cell(at);
            match value {
                None | Some(Json::Null) => cell.is_empty(),
                // An object of another row can contain this row's field.
                Some(Json::Object(_)) => true,
                Some(Json::Bool(flag)) => cell == flag.to_string(),
                Some(Json::Number(number)) => match (field.kind.is_amount(), number.as_i64()) {
                    (true, Some(minor)) => {
                        let is_in_euros = field.kind == Kind::MinorEur;
                        let currency = if is_in_euros { Currency::EUR } else { row.currency() };
                        cell == format_amount(minor.into(), currency)
                    }
                    (true, None) => cell == format!("{number}?"),
                    (false, _) => cell == number.to_string(),
                },
                Some(other) => !cell.is_empty() || other.as_str().is_some_and(str::is_empty),
            }
        },
    )
}

proptest! {
    #[test]
    fn no_value_is_lost_no_field_has_two_roles_and_no_later_row_moves_one(
        list in 0..5usize,
        pages in prop::collection::vec(prop::collection::vec(row(), 0..6), 1..4),
    ) {
        let (spec, shapes) = (crate::list::ALL[list], Shapes::default());
        let mut before: Option<&'static Spec> = None;
        for page in &pages {
            let rows = read(&shapes, spec, page);
            for (row, sent) in rows.iter().zip(page) {
                let found: Json = match row.unreadable() {
                    Some(json) => serde_json::from_str(json.expose_raw()).unwrap(),
                    None => serde_json::from_str(&row.to_json()).unwrap(),
                };
                prop_assert_eq!(values_of(&found), values_of(sent), "{}", sent);
                prop_assert!(are_cells_as_sent(row, sent), "{}", sent);
                let spec = row.spec();
                let paths: Vec<Vec<&str>> = spec.fields.iter()
                    .filter(|field| !field.is_absent())
                    .map(|field| field.keys().map_or_else(|| vec![field.name], <[_]>::to_vec))
                    .collect();
                prop_assert_eq!(paths.iter().collect::<HashSet<_>>().len(), paths.len());
                let names: HashSet<&str> = spec.fields.iter().map(|field| field.name).collect();
                prop_assert_eq!(names.len(), spec.fields.len());
            }
            let Some(after) = rows.iter().map(Record::spec).find(|spec| spec.is_settled) else { continue };
            for (was, is) in before.iter().flat_map(|spec| spec.fields).zip(after.fields) {
                prop_assert!(was.is_absent() || (was.key, was.name) == (is.key, is.name));
            }
            before = Some(after);
        }
    }

    #[test]
    fn the_order_of_keys_and_rows_decides_nothing(
        rows in prop::collection::vec(row(), 1..5),
        turn in 0..9usize,
    ) {
        let turned = |row: &Json| {
            let Json::Object(object) = row else { return row.to_string() };
            let mut pairs: Vec<String> =
                object.iter().map(|(key, value)| format!("{}:{value}", json!(key))).collect();
            let by = turn.min(pairs.len());
            pairs.rotate_left(by);
            format!("{{{}}}", pairs.join(","))
        };
        let shape = |rows: Vec<String>| {
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            Shapes::default().read(scheduled(), &rows)[0].spec().fields.to_vec()
        };
        let mut other: Vec<String> = rows.iter().map(turned).collect();
        let by = turn % other.len();
        other.rotate_left(by);
        prop_assert_eq!(shape(rows.iter().map(Json::to_string).collect()), shape(other));
    }
}
