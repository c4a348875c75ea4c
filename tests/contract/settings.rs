//! What the settings say of the fields of a list counts more than what is recognized.

use valora::filter::ListQuery;
use valora::list::record::{Record, Value};
use valora::list::roles::Reason;
use valora::list::shape::Choices;
use valora::list::{Field, Key, debt};
use valora::net::client::Client;
use valora::sandbox::{Options, Shape};

use crate::common;
use crate::server::Server;

/// The rows of the debt in a shape of the sandbox, with the field that is chosen as its due date.
async fn debts(shape: &str, due: &[&str]) -> Vec<Record> {
    let options = Options { shape: shape.parse().unwrap(), ..common::options() };
    let mut server = Server::with(options).await;
    let mut target = common::target(&server.sandbox);
    if !due.is_empty() {
        let path = due.iter().map(|key| (*key).to_owned()).collect();
        target.choices = Choices::from([("debt", vec![("due_date", path)])]);
    }
    server.client = Client::new(target).unwrap();
    server.rows(&ListQuery::new(&debt::SPEC), 100).await
}

/// The value that came under these keys, in whichever field of the list it is.
fn at<'r>(row: &'r Record, path: &[&str]) -> &'r Value {
    let field = row.spec().fields.iter().find(|field| field.is_at(path));
    row.value(field.unwrap_or_else(|| panic!("no field is at {path:?}")).name)
}

#[tokio::test]
async fn a_chosen_field_is_taken_where_another_is_recognized() {
    for shape in Shape::all().filter(|shape| *shape != Shape::default()).map(Shape::name) {
        let usual = debts(shape, &[]).await;
        let keys = |role: &str| usual[0].spec().field(role).and_then(Field::keys).unwrap();
        let (due, recognized) = (keys("created_at"), keys("due_date"));
        let own = debts(shape, due).await;
        assert!(!own.is_empty() && own.len() == usual.len(), "{shape}");
        for (usual, own) in usual.iter().zip(&own) {
            let (created, due_date) = (at(usual, due).date(), at(usual, recognized).date());
            assert!(created.is_some() && created != due_date, "{shape}");
            assert_eq!(
                (own.date("due_date"), usual.date("due_date")),
                (created, due_date),
                "{shape}"
            );
            assert_eq!(at(own, recognized).date(), due_date, "{shape}: it is still there");
        }
        let spec = own[0].spec();
        let key = spec.field("due_date").unwrap().key;
        assert!(matches!(key, Key::Recognized(path, Reason::Setting) if path == due), "{key:?}");
    }
}

#[tokio::test]
async fn a_documented_name_that_is_chosen_is_the_documented_field() {
    let (usual, own) = (debts("usual", &[]).await, debts("usual", &["due_date"]).await);
    assert!(std::ptr::eq(usual[0].spec(), own[0].spec()));
    assert_eq!(usual[0].spec().field("due_date").unwrap().key, Key::Documented);
}

#[tokio::test]
async fn a_chosen_field_that_never_comes_is_an_empty_column() {
    for due in ["payable_on", "due_date"] {
        let rows = debts("words", &[due]).await;
        let spec = rows[0].spec();
        let field = spec.field("due_date").unwrap();
        assert!(field.misfit(&rows).is_some(), "{field:?}");
        assert!(spec.columns().any(|name| name == "due_date"));
        assert!(rows.iter().all(|row| at(row, &["payable_by"]).date().is_some()), "it is kept");
        assert!(rows.iter().all(|row| *row.value("due_date") == Value::Missing));
        let position = spec.position("due_date").unwrap();
        assert!(rows.iter().all(
            |row| row.cell(position).is_empty() && row.days_overdue(common::today()).is_none()
        ));
    }
}
