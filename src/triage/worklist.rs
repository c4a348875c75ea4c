//! The worklist for someone else: as a table, csv, json and markdown. Amounts are never cut, texts are
//! printable, and no cell is a formula.

use chrono::NaiveDate;
use csv::Writer;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::ageing::days_overdue;
use super::memory::Memory;
use super::queue::{TriageState, entry, standing};
use crate::domain::money::{Currency, format_amount};
use crate::domain::text::{Untrusted, sanitise};
use crate::export::guard::guarded;
use crate::list::record::Record;

/// The columns, as csv names them.
const HEADER: [&str; 10] = [
    "id",
    "booking",
    "amount",
    "currency",
    "due",
    "days_overdue",
    "status",
    "verdict",
    "note",
    "link",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Table,
    Csv,
    /// All of it, amounts in minor units.
    Json,
    /// A table for a message or a ticket.
    Markdown,
}

impl Form {
    /// The form that a file's ending names.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "md" | "markdown" => Some(Self::Markdown),
            "txt" => Some(Self::Table),
            _ => None,
        }
    }
}

/// One penalty of the worklist; every text is printable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    id: String,
    booking: String,
    minor: Option<i64>,
    currency: Currency,
    due: String,
    days: Option<i64>,
    status: String,
    verdict: String,
    note: String,
    link: String,
}

impl Item {
    /// A penalty with what was decided about it, its age as of `day`.
    pub fn of(record: &Record, memory: &Memory, day: NaiveDate, today: NaiveDate) -> Self {
        let entry = entry(record, memory);
        let shown = |text: Option<&Untrusted>| text.map(|it| it.escaped().into_owned());
        let text = |name: &str| shown(record.text(name)).unwrap_or_default();
        let stands = standing(record, entry, today);
        let verdict = match (stands, entry.and_then(|entry| entry.decision)) {
            (TriageState::Changed, Some(verdict)) => format!("{}, changed since", verdict.word()),
            (TriageState::Snoozed(until), _) => format!("snoozed until {until}"),
            _ => stands.word().to_owned(),
        };
        let due = record.spec().position("due_date").map(|at| record.cell(at).into_owned());
        let link = text("link_view");
        Self {
            id: text("id"),
            booking: shown(record.booking()).unwrap_or_default(),
            minor: record.minor("amount"),
            currency: record.currency(),
            due: due.unwrap_or_default(),
            days: days_overdue(record, day),
            status: text("status").replace('_', " "),
            verdict,
            note: entry.map(|entry| sanitise(&entry.note).into_owned()).unwrap_or_default(),
            // Whoever gets the list may click it.
            link: if link.starts_with("https://") { link } else { String::new() },
        }
    }

    fn amount(&self) -> String {
        self.minor.map(|minor| format_amount(minor.into(), self.currency)).unwrap_or_default()
    }

    fn cells(&self) -> [String; HEADER.len()] {
        [
            self.id.clone(),
            self.booking.clone(),
            self.amount(),
            self.currency.code().to_owned(),
            self.due.clone(),
            self.days.map(|days| days.to_string()).unwrap_or_default(),
            self.status.clone(),
            self.verdict.clone(),
            self.note.clone(),
            self.link.clone(),
        ]
    }
}

fn is_number(column: usize) -> bool {
    matches!(HEADER.get(column), Some(&"amount" | &"days_overdue"))
}

/// Writes a worklist.
pub fn render(items: &[Item], form: Form) -> Result<String, String> {
    match form {
        Form::Table => Ok(table(items)),
        Form::Csv => csv(items),
        Form::Json => json(items),
        Form::Markdown => Ok(markdown(items)),
    }
}

