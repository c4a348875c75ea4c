//! Answers: each goes to what waits for its ticket, and nowhere else.

use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::money::format_count;
use crate::net::response::Response;
use crate::tui::component::table::extract::Which;
use crate::tui::effect::{Effect, Ticket};
use crate::tui::model::Model;
use crate::tui::screen::list::state::{List, Progress, Then};
use crate::tui::screen::list::{export, fetch, set_filters as filters};
use crate::tui::screen::payments::update as sheet;
use crate::tui::screen::triage::update as triage;

const CHANGED: &str =
    "The list has changed meanwhile: rows may be missing or double. r fetches anew.";

pub fn accept(model: &mut Model, ticket: Ticket, answer: Result<Response, Failure>) -> Vec<Effect> {
    let awaited = |load: &crate::tui::screen::list::state::Load| load.ticket == ticket;
    if let Some(tab) = model.lists.iter().position(|list| list.load.as_ref().is_some_and(awaited)) {
        let mut effects = accept_page(model, tab, answer);
        effects.extend(triage::compare_list(model, tab));
        return effects;
    }
    let of_all = |list: &List| list.all.as_ref().is_some_and(|all| all.awaits(ticket));
    if let Some(tab) = model.lists.iter().position(of_all) {
        let mut effects = accept_page_of_all(model, tab, ticket, answer);
        effects.extend(triage::compare_list(model, tab));
        return effects;
    }
    if let Some(list) = model.lists.iter_mut().find(|list| list.count == Some(ticket)) {
        list.count = None;
        let Ok(Response::Page(page)) = answer else { return Vec::new() };
        list.total = page.total;
        let is_whole = list.settings().is_empty() && page.total == Some(page.rows.len() as u64);
        let spec = list.spec();
        return triage::compare_page(model, spec, &page.rows, is_whole);
    }
    if triage::accept(model, ticket, &answer).is_some() {
        return Vec::new();
    }
    let answer = match sheet::accept(model, ticket, answer) {
        Ok(effects) => return effects,
        Err(answer) => answer,
    };
    // A late answer to something that nobody waits for any more changes nothing.
    crate::tui::screen::booking::sources::accept(model, ticket, answer).unwrap_or_else(|| {
        model.is_dirty = false;
        Vec::new()
    })
}

fn accept_page(model: &mut Model, tab: usize, answer: Result<Response, Failure>) -> Vec<Effect> {
    let now = model.now;
    let Some(list) = model.lists.get_mut(tab) else { return Vec::new() };
    match answer {
        Ok(Response::Page(page)) => match list.accept(page, now) {
            Then::Rest => Vec::new(),
            Then::Continue => fetch::continue_list(model, tab),
            Then::Moved => {
                model.notice = Some(CHANGED.to_owned());
                Vec::new()
            }
            Then::Repeated => {
                let notice = "The server sent the same page twice; nothing more is fetched. r \
                              fetches anew.";
                model.notice = Some(notice.to_owned());
                Vec::new()
            }
        },
        Ok(_) => {
            list.fail(wrong_answer());
            Vec::new()
        }
        Err(failure) => {
            list.fail(failure.clone());
            filters::show_refused(model, tab, &failure);
            Vec::new()
        }
    }
}

fn accept_page_of_all(
    model: &mut Model,
    tab: usize,
    ticket: Ticket,
    answer: Result<Response, Failure>,
) -> Vec<Effect> {
    let Some(list) = model.lists.get_mut(tab) else { return Vec::new() };
    let progress = match answer {
        Ok(Response::Page(page)) => list.accept_of_all(ticket, page),
        Ok(_) => return stop_all(list, wrong_answer()),
        Err(failure) => return stop_all(list, failure),
    };
    if progress == Progress::Going {
        return fetch::pages_of_all(model, tab);
    }
    let pending = list.export.take();
    let mut effects: Vec<Effect> = list.end_all().into_iter().map(Effect::Cancel).collect();
    let told = match progress {
        Progress::Going | Progress::Complete => {
            let rows = format_count(list.table.records().len() as u64);
            format!("All {rows} {} are here.", list.spec().title.to_lowercase())
        }
        Progress::Moved => CHANGED.to_owned(),
        Progress::Inconsistent => {
            "The server's pages repeat or end early; what came stays. r fetches anew.".to_owned()
        }
    };
    let unwritten = if pending.is_some() { " Nothing was written." } else { "" };
    match pending.filter(|_| progress == Progress::Complete) {
        Some(pending) => effects.extend(export::write(model, tab, Which::All, &pending)),
        None => model.notice = Some(format!("{told}{unwritten}")),
    }
    effects
}

/// Ends the fetch of all with a failure; what came stays, and L goes on from there.
fn stop_all(list: &mut List, failure: Failure) -> Vec<Effect> {
    let given_up = list.end_all();
    list.is_paused = true;
    let advice = Advice::ResumeLoading(Box::new(failure.advice));
    list.fail(Failure { advice, ..failure });
    given_up.into_iter().map(Effect::Cancel).collect()
}

pub fn wrong_answer() -> Failure {
    let why = "it belongs to another kind of request";
    Failure::new(Kind::Internal, "The answer was not used", why, Advice::Retry)
}
