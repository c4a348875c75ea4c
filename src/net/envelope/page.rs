//! A page of a list: the rows one by one, and a `pagination` that is believed only where it can be.

use serde_json::value::RawValue;

use crate::domain::decode::{DecodeError, type_of};
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::record::{Record, object_pairs};
use crate::net::envelope::{Pairs, find, lenient, object_of};
use crate::net::request::Request;
use crate::net::response::Page;

/// Rows of one answer that are taken: far more than the contract allows, and few enough that no
/// answer of 8 MiB costs seconds.
const MOST_ROWS: usize = 20_000;
/// The last page that is believed, so that no sum of page numbers overflows.
const LAST_BELIEVED: u32 = 1_000_000;

/// Reads the body of a 200 (contract, "List envelope").
pub(super) fn read(query: &ListQuery, pairs: &Pairs<'_>) -> Result<Page, DecodeError> {
    let data = find(pairs, "data").ok_or(DecodeError::Missing("data"))?;
    let rows = serde_json::from_str::<Vec<&RawValue>>(data.get())
        .map_err(|_other| DecodeError::WrongType("data", "a list", type_of(data.get())))?;
    if rows.len() > MOST_ROWS {
        return Err(DecodeError::TooManyRows { rows: rows.len(), most: LARGEST_PAGE });
    }
    // A bad row does not cost the page; where no row is one, what came is no page, and must not take
    // the place of the rows on the screen.
    if let Some(first) = rows.first()
        && !rows.iter().any(|row| row.get().starts_with('{'))
    {
        return Err(DecodeError::WrongType("data[0]", "an object", type_of(first.get())));
    }
    let rows = rows.iter().map(|row| Record::read(query.spec, row.get())).collect();
    assemble(query, rows, find(pairs, "pagination"))
}

/// Reads the body of a 404 that is the documented empty answer, with or without `pagination`
/// (contract, "List envelope"); `None` for any other 404.
pub(super) fn read_empty(request: &Request, text: &str) -> Option<Page> {
    let Request::List(query) = request else { return None };
    let pairs = object_of(text).ok()?;
    let page = read(query, &pairs).ok()?;
    if !page.rows.is_empty() {
        return None;
    }
    // Without a count, an empty first page says that there is nothing at all; a later one does not.
    let total = page.total.or_else(|| (page.current == 1).then_some(0));
    Some(Page { total, ..page })
}

/// Rows of another page than the one that was asked for are refused: filed under the number that was
/// asked for they would be counted twice, and by the server's number one could go in circles.
fn assemble(
    query: &ListQuery,
    rows: Vec<Record>,
    pagination: Option<&RawValue>,
) -> Result<Page, DecodeError> {
    let pagination = pagination.and_then(|raw| object_pairs(raw.get())).unwrap_or_default();
    let number = |name: &str| find(&pagination, name).and_then(lenient::whole);
    let number_u32 = |name: &str| find(&pagination, name).and_then(lenient::whole_u32);
    let total = number("total");
    let per_page = number_u32("per_page")
        .filter(|rows| (1..=LARGEST_PAGE).contains(rows))
        .unwrap_or(query.per_page);
    let current = query.page.max(1);
    let other = number_u32("current_page").filter(|page| *page != current && !rows.is_empty());
    if let Some(other) = other {
        return Err(DecodeError::OtherPage { asked: current, came: other });
    }
    let said = number_u32("last_page").map(|last| last.clamp(1, LAST_BELIEVED));
    let counted = total
        .filter(|total| *total >= seen(current, per_page, rows.len()))
        .map(|total| u32::try_from(total.div_ceil(per_page.into())).unwrap_or(u32::MAX).max(1));
    let last = match (said, counted) {
        (Some(said), Some(counted)) => Some(said.min(counted)),
        (said, counted) => said.or(counted.map(|last| last.min(LAST_BELIEVED))),
    };
    // Behind a page without rows there is nothing more.
    let last = if rows.is_empty() { Some(last.unwrap_or(current).min(current)) } else { last };
    Ok(Page { rows, total, current, last, per_page })
}

/// Rows up to the end of this page: a smaller total cannot be true.
fn seen(current: u32, per_page: u32, rows: usize) -> u64 {
    let before = u64::from(current - 1) * u64::from(per_page);
    before + u64::try_from(rows).unwrap_or(u64::MAX / 2)
}
