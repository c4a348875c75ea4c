//! Inclusion rules as data: which rows, or which field of them, a total of the server may sum.
//! The contract documents none of them: a rule that reproduces a total is only a guess.

use super::row::{RowAt, has_status, is_set, placed, signed};
use super::{Conciliation, Role, SectionKind};
use crate::list::record::Record;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What the server seems to do: `leave out waived penalties`.
    pub words: String,
    pub left_out: Vec<RowAt>,
}

struct Rule {
    words: &'static str,
    roles: &'static [Role],
    /// The field that is summed; `None` for the one that the section sums.
    field: Option<&'static str>,
    rows: Which,
}

enum Which {
    All,
    Only(&'static [&'static str]),
    Without(&'static [&'static str]),
    By(fn(&Record) -> Option<bool>),
}

use Which::{All, By, Only, Without};

impl Which {
    /// Returns `true` if the row is included; `None` if it lacks the field, and the rule is skipped.
    fn includes(&self, row: &Record) -> Option<bool> {
        match self {
            All => Some(true),
            Only(words) => has_status(row, words),
            Without(words) => has_status(row, words).map(|is| !is),
            By(belongs) => belongs(row),
        }
    }
}

const fn rows(words: &'static str, roles: &'static [Role], rows: Which) -> Rule {
    Rule { words, roles, field: None, rows }
}

const fn amounts(words: &'static str, roles: &'static [Role], field: &'static str) -> Rule {
    Rule { words, roles, field: Some(field), rows: All }
}

const PENALTIES: &[Role] = &[Role::Penalties];
const DEBT: &[Role] = &[Role::Debt];
/// Debt that still blocks payouts (contract, "GET /debtors").
pub(super) const OPEN_DEBT: &[&str] = &["pending", "overdue"];
pub(super) const DROPPED_DEBT: &[&str] = &["written_off", "voided"];
const CLOSED_DEBT: &[&str] = &["settled", "written_off", "voided"];

/// The rules, the most likely first. If two exclude the same rows, the first is named.
static RULES: &[Rule] = &[
    rows("leave out waived penalties", PENALTIES, Without(&["waived"])),
    rows("leave out cancelled penalties", PENALTIES, By(|row| Some(!is_set(row, "cancelled_on")))),
    rows("leave out waived and cancelled penalties", PENALTIES, By(is_charged)),
    rows("count only open penalties", PENALTIES, Only(&["pending", "notify"])),
    rows("leave out pending penalties", PENALTIES, Without(&["pending"])),
    rows("count only paid and settled penalties", PENALTIES, Only(&["paid", "settled"])),
    rows("count only open debt (pending, overdue)", DEBT, Only(OPEN_DEBT)),
    rows("leave out settled, written-off and voided debt", DEBT, Without(CLOSED_DEBT)),
    rows("leave out written-off and voided debt", DEBT, Without(DROPPED_DEBT)),
    rows("leave out paid debt", DEBT, Without(&["paid"])),
    rows("count only overdue debt", DEBT, Only(&["overdue"])),
    amounts("sum the remaining amounts", DEBT, "remaining_amount"),
    Rule {
        rows: Only(OPEN_DEBT),
        ..amounts("sum the remaining amounts of open debt", DEBT, "remaining_amount")
    },
    amounts("sum the paid amounts", DEBT, "paid_amount"),
    amounts("sum the amounts in EUR", &[Role::Penalties, Role::Debt], "amount_eur"),
    amounts("sum the net amounts", &[Role::Invoices, Role::CreditNotes], "amount_net"),
    rows(
        "leave out the credit notes among the invoices",
        &[Role::Invoices],
        By(|row| Some(!row.takes_back())),
    ),
    rows("count only payouts marked as paid", &[Role::Transactions], By(is_paid)),
];

fn is_charged(row: &Record) -> Option<bool> {
    Some(!has_status(row, &["waived"])? && !is_set(row, "cancelled_on"))
}

