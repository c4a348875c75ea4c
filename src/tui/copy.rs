//! Text for the clipboard: a cell, rows for a spreadsheet, or a link, which is also opened.

use chrono::NaiveDate;
use url::Url;

use crate::domain::money::counted;
use crate::domain::text::sanitize;
use crate::export::guard::{guarded, is_number};
use crate::list::Kind;
use crate::list::record::Record;
use crate::tui::component::table::Table;
use crate::tui::screen::table::NO_ROW;

/// The host of documents; its subdomains are accepted, too.
const DOCUMENTS: &str = "spotahome.com";

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
pub fn rows(table: &Table, today: NaiveDate) -> Copied {
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
            if is_right && is_number(&plain) { plain } else { guarded(&text) }
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

/// A link that every program parses the same way: some end the host at a backslash or before the
/// `@`.
fn document(given: &str) -> Option<String> {
    let authority = given.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if given.contains(is_odd) || authority.contains('@') || sanitize(given) != given {
        return None;
    }
    let url = Url::parse(given).ok()?;
    let host = url.host_str().unwrap_or_default();
    let is_known = host == DOCUMENTS || host.ends_with(&format!(".{DOCUMENTS}"));
    let is_plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    if url.scheme() != "https" || !is_known || !is_plain {
        return None;
    }
    let link = String::from(url);
    // The parser leaves queries and fragments unescaped: these must be unambiguous, too.
    link.chars().all(|c| c.is_ascii_graphic() && c != '\\').then_some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_documents_of_the_vendor_are_links() {
        let table = [
            ("https://valora.spotahome.com/documents/1", true),
            ("https://spotahome.com/d", true),
            ("http://valora.spotahome.com/d", false),
            ("https://valora.spotahome.com:8443/d", false),
            ("https://me@valora.spotahome.com/d", false),
            ("https://notspotahome.com/d", false),
            ("https://valora.spotahome.com.evil.example/d", false),
            ("javascript:alert(1)", false),
            ("https://valora.spotahome.com./d", false),
        ];
        for (link, is_sound) in table {
            assert_eq!(document(link).is_some(), is_sound, "{link}");
        }
    }

    #[test]
    fn what_was_parsed_is_handed_over_and_never_what_could_be_read_otherwise() {
        let table = [
            ("https://VALORA.spotahome.com", Some("https://valora.spotahome.com/")),
            ("https://spotahome.com:443/a/../d", Some("https://spotahome.com/d")),
            ("https://spotahome.com/é?a=é#b", Some("https://spotahome.com/%C3%A9?a=%C3%A9#b")),
            ("https://spotahome.com/d?mail=a@b", Some("https://spotahome.com/d?mail=a@b")),
            ("https://valora.spotahome.com\\@evil.example/", None),
            ("https:\\\\spotahome.com/d", None),
            ("https://spotahome.com/d?a=\\b", None),
            ("https://spotahome.com/d#a\\b", None),
            ("https://@spotahome.com/d", None),
            ("https://:@spotahome.com/d", None),
            (" https://spotahome.com/d", None),
            ("https://spotahome.com/d\n", None),
            ("https://spota\thome.com/d", None),
            ("https://spotahome.com/a\u{200B}b", None),
            ("https://spotahome.com/a\u{202E}b", None),
            ("https:spotahome.com/d", None),
        ];
        for (given, handed) in table {
            assert_eq!(document(given).as_deref(), handed, "{given:?}");
        }
    }
}
