//! The screens, one folder each: state, actions, drawing.
//!
//! To add a screen: a folder with its state and `impl Behavior`, a scope, and rows in the keymap.
//! The rest is derived from the methods of [`Behavior`].

pub mod booking;
pub mod changes;
pub mod customers;
pub mod groups;
pub mod home;
pub mod list;
pub mod payments;
pub mod table;
pub mod triage;
pub mod triage_all;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::fmt::Debug;

use ratatui::Frame;

use crate::domain::failure::Failure;
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::Answer;
use crate::tui::component::detail;
use crate::tui::component::detail::Detail;
use crate::tui::component::pieces::Piece;
use crate::tui::component::table::Table;
use crate::tui::cx::{Cx, ModalAnswer};
use crate::tui::keymap::{Action, Binding, Scope};
use crate::tui::layout::Shape;
use crate::tui::msg::Now;
use crate::tui::screen::list::state::List;
use crate::tui::theme::Theme;

/// What a screen shows and does. Most methods have defaults for screens without that part.
pub trait Behavior: Any + Debug + Send {
    fn scope(&self) -> Scope;

    /// Draws the title, the panel and the rows into the regions of [`Cx::layout`].
    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>);

    fn act(&mut self, action: Action, cx: &mut Cx);

    /// Returns `true` if its rows are those of the current list, whose loads and failures it then
    /// shows.
    fn shows_list(&self) -> bool {
        false
    }

    fn list<'a>(&self, cx: &'a Cx) -> Option<&'a List> {
        self.shows_list().then(|| cx.list())
    }

    /// Why an action is not available now: shown in the help, and when its key is pressed.
    fn why_not(&self, _action: Action, _cx: &Cx) -> Option<String> {
        None
    }

    /// The hint for a key in the footer; `None` hides it.
    fn hint(&self, binding: &'static Binding, _cx: &Cx) -> Option<&'static str> {
        binding.hint
    }

    /// Returns `false` for an action that is not configured: the help does not list it.
    fn offers(&self, _action: Action, _cx: &Cx) -> bool {
        true
    }

    /// What its help explains besides keys and commands: a heading, a name, its meaning.
    fn meanings(&self) -> Vec<[&'static str; 3]> {
        Vec::new()
    }

    fn opened(&mut self, _cx: &mut Cx) {}

    /// Called when it is closed; its requests are cancelled afterwards.
    fn closed(&mut self, _cx: &mut Cx) {}

    fn answered(&mut self, _request: Request, _answer: Answer, _cx: &mut Cx) {}

    /// Handles the answer of a modal that it opened. An error is shown in the prompt, which stays
    /// open.
    fn modal_answered(&mut self, _answer: ModalAnswer, _cx: &mut Cx) -> Result<(), String> {
        Ok(())
    }

    fn refresh(&mut self, cx: &mut Cx);

    /// Loads again without a key press, to find out whether the server is reachable. Returns `false`
    /// if it loads nothing from that server.
    fn probe(&mut self, cx: &mut Cx) -> bool {
        self.shows_list() && cx.probe_list()
    }

    /// Returns `true` if a request is in flight that serves as a [`Self::probe`].
    fn is_loading(&self, cx: &Cx) -> bool {
        self.list(cx).is_some_and(|list| list.load.is_some() || list.all.is_some())
    }

    fn table<'a>(&'a self, cx: &'a Cx) -> Option<&'a Table> {
        self.list(cx).map(|list| &list.table)
    }

    fn table_mut<'a>(&'a mut self, cx: &'a mut Cx) -> Option<&'a mut Table> {
        self.shows_list().then(|| &mut cx.list_mut().table)
    }

    fn selected<'a>(&'a self, cx: &'a Cx) -> Option<&'a Record> {
        self.table(cx)?.selected()
    }

    fn detail(&self) -> Detail {
        Detail::default()
    }

    fn detail_mut(&mut self) -> Option<&mut Detail> {
        None
    }

    /// The title of the detail pane, and the width of its labels.
    fn pane(&self) -> (&'static str, u16) {
        (" Detail ", detail::LABEL)
    }

    fn detail_lines(&self, cx: &Cx, width: u16) -> Vec<detail::Line> {
        self.selected(cx)
            .map(|record| detail::with_owner(record, cx.owners_of(record), width))
            .unwrap_or_default()
    }

    /// Which regions it needs, except for the detail pane and the message.
    fn shape(&self, _cx: &Cx) -> Shape {
        Shape::default()
    }

    /// Why the last load failed, if rows are still shown.
    fn failure_beside_rows<'a>(&'a self, cx: &'a Cx) -> Option<&'a Failure> {
        self.list(cx)?.failure_beside_rows()
    }

    /// Since when the user has waited for what is shown.
    fn waiting_since(&self, cx: &Cx) -> Option<Now> {
        self.list(cx)?.waiting_since()
    }

    fn loaded_at(&self, cx: &Cx) -> Option<Now> {
        self.list(cx)?.fetched
    }

    /// The status line in `width` cells: position, number of rows, totals.
    fn status(&self, _cx: &Cx, _theme: &Theme, _width: u16) -> Vec<Piece> {
        Vec::new()
    }

    /// Recomputes derived state, before the layout is computed.
    fn prepare(&mut self, _cx: &mut Cx) {}

    /// Moves cursors back into their windows after a change; [`Cx::layout`] is current.
    fn settle(&mut self, _cx: &mut Cx) {}

    /// Sends background requests, after everything else.
    fn after_event(&mut self, _cx: &mut Cx) {}

    /// The booking that a key would open, if it is worth loading ahead.
    fn booking_under_cursor(&self, _cx: &Cx) -> Option<Untrusted> {
        None
    }

    /// When the screen next changes without a message, in milliseconds since the start.
    fn wake_at(&self, _cx: &Cx) -> Option<u64> {
        None
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        self.click_row(x, y, cx);
    }

    /// Moves the cursor to the row that was clicked.
    fn click_row(&mut self, x: u16, y: u16, cx: &mut Cx) {
        let Some(line) = cx.layout.line_at(x, y, 1) else { return };
        let Some(table) = self.table_mut(cx) else { return };
        let row = table.top() + line;
        if row < table.len() {
            table.go_to_row(row);
            self.scroll_detail_to_top();
        }
    }

    fn scroll_detail_to_top(&mut self) {
        if let Some(detail) = self.detail_mut() {
            detail.top = 0;
        }
    }
}

/// The height of a panel that needs `lines`: on a low screen, the rows keep half of it.
fn panel(lines: usize, cx: &Cx) -> u16 {
    panel_above(usize::MAX, lines, cx)
}

/// As [`panel`], above a table that needs no more than `rows`.
fn panel_above(rows: usize, lines: usize, cx: &Cx) -> u16 {
    let body = usize::from(cx.size.1.saturating_sub(5));
    // The table also has a line of titles.
    let left = body.saturating_sub(rows.max(2).saturating_add(1));
    let body = usize::from(cx.size.1.saturating_sub(4));
    let most = (body / 2).max(body.saturating_sub(11)).max(left);
    u16::try_from(lines.min(most)).unwrap_or(u16::MAX)
}
