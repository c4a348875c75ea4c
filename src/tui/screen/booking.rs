//! One booking: its totals and sections, its ledger, its checks.

pub mod sources;
pub mod state;
pub mod tenant;
pub mod update;
pub mod view;

#[cfg(test)]
mod gone_tests;
#[cfg(test)]
mod lookup_tests;
#[cfg(test)]
mod state_tests;
#[cfg(test)]
mod tests;

use ratatui::Frame;

use crate::conciliation::checks::CHECKS;
use crate::conciliation::ledger::MEANINGS;
use crate::conciliation::summary::MEANINGS as FIGURES;
use crate::domain::failure::Failure;
use crate::domain::text::Untrusted;
use crate::export;
use crate::export::Format;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::Answer;
use crate::owners;
use crate::tui::component::detail;
use crate::tui::component::detail::Detail;
use crate::tui::component::pieces::Piece;
use crate::tui::component::table::Table;
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::effect::{Effect, NetCommand};
use crate::tui::keymap::{Action, Binding, Scope, Way};
use crate::tui::layout::Shape;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::msg::Now;
use crate::tui::screen::booking::state::{Booking, BookingView};
use crate::tui::screen::list::fetch::LIST_IS_GONE;
use crate::tui::screen::payments::state::NOT_CONFIGURED;
use crate::tui::screen::{Behavior, table};
use crate::tui::theme::Theme;

/// For the help.
const ADDS_UP: (&str, &str) = (
    "Adds up",
    "everything is loaded, in one currency, and each total of the server matches its rows",
);

impl Behavior for Booking {
    fn scope(&self) -> Scope {
        Scope::Booking
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::draw(self, cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Open if self.is_unknown() => update::search_in_debt(self, cx),
            Action::Open if self.view == BookingView::Sections => update::open_from_cell(self, cx),
            Action::Open => update::show_rows(self, cx),
            Action::NextSection => update::turn(self, Way::Forward),
            Action::PreviousSection => update::turn(self, Way::Back),
            Action::Tenant => update::toggle_tenant(self, cx),
            Action::Ledger => update::toggle(self, BookingView::Ledger, cx),
            Action::Checks => update::toggle(self, BookingView::Checks, cx),
            Action::SeenBefore => update::step_in_history(self, Way::Back, cx),
            Action::SeenAfter => update::step_in_history(self, Way::Forward, cx),
            Action::NextOfList => update::step_in_list(self, Way::Forward, cx),
            Action::PreviousOfList => update::step_in_list(self, Way::Back, cx),
            Action::Export => {
                let name = export::file_name(self.reference(), Format::Text, cx.now.local.date());
                cx.open(Prompt::new(name, PromptAction::ExportBooking));
            }
            Action::Move(step) if self.view != BookingView::Sections => {
                if let Some((lines, height)) = update::lines(self, cx) {
                    self.scroll_mut().step(step, lines, height);
                }
                self.detail.top = 0;
            }
            Action::Back => update::back(self, cx),
            Action::Quit => cx.then(Next::Close),
            _ => table::act(self, action, cx),
        }
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        let why = match action {
            // The lines of the ledger and of the checks have no columns and no marks.
            Action::Left
            | Action::Right
            | Action::Mark
            | Action::MarkShown
            | Action::UnmarkAll
            | Action::Sort
            | Action::Reverse
            | Action::Columns
            | Action::CopyCell
            | Action::CopyRows
                if self.view != BookingView::Sections || self.shown_table().is_none() =>
            {
                match (&self.content, self.view) {
                    (None, _) => "There are no rows here.",
                    (_, BookingView::Checks) => {
                        "This works only in the sections. {checks} shows them."
                    }
                    _ => "This works only in the sections. {ledger} shows them.",
                }
            }
            Action::Open => return update::why_not_open(self, cx),
            Action::Ledger | Action::Checks if self.content.is_none() => {
                "This booking is not loaded yet."
            }
            Action::SeenBefore if !cx.history.has(Way::Back, &self.asked) => {
                "There is no earlier booking in the history."
            }
            Action::SeenAfter if !cx.history.has(Way::Forward, &self.asked) => {
                "There is no later booking in the history."
            }
            Action::NextOfList => return update::neighbor(self, Way::Forward, cx).err(),
            Action::PreviousOfList => return update::neighbor(self, Way::Back, cx).err(),
            Action::Tenant if !self.offers(action, cx) && cx.is_payments_list_gone => LIST_IS_GONE,
            Action::Tenant if self.tenant.is_none() => NOT_CONFIGURED,
            Action::Export if self.content.is_none() => "There is nothing to export yet.",
            _ => return table::why_not(self, action, cx),
        };
        Some(cx.words(why))
    }

