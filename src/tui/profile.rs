//! Profiles: which customer is shown. The switch itself starts a new TUI.

use super::behind::FromHome;
use super::cx::{Cx, Next};
use super::effect::Effect;
use super::keymap::{Action, Scope};
use super::landing::{AllView, Destination, Visit};
use super::stack::Tui;
use crate::command::Command;
use crate::domain::customer::CustomerKey;
use crate::filter::query::LARGEST_PAGE;
use crate::hub::HubEvent;
use crate::triage::memory::{Collision, Memory};

const TO_CREATE: &str = "To create one, quit and run: valora auth login --profile NAME";

impl Cx {
    pub fn why_no_profiles(&self) -> Option<String> {
        if let Some(why) = self.why_no_leaving() {
            return Some(why);
        }
        let why = if self.session.customer.is_demo() {
            "The demo has no profiles"
        } else {
            "There is no profile yet"
        };
        let has_none = self.profiles.is_empty() && !self.is_overview();
        has_none.then(|| format!("{why}. {TO_CREATE}"))
    }

    /// Opens a customer. What is shown stays until its token was read.
    pub fn visit(&mut self, visit: Visit) {
        if let Some(why) = self.why_no_leaving() {
            return self.tell(why);
        }
        self.switching = Some(visit.profile.clone());
        self.say_switching();
        self.effect(Effect::Go(Destination::Customer(visit)));
    }

    /// Goes back from a list to the home that opened it, else to all customers, if the user came from
    /// there.
    pub fn go_back_from_list(&mut self) {
        let is_opened = |from: &mut FromHome| {
            from.screen.is_none() && from.tab == self.tab && from.filters == self.list().filters()
        };
        match self.behind.home.clone().take_if(is_opened) {
            Some(from) => self.return_to_home(from),
            None => self.go_to_customers(),
        }
    }

    /// Shows the home again, and the list that it opened as it was before.
    pub fn return_to_home(&mut self, from: FromHome) {
        let FromHome { tab, filters, before, .. } = &from;
        let today = self.now.local.date();
        self.tab = *tab;
        if self.list().filters() == filters {
            if before.0 != *filters {
                // The home counts all rows of a list.
                self.list_mut().reach = LARGEST_PAGE as usize;
                self.set_filters(before.0.clone());
                self.notice = None;
            }
            self.list_mut().table.sort_by(before.1, today);
        }
        self.behind.home = Some(from);
        self.then(Next::Run(Command::Home));
    }

    pub fn go_to_customers(&mut self) {
        if let Some(why) = self.why_no_leaving().filter(|_| self.behind.customers) {
            self.tell(why);
        } else if self.behind.customers {
            self.effect(Effect::Go(Destination::Customers(AllView::Customers)));
        }
    }

