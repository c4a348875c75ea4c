//! What an event does to the model, and which effects it has. Pure: no I/O, no clock.

use crossterm::event::{KeyEvent, KeyEventKind};

use crate::domain::failure::Kind;
use crate::domain::text::Untrusted;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Scope, Step};
use crate::tui::modal::{
    command_update as command, form_update as form, help_update as help, update as popup,
};
use crate::tui::model::{ATTENTION, Countdown, Model};
use crate::tui::msg::{Msg, Now};
use crate::tui::screen::booking::update as booking;
use crate::tui::screen::list::{arrange, chart, fetch, refresh_timer as auto, update as list};
use crate::tui::screen::payments::update as sheet;
use crate::tui::screen::triage::update as triage;
use crate::tui::{copy, keymap, mouse, profile};

pub mod answers;
pub mod probe;
pub mod refresh;

/// Milliseconds that a wait goes unmarked; then a spinner shows.
pub const UNMARKED_WAIT: u64 = 150;
/// Milliseconds between two pictures of the spinner.
pub const SPINNER_STEP: u64 = 250;
/// The first effects: the rows of the first list. The counts of the others are asked for once these
/// have come, so that nothing stands between the user and the first rows.
pub fn start(model: &mut Model) -> Vec<Effect> {
    model.wants_counts = true;
    if let Some(fault) = model.kept.memory_fault.take() {
        model.notice = Some(fault);
    }
    fetch::open_list(model)
}

/// Opens a booking; gives what is to be asked for.
pub fn open_booking(model: &mut Model, reference: Untrusted) -> Vec<Effect> {
    booking::open(model, reference)
}

pub fn update(model: &mut Model, now: Now, msg: Msg) -> Vec<Effect> {
    model.now = now;
    model.is_dirty = true;
    let mut effects = take(model, now, msg);
    settle(model);
    effects.extend(refresh::begin_due(model));
    effects.extend(probe::send(model));
    effects.extend(auto::refresh(model));
    effects.extend(fetch::next_page(model));
    effects.extend(fetch::hurry(model));
    effects.extend(arrange::jobs(model));
    effects.extend(triage::rest(model));
    effects
}

fn take(model: &mut Model, now: Now, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => pressed(model, &key),
        Msg::Paste(_) | Msg::Mouse(_) if model.switching.is_some() => Vec::new(),
        Msg::Paste(text) => popup::paste(model, &text),
        Msg::Mouse(event) => mouse::act_on(model, event),
        Msg::Resized(width, height) => {
            model.size = (width, height);
            chart::redraw(model);
            popup::rewrap(model);
            Vec::new()
        }
        Msg::Answered(ticket, answer) => {
            // A program that was asked for another token may have written on the screen.
            let is_refused = answer.as_ref().is_err_and(|failure| failure.kind == Kind::Access);
            let mut effects = answers::accept(model, ticket, answer);
            effects.extend(is_refused.then_some(Effect::Redraw));
            if std::mem::take(&mut model.wants_counts) {
                effects.extend(fetch::counts(model));
            }
            effects
        }
        Msg::Arranged(tab, arrangement) => {
            let list = model.lists.get_mut(tab);
            model.is_dirty =
                list.is_some_and(|list| list.table.accept(arrangement.map(|made| *made)));
            Vec::new()
        }
        Msg::Saved(path, result) => {
            let is_written = result.is_ok();
            let note = model.export_note.take().filter(|_| is_written);
            let told = [Some(popup::saved(&path, result)), note];
            model.notice = Some(told.into_iter().flatten().collect::<Vec<_>>().join(" "));
            // The path is what the shell beside needs next.
            let path = path.display().to_string();
            is_written.then_some(Effect::Copy(path)).into_iter().collect()
        }
        Msg::Network(network) => {
            let was_offline = model.network.0.offline_for.is_some();
            model.network = (network, now);
            model.probe.hear(network.offline_for, now.elapsed);
            let is_back = was_offline && network.offline_for.is_none();
            if is_back { fetch::missing_counts(model) } else { Vec::new() }
        }
        Msg::SwitchFailed(name, why) => profile::failed(model, &name, why),
        Msg::Told(text) => {
            model.notice = Some(text);
            Vec::new()
        }
        Msg::Continued => vec![Effect::Retake],
        Msg::Recalled(revision, memory) => {
            triage::recalled(model, revision, *memory);
            Vec::new()
        }
        Msg::Collided(collisions) => triage::collided(model, collisions),
        Msg::Woken => Vec::new(),
        Msg::Ended => vec![Effect::Quit],
    }
}

/// The moment, in milliseconds since the start, at which the screen changes by itself; `None` while
/// it stands still.
pub fn wake_at(model: &Model) -> Option<u64> {
    let now = model.now.elapsed;
    let waiting = model.waiting_since().map(|since| {
        let waited = now.saturating_sub(since.elapsed);
        if waited < UNMARKED_WAIT {
            since.elapsed + UNMARKED_WAIT
        } else {
            since.elapsed + (waited / SPINNER_STEP + 1) * SPINNER_STEP
        }
    });
    let gate = match model.countdown() {
        Some(Countdown::Offline(Some(left)) | Countdown::Closed(left)) => {
            Some(next_step(model, now, left))
        }
        _ => None,
    };
    let age = model.fetched().filter(|_| model.is_watched()).map(|fetched| {
        let minutes = now.saturating_sub(fetched.elapsed) / 60_000;
        (fetched.elapsed + (minutes + 1) * 60_000).min(model.last_key + ATTENTION)
    });
    let rest = model.triage.evidence.due.as_ref().map(|(_, at)| (*at).max(now + 1));
    let own = [auto::wake_at(model), probe::wake_at(model), model.refreshes.wake_at()];
    [waiting, gate, age, rest].into_iter().chain(own).flatten().min()
}

