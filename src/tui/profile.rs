//! Profiles: which customer is shown. The switch itself starts a new TUI.

use super::cx::Cx;
use super::effect::Effect;
use super::keymap::{Action, Scope};
use super::modal::pick::{Pick, PickAction};
use super::stack::Tui;

const TO_CREATE: &str = "To create one, quit and run: valora auth login --profile NAME";

impl Cx {
    pub fn why_no_profiles(&self) -> Option<String> {
        let why = if self.session.customer.is_demo() {
            "The demo has no profiles"
        } else {
            "There is no profile yet"
        };
        self.profiles.is_empty().then(|| format!("{why}. {TO_CREATE}"))
    }

    pub fn pick_profile(&mut self) {
        let here = self.session.customer.profile();
        let cursor = self.profiles.iter().position(|name| Some(name) == here.as_ref());
        let entries = self.profiles.iter().map(|name| {
            let mark = if Some(name) == here.as_ref() { " (current)" } else { "" };
            format!("{name}{mark}")
        });
        let pick = Pick::new("Profiles", entries.collect(), PickAction::Profile);
        self.open(Pick { cursor: cursor.unwrap_or(0), ..pick });
    }

    /// The current customer is shown until the token of the other one is found.
    pub fn switch_profile(&mut self, index: usize) {
        let Some(name) = self.profiles.get(index).cloned() else { return };
        if self.session.customer.profile().as_ref() == Some(&name) {
            return self.tell(format!("{name} is already shown."));
        }
        self.switching = Some(name.clone());
        self.say_switching();
        self.effect(Effect::Switch(name));
    }

    fn say_switching(&mut self) {
        if let Some(name) = &self.switching {
            self.tell(format!("Switching to {name}… {}", self.words("{back} cancels")));
        }
    }

    /// Redraws: the program that was asked for the token may have written on the screen.
    pub fn switch_failed(&mut self, name: &str, why: String) {
        if self.switching.as_deref() == Some(name) {
            self.switching = None;
            self.tell(why);
        }
        self.effect(Effect::Redraw);
    }
}

impl Tui {
    /// Returns `true` if the action is ignored, because another profile is being loaded and the key
    /// was not meant for its screen. Cancels the switch if the action closes something.
    pub(super) fn swallow_while_switching(&mut self, action: Option<Action>) -> bool {
        let Some(name) = self.cx.switching.clone() else { return false };
        // The key that quits on a list closes other screens.
        let closes = match action {
            Some(Action::Quit) => self.scope() != Scope::List,
            Some(Action::Back) => true,
            _ => false,
        };
        if closes {
            self.cx.switching = None;
            self.cx.tell(format!("Not switched to {name}."));
            return true;
        }
        let passes = matches!(action, Some(Action::Quit | Action::Suspend | Action::Redraw));
        if !passes {
            self.cx.say_switching();
        }
        !passes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Session;
    use crate::domain::customer::CustomerKey;
    use crate::state::persisted::PersistedState;
    use crate::tui::msg::Msg;
    use crate::tui::tests::at;
    use crate::tui::tests::press;
    use crate::tui::update::update;

    fn model(customer: CustomerKey, profiles: &[&str]) -> Tui {
        let session = Session {
            environment: "PRODUCTION".to_owned(),
            place: "host".to_owned(),
            is_production: true,
            customer,
        };
        let mut model = Tui::new(session, PersistedState::default(), (80, 24), at(0));
        model.cx.profiles = profiles.iter().map(|name| (*name).to_owned()).collect();
        model
    }

    #[test]
    fn another_profile_is_asked_for_by_its_name_and_the_one_shown_is_not() {
        let mut model = model(CustomerKey::of_profile("b"), &["a", "b", "c"]);
        assert_eq!(press(&mut model, "P enter"), [], "the cursor is on the one that is shown");
        assert_eq!(model.cx.notice.as_deref(), Some("b is already shown."));
        assert_eq!(press(&mut model, "P j enter"), [Effect::Switch("c".to_owned())]);
        assert_eq!(model.cx.notice.as_deref(), Some("Switching to c… esc cancels"));
        assert_eq!(press(&mut model, "4 t : b d enter"), [], "no key changes anything now");
        assert_eq!((model.cx.tab, model.modal().is_none()), (0, true));
        assert_eq!(model.cx.notice.as_deref(), Some("Switching to c… esc cancels"));
        assert_eq!(press(&mut model, "esc"), []);
        assert_eq!(model.cx.notice.as_deref(), Some("Not switched to c."));
        press(&mut model, "b");
        model.cx.switching = Some("c".to_owned());
        assert_eq!(press(&mut model, "ctrl-c"), []);
        assert!(model.cx.switching.is_none() && model.modal().is_some(), "it closes nothing");
        press(&mut model, "esc");
        model.cx.notice = Some("Not switched to c.".to_owned());
        let late = Msg::SwitchFailed("c".to_owned(), "too late".to_owned());
        assert_eq!(update(&mut model, at(1), late), [Effect::Redraw]);
        assert_eq!(model.cx.notice.as_deref(), Some("Not switched to c."));
        assert_eq!(press(&mut model, "P d esc"), [], "nothing is removed there");
        assert_eq!(model.cx.profiles.len(), 3);
    }

    #[test]
    fn where_there_is_none_the_notice_says_how_to_make_one() {
        for customer in [CustomerKey::demo(), CustomerKey::of_fingerprint("x")] {
            let mut model = model(customer, &[]);
            assert_eq!(press(&mut model, "P"), []);
            assert!(model.cx.notice.as_ref().unwrap().contains("valora auth login --profile NAME"));
            assert!(model.modal().is_none());
        }
    }
}
