//! The checks of a booking as a table.

mod figures;
mod partners;

use std::collections::HashSet;
use std::fmt;

use super::row::{RowAt, other_bookings, rows_have};
use super::suggest::Suggestion;
use super::totals::{Comparison, Incomparable, Totals};
use super::{Conciliation, Role};
use crate::domain::text::Untrusted;

/// The most findings of one check; a body of identical rows could have one for each pair of rows.
const MOST_FINDINGS: usize = 200;

#[derive(Debug)]
pub struct Check {
    pub name: &'static str,
    /// What is wrong if it fails; other bookings in its findings are appended.
    fails: &'static str,
    /// What it compares, in a sentence for the help.
    pub compares: &'static str,
    /// `true` if suggestions about differing totals are listed below its findings.
    pub explains_totals: bool,
    run: fn(&Facts<'_>) -> Outcome,
}

pub static CHECKS: [Check; 9] = [
    Check {
        name: "rows add up to the totals",
        fails: "rows do not add up to the totals",
        compares: "compares each total of the server with the sum, or the number, of its rows",
        explains_totals: true,
        run: figures::totals,
    },
    Check {
        name: "no payout before first invoice",
        fails: "paid out before the first invoice",
        compares: "compares the date of each payout with the date of the booking's first invoice",
        explains_totals: false,
        run: figures::payouts,
    },
    Check {
        name: "no penalty closed before notice",
        fails: "penalty closed before its notice",
        compares: "compares the day a penalty was notified with the day it was paid, waived or settled",
        explains_totals: false,
        run: figures::notices,
    },
    Check {
        name: "no waived penalty still in debt",
        fails: "waived, but still open as debt",
        compares: "compares waived penalties with open debt by invoice number; if a number is \
                   missing, by amount and currency (a guess)",
        explains_totals: false,
        run: partners::waived_in_debt,
    },
    Check {
        name: "no penalty settled elsewhere",
        fails: "settled by",
        compares: "compares the booking that settled a penalty with this booking",
        explains_totals: false,
        run: partners::settled_elsewhere,
    },
    Check {
        name: "no amount paid twice on one day",
        fails: "the same amount paid twice on one day",
        compares: "compares amount, currency and date of the payouts with each other",
        explains_totals: false,
        run: figures::twice,
    },
    Check {
        name: "all rows in one currency",
        fails: "more than one currency",
        compares: "compares the currencies of all rows with each other",
        explains_totals: false,
        run: figures::currencies,
    },
    Check {
        name: "credit notes match invoices",
        fails: "credit notes do not match their invoices",
        compares: "compares credit notes with the invoice they correct: it must be in the \
                   booking, and its amount must not be smaller than the sum of its credit notes",
        explains_totals: false,
        run: partners::originals,
    },
    Check {
        name: "no rows from other bookings",
        fails: "rows name",
        compares: "compares the booking that each row names with this booking; debt can name a \
                   customer instead",
        explains_totals: false,
        run: partners::own_booking,
    },
];

impl Check {
    /// What is wrong, with the other bookings involved: `settled by another booking, BK1`.
    pub fn failure(&self, findings: &[Finding]) -> String {
        match other_bookings(findings.iter().filter_map(|finding| finding.booking.as_ref())) {
            Some((words, references)) => format!("{} {words}, {references}", self.fails),
            None => self.fails.to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Pass,
    Fail(Vec<Finding>),
    CannotCompute(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub one: String,
    pub other: String,
    pub rows: Vec<RowAt>,
    /// `true` if the rows are only similar, instead of naming the same number.
    pub is_guess: bool,
    /// Another booking that a row names.
    pub booking: Option<Untrusted>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let guess = if self.is_guess { "possible match: " } else { "" };
        write!(f, "{guess}{}; {}", self.one, self.other)
    }
}

#[derive(Debug, Clone)]
pub struct Checked {
    pub check: &'static Check,
    pub outcome: Outcome,
}

impl Checked {
    pub fn rows(&self) -> Vec<RowAt> {
        let Outcome::Fail(findings) = &self.outcome else { return Vec::new() };
        let mut seen = HashSet::new();
        let all = findings.iter().flat_map(|finding| finding.rows.iter().copied());
        all.filter(|at| seen.insert(*at)).collect()
    }
}

struct Facts<'a> {
    booking: &'a Conciliation,
    totals: &'a Totals,
    suggestions: &'a [Suggestion],
}

pub fn run(booking: &Conciliation, totals: &Totals, suggestions: &[Suggestion]) -> Vec<Checked> {
    let facts = Facts { booking, totals, suggestions };
    CHECKS.iter().map(|check| Checked { check, outcome: (check.run)(&facts) }).collect()
}

#[derive(Default)]
struct Tally {
    findings: Vec<Finding>,
    unknown: Vec<String>,
}

impl Tally {
    /// A tally for a check of these sections. If one of them is missing, the check cannot pass.
    fn over(facts: &Facts<'_>, roles: &[Role]) -> Self {
        let mut tally = Self::default();
        for compared in roles.iter().map(|role| facts.totals.section(*role)) {
            if let Comparison::Incomparable(
                why @ (Incomparable::Missing | Incomparable::Null(_) | Incomparable::Unreadable(_)),
            ) = &compared.comparison
            {
                tally.unknown.push(format!("{}: {why}", compared.role.kind().title));
            }
        }
        tally
    }

    fn find(&mut self, one: String, other: String, rows: Vec<RowAt>) {
        self.push(Finding { one, other, rows, is_guess: false, booking: None });
    }

    /// A row of this booking that names another one.
    fn find_other(&mut self, one: String, at: RowAt, facts: &Facts<'_>, other: &Untrusted) {
        let own = format!("this is booking {}", facts.booking.reference.shown());
        let booking = Some(other.clone());
        self.push(Finding { one, other: own, rows: vec![at], is_guess: false, booking });
    }

    fn push(&mut self, finding: Finding) {
        if !self.is_full() {
            self.findings.push(finding);
        }
    }

    fn is_full(&self) -> bool {
        self.findings.len() >= MOST_FINDINGS
    }

    fn miss(&mut self, count: usize, what: &str) {
        self.unknown.extend((count > 0).then(|| rows_have(count, what)));
    }

    /// Any finding is a failure. Without findings, unknown data means that it cannot be computed.
    fn outcome(self) -> Outcome {
        match (self.findings.is_empty(), self.unknown.is_empty()) {
            (true, true) => Outcome::Pass,
            (true, false) => Outcome::CannotCompute(self.unknown.join("; ")),
            (false, _) => Outcome::Fail(self.findings),
        }
    }
}

#[cfg(test)]
mod tests;
