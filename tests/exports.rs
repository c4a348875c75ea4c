//! Exported files hold the API's text as text: no formula, no tag, no link, no attribute, whatever it is;
//! and the amounts of a workbook add up to the figures of the list.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "exports/attacked.rs"]
mod attacked;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use calamine::{Data, DataType, Reader, Xlsx};
use chrono::NaiveDate;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::json;
use valora::customers::state::{CustomerRow, RowState, Trouble};
use valora::domain::failure::{Advice, Failure, Kind as FailureKind};
use valora::domain::money::{Currency, Sums};
use valora::domain::text::Untrusted;
use valora::export::rows::{Layout, RowWriter};
use valora::export::worklist::{self, Item};
use valora::export::{Dialect, Format, Output, changes, customers};
use valora::figures::Figures;
use valora::journal::rows::Entry;
use valora::list::record::Record;
use valora::list::{ALL, Kind, Spec};
use valora::triage::memory::Memory;

use attacked::{booking, changed, row};

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
    parts.map(|part| part.split_once('>').unwrap().0.to_owned()).collect()
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
        // Without the quoted values, only names of attributes are left.
        let names = tag.split('"').step_by(2).flat_map(str::split_whitespace).skip(1);
        for name in names.filter(|name| *name != "html" || !tag.starts_with('!')) {
            let is_known = ["style=", "class=", "lang=", "charset=", "http-equiv=", "content="];
            assert!(is_known.contains(&name), "<{tag}>");
        }
    }
    let tables = page.split_once("<body").unwrap().1;
    for attribute in ["href", "src", "onerror", "onmouseover"] {
        let is_one = |tag: &String| tag.contains(&format!("{attribute}="));
        assert!(!tags(tables).iter().any(is_one), "{attribute} in {page}");
    }
}

/// Refuses tags that depend on the data: the page of harmless text has the same ones.
fn check_same_tags(page: &str, harmless: &str) {
    check_page(page);
    assert_eq!(tags(page), tags(harmless));
}

/// As [`check_same_tags`], for files whose number of rows depends on the text.
fn check_known_tags(page: &str, harmless: &str) {
    let all = |page: &str| tags(page).into_iter().collect::<BTreeSet<_>>();
    let (own, known) = (all(page), all(harmless));
    assert!(own.is_subset(&known), "{:?}", own.difference(&known));
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
        let item = |text: &str| {
            let penalty = row(Spec::named("penalties").unwrap(), text, 5);
            let owner = Untrusted::new(text);
            Item::of(&penalty, Some(&owner), &Memory::default(), today(), today())
        };
        let of = |text: &str, format| worklist::render(&[item(text)], Output::of(format)).unwrap();
        let html = |text: &str| as_text(of(text, Format::Html));
        check_same_tags(&html(&text), &html("x"));
        check_workbook(&of(&text, Format::Xlsx));
        check_markdown(&as_text(of(&text, Format::Markdown)));
        for dialect in [Dialect::Plain, Dialect::Excel] {
            let output = Output { dialect, ..Output::of(Format::Csv) };
            let csv = as_text(worklist::render(&[item(&text)], output).unwrap());
            // A spreadsheet of another country splits it at the other separator.
            for delimiter in [b',', b';'] {
                let mut reader = csv::ReaderBuilder::new();
                let reader = reader.delimiter(delimiter).flexible(true).has_headers(false);
                for record in reader.from_reader(csv.as_bytes()).records() {
                    for cell in &record.unwrap() {
                        let is_number = cell.replace(',', ".").parse::<f64>().is_ok();
                        let is_sign = cell.starts_with(['=', '+', '-', '@']);
                        prop_assert!(is_number || !is_sign, "{:?} in {}", cell, csv);
                    }
                }
            }
        }
    }

    #[test]
    fn the_text_of_changes_and_customers_is_text_in_each_file(text in text()) {
        let changes = |text: &str, format| {
            let entries = changed(text);
            let entries: Vec<&Entry> = entries.iter().collect();
            assert!(!entries.is_empty());
            changes::render(&entries, Output::of(format)).unwrap()
        };
        let customers = |text: &str, format| {
            let text = Untrusted::new(text).shown().into_owned();
            let failure = Failure::new(FailureKind::Passing, text.clone(), text.clone(), Advice::Retry);
            let state = RowState::Failed(Trouble::of_failure(failure));
            let (profile, environment) = (text.clone(), text);
            let row = CustomerRow { profile, environment, is_production: true, state };
            customers::render(&[row], Output::of(format)).unwrap()
        };
        let html = |text: &str| {
            [as_text(changes(text, Format::Html)), as_text(customers(text, Format::Html))]
        };
        for (page, harmless) in html(&text).iter().zip(&html("x")) {
            check_page(page);
            check_known_tags(page, harmless);
        }
        check_markdown(&as_text(changes(&text, Format::Markdown)));
        check_markdown(&as_text(customers(&text, Format::Markdown)));
        check_workbook(&changes(&text, Format::Xlsx));
        check_workbook(&customers(&text, Format::Xlsx));
    }

    #[test]
    fn the_text_of_a_booking_is_text_in_its_statement_and_its_workbook(text in text()) {
        for is_for_owner in [true, false] {
            let Some(page) = booking(&text, is_for_owner, Format::Html) else {
                return Err(TestCaseError::reject("no booking"));
            };
            let page = as_text(page);
            check_page(&page);
            let harmless = as_text(booking("x", is_for_owner, Format::Html).unwrap());
            check_known_tags(&page, &harmless);
            check_workbook(&booking(&text, is_for_owner, Format::Xlsx).unwrap());
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
        let book = written(spec, &rows, Format::Xlsx);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
        for row in book.worksheet_range("Summary").unwrap().rows().skip(1) {
            let code = row[0].to_string();
            let Data::Float(value) = row[2] else { panic!("{row:?}") };
            let decimals = match code.as_str() { "JPY" => 0, "KWD" => 3, _ => 2 };
            let told = figures.open.sums.of(Currency::parse(&code).unwrap());
            let shown = format!("{value:.decimals$}").replace('.', "");
            prop_assert_eq!(shown.parse::<i128>().unwrap(), told, "{}", code);
        }
        let told = |sums: &Sums| -> BTreeMap<String, i128> {
            sums.iter().map(|(code, minor)| (code.code().to_owned(), minor)).collect()
        };
        prop_assert_eq!(added, told(&figures.open.sums));
    }
}