/// When a countdown of `left` milliseconds shows another text: at its next second or minute while
/// someone is looking, at its end otherwise.
fn next_step(model: &Model, now: u64, left: u64) -> u64 {
    let unit = if left > 3_600_000 { 60_000 } else { 1_000 };
    let step = (left - 1) % unit + 1;
    match (model.is_watched(), left) {
        (true, _) => (now + step).min((model.last_key + ATTENTION).max(now + 1)),
        (false, left) => now + left,
    }
}

fn pressed(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        model.is_dirty = false;
        return Vec::new();
    }
    model.last_key = model.now.elapsed;
    let scope = model.scope();
    let name = keymap::name_of(key);
    let binding = name.as_deref().and_then(|name| model.looks.keymap.binding(scope, name));
    let had_notice = model.notice.take().is_some();
    let key_name = name.as_deref().unwrap_or_default();
    if profile::held(model, key_name, binding.map(|binding| binding.action)) {
        return Vec::new();
    }
    let Some(binding) = binding else {
        let typed = popup::type_key(model, *key);
        model.is_dirty = had_notice || typed;
        return Vec::new();
    };
    act(model, binding.action, key_name, *key)
}

/// Carries out an action; `key` is the name of the key that asked for it.
pub fn act(model: &mut Model, action: Action, key: &str, pressed: KeyEvent) -> Vec<Effect> {
    // It means the same everywhere, as it does in the shell.
    if action == Action::Suspend {
        return vec![Effect::Suspend];
    }
    if matches!(action, Action::Refresh | Action::RefreshAll) {
        return refresh::ask(model, action);
    }
    match model.scope() {
        Scope::Help => help::act_in_help(model, action),
        Scope::Form => form::act(model, action, pressed),
        Scope::Search => arrange::search(model, action),
        Scope::Command => command::prompt(model, action),
        Scope::Columns => arrange::choose(model, action),
        Scope::Reader | Scope::Prompt | Scope::Question | Scope::Pick => popup::act(model, action),
        Scope::Sheet => sheet::act(model, action, key),
        Scope::Booking => booking::act(model, action, key),
        Scope::Triage => triage::act(model, action, key),
        Scope::Overview => triage::act_in_overview(model, action, key),
        Scope::List => list::act(model, action, key),
    }
}

/// What lists and bookings have in common; `None` where the action is not one of these.
pub fn act_on_table(model: &mut Model, action: Action, key: &str) -> Option<Vec<Effect>> {
    let rows = model.regions().rows();
    match action {
        Action::Move(step) => {
            if let Some(table) = model.table_mut() {
                table.step(step, rows);
            }
            if let Some(list) = model.lists.get_mut(model.tab) {
                list.is_paused = false;
            }
            model.detail.top = 0;
        }
        Action::Left | Action::Right => {
            if let Some(table) = model.table_mut() {
                table.step_column(action == Action::Right);
            }
        }
        Action::CopyCell | Action::CopyRows | Action::Link => {
            return Some(copy::act(model, action));
        }
        Action::Mark | Action::MarkShown | Action::UnmarkAll => mark(model, action, rows),
        Action::PickTab => return Some(list::pick(model, key)),
        Action::Sort | Action::Reverse | Action::Columns => return arrange::act(model, action),
        Action::Lookup => popup::open_lookup(model),
        Action::Json => popup::open_json(model),
        Action::Help => help::open(model),
        Action::Detail => {
            model.detail.is_open = !model.detail.is_open;
            model.detail.is_zoomed = false;
            model.detail.top = 0;
        }
        Action::Zoom => {
            model.detail.is_zoomed = !model.detail.is_open || !model.detail.is_zoomed;
            model.detail.is_open = true;
            model.detail.top = 0;
        }
        Action::DetailDown => model.detail.top += 1,
        Action::DetailUp => model.detail.top = model.detail.top.saturating_sub(1),
        Action::Profiles => profile::open(model),
        Action::Redraw => return Some(vec![Effect::Redraw]),
        _ => return None,
    }
    Some(Vec::new())
}

/// Marks and moves on, so that a run of rows is marked by holding the key.
fn mark(model: &mut Model, action: Action, rows: usize) {
    let Some(table) = model.table_mut() else { return };
    match action {
        Action::Mark => {
            table.toggle_mark();
            table.step(Step::Down, rows);
        }
        Action::MarkShown => table.mark_shown(),
        _ => {
            if !table.unmark_all() {
                model.notice = Some("Nothing is marked.".to_owned());
            }
        }
    }
}

/// Closes the detail pane, first its zoom; gives whether there was anything to close.
pub fn close_detail(model: &mut Model) -> bool {
    let was_open = model.detail.is_open;
    if model.detail.is_zoomed {
        model.detail.is_zoomed = false;
    } else {
        model.detail.is_open = false;
    }
    was_open
}

/// Keeps cursors and scrolled texts inside their windows after whatever has changed.
fn settle(model: &mut Model) {
    triage::arrange(model);
    let regions = model.regions();
    // A zoomed detail leaves the table no line; its window is then kept for later.
    if regions.rows() > 0
        && let Some(table) = model.table_mut()
    {
        table.settle(regions.rows());
    }
    booking::settle(model);
    sheet::settle(model);
    if model.detail.is_open {
        let lines = model.detail_lines().len();
        let room = usize::from(regions.detail.height.saturating_sub(2));
        model.detail.top = model.detail.top.min(lines.saturating_sub(room));
    }
}
