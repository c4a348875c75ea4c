//! Profiles: which customer is shown. The switch itself is made outside of the app, with a new model.

use crate::domain::customer::CustomerKey;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Scope};
use crate::tui::model::{Model, Pick, Picked, Popup};

/// How a profile is made, for whoever has none.
const TO_MAKE_ONE: &str = "quit, and run: valora auth login --profile NAME";

/// Lists the profiles, the cursor on the one that is shown.
pub fn open(model: &mut Model) {
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
pub fn switch(model: &mut Model, cursor: usize) -> Vec<Effect> {
    let Some(name) = model.profiles.get(cursor).cloned() else { return Vec::new() };
    if model.session.customer.profile().as_ref() == Some(&name) {
        model.notice = Some(format!("{name} is shown already."));
        return Vec::new();
    }
    model.switching = Some(name.clone());
    say_switching(model);
    vec![Effect::Switch(name)]
}

fn say_switching(model: &mut Model) {
    if let Some(name) = &model.switching {
        model.notice = Some(format!("Switching to {name}… esc cancels"));
    }
}

/// Takes a key while a profile is being switched to. What is typed now would land in the other
/// customer's screen, so only what cancels, ends or redraws passes.
pub fn held(model: &mut Model, key: &str, action: Option<Action>) -> bool {
    let Some(name) = model.switching.clone() else { return false };
    // The key that quits on a list closes other screens.
    let closes = match action {
        Some(Action::Quit) => model.scope() != Scope::List,
        Some(Action::Back) => true,
        _ => key == "esc",
    };
    if closes {
        model.switching = None;
        model.notice = Some(format!("Not switched to {name}."));
        return true;
    }
    let passes = matches!(action, Some(Action::Quit | Action::Suspend | Action::Redraw));
    if !passes {
        say_switching(model);
    }
    !passes
}

/// The token of the profile was not found. A program that was asked for it may have written on the
/// screen.
pub fn failed(model: &mut Model, name: &str, why: String) -> Vec<Effect> {
    if model.switching.as_deref() == Some(name) {
        model.switching = None;
        model.notice = Some(why);
    }
    vec![Effect::Redraw]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::persisted::PersistedState;
    use crate::tui::model::Session;
    use crate::tui::msg::Msg;
    use crate::tui::tests::at;
    use crate::tui::tests::press;
    use crate::tui::update::update;

    fn model(customer: CustomerKey, profiles: &[&str]) -> Model {
        let session = Session {
            environment: "PRODUCTION".to_owned(),
            place: "host".to_owned(),
            is_production: true,
            customer,
        };
        let mut model = Model::new(session, PersistedState::default(), (80, 24), at(0));
        model.profiles = profiles.iter().map(|name| (*name).to_owned()).collect();
        model
    }

    #[test]
    fn another_profile_is_asked_for_by_its_name_and_the_one_shown_is_not() {
        let mut model = model(CustomerKey::of_profile("b"), &["a", "b", "c"]);
        assert_eq!(press(&mut model, "P enter"), [], "the cursor is on the one that is shown");
        assert_eq!(model.notice.as_deref(), Some("b is shown already."));
        assert_eq!(press(&mut model, "P j enter"), [Effect::Switch("c".to_owned())]);
        assert_eq!(model.notice.as_deref(), Some("Switching to c… esc cancels"));
        assert_eq!(press(&mut model, "4 t : b d enter"), [], "no key changes anything now");
        assert_eq!((model.tab, model.popup.is_none()), (0, true));
        assert_eq!(model.notice.as_deref(), Some("Switching to c… esc cancels"));
        assert_eq!(press(&mut model, "esc"), []);
        assert_eq!(model.notice.as_deref(), Some("Not switched to c."));
        press(&mut model, "b");
        model.switching = Some("c".to_owned());
        assert_eq!(press(&mut model, "ctrl-c"), []);
        assert!(model.switching.is_none() && model.popup.is_some(), "it closes nothing");
        press(&mut model, "esc");
        model.notice = Some("Not switched to c.".to_owned());
        let late = Msg::SwitchFailed("c".to_owned(), "too late".to_owned());
        assert_eq!(update(&mut model, at(1), late), [Effect::Redraw]);
        assert_eq!(model.notice.as_deref(), Some("Not switched to c."));
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
