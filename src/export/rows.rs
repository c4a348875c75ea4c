//! Writes the rows of a list page by page; only the current page is in memory.

mod aligned;
mod book;
mod page;
mod values;

use std::io::{self, Write};
use std::sync::Arc;

use chrono::NaiveDate;

use super::guard::guarded_json;
use super::{Dialect, Format};
use crate::domain::names::Names;
use crate::figures::Figures;
use crate::figures::summary::Scope;
use crate::list::record::Record;
use crate::list::{OTHER, Rule, Spec};

use aligned::Aligned;
use book::Book;
use page::Page;
use values::{object, other, record, value};

#[derive(Debug, Clone)]
pub struct Layout {
    pub spec: &'static Spec,
    /// The positions of the columns, which are also the fields of each record in JSON.
    pub columns: Vec<usize>,
    /// The day from which computed columns count.
    pub today: NaiveDate,
    /// The owners of the bookings.
    names: Arc<Names>,
    /// One of [`Format::ROWS`]; any other is a table.
    pub format: Format,
    /// Of csv.
    pub dialect: Dialect,
    /// The width of the terminal, for a table.
    pub room: Option<usize>,
    /// The filters, the customer and the day, for a page or a workbook.
    pub about: String,
}

impl Layout {
    /// All fields and computed columns except the owner; for a table, the default columns.
    pub fn new(spec: &'static Spec, format: Format, today: NaiveDate) -> Self {
        let owner = spec.computed(Rule::Owner);
        let owner = owner.and_then(|owner| spec.column_position(owner.field.name));
        let mut columns = columns(spec, format);
        columns.retain(|position| Some(*position) != owner);
        Self {
            spec,
            columns,
            today,
            names: Arc::default(),
            format,
            dialect: Dialect::Plain,
            room: None,
            about: String::new(),
        }
    }

    /// Adds the owner column. The name is known for some bookings only.
    pub fn with_owners(self, names: Arc<Names>) -> Self {
        Self { columns: columns(self.spec, self.format), names, ..self }
    }
}

fn columns(spec: &'static Spec, format: Format) -> Vec<usize> {
    if format.is_for_people() {
        spec.columns().filter_map(|name| spec.column_position(name)).collect()
    } else {
        spec.positions().collect()
    }
}

pub struct RowWriter<W: Write> {
    layout: Layout,
    sink: Sink<W>,
    written: u64,
    /// The number of written rows that could not be read; their raw value is in JSON's `(row)` or the
    /// last column.
    pub unreadable: u64,
    /// The totals of the rows of a table, a page or a workbook.
    pub figures: Figures,
    /// Which rows are missing, for the end of a page or a workbook; empty if none is known to be missing.
    pub part: String,
    /// What the figures of a page cover.
    pub scope: Scope,
}

enum Sink<W: Write> {
    Delimited(Box<csv::Writer<W>>),
    Json(W),
    Aligned(Aligned<W>),
    Page(Page<W>),
    Book(Box<Book>, W),
}

impl<W: Write> RowWriter<W> {
    pub fn new(layout: Layout, mut out: W) -> io::Result<Self> {
        let sink = match layout.format {
            Format::Csv | Format::Tsv => {
                let mut out = if layout.format == Format::Tsv {
                    csv::WriterBuilder::new().delimiter(b'\t').from_writer(out)
                } else {
                    layout.dialect.writer(out)?
                };
                let columns = layout.columns.iter().map(|at| layout.spec.described(*at));
                let names = columns.map(|column| column.map_or("", |column| column.name));
                // Fields without a column share the last one, as one JSON object per row.
                out.write_record(names.chain([OTHER])).map_err(as_io)?;
                Sink::Delimited(Box::new(out))
            }
            Format::Json => {
                out.write_all(b"[")?;
                Sink::Json(out)
            }
            Format::Jsonl => Sink::Json(out),
            Format::Html | Format::Markdown => Sink::Page(Page::start(&layout, out)?),
            Format::Xlsx => Sink::Book(Box::new(Book::new(&layout)?), out),
            _ => Sink::Aligned(Aligned::new(&layout, out)),
        };
        Ok(Self {
            layout,
            sink,
            written: 0,
            unreadable: 0,
            figures: Figures::default(),
            part: String::new(),
            scope: Scope::default(),
        })
    }

