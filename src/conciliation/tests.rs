//! The payload of a booking in different shapes.

use proptest::prelude::*;

use super::*;

const WHOLE: &str = r#"{
    "reference": "BK1",
    "totals": {"transactions": 2, "transactions_made": 150000, "invoices_gross": 12100,
               "credit_notes_gross": "-100", "penalties_gross": null, "debt": 0, "new": 7},
    "invoicing": {"invoices": [{"document_id": "a", "amount_gross": 12100, "currency": "EUR"}],
                  "credit_notes": [{"document_id": "b", "amount_gross": "-100"}], "tax": 1},
    "penalties": {"items": [{"id": "p", "amount": 500, "currency": "EUR"}]},
    "debtors": null,
    "transactions": [{"amount": 100000, "currency": "EUR"}, {"amount": 50000, "currency": "PLN"},
                     {"amount": {}}],
    "note": "x"
}"#;

#[test]
fn sections_are_found_under_their_names_in_their_shapes() {
    let booking = Conciliation::read("asked", WHOLE).unwrap();
    assert_eq!(booking.reference.expose_raw(), "BK1");
    let counts: Vec<usize> = booking.sections.iter().map(|s| s.records().len()).collect();
    assert_eq!(counts, [1, 1, 1, 0, 3]);
    assert!(matches!(&booking.sections[3].rows, Rows::Null(key) if key.expose_raw() == "debtors"));
    let (sums, without) = booking.sections[4].sums();
    assert_eq!((sums.to_string().as_str(), without.count()), ("EUR 1,000.00 · PLN 500.00", 1));
    let others: Vec<_> = booking.others.iter().flat_map(Other::lines).collect();
    assert_eq!(others, ["invoicing.tax: 1", "note: x"]);
}

#[test]
fn totals_keep_their_order_and_their_oddities() {
    let booking = Conciliation::read("BK1", WHOLE).unwrap();
    let figures: Vec<_> = booking.totals.iter().map(|total| total.figure.clone()).collect();
    assert_eq!(figures[0], Figure::Number(2));
    assert_eq!(figures[3], Figure::Minor(-100));
    assert_eq!(figures[4], Figure::Odd(Untrusted::new("null")));
    assert_eq!(booking.total("invoices_gross"), Some(&Figure::Minor(12100)));
}

