//! The customers as rows of a table: a cell of a number is always of all rows of its list, and each
//! other cell of a part is marked as one.

use chrono::NaiveDate;
use serde_json::json;

use super::state::{CustomerRow, RowState};
use super::summary::{Changed, Debt, Extent, Payouts, Penalties, Summary};
use crate::domain::money::{Sums, format_count, format_money};
use crate::figures::Summed;
use crate::list::record::Record;
use crate::list::{Field, Kind, Spec};

/// The longest sum with the number of other currencies, so that no amount is cut.
const SUM: u16 = 48;

/// The table of customers.
pub static SPEC: Spec = Spec {
    key: "customers",
    title: "Customers",
    identity: &["profile"],
    fields: &[
        Field::new("profile", "Customer", Kind::Text).text_column(0, 14, 32),
        Field::new("environment", "Server", Kind::Text).text_column(0, 10, 13),
        Field::new("need", "Needs you", Kind::Text).text_column(1, 28, 56),
        Field::new("open_eur", "Open EUR", Kind::MinorEur).column(1),
        Field::new("open", "Open debt", Kind::Text).text_column(4, SUM, SUM),
        Field::new("over_90_eur", "Over 90 d EUR", Kind::MinorEur).column(2),
        Field::new("over_90", "Over 90 days", Kind::Text).text_column(4, SUM, SUM),
        Field::new("penalties", "Penalties", Kind::Text).text_column(2, 20, 24),
        Field::new("held_up", "Payouts held up", Kind::Text).text_column(2, 16, 40),
        Field::new("next_payout", "Next payout", Kind::Date).column(3),
        Field::new("next_amount", "Amount", Kind::Text).text_column(4, SUM, SUM),
        Field::new("changed", "Changed", Kind::Text).text_column(3, 7, 7),
        Field::new("status", "Status", Kind::Word(&[])).column(0),
        Field::new("as_of", "As of", Kind::Text).text_column(5, 5, 11),
    ],
    // Whose money it is must always be visible.
    shows_uniform: true,
    ..Spec::UNKNOWN
};

/// What a cell shows if the figure is unknown because rows are missing.
pub const UNKNOWN: &str = "?";
/// What a cell shows if there is nothing to compare with.
pub const NOT_COMPARED: &str = "–";

impl CustomerRow {
    /// The time of figures that were loaded before `today` has its date.
    pub fn record(&self, today: NaiveDate) -> Record {
        let figures = self.state.figures();
        let debt = figures.and_then(|it| it.debt.as_ref().ok());
        let penalties = figures.and_then(|it| it.penalties.as_ref().ok());
        let payouts = figures.and_then(|it| it.payouts.as_ref().ok());
        let as_of = figures.map(|it| {
            let format = if it.at.date() == today { "%H:%M" } else { "%m-%d %H:%M" };
            it.at.format(format).to_string()
        });
        // A row that is loading has nothing to say about its needs yet.
        let need = !matches!(self.state, RowState::Queued | RowState::Loading);
        let row = json!({
            "profile": self.profile,
            "environment": (!self.environment.is_empty()).then_some(&self.environment),
            "need": need.then(|| self.need_in_words()),
            "open_eur": debt.and_then(Debt::open_eur),
            "open": debt.map(|debt| money(&debt.open, debt.extent)),
            "over_90_eur": debt.and_then(Debt::over_90_eur),
            "over_90": debt.map(|debt| money(&debt.over_90, debt.extent)),
            "penalties": penalties.map(Penalties::in_words),
            "held_up": payouts.map(Payouts::held_in_words),
            "next_payout": payouts.map(Payouts::next_day),
            "next_amount": payouts.and_then(|it| Some(money(&it.next.as_ref()?.1, it.extent))),
            "changed": figures.map(Summary::changed_in_words),
            "status": self.state.word(),
            "as_of": as_of,
        });
        Record::read(&SPEC, &row.to_string())
    }
}

impl Debt {
    /// What is open in cents of EUR; `None` if a row is missing or has no amount in EUR.
    pub fn open_eur(&self) -> Option<i64> {
        self.of_all(&self.open)
    }

    /// The same over 90 days.
    pub fn over_90_eur(&self) -> Option<i64> {
        self.of_all(&self.over_90)
    }

    fn of_all(&self, rows: &Summed) -> Option<i64> {
        let euros = rows.euros();
        let is_of_all = self.extent.is_whole && euros.without == 0;
        is_of_all.then(|| i64::try_from(euros.minor).ok()).flatten()
    }
}

impl Penalties {
    /// `12 (3 overdue)`, or `12+ (3+ overdue)` if rows are missing.
    fn in_words(&self) -> String {
        let all = count(self.to_decide.count, self.extent.is_whole);
        match self.overdue.count {
            0 => all,
            overdue => format!("{all} ({} overdue)", count(overdue, self.extent.is_whole)),
        }
    }
}

impl Payouts {
    /// `3: needs IBAN`, or `3+: needs IBAN` if rows are missing.
    fn held_in_words(&self) -> String {
        let all = self.held.values().map(|rows| rows.count).sum();
        let number = count(all, self.extent.is_whole);
        if all == 0 { number } else { format!("{number}: {}", self.reasons(|_| true)) }
    }

    fn next_day(&self) -> Option<String> {
        match &self.next {
            Some((day, _)) => Some(day.to_string()),
            None => (!self.extent.is_whole).then(|| UNKNOWN.to_owned()),
        }
    }
}

impl Summary {
    fn changed_in_words(&self) -> String {
        let of = |changed: Changed| count(changed.count, changed.is_complete);
        self.changed.map_or_else(|| NOT_COMPARED.to_owned(), of)
    }
}

fn count(count: usize, is_whole: bool) -> String {
    let more = if is_whole { "" } else { "+" };
    format!("{}{more}", format_count(count as u64))
}

/// `EUR 12,300.00 + 1 more`, with the rows that are not in it, and how many rows of the list are
/// loaded if some are missing.
pub fn money(rows: &Summed, extent: Extent) -> String {
    let sums = if rows.count == 0 { "0".to_owned() } else { first_sum(&rows.sums) };
    with_extent(&sums, rows, extent)
}

/// The sums by currency, with the rows that are not in them, and how many rows are loaded of a part.
pub fn money_in_full(rows: &Summed, extent: Extent) -> String {
    let sums = if rows.count == 0 { "0".to_owned() } else { rows.sums.in_words() };
    with_extent(&sums, rows, extent)
}

fn with_extent(sums: &str, rows: &Summed, extent: Extent) -> String {
    let left_out = match rows.not_summed.count() {
        0 => String::new(),
        count => format!(" ({} not counted)", format_count(count as u64)),
    };
    let part = extent.part().map(|part| format!(" ({part})")).unwrap_or_default();
    format!("{sums}{left_out}{part}").trim_start().to_owned()
}

/// The sum in EUR, or in the first currency, and the number of other currencies.
fn first_sum(sums: &Sums) -> String {
    let Some((currency, minor)) = sums.euros_first().next() else { return String::new() };
    let first = format_money(minor, currency);
    match sums.len() - 1 {
        0 => first,
        more => format!("{first} + {} more", format_count(more as u64)),
    }
}
