//! Applies an event to the state and returns its effects. Pure: no I/O, no clock.

use crate::domain::failure::Kind;
use crate::domain::text::{Untrusted, sanitize};
use crate::list::record;
use crate::net::request::Request;
use crate::net::response::Answer;
use crate::tui::component::wait::{SPINNER_STEP, UNMARKED_WAIT};
use crate::tui::cx::{ATTENTION, Countdown};
use crate::tui::effect::{Effect, NetCommand, Priority, Ticket};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::modal::help::Help;
use crate::tui::modal::help_entries;
use crate::tui::modal::prompt::Prompt;
use crate::tui::msg::{Msg, Now, Waiter, Written};
use crate::tui::refreshes::RefreshTarget;
use crate::tui::screen::booking::state::Booking;
use crate::tui::stack::{Layer, Tui};
use crate::tui::theme::Clipboard;

/// The other lists are counted later, so that nothing delays the first rows.
pub fn start(tui: &mut Tui) -> Vec<Effect> {
    tui.cx.wants_counts = !tui.cx.is_overview();
    if let Some(fault) = tui.cx.kept.memory_fault.take() {
        tui.cx.notice = Some(fault);
    }
    let has_landing = !tui.cx.next.is_empty();
    if has_landing {
        tui.carry_on();
        tui.land();
    }
    if !tui.cx.is_overview() {
        tui.cx.open_list();
    }
    tui.settle();
    std::mem::take(&mut tui.cx.effects)
}

pub fn open_booking(tui: &mut Tui, reference: &Untrusted) -> Vec<Effect> {
    let booking = tui.cx.looked_up(reference, String::new());
    tui.push(Box::new(booking));
    std::mem::take(&mut tui.cx.effects)
}

pub fn update(tui: &mut Tui, now: Now, msg: Msg) -> Vec<Effect> {
    tui.cx.now = now;
    tui.cx.is_dirty = true;
    tui.take(msg);
    tui.carry_on();
    tui.settle();
    let before = tui.cx.notice.take();
    tui.begin_due_refresh();
    tui.send_probe();
    tui.with_top(super::screen::Behavior::after_event);
    tui.rest_on_booking();
    let is_told = tui.cx.notice.is_some();
    tui.cx.notice = tui.cx.notice.take().or(before);
    if tui.carry_on() || is_told {
        tui.settle();
    }
    tui.arrange_rows();
    std::mem::take(&mut tui.cx.effects)
}

/// When the screen next changes without a message, in milliseconds since the start; `None` if
/// never.
pub fn wake_at(tui: &Tui) -> Option<u64> {
    let (top, cx) = (tui.top(), &tui.cx);
    let now = cx.now.elapsed;
    let waiting = top.waiting_since(cx).map(|since| {
        let waited = now.saturating_sub(since.elapsed);
        if waited < UNMARKED_WAIT {
            since.elapsed + UNMARKED_WAIT
        } else {
            since.elapsed + (waited / SPINNER_STEP + 1) * SPINNER_STEP
        }
    });
    let gate = match cx.countdown() {
        Some(Countdown::Offline(Some(left)) | Countdown::Closed(left)) => {
            Some(next_step(tui, now, left))
        }
        _ => None,
    };
    let own = [
        top.wake_at(cx),
        tui.probe_at(),
        cx.refreshes.wake_at(),
        cx.requests_left_until(),
        cx.booking_ahead.wake_at(),
    ];
    [waiting, gate].into_iter().chain(own).flatten().min()
}

/// When a countdown is redrawn, in milliseconds: at the next second or minute while someone is
/// watching, else at its end.
fn next_step(tui: &Tui, now: u64, left: u64) -> u64 {
    let unit = if left > 3_600_000 { 60_000 } else { 1_000 };
    let step = (left - 1) % unit + 1;
    if tui.cx.is_watched() {
        (now + step).min((tui.cx.last_key + ATTENTION).max(now + 1))
    } else {
        now + left
    }
}

