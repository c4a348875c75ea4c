//! Writes on the screens: the menu, the lock, quitting, and the news of the engine.

use std::any::Any;

use super::cx::Cx;
use super::effect::{Effect, Priority};
use super::keymap::Action;
use super::modal::Modal;
use super::modal::prompt::{Prompt, PromptAction};
use super::modal::writes_menu::WritesMenu;
use super::modal::writing::lines::headline;
use super::modal::writing::{CHANGED, Writing};
use super::msg::Waiter;
use super::screen::audit::AuditScreen;
use super::stack::Tui;
use super::writes::{Ended, FoundOut, Quitting, WriteCommand, WriteNews, unknown_in_words};
use crate::domain::text::sanitize;
use crate::net::request::Request;
use crate::net::response::{Answer, wrong_answer};
use crate::payments::request::PaymentsRequest;
use crate::payments::write::{Write, WriteKind};
use crate::writes::offer::{Object, menu};
use crate::writes::outcome::{Outcome, Progress, Verdict};

const NOTHING_HERE: &str = "There is no payment or bank account to write to here.";
const STILL_WRITING: &str = "The write was sent: valora quits once it is answered, within 30 s. \
                             {quit} again quits at once; its outcome is then unknown. {back}: do not quit.";
const STOPPING: &str = "The write is stopped before it is sent; then valora quits.";
const NO_SUSPEND: &str =
    "A write is under way: valora is not suspended before the write is answered.";
const NO_LEAVING: &str =
    "A write is under way: wait for its outcome before you leave this profile.";
const UNSEEN: &str = "You have not seen the outcome of a write yet: {writes} shows it.";

fn modal_of<T: Modal>(modals: &mut [Box<dyn Modal>]) -> Option<&mut T> {
    let mut all = modals.iter_mut().rev();
    all.find_map(|modal| (modal.as_mut() as &mut dyn Any).downcast_mut())
}

impl Cx {
    /// Opens the lock, if this is the name of the profile.
    pub fn unlock_writes(&mut self, typed: &str) -> Result<(), String> {
        if typed != self.writes.profile {
            return Err(format!("This is not the name of the profile, {}.", self.writes.profile));
        }
        self.writes.open(self.now);
        self.tell("Writes are unlocked until 15 minutes after the last one.".to_owned());
        Ok(())
    }

    /// Quits, or first stops a write that is not sent yet, or waits for one that is being sent.
    pub fn quit(&mut self) {
        let stage = self.writes.under_way.as_ref().map(|it| it.stage);
        match stage {
            Some(_) if self.writes.is_quitting() => {
                self.effect(Effect::Quit);
            }
            Some(Progress::Checking) => {
                self.writes.quitting = Quitting::Stopping;
                self.stop_write();
                self.say(STOPPING);
            }
            Some(Progress::Sending | Progress::Looking { .. }) => {
                self.writes.quitting = Quitting::Waiting;
                self.say(STILL_WRITING);
            }
            // What is left are reads, which the next session repeats.
            Some(Progress::Waiting { .. }) | None => self.effect(Effect::Quit),
        }
    }

    /// Stops a write that is not sent yet. Returns `false` if no such write is under way.
    pub fn stop_write(&mut self) -> bool {
        let stage = self.writes.under_way.as_ref().map(|it| it.stage);
        let is_unsent = stage == Some(Progress::Checking);
        if is_unsent {
            self.effect(Effect::Write(WriteCommand::Stop));
        }
        is_unsent
    }

    /// Returns `true` if the program was about to quit after a write.
    pub fn stay(&mut self) -> bool {
        let is_quitting = self.writes.is_quitting();
        if is_quitting {
            self.writes.quitting = Quitting::No;
            self.tell("valora stays open.".to_owned());
        }
        is_quitting
    }

    /// Why no other profile can be shown now: what belongs to this one would be lost.
    pub fn why_no_leaving(&self) -> Option<String> {
        let why = if self.writes.under_way.is_some() { NO_LEAVING } else { UNSEEN };
        let is_held = self.writes.under_way.is_some() || !self.writes.unseen.is_empty();
        is_held.then(|| self.words(why))
    }

    /// Returns `true` if a write was confirmed while another profile was read, so that it cannot be
    /// shown now.
    pub fn stays_here(&mut self) -> bool {
        let Some(why) = self.why_no_leaving() else { return false };
        (self.switching, self.is_dirty) = (None, true);
        self.tell(why);
        true
    }

    /// Suspends the program, unless a write would then be sent later, or its answer be lost.
    pub fn suspend(&mut self) {
        if self.writes.is_sending() {
            self.tell(NO_SUSPEND.to_owned());
        } else {
            self.effect(Effect::Suspend);
        }
    }

    /// Looks up all writes with an unknown outcome, unless that is done already.
    pub fn find_out(&mut self) {
        if self.writes.begin_look() {
            self.effect(Effect::Write(WriteCommand::FindOut));
        }
    }
}

