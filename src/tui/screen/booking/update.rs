//! Keys on a booking.

use super::state::{Booking, Scroll, View};
use super::{export, findings, statement, tenant};
use crate::conciliation::SECTIONS;
use crate::domain::failure::Kind;
use crate::tui::component::table::Table;
use crate::tui::cx::{Cx, Next};
use crate::tui::keymap::{Action, Way};
use crate::tui::screen::list::update::reference_in_cell;
use crate::tui::screen::table::{self, NO_ROW};
use crate::tui::screen::{Behavior, payments};

pub fn why_not(booking: &Booking, action: Action, cx: &Cx) -> Option<String> {
    match action {
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
            if booking.view != View::Sections || booking.shown_table().is_none() =>
        {
            let back = if booking.view == View::Checks { "{checks}" } else { "{ledger}" };
            Some(match booking.content {
                Some(_) => format!("That is for the sections; {back} goes back to them."),
                None => "There are no rows here.".to_owned(),
            })
        }
        Action::Open if booking.view == View::Sections => {
            booking.selected_record().is_none().then(|| NO_ROW.to_owned())
        }
        Action::Open => None,
        Action::Tenant if booking.tenant.is_none() => {
            Some(payments::state::NOT_CONFIGURED.to_owned())
        }
        Action::Export if booking.content.is_none() => {
            Some("There is nothing to export yet.".to_owned())
        }
        _ => table::why_not(booking, action, cx),
    }
}

pub fn act(booking: &mut Booking, action: Action, cx: &mut Cx) {
    match action {
        Action::Open if booking.view == View::Sections => open_from_cell(booking, cx),
        Action::Open => lead(booking, cx),
        Action::NextSection => turn(booking, Way::Forward),
        Action::PreviousSection => turn(booking, Way::Back),
        Action::Tenant => toggle_tenant(booking, cx),
        Action::Ledger => toggle(booking, View::Ledger, cx),
        Action::Checks => toggle(booking, View::Checks, cx),
        Action::SeenBefore => booking.step_in_history(Way::Back, cx),
        Action::SeenAfter => booking.step_in_history(Way::Forward, cx),
        Action::NextOfList => cx.then(Next::StepInList(Way::Forward)),
        Action::PreviousOfList => cx.then(Next::StepInList(Way::Back)),
        Action::Export => export::ask(booking, cx),
        Action::Move(step) if booking.view != View::Sections => {
            if let Some((lines, height)) = lines(booking, cx) {
                booking.scroll_mut().step(step, lines, height);
            }
            booking.detail.top = 0;
        }
        Action::Back => back(booking, cx),
        Action::Quit => cx.then(Next::Close),
        _ => {
            table::act(booking, action, cx);
        }
    }
}

/// One step back: what was opened last is closed first.
fn back(booking: &mut Booking, cx: &mut Cx) {
    if booking.detail.is_zoomed && booking.detail.close() {
        return;
    }
    if booking.content.is_some() && booking.load.is_some() {
        // What was there stays.
        cx.refreshes.cancel();
        booking.give_up();
        cx.cancel_of(cx.here);
        booking.reassemble(cx.now);
        return cx.say("Given up; {refresh} fetches again.");
    }
    if booking.detail.close() {
        return;
    }
    if let Some(view) = booking.led_from.take().filter(|_| booking.view == View::Sections) {
        // The check has marked rows of several sections.
        for table in booking.content.iter_mut().flat_map(|content| &mut content.tables) {
            table.unmark_all();
        }
        booking.view = view;
    } else if booking.view != View::Sections {
        booking.view = View::Sections;
    } else if !booking.shown_table_mut().is_some_and(Table::unmark_all) {
        cx.then(Next::Close);
        // One that was typed and does not exist leads back to what was typed.
        let is_unknown = booking.failure.as_ref().is_some_and(|it| it.kind == Kind::Missing);
        if let Some(typed) = booking.typed_reference().filter(|_| is_unknown) {
            let why = format!("The server knows no booking {}.", booking.asked.shown());
            cx.then(Next::LookUp(typed, Some(why)));
        }
    }
}

fn turn(booking: &mut Booking, way: Way) {
    // From another view the section that was shown comes back first.
    if booking.view == View::Sections {
        let count = SECTIONS.len() + usize::from(booking.tenant.is_some());
        booking.section = way.turn(booking.section, count);
    }
    booking.view = View::Sections;
    booking.detail.top = 0;
}

