//! A prompt for one line of text: a name, a note, a path, a booking reference.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use super::lookup::Lookup;
use super::{Modal, Stay, command};
use crate::domain::text::Untrusted;
use crate::domain::text::sanitize;
use crate::export::Format;
use crate::payments::write::Write;
use crate::tui::component::boxed::{boxed, entries, typed};
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::file_name;
use crate::tui::keymap::{Action, Scope, Way};
use crate::tui::layout;
use crate::tui::screen::list::export;
use crate::tui::screen::list::export::Choice;
use crate::tui::screen::list::state::PendingExport;
use crate::tui::theme::Theme;
use crate::tui::typing::{LONGEST_LINE, LONGEST_PASTE};

const UNLOCK: &str = "Writes lock again 15 minutes after the last one.";
const NOTE: &str = "One line, saved on this computer only. Leave empty to delete.";

#[derive(Debug)]
pub struct Prompt {
    pub input: Input,
    /// The name of the file if only a folder is typed.
    proposed: String,
    /// If set, typed text replaces the line.
    is_selected: bool,
    pub problem: Option<String>,
    pub then: PromptAction,
}

#[derive(Debug)]
pub enum PromptAction {
    SaveView,
    Note,
    /// The hidden penalties, which are not exported; empty if there are none.
    Worklist(String),
    Changes,
    Customers,
    ExportBooking,
    ExportRows(Choice),
    Lookup(Lookup),
    /// The name of this profile is typed, which opens the lock of writes.
    OpenWrites(String),
    /// The properties to match or unmatch with the account of this write.
    Properties(Write),
}

impl Prompt {
    pub fn new(text: String, then: PromptAction) -> Self {
        let input = Input::new(text.clone());
        Self { input, proposed: text, is_selected: false, problem: None, then }
    }

    /// `text` was typed before; it is selected, so that new text replaces it.
    pub fn lookup(text: String, recent: Vec<Untrusted>) -> Self {
        let lookup = Lookup::new(&text, recent);
        let is_selected = !text.is_empty();
        Self { is_selected, ..Self::new(text, PromptAction::Lookup(lookup)) }
    }

    /// The title, a sentence, and the hints for its keys.
    fn texts(&self) -> (&'static str, Cow<'_, str>, &'static str) {
        match &self.then {
            PromptAction::SaveView => (
                "Save this view",
                "A name for this view. An existing view with that name is replaced.".into(),
                "save",
            ),
            PromptAction::Note => ("Note", NOTE.into(), "save"),
            PromptAction::Worklist(left_out) => {
                let file = new_file(Format::WORKLIST);
                let words = match left_out.as_str() {
                    "" => file,
                    _ => format!("{file} Not included: {left_out}."),
                };
                ("Export worklist to", words.into(), "export")
            }
            PromptAction::Changes => ("Export to", new_file(Format::WORKLIST).into(), "export"),
            PromptAction::Customers => ("Export to", new_file(Format::CUSTOMERS).into(), "export"),
            PromptAction::ExportBooking => {
                ("Export to", new_file(Format::BOOKING).into(), "export")
            }
            PromptAction::ExportRows(rows) if rows.is_open() => (
                "Export to",
                rows.words().into(),
                "export · {next-rows} rows · {choose-down} format",
            ),
            PromptAction::ExportRows(rows) => {
                ("Export to", rows.words().into(), "export · {choose-down} format")
            }
            PromptAction::OpenWrites(profile) => {
                let words =
                    format!("Type {}, the name of the profile. {UNLOCK}", sanitize(profile));
                ("Unlock writes for 15 minutes", words.into(), "unlock")
            }
            PromptAction::Properties(_) => {
                ("Properties", "Their ids, with blanks or commas between them".into(), "plan it")
            }
            PromptAction::Lookup(lookup) => {
                let is_alone = lookup.offered.is_empty();
                let keys =
                    if is_alone { "open" } else { "open · {choose-up} {choose-down} choose" };
                ("Find a booking", "Booking reference, e.g. BK123456".into(), keys)
            }
        }
    }