fn is_paid(row: &Record) -> Option<bool> {
    Some(row.text("action")?.expose_raw().trim().eq_ignore_ascii_case("paid"))
}

/// The rules under which the rows of a section add up to the figure. With several currencies, the
/// sum over all and the sum of each single currency are tried, too.
pub fn explain(booking: &Conciliation, kind: &SectionKind, figure: i128) -> Vec<Explanation> {
    let mut found: Vec<Explanation> = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.roles.contains(&kind.role)) {
        let Some((sum, left_out)) = applied(booking, kind, rule) else { continue };
        let is_known = !left_out.is_empty() && found.iter().any(|one| one.left_out == left_out);
        // A rule that changes nothing explains nothing.
        let changes = !left_out.is_empty() || rule.field.is_some();
        if sum == figure && changes && !is_known {
            found.push(Explanation { words: rule.words.to_owned(), left_out });
        }
    }
    found.extend(by_currency(booking, kind, figure));
    if kind.role == Role::Invoices && !booking.rows(Role::CreditNotes).is_empty() {
        let credited = total(booking, Role::CreditNotes.kind());
        let less = total(booking, kind).zip(credited).map(|(sum, credited)| sum + credited);
        if credited != Some(0) && less == Some(figure) {
            let words = "subtract the credit notes from the invoices".to_owned();
            found.push(Explanation { words, left_out: Vec::new() });
        }
    }
    found.extend(with_own_signs(booking, kind, figure));
    found
}

/// The sum of the credit notes of a section with the signs that the server sends.
fn with_own_signs(booking: &Conciliation, kind: &SectionKind, figure: i128) -> Option<Explanation> {
    let minor = |row: &Record| row.minor(kind.spec.amount()).map(i128::from);
    let sum: i128 = booking.rows(kind.role).iter().map(minor).sum::<Option<_>>()?;
    let is_same = match kind.role {
        Role::Invoices => sum == figure,
        Role::CreditNotes => sum.abs() == figure.abs(),
        _ => false,
    };
    let is_other = total(booking, kind).map(i128::abs) != Some(sum.abs());
    let words = "add credit notes as sent, some positive and some negative".to_owned();
    (is_same && is_other).then(|| Explanation { words, left_out: Vec::new() })
}

/// The sum of a section over all currencies; `None` if a row has no amount.
fn total(booking: &Conciliation, kind: &SectionKind) -> Option<i128> {
    Some(applied(booking, kind, &rows("", &[], All))?.0)
}

fn applied(booking: &Conciliation, kind: &SectionKind, rule: &Rule) -> Option<(i128, Vec<RowAt>)> {
    let mut sum = 0;
    let mut left_out = Vec::new();
    for (at, row) in placed(booking, kind.role) {
        if rule.rows.includes(row)? {
            let minor = row.summand(rule.field.unwrap_or(kind.spec.amount())).ok()?.0;
            sum += signed(row, kind.role, minor.into());
        } else {
            left_out.push(at);
        }
    }
    Some((sum, left_out))
}

fn by_currency(booking: &Conciliation, kind: &SectionKind, target: i128) -> Vec<Explanation> {
    let (sums, _) = booking.section(kind.role).sums();
    if sums.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    if sums.iter().map(|(_, minor)| minor).sum::<i128>() == target {
        let words = "add amounts in different currencies, so this total is not meaningful";
        found.push(Explanation { words: words.to_owned(), left_out: Vec::new() });
    }
    for (currency, _) in sums.iter().filter(|(_, minor)| *minor == target) {
        let others = placed(booking, kind.role).filter(|(_, row)| row.currency() != currency);
        let words = match currency.code() {
            "" => "count only the rows without a currency".to_owned(),
            code => format!("count only the rows in {code}"),
        };
        found.push(Explanation { words, left_out: others.map(|(at, _)| at).collect() });
    }
    found
}
