//! Which customer needs the user first.
//!
//! The first [`Need`] that applies ranks a customer. Among customers with the same need, the larger
//! amount in EUR is first, then more rows, then the older due date, then the order of the settings.
//! Amounts that are not known in EUR count as rows: valora has no exchange rates. A customer ranks by
//! its loaded rows, because missing rows can only add needs.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::state::{CustomerRow, RowState, Trouble};
use super::summary::{Debt, Extent, Payouts, Summary};
use crate::domain::money::{counted, format_count};
use crate::figures::Summed;
use crate::list::scheduled::DELAYED;

/// What a customer needs, the most urgent first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Need {
    /// Payouts are blocked, for a reason that someone can resolve today: the money does not arrive.
    Blocked,
    /// Penalties without a decision are past their due date.
    PenaltiesOverdue,
    /// Debt is overdue for more than 90 days: it blocks payouts and is written off next.
    DebtOver90,
    /// Other penalties need a decision.
    PenaltiesToDecide,
    /// Debt is overdue, or payouts are delayed.
    OverdueOrDelayed,
    /// Rows changed since the last day before today for which rows are saved.
    Changed,
    /// It could not be loaded, or not all of it. This must not hide trouble that is known.
    Unknown,
    Nothing,
    /// It is loading or locked.
    NotLoaded,
}

/// The place of a customer in the order: the smallest is first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attention {
    pub need: Need,
    euros: Reverse<i128>,
    rows: Reverse<usize>,
    /// Rows without a date are last.
    since: (bool, Option<NaiveDate>),
    place: usize,
}

/// `place` is the position of the profile in the settings.
pub fn attention(state: &RowState, place: usize) -> Attention {
    let (need, Size { euros, rows, since }) = need(state);
    let since = (since.is_none(), since);
    Attention { need, euros: Reverse(euros), rows: Reverse(rows), since, place }
}

/// How much of a need there is.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    /// Cents of EUR; rows without an amount in EUR count as rows only.
    euros: i128,
    rows: usize,
    since: Option<NaiveDate>,
}

impl Size {
    fn of(rows: &Summed, since: Option<NaiveDate>) -> Self {
        Self { euros: rows.euros().minor, rows: rows.count, since }
    }
}

fn need(state: &RowState) -> (Need, Size) {
    let Some(summary) = state.figures() else {
        return match state.trouble() {
            None | Some(Trouble::Locked(_)) => (Need::NotLoaded, Size::default()),
            Some(_) => (Need::Unknown, Size::default()),
        };
    };
    let known = needs(summary).into_iter().find(|(_, size)| size.rows > 0);
    known.unwrap_or_else(|| {
        let is_known = state.trouble().is_none() && summary.failures().next().is_none();
        (if is_known { Need::Nothing } else { Need::Unknown }, Size::default())
    })
}

/// Each need that rows can have, with its size, the most urgent first.
fn needs(summary: &Summary) -> [(Need, Size); 6] {
    let debt = summary.debt.as_ref().ok();
    let penalties = summary.penalties.as_ref().ok();
    let payouts = summary.payouts.as_ref().ok();
    let of_debt = |rows: fn(&Debt) -> &Summed| {
        debt.map_or_else(Size::default, |debt| Size::of(rows(debt), debt.oldest))
    };
    let blocked = payouts.map(|it| Size::of(&it.blocked(), it.oldest[0])).unwrap_or_default();
    let to_decide = penalties.map(|it| Size::of(&it.to_decide, it.oldest)).unwrap_or_default();
    let overdue = penalties.map(|it| Size::of(&it.overdue, it.oldest)).unwrap_or_default();
    let delayed = payouts.map(|it| Size::of(&it.delayed(), it.oldest[1])).unwrap_or_default();
    let late = of_debt(|debt| &debt.overdue);
    let late = Size {
        euros: late.euros + delayed.euros,
        rows: late.rows + delayed.rows,
        since: [late.since, delayed.since].into_iter().flatten().min(),
    };
    let changed = summary.changed.map_or(0, |changed| changed.count);
    [
        (Need::Blocked, blocked),
        (Need::PenaltiesOverdue, overdue),
        (Need::DebtOver90, of_debt(|debt| &debt.over_90)),
        (Need::PenaltiesToDecide, to_decide),
        (Need::OverdueOrDelayed, late),
        (Need::Changed, Size { rows: changed, ..Size::default() }),
    ]
}

