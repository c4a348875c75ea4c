//! The names and arrangement of undocumented fields. A shape is a column of `shapes.txt`. It is applied
//! when a reply is written: filters, stories and hostile data use only the usual names.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde_json::Value;

use super::json::{Node, Object, object};

static TABLE: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let lines = include_str!("../../assets/sandbox/shapes.txt").lines();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(Line::read).collect()
});

/// The cells of the first line are the names of the shapes.
struct Line {
    list: &'static str,
    /// One cell for each shape, the usual one first.
    cells: Vec<Cell>,
}

struct Cell {
    name: &'static str,
    /// How a section is arranged or a value is written, or the JSON of an added field.
    words: Vec<&'static str>,
}

/// Replaces the name of a field that a shape lacks.
const NONE: &str = "-";

impl Line {
    fn read(line: &'static str) -> Self {
        let (list, cells) = line.split_once('|').unwrap_or((line, ""));
        let cell = |text: &'static str| {
            let mut words = text.split_whitespace();
            Cell { name: words.next().unwrap_or_default(), words: words.collect() }
        };
        Self { list: list.trim(), cells: cells.split('|').map(cell).collect() }
    }

    fn usual(&self) -> &'static str {
        self.cells.first().map_or("", |cell| cell.name)
    }
}

/// The default is the usual shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    column: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown shape {0:?}; the shapes are {names}", names = Shape::all().map(Shape::name).collect::<Vec<_>>().join(", "))]
pub struct ShapeError(String);

impl FromStr for Shape {
    type Err = ShapeError;

    fn from_str(text: &str) -> Result<Self, ShapeError> {
        Self::all().find(|shape| shape.name() == text).ok_or_else(|| ShapeError(text.to_owned()))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl Shape {
    pub fn all() -> impl Iterator<Item = Self> {
        let count = TABLE.first().map_or(0, |names| names.cells.len());
        (0..count).map(|column| Self { column })
    }

    pub fn name(self) -> &'static str {
        TABLE.first().and_then(|names| names.cells.get(self.column)).map_or("", |cell| cell.name)
    }

    /// Returns `true` if the rows have the fields and values of the usual shape under other names.
    pub fn only_renames(self) -> bool {
        let rows = TABLE.iter().filter(|line| line.list != "conciliation");
        let mut cells = rows.filter_map(|line| line.cells.get(self.column));
        cells.all(|cell| cell.words.is_empty())
    }

    /// A row of the list at `path`. Fields outside of the table are unchanged.
    pub(super) fn row(self, path: &str, row: Object) -> Object {
        if self == Self::default() || !TABLE.iter().any(|line| line.list == path) {
            return row;
        }
        let id = text(&row, &["id", "document_id"]).unwrap_or_default();
        let mut reshaped = Object::default();
        self.reshape(&mut reshaped, path, "", row);
        for cell in self.added(path) {
            let json = cell.words.concat().replace('#', &id);
            let value: Value = serde_json::from_str(&json).unwrap_or_default();
            put(&mut reshaped, cell.name.into(), value.into());
        }
        reshaped
    }

    /// The fields that the usual shape of a list lacks.
    fn added(self, list: &str) -> impl Iterator<Item = &'static Cell> {
        let lines = TABLE.iter().filter(move |line| line.list == list && line.usual() == NONE);
        lines.filter_map(move |line| line.cells.get(self.column)).filter(|cell| cell.name != NONE)
    }

    pub(super) fn booking(self, body: Object) -> Object {
        self.row("conciliation", body)
    }

    /// Moves the fields of `object`, which is at the path `above`, into `target`.
    fn reshape(self, target: &mut Object, list: &str, above: &str, object: Object) {
        for (name, node) in object.0 {
            let usual = if above.is_empty() { name } else { format!("{above}.{name}").into() };
            let line = TABLE.iter().find(|line| line.list == list && line.usual() == usual);
            match (line.and_then(|line| line.cells.get(self.column)), node) {
                (Some(cell), node) => {
                    put(target, cell.name.into(), self.arrange(&usual, &cell.words, node));
                }
                (None, Node::Object(inner)) => self.reshape(target, list, &usual, inner),
                (None, node) => put(target, usual, node),
            }
        }
    }

