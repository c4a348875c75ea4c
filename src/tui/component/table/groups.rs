//! The rows of a table in groups: a heading above each, with what its rows come to.

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

/// How the rows of a table are put together; `None` if they are not.
pub trait GroupBy: Copy {
    fn key(self, record: &Record) -> Option<String>;
}

/// What is drawn on a line is what a click on it means.
pub enum QueueLine {
    /// The sums of the group of this name, which begins below.
    Group(String),
    Row(usize),
}

/// The lines in a window of `height`, the headings of groups among them; the cursor's row stays in
/// sight.
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

/// The rows that a step by a page goes on: those that are seen, or above them those that will be, so
/// that none is passed over.
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

/// The groups of the rows that are shown, in their order. `all` counts the loaded rows of each group.
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

/// What the heading of a group says.
#[derive(Debug, Default)]
pub struct Group {
    /// Of the rows that are shown.
    pub figures: Figures,
    /// Loaded rows of the group that are not shown.
    pub hidden: usize,
}

impl Group {
    /// `── pending (partial) · 3 open · EUR 120.00 · 2 hidden`, in `room` cells. `is_part`: more rows of
    /// the list are to be loaded.
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
