//! What a command line does.

use super::cx::{Cx, Next};
use super::effect::Effect;
use super::modal::command::{CommandLine, current, save_view};
use super::screen::booking::state::Booking;
use super::screen::list::{chart, set_filters};
use super::screen::payments::state::NOT_CONFIGURED;
use super::screen::triage::compare;
use super::stack::Tui;
use crate::command::{Columns, Line, ListLine, print};
use crate::config::schema::ThemeName;
use crate::domain::text::{Untrusted, sanitise};

/// Whether a line is typed, or a saved view.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Typed,
    View,
}

impl Tui {
    pub(super) fn run(&mut self, line: Line) {
        let cx = &mut self.cx;
        match line {
            Line::List(line) => self.show(line, Origin::Typed),
            Line::Booking(reference) => {
                let typed = Some(reference.clone());
                let booking = Booking::opening(Untrusted::new(reference), typed);
                self.push(Box::new(booking));
            }
            Line::Sort(sort) => {
                let today = cx.now.local.date();
                if let Some(list) = cx.list_mut() {
                    list.table.sort_by(sort, today);
                }
            }
            Line::Columns(columns) => {
                set_columns(cx, &columns);
                cx.keep_columns();
            }
            Line::View(name) => {
                match cx.kept.all_views().into_iter().find(|view| view.name == name) {
                    Some(view) => self.show(view.line, Origin::View),
                    None => {
                        let name = sanitise(&name);
                        cx.notice = Some(format!("There is no view called {name}."));
                    }
                }
            }
            Line::Save(name) => {
                let saved = save_view(&name, cx);
                let _said = cx.done(saved);
            }
            Line::CopyView => copy_view(cx),
            Line::Show(wanted) => cx.show(wanted),
            Line::Theme(name) => {
                cx.looks.theme = ThemeName::named(name).unwrap_or_default();
                cx.say(format!("The theme is {name}."));
                cx.effect(Effect::Redraw);
            }
            Line::Mouse => cx.toggle_mouse(),
            Line::Chart => chart::open(cx),
            Line::LoadAll => cx.ask_to_load_all(),
            Line::Auto(every) => cx.set_auto_refresh(every),
            Line::AsOf(day) => self.count_to(&day),
            Line::Group(by) => self.group_by(by),
            Line::Worklist(form) => self.ask_for_worklist(form),
            Line::Changes => {
                let changes = compare::changes(cx);
                cx.open(changes);
            }
            Line::Quit => cx.effect(Effect::Quit),
            Line::Help => self.open_help(),
        }
    }

    /// Shows a list as a saved view says.
    pub(super) fn show_view(&mut self, line: ListLine) {
        self.show(line, Origin::View);
    }

    /// Shows a list as a line says. A view has just its own columns; a line that is typed and names
    /// none leaves them as they are.
    fn show(&mut self, line: ListLine, origin: Origin) {
        let is_of = |list: &super::screen::list::state::List| std::ptr::eq(list.spec(), line.spec);
        let Some(tab) = self.cx.lists.iter().position(is_of) else {
            return self.cx.say(NOT_CONFIGURED);
        };
        let today = self.cx.now.local.date();
        // What cannot be sent changes nothing on the screen either.
        if let Err(unsendable) = line.query(today) {
            return self.cx.say(set_filters::in_words(&unsendable));
        }
        self.close_all();
        let cx = &mut self.cx;
        cx.tab = tab;
        self.root.detail.top = 0;
        if origin == Origin::View || !line.columns.are_usual() {
            set_columns(cx, &line.columns);
        }
        let hint = line.unknown().find_map(|(name, near)| Some((name.to_owned(), near?)));
        cx.set_filters(line.settings);
        if let Some((name, near)) = hint {
            cx.say(format!("{name}: sent as it is. Did you mean {near}?"));
        }
        if let Some(list) = cx.list_mut() {
            list.table.sort_by(line.sort, today);
        }
        cx.open_list();
        self.reopen_triage();
    }

    /// Opens the command line with a text.
    pub(super) fn type_command(&mut self, text: &str) {
        let line = CommandLine::open(text, &self.cx);
        self.modals.push(Box::new(line));
    }

    /// Runs a text as a command line; it stays open with what is wrong with it.
    pub(super) fn run_text(&mut self, text: &str) {
        self.type_command(text);
        self.cx.then(Next::Act(super::keymap::Action::Submit));
    }
}

fn set_columns(cx: &mut Cx, columns: &Columns) {
    let Some(list) = cx.list_mut() else { return };
    let names = columns.of(list.spec());
    list.table.set_columns(&names);
    // What was asked for by name is to be seen, however narrow the screen is.
    if let Columns::Changed(changes) = columns
        && let Some(added) = changes.iter().rev().find(|change| change.is_shown)
    {
        list.table.go_to_column(added.column);
    }
}

fn copy_view(cx: &mut Cx) {
    if let Some(line) = current(cx) {
        let text = format!(":{}", print(&Line::List(line)));
        cx.copy(text.clone(), &text);
    }
}