    fn submit(&mut self, cx: &mut Cx) -> Stay {
        let typed = self.input.value().trim().to_owned();
        let result = match &mut self.then {
            PromptAction::SaveView => command::save_view(&typed, cx),
            PromptAction::Note => return hand_on(ModalAnswer::Note(typed), cx),
            PromptAction::Worklist(_)
            | PromptAction::Changes
            | PromptAction::Customers
            | PromptAction::ExportBooking => {
                match file_name::path(&typed, &self.proposed, cx.home.as_deref()) {
                    Ok(path) => return hand_on(ModalAnswer::Export(path), cx),
                    Err(why) => Err(why),
                }
            }
            PromptAction::ExportRows(rows) => {
                let path = file_name::path(&typed, &self.proposed, cx.home.as_deref());
                path.map(PathBuf::from).and_then(|path| {
                    let format = Format::of_path(&path, Format::ROWS)?;
                    export::save(cx, rows.scope, PendingExport { path, format });
                    Ok(())
                })
            }
            PromptAction::OpenWrites(_) => cx.unlock_writes(&typed),
            PromptAction::Properties(write) => with_properties(write, &typed).map(|write| {
                cx.then(Next::Write(write));
            }),
            PromptAction::Lookup(lookup) => match lookup.submit(self.input.value()) {
                Ok(reference) if cx.is_overview() => {
                    return hand_on(ModalAnswer::Find(reference), cx);
                }
                Ok(reference) => {
                    let booking = cx.looked_up(&reference, typed);
                    cx.then(Next::PushTyped(Box::new(booking)));
                    return Stay::Open;
                }
                Err(why) => Err(cx.words(why)),
            },
        };
        self.problem = result.err();
        if self.problem.is_none() { Stay::Close } else { Stay::Open }
    }

    /// Switches to other rows, and proposes their file name in the typed folder; a name that the
    /// user typed stays.
    fn turn_rows(&mut self) {
        let PromptAction::ExportRows(rows) = &mut self.then else { return };
        let old = rows.stem();
        rows.next();
        let new = rows.stem();
        let typed = self.input.value();
        let at = typed.rfind('/').map_or(0, |at| at + 1);
        let (folder, name) = typed.split_at(at);
        if let Some(ending) = name.strip_prefix(&old).filter(|rest| rest.starts_with('.')) {
            self.input = Input::new(format!("{folder}{new}{ending}"));
        }
        if let Some(ending) = self.proposed.strip_prefix(&old) {
            self.proposed = format!("{new}{ending}");
        }
    }

    /// Switches the format, and the extension of the name.
    fn turn_format(&mut self, way: Way) {
        let folder = if self.input.value() == "~" { "~/" } else { self.input.value() };
        if folder.ends_with('/') {
            self.input = Input::new(format!("{folder}{}", self.proposed));
        }
        let typed = self.input.value();
        let known = Format::of_path(Path::new(typed), Format::ROWS).ok();
        let at = known.and_then(|known| Format::ROWS.iter().position(|format| *format == known));
        let at = at.map_or(0, |at| way.turn(at, Format::ROWS.len()));
        let Some(next) = Format::ROWS.get(at) else { return };
        let ending = known.map_or("", Format::ending);
        let stem = typed.get(..typed.len() - ending.len()).unwrap_or(typed).trim_end_matches('.');
        self.input = Input::new(format!("{stem}.{}", next.ending()));
        self.problem = None;
    }
}

impl Modal for Prompt {
    fn scope(&self) -> Scope {
        Scope::Prompt
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        match (action, &mut self.then) {
            (Action::Submit, _) => return self.submit(cx),
            (Action::NextField, PromptAction::ExportRows(_)) => self.turn_rows(),
            (Action::Move(step), PromptAction::ExportRows(_)) => self.turn_format(step.way()),
            (Action::Move(step), PromptAction::Lookup(lookup)) => lookup.step(step.way()),
            (Action::NextField | Action::Move(_), _) => {}
            _ => return Stay::Close,
        }
        Stay::Open
    }

