//! The rows of a list, written page after page: no more of them is held than what was given last.

mod aligned;
mod cells;

use std::io::{self, Write};

use aligned::Aligned;
use cells::{cell, other, title};
use chrono::NaiveDate;

use super::Format;
use crate::domain::text::escape_json;
use crate::list::Spec;
use crate::list::record::Record;

/// Which rows are written, and how.
#[derive(Debug, Clone)]
pub struct Layout {
    pub spec: &'static Spec,
    /// The positions of the columns of csv, tsv and table; a record as JSON is always whole.
    pub columns: Vec<usize>,
    /// The day that computed columns count from.
    pub today: NaiveDate,
    /// One of [`Format::ROWS`]; any other is a table.
    pub format: Format,
}

impl Layout {
    /// A list with all that its rows can say; as a table, with its usual columns.
    pub fn new(spec: &'static Spec, format: Format, today: NaiveDate) -> Self {
        let columns = match format {
            Format::Table => spec.columns().filter_map(|name| spec.column_position(name)).collect(),
            _ => (0..spec.positions()).collect(),
        };
        Self { spec, columns, today, format }
    }
}

pub struct RowWriter<W: Write> {
    layout: Layout,
    sink: Sink<W>,
    written: u64,
    unreadable: u64,
}

enum Sink<W: Write> {
    Delimited(Box<csv::Writer<W>>),
    Json(W),
    Aligned(Aligned<W>),
}

impl<W: Write> RowWriter<W> {
    /// Begins to write to `out`.
    pub fn new(layout: Layout, mut out: W) -> io::Result<Self> {
        let delimited = |out, delimiter| {
            let made = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
            Sink::Delimited(Box::new(made))
        };
        let sink = match layout.format {
            Format::Csv => delimited(out, b','),
            Format::Tsv => delimited(out, b'\t'),
            Format::Json => {
                out.write_all(b"[")?;
                Sink::Json(out)
            }
            Format::Jsonl => Sink::Json(out),
            _ => Sink::Aligned(Aligned::new(&layout, out)),
        };
        let mut writer = Self { layout, sink, written: 0, unreadable: 0 };
        if let Sink::Delimited(out) = &mut writer.sink {
            let columns = writer.layout.columns.iter();
            let names = columns.map(|at| title(writer.layout.spec, *at));
            // What the contract does not know has a column of its own, as one JSON object a row.
            out.write_record(names.chain(["other"])).map_err(as_io)?;
        }
        Ok(writer)
    }

    /// Writes rows behind those before.
    pub fn write<'a>(&mut self, rows: impl IntoIterator<Item = &'a Record>) -> io::Result<()> {
        for row in rows {
            let Layout { columns, today, .. } = &self.layout;
            match &mut self.sink {
                Sink::Delimited(out) => {
                    let cells = columns.iter().map(|at| cell(row, *at, *today));
                    out.write_record(cells.chain([other(row)])).map_err(as_io)?;
                }
                Sink::Json(out) if self.layout.format == Format::Jsonl => {
                    write_line(out, &row.to_json())?;
                }
                Sink::Json(out) => {
                    let comma = if self.written == 0 { "\n" } else { ",\n" };
                    write!(out, "{comma}{}", escape_json(&row.to_json()))?;
                }
                Sink::Aligned(out) => out.write(row)?,
            }
            self.written += 1;
            self.unreadable += u64::from(row.unreadable().is_some());
        }
        Ok(())
    }

    pub fn written(&self) -> u64 {
        self.written
    }

    /// Rows among them of which nothing could be read: in json they are what came, under `(row)`; in
    /// csv and tsv this stands in the last column.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Hands on what is held back so far.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Delimited(out) => out.flush(),
            Sink::Json(out) => out.flush(),
            Sink::Aligned(out) => out.flush(),
        }
    }

    /// Ends the whole.
    pub fn finish(mut self) -> io::Result<()> {
        if let (Sink::Json(out), Format::Json) = (&mut self.sink, self.layout.format) {
            out.write_all(if self.written == 0 { b"]\n" } else { b"\n]\n" })?;
        }
        self.flush()
    }
}

/// The error of the system, whose kind tells a closed pipe from a full disk.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A record in one line. No text in it holds a line break of its own: JSON escapes those.
fn write_line(out: &mut impl Write, json: &str) -> io::Result<()> {
    for line in escape_json(json).lines() {
        out.write_all(line.trim_start().as_bytes())?;
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests;
