//! Writes the rows of a list page by page; only the current page is in memory.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

use super::guard::{guarded, is_number};
use super::{Columns, Format, Place, Side, UNIFORM, is_uniform};
use crate::domain::names::Names;
use crate::domain::text::{CHANGED, Untrusted, escape_json};
use crate::figures::Figures;
use crate::list::record::{Record, Value};
use crate::list::{FIRST_DERIVED, Field, Kind, OTHER, Rule, Spec};

/// The number of rows from which the widths of a table are computed.
const LOOKED_AT: usize = 500;

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
    /// The width of the terminal, for a table.
    pub room: Option<usize>,
}

impl Layout {
    /// All fields and computed columns except the owner; for a table, the default columns.
    pub fn new(spec: &'static Spec, format: Format, today: NaiveDate) -> Self {
        let owner = spec.computed(Rule::Owner);
        let owner = owner.and_then(|owner| spec.column_position(owner.field.name));
        let mut columns = columns(spec, format);
        columns.retain(|position| Some(*position) != owner);
        Self { spec, columns, today, names: Arc::default(), format, room: None }
    }

    /// Adds the owner column. The name is known for some bookings only.
    pub fn with_owners(self, names: Arc<Names>) -> Self {
        Self { columns: columns(self.spec, self.format), names, ..self }
    }
}

fn columns(spec: &'static Spec, format: Format) -> Vec<usize> {
    match format {
        Format::Table => spec.columns().filter_map(|name| spec.column_position(name)).collect(),
        _ => spec.positions().collect(),
    }
}

pub struct RowWriter<W: Write> {
    layout: Layout,
    sink: Sink<W>,
    written: u64,
    /// The number of written rows that could not be read; their raw value is in JSON's `(row)` or the
    /// last column.
    pub unreadable: u64,
    /// The totals of the rows of a table.
    pub figures: Figures,
}

enum Sink<W: Write> {
    Delimited(Box<csv::Writer<W>>),
    Json(W),
    Aligned(Aligned<W>),
}

impl<W: Write> RowWriter<W> {
    pub fn new(layout: Layout, mut out: W) -> io::Result<Self> {
        let sink = match layout.format {
            Format::Csv | Format::Tsv => {
                let delimiter = if layout.format == Format::Tsv { b'\t' } else { b',' };
                let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
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
            _ => Sink::Aligned(Aligned::new(&layout, out)),
        };
        Ok(Self { layout, sink, written: 0, unreadable: 0, figures: Figures::default() })
    }

    pub fn write<'a>(&mut self, rows: impl IntoIterator<Item = &'a Record>) -> io::Result<()> {
        for row in rows {
            let columns = &self.layout.columns;
            match &mut self.sink {
                Sink::Delimited(out) => {
                    let cells = columns.iter().map(|at| cell(row, *at, &self.layout));
                    let other = other(row, self.layout.spec);
                    let other = if other.is_empty() { other } else { object(&other) };
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
                Sink::Aligned(out) => {
                    out.write(row)?;
                    self.figures.add([row], self.layout.today);
                }
            }
            self.written += 1;
            self.unreadable += u64::from(row.unreadable().is_some());
        }
        Ok(())
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
            Sink::Json(out) => out.flush(),
            Sink::Aligned(out) => out.flush(),
        }
    }

    pub fn finish(mut self) -> io::Result<()> {
        if let (Sink::Json(out), Format::Json) = (&mut self.sink, self.layout.format) {
            out.write_all(if self.written == 0 { b"]\n" } else { b"\n]\n" })?;
        }
        self.flush()
    }
}

/// The I/O error, whose kind distinguishes a closed pipe from a full disk.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A record as one line of JSON: the names of the columns, and the unchanged values.
fn record(row: &Record, layout: &Layout) -> String {
    let Layout { spec, columns, .. } = layout;
    let fields = columns.iter().filter_map(|at| {
        let json = if *at < FIRST_DERIVED {
            row.at(*at).json().map(|json| value(&json))
        } else {
            computed(row, *at, layout)
        };
        Some(pair(spec.described(*at)?.name, json.as_deref().unwrap_or("null")))
    });
    let other = pair(OTHER, &object(&other(row, spec)));
    object(&fields.chain([other]).collect::<Vec<_>>().join(","))
}

fn pair(key: &str, json: &str) -> String {
    format!("{}:{json}", serde_json::Value::from(key))
}

fn object(pairs: &str) -> String {
    escape_json(&format!("{{{pairs}}}")).into_owned()
}

/// Valid JSON on one line; an invalid value becomes a string, so that the object stays valid.
fn value(json: &Untrusted) -> String {
    let json = json.expose_raw();
    let is_json = serde_json::from_str::<&serde_json::value::RawValue>(json).is_ok();
    let value = if is_json { json.to_owned() } else { serde_json::Value::from(json).to_string() };
    // Tabs and line breaks can only be between values; inside strings they are escaped.
    value.replace(['\n', '\r', '\t'], " ")
}

