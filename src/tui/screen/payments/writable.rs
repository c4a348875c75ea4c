//! What a write may change: the payment of a row or a report, the fees of a booking, a bank account; and
//! the mark of a row that a write has changed.

use crate::list::record::Record;
use crate::payments::fields::Fields;
use crate::payments::report::{Part, Report};
use crate::payments::request::PaymentsRequest;
use crate::payments::response::Response;
use crate::payments::subject::Subject;
use crate::payments::write::Write;
use crate::tui::writes::Writes;
use crate::writes::offer::Object;
use crate::writes::seen::{Text, is_cancelled, is_paid};

const FEE: &str = "fee-collection";

/// The payment of a row; `None` for a row of another list.
pub fn of_row(record: &Record) -> Option<Object> {
    let booking = record.text("sourceId").filter(|_| is_fee(record));
    let booking = booking.map(|id| id.expose_raw().to_owned());
    Some(match of_row_of_booking(record)? {
        Object::Payment { id, is_blocked, status, .. } => {
            Object::Payment { id, is_blocked, status, booking }
        }
        other => other,
    })
}

/// The same, where the fees of the booking are another object.
pub fn of_row_of_booking(record: &Record) -> Option<Object> {
    let id = record.text("id").filter(|_| record.spec().is_of_payments())?;
    let id = id.expose_raw().to_owned();
    Some(Object::Payment { id, is_blocked: None, status: status(record), booking: None })
}

/// The fees among the tenant payments of a booking.
pub fn of_fees(rows: &[Record]) -> Object {
    let fees: Vec<&Record> = rows.iter().filter(|row| is_fee(row)).collect();
    let ids = fees.iter().filter_map(|row| row.text("sourceId"));
    let mut ids: Vec<String> = ids.map(|id| id.expose_raw().to_owned()).collect();
    ids.sort();
    ids.dedup();
    let is_over = |status: Option<&Text>| is_cancelled(status) || is_paid(status);
    let are_fees_open = fees.iter().any(|row| !is_over(status(row).as_ref()));
    Object::Booking { ids, are_fees_open }
}

fn is_fee(record: &Record) -> bool {
    record.text("type").is_some_and(|kind| kind.expose_raw() == FEE)
}

fn status(record: &Record) -> Option<Text> {
    record.text("status").cloned().map(Text)
}

/// The payment or the bank account that a report shows.
pub fn of_report(report: &Report) -> Option<Object> {
    let objects = || report.parts.iter().filter_map(object);
    match &report.subject {
        Subject::Payment(id) => {
            let text = |name: &str| {
                let known = report.known.as_ref();
                let views = objects().map(|(_, fields)| fields).chain(known);
                views.into_iter().find_map(|fields| fields.text(name))
            };
            let kind = text("type").filter(|kind| kind.expose_raw() == FEE);
            let booking = kind.and(text("sourceId")).map(|id| id.expose_raw().to_owned());
            let status = text("status").map(Text);
            Some(Object::Payment { id: id.clone(), is_blocked: None, status, booking })
        }
        Subject::Bank(_) | Subject::BankOf(..) => {
            // An account of the Payments and Finance API has no properties.
            let is_account = |request: &PaymentsRequest| {
                matches!(
                    request,
                    PaymentsRequest::Account(_)
                        | PaymentsRequest::DefaultAccount(_)
                        | PaymentsRequest::AccountOfProperty(..)
                )
            };
            let account = objects().find(|(request, _)| is_account(request));
            let id = account.and_then(|(_, fields)| fields.text("id"))?;
            let properties = report.parts.iter().find_map(|part| match &part.response {
                Some(Ok(Response::Properties(ids))) => Some(ids.len()),
                _ => None,
            });
            let has_properties = properties.map(|count| count > 0);
            Some(Object::Account { id: id.expose_raw().to_owned(), has_properties })
        }
        _ => None,
    }
}

fn object(part: &Part) -> Option<(&PaymentsRequest, &Fields)> {
    let response = part.response.as_ref()?.as_ref().ok()?;
    response.object().map(|fields| (&part.request, fields))
}

/// Returns `true` for a read of a payment or of the properties of an account, not of holders.
pub fn is_changed_by_a_write(request: &PaymentsRequest) -> bool {
    use PaymentsRequest::{AccountProperties, Admin, Block, MyProperties, Public, Stream};
    matches!(
        request,
        Admin(_) | Public(_) | Block(_) | Stream(_) | AccountProperties(_) | MyProperties(_)
    )
}

/// The mark of a payment: its write is open, or it was written in this session.
pub fn mark_of(row: &Record, writes: &Writes) -> Option<&'static str> {
    if writes.unknown.values().any(|write| is_of(row, write)) {
        return Some("?");
    }
    let is_written = row.text("id").is_some_and(|id| writes.written.contains(id.expose_raw()));
    is_written.then_some("~")
}

/// Returns `true` for a payment that the write may have changed.
pub fn is_of(row: &Record, write: &Write) -> bool {
    let is = |name: &str| row.text(name).is_some_and(|id| id.expose_raw() == write.id());
    match write {
        Write::CancelFees { .. } => is("sourceId") && is_fee(row),
        Write::Block { .. } | Write::Unblock { .. } | Write::Cancel { .. } => is("id"),
        Write::Match { .. } | Write::Unmatch { .. } => false,
    }
}
