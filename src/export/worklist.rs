//! The exported worklist. Amounts are never cut, texts are printable, and no cell is a formula. An amount
//! that is not a whole number of minor units is unchanged, with a `?` that makes it a text.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::guard::guarded;
use super::markdown::{self, plain};
use super::several::{CustomerRows, csv_of, json_of, markdown_of, table_of};
use super::{Format, Place, Side, aligned, csv};
use crate::domain::money::Currency;
use crate::domain::text::{Untrusted, sanitize};
use crate::list::record::Record;
use crate::triage::memory::Memory;
use crate::triage::queue::{TriageState, entry, triage_state};

/// The names in csv and json, the same as in the list of penalties if it has the column, and the titles
/// in tables.
const COLUMNS: [(&str, &str); 11] = [
    ("id", "id"),
    ("booking_id", "booking"),
    ("owner", "owner"),
    ("amount", "amount"),
    ("currency", "cur"),
    ("due_date", "due"),
    ("days", "overdue"),
    ("status", "status"),
    ("decision", "decision"),
    ("note", "note"),
    ("link_view", "link"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// In the order of [`COLUMNS`], printable.
    cells: [String; COLUMNS.len()],
    minor: Option<i64>,
    odd_amount: Option<Untrusted>,
    days: Option<i64>,
}

impl Item {
    /// A penalty with its decision, its days overdue as of `day`, and the owner of its booking.
    pub fn of(
        record: &Record,
        owner: Option<&Untrusted>,
        memory: &Memory,
        day: NaiveDate,
        today: NaiveDate,
    ) -> Self {
        let entry = entry(record, memory);
        let shown =
            |text: Option<&Untrusted>| text.map_or_else(String::new, |it| it.escaped().into());
        let text = |name: &str| shown(record.text(name));
        let state = triage_state(record, entry, today);
        let decision = match (state, entry.and_then(|entry| entry.decision)) {
            (TriageState::Changed, Some(decision)) => format!("{}, changed since", decision.word()),
            (TriageState::Snoozed(until), _) => format!("snoozed until {until}"),
            _ => state.word().to_owned(),
        };
        let (minor, days) = (record.minor("amount"), record.days_overdue(day));
        let cell = |name: &str| {
            record.spec().position(name).map(|at| record.cell(at).into_owned()).unwrap_or_default()
        };
        let odd_amount = record.value("amount").odd_amount();
        let amount = match &odd_amount {
            Some(came) => Some(format!("{}?", came.escaped())),
            None => record.money("amount").map(|_| cell("amount")),
        };
        let currency = match record.currency() {
            Currency::UNKNOWN => shown(record.value("currency").raw_text()),
            code => code.code().to_owned(),
        };
        // Recipients may click the link, so only https links are exported.
        let link = Some(text("link_view")).filter(|link| link.starts_with("https://"));
        let cells = [
            shown(record.reference("id")),
            shown(record.booking()),
            shown(owner),
            amount.unwrap_or_default(),
            currency,
            cell("due_date"),
            days.map(|days| days.to_string()).unwrap_or_default(),
            text("status").replace('_', " "),
            decision,
            entry.map(|entry| sanitize(&entry.note).into_owned()).unwrap_or_default(),
            link.unwrap_or_default(),
        ];
        Self { cells, minor, odd_amount, days }
    }
}

fn side((name, _): (&str, &str)) -> Side {
    if matches!(name, "amount" | "days") { Side::Right } else { Side::Left }
}

/// Writes a worklist; a format that is not one of [`Format::WORKLIST`] is a table, in `room` cells if
/// it is for a terminal.
pub fn render(items: &[Item], format: Format, room: Option<usize>) -> Result<String, String> {
    match format {
        Format::Csv => csv(std::iter::once(names()).chain(items.iter().map(for_spreadsheet))),
        Format::Json => {
            let all: Vec<_> = items.iter().map(object).collect();
            serde_json::to_string_pretty(&all)
                .map(|text| text + "\n")
                .map_err(|why| why.to_string())
        }
        Format::Markdown => {
            Ok(markdown::table(&titles(), &COLUMNS.map(side), items.iter().map(in_markdown)))
        }
        _ => {
            let (titles, columns) = shown_columns();
            Ok(aligned(titles, items.iter().map(shown_cells), columns, room))
        }
    }
}

/// As [`render`], for several customers.
pub fn render_all(
    all: &[CustomerRows<Item>],
    format: Format,
    room: Option<usize>,
) -> Result<String, String> {
    match format {
        Format::Csv => csv_of(all, COLUMNS.map(|(name, _)| name), for_spreadsheet),
        Format::Json => json_of(all, object),
        Format::Markdown => Ok(markdown_of(all, (titles(), COLUMNS.map(side)), in_markdown)),
        _ => Ok(table_of(all, shown_columns(), shown_cells, room)),
    }
}

fn names() -> [String; COLUMNS.len()] {
    COLUMNS.map(|(name, _)| name.to_owned())
}

fn titles() -> [String; COLUMNS.len()] {
    COLUMNS.map(|(_, title)| title.to_owned())
}

/// Amounts without commas, as spreadsheets read them.
fn for_spreadsheet(item: &Item) -> [String; COLUMNS.len()] {
    let mut sides = COLUMNS.map(side).into_iter();
    item.cells.each_ref().map(|cell| match sides.next() {
        Some(Side::Right) if !cell.ends_with('?') => cell.replace(',', ""),
        _ => guarded(cell),
    })
}

/// Tables are without ids and links, which are too long for a terminal; the other formats have them.
fn is_shown((name, _): &(&str, &str)) -> bool {
    !matches!(*name, "id" | "link_view")
}

fn shown_columns() -> (Vec<String>, Vec<(Side, Place)>) {
    let columns = COLUMNS.into_iter().filter(is_shown);
    columns.map(|column| (column.1.to_owned(), (side(column), place(column.0)))).unzip()
}

fn shown_cells(item: &Item) -> Vec<String> {
    let cells = COLUMNS.iter().zip(&item.cells).filter(|(column, _)| is_shown(column));
    cells.map(|(_, cell)| cell.clone()).collect()
}

/// What gives way on a narrow terminal: the note first, the days last.
fn place(name: &str) -> Place {
    match name {
        "days" => Place::hidden_by(1),
        "decision" => Place::cut_to(10, 2),
        "owner" => Place::cut_to(10, 3),
        "status" => Place::hidden_by(4),
        "due_date" => Place::hidden_by(5),
        "note" => Place::cut_to(10, 6),
        _ => Place::FIXED,
    }
}

fn object(item: &Item) -> Map<String, Value> {
    let cells = COLUMNS.iter().zip(&item.cells).map(|((name, _), cell)| match *name {
        // Minor units, or the unchanged text if it is not a whole number of them.
        "amount" => match &item.odd_amount {
            Some(came) => ("amount", json!(came.shown())),
            None => ("amount", json!(item.minor)),
        },
        "days" => ("days", json!(item.days)),
        "id" => ("id", json!(cell)),
        name => (name, json!((!cell.is_empty()).then_some(cell))),
    });
    cells.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn in_markdown(item: &Item) -> [String; COLUMNS.len()] {
    let mut cells = item.cells.clone().map(|cell| plain(&cell));
    // A link without special characters is not escaped, so that it stays a link.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:/?#@&=%+~".contains(c);
    let url = item.cells.last().filter(|url| url.chars().all(is_plain));
    if let Some((shown, url)) = cells.last_mut().zip(url) {
        shown.clone_from(url);
    }
    cells
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::list::Spec;
    use crate::triage::Decision;
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
        let owner = Untrusted::new("=Ana | Ruiz");
        let rows = records.iter().zip([Some(&owner), None]);
        rows.map(|(record, owner)| Item::of(record, owner, &memory, day, day)).collect()
    }

    #[test]
    fn what_no_sum_can_take_is_as_it_came_in_each_form() {
        let spec = Spec::named("penalties").unwrap();
        let (memory, day) = (Memory::default(), NaiveDate::default());
        let rows = [
            r#"{"amount":"2,000.5","currency":"EUR"}"#,
            r#"{"amount":100,"currency":"Euro"}"#,
            r#"{"amount":"=200 EUR","currency":"EUR"}"#,
        ];
        let item = |json: &str| Item::of(&Record::read(spec, json), None, &memory, day, day);
        let items = rows.map(item);
        let csv = render(&items, Format::Csv, None).unwrap();
        assert!(csv.contains("\"2,000.5?\",EUR") && csv.contains(",1.00,Euro"), "{csv}");
        assert!(csv.contains("'=200 EUR?,EUR"), "{csv}");
        let table = render(&items, Format::Table, None).unwrap();
        assert!(table.contains("2,000.5?  EUR") && table.contains("1.00  Euro"), "{table}");
        let json: serde_json::Value =
            serde_json::from_str(&render(&items, Format::Json, None).unwrap()).unwrap();
        assert_eq!(json[0]["amount"], "2,000.5");
        assert_eq!((&json[1]["amount"], &json[1]["currency"]), (&100.into(), &"Euro".into()));
        for object in json.as_array().unwrap() {
            let names: std::collections::BTreeSet<&str> =
                object.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, COLUMNS.map(|(name, _)| name).into(), "json has the names of csv");
        }
    }

    #[test]
    fn a_column_has_the_name_that_it_has_in_the_list_of_penalties() {
        let spec = Spec::named("penalties").unwrap();
        let listed = spec.positions().filter_map(|at| spec.described(at));
        let listed: Vec<&str> = listed.map(|field| field.name).collect();
        for (name, _) in COLUMNS.iter().filter(|(name, _)| !["decision", "note"].contains(name)) {
            assert!(listed.contains(name), "{name}");
        }
    }

    #[test]
    fn each_form_holds_every_penalty_and_no_cell_is_a_formula() {
        let csv = render(&items(), Format::Csv, None).unwrap();
        let expected = "id,booking_id,owner,amount,currency,due_date,days,status,decision,note,\
             link_view\np-1,BK1,'=Ana | Ruiz,1234.56,EUR,2026-11-01,19,notify,request waiver,\"'-he said, \"\"no\"\" \",\
             https://valora.spotahome.com/p/a_1\n\
             '=1+1,a|b,,-5,JPY,,,'=cmd(),,,\n";
        assert_eq!(csv, expected);
        let json: serde_json::Value =
            serde_json::from_str(&render(&items(), Format::Json, None).unwrap()).unwrap();
        assert_eq!(json[0]["amount"], 123_456);
        assert_eq!(json[0]["decision"], "request waiver");
        assert_eq!(json[0]["owner"], "=Ana | Ruiz");
        assert_eq!(json[1]["owner"], serde_json::Value::Null, "who is not known is nobody");
        assert_eq!(json[1]["days"], serde_json::Value::Null);
        assert_eq!(json[1]["link_view"], serde_json::Value::Null);
        let markdown = render(&items(), Format::Markdown, None).unwrap();
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[2].contains("https://valora.spotahome.com/p/a_1"), "{}", lines[2]);
        assert!(lines[3].contains("a\\|b") && lines[3].contains("=cmd\\(\\)"), "{}", lines[3]);
        let table = render(&items(), Format::Table, None).unwrap();
        assert!(table.contains("1,234.56  EUR  2026-11-01       19"), "{table}");
    }

    #[test]
    fn a_table_for_a_terminal_fits_it_and_keeps_amounts_and_bookings() {
        for room in 30..160 {
            let table = render(&items(), Format::Table, Some(room)).unwrap();
            let (titles, rows) = table.split_once('\n').unwrap();
            let is_whole = titles.contains("note") && titles.contains("owner");
            assert_eq!(titles.contains("  +"), !is_whole, "{room}: {table}");
            for line in table.lines() {
                assert!(line.trim_end().width() <= room, "{room}: {table}");
            }
            assert!(rows.contains("1,234.56  EUR") && rows.contains("BK1"), "{room}: {table}");
        }
    }
}
