//! Excel workbooks. Texts of data are always string cells: never a formula, a link or rich text.

use std::io;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Worksheet,
    XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::Side;
use super::cell::Cell;
use super::grid::Column;
use super::guard::is_exact;

/// UTF-16 units of a cell (32,767 is the limit of the format); a longer text is cut.
const LONGEST_TEXT: usize = 32_000;
/// The width of a column in characters.
const WIDTHS: [usize; 2] = [6, 60];
/// Added for the button of the filter and the margins.
const MARGIN: usize = 3;
const MOST_DECIMALS: usize = 4;
/// Excel counts days from 1900.
const FIRST_YEAR: i32 = 1900;

pub(super) struct Workbook {
    book: rust_xlsxwriter::Workbook,
    formats: Formats,
}

struct Formats {
    head: [Format; 2],
    text: Format,
    number: Format,
    date: Format,
    time: Format,
    /// By the number of decimals.
    amount: [Format; MOST_DECIMALS + 1],
}

impl Formats {
    fn new() -> Self {
        let head = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
        let left = Format::new().set_align(FormatAlign::Left);
        let amount = |decimals: usize| {
            let point = if decimals > 0 { "." } else { "" };
            Format::new().set_num_format(format!("#,##0{point}{}", "0".repeat(decimals)))
        };
        Self {
            head: [head.clone(), head.set_align(FormatAlign::Right)],
            // As text, also after it is edited; otherwise `=1` would become a formula then.
            text: Format::new().set_num_format("@").set_quote_prefix(),
            number: Format::new(),
            date: left.clone().set_num_format("yyyy-mm-dd"),
            time: left.set_num_format("yyyy-mm-dd hh:mm"),
            amount: std::array::from_fn(amount),
        }
    }
}

/// A sheet whose rows are written to a temporary file without a name, so that memory does not grow with them.
pub(super) struct Sheet {
    inner: Worksheet,
    columns: Vec<Column>,
    widths: Vec<usize>,
    /// The number of rows with the titles.
    rows: u32,
}

impl Workbook {
    pub(super) fn new() -> Self {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.set_properties(&DocProperties::new().set_company("").set_author("valora"));
        Self { book, formats: Formats::new() }
    }

    /// `name` is not from data.
    pub(super) fn sheet(&mut self, name: &str, columns: Vec<Column>) -> io::Result<Sheet> {
        let mut sheet =
            self.book.new_worksheet_with_constant_memory().map_err(|why| error(&why))?;
        sheet.set_name(name).map_err(|why| error(&why))?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        let widths = columns.iter().map(|column| column.title.width()).collect();
        for (at, column) in (0..).zip(&columns) {
            let [left, right] = &self.formats.head;
            let format = if column.side == Side::Right { right } else { left };
            sheet
                .write_string_with_format(0, at, &column.title, format)
                .map_err(|why| error(&why))?;
        }
        Ok(Sheet { inner: sheet, columns, widths, rows: 1 })
    }

    pub(super) fn write(&self, sheet: &mut Sheet, row: &[Cell]) -> io::Result<()> {
        for ((at, cell), width) in (0..).zip(row).zip(&mut sheet.widths) {
            *width = cell.shown().width().max(*width);
            self.formats
                .write(&mut sheet.inner, (sheet.rows, at), cell)
                .map_err(|why| error(&why))?;
        }
        sheet.rows += 1;
        Ok(())
    }

    /// Adds a sheet after those that were added before.
    pub(super) fn add(&mut self, sheet: Sheet) -> io::Result<()> {
        let sheet = sheet.finished().map_err(|why| error(&why))?;
        self.book.push_worksheet(sheet);
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        self.book.save_to_buffer().map_err(|why| error(&why))
    }
}

