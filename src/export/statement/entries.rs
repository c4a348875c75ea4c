//! The entries of a statement: planned payments, and all charges and payouts, in the words of an owner.

use std::borrow::Cow;

use super::{Reader, day};
use crate::conciliation::ledger::{Column, Inclusion, Kind, Ledger, Line, Source};
use crate::conciliation::report::ExtraList;
use crate::domain::money::{Currency, Sums, format_money};
use crate::domain::normalize::{capitalized, is_same_word};
use crate::domain::text::Untrusted;
use crate::export::{BookingExport, html};
use crate::list::record::Record;
use crate::list::scheduled::{reason, reason_in_words};

/// The fields with the number of a document.
const NUMBERS: [&str; 2] = ["doc_number", "invoice_number"];

/// Counted charges of a kind.
pub(super) fn charged(ledger: &Ledger, kind: Kind) -> Sums {
    sums(ledger, |line| line.kind == kind && line.counts(), |line| line.charged)
}

pub(super) fn paid(ledger: &Ledger) -> Sums {
    sums(ledger, |line| line.kind == Kind::Payout && line.counts(), |line| line.paid)
}

pub(super) fn waived(ledger: &Ledger) -> Sums {
    let is_waived =
        |line: &Line| line.kind == Kind::Penalty && matches!(line.inclusion, Inclusion::Dropped(_));
    sums(ledger, is_waived, |line| line.charged.filter(|_| line.in_no_sum.is_none()))
}

fn sums(
    ledger: &Ledger,
    is_wanted: impl Fn(&Line) -> bool,
    amount: impl Fn(&Line) -> Option<i128>,
) -> Sums {
    let mut sums = Sums::default();
    for line in ledger.lines.iter().filter(|line| is_wanted(line)) {
        if let Some(minor) = amount(line) {
            sums.add(minor, line.currency);
        }
    }
    sums
}

/// A planned payment.
pub(super) struct Planned<'a> {
    pub(super) line: &'a Line,
    /// Why it is on hold, as [`reason`] returns it.
    pub(super) held: Option<usize>,
}

pub(super) struct Entries<'a> {
    ledger: &'a Ledger,
    export: &'a BookingExport<'a>,
    pub(super) planned: Vec<Planned<'a>>,
}

impl<'a> Entries<'a> {
    pub(super) fn of(export: &'a BookingExport<'a>) -> Self {
        let ledger = &export.report.ledger;
        let scheduled = &export.sources.of(ExtraList::Scheduled).rows;
        let planned = ledger.scheduled.iter().map(|line| {
            let record = match line.source {
                Source::Scheduled(at) => scheduled.get(at),
                Source::Row(_) => None,
            };
            Planned { line, held: record.and_then(reason) }
        });
        Self { ledger, export, planned: planned.collect() }
    }

    pub(super) fn planned(&self) -> Sums {
        sum_of(self.planned.iter())
    }