impl Tui {
    /// Returns `false` for a key that exists only where writes are allowed.
    pub fn has(&self, action: Action) -> bool {
        action != Action::Writes || self.cx.writes.are_allowed()
    }

    pub fn why_no_write(&self) -> Option<String> {
        let writes = &self.cx.writes;
        let is_possible = writes.under_way.is_some()
            || !writes.unseen.is_empty()
            || !self.objects_of_writes().is_empty();
        (!is_possible).then(|| NOTHING_HERE.to_owned())
    }

    /// The objects for which the profile allows a write.
    fn objects_of_writes(&self) -> Vec<Object> {
        let allowed = self.cx.writes.allowed();
        let mut objects = self.top().writable(&self.cx);
        objects.retain(|object| !menu(object, allowed).is_empty());
        objects
    }

    /// The window of the write that is under way, or of an outcome that was not seen, or the menu.
    pub(super) fn open_writes(&mut self) {
        if !self.cx.writes.are_allowed() {
            return;
        }
        if let Some(under_way) = &self.cx.writes.under_way {
            let window = Writing::of(under_way);
            return self.cx.open(window);
        }
        if let Some(ended) = self.cx.writes.unseen.pop_front() {
            return self.cx.open(Writing::of_ended(ended));
        }
        let objects = self.objects_of_writes();
        let payment = objects.iter().find_map(|object| match object {
            Object::Payment { id, .. } => Some(id.clone()),
            _ => None,
        });
        let payment = payment.filter(|_| self.cx.writes.allowed().allows(WriteKind::Block));
        let name = objects.first().map(|object| self.name_of_object(object)).unwrap_or_default();
        let menu = WritesMenu::new(name, objects, payment.is_some(), &self.cx);
        self.cx.open(menu);
        if let Some(id) = payment {
            let request = Request::Payments(PaymentsRequest::Block(id));
            self.cx.send(Waiter::BlockState, Priority::Visible, request);
        }
    }

