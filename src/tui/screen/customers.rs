//! All customers, first the one that needs the user first. `enter` opens a customer on what the cell
//! is about.
//!
//! Its rows are the only list of its TUI, so that search, sort and columns work as on any list; their
//! figures arrive from the hub.

mod export;
mod find;
pub mod state;
pub mod view;

#[cfg(test)]
pub(in crate::tui) mod tests;

use ratatui::Frame;

use crate::command::Command;
use crate::customers::state::Trouble;
use crate::export::customers::render;
use crate::export::{Format, Output};
use crate::hub::Unlock;
use crate::tui::component::detail::{self, Detail};
use crate::tui::component::pieces::Piece;
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Binding, Scope};
use crate::tui::landing::{Landing, Visit};
use crate::tui::layout::Shape;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::modal::reader::Reader;
use crate::tui::msg::Now;
use crate::tui::screen::list::found;
use crate::tui::screen::{Behavior, list, table};
use crate::tui::theme::Theme;

pub use state::CustomersScreen;

impl Behavior for CustomersScreen {
    fn scope(&self) -> Scope {
        Scope::Customers
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::draw(self, cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        // From now on, the row under the cursor stays there.
        self.has_moved = true;
        match action {
            Action::Open => self.open(cx),
            Action::Json => self.show_json(cx),
            Action::Export => self.ask_to_export(cx),
            Action::Search => cx.open_search(),
            Action::Triage => cx.then(Next::Run(Command::Triage)),
            Action::Back => self.back(cx),
            Action::Quit => cx.effect(Effect::Quit),
            _ => {
                table::act(self, action, cx);
            }
        }
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        self.has_moved = true;
        self.click_row(x, y, cx);
    }

    fn shows_list(&self) -> bool {
        true
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        match action {
            Action::AskServer => found::why_not_asked(cx),
            _ => table::why_not(self, action, cx),
        }
    }

    fn hint(&self, binding: &'static Binding, cx: &Cx) -> Option<&'static str> {
        match binding.action {
            Action::Open => Some(self.landing(cx)?.1.hint()),
            _ => binding.hint,
        }
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        match answer {
            ModalAnswer::Columns(choice, seen) => cx.list_mut().table.choose_columns(&choice, seen),
            ModalAnswer::Export(path) => return self.save(&path, cx),
            ModalAnswer::Find(reference) => self.find(&reference, cx),
            _ => {}
        }
        Ok(())
    }

    /// Loads the customer under the cursor again. For a locked one, this runs the program that asks
    /// for the password.
    fn refresh(&mut self, cx: &mut Cx) {
        let Some(row) = self.selected_row(cx).filter(|row| !self.is_loading(&row.profile)) else {
            return;
        };
        let is_locked =
            matches!(row.state.trouble(), Some(Trouble::Locked(_) | Trouble::Refused(_)));
        let unlock = if is_locked { Unlock::ByUser } else { Unlock::NotAsked };
        let profile = row.profile.clone();
        self.load(&profile, unlock, cx);
        cx.tell(format!("Loading {profile} again…"));
    }

    fn probe(&mut self, _cx: &mut Cx) -> bool {
        false
    }

    fn is_loading(&self, _cx: &Cx) -> bool {
        // The hub finds out by itself whether a server can be reached.
        true
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn detail_mut(&mut self) -> Option<&mut Detail> {
        Some(&mut self.detail)
    }

    fn pane(&self) -> (&'static str, u16) {
        (" Customer ", detail::LABEL)
    }

    fn detail_lines(&self, cx: &Cx, width: u16) -> Vec<detail::Line> {
        self.selected_row(cx).map(|row| view::detail_lines(row, cx, width)).unwrap_or_default()
    }

    fn shape(&self, cx: &Cx) -> Shape {
        Shape { summary: 1, has_chips: cx.list().has_chips(), ..Shape::default() }
    }

    fn status(&self, cx: &Cx, theme: &Theme, _width: u16) -> Vec<Piece> {
        list::view::status(cx, theme)
    }

    fn prepare(&mut self, cx: &mut Cx) {
        self.load_due(cx);
        self.arrange(cx);
    }

    fn settle(&mut self, cx: &mut Cx) {
        // There are few rows: they are sorted and searched at once.
        while let Some(job) = cx.list_mut().table.take_job(false) {
            cx.list_mut().table.accept(Some(job.run()));
        }
        table::settle(self, cx);
    }

    fn waiting_since(&self, _cx: &Cx) -> Option<Now> {
        self.finding.as_ref().map(|finding| finding.since)
    }

    /// Each row has its own time.
    fn loaded_at(&self, _cx: &Cx) -> Option<Now> {
        None
    }

    fn wake_at(&self, _cx: &Cx) -> Option<u64> {
        self.next_load()
    }
}

impl CustomersScreen {
    fn open(&mut self, cx: &mut Cx) {
        self.stop_finding(cx);
        if let Some((profile, landing)) = self.landing(cx) {
            cx.visit(Visit { profile, landing });
        }
    }

    /// The customer under the cursor, and what its cell is about.
    fn landing(&self, cx: &Cx) -> Option<(String, Landing)> {
        let (row, table) = (self.selected_row(cx)?, &cx.list().table);
        let column = table.spec().described(table.field()).map_or("", |column| column.name);
        Some((row.profile.clone(), Landing::of_cell(column, row)))
    }

    fn show_json(&self, cx: &mut Cx) {
        let Some(row) = self.selected_row(cx) else { return };
        let text = render(std::slice::from_ref(row), Output::of(Format::Json));
        let text = text.and_then(|it| String::from_utf8(it).map_err(|why| why.to_string()));
        if let Some(text) = cx.ok_or_tell(text) {
            let lines = text.lines().map(str::to_owned).collect();
            cx.open(Reader::new(format!("Customer {}", row.profile), lines));
        }
    }

    fn ask_to_export(&self, cx: &mut Cx) {
        let name = self.proposed_name(cx);
        cx.open(Prompt::new(name, PromptAction::Customers));
    }

    /// One step back: ends the search for a booking, closes the detail pane, clears marks, or removes the last search.
    fn back(&mut self, cx: &mut Cx) {
        if self.stop_finding(cx)
            || self.detail.close()
            || table::unmark_all(self, cx)
            || !cx.drop_found()
        {
            return;
        }
        cx.notice = Some("Search removed.".to_owned());
    }
}

impl Cx {
    /// Shows all customers instead of the lists of one.
    pub fn is_overview(&self) -> bool {
        self.lists.head.spec().is(&crate::customers::rows::SPEC)
    }
}
