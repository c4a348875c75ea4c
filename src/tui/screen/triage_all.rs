//! The open penalties of all customers as one queue. Each row belongs to one customer, whose server,
//! token and file of decisions are the only ones used for it.
//!
//! It is above the screen of all customers, so it sends no request itself: the hub loads.

mod decide;
mod evidence;
mod export;
mod loads;
pub mod part;
pub mod state;
mod view;

#[cfg(test)]
mod tests;

use ratatui::Frame;

use crate::triage::id_of;
use crate::tui::component::detail::{self, Detail};
use crate::tui::component::pieces::Piece;
use crate::tui::component::table::Table;
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::keymap::{Action, Binding, Scope, Way};
use crate::tui::landing::{Landing, Visit};
use crate::tui::layout::Shape;
use crate::tui::msg::Now;
use crate::tui::screen::triage::change::{self, NOTHING_TO_UNDO};
use crate::tui::screen::triage::evidence::LABEL;
use crate::tui::screen::triage::state::evidence_width;
use crate::tui::screen::{Behavior, table};
use crate::tui::stack::{Layer, Tui};
use crate::tui::theme::Theme;

pub use state::TriageAllScreen;

impl Behavior for TriageAllScreen {
    fn scope(&self) -> Scope {
        Scope::Queue
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::draw(self, cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        // From now on, the penalty under the cursor stays there.
        self.has_moved = true;
        if self.act_on_decisions(action, cx) {
            return;
        }
        match action {
            Action::NextOpen => self.step_to_open(Way::Forward, cx),
            Action::PreviousOpen => self.step_to_open(Way::Back, cx),
            Action::ShowHidden => self.shows_all = !self.shows_all,
            Action::Open => self.open(cx),
            Action::OpenSettling => {
                let settling = self.settling();
                if let Some((profile, landing)) = settling {
                    cx.visit(Visit { profile, landing });
                }
            }
            Action::Worklist => self.ask_to_export(cx),
            Action::RefreshAll => self.reload_all(cx),
            Action::Back => {
                if !self.detail.is_zoomed && !table::unmark_all(self, cx) {
                    cx.then(Next::Close);
                }
                self.detail.is_zoomed = false;
            }
            Action::Quit => cx.then(Next::Close),
            _ => table::act(self, action, cx),
        }
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        self.has_moved = true;
        self.click_row(x, y, cx);
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        let has_id = |index| self.record(index).is_some_and(|(.., it)| id_of(it).is_some());
        let why = match action {
            Action::Undo if self.decisions.is_empty() => NOTHING_TO_UNDO,
            Action::Decide(_)
            | Action::Flag
            | Action::ClearDecision
            | Action::Snooze
            | Action::Note => change::why_not(self.table.chosen_indexes().into_iter().map(has_id))?,
            Action::NextOpen => return self.next_undecided(Way::Forward, cx).err(),
            Action::PreviousOpen => return self.next_undecided(Way::Back, cx).err(),
            Action::OpenSettling if self.settling().is_none() => {
                "This penalty was not settled by a booking."
            }
            _ => return table::why_not(self, action, cx),
        };
        Some(cx.words(why))
    }

    fn hint(&self, binding: &'static Binding, _cx: &Cx) -> Option<&'static str> {
        if binding.action == Action::Open { Some("open") } else { binding.hint }
    }

    fn closed(&mut self, cx: &mut Cx) {
        self.drop_rows(cx);
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        match answer {
            ModalAnswer::Snooze(at) => self.snooze_for(at, cx),
            ModalAnswer::Note(text) => return self.note(&text, cx),
            ModalAnswer::Export(path) => return self.save(&path, cx),
            ModalAnswer::Find(_) => {
                // All customers are below: they look for it.
                cx.then(Next::Close);
                cx.then(Next::Answer(answer));
            }
            ModalAnswer::Columns(..) => {}
        }
        Ok(())
    }

    /// Loads the customer of the row under the cursor again.
    fn refresh(&mut self, cx: &mut Cx) {
        self.has_moved = true;
        self.reload(cx);
    }

    fn is_loading(&self, _cx: &Cx) -> bool {
        // The hub finds out by itself whether a server can be reached.
        true
    }

    fn table<'a>(&'a self, _cx: &'a Cx) -> Option<&'a Table> {
        Some(&self.table)
    }

    fn table_mut<'a>(&'a mut self, _cx: &'a mut Cx) -> Option<&'a mut Table> {
        Some(&mut self.table)
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn detail_mut(&mut self) -> Option<&mut Detail> {
        Some(&mut self.detail)
    }

    fn pane(&self) -> (&'static str, u16) {
        (" Evidence ", LABEL)
    }

    fn detail_lines(&self, cx: &Cx, width: u16) -> Vec<detail::Line> {
        self.evidence_lines(cx, width)
    }

    fn shape(&self, cx: &Cx) -> Shape {
        let lines = view::troubles(self, cx).len();
        let pane = evidence_width(cx.size.0);
        Shape { panel: super::panel(lines, cx), pane, ..Shape::default() }
    }

    fn status(&self, _cx: &Cx, theme: &Theme, _width: u16) -> Vec<Piece> {
        view::status(self, theme)
    }

    fn waiting_since(&self, _cx: &Cx) -> Option<Now> {
        self.since
    }

    /// When the customer was loaded whose rows are the oldest.
    fn loaded_at(&self, _cx: &Cx) -> Option<Now> {
        let loaded = self.parts.iter().filter(|part| part.extent.is_some());
        loaded.filter_map(|part| part.loaded).min_by_key(|loaded| loaded.elapsed)
    }

    fn prepare(&mut self, cx: &mut Cx) {
        self.accept_arrived(cx);
        self.load_due(cx);
        self.arrange(cx);
    }

    fn settle(&mut self, cx: &mut Cx) {
        self.run_table();
        table::settle(self, cx);
        if self.shown_since.is_none() && !self.table.is_empty() {
            self.shown_since = Some(cx.now.elapsed);
        }
    }

    fn after_event(&mut self, cx: &mut Cx) {
        self.rest(cx);
    }

    fn wake_at(&self, cx: &Cx) -> Option<u64> {
        let next_load = self.next_load().map(|at| at.max(cx.now.elapsed + 1));
        let own = [self.evidence.wake_at(cx), next_load, self.next_batch(cx)];
        own.into_iter().flatten().min()
    }

    fn meanings(&self) -> Vec<[&'static str; 3]> {
        let closed = "in this queue only if you decided or flagged it, or wrote a note, while it \
                      was open";
        vec![["Penalties of all customers", "closed penalty", closed]]
    }
}

impl TriageAllScreen {
    fn open(&self, cx: &mut Cx) {
        let Some((part, record)) = self.selected_row() else { return };
        let booking = record.booking().map(|booking| booking.expose_raw().to_owned());
        let landing = booking.map_or(Landing::Penalties, Landing::Booking);
        cx.visit(Visit { profile: part.profile.clone(), landing });
    }

    /// The booking that settled the penalty, and its profile.
    fn settling(&self) -> Option<(String, Landing)> {
        let (part, record) = self.selected_row()?;
        let booking = record.reference("settled_booking")?.expose_raw().to_owned();
        Some((part.profile.clone(), Landing::Booking(booking)))
    }

    fn step_to_open(&mut self, way: Way, cx: &mut Cx) {
        if let Some(row) = cx.ok_or_tell(self.next_undecided(way, cx)) {
            self.table.go_to_row(row);
            self.detail.top = 0;
        }
    }
}

impl Tui {
    pub(in crate::tui) fn is_queue_open(&self) -> bool {
        self.screens::<TriageAllScreen>().next().is_some()
    }

    /// The queue of all customers, also after it was closed: its decisions can still be undone.
    pub fn triage_all(&self) -> Option<&TriageAllScreen> {
        self.screens().next().or(self.parked_all.as_deref())
    }

    pub(in crate::tui) fn triage_all_mut(&mut self) -> Option<(&mut TriageAllScreen, &mut Cx)> {
        let open = self.stack.iter_mut().find_map(Layer::is_mut);
        Some((open.or(self.parked_all.as_deref_mut())?, &mut self.cx))
    }

    /// The queue was closed. The figures of customers with new decisions are loaded again.
    pub(in crate::tui) fn park_queue(&mut self, mut queue: Box<TriageAllScreen>) {
        if let Some((customers, _)) = self.customers_mut() {
            customers.reload(queue.take_decided());
        }
        self.parked_all = Some(queue);
    }

    /// `:triage all`
    pub(in crate::tui) fn show_triage_all(&mut self) {
        let Some(customers) = self.customers() else {
            return self.go_to_triage_all();
        };
        let profiles: Vec<String> =
            customers.rows().iter().map(|row| row.profile.clone()).collect();
        if !self.is_queue_open() {
            let mut screen = self.parked_all.take().unwrap_or_default();
            screen.follow(&profiles, &[], &mut self.cx);
            self.push(screen);
        }
    }
}
