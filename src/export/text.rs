//! A booking as text for a message, with the lines of the screen.

use super::{BookingExport, Columns, Side};
use crate::conciliation::ledger::Column::{
    Charged, Currency, Day, Kind, Note, Paid, Reference, RunningTotal,
};
use crate::conciliation::ledger::{Column, Entry, Ledger};
use crate::conciliation::report::ReportLine;

const COLUMNS: [Column; 8] = [Day, Kind, Reference, Charged, Paid, Currency, RunningTotal, Note];

pub(super) fn render(export: &BookingExport<'_>) -> String {
    let BookingExport { report, sources, .. } = export;
    let booking = &report.booking;
    let at = export.at.format("%Y-%m-%d %H:%M");
    let headline = report.verdict.headline();
    let mut out = vec![format!("Booking {}: {headline}", booking.reference.escaped())];
    let figures = report.summary.figures().map(|figure| report.summary.in_words(figure));
    let before = [export.owner().map(|it| it.in_words()), export.tenant.in_words()];
    out.push(before.into_iter().flatten().chain(figures).collect::<Vec<_>>().join(" · "));
    out.extend(report.verdict_lines().iter().skip(1).map(indented));
    let customer = export.customer.map(|name| format!(" · customer {name}")).unwrap_or_default();
    out.push(format!("As of {at}{customer}"));
    let mut section = |title: &str, lines: Vec<String>| {
        out.extend([String::new(), title.to_owned()]);
        out.extend(lines);
    };
    let totals = report.totals.sections.iter();
    let totals = totals.map(|total| format!("  {}: {total}", total.role.kind().title));
    let totals = totals.chain(report.other_lines().iter().map(indented)).collect();
    section("Totals: server and rows", totals);
    if !booking.others.is_empty() {
        let others = report.other_section_lines();
        section("Also in the response", others.iter().map(indented).collect());
    }
    section("Ledger", ledger(&report.ledger, &format!("today {}", export.today)));
    section("Checks", report.check_lines().iter().map(indented).collect());
    let mut lines = vec![format!("  Totals and sections: loaded at {at}")];
    lines.extend(report.source_lines(sources, "%Y-%m-%d %H:%M").iter().map(indented));
    section("Sources", lines);
    out.join("\n") + "\n"
}

fn indented(line: &ReportLine) -> String {
    format!("{}{}", " ".repeat(line.indent), line.text)
}

fn ledger(ledger: &Ledger, today: &str) -> Vec<String> {
    if ledger.entry_count() == 1 {
        return vec!["  no rows".to_owned()];
    }
    let side = |column: Column| if column.is_amount() { Side::Right } else { Side::Left };
    let mut columns = Columns::new(COLUMNS.map(side));
    let title = COLUMNS.map(|column| column.to_string());
    columns.fit(&title);
    let cells = |entry: Entry<'_>| entry.line().map(|line| COLUMNS.map(|column| line.cell(column)));
    let entries: Vec<_> = ledger.entries().into_iter().map(cells).collect();
    for cells in entries.iter().flatten() {
        columns.fit(cells);
    }
    let mut lines = vec![format!("  {}", columns.line(&title))];
    lines.extend(entries.iter().map(|cells| match cells {
        Some(cells) => format!("  {}", columns.line(cells)),
        None => format!("  ---------- {today} ----------"),
    }));
    let total = Some(ledger.running_total.to_string()).filter(|sums| !sums.is_empty());
    lines.push(format!("  Running total: {}", total.as_deref().unwrap_or("no amounts")));
    let not_included = ledger.not_included_in_words();
    if !not_included.is_empty() {
        lines.push(format!("  Not included: {not_included}"));
    }
    if ledger.not_summed.count() > 0 {
        lines.push(format!("  Not counted: {}", ledger.not_summed));
    }
    lines
}
