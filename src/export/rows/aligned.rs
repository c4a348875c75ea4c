//! Rows as aligned columns for people; the first rows decide the widths.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Layout;
use super::values::shown;
use crate::export::{Columns, Place, Side, UNIFORM, is_uniform};
use crate::list::Kind;
use crate::list::record::Record;

/// The number of rows from which the widths of a table are computed.
const LOOKED_AT: usize = 500;

pub(super) struct Aligned<W> {
    out: W,
    pub(super) columns: Columns,
    layout: Layout,
    /// The first lines, until the widths are computed; then `None`.
    held: Option<Vec<Vec<String>>>,
}

impl<W: Write> Aligned<W> {
    pub(super) fn new(layout: &Layout, out: W) -> Self {
        let described = || layout.columns.iter().map(|at| layout.spec.described(*at));
        let side = |is_right| if is_right { Side::Right } else { Side::Left };
        let sides =
            described().map(|it| side(it.is_some_and(|column| column.kind.is_right_aligned())));
        let titles = described().map(|it| it.map_or("", |column| column.label).to_owned());
        let held = Some(vec![titles.collect()]);
        Self { out, columns: Columns::new(sides), layout: layout.clone(), held }
    }

    pub(super) fn write(&mut self, row: &Record) -> io::Result<()> {
        let line = shown(row, &self.layout);
        match &mut self.held {
            Some(held) => {
                held.push(line);
                if held.len() > LOOKED_AT { self.release() } else { Ok(()) }
            }
            None => writeln!(self.out, "{}", self.columns.line(&line)),
        }
    }

    fn release(&mut self) -> io::Result<()> {
        let mut lines = self.held.take().unwrap_or_default();
        // A line with one cell is a row that could not be read.
        let columns = self.columns.len();
        for line in lines.iter().filter(|line| line.len() == columns) {
            self.columns.fit(line);
        }
        let hidden = self.layout.room.map_or(0, |room| self.narrow(room, &lines));
        if hidden > 0
            && let Some(titles) = lines.first()
        {
            let titles = self.columns.line(titles);
            writeln!(self.out, "{titles}  +{hidden}")?;
            lines.remove(0);
        }
        lines.iter().try_for_each(|line| writeln!(self.out, "{}", self.columns.line(line)))
    }

    /// As on the screen, cuts texts, then hides columns, first those that are the same in all rows.
    fn narrow(&mut self, room: usize, lines: &[Vec<String>]) -> usize {
        let Layout { spec, columns: positions, .. } = &self.layout;
        let place = |at: usize| {
            let column = positions.get(at).and_then(|position| spec.described(*position));
            let Some(column) = column.filter(|_| at > 0) else {
                return Place::FIXED;
            };
            let own = column.place();
            let title = u16::try_from(column.label.width()).unwrap_or(u16::MAX);
            let is_text = matches!(column.kind, Kind::Text | Kind::Link);
            let priority =
                own.priority.saturating_add(if is_uniform(lines, at) { UNIFORM } else { 1 });
            Place { priority, least: is_text.then_some(own.least.max(title)) }
        };
        self.columns.narrow_to(room, place)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.held.is_some() {
            self.release()?;
        }
        self.out.flush()
    }
}
