//! The names of the parts of a conciliation: words as data, recognized in any spelling.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::super::{COUNT, Role, SECTIONS};
use super::KnownBy;
use crate::list::roles;

/// The possible names of each section, the likeliest first; words in the singular, as [`words`]
/// returns them. The vocabulary of the lists has the other languages. The contract documents only
/// the first name of invoices.
const SECTION_NAMES: [(Role, &[&str]); SECTIONS.len()] = [
    (Role::Invoices, &["invoice", "invoicing", "bill"]),
    (
        Role::CreditNotes,
        &[
            "credit note",
            "credit",
            "credit memo",
            "credit invoice",
            "refund note",
            "refund",
            "cr note",
            "corrected",
            "corrected invoice",
        ],
    ),
    (Role::Penalties, &["penalty", "fine", "penalty fee", "pen", "applied penalty"]),
    (
        Role::Debt,
        &[
            "debt",
            "debtor",
            "outstanding",
            "outstanding debt",
            "open debt",
            "pending debt",
            "arrear",
            "receivable",
        ],
    ),
    (Role::Transactions, &["transaction", "transfer", "payout", "payment", "bank transfer", "txn"]),
];
/// The same in the words of the vocabulary.
static SECTION_MEANINGS: LazyLock<Vec<(Role, Vec<BTreeSet<String>>)>> = LazyLock::new(|| {
    let meanings = |names: &[&str]| names.iter().map(|name| roles::meanings(name)).collect();
    SECTION_NAMES.iter().map(|(role, names)| (*role, meanings(names))).collect()
});
/// Words that do not tell which section it is.
const FILLERS: &[&str] = &[
    "all", "booking", "data", "detail", "entry", "item", "list", "of", "rec", "record", "row",
    "the",
];
/// Words that do not change which rows a section has, as the vocabulary spells them. With the name
/// of another section they can name a part: `open_invoices`.
const MODIFIERS: [(Role, &[&str]); SECTIONS.len()] = [
    (Role::Invoices, &["issue", "sent"]),
    (Role::CreditNotes, &["applied", "issue", "sent"]),
    (Role::Penalties, &["applied", "charge", "charged", "imposed", "issue"]),
    (Role::Debt, &["existing", "open", "owed", "owing", "unpaid"]),
    (Role::Transactions, &["completed", "done", "execution", "issue", "made", "processed", "sent"]),
];
/// Words that restrict the rows to a part of a section.
const PARTS: &str = "archived blocked canceled cancelled closed delayed draft failed future last \
                     latest new next notified old open other overdue paid past pending planned recent \
                     rejected scheduled unpaid upcoming voided waived";
/// Words that turn the name of a section into a total of amounts; `total` could also be a count.
const SUM_WORDS: &[&str] = &["amount", "brutto", "gross", "made", "sum", "value"];
const COUNT_WORDS: &[&str] = &["count", "number", "quantity"];
/// Other words of totals that are amounts, and words of totals that are not.
const MONEY_WORDS: &[&str] = &[
    "balance",
    "cent",
    "commission",
    "cost",
    "debt",
    "deposit",
    "fee",
    "outstanding",
    "price",
    "remaining",
    "rent",
];
const NO_MONEY_WORDS: &[&str] = &[
    "currency",
    "date",
    "day",
    "factor",
    "id",
    "item",
    "month",
    "night",
    "percent",
    "percentage",
    "rate",
    "ratio",
    "row",
];
const TOTALS: &[&str] = &["total", "sum", "summary"];
const REFERENCES: &[&str] = &["reference", "booking reference", "booking id", "reference id"];
/// Keys that contain the rows of a section and do not describe them.
const HOLDERS: &[&str] = &["data", "item", "row", "record", "entry", "result", "list", "made"];
/// Words of the amount field of a row; together with a word of a total, it is a sum of rows.
const AMOUNT_WORDS: &[&str] = &["amount", "gross", "net"];

/// The words of a key, in lower case and in the singular: the same for `credit_notes`,
/// `creditNotes`, `Credit Notes` and `CREDIT-NOTE`.
pub(super) fn words(key: &str) -> Vec<String> {
    roles::words(key).iter().map(|word| singular(word)).collect()
}

fn singular(word: &str) -> String {
    match (word.strip_suffix("ies"), word.strip_suffix('s')) {
        (Some(stem), _) if stem.len() > 1 => format!("{stem}y"),
        (_, Some(stem)) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// The words without their spaces, so that `creditnotes` is known too.
fn joined<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect()
}

fn without<'a>(words: &'a [String], left_out: &[&[&str]]) -> Vec<&'a str> {
    let is_left_out = |word: &str| left_out.iter().any(|list| list.contains(&word));
    words.iter().map(String::as_str).filter(|word| !is_left_out(word)).collect()
}

fn place_among(names: &[&str], spelled: &str) -> Option<usize> {
    // `creditnotes` has no word boundaries, so its words are not in the singular.
    names.iter().position(|name| joined(name.split(' ')) == singular(spelled))
}

