//! Runs the commands of the command line.

use super::cx::{Cx, ModalAnswer, Next};
use super::effect::Effect;
use super::keymap::Action;
use super::modal::command::{CommandLine, readable, save_view};
use super::press::OPEN_FIRST;
use super::screen::Behavior;
use super::screen::groups::opening::Opening;
use super::screen::list::fetch::LIST_IS_GONE;
use super::screen::list::filters;
use super::screen::list::state::Asked;
use super::screen::payments::state::{NOT_CONFIGURED, ReportScreen};
use super::stack::Tui;
use crate::command::{Command, ListCommand, print};
use clap::ValueEnum;

use crate::config::schema::ThemeName;
use crate::domain::reference::find;
use crate::domain::text::{Untrusted, sanitize};
use crate::filter::ListQuery;

impl Tui {
    pub(super) fn run(&mut self, command: Command) {
        if let Some(why) = self.why_not_command((&command).into()) {
            return self.cx.tell(why);
        }
        let cx = &mut self.cx;
        match command {
            Command::List(line) => self.show(&line, None),
            Command::Booking(reference) => self.open_typed_booking(reference),
            Command::Sort(sort) => {
                let today = cx.now.local.date();
                cx.list_mut().table.sort_by(sort, today);
            }
            Command::Columns(columns) => {
                cx.list_mut().asked =
                    Some(Asked { columns, is_kept: !cx.is_overview(), view: None });
                cx.settle_columns(cx.tab);
            }
            Command::View(name) => {
                match cx.kept.all_views().into_iter().find(|view| view.name == name) {
                    Some(view) => self.show(&view.line, Some(&view.name)),
                    None => {
                        let name = sanitize(&name);
                        let all = cx.words("{views} lists the views.");
                        cx.tell(format!("There is no view named {name}; {all}"));
                    }
                }
            }
            Command::Save(name) => {
                let saved = save_view(&name, cx);
                let _said = cx.ok_or_tell(saved);
            }
            Command::CopyView => copy_view(cx),
            Command::Show(subject) => {
                let screen = ReportScreen::about(subject, None, cx.hosts, cx.now);
                self.push_typed(screen.map(|screen| Box::new(screen) as Box<dyn Behavior>));
            }
            Command::Theme(name) => choose_theme(name, cx),
            Command::Mouse => cx.toggle_mouse(),
            Command::Chart => self.act(Action::Chart),
            Command::LoadAll => self.act(Action::LoadAll),
            Command::Auto(every) => cx.set_auto_refresh(every),
            Command::AsOf(day) => self.count_to(day.as_ref()),
            Command::Group(by) => self.group_by(by),
            Command::Worklist(form) => self.ask_for_worklist(form),
            Command::Home => self.show_home(),
            Command::Customers if cx.is_overview() && self.stack.is_empty() => {
                cx.say("All customers are shown already.");
            }
            Command::Customers if cx.is_overview() => self.close_all(),
            Command::Customers => self.act(Action::Profiles),
            Command::Triage => self.show_triage_all(),
            Command::Blocked => self.show_groups(Opening::Blocked),
            Command::Changes(since) => self.show_changes(since),
            Command::Write(is_on) => self.lock_or_unlock(is_on),
            Command::Audit => self.show_audit(),
            Command::Quit => self.act(Action::Quit),
            Command::Help => self.open_help(),
        }
    }

    /// Opens a booking; in all customers, looks for the one that has it.
    fn open_typed_booking(&mut self, reference: String) {
        // A text without exactly one reference is the reference itself.
        let typed = match &find(&reference)[..] {
            [one] => Untrusted::new(one.as_str()),
            _ => Untrusted::new(reference.as_str()),
        };
        if self.cx.is_overview() {
            return self.hand_on(ModalAnswer::Find(typed));
        }
        let booking = self.cx.looked_up(&typed, reference);
        self.push_typed(Ok(Box::new(booking)));
    }

    /// Shows the list of a command. If a filter cannot be sent, only the notice changes.
    pub(super) fn show(&mut self, list: &ListCommand, view: Option<&str>) {
        match list.query(self.cx.now.local.date()) {
            Ok(query) => self.show_list(list, query, view),
            Err(invalid) => self.cx.tell(filters::in_words(&invalid)),
        }
    }

    /// A saved view has exactly its own columns; a typed line without columns does not change them.
    pub(super) fn show_list(&mut self, line: &ListCommand, query: ListQuery, view: Option<&str>) {
        let is_of = |list: &super::screen::list::state::List| std::ptr::eq(list.spec(), line.spec);
        let Some(tab) = self.cx.lists.iter().position(is_of) else {
            let is_overview = self.cx.is_overview();
            let is_gone = self.cx.is_payments_list_gone;
            return self.cx.say(if is_overview {
                OPEN_FIRST
            } else if is_gone {
                LIST_IS_GONE
            } else {
                NOT_CONFIGURED
            });
        };
        let today = self.cx.now.local.date();
        self.close_all();
        let cx = &mut self.cx;
        cx.tab = tab;
        self.root.scroll_detail_to_top();
        if view.is_some() || !line.columns.are_usual() {
            let (columns, view) = (line.columns.clone(), view.map(str::to_owned));
            cx.list_mut().asked = Some(Asked { columns, is_kept: false, view });
        }
        let unknown = line.unknown().max_by_key(|(_, near)| near.is_some());
        let hint = unknown.map(|(name, near)| match near {
            Some(near) => format!("{name} was sent unchanged. Did you mean {near}?"),
            None => format!("{name} is not a documented filter; sent anyway."),
        });
        let before = cx.list().filters().to_vec();
        let is_asked = cx.set_query(query) == filters::FiltersSet::Requested;
        // The line is complete: searches kept before end.
        let list = cx.list_mut();
        if !list.table.found().is_empty() {
            if list.filters() == before {
                list.remember();
            }
            list.table.set_found(Vec::new());
        }
        if let Some(hint) = hint.filter(|_| is_asked) {
            cx.tell(hint);
        }
        cx.list_mut().table.sort_by(line.sort, today);
        cx.settle_columns(tab);
        self.reopen_triage();
    }

    pub(super) fn type_command(&mut self, text: &str) {
        let line = CommandLine::open(text, &self.cx);
        self.modals.push(Box::new(line));
    }

    pub(super) fn run_text(&mut self, text: &str) {
        self.type_command(text);
        self.cx.then(Next::Act(Action::Submit));
    }
}

fn choose_theme(name: &str, cx: &mut Cx) {
    cx.looks.follows_background = false;
    cx.looks.theme = ThemeName::from_str(name, false).unwrap_or_default();
    cx.tell(format!("Theme: {name}."));
    cx.effect(Effect::Redraw);
}

fn copy_view(cx: &mut Cx) {
    let text = format!(":{}", print(&Command::List(readable(cx))));
    cx.copy(text.clone(), &text);
}