/// A noun for one and for several.
type Noun = [&'static str; 2];

pub(super) const PAYOUTS: Noun = ["payout", "payouts"];
pub(super) const PENALTIES: Noun = ["penalty", "penalties"];
const CHANGES: Noun = ["change", "changes"];

/// `3 payouts`, or `3+ payouts` if rows are missing.
pub(super) fn at_least(count: usize, [one, several]: Noun, is_whole: bool) -> String {
    let number = format_count(count as u64);
    match (is_whole, count) {
        (true, 1) => format!("{number} {one}"),
        (true, _) => format!("{number} {several}"),
        (false, _) => format!("{number}+ {several}"),
    }
}

/// The sum of the rows; their number if no single sum has all of them.
fn amount(rows: &Summed, extent: Extent) -> String {
    let is_summed = rows.not_summed.count() == 0 && rows.sums.len() == 1;
    let text =
        if is_summed { rows.sums.in_words() } else { counted(rows.count as u64, "debt row") };
    let part = extent.part().map(|part| format!(" ({part})")).unwrap_or_default();
    text + &part
}

impl CustomerRow {
    pub fn attention(&self, place: usize) -> Attention {
        attention(&self.state, place)
    }

    /// What the customer needs, or why that is unknown: `3 payouts blocked: needs IBAN`.
    pub fn need_in_words(&self) -> String {
        let state = &self.state;
        let (need, _) = need(state);
        let of_rows = state.figures().and_then(|summary| in_words(need, summary));
        let of_trouble = || Some(state.trouble()?.in_words(&self.profile));
        let of_failure = || Some(state.figures()?.failures().next()?.to_string());
        let words = of_rows.or_else(of_trouble).or_else(of_failure);
        words.unwrap_or_else(|| state.word().to_owned())
    }
}

/// `None` if the need does not follow from rows.
fn in_words(need: Need, summary: &Summary) -> Option<String> {
    let (debt, penalties) = (summary.debt.as_ref().ok(), summary.penalties.as_ref().ok());
    Some(match need {
        Need::Blocked => blocked_in_words(summary.payouts.as_ref().ok()?),
        Need::PenaltiesOverdue => {
            let (count, is_whole) = (penalties?.overdue.count, penalties?.extent.is_whole);
            format!("{} overdue", at_least(count, PENALTIES, is_whole))
        }
        Need::DebtOver90 => format!("{} over 90 days", amount(&debt?.over_90, debt?.extent)),
        Need::PenaltiesToDecide => {
            let (count, is_whole) = (penalties?.to_decide.count, penalties?.extent.is_whole);
            format!("{} to decide", at_least(count, PENALTIES, is_whole))
        }
        Need::OverdueOrDelayed => late_in_words(summary),
        Need::Changed => {
            let changed = summary.changed?;
            at_least(changed.count, CHANGES, changed.is_complete)
        }
        Need::Nothing if summary.is_whole() => "nothing".to_owned(),
        Need::Nothing => "nothing in the loaded rows".to_owned(),
        Need::Unknown | Need::NotLoaded => return None,
    })
}

fn blocked_in_words(payouts: &Payouts) -> String {
    let count = at_least(payouts.blocked().count, PAYOUTS, payouts.extent.is_whole);
    format!("{count} blocked: {}", payouts.reasons(|reason| reason != DELAYED))
}

fn late_in_words(summary: &Summary) -> String {
    let debt = summary.debt.as_ref().ok().filter(|debt| debt.overdue.count > 0);
    let debt = debt.map(|debt| format!("{} overdue", amount(&debt.overdue, debt.extent)));
    let payouts = summary.payouts.as_ref().ok();
    let delayed = payouts.map(|it| (it.delayed().count, it.extent.is_whole));
    let delayed = delayed.filter(|(count, _)| *count > 0);
    let delayed =
        delayed.map(|(count, is_whole)| format!("{} delayed", at_least(count, PAYOUTS, is_whole)));
    [debt, delayed].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
