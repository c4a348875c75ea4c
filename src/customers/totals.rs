//! The figures of all customers together, by currency, with the customers that are not in them.

use unicode_width::UnicodeWidthStr;

use super::attention::{PAYOUTS, PENALTIES, at_least};
use super::state::{CustomerRow, RowState};
use crate::domain::money::{Currency, counted, format_count, format_money};
use crate::figures::Summed;
use crate::figures::summary::{GAP, Part, Weight, fitting};
use crate::figures::urgency::Urgency;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    pub customers: usize,
    /// Without figures.
    pub not_loaded: usize,
    /// With rows or lists missing.
    pub partial: usize,
    /// With figures that could not be loaded again.
    pub out_of_date: usize,
    /// In one of these, each counted once.
    pub incomplete: usize,
    pub open: Summed,
    pub over_90: Summed,
    pub to_decide: usize,
    pub blocked: usize,
}

impl Totals {
    pub fn of(rows: &[CustomerRow]) -> Self {
        let mut totals = Self { customers: rows.len(), ..Self::default() };
        for row in rows {
            let Some(summary) = row.state.figures() else {
                totals.not_loaded += 1;
                totals.incomplete += 1;
                continue;
            };
            let is_out_of_date = matches!(row.state, RowState::Stale(..));
            totals.out_of_date += usize::from(is_out_of_date);
            totals.partial += usize::from(!summary.is_whole());
            totals.incomplete += usize::from(is_out_of_date || !summary.is_whole());
            if let Ok(debt) = &summary.debt {
                totals.open.merge(&debt.open);
                totals.over_90.merge(&debt.over_90);
            }
            totals.to_decide += summary.penalties.as_ref().map_or(0, |it| it.to_decide.count);
            totals.blocked += summary.payouts.as_ref().map_or(0, |it| it.blocked().count);
        }
        totals
    }

    /// Returns `true` if every row of every customer is counted.
    pub fn is_complete(&self) -> bool {
        self.incomplete == 0
    }

    /// A line of at most `room` cells: a figure that does not fit is shorter or left out, an amount is
    /// never cut. The customers that are missing are always named, so that no part looks complete.
    pub fn parts(&self, room: usize) -> Vec<Part> {
        let head = self.head();
        let left = room.saturating_sub(head.text.width() + GAP.width());
        std::iter::once(head).chain(fitting(self.figures(), left)).collect()
    }

    fn head(&self) -> Part {
        let customers = counted(self.customers as u64, "customer");
        if self.is_complete() {
            return Part { weight: Weight::Plain, text: customers };
        }
        let missing = self.missing_in_words();
        Part { weight: Weight::Warning, text: format!("{customers} ({missing})") }
    }

    /// `1 not loaded, 2 partial`; empty if every customer is complete.
    pub fn missing_in_words(&self) -> String {
        let count = |count: usize, words: &str| {
            (count > 0).then(|| format!("{} {words}", format_count(count as u64)))
        };
        let missing = [
            count(self.not_loaded, "not loaded"),
            count(self.partial, "partial"),
            count(self.out_of_date, "out of date"),
        ];
        missing.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// The figures, each in all its forms, the longest first.
    fn figures(&self) -> Vec<Vec<Part>> {
        let part = |text| vec![Part { weight: Weight::Plain, text }];
        let count = |count, noun| at_least(count, noun, self.is_complete());
        let mut figures = vec![
            sums(Weight::Strong, "open debt", &self.open),
            sums(Weight::Of(Urgency::VeryLate), "over 90 days", &self.over_90),
        ];
        if self.to_decide > 0 {
            figures.push(part(format!("{} to decide", count(self.to_decide, PENALTIES))));
        }
        if self.blocked > 0 {
            figures.push(part(format!("{} blocked", count(self.blocked, PAYOUTS))));
        }
        figures
    }
}

/// The sums of some rows: by currency and in EUR, by currency, in EUR only. In EUR only if each row has
/// an amount in EUR; rows in no sum are counted.
fn sums(weight: Weight, name: &str, rows: &Summed) -> Vec<Part> {
    if rows.count == 0 {
        return Vec::new();
    }
    let each = rows.sums.euros_first().map(|(currency, minor)| format_money(minor, currency));
    let mut all = format!("{name} {}", each.collect::<Vec<_>>().join(", "));
    let left_out = rows.not_summed.count() as u64;
    if left_out > 0 {
        all = format!("{} ({} not counted)", all.trim_end(), format_count(left_out));
    }
    let euros = rows.in_euros().filter(|euros| euros.without == 0);
    let euros = euros.map(|euros| format_money(euros.minor, Currency::EUR));
    let both = euros.as_ref().map(|euros| format!("{all} (in {euros})"));
    let only = euros.map(|euros| format!("{name} in {euros}"));
    let forms = [both, Some(all), only].into_iter().flatten();
    forms.map(|text| Part { weight, text }).collect()
}
