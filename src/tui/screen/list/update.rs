//! Keys on a list.

use crate::domain::money::format_count;
use crate::list::Kind;
use crate::list::record::Record;
use crate::tui::component::table::Table;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::modal::command_update as command;
use crate::tui::model::{Consent, Model, Popup, Question};
use crate::tui::screen::booking::update as booking;
use crate::tui::screen::list::{arrange, chart, export, fetch, set_filters as filters};
use crate::tui::screen::payments::update as sheet;
use crate::tui::screen::triage::update as triage;
use crate::tui::update::{act_on_table, close_detail};

pub fn act(model: &mut Model, action: Action, key: &str) -> Vec<Effect> {
    match action {
        Action::Open => open(model),
        Action::NextTab => show(model, (model.tab + 1) % model.lists.len().max(1), true),
        Action::PreviousTab => {
            let count = model.lists.len().max(1);
            show(model, (model.tab + count - 1) % count, true)
        }
        Action::Chart => {
            chart::open(model);
            Vec::new()
        }
        Action::Export => {
            export::ask(model);
            Vec::new()
        }
        Action::LoadAll => ask_to_load_all(model),
        Action::Triage => triage::enter(model),
        Action::Back => back(model),
        Action::Quit => vec![Effect::Quit],
        _ => filters::act(model, action)
            .or_else(|| arrange::act(model, action))
            .or_else(|| command::act(model, action))
            .or_else(|| act_on_table(model, action, key))
            .unwrap_or_default(),
    }
}

/// Shows the list whose number is the name of the key.
pub fn pick(model: &mut Model, key: &str) -> Vec<Effect> {
    match key.parse::<usize>() {
        Ok(number) if (1..=model.lists.len()).contains(&number) => {
            let effects = booking::close_all(model);
            effects.into_iter().chain(show(model, number - 1, true)).collect()
        }
        _ => {
            model.notice = Some(format!("There are {} lists.", model.lists.len()));
            Vec::new()
        }
    }
}

/// Shows a list; fetches it, if it was not fetched before and it is to be.
pub fn show(model: &mut Model, tab: usize, fetches: bool) -> Vec<Effect> {
    model.tab = tab;
    model.detail.top = 0;
    if fetches { fetch::open_list(model) } else { Vec::new() }
}

fn open(model: &mut Model) -> Vec<Effect> {
    let Some(record) = model.table().and_then(|table| table.selected()) else {
        model.notice = Some("There is no row here.".to_owned());
        return Vec::new();
    };
    if record.spec().is_of_payments() {
        let record = record.clone();
        return sheet::open_payment(model, &record);
    }
    let named = model.table().and_then(|table| reference_in_cell(record, table.field()));
    match named.or_else(|| record.booking().cloned()) {
        Some(reference) => booking::open(model, reference),
        None => {
            model.notice = Some("This row names no booking.".to_owned());
            Vec::new()
        }
    }
}

/// The booking that a cell names, such as the one that settled a penalty.
pub fn reference_in_cell(record: &Record, field: usize) -> Option<crate::domain::text::Untrusted> {
    let field = record.spec().fields.get(field).filter(|field| field.kind == Kind::Booking)?;
    record.text(field.name).cloned()
}

/// Says what it costs before anything is asked of the server.
pub fn ask_to_load_all(model: &mut Model) -> Vec<Effect> {
    let Some(list) = model.list() else { return Vec::new() };
    let Some(cost) = list.cost_of_all(&model.network.0) else {
        let is_complete = list.fetched.is_some() && list.load.is_none();
        let text =
            if is_complete { "All rows are here already." } else { "There are no rows yet." };
        model.notice = Some(text.to_owned());
        return Vec::new();
    };
    let total = list.total.map_or_else(|| "all".to_owned(), format_count);
    let text = format!(
        "{total} rows take {} more requests of up to 500 rows, about {} s. esc stops it and keeps \
         what came.",
        format_count(cost.requests.into()),
        format_count(cost.seconds)
    );
    let title = format!("Fetch all {}", list.spec().title.to_lowercase());
    model.popup = Some(Popup::Question(Question { title, text, then: Consent::LoadAll }));
    Vec::new()
}

/// What a step back ends before anything else: the zoom, then a fetch under way.
pub fn stop_first(model: &mut Model) -> Option<Vec<Effect>> {
    if model.detail.is_zoomed {
        close_detail(model);
        return Some(Vec::new());
    }
    fetch::cancel_list(model)
}

fn back(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = stop_first(model) {
        return effects;
    }
    if !close_detail(model)
        && !model.table_mut().is_some_and(Table::unmark_all)
        && !model.table_mut().is_some_and(Table::show_all)
        && let Some(list) = model.lists.get_mut(model.tab)
        && !list.table.records().is_empty()
    {
        list.failure = None;
        list.is_paused = true;
    }
    Vec::new()
}
