//! Inclusion rules as data: which rows, or which field of them, a total of the server may sum.
//! The contract documents none of them; a rule that explains a figure is found, not known.

use super::row::{RowAt, has_status, is_credit_note, is_set, placed};
use super::{Conciliation, Role, SectionKind};
use crate::domain::money::Sums;
use crate::list::record::Record;

/// A way to a figure that differs from the sum of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The rule: `without waived penalties`.
    pub words: String,
    /// The rows that the figure leaves out under it.
    pub left_out: Vec<RowAt>,
}

impl Explanation {
    /// What every explanation is marked with where it is shown.
    pub const MARK: &str = "found, not documented";
}

/// Whether a row belongs; `None` where the row does not say, and then the rule is not tried.
type Belongs = fn(&Record) -> Option<bool>;

struct Rule {
    words: &'static str,
    roles: &'static [Role],
    /// The field that is summed; `None` for the one that the section sums.
    field: Option<&'static str>,
    belongs: Belongs,
}

const fn rows(words: &'static str, role: &'static [Role], belongs: Belongs) -> Rule {
    Rule { words, roles: role, field: None, belongs }
}

const fn amounts(words: &'static str, roles: &'static [Role], field: &'static str) -> Rule {
    Rule { words, roles, field: Some(field), belongs: |_| Some(true) }
}

const PENALTIES: &[Role] = &[Role::Penalties];
const DEBT: &[Role] = &[Role::Debt];
const DOCUMENTS: &[Role] = &[Role::Invoices, Role::CreditNotes];
/// Debt that still blocks payouts (contract, "GET /debtors").
pub(super) const OPEN_DEBT: &[&str] = &["pending", "overdue"];
pub(super) const DROPPED_DEBT: &[&str] = &["written_off", "voided"];

/// The rules, the likelier first. Where two leave out the same rows, the first is named.
static RULES: &[Rule] = &[
    rows("without waived penalties", PENALTIES, not_waived),
    rows("without cancelled penalties", PENALTIES, not_cancelled),
    rows("without waived and cancelled penalties", PENALTIES, |row| {
        Some(not_waived(row)? && not_cancelled(row)?)
    }),
    rows("only penalties that are still open", PENALTIES, |row| {
        has_status(row, &["pending", "notify"])
    }),
    rows("only penalties of which the landlord was told", PENALTIES, |row| {
        has_status(row, &["pending"]).map(|is| !is)
    }),
    rows("only paid and settled penalties", PENALTIES, |row| has_status(row, &["paid", "settled"])),
    rows("only open debt (pending, overdue)", DEBT, is_open),
    rows("without settled, written off and voided debt", DEBT, |row| {
        has_status(row, &["settled", "written_off", "voided"]).map(|is| !is)
    }),
    rows("without written off and voided debt", DEBT, |row| {
        has_status(row, DROPPED_DEBT).map(|is| !is)
    }),
    rows("without paid debt", DEBT, |row| has_status(row, &["paid"]).map(|is| !is)),
    rows("only overdue debt", DEBT, |row| has_status(row, &["overdue"])),
    amounts("the remaining amounts", DEBT, "remaining_amount"),
    Rule {
        words: "the remaining amounts of open debt",
        roles: DEBT,
        field: Some("remaining_amount"),
        belongs: is_open,
    },
    amounts("the paid amounts", DEBT, "paid_amount"),
    amounts("the amounts in euros", &[Role::Penalties, Role::Debt], "amount_eur"),
    amounts("the net amounts", DOCUMENTS, "amount_net"),
    rows("without the credit notes among the invoices", &[Role::Invoices], |row| {
        Some(!is_credit_note(row))
    }),
    rows("only payouts marked as paid", &[Role::Transactions], |row| {
        Some(row.text("action")?.expose_raw().trim().eq_ignore_ascii_case("paid"))
    }),
];

fn not_waived(row: &Record) -> Option<bool> {
    has_status(row, &["waived"]).map(|is| !is)
}

#[expect(clippy::unnecessary_wraps, reason = "it is an entry of the table of rules")]
fn not_cancelled(row: &Record) -> Option<bool> {
    Some(!is_set(row, "cancelled_on"))
}

fn is_open(row: &Record) -> Option<bool> {
    has_status(row, OPEN_DEBT)
}

/// The rules under which the rows of a section give the figure.
///
/// `sign` is -1 where the rows carry the opposite sign of the figure, else 1. With rows in several
/// currencies the bare numbers of all of them, and of each alone, are tried too.
pub fn explain(
    booking: &Conciliation,
    kind: &SectionKind,
    figure: i128,
    sign: i128,
) -> Vec<Explanation> {
    let wanted = figure * sign;
    let mut found: Vec<Explanation> = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.roles.contains(&kind.role)) {
        let Some((sum, left_out)) = applied(booking, kind, rule) else { continue };
        let is_known = !left_out.is_empty() && found.iter().any(|one| one.left_out == left_out);
        // A rule that changes nothing would explain nothing.
        let changes = !left_out.is_empty() || rule.field.is_some();
        if sum == wanted && changes && !is_known {
            found.push(Explanation { words: rule.words.to_owned(), left_out });
        }
    }
    found.extend(by_currency(booking, kind, wanted));
    if kind.role == Role::Invoices && !booking.rows(Role::CreditNotes).is_empty() {
        let credited = total(booking, Role::CreditNotes.kind()).map(i128::abs);
        let less = total(booking, kind).zip(credited).map(|(sum, credited)| sum - credited);
        if credited != Some(0) && less == Some(figure) {
            let words = "the invoices less the credit notes".to_owned();
            found.push(Explanation { words, left_out: Vec::new() });
        }
    }
    found
}

/// The bare sum of a section, whatever the currencies; `None` where a row has no amount.
fn total(booking: &Conciliation, kind: &SectionKind) -> Option<i128> {
    booking.rows(kind.role).iter().map(|row| row.minor(kind.amount).map(i128::from)).sum()
}

fn applied(booking: &Conciliation, kind: &SectionKind, rule: &Rule) -> Option<(i128, Vec<RowAt>)> {
    let mut sum = 0;
    let mut left_out = Vec::new();
    for (at, row) in placed(booking, kind.role) {
        if (rule.belongs)(row)? {
            sum += i128::from(row.minor(rule.field.unwrap_or(kind.amount))?);
        } else {
            left_out.push(at);
        }
    }
    Some((sum, left_out))
}

fn by_currency(booking: &Conciliation, kind: &SectionKind, wanted: i128) -> Vec<Explanation> {
    let mut sums = Sums::default();
    for row in booking.rows(kind.role) {
        sums.add(row.minor(kind.amount).unwrap_or_default(), row.currency());
    }
    if sums.iter().count() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    if sums.iter().map(|(_, minor)| minor).sum::<i128>() == wanted {
        let words = "the bare numbers of all currencies added up".to_owned();
        found.push(Explanation { words, left_out: Vec::new() });
    }
    for (currency, _) in sums.iter().filter(|(_, minor)| *minor == wanted) {
        let others = placed(booking, kind.role).filter(|(_, row)| row.currency() != currency);
        let name = if currency.code().is_empty() { "no currency" } else { currency.code() };
        let words = format!("only the rows in {name}");
        found.push(Explanation { words, left_out: others.map(|(at, _)| at).collect() });
    }
    found
}
