//! Requirements for every list in [`ALL`].

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::list::record::{Record, Value};
use crate::list::shape::Shapes;
use crate::list::{ALL, Kind, Spec};

fn sample(spec: &'static Spec) -> Vec<Map<String, Json>> {
    serde_json::from_str(spec.sample).unwrap()
}

fn read(spec: &'static Spec, object: &Map<String, Json>) -> Record {
    Record::read(spec, &Json::from(object.clone()).to_string())
}

#[test]
fn samples_fill_every_required_cell_and_leave_no_extras() {
    for spec in ALL {
        for object in sample(spec) {
            let record = read(spec, &object);
            assert!(record.extras().is_empty(), "{}: {:?}", spec.key, record.extras());
            assert!(record.booking().is_some(), "{}", spec.key);
            for (position, field) in spec.fields.iter().enumerate() {
                let given = object.get(field.name).is_some_and(|value| !value.is_null());
                assert_eq!(given, !record.cell(position).is_empty(), "{}.{}", spec.key, field.name);
                assert!(!matches!(record.value(field.name), Value::Odd(_)), "{}", field.name);
            }
        }
    }
}

#[test]
fn names_are_unique_and_filters_look_at_fields_that_exist() {
    let keys: BTreeSet<_> = ALL.iter().map(|spec| spec.key).collect();
    assert_eq!(keys.len(), ALL.len());
    for spec in ALL {
        let names: BTreeSet<_> =
            spec.fields.iter().flat_map(|f| f.aliases.iter().copied().chain([f.name])).collect();
        let aliases: usize = spec.fields.iter().map(|f| f.aliases.len()).sum();
        assert_eq!(names.len(), spec.fields.len() + aliases, "{}", spec.key);
        let params: BTreeSet<_> = spec.filters.iter().map(|filter| filter.param).collect();
        assert_eq!(params.len(), spec.filters.len(), "{}", spec.key);
        for name in spec.filters.iter().flat_map(|filter| filter.over).chain(spec.identity) {
            assert!(spec.position(name).is_some(), "{}.{name}", spec.key);
        }
        assert!(spec.position(spec.booking).is_some());
        assert!(spec.fields[0].column.is_some_and(|column| column.priority == 0));
    }
}

#[test]
fn documented_words_are_accepted_and_unknown_ones_shown_as_they_came() {
    for spec in ALL {
        for filter in spec.filters {
            for value in filter.choices() {
                assert!(crate::filter::FilterValue::named(spec, filter.param, value).is_ok());
            }
        }
        for (position, field) in spec.fields.iter().enumerate() {
            if let Kind::Word(_) = field.kind {
                let record = Record::read(spec, &json!({field.name: "sent_to_moon"}).to_string());
                assert_eq!(record.cell(position), "sent to moon");
            }
        }
    }
}

#[test]
fn a_wrong_type_in_one_field_costs_no_other_field() {
    for spec in ALL {
        let object = &sample(spec)[0];
        for field in spec.fields {
            let text = json!("17 o'clock");
            for wrong in [json!({"a": 1}), json!([1]), json!(true), json!(1.5), json!(17), text] {
                let is_amount = matches!(field.kind, Kind::Minor | Kind::MinorEur);
                if wrong.is_i64() && is_amount
                    || wrong.is_string() && !is_amount && field.kind != Kind::Date
                {
                    continue;
                }
                let mut bent = object.clone();
                bent.insert(field.name.to_owned(), wrong.clone());
                let record = read(spec, &bent);
                for (position, other) in spec.fields.iter().enumerate() {
                    // An amount is shown with the currency's decimals; any currency here has two.
                    let expected = if other.name == field.name {
                        let mark = if field.kind.is_amount() && wrong.is_f64() { "?" } else { "" };
                        wrong.as_str().map_or_else(|| format!("{wrong}{mark}"), str::to_owned)
                    } else {
                        read(spec, object).cell(position).into_owned()
                    };
                    assert_eq!(record.cell(position), expected, "{}.{}", spec.key, field.name);
                }
            }
        }
    }
}

