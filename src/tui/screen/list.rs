//! The lists, one for each tab: the screen below all others.

pub mod chart;
pub mod chips;
pub mod export;
pub mod fetch;
pub mod filters;
pub mod found;
pub mod state;
pub mod tabs;
pub mod timer;
pub mod view;

use ratatui::Frame;

use crate::domain::money::{counted, format_count};
use crate::domain::text::Untrusted;
use crate::filter::with;
use crate::list::record::Record;
use crate::list::{Kind, Spec, penalties, scheduled};
use crate::state::persisted::{Change, ListColumns};
use crate::tui::component::detail::Detail;
use crate::tui::component::pieces::Piece;
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Binding, Scope, Way};
use crate::tui::layout::Shape;
use crate::tui::modal::command;
use crate::tui::modal::pick::{Pick, PickAction};
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::modal::question::{ConfirmAction, Question};
use crate::tui::screen::booking::state::{Booking, OpenedFrom};
use crate::tui::screen::table::NO_ROW;
use crate::tui::screen::{Behavior, payments, table};
use crate::tui::theme::Theme;

#[derive(Debug, Default)]
pub struct ListScreen {
    pub detail: Detail,
}

impl Behavior for ListScreen {
    fn scope(&self) -> Scope {
        Scope::List
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        tabs::draw(cx, theme, frame);
        view::summary(cx, theme, frame);
        view::chips(cx, theme, frame);
        view::rows(cx, theme, frame);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Triage => cx.then(Next::Triage),
            Action::Back => self.back(cx),
            _ => {
                if !cx.act_on_list(action) {
                    table::act(self, action, cx);
                }
            }
        }
    }

    fn why_not(&self, action: Action, cx: &Cx) -> Option<String> {
        why_not(action, cx).or_else(|| table::why_not(self, action, cx))
    }

    fn shows_list(&self) -> bool {
        true
    }

    fn hint(&self, binding: &'static Binding, cx: &Cx) -> Option<&'static str> {
        hint(binding, cx)
    }

    fn modal_answered(&mut self, answer: ModalAnswer, cx: &mut Cx) -> Result<(), String> {
        cx.apply_columns(answer);
        Ok(())
    }

    fn refresh(&mut self, cx: &mut Cx) {
        cx.refresh_list();
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn detail_mut(&mut self) -> Option<&mut Detail> {
        Some(&mut self.detail)
    }

    fn shape(&self, cx: &Cx) -> Shape {
        Shape {
            summary: view::summary_lines(cx),
            has_chips: cx.list().has_chips(),
            ..Shape::default()
        }
    }

    fn status(&self, cx: &Cx, theme: &Theme, _width: u16) -> Vec<Piece> {
        view::status(cx, theme)
    }

    fn settle(&mut self, cx: &mut Cx) {
        table::settle(self, cx);
    }

    fn after_event(&mut self, cx: &mut Cx) {
        cx.run_list();
        cx.ask_owners(cx.list().table.shows_owner());
    }

    fn booking_under_cursor(&self, cx: &Cx) -> Option<Untrusted> {
        booking_to_open(cx)
    }

    fn wake_at(&self, cx: &Cx) -> Option<u64> {
        [cx.auto_refresh_at(), cx.owners_wake_at()].into_iter().flatten().min()
    }
}

impl ListScreen {
    /// One step back: stops a load, closes the detail pane, clears marks, or removes the last
    /// search.
    fn back(&mut self, cx: &mut Cx) {
        let is_undone = table::stop_first(self, cx)
            || self.detail.close()
            || table::unmark_all(self, cx)
            || cx.drop_found();
        if is_undone {
            return;
        }
        let list = cx.list_mut();
        if list.failure.is_none() || list.table.records().is_empty() {
            return cx.go_back_from_list();
        }
        (list.failure, list.is_paused) = (None, true);
    }
}

/// The hint of a key, for the selected row.
pub fn hint(binding: &'static Binding, cx: &Cx) -> Option<&'static str> {
    let spec = cx.list().spec();
    let is_blocked = cx.list().table.selected().is_some_and(scheduled::is_blocked_by_debt);
    match binding.action {
        Action::Triage => binding.hint.filter(|_| spec.key == penalties::SPEC.key),
        Action::Open if spec.is_of_payments() => Some("payment"),
        Action::Open if is_blocked => Some("debt"),
        Action::Open => Some("booking"),
        Action::Lookup if is_blocked => Some("booking"),
        Action::AskServer => binding.hint.filter(|_| !cx.list().table.found().is_empty()),
        Action::Undo => None,
        _ => binding.hint,
    }
}

pub fn why_not(action: Action, cx: &Cx) -> Option<String> {
    let list = cx.list();
    let why = match action {
        Action::Open => return opens(cx).err(),
        Action::AskServer => return found::why_not_asked(cx),
        Action::ClearFilters | Action::DropFilter if !list.has_chips() => "No filter is set.",
        Action::Undo if list.earlier.is_empty() => "There is no earlier filter to restore.",
        Action::FilterByCell => return filters::by_cell(list).err(),
        Action::Carry => return filters::carried(list).err(),
        Action::Chart => return chart::why_not(cx),
        Action::Export if list.table.records().is_empty() => "There are no rows to export yet.",
        Action::LoadAll if list.lacks_rows() => fetch::ODD_PAGES,
        Action::LoadAll if list.cost_of_all(&cx.network.0).is_none() => {
            let is_complete = list.fetched.is_some() && list.load.is_none();
            if is_complete { "All rows are already loaded." } else { "There are no rows yet." }
        }
        Action::Triage if list.spec().key != penalties::SPEC.key => {
            let tab = cx.tab_of(penalties::SPEC.key).map_or(0, |tab| tab + 1);
            return Some(format!(
                "Triage is for penalties: press {tab}, {}",
                cx.words("then {triage}.")
            ));
        }
        _ => return None,
    };
    Some(cx.words(why))
}

fn opens(cx: &Cx) -> Result<Box<dyn Behavior>, String> {
    let table = &cx.list().table;
    let record = table.selected().ok_or(NO_ROW)?;
    if record.spec().is_of_payments() {
        return Ok(Box::new(payments::of_row(record, cx)?));
    }
    let reference = booking_of(record, table.field());
    let reference = reference.ok_or("This row has no booking reference.")?;
    Ok(Box::new(Booking::opening(reference, OpenedFrom::List)))
}

fn booking_of(record: &Record, field: usize) -> Option<Untrusted> {
    reference_in_cell(record, field).or_else(|| record.booking().cloned())
}

/// The booking that the row under the cursor opens; `None` if it opens something else.
pub fn booking_to_open(cx: &Cx) -> Option<Untrusted> {
    let table = &cx.list().table;
    let is_booking =
        |it: &&Record| !it.spec().is_of_payments() && !scheduled::is_blocked_by_debt(it);
    booking_of(table.selected().filter(is_booking)?, table.field())
}

/// The booking that a cell names, such as the one that settled a penalty.
pub fn reference_in_cell(record: &Record, field: usize) -> Option<Untrusted> {
    let field = record.spec().fields.get(field).filter(|field| field.kind == Kind::Booking)?;
    record.text(field.name).cloned()
}

impl Cx {
    /// Runs an action of lists. Returns `false` for other actions.
    pub fn act_on_list(&mut self, action: Action) -> bool {
        match action {
            Action::Open if self.open_blocking_debt(false) => {}
            Action::Open => {
                if let Some(screen) = self.ok_or_tell(opens(self)) {
                    self.then(Next::Push(screen));
                }
            }
            Action::NextTab => self.turn_tab(Way::Forward),
            Action::PreviousTab => self.turn_tab(Way::Back),
            Action::Chart => chart::of_list(self).into_iter().for_each(|it| self.open(it)),
            Action::Export => export::ask(self),
            Action::LoadAll => self.ask_to_load_all(),
            Action::Quit => self.effect(Effect::Quit),
            Action::Filter => self.open_form(&[]),
            Action::ClearFilters => self.clear_filters(),
            Action::AskServer => self.ask_server_for_found(),
            Action::Undo => self.undo_filters(),
            Action::FilterByCell => {
                let list = self.list();
                let made = filters::by_cell(list).map(|made| with(list.filters(), made));
                if let Some(settings) = self.ok_or_tell(made) {
                    self.set_filters(settings);
                }
            }
            Action::DropFilter => {
                let entries = self.list().chips().collect();
                self.open(Pick::new(
                    "Remove a filter or a search",
                    entries,
                    PickAction::DropFilter,
                ));
            }
            Action::Carry => self.carry_filters(),
            Action::Search => self.open_search(),
            Action::Views => command::pick_view(self),
            Action::SaveView => self.open(Prompt::new(String::new(), PromptAction::SaveView)),
            Action::Move(_) => {
                self.list_mut().is_paused = false;
                return false;
            }
            _ => return false,
        }
        true
    }

    fn turn_tab(&mut self, way: Way) {
        self.then(Next::ShowTab(way.turn(self.tab, self.lists.len())));
    }

    /// Shows the cost, and asks for confirmation.
    pub fn ask_to_load_all(&mut self) {
        let list = self.list();
        let Some(cost) = list.cost_of_all(&self.network.0) else { return };
        let total = list.total.map_or_else(|| "All".to_owned(), format_count);
        let text = format!(
            "{total} rows: {} of up to 500 rows, about {}. {}",
            counted(cost.requests.into(), "more request"),
            counted(cost.seconds, "second"),
            self.words("{back} stops loading; loaded rows are kept.")
        );
        let title = format!("Load all rows of {}", list.spec().title);
        self.open(Question { title, text, then: ConfirmAction::LoadAll });
    }

    /// Applies the answer of the column chooser.
    pub fn apply_columns(&mut self, answer: ModalAnswer) {
        if let ModalAnswer::Columns(choice, seen) = answer {
            self.take_columns(&choice, seen);
        }
    }

    /// Shows the list with the chosen columns, and saves them.
    pub fn take_columns(&mut self, choice: &ListColumns, seen: &'static Spec) {
        let list = self.list_mut();
        list.table.choose_columns(choice, seen);
        list.asked = None;
        self.keep_columns(self.tab);
    }

    pub fn keep_columns(&mut self, tab: usize) {
        let list = self.list_at(tab);
        let (key, columns) = (list.spec().key, list.table.list_columns().clone());
        self.kept.columns.insert(key.to_owned(), columns.clone());
        self.effect(Effect::Keep(Change::Columns(key, columns)));
    }
}