fn toggle(booking: &mut Booking, view: View, cx: &Cx) {
    booking.detail.top = 0;
    booking.led_from = None;
    booking.view = if booking.view == view { View::Sections } else { view };
    if booking.view == View::Ledger && booking.ledger == Scroll::default() {
        begin_at_today(booking, cx);
    }
}

/// The ledger begins where it matters: at the last row up to today, with what is to come below it.
fn begin_at_today(booking: &mut Booking, cx: &Cx) {
    let height = lines(booking, cx).map_or(0, |(_, height)| height);
    let Some(content) = &booking.content else { return };
    let cursor = content.report.ledger.until_today.saturating_sub(1);
    booking.ledger = Scroll { cursor, top: cursor.saturating_sub(height / 2) };
}

fn toggle_tenant(booking: &mut Booking, cx: &mut Cx) {
    let Some(tenant) = &mut booking.tenant else { return };
    tenant.is_in_ledger = !tenant.is_in_ledger;
    let words = if tenant.is_in_ledger { "stand below the ledger" } else { "are left out" };
    cx.say(format!("Tenant payments {words}; no balance counts them."));
}

/// Lines of the view that is no table, and the lines of the screen for them.
fn lines(booking: &Booking, cx: &Cx) -> Option<(usize, usize)> {
    let content = booking.content.as_ref()?;
    let area = cx.layout.table;
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

pub fn settle(booking: &mut Booking, cx: &Cx) {
    if let Some((lines, height)) = lines(booking, cx).filter(|(_, height)| *height > 0) {
        booking.scroll_mut().settle(lines, height);
    }
}

pub fn click(booking: &mut Booking, x: u16, y: u16, cx: &mut Cx) {
    let region = cx.layout.table;
    let is_inside = (region.x..region.right()).contains(&x);
    let header = u16::from(booking.view != View::Checks);
    let Some(line) = y.checked_sub(region.y + header).filter(|_| is_inside && y < region.bottom())
    else {
        return;
    };
    let line = usize::from(line);
    if let Some(table) = booking.shown_table_mut() {
        if table.top() + line < table.len() {
            table.go_to_row(table.top() + line);
        }
    } else if let Some((lines, _)) = lines(booking, cx) {
        let scroll = booking.scroll_mut();
        if scroll.top + line < lines {
            scroll.cursor = scroll.top + line;
        }
    }
    booking.detail.top = 0;
}

/// Goes from a line of the ledger or of the checks to its rows in their section.
fn lead(booking: &mut Booking, cx: &mut Cx) {
    let rows = match booking.view {
        View::Checks => {
            let lines = findings::lines(booking, findings::room(cx.layout.table.width));
            lines.get(booking.checks.cursor).map(|line| line.rows.clone()).unwrap_or_default()
        }
        _ => booking.selected_place().into_iter().collect(),
    };
    if rows.is_empty() {
        return match booking.selected_record() {
            Some(record) if record.spec().is_of_payments() => {
                let opened = payments::of_row(record, cx);
                if let Some(screen) = cx.done(opened) {
                    cx.push(screen);
                }
            }
            // A scheduled payment stands in no section.
            Some(_) if booking.view == View::Ledger => {
                table::act(booking, Action::Detail, cx);
            }
            _ => cx.say("No rows belong to this line."),
        };
    }
    booking.lead_to(&rows);
    booking.detail.top = 0;
    let is_led_to = |(at, _): &(usize, _)| rows.iter().any(|row| row.role as usize == *at);
    let sections = SECTIONS.iter().enumerate().filter(is_led_to);
    let mut sections: Vec<&str> = sections.map(|(_, kind)| kind.title).collect();
    sections.dedup();
    let count = if rows.len() == 1 { "1 row".to_owned() } else { format!("{} rows", rows.len()) };
    cx.say(format!("{count} marked in {}; {{back}} goes back.", sections.join(", ")));
}

/// A cell that names another booking opens that; any other shows the record.
fn open_from_cell(booking: &mut Booking, cx: &mut Cx) {
    let Some(record) = booking.selected_record() else { return };
    if record.spec().is_of_payments() {
        if let Some(screen) = cx.done(payments::of_row(record, cx)) {
            cx.push(screen);
        }
        return;
    }
    let field = booking.shown_table().map_or(0, Table::field);
    let is_other = |named: &crate::domain::text::Untrusted| {
        named != booking.reference() && *named != booking.asked
    };
    match reference_in_cell(record, field).filter(is_other) {
        Some(reference) => cx.push(Booking::opening(reference, None)),
        None => {
            table::act(booking, Action::Detail, cx);
        }
    }
}
