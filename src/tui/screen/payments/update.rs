//! Keys on a screen about the Payments APIs, and how such screens are opened, filled and closed.

use crate::command::{Line, print};
use crate::domain::failure::Failure;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::Response;
use crate::payments::account::hide;
use crate::payments::ask::Ask;
use crate::payments::fields::Fields;
use crate::payments::report::{Opens, Report};
use crate::payments::wanted::{Feed, Wanted};
use crate::tui::effect::{Effect, Priority, Ticket};
use crate::tui::keymap::Action;
use crate::tui::modal::{command_update as command, help_update as help, update as popup};
use crate::tui::model::Model;
use crate::tui::screen::booking::state::Scroll;
use crate::tui::screen::booking::update as booking;
use crate::tui::screen::list::update as list;
use crate::tui::screen::payments::state::{NOT_CONFIGURED, Sheet};

/// Screens that can lie one above the other.
const DEEPEST: usize = 50;

pub fn act(model: &mut Model, action: Action, key: &str) -> Vec<Effect> {
    match action {
        Action::Move(step) => {
            let (lines, height) = lines(model).unwrap_or_default();
            if let Some(sheet) = model.sheet_mut() {
                sheet.scroll.step(step, lines, height);
            }
        }
        Action::Reveal => {
            if let Some(sheet) = model.sheet_mut() {
                sheet.is_revealed = !sheet.is_revealed;
            }
        }
        Action::Open => return open_line(model),
        Action::Json => raw(model),
        Action::NextOfList | Action::PreviousOfList => {
            return window(model, action == Action::NextOfList);
        }
        Action::Filter => {
            let wanted = model.sheet().map(|sheet| sheet.report.wanted.clone());
            if let Some(wanted @ Wanted::Events(_)) = wanted {
                command::open(model, &print(&Line::Show(wanted)));
            } else {
                model.notice = Some("Only events are narrowed.".to_owned());
            }
        }
        Action::CopyCell => {
            let line = model.sheet().and_then(Sheet::selected);
            let text = line.map(|line| line.text.clone()).unwrap_or_default();
            model.notice = Some("Given to the terminal's clipboard.".to_owned());
            return vec![Effect::Copy(text)];
        }
        Action::Command => command::open(model, ""),
        Action::Lookup => popup::open_lookup(model),
        Action::Help => help::open(model),
        Action::PickTab => return list::pick(model, key),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Back | Action::Quit => return close(model),
        _ => model.is_dirty = false,
    }
    Vec::new()
}

/// Opens a screen for something that was typed.
pub fn open(model: &mut Model, wanted: Wanted) -> Vec<Effect> {
    open_known(model, wanted, None)
}

/// Opens the payment of a row.
pub fn open_payment(model: &mut Model, record: &Record) -> Vec<Effect> {
    let Some(id) = record.text("id") else {
        model.notice = Some("This row names no payment.".to_owned());
        return Vec::new();
    };
    let wanted = Wanted::Payment(id.expose_raw().to_owned());
    open_known(model, wanted, Fields::read(&record.to_json()))
}

fn open_known(model: &mut Model, wanted: Wanted, known: Option<Fields>) -> Vec<Effect> {
    if model.sheets.len() >= DEEPEST {
        model.notice = Some("Too many screens are open: esc closes one.".to_owned());
        return Vec::new();
    }
    let (report, asks) = Report::begin(wanted, known, model.hosts);
    if asks.is_empty() {
        model.notice = Some(NOT_CONFIGURED.to_owned());
        return Vec::new();
    }
    let (now, depth) = (model.now, model.bookings.len());
    model.sheets.push(Sheet::new(report, now, depth));
    let place = model.sheets.len() - 1;
    ask(model, place, asks)
}

fn ask(model: &mut Model, place: usize, asks: Vec<Ask>) -> Vec<Effect> {
    let mut effects = Vec::new();
    for ask in asks {
        let ticket = model.ticket();
        let Some(sheet) = model.sheets.get_mut(place) else { break };
        sheet.awaited.push((ticket, ask.clone()));
        effects.push(Effect::Fetch(ticket, Priority::Visible, Request::Payments(ask)));
    }
    effects
}