    fn hint(&self, binding: &'static Binding, _cx: &Cx) -> Option<&'static str> {
        let is_empty = self.content.is_none();
        match binding.action {
            Action::Open if self.is_unknown() => Some("debt"),
            Action::Open
            | Action::Ledger
            | Action::Checks
            | Action::NextSection
            | Action::Detail
            | Action::Export
                if is_empty =>
            {
                None
            }
            _ => binding.hint,
        }
    }

    fn offers(&self, action: Action, cx: &Cx) -> bool {
        let has_rows = || self.tenant.as_ref().is_some_and(|tenant| !tenant.table.is_empty());
        action != Action::Tenant || cx.has_payments_list() || has_rows()
    }

    fn meanings(&self) -> Vec<[&'static str; 3]> {
        let tenant = self.tenant.iter().map(|_| &tenant::MEANING);
        let figures = [ADDS_UP, owners::MEANING].into_iter().chain(FIGURES).chain(tenant.copied());
        let figures = figures.map(|(name, meaning)| ["Figures", name, meaning]);
        let columns = MEANINGS.iter().map(|(name, meaning)| ["Ledger", *name, *meaning]);
        let checks = CHECKS.iter().map(|check| ["Checks", check.name, check.compares]);
        figures.chain(columns).chain(checks).collect()
    }

    fn opened(&mut self, cx: &mut Cx) {
        // A booking is added to the history only after it has loaded.
        if let Some(seen) = cx.history.seen(&self.asked) {
            cx.history.visit(&self.asked);
            let opened_from = std::mem::take(&mut self.opened_from);
            *self = Self { opened_from, view: self.view, ..seen };
            self.tell_what_was_found(cx);
        } else if let Some((raw, at)) = cx.booking_ahead.take(&self.asked, cx.now.elapsed) {
            self.accept(*raw, at);
            cx.history.visit(&self.asked);
            self.tell_what_was_found(cx);
        }
        self.load_what_is_missing(cx);
    }

    fn closed(&mut self, cx: &mut Cx) {
        cx.history.keep(self);
    }

    fn answered(&mut self, request: Request, answer: Answer, cx: &mut Cx) {
        self.accept_answer(&request, answer, cx);
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        match answer {
            ModalAnswer::Columns(choice, seen) => {
                if let Some(table) = self.shown_table_mut() {
                    table.choose_columns(&choice, seen);
                }
                Ok(())
            }
            ModalAnswer::Export(path) => update::save(self, &path, cx),
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
        // It is shown until there is something else to show.
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
        // The totals are shown with the sections; ledger and checks fill the body.
        let has_panel = self.view == BookingView::Sections;
        let lines = if has_panel { view::totals::lines(self, cx.size.0).len() + 1 } else { 0 };
        let has_chips = self.content.is_some();
        let rows =
            self.content.as_ref().and_then(|it| it.tables.get(self.section)).map_or(0, Table::len);
        Shape { has_chips, panel: super::panel_above(rows, lines, cx), ..Shape::default() }
    }

    fn failure_beside_rows<'a>(&'a self, _cx: &'a Cx) -> Option<&'a Failure> {
        self.failure.as_ref().filter(|_| self.content.is_some())
    }

    fn waiting_since(&self, _cx: &Cx) -> Option<Now> {
        self.load
    }

    fn loaded_at(&self, _cx: &Cx) -> Option<Now> {
        self.content.as_ref().map(|content| content.fetched)
    }

    fn status(&self, _cx: &Cx, theme: &Theme, width: u16) -> Vec<Piece> {
        view::status(self, theme, width)
    }

    fn booking_under_cursor(&self, _cx: &Cx) -> Option<Untrusted> {
        update::other_booking(self)
    }

    fn settle(&mut self, cx: &mut Cx) {
        table::settle(self, cx);
        if let Some((lines, height)) = update::lines(self, cx).filter(|(_, height)| *height > 0) {
            self.scroll_mut().settle(lines, height);
        }
    }

    fn click(&mut self, x: u16, y: u16, cx: &mut Cx) {
        let header = u16::from(self.view != BookingView::Checks);
        let Some(line) = cx.layout.line_at(x, y, header) else { return };
        if let Some(table) = self.shown_table_mut() {
            if table.top() + line < table.len() {
                table.go_to_row(table.top() + line);
            }
        } else if let Some((lines, _)) = update::lines(self, cx) {
            let scroll = self.scroll_mut();
            if scroll.top + line < lines {
                scroll.cursor = scroll.top + line;
            }
        }
        self.detail.top = 0;
    }
}
