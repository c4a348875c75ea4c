//! Keys on a booking, and how bookings are opened and closed.

use crate::conciliation::SECTIONS;
use crate::domain::failure::Kind;
use crate::domain::text::Untrusted;
use crate::tui::component::table::Table;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Step};
use crate::tui::modal::update as popup;
use crate::tui::model::Model;
use crate::tui::screen::booking::state::{Booking, Scroll, View};
use crate::tui::screen::booking::{
    export, findings, neighbours as walk, sources, statement, tenant,
};
use crate::tui::screen::list::update as list;
use crate::tui::screen::payments::update as sheet;
use crate::tui::update::{act_on_table, close_detail};

pub use export::save;

/// Bookings that can lie one above the other.
const DEEPEST: usize = 50;

pub fn act(model: &mut Model, action: Action, key: &str) -> Vec<Effect> {
    let view = model.bookings.last().map_or(View::Sections, |booking| booking.view);
    match action {
        Action::Open if view == View::Sections => open_from_cell(model),
        Action::Open => lead(model),
        Action::NextSection => turn(model, true),
        Action::PreviousSection => turn(model, false),
        Action::Tenant => sources::toggle_tenant(model),
        Action::Ledger => toggle(model, View::Ledger),
        Action::Checks => toggle(model, View::Checks),
        Action::SeenBefore => walk::along_trail(model, false),
        Action::SeenAfter => walk::along_trail(model, true),
        Action::NextOfList => walk::along_list(model, true),
        Action::PreviousOfList => walk::along_list(model, false),
        Action::Export => export::ask(model),
        Action::Move(step) if view != View::Sections => scroll(model, step),
        // Lines that are made of rows have no columns and no marks of their own.
        Action::Left
        | Action::Right
        | Action::Mark
        | Action::MarkShown
        | Action::UnmarkAll
        | Action::Sort
        | Action::Reverse
        | Action::Columns
        | Action::CopyCell
        | Action::CopyRows
            if view != View::Sections || model.table().is_none() =>
        {
            let back = if view == View::Checks { "C" } else { "t" };
            let has_come = model.bookings.last().is_some_and(|booking| booking.content.is_some());
            model.notice = Some(if has_come {
                format!("That is for the sections; {back} goes back to them.")
            } else {
                "There are no rows here.".to_owned()
            });
            Vec::new()
        }
        Action::Back => back(model),
        Action::Quit => close(model).1,
        _ => act_on_table(model, action, key).unwrap_or_default(),
    }
}

/// One step back: what was opened last is closed first.
fn back(model: &mut Model) -> Vec<Effect> {
    if model.detail.is_zoomed && close_detail(model) {
        return Vec::new();
    }
    if model.bookings.last().is_some_and(|it| it.content.is_some() && it.load.is_some()) {
        return give_up(model);
    }
    if close_detail(model) {
        return Vec::new();
    }
    let Some(booking) = model.bookings.last_mut() else { return Vec::new() };
    if let Some(view) = booking.led_from.take().filter(|_| booking.view == View::Sections) {
        // The check has marked rows of several sections.
        for table in booking.content.iter_mut().flat_map(|content| &mut content.tables) {
            table.unmark_all();
        }
        booking.view = view;
        return Vec::new();
    }
    if booking.view != View::Sections {
        booking.view = View::Sections;
        return Vec::new();
    }
    if booking.table_mut().is_some_and(Table::unmark_all) {
        return Vec::new();
    }
    // One that was typed and does not exist leads back to what was typed.
    let (unknown, effects) = close(model);
    if let Some((typed, why)) = unknown {
        popup::reopen_lookup(model, typed, why);
    }
    effects
}

/// Gives up a refresh; what was there stays.
fn give_up(model: &mut Model) -> Vec<Effect> {
    model.refreshes.cancel();
    let Some(booking) = model.bookings.last_mut() else { return Vec::new() };
    let tickets = booking.give_up();
    booking.reassemble(model.now);
    model.notice = Some("Given up; r fetches again.".to_owned());
    tickets.into_iter().map(Effect::Cancel).collect()
}

/// Opens a booking above what is shown.
pub fn open(model: &mut Model, reference: Untrusted) -> Vec<Effect> {
    open_typed(model, reference, None)
}

/// Opens a booking that was typed: the text is kept to be mended.
pub fn open_typed(model: &mut Model, reference: Untrusted, typed: Option<String>) -> Vec<Effect> {
    if model.bookings.len() >= DEEPEST {
        model.notice = Some("Too many bookings are open: esc closes one.".to_owned());
        return Vec::new();
    }
    let below = std::mem::take(&mut model.detail);
    model.walk.visit(&reference);
    let mut booking = seen_or_new(model, reference);
    (booking.below, booking.typed) = (below, typed);
    model.bookings.push(booking);
    sources::load_what_is_missing(model)
}

/// The booking as it was seen in this session, or one of which nothing is known.
pub fn seen_or_new(model: &Model, reference: Untrusted) -> Booking {
    let Some(kept) = model.walk.kept(&reference) else {
        return Booking::new(reference, crate::tui::model::Detail::default());
    };
    let mut booking = kept.clone();
    booking.view = View::Sections;
    booking.led_from = None;
    booking
}

/// Closes every booking; requests that are under way are given up.
pub fn close_all(model: &mut Model) -> Vec<Effect> {
    let mut effects = sheet::close_all(model);
    while let Some(mut booking) = model.bookings.pop() {
        model.walk.keep(&booking);
        model.detail = booking.below;
        effects.extend(booking.give_up().into_iter().map(Effect::Cancel));
    }
    effects
}

