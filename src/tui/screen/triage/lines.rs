//! What stands on each line of the queue: what is drawn on a line is what a click on it means.

use crate::triage::queue::Grouping;
use crate::tui::component::table::Table;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueLine {
    /// The sums of the group of this name, which begins below.
    Group(String),
    Row(usize),
}

/// The lines in a window of `height`, the headings of groups among them; the cursor's row stays in
/// sight.
pub fn visible(table: &Table, grouping: Grouping, height: usize) -> Vec<QueueLine> {
    let mut first = table.top();
    while first < table.cursor() && lines_to_cursor(table, grouping, first) > height {
        first += 1;
    }
    let mut lines = Vec::with_capacity(height);
    let mut group = None;
    for row in first..table.len() {
        if lines.len() >= height {
            break;
        }
        let key = table.row(row).and_then(|record| grouping.key(record));
        if key.is_some() && key != group {
            lines.extend(key.clone().map(QueueLine::Group));
            group = key;
        }
        lines.push(QueueLine::Row(row));
    }
    lines.truncate(height);
    lines
}

/// Lines from a row up to the cursor's, those of groups among them.
fn lines_to_cursor(table: &Table, grouping: Grouping, first: usize) -> usize {
    let rows = table.cursor() + 1 - first;
    if grouping == Grouping::None {
        return rows;
    }
    let key = |row: usize| grouping.key(table.row(row)?);
    let turns = (first + 1..=table.cursor()).filter(|row| key(*row) != key(row - 1)).count();
    rows + turns + 1
}
