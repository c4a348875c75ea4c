//! A booking as csv: a row a ledger line, then the totals, the checks and the sources.

use csv::Writer;

use super::Sheet;
use super::guard::guarded;
use crate::conciliation::Figure;
use crate::conciliation::checks::Outcome;
use crate::conciliation::ledger::Line;
use crate::conciliation::report::{ExtraList, State};
use crate::conciliation::row::counted;
use crate::conciliation::totals::{Compared, Comparison};
use crate::domain::money::{Currency, format_amount};
use crate::domain::text::Untrusted;

/// The columns. Amounts are in major units with a point, without grouping.
const HEADER: [&str; 11] = [
    "record",
    "booking",
    "date",
    "kind",
    "reference",
    "status",
    "charged",
    "paid",
    "currency",
    "balance",
    "note",
];

pub(super) fn render(sheet: &Sheet<'_>) -> Result<String, String> {
    let mut rows = Rows { booking: shown(&sheet.report.booking.reference), rows: Vec::new() };
    let findings = &sheet.report.findings;
    for line in findings.ledger.lines.iter().chain(&findings.ledger.scheduled) {
        ledger_line(&mut rows, line);
    }
    rows.note("verdict", "", &findings.verdict.headline());
    for reason in &findings.verdict.reasons {
        rows.note("reason", "", &reason.to_string());
    }
    for compared in &findings.totals.sections {
        total(&mut rows, compared);
    }
    for other in sheet.report.booking.other_totals() {
        let (name, figure) = other.in_words();
        rows.note("total", &name, &format!("server {figure}"));
    }
    for (key, json) in &sheet.report.booking.extras {
        rows.note("also in the answer", &shown(key), &json.escaped());
    }
    for checked in &findings.checks {
        let name = checked.check.name;
        match &checked.outcome {
            Outcome::Pass => rows.note("check", name, "pass"),
            Outcome::CannotCompute(why) => {
                rows.note("check", name, &format!("cannot be computed: {why}"));
            }
            Outcome::Fail(findings) => {
                for finding in findings {
                    rows.note("check", name, &format!("fail: {finding}"));
                }
            }
        }
    }
    for suggestion in &findings.suggestions {
        rows.note("suggestion", "", &suggestion.to_string());
    }
    for which in ExtraList::ALL {
        let source = sheet.sources.of(which);
        let note = match (&source.state, source.at) {
            (State::Unasked, _) => "not needed".to_owned(),
            (State::Failed(why), _) => format!("failed: {why}"),
            (State::Loaded, Some(at)) => {
                format!("at {}: {}", at.format("%Y-%m-%d %H:%M"), counted(source.rows.len()))
            }
            (State::Waiting | State::Loaded, _) => "not there yet".to_owned(),
        };
        rows.note("source", which.title(), &note);
    }
    rows.note("source", "Conciliation", &format!("at {}", sheet.at.format("%Y-%m-%d %H:%M")));
    rows.written()
}

struct Rows {
    booking: String,
    rows: Vec<[String; HEADER.len()]>,
}

impl Rows {
    fn note(&mut self, record: &str, kind: &str, note: &str) {
        let mut row: [String; HEADER.len()] = Default::default();
        record.clone_into(&mut row[0]);
        row[1].clone_from(&self.booking);
        row[3] = guarded(kind);
        row[10] = guarded(note);
        self.rows.push(row);
    }

    fn written(self) -> Result<String, String> {
        let mut writer = Writer::from_writer(Vec::new());
        let header = HEADER.map(str::to_owned);
        for row in std::iter::once(&header).chain(&self.rows) {
            writer.write_record(row).map_err(|why| why.to_string())?;
        }
        let bytes = writer.into_inner().map_err(|why| why.to_string())?;
        String::from_utf8(bytes).map_err(|why| why.to_string())
    }
}

fn ledger_line(rows: &mut Rows, line: &Line) {
    let money = |minor: Option<i128>| minor.map(|minor| plain(minor, line.currency));
    rows.rows.push([
        "line".to_owned(),
        rows.booking.clone(),
        line.date.map(|day| day.to_string()).unwrap_or_default(),
        line.kind.label().to_owned(),
        line.reference.as_ref().map(shown).unwrap_or_default(),
        line.status.as_ref().map(shown).unwrap_or_default(),
        money(line.charged).unwrap_or_default(),
        money(line.paid).unwrap_or_default(),
        line.currency.code().to_owned(),
        plain(line.balance, line.currency),
        guarded(&line.balance_effect.to_string()),
    ]);
}

/// A total: the server's figure as what is charged, the sum of its rows as what is paid would be
/// wrong in every sum of a column, so both stand in the note.
fn total(rows: &mut Rows, compared: &Compared) {
    let currency = compared.rows.only_currency().unwrap_or(Currency::NONE);
    let server = match &compared.server {
        Some(Figure::Minor(minor) | Figure::Count(minor)) => plain((*minor).into(), currency),
        Some(Figure::Odd(json)) => json.escaped().into_owned(),
        None => "not given".to_owned(),
    };
    let sums =
        if compared.rows.is_empty() { "nothing".to_owned() } else { compared.rows.to_string() };
    let outcome = match &compared.outcome {
        Comparison::Agrees => "agrees".to_owned(),
        Comparison::Differs(by) => format!("differs by {by}"),
        Comparison::Incomparable(why) => why.to_string(),
    };
    let note = format!("server {server}; rows {sums}; {outcome}");
    rows.note("total", compared.kind().title, &note);
}

/// An amount as a number: a point, no grouping.
fn plain(minor: i128, currency: Currency) -> String {
    format_amount(minor, currency).replace(',', "")
}

fn shown(text: &Untrusted) -> String {
    guarded(&text.escaped())
}
