//! What sets filters: the form, the cell under the cursor, chips, undo, carrying on to the next tab.

use crate::domain::failure::{Failure, Kind};
use crate::filter::setting::{Ends, Setting, Target, Unsendable};
use crate::filter::{Filter, Kind as Typed};
use crate::list::Spec;
use crate::list::record::{Record, Value};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::modal::form::Form;
use crate::tui::model::{Model, Pick, Picked, Popup};
use crate::tui::screen::list::{fetch, update as list};

pub fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    Some(match action {
        Action::Filter => open_form(model, &[]),
        Action::ClearFilters => clear(model),
        Action::Undo => undo(model),
        Action::FilterByCell => by_cell(model),
        Action::DropFilter => pick_to_drop(model),
        Action::Carry => carry(model),
        _ => return None,
    })
}

/// Sets these filters on the list that is shown and fetches it; says so where they cannot be sent.
pub fn apply(model: &mut Model, settings: Vec<Setting>) -> Vec<Effect> {
    let today = model.now.local.date();
    let unknown: Vec<String> = settings
        .iter()
        .filter(|setting| setting.is_raw())
        .map(|setting| setting.target().name().to_owned())
        .collect();
    let Some(list) = model.lists.get_mut(model.tab) else { return Vec::new() };
    match list.apply(settings, today) {
        Ok(given_up) => {
            if !unknown.is_empty() {
                let names = unknown.join(", ");
                model.notice = Some(format!("{names}: not a documented filter; sent as it is."));
            }
            refetch(model, given_up)
        }
        Err(unsendable) => {
            model.notice = Some(in_words(&unsendable));
            Vec::new()
        }
    }
}

pub fn in_words(unsendable: &Unsendable) -> String {
    format!("Nothing was sent. {}: {}", unsendable.name, unsendable.fault.why)
}

fn refetch(model: &mut Model, given_up: Vec<crate::tui::effect::Ticket>) -> Vec<Effect> {
    let cancelled = given_up.into_iter().map(Effect::Cancel);
    cancelled.chain(fetch::open_list(model)).collect()
}

/// Opens the form, with what the server refused at its fields.
pub fn open_form(model: &mut Model, refused: &[(String, String)]) -> Vec<Effect> {
    let Some(list) = model.list() else { return Vec::new() };
    let mut form = Form::new(list.spec(), list.settings());
    let homeless = form.refuse(refused);
    if !homeless.is_empty() {
        model.notice = Some(homeless.join(" · "));
    }
    model.popup = Some(Popup::Form(form));
    Vec::new()
}

/// Shows at their fields what the server refused, if that is what a failure says.
pub fn show_refused(model: &mut Model, tab: usize, failure: &Failure) {
    let is_shown = model.tab == tab && model.shows_list() && model.popup.is_none();
    if failure.kind == Kind::Refused && !failure.fields.is_empty() && is_shown {
        open_form(model, &failure.fields);
    }
}

fn clear(model: &mut Model) -> Vec<Effect> {
    if model.list().is_some_and(|list| list.settings().is_empty()) {
        model.notice = Some("No filter is set.".to_owned());
        return Vec::new();
    }
    model.notice = Some("Filters cleared; u brings them back.".to_owned());
    apply(model, Vec::new())
}

fn undo(model: &mut Model) -> Vec<Effect> {
    let today = model.now.local.date();
    let Some(list) = model.lists.get_mut(model.tab) else { return Vec::new() };
    match list.undo(today) {
        Some(given_up) => refetch(model, given_up),
        None => {
            model.notice = Some("There is no earlier filter to go back to.".to_owned());
            Vec::new()
        }
    }
}

fn by_cell(model: &mut Model) -> Vec<Effect> {
    let Some(list) = model.list() else { return Vec::new() };
    let Some(record) = list.table.selected() else { return Vec::new() };
    let made = setting_of_cell(list.spec(), record, list.table.field());
    let setting = match made {
        Ok(setting) => setting,
        Err(why) => {
            model.notice = Some(why);
            return Vec::new();
        }
    };
    let settings = with(list.settings(), setting);
    apply(model, settings)
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

fn pick_to_drop(model: &mut Model) -> Vec<Effect> {
    let Some(list) = model.list().filter(|list| !list.settings().is_empty()) else {
        model.notice = Some("No filter is set.".to_owned());
        return Vec::new();
    };
    let entries = list.settings().iter().map(in_chip).collect();
    let title = "Take a filter away".to_owned();
    model.popup = Some(Popup::Pick(Pick { title, entries, cursor: 0, then: Picked::DropFilter }));
    Vec::new()
}

/// A filter in the words of its chip.
pub fn in_chip(setting: &Setting) -> String {
    let typed = crate::domain::text::sanitise(setting.typed().trim()).replace('_', " ");
    format!("{}: {typed}", setting.target().label())
}

/// Takes one of the filters away.
pub fn drop_one(model: &mut Model, index: usize) -> Vec<Effect> {
    let Some(list) = model.list() else { return Vec::new() };
    let kept = list.settings().iter().enumerate().filter(|(at, _)| *at != index);
    let kept = kept.map(|(_, setting)| setting.clone()).collect();
    apply(model, kept)
}

/// Takes the booking and the text filter to the next tab, and nothing else.
fn carry(model: &mut Model) -> Vec<Effect> {
    let Some(list) = model.list() else { return Vec::new() };
    let spec = list.spec();
    let carried: Vec<(bool, String)> = list
        .settings()
        .iter()
        .filter_map(|setting| {
            let Target::Param(filter) = setting.target() else { return None };
            let is_booking = filter.kind == Typed::Exact && filter.over == [spec.booking];
            let is_search = filter.kind == Typed::Search;
            (is_booking || is_search).then(|| (is_booking, setting.typed().to_owned()))
        })
        .collect();
    if carried.is_empty() {
        model.notice = Some("There is no booking or text filter to take along.".to_owned());
        return Vec::new();
    }
    let mut effects = list::show(model, (model.tab + 1) % model.lists.len().max(1), false);
    let Some(next) = model.list() else { return effects };
    let mut settings = next.settings().to_vec();
    for (is_booking, typed) in carried {
        let there = next.spec();
        let by_booking =
            |filter: &&Filter| filter.kind == Typed::Exact && filter.over == [there.booking];
        let by_text = |filter: &&Filter| filter.kind == Typed::Search;
        let filter = there
            .filters
            .iter()
            .find(|filter| if is_booking { by_booking(filter) } else { by_text(filter) });
        let made = filter.and_then(|filter| Setting::new(Target::Param(filter), &typed).ok());
        settings = made.map_or(settings.clone(), |setting| with(&settings, setting));
    }
    effects.extend(apply(model, settings));
    effects.extend(fetch::open_list(model));
    effects
}
