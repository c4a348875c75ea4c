//! HAL lists: `count`, `total`, `_links`, and the rows below `_embedded`.

use serde_json::value::RawValue;

use crate::domain::decode::{DecodeError, type_of};
use crate::list::record::object_pairs;

/// The maximum rows of an answer: far more than any page, and few enough to be quick.
const MOST_ROWS: usize = 20_000;
const LAST_BELIEVED: u32 = 1_000_000;

#[derive(Debug, Default)]
pub struct Hal<'a> {
    pub rows: Vec<&'a RawValue>,
    pub total: Option<u64>,
    next: Option<u32>,
    last: Option<u32>,
}

/// A plain array is a page too; the collection may be an object of rows, or one row.
pub fn read<'a>(text: &'a str, collection: &'static str) -> Result<Hal<'a>, DecodeError> {
    if let Ok(rows) = serde_json::from_str::<Vec<&'a RawValue>>(text) {
        return checked(Hal { rows, ..Hal::default() });
    }
    let pairs = object_pairs(text).ok_or_else(|| DecodeError::root(text, "an object or a list"))?;
    let embedded = field(&pairs, "_embedded").ok_or(DecodeError::Missing("_embedded"))?;
    let inner = object_pairs(embedded.get())
        .ok_or_else(|| DecodeError::WrongType("_embedded", "an object", type_of(embedded.get())))?;
    let rows = field(&inner, collection).ok_or(DecodeError::Missing(collection))?;
    let links = field(&pairs, "_links").and_then(|raw| object_pairs(raw.get())).unwrap_or_default();
    checked(Hal {
        rows: rows_of(rows, collection)?,
        total: field(&pairs, "total").and_then(|it| it.get().trim_matches('"').trim().parse().ok()),
        next: field(&links, "next").and_then(page_of),
        last: field(&links, "last").and_then(page_of),
    })
}

fn field<'a>(pairs: &[(String, &'a RawValue)], name: &str) -> Option<&'a RawValue> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw)
}

fn checked(hal: Hal<'_>) -> Result<Hal<'_>, DecodeError> {
    if hal.rows.len() > MOST_ROWS {
        return Err(DecodeError::WrongType("_embedded", "a page of rows", "far too many rows"));
    }
    Ok(hal)
}

fn rows_of<'a>(raw: &'a RawValue, name: &'static str) -> Result<Vec<&'a RawValue>, DecodeError> {
    if raw.get() == "null" {
        return Ok(Vec::new());
    }
    if let Ok(rows) = serde_json::from_str(raw.get()) {
        return Ok(rows);
    }
    let Some(pairs) = object_pairs(raw.get()) else {
        return Err(DecodeError::WrongType(name, "a list", type_of(raw.get())));
    };
    // `{"0": {…}, "1": {…}}` is a list written as an object; `{"label": …}` is one row.
    let are_rows = pairs.iter().all(|(_, value)| value.get().starts_with('{'));
    Ok(if are_rows { pairs.into_iter().map(|(_, value)| value).collect() } else { vec![raw] })
}

/// The page number in a link, which is never followed; a template (`page={pageNumber}`) has none.
fn page_of(link: &RawValue) -> Option<u32> {
    let href = field(&object_pairs(link.get())?, "href")?;
    let href: String = serde_json::from_str(href.get()).ok()?;
    let (_, query) = href.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("page="))?;
    value.parse().ok().filter(|page| (1..=LAST_BELIEVED).contains(page))
}

impl Hal<'_> {
    /// A server may send fewer rows than `asked` on every page: links, an empty page or the total mark
    /// the end.
    pub fn last_page(&self, current: u32, asked: u32) -> Option<u32> {
        let current = current.max(1);
        let rows = u64::try_from(self.rows.len()).unwrap_or(u64::MAX / 2);
        if rows == 0 {
            return Some(current);
        }
        if let Some(next) = self.next {
            return Some(self.last.unwrap_or(next).max(current.saturating_add(1)));
        }
        if self.last.is_some() {
            return Some(current);
        }
        let total = self.total?;
        let counted = |size: u64| {
            u32::try_from(total.div_ceil(size.max(1))).unwrap_or(LAST_BELIEVED).min(LAST_BELIEVED)
        };
        let by_size = counted(asked.into());
        let is_full = rows >= u64::from(asked);
        let is_rest = u64::from(current - 1) * u64::from(asked) + rows == total;
        let last = if is_full || is_rest { by_size } else { counted(rows) };
        Some(last.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hal(links: &str, rows: usize, total: u64) -> String {
        let rows = vec!["{}"; rows].join(",");
        format!(r#"{{"count":1,"total":{total}{links},"_embedded":{{"x":[{rows}]}}}}"#)
    }

    fn last(links: &str, rows: usize, total: u64, current: u32, asked: u32) -> Option<u32> {
        read(&hal(links, rows, total), "x").unwrap().last_page(current, asked)
    }

    #[test]
    fn links_say_where_a_list_ends_and_a_total_does_where_they_are_templates() {
        let next = r#","_links":{"next":{"href":"/x?itemsPerPage=50&page=2"},"last":{"href":"/x?page=3"}}"#;
        assert_eq!(last(next, 50, 120, 1, 50), Some(3));
        let end = r#","_links":{"self":{"href":"/x?page=3"},"last":{"href":"/x?page=3"}}"#;
        assert_eq!(last(end, 20, 120, 3, 50), Some(3));
        let template =
            r#","_links":{"next":{"href":"https://issues.spotahome.com/{r}?page={pageNumber}"}}"#;
        assert_eq!(last(template, 50, 120, 1, 50), Some(3));
        assert_eq!(last(template, 20, 120, 3, 50), Some(3));
        assert_eq!(last("", 0, 120, 4, 50), Some(4));
        let unknown = read(r#"{"_embedded":{"x":[{}]}}"#, "x").unwrap();
        assert_eq!(unknown.last_page(1, 50), None);
    }

    #[test]
    fn a_server_that_gives_fewer_rows_than_asked_for_is_read_to_its_end() {
        // 120 rows, always 50 a page.
        assert_eq!(last("", 50, 120, 1, 100), Some(3));
        assert_eq!(last("", 50, 120, 2, 100), Some(3));
        assert!(last("", 20, 120, 3, 100) >= Some(3));
    }

    #[test]
    fn a_collection_comes_as_a_list_an_object_of_rows_one_row_or_null() {
        let rows =
            |x: &str| read(&format!(r#"{{"_embedded":{{"x":{x}}}}}"#), "x").map(|h| h.rows.len());
        assert_eq!(rows("[{},{}]"), Ok(2));
        assert_eq!(rows(r#"{"0":{},"1":{}}"#), Ok(2));
        assert_eq!(rows(r#"{"label":"EUR","symbol":"€"}"#), Ok(1));
        assert_eq!(rows("null"), Ok(0));
        assert_eq!(read("[{},{},{}]", "x").unwrap().rows.len(), 3);
        assert_eq!(rows("7"), Err(DecodeError::WrongType("x", "a list", "a number")));
        assert_eq!(read("{}", "x").unwrap_err(), DecodeError::Missing("_embedded"));
        assert_eq!(read(r#"{"_embedded":{}}"#, "x").unwrap_err(), DecodeError::Missing("x"));
        assert!(matches!(read(r#"{"a":1 "b":2}"#, "x"), Err(DecodeError::NotJson(1, _, _))));
        assert_eq!(read(" ", "x").unwrap_err(), DecodeError::Empty);
        assert_eq!(read("<html>", "x").unwrap_err(), DecodeError::Html);
    }
}
