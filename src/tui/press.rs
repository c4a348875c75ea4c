//! What a key does: the binding of the top scope, without repeats of a held key.

use crossterm::event::{KeyEvent, KeyEventKind};

use super::effect::Effect;
use super::keymap::{self, Action, Scope, no_key};
use super::landing::{AllView, Destination};
use super::modal::Stay;
use super::screen::booking::state::Booking;
use super::stack::Tui;
use crate::command::OF_LIST;
use crate::list::scheduled;

/// Milliseconds: the longest pause before a keyboard repeats a held key, and between the repeats.
const FIRST_REPEAT: u64 = 700;
const NEXT_REPEAT: u64 = 200;
/// Milliseconds between keys that no person presses: they are pasted.
const PASTED: u64 = 50;
/// Most keys that are explained in a session.
const MOST_EXPLAINED: usize = 64;

pub const OPEN_FIRST: &str = "Open a customer first.";
/// The commands that work while all customers are shown.
const OF_ALL: [&str; 9] =
    ["customers", "triage", "sort", "columns", "theme", "mouse", "quit", "help", "booking"];

const OTHER_LAYOUT: &str = "valora's keys are Latin letters. Switch the keyboard layout, or set \
     other keys under [keys] in the settings (valora help keys).";

/// ASCII and the letters with accents of Western and Central European keyboards.
fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

impl Tui {
    pub(super) fn pressed(&mut self, key: &KeyEvent) {
        if key.kind == KeyEventKind::Release {
            self.cx.is_dirty = false;
            return;
        }
        let is_fast = self.is_fast(key);
        self.cx.last_key = self.cx.now.elapsed;
        let name = keymap::name_of(key).unwrap_or_default();
        let binding = self.cx.looks.keymap.binding(self.scope(), &name);
        let binding = binding.filter(|binding| self.has(binding.action));
        let notice = self.cx.notice.take();
        if is_fast && self.modals.last_mut().is_some_and(|modal| modal.refuses_paste()) {
            return;
        }
        if self.swallow_while_switching(binding.map(|binding| binding.action)) {
            return;
        }
        let Some(binding) = binding else {
            return self.pressed_unbound(key, notice);
        };
        let now = self.cx.now.elapsed;
        let closed = self.closed_by.take();
        let was_held = closed.is_some_and(|(by, until)| by == name && now < until);
        let repeats_until = now + if was_held { NEXT_REPEAT } else { FIRST_REPEAT };
        if binding.action == Action::Quit
            && self.stack.is_empty()
            && self.modals.is_empty()
            && was_held
        {
            // A key that is held down to close screens must not quit the program.
            self.closed_by = Some((name, repeats_until));
            return self.cx.say("Press {quit} again to quit.");
        }
        let before = self.depth();
        let was_quitting = self.cx.writes.is_quitting();
        self.act_with(binding.action, *key);
        self.carry_on();
        let begins_quitting = self.cx.writes.is_quitting() && !was_quitting;
        // ctrl-c is not held down by accident.
        if (self.depth() < before || begins_quitting) && !name.starts_with("ctrl-") {
            self.closed_by = Some((name, repeats_until));
        }
    }

    /// Returns `true` for text or `enter` that follows another key faster than a person types: some
    /// terminals send a paste as keys. A key that is held down repeats itself.
    fn is_fast(&mut self, key: &KeyEvent) -> bool {
        let now = self.cx.now.elapsed;
        let last = self.last_pressed.replace((*key, now));
        keymap::is_of_paste(key)
            && last.is_some_and(|(last, at)| last.code != key.code && now < at + PASTED)
    }

    fn pressed_unbound(&mut self, key: &KeyEvent, notice: Option<String>) {
        let cx = &mut self.cx;
        let typed = self.modals.last_mut().is_some_and(|modal| modal.type_key(*key, cx));
        cx.is_dirty = typed || notice.is_some();
        let Some((key, why)) = self.why_no_function(key) else { return };
        let now = self.cx.now.elapsed;
        let last = self.last_unbound.replace(now);
        let is_pasted = last.is_some_and(|last| now < last + PASTED);
        let has_room = self.explained.len() < MOST_EXPLAINED;
        if !is_pasted && has_room && self.explained.insert((self.scope(), key)) {
            self.cx.is_dirty = true;
            self.cx.tell(why);
        } else if is_pasted || notice.as_ref() == Some(&why) {
            // Pasted text has one notice; so has a key that is held down.
            self.cx.is_dirty = false;
            self.cx.notice = notice;
        }
    }

