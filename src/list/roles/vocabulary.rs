//! The names of the lists' roles. Names are compared in the English words of this table, in the singular;
//! `assets/words.txt` has the synonyms and translations.

use std::sync::LazyLock;

use super::concept::{Concept, Test};

/// Things and people outside of a payment, whose names and ids do not belong to the row.
const OTHERS: &str = "tenant property room apartment address city country email phone user agent \
    manager parent group plan contract agreement guest";
const OTHER_DAYS: &str = "created updated deleted start end birth check checkin checkout arrival \
    departure stay period from until signed sync month year";
const DAYS: &str = "date due issue timestamp time at day";
/// The meaning of a number next to the word for an amount, if it is not money.
pub(super) const NO_MONEY: &str = "date timestamp time at currency rate percent percentage count quantity \
    night day number id type status name iban reference link month year";
/// Words that, next to the word for a person or company, mean that the field is not a name.
const NO_PARTY: &str = "id type status number iban currency amount link first last bic file debt missing \
    payer";
const OTHER_MONEY: &str = "vat tax commission fee discount min max limit first last next previous";

/// Words of partial amounts: open, paid, smaller totals, withheld.
const OPEN_PARTS: &str = "remaining outstanding pending open unpaid";
const PAID_PARTS: &str = "paid";
const LESSER_PARTS: &str = "deposit subtotal sub";
const TAKEN_PARTS: &str = "collected received waived withheld retained deducted refunded";
const NO_NUMBER: &str =
    "original id account bank booking vat tax type status amount link to line page row iban";

fn number(fields: &'static [&'static str]) -> Concept {
    Concept::new(fields, Test::Number)
        .says(
            "document number 78, invoice number 78, invoice reference 65, document reference 65, \
            number 45, invoice 40, document 30, reference 25, serial 20",
        )
        .with("code number")
}

