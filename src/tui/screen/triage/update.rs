//! Keys on the queue and on the matrix above it; opening and leaving the queue.

use std::path::PathBuf;

use crate::domain::text::Untrusted;
use crate::export::Format;
use crate::export::worklist::{Item, render};
use crate::filter::TypedDay;
use crate::list::record::Record;
use crate::triage::memory::Memory;
use crate::triage::queue::{Grouping, entry, triage_state};
use crate::tui::component::detail::Detail;
use crate::tui::cx::{Cx, Next};
use crate::tui::effect::Effect;
use crate::tui::file_name;
use crate::tui::keymap::{Action, Step, Way};
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::msg::Written;
use crate::tui::screen::list::export::Share;
use crate::tui::screen::table;
use crate::tui::screen::triage::change::next_of;
use crate::tui::screen::triage::state::TriageScreen;
use crate::tui::stack::Tui;

/// Runs an action of the matrix. Returns `false` for any other action.
pub fn act_in_overview(screen: &mut TriageScreen, action: Action, cx: &mut Cx) -> bool {
    let rows = screen.overview.tallies.len();
    let columns = screen.overview.columns.len();
    let (row, column) = &mut screen.at;
    match action {
        Action::Move(Step::Down) => *row = (*row + 1).min(rows.saturating_sub(1)),
        Action::Move(Step::Up) => *row = row.saturating_sub(1),
        Action::Right => *column = (*column + 1).min(columns.saturating_sub(1)),
        Action::Left => *column = column.saturating_sub(1),
        Action::Submit => narrow(screen, cx),
        // Any key that goes back goes one level back.
        Action::Overview | Action::Back | Action::Quit => screen.is_in_overview = false,
        _ => return false,
    }
    true
}

pub fn leave(screen: &mut TriageScreen, cx: &mut Cx) {
    screen.is_left = true;
    cx.then(Next::Close);
}

fn narrow(screen: &mut TriageScreen, cx: &mut Cx) {
    let Some(cell) = screen.overview.cell(screen.at.0, screen.at.1) else { return };
    screen.cell = if screen.cell == Some(cell) { None } else { Some(cell) };
    screen.is_in_overview = false;
    screen.arrange(cx);
    cx.list_mut().table.go_to_row(0);
}

/// Goes one step back: cancels or clears one thing, else leaves the queue.
pub fn back(screen: &mut TriageScreen, cx: &mut Cx) {
    let is_undone = table::stop_first(screen, cx)
        || table::unmark_all(screen, cx)
        || cx.drop_found()
        || screen.cell.take().is_some()
        || screen.as_of.take().is_some();
    if !is_undone {
        leave(screen, cx);
    }
}

pub fn settling(cx: &Cx) -> Option<Untrusted> {
    cx.list().table.selected()?.reference("settled_booking").cloned()
}

pub fn open_rows(cx: &Cx) -> Vec<(usize, usize)> {
    let (table, today) = (&cx.list().table, cx.now.local.date());
    let is_open = |row: &usize| {
        table.row(*row).is_some_and(|record| {
            triage_state(record, entry(record, &cx.kept.memory), today).wants_attention()
        })
    };
    let rows = (0..table.len()).filter(is_open);
    rows.filter_map(|row| Some((row, table.index(row)?))).collect()
}

/// The row of the next or the previous undecided penalty, or the reason why there is no such row.
pub fn next_undecided(way: Way, cx: &Cx) -> Result<usize, String> {
    let open = open_rows(cx);
    next_of(open.iter().map(|(row, _)| *row), cx.list().table.cursor(), way)
}

pub fn step_to_open(screen: &mut TriageScreen, way: Way, cx: &mut Cx) {
    if let Some(row) = cx.ok_or_tell(next_undecided(way, cx)) {
        cx.list_mut().table.go_to_row(row);
        screen.detail.top = 0;
    }
}

pub fn group(screen: &mut TriageScreen, grouping: Grouping, cx: &mut Cx) {
    screen.grouping = grouping;
    match grouping {
        Grouping::None => cx.say("Not grouped."),
        _ => cx.tell(format!("Grouped by {grouping}, with the totals of each group.")),
    }
}

pub fn ask_for_worklist(screen: &TriageScreen, cx: &mut Cx, ending: &str) {
    let stem = format!("worklist-{}", cx.now.local.date());
    let share = share(&items(screen, cx), screen, cx);
    let name = file_name::of_part(&stem, &share, !missing(cx).is_empty(), ending);
    cx.open(Prompt::new(name, PromptAction::Worklist(left_out(screen, cx))));
}

