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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::kept::Kept;
    use crate::app::model::Session;
    use crate::app::update::tests::{at, press};

    fn model(customer: CustomerKey, profiles: &[&str]) -> Model {
        let session = Session {
            environment: "PRODUCTION".to_owned(),
            place: "host".to_owned(),
            is_production: true,
            customer,
        };
        let mut model = Model::new(session, Kept::default(), (80, 24), at(0));
        model.profiles = profiles.iter().map(|name| (*name).to_owned()).collect();
        model
    }

    #[test]
    fn another_profile_is_asked_for_by_its_name_and_the_one_shown_is_not() {
        let mut model = model(CustomerKey::of_profile("b"), &["a", "b", "c"]);
        assert_eq!(press(&mut model, "P enter"), [], "the cursor is on the one that is shown");
        assert_eq!(model.notice.as_deref(), Some("b is shown already."));
        assert_eq!(press(&mut model, "P j enter"), [Effect::Switch("c".to_owned())]);
        assert_eq!(model.notice.as_deref(), Some("Reading the token of c…"));
        assert_eq!(press(&mut model, "P d esc"), [], "nothing is removed there");
        assert_eq!(model.profiles.len(), 3);
    }

    #[test]
    fn where_there_is_none_the_notice_says_how_to_make_one() {
        for customer in [CustomerKey::demo(), CustomerKey::of_fingerprint("x")] {
            let mut model = model(customer, &[]);
            assert_eq!(press(&mut model, "P"), []);
            assert!(model.notice.unwrap().contains("valora auth login --profile NAME"));
            assert!(model.popup.is_none());
        }
    }
}
