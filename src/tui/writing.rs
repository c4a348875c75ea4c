//! Writes on the screens: the menu, the lock, the news of the engine, and what is loaded again.

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
use super::screen::booking::state::Booking;
use super::screen::list::fetch::page_of;
use super::screen::payments::state::ReportScreen;
use super::stack::Tui;
use super::writes::{Quitting, UnderWay, WriteCommand, WriteNews, unknown_in_words};
use crate::conciliation::report::State;
use crate::filter::ListQuery;
use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Answer, wrong_answer};
use crate::payments::request::PaymentsRequest;
use crate::payments::subject::Subject;
use crate::payments::write::Write;
use crate::writes::offer::Object;
use crate::writes::outcome::{Outcome, Verdict};

const NOTHING_HERE: &str = "There is no payment or bank account to write to here.";
const STILL_WRITING: &str = "A write is under way: valora quits once it is answered, within 30 s. \
                             {quit} again quits at once; its outcome is then unknown. {back}: do not quit.";

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

    /// Quits, or first waits for a write that is under way.
    pub fn quit(&mut self) {
        if self.writes.under_way.is_none() || self.writes.is_quitting() {
            return self.effect(Effect::Quit);
        }
        self.writes.begin_quitting(self.now);
        self.say(STILL_WRITING);
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

    fn find_out_later(&mut self) {
        self.writes.look_later(self.now);
    }

    /// The rows of a list that a write may have changed: replaced in their places.
    pub fn written_rows_answered(&mut self, tab: usize, answer: Answer) {
        let Ok(page) = page_of(answer) else { return };
        let list = self.list_at_mut(tab);
        if list.load.is_some() || list.all.is_some() {
            // Newer rows are on their way.
            return;
        }
        list.table.update(page.rows);
    }
}

impl Tui {
    /// Returns `false` for a key that exists only where writes are allowed.
    pub fn has(&self, action: Action) -> bool {
        action != Action::Writes || self.cx.writes.are_allowed()
    }

    pub fn why_no_write(&self) -> Option<String> {
        let is_possible =
            self.cx.writes.under_way.is_some() || !self.top().writable(&self.cx).is_empty();
        (!is_possible).then(|| NOTHING_HERE.to_owned())
    }

    /// The menu, or the window of the write that is under way.
    pub(super) fn open_writes(&mut self) {
        if !self.cx.writes.are_allowed() {
            return;
        }
        if let Some(under_way) = &self.cx.writes.under_way {
            let window = Writing::of(under_way);
            return self.cx.open(window);
        }
        let objects = self.top().writable(&self.cx);
        let payment = objects.iter().find_map(|object| match object {
            Object::Payment { id, .. } => Some(id.clone()),
            _ => None,
        });
        let menu = WritesMenu::new(objects, payment.is_some(), &self.cx);
        self.cx.open(menu);
        if let Some(id) = payment {
            let request = Request::Payments(PaymentsRequest::Block(id));
            self.cx.send(Waiter::BlockState, Priority::Visible, request);
        }
    }

    pub(super) fn block_state_answered(&mut self, answer: Answer) {
        let answer = answer.and_then(|it| it.try_as_payments().ok_or_else(wrong_answer));
        let state = answer.map(|response| response.object().cloned());
        if let Some(menu) = modal_of::<WritesMenu>(&mut self.modals) {
            menu.block_answered(state, &self.cx);
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
            cx.tell("Writes are locked.".to_owned());
        } else if cx.writes.is_open(cx.now) {
            cx.tell("Writes are unlocked already. `:write off` locks them.".to_owned());
        } else {
            cx.open(Prompt::new(String::new(), PromptAction::OpenWrites));
        }
    }

    /// `:audit`
    pub(super) fn show_audit(&mut self) {
        self.push(Box::new(AuditScreen::default()));
    }

    /// Ends what time ends: the lock, a wait before quitting, the pause before the next look.
    pub(super) fn pass_time_of_writes(&mut self) {
        let now = self.cx.now;
        let cx = &mut self.cx;
        if cx.writes.expire(now) {
            cx.tell("Writes are locked again: 15 minutes without a write.".to_owned());
        }
        if cx.writes.may_quit(now) {
            cx.effect(Effect::Quit);
        }
        if cx.writes.is_look_due(now) {
            cx.effect(Effect::Write(WriteCommand::FindOut));
        }
    }

