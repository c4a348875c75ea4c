//! Charts of loaded rows as lines of text, one per currency, with the sums of [`Figures`].

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use unicode_width::UnicodeWidthStr;

use crate::domain::money::{Currency, format_amount, format_count};
use crate::figures::{Bucket, Counted, Counter, Figures, Summed};
use crate::list::record::Record;
use crate::list::{ChartBy, Spec};

const WEEKS: u64 = 12;
/// The most cells of a bar.
const LONGEST: usize = 60;
/// The most currencies that are charted; more would take too long for a key press.
const MOST_CURRENCIES: usize = 40;
/// The mark of a bar that may lack rows.
pub const PARTIAL: &str = "(partial)";
const DUE: &str = "due_date";
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

impl ChartBy {
    /// `what` is which rows are charted, where others are closed.
    fn title(self, spec: &Spec, what: &str) -> String {
        let label = |field: &str| {
            let at = spec.position(field);
            at.and_then(|at| spec.described(at)).map_or("date", |it| it.label).to_lowercase()
        };
        match self {
            Self::Month(field) if what.is_empty() => format!("By month ({})", label(field)),
            Self::Month(field) => format!("{what}, by month ({})", label(field)),
            Self::Week(field) => format!("The next {WEEKS} weeks ({}, from Monday)", label(field)),
            Self::Age => "Open, by days overdue".to_owned(),
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Month(field) | Self::Week(field) => field,
            Self::Age => DUE,
        }
    }

    fn place(self, day: Option<NaiveDate>, today: NaiveDate) -> Place {
        let Some(day) = day else { return Place::Undated };
        match self {
            Self::Month(_) => Place::Month(Reverse(day.with_day(1).unwrap_or(day))),
            Self::Week(_) if day < monday(today, 0) => Place::Before,
            Self::Week(_) if day >= monday(today, WEEKS) => Place::Later,
            Self::Week(_) => Place::From(monday(day, 0)),
            Self::Age => Place::Age(Bucket::on(Some(day), today)),
        }
    }
}

/// The Monday `weeks` after that of the week of `day`.
fn monday(day: NaiveDate, weeks: u64) -> NaiveDate {
    let first = day.week(Weekday::Mon).first_day();
    first.checked_add_days(Days::new(7 * weeks)).unwrap_or(first)
}

/// Which bars may lack rows that are not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Nowhere,
    /// Rows with this date field on this day, or before it, may be missing.
    UpTo(&'static str, NaiveDate),
    Everywhere,
}

impl Cut {
    /// Of a list of which only these rows are loaded, in the order of the server. The documented order
    /// counts only if the rows are in it.
    pub fn of(spec: &Spec, loaded: &[Record]) -> Self {
        let days = |field| loaded.iter().filter_map(move |row| row.date(field));
        let cut = spec.latest_first.and_then(|field| Some((field, days(field).next_back()?)));
        match cut {
            Some((field, oldest)) if days(field).is_sorted_by(|one, next| one >= next) => {
                Self::UpTo(field, oldest)
            }
            _ => Self::Everywhere,
        }
    }

    fn cuts(self, by: ChartBy, place: Place, today: NaiveDate) -> bool {
        let (field, oldest) = match self {
            Self::Nowhere => return false,
            Self::Everywhere => return true,
            Self::UpTo(field, oldest) => (field, oldest),
        };
        by.field() != field
            || match place {
                Place::Before | Place::Undated => true,
                Place::From(first) | Place::Month(Reverse(first)) => first <= oldest,
                Place::Later => monday(today, WEEKS) <= oldest,
                Place::Age(bucket) => bucket >= Bucket::on(Some(oldest), today),
            }
    }
}

/// The charts of a list as lines of at most `width` cells; none for a list that has no chart. Rows are
/// counted as in [`Figures`].
pub fn lines(
    spec: &Spec,
    rows: &[&Record],
    cut: Cut,
    today: NaiveDate,
    width: usize,
) -> Vec<String> {
    let figures = Figures::of(rows.iter().copied(), today);
    let mut lines = Vec::new();
    for by in spec.charts {
        let (what, is_open) = match (spec.has_closed_rows(), by) {
            (false, _) => ("", true),
            (true, ChartBy::Month(_)) if figures.open.count == 0 => ("Closed", false),
            (true, _) => ("Open", true),
        };
        let counter = Counter::of(spec);
        let all_rows = rows.iter().map(|row| (*row, counter.count(row, today)));
        let all_rows: Vec<_> = all_rows.filter(|(_, row)| row.is_open == is_open).collect();
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let closed = Some(figures.closed.count as u64).filter(|count| is_open && *count > 0);
        let closed = closed.map(|count| format!(" ({} closed, not counted)", format_count(count)));
        lines.push(by.title(spec, what) + &closed.unwrap_or_default());
        let summed = summed(*by, &all_rows, today);
        let bars = summed.into_iter().map(|(place, rows)| Bar {
            label: label(place, cut.cuts(*by, place, today)),
            is_kept: matches!(place, Place::From(_)),
            rows,
        });
        chart(&bars.collect::<Vec<_>>(), width, &mut lines);
        let not_summed = if is_open { &figures.open } else { &figures.closed }.not_summed;
        if not_summed.count() > 0 {
            lines.push(format!("  In no sum: {not_summed}"));
        }
    }
    lines
}

fn summed(by: ChartBy, rows: &[(&Record, Counted)], today: NaiveDate) -> BTreeMap<Place, Summed> {
    // Weeks without rows are shown too.
    let weeks = if matches!(by, ChartBy::Week(_)) { WEEKS } else { 0 };
    let empty = (0..weeks).map(|week| (Place::From(monday(today, week)), Summed::default()));
    let mut places: BTreeMap<Place, Summed> = empty.collect();
    for (row, counted) in rows {
        places.entry(by.place(row.date(by.field()), today)).or_default().add(counted);
    }
    places
}

struct Bar {
    label: String,
    /// Shown without rows, too.
    is_kept: bool,
    rows: Summed,
}

fn label(place: Place, is_cut: bool) -> String {
    let cut = if is_cut { format!(" {PARTIAL}") } else { String::new() };
    format!("{}{cut}", place.label())
}

fn chart(bars: &[Bar], width: usize, lines: &mut Vec<String>) {
    let each = bars.iter().flat_map(|bar| bar.rows.sums.iter().map(|(currency, _)| currency));
    // EUR first, in which most of the money is.
    let currencies: BTreeSet<(bool, Currency)> =
        each.map(|currency| (currency != Currency::EUR, currency)).collect();
    for (_, currency) in currencies.iter().take(MOST_CURRENCIES) {
        of_currency(*currency, bars, width, lines);
    }
    if let Some(more) = currencies.len().checked_sub(MOST_CURRENCIES).filter(|more| *more > 0) {
        let more = format_count(more as u64);
        lines.push(format!("  Not shown: {more} more currencies; filter the list to see them"));
    }
    if currencies.is_empty() {
        lines.push("  nothing".to_owned());
    }
}

/// The bars of one currency; the amount with the greatest absolute value has the longest.
fn of_currency(currency: Currency, bars: &[Bar], width: usize, lines: &mut Vec<String>) {
    let bar_of = |it: &Bar| {
        let own = it.rows.sums.iter().find(|(own, _)| *own == currency).map(|(_, minor)| minor);
        let minor = own.or(it.is_kept.then_some(0))?;
        Some((it.label.clone(), minor, format_amount(minor, currency)))
    };
    let all: Vec<(String, i128, String)> = bars.iter().filter_map(bar_of).collect();
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
