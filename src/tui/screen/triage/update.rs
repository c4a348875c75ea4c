//! Keys on the queue and on the matrix above it, and how it is entered and left.

use super::lines::{QueueLine, visible};
use super::state::TriageScreen;
use super::{decide, worklist};
use crate::filter::TypedDay;
use crate::triage::memory::Memory;
use crate::triage::queue::{Grouping, entry, triage_state};
use crate::tui::component::detail::Detail;
use crate::tui::component::table::Table;
use crate::tui::cx::{Cx, Next};
use crate::tui::keymap::{Action, Step, Way};
use crate::tui::screen::booking::state::Booking;
use crate::tui::screen::list;
use crate::tui::screen::table::{self, NO_ROW};
use crate::tui::stack::Tui;

pub fn why_not(screen: &TriageScreen, action: Action, cx: &Cx) -> Option<String> {
    let selected = cx.list()?.table.selected();
    let why = match action {
        Action::Undo if screen.decisions.is_empty() => {
            "There is no decision of this session left to undo."
        }
        Action::Decide(_) | Action::Flag | Action::ClearVerdict | Action::Snooze | Action::Note
            if cx.list()?.table.chosen().is_empty() =>
        {
            NO_ROW
        }
        Action::OpenSettling if selected.is_none_or(|it| it.text("settled_booking").is_none()) => {
            "No booking has settled this penalty."
        }
        // Decisions are undone here, and the order is the queue's own.
        Action::Undo | Action::Triage => return None,
        _ => {
            return list::update::why_not(action, cx)
                .or_else(|| table::why_not(screen, action, cx));
        }
    };
    Some(why.to_owned())
}

pub fn act(screen: &mut TriageScreen, action: Action, cx: &mut Cx) {
    if screen.is_in_overview && act_in_overview(screen, action, cx) {
        return;
    }
    match action {
        Action::Decide(_)
        | Action::Flag
        | Action::ClearVerdict
        | Action::Snooze
        | Action::Note
        | Action::Undo => decide::act(screen, action, cx),
        Action::NextOpen => step_to_open(screen, Way::Forward, cx),
        Action::PreviousOpen => step_to_open(screen, Way::Back, cx),
        Action::Overview => screen.is_in_overview = true,
        Action::Group => {
            let next = match screen.grouping {
                Grouping::None => Grouping::Booking,
                Grouping::Booking => Grouping::Status,
                Grouping::Status => Grouping::None,
            };
            group(screen, next, cx);
        }
        Action::ShowHidden => screen.shows_all = !screen.shows_all,
        Action::OpenSettling => {
            let selected = cx.list().and_then(|list| list.table.selected());
            let reference = selected.and_then(|record| record.text("settled_booking")).cloned();
            if let Some(reference) = reference {
                cx.push(Booking::opening(reference, None));
            }
        }
        Action::Worklist => worklist::ask(cx, "csv"),
        Action::Back => back(screen, cx),
        #[cfg(test)]
        Action::Small => cx.push(crate::tui::screen::tests::small::Small::default()),
        Action::Quit => leave(screen, cx),
        _ => {
            if !cx.act_on_list(action) {
                table::act(screen, action, cx);
            }
        }
    }
}

/// Carries out an action of the matrix; returns `false` where it is none.
fn act_in_overview(screen: &mut TriageScreen, action: Action, cx: &mut Cx) -> bool {
    let rows = screen.overview.tallies.len();
    let columns = screen.overview.columns.len();
    let (row, column) = &mut screen.at;
    match action {
        Action::Move(Step::Down) => *row = (*row + 1).min(rows.saturating_sub(1)),
        Action::Move(Step::Up) => *row = row.saturating_sub(1),
        Action::Right => *column = (*column + 1).min(columns.saturating_sub(1)),
        Action::Left => *column = column.saturating_sub(1),
        Action::Submit => narrow(screen, cx),
        // One level at a time, whichever key goes back.
        Action::Overview | Action::Back | Action::Quit => screen.is_in_overview = false,
        _ => return false,
    }
    true
}

fn leave(screen: &mut TriageScreen, cx: &mut Cx) {
    screen.is_left = true;
    cx.then(Next::Close);
}

/// Narrows the queue to the cell of the matrix, or widens it again.
fn narrow(screen: &mut TriageScreen, cx: &mut Cx) {
    let Some(cell) = screen.overview.cell(screen.at.0, screen.at.1) else { return };
    screen.cell = if screen.cell == Some(cell) { None } else { Some(cell) };
    screen.is_in_overview = false;
    screen.arrange(cx);
    if let Some(list) = cx.list_mut() {
        list.table.go_to_row(0);
    }
}

/// One step back: what was done last goes first, then the queue itself.
fn back(screen: &mut TriageScreen, cx: &mut Cx) {
    let is_undone = table::stop_first(screen, cx)
        || table::undo_view(screen, cx)
        || screen.cell.take().is_some()
        || screen.as_of.take().is_some();
    if !is_undone {
        leave(screen, cx);
    }
}