    fn arrange(self, usual: &str, words: &[&str], node: Node) -> Node {
        let is_negated = words.contains(&"negated");
        let rows = match node {
            Node::List(rows) => rows,
            Node::Value(value) => return words.iter().fold(value, written).into(),
            other @ Node::Object(_) => return other,
        };
        let list = ROWS.iter().find(|(section, _)| *section == usual).map_or("", |(_, list)| list);
        let mut groups: IndexMap<String, Vec<Object>> = IndexMap::new();
        for mut row in rows {
            let group = group(words, &row);
            if words.contains(&"by-status-alone") {
                row.0.retain(|(name, _)| name != "status");
            }
            if is_negated {
                negate_amounts(&mut row);
            }
            groups.entry(group).or_default().push(self.row(list, row));
        }
        let is_grouped = words.iter().any(|word| word.starts_with("by-"));
        // As in PHP, an empty object is an empty array.
        if is_grouped && !groups.is_empty() {
            let group = |(name, rows): (String, _)| (name.into(), Node::List(rows));
            return Object(groups.into_iter().map(group).collect()).into();
        }
        let rows = Node::List(groups.into_values().flatten().collect());
        if words.contains(&"under-data") { object! {"data": rows}.into() } else { rows }
    }
}

/// The lists whose names the rows of a section use; other rows are documented.
const ROWS: [(&str, &str); 5] = [
    ("invoicing.invoices", "conciliation/invoices"),
    ("invoicing.credit_notes", "invoices"),
    ("credit_notes", "invoices"),
    ("debt", "debtors"),
    ("debtors", "debtors"),
];

fn put(target: &mut Object, path: Cow<'static, str>, node: Node) {
    let Some((first, rest)) = path.split_once('.') else {
        target.0.push((path, node));
        return;
    };
    if !target.0.iter().any(|(name, _)| name == first) {
        target.0.push((first.to_owned().into(), Object::default().into()));
    }
    if let Some((_, Node::Object(inner))) = target.0.iter_mut().find(|(name, _)| name == first) {
        put(inner, rest.to_owned().into(), node);
    }
}

/// The group of a row; without grouping, all rows are in one group.
fn group(words: &[&str], row: &Object) -> String {
    let group = match words.iter().find(|word| word.starts_with("by-")) {
        Some(&("by-status" | "by-status-alone")) => text(row, &["status"]),
        Some(_) => {
            let day = text(row, &["issued_on", "issue_date", "due_date"]);
            day.and_then(|day| day.get(..7).map(str::to_owned))
        }
        None => None,
    };
    group.unwrap_or_else(|| "none".to_owned())
}

/// The first text under one of these names.
fn text(row: &Object, names: &[&str]) -> Option<String> {
    row.0.iter().find_map(|(name, node)| match node {
        Node::Value(Value::String(text)) if names.contains(&name.as_ref()) => Some(text.clone()),
        _ => None,
    })
}

/// Applies a word of the table to a value. Values of other types, as in hostile rows, are unchanged.
fn written(value: Value, word: &&str) -> Value {
    let is_day = |text: &str| text.parse::<NaiveDate>().is_ok();
    match (*word, value) {
        ("negated", value) => negated(value),
        ("upper", Value::String(text)) => text.to_uppercase().into(),
        ("lower", Value::String(text)) => text.to_lowercase().into(),
        ("as-text", Value::Number(number)) => number.to_string().into(),
        ("with-time", Value::String(day)) if is_day(&day) => format!("{day}T00:00:00").into(),
        ("with-utc-time", Value::String(day)) if is_day(&day) => format!("{day}T00:00:00Z").into(),
        (_, value) => value,
    }
}

fn negated(value: Value) -> Value {
    value.as_i64().and_then(i64::checked_neg).map_or(value, Value::from)
}

