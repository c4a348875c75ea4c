//! Charts of the loaded rows as lines of text, one per currency. Omitted rows are counted.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use unicode_width::UnicodeWidthStr;

use crate::domain::money::{Currency, Sums, format_amount, format_count};
use crate::list::record::sums::NotSummed;
use crate::list::record::{Record, Value, net_sums};
use crate::list::{ChartBy, Spec};
use crate::triage::aging::Bucket;

const WEEKS: u64 = 12;
/// The most cells of a bar.
const LONGEST: usize = 60;
/// The most currencies that are charted; more would take too long for a key press.
const MOST_CURRENCIES: usize = 40;
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// The line of a chart that a row belongs to, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Before,
    /// A week, by its first day.
    From(NaiveDate),
    /// A month, by its first day; the latest is first.
    Month(Reverse<NaiveDate>),
    Age(Bucket),
    Later,
    Undated,
}

impl Place {
    fn label(self) -> String {
        match self {
            Self::Before => "before".to_owned(),
            Self::From(day) => day.to_string(),
            Self::Month(first) => first.0.format("%Y-%m").to_string(),
            Self::Age(bucket) => <&str>::from(bucket).to_owned(),
            Self::Later => "later".to_owned(),
            Self::Undated => "no date".to_owned(),
        }
    }
}

const REST: &str = "remaining_amount";

impl ChartBy {
    fn title(self, spec: &Spec) -> String {
        let label = |field: &str| {
            let at = spec.position(field);
            at.and_then(|at| spec.described(at)).map_or("date", |it| it.label).to_lowercase()
        };
        match self {
            Self::Month(field) => format!("By month ({})", label(field)),
            Self::Week(field) => format!("The next {WEEKS} weeks ({}, from Monday)", label(field)),
            Self::Age => "Open, by days overdue".to_owned(),
        }
    }

    /// The line of a row; `None` if the chart does not include the row.
    fn place(self, row: &Record, today: NaiveDate) -> Option<Place> {
        Some(match self {
            Self::Month(field) => match row.date(field).and_then(|day| day.with_day(1)) {
                None => Place::Undated,
                Some(first) => Place::Month(Reverse(first)),
            },
            Self::Week(field) => match row.date(field) {
                None => Place::Undated,
                Some(day) if day < monday(today, 0) => Place::Before,
                Some(day) if day >= monday(today, WEEKS) => Place::Later,
                Some(day) => Place::From(monday(day, 0)),
            },
            Self::Age => Place::Age(Bucket::of(row, today)?),
        })
    }
}

/// The Monday `weeks` after that of the week of `day`.
fn monday(day: NaiveDate, weeks: u64) -> NaiveDate {
    let first = day.week(Weekday::Mon).first_day();
    first.checked_add_days(Days::new(7 * weeks)).unwrap_or(first)
}

/// The charts of a list as lines of at most `width` cells; none for a list that has no chart.
pub fn lines(spec: &Spec, rows: &[Record], today: NaiveDate, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for by in spec.charts {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(by.title(spec));
        chart(*by, spec, rows, today, width, &mut lines);
    }
    lines
}

fn chart(
    by: ChartBy,
    spec: &Spec,
    rows: &[Record],
    today: NaiveDate,
    width: usize,
    lines: &mut Vec<String>,
) {
    // Weeks without rows are shown too.
    let weeks = if matches!(by, ChartBy::Week(_)) { WEEKS } else { 0 };
    let empty = (0..weeks).map(|week| (Place::From(monday(today, week)), Vec::new()));
    let mut groups: BTreeMap<Place, Vec<&Record>> = empty.collect();
    let mut closed = 0;
    for row in rows {
        match by.place(row, today) {
            Some(place) => groups.entry(place).or_default().push(row),
            None => closed += 1,
        }
    }
    let amount = spec.amount();
    let mut not_summed = NotSummed::default();
    // For the age of open rows, the remaining amount counts, if the row has it.
    let has_rest = |row: &&Record| {
        by == ChartBy::Age && !matches!(row.value(REST), Value::Missing | Value::Null)
    };
    let mut summed: Vec<(Place, Sums)> = Vec::new();
    for (place, rows) in groups {
        let (with_rest, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(has_rest);
        let mut added = Sums::default();
        for (sums, left_out) in [net_sums(others, amount), net_sums(with_rest, REST)] {
            added.merge(&sums);
            not_summed.merge(&left_out);
        }
        summed.push((place, added));
    }
    let currencies: BTreeSet<Currency> =
        summed.iter().flat_map(|(_, sums)| sums.iter().map(|(currency, _)| currency)).collect();
    for currency in currencies.iter().take(MOST_CURRENCIES) {
        bars(*currency, &summed, width, lines);
    }
    if let Some(more) = currencies.len().checked_sub(MOST_CURRENCIES).filter(|more| *more > 0) {
        let more = format_count(more as u64);
        lines.push(format!("  Not shown: {more} more currencies; filter the list to see them"));
    }
    if currencies.is_empty() {
        lines.push("  nothing".to_owned());
    }
    if closed > 0 {
        let rows = if closed == 1 { "row is closed and has" } else { "rows are closed and have" };
        lines.push(format!("  {} {rows} no age", format_count(closed)));
    }
    if not_summed.count() > 0 {
        lines.push(format!("  In no sum: {not_summed}"));
    }
}

/// The bars of one currency; the amount with the greatest absolute value has the longest.
fn bars(currency: Currency, summed: &[(Place, Sums)], width: usize, lines: &mut Vec<String>) {
    let of = |place: Place, sums: &Sums| {
        let own = sums.iter().find(|(own, _)| *own == currency).map(|(_, minor)| minor);
        own.or(matches!(place, Place::From(_)).then_some(0))
    };
    let bar_of = |(place, sums): &(Place, Sums)| {
        let minor = of(*place, sums)?;
        Some((place.label(), minor, format_amount(minor, currency)))
    };
    let all: Vec<(String, i128, String)> = summed.iter().filter_map(bar_of).collect();
    let labels = all.iter().map(|(label, ..)| label.width()).max().unwrap_or(0);
    let figures = all.iter().map(|(.., amount)| amount.len()).max().unwrap_or(0);
    let code = if currency == Currency::NONE { "without a currency" } else { currency.code() };
    let room = width.saturating_sub(labels + figures + 6).clamp(1, LONGEST);
    let greatest = all.iter().map(|(_, minor, _)| minor.unsigned_abs()).max().unwrap_or(0);
    lines.push(format!("  {code}"));
    for (label, minor, amount) in all {
        let bar = bar(minor, greatest, room);
        let line = format!("  {label:<labels$}  {amount:>figures$}  {bar}");
        lines.push(line.trim_end().to_owned());
    }
}

/// A bar in eighths of a cell; negative amounts are hatched.
fn bar(minor: i128, greatest: u128, room: usize) -> String {
    if greatest == 0 {
        return String::new();
    }
    // Amounts are far below the limit of this multiplication; above it, the bar is too short.
    let size = minor.unsigned_abs().saturating_mul(room as u128 * 8) / greatest;
    let eighths = usize::try_from(size).unwrap_or(usize::MAX).min(room * 8);
    let eighths = if minor == 0 { 0 } else { eighths.max(1) };
    if minor < 0 {
        return "░".repeat(eighths.div_ceil(8));
    }
    let rest = (eighths % 8).checked_sub(1).and_then(|at| EIGHTHS.get(at));
    "█".repeat(eighths / 8).chars().chain(rest.copied()).collect()
}

#[cfg(test)]
mod tests;
