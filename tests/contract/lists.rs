//! The rows of each list: how they are read, paged and ordered, and what an empty list is.

use valora::filter::ListQuery;
use valora::filter::query::LARGEST_PAGE;
use valora::filter::query::PAGE;
use valora::list::ALL;
use valora::list::Spec;
use valora::list::filter::FilterKind;
use valora::list::record::Record;
use valora::list::record::Value;
use valora::net::request::Request;
use valora::net::transport::Transport;
use valora::sandbox::{Options, Shape};

use crate::common;
use crate::server::{Server, other_client, texts};

/// Enough for several pages of 500 and many of 100.
const MANY: usize = 1_200;

#[tokio::test]
async fn every_field_of_every_row_is_known_and_of_its_type() {
    for shape in common::shapes::renaming_shapes() {
        let server = Server::in_shape(shape).await;
        for spec in common::shapes::lists_of(shape) {
            let first = server.page(&ListQuery::new(spec)).await;
            assert!(!first.rows.is_empty() && first.per_page == PAGE, "{}", spec.path);
            for row in server.rows(&ListQuery::new(spec), LARGEST_PAGE).await {
                assert!(row.extras().is_empty(), "{}: {:?}", spec.path, row.extras());
                for field in spec.fields {
                    let value = row.value(field.name);
                    assert!(
                        !matches!(value, Value::Odd(_)),
                        "{}.{}: {value:?}",
                        spec.path,
                        field.name
                    );
                }
                assert!(row.booking().is_some(), "{}: {}", spec.path, row.to_json());
            }
        }
    }
}

#[tokio::test]
async fn no_field_of_a_list_is_always_missing() {
    for shape in common::shapes::renaming_shapes() {
        let server = Server::in_shape(shape).await;
        // [I] fields that the sandbox has no use for.
        let unused = ["remaining_amount", "paid_amount"];
        for spec in common::shapes::lists_of(shape) {
            let rows = server.rows(&ListQuery::new(spec), LARGEST_PAGE).await;
            for field in spec.fields.iter().filter(|field| field.column.is_some()) {
                let comes = rows.iter().any(|row| *row.value(field.name) != Value::Missing);
                assert!(comes || unused.contains(&field.name), "{}.{}", spec.path, field.name);
            }
        }
    }
}

#[tokio::test]
async fn the_pages_of_a_list_are_the_list_whatever_their_size() {
    for shape in common::shapes::few_shapes() {
        let rows = Some(if shape == Shape::default() { MANY } else { MANY / 4 });
        let server = Server::with(Options { rows, ..common::shapes::in_shape(shape) }).await;
        for spec in common::shapes::lists_of(shape) {
            let query = ListQuery::new(spec);
            let by_default = texts(&server.rows(&query, PAGE).await);
            let by_largest = texts(&server.rows(&query, LARGEST_PAGE).await);
            let by_odd = texts(&server.rows(&query, 97).await);
            assert!(by_default == by_largest && by_largest == by_odd, "{}", spec.path);
            if !spec.identity.is_empty() {
                let rows = server.rows(&query, PAGE).await;
                let mut ids: Vec<u64> = rows.iter().map(Record::identity).collect();
                ids.sort_unstable();
                ids.dedup();
                assert_eq!(ids.len(), rows.len(), "{}: a row came twice", spec.path);
            }
        }
        let known = server.sandbox.known();
        let sizes = [
            ("transactions", known.transactions),
            ("scheduled", known.scheduled),
            ("invoices", known.invoices),
            ("penalties", known.penalties),
            ("debt", known.debts),
        ];
        for (key, size) in sizes {
            let total = server.page(&ListQuery::new(Spec::named(key).unwrap())).await.total;
            assert_eq!(total, Some(size as u64), "{key}");
        }
    }
}

#[tokio::test]
async fn the_documented_orders_are_kept_across_pages() {
    let server = Server::with(Options { rows: Some(MANY), ..common::options() }).await;
    for (key, field) in [("transactions", "issued_on"), ("penalties", "due_date")] {
        let spec = Spec::named(key).unwrap();
        let rows = server.rows(&ListQuery::new(spec), PAGE).await;
        let days: Vec<_> = rows
            .iter()
            .filter_map(|row| match row.value(field) {
                Value::Date(day) => Some(*day),
                _ => None,
            })
            .collect();
        assert!(days.len() > 1 && days.is_sorted_by(|a, b| a >= b), "{key}");
    }
}

#[tokio::test]
async fn an_empty_list_is_an_empty_page_by_404_or_200_with_and_without_pagination() {
    let server = Server::start().await;
    let transport = Transport::new(common::target(&server.sandbox), "application/json").unwrap();
    let mut forms = [0, 0];
    for spec in ALL {
        let texts = [FilterKind::Search, FilterKind::Exact];
        let filter = spec.filters.iter().find(|filter| texts.contains(&filter.kind)).unwrap();
        let query = common::filtered(spec, &[(filter.param, "there is no such text")]);
        let reply = transport.send(&Request::List(query.clone())).await.unwrap();
        assert_eq!(reply.status, 404, "{}", spec.path);
        let body = String::from_utf8(reply.body.to_vec()).unwrap();
        forms[usize::from(body.contains("pagination"))] += 1;
        let page = server.page(&query).await;
        assert!(page.rows.is_empty(), "{}", spec.path);
        assert_eq!((page.total, page.current, page.last), (Some(0), 1, Some(1)), "{}", spec.path);
    }
    assert!(forms[0] > 0 && forms[1] > 0, "both documented forms were read: {forms:?}");
    server.sandbox.set_faults(vec!["no-rows:*".parse().unwrap()]);
    for spec in ALL {
        let query = ListQuery::new(spec);
        assert_eq!(transport.send(&Request::List(query.clone())).await.unwrap().status, 200);
        let page = server.page(&query).await;
        assert!(page.rows.is_empty(), "{}", spec.path);
        assert_eq!((page.total, page.current, page.last), (Some(0), 1, Some(1)), "{}", spec.path);
    }
}

#[tokio::test]
async fn a_page_beyond_the_last_is_empty_and_leads_nowhere() {
    let server = Server::start().await;
    for spec in ALL {
        let page = server.page(&ListQuery::new(spec).page(1_000, PAGE)).await;
        assert!(page.rows.is_empty(), "{}", spec.path);
        assert!(page.last.is_some_and(|last| last <= page.current), "{}: {page:?}", spec.path);
    }
}

#[tokio::test]
async fn the_other_documented_base_serves_the_same_rows() {
    let mut server = Server::start().await;
    let before = texts(&server.page(&ListQuery::new(ALL[0])).await.rows);
    let base = server.sandbox.base_url().replace("/api/v1/c", "/api/sandbox/v1/c");
    server.client = other_client(&base, server.sandbox.token());
    assert_eq!(texts(&server.page(&ListQuery::new(ALL[0])).await.rows), before);
}
