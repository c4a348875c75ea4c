//! Groups of rows: a heading above each, with the totals of its rows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use indexmap::IndexMap;
use unicode_width::UnicodeWidthStr;

use crate::domain::money::format_count;
use crate::domain::truncate::truncate;
use crate::figures::Figures;
use crate::figures::summary::{Scope, summary, text_of};
use crate::list::Spec;
use crate::list::record::Record;
use crate::tui::component::table::Table;
use crate::tui::keymap::Step;

/// How rows are grouped: the name of the group of a record; `None` if rows are not grouped.
pub trait GroupBy: Copy {
    fn key(self, record: &Record) -> Option<String>;
}

/// A line of a grouped table, for drawing and for clicks.
pub enum QueueLine {
    /// The heading of the group with this name, which begins below.
    Group(String),
    Row(usize),
}

/// The lines in a window of `height`, including headings; the cursor's row stays visible.
pub fn visible(table: &Table, grouping: impl GroupBy, height: usize) -> Vec<QueueLine> {
    let mut first = table.top();
    while first < table.cursor() && lines(table, grouping, first, table.cursor()) > height {
        first += 1;
    }
    let key = |row: usize| grouping.key(table.row(row)?);
    let lines = (first..table.len()).flat_map(|row| {
        let begins = row == first || key(row) != key(row - 1);
        let heading = key(row).filter(|_| begins).map(QueueLine::Group);
        heading.into_iter().chain([QueueLine::Row(row)])
    });
    lines.take(height).collect()
}

/// The rows of a step by a page: the visible ones, or upward those that will be visible, so that no
/// row is skipped.
pub fn page(table: &Table, grouping: impl GroupBy, height: usize, step: Step) -> usize {
    let is_row = |line: &&QueueLine| matches!(line, QueueLine::Row(_));
    if !matches!(step, Step::PageUp | Step::HalfUp) {
        return visible(table, grouping, height).iter().filter(is_row).count();
    }
    let top = table.top();
    let fits =
        |rows: &usize| *rows < top && lines(table, grouping, top - rows - 1, top - 1) <= height;
    (0..height).take_while(fits).count().max(1)
}

fn lines(table: &Table, grouping: impl GroupBy, first: usize, last: usize) -> usize {
    let rows = last + 1 - first;
    let key = |row: usize| grouping.key(table.row(row)?);
    if key(first).is_none() {
        return rows;
    }
    let turns = (first + 1..=last).filter(|row| key(*row) != key(row - 1)).count();
    rows + turns + 1
}

/// The groups of the shown rows, in their order. `all` counts the loaded rows of each group.
pub fn groups<'a>(
    grouping: impl GroupBy,
    shown: impl Iterator<Item = &'a Record>,
    all: &BTreeMap<String, usize>,
    day: NaiveDate,
) -> IndexMap<String, Group> {
    let mut groups: IndexMap<String, Vec<&Record>> = IndexMap::new();
    for record in shown {
        let Some(key) = grouping.key(record) else { return IndexMap::new() };
        groups.entry(key).or_default().push(record);
    }
    let group = |(key, rows): (String, Vec<&Record>)| {
        let hidden = all.get(&key).map_or(0, |all| all.saturating_sub(rows.len()));
        (key, Group { figures: Figures::of(rows, day), hidden })
    };
    groups.into_iter().map(group).collect()
}

/// The content of the heading of a group.
#[derive(Debug, Default)]
pub struct Group {
    /// Of the shown rows.
    pub figures: Figures,
    /// Loaded rows of the group that are not shown.
    pub hidden: usize,
}

impl Group {
    /// `── pending (partial) · 3 open · EUR 120.00 · 2 hidden`, in `room` cells. `is_part`: the
    /// list has rows that are not loaded.
    pub fn heading(&self, key: &str, spec: &'static Spec, is_part: bool, room: u16) -> String {
        let head = format!("── {key}{} · ", if is_part { " (partial)" } else { "" });
        let hidden = match self.hidden {
            0 => String::new(),
            hidden => format!(" · {} hidden", format_count(hidden as u64)),
        };
        let room_of_figures = usize::from(room.saturating_sub(1));
        let room_of_figures = room_of_figures.saturating_sub(head.width() + hidden.width());
        let parts = summary(spec, &self.figures, Scope::default(), room_of_figures);
        truncate(format!("{head}{}{hidden}", text_of(&parts)).into(), room).into_owned()
    }
}