/// Closes the booking that is shown; gives what was typed for one that does not exist and what is
/// wrong with it, and what is not to be waited for any more.
fn close(model: &mut Model) -> (Option<(String, String)>, Vec<Effect>) {
    let Some(mut booking) = model.bookings.pop() else { return (None, Vec::new()) };
    model.walk.keep(&booking);
    if let Some(below) = model.bookings.last() {
        model.walk.return_to(&below.asked);
    }
    model.detail = booking.below;
    let is_unknown = booking.failure.as_ref().is_some_and(|it| it.kind == Kind::Missing);
    let typed = booking.typed.take().filter(|_| booking.content.is_none() && is_unknown);
    let unknown = typed.map(|typed| {
        let why = format!("The server knows no booking {}.", booking.asked.shown());
        (typed, why)
    });
    (unknown, booking.give_up().into_iter().map(Effect::Cancel).collect())
}

fn turn(model: &mut Model, is_forward: bool) -> Vec<Effect> {
    if let Some(booking) = model.bookings.last_mut() {
        // From another view the section that was shown comes back first.
        if booking.view == View::Sections {
            let count = SECTIONS.len() + usize::from(booking.tenant.is_some());
            let by = if is_forward { 1 } else { count - 1 };
            booking.section = (booking.section + by) % count;
        }
        booking.view = View::Sections;
    }
    model.detail.top = 0;
    Vec::new()
}

fn toggle(model: &mut Model, view: View) -> Vec<Effect> {
    model.detail.top = 0;
    let Some(booking) = model.bookings.last_mut() else { return Vec::new() };
    booking.led_from = None;
    booking.view = if booking.view == view { View::Sections } else { view };
    if booking.view == View::Ledger && booking.ledger == Scroll::default() {
        begin_at_today(model);
    }
    Vec::new()
}

/// The ledger begins where it matters: at the last row up to today, with what is to come below it.
fn begin_at_today(model: &mut Model) {
    let height = lines(model).map_or(0, |(_, height)| height);
    let Some(booking) = model.bookings.last_mut() else { return };
    let Some(content) = &booking.content else { return };
    let cursor = content.report.findings.ledger.until_today.saturating_sub(1);
    booking.ledger = Scroll { cursor, top: cursor.saturating_sub(height / 2) };
}

/// Lines of the view that is no table, and the lines of the screen for them.
pub fn lines(model: &Model) -> Option<(usize, usize)> {
    let booking = model.bookings.last()?;
    let content = booking.content.as_ref()?;
    let area = model.regions().table;
    let height = usize::from(area.height);
    match booking.view {
        View::Sections => None,
        View::Ledger => {
            let lines = statement::len(content) + tenant::ledger_lines(booking);
            Some((lines, height.saturating_sub(1)))
        }
        View::Checks => Some((findings::lines(booking, findings::room(area.width)).len(), height)),
    }
}

fn scroll(model: &mut Model, step: Step) -> Vec<Effect> {
    let Some((lines, height)) = lines(model) else { return Vec::new() };
    model.detail.top = 0;
    if let Some(booking) = model.bookings.last_mut() {
        booking.scroll_mut().step(step, lines, height);
    }
    Vec::new()
}

/// Keeps the cursor of a view that is no table in its window.
pub fn settle(model: &mut Model) {
    if let Some((lines, height)) = lines(model)
        && height > 0
        && let Some(booking) = model.bookings.last_mut()
    {
        booking.scroll_mut().settle(lines, height);
    }
}

/// Goes from a line of the ledger or of the checks to its rows in their section.
fn lead(model: &mut Model) -> Vec<Effect> {
    let width = findings::room(model.regions().table.width);
    let Some(booking) = model.bookings.last_mut() else { return Vec::new() };
    let rows = match booking.view {
        View::Checks => {
            let lines = findings::lines(booking, width);
            lines.get(booking.checks.cursor).map(|line| line.rows.clone()).unwrap_or_default()
        }
        _ => booking.selected_place().into_iter().collect(),
    };
    if rows.is_empty() {
        let tenant = booking.selected().filter(|record| record.spec().is_of_payments()).cloned();
        if let Some(record) = tenant {
            return sheet::open_payment(model, &record);
        }
        if booking.view == View::Ledger && booking.selected().is_some() {
            // A scheduled payment stands in no section.
            return act_on_table(model, Action::Detail, "").unwrap_or_default();
        }
        model.notice = Some("No rows belong to this line.".to_owned());
        return Vec::new();
    }
    booking.lead_to(&rows);
    model.detail.top = 0;
    let mut sections: Vec<&str> = SECTIONS
        .iter()
        .enumerate()
        .filter(|(section, _)| rows.iter().any(|at| at.section == *section))
        .map(|(_, kind)| kind.title)
        .collect();
    sections.dedup();
    let count = if rows.len() == 1 { "1 row".to_owned() } else { format!("{} rows", rows.len()) };
    model.notice = Some(format!("{count} marked in {}; esc goes back.", sections.join(", ")));
    Vec::new()
}

/// A cell that names another booking opens that; any other shows the record.
fn open_from_cell(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = model.bookings.last() else { return Vec::new() };
    let here = booking.reference();
    let named = model.table().and_then(|table| {
        table.selected().and_then(|record| list::reference_in_cell(record, table.field()))
    });
    if let Some(record) = model.selected().filter(|it| it.spec().is_of_payments()).cloned() {
        return sheet::open_payment(model, &record);
    }
    if model.selected().is_none() {
        model.notice = Some("There is no row here.".to_owned());
        return Vec::new();
    }
    match named.filter(|reference| reference != here && *reference != booking.asked) {
        Some(reference) => open(model, reference),
        None => act_on_table(model, Action::Detail, "").unwrap_or_default(),
    }
}