    /// The planned payments with what each waits for.
    pub(super) fn to_come(&self, reader: Reader) -> String {
        let row = |planned: &Planned<'_>| {
            let state = planned.held.map_or("planned", |why| held(why, reader).0);
            let cells = [date(planned.line), money(planned.line, Column::Paid), state.into()];
            row(cells, &[1])
        };
        let rows: String = self.planned.iter().map(row).collect();
        if rows.is_empty() {
            return String::new();
        }
        section("Planned payments", ["Date", "Amount", "State"], &[1], &rows)
    }

    pub(super) fn past(&self, reader: Reader) -> String {
        let row = |line: &Line| {
            let cells = [
                date(line),
                what(line).into(),
                self.document(line),
                money(line, Column::Charged),
                money(line, Column::Paid),
                self.state(line, reader),
            ];
            row(cells, &[3, 4])
        };
        let rows: String = self.ledger.lines.iter().map(row).collect();
        if rows.is_empty() {
            return "<h2>Entries</h2>\n<p>There are no entries yet.</p>\n".to_owned();
        }
        let paid = if reader.is_owner { "Paid to you" } else { "Paid to the owner" };
        let titles = ["Date", "What", "Document", "Charged", paid, "State"];
        section("Entries", titles, &[3, 4], &rows)
    }

    fn record(&self, line: &Line) -> Option<&Record> {
        match line.source {
            Source::Row(at) => self.export.report.booking.row(at),
            Source::Scheduled(_) => None,
        }
    }

    /// The number of the document, never an id.
    fn document(&self, line: &Line) -> String {
        let record = self.record(line);
        let number = record.and_then(|row| NUMBERS.iter().find_map(|name| row.reference(name)));
        number.map_or_else(String::new, |number| number.shown().into_owned())
    }

    /// What became of a charge; empty for what needs no word.
    fn state(&self, line: &Line, reader: Reader) -> String {
        let you = if reader.is_owner { "you do" } else { "the owner does" };
        match &line.inclusion {
            Inclusion::Dropped(word) => return format!("{word}: {you} not have to pay it"),
            Inclusion::Repeats(number) => return format!("included in {}", number.shown()),
            Inclusion::Counts | Inclusion::ToCome => {}
        }
        if line.in_no_sum.is_some() {
            return "not in the sums: the amount or its currency is not clear".to_owned();
        }
        let is_charge = matches!(line.kind, Kind::Penalty | Kind::Debt);
        let Some(record) = self.record(line).filter(|_| is_charge) else { return String::new() };
        let remaining = record.minor("remaining_amount").filter(|_| record.is_open());
        let left = remaining.filter(|left| line.charged != Some(i128::from(*left)));
        let left = left.map(|left| {
            let left = format_money(left.into(), line.currency);
            format!(", {left} left to pay")
        });
        let word = status(record, line.is_future);
        format!("{word}{}", left.unwrap_or_default())
    }
}

pub(super) fn sum_of<'p>(planned: impl Iterator<Item = &'p Planned<'p>>) -> Sums {
    let mut sums = Sums::default();
    for line in planned.map(|it| it.line).filter(|line| line.in_no_sum.is_none()) {
        sums.add(line.paid.unwrap_or_default(), line.currency);
    }
    sums
}

/// Why payments are on hold: as a state, and as the end of a sentence.
pub(super) fn held(reason: usize, reader: Reader) -> (&'static str, &'static str) {
    match (reason_in_words(reason), reader.is_owner) {
        ("needs IBAN", true) => ("on hold: your IBAN is missing", " because your IBAN is missing"),
        ("needs IBAN", false) => ("on hold: the IBAN is missing", " because the IBAN is missing"),
        ("needs account details", true) => (
            "on hold: details of your bank account are missing",
            " because details of your bank account are missing",
        ),
        ("needs account details", false) => (
            "on hold: details of the bank account are missing",
            " because details of the bank account are missing",
        ),
        ("blocked by debt", _) => {
            ("on hold: a debt is not paid yet", " because a debt is not paid yet")
        }
        ("delayed", _) => ("delayed", " for the moment, because they are delayed"),
        _ => ("on hold", ""),
    }
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

/// The word of an open or closed charge; an unknown status is shown as it is.
fn status(record: &Record, is_future: bool) -> String {
    let status = record.status().unwrap_or_default();
    let is = |word: &str| is_same_word(word, status);
    match status {
        "" => String::new(),
        _ if is("overdue") => "overdue".to_owned(),
        _ if is("pending") && is_future => "not due yet".to_owned(),
        _ if is("pending") || is("notify") => "to be paid".to_owned(),
        other => Untrusted::new(other.replace('_', " ")).shown().to_lowercase(),
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

fn section<const N: usize>(title: &str, titles: [&str; N], right: &[usize], rows: &str) -> String {
    let head = titles.iter().enumerate().map(|(at, title)| {
        let class = if right.contains(&at) { " class=\"amount\"" } else { "" };
        format!("<th{class}>{}</th>", html::escape(title))
    });
    let head: String = head.collect();
    format!(
        "<h2>{title}</h2>\n<table>\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n\
         </table>\n"
    )
}

fn row<const N: usize>(cells: [String; N], right: &[usize]) -> String {
    let cells = cells.iter().enumerate().map(|(at, cell)| {
        let class = if right.contains(&at) { " class=\"amount\"" } else { "" };
        format!("<td{class}>{}</td>", html::escape(&capitalized_if_last(cell, at + 1 == N)))
    });
    format!("<tr>{}</tr>\n", cells.collect::<String>())
}

fn capitalized_if_last(cell: &str, is_last: bool) -> String {
    if is_last { capitalized(cell) } else { cell.to_owned() }
}
