//! The command line and the saved views: what a line does.

use crossterm::event::KeyEvent;
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use crate::command::views::View;
use crate::command::{Columns, Line, ListLine, check_view_name, print};
use crate::config::schema::ThemeName;
use crate::domain::text::{Untrusted, sanitise};
use crate::list::Spec;
use crate::payments::wanted::Wanted;
use crate::state::persisted::Change;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::modal::command::{CommandLine, Place, remember};
use crate::tui::modal::help_update as help;
use crate::tui::model::{Consent, Model, Pick, Picked, Popup, Question};
use crate::tui::mouse;
use crate::tui::screen::booking::update as booking;
use crate::tui::screen::list::{
    arrange, chart, fetch, refresh_timer as auto, set_filters as filters, update as list,
};
use crate::tui::screen::payments::state::NOT_CONFIGURED;
use crate::tui::screen::payments::update as sheet;
use crate::tui::screen::triage::update as triage;
use crate::tui::typing::{LONGEST_LINE, edit, insert};

pub fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::Command => open(model, ""),
        Action::Views => pick_view(model),
        Action::SaveView => {
            model.popup = Some(Popup::SaveView { input: Input::default(), problem: None });
        }
        _ => return None,
    }
    Some(Vec::new())
}

pub fn open(model: &mut Model, text: &str) {
    let line = with_place(model, |place| CommandLine::with(text, place));
    model.popup = line.map(Popup::Command);
}

/// Runs with what is known where the line is typed.
fn with_place<T>(model: &Model, run: impl FnOnce(Place<'_>) -> T) -> Option<T> {
    let here = model.list()?.spec();
    let views = model.kept.all_views();
    let names: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
    Some(run(Place {
        here,
        today: model.now.local.date(),
        views: &names,
        has_payments: model.hosts.any(),
    }))
}

pub fn prompt(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Popup::Command(mut line)) = model.popup.take() else { return Vec::new() };
    match action {
        Action::NextField | Action::PreviousField => {
            let is_forward = action == Action::NextField;
            with_place(model, |place| line.take_offer(is_forward, place));
        }
        Action::Older | Action::Newer => {
            let history = model.history.clone();
            let is_older = action == Action::Older;
            with_place(model, |place| line.recall(&history, is_older, place));
        }
        Action::Submit if line.input.value().trim().is_empty() => return Vec::new(),
        Action::Submit => {
            if let Some(said) = with_place(model, |place| line.read(place)).flatten() {
                // A tax number is kept nowhere.
                if !matches!(said, Line::Show(Wanted::Tin(_))) {
                    remember(&mut model.history, line.input.value().trim());
                }
                return carry_out(model, said);
            }
        }
        Action::Redraw => {
            model.popup = Some(Popup::Command(line));
            return vec![Effect::Redraw];
        }
        _ => return Vec::new(),
    }
    model.popup = Some(Popup::Command(line));
    Vec::new()
}

/// Gives a key to the command line; gives whether anything changed.
pub fn type_key(model: &mut Model, key: KeyEvent) -> bool {
    let Some(Popup::Command(mut line)) = model.popup.take() else { return false };
    let changed = edit(&mut line.input, key, LONGEST_LINE);
    if changed {
        with_place(model, |place| line.edited(place));
    }
    model.popup = Some(Popup::Command(line));
    changed
}

/// Puts a pasted text into the command line.
pub fn paste(model: &mut Model, text: &str) {
    let Some(Popup::Command(mut line)) = model.popup.take() else { return };
    insert(&mut line.input, text, LONGEST_LINE);
    with_place(model, |place| line.edited(place));
    model.popup = Some(Popup::Command(line));
}

pub fn carry_out(model: &mut Model, said: Line) -> Vec<Effect> {
    match said {
        Line::List(line) => show(model, line, false),
        Line::Booking(reference) => {
            let typed = Some(reference.clone());
            booking::open_typed(model, Untrusted::new(reference), typed)
        }
        Line::Sort(sort) => {
            let today = model.now.local.date();
            if let Some(list) = model.lists.get_mut(model.tab) {
                list.table.sort_by(sort, today);
            }
            Vec::new()
        }
        Line::Columns(columns) => {
            set_columns(model, &columns);
            arrange::keep_columns(model)
        }
        Line::View(name) => show_view(model, &name),
        Line::Save(name) => save_view(model, &name).unwrap_or_else(|why| {
            model.notice = Some(why);
            Vec::new()
        }),
        Line::CopyView => copy_view(model),
        Line::Show(wanted) => sheet::open(model, wanted),
        Line::Theme(name) => {
            model.looks.theme = ThemeName::named(name).unwrap_or_default();
            model.notice = Some(format!("The theme is {name}."));
            vec![Effect::Redraw]
        }
        Line::Mouse => mouse::toggle(model),
        Line::Chart => {
            chart::open(model);
            Vec::new()
        }
        Line::LoadAll => list::ask_to_load_all(model),
        Line::Auto(every) => {
            auto::set(model, every);
            Vec::new()
        }
        Line::AsOf(day) => triage::count_to(model, &day),
        Line::Group(by) => triage::group_by(model, by),
        Line::Worklist(form) => triage::list_as(model, form),
        Line::Changes => {
            triage::show_changes(model);
            Vec::new()
        }
        Line::Quit => vec![Effect::Quit],
        Line::Help => {
            help::open(model);
            Vec::new()
        }
    }
}

