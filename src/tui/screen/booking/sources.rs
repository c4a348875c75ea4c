//! What is asked of the server for a booking, and what becomes of the answers.

use crate::conciliation::changes::Changes;
use crate::conciliation::report::{ExtraList, State, sections_missing_fields};
use crate::domain::failure::{Failure, Kind};
use crate::net::request::Request;
use crate::net::response::Response;
use crate::tui::effect::{Effect, Priority, Ticket};
use crate::tui::model::Model;
use crate::tui::screen::booking::state::Booking;
use crate::tui::screen::booking::tenant::Tenant;

/// Fetches the booking that is shown, and after it what the conciliation never holds.
pub fn load(model: &mut Model) -> Vec<Effect> {
    let (ticket, now) = (model.ticket(), model.now);
    let Some(booking) = model.bookings.last_mut() else { return Vec::new() };
    let mut effects: Vec<Effect> = booking.give_up().into_iter().map(Effect::Cancel).collect();
    booking.load = Some((ticket, now));
    booking.failure = None;
    let reference = booking.asked.expose_raw().to_owned();
    effects.push(Effect::Fetch(ticket, Priority::Visible, Request::Booking(reference)));
    let place = model.bookings.len() - 1;
    effects.extend(ask(model, place, &[ExtraList::Scheduled]));
    effects.extend(ask_tenant(model, place));
    effects
}

/// Fetches what is not known yet of the booking that is shown; one that was seen before is shown as
/// it was, with its age.
pub fn load_what_is_missing(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = model.bookings.last() else { return Vec::new() };
    let Some(content) = &booking.content else { return load(model) };
    let mut wanted = sections_missing_fields(content.raw());
    wanted.push(ExtraList::Scheduled);
    wanted.retain(|which| booking.sources.of(*which).state != State::Loaded);
    let place = model.bookings.len() - 1;
    let is_whole = booking.tenant.as_ref().is_some_and(|tenant| tenant.state == State::Loaded);
    let mut effects = ask(model, place, &wanted);
    if !is_whole {
        effects.extend(ask_tenant(model, place));
    }
    effects
}

/// Asks what the tenant of a booking paid, from the first page on, where that can be asked.
fn ask_tenant(model: &mut Model, place: usize) -> Vec<Effect> {
    if !model.hosts.payments {
        return Vec::new();
    }
    let ticket = model.ticket();
    let Some(booking) = model.bookings.get_mut(place) else { return Vec::new() };
    let tenant = booking.tenant.get_or_insert_with(Tenant::default);
    let older = tenant.give_up().map(Effect::Cancel);
    let query = tenant.begin(ticket, &booking.asked);
    let fetch = query.map(|query| Effect::Fetch(ticket, Priority::Next, Request::List(query)));
    older.into_iter().chain(fetch).collect()
}

/// Takes a page of what the tenant paid; asks for the next one.
fn accept_tenant(
    model: &mut Model,
    place: usize,
    answer: Result<Response, Failure>,
) -> Vec<Effect> {
    let ticket = model.ticket();
    let Some(booking) = model.bookings.get_mut(place) else { return Vec::new() };
    let Some(tenant) = &mut booking.tenant else { return Vec::new() };
    let answer = match answer {
        Ok(Response::Page(page)) => Ok(page),
        Ok(_) => Err(crate::tui::update::answers::wrong_answer().why),
        Err(failure) => Err(failure.why),
    };
    let query = tenant.accept(answer, ticket, &booking.asked);
    let fetch = query.map(|query| Effect::Fetch(ticket, Priority::Next, Request::List(query)));
    model.walk.keep(booking);
    fetch.into_iter().collect()
}

/// Shows what the tenant paid below the ledger, or hides it again.
pub fn toggle_tenant(model: &mut Model) -> Vec<Effect> {
    let Some(tenant) = model.bookings.last_mut().and_then(|booking| booking.tenant.as_mut()) else {
        model.is_dirty = false;
        return Vec::new();
    };
    tenant.is_in_ledger = !tenant.is_in_ledger;
    let words = if tenant.is_in_ledger { "stand below the ledger" } else { "are left out" };
    model.notice = Some(format!("Tenant payments {words}; no balance counts them."));
    Vec::new()
}

