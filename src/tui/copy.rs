//! Text for the clipboard: a cell, rows for a spreadsheet, or a link, which is also opened.

use chrono::NaiveDate;

use crate::domain::link::{DOCUMENTS, document};
use crate::domain::money::counted;
use crate::domain::text::sanitize;
use crate::export::Dialect;
use crate::export::guard::is_number;
use crate::list::Kind;
use crate::list::record::Record;
use crate::tui::component::table::Table;
use crate::tui::screen::table::NO_ROW;

/// A text and its description, or why nothing can be copied.
type Copied = Result<(String, String), String>;

pub fn cell(table: &Table, today: NaiveDate) -> Copied {
    let record = table.selected().ok_or(NO_ROW)?;
    let text = table.cell(record, table.field(), today).into_owned();
    if text.is_empty() {
        return Err("This cell is empty.".to_owned());
    }
    Ok((text.clone(), text))
}

/// Tab-separated, below the column titles; no cell becomes a formula.
pub fn rows(table: &Table, today: NaiveDate, dialect: Dialect) -> Copied {
    let chosen = table.chosen();
    if chosen.is_empty() {
        return Err(NO_ROW.to_owned());
    }
    let columns = &table.columns;
    let title = |at: &usize| table.spec().described(*at).map_or("", |column| column.label);
    let mut lines = vec![columns.iter().map(title).collect::<Vec<_>>().join("\t")];
    for record in &chosen {
        let cell = |at: &usize| {
            let text = match record.at(*at).raw_text() {
                Some(text) if text.is_changed() => text.escaped(),
                _ => table.cell(record, *at, today),
            };
            let is_right = table.spec().described(*at).is_some_and(|it| it.kind.is_right_aligned());
            let plain = text.replace(',', "");
            // A value that is not a number is guarded like any other text.
            let is_number = is_right && is_number(&plain);
            if is_number { dialect.number(&plain) } else { dialect.text(&text) }
        };
        lines.push(columns.iter().map(cell).collect::<Vec<_>>().join("\t"));
    }
    Ok((lines.join("\n"), counted(chosen.len() as u64, "row")))
}

pub fn link(record: &Record) -> Copied {
    let mut links = record.spec().fields.iter().filter(|field| field.kind == Kind::Link);
    let given = links.find_map(|field| record.text(field.name)).ok_or("This row has no link.")?;
    let given = given.expose_raw();
    let Some(link) = document(given) else {
        let shown = sanitize(given);
        return Err(format!("Not a {DOCUMENTS} document, so it was not opened or copied: {shown}"));
    };
    Ok((link.clone(), link))
}
