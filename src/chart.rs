//! Charts of loaded rows as lines of text, one per currency, with the sums of [`Figures`].

use std::cmp::Reverse;
use std::collections::BTreeMap;

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
/// The label of the line with a currency's total.
pub const TOTAL: &str = "total";
const DUE: &str = "due_date";
/// The signs of bars: a cell, half a cell, and a cell of a negative amount.
pub const BARS: [char; 3] = ['▄', '▖', '░'];

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
    /// `what` names the charted rows, if the list also has closed ones.
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

/// The Monday of the week of `day`, `weeks` later.
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
    /// For a list of which only these rows are loaded, in the order of the server. The documented
    /// order counts only if the rows follow it.
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

/// The charts of a list as lines of at most `width` cells; empty if the list has no chart. Rows are
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
        let is_cut = |place| cut.cuts(*by, place, today);
        let summed = summed(*by, &all_rows, today);
        let bar = |(place, rows)| Bar { place, is_cut: is_cut(place), rows };
        let bars: Vec<Bar> = summed.into_iter().map(bar).collect();
        chart(&bars, (&largest_first(&all_rows), cut != Cut::Nowhere), width, &mut lines);
        if cut != Cut::Nowhere && matches!(by, ChartBy::Week(_)) {
            lines.push("  Weeks without loaded rows are not shown.".to_owned());
        }
        let not_summed = if is_open { &figures.open } else { &figures.closed }.not_summed;
        if not_summed.count() > 0 {
            lines.push(format!("  Not counted: {not_summed}"));
        }
    }
    lines
}

fn summed(by: ChartBy, rows: &[(&Record, Counted)], today: NaiveDate) -> BTreeMap<Place, Summed> {
    let mut places: BTreeMap<Place, Summed> = BTreeMap::new();
    for (row, counted) in rows {
        places.entry(by.place(row.date(by.field()), today)).or_default().add(counted);
    }
    places
}

/// The currencies by their total in EUR, as far as it is known, then by their number of rows.
fn largest_first(rows: &[(&Record, Counted)]) -> Vec<Currency> {
    let mut sizes: BTreeMap<Currency, (u128, usize)> = BTreeMap::new();
    for (_, row) in rows {
        let Ok((_, currency)) = row.amount else { continue };
        let size = sizes.entry(currency).or_default();
        size.0 = size.0.saturating_add(row.in_euros.unwrap_or(0).unsigned_abs());
        size.1 += 1;
    }
    let mut currencies: Vec<(Currency, (u128, usize))> = sizes.into_iter().collect();
    currencies.sort_by_key(|(currency, size)| (Reverse(*size), *currency));
    currencies.into_iter().map(|(currency, _)| currency).collect()
}

struct Bar {
    place: Place,
    /// Rows of it may be missing.
    is_cut: bool,
    rows: Summed,
}

/// A line of a chart; the total has no bar.
struct Line {
    label: String,
    minor: i128,
    amount: String,
    length: Option<u128>,
}

impl Bar {
    fn minor(&self, currency: Currency) -> Option<i128> {
        self.rows.sums.iter().find(|(own, _)| *own == currency).map(|(_, minor)| minor)
    }
}

fn marked(label: &str, is_cut: bool) -> String {
    if is_cut { format!("{label} {PARTIAL}") } else { label.to_owned() }
}

/// `lacks_rows`: whether rows of any bar may be missing.
fn chart(
    bars: &[Bar],
    (currencies, lacks_rows): (&[Currency], bool),
    width: usize,
    lines: &mut Vec<String>,
) {
    let shown = currencies.get(..MOST_CURRENCIES).unwrap_or(currencies);
    let charts: Vec<(Currency, Vec<Line>)> = shown
        .iter()
        .map(|currency| (*currency, of_currency(*currency, bars, lacks_rows)))
        .collect();
    // The bars of all currencies begin at the same cell.
    let all = || charts.iter().flat_map(|(_, all)| all);
    let labels = all().map(|line| line.label.width()).max().unwrap_or(0);
    let figures = all().map(|line| line.amount.len()).max().unwrap_or(0);
    let room = width.saturating_sub(labels + figures + 6).clamp(1, LONGEST);
    for (currency, all) in charts {
        let greatest = all.iter().filter_map(|line| line.length).max().unwrap_or(0);
        let code = if currency == Currency::NONE { "without a currency" } else { currency.code() };
        lines.push(format!("  {code}"));
        for Line { label, amount, minor, length } in all {
            let bar = length.map(|_| bar(minor, greatest, room)).unwrap_or_default();
            let line = format!("  {label:<labels$}  {amount:>figures$}  {bar}");
            lines.push(line.trim_end().to_owned());
        }
    }
    if let Some(more) = currencies.len().checked_sub(MOST_CURRENCIES).filter(|more| *more > 0) {
        let noun = if more == 1 { "currency" } else { "currencies" };
        let more = format_count(more as u64);
        lines.push(format!("  Not shown: {more} more {noun}. Filter the list to see them."));
    }
    if currencies.is_empty() {
        lines.push("  No amounts".to_owned());
    }
}

/// The amounts of one currency, and their total if there are several.
fn of_currency(currency: Currency, bars: &[Bar], lacks_rows: bool) -> Vec<Line> {
    let line = |label: String, minor: i128, length| Line {
        label,
        minor,
        amount: format_amount(minor, currency),
        length,
    };
    let own = || bars.iter().filter_map(|bar| Some((bar, bar.minor(currency)?)));
    let bar = |(bar, minor): (&Bar, i128)| {
        line(marked(&bar.place.label(), bar.is_cut), minor, Some(minor.unsigned_abs()))
    };
    let mut all: Vec<Line> = own().map(bar).collect();
    if all.len() > 1 || lacks_rows {
        all.push(line(marked(TOTAL, lacks_rows), own().map(|(_, minor)| minor).sum(), None));
    }
    all
}

/// A bar in halves of a cell. The amount with the greatest absolute value has the longest bar; bars
/// of negative amounts are hatched.
fn bar(minor: i128, greatest: u128, room: usize) -> String {
    if greatest == 0 || minor == 0 {
        return String::new();
    }
    let [cell, half, hatched] = BARS;
    // Amounts are far below the limit of this multiplication; above it, the bar is too short.
    let size = minor.unsigned_abs().saturating_mul(room as u128 * 2) / greatest;
    let halves = usize::try_from(size).unwrap_or(usize::MAX).clamp(1, room * 2);
    if minor < 0 {
        return String::from(hatched).repeat(halves.div_ceil(2));
    }
    let rest = if halves % 2 == 1 { String::from(half) } else { String::new() };
    String::from(cell).repeat(halves / 2) + &rest
}

#[cfg(test)]
mod tests;
