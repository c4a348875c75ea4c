//! The export of a booking: where it goes is asked first, and nothing is ever written over.

use std::path::PathBuf;

use tui_input::Input;

use crate::export;
use crate::export::{BookingExport, Format};
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Popup, Save};

/// Asks where to, with a name that is safe whatever the API calls the booking.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = model.bookings.last().filter(|booking| booking.content.is_some()) else {
        model.notice = Some("There is nothing to export yet.".to_owned());
        return Vec::new();
    };
    let name = export::file_name(booking.reference(), Format::Text, model.now.local.date());
    model.popup = Some(Popup::Save(Save { input: Input::new(name), problem: None, rows: None }));
    Vec::new()
}

/// Takes what was typed as the path; its ending says which form is written.
pub fn save(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(Popup::Save(Save { input, problem, .. })) = &mut model.popup else {
        return Vec::new();
    };
    let path = PathBuf::from(input.value().trim());
    let Some(booking) = model.bookings.last() else { return Vec::new() };
    let Some(content) = &booking.content else { return Vec::new() };
    let export = BookingExport {
        report: &content.report,
        sources: &booking.sources,
        at: content.fetched.local,
        today: now.local.date(),
    };
    let rendered = Format::of_path(&path, Format::BOOKING).and_then(|format| {
        let text = export::render(&export, format);
        text.map_err(|why| format!("It cannot be written as {}: {why}.", format.ending()))
    });
    match rendered {
        Ok(text) => {
            model.popup = None;
            vec![Effect::Save(path, text)]
        }
        Err(why) => {
            *problem = Some(why);
            Vec::new()
        }
    }
}
