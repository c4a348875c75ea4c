//! Which requests leave, and for what.

use crate::domain::failure::{Advice, Failure, Kind};
use crate::net::query::LARGEST_PAGE;
use crate::net::request::Request;
use crate::tui::effect::{Effect, Priority};
use crate::tui::model::Model;
use crate::tui::screen::booking::sources;
use crate::tui::screen::list::state::List;

/// Rows of the request that only asks how many there are.
const COUNTING: u32 = 1;

/// Fetches the list that is shown, unless it was opened before.
pub fn open_list(model: &mut Model) -> Vec<Effect> {
    match model.list() {
        Some(list) if !list.is_opened() => replace(model, model.tab),
        _ => Vec::new(),
    }
}

/// Fetches the list that is shown anew.
pub fn refresh_list(model: &mut Model) -> Vec<Effect> {
    anew(model, |model| replace(model, model.tab))
}

/// Fetches the list that is shown anew though nobody waits for it. A refused token stays refused.
pub fn refresh_by_itself(model: &mut Model) -> Vec<Effect> {
    let effects = replace(model, model.tab);
    if let Some(list) = model.lists.get_mut(model.tab) {
        list.set_priority(Priority::Background, true);
    }
    unasked(effects)
}

/// Loads what is on the screen again, to find out whether the server is back: of all its requests
/// one leaves, and the others follow if that is answered.
pub fn probe(model: &mut Model) -> Vec<Effect> {
    let effects = if let Some(booking) = model.bookings.last_mut() {
        let failure = booking.failure.take();
        let effects = sources::load(model);
        if let Some(booking) = model.bookings.last_mut() {
            // It holds until there is something else to show.
            booking.failure = failure;
        }
        unasked(effects)
    } else if model.list().is_some_and(|list| !list.spec().is_of_payments()) {
        refresh_by_itself(model)
    } else {
        Vec::new()
    };
    if effects.iter().any(|effect| matches!(effect, Effect::Fetch(..))) {
        return effects;
    }
    // What is shown is of another server, or cannot be asked for.
    let ticket = model.ticket();
    let limits = Effect::Fetch(ticket, Priority::Background, Request::Limits);
    effects.into_iter().chain([limits]).collect()
}

/// The same requests, for nobody who waits.
fn unasked(effects: Vec<Effect>) -> Vec<Effect> {
    let background = |effect| match effect {
        Effect::Fetch(ticket, _, request) => Effect::Fetch(ticket, Priority::Background, request),
        other => other,
    };
    effects.into_iter().map(background).collect()
}

/// Fetches the booking that is shown anew.
pub fn refresh_booking(model: &mut Model) -> Vec<Effect> {
    anew(model, sources::load)
}

/// Whoever asks anew after the server refused the token has changed something, or wants to know.
fn anew(model: &mut Model, fetch: impl Fn(&mut Model) -> Vec<Effect>) -> Vec<Effect> {
    std::iter::once(Effect::TryAgain).chain(fetch(model)).collect()
}

/// Fetches all opened lists and the booking anew, and the counts of the other lists.
pub fn refresh_all(model: &mut Model) -> Vec<Effect> {
    let mut effects = anew(model, sources::load);
    for tab in 0..model.lists.len() {
        let is_opened = model.lists.get(tab).is_some_and(List::is_opened);
        if is_opened || tab == model.tab {
            effects.extend(replace(model, tab));
        }
    }
    effects.extend(counts(model));
    // What colleagues on the same customer have used is known to the server alone.
    let ticket = model.ticket();
    effects.push(Effect::Fetch(ticket, Priority::Background, Request::Limits));
    effects
}

/// Gives up the fetch of the list that is shown; `None` if there is none.
pub fn cancel_list(model: &mut Model) -> Option<Vec<Effect>> {
    model.refreshes.cancel();
    let list = model.lists.get_mut(model.tab)?;
    if list.all.is_some() {
        list.is_paused = true;
        model.notice = Some("Stopped; what came stays. L goes on.".to_owned());
        return Some(list.end_all().into_iter().map(Effect::Cancel).collect());
    }
    // A page that only runs ahead of the cursor is nothing that the user waits for.
    if !list.is_awaited() {
        return None;
    }
    let load = list.load.take()?;
    list.is_paused = true;
    model.notice = Some("Given up; r fetches again.".to_owned());
    Some(vec![Effect::Cancel(load.ticket)])
}

/// Asks how many rows the lists have that were not opened.
pub fn counts(model: &mut Model) -> Vec<Effect> {
    counts_of(model, |_| true)
}

