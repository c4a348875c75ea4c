//! The stack of screens above the lists, and the modals above the top one.

use std::any::Any;
use std::collections::BTreeSet;

use crossterm::event::KeyEvent;

use super::behind::FromHome;
use super::cx::{Cx, ModalAnswer, Next};
use super::keymap::Scope;
use super::layout::{Regions, Shape, message_lines, regions};
use super::modal::Modal;
use super::msg::Now;
use super::msg::ScreenId;
use super::screen::Behavior;
use super::screen::booking::state::Booking;
use super::screen::customers::CustomersScreen;
use super::screen::list::ListScreen;
use super::screen::triage::state::TriageScreen;
use super::screen::triage_all::TriageAllScreen;
use crate::config::Session;
use crate::domain::text::Untrusted;
use crate::filter::{FilterValue, ListQuery};
use crate::list::penalties;
use crate::list::sort::Sort;
use crate::state::persisted::PersistedState;

/// Most screens in the stack.
const DEEPEST: usize = 50;

/// A screen, or `None` for a list; the tab, and its filters.
pub type Landed = (Option<ScreenId>, usize, Vec<FilterValue>);

#[derive(Debug)]
pub struct Layer {
    pub id: ScreenId,
    pub screen: Box<dyn Behavior>,
}

impl Layer {
    pub fn is<T: Behavior>(&self) -> Option<&T> {
        (self.screen.as_ref() as &dyn Any).downcast_ref()
    }

    pub fn is_mut<T: Behavior>(&mut self) -> Option<&mut T> {
        (self.screen.as_mut() as &mut dyn Any).downcast_mut()
    }
}

/// Only [`crate::tui::update`] changes it.
#[derive(Debug)]
pub struct Tui {
    pub cx: Cx,
    /// The screen below all others: the lists of a customer, or all customers.
    pub(super) root: Box<dyn Behavior>,
    pub(super) stack: Vec<Layer>,
    /// The last is on top.
    pub modals: Vec<Box<dyn Modal>>,
    /// The triage screen while it is closed, with its state and undo history.
    pub(super) parked: Option<Box<TriageScreen>>,
    /// The queue of all customers while it is closed, with its undo history.
    pub(super) parked_all: Option<Box<TriageAllScreen>>,
    newest_screen: u64,
    /// What the user opened from all customers: closing it leads back there.
    pub(super) landed: Option<Landed>,
    /// The key that closed a screen, and until when a repeat of it counts as held down.
    pub(super) closed_by: Option<(String, u64)>,
    /// The keys without a function that were explained, by screen.
    pub(super) explained: BTreeSet<(Scope, String)>,
    /// The last key, and when it was pressed.
    pub(super) last_pressed: Option<(KeyEvent, u64)>,
    /// When the last key without a function was pressed.
    pub(super) last_unbound: Option<u64>,
}

impl Tui {
    pub fn new(session: Session, kept: PersistedState, size: (u16, u16), now: Now) -> Self {
        Self::of(Box::new(ListScreen::default()), Cx::new(session, kept, size, now))
    }

    /// All customers, each as a row. It sends no request of its own: the hub loads them.
    pub fn of_customers(profiles: &[String], size: (u16, u16), now: Now) -> Self {
        let root = Box::new(CustomersScreen::of(profiles));
        Self::of(root, Cx::of_customers(size, now))
    }

    fn of(root: Box<dyn Behavior>, cx: Cx) -> Self {
        let mut tui = Self {
            cx,
            root,
            stack: Vec::new(),
            modals: Vec::new(),
            parked: None,
            parked_all: None,
            newest_screen: 0,
            landed: None,
            closed_by: None,
            explained: BTreeSet::new(),
            last_pressed: None,
            last_unbound: None,
        };
        tui.cx.layout = tui.lay_out();
        tui
    }

    pub fn top(&self) -> &dyn Behavior {
        self.stack.last().map_or(self.root.as_ref(), |layer| layer.screen.as_ref())
    }

    pub(super) fn with_top<T>(&mut self, run: impl FnOnce(&mut dyn Behavior, &mut Cx) -> T) -> T {
        match self.stack.last_mut() {
            Some(Layer { id, screen }) => {
                self.cx.here = *id;
                run(screen.as_mut(), &mut self.cx)
            }
            None => {
                self.cx.here = ScreenId::LISTS;
                run(self.root.as_mut(), &mut self.cx)
            }
        }
    }

    pub fn modal(&self) -> Option<&dyn Modal> {
        self.modals.last().map(Box::as_ref)
    }

    pub fn scope(&self) -> Scope {
        self.modal().map_or_else(|| self.top().scope(), super::modal::Modal::scope)
    }