impl Tui {
    fn take(&mut self, msg: Msg) {
        let cx = &mut self.cx;
        match msg {
            Msg::Key(key) => self.pressed(&key),
            Msg::Paste(_) | Msg::Mouse(_) if cx.switching.is_some() => {}
            Msg::Paste(text) => match self.modals.last_mut() {
                Some(modal) => modal.paste(&text, cx),
                None => cx.say("To open a pasted booking reference, press {lookup} first."),
            },
            Msg::Mouse(event) => self.take_mouse(event),
            Msg::Resized(width, height) => {
                cx.size = (width, height);
                self.modals.iter_mut().for_each(|modal| modal.resized(cx));
            }
            Msg::Background { is_light } => cx.looks.follow_background(is_light),
            Msg::Answered(ticket, answer) => {
                // A program that was asked for another token may have written on the screen.
                let is_refused = answer.as_ref().is_err_and(|failure| failure.kind == Kind::Access);
                self.answered(ticket, answer);
                self.rows_came();
                self.cx.effects.extend(is_refused.then_some(Effect::Redraw));
                if std::mem::take(&mut self.cx.wants_counts) {
                    self.cx.count_lists(|_, _| true);
                }
            }
            Msg::Arranged(tab, made) => {
                let table = &mut cx.list_at_mut(tab).table;
                cx.is_dirty = table.accept(made.map(|made| *made));
                self.rows_came();
            }
            Msg::Saved(path, result) => self.saved(&path.display().to_string(), &result),
            Msg::Network(network) => {
                let was_offline = cx.network.0.offline_for.is_some();
                cx.network = (network, cx.now);
                cx.probe.hear(network.offline_for, cx.now.elapsed);
                if was_offline && network.offline_for.is_none() {
                    cx.count_lists(|cx, tab| {
                        cx.list_at(tab).total.is_none() && !cx.is_pending(Waiter::Count(tab))
                    });
                }
            }
            Msg::Hub(event) => self.hub_reported(event),
            Msg::SwitchFailed(name, why) => cx.switch_failed(&name, why),
            Msg::Notice(text) => cx.tell(text),
            Msg::Continued => cx.effect(Effect::Retake),
            Msg::DecisionsReloaded(customer, version, memory) => {
                self.decisions_reloaded(&customer, version, *memory);
            }
            Msg::Collided(customer, collisions) => self.collided(&customer, collisions),
            Msg::Recorded(spec, count) => self.recorded(spec, count),
            Msg::Compared(number, compared) => self.compared(number, &compared),
            Msg::Woken => {}
            Msg::HungUp => cx.effect(Effect::HangUp),
        }
    }

    fn rows_came(&mut self) {
        self.modals.iter_mut().for_each(|modal| modal.rows_came(&self.cx));
    }

    fn saved(&mut self, path: &str, result: &Result<Written, String>) {
        let shown = sanitize(path);
        let can_copy = self.cx.looks.clipboard == Clipboard::Possible;
        let copied = if can_copy { " (path copied)" } else { "" };
        self.cx.tell(match result {
            Ok(Written { rows, missing, left_out, figures, unreadable }) => {
                let blank = if rows.is_empty() { "" } else { " " };
                let sentence = |before: &str, text: &str| {
                    if text.is_empty() { String::new() } else { format!(" {before}{text}.") }
                };
                let (missing, figures) = (sentence("Incomplete: ", missing), sentence("", figures));
                let left_out = sentence("Not included: ", left_out);
                let unreadable = match unreadable {
                    0 => String::new(),
                    rows => format!(" {}.", record::unreadable(*rows)),
                };
                let more = [missing, left_out, figures, unreadable].concat();
                format!("Exported{blank}{rows} to {shown}{copied}.{more}")
            }
            Err(why) => format!("{shown} was not written: {}", sanitize(why)),
        });
        if result.is_ok() && can_copy {
            // The user pastes the path into a shell next.
            self.cx.effect(Effect::Copy(path.to_owned()));
        }
    }

    fn answered(&mut self, ticket: Ticket, answer: Answer) {
        let cx = &mut self.cx;
        let pending = cx.take_pending(ticket);
        if pending.is_some() {
            cx.learn_owners(&answer);
        }
        match pending {
            Some((Waiter::Rows(tab), Request::List(query))) => {
                cx.list_answered(tab, query.number(), answer);
            }
            Some((Waiter::AllPages(tab), Request::List(query))) => {
                cx.list_answered_of_all(tab, query.number(), answer);
            }
            Some((Waiter::Count(tab), Request::List(query))) => {
                cx.list_counted(tab, query.number(), answer);
            }
            Some((Waiter::Screen(id), request)) => {
                if let Some(Layer { screen, .. }) = self.stack.iter_mut().find(|it| it.id == id) {
                    cx.here = id;
                    screen.answered(request, answer, cx);
                }
            }
            Some((Waiter::Owners | Waiter::Ahead, request)) => {
                cx.owner_answered(&request, &answer);
                match self.triage_mut().filter(|_| answer.is_ok()) {
                    // Triage needs the same booking: this saves it a request.
                    Some((triage, cx)) => triage.accept_evidence(request, answer, cx),
                    None => self.cx.keep_ahead(request, answer),
                }
            }
            _ => cx.is_dirty = false,
        }
    }

