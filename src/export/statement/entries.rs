//! The entries of a statement: planned payments, and all charges and payouts, in the words of an owner.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::figures::{When, has_known_status, is_kept, when};
use super::own::Own;
use super::reader::{Reader, day};
use crate::conciliation::ledger::{Column, Inclusion, Kind, Line};
use crate::conciliation::{Role, SECTIONS};
use crate::domain::money::{Currency, format_money};
use crate::domain::normalize::{capitalized, is_same_word};
use crate::domain::text::Untrusted;
use crate::export::html;
use crate::figures::Counted;
use crate::list::record::{Record, Value};
use crate::list::scheduled::{reason, reason_in_words};

/// The fields with the number of a document.
const NUMBERS: [&str; 2] = ["doc_number", "invoice_number"];

/// A planned payment.
pub(super) struct Planned<'a> {
    pub(super) line: &'a Line,
    /// Why it is on hold, as [`reason`] returns it.
    pub(super) held: Option<usize>,
}

pub(super) struct Entries<'a> {
    own: &'a Own<'a>,
    reader: Reader,
    pub(super) planned: Vec<Planned<'a>>,
}

/// A cell, and whether it is an amount.
type Cell = (String, bool);

fn text(text: impl Into<String>) -> Cell {
    (text.into(), false)
}

impl<'a> Entries<'a> {
    pub(super) fn of(own: &'a Own<'a>, reader: Reader) -> Self {
        let held = |line| own.record(line).and_then(reason);
        let planned = own.ledger.scheduled.iter().map(|line| Planned { line, held: held(line) });
        Self { own, reader, planned: planned.collect() }
    }

    /// The planned payments with what each waits for.
    pub(super) fn to_come(&self) -> String {
        let row = |planned: &Planned<'_>| {
            let state = planned.held.map_or("planned", |why| held(why, self.reader).0);
            let state = match planned.line.in_no_sum {
                Some(_) => format!("{state}; {UNCLEAR}"),
                None => state.to_owned(),
            };
            let mut cells = vec![
                text(date(planned.line)),
                (money(planned.line, Column::Paid), true),
                text(state),
            ];
            self.insert_name(&mut cells, 1, planned.line);
            row(&cells)
        };
        let rows: String = self.planned.iter().map(row).collect();
        let mut titles = vec![text("Date"), ("Amount".to_owned(), true), text("State")];
        self.insert(&mut titles, 1, "Name".to_owned());
        match (rows.is_empty(), self.own.knows_planned()) {
            (true, true) => String::new(),
            (true, false) => {
                heading("Planned payments", "It is not known which payments are planned.")
            }
            (false, _) => section("Planned payments", &titles, &rows),
        }
    }

    pub(super) fn past(&self) -> String {
        let row = |line: &Line| {
            let mut cells = vec![
                text(date(line)),
                text(what(line)),
                text(self.document(line)),
                (money(line, Column::Charged), true),
                (money(line, Column::Paid), true),
                text(self.state(line)),
            ];
            self.insert_name(&mut cells, 3, line);
            row(&cells)
        };
        let rows: String = self.own.ledger.lines.iter().map(row).collect();
        if rows.is_empty() {
            let is_known = |role| self.own.is_known(role);
            let are_known = SECTIONS.iter().map(|kind| kind.role).all(is_known);
            let words =
                if are_known { "There are no entries yet." } else { "The entries are not known." };
            return heading("Entries", words);
        }
        let mut titles = ["Date", "What", "Document"].map(text).to_vec();
        titles.extend([("Charged".to_owned(), true), (format!("Paid{}", self.reader.to()), true)]);
        titles.push(text("State"));
        self.insert(&mut titles, 3, "Name".to_owned());
        section("Entries", &titles, &rows)
    }

    fn insert_name(&self, cells: &mut Vec<Cell>, at: usize, line: &Line) {
        self.insert(cells, at, self.own.name_of(line));
    }

    /// If the statement is about several people, each line names one.
    fn insert(&self, cells: &mut Vec<Cell>, at: usize, name: String) {
        if self.reader == Reader::Owners {
            cells.insert(at, text(name));
        }
    }

    /// The number of the document, never an id.
    fn document(&self, line: &Line) -> String {
        let record = self.own.record(line);
        let number = record.and_then(|row| NUMBERS.iter().find_map(|name| row.reference(name)));
        number.map_or_else(String::new, |number| number.shown().into_owned())
    }

    /// What became of a line; empty for what needs no word.
    fn state(&self, line: &Line) -> String {
        let mut words = Vec::new();
        match &line.inclusion {
            Inclusion::Dropped(word) if is_kept(word) => {
                words.push("not claimed at present".to_owned());
            }
            Inclusion::Dropped(word) => {
                words.push(format!("{word}: {} it", self.reader.does_not_have_to_pay()));
            }
            Inclusion::Repeats(number) => words.push(format!("included in {}", number.shown())),
            Inclusion::Counts | Inclusion::ToCome => {}
        }
        if line.in_no_sum.is_some() {
            words.push(UNCLEAR.to_owned());
        }
        let record = self.own.record(line);
        match (line.kind, &line.inclusion) {
            (Kind::Payout, _) => words.extend(paid(line)),
            (_, Inclusion::Dropped(_)) => {}
            (Kind::Penalty | Kind::Debt, _) => {
                words.extend(record.into_iter().flat_map(|it| self.open(line, it)));
            }
            _ => {}
        }
        words.extend(record.and_then(cancelled));
        words.join(", ")
    }

    /// The status of a fine or a debt, and what remains to be paid if it is not all.
    fn open(&self, line: &Line, record: &Record) -> Vec<String> {
        let mut words = vec![self.status(record, line.is_future)];
        if !record.is_open() || !has_known_status(record) {
            return words;
        }
        match Counted::of(record, NaiveDate::default()).amount {
            Ok((minor, _)) if line.charged == Some(minor) => {}
            Ok((0, _)) => words.push("nothing left to pay".to_owned()),
            Ok((minor, currency)) if minor < 0 => {
                let minor = format_money(minor.abs(), currency);
                words.push(format!("{minor} {}", self.reader.in_favor()));
            }
            Ok((minor, currency)) => {
                words.push(format!("{} left to pay", format_money(minor, currency)));
            }
            Err(_) if line.in_no_sum.is_some() => {}
            Err(_) => words.push("not clear what is left to pay".to_owned()),
        }
        words
    }

    /// The word of an open or closed charge.
    fn status(&self, record: &Record, is_future: bool) -> String {
        let status = record.status().unwrap_or_default();
        let is = |word: &str| is_same_word(word, status);
        let shown = || Untrusted::new(status.replace('_', " ")).shown().to_lowercase();
        match status {
            _ if !has_known_status(record) => {
                let words = "not known if it is still to be paid";
                if self.own.export.is_for_owner || status.is_empty() {
                    words.to_owned()
                } else {
                    format!("{words} (status {})", shown())
                }
            }
            _ if is("pending") && is_future => "not due yet".to_owned(),
            _ if is("pending") || is("notify") => "to be paid".to_owned(),
            _ => shown(),
        }
    }
}

