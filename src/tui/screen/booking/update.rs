//! Keys on a booking.

use std::path::PathBuf;

use crate::command::{Command, ListCommand};
use crate::conciliation::SECTIONS;
use crate::conciliation::row::{RowAt, is_same};
use crate::domain::money::counted;
use crate::domain::text::Untrusted;
use crate::export;
use crate::export::{BookingExport, Format};
use crate::filter::FilterValue;
use crate::list::debt;
use crate::list::record::Record;
use crate::tui::component::detail::Detail;
use crate::tui::component::table::Table;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Way};
use crate::tui::msg::Written;
use crate::tui::screen::booking::state::{Booking, BookingView, OpenedFrom, Scroll};
use crate::tui::screen::booking::view;
use crate::tui::screen::list::reference_in_cell;
use crate::tui::screen::table::NO_ROW;
use crate::tui::screen::{payments, table};

const LAST_LOADED: &str = "This is the last loaded booking of the list. In the list, {last} loads \
                           more.";

/// Goes one step back: cancels a refresh, else closes what was opened last.
pub fn back(booking: &mut Booking, cx: &mut Cx) {
    if booking.detail.is_zoomed && booking.detail.close() {
        return;
    }
    if booking.content.is_some() && booking.load.is_some() {
        // The loaded content stays.
        cx.refreshes.cancel();
        booking.cancel();
        cx.cancel_of(cx.here);
        booking.reassemble(cx.now);
        return cx.say("Cancelled. {refresh} refreshes.");
    }
    if booking.detail.close() {
        return;
    }
    if let Some(view) = booking.returns_to.take().filter(|_| booking.view == BookingView::Sections)
    {
        // The check may have marked rows in several sections.
        for table in booking.content.iter_mut().flat_map(|content| &mut content.tables) {
            table.unmark_all();
        }
        booking.view = view;
    } else if booking.view != BookingView::Sections {
        booking.view = BookingView::Sections;
    } else if !booking.shown_table_mut().is_some_and(Table::unmark_all) {
        cx.then(Next::Close);
    }
}

/// A reference that is not a booking may be that of a debt, or of one of its documents.
pub fn search_in_debt(booking: &Booking, cx: &mut Cx) {
    let typed = match &booking.opened_from {
        OpenedFrom::Text(typed) => &typed.reference,
        _ => &booking.asked,
    };
    let filter = FilterValue::named(&debt::SPEC, "search", typed.expose_raw());
    let Some(filter) = cx.ok_or_tell(filter.map_err(|error| error.to_string())) else { return };
    let list = ListCommand { filters: vec![filter], ..ListCommand::new(&debt::SPEC) };
    cx.then(Next::Run(Command::List(list)));
}

pub fn turn(booking: &mut Booking, way: Way) {
    // From another view, it first returns to the section shown before.
    if booking.view == BookingView::Sections {
        let count = booking.own_sections() + usize::from(booking.tenant.is_some());
        booking.section = way.turn(booking.section, count);
    }
    booking.view = BookingView::Sections;
    booking.detail.top = 0;
}

pub fn toggle(booking: &mut Booking, view: BookingView, cx: &Cx) {
    booking.detail.top = 0;
    booking.returns_to = None;
    booking.view = if booking.view == view { BookingView::Sections } else { view };
    if booking.view == BookingView::Ledger && booking.ledger == Scroll::default() {
        begin_at_today(booking, cx);
    }
}

/// The ledger starts at the last row up to today, with later rows below it.
fn begin_at_today(booking: &mut Booking, cx: &Cx) {
    let height = lines(booking, cx).map_or(0, |(_, height)| height);
    let Some(content) = &booking.content else { return };
    let cursor = content.report.ledger.past().saturating_sub(1);
    booking.ledger = Scroll { cursor, top: cursor.saturating_sub(height / 2) };
}

pub fn toggle_tenant(booking: &mut Booking, cx: &mut Cx) {
    let Some(tenant) = &mut booking.tenant else { return };
    tenant.is_in_ledger = !tenant.is_in_ledger;
    let words = if tenant.is_in_ledger { "shown below the ledger" } else { "hidden" };
    cx.tell(format!("Tenant payments are {words}. The running total does not include them."));
}

/// The number of lines of a view that is not a table, and the lines of the screen for them.
pub fn lines(booking: &Booking, cx: &Cx) -> Option<(usize, usize)> {
    booking.content.as_ref()?;
    let area = cx.layout.table;
    let height = usize::from(area.height);
    match booking.view {
        BookingView::Sections => None,
        BookingView::Ledger => Some((booking.ledger_lines(), height.saturating_sub(1))),
        BookingView::Checks => Some((view::check_lines(booking, area.width).len(), height)),
    }
}

/// The rows that belong to the line under the cursor.
fn rows_of_line(booking: &Booking, cx: &Cx) -> Vec<RowAt> {
    if booking.view == BookingView::Checks {
        let lines = view::check_lines(booking, cx.layout.table.width);
        return lines.get(booking.checks.cursor).map(|line| line.rows.clone()).unwrap_or_default();
    }
    booking.selected_row().into_iter().collect()
}