    fn rest_on_booking(&mut self) {
        let is_covered = !self.modals.is_empty() || self.cx.switching.is_some();
        let under_cursor = self.with_top(|top, cx| top.booking_under_cursor(cx));
        self.cx.rest_on_booking(under_cursor.filter(|_| !is_covered));
    }

    pub(super) fn open_help(&mut self) {
        let help = Help::new(help_entries::of(self), layout::help_room(self.cx.size));
        self.modals.push(Box::new(help));
    }

    pub(super) fn look_up(&mut self, typed: String) {
        let here = self.booking().map(Booking::reference);
        let recent = self.cx.history.recent().filter(|reference| Some(*reference) != here);
        let prompt = Prompt::lookup(typed, recent.cloned().collect());
        self.modals.push(Box::new(prompt));
    }

    fn shown(&self) -> RefreshTarget {
        match self.stack.last() {
            Some(layer) if !self.top().shows_list() => RefreshTarget::Screen(layer.id),
            _ => RefreshTarget::List(self.cx.tab),
        }
    }

    pub(super) fn ask_to_refresh(&mut self, action: Action) {
        let target = if action == Action::RefreshAll { RefreshTarget::All } else { self.shown() };
        if self.cx.refreshes.ask(target, self.cx.now.elapsed) {
            self.refresh(target);
        }
    }

    fn begin_due_refresh(&mut self) {
        let shown = self.shown();
        if let Some(target) = self.cx.refreshes.due(shown, self.cx.now.elapsed) {
            self.refresh(target);
        }
    }

    fn refresh(&mut self, target: RefreshTarget) {
        self.with_top(super::screen::Behavior::refresh);
        if target != RefreshTarget::All {
            return;
        }
        let shown = self.top().shows_list().then_some(self.cx.tab);
        self.cx.refresh_other_lists(shown);
        // Only the server knows how many requests colleagues on this customer have used.
        self.ask_for_limits();
    }

    fn ask_for_limits(&mut self) {
        self.cx.send(Waiter::Probe, Priority::Background, Request::Limits);
    }

    fn probe_at(&self) -> Option<u64> {
        let is_idle = !self.top().is_loading(&self.cx);
        self.cx.probe.at(self.cx.last_key).filter(|_| is_idle)
    }

    /// Sends one request; the others follow once it is answered.
    fn send_probe(&mut self) {
        let now = self.cx.now.elapsed;
        if self.probe_at().is_none_or(|at| now < at) {
            return;
        }
        self.cx.probe.begin(now);
        let before = self.cx.effects.len();
        if !self.with_top(super::screen::Behavior::probe) {
            // What is shown is from another server, or cannot be requested.
            self.ask_for_limits();
        }
        for effect in self.cx.effects.iter_mut().skip(before) {
            if let Effect::Network(NetCommand::Send(_, priority, _)) = effect {
                *priority = Priority::Background;
            }
        }
    }

    fn arrange_rows(&mut self) {
        for (tab, list) in self.cx.lists.iter_mut().enumerate() {
            if let Some(job) = list.table.take_job(list.all.is_some()) {
                self.cx.effects.push(Effect::Arrange(tab, Box::new(job)));
            }
        }
    }

    pub(super) fn settle(&mut self) {
        self.with_top(super::screen::Behavior::prepare);
        self.cx.layout = self.lay_out();
        let area = self.cx.layout.detail;
        let room = usize::from(area.height.saturating_sub(2));
        self.with_top(|top, cx| {
            top.settle(cx);
            if top.detail().is_open {
                let lines = top.detail_lines(cx, area.width.saturating_sub(2)).len();
                if let Some(detail) = top.detail_mut() {
                    detail.top = detail.top.min(lines.saturating_sub(room));
                }
            }
        });
    }

    pub(super) fn close_above_rows(&mut self) {
        while !self.top().shows_list() {
            let _closed = self.close();
        }
    }
}