    pub fn write<'a>(&mut self, rows: impl IntoIterator<Item = &'a Record>) -> io::Result<()> {
        for row in rows {
            let columns = &self.layout.columns;
            match &mut self.sink {
                Sink::Delimited(out) => {
                    let dialect = match self.layout.format {
                        Format::Csv => self.layout.dialect,
                        _ => Dialect::Plain,
                    };
                    let cell = |at: &usize| value(row, *at, &self.layout).in_csv(dialect);
                    let cells = columns.iter().map(cell);
                    let other = other(row, self.layout.spec);
                    let other =
                        if other.is_empty() { other } else { guarded_json(&object(&other)) };
                    out.write_record(cells.chain([other])).map_err(as_io)?;
                }
                Sink::Json(out) => {
                    let record = record(row, &self.layout);
                    match (self.layout.format, self.written) {
                        (Format::Jsonl, _) => writeln!(out, "{record}")?,
                        (_, 0) => write!(out, "\n{record}")?,
                        _ => write!(out, ",\n{record}")?,
                    }
                }
                Sink::Aligned(out) => out.write(row)?,
                Sink::Page(out) => out.write(row, &self.layout)?,
                Sink::Book(book, _) => book.write(row, &self.layout)?,
            }
            if matches!(self.sink, Sink::Aligned(_) | Sink::Page(_) | Sink::Book(..)) {
                self.figures.add([row], self.layout.today);
            }
            self.written += 1;
            self.unreadable += u64::from(row.unreadable().is_some());
        }
        Ok(())
    }

    /// If `true`, nothing is written before [`Self::finish`].
    pub fn is_binary(&self) -> bool {
        self.layout.format.is_binary()
    }

    /// The titles of the columns of a table that do not fit the terminal, once it is flushed.
    pub fn hidden(&self) -> Vec<&'static str> {
        let Sink::Aligned(table) = &self.sink else { return Vec::new() };
        let hidden = table.columns.hidden();
        let positions = hidden.into_iter().filter_map(|at| self.layout.columns.get(at));
        positions.filter_map(|at| Some(self.layout.spec.described(*at)?.label)).collect()
    }

    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Delimited(out) => out.flush(),
            // A workbook is written at once, when all rows are known.
            Sink::Json(out) | Sink::Book(_, out) => out.flush(),
            Sink::Aligned(out) => out.flush(),
            Sink::Page(out) => out.flush(),
        }
    }

    /// Ends a page whose rows could not all be loaded, so that it does not look complete. Other formats
    /// end where they are.
    pub fn stop(mut self, part: String) -> io::Result<()> {
        if !matches!(self.sink, Sink::Page(_)) {
            return Ok(());
        }
        self.part = part;
        self.finish()
    }

    pub fn finish(mut self) -> io::Result<()> {
        if let (Sink::Json(out), Format::Json) = (&mut self.sink, self.layout.format) {
            out.write_all(if self.written == 0 { b"]\n" } else { b"\n]\n" })?;
        }
        let ending = Ending { figures: &self.figures, part: &self.part, scope: self.scope };
        self.sink = match self.sink {
            Sink::Book(book, mut out) => {
                let written = book.finish(&self.layout, &ending)?;
                return out.write_all(&written).and_then(|()| out.flush());
            }
            Sink::Page(mut page) => {
                page.finish(&self.layout, &ending)?;
                Sink::Page(page)
            }
            other => other,
        };
        self.flush()
    }
}

/// What follows the last row.
struct Ending<'a> {
    figures: &'a Figures,
    part: &'a str,
    scope: Scope,
}

/// The I/O error, whose kind distinguishes a closed pipe from a full disk.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests;
