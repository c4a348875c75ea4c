//! Rows as aligned columns for people. The widths are those of the first rows; a later cell that is
//! wider shifts its line and is never cut.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Layout;
use super::cells::derived;
use crate::domain::text::CHANGED;
use crate::list::record::Record;

/// Rows that are looked at before the first is written.
const LOOKED_AT: usize = 500;
const GAP: &str = "  ";

pub(super) struct Aligned<W> {
    out: W,
    columns: Vec<Column>,
    layout: Layout,
    /// The lines that wait for the widths.
    held: Option<Vec<Vec<String>>>,
}

struct Column {
    width: usize,
    is_right_aligned: bool,
}

impl<W: Write> Aligned<W> {
    pub(super) fn new(layout: &Layout, out: W) -> Self {
        let described = |at: &usize| layout.spec.described(*at);
        let column = |at: &usize| Column {
            width: 0,
            is_right_aligned: described(at).is_some_and(|column| column.is_right_aligned),
        };
        let titles = layout.columns.iter().map(|at| described(at).map_or("", |it| it.label));
        Self {
            out,
            columns: layout.columns.iter().map(column).collect(),
            held: Some(vec![titles.map(str::to_owned).collect()]),
            layout: layout.clone(),
        }
    }

    pub(super) fn write(&mut self, row: &Record) -> io::Result<()> {
        let today = self.layout.today;
        let fields = row.spec().fields.len();
        let cell = |at: &usize| {
            if *at < fields {
                let sign = if row.is_changed(*at) { CHANGED } else { "" };
                format!("{}{sign}", row.cell(*at))
            } else {
                derived(row, *at, today).unwrap_or_default()
            }
        };
        let line: Vec<String> = match row.unreadable() {
            Some(json) => vec![format!("✗ not readable: {}", json.shown())],
            None => self.layout.columns.iter().map(cell).collect(),
        };
        match &mut self.held {
            Some(held) => {
                held.push(line);
                if held.len() > LOOKED_AT { self.release() } else { Ok(()) }
            }
            None => self.put(&line),
        }
    }

    fn release(&mut self) -> io::Result<()> {
        let lines = self.held.take().unwrap_or_default();
        let columns = self.columns.len();
        for (at, column) in self.columns.iter_mut().enumerate() {
            // A line of one cell is a row that could not be read: it has no columns.
            let is_whole = |line: &&Vec<String>| line.len() == columns;
            let cells = lines.iter().filter(is_whole).filter_map(|line| line.get(at));
            column.width = cells.map(|cell| cell.width()).max().unwrap_or(0);
        }
        lines.iter().try_for_each(|line| self.put(line))
    }

    fn put(&mut self, line: &[String]) -> io::Result<()> {
        let mut text = String::new();
        for (cell, column) in line.iter().zip(&self.columns) {
            let blank = " ".repeat(column.width.saturating_sub(cell.width()));
            let (before, after) =
                if column.is_right_aligned { (blank.as_str(), "") } else { ("", blank.as_str()) };
            text.extend([before, cell, after, GAP]);
        }
        writeln!(self.out, "{}", text.trim_end())
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.held.is_some() {
            self.release()?;
        }
        self.out.flush()
    }
}