/// Shows a list as a line says. A view has just its own columns; a line that is typed and names none
/// leaves them as they are.
fn show(model: &mut Model, line: ListLine, is_view: bool) -> Vec<Effect> {
    let Some(tab) = model.lists.iter().position(|list| std::ptr::eq(list.spec(), line.spec)) else {
        model.notice = Some(NOT_CONFIGURED.to_owned());
        return Vec::new();
    };
    let today = model.now.local.date();
    // What cannot be sent changes nothing on the screen either.
    if let Err(unsendable) = line.query(today) {
        model.notice = Some(filters::in_words(&unsendable));
        return Vec::new();
    }
    let mut effects = booking::close_all(model);
    effects.extend(list::show(model, tab, false));
    if is_view || !line.columns.are_usual() {
        set_columns(model, &line.columns);
    }
    let hint = line.unknown().find_map(|(name, near)| Some((name.to_owned(), near?)));
    effects.extend(filters::apply(model, line.settings));
    if let Some((name, near)) = hint {
        model.notice = Some(format!("{name}: sent as it is. Did you mean {near}?"));
    }
    if let Some(list) = model.lists.get_mut(tab) {
        list.table.sort_by(line.sort, today);
    }
    effects.extend(fetch::open_list(model));
    effects
}

fn set_columns(model: &mut Model, columns: &Columns) {
    if let Some(list) = model.lists.get_mut(model.tab) {
        let names = columns.of(list.spec());
        list.table.set_columns(&names);
        // What was asked for by name is to be seen, however narrow the screen is.
        if let Columns::Changed(changes) = columns
            && let Some(added) = changes.iter().rev().find(|change| change.is_shown)
        {
            list.table.go_to_column(added.column);
        }
    }
}

/// What is on the screen as a line.
fn current(model: &Model) -> Option<ListLine> {
    let list = model.list()?;
    let spec: &'static Spec = list.spec();
    let names: Vec<&'static str> = (list.table.columns().iter())
        .filter_map(|position| Some(spec.described(*position)?.name))
        .collect();
    let columns = Columns::shortest(spec, names);
    let (settings, sort) = (list.settings().to_vec(), list.table.sort());
    Some(ListLine { spec, settings, sort, columns })
}

fn copy_view(model: &mut Model) -> Vec<Effect> {
    let Some(line) = current(model) else { return Vec::new() };
    let text = print(&Line::List(line));
    let told = format!("Given to the terminal's clipboard: :{}", sanitise(&text));
    model.notice = Some(told);
    vec![Effect::Copy(format!(":{text}"))]
}

fn pick_view(model: &mut Model) {
    let views = model.kept.all_views();
    let widest = views.iter().map(|view| view.name.width()).max().unwrap_or(0);
    let entries = views
        .iter()
        .map(|view| format!("{:<widest$} {}", view.name, print(&Line::List(view.line.clone()))))
        .map(|entry| sanitise(&entry).into_owned())
        .collect();
    let title = "Views".to_owned();
    model.popup = Some(Popup::Pick(Pick { title, entries, cursor: 0, then: Picked::View }));
    if !model.kept.faults.is_empty() {
        model.notice =
            Some(format!("Some views could not be read: {}", model.kept.faults.join("; ")));
    }
}

/// Opens the view at this place of the menu.
pub fn show_view_at(model: &mut Model, index: usize) -> Vec<Effect> {
    match model.kept.all_views().into_iter().nth(index) {
        Some(view) => show(model, view.line, true),
        None => Vec::new(),
    }
}

fn show_view(model: &mut Model, name: &str) -> Vec<Effect> {
    match model.kept.all_views().into_iter().find(|view| view.name == name) {
        Some(view) => show(model, view.line, true),
        None => {
            model.notice = Some(format!("There is no view called {}.", sanitise(name)));
            Vec::new()
        }
    }
}

/// Removes the view at this place of the menu, if it is one of the user's own.
pub fn remove_view_at(model: &mut Model, index: usize) -> Vec<Effect> {
    if index >= model.kept.views.len() {
        model.notice = Some("This view is built in and stays.".to_owned());
        return Vec::new();
    }
    let Some(view) = model.kept.views.get(index) else { return Vec::new() };
    let text = format!("{} cannot be brought back.", view.name);
    let title = "Remove this view".to_owned();
    let then = Consent::RemoveView(index);
    model.popup = Some(Popup::Question(Question { title, text, then }));
    Vec::new()
}

/// Removes a view of the user's own for good.
pub fn remove_for_good(model: &mut Model, index: usize) -> Vec<Effect> {
    if index >= model.kept.views.len() {
        return Vec::new();
    }
    let view = model.kept.views.remove(index);
    model.notice = Some(format!("The view {} is gone.", view.name));
    pick_view(model);
    vec![Effect::Keep(Change::RemoveView(view.name))]
}

/// Saves what is on the screen under a name.
fn save_view(model: &mut Model, name: &str) -> Result<Vec<Effect>, String> {
    check_view_name(name).map_err(|fault| fault.why)?;
    let Some(line) = current(model) else { return Ok(Vec::new()) };
    let view = View { name: name.to_owned(), line };
    model.kept.put_view(view.clone());
    model.notice = Some(format!("Saved as {name}; v lists the views."));
    Ok(vec![Effect::Keep(Change::SaveView(Box::new(view)))])
}

/// Keys of the prompt for the name of a view.
pub fn name_prompt(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Popup::SaveView { input, .. }) = &model.popup else { return Vec::new() };
    let name = input.value().trim().to_owned();
    match action {
        Action::Submit => match save_view(model, &name) {
            Ok(effects) => {
                model.popup = None;
                effects
            }
            Err(why) => {
                if let Some(Popup::SaveView { problem, .. }) = &mut model.popup {
                    *problem = Some(why);
                }
                Vec::new()
            }
        },
        Action::Redraw => vec![Effect::Redraw],
        _ => {
            model.popup = None;
            Vec::new()
        }
    }
}
