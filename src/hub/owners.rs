//! The owners of bookings for a command: found with few requests, in limited time, and optional: a failure
//! is ignored.

use std::collections::HashSet;
use std::time::Duration;

use crate::domain::failure::Kind;
use crate::domain::names::folded;
use crate::domain::text::Untrusted;
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::{Spec, invoices, scheduled, transactions};
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::{NetEvent, Response};
use crate::net::router::Router;
use crate::owners::Owners;

/// The lists whose first 500 rows are loaded if there are more bookings than lists.
static NAMING: [&Spec; 3] = [&transactions::SPEC, &invoices::SPEC, &scheduled::SPEC];
/// Bookings that are requested one by one: together with the lists, fewer requests than the budget sends
/// at once.
const BOOKINGS: usize = 12;
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Finds owners of these bookings, the first ones first, as far as a few requests can.
pub(super) async fn find(mut network: Router, bookings: &[&Untrusted]) -> Owners {
    let mut owners = Owners::default();
    // After a timeout, the owners found so far are used.
    let _ = tokio::time::timeout(LONGEST_WAIT, look_up(&mut network, bookings, &mut owners)).await;
    owners
}

async fn look_up(network: &mut Router, bookings: &[&Untrusted], owners: &mut Owners) {
    let mut seen = HashSet::new();
    let distinct = bookings.iter().filter(|booking| seen.insert(folded(booking)));
    let distinct: Vec<&Untrusted> = distinct.copied().collect();
    if distinct.len() > NAMING.len() {
        let first = |spec: &'static Spec| ListQuery::new(spec).page(1, LARGEST_PAGE);
        let lists = NAMING.map(|spec| Request::List(first(spec)));
        if !ask(network, lists.into(), owners).await {
            return;
        }
    }
    let missing = distinct.into_iter().filter(|booking| owners.names().get(booking).is_none());
    let missing = missing.take(BOOKINGS);
    let requests = missing.map(|booking| Request::Booking(booking.expose_raw().to_owned()));
    let requests = requests.collect();
    ask(network, requests, owners).await;
}

/// Returns `false` if the server refuses or delays requests: then no more are sent.
async fn ask(network: &mut Router, requests: Vec<Request>, owners: &mut Owners) -> bool {
    let mut open = HashSet::new();
    // Numbers that no page of a list uses.
    for (number, request) in (1_u64 << 32..).zip(requests) {
        let ticket = Ticket(number);
        open.insert(ticket);
        if network.send(NetCommand::Send(ticket, Priority::Background, request)).is_err() {
            return false;
        }
    }
    while !open.is_empty() {
        match network.next().await {
            Some(NetEvent::Response(ticket, answer)) if open.remove(&ticket) => match answer {
                Ok(Response::Page(page)) => _ = owners.learn(&page.rows),
                Ok(Response::Booking(booking)) => _ = owners.learn_booking(&booking),
                // A customer's own reference, not a booking.
                Err(failure) if failure.kind == Kind::Missing => {}
                _ => return false,
            },
            Some(NetEvent::State(state)) if state.limited_for.or(state.offline_for).is_some() => {
                return false;
            }
            Some(NetEvent::Response(..) | NetEvent::State(_)) => {}
            Some(NetEvent::Unusable(_)) | None => return false,
        }
    }
    true
}
