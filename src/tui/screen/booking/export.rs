//! The export of a booking: where it goes is asked first, and nothing is ever written over.

use std::path::PathBuf;

use super::state::Booking;
use crate::export::{self, BookingExport, Format};
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::modal::prompt::{Prompt, PromptAction};

/// Asks where to, with a name that is safe whatever the API calls the booking.
pub fn ask(booking: &Booking, cx: &mut Cx) {
    let name = export::file_name(booking.reference(), Format::Text, cx.now.local.date());
    cx.open(Prompt::new(name, PromptAction::ExportBooking));
}

/// Writes it to a path, whose ending says in which form.
pub fn save(booking: &Booking, path: &str, cx: &mut Cx) -> Result<(), String> {
    let path = PathBuf::from(path);
    let format = Format::of_path(&path, Format::BOOKING)?;
    let Some(content) = &booking.content else { return Ok(()) };
    let export = BookingExport {
        report: &content.report,
        sources: &booking.sources,
        at: content.fetched.local,
        today: cx.now.local.date(),
    };
    let text = export::render(&export, format)
        .map_err(|why| format!("It cannot be written as {}: {why}.", format.ending()))?;
    cx.effect(Effect::Save(path, text));
    Ok(())
}
