//! The rows of several customers in one file: the customer comes first in each row. A customer that could
//! not be loaded is a row with its error, after the rows that were loaded.

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::grid::{Column, Grid};
use super::{Format, Place, Side, aligned};
use crate::customers::state::Trouble;

const CUSTOMER: &str = "customer";
const ERROR: &str = "error";
/// Cells on a narrow terminal. An error begins with its reason, and standard error has all of it.
const LEAST_CUSTOMER: u16 = 8;
const LEAST_ERROR: u16 = 14;

/// Why a customer, or a part of its rows, could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerError {
    /// A word for programs, such as `token_refused`.
    pub kind: String,
    pub text: String,
}

impl CustomerError {
    pub fn of(trouble: &Trouble, profile: &str) -> Self {
        Self { kind: trouble.word().replace(' ', "_"), text: trouble.in_words(profile) }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({"kind": self.kind, "text": self.text})
    }
}

/// What one customer adds to the file.
#[derive(Debug)]
pub struct CustomerRows<T> {
    pub customer: String,
    pub rows: Vec<T>,
    /// Which of its rows are missing although nothing failed; empty if none is.
    pub part: String,
    pub error: Option<CustomerError>,
}

/// Which customers lack rows, as a file says it after `known`; empty if none does.
pub(super) fn part_of<T>(all: &[CustomerRows<T>], known: &str) -> String {
    let failed = all.iter().filter(|it| it.error.is_some());
    let failed: Vec<&str> = failed.map(|it| it.customer.as_str()).collect();
    let failed = if failed.is_empty() {
        String::new()
    } else {
        format!("Incomplete: not loaded completely: {}", failed.join(", "))
    };
    let parts = all.iter().filter(|it| !it.part.is_empty());
    let parts = parts.map(|it| format!("{}: {}", it.customer, it.part));
    let said: Vec<String> = [known.to_owned(), failed].into_iter().chain(parts).collect();
    let said: Vec<String> = said.into_iter().filter(|it| !it.is_empty()).collect();
    said.join("; ")
}

impl<T> CustomerRows<T> {
    /// The rows between their customer and an empty error; then the error, if any, between blanks.
    fn lines<C: Clone + Default>(
        &self,
        columns: usize,
        cells: impl Fn(&T) -> Vec<C>,
        text: impl Fn(&str) -> C,
    ) -> Vec<Vec<C>> {
        let own = || std::iter::once(text(&self.customer));
        let row = |row: &T| own().chain(cells(row)).chain([C::default()]).collect();
        let mut lines: Vec<Vec<C>> = self.rows.iter().map(row).collect();
        if let Some(error) = &self.error {
            let blanks = std::iter::repeat_n(C::default(), columns);
            lines.push(own().chain(blanks).chain([text(&error.text)]).collect());
        }
        lines
    }

    fn objects(&self, object: impl Fn(&T) -> Map<String, Value>) -> Vec<Map<String, Value>> {
        let mut objects: Vec<_> = self.rows.iter().map(object).collect();
        objects.extend(self.error.iter().map(|error| {
            let error = (ERROR.to_owned(), error.to_json());
            std::iter::once(error).collect()
        }));
        for object in &mut objects {
            object.insert(CUSTOMER.to_owned(), json!(self.customer));
        }
        objects
    }
}

/// The rows of all customers as one table. For people, without errors, there is no column for them.
pub(super) fn grid_of<T>(
    all: &[CustomerRows<T>],
    (title, columns): (&'static str, Vec<Column>),
    cells: impl Fn(&T) -> Vec<Cell>,
    format: Format,
) -> Grid {
    let is_for_people = matches!(format, Format::Markdown | Format::Html);
    let ends = if is_for_people { Ends::of(all) } else { Ends { has_errors: true } };
    let count = columns.len();
    let [customer, error] = [CUSTOMER, ERROR].map(|name| Column::new(name, name, Side::Left));
    let lines = all.iter().flat_map(|it| it.lines(count, &cells, |text| Cell::text(text)));
    Grid {
        title,
        columns: ends.around(columns, customer, error),
        rows: lines.map(|line| ends.cut(line)).collect(),
    }
}

pub(super) fn json_of<T>(
    all: &[CustomerRows<T>],
    object: impl Fn(&T) -> Map<String, Value>,
) -> Result<String, String> {
    let objects: Vec<_> = all.iter().flat_map(|it| it.objects(&object)).collect();
    serde_json::to_string_pretty(&objects).map(|text| text + "\n").map_err(|why| why.to_string())
}

pub(super) fn jsonl_of<T>(
    all: &[CustomerRows<T>],
    object: impl Fn(&T) -> Map<String, Value>,
) -> Result<String, String> {
    let objects = all.iter().flat_map(|it| it.objects(&object));
    let lines = objects.map(|it| serde_json::to_string(&it).map(|text| text + "\n"));
    lines.collect::<Result<String, _>>().map_err(|why| why.to_string())
}

/// Aligned columns, in `room` cells if they are for a terminal. Without errors, there is no column for
/// them.
pub(super) fn table_of<T>(
    all: &[CustomerRows<T>],
    (titles, columns): (Vec<String>, Vec<(Side, Place)>),
    cells: impl Fn(&T) -> Vec<String>,
    room: Option<usize>,
) -> String {
    let (ends, count) = (Ends::of(all), titles.len());
    let titles = ends.around(titles, CUSTOMER.to_owned(), ERROR.to_owned());
    let [customer, error] = [LEAST_CUSTOMER, LEAST_ERROR].map(|least| Place::cut_to(least, 0));
    let columns = ends.around(columns, (Side::Left, customer), (Side::Left, error));
    let lines = all.iter().flat_map(|it| it.lines(count, &cells, str::to_owned));
    aligned(titles, lines.map(|line| ends.cut(line)), columns, room)
}

/// Whether there is a column for errors.
#[derive(Clone, Copy)]
struct Ends {
    has_errors: bool,
}

impl Ends {
    fn of<T>(all: &[CustomerRows<T>]) -> Self {
        Self { has_errors: all.iter().any(|it| it.error.is_some()) }
    }

    fn around<C>(self, columns: Vec<C>, first: C, last: C) -> Vec<C> {
        let last = self.has_errors.then_some(last);
        std::iter::once(first).chain(columns).chain(last).collect()
    }

    fn cut<C>(self, mut line: Vec<C>) -> Vec<C> {
        if !self.has_errors {
            line.pop();
        }
        line
    }
}

#[cfg(test)]
mod tests;