/// Identities and links are long and in the other forms: a terminal has no room for them.
fn table(items: &[Item]) -> String {
    let kept = |column: &usize| !matches!(HEADER.get(*column), Some(&"id" | &"link"));
    let columns: Vec<usize> = (0..HEADER.len()).filter(kept).collect();
    let head = HEADER.map(|name| name.replace('_', " "));
    let rows: Vec<_> = std::iter::once(head).chain(items.iter().map(Item::cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths: Vec<usize> = columns.iter().map(|column| width(*column)).collect();
    let mut out = String::new();
    for row in &rows {
        let cells = columns.iter().zip(&widths).map(|(column, width)| {
            let text = &row[*column];
            let room = " ".repeat(width - text.width());
            if is_number(*column) { format!("{room}{text}") } else { format!("{text}{room}") }
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn csv(items: &[Item]) -> Result<String, String> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(HEADER).map_err(|why| why.to_string())?;
    for item in items {
        let mut cells = item.cells();
        for (column, cell) in cells.iter_mut().enumerate() {
            *cell = if is_number(column) { cell.replace(',', "") } else { guarded(cell) };
        }
        writer.write_record(cells).map_err(|why| why.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|why| why.to_string())?;
    String::from_utf8(bytes).map_err(|why| why.to_string())
}

fn json(items: &[Item]) -> Result<String, String> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let each = items.iter().map(|item| {
        json!({
            "id": item.id,
            "booking": some(&item.booking),
            "amount_minor": item.minor,
            "currency": some(item.currency.code()),
            "due": some(&item.due),
            "days_overdue": item.days,
            "status": some(&item.status),
            "verdict": some(&item.verdict),
            "note": some(&item.note),
            "link": some(&item.link),
        })
    });
    let all: Vec<_> = each.collect();
    serde_json::to_string_pretty(&all).map(|text| text + "\n").map_err(|why| why.to_string())
}

fn markdown(items: &[Item]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let rule = |column| if is_number(column) { "---:" } else { "---" }.to_owned();
    let mut out = line(HEADER.iter().map(|name| name.replace('_', " ")).collect());
    out.push_str(&line((0..HEADER.len()).map(rule).collect()));
    for item in items {
        let mut cells = item.cells().map(|cell| plain(&cell));
        if let Some(link) = cells.last_mut().filter(|_| is_plain_url(&item.link)) {
            link.clone_from(&item.link);
        }
        out.push_str(&line(cells.into()));
    }
    out
}

/// Whether a link has only characters that need no escape in a table: it can then be followed.
fn is_plain_url(link: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:/?#@&=%+~".contains(c);
    link.chars().all(is_plain)
}

/// A text that markdown shows as it is.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_{}[]<>()#|~!&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;
    use crate::triage::decision::Decision;
    use crate::triage::memory::Entry;

    fn items() -> Vec<Item> {
        let spec = Spec::named("penalties").unwrap();
        let records = [
            r#"{"id":"p-1","booking_id":"BK1","amount":123456,"currency":"EUR","status":"notify",
                "due_date":"2026-11-01","link_view":"https://valora.spotahome.com/p/a_1"}"#,
            r#"{"id":"=1+1","booking_id":"a|b","amount":"-5","currency":"JPY","status":"=cmd()",
                "due_date":null,"link_view":"javascript:alert(1)"}"#,
        ]
        .map(|json| Record::read(spec, json));
        let mut memory = Memory::default();
        let entry = Entry {
            decision: Some(Decision::Waiver),
            note: "-he said, \"no\"\n".to_owned(),
            ..Entry::new(&records[0])
        };
        memory.entries.insert("p-1".to_owned(), entry);
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        records.iter().map(|record| Item::of(record, &memory, day, day)).collect()
    }

    #[test]
    fn each_form_holds_every_penalty_and_no_cell_is_a_formula() {
        let csv = render(&items(), Form::Csv).unwrap();
        let expected = "id,booking,amount,currency,due,days_overdue,status,verdict,note,link\n\
             p-1,BK1,1234.56,EUR,2026-11-01,19,notify,waiver,\"'-he said, \"\"no\"\" \",\
             https://valora.spotahome.com/p/a_1\n\
             '=1+1,a|b,-5,JPY,,,'=cmd(),,,\n";
        assert_eq!(csv, expected);
        let json: serde_json::Value =
            serde_json::from_str(&render(&items(), Form::Json).unwrap()).unwrap();
        assert_eq!(json[0]["amount_minor"], 123_456);
        assert_eq!(json[0]["verdict"], "waiver");
        assert_eq!(json[1]["days_overdue"], serde_json::Value::Null);
        assert_eq!(json[1]["link"], serde_json::Value::Null);
        let markdown = render(&items(), Form::Markdown).unwrap();
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[2].contains("https://valora.spotahome.com/p/a_1"), "{}", lines[2]);
        assert!(lines[3].contains("a\\|b") && lines[3].contains("=cmd\\(\\)"), "{}", lines[3]);
        let table = render(&items(), Form::Table).unwrap();
        assert!(table.contains("1,234.56  EUR       2026-11-01            19"), "{table}");
        for ending in ["csv", "JSON", "md"] {
            assert!(Form::of_ending(ending).is_some(), "{ending}");
        }
    }
}
