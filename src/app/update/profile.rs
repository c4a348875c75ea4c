//! Profiles: which customer is shown. The switch itself is made outside of the app, with a new model.

use crate::app::effect::Effect;
use crate::app::model::{Model, Pick, Picked, Popup};
use crate::domain::customer::CustomerKey;

/// How a profile is made, for whoever has none.
const TO_MAKE_ONE: &str = "quit, and run: valora auth login --profile NAME";

/// Lists the profiles, the cursor on the one that is shown.
pub(super) fn open(model: &mut Model) {
    if model.profiles.is_empty() {
        let why = if model.session.customer == CustomerKey::demo() {
            "The demo shows one made-up customer"
        } else {
            "There is no profile"
        };
        model.notice = Some(format!("{why}. To make one, {TO_MAKE_ONE}"));
        return;
    }
    let here = model.session.customer.profile();
    let cursor = model.profiles.iter().position(|name| Some(name) == here.as_ref());
    let entries = model.profiles.iter().map(|name| {
        let mark = if Some(name) == here.as_ref() { " (shown)" } else { "" };
        format!("{name}{mark}")
    });
    model.popup = Some(Popup::Pick(Pick {
        title: "Profiles".to_owned(),
        entries: entries.collect(),
        cursor: cursor.unwrap_or(0),
        then: Picked::Profile,
    }));
}

/// Asks for the profile at this place. What is shown stays until its token was found.
pub(super) fn switch(model: &mut Model, cursor: usize) -> Vec<Effect> {
    let Some(name) = model.profiles.get(cursor).cloned() else { return Vec::new() };
    if model.session.customer.profile().as_ref() == Some(&name) {
        model.notice = Some(format!("{name} is shown already."));
        return Vec::new();
    }
    model.notice = Some(format!("Reading the token of {name}…"));
    vec![Effect::Switch(name)]
}