    pub(super) fn write_reported(&mut self, news: WriteNews) {
        let now = self.cx.now;
        let cx = &mut self.cx;
        match news {
            WriteNews::Prepared(number, plan) => {
                let window = modal_of::<Writing>(&mut self.modals);
                if let Some(window) = window.filter(|it| it.awaits(number)) {
                    window.prepared(plan);
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
                let audit = self.stack.iter_mut().find_map(|it| it.is_mut::<AuditScreen>());
                if let Some(audit) = audit {
                    audit.accept(log.map(|log| *log), now);
                }
            }
        }
    }

    fn write_ended(&mut self, outcome: Option<Outcome>) {
        let cx = &mut self.cx;
        let Some(UnderWay { plan, .. }) = cx.writes.under_way.take() else { return };
        let Some(outcome) = outcome else {
            // The intent is in the log, so it is found out.
            cx.effect(Effect::Write(WriteCommand::FindOut));
            return cx.tell("Internal error while writing; :audit shows what is known.".to_owned());
        };
        cx.writes.extend(cx.now);
        if let Some(id) = outcome.id.clone().filter(|_| outcome.verdict.is_open()) {
            cx.writes.unknown.insert(id);
            cx.find_out_later();
        }
        let was_sent = outcome.id.is_some();
        let may_have_changed = outcome.verdict == Verdict::Done || outcome.verdict.is_open();
        let window = modal_of::<Writing>(&mut self.modals).filter(|it| it.is_under_way());
        match window {
            Some(window) => window.ended(outcome.clone(), &plan, cx.now),
            None => {
                let says =
                    if outcome.verdict == Verdict::Changed { CHANGED } else { &outcome.says };
                cx.tell(format!("{}: {says}", headline(&outcome, cx.now)));
            }
        }
        if was_sent {
            self.load_written(&outcome.write, may_have_changed);
        }
        self.reread_audit();
    }

    fn found_out(
        &mut self,
        found: Result<(Vec<crate::writes::log::Unresolved>, Vec<Outcome>), String>,
    ) {
        let cx = &mut self.cx;
        let (open, outcomes) = match found {
            Ok(found) => found,
            Err(why) => return cx.tell(why),
        };
        let is_first = cx.writes.unknown.is_empty();
        cx.writes.unknown = open.into_iter().map(|it| it.id).collect();
        let count = cx.writes.unknown.len();
        cx.find_out_later();
        let (now, of_end) = (cx.now, outcomes.iter().find(|it| !it.verdict.is_open()));
        match of_end {
            Some(outcome) => cx.tell(format!("{}: {}", headline(outcome, now), outcome.says)),
            None if count > 0 && is_first => {
                cx.tell(format!("{}: :audit", unknown_in_words(count)));
            }
            None => cx.is_dirty = count > 0 || !is_first,
        }
        let ended: Vec<Write> = outcomes
            .into_iter()
            .filter(|outcome| outcome.verdict == Verdict::Done)
            .map(|outcome| outcome.write)
            .collect();
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

    /// Loads again what a write may have changed: open reports, the row of the list, the tenant's
    /// payments of open bookings. Nothing of the customer's API.
    fn load_written(&mut self, write: &Write, may_have_changed: bool) {
        let is_same = |subject: &Subject| match (subject, write) {
            (Subject::Payment(id), Write::CancelFees { .. }) => !id.is_empty(),
            (Subject::Payment(id), _) => id == write.id(),
            (
                Subject::Bank(_) | Subject::BankOf(..),
                Write::Match { .. } | Write::Unmatch { .. },
            ) => true,
            _ => false,
        };
        let cx = &mut self.cx;
        for layer in &mut self.stack {
            let id = layer.id;
            if let Some(report) = layer.is_mut::<ReportScreen>() {
                if is_same(&report.report.subject) {
                    cx.here = id;
                    report.load_again(cx);
                }
            } else if let Some(booking) = layer.is_mut::<Booking>() {
                let tenant = booking.tenant.as_ref().filter(|it| it.state == State::Loaded);
                if tenant.is_some_and(|it| it.table.records().iter().any(|row| is_of(row, write))) {
                    cx.here = id;
                    booking.ask_tenant(cx);
                }
            }
        }
        let Some(tab) = cx.tab_of(SPEC.key) else { return };
        let rows = cx.list_at(tab).table.records().iter().filter(|row| is_of(row, write));
        let rows: Vec<Record> = rows.cloned().collect();
        let ids = rows.iter().filter_map(|row| row.text("id"));
        if may_have_changed {
            cx.writes.written.extend(ids.map(|id| id.expose_raw().to_owned()));
        }
        let reference = rows.iter().find_map(|row| row.booking().cloned());
        let query = reference.and_then(|it| ListQuery::of_booking(&SPEC, it.expose_raw()));
        if let Some(query) = query {
            cx.send(Waiter::WrittenRows(tab), Priority::Visible, Request::List(query));
        }
    }
}

/// Returns `true` for a payment that the write may have changed.
fn is_of(row: &Record, write: &Write) -> bool {
    let is = |name: &str| row.text(name).is_some_and(|id| id.expose_raw() == write.id());
    match write {
        Write::CancelFees { .. } => is("sourceId"),
        Write::Block { .. } | Write::Unblock { .. } | Write::Cancel { .. } => is("id"),
        Write::Match { .. } | Write::Unmatch { .. } => false,
    }
}