/// The meanings, each with its phrases and their weights.
pub(super) static CONCEPTS: LazyLock<Vec<Concept>> = LazyLock::new(|| {
    vec![
    Concept::new(&["booking_id", "reference_id"], Test::Booking)
        // A reference is preferred to an id of the same object.
        .says("booking reference 85, booking number 66, booking code 66, booking 60, reference 40, \
            invoice reference 0, document reference 0, payment reference 0, transfer reference 0, \
            transaction reference 0, mandate reference 0")
        .with("id number code reference")
        .against(&[OTHERS, DAYS, OTHER_DAYS, "status amount type settled original link account iban \
            bank currency name note"])
        .told_by_values(),
    Concept::new(&["settled_booking"], Test::Booking)
        .says("settled booking 75, settled by 45")
        .with("id number code reference")
        .against(&[DAYS, "status amount"]),
    Concept::new(&["iban", "bank_account"], Test::Account)
        .says("iban 70, bank account 60, account number 60, account 45, bank 20")
        .with("number bank account payee beneficiary holder recipient code")
        .against(&[OTHERS, DAYS, "name type status id currency bic swift missing payer sender valid"])
        .told_by_values(),
    Concept::new(&["account_name"], Test::Party)
        .says("account holder 62, holder 60, account name 60, account 50, payee 45, recipient 42, \
            beneficiary 40, name 36, customer 35, landlord 35, party 30")
        .with("name full account bank")
        .against(&[OTHERS, DAYS, NO_PARTY])
        .told_by_values(),
    Concept::new(&["beneficiary"], Test::Party)
        .says("beneficiary 60, payee 58, recipient 55, account holder 46, landlord 45, holder 44, \
            account 40, name 38, customer 35, party 30")
        .with("name full account bank")
        .against(&[OTHERS, DAYS, NO_PARTY])
        .told_by_values(),
    Concept::new(&["invoice_to"], Test::Party)
        .says("bill to 70, invoice holder 70, holder 60, recipient 55, customer 50, bill 40, \
            beneficiary 40, payee 40, landlord 40, name 38, account 30, party 30")
        .with("name full to bill invoice account")
        .against(&[OTHERS, DAYS, "id type status number iban currency amount link first last bic file"])
        .told_by_values(),
    Concept::new(&["amount"], Test::Amount)
        .says("amount 60, amount gross 58, gross 56, amount net 54, net 53, amount total 51, total 50, \
            amount original 50, amount due 50, amount final 50, principal 48, debt 48, penalty 48, \
            value 30, price 30, cent 30, minor unit 30")
        .caps(&[(OPEN_PARTS, 24), (PAID_PARTS, 16), (LESSER_PARTS, 14), (TAKEN_PARTS, 0)])
        .with("cent minor unit value payment payout transfer transaction scheduled invoice document debt \
            penalty rent due booking")
        .against(&[NO_MONEY, OTHER_MONEY, "eur"])
        .told_by_values(),
    Concept::new(&["amount_gross"], Test::Amount)
        .says("amount gross 75, gross 70, with vat 65, with tax 65, amount total 60, total 56, \
            amount 50, value 30, price 30, cent 30")
        .caps(&[(OPEN_PARTS, 0), (PAID_PARTS, 0), (LESSER_PARTS, 0), (TAKEN_PARTS, 0)])
        .with("cent minor unit value invoice document total to pay due")
        .against(&[NO_MONEY, OTHER_MONEY, "eur net taxable subtotal sub"])
        .told_by_values(),
    Concept::new(&["amount_net"], Test::Amount)
        .says("amount net 75, net 70, without vat 65, without tax 65, amount subtotal 62, \
            amount sub total 62, subtotal 60, sub total 60, taxable 55, base 40")
        .with("cent minor unit value invoice document total amount")
        .against(&["date timestamp time at currency rate commission percent percentage number id eur \
            gross"]),
    Concept::new(&["remaining_amount"], Test::Amount)
        .says("amount remaining 75, remaining 70, outstanding 65, still owed 60, unpaid 60, \
            balance 55, open 50, pending 40, amount due 40")
        .with("cent minor unit value debt amount balance total")
        .against(&[NO_MONEY, OTHER_MONEY, "eur"]),
    Concept::new(&["paid_amount"], Test::Amount)
        .says("amount paid 75, paid 60, paid to date 60, received 55, collected 55, \
            amount payment 40")
        .with("cent minor unit value debt amount already total")
        .against(&[NO_MONEY, OTHER_MONEY, "eur on by is"]),
    Concept::new(&["amount_eur"], Test::Amount)
        .says("amount eur 75, eur 50")
        .with("cent minor unit value debt penalty total")
        .against(&[NO_MONEY, OTHER_MONEY, "remaining outstanding open paid net to"]),
    Concept::new(&["final_amount"], Test::Amount)
        .says("amount final 75, final 55")
        .with("cent minor unit value penalty")
        .against(&[NO_MONEY, OTHER_MONEY, "eur"]),
    Concept::new(&["original_booking_amount"], Test::Amount)
        .says("amount booking 75, amount original 60, booking value 50")
        .with("cent minor unit original value price total")
        .against(&[NO_MONEY, OTHER_MONEY, "eur"]),
    Concept::new(&["currency"], Test::Currency)
        .says("currency 70, iso code 20")
        .with("code iso amount money")
        .against(&["rate symbol country decimal exponent name exchange eur"])
        .told_by_values(),
    Concept::new(&["due_date"], Test::Date)
        .says("due date 75, due 70, deadline 60, scheduled date 60, scheduled for 60, \
            payment date 55, payout date 55, payable 50, scheduled 50, transfer date 48, \
            planned 45, expected 45, execution 45, maturity 45, payment by 45, payment 30, \
            payout 30, date 30")
        .with("date for on by payment payout timestamp")
        .against(&[OTHER_DAYS, "issue paid cancelled notified settled waived written voided amount total \
            status booking reference id"])
        .told_by_values(),
    Concept::new(&["issue_date"], Test::Date)
        .says("issue date 78, issue 70, invoice date 65, document date 65, date 40, created 20")
        .with("date on invoice document timestamp")
        .against(&["due updated deleted start end birth check checkin checkout arrival departure stay \
            period from until payment paid cancelled payable deadline to by amount number id"])
        .told_by_values(),
    Concept::new(&["issued_on"], Test::Date)
        .says("issue date 78, issue 70, payment date 60, payout date 60, transfer date 60, \
            transaction date 60, execution 55, paid 50, booked 40, date 40")
        .with("date on payment payout transfer transaction timestamp value")
        .against(&[OTHER_DAYS, "due cancelled amount number id by"])
        .told_by_values(),
    Concept::new(&["cancelled_on"], Test::Date)
        .says("cancelled 70")
        .with("date on at timestamp booking")
        .against(&["reason by fee amount status"]),
    Concept::moment(&["timestamp_notify"], "notified 60, notice 45"),
    Concept::moment(
        &["timestamp_paid"],
        "paid 60, payment date 45, payment timestamp 45",
    ),
    Concept::moment(&["timestamp_waived"], "waived 60"),
    Concept::moment(&["timestamp_settled"], "settled 60"),
    Concept::moment(&["timestamp_written_off"], "written off 60, written 55"),
    Concept::moment(&["timestamp_voided"], "voided 60, cancelled 40"),
    Concept::moment(&["created_at"], "created 60, opened 40, issue 38")
            .against(&["amount status by due booking invoice document"]),
    Concept::new(&["status"], Test::Word)
        .says("status 60, stage 40, phase 35, situation 35")
        .with("code name payment payout transfer invoice document penalty debt current")
        .against(&[OTHERS, DAYS, "booking amount id color"])
        .told_by_values(),
    Concept::new(&["type"], Test::Word)
        .says("type 60, method 40, payment channel 30")
        .with("code name payment payout transfer transaction")
        .against(&[OTHERS, DAYS, "account bank booking status amount id currency"])
        .told_by_values(),
    Concept::new(&["doc_type"], Test::Word)
        .says("document type 75, invoice type 72, type 58, document 25")
        .with("code name")
        .against(&[OTHERS, DAYS, "account bank booking status amount id currency number original link"])
        .told_by_values(),
    Concept::new(&["debt_type"], Test::Word)
        .says("debt type 75, type 58, debt reason 55, reason 45, concept 35")
        .with("code name")
        .against(&[OTHERS, DAYS, "account bank booking status amount id currency"])
        .told_by_values(),
    Concept::new(&["action"], Test::Word)
        .says("action 60, operation 50, status 30")
        .with("code name")
        .against(&[OTHERS, DAYS, "booking amount id"])
        .told_by_values(),
    number(&["doc_number"]).against(&[
        OTHERS, DAYS, NO_NUMBER, "corrected rectified credited related",
    ]),
    number(&["invoice_number"]).against(&[OTHERS, DAYS, NO_NUMBER]),
    Concept::new(&["original_document"], Test::Number)
        .says("original document 78, original invoice 75, corrected 50, rectified 50, credited 45, \
            related 40, original 40")
        .with("document invoice number reference id")
        .against(&[OTHERS, DAYS, "amount booking type status link currency"]),
    Concept::new(&["document_id"], Test::Id)
        .says("document id 78, invoice id 70, id 50")
        .with("public internal external")
        .against(&[OTHERS, DAYS, "booking account bank customer landlord original type status amount \
            transaction payment"]),
    Concept::new(&["id"], Test::Id)
        .says("id 60")
        .with("payment payout transfer transaction scheduled penalty debt record row public internal")
        .against(&[OTHERS, DAYS, "booking reference account bank customer landlord original type status \
            amount invoice document tax vat"])
        .told_by_values(),
    Concept::new(&["rate_to_eur"], Test::Rate)
        .says("rate eur 75, exchange rate 70, rate 50, exchange 40")
        .with("to currency from")
        .against(&["vat tax percent percentage commission interest date amount"]),
    Concept::new(&["link_download"], Test::Download)
        .says("link download 78, download 70, link file 65, file 50, link 15")
        .with("link file document invoice")
        .against(&["view date name id size type amount status"])
        .told_by_values(),
    Concept::new(&["link_view"], Test::View)
        .says("link view 78, view 70, link 50, web 40, self 30, html 30")
        .with("link web html document invoice public")
        .against(&["download file date name id type amount status image photo"])
        .told_by_values(),
    Concept::new(&["notes"], Test::Text)
        .says("note 60, message 45, description 40, concept 35, reason 30, detail 25")
        .with("text internal public")
        .against(&[OTHERS, DAYS, "credit id type number"]),
]
});
