//! Keys on the queue and on the matrix above it, and how triage is entered and left.

use chrono::NaiveDate;

use crate::command::as_of_day;
use crate::state::persisted::Change;
use crate::triage::memory::Memory;
use crate::triage::overview::Overview;
use crate::triage::queue::{Grouping, Queue, QueueOptions, entry, standing};
use crate::tui::component::table::Table;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Step};
use crate::tui::model::{Detail, Model};
use crate::tui::screen::list::{fetch, update as list};
use crate::tui::screen::triage::state::Arranged;
use crate::tui::screen::triage::{
    collision, compare, decide as verdicts, rest as evidence, worklist,
};

pub use collision::collided;
pub use compare::{compare_list, compare_page, show_changes};
pub use evidence::{accept, rest};
pub use verdicts::{answered, snooze_for};

/// Shows the penalties as a queue; says where that can be done.
pub fn enter(model: &mut Model) -> Vec<Effect> {
    if !model.is_at_penalties() {
        let at = model.lists.iter().position(|list| list.spec().key == "penalties");
        let at = at.map_or(0, |at| at + 1);
        model.notice = Some(format!("Triage is for penalties: press {at}, then t."));
        return Vec::new();
    }
    open(model);
    Vec::new()
}

fn open(model: &mut Model) {
    if model.triage.is_on {
        return;
    }
    model.triage.is_on = true;
    model.triage.is_in_overview = false;
    model.triage.arranged = None;
    let shown = Detail { is_open: true, ..Detail::default() };
    model.triage.below = std::mem::replace(&mut model.detail, shown);
    arrange(model);
    if let Some(table) = model.table_mut() {
        let first = table.columns().first().and_then(|at| table.spec().described(*at));
        if let Some(first) = first {
            table.go_to_column(first.name);
        }
        table.go_to_row(0);
    }
    model.triage.at = (0, 0);
}

/// Shows the penalties as a queue from wherever one is.
fn go_there(model: &mut Model) -> Vec<Effect> {
    let mut effects = crate::tui::screen::booking::update::close_all(model);
    if let Some(tab) = model.lists.iter().position(|list| list.spec().key == "penalties") {
        effects.extend(list::show(model, tab, true));
    }
    open(model);
    effects
}

fn leave(model: &mut Model) {
    model.triage.is_on = false;
    model.triage.arranged = None;
    model.triage.evidence.due = None;
    model.detail = model.triage.below;
    if let Some(table) = model.table_mut() {
        table.set_queue(None);
    }
}

pub fn act(model: &mut Model, action: Action, key: &str) -> Vec<Effect> {
    match action {
        Action::Decide(_) | Action::Flag | Action::ClearVerdict => verdicts::act(model, action),
        Action::Snooze | Action::Note => verdicts::ask(model, action),
        Action::Undo => verdicts::undo(model),
        Action::NextOpen => step_to_open(model, true),
        Action::PreviousOpen => step_to_open(model, false),
        Action::Overview => {
            model.triage.is_in_overview = true;
            Vec::new()
        }
        Action::Group => {
            let next = match model.triage.grouping {
                Grouping::None => Grouping::Booking,
                Grouping::Booking => Grouping::Status,
                Grouping::Status => Grouping::None,
            };
            group(model, next);
            Vec::new()
        }
        Action::ShowHidden => {
            model.triage.shows_all = !model.triage.shows_all;
            Vec::new()
        }
        Action::OpenSettling => open_settling(model),
        Action::Worklist => worklist::ask(model, "csv"),
        Action::Back => back(model),
        Action::Quit => {
            leave(model);
            Vec::new()
        }
        _ => list::act(model, action, key),
    }
}

/// Loads the penalties again, and what the file of decisions holds.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    model.triage.evidence.known.clear();
    model.triage.evidence.since = model.now.elapsed;
    let mut effects = fetch::refresh_list(model);
    if model.kept.remembers {
        let customer = model.session.customer.clone();
        effects.push(Effect::Keep(Change::Reload(customer, model.triage.revision)));
    }
    effects
}

pub fn act_in_overview(model: &mut Model, action: Action, key: &str) -> Vec<Effect> {
    let rows = model.triage.overview.tallies.len();
    let columns = model.triage.overview.columns.len();
    let (row, column) = &mut model.triage.at;
    match action {
        Action::Move(Step::Down) => *row = (*row + 1).min(rows.saturating_sub(1)),
        Action::Move(Step::Up) => *row = row.saturating_sub(1),
        Action::Right => *column = (*column + 1).min(columns.saturating_sub(1)),
        Action::Left => *column = column.saturating_sub(1),
        Action::Submit => narrow(model),
        Action::Overview | Action::Back => model.triage.is_in_overview = false,
        Action::Quit => {
            model.triage.is_in_overview = false;
            leave(model);
        }
        _ => return act(model, action, key),
    }
    Vec::new()
}

/// Narrows the queue to the cell of the matrix, or widens it again.
fn narrow(model: &mut Model) {
    let (row, column) = model.triage.at;
    let Some(cell) = model.triage.overview.cell(row, column) else { return };
    let is_same = model.triage.cell == Some(cell);
    model.triage.cell = (!is_same).then_some(cell);
    model.triage.is_in_overview = false;
    arrange(model);
    if let Some(table) = model.table_mut() {
        table.go_to_row(0);
    }
}

