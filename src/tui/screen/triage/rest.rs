//! When the booking of the row under the cursor is asked for: after a short rest, once, and after all
//! that the user waits for.

use std::sync::Arc;

use crate::conciliation::report::{BookingReport, Sources};
use crate::domain::failure::Failure;
use crate::domain::text::Untrusted;
use crate::net::request::Request;
use crate::net::response::Response;
use crate::tui::effect::{Effect, Priority, Ticket};
use crate::tui::model::Model;
use crate::tui::screen::triage::evidence::{Known, REMEMBERED, REST};

/// Looks whether the cursor rests; asks for the booking once it has rested long enough.
pub fn rest(model: &mut Model) -> Vec<Effect> {
    let Some(reference) = wanted(model) else {
        model.triage.evidence.due = None;
        return Vec::new();
    };
    let raw = reference.expose_raw().to_owned();
    if let Some(seen) = seen(model, &reference) {
        remember(model, raw, Known::Came(seen));
        return Vec::new();
    }
    let (elapsed, ticket) = (model.now.elapsed, model.ticket());
    let evidence = &mut model.triage.evidence;
    let mut effects = Vec::new();
    if evidence.awaited.as_ref().is_some_and(|(_, awaited)| *awaited == raw) {
        return effects;
    }
    // What was asked for on the row before has not come: nobody looks at it any more.
    effects.extend(evidence.awaited.take().map(|(ticket, _)| Effect::Cancel(ticket)));
    match &evidence.due {
        Some((due, at)) if *due == raw && *at <= elapsed => {
            evidence.due = None;
            evidence.awaited = Some((ticket, raw.clone()));
            effects.push(Effect::Fetch(ticket, Priority::Background, Request::Booking(raw)));
        }
        Some((due, _)) if *due == raw => {}
        _ => evidence.due = Some((raw, elapsed + REST)),
    }
    effects
}

/// The booking that the pane wants and does not have.
fn wanted(model: &Model) -> Option<Untrusted> {
    if !model.is_triaging() || !model.detail.is_open {
        return None;
    }
    let reference = model.table()?.selected()?.booking()?;
    let is_known = model.triage.evidence.known.contains_key(reference.expose_raw());
    (!is_known).then(|| reference.clone())
}

/// A booking that was opened in this session needs no request.
fn seen(model: &Model, reference: &Untrusted) -> Option<Arc<BookingReport>> {
    let content = model.walk.kept(reference)?.content.as_ref()?;
    let is_fresh = content.fetched.elapsed >= model.triage.evidence.since;
    is_fresh.then(|| Arc::clone(&content.report))
}

fn remember(model: &mut Model, reference: String, known: Known) {
    let evidence = &mut model.triage.evidence;
    if evidence.known.len() >= REMEMBERED {
        evidence.known.clear();
    }
    evidence.due = None;
    evidence.known.insert(reference, known);
}

/// Takes the answer about the booking beside the queue; `None` if the ticket is not its.
pub fn accept(model: &mut Model, ticket: Ticket, answer: &Result<Response, Failure>) -> Option<()> {
    let awaited = model.triage.evidence.awaited.take_if(|(awaited, _)| *awaited == ticket)?;
    let known = match answer {
        Ok(Response::Booking(came)) => {
            let today = model.now.local.date();
            Known::Came(Arc::new(BookingReport::of(came, &Sources::default(), today)))
        }
        Ok(_) => Known::Failed(crate::tui::update::answers::wrong_answer().why),
        Err(failure) => Known::Failed(failure.why.clone()),
    };
    remember(model, awaited.1, known);
    Some(())
}