/// The section that a key names, how certain that is, and the position of the name: 0 for the documented one.
pub(super) fn section(key: &str) -> Option<(Role, KnownBy, usize)> {
    if let Some(kind) = SECTIONS.iter().find(|kind| kind.name == key) {
        return Some((kind.role, KnownBy::Documented, 0));
    }
    let words = words(key);
    let spelled = joined(words.iter().map(String::as_str));
    let rest = joined(without(&words, &[FILLERS]));
    among_sections(&spelled).or_else(|| among_sections(&rest)).or_else(|| among_meanings(key))
}

fn among_meanings(key: &str) -> Option<(Role, KnownBy, usize)> {
    let words = roles::words(key);
    let mut own = roles::meanings(&without(&words, &[FILLERS]).join(" "));
    own.retain(|word| !FILLERS.contains(&word.as_str()));
    let place = |(role, names): &(Role, Vec<BTreeSet<String>>), own: &BTreeSet<String>, known| {
        Some((*role, known, names.iter().position(|name| name == own)? + 1))
    };
    let modified = || {
        SECTION_MEANINGS.iter().find_map(|names| {
            let (_, modifiers) = MODIFIERS.iter().find(|(role, _)| *role == names.0)?;
            let own = own.iter().filter(|word| !modifiers.contains(&word.as_str()));
            place(names, &own.cloned().collect(), KnownBy::LongerName)
        })
    };
    SECTION_MEANINGS.iter().find_map(|names| place(names, &own, KnownBy::Name)).or_else(modified)
}

fn among_sections(spelled: &str) -> Option<(Role, KnownBy, usize)> {
    let place = |(role, names): &(Role, &[&str])| {
        Some((*role, KnownBy::Name, place_among(names, spelled)? + 1))
    };
    SECTION_NAMES.iter().find_map(place)
}

fn is_called(key: &str, names: &[&str]) -> bool {
    let words = words(key);
    place_among(names, &joined(words.iter().map(String::as_str))).is_some()
}

pub(super) fn is_totals(key: &str) -> bool {
    is_called(key, TOTALS)
}

pub(super) fn is_reference(key: &str) -> bool {
    is_called(key, REFERENCES)
}

pub(super) fn is_holder(key: &str) -> bool {
    let meanings = roles::meanings(key);
    let is_meant = |word: &String| HOLDERS.contains(&word.as_str());
    is_called(key, HOLDERS) || meanings.len() == 1 && meanings.iter().all(is_meant)
}

/// Returns `true` if a word of the key restricts the rows to a part of the section. For debt,
/// `open` does not: it is a modifier.
pub(super) fn is_part(role: Role, key: &str) -> bool {
    let modifiers =
        MODIFIERS.iter().find(|(it, _)| *it == role).map_or(&[][..], |(_, words)| words);
    let is_part =
        |word: &str| PARTS.split(' ').any(|part| part == word) && !modifiers.contains(&word);
    // `cancellation` means `cancelled` in the vocabulary, but does not restrict penalties.
    let meanings = roles::meanings(key);
    let mut other = meanings.iter().filter(|word| *word != "cancelled");
    words(key).iter().any(|word| is_part(word)) || other.any(|word| is_part(word))
}

pub(super) fn is_amount(key: &str) -> bool {
    let meanings = roles::meanings(key);
    let is_total = words(key).iter().any(|word| TOTALS.contains(&word.as_str()));
    !is_total && AMOUNT_WORDS.iter().any(|word| meanings.contains(*word))
}

/// Whether an undocumented total is an amount. If that is not certain, it is shown as received.
pub(in crate::conciliation) fn is_amount_total(key: &str) -> bool {
    let meanings = roles::meanings(key);
    let words = words(key);
    let all = words.iter().chain(&meanings);
    let has = |lists: &[&[&str]]| {
        all.clone().any(|word| lists.iter().any(|list| list.contains(&word.as_str())))
    };
    has(&[SUM_WORDS, AMOUNT_WORDS, MONEY_WORDS]) && !has(&[COUNT_WORDS, NO_MONEY_WORDS])
}

/// The documented names of totals, in the order of the contract's sections, the count last.
fn documented_totals() -> impl Iterator<Item = &'static str> {
    SECTIONS.iter().map(|kind| kind.total).chain([COUNT])
}

/// The documented total for each key: by its exact name, else by its words if no earlier key and no
/// documented key is that total.
pub(super) fn totals(keys: &[&str]) -> Vec<Option<&'static str>> {
    let exact = |key: &str| documented_totals().find(|name| *name == key);
    let mut named: Vec<_> = keys.iter().map(|key| exact(key)).collect();
    for by_words in [by_spelling, by_section] {
        for (at, key) in keys.iter().enumerate() {
            let found = by_words(key).filter(|name| !named.contains(&Some(name)));
            if let Some(slot) = named.get_mut(at).filter(|slot| slot.is_none()) {
                *slot = found;
            }
        }
    }
    named
}