/// Writes the worklist to a path; the extension determines the format.
pub fn save_worklist(screen: &TriageScreen, path: &str, cx: &mut Cx) -> Result<(), String> {
    let path = PathBuf::from(path);
    let format = Format::of_path(&path, Format::WORKLIST)?;
    let items = items(screen, cx);
    let (rows, missing) = (share(&items, screen, cx).words(), missing(cx));
    let left_out = left_out(screen, cx);
    let written = Written { rows, missing, left_out, ..Written::default() };
    let content = render(&items, cx.looks.output(format, &written.part()))?;
    cx.effect(Effect::Save(path, content, written));
    Ok(())
}

/// The hidden penalties, `1 done, 35 closed`; empty if marked rows are exported.
fn left_out(screen: &TriageScreen, cx: &Cx) -> String {
    let is_of_shown = cx.list().table.marks.is_empty();
    if is_of_shown { screen.queue.hidden.to_string() } else { String::new() }
}

/// The share of the queue without marks, searches and a chosen cell.
fn share(items: &[Item], screen: &TriageScreen, cx: &Cx) -> Share {
    Share::among(items.len(), screen.queue_of(None, cx).places.len().max(items.len()))
}

/// What the worklist lacks; empty if all penalties are loaded.
fn missing(cx: &Cx) -> String {
    let scope = cx.list().scope();
    if scope.part.is_none() {
        return String::new();
    }
    format!("only {} penalties are loaded", scope.loaded())
}

/// The marked penalties, or all that are shown, in the order of the queue.
fn items(screen: &TriageScreen, cx: &Cx) -> Vec<Item> {
    let (table, today) = (&cx.list().table, cx.now.local.date());
    let day = screen.day(today);
    let is_wanted = |row: &usize| table.marks.is_empty() || table.is_marked(*row);
    let rows = (0..table.len()).filter(is_wanted).filter_map(|row| table.row(row));
    let item = |record: &Record| {
        let owner = record.booking().and_then(|booking| table.names().get(booking));
        Item::of(record, owner, &cx.kept.memory, day, today)
    };
    rows.map(item).collect()
}

impl Tui {
    pub(in crate::tui) fn enter_triage(&mut self) {
        let mut triage = self.parked.take().unwrap_or_default();
        triage.is_in_overview = false;
        triage.is_left = false;
        triage.arranged = None;
        triage.detail = Detail { is_open: true, ..Detail::default() };
        triage.at = (0, 0);
        self.push(triage);
        let table = &mut self.cx.list_mut().table;
        let first = table.columns.first().and_then(|at| table.spec().described(*at));
        if let Some(first) = first {
            table.go_to_column(first.name);
        }
        table.go_to_row(0);
    }

    pub(in crate::tui) fn go_to_triage(&mut self) {
        self.close_above_rows();
        if self.screens::<TriageScreen>().next().is_none() {
            if let Some(tab) = self.cx.tab_of(crate::list::penalties::SPEC.key) {
                self.show_tab(tab);
            }
            if self.stack.is_empty() {
                self.enter_triage();
            }
        }
    }

    pub(in crate::tui) fn group_by(&mut self, word: &str) {
        self.go_to_triage();
        let grouping = word.parse().unwrap_or_default();
        if let Some((triage, cx)) = self.triage_mut() {
            group(triage, grouping, cx);
        }
    }

    /// `:asof 2026-10-31`; without a day, today again.
    pub(in crate::tui) fn count_to(&mut self, typed: Option<&TypedDay>) {
        let today = self.cx.now.local.date();
        let day = typed.map(|typed| (typed.typed.as_str(), typed.on(today)));
        if let Some((typed, None)) = day {
            return self.cx.tell(format!("The day {typed} is too far from today."));
        }
        let day = day.and_then(|(_, day)| day).filter(|day| *day != today);
        self.go_to_triage();
        if let Some((triage, _)) = self.triage_mut() {
            triage.as_of = day;
        }
    }

    pub(in crate::tui) fn ask_for_worklist(&mut self, ending: &str) {
        self.go_to_triage();
        if let Some((triage, cx)) = self.triage_mut() {
            ask_for_worklist(triage, cx, ending);
        }
    }
}

impl Cx {
    /// Accepts decisions of other sessions, unless something was decided here since they were
    /// requested.
    pub fn take_decisions(&mut self, version: u64, memory: Memory) {
        let (session, today) = (self.kept.session, self.now.local.date());
        let is_known = || self.kept.memory.knows_all_of(&memory, session, today);
        if self.decisions_version != version || is_known() {
            self.is_dirty = false;
            return;
        }
        self.kept.memory.entries = memory.entries;
        self.decisions_version += 1;
        self.say("Another session's decisions were loaded.");
    }
}