#[test]
fn nothing_of_a_record_is_lost_in_its_json() {
    for spec in ALL {
        for mut object in sample(spec) {
            object.insert("brand_new".to_owned(), json!({"deep": [1, null, "x"]}));
            object.remove(spec.fields[2].name);
            let back: Map<String, Json> =
                serde_json::from_str(&read(spec, &object).to_json()).unwrap();
            assert_eq!(back, object, "{}", spec.key);
        }
    }
}

#[test]
fn rows_that_are_no_objects_or_too_deep_are_kept_and_shown() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for spec in ALL {
        for row in ["null", "[]", "7", "\"text\"", deep.as_str()] {
            let record = Record::read(spec, row);
            assert_eq!(record.extras().len(), 1, "{}", spec.key);
            assert!(!record.to_json().is_empty());
        }
        let bent = format!("{{\"amount\": {deep}, \"currency\": \"EUR\"}}");
        assert_eq!(Record::read(spec, &bent).currency().code(), "EUR");
    }
}

/// The only row of a list.
fn shaped(spec: &'static Spec, json: &str) -> Record {
    Shapes::default().read_once(spec, &[json], "BK1").remove(0)
}

#[test]
fn an_alias_fills_its_field_and_identity_survives_other_changes() {
    let spec = Spec::named("scheduled").unwrap();
    let record = shaped(spec, r#"{"id":"1","bank_account":"ES91","status":"delayed"}"#);
    assert_eq!(record.text("iban").unwrap().expose_raw(), "ES91");
    let later = shaped(spec, r#"{"id":"1","bank_account":"ES91","status":"blocked"}"#);
    assert_eq!(record.identity(), later.identity());
    let other = shaped(spec, r#"{"id":"2","bank_account":"ES91","status":"blocked"}"#);
    assert_ne!(later.identity(), other.identity());
}

#[test]
fn numbers_are_no_money_where_no_money_is_documented() {
    let spec = Spec::named("debt").unwrap();
    let record = Record::read(spec, r#"{"id":17,"invoice_number":2025001,"due_date":20250101}"#);
    for (name, shown) in [("id", "17"), ("invoice_number", "2025001"), ("due_date", "20250101")] {
        assert_eq!(record.cell(spec.position(name).unwrap()), shown);
    }
    assert!(record.has_id);
    let numbered = Record::read(spec, r#"{"reference_id":123456,"due_date":"2025-01-01T00:00"}"#);
    assert_eq!(numbered.booking().unwrap().expose_raw(), "123456");
    assert_eq!(numbered.cell(spec.position("due_date").unwrap()), "2025-01-01");
}

#[test]
fn a_currency_that_is_none_keeps_its_amount_out_of_every_sum() {
    let spec = Spec::named("transactions").unwrap();
    let rows = [r#""EUR""#, r#""€""#, r#""£""#, "null"]
        .map(|code| Record::read(spec, &format!(r#"{{"amount":100,"currency":{code}}}"#)));
    let summed = crate::figures::Figures::of(&rows, chrono::NaiveDate::default()).open;
    assert_eq!(
        (summed.sums.to_string().as_str(), summed.not_summed.count()),
        ("1.00 · EUR 1.00", 2)
    );
    assert_eq!(rows[1].money("amount").unwrap(), "€ 1.00");
}

#[test]
fn an_amount_that_is_no_whole_minor_units_is_shown_as_it_came_and_marked() {
    let spec = Spec::named("debt").unwrap();
    let table = [
        ("866.604", "866.604?", "EUR 866.604?"),
        ("200.0", "200.0?", "EUR 200.0?"),
        ("1e3", "1e3?", "EUR 1e3?"),
        (r#""2000.00""#, "2000.00?", "EUR 2000.00?"),
        (r#""-1.234,56""#, "-1.234,56?", "EUR -1.234,56?"),
        (r#""2000""#, "20.00", "EUR 20.00"),
        ("-5", "-0.05", "EUR -0.05"),
    ];
    for (json, cell, money) in table {
        let row = Record::read(spec, &format!(r#"{{"amount":{json},"currency":"EUR"}}"#));
        let at = spec.position("amount").unwrap();
        assert_eq!((&*row.cell(at), row.money("amount").as_deref()), (cell, Some(money)), "{json}");
        assert_eq!(row.minor("amount").is_none(), cell.ends_with('?'), "{json}");
        let back: Json = serde_json::from_str(&row.to_json()).unwrap();
        assert_eq!(back["amount"], serde_json::from_str::<Json>(json).unwrap());
    }
    for odd in [r#""much""#, r#""1.2.""#, "{}", "true", r#""12 EUR""#, r#""1e3""#] {
        let row = Record::read(spec, &format!(r#"{{"amount":{odd},"currency":"EUR"}}"#));
        let is_decimal = odd == r#""1.2.""#;
        assert_eq!(matches!(row.value("amount"), Value::Decimal(_)), is_decimal, "{odd}");
        assert_eq!(row.money("amount").is_some(), is_decimal, "{odd}");
    }
}

#[test]
fn true_and_false_are_shown_as_they_came() {
    let spec = Spec::named("debt").unwrap();
    let row = Record::read(spec, r#"{"status":true,"amount":false,"due_date":"true"}"#);
    assert_eq!(*row.value("status"), Value::Flag(true));
    let cell = |name| row.cell(spec.position(name).unwrap());
    assert_eq!((&*cell("status"), &*cell("amount"), &*cell("due_date")), ("true", "false", "true"));
    assert!(row.to_json().contains(r#""status": true"#), "{}", row.to_json());
}

#[test]
fn a_due_date_with_a_time_is_a_date_in_what_follows_from_it() {
    let row = r#"{"due_date":"2026-02-28T23:30:00-05:00","status":"notify"}"#;
    assert_eq!(days("penalties", row), Some(1));
    let spec = Spec::named("penalties").unwrap();
    let record = Record::read(spec, row);
    let due = spec.position("due_date").unwrap();
    assert_eq!((&*record.cell(due), record.is_odd(&spec.fields[due])), ("2026-02-28", false));
    assert!(record.to_json().contains("2026-02-28T23:30:00-05:00"), "the time is not lost");
}

#[test]
fn a_credit_note_is_one_in_any_spelling_and_nothing_else_is() {
    let is_one = |kind: &str| {
        let json = json!({"doc_type": kind}).to_string();
        Record::read(Spec::named("invoices").unwrap(), &json).takes_back()
    };
    for kind in ["Credit Note", "credit_note", "CREDITNOTE", "creditNote", " credit-note "] {
        assert!(is_one(kind), "{kind}");
    }
    for kind in ["Creditor invoice", "Credit", "Credit Noted", "Invoice", "", "-"] {
        assert!(!is_one(kind), "{kind}");
    }
}

#[test]
fn what_no_document_names_is_odd_only_beside_the_kind_that_it_has() {
    let spec = Spec::named("debt").unwrap();
    let row = shaped(spec, r#"{"status":true,"vip":true,"share":1.5,"tags":[1]}"#);
    for (name, odd) in [("status", true), ("vip", false), ("share", false), ("tags", false)] {
        assert_eq!(row.is_odd(row.spec().field(name).unwrap()), odd, "{name}");
    }
}

#[test]
fn a_field_that_came_under_another_name_keeps_it_in_its_json() {
    let spec = Spec::named("scheduled").unwrap();
    let record = shaped(spec, r#"{"iban":null,"bank_account":"ES91"}"#);
    assert_eq!(record.text("iban").unwrap().expose_raw(), "ES91");
    assert!(record.to_json().contains(r#""bank_account": "ES91""#), "{}", record.to_json());
}

#[test]
fn an_amount_that_is_a_text_of_digits_counts_as_minor_units() {
    let spec = Spec::named("transactions").unwrap();
    let record = Record::read(spec, r#"{"amount":"123456","currency":"EUR"}"#);
    assert_eq!(record.minor("amount"), Some(123_456));
    assert_eq!(record.cell(spec.position("amount").unwrap()), "1,234.56");
}

proptest! {
    #[test]
    fn any_row_gives_a_record_whose_cells_are_printable(row in any::<String>(), text in any::<String>()) {
        for spec in ALL {
            let as_field = json!({spec.fields[0].name: text, "currency": text, "x": text}).to_string();
            for json in [row.as_str(), as_field.as_str()] {
                let record = Record::read(spec, json);
                for position in 0..spec.fields.len() {
                    prop_assert!(!record.cell(position).chars().any(char::is_control));
                }
            }
        }
    }
}

#[test]
fn a_row_takes_little_and_shares_what_others_have() {
    use std::collections::HashSet;
    assert!(size_of::<Value>() <= 16 && size_of::<Record>() <= 64);
    let spec = Spec::named("transactions").unwrap();
    let row = |minor: i64| {
        Record::read(
            spec,
            &format!(r#"{{"amount":{minor},"bank_account":"ES9121000418450200051332"}}"#),
        )
    };
    let (mut one, mut other, mut known) = (row(1), row(2), HashSet::new());
    one.share_texts(&mut known, 9);
    other.share_texts(&mut known, 9);
    let place = |record: &Record| record.text("bank_account").unwrap().expose_raw().as_ptr();
    assert_eq!((known.len(), place(&one)), (1, place(&other)));
    for spec in ALL {
        assert!(spec.fields.len() <= 64, "{}: a row keeps one bit for each field", spec.key);
    }
}

fn days(list: &str, row: &str) -> Option<i64> {
    let spec = Spec::named(list).unwrap();
    let today = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    Record::read(spec, row).days_overdue(today)
}

#[test]
fn only_what_is_open_and_past_its_day_is_overdue() {
    let table = [
        ("penalties", r#"{"due_date":"2026-02-28","status":"notify"}"#, Some(1)),
        ("penalties", r#"{"due_date":"2024-02-28","status":"pending"}"#, Some(732)),
        ("penalties", r#"{"due_date":"2026-03-01","status":"notify"}"#, None),
        ("penalties", r#"{"due_date":"2026-03-02","status":"notify"}"#, None),
        ("penalties", r#"{"due_date":"2026-02-28","status":"waived"}"#, None),
        ("penalties", r#"{"due_date":null,"status":"notify"}"#, None),
        ("penalties", r#"{"due_date":"soon","status":"notify"}"#, None),
        ("debt", r#"{"due_date":"2026-02-01","status":"overdue"}"#, Some(28)),
        ("debt", r#"{"due_date":"2026-02-01","status":"written_off"}"#, None),
        ("debt", r#"{"due_date":"2026-02-01","status":"brand_new"}"#, Some(28)),
        ("scheduled", r#"{"due_date":"2026-02-01","status":"blocked"}"#, Some(28)),
        ("scheduled", r#"{"due_date":"2026-02-01"}"#, Some(28)),
    ];
    for (list, row, expected) in table {
        assert_eq!(days(list, row), expected, "{list} {row}");
    }
}

#[test]
fn derived_columns_name_fields_and_statuses_that_exist_and_shadow_none() {
    for spec in ALL {
        for derived in spec.derived {
            assert_eq!(spec.position(derived.field.name), None, "{}", spec.key);
            assert!(spec.position(derived.source).is_some());
            let status = spec.fields[spec.position("status").unwrap()];
            let Kind::Word(known) = status.kind else { panic!("no word") };
            assert!(derived.closed.iter().all(|status| known.contains(status)), "{}", spec.key);
        }
    }
}

#[test]
fn a_closed_status_in_another_spelling_is_closed() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let overdue = |status: &str| {
        let json = json!({"status": status, "due_date": "2026-11-01T00:00:00Z"}).to_string();
        Record::read(Spec::named("debt").unwrap(), &json).days_overdue(day)
    };
    for status in ["PAID", "Written Off", "writtenOff", "voided"] {
        assert_eq!(overdue(status), None, "{status}");
    }
    for status in ["OVERDUE", "unpaid", "written"] {
        assert_eq!(overdue(status), Some(19), "{status}");
    }
}