/// As [`counts`], of the lists whose number of rows is not known.
pub fn missing_counts(model: &mut Model) -> Vec<Effect> {
    counts_of(model, |list| list.total.is_none() && list.count.is_none())
}

fn counts_of(model: &mut Model, is_asked: impl Fn(&List) -> bool) -> Vec<Effect> {
    let mut effects = Vec::new();
    let remembers = model.kept.remembers;
    for tab in 0..model.lists.len() {
        let ticket = model.ticket();
        let Some(list) =
            model.lists.get_mut(tab).filter(|list| !list.is_opened() && is_asked(list))
        else {
            continue;
        };
        effects.extend(list.count.replace(ticket).map(Effect::Cancel));
        // Rows that are compared with those of the last session cost no more requests than a count.
        let rows =
            if remembers && !list.spec().tracked.is_empty() { LARGEST_PAGE } else { COUNTING };
        let query = list.query.clone().page(1, rows);
        effects.push(Effect::Fetch(ticket, Priority::Background, Request::List(query)));
    }
    effects
}

/// Fetches the next page of the list that is shown, if the cursor comes near the last row.
pub fn next_page(model: &mut Model) -> Vec<Effect> {
    let rows = model.regions().rows();
    if !model.shows_list() || !model.list().is_some_and(|list| list.wants_next(rows)) {
        return Vec::new();
    }
    let (ticket, now) = (model.ticket(), model.now);
    let Some(list) = model.lists.get_mut(model.tab) else { return Vec::new() };
    let query = list.begin_next(ticket, now);
    let priority = if list.is_awaited() { Priority::Visible } else { Priority::Next };
    list.set_priority(priority, false);
    query.map(|query| Effect::Fetch(ticket, priority, Request::List(query))).into_iter().collect()
}

/// What ran ahead is asked for in earnest as soon as the user waits for it: the cursor reached the
/// last row, or its tab was opened.
pub fn hurry(model: &mut Model) -> Option<Effect> {
    let is_shown = model.shows_list();
    let list = model.lists.get_mut(model.tab).filter(|_| is_shown)?;
    list.hurry().map(Effect::Hurry)
}

/// Goes on with a refresh that takes several pages.
pub fn continue_list(model: &mut Model, tab: usize) -> Vec<Effect> {
    let ticket = model.ticket();
    let query = model.lists.get_mut(tab).and_then(|list| list.continue_replace(ticket));
    let fetch = |(priority, query)| Effect::Fetch(ticket, priority, Request::List(query));
    query.map(fetch).into_iter().collect()
}

/// Asks for pages of the fetch of all, as many as may be under way.
pub fn pages_of_all(model: &mut Model, tab: usize) -> Vec<Effect> {
    let mut effects = Vec::new();
    loop {
        let ticket = model.ticket();
        let query = model.lists.get_mut(tab).and_then(|list| list.ask_next_of_all(ticket));
        let Some(query) = query else { return effects };
        effects.push(Effect::Fetch(ticket, Priority::Visible, Request::List(query)));
    }
}

/// Begins to fetch every page of the list that is shown.
pub fn load_all(model: &mut Model) -> Vec<Effect> {
    let (tab, now) = (model.tab, model.now);
    let Some(list) = model.lists.get_mut(tab) else { return Vec::new() };
    let mut effects: Vec<Effect> = list.end_all().into_iter().map(Effect::Cancel).collect();
    effects.extend(list.load.take().map(|load| Effect::Cancel(load.ticket)));
    list.begin_all(now);
    effects.extend(pages_of_all(model, tab));
    effects
}

fn replace(model: &mut Model, tab: usize) -> Vec<Effect> {
    let (ticket, now) = (model.ticket(), model.now);
    let is_shown = tab == model.tab && model.shows_list();
    let Some(list) = model.lists.get_mut(tab) else { return Vec::new() };
    let mut older = list.end_all();
    older.extend(list.load.take().map(|load| load.ticket));
    let cancelled = older.into_iter().chain(list.count.take()).map(Effect::Cancel);
    let priority = if is_shown { Priority::Visible } else { Priority::Next };
    if let Err(unsendable) = list.resolve(now.local.date()) {
        let what = format!("{} were not asked for", list.spec().title);
        let why = unsendable.to_string();
        list.fail(Failure::new(Kind::Refused, what, why, Advice::CorrectFilters));
        return cancelled.collect();
    }
    let query = list.begin_replace(ticket, now);
    list.set_priority(priority, false);
    cancelled.chain([Effect::Fetch(ticket, priority, Request::List(query))]).collect()
}
