//! A table in memory, and the formats that all tables have: csv, xlsx, Markdown, HTML.

use std::io;

use super::cell::Cell;
use super::dialect::Dialect;
use super::html;
use super::markdown;
use super::xlsx::Workbook;
use super::{Format, Output, Side};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name for programs.
    pub(super) name: &'static str,
    /// Its title for people.
    pub(super) title: String,
    pub(super) side: Side,
    /// `false` for ids and links, which are too long for a table in a mail.
    pub(super) is_for_people: bool,
}

impl Column {
    pub(super) fn new(name: &'static str, title: impl Into<String>, side: Side) -> Self {
        Self { name, title: title.into(), side, is_for_people: true }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) title: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// `None` for a format that not all tables have. `sheets` follow in an xlsx file; `lines` below the
    /// table in HTML and Markdown.
    pub(super) fn render(
        &self,
        output: Output<'_>,
        sheets: &[&Self],
        lines: &[String],
    ) -> Option<Result<Vec<u8>, String>> {
        let written = match output.format {
            Format::Csv => self.csv(output.dialect),
            Format::Xlsx => {
                let all: Vec<&Self> = std::iter::once(self).chain(sheets.iter().copied()).collect();
                xlsx(&all)
            }
            Format::Markdown => Ok(self.markdown(lines).into_bytes()),
            Format::Html => Ok(self.html(lines).into_bytes()),
            _ => return None,
        };
        Some(written.map_err(|why| why.to_string()))
    }

    fn csv(&self, dialect: Dialect) -> io::Result<Vec<u8>> {
        let mut writer = dialect.writer(Vec::new())?;
        writer.write_record(self.columns.iter().map(|column| column.name))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| cell.in_csv(dialect)))?;
        }
        writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }

    fn markdown(&self, lines: &[String]) -> String {
        let (titles, sides) = self.heads(|_| true);
        let cells = |row: &Vec<Cell>| row.iter().map(markdown::cell).collect::<Vec<_>>();
        markdown::table(&titles, &sides, self.rows.iter().map(cells)) + &markdown::lines(lines)
    }

    fn html(&self, lines: &[String]) -> String {
        let mut page = html::start(self.title, "");
        page += &self.html_table();
        page + &html::end(lines)
    }

    /// The columns for people.
    pub(super) fn html_table(&self) -> String {
        let (titles, sides) = self.heads(|column| column.is_for_people);
        let mut table = html::table_start(&titles, &sides);
        for row in &self.rows {
            let cells = self.columns.iter().zip(row).filter(|(column, _)| column.is_for_people);
            let cells: Vec<String> = cells.map(|(_, cell)| cell.shown()).collect();
            table += &html::row(&cells, &sides);
        }
        table + html::TABLE_END
    }

    fn heads(&self, is_wanted: impl Fn(&Column) -> bool) -> (Vec<String>, Vec<Side>) {
        let columns = self.columns.iter().filter(|column| is_wanted(column));
        columns.map(|column| (column.title.clone(), column.side)).unzip()
    }
}

/// A workbook with a sheet for each table.
pub(super) fn xlsx(grids: &[&Grid]) -> io::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    for grid in grids {
        let mut sheet = workbook.sheet(grid.title, grid.columns.clone())?;
        for row in &grid.rows {
            workbook.write(&mut sheet, row)?;
        }
        workbook.add(sheet)?;
    }
    workbook.finish()
}
