//! Keys on a list, alike where it is shown as a table and as a queue.

use tui_input::Input;

use super::state::List;
use super::{chart, export};
use crate::domain::money::format_count;
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::list::{Kind, penalties};
use crate::state::persisted::{Change, ListColumns};
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::modal::command;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::modal::question::{ConfirmAction, Question};
use crate::tui::modal::search::Search;
use crate::tui::screen::booking::state::Booking;
use crate::tui::screen::table::NO_ROW;
use crate::tui::screen::{Behavior, payments};

pub fn why_not(action: Action, cx: &Cx) -> Option<String> {
    let list = cx.list()?;
    let no_filter = || list.settings().is_empty().then(|| "No filter is set.".to_owned());
    match action {
        Action::Open => opens(list, cx).err(),
        Action::ClearFilters | Action::DropFilter => no_filter(),
        Action::Undo if list.undoable() == 0 => {
            Some("There is no earlier filter to go back to.".to_owned())
        }
        Action::FilterByCell => super::set_filters::by_cell(list).err(),
        Action::Carry => super::set_filters::carried(list).err(),
        Action::Chart => chart::why_not(list),
        Action::Export if list.table.records().is_empty() => {
            Some("There is nothing to export yet.".to_owned())
        }
        Action::LoadAll => list.cost_of_all(&cx.network.0).is_none().then(|| {
            let is_complete = list.fetched.is_some() && list.load.is_none();
            let text =
                if is_complete { "All rows are here already." } else { "There are no rows yet." };
            text.to_owned()
        }),
        Action::Triage if list.spec().key != penalties::SPEC.key => {
            let tab = cx.tab_of(penalties::SPEC.key).map_or(0, |tab| tab + 1);
            Some(format!("Triage is for penalties: press {tab}, then {{triage}}."))
        }
        _ => None,
    }
}

/// What `enter` opens of a row.
fn opens(list: &List, cx: &Cx) -> Result<Box<dyn Behavior>, String> {
    let record = list.table.selected().ok_or(NO_ROW)?;
    if record.spec().is_of_payments() {
        return Ok(Box::new(payments::of_row(record, cx)?));
    }
    let named = reference_in_cell(record, list.table.field());
    let reference = named.or_else(|| record.booking().cloned());
    let reference = reference.ok_or("This row names no booking.")?;
    Ok(Box::new(Booking::opening(reference, None)))
}

/// The booking that a cell names, such as the one that settled a penalty.
pub fn reference_in_cell(record: &Record, field: usize) -> Option<Untrusted> {
    let field = record.spec().fields.get(field).filter(|field| field.kind == Kind::Booking)?;
    record.text(field.name).cloned()
}

impl Cx {
    /// Carries out an action of lists; returns `false` where it is none.
    pub fn act_on_list(&mut self, action: Action) -> bool {
        match action {
            Action::Open => {
                let opened = self.list().map_or(Err(NO_ROW.to_owned()), |list| opens(list, self));
                if let Some(screen) = self.done(opened) {
                    self.then(Next::Push(screen));
                }
            }
            Action::NextTab => self.turn_tab(1),
            Action::PreviousTab => self.turn_tab(self.lists.len().saturating_sub(1)),
            Action::Chart => chart::open(self),
            Action::Export => export::ask(self),
            Action::LoadAll => self.ask_to_load_all(),
            Action::Quit => self.effect(Effect::Quit),
            Action::Filter => self.open_form(&[]),
            Action::ClearFilters => {
                self.set_filters(Vec::new());
                self.say("Filters cleared; {undo} brings them back.");
            }
            Action::Undo => self.undo_filters(),
            Action::FilterByCell => self.filter_by_cell(),
            Action::DropFilter => self.pick_filter_to_drop(),
            Action::Carry => self.carry_filters(),
            Action::Search => self.open_search(),
            Action::Views => command::pick_view(self),
            Action::SaveView => self.open(Prompt::new(String::new(), PromptAction::SaveView)),
            Action::Move(_) => {
                if let Some(list) = self.list_mut() {
                    list.is_paused = false;
                }
                return false;
            }
            _ => return false,
        }
        true
    }

    pub fn triage(&mut self) {
        self.then(Next::Triage);
    }

    /// Goes so many tabs on, round the end.
    fn turn_tab(&mut self, by: usize) {
        self.then(Next::ShowTab((self.tab + by) % self.lists.len().max(1)));
    }

    fn open_search(&mut self) {
        let Some(list) = self.list_mut() else { return };
        let sent = list.settings().iter().find(|filter| filter.is_search());
        let narrowed = Some(list.table.options.typed.as_str()).filter(|needle| !needle.is_empty());
        let text =
            narrowed.or(sent.map(crate::filter::FilterValue::typed)).unwrap_or_default().to_owned();
        list.table.narrow(&text);
        self.open(Search { input: Input::new(text) });
    }

    /// Says what it costs before anything is asked of the server.
    pub fn ask_to_load_all(&mut self) {
        if let Some(why) = why_not(Action::LoadAll, self) {
            return self.say(why);
        }
        let Some(list) = self.list() else { return };
        let Some(cost) = list.cost_of_all(&self.network.0) else { return };
        let total = list.total.map_or_else(|| "all".to_owned(), format_count);
        let text = format!(
            "{total} rows take {} more requests of up to 500 rows, about {} s. {{back}} stops it and \
             keeps what came.",
            format_count(cost.requests.into()),
            format_count(cost.seconds)
        );
        let title = format!("Fetch all {}", list.spec().title.to_lowercase());
        let text = self.looks.keymap.render(&text);
        self.open(Question { title, text, then: ConfirmAction::LoadAll });
    }

    /// Shows the list with the columns that were chosen, and keeps them for it.
    pub fn take_columns(&mut self, choice: &ListColumns) {
        if let Some(list) = self.list_mut() {
            list.table.apply_list_columns(choice);
        }
        self.keep_columns();
    }

    pub fn keep_columns(&mut self) {
        let Some(list) = self.list() else { return };
        let (key, columns) = (list.spec().key, list.table.list_columns());
        self.kept.columns.insert(key.to_owned(), columns.clone());
        self.effect(Effect::Keep(Change::Columns(key, columns)));
    }
}