    /// `HB100003 · 5c4cd17f-…`
    fn name_of_object(&self, object: &Object) -> String {
        let id = match object {
            Object::Payment { id, .. } | Object::Account { id, .. } => sanitize(id).into_owned(),
            Object::Booking { .. } => String::new(),
        };
        let row = self.top().selected(&self.cx);
        let reference = row.and_then(|row| row.booking().map(|it| it.shown().into_owned()));
        let parts = [reference.unwrap_or_default(), id];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" · ")
    }

    pub(super) fn block_state_answered(&mut self, request: &Request, answer: Answer) {
        let Request::Payments(PaymentsRequest::Block(id)) = request else { return };
        let answer = answer.and_then(|it| it.try_as_payments().ok_or_else(wrong_answer));
        let state = answer.map(|response| response.object().cloned());
        if let Some(menu) = modal_of::<WritesMenu>(&mut self.modals) {
            menu.block_answered(id, state, &self.cx);
        }
    }

    pub(super) fn plan_write(&mut self, write: Write) {
        let number = self.cx.writes.new_number();
        self.cx.effect(Effect::Write(WriteCommand::Prepare(number, write.clone())));
        let window = Writing::awaiting(number, write, self.cx.now);
        self.cx.open(window);
    }

    /// `:write` and `:write off`
    pub(super) fn lock_or_unlock(&mut self, is_on: bool) {
        let cx = &mut self.cx;
        if !is_on {
            cx.writes.close();
            let words = match (cx.stop_write(), cx.writes.under_way.is_some()) {
                (true, _) => "Writes are locked; the write that is not sent yet is stopped.",
                (false, true) => "Writes are locked; the write that was sent before continues.",
                (false, false) => "Writes are locked.",
            };
            cx.tell(words.to_owned());
        } else if cx.writes.is_open(cx.now) {
            cx.tell("Writes are unlocked already. `:write off` locks them.".to_owned());
        } else {
            cx.open(Prompt::new(
                String::new(),
                PromptAction::OpenWrites(cx.writes.profile.clone()),
            ));
        }
    }

    /// `:audit`
    pub(super) fn show_audit(&mut self) {
        if self.stack.last().is_some_and(|layer| layer.is::<AuditScreen>().is_some()) {
            self.with_top(super::screen::Behavior::refresh);
        } else {
            self.push(Box::new(AuditScreen::default()));
        }
    }

    /// Ends what time ends: the lock, a wait before quitting, the pause before the next look.
    pub(super) fn pass_time_of_writes(&mut self) {
        let now = self.cx.now;
        let cx = &mut self.cx;
        if cx.writes.expire(now) {
            cx.tell_also("Writes are locked again: 15 minutes without a write.");
        }
        if cx.writes.may_quit(now) {
            cx.effect(Effect::Quit);
        }
        if cx.writes.is_look_due(now) {
            cx.find_out();
        }
        cx.load_rows_later();
    }

    pub(super) fn write_reported(&mut self, news: WriteNews) {
        let now = self.cx.now;
        let cx = &mut self.cx;
        match news {
            WriteNews::Prepared(number, plan) => {
                let window = modal_of::<Writing>(&mut self.modals);
                if let Some(window) = window.filter(|it| it.awaits(number)) {
                    window.prepared(plan);
                    window.look(cx);
                }
            }
            WriteNews::Progress(stage) => {
                if let Some(under_way) = &mut cx.writes.under_way {
                    (under_way.stage, under_way.stage_since) = (stage, now);
                }
            }
            WriteNews::Ended(outcome) => self.write_ended(outcome.map(|it| *it)),
            WriteNews::FoundOut(found) => self.found_out(found),
            WriteNews::Log(log) => {
                for audit in self.stack.iter_mut().filter_map(|it| it.is_mut::<AuditScreen>()) {
                    audit.accept(log.as_deref().map_err(Clone::clone), now);
                }
            }
        }
    }

    fn write_ended(&mut self, outcome: Option<Outcome>) {
        let cx = &mut self.cx;
        let Some(under_way) = cx.writes.under_way.take() else { return };
        let Some(outcome) = outcome else {
            cx.writes.quitting = Quitting::No;
            // The intent is in the log, so it is found out.
            cx.find_out();
            return cx.tell("Internal error while writing; :audit shows what is known.".to_owned());
        };
        if is_sent(&outcome) {
            cx.writes.extend(cx.now);
        }
        if let Some(id) = outcome.id.clone().filter(|_| outcome.verdict.is_open()) {
            cx.writes.add_unknown(id, outcome.write.clone(), cx.now);
        }
        let ends = cx.writes.ends_quitting(&outcome);
        let shows = std::mem::take(&mut cx.writes.quitting) != Quitting::No;
        let ended = Ended::of(under_way, outcome.clone(), cx.now);
        let window = modal_of::<Writing>(&mut self.modals).filter(|it| it.is_under_way());
        match window {
            _ if ends => {
                cx.writes.unseen.push_back(ended);
                cx.effect(Effect::Quit);
            }
            Some(window) => {
                window.ended(ended);
                window.look(cx);
            }
            None if shows => cx.open(Writing::of_ended(ended)),
            None => {
                cx.tell(noticed(&ended, cx));
                cx.writes.unseen.push_back(ended);
            }
        }
        if is_sent(&outcome) || outcome.verdict == Verdict::Changed {
            let may_have_changed = !matches!(outcome.verdict, Verdict::Refused);
            self.load_written(&outcome.write, may_have_changed);
        }
        self.reread_audit();
    }

    fn found_out(&mut self, found: Result<FoundOut, String>) {
        let cx = &mut self.cx;
        let FoundOut { open, found } = match found {
            Ok(found) => found,
            Err(why) => {
                cx.writes.look_failed(cx.now);
                return cx.tell_also(&why);
            }
        };
        let before = cx.writes.unknown.len();
        cx.writes.looked(open, cx.now);
        let count = cx.writes.unknown.len();
        let mut ended = Vec::new();
        for (about, outcome) in found.into_iter().filter(|(_, it)| !it.verdict.is_open()) {
            ended.push(outcome.write.clone());
            let ended = Ended { about, outcome, at: cx.now, confirmed: None };
            cx.tell_also(&noticed(&ended, cx));
            cx.writes.unseen.push_back(ended);
        }
        if ended.is_empty() && count > 0 && before == 0 {
            cx.tell_also(&format!("{}: :audit", unknown_in_words(count)));
        } else if ended.is_empty() {
            cx.is_dirty = count > 0 || before > 0;
        }
        for write in &ended {
            self.load_written(write, true);
        }
        self.reread_audit();
    }

    fn reread_audit(&mut self) {
        if self.screens::<AuditScreen>().next().is_some() {
            self.cx.effect(Effect::Write(WriteCommand::ReadLog));
        }
    }
}

/// Returns `true` if the server may have acted on it.
fn is_sent(outcome: &Outcome) -> bool {
    !matches!(outcome.verdict, Verdict::Changed | Verdict::NotSent | Verdict::NotLogged)
}

/// `HB100003: ✓ blocked, seen at 09:14:03Z: the payment is blocked`
fn noticed(ended: &Ended, cx: &Cx) -> String {
    let says = match ended.outcome.verdict {
        Verdict::Changed => CHANGED,
        _ => &ended.outcome.says,
    };
    let more = cx.words("{writes} shows it.");
    let (name, headline) = (ended.name(), headline(&ended.outcome, ended.at));
    format!("{name}: {headline}: {} {more}", says.trim_end_matches('.').to_owned() + ".")
}
