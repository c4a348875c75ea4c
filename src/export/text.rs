//! A booking as text for a message: everything that the screen shows, in lines.

use std::fmt::Write;

use super::Sheet;
use crate::conciliation::Figure;
use crate::conciliation::checks::Outcome;
use crate::conciliation::ledger::{Ledger, Line};
use crate::conciliation::report::{ExtraList, State};
use crate::conciliation::rules::Explanation;
use crate::conciliation::totals::{Compared, Comparison, Incomparable};
use crate::domain::money::{Currency, format_amount, format_money};

pub(super) fn render(sheet: &Sheet<'_>) -> String {
    let mut out = Out(String::new());
    let findings = &sheet.report.findings;
    let reference = sheet.report.booking.reference.escaped();
    out.line(&format!("Booking {reference}: {}", findings.verdict.headline()));
    for reason in &findings.verdict.reasons {
        out.line(&format!("  {reason}"));
    }
    out.line(&format!("As of {}", sheet.at.format("%Y-%m-%d %H:%M")));
    out.title("Totals: the server's, and the sum of the rows");
    for compared in &findings.totals.sections {
        out.line(&format!("  {}", total(compared)));
    }
    if let (Some(Figure::Count(server)), Some(rows)) =
        (&findings.totals.count.server, findings.totals.count.rows)
    {
        out.line(&format!("  The server counts {server} transactions; the rows are {rows}"));
    }
    for other in sheet.report.booking.other_totals() {
        let (name, figure) = other.in_words();
        if !matches!(other.figure, Figure::Count(_)) {
            out.line(&format!("  {name}: server {figure}"));
        }
    }
    ledger(&mut out, &findings.ledger, sheet);
    out.title("Checks");
    for checked in &findings.checks {
        let name = checked.check.name;
        match &checked.outcome {
            Outcome::Pass => out.line(&format!("  pass  {name}")),
            Outcome::CannotCompute(why) => out.line(&format!("  ?     {name}: {why}")),
            Outcome::Fail(findings) => {
                for finding in findings {
                    out.line(&format!("  FAIL  {name}: {finding}"));
                }
            }
        }
    }
    if !findings.suggestions.is_empty() {
        out.title("Why not zero? Suggestions, none of them proven");
        for one in &findings.suggestions {
            out.line(&format!("  {one}"));
        }
    }
    sources(&mut out, sheet);
    out.0
}

struct Out(String);

impl Out {
    fn line(&mut self, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{}", text.trim_end());
    }

    fn title(&mut self, text: &str) {
        self.line("");
        self.line(text);
    }
}

fn total(compared: &Compared) -> String {
    let currency = compared.rows.only_currency().unwrap_or(Currency::NONE);
    let server = match &compared.server {
        Some(Figure::Minor(minor) | Figure::Count(minor)) => {
            format_amount((*minor).into(), currency)
        }
        Some(Figure::Odd(json)) => json.shown().into_owned(),
        None => "not given".to_owned(),
    };
    let sums =
        if compared.rows.is_empty() { "nothing".to_owned() } else { compared.rows.to_string() };
    let rows = if compared.count == 1 { "1 row" } else { &format!("{} rows", compared.count) };
    let outcome = match &compared.outcome {
        Comparison::Agrees => "agrees".to_owned(),
        Comparison::Differs(by) => format!("differs by {by}"),
        Comparison::Incomparable(Incomparable::SeveralCurrencies(seems)) => match seems.first() {
            Some(one) => format!("several currencies; it is {} ({})", one.words, Explanation::MARK),
            None => "several currencies".to_owned(),
        },
        Comparison::Incomparable(why) => why.to_string(),
    };
    format!("{}: {server}; {sums} in {rows}; {outcome}", compared.kind().title)
}

fn ledger(out: &mut Out, ledger: &Ledger, sheet: &Sheet<'_>) {
    out.title("Ledger");
    if ledger.lines.is_empty() && ledger.scheduled.is_empty() {
        out.line("  no rows");
        return;
    }
    let all = || ledger.lines.iter().chain(&ledger.scheduled);
    let mut widths = ["Reference".len(), "Charged".len(), "Paid".len(), "Balance".len()];
    for line in all() {
        for (width, text) in widths.iter_mut().zip(cells(line)) {
            *width = (*width).max(text.chars().count());
        }
    }
    let [reference, charged, paid, balance] = widths;
    out.line(&format!(
        "  {:<10}  {:<11}  {:<reference$}  {:>charged$}  {:>paid$}  {:>balance$}",
        "Date", "Kind", "Reference", "Charged", "Paid", "Balance"
    ));
    for (index, line) in all().enumerate() {
        if index == ledger.until_today {
            out.line(&format!("  ---------- today {} ----------", sheet.today));
        }
        let day = line.date.map_or_else(|| "no day".to_owned(), |day| day.to_string());
        let [name, charge, pay, left] = cells(line);
        out.line(&format!(
            "  {day:<10}  {:<11}  {name:<reference$}  {charge:>charged$}  {pay:>paid$}  {left:>balance$}  {}",
            line.kind.label(),
            note(line)
        ));
    }
    if all().count() <= ledger.until_today {
        out.line(&format!("  ---------- today {} ----------", sheet.today));
    }
    out.line(&format!("  Balance: {}", ledger.balance));
    if !ledger.left_out.is_empty() {
        out.line(&format!("  Left out of it: {}", ledger.left_out));
    }
}

/// The status of a line, and why it is in no balance.
fn note(line: &Line) -> String {
    let status = line.status.as_ref().map(|text| text.escaped().replace('_', " "));
    let balance_effect = line.balance_effect.to_string();
    let status = status.filter(|status| *status != balance_effect);
    let both = [status.unwrap_or_default(), balance_effect];
    both.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn cells(line: &Line) -> [String; 4] {
    let money = |minor: Option<i128>| {
        minor.map(|minor| format_money(minor, line.currency)).unwrap_or_default()
    };
    let reference = line.reference.as_ref().map(|text| text.escaped().into_owned());
    let balance = format_money(line.balance, line.currency);
    [reference.unwrap_or_default(), money(line.charged), money(line.paid), balance]
}

fn sources(out: &mut Out, sheet: &Sheet<'_>) {
    out.title("Sources");
    out.line(&format!("  Conciliation: at {}", sheet.at.format("%Y-%m-%d %H:%M")));
    for which in ExtraList::ALL {
        let source = sheet.sources.of(which);
        let at = source.at.map(|at| format!(" at {}", at.format("%Y-%m-%d %H:%M")));
        let (title, rows) = (which.title(), source.rows.len());
        match &source.state {
            State::Unasked => {}
            State::Waiting => out.line(&format!("  {title}: not there yet")),
            State::Loaded => out.line(&format!("  {title}: {rows}{}", at.unwrap_or_default())),
            State::Failed(why) => {
                out.line(&format!("  {title} could not be loaded: {why}"));
            }
        }
    }
    for (key, json) in &sheet.report.booking.extras {
        out.line(&format!("  Also in the answer: {}: {}", key.shown(), json.shown()));
    }
    for (which, rows) in &sheet.report.unmatched {
        out.line(&format!("  {}: {rows} not in the answer", which.title()));
    }
}