#[test]
fn a_total_is_shown_as_money_only_if_it_is_an_amount() {
    let table = [
        (r#""new": 7"#, "7"),
        (r#""nights": "30""#, "30"),
        (r#""vat_rate": 21.5"#, "21.5"),
        (r#""updated": "2026-11-01""#, "2026-11-01"),
        (r#""invoices_net": 10000"#, "100.00"),
        (r#""deposit_amount": "50.5""#, "50.5?"),
        (r#""transactions": 1.5"#, "1.5"),
        (r#""debt": 1.5"#, "1.5?"),
        (r#""debt": {"a": 1}"#, "?"),
    ];
    for (total, shown) in table {
        let booking = Conciliation::read("BK1", &format!(r#"{{"totals": {{{total}}}}}"#)).unwrap();
        assert_eq!(booking.totals[0].figure.shown(Currency::EUR), shown, "{total}");
    }
}

#[test]
fn what_is_no_conciliation_is_told_apart_from_an_empty_one() {
    assert!(Conciliation::read("BK1", r#"{"message": "hello"}"#).is_none());
    assert!(Conciliation::read("BK1", "[]").is_none());
    let empty = Conciliation::read("BK1", r#"{"totals": {}, "invoicing": []}"#).unwrap();
    assert_eq!(empty.reference.expose_raw(), "BK1");
    let wrapped = Conciliation::read("BK1", r#"{"data": {"debt": []}}"#).unwrap();
    assert!(matches!(wrapped.sections[3].rows, Rows::Present(_)));
    let odd = Conciliation::read("BK1", r#"{"debt": "none"}"#).unwrap();
    assert!(matches!(odd.sections[3].rows, Rows::Odd(_)));
}

#[test]
fn a_section_says_where_it_was_found() {
    let body = r#"{"invoicing": {"creditNotes": []}, "debt": null, "penalties": []}"#;
    let booking = Conciliation::read("BK1", body).unwrap();
    let [invoices, credit_notes, penalties, debt, transactions] =
        booking.sections.each_ref().map(|section| &section.rows);
    assert!(matches!((invoices, transactions), (Rows::Missing, Rows::Missing)));
    assert!(matches!((credit_notes, penalties), (Rows::Present(_), Rows::Present(_))));
    assert!(matches!(debt, Rows::Null(_)));
    let roles = SECTIONS.each_ref().map(|kind| kind.role as usize);
    assert_eq!(roles, [0, 1, 2, 3, 4]);
}

#[test]
fn a_section_that_is_null_came_one_level_down_too() {
    let table = [
        (r#"{"charges": {"debt": null, "penalties": []}}"#, Some("debt")),
        (r#"{"charges": {"debtors": null}, "totals": {}}"#, Some("debtors")),
        (r#"{"charges": {"arrears": null}, "debt": []}"#, None),
        (r#"{"debt": {"data": null}}"#, Some("debt.data")),
        (r#"{"creances": {"dossiers": null, "page": 1}}"#, Some("creances.dossiers")),
        (r#"{"debt": {"amount": 5, "data": null}}"#, None),
        (r#"{"penalties": {"amount": 5, "debt": null}}"#, None),
        (r#"{"charges": {"currency": "EUR", "debt": null, "penalties": []}}"#, Some("debt")),
        (r#"{"invoicing": {"tax": 1, "debt": null}}"#, Some("debt")),
        (r#"{"booking": {"tenant": "A", "debt": null}, "totals": {}}"#, None),
    ];
    for (body, expected) in table {
        let booking = Conciliation::read("BK1", body).unwrap();
        let key = match &booking.section(Role::Debt).rows {
            Rows::Null(key) => Some(key.expose_raw()),
            _ => None,
        };
        assert_eq!(key, expected, "{body}");
    }
}

#[test]
fn rows_come_in_objects_too_and_none_is_dropped_in_silence() {
    let table = [
        (r#"{"data": [{"id": 1}], "links": [1]}"#, Some(1), "debt.links.0: 1"),
        (r#"{"items": [{"id": 1}, {"id": 2}], "total": 2}"#, Some(2), "debt.total: 2"),
        (r#"{"0": {"id": 1}, "2": {"id": 3}}"#, Some(2), ""),
        (r#"{"one": [{"id": 1}], "other": [{"id": 2}]}"#, Some(2), ""),
        (r#"{"2025": {"11": [{"id": 1}], "12": [{"id": 2}]}, "2026": []}"#, Some(2), ""),
        (r#"{"pending": {"items": [{"id": 1}], "sum": 3}}"#, Some(1), "debt.pending.sum: 3"),
        (r#"{"paid": [], "overdue": []}"#, Some(0), ""),
        (r#"{"0": {"id": 1}, "note": "x"}"#, Some(1), "debt.note: x"),
        (r#"{"id": 1, "amount": 5, "links": []}"#, Some(1), ""),
        (r#"{"d1": {"amount": 5}, "totals": {"amount": 5}}"#, Some(1), "debt.totals.amount: 5"),
        (r#"{"total": 0, "currency": "EUR"}"#, None, "debt.total: 0|debt.currency: EUR"),
        (r#""none""#, None, "debt: none"),
    ];
    for (section, expected, values) in table {
        let booking = Conciliation::read("BK1", &format!(r#"{{"debt": {section}}}"#)).unwrap();
        let debt = &booking.sections[Role::Debt as usize];
        let came = matches!(debt.rows, Rows::Present(_)).then(|| debt.records().len());
        assert_eq!(came, expected, "{section}");
        let lines: Vec<_> = booking.others.iter().flat_map(Other::lines).collect();
        assert_eq!(lines.join("|"), values, "{section}");
    }
    let body = r#"{"debt": [], "debtors": [{"id": 1}], "invoicing": {"taxLines": [{"rate": 21}]}}"#;
    let booking = Conciliation::read("BK1", body).unwrap();
    let others: Vec<_> = booking.others.iter().map(Other::in_short).collect();
    assert_eq!(others, ["Debtors: 1 row", "Invoicing tax lines: 1 row"]);
}

#[test]
fn a_row_says_in_which_group_it_stood_unless_one_of_its_fields_says_it() {
    let body = r#"{"penalties": {"pending": [{"id": "a", "status": "pending"}, {"id": "b"}, {}]},
                   "debt": {"2025-11": [{"id": "c", "due_date": "2025-11-30"}, {"id": "d"}]}}"#;
    let booking = Conciliation::read("BK1", body).unwrap();
    let group = |row: &Record| match &row.unknown().collect::<Vec<_>>()[..] {
        [(name, json)] => format!("{} {}", name.shown(), json.shown()),
        _ => String::new(),
    };
    let groups = |role| booking.rows(role).iter().map(group).collect::<Vec<_>>();
    assert_eq!(groups(Role::Penalties), [""; 3]);
    assert_eq!(groups(Role::Debt), ["", r#"(group) "2025-11""#]);
}

#[test]
fn only_the_words_of_a_group_or_a_day_in_it_say_it() {
    let table = [
        (r#""pend""#, r#""pending""#, false),
        (r#""by phone""#, r#""by phone call""#, false),
        (r#""by phone""#, r#""By-Phone""#, true),
        (r#""2025-1""#, r#""2025-11-30""#, false),
        (r#""2025-11""#, r#""2025-11-30T10:00:00Z""#, true),
        (r#""2025""#, r#""2025-0001""#, false),
        (r#""€""#, r#""""#, false),
        (r#""€""#, "7", false),
        (r#""€""#, r#""€""#, true),
    ];
    for (group, value, is_said) in table {
        let body = format!(r#"{{"debt": {{{group}: [{{"id": "a", "x": {value}}}]}}}}"#);
        let booking = Conciliation::read("BK1", &body).unwrap();
        let [row] = booking.rows(Role::Debt) else { panic!("{body}") };
        let is_shown = row
            .unknown()
            .any(|(name, json)| name.expose_raw() == "(group)" && json.expose_raw() == group);
        assert_eq!(is_shown, !is_said, "{body}");
    }
}

#[test]
fn a_group_that_is_a_documented_status_is_the_status_of_its_rows_without_one() {
    let table = [
        (r#"{"waived": [{"id": 1}]}"#, "waived", ""),
        (r#"{"WAIVED": [{"id": 1, "status": null}]}"#, "waived", ""),
        (r#"{"Waived": [{"id": 1, "status": " ", "x": "waived"}]}"#, "waived", ""),
        (r#"{"waived": {"2025": [{"id": 1}]}}"#, "waived", "waived.2025"),
        (r#"{"waived": [{"id": 1, "status": "paid"}]}"#, "paid", "waived"),
        (r#"{"waived": [{"id": 1, "state": "paid"}, {"id": 2}]}"#, "paid|waived", "waived"),
        (r#"{"waived": [{"id": 1, "state": "ES"}, {"id": 2}]}"#, "waived|waived", ""),
        (r#"{"waived": [{"id": 1, "status": "new"}]}"#, "new", "waived"),
        (r#"{"waived": [{"s": {"status": "paid"}}, {"s": {"x": 2}}]}"#, "paid|waived", "waived"),
        (r#"{"refused": [{"id": 1}]}"#, "", "refused"),
        (r#"{"overdue": [{"id": 1}]}"#, "", "overdue"),
        (r#"{"waived": [7]}"#, "", ""),
    ];
    for (section, statuses, groups) in table {
        let booking = Conciliation::read("BK1", &format!(r#"{{"penalties": {section}}}"#)).unwrap();
        let rows = booking.rows(Role::Penalties);
        let texts = |name: &str| {
            let texts = rows.iter().filter_map(|row| row.text(name));
            texts.map(|text| text.shown().into_owned()).collect::<Vec<_>>().join("|")
        };
        assert_eq!((&*texts("status"), &*texts("_group_")), (statuses, groups), "{section}");
    }
    let debt = r#"{"debt": {"written-off": [{"amount": 5}]}}"#;
    let booking = Conciliation::read("BK1", debt).unwrap();
    assert_eq!(booking.rows(Role::Debt)[0].status(), Some("written_off"));
}

#[test]
fn what_is_null_among_single_values_is_one_of_them() {
    let body = r#"{"booking": {"tenant": "A", "credit": null}, "penalties": []}"#;
    let booking = Conciliation::read("BK1", body).unwrap();
    assert!(matches!(booking.section(Role::CreditNotes).rows, Rows::Missing));
    let values: Vec<_> = booking.others.iter().flat_map(Other::lines).collect();
    assert_eq!(values, ["booking.tenant: A", "booking.credit: null"]);
}

#[test]
fn the_status_that_the_settings_name_is_not_overwritten_by_a_group() {
    let choice = ("status", vec!["state".to_owned()]);
    let shapes = Shapes::new([("penalties", vec![choice])].into());
    let body = r#"{"penalties": {"waived": [{"id": 1, "state": "ES", "status": "paid"},
                                            {"id": 2, "state": null, "status": "paid"}]}}"#;
    let booking = Conciliation::read_shaped("BK1", body, &shapes).unwrap();
    let rows = booking.rows(Role::Penalties);
    assert_eq!([0, 1].map(|at| rows[at].status().unwrap()), ["ES", "waived"]);
    let own = |row: &Record| {
        let row: serde_json::Value = serde_json::from_str(&row.to_json()).unwrap();
        row["status"].clone()
    };
    assert_eq!([0, 1].map(|at| own(&rows[at])), ["paid", "paid"]);
}

#[test]
fn a_documented_name_wins_and_the_other_is_a_section_of_its_own() {
    let body = r#"{"fines": [{"id": 1}], "penalties": [{"id": 2}], "payments": {
                   "transactions": [{"amount": 1}], "scheduled": [{"amount": 2}]}}"#;
    let booking = Conciliation::read("BK1", body).unwrap();
    assert_eq!(booking.rows(Role::Penalties).len(), 1);
    assert_eq!(booking.rows(Role::Transactions).len(), 1);
    let others: Vec<_> = booking.others.iter().map(Other::in_short).collect();
    assert_eq!(others, ["Fines: 1 row", "Payments scheduled: 1 row"]);
}

proptest! {
    #[test]
    fn any_body_gives_a_value_or_none(body in any::<String>(), name in "[a-z_]{1,12}") {
        let _ = Conciliation::read("BK1", &body);
        let bent = format!(r#"{{"{name}": [{{"{name}": {{}}}}], "totals": {{"{name}": []}}}}"#);
        prop_assert!(Conciliation::read("BK1", &bent).is_some());
    }
}
