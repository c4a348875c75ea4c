//! What a key does: the binding of the top scope, without repeats of a held key.

use crossterm::event::{KeyEvent, KeyEventKind};

use super::effect::Effect;
use super::keymap::{self, Action, Scope, no_key};
use super::modal::Stay;
use super::screen::booking::state::Booking;
use super::stack::Tui;
use crate::command::OF_LIST;
use crate::list::scheduled;

/// Milliseconds: the longest pause before a keyboard repeats a held key, and between the repeats.
const FIRST_REPEAT: u64 = 700;
const NEXT_REPEAT: u64 = 200;

impl Tui {
    pub(super) fn pressed(&mut self, key: &KeyEvent) {
        if key.kind == KeyEventKind::Release {
            self.cx.is_dirty = false;
            return;
        }
        self.cx.last_key = self.cx.now.elapsed;
        let name = keymap::name_of(key).unwrap_or_default();
        let binding = self.cx.looks.keymap.binding(self.scope(), &name);
        let had_notice = self.cx.notice.take().is_some();
        if self.swallow_while_switching(binding.map(|binding| binding.action)) {
            return;
        }
        let Some(binding) = binding else {
            let cx = &mut self.cx;
            let typed = self.modals.last_mut().is_some_and(|modal| modal.type_key(*key, cx));
            cx.is_dirty = had_notice || typed;
            return;
        };
        let now = self.cx.now.elapsed;
        let closed = self.closed_by.take();
        let was_held = closed.is_some_and(|(by, until)| by == name && now < until);
        let repeats_until = now + if was_held { NEXT_REPEAT } else { FIRST_REPEAT };
        if binding.action == Action::Quit && self.scope() == Scope::List && was_held {
            // A key that is held down to close screens must not quit the program.
            self.closed_by = Some((name, repeats_until));
            return self.cx.say("Press {quit} again to quit.");
        }
        let before = self.depth();
        self.act_with(binding.action, *key);
        self.carry_on();
        // ctrl-c is not held down by accident.
        if self.depth() < before && !name.starts_with("ctrl-") {
            self.closed_by = Some((name, repeats_until));
        }
    }

    fn depth(&self) -> usize {
        self.stack.len() + self.modals.len() + usize::from(self.scope() == Scope::Overview)
    }

    pub(super) fn act(&mut self, action: Action) {
        self.act_with(action, no_key());
    }

    fn act_with(&mut self, action: Action, key: KeyEvent) {
        match action {
            Action::Suspend => return self.cx.effect(Effect::Suspend),
            Action::Redraw => return self.cx.effect(Effect::Redraw),
            Action::Help => return self.open_help(),
            _ => {}
        }
        if let Some(modal) = self.modals.last_mut() {
            if modal.act(action, key, &mut self.cx) == Stay::Close {
                self.modals.pop();
            }
            return;
        }
        if let Some(why) = self.why_not(action) {
            return self.cx.tell(why);
        }
        match action {
            Action::Refresh | Action::RefreshAll => self.ask_to_refresh(action),
            Action::Lookup => {
                let typed = self.booking().and_then(Booking::typed_reference);
                self.look_up(typed.or_else(|| self.blocked_booking()).unwrap_or_default());
            }
            Action::Command => self.type_command(""),
            Action::Profiles => self.cx.pick_profile(),
            Action::PickTab => self.pick_tab(key),
            _ => self.with_top(|top, cx| top.act(action, cx)),
        }
    }

    /// The booking of a blocked payout: the key that opens bookings opens the debt there.
    fn blocked_booking(&self) -> Option<String> {
        let selected = self.top().selected(&self.cx);
        let blocked = selected.filter(|record| scheduled::is_blocked_by_debt(record))?;
        blocked.booking().map(|reference| reference.shown().into_owned())
    }

    pub fn why_not(&self, action: Action) -> Option<String> {
        if !self.modals.is_empty() {
            return None;
        }
        match action {
            Action::Profiles => self.cx.why_no_profiles(),
            _ => self.top().why_not(action, &self.cx),
        }
    }

    pub fn why_not_command(&self, name: &str) -> Option<String> {
        let is_refused = OF_LIST.contains(&name) && !self.top().shows_list();
        is_refused.then(|| "No list is shown here.".to_owned())
    }

    fn pick_tab(&mut self, key: KeyEvent) {
        match keymap::digit(key).and_then(|number| number.checked_sub(1)) {
            Some(tab) if tab < self.cx.lists.len() => self.show_tab(tab),
            _ => self.cx.tell(format!("There are {} lists.", self.cx.lists.len())),
        }
    }
}