/// Takes an answer; gives it back if no screen waits for it.
pub fn accept(
    model: &mut Model,
    ticket: Ticket,
    answer: Result<Response, Failure>,
) -> Result<Vec<Effect>, Result<Response, Failure>> {
    let waits = |sheet: &Sheet| sheet.awaited.iter().position(|(own, _)| *own == ticket);
    let found = model.sheets.iter().enumerate().find_map(|(at, it)| Some((at, waits(it)?)));
    let Some((place, at)) = found else { return Err(answer) };
    let now = model.now;
    let Some(sheet) = model.sheets.get_mut(place) else { return Err(answer) };
    let (_, asked) = sheet.awaited.remove(at);
    let told = match answer {
        Ok(Response::Payments(told)) => Ok(*told),
        Ok(_) => Err(crate::tui::update::answers::wrong_answer()),
        Err(failure) => Err(failure),
    };
    sheet.fetched = Some(now);
    let asks = sheet.report.accept(&asked, told);
    sheet.changed();
    Ok(ask(model, place, asks))
}

/// Fetches everything on the screen anew.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    let (hosts, now) = (model.hosts, model.now);
    let Some(sheet) = model.sheet_mut() else { return Vec::new() };
    let mut effects = vec![Effect::TryAgain];
    effects.extend(sheet.awaited.drain(..).map(|(ticket, _)| Effect::Cancel(ticket)));
    let (wanted, known) = (sheet.report.wanted.clone(), sheet.report.known.clone());
    let (report, asks) = Report::begin(wanted, known, hosts);
    sheet.report = report;
    sheet.changed();
    sheet.since = now;
    let place = model.sheets.len() - 1;
    effects.extend(ask(model, place, asks));
    effects
}

/// Shows the next or the previous window of the events in the place of this one.
fn window(model: &mut Model, is_forward: bool) -> Vec<Effect> {
    let Some(sheet) = model.sheet_mut() else { return Vec::new() };
    match &mut sheet.report.wanted {
        Wanted::Events(feed @ Feed { stream: None, .. }) => {
            *feed = feed.moved(is_forward);
            sheet.scroll = Scroll::default();
            refresh(model)
        }
        _ => {
            model.notice = Some("Only events come in windows.".to_owned());
            Vec::new()
        }
    }
}

fn open_line(model: &mut Model) -> Vec<Effect> {
    let selected = model.sheet().and_then(Sheet::selected).cloned();
    let Some(line) = selected else { return Vec::new() };
    let is_own = |id: &str| match model.sheet().map(|sheet| &sheet.report.wanted) {
        Some(Wanted::Payment(own) | Wanted::Events(Feed { stream: Some(own), .. })) => own == id,
        _ => false,
    };
    match line.opens {
        Some(Opens::Booking(reference)) => booking::open(model, reference),
        Some(Opens::Stream(id)) if !is_own(&id) => {
            let feed = Feed { stream: Some(id), ..Feed::from(1) };
            open(model, Wanted::Events(feed))
        }
        _ => {
            raw(model);
            Vec::new()
        }
    }
}

/// The JSON behind the line; what is hidden on the screen is hidden there too.
fn raw(model: &mut Model) {
    let Some(sheet) = model.sheet() else { return };
    let is_revealed = sheet.is_revealed;
    let title = sheet.report.wanted.title();
    let Some(mut raw) = sheet.selected().and_then(|line| line.raw.clone()) else {
        model.notice = Some("No record stands behind this line.".to_owned());
        return;
    };
    hide(&mut raw, is_revealed);
    let json = serde_json::to_string_pretty(&raw).unwrap_or_default();
    popup::open_text(model, &title, &json);
}

fn close(model: &mut Model) -> Vec<Effect> {
    if model.sheet().is_none() {
        return Vec::new();
    }
    let sheet = model.sheets.pop();
    let tickets = sheet.into_iter().flat_map(|sheet| sheet.awaited);
    tickets.map(|(ticket, _)| Effect::Cancel(ticket)).collect()
}

/// Closes every screen that lies above the bookings that are left.
pub fn close_all(model: &mut Model) -> Vec<Effect> {
    let left = std::mem::take(&mut model.sheets);
    let tickets = left.into_iter().flat_map(|sheet| sheet.awaited);
    tickets.map(|(ticket, _)| Effect::Cancel(ticket)).collect()
}

/// The number of lines, and the lines of the screen for them.
fn lines(model: &Model) -> Option<(usize, usize)> {
    let sheet = model.sheet()?;
    Some((sheet.lines().len(), usize::from(model.regions().table.height)))
}

/// Makes the lines where they changed, and keeps the cursor on one and in the window.
pub fn settle(model: &mut Model) {
    let width = model.size.0;
    if let Some(sheet) = model.sheet_mut() {
        sheet.make_lines(width);
    }
    if let Some((lines, height)) = lines(model)
        && let Some(sheet) = model.sheet_mut()
    {
        sheet.scroll.settle(lines, height);
    }
}