/// The text of a cell. Amounts are in major units with a decimal point and without grouping. One that
/// is not a whole number of minor units is unchanged, with a `?` that makes it a text.
fn cell(row: &Record, position: usize, layout: &Layout) -> String {
    if position >= FIRST_DERIVED {
        return guarded(&derived(row, position, layout));
    }
    let Some(field) = row.spec().fields.get(position) else { return String::new() };
    match row.at(position) {
        Value::Missing | Value::Null => String::new(),
        Value::Date(day) => day.to_string(),
        Value::Decimal(_) => guarded(&row.cell(position)),
        Value::Flag(flag) => flag.to_string(),
        value if field.kind.is_amount() && value.minor().is_some() => {
            row.cell(position).replace(',', "")
        }
        Value::Minor(minor) => minor.to_string(),
        value => {
            let Some(text) = value.raw_text() else { return String::new() };
            let text = text.escaped();
            if is_number(&text) { text.into_owned() } else { guarded(&text) }
        }
    }
}

/// The days overdue of a row, for a program; empty if it is not overdue.
fn days(row: &Record, layout: &Layout) -> String {
    row.days_overdue(layout.today).map(|days| days.to_string()).unwrap_or_default()
}

fn derived<'a>(row: &Record, position: usize, layout: &'a Layout) -> Cow<'a, str> {
    let at = position.checked_sub(FIRST_DERIVED);
    let derived = at.and_then(|at| layout.spec.derived.get(at));
    if derived.is_some_and(|it| it.rule == Rule::Days) && layout.format != Format::Table {
        return days(row, layout).into();
    }
    match derived.and_then(|it| it.owner_of(row, &layout.names)) {
        Some(owner) => owner.escaped(),
        None => derived.map(|it| it.cell(row, layout.today, &layout.names)).unwrap_or_default(),
    }
}

/// A computed value as JSON: days are a number, other values are texts.
fn computed(row: &Record, position: usize, layout: &Layout) -> Option<String> {
    let derived = layout.spec.derived.get(position.checked_sub(FIRST_DERIVED)?)?;
    let text = match derived.owner_of(row, &layout.names) {
        _ if derived.rule == Rule::Days => days(row, layout).into(),
        Some(owner) => owner.expose_raw().into(),
        None => derived.cell(row, layout.today, &layout.names),
    };
    match derived.rule {
        _ if text.is_empty() => None,
        Rule::Days => Some(text.into_owned()),
        Rule::Reason | Rule::Owner => Some(serde_json::Value::from(text.as_ref()).to_string()),
    }
}

/// The values without a column, as the inside of a JSON object: values that no field of the list holds,
/// and fields that first appear in later rows.
fn other(row: &Record, spec: &Spec) -> String {
    let is_late = |name: &str| spec.field(name).is_none_or(Field::is_absent);
    let late = row.fields_as_json().filter(|(name, _)| is_late(name));
    let late = late.map(|(name, json)| pair(name, &value(&json)));
    let extras = row.extras().iter().map(|(key, json)| pair(key.expose_raw(), &value(json)));
    late.chain(extras).collect::<Vec<_>>().join(",")
}

/// Rows as aligned columns for people; the first rows decide the widths.
struct Aligned<W> {
    out: W,
    columns: Columns,
    layout: Layout,
    /// The first lines, until the widths are computed; then `None`.
    held: Option<Vec<Vec<String>>>,
}

impl<W: Write> Aligned<W> {
    fn new(layout: &Layout, out: W) -> Self {
        let described = || layout.columns.iter().map(|at| layout.spec.described(*at));
        let side = |is_right| if is_right { Side::Right } else { Side::Left };
        let sides =
            described().map(|it| side(it.is_some_and(|column| column.kind.is_right_aligned())));
        let titles = described().map(|it| it.map_or("", |column| column.label).to_owned());
        let held = Some(vec![titles.collect()]);
        Self { out, columns: Columns::new(sides), layout: layout.clone(), held }
    }

    fn write(&mut self, row: &Record) -> io::Result<()> {
        let cell = |at: &usize| {
            if *at < FIRST_DERIVED {
                let sign = if row.is_changed(*at) { CHANGED } else { "" };
                format!("{}{sign}", row.cell(*at))
            } else {
                derived(row, *at, &self.layout).into_owned()
            }
        };
        let line: Vec<String> = match row.unreadable() {
            Some(json) => vec![format!("✗ cannot be read: {}", json.shown())],
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

    fn flush(&mut self) -> io::Result<()> {
        if self.held.is_some() {
            self.release()?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
