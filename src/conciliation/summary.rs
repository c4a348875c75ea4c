//! A booking in one line: what was paid out and invoiced, and what is still open.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::row::{RowAt, key_of, placed};
use super::{Conciliation, Role};
use crate::domain::money::{Currency, Sums, counted, format_count, format_money};
use crate::figures::{Figures, Summed};
use crate::list::record::Record;
use crate::list::record::sums::NotSummed;

/// If there are more currencies, a figure only shows their number.
const MOST_CURRENCIES: usize = 3;

/// What the figures are made of, for the help.
pub const MEANINGS: [(&str, &str); 3] = [
    ("Paid out", "all transactions of the booking"),
    ("Invoiced", "invoices minus credit notes, gross"),
    (
        "Still open",
        "what remains of open penalties (pending, notify) and open debt (pending, overdue); an \
         unknown status counts as open; a penalty that is also open debt counts once; scheduled \
         payments are not included",
    ),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub paid_out: Amounts,
    pub invoiced: Amounts,
    pub still_open: Amounts,
    /// The currency of all figures, if there is one.
    currency: Option<Currency>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amounts {
    pub sums: Sums,
    pub not_summed: NotSummed,
    /// A section is missing or lacks rows, or a row does not say whether it is open.
    pub is_unknown: bool,
}

impl Summary {
    /// `lacks_rows` if the response lacks penalties or debt that other lists have for the booking.
    pub fn of(booking: &Conciliation, lacks_rows: bool) -> Self {
        let paid_out = Amounts::of(booking, &[Role::Transactions]);
        let invoiced = Amounts::of(booking, &[Role::Invoices, Role::CreditNotes]);
        let mut still_open = still_open(booking);
        still_open.is_unknown |= lacks_rows;
        let mut all = Sums::default();
        for figure in [&paid_out, &invoiced, &still_open] {
            all.merge(&figure.sums);
        }
        Self { paid_out, invoiced, still_open, currency: all.only_currency() }
    }

    /// The figures with their labels: `paid out EUR 5,253.37`.
    pub fn figures(&self) -> [(&'static str, &Amounts); 3] {
        [
            ("paid out", &self.paid_out),
            ("invoiced", &self.invoiced),
            ("still open", &self.still_open),
        ]
    }

    /// Amounts are never cut: more than a few currencies are only counted.
    pub fn in_words(&self, (label, figure): (&str, &Amounts)) -> String {
        let mut text = match figure.sums.len() {
            _ if figure.is_unknown => return format!("{label}: unknown"),
            0 if figure.not_summed.count() > 0 => String::new(),
            0 => format!(" {}", format_money(0, self.currency.unwrap_or(Currency::NONE))),
            1..=MOST_CURRENCIES => format!(" {}", figure.sums.in_words()),
            many => format!(" in {} currencies", format_count(many as u64)),
        };
        if figure.not_summed.count() > 0 {
            let plus = if text.is_empty() { "" } else { " +" };
            let rows = counted(figure.not_summed.count() as u64, "row");
            text = format!("{text}{plus} {rows} not counted");
        }
        format!("{label}{text}")
    }
}

impl Amounts {
    fn of(booking: &Conciliation, roles: &[Role]) -> Self {
        let mut amounts = Self::default();
        for section in roles.iter().map(|role| booking.section(*role)) {
            let (sums, not_summed) = section.sums();
            amounts.sums.merge(&sums);
            amounts.not_summed.merge(&not_summed);
            amounts.is_unknown |= !section.is_known(booking.total(section.kind.total));
        }
        amounts
    }
}

/// The open debt and penalties that [`Summary::still_open`] adds up, and whether more may be open. A
/// penalty that is also open debt is only listed as debt.
pub fn open_rows(booking: &Conciliation) -> (Vec<(RowAt, &Record)>, bool) {
    let (mut open, mut is_unknown, mut owed) = (Vec::new(), false, HashSet::new());
    for role in [Role::Debt, Role::Penalties] {
        let section = booking.section(role);
        is_unknown |= !section.is_known(booking.total(section.kind.total));
        for (at, row) in placed(booking, role).filter(|(_, row)| row.is_open()) {
            is_unknown |= row.text("status").is_none();
            let document = row.reference("invoice_number").map(|it| (key_of(it), row.currency()));
            if role == Role::Penalties && document.as_ref().is_some_and(|it| owed.contains(it)) {
                continue;
            }
            open.push((at, row));
            owed.extend(document.filter(|_| role == Role::Debt));
        }
    }
    (open, is_unknown)
}

fn still_open(booking: &Conciliation) -> Amounts {
    let (rows, is_unknown) = open_rows(booking);
    let rows = rows.into_iter().map(|(_, row)| row);
    let Summed { sums, not_summed, .. } = Figures::of(rows, NaiveDate::default()).open;
    Amounts { sums, not_summed, is_unknown }
}

#[cfg(test)]
mod tests;
