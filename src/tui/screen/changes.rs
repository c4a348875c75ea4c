//! The new, gone and changed rows of all lists since a day.

pub mod gather;
pub mod since;
pub mod view;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use chrono::NaiveDate;
use ratatui::Frame;

use crate::domain::text::Untrusted;
use crate::export::Format;
use crate::export::changes::render;
use crate::filter::TypedDay;
use crate::journal::compare::Compared;
use crate::journal::rows::{Entry, SPEC};
use crate::state::persisted::{Change, Comparison};
use crate::tui::component::detail::Detail;
use crate::tui::component::pieces::Piece;
use crate::tui::component::table::Table;
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::effect::{Effect, NetCommand};
use crate::tui::file_name;
use crate::tui::keymap::{Action, Binding, Scope};
use crate::tui::layout::Shape;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::msg::Written;
use crate::tui::screen::booking::state::{Booking, OpenedFrom};
use crate::tui::screen::list::export::Share;
use crate::tui::screen::{Behavior, table};
use crate::tui::stack::Tui;
use crate::tui::theme::Theme;

/// Rows of [`Entry`], in the same order as `entries`.
#[derive(Debug)]
pub struct ChangesScreen {
    since: Option<TypedDay>,
    table: Table,
    entries: Vec<Entry>,
    /// `None` until the journal was read.
    compared: Option<Vec<Compared>>,
    /// Why the last comparison failed; `compared` is an earlier one.
    failure: Option<String>,
    /// The number of the pending comparison.
    asked: Option<u64>,
    /// The day that was requested for the last comparison.
    asked_day: Option<NaiveDate>,
    /// Whether the journal changed after that request.
    is_stale: bool,
    detail: Detail,
}

impl ChangesScreen {
    pub fn since(since: Option<TypedDay>) -> Self {
        Self {
            since,
            table: Table::new(&SPEC),
            entries: Vec::new(),
            compared: None,
            failure: None,
            asked: None,
            asked_day: None,
            is_stale: false,
            detail: Detail::default(),
        }
    }

    /// Requests the comparison, again after the journal changed.
    pub fn ask(&mut self, cx: &mut Cx) {
        if !cx.kept.records_changes {
            return;
        }
        self.is_stale = self.asked.is_some();
        if self.is_stale {
            return;
        }
        cx.newest_comparison += 1;
        let (number, today) = (cx.newest_comparison, cx.now.local.date());
        let since = self.since.as_ref().and_then(|day| day.on(today));
        (self.asked, self.asked_day) = (Some(number), since);
        let comparison = Comparison { number, since, today };
        cx.effect(Effect::Keep(Change::Compare(cx.session.customer.clone(), comparison)));
    }

    /// Returns `false` if it did not request this comparison.
    pub fn accept(
        &mut self,
        number: u64,
        compared: &Result<Vec<Compared>, String>,
        cx: &mut Cx,
    ) -> bool {
        if self.asked != Some(number) {
            return false;
        }
        self.asked = None;
        self.failure = compared.as_ref().err().cloned();
        if let Ok(lists) = compared {
            self.entries = Entry::all(lists);
            self.table.replace([self.entries.iter().map(Entry::record).collect()]);
            self.compared = Some(lists.clone());
        }
        if self.is_stale {
            self.ask(cx);
        }
        true
    }

    fn booking(&self) -> Option<Untrusted> {
        self.table.selected()?.booking().cloned()
    }

    /// The marked entries, or all that are shown, in the order of the table.
    fn chosen(&self) -> Vec<&Entry> {
        let table = &self.table;
        let is_chosen = |row: &usize| table.marks.is_empty() || table.is_marked(*row);
        let rows = (0..table.len()).filter(is_chosen).filter_map(|row| table.index(row));
        rows.filter_map(|at| self.entries.get(at)).collect()
    }

    /// What the entries lack; empty if all lists were compared with all their rows.
    fn missing(&self, cx: &Cx) -> String {
        let today = cx.now.local.date();
        let is_part =
            |list: &&Compared| !list.is_complete(today) || cx.since.has_failed(list.spec.key);
        let parts = self.compared.iter().flatten().filter(is_part).map(|list| list.spec.title);
        let parts = parts.collect::<Vec<_>>().join(", ");
        let failed = self.failure.as_ref().map(|_| "the last comparison failed".to_owned());
        let parts = (!parts.is_empty()).then(|| format!("not all rows were compared in: {parts}"));
        failed.into_iter().chain(parts).collect::<Vec<_>>().join("; ")
    }

