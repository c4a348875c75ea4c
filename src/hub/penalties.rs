//! The penalties of one customer for the queue of all customers: its rows with the user's decisions, and
//! the bookings that they name.

use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::jobs::Desk;
use super::load::{Stop, internal, lists, without_decisions};
use crate::conciliation::Conciliation;
use crate::customers::state::Trouble;
use crate::customers::summary::Extent;
use crate::domain::customer::CustomerKey;
use crate::domain::failure::Failure;
use crate::domain::watched::watched;
use crate::list::penalties::SPEC;
use crate::list::record::Record;
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::{NetEvent, wrong_answer};
use crate::net::router::Router;
use crate::state::writer::decisions;
use crate::triage::memory::Memory;
use crate::triage::queue::entry;

/// What failed, in words.
pub(super) const BOOKING: &str = "The booking";

#[derive(Debug, Clone)]
pub struct Penalties {
    pub customer: CustomerKey,
    /// Those that are open or decided: the others are never in the queue.
    pub rows: Vec<Record>,
    /// Of all rows that were loaded.
    pub extent: Extent,
    pub memory: Memory,
    /// `false` if there is no folder for decisions.
    pub is_saved: bool,
}

/// Loads a customer's penalties and decisions. Writes no file.
pub(super) async fn penalties(
    mut router: Router,
    customer: CustomerKey,
    desk: &Arc<Desk>,
) -> Result<Penalties, Trouble> {
    let ([list], _) = lists(&mut router, [&SPEC], || desk.clock.now().elapsed).await?;
    // Ends the session, so that another one of this customer can start.
    drop(router);
    let list = list.map_err(Trouble::Failed)?;
    let _turn = desk.files.acquire().await.map_err(|_closed| internal())?;
    let store = desk.store.clone();
    let read = spawn_blocking(move || {
        watched(|| {
            let memory = match &store {
                Some(store) => decisions(store, &customer).map_err(|why| {
                    let what = "Penalties could not be loaded";
                    Trouble::Failed(without_decisions(what, &why))
                })?,
                None => Memory::default(),
            };
            let (mut rows, extent) = (list.rows, list.extent);
            rows.retain(|row| row.is_open() || entry(row, &memory).is_some());
            rows.shrink_to_fit();
            Ok(Penalties { customer, rows, extent, memory, is_saved: store.is_some() })
        })
    });
    read.await.map_err(|_broken| internal())?
}

/// Loads a booking, at the lowest priority.
pub(super) async fn booking(
    mut router: Router,
    reference: String,
) -> Result<Result<Box<Conciliation>, Failure>, Trouble> {
    let request = Request::Booking(reference);
    let command = NetCommand::Send(Ticket(0), Priority::Background, request);
    router.send(command).map_err(|_ended| internal())?;
    loop {
        match router.next().await.ok_or_else(internal)? {
            NetEvent::State(network) => {
                if let Some(stop) = Stop::of(network) {
                    return Ok(Err(stop.failure(BOOKING)));
                }
            }
            NetEvent::Response(_, answer) => {
                return Ok(answer.and_then(|it| it.try_as_booking().ok_or_else(wrong_answer)));
            }
            NetEvent::Unusable(error) => return Err(Trouble::Settings(error.to_string())),
        }
    }
}