const UNCLEAR: &str = "not in the sums: the amount or its currency is not clear";

/// What is said of a payout that is not paid yet, or may not be.
fn paid(line: &Line) -> Option<String> {
    match (when(line), line.date) {
        (When::Announced, Some(date)) => Some(format!("announced for {}", day(date))),
        (When::Undated, _) => Some("no date: not known if it was paid".to_owned()),
        _ => None,
    }
}

/// `cancelled on 9 Feb 2026`: the records do not say what was cancelled, so it changes no figure.
fn cancelled(record: &Record) -> Option<String> {
    match record.value("cancelled_on") {
        Value::Flag(true) => Some("cancelled".to_owned()),
        value => value.date().map(|date| format!("cancelled on {}", day(date))),
    }
}

/// Why payments are on hold: as the state of one, and after `is` or `are`.
pub(super) fn held(reason: usize, reader: Reader) -> (&'static str, &'static str) {
    match (reason_in_words(reason), reader == Reader::You) {
        ("needs IBAN", true) => {
            ("on hold: your IBAN is missing", "on hold because your IBAN is missing")
        }
        ("needs IBAN", false) => {
            ("on hold: the IBAN is missing", "on hold because the IBAN is missing")
        }
        ("needs account details", true) => (
            "on hold: details of your bank account are missing",
            "on hold because details of your bank account are missing",
        ),
        ("needs account details", false) => (
            "on hold: details of the bank account are missing",
            "on hold because details of the bank account are missing",
        ),
        ("blocked by debt", _) => {
            ("on hold: a debt is not paid yet", "on hold because a debt is not paid yet")
        }
        ("delayed", _) => ("delayed", "delayed"),
        _ => ("on hold", "on hold"),
    }
}

/// A fine or a debt in a sentence.
pub(super) fn named(role: Role, record: &Record) -> String {
    let noun = if role == Role::Debt { "a debt" } else { "a fine" };
    let due = record.date("due_date").map(|due| format!(" (due {})", day(due)));
    format!("{noun}{}", due.unwrap_or_default())
}

fn what(line: &Line) -> &'static str {
    match line.kind {
        Kind::Invoice => "Invoice",
        Kind::CreditNote => "Credit note",
        Kind::Penalty => "Fine",
        Kind::Debt => "Debt",
        Kind::Payout | Kind::Scheduled => "Payment",
    }
}

fn date(line: &Line) -> String {
    line.date.map_or_else(|| "no date".to_owned(), day)
}

/// With its currency; empty if the line has no amount in this column.
fn money(line: &Line, column: Column) -> String {
    let amount = Some(line.cell(column)).filter(|cell| cell != "?").unwrap_or_default();
    let currency: Cow<'_, str> = match &line.unknown_currency {
        Some(text) => text.shown(),
        None if line.currency == Currency::NONE => "".into(),
        None => line.currency.code().into(),
    };
    if amount.is_empty() { amount } else { format!("{currency} {amount}").trim().to_owned() }
}

fn heading(title: &str, words: &str) -> String {
    format!("<h2>{title}</h2>\n<p>{words}</p>\n")
}

fn class(is_amount: bool) -> &'static str {
    if is_amount { " class=\"amount\"" } else { "" }
}

fn section(title: &str, titles: &[Cell], rows: &str) -> String {
    let head = titles
        .iter()
        .map(|(title, is_amount)| format!("<th{}>{}</th>", class(*is_amount), html::escape(title)));
    let head: String = head.collect();
    format!(
        "<h2>{title}</h2>\n<table>\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n\
         </table>\n"
    )
}

fn row(cells: &[Cell]) -> String {
    let last = cells.len().saturating_sub(1);
    let cells = cells.iter().enumerate().map(|(at, (cell, is_amount))| {
        let cell = if at == last { capitalized(cell) } else { cell.clone() };
        format!("<td{}>{}</td>", class(*is_amount), html::escape(&cell))
    });
    format!("<tr>{}</tr>\n", cells.collect::<String>())
}