    /// The screens of this type above the lists, the lowest first.
    pub fn screens<T: Behavior>(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.stack.iter().filter_map(Layer::is)
    }

    pub fn bookings(&self) -> impl DoubleEndedIterator<Item = &Booking> {
        self.screens()
    }

    /// The screen of all customers, if that is what this TUI shows.
    pub fn customers(&self) -> Option<&CustomersScreen> {
        (self.root.as_ref() as &dyn Any).downcast_ref()
    }

    pub(super) fn customers_mut(&mut self) -> Option<(&mut CustomersScreen, &mut Cx)> {
        let screen = (self.root.as_mut() as &mut dyn Any).downcast_mut()?;
        Some((screen, &mut self.cx))
    }

    pub(super) fn booking(&self) -> Option<&Booking> {
        self.stack.last().and_then(Layer::is)
    }

    pub fn triage(&self) -> Option<&TriageScreen> {
        self.screens().next().or(self.parked.as_deref())
    }

    pub(super) fn triage_mut(&mut self) -> Option<(&mut TriageScreen, &mut Cx)> {
        let open = self.stack.iter_mut().find_map(Layer::is_mut);
        Some((open.or(self.parked.as_deref_mut())?, &mut self.cx))
    }

    pub fn push(&mut self, screen: Box<dyn Behavior>) {
        let pushed = self.try_push(screen);
        self.cx.ok_or_tell(pushed);
    }

    /// Returns why it cannot be opened, if so.
    fn try_push(&mut self, mut screen: Box<dyn Behavior>) -> Result<(), String> {
        if self.stack.len() >= DEEPEST {
            return Err(self.cx.words("Too many screens are open: {back} closes one."));
        }
        self.newest_screen += 1;
        let id = ScreenId(self.newest_screen);
        (self.cx.here, self.cx.top) = (id, id);
        screen.opened(&mut self.cx);
        self.stack.push(Layer { id, screen });
        Ok(())
    }

    /// Closes the top screen; the lists are never closed. The triage screens are kept for later.
    pub fn close(&mut self) -> Option<Box<dyn Any>> {
        let Layer { id, mut screen } = self.stack.pop()?;
        self.cx.here = id;
        screen.closed(&mut self.cx);
        self.cx.cancel_of(id);
        self.cx.top = self.stack.last().map_or(ScreenId::LISTS, |layer| layer.id);
        if let Some(below) = self.stack.last().and_then(Layer::is::<Booking>) {
            self.cx.history.return_to(below);
        }
        let screen: Box<dyn Any> = screen;
        match screen.downcast() {
            Ok(triage) => {
                self.parked = Some(triage);
                None
            }
            Err(other) => match other.downcast() {
                Ok(queue) => {
                    self.park_queue(queue);
                    None
                }
                Err(other) => Some(other),
            },
        }
    }

    fn close_top(&mut self) {
        let top = self.stack.last().map(|layer| layer.id);
        if self.cx.behind.customers && self.is_landing(top) {
            // It stays as it is, in case the user cannot leave.
            return self.cx.go_to_customers();
        }
        drop(self.close());
        let opened = |from: &mut FromHome| from.screen == top;
        let from = self.cx.behind.home.take_if(opened).filter(|_| self.stack.is_empty());
        if let Some(from) = from {
            self.cx.return_to_home(from);
        }
    }

    fn is_landing(&self, screen: Option<ScreenId>) -> bool {
        self.landed.as_ref().is_some_and(|(landed, ..)| landed.is_some() && *landed == screen)
    }

    /// Returns `true` if the user has only looked at what was opened from all customers.
    pub fn is_at_landing(&self) -> bool {
        self.landed.as_ref().is_some_and(|(screen, tab, filters)| match screen {
            Some(_) => self.stack.iter().any(|layer| Some(layer.id) == *screen),
            None => self.cx.tab == *tab && self.cx.list().filters() == filters,
        })
    }

    /// Remembers what was opened from all customers.
    pub(super) fn land(&mut self) {
        let screen = self.stack.last().map(|layer| layer.id);
        self.landed = Some((screen, self.cx.tab, self.cx.list().filters().to_vec()));
    }

    /// Remembers what the home has opened.
    fn mark_from_home(
        &mut self,
        home: ScreenId,
        line: usize,
        (query, sort): (ListQuery, Option<Sort>),
    ) {
        let (tab, list) = (self.cx.tab, self.cx.list());
        let is_same = query.spec.is(list.spec());
        let before = if is_same { (query.filters, sort) } else { (Vec::new(), None) };
        let screen = self.stack.last().map(|layer| layer.id);
        let (filters, was_landing) = (list.filters().to_vec(), self.is_landing(Some(home)));
        let from = FromHome { line, screen, tab, filters, before, was_landing };
        self.cx.behind.home = Some(from);
    }