/// The rows of the queue that wait for a decision, by row and place.
pub fn open_rows(cx: &Cx) -> Vec<(usize, usize)> {
    let Some(list) = cx.list() else { return Vec::new() };
    let today = cx.now.local.date();
    let is_open = |row: &usize| {
        list.table.row(*row).is_some_and(|record| {
            triage_state(record, entry(record, &cx.kept.memory), today).wants_attention()
        })
    };
    let rows = (0..list.table.len()).filter(is_open);
    rows.filter_map(|row| Some((row, list.table.index(row)?))).collect()
}

fn step_to_open(screen: &mut TriageScreen, way: Way, cx: &mut Cx) {
    let here = cx.list().map_or(0, |list| list.table.cursor());
    let open = open_rows(cx);
    let mut open = open.iter().map(|(row, _)| *row);
    let (found, side) = match way {
        Way::Forward => (open.find(|row| *row > here), "below"),
        Way::Back => (open.rfind(|row| *row < here), "above"),
    };
    match (found, cx.list_mut()) {
        (Some(row), Some(list)) => {
            list.table.go_to_row(row);
            screen.detail.top = 0;
        }
        _ => cx.say(format!("No undecided penalty is {side}.")),
    }
}

fn group(screen: &mut TriageScreen, grouping: Grouping, cx: &mut Cx) {
    screen.grouping = grouping;
    let word =
        Grouping::ALL.iter().find(|(_, it)| *it == grouping).map_or("none", |(word, _)| word);
    cx.say(match grouping {
        Grouping::None => "Not grouped.".to_owned(),
        _ => format!("Grouped by {word}, with the sums of each group."),
    });
}

/// Puts the cursor on the row that was clicked; the line of a group is no row.
pub fn click(screen: &mut TriageScreen, x: u16, y: u16, cx: &mut Cx) {
    let region = cx.layout.table;
    let (rows, grouping) = (cx.layout.rows(), screen.grouping);
    let Some(list) = cx.list_mut().filter(|_| (region.x..region.right()).contains(&x)) else {
        return;
    };
    let line = y.checked_sub(region.y + 1).filter(|_| y < region.bottom());
    let lines = visible(&list.table, grouping, rows);
    if let Some(QueueLine::Row(row)) = line.and_then(|line| lines.get(usize::from(line))) {
        list.table.go_to_row(*row);
        screen.detail.top = 0;
    }
}

impl Tui {
    /// Shows the penalties as a queue.
    pub(in crate::tui) fn enter_triage(&mut self) {
        let mut triage = self.parked.take().unwrap_or_default();
        triage.is_in_overview = false;
        triage.is_left = false;
        triage.arranged = None;
        triage.detail = Detail { is_open: true, ..Detail::default() };
        triage.at = (0, 0);
        self.push(triage);
        if let Some(list) = self.cx.list_mut() {
            go_to_start(&mut list.table);
        }
    }

    /// Shows the penalties as a queue from wherever one is.
    pub(in crate::tui) fn go_to_triage(&mut self) {
        self.close_above_rows();
        if self.stack.is_empty() {
            if let Some(tab) = self.cx.tab_of(crate::list::penalties::SPEC.key) {
                self.show_tab(tab);
            }
            if self.stack.is_empty() {
                self.enter_triage();
            }
        }
    }

    /// Groups the queue by what has this name.
    pub(in crate::tui) fn group_by(&mut self, word: &str) {
        self.go_to_triage();
        let grouping = Grouping::ALL.iter().find(|(name, _)| *name == word);
        let grouping = grouping.map_or(Grouping::None, |(_, grouping)| *grouping);
        if let Some((triage, cx)) = self.triage_mut() {
            group(triage, grouping, cx);
        }
    }

    /// `:asof 2026-10-31`; without a day, today again.
    pub(in crate::tui) fn count_to(&mut self, typed: Option<&TypedDay>) {
        let today = self.cx.now.local.date();
        let day = typed.map(|typed| (typed.typed(), typed.on(today)));
        if let Some((typed, None)) = day {
            return self.cx.say(format!("{typed} is beyond the calendar."));
        }
        let day = day.and_then(|(_, day)| day).filter(|day| *day != today);
        self.go_to_triage();
        if let Some((triage, _)) = self.triage_mut() {
            triage.as_of = day;
        }
    }

    pub(in crate::tui) fn ask_for_worklist(&mut self, ending: &str) {
        self.go_to_triage();
        worklist::ask(&mut self.cx, ending);
    }
}

impl Cx {
    /// Takes what another session has decided meanwhile, unless something was decided here since it
    /// was asked for.
    pub fn take_decisions(&mut self, version: u64, memory: Memory) {
        let (session, today) = (self.kept.session, self.now.local.date());
        let is_known = || self.kept.memory.knows_all_of(&memory, session, today);
        if self.decisions_version != version || is_known() {
            self.is_dirty = false;
            return;
        }
        self.kept.memory.entries = memory.entries;
        self.decisions_version += 1;
        self.say("Another session has decided meanwhile; its verdicts are here.");
    }
}

fn go_to_start(table: &mut Table) {
    let first = table.columns.first().and_then(|at| table.spec().described(*at));
    if let Some(first) = first {
        table.go_to_column(first.name);
    }
    table.go_to_row(0);
}