fn negate_amounts(row: &mut Object) {
    for (_, node) in row.0.iter_mut().filter(|(name, _)| name.starts_with("amount")) {
        if let Node::Value(value) = node {
            *value = negated(value.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::{Cell, NONE, Shape, TABLE};
    use crate::sandbox::row::{Column, Debt, Invoice, Row, Scheduled};

    const SECTIONS: [&str; 5] =
        ["by-status", "by-status-alone", "by-month", "under-data", "negated"];
    const VALUES: [&str; 5] = ["upper", "lower", "as-text", "with-time", "with-utc-time"];

    fn cells(list: &str, column: usize) -> impl Iterator<Item = &'static Cell> {
        let lines = TABLE.iter().filter(move |line| line.list == list);
        lines.map(move |line| &line.cells[column]).filter(|cell| cell.name != NONE)
    }

    fn usual<R>(columns: &[Column<R>]) -> Vec<&'static str> {
        columns.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn every_line_of_the_table_has_a_sound_cell_for_each_shape() {
        let shapes = Shape::all().count();
        assert!(shapes >= 5 && Shape::default().name() == "usual");
        for line in TABLE.iter() {
            assert_eq!(line.cells.len(), shapes, "{} {}", line.list, line.usual());
            let words: &[&str] = if line.list == "conciliation" { &SECTIONS } else { &VALUES };
            for (column, cell) in line.cells.iter().enumerate() {
                assert!(!cell.name.is_empty() && cell.name.split('.').all(|part| !part.is_empty()));
                if line.usual() == NONE && cell.name != NONE {
                    let json = serde_json::from_str::<Value>(&cell.words.concat());
                    assert!(json.is_ok(), "{} {}", line.list, cell.name);
                } else {
                    assert!(cell.words.iter().all(|word| column > 0 && words.contains(word)));
                }
            }
        }
    }

    #[test]
    fn the_table_names_every_undocumented_field_of_a_row() {
        for (list, columns) in [
            ("transactions/scheduled", usual(Scheduled::COLUMNS)),
            ("invoices", usual(Invoice::COLUMNS)),
            ("debtors", usual(Debt::COLUMNS)),
        ] {
            assert_eq!(cells(list, 0).map(|cell| cell.name).collect::<Vec<_>>(), columns, "{list}");
        }
        assert!(!TABLE.iter().any(|line| ["transactions", "penalties"].contains(&line.list)));
    }

    #[test]
    fn no_two_fields_of_a_list_meet_in_a_shape() {
        let lists: BTreeSet<&str> = TABLE.iter().skip(1).map(|line| line.list).collect();
        let documented = usual(Invoice::COLUMNS);
        let documented = documented.iter().filter(|name| {
            cells("conciliation/invoices", 0).all(|undocumented| undocumented.name != **name)
        });
        let documented: Vec<&str> = documented.copied().collect();
        assert_eq!(documented.len(), 7);
        for (shape, list) in Shape::all().flat_map(|shape| lists.iter().map(move |it| (shape, *it)))
        {
            let mut names: Vec<&str> = cells(list, shape.column).map(|cell| cell.name).collect();
            match list {
                "conciliation" => names.extend(["reference", "totals.debt"]),
                "conciliation/invoices" => names.extend(&documented),
                _ => {}
            }
            for (place, name) in names.iter().enumerate() {
                let is_met =
                    |other: &&str| *other == *name || other.starts_with(&format!("{name}."));
                let mut others = names.iter().enumerate().filter(|(other, _)| *other != place);
                let met = others.find(|(_, other)| is_met(other));
                assert!(met.is_none(), "{shape} {list} {name} {met:?}");
            }
        }
    }

    #[test]
    fn an_unknown_shape_is_refused_with_the_names_that_there_are() {
        let why = "round".parse::<Shape>().unwrap_err().to_string();
        assert!(why.contains("\"round\"") && Shape::all().all(|it| why.contains(it.name())));
        assert!(Shape::all().all(|shape| shape.to_string().parse() == Ok(shape)));
    }
}