impl Sheet {
    fn finished(mut self) -> Result<Worksheet, XlsxError> {
        let sheet = &mut self.inner;
        let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let [least, most] = WIDTHS;
        for (at, width) in (0..).zip(&self.widths) {
            let width = u16::try_from((*width + MARGIN).clamp(least, most)).unwrap_or(u16::MAX);
            sheet.set_column_width(at, width)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        if self.rows > 1 {
            let (row, column) = (self.rows - 1, last_column);
            sheet.autofilter(0, 0, row, column)?;
            sheet.ignore_error_range(1, 0, row, column, IgnoreError::NumberStoredAsText)?;
        }
        Ok(self.inner)
    }
}

impl Formats {
    fn write(
        &self,
        sheet: &mut Worksheet,
        (row, at): (u32, u16),
        cell: &Cell,
    ) -> Result<(), XlsxError> {
        let decimals = |amount: &str| amount.split_once('.').map_or(0, |(_, digits)| digits.len());
        let number = |shown: &str| number(&shown.replace(',', ""));
        let written = match cell {
            Cell::Empty => return Ok(()),
            Cell::Amount(shown) => match (number(shown), self.amount.get(decimals(shown))) {
                (Some(number), Some(format)) => {
                    sheet.write_number_with_format(row, at, number, format)
                }
                _ => sheet.write_string_with_format(row, at, text(shown), &self.text),
            },
            // Marked like an amount that is not a whole number of minor units.
            Cell::UnclearAmount(shown) => {
                sheet.write_string_with_format(row, at, text(&format!("{shown}?")), &self.text)
            }
            Cell::Number(shown) => match number(shown) {
                Some(number) => sheet.write_number_with_format(row, at, number, &self.number),
                None => sheet.write_string_with_format(row, at, text(shown), &self.text),
            },
            Cell::Date(day) => match date(*day) {
                Some(date) => sheet.write_datetime_with_format(row, at, date, &self.date),
                None => sheet.write_string_with_format(row, at, day.to_string(), &self.text),
            },
            Cell::Time(moment) => match time(*moment) {
                Some(time) => sheet.write_datetime_with_format(row, at, time, &self.time),
                None => sheet.write_string_with_format(row, at, cell.shown(), &self.text),
            },
            Cell::Text(shown) | Cell::Link(shown) => {
                sheet.write_string_with_format(row, at, text(shown), &self.text)
            }
        };
        written.map(|_| ())
    }
}

/// The nearest floating-point number, the only kind of number in the file format. Up to 15 digits it is
/// shown and summed as the decimal number; longer ones are `None`.
fn number(plain: &str) -> Option<f64> {
    if is_exact(plain) { plain.parse().ok() } else { None }
}

fn date(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = Some(day.year()).filter(|year| *year >= FIRST_YEAR)?;
    let [month, date] = [day.month(), day.day()].map(|it| u8::try_from(it).unwrap_or_default());
    ExcelDateTime::from_ymd(u16::try_from(year).ok()?, month, date).ok()
}

fn time(time: NaiveDateTime) -> Option<ExcelDateTime> {
    let hour = u16::try_from(time.hour()).ok()?;
    let [minute, second] =
        [time.minute(), time.second()].map(|it| u8::try_from(it).unwrap_or_default());
    date(time.date())?.and_hms(hour, minute, second).ok()
}

/// A text that no reader takes for anything else: cut to the limit of the format, without characters that
/// XML does not allow. The library writes a text that begins and ends with the tags of rich text as such if
/// the strings are shared, so a blank follows it.
fn text(shown: &str) -> String {
    let is_allowed = |c: &char| !matches!(c, '\u{fffe}' | '\u{ffff}');
    let (mut units, mut out) = (0, String::with_capacity(shown.len()));
    for c in shown.chars().filter(is_allowed) {
        units += c.len_utf16();
        if units > LONGEST_TEXT {
            out.push('…');
            return out;
        }
        out.push(c);
    }
    if out.starts_with("<r>") && out.ends_with("</r>") {
        out.push(' ');
    }
    out
}

fn error(error: &XlsxError) -> io::Error {
    io::Error::other(match error {
        XlsxError::RowColumnLimitError => {
            "a spreadsheet holds at most 1,048,575 rows; use csv instead".to_owned()
        }
        other => format!("the xlsx file cannot be written: {other}"),
    })
}

#[cfg(test)]
mod tests;
