//! Exported files hold the API's text as text: no formula, no tag, no link, no attribute, whatever it is;
//! and the amounts of a workbook add up to the figures of the list.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use calamine::{Data, DataType, Reader, Xlsx};
use chrono::NaiveDate;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};
use valora::conciliation::Conciliation;
use valora::conciliation::report::{BookingReport, Sources};
use valora::domain::money::Sums;
use valora::domain::text::Untrusted;
use valora::export::rows::{Layout, RowWriter};
use valora::export::worklist::{self, Item};
use valora::export::{BookingExport, Dialect, Format, Output, TenantPayments, render};
use valora::figures::Figures;
use valora::list::record::Record;
use valora::list::{ALL, Kind, Spec};
use valora::triage::memory::Memory;

const ATTACKS: &str = include_str!("../assets/sandbox/hostile.json");
const MORE: [&str; 18] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></table><a href=\"https://evil.example\">pay</a>",
    "\" onmouseover=\"alert(1)",
    "' style='background:url(https://evil.example)",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    "<r><t>rich</t></r>",
    "_x003C_b_x003E_",
    "[pay](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "www.evil.example",
    "mail@evil.example",
    "`` ` ``|x",
    "a\\|b | https://evil.example | `c`",
    "[x]: https://evil.example \"t\"",
];

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

/// A text of the corpus, pieces of two, or anything.
fn text() -> impl Strategy<Value = String> {
    let mut known: Vec<String> = serde_json::from_str(ATTACKS).unwrap();
    known.extend(MORE.map(str::to_owned));
    let attack = prop::sample::select(known);
    prop_oneof![
        attack.clone(),
        (attack.clone(), attack).prop_map(|(one, other)| format!("{one}{other}")),
        any::<String>(),
        "[<>&\"'=+@|`\\\\\\[\\]()!/:.a-z0-9_*#~-]{0,24}",
    ]
}

/// A row of a list whose texts, dates and words are all the same text.
fn row(spec: &'static Spec, text: &str, minor: i64) -> Record {
    let mut row = serde_json::Map::new();
    for field in spec.fields {
        let value = match field.kind {
            Kind::Minor | Kind::MinorEur => json!(minor),
            Kind::Currency => json!("EUR"),
            _ => json!(text),
        };
        row.insert(field.name.to_owned(), value);
    }
    row.insert(text.to_owned(), json!(text));
    Record::read(spec, &Value::Object(row).to_string())
}

fn written(spec: &'static Spec, rows: &[Record], format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = RowWriter::new(Layout::new(spec, format, today()), &mut out).unwrap();
    writer.write(rows).unwrap();
    writer.finish().unwrap();
    out
}

/// The tags of a page with their attributes, in order.
fn tags(page: &str) -> Vec<String> {
    let parts = page.split('<').skip(1);
    parts.map(|part| part.split_once('>').expect("a tag ends").0.to_owned()).collect()
}

/// Refuses all tags but these, and all attributes but those of tables and their styles.
fn check_page(page: &str) {
    const TAGS: [&str; 20] = [
        "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "table", "thead", "tbody",
        "tr", "th", "td", "p", "h1", "h2", "div", "br", "", "/",
    ];
    for tag in tags(page) {
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        assert!(TAGS.contains(&name), "<{tag}>");
        for attribute in tag.split('"').step_by(2).filter_map(|it| it.trim().strip_suffix('=')) {
            let name = attribute.split(' ').next_back().unwrap();
            let is_known = ["style", "class", "lang", "charset", "http-equiv", "content"];
            assert!(is_known.contains(&name), "<{tag}>");
        }
    }
    let tables = page.split_once("<body").unwrap().1;
    for attribute in ["href", "src", "onerror", "onmouseover"] {
        let is_one = |tag: &String| tag.contains(&format!("{attribute}="));
        assert!(!tags(tables).iter().any(is_one), "{attribute} in {page}");
    }
}

/// Refuses everything active in Markdown, also what some readers make of bare addresses.
fn check_markdown(text: &str) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_MATH
        | Options::ENABLE_FOOTNOTES;
    let mut columns = BTreeSet::new();
    let mut cells = 0;
    // Neighboring texts are one, as in the readers that find addresses.
    let mut plain = String::new();
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Text(part) => plain.push_str(&part),
            Event::Code(_) => plain.push(' '),
            Event::Start(Tag::TableRow | Tag::TableHead) => cells = 0,
            Event::Start(Tag::TableCell) => {
                cells += 1;
                plain.push('\n');
            }
            Event::End(pulldown_cmark::TagEnd::TableRow) => _ = columns.insert(cells),
            Event::Start(Tag::Table(_) | Tag::Paragraph) | Event::End(_) | Event::SoftBreak => {}
            other => panic!("{other:?} in {text}"),
        }
    }
    for mark in ["://", "www.", "@"] {
        assert!(!plain.contains(mark), "{mark} in {plain:?} of {text}");
    }
    assert!(columns.len() <= 1, "{text}");
}

/// The texts of the first sheet without titles; refuses formulas, links and elements that are not of cells.
fn check_workbook(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(!name.contains("worksheets/_rels") && !name.contains("externalLink"), "{name}");
        if !name.starts_with("xl/worksheets/") {
            continue;
        }
        let mut xml = String::new();
        file.read_to_string(&mut xml).unwrap();
        let known: BTreeSet<&str> = [
            "?xml",
            "worksheet",
            "sheetPr",
            "pageSetUpPr",
            "dimension",
            "sheetViews",
            "sheetView",
            "pane",
            "selection",
            "sheetFormatPr",
            "cols",
            "col",
            "sheetData",
            "row",
            "c",
            "is",
            "t",
            "v",
            "autoFilter",
            "pageMargins",
            "pageSetup",
            "ignoredErrors",
            "ignoredError",
        ]
        .into();
        for tag in tags(&xml) {
            let element = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
            assert!(known.contains(element), "<{tag}>");
        }
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let first = book.sheet_names()[0].clone();
    for name in book.sheet_names() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name}");
    }
    let range = book.worksheet_range(&first).unwrap();
    range.rows().skip(1).map(<[Data]>::to_vec).collect()
}