    /// The key that closed a screen of the other is not pressed again for this one.
    pub fn follow_up(&mut self, other: &Self) {
        self.closed_by.clone_from(&other.closed_by);
    }

    pub(super) fn close_all(&mut self) {
        while !self.stack.is_empty() {
            let _closed = self.close();
        }
    }

    pub(super) fn show_tab(&mut self, tab: usize) {
        self.close_all();
        self.cx.tab = tab;
        self.root.scroll_detail_to_top();
        self.cx.open_list();
        self.reopen_triage();
    }

    pub(super) fn reopen_triage(&mut self) {
        let is_there = self.cx.list().spec().key == penalties::SPEC.key;
        if let Some(triage) = self.parked.take_if(|it| is_there && !it.is_left) {
            self.push(triage);
        }
    }

    pub(super) fn carry_on(&mut self) -> bool {
        let has_any = !self.cx.next.is_empty();
        while let Some(next) = self.cx.next.pop_front() {
            match next {
                Next::Push(screen) => self.push(screen),
                Next::PushTyped(screen) => self.push_typed(Ok(screen)),
                Next::Close => self.close_top(),
                Next::Open(mut modal) => {
                    modal.resized(&self.cx);
                    self.modals.push(modal);
                }
                Next::ShowTab(tab) => self.show_tab(tab),
                Next::Groups(opening) => self.show_groups(opening),
                Next::Triage => self.enter_triage(),
                next @ Next::MarkFromHome(..) if !self.cx.next.is_empty() => self.cx.then(next),
                Next::MarkFromHome(home, line, before) => self.mark_from_home(home, line, *before),
                Next::Act(action) => self.act(action),
                Next::Run(line) => self.run(line),
                Next::RunText(text) => self.run_text(&text),
                Next::ShowList(list, query) => self.show_list(&list, query, None),
                Next::ShowView(view) => self.show(&view.line, Some(&view.name)),
                Next::TypeCommand(text) => self.type_command(&text),
                Next::BackToRow(reference) => self.back_to_row(&reference),
                Next::PushOnRows(screen) => {
                    self.close_above_rows();
                    self.push(screen);
                }
                Next::Refused(fields) if self.top().shows_list() && self.modals.is_empty() => {
                    self.cx.open_form(&fields);
                }
                Next::Refused(_) => {}
                Next::Write(write) => self.plan_write(write),
                Next::Answer(answer) => self.hand_on(answer),
            }
        }
        has_any
    }

    pub(super) fn hand_on(&mut self, answer: ModalAnswer) {
        let result = self.with_top(|top, cx| top.modal_answered(answer, cx));
        self.tell_modal(&result);
    }

    fn back_to_row(&mut self, reference: &Untrusted) {
        if !self.modals.is_empty() {
            // Neither the modal nor the screen below it changes.
            return;
        }
        let _closed = self.close();
        self.with_top(|top, cx| {
            let mut text = format!("The server has no booking {}.", reference.shown());
            let has_row = top.selected(cx).is_some();
            if let Some(detail) = top.detail_mut().filter(|_| has_row) {
                (detail.is_open, detail.top) = (true, 0);
                text.push_str(" The row's record is shown instead.");
            }
            cx.tell(text);
        });
    }

    /// Opens the screen for what was typed into a modal, and closes the modal. It replaces a
    /// booking that failed to load.
    pub(super) fn push_typed(&mut self, screen: Result<Box<dyn Behavior>, String>) {
        if screen.is_ok() && self.booking().is_some_and(Booking::has_failed) {
            drop(self.close());
        }
        let result = screen.and_then(|screen| self.try_push(screen));
        self.tell_modal(&result);
    }

    fn tell_modal(&mut self, result: &Result<(), String>) {
        if self.modals.last_mut().is_some_and(|modal| modal.handed_on(result)) {
            self.modals.pop();
        }
    }

    pub fn message(&self) -> Option<String> {
        let failure =
            || self.top().failure_beside_rows(&self.cx).map(|failure| self.cx.in_words(failure));
        self.cx.notice.clone().or_else(failure)
    }

    pub(super) fn lay_out(&self) -> Regions {
        let message = self.message().map_or(0, |text| message_lines(&text, self.cx.size.0).len());
        let message = u16::try_from(message).unwrap_or(u16::MAX);
        let detail = self.top().detail();
        let shape = Shape { detail, message, ..self.top().shape(&self.cx) };
        regions(self.cx.size, shape)
    }
}
