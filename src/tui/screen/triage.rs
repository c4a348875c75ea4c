//! Penalties as a queue of what is to be decided: matrix, rows, evidence, decisions.

pub mod collision;
pub mod compare;
pub mod decide;
pub mod evidence;
pub mod lines;
pub mod rest;
pub mod since;
pub mod state;
pub mod update;
pub mod view;
pub mod worklist;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use state::TriageScreen;

use super::{Behavior, Pane, table};
use crate::domain::failure::Failure;
use crate::net::response::Response;
use crate::state::persisted::Change;
use crate::tui::component::detail::{self, Detail};
use crate::tui::component::pieces::Piece;
use crate::tui::cx::{Cx, ModalAnswer};
use crate::tui::effect::{Effect, Ticket};
use crate::tui::keymap::{Action, Binding, Scope};
use crate::tui::layout::Shape;
use crate::tui::theme::Theme;

impl Behavior for TriageScreen {
    fn scope(&self) -> Scope {
        if self.is_in_overview { Scope::Overview } else { Scope::Triage }
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::draw(self, cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        update::act(self, action, cx);
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        update::why_not(self, action, cx)
    }

    fn shows_list(&self) -> bool {
        true
    }

    fn hint(&self, binding: &'static Binding, _cx: &Cx) -> Option<&'static str> {
        if binding.id == "open" { Some("booking") } else { binding.hint }
    }

    fn opened(&mut self, cx: &mut Cx) {
        self.arrange(cx);
    }

    fn closed(&mut self, cx: &mut Cx) {
        self.evidence.awaited = None;
        self.evidence.due = None;
        if let Some(list) = cx.list_mut().filter(|_| self.is_left) {
            self.arranged = None;
            list.table.set_queue(None);
        }
    }

    fn answered(&mut self, ticket: Ticket, answer: Result<Response, Failure>, cx: &mut Cx) {
        self.accept_evidence(ticket, &answer, cx);
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        match answer {
            ModalAnswer::Snooze(at) => self.snooze_for(at, cx),
            ModalAnswer::Note(text) => self.note(&text, cx),
            ModalAnswer::Worklist(path) => return worklist::save(self, &path, cx),
            ModalAnswer::Columns(chooser) => cx.take_columns(&chooser),
            ModalAnswer::Export(_) => {}
        }
        Ok(())
    }

    /// Loads the penalties again, and what the file of decisions holds.
    fn refresh(&mut self, cx: &mut Cx) {
        if !self.is_in_overview {
            self.evidence.known.clear();
            self.evidence.since = cx.now.elapsed;
        }
        cx.refresh_list();
        if cx.kept.remembers {
            let customer = cx.session.customer.clone();
            cx.effect(Effect::Keep(Change::Reload(customer, cx.decisions_version)));
        }
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn detail_mut(&mut self) -> Option<&mut Detail> {
        Some(&mut self.detail)
    }

    fn pane(&self) -> Pane {
        Pane { title: " Evidence ", label: evidence::LABEL }
    }

    fn detail_lines(&self, cx: &Cx, width: u16) -> Vec<detail::Line> {
        evidence::lines(self, cx, width)
    }

    fn shape(&self, cx: &Cx) -> Shape {
        Shape {
            has_chips: cx.has_filters(),
            panel: super::panel(view::overview::lines(&self.overview), cx),
            pane: state::evidence_width(cx.size.0),
            ..Shape::default()
        }
    }

    fn status(&self, cx: &Cx, theme: &Theme, width: u16) -> Vec<Piece> {
        view::progress(self, cx, theme, usize::from(width).saturating_sub(5))
    }

    fn prepare(&mut self, cx: &mut Cx) {
        self.arrange(cx);
    }

    fn settle(&mut self, cx: &mut Cx) {
        table::settle(self, cx);
    }

    fn after_event(&mut self, cx: &mut Cx) {
        cx.run_list();
        self.rest(cx);
    }

    fn wake_at(&self, cx: &Cx) -> Option<u64> {
        let rest = self.evidence.due.as_ref().map(|(_, at)| (*at).max(cx.now.elapsed + 1));
        [rest, cx.auto_refresh_at()].into_iter().flatten().min()
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        update::click(self, x, y, cx);
    }
}
