//! What sets filters: the form, the cell under the cursor, chips, undo, carrying on to the next tab.

use super::state::List;
use crate::domain::failure::{Failure, Kind};
use crate::domain::text::sanitise;
use crate::filter::setting::{Ends, Setting, Target, Unsendable};
use crate::filter::{Filter, Kind as Typed};
use crate::list::Spec;
use crate::list::record::{Record, Value};
use crate::tui::cx::{Cx, Next};
use crate::tui::modal::form::Form;
use crate::tui::modal::pick::{Pick, PickAction};
use crate::tui::screen::table::NO_ROW;

impl Cx {
    /// Whether filters of the list are set.
    pub fn has_filters(&self) -> bool {
        self.list().is_some_and(|list| !list.settings().is_empty())
    }

    /// Sets these filters on the list that is shown and fetches it; says so where they cannot be sent.
    pub fn set_filters(&mut self, settings: Vec<Setting>) {
        let today = self.now.local.date();
        let unknown: Vec<String> = settings
            .iter()
            .filter(|setting| setting.is_raw())
            .map(|setting| setting.target().name().to_owned())
            .collect();
        let Some(list) = self.list_mut() else { return };
        match list.apply(settings, today) {
            Ok(given_up) => {
                self.cancel_all(given_up);
                if !unknown.is_empty() {
                    let names = unknown.join(", ");
                    self.say(format!("{names}: not a documented filter; sent as it is."));
                }
                self.open_list();
            }
            Err(unsendable) => self.say(in_words(&unsendable)),
        }
    }

    pub fn undo_filters(&mut self) {
        let today = self.now.local.date();
        let Some(list) = self.list_mut() else { return };
        if let Some(given_up) = list.undo(today) {
            self.cancel_all(given_up);
            self.open_list();
        }
    }

    /// Opens the form, with what the server refused at its fields.
    pub fn open_form(&mut self, refused: &[(String, String)]) {
        let Some(list) = self.list() else { return };
        let mut form = Form::new(list.spec(), list.settings());
        let homeless = form.refuse(refused);
        if !homeless.is_empty() {
            self.notice = Some(homeless.join(" · "));
        }
        self.open(form);
    }

    /// Shows at their fields what the server refused, if that is what a failure says.
    pub fn show_refused(&mut self, tab: usize, failure: &Failure) {
        let is_refused = failure.kind == Kind::Refused && !failure.fields.is_empty();
        if is_refused && self.tab == tab {
            self.then(Next::Refused(failure.fields.clone()));
        }
    }

    pub fn filter_by_cell(&mut self) {
        let Some(list) = self.list() else { return };
        let made = by_cell(list).map(|setting| with(list.settings(), setting));
        if let Some(settings) = self.done(made) {
            self.set_filters(settings);
        }
    }

    pub fn pick_filter_to_drop(&mut self) {
        let Some(list) = self.list() else { return };
        let entries = list.settings().iter().map(in_chip).collect();
        self.open(Pick::new("Take a filter away", entries, PickAction::DropFilter));
    }

    /// Takes one of the filters away.
    pub fn drop_filter(&mut self, index: usize) {
        let Some(list) = self.list() else { return };
        let kept = list.settings().iter().enumerate().filter(|(at, _)| *at != index);
        self.set_filters(kept.map(|(_, setting)| setting.clone()).collect());
    }

    /// Takes the booking and the text filter to the next tab, and nothing else.
    pub fn carry_filters(&mut self) {
        let Some(Ok(carried)) = self.list().map(carried) else { return };
        self.tab = (self.tab + 1) % self.lists.len().max(1);
        let Some(next) = self.list() else { return };
        let mut settings = next.settings().to_vec();
        for (is_booking, typed) in carried {
            let there = next.spec();
            let fits = |filter: &&Filter| match filter.kind {
                Typed::Exact => is_booking && filter.over == [there.booking],
                kind => !is_booking && kind == Typed::Search,
            };
            let filter = there.filters.iter().find(fits);
            let made = filter.and_then(|filter| Setting::new(Target::Param(filter), &typed).ok());
            settings = made.map_or(settings.clone(), |setting| with(&settings, setting));
        }
        self.set_filters(settings);
        self.open_list();
    }
}

/// The booking and the text filter of a list: whether it is the booking, and what was typed.
pub fn carried(list: &List) -> Result<Vec<(bool, String)>, String> {
    let carried = |setting: &Setting| {
        let Target::Param(filter) = setting.target() else { return None };
        let is_booking = filter.kind == Typed::Exact && filter.over == [list.spec().booking];
        let is_carried = is_booking || filter.kind == Typed::Search;
        is_carried.then(|| (is_booking, setting.typed().to_owned()))
    };
    let all: Vec<_> = list.settings().iter().filter_map(carried).collect();
    if all.is_empty() {
        return Err("There is no booking or text filter to take along.".to_owned());
    }
    Ok(all)
}

/// The filter that the cell under the cursor stands for.
pub fn by_cell(list: &List) -> Result<Setting, String> {
    setting_of_cell(list.spec(), list.table.selected().ok_or(NO_ROW)?, list.table.field())
}

pub fn is_search(setting: &Setting) -> bool {
    matches!(setting.target(), Target::Param(filter) if filter.kind == Typed::Search)
}

pub fn in_words(unsendable: &Unsendable) -> String {
    format!("Nothing was sent. {}: {}", unsendable.name, unsendable.fault.why)
}

/// These settings with one more; what sets the same parameters gives way.
pub fn with(settings: &[Setting], added: Setting) -> Vec<Setting> {
    let params = added.target().params();
    let clashes =
        |setting: &&Setting| !setting.target().params().iter().any(|param| params.contains(param));
    let mut kept: Vec<Setting> = settings.iter().filter(clashes).cloned().collect();
    kept.push(added);
    kept
}

fn setting_of_cell(spec: &Spec, record: &Record, field: usize) -> Result<Setting, String> {
    let Some(field) = spec.fields.get(field) else { return Err("There is no cell here.".into()) };
    let over_this = |filter: &&Filter| filter.over == [field.name];
    let exact = spec
        .filters
        .iter()
        .filter(over_this)
        .find(|filter| matches!(filter.kind, Typed::Exact | Typed::OneOf(_)));
    let range = Ends::all(spec.filters).find(|ends| over_this(&ends.from));
    let target = match (exact, range) {
        (Some(filter), _) => Target::Param(filter),
        (None, Some(ends)) => Target::Range(ends),
        (None, None) => return Err(format!("The API has no filter for {}.", field.label)),
    };
    let typed = match record.value(field.name) {
        Value::Text(text) => text.expose_raw().to_owned(),
        Value::Date(day) => day.to_string(),
        Value::Minor(_) => record
            .cell(spec.position(field.name).unwrap_or_default())
            .chars()
            .filter(|c| *c != ',')
            .collect(),
        Value::Missing | Value::Null | Value::Odd(_) => String::new(),
    };
    if typed.trim().is_empty() {
        return Err(format!("{} is empty in this row.", field.label));
    }
    Setting::new(target, &typed).map_err(|fault| format!("{}: {}", field.label, fault.why))
}

/// A filter in the words of its chip.
pub fn in_chip(setting: &Setting) -> String {
    let typed = sanitise(setting.typed().trim()).replace('_', " ");
    format!("{}: {typed}", setting.target().label())
}