    fn input(&mut self) -> Option<(&mut Input, usize)> {
        let most = match self.then {
            PromptAction::SaveView
            | PromptAction::Note
            | PromptAction::Worklist(_)
            | PromptAction::OpenWrites(_) => LONGEST_LINE,
            // Paths, and texts that contain a reference.
            _ => LONGEST_PASTE,
        };
        Some((&mut self.input, most))
    }

    fn follows_wheel(&self) -> bool {
        matches!(self.then, PromptAction::Lookup(_))
    }

    fn refuses_paste(&mut self) -> bool {
        let is_refused = matches!(self.then, PromptAction::OpenWrites(_));
        if is_refused {
            self.input.reset();
            self.problem =
                Some("Type the name, not too fast: a paste is not accepted here.".to_owned());
        }
        is_refused
    }

    fn edited(&mut self, _cx: &mut Cx) {
        self.problem = None;
        if let PromptAction::Lookup(lookup) = &mut self.then {
            lookup.offer(self.input.value());
        }
    }

    fn unselect(&mut self, is_replaced: bool) -> bool {
        let is_emptied = std::mem::take(&mut self.is_selected) && is_replaced;
        if is_emptied {
            self.input.reset();
        }
        is_emptied
    }

    fn handed_on(&mut self, result: &Result<(), String>) -> bool {
        self.problem = result.as_ref().err().cloned();
        self.problem.is_none()
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let offered = match &self.then {
            PromptAction::Lookup(lookup) => lookup.offered.len(),
            _ => 0,
        };
        let area = layout::prompt(cx.size, u16::try_from(offered).unwrap_or(u16::MAX));
        let (title, words, keys) = self.texts();
        let keys =
            [" {submit} ", keys, " · {close-prompt} cancel "].map(|part| cx.words(part)).concat();
        let inside = boxed(title, keys, area, theme, frame);
        let line = Rect { height: inside.height.min(1), ..inside };
        typed(&self.input, "", theme, frame, line);
        if self.is_selected {
            let width = u16::try_from(self.input.value().width()).unwrap_or(u16::MAX);
            let selected = Rect { width: width.min(line.width), ..line };
            frame.buffer_mut().set_style(selected, theme.column);
        }
        let below = below(inside, 1);
        let (text, style) = match &self.problem {
            Some(problem) => (problem.as_str().into(), theme.failure),
            None => (words, theme.dim),
        };
        let words = Paragraph::new(Line::styled(text, style)).wrap(Wrap { trim: true });
        frame.render_widget(words, Rect { height: below.height.min(2), ..below });
        if let PromptAction::Lookup(lookup) = &self.then {
            let offered = lookup.offered.iter().map(Untrusted::shown);
            let area = self::below(below, 2);
            entries(offered, lookup.cursor, (theme, theme.dim), area, frame);
        }
    }
}

/// The prompt stays open until the answer is accepted.
fn hand_on(answer: ModalAnswer, cx: &mut Cx) -> Stay {
    cx.then(Next::Answer(answer));
    Stay::Open
}

/// The write with these properties.
fn with_properties(write: &Write, typed: &str) -> Result<Write, String> {
    let ids = typed.split([' ', ',']).filter(|id| !id.is_empty()).map(str::to_owned);
    let mut ids: Vec<String> = ids.collect();
    ids.sort();
    ids.dedup();
    let write = match write.clone() {
        Write::Match { account, .. } => Write::Match { account, properties: ids },
        Write::Unmatch { account, .. } => Write::Unmatch { account, properties: ids },
        other => other,
    };
    write.segments().map(|_segments| write)
}

fn new_file(offered: &[Format]) -> String {
    format!("A new file: {}.", Format::endings(offered))
}

fn below(area: Rect, lines: u16) -> Rect {
    let lines = area.height.min(lines);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}