    /// A key as it is remembered, and what is said about it; `None` where text is typed, and for keys
    /// with ctrl or alt.
    fn why_no_function(&mut self, key: &KeyEvent) -> Option<(String, String)> {
        let scope = self.scope();
        if self.modals.last_mut().is_some_and(|modal| modal.input().is_some()) {
            return None;
        }
        if keymap::character(key).is_some_and(|c| c.is_alphabetic() && !is_latin(c)) {
            // One sentence for all of them.
            return Some((OTHER_LAYOUT.to_owned(), OTHER_LAYOUT.to_owned()));
        }
        let name = keymap::plain_name(key)?;
        let has_help = keymap::bindings_in(scope).any(|binding| binding.action == Action::Help);
        let help = if has_help { self.cx.words("; {help} lists the keys") } else { String::new() };
        let why = format!("{name} does nothing here{help}.");
        Some((name, why))
    }

    fn depth(&self) -> usize {
        self.stack.len() + self.modals.len() + usize::from(self.scope() == Scope::Overview)
    }

    pub(super) fn act(&mut self, action: Action) {
        self.act_with(action, no_key());
    }

    fn act_with(&mut self, action: Action, key: KeyEvent) {
        match action {
            Action::Suspend => return self.cx.suspend(),
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
        if action == Action::Back && self.cx.stay() {
            return;
        }
        match action {
            Action::Refresh if self.cx.is_overview() => {
                // At once: later, another customer may be under the cursor.
                self.with_top(super::screen::Behavior::refresh);
            }
            // The hub loads it: nothing is requested besides.
            Action::RefreshAll if self.cx.is_overview() && !self.stack.is_empty() => {
                self.with_top(|top, cx| top.act(action, cx));
            }
            Action::RefreshAll if self.cx.is_overview() => self.reload_all(),
            Action::Refresh | Action::RefreshAll => self.ask_to_refresh(action),
            Action::Lookup => {
                let typed = self.booking().and_then(Booking::typed_reference);
                self.look_up(typed.or_else(|| self.blocked_booking()).unwrap_or_default());
            }
            Action::Command => self.type_command(""),
            Action::Profiles => {
                self.cx.effect(Effect::Go(Destination::Customers(AllView::Overview)));
            }
            Action::Home => self.show_home(),
            Action::PickTab => self.pick_tab(key),
            Action::Writes => self.open_writes(),
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
            Action::Writes => self.why_no_write(),
            _ => self.top().why_not(action, &self.cx),
        }
    }

    pub fn why_not_command(&self, name: &str) -> Option<String> {
        if self.cx.is_overview() && !OF_ALL.contains(&name) {
            return Some(OPEN_FIRST.to_owned());
        }
        let is_refused = OF_LIST.contains(&name) && !self.top().shows_list();
        is_refused.then(|| "No list is shown here.".to_owned())
    }

    fn pick_tab(&mut self, key: KeyEvent) {
        match keymap::digit(key).and_then(|number| number.checked_sub(1)) {
            Some(tab) if tab < self.cx.lists.len() => self.show_tab(tab),
            _ => self.cx.tell(format!("The lists are numbered 1 to {}.", self.cx.lists.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;
    use crate::tui::modal::help::Help;
    use crate::tui::modal::reader::Reader;
    use crate::tui::modal::search::Search;
    use crate::tui::msg::Msg;
    use crate::tui::tests::sentences::drawn;
    use crate::tui::tests::{loaded, pass_a_second, press};
    use crate::tui::update::update;

    fn notice(tui: &Tui) -> &str {
        tui.cx.notice.as_deref().unwrap_or_default()
    }

    #[test]
    fn a_key_without_a_function_says_so_once_on_each_screen() {
        let mut tui = loaded(5);
        press(&mut tui, "d");
        assert_eq!(notice(&tui), "d does nothing here; ? lists the keys.");
        tui.cx.is_dirty = false;
        press(&mut tui, "d d d");
        assert_eq!(notice(&tui), "d does nothing here; ? lists the keys.", "it is held down");
        assert!(!tui.cx.is_dirty);
        press(&mut tui, "j");
        assert_eq!(notice(&tui), "");
        tui.cx.is_dirty = false;
        press(&mut tui, "d");
        assert_eq!((notice(&tui), tui.cx.is_dirty), ("", false));
        pass_a_second(&mut tui);
        press(&mut tui, "é");
        assert_eq!(notice(&tui), "é does nothing here; ? lists the keys.");
        pass_a_second(&mut tui);
        press(&mut tui, "enter d");
        assert_eq!(notice(&tui), "d does nothing here; ? lists the keys.", "another screen");
        pass_a_second(&mut tui);
        press(&mut tui, "q v z");
        assert_eq!(notice(&tui), "z does nothing here.", "a popup has its keys in its border");
    }

    fn press_with(tui: &mut Tui, code: KeyCode, modifiers: KeyModifiers) {
        let now = tui.cx.now;
        update(tui, now, Msg::Key(KeyEvent::new(code, modifiers)));
    }

    #[test]
    fn a_key_with_a_name_says_so_too() {
        for (keys, code, name) in [
            ("j", KeyCode::Backspace, "backspace"),
            ("j", KeyCode::Delete, "delete"),
            ("j", KeyCode::Insert, "insert"),
            ("j", KeyCode::F(2), "f2"),
            ("j", KeyCode::F(12), "f12"),
            ("4 t", KeyCode::Left, "left"),
            ("4 t t", KeyCode::Tab, "tab"),
        ] {
            let mut tui = loaded(5);
            press(&mut tui, keys);
            press_with(&mut tui, code, KeyModifiers::NONE);
            assert_eq!(notice(&tui), format!("{name} does nothing here; ? lists the keys."));
        }
    }

    #[test]
    fn a_key_with_ctrl_and_typed_text_say_nothing() {
        for keys in ["ctrl-x", "ctrl-1", "/ d", "f d", ": d", "? d", "b d"] {
            let mut tui = loaded(5);
            press(&mut tui, keys);
            assert_eq!(notice(&tui), "", "{keys}");
        }
        for (keys, code, modifiers) in [
            ("j", KeyCode::F(1), KeyModifiers::CONTROL),
            ("j", KeyCode::Delete, KeyModifiers::CONTROL),
            ("j", KeyCode::Null, KeyModifiers::NONE),
            ("/", KeyCode::Delete, KeyModifiers::NONE),
            ("b", KeyCode::F(2), KeyModifiers::NONE),
        ] {
            let mut tui = loaded(5);
            press(&mut tui, keys);
            press_with(&mut tui, code, modifiers);
            assert_eq!((notice(&tui), tui.cx.is_dirty), ("", false), "{code:?}");
        }
    }

    #[test]
    fn a_text_that_covers_the_notice_shows_it_in_its_border() {
        let why = "/ does nothing here; ? lists the keys.";
        for lines in [3, 300] {
            let mut tui = loaded(5);
            let text = (0..lines).map(|line| format!("line {line}")).collect();
            tui.cx.open(Reader::new(
                "A title that is as wide as the sentence in the border".to_owned(),
                text,
            ));
            tui.carry_on();
            press(&mut tui, "/");
            assert_eq!(drawn(&tui).matches(why).count(), 1, "{}", drawn(&tui));
        }
    }

    #[test]
    fn pasted_text_has_one_notice() {
        let mut tui = loaded(5);
        press(&mut tui, "d é Q");
        assert_eq!(notice(&tui), "d does nothing here; ? lists the keys.");
        pass_a_second(&mut tui);
        press(&mut tui, "é");
        assert_eq!(notice(&tui), "é does nothing here; ? lists the keys.");
    }

    #[test]
    fn no_number_of_keys_fills_the_memory() {
        let mut tui = loaded(5);
        for key in ('\u{c0}'..='\u{17f}').map(String::from) {
            pass_a_second(&mut tui);
            press(&mut tui, &key);
        }
        assert_eq!(tui.explained.len(), MOST_EXPLAINED);
    }

    #[test]
    fn a_letter_of_another_keyboard_layout_says_once_what_to_do() {
        let mut tui = loaded(5);
        press(&mut tui, "й");
        assert_eq!(notice(&tui), OTHER_LAYOUT);
        press(&mut tui, "j ц λ ש ع");
        assert_eq!(notice(&tui), "");
        let (keymap, faults) = keymap::Keymap::with([("refresh", vec!["й"])]);
        assert_eq!(faults, []);
        let mut tui = loaded(5);
        tui.cx.looks.keymap = keymap;
        assert!(!press(&mut tui, "й").is_empty(), "it is a key of the user's");
    }

    #[test]
    fn f1_is_help_wherever_the_usual_key_is_and_is_not_typed() {
        for keys in ["2", "enter", "4 t", "x"] {
            let mut tui = loaded(5);
            press(&mut tui, keys);
            press(&mut tui, "f1");
            assert!(tui.modal_of::<Help>().is_some(), "{keys}");
            press(&mut tui, "f1");
            assert!(tui.modal_of::<Help>().is_none(), "{keys}");
        }
        let mut tui = loaded(5);
        press(&mut tui, "/ 3 f1");
        assert_eq!(tui.modal_of::<Search>().unwrap().input.value(), "3");
    }
}