/// Asks lists about a booking; the verdict of the one that is shown waits for them.
fn ask(model: &mut Model, place: usize, wanted: &[ExtraList]) -> Vec<Effect> {
    let mut effects = Vec::new();
    let is_shown = place + 1 == model.bookings.len();
    let priority = if is_shown { Priority::Visible } else { Priority::Next };
    for which in wanted {
        let ticket = model.ticket();
        let Some(booking) = model.bookings.get_mut(place) else { continue };
        let Some(query) = which.query(booking.asked.expose_raw()) else { continue };
        if let Some(awaited) = booking.awaited.get_mut(*which as usize) {
            effects.extend(awaited.replace(ticket).map(Effect::Cancel));
        }
        booking.sources.of_mut(*which).state = State::Waiting;
        effects.push(Effect::Fetch(ticket, priority, Request::List(query)));
    }
    effects
}

/// Takes an answer about a booking; `None` if no booking waits for it.
pub fn accept(
    model: &mut Model,
    ticket: Ticket,
    answer: Result<Response, Failure>,
) -> Option<Vec<Effect>> {
    let is_load = |booking: &Booking| booking.load.is_some_and(|(awaited, _)| awaited == ticket);
    if let Some(place) = model.bookings.iter().position(is_load) {
        return Some(accept_conciliation(model, place, answer));
    }
    let is_tenant = |booking: &Booking| {
        booking.tenant.as_ref().is_some_and(|tenant| tenant.awaited == Some(ticket))
    };
    if let Some(place) = model.bookings.iter().position(is_tenant) {
        return Some(accept_tenant(model, place, answer));
    }
    let slot = |booking: &Booking| booking.awaited.iter().position(|it| *it == Some(ticket));
    let (place, slot) =
        model.bookings.iter().enumerate().find_map(|(at, it)| Some((at, slot(it)?)))?;
    let which = ExtraList::ALL.get(slot).copied()?;
    accept_source(model, place, which, answer);
    Some(Vec::new())
}

fn accept_conciliation(
    model: &mut Model,
    place: usize,
    answer: Result<Response, Failure>,
) -> Vec<Effect> {
    let now = model.now;
    let Some(booking) = model.bookings.get_mut(place) else { return Vec::new() };
    let came = match answer {
        Ok(Response::Booking(came)) => *came,
        Ok(_) => {
            booking.fail(crate::tui::update::answers::wrong_answer());
            return Vec::new();
        }
        Err(failure) => return fail(model, place, failure),
    };
    let wanted = sections_missing_fields(&came);
    booking.accept(came, now);
    let changed = booking.content.as_ref().filter(|content| content.before().is_some());
    let told = changed.map(|content| told(&content.changes));
    model.walk.keep(booking);
    if told.is_some() && place + 1 == model.bookings.len() {
        model.notice = told;
    }
    ask(model, place, &wanted)
}

/// A booking that does not exist has no scheduled payments either.
fn fail(model: &mut Model, place: usize, failure: Failure) -> Vec<Effect> {
    let Some(booking) = model.bookings.get_mut(place) else { return Vec::new() };
    let is_missing = failure.kind == Kind::Missing;
    booking.fail(failure);
    if !is_missing || booking.content.is_some() {
        return Vec::new();
    }
    let tickets = booking.give_up();
    let asked = booking.asked.clone();
    model.walk.forget(&asked);
    tickets.into_iter().map(Effect::Cancel).collect()
}

/// What a refresh changed, in a sentence.
fn told(changes: &Changes) -> String {
    if changes.is_empty() {
        return "Nothing has changed.".to_owned();
    }
    let each = [
        (changes.totals.len(), "total", "totals"),
        (changes.sections.len(), "section", "sections"),
        (changes.rows.len(), "row", "rows"),
    ];
    let words: Vec<String> = each
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    format!("Changed: {}. C shows old beside new.", words.join(", "))
}

fn accept_source(
    model: &mut Model,
    place: usize,
    which: ExtraList,
    answer: Result<Response, Failure>,
) {
    let now = model.now;
    let Some(booking) = model.bookings.get_mut(place) else { return };
    if let Some(awaited) = booking.awaited.get_mut(which as usize) {
        *awaited = None;
    }
    let reference = booking.reference().clone();
    match answer {
        Ok(Response::Page(page)) => {
            booking.sources.accept(which, &reference, page.rows, page.total, now.local);
        }
        Ok(_) => {
            let why = crate::tui::update::answers::wrong_answer().why;
            booking.sources.of_mut(which).state = State::Failed(why);
        }
        Err(failure) => booking.sources.of_mut(which).state = State::Failed(failure.why),
    }
    booking.reassemble(now);
    model.walk.keep(booking);
}
