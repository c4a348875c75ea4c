//! One booking: its totals and sections, its ledger, its checks.

pub mod export;
pub mod findings;
pub mod neighbours;
pub mod sources;
pub mod state;
pub mod statement;
pub mod tenant;
pub mod totals;
pub mod update;
pub mod view;

#[cfg(test)]
mod state_tests;
#[cfg(test)]
mod tests;

use ratatui::Frame;
use state::{Booking, View};

use super::{Behavior, table};
use crate::domain::failure::Failure;
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::net::response::Response;
use crate::tui::component::detail::{self, Detail};
use crate::tui::component::pieces::Piece;
use crate::tui::component::table::Table;
use crate::tui::cx::{Cx, ModalAnswer};
use crate::tui::effect::{Effect, NetCommand, Ticket};
use crate::tui::keymap::{Action, Scope};
use crate::tui::layout::Shape;
use crate::tui::msg::Now;
use crate::tui::theme::Theme;

impl Behavior for Booking {
    fn scope(&self) -> Scope {
        Scope::Booking
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

    fn opened(&mut self, cx: &mut Cx) {
        cx.history.visit(&self.asked);
        if let Some(seen) = cx.history.seen(&self.asked) {
            *self = Self { typed: self.typed.take(), view: self.view, ..seen };
        }
        self.load_what_is_missing(cx);
    }

    fn closed(&mut self, cx: &mut Cx) {
        cx.history.keep(self);
    }

    fn answered(&mut self, ticket: Ticket, answer: Result<Response, Failure>, cx: &mut Cx) {
        self.accept_answer(ticket, answer, cx);
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        match answer {
            ModalAnswer::Columns(choice) => {
                if let Some(table) = self.shown_table_mut() {
                    table.apply_list_columns(&choice);
                }
                Ok(())
            }
            ModalAnswer::Export(path) => export::save(self, &path, cx),
            _ => Ok(()),
        }
    }

    fn refresh(&mut self, cx: &mut Cx) {
        cx.effect(Effect::Network(NetCommand::RetryCredential));
        self.load(cx);
    }

    fn probe(&mut self, cx: &mut Cx) -> bool {
        let failure = self.failure.take();
        self.load(cx);
        // It holds until there is something else to show.
        self.failure = failure;
        true
    }

    fn is_loading(&self, _cx: &Cx) -> bool {
        self.load.is_some()
    }

    fn table<'a>(&'a self, _cx: &'a Cx) -> Option<&'a Table> {
        self.shown_table()
    }

    fn table_mut<'a>(&'a mut self, _cx: &'a mut Cx) -> Option<&'a mut Table> {
        self.shown_table_mut()
    }

    fn selected<'a>(&'a self, _cx: &'a Cx) -> Option<&'a Record> {
        self.selected_record()
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn detail_mut(&mut self) -> Option<&mut Detail> {
        Some(&mut self.detail)
    }

    fn detail_lines(&self, _cx: &Cx, width: u16) -> Vec<detail::Line> {
        let Some(record) = self.selected_record() else { return Vec::new() };
        detail::lines(record, self.changed_fields().unwrap_or_default(), width)
    }

    fn shape(&self, cx: &Cx) -> Shape {
        // The totals stand beside the sections; ledger and checks have the whole body.
        let lines = if self.view == View::Sections { totals::lines(self).len() + 1 } else { 0 };
        Shape { panel: super::panel(lines, cx), ..Shape::default() }
    }

    fn failure_beside_rows<'a>(&'a self, _cx: &'a Cx) -> Option<&'a Failure> {
        self.failure.as_ref().filter(|_| self.content.is_some())
    }

    fn waiting_since(&self, _cx: &Cx) -> Option<Now> {
        self.load.map(|(_, since)| since)
    }

    fn loaded_at(&self, _cx: &Cx) -> Option<Now> {
        self.content.as_ref().map(|content| content.fetched)
    }

    fn age_in_header(&self, _cx: &Cx) -> Option<Now> {
        None
    }

    fn status(&self, _cx: &Cx, theme: &Theme, width: u16) -> Vec<Piece> {
        view::status(self, theme, width)
    }

    fn settle(&mut self, cx: &mut Cx) {
        table::settle(self, cx);
        update::settle(self, cx);
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        update::click(self, x, y, cx);
    }

    fn typed_reference(&self) -> Option<String> {
        self.typed.clone().filter(|_| self.content.is_none())
    }

    fn booking(&self) -> Option<&Untrusted> {
        Some(self.reference())
    }
}