/// One step back: what was done last goes first, then triage itself.
fn back(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = list::stop_first(model) {
        return effects;
    }
    if model.table_mut().is_some_and(Table::unmark_all)
        || model.table_mut().is_some_and(Table::show_all)
        || model.triage.cell.take().is_some()
        || model.triage.as_of.take().is_some()
    {
        return Vec::new();
    }
    leave(model);
    Vec::new()
}

fn open_settling(model: &mut Model) -> Vec<Effect> {
    let record = model.table().and_then(|table| table.selected());
    match record.and_then(|record| record.text("settled_booking")).cloned() {
        Some(reference) => crate::tui::screen::booking::update::open(model, reference),
        None => {
            model.notice = Some("No booking has settled this penalty.".to_owned());
            Vec::new()
        }
    }
}

/// Makes the queue and the matrix anew where anything that they are made from has changed.
pub fn arrange(model: &mut Model) {
    if !model.is_triaging() {
        return;
    }
    let today = model.now.local.date();
    let triage = &mut model.triage;
    let day = triage.day(today);
    let Some(list) = model.lists.get_mut(model.tab) else { return };
    let arranged = Arranged {
        generation: list.table.edition(),
        revision: triage.revision,
        days: (day, today),
        shown: (triage.cell, triage.grouping, triage.shows_all),
    };
    if triage.arranged == Some(arranged) {
        return;
    }
    triage.arranged = Some(arranged);
    triage.overview = Overview::of(list.table.records(), day);
    let (cell, grouping, shows_all) = arranged.shown;
    let wish = QueueOptions { memory: &model.kept.memory, day, today, cell, grouping, shows_all };
    triage.queue = Queue::of(list.table.records(), &wish);
    list.table.set_queue(Some(&triage.queue.places));
    let (rows, columns) = (triage.overview.tallies.len(), triage.overview.columns.len());
    triage.at.0 = triage.at.0.min(rows.saturating_sub(1));
    triage.at.1 = triage.at.1.min(columns.saturating_sub(1));
}

/// The rows of the queue that wait for a decision, by row and place.
pub fn open_rows(model: &Model) -> Vec<(usize, usize)> {
    let Some(table) = model.table() else { return Vec::new() };
    let today = model.now.local.date();
    let is_open = |row: &usize| {
        table.row(*row).is_some_and(|record| {
            standing(record, entry(record, &model.kept.memory), today).wants_attention()
        })
    };
    let rows = (0..table.len()).filter(is_open);
    rows.filter_map(|row| Some((row, table.place(row)?))).collect()
}

fn step_to_open(model: &mut Model, is_forward: bool) -> Vec<Effect> {
    let here = model.table().map_or(0, Table::cursor);
    let open = open_rows(model);
    let mut open = open.iter().map(|(row, _)| *row);
    let found =
        if is_forward { open.find(|row| *row > here) } else { open.rfind(|row| *row < here) };
    match (found, model.table_mut()) {
        (Some(row), Some(table)) => {
            table.go_to_row(row);
            model.detail.top = 0;
        }
        _ => {
            let way = if is_forward { "below" } else { "above" };
            model.notice = Some(format!("No undecided penalty is {way}."));
        }
    }
    Vec::new()
}

fn group(model: &mut Model, grouping: Grouping) {
    model.triage.grouping = grouping;
    let word =
        Grouping::ALL.iter().find(|(_, it)| *it == grouping).map_or("none", |(word, _)| word);
    model.notice = Some(match grouping {
        Grouping::None => "Not grouped.".to_owned(),
        _ => format!("Grouped by {word}, with the sums of each group."),
    });
}

/// Takes what another session has decided meanwhile, unless something was decided here since it was
/// asked for.
pub fn recalled(model: &mut Model, revision: u64, memory: Memory) {
    let (session, today) = (model.kept.session, model.now.local.date());
    if model.triage.revision != revision || model.kept.memory.knows_all_of(&memory, session, today)
    {
        model.is_dirty = false;
        return;
    }
    model.kept.memory.entries = memory.entries;
    model.triage.revision += 1;
    model.notice = Some("Another session has decided meanwhile; its verdicts are here.".to_owned());
}

pub fn group_by(model: &mut Model, word: &str) -> Vec<Effect> {
    let effects = go_there(model);
    let grouping = Grouping::ALL.iter().find(|(name, _)| *name == word);
    group(model, grouping.map_or(Grouping::None, |(_, grouping)| *grouping));
    effects
}

/// `:asof 2026-10-31`; without a day, today again.
pub fn count_to(model: &mut Model, typed: &str) -> Vec<Effect> {
    let today = model.now.local.date();
    let day: Option<NaiveDate> = match as_of_day(typed, today) {
        Ok(day) => day.filter(|day| *day != today),
        Err(why) => {
            model.notice = Some(why);
            return Vec::new();
        }
    };
    let effects = go_there(model);
    model.triage.as_of = day;
    effects
}

pub fn list_as(model: &mut Model, ending: &str) -> Vec<Effect> {
    let mut effects = go_there(model);
    arrange(model);
    effects.extend(worklist::ask(model, ending));
    effects
}