fn by_spelling(key: &str) -> Option<&'static str> {
    let spelled = |key: &str| joined(words(key).iter().map(String::as_str));
    let own = spelled(key);
    documented_totals().find(|name| spelled(name) == own)
}

fn by_section(key: &str) -> Option<&'static str> {
    let words = words(key);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let is_total = words.iter().any(|word| word == "total");
    let (is_sum, is_count) = (has(SUM_WORDS), has(COUNT_WORDS));
    let rest = joined(without(&words, &[FILLERS, SUM_WORDS, COUNT_WORDS, &["total"]]));
    let (role, ..) = among_sections(&rest)?;
    match role {
        Role::Transactions if is_count && !is_sum => Some(COUNT),
        Role::Debt if is_total && !is_count => Some(role.kind().total),
        _ => (is_sum && !is_count).then(|| role.kind().total),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_any_spelling_and_a_longer_one_is_not() {
        let table = [
            (
                Role::CreditNotes,
                "credit_notes credit-note CreditNotes creditnotes CREDIT_NOTES \
                                 creditNoteList allCreditNotes credits refundNotes refunds",
            ),
            (
                Role::Penalties,
                "penalties penalty Penalties fines penalty_list bookingPenalties Strafen",
            ),
            (
                Role::Debt,
                "debt debts debtors Outstanding outstandingDebt arrears debt_records receivables",
            ),
            (
                Role::Transactions,
                "transactions Transfers payments payouts bank-transfers completedPayments",
            ),
            (Role::Penalties, "penalty_charges finesApplied imposed_penalties"),
            (Role::Debt, "debts_owed openDebts debtor_entries unpaid-debt"),
            (Role::Transactions, "payouts_made executedTransfers payments_sent"),
            (Role::Invoices, "invoices_issued"),
            (Role::Invoices, "invoices invoice invoiceItems Rechnungen invoicing"),
            (Role::Invoices, "facturas factures fatture faturas facturen faktury"),
            (Role::CreditNotes, "avoirs abonos notas_de_abono rectificativas gutschriften"),
            (Role::CreditNotes, "facturasRectificativas note_di_credito creditnotas cr_notes"),
            (Role::CreditNotes, "notas_credito factures_avoir korekty Rechnungskorrekturen"),
            (Role::Penalties, "penalites penalizaciones penali penalizações boetes kary pens"),
            (Role::Penalties, "Vertragsstrafen multas penalizaciones_aplicadas"),
            (Role::Debt, "creances débiteurs deudas deudores debiti dívidas schulden długi"),
            (Role::Debt, "Forderungen dettes morosos impagos deudas_abiertas deudas_pendientes"),
            (Role::Transactions, "virements transferencias pagos cobros Überweisungen txns"),
            (Role::Transactions, "bonifici pagamentos betalingen przelewy transacciones"),
            (Role::Transactions, "virements_effectues pagosRealizados transferencias_emitidas"),
        ];
        for (role, names) in table {
            for name in names.split_whitespace() {
                assert_eq!(section(name).map(|(found, ..)| found), Some(role), "{name}");
            }
        }
        let others = "landlord_debts outstanding_balance customer_payments scheduled_transactions paid_penalties tax _ creditors pagos_programados \
            virements_programmes notas impuestos data failed_payments open_invoices made owed";
        for other in others.split(' ').chain([""]) {
            assert_eq!(section(other), None, "{other}");
        }
        for holder in ["data", "dossiers", "effectués", "filas", "registros", "Lista"] {
            assert!(is_holder(holder), "{holder}");
        }
    }

    #[test]
    fn a_total_is_an_amount_only_if_its_name_says_so() {
        for name in
            ["net", "taxAmount", "rents", "invoices_net", "Summe Betrag", "cleaning_fee", "saldo"]
        {
            assert!(is_amount_total(name), "{name}");
        }
        for name in [
            "new",
            "nights",
            "vat_rate",
            "number_of_invoices",
            "fee_percent",
            "items_count",
            "paid",
        ] {
            assert!(!is_amount_total(name), "{name}");
        }
    }

    #[test]
    fn totals_are_known_by_their_words_and_a_documented_one_is_never_replaced() {
        assert_eq!(totals(&["creditNotesGross"]), [Some("credit_notes_gross")]);
        assert_eq!(
            totals(&["fines_total_amount", "Debts"]),
            [Some("penalties_gross"), Some("debt")]
        );
        assert_eq!(totals(&["debtTotal", "debt"]), [None, Some("debt")]);
        assert_eq!(
            totals(&["transactionsMade", "transactions"]),
            [Some("transactions_made"), Some("transactions")]
        );
        assert_eq!(
            totals(&["number_of_payments", "paymentsSum"]),
            [Some("transactions"), Some("transactions_made")]
        );
        assert_eq!(totals(&["invoices_net", "total_invoices", "rent"]), [None, None, None]);
    }
}