    fn share(&self) -> Share {
        Share::among(self.chosen().len(), self.entries.len())
    }

    fn save(&self, path: &str, cx: &mut Cx) -> Result<(), String> {
        let path = PathBuf::from(path);
        let format = Format::of_path(&path, Format::WORKLIST)?;
        let (rows, missing) = (self.share().words(), self.missing(cx));
        let written = Written { rows, missing, ..Written::default() };
        let content = render(&self.chosen(), cx.looks.output(format, &written.part()))?;
        cx.effect(Effect::Save(path, content, written));
        Ok(())
    }
}

impl Behavior for ChangesScreen {
    fn scope(&self) -> Scope {
        Scope::Changes
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        view::draw(self, cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Open => {
                if let Some(reference) = self.booking() {
                    cx.push(Booking::opening(reference, OpenedFrom::Elsewhere));
                }
            }
            Action::Export => {
                let stem = format!("changes-{}", cx.now.local.date());
                let is_incomplete = !self.missing(cx).is_empty();
                let name = file_name::of_part(&stem, &self.share(), is_incomplete, "csv");
                cx.open(Prompt::new(name, PromptAction::Changes));
            }
            Action::Back => {
                if !self.detail.close() && !table::unmark_all(self, cx) {
                    cx.then(Next::Close);
                }
            }
            Action::Quit => cx.then(Next::Close),
            _ => table::act(self, action, cx),
        }
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        let why = match action {
            Action::Open if self.table.selected().is_some() && self.booking().is_none() => {
                "This row names no booking."
            }
            Action::Export if self.entries.is_empty() => "There is nothing to export.",
            _ => return table::why_not(self, action, cx),
        };
        Some(why.to_owned())
    }

    fn hint(&self, binding: &'static Binding, _cx: &Cx) -> Option<&'static str> {
        if binding.action == Action::Open { Some("booking") } else { binding.hint }
    }

    fn opened(&mut self, cx: &mut Cx) {
        self.ask(cx);
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        match answer {
            ModalAnswer::Columns(choice, seen) => self.table.choose_columns(&choice, seen),
            ModalAnswer::Export(path) => return self.save(&path, cx),
            _ => {}
        }
        Ok(())
    }

    /// Loads the lists again; their rows are then recorded and compared.
    fn refresh(&mut self, cx: &mut Cx) {
        cx.effect(Effect::Network(NetCommand::RetryCredential));
        cx.refresh_other_lists(None);
        self.ask(cx);
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

    fn shape(&self, cx: &Cx) -> Shape {
        Shape { panel: super::panel(view::coverage(self, cx).len(), cx), ..Shape::default() }
    }

    fn status(&self, _cx: &Cx, theme: &Theme, _width: u16) -> Vec<Piece> {
        view::status(self, theme)
    }

    fn booking_under_cursor(&self, _cx: &Cx) -> Option<Untrusted> {
        self.booking()
    }

    fn settle(&mut self, cx: &mut Cx) {
        if let Some(job) = self.table.take_job(false) {
            self.table.accept(Some(job.run()));
        }
        table::settle(self, cx);
    }
}

impl Tui {
    /// `:changes since=yesterday`; without a day, since the last look before today.
    pub(in crate::tui) fn show_changes(&mut self, since: Option<TypedDay>) {
        let today = self.cx.now.local.date();
        if let Some(typed) =
            since.as_ref().filter(|day| day.on(today).is_none_or(|day| day > today))
        {
            return self.cx.tell(format!("{} is not in the past.", typed.typed));
        }
        if !self.cx.kept.records_changes {
            let why = "Changes are not recorded: there is no folder to save them in; set HOME.";
            return self.cx.say(why);
        }
        self.push(Box::new(ChangesScreen::since(since)));
    }

    pub(in crate::tui) fn compared(
        &mut self,
        number: u64,
        compared: &Result<Vec<Compared>, String>,
    ) {
        let cx = &mut self.cx;
        let mut screens = self.stack.iter_mut().filter_map(|layer| layer.is_mut::<ChangesScreen>());
        cx.is_dirty = screens.any(|screen| screen.accept(number, compared, cx));
    }

    /// The journal changed.
    pub(in crate::tui) fn recorded(&mut self, spec: &'static crate::list::Spec, count: usize) {
        let cx = &mut self.cx;
        cx.is_dirty = cx.since.set_count(spec, count);
        for screen in self.stack.iter_mut().filter_map(|layer| layer.is_mut::<ChangesScreen>()) {
            screen.ask(cx);
        }
    }
}
