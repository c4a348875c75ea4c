//! What sets filters: the form, the cell under the cursor, chips, undo, carrying on to the next tab.

use super::state::List;
use crate::domain::failure::{Failure, Kind};
use crate::domain::text::sanitise;
use crate::filter::{FilterTarget, FilterValue, InvalidFilter, ListQuery, with};
use crate::list::Spec;
use crate::list::filter::{Filter, FilterKind, RangeParams};
use crate::list::record::{Record, Value};
use crate::tui::cx::{Cx, Next};
use crate::tui::modal::form::Form;
use crate::tui::modal::pick::{Pick, PickAction};
use crate::tui::screen::table::NO_ROW;

impl Cx {
    pub fn has_filters(&self) -> bool {
        self.list().is_some_and(|list| !list.settings().is_empty())
    }

    /// Sets these filters on the list that is shown and fetches it; says so where they cannot be sent.
    pub fn set_filters(&mut self, filters: Vec<FilterValue>) {
        let Some(list) = self.list() else { return };
        match ListQuery::with_filters(list.spec(), filters, self.now.local.date()) {
            Ok(query) => self.set_query(query),
            Err(invalid) => self.say(in_words(&invalid)),
        }
    }

    pub fn set_query(&mut self, query: ListQuery) {
        let unknown = query.filters().iter().filter(|filter| filter.is_raw());
        let unknown: Vec<&str> = unknown.map(|filter| filter.target().name()).collect();
        if !unknown.is_empty() {
            self.say(format!("{}: not a documented filter; sent as it is.", unknown.join(", ")));
        }
        let Some(list) = self.list_mut() else { return };
        let given_up = list.apply(query);
        self.cancel_all(given_up);
        self.open_list();
    }

    pub fn undo_filters(&mut self) {
        let today = self.now.local.date();
        let Some(list) = self.list_mut() else { return };
        match list.undo(today) {
            Some(Ok(given_up)) => {
                self.cancel_all(given_up);
                self.open_list();
            }
            Some(Err(invalid)) => self.say(in_words(&invalid)),
            None => {}
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

    pub fn drop_filter(&mut self, index: usize) {
        let Some(list) = self.list() else { return };
        let kept = list.settings().iter().enumerate().filter(|(at, _)| *at != index);
        self.set_filters(kept.map(|(_, setting)| setting.clone()).collect());
    }

    /// Copies the booking and the text filter, and no other, to the next tab.
    pub fn carry_filters(&mut self) {
        let Some(Ok(carried)) = self.list().map(carried) else { return };
        self.tab = (self.tab + 1) % self.lists.len().max(1);
        let Some(next) = self.list() else { return };
        let mut settings = next.settings().to_vec();
        for (is_booking, typed) in carried {
            let there = next.spec();
            let fits = |filter: &&Filter| match filter.kind {
                FilterKind::Exact => is_booking && filter.over == [there.booking],
                kind => !is_booking && kind == FilterKind::Search,
            };
            let filter = there.filters.iter().find(fits);
            let made = filter
                .and_then(|filter| FilterValue::new(FilterTarget::Param(filter), &typed).ok());
            settings = made.map_or(settings.clone(), |setting| with(&settings, setting));
        }
        self.set_filters(settings);
        self.open_list();
    }
}

/// The booking and the text filter of a list: whether it is the booking, and what was typed.
pub fn carried(list: &List) -> Result<Vec<(bool, String)>, String> {
    let carried = |setting: &FilterValue| {
        let FilterTarget::Param(filter) = setting.target() else { return None };
        let is_booking = filter.kind == FilterKind::Exact && filter.over == [list.spec().booking];
        let is_carried = is_booking || filter.kind == FilterKind::Search;
        is_carried.then(|| (is_booking, setting.typed().to_owned()))
    };
    let all: Vec<_> = list.settings().iter().filter_map(carried).collect();
    if all.is_empty() {
        return Err("There is no booking or text filter to take along.".to_owned());
    }
    Ok(all)
}

pub fn by_cell(list: &List) -> Result<FilterValue, String> {
    setting_of_cell(list.spec(), list.table.selected().ok_or(NO_ROW)?, list.table.field())
}

pub fn in_words(invalid: &InvalidFilter) -> String {
    format!("Nothing was sent. {invalid}")
}

fn setting_of_cell(spec: &Spec, record: &Record, field: usize) -> Result<FilterValue, String> {
    let Some(field) = spec.fields.get(field) else { return Err("There is no cell here.".into()) };
    let over_this = |filter: &&Filter| filter.over == [field.name];
    let exact = spec
        .filters
        .iter()
        .filter(over_this)
        .find(|filter| matches!(filter.kind, FilterKind::Exact | FilterKind::OneOf(_)));
    let range = RangeParams::all(spec.filters).find(|range| over_this(&range.from));
    let target = match (exact, range) {
        (Some(filter), _) => FilterTarget::Param(filter),
        (None, Some(range)) => FilterTarget::Range(range),
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
    FilterValue::new(target, &typed).map_err(|error| format!("{}: {error}", field.label))
}

pub fn in_chip(setting: &FilterValue) -> String {
    let typed = sanitise(setting.typed().trim()).replace('_', " ");
    format!("{}: {typed}", setting.target().label())
}
