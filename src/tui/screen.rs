//! The screens, one folder each: what each knows, what its keys do, how it is drawn.
//!
//! To add one: a folder with its state and `impl Behavior`, its scope and its rows in the keymap.
//! Everything else follows from the answers to the questions of [`Behavior`].

pub mod booking;
pub mod changes;
pub mod groups;
pub mod list;
pub mod payments;
pub mod table;
pub mod triage;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::fmt::Debug;

use ratatui::Frame;

use crate::domain::failure::Failure;
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

/// What a screen answers and does. Only what it has needs an answer of its own.
pub trait Behavior: Any + Debug + Send {
    fn scope(&self) -> Scope;

    /// Draws the title, the panel, the rows into the regions of [`Cx::layout`].
    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>);

    fn act(&mut self, action: Action, cx: &mut Cx);

    /// Whether its rows are those of the list that is shown: it then loads, fails and ages as that does.
    fn shows_list(&self) -> bool {
        false
    }

    fn list<'a>(&self, cx: &'a Cx) -> Option<&'a List> {
        self.shows_list().then(|| cx.list())
    }

    /// Why an action can do nothing now: shown in the help, and on its key.
    fn why_not(&self, _action: Action, _cx: &Cx) -> Option<String> {
        None
    }

    /// The word beside the key in the footer, where it is shown there.
    fn hint(&self, binding: &'static Binding, _cx: &Cx) -> Option<&'static str> {
        binding.hint
    }

    /// Whether its help lists an action; one for which nothing is configured is left out.
    fn offers(&self, _action: Action, _cx: &Cx) -> bool {
        true
    }

    /// What its help explains beside keys and commands: a heading, a name, what it means.
    fn meanings(&self) -> Vec<[&'static str; 3]> {
        Vec::new()
    }

    fn opened(&mut self, _cx: &mut Cx) {}

    /// It is closed; what it has asked for is cancelled after this.
    fn closed(&mut self, _cx: &mut Cx) {}

    fn answered(&mut self, _request: Request, _answer: Answer, _cx: &mut Cx) {}

    /// What a modal that it opened has asked for; why it cannot be done, for a prompt that stays open.
    fn modal_answered(&mut self, _answer: ModalAnswer, _cx: &mut Cx) -> Result<(), String> {
        Ok(())
    }

    fn refresh(&mut self, cx: &mut Cx);

    /// Loads again without a key, to find out whether the server is back. Returns `false` if it
    /// has nothing of that server to load.
    fn probe(&mut self, cx: &mut Cx) -> bool {
        self.shows_list() && cx.probe_list()
    }

    /// Whether a request is under way whose response shows as much as that of [`Self::probe`].
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

    /// The title of the detail pane, and the cells of its labels.
    fn pane(&self) -> (&'static str, u16) {
        (" Detail ", detail::LABEL)
    }

    fn detail_lines(&self, cx: &Cx, width: u16) -> Vec<detail::Line> {
        self.selected(cx)
            .map(|record| detail::with_owner(record, cx.owners_of(record), width))
            .unwrap_or_default()
    }

    /// What of the screen it takes, but for the detail pane and the message.
    fn shape(&self, _cx: &Cx) -> Shape {
        Shape::default()
    }

    /// Why the last request gave nothing, where rows are shown all the same.
    fn failure_beside_rows<'a>(&'a self, cx: &'a Cx) -> Option<&'a Failure> {
        self.list(cx)?.failure_beside_rows()
    }

    /// Since when the user waits for what is shown.
    fn waiting_since(&self, cx: &Cx) -> Option<Now> {
        self.list(cx)?.waiting_since()
    }

    fn loaded_at(&self, cx: &Cx) -> Option<Now> {
        self.list(cx)?.fetched
    }

    /// Where one is, how much is there, what it sums to; in `width` cells.
    fn status(&self, _cx: &Cx, _theme: &Theme, _width: u16) -> Vec<Piece> {
        Vec::new()
    }

    /// Recomputes what it is drawn from, before the layout is computed.
    fn prepare(&mut self, _cx: &mut Cx) {}

    /// Puts cursors back into their windows after whatever has changed; [`Cx::layout`] is new.
    fn settle(&mut self, _cx: &mut Cx) {}

    /// Sends the requests that no key asked for, once everything else is done.
    fn after_event(&mut self, _cx: &mut Cx) {}

    /// When something changes without a message, in milliseconds since the start.
    fn wake_at(&self, _cx: &Cx) -> Option<u64> {
        None
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
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

/// The lines of a panel that needs `lines`: on a low screen the rows keep half of it.
fn panel(lines: usize, cx: &Cx) -> u16 {
    let body = usize::from(cx.size.1.saturating_sub(4));
    u16::try_from(lines.min((body / 2).max(body.saturating_sub(11)))).unwrap_or(u16::MAX)
}
