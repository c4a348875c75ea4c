//! Screens about the Payments APIs: a report in lines, some of which open another screen.

pub mod state;
pub mod update;
pub mod view;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use state::ReportScreen;

use super::Behavior;
use crate::domain::failure::Failure;
use crate::list::record::Record;
use crate::net::response::Response;
use crate::payments::fields::Fields;
use crate::payments::subject::Subject;
use crate::tui::component::pieces::Piece;
use crate::tui::cx::Cx;
use crate::tui::effect::{Effect, NetCommand, Ticket};
use crate::tui::keymap::{Action, Scope};
use crate::tui::msg::Now;
use crate::tui::theme::Theme;

/// The screen of the payment of a row.
pub fn of_row(record: &Record, cx: &Cx) -> Result<ReportScreen, String> {
    let id = record.text("id").ok_or("This row names no payment.")?;
    let wanted = Subject::Payment(id.expose_raw().to_owned());
    ReportScreen::about(wanted, Fields::read(&record.to_json()), cx.hosts, cx.now)
}

impl Behavior for ReportScreen {
    fn scope(&self) -> Scope {
        Scope::Report
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::title(self, cx, theme, frame);
        view::body(self, theme, frame, cx.layout.table);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        update::act(self, action, cx);
    }

    fn why_not(&self, action: Action, _cx: &Cx) -> Option<String> {
        update::why_not(self, action)
    }

    fn opened(&mut self, cx: &mut Cx) {
        let asks = std::mem::take(&mut self.asks);
        self.ask(asks, cx);
    }

    fn answered(&mut self, ticket: Ticket, answer: Result<Response, Failure>, cx: &mut Cx) {
        self.accept_answer(ticket, answer, cx);
    }

    fn refresh(&mut self, cx: &mut Cx) {
        cx.effect(Effect::Network(NetCommand::RetryCredential));
        self.reload(cx);
    }

    fn waiting_since(&self, _cx: &Cx) -> Option<Now> {
        (!self.awaited.is_empty()).then_some(self.since)
    }

    fn loaded_at(&self, _cx: &Cx) -> Option<Now> {
        self.fetched
    }

    fn status(&self, _cx: &Cx, theme: &Theme, _width: u16) -> Vec<Piece> {
        let text = format!("line {} of {}", self.scroll.cursor + 1, self.lines().len());
        vec![Piece::new(1, theme.title, text)]
    }

    fn settle(&mut self, cx: &mut Cx) {
        self.make_lines(cx.size.0);
        let (lines, height) = (self.lines().len(), usize::from(cx.layout.table.height));
        self.scroll.settle(lines, height);
    }

    fn click(&mut self, _x: u16, y: u16, cx: &mut Cx) {
        let region = cx.layout.table;
        let line = self.scroll.top + usize::from(y.saturating_sub(region.y));
        if (region.y..region.bottom()).contains(&y) && line < self.lines().len() {
            self.scroll.cursor = line;
        }
    }
}
