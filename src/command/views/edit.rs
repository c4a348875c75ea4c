//! Changing a file of views without touching the rest of it: comments, order, and views that cannot
//! be read stay as they are. A file so broken that a change would lose something is left alone.

use toml_edit::{ArrayOfTables, DocumentMut, Item, RawString, Table, Value};

use crate::command::views::{View, ViewFault};

/// The file with this view in it: in the place of the one that has its name, or at the end.
pub fn put(file: &str, view: &View) -> Result<String, ViewFault> {
    let mut document = parse(file)?;
    let line = view.line.to_string();
    let mut comments = text(Some(document.trailing()));
    let tables = tables(&mut document, file)?;
    if let Some(table) = place(tables, &view.name).and_then(|at| tables.get_mut(at)) {
        set(table, "line", line);
        return Ok(document.to_string());
    }
    let mut table = Table::new();
    set(&mut table, "name", view.name.clone());
    set(&mut table, "line", line);
    if !file.is_empty() {
        comments.push('\n');
    }
    table.decor_mut().set_prefix(comments);
    tables.push(table);
    document.set_trailing("");
    Ok(document.to_string())
}

/// The file without the view of this name, and without the comments inside of it.
pub fn remove(file: &str, name: &str) -> Result<String, ViewFault> {
    let mut document = parse(file)?;
    let tables = tables(&mut document, file)?;
    while let Some(at) = place(tables, name) {
        // What is written above a view may be about all of them.
        let above = text(tables.get(at).and_then(|table| table.decor().prefix()));
        tables.remove(at);
        if let Some(next) = tables.get_mut(at) {
            let below = text(next.decor().prefix());
            next.decor_mut()
                .set_prefix(format!("{above}{}", below.trim_start_matches(['\n', '\r'])));
        }
    }
    Ok(document.to_string())
}

fn parse(file: &str) -> Result<DocumentMut, ViewFault> {
    file.parse().map_err(|error: toml_edit::TomlError| {
        let at = error.span().map_or(file.len(), |span| span.start);
        ViewFault::new(file, at, None, error.message())
    })
}

fn tables<'a>(
    document: &'a mut DocumentMut,
    file: &str,
) -> Result<&'a mut ArrayOfTables, ViewFault> {
    let views = document.entry("view").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let wrong = || ViewFault::new(file, 0, None, "views are written as [[view]]");
    views.as_array_of_tables_mut().ok_or_else(wrong)
}

fn place(tables: &ArrayOfTables, name: &str) -> Option<usize> {
    tables.iter().position(|table| table.get("name").and_then(Item::as_str) == Some(name))
}

/// Sets a value; a comment behind it stays.
fn set(table: &mut Table, key: &str, text: String) {
    let mut value = Value::from(text);
    if let Some(before) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = before.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

fn text(raw: Option<&RawString>) -> String {
    raw.and_then(RawString::as_str).unwrap_or_default().to_owned()
}