fn as_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_text_of_rows_is_text_in_each_file(text in text(), list in 0..ALL.len()) {
        let spec = ALL[list];
        let (rows, plain) = ([row(spec, &text, 5)], [row(spec, "x", 5)]);
        let page = as_text(written(spec, &rows, Format::Html));
        check_page(&page);
        let expected = as_text(written(spec, &plain, Format::Html));
        prop_assert_eq!(tags(&page), tags(&expected), "the tags do not depend on the data");
        check_markdown(&as_text(written(spec, &rows, Format::Markdown)));
        let cells = check_workbook(&written(spec, &rows, Format::Xlsx));
        let raw = Untrusted::new(&text);
        let shown = raw.escaped();
        if !shown.trim().is_empty() && spec.fields.iter().any(|field| field.kind == Kind::Text) {
            let is_there = |cell: &Data| cell.is_string() && cell.to_string().trim() == shown.trim();
            prop_assert!(cells[0].iter().any(is_there), "{:?} in {:?}", shown, cells);
        }
    }

    #[test]
    fn the_text_of_a_worklist_is_text_in_each_file(text in text()) {
        let penalty = row(Spec::named("penalties").unwrap(), &text, 5);
        let owner = Untrusted::new(&text);
        let item = Item::of(&penalty, Some(&owner), &Memory::default(), today(), today());
        let of = |format| worklist::render(&[item.clone()], Output::of(format)).unwrap();
        check_page(&as_text(of(Format::Html)));
        check_workbook(&of(Format::Xlsx));
        check_markdown(&as_text(of(Format::Markdown)));
        let excel = Output { dialect: Dialect::Excel, ..Output::of(Format::Csv) };
        let csv = as_text(worklist::render(&[item.clone()], excel).unwrap());
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(csv.as_bytes());
        for cell in reader.records().next().unwrap().unwrap().iter() {
            let is_number = cell.parse::<f64>().is_ok();
            prop_assert!(is_number || !cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }

    #[test]
    fn the_text_of_a_booking_is_text_in_its_statement_and_its_workbook(text in text()) {
        let fields = json!({"id": text, "status": text, "doc_number": text, "invoice_number": text,
            "invoice_to": text, "beneficiary": text, "type": text, "due_date": text, "amount": 5,
            "amount_gross": 5, "currency": text, text.clone(): text});
        let rows = json!([fields, {"amount": text, "amount_gross": text, "currency": "EUR"}]);
        let body = json!({"reference": text, "totals": {"debt": text, text.clone(): text},
            "invoicing": {"invoices": rows, "credit_notes": rows}, "penalties": rows, "debt": rows,
            "transactions": rows, text.clone(): [text]});
        let booking = Conciliation::read(&text, &body.to_string());
        prop_assume!(booking.is_some());
        let (sources, at) = (Sources::default(), today().and_hms_opt(9, 0, 0).unwrap());
        let report = BookingReport::of(&booking.unwrap(), &sources, today());
        for is_for_owner in [true, false] {
            let export = BookingExport {
                customer: Some(&text),
                report: &report,
                sources: &sources,
                tenant: TenantPayments::NotConfigured,
                at,
                today: today(),
                is_for_owner,
            };
            check_page(&as_text(render(&export, Output::of(Format::Html)).unwrap()));
            check_workbook(&render(&export, Output::of(Format::Xlsx)).unwrap());
        }
    }

    #[test]
    fn the_amounts_of_a_workbook_add_up_to_the_figures(
        minors in prop::collection::vec((-1_000_000_000_i64..1_000_000_000, 0..4_usize), 1..30),
    ) {
        let spec = Spec::named("transactions").unwrap();
        let codes = ["EUR", "JPY", "KWD", "PLN"];
        let record = |(minor, code): &(i64, usize)| {
            let row = json!({"booking_id": "BK1", "amount": minor, "currency": codes[*code]});
            Record::read(spec, &row.to_string())
        };
        let rows: Vec<Record> = minors.iter().map(record).collect();
        let figures = Figures::of(&rows, today());
        let cells = check_workbook(&written(spec, &rows, Format::Xlsx));
        let position = |name: &str| spec.positions().position(|at| Some(at) == spec.position(name));
        let (amount, currency) = (position("amount").unwrap(), position("currency").unwrap());
        let mut added: BTreeMap<String, i128> = BTreeMap::new();
        for row in cells {
            let Data::Float(value) = row[amount] else { panic!("{row:?}") };
            let code = row[currency].to_string();
            let decimals = match code.as_str() { "JPY" => 0, "KWD" => 3, _ => 2 };
            // The shortest decimal number that is read as this floating-point number.
            let shown = format!("{value}");
            let (whole, part) = shown.split_once('.').unwrap_or((&shown, ""));
            assert!(part.len() <= decimals, "{shown} {code}");
            let minor: i128 = format!("{whole}{part:0<decimals$}").parse().unwrap();
            *added.entry(code).or_default() += minor;
        }
        let told = |sums: &Sums| -> BTreeMap<String, i128> {
            sums.iter().map(|(code, minor)| (code.code().to_owned(), minor)).collect()
        };
        prop_assert_eq!(added, told(&figures.open.sums));
    }
}
