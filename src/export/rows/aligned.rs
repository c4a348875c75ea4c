//! Rows as aligned columns for people, as wide as the first rows need.

use std::io::{self, Write};

use super::{Layout, derived};
use crate::domain::text::CHANGED;
use crate::export::columns::{Columns, Side};
use crate::list::record::Record;

/// Rows that are looked at before the first is written.
const LOOKED_AT: usize = 500;

pub(super) struct Aligned<W> {
    out: W,
    columns: Columns,
    layout: Layout,
    /// The lines that wait for the widths.
    held: Option<Vec<Vec<String>>>,
}

impl<W: Write> Aligned<W> {
    pub(super) fn new(layout: &Layout, out: W) -> Self {
        let described = || layout.columns.iter().map(|at| layout.spec.described(*at));
        let side = |is_right| if is_right { Side::Right } else { Side::Left };
        let sides =
            described().map(|it| side(it.is_some_and(|column| column.kind.is_right_aligned())));
        let titles = described().map(|it| it.map_or("", |column| column.label).to_owned());
        Self {
            out,
            columns: Columns::new(sides),
            held: Some(vec![titles.collect()]),
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
            None => writeln!(self.out, "{}", self.columns.line(&line)),
        }
    }

    fn release(&mut self) -> io::Result<()> {
        let lines = self.held.take().unwrap_or_default();
        // A line of one cell is a row that could not be read: it has no columns.
        let columns = self.columns.len();
        for line in lines.iter().filter(|line| line.len() == columns) {
            self.columns.fit(line);
        }
        lines.iter().try_for_each(|line| writeln!(self.out, "{}", self.columns.line(line)))
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.held.is_some() {
            self.release()?;
        }
        self.out.flush()
    }
}