pub fn why_not_open(booking: &Booking, cx: &Cx) -> Option<String> {
    match booking.selected_record() {
        _ if booking.is_unknown() => None,
        Some(record) if record.spec().is_of_payments() => payments::of_row(record, cx).err(),
        None if booking.view == BookingView::Sections => Some(NO_ROW.to_owned()),
        None if rows_of_line(booking, cx).is_empty() => {
            Some("No rows belong to this line.".to_owned())
        }
        _ => None,
    }
}

/// Goes from a line of the ledger or of the checks to its rows in their sections.
pub fn show_rows(booking: &mut Booking, cx: &mut Cx) {
    let rows = rows_of_line(booking, cx);
    if rows.is_empty() {
        return match booking.selected_record() {
            Some(record) if record.spec().is_of_payments() => cx.push_payment(record),
            // A scheduled payment is in no section.
            _ => table::act(booking, Action::Detail, cx),
        };
    }
    booking.show_rows(&rows);
    booking.detail.top = 0;
    let is_marked = |(at, _): &(usize, _)| rows.iter().any(|row| row.role as usize == *at);
    let sections = SECTIONS.iter().enumerate().filter(is_marked);
    let mut sections: Vec<&str> = sections.map(|(_, kind)| kind.title).collect();
    sections.dedup();
    let count = counted(rows.len() as u64, "row");
    cx.tell(format!("{count} marked in {}. {}", sections.join(", "), cx.words("{back} returns.")));
}

/// Another booking that the cell under the cursor names.
pub fn other_booking(booking: &Booking) -> Option<Untrusted> {
    let table = booking.shown_table()?;
    let is_other = |named: &Untrusted| named != booking.reference() && *named != booking.asked;
    reference_in_cell(table.selected()?, table.field()).filter(is_other)
}

/// A cell that names another booking opens it; any other cell shows the record.
pub fn open_from_cell(booking: &mut Booking, cx: &mut Cx) {
    let Some(record) = booking.selected_record() else { return };
    if record.spec().is_of_payments() {
        return cx.push_payment(record);
    }
    match other_booking(booking) {
        Some(reference) => {
            let from = match booking.opened_from {
                OpenedFrom::List => OpenedFrom::List,
                _ => OpenedFrom::Elsewhere,
            };
            cx.push(Booking::opening(reference, from));
        }
        None => table::act(booking, Action::Detail, cx),
    }
}

/// Writes the booking to a path; the extension determines the format.
pub fn save(booking: &Booking, path: &str, cx: &mut Cx) -> Result<(), String> {
    let path = PathBuf::from(path);
    let format = Format::of_path(&path, Format::BOOKING)?;
    let Some(content) = &booking.content else { return Ok(()) };
    let export = BookingExport {
        customer: None,
        report: &content.report,
        sources: &booking.sources,
        tenant: booking.tenant_payments(),
        at: content.fetched.local,
        today: cx.now.local.date(),
        // It may be sent as it is.
        is_for_owner: true,
    };
    let missing = booking.missing().join("; ");
    let content = export::render(&export, cx.looks.output(format, ""))
        .map_err(|why| format!("Could not export as {}: {why}.", format.ending()))?;
    cx.effect(Effect::Save(path, content, Written { missing, ..Written::default() }));
    Ok(())
}

pub fn step_in_history(booking: &mut Booking, way: Way, cx: &mut Cx) {
    let Some(reference) = cx.history.step(way, &booking.asked) else { return };
    cx.history.keep(booking);
    cx.cancel_of(cx.here);
    let next = cx.history.seen(&reference);
    let next = next.unwrap_or_else(|| Booking::opening(reference, OpenedFrom::default()));
    // It replaces the other booking, so where that was opened from stays the same.
    let opened_from = std::mem::take(&mut booking.opened_from);
    let detail = Detail { top: 0, ..booking.detail };
    *booking = Booking { view: booking.view, opened_from, detail, ..next };
    booking.load_what_is_missing(cx);
}

/// The next or the previous booking of the list from which this one was opened, and its row there.
/// Fails with the reason if there is no such booking.
pub fn neighbor(booking: &Booking, way: Way, cx: &Cx) -> Result<(usize, Untrusted), String> {
    let (list, table) = (cx.list(), &cx.list().table);
    let here = table.selected().and_then(Record::booking);
    let Some(here) = here.filter(|_| booking.opened_from == OpenedFrom::List) else {
        return Err("This booking was not opened from a list.".to_owned());
    };
    let other = |row: usize| {
        let named = table.row(row)?.booking().filter(|named| !is_same(named, here))?;
        Some((row, named.clone()))
    };
    let from = table.cursor();
    let found = match way {
        Way::Forward => (from + 1..table.len()).find_map(other),
        Way::Back => (0..from).rev().find_map(other),
    };
    let why = match way {
        Way::Forward if list.has_more() => LAST_LOADED,
        Way::Forward => "This is the last booking of the list.",
        Way::Back => "This is the first booking of the list.",
    };
    found.ok_or_else(|| cx.words(why))
}

/// Opens the neighbor, and moves the cursor of the list to its row.
pub fn step_in_list(booking: &Booking, way: Way, cx: &mut Cx) {
    if let Some((row, reference)) = cx.ok_or_tell(neighbor(booking, way, cx)) {
        cx.list_mut().table.go_to_row(row);
        let next = Booking::opening(reference, OpenedFrom::List);
        cx.then(Next::PushOnRows(Box::new(Booking { view: booking.view, ..next })));
    }
}
