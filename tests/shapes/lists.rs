//! Rows have the same fields by role, and filters find the same rows.

use valora::domain::text::Untrusted;
use valora::figures::Figures;
use valora::filter::ListQuery;
use valora::filter::query::LARGEST_PAGE;
use valora::list::record::{Record, Value};
use valora::list::{ALL, Field, Kind};
use valora::net::request::Request;
use valora::net::response::Response;
use valora::sandbox::{Sandbox, Shape};

use crate::common::shapes::in_shape;
use crate::common::{client, filtered, today};
use crate::unusual;

/// Filters of each list that find a part of its rows.
const FILTERS: [(&str, &[(&str, &str)]); 8] = [
    ("transactions", &[("currency", "EUR"), ("amount", "100..500")]),
    ("scheduled", &[("status", "upcoming"), ("due", "2026-05-10..")]),
    ("scheduled", &[("search", "an")]),
    ("invoices", &[("doc_type", "Credit Note"), ("amount", "20..")]),
    ("invoices", &[("search", "INV-2026")]),
    ("penalties", &[("status", "notify")]),
    ("debt", &[("status", "overdue"), ("due", "..2026-11-01")]),
    ("debt", &[("debt_type", "other")]),
];

fn queries() -> Vec<ListQuery> {
    let whole = ALL.iter().map(|spec| ListQuery::new(spec));
    let spec = |key: &str| ALL.iter().find(|spec| spec.key == key).unwrap();
    let filters = FILTERS.iter().map(|(key, typed)| filtered(spec(key), typed));
    whole.chain(filters).map(|query| query.page(1, LARGEST_PAGE)).collect()
}

/// What each query finds in a sandbox of this shape, asked one after the other.
async fn found(shape: Shape) -> Vec<Vec<Record>> {
    let sandbox = Sandbox::start(in_shape(shape)).await.unwrap();
    let client = client(&sandbox);
    let mut all = Vec::new();
    for query in queries() {
        let answer = client.send(&Request::List(query)).await.unwrap();
        let Response::Page(page) = answer else { panic!("{answer:?}") };
        all.push(page.rows);
    }
    all
}

fn names(rows: &[Record]) -> Vec<&'static str> {
    let fields = rows.iter().flat_map(|row| row.spec().fields);
    let comes = |it: &&Field| !it.is_absent() && !it.is_unknown();
    let mut names: Vec<_> = fields.filter(comes).map(|it| it.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What a value says: an amount that comes as a text of digits is that amount, a day that comes with
/// a time is that day, and a word is the same in capitals.
fn meaning(row: &Record, field: &Field) -> Value {
    let value = row.value(field.name);
    match field.kind {
        Kind::Minor | Kind::MinorEur => value.minor().map(Value::Minor),
        Kind::Date => value.date().map(Value::Date),
        Kind::Word(_) | Kind::Currency => row
            .text(field.name)
            .map(|text| Value::Text(Untrusted::new(text.expose_raw().to_lowercase()))),
        _ => None,
    }
    .unwrap_or_else(|| value.clone())
}

#[tokio::test]
async fn each_query_finds_the_same_rows_with_the_same_values_by_documented_names() {
    let usual = found(Shape::default()).await;
    for (query, rows) in queries().iter().zip(&usual) {
        assert!(!rows.is_empty(), "{} {:?}", query.spec.key, query.pairs());
    }
    for shape in unusual() {
        for ((query, usual), rows) in queries().iter().zip(&usual).zip(&found(shape).await) {
            let what = format!("{shape} {} {:?}", query.spec.key, query.pairs());
            assert_eq!(rows.len(), usual.len(), "{what}");
            assert_eq!(names(rows), names(usual), "{what}");
            for (row, usual) in rows.iter().zip(usual) {
                for field in usual.spec().fields {
                    assert_eq!(meaning(row, field), meaning(usual, field), "{what} {}", field.name);
                }
                assert_eq!(row.booking(), usual.booking(), "{what}");
                assert_eq!(row.days_overdue(today()), usual.days_overdue(today()), "{what}");
                let is_expected = row.extras().is_empty() || !shape.only_renames();
                assert!(is_expected, "{what} {:?}", row.extras());
            }
            assert_eq!(Figures::of(rows, today()), Figures::of(usual, today()), "{what}");
        }
    }
}

/// The keys of the fields of a list in each shape, by the names in the usual one.
fn keys_by_name(path: &str, shape: Shape) -> Vec<(&'static str, &'static str)> {
    let lines = include_str!("../../assets/sandbox/shapes.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let cells = |line: &'static str| line.split('|').map(str::trim).collect::<Vec<_>>();
    let column = cells(lines.clone().next().unwrap());
    let column = column.iter().position(|name| *name == shape.name()).unwrap();
    let own = lines.map(cells).filter(|cells| cells[0] == path && cells[1] != "-");
    own.map(|cells| (cells[1], cells[column].split(' ').next().unwrap())).collect()
}

#[tokio::test]
async fn each_field_is_the_one_that_its_shape_has_for_it() {
    let mut wrong = Vec::new();
    for shape in unusual() {
        // The first queries are for whole lists.
        for rows in found(shape).await.iter().take(ALL.len()) {
            let spec = rows[0].spec();
            for (name, keys) in keys_by_name(spec.path, shape) {
                let named = |field: &&Field| field.name == name || field.aliases.contains(&name);
                let field = spec.fields.iter().find(named).unwrap();
                let own = field.keys().map_or_else(|| field.name.to_owned(), |keys| keys.join("."));
                if field.is_absent() || own != keys {
                    wrong.push(format!("{shape} {}.{name}: {own}, not {keys}", spec.key));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