    fn say_switching(&mut self) {
        if let Some(name) = &self.switching {
            self.tell(format!("Opening {name}… {}", self.words("{back} cancels")));
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
    /// The profiles as they are in the settings now, and those whose server or token is another now.
    pub fn follow(&mut self, profiles: &[String], changed: &[String]) {
        if let Some((screen, cx)) = self.customers_mut() {
            screen.follow(profiles, changed, cx);
        }
        if let Some((queue, cx)) = self.triage_all_mut() {
            queue.follow(profiles, changed, cx);
        }
    }

    pub fn reload_customers(&mut self) {
        if let Some((screen, _)) = self.customers_mut() {
            screen.reload_all();
        }
    }

    /// Reads the settings and loads all customers again, unless they are loading.
    pub(super) fn reload_all(&mut self) {
        let is_loading = self.customers().is_some_and(|screen| screen.progress().0 > 0);
        if is_loading {
            return self.cx.say("Customers are still loading.");
        }
        self.cx.effect(Effect::Go(Destination::Customers(AllView::Customers)));
    }

    pub fn left_for(&mut self, profile: &str) {
        if let Some((screen, _)) = self.customers_mut() {
            screen.left_for(profile);
        }
        let is_open = self.is_queue_open();
        if let Some((queue, cx)) = self.triage_all_mut() {
            queue.left_for(profile, cx);
            // A closed queue reads all decisions when it is opened again.
            if is_open {
                queue.reread_except(profile, cx);
            }
        }
    }

    /// Leaves the customer for the penalties of all customers.
    pub(super) fn go_to_triage_all(&mut self) {
        match self.cx.why_no_profiles() {
            Some(why) => self.cx.tell(why),
            None => self.cx.effect(Effect::Go(Destination::Customers(AllView::Penalties))),
        }
    }

    /// All customers without the queue above.
    pub fn show_customers(&mut self) {
        self.modals.clear();
        self.close_all();
    }

    pub(super) fn hub_reported(&mut self, event: HubEvent) {
        let queue = self.triage_all_mut().filter(|(queue, _)| queue.awaits(&event));
        if let Some((queue, cx)) = queue {
            return queue.accept(event, cx);
        }
        let accepted = self.customers_mut().map(|(screen, cx)| screen.accept(event, cx));
        self.cx.is_dirty = accepted.unwrap_or(false);
    }

    /// The file of decisions of a customer was read again.
    pub(super) fn decisions_reloaded(
        &mut self,
        customer: &CustomerKey,
        version: u64,
        memory: Memory,
    ) {
        if self.cx.session.customer == *customer {
            self.cx.take_decisions(version, memory);
            return;
        }
        let is_open = self.is_queue_open();
        if let Some((queue, cx)) = self.triage_all_mut().filter(|_| is_open) {
            cx.is_dirty = queue.reloaded(customer, version, memory, cx);
        } else {
            self.cx.is_dirty = false;
        }
    }

    /// Another session had decided about penalties of a customer.
    pub(super) fn collided(&mut self, customer: &CustomerKey, collisions: Vec<Collision>) {
        if self.cx.session.customer == *customer {
            if let Some((triage, cx)) = self.triage_mut() {
                triage.collided(collisions, cx);
            }
        } else if let Some((queue, cx)) = self.triage_all_mut() {
            queue.collided(customer, collisions, cx);
        }
    }

    /// Returns `true` if the action is ignored, because another profile is being loaded and the key
    /// was not meant for its screen. Cancels the switch if the action closes something.
    pub(super) fn swallow_while_switching(&mut self, action: Option<Action>) -> bool {
        let Some(name) = self.cx.switching.clone() else { return false };
        // The key that quits on a list closes other screens.
        let closes = match action {
            Some(Action::Quit) => !matches!(self.scope(), Scope::List | Scope::Customers),
            Some(Action::Back) => true,
            _ => false,
        };
        if closes {
            self.cx.switching = None;
            self.cx.tell(format!("{name} was not opened."));
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
    use crate::tui::landing::Landing;
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

    fn visit(profile: &str) -> Effect {
        let landing = Landing::Place;
        Effect::Go(Destination::Customer(Visit { profile: profile.to_owned(), landing }))
    }

    #[test]
    fn until_the_token_of_another_customer_was_read_no_key_changes_anything() {
        let mut model = model(CustomerKey::of_profile("b"), &["a", "b", "c"]);
        assert_eq!(press(&mut model, "P"), [Effect::Go(Destination::Customers(AllView::Overview))]);
        model.cx.visit(Visit { profile: "c".to_owned(), landing: Landing::Place });
        assert_eq!(std::mem::take(&mut model.cx.effects), [visit("c")]);
        assert_eq!(model.cx.notice.as_deref(), Some("Opening c… esc cancels"));
        assert_eq!(press(&mut model, "4 t : b d enter"), [], "no key changes anything now");
        assert_eq!((model.cx.tab, model.modal().is_none()), (0, true));
        assert_eq!(model.cx.notice.as_deref(), Some("Opening c… esc cancels"));
        assert_eq!(press(&mut model, "esc"), []);
        assert_eq!(model.cx.notice.as_deref(), Some("c was not opened."));
        press(&mut model, "b");
        model.cx.switching = Some("c".to_owned());
        assert_eq!(press(&mut model, "ctrl-c"), []);
        assert!(model.cx.switching.is_none() && model.modal().is_some(), "it closes nothing");
        press(&mut model, "esc");
        model.cx.notice = Some("c was not opened.".to_owned());
        let late = Msg::SwitchFailed("c".to_owned(), "too late".to_owned());
        assert_eq!(update(&mut model, at(1), late), [Effect::Redraw]);
        assert_eq!(model.cx.notice.as_deref(), Some("c was not opened."));
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
