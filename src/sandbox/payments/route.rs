//! Which answer belongs to which path.

use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::query::Query;
use super::bank::{Bank, CURRENCIES};
use super::books::{ACCOUNT, BOOKING, Books, HOLDER, LANDLORD, Payment, TENANT, id, number};
use super::{events, hal};

pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// The path below the base, in decoded segments.
    pub(super) segments: &'a [&'a str],
    pub(super) query: &'a Query,
    pub(super) body: &'a [u8],
}

/// Payments; `None` for what it does not know.
pub(super) fn payments(books: &Books, asked: &Asked<'_>, has_quirks: bool) -> Option<Answer> {
    if asked.segments == ["tin", "validate"] && asked.method == "POST" {
        return Some(tin(asked.body));
    }
    if asked.method != "GET" {
        return Some(read_only(asked.method));
    }
    let bank = &books.bank;
    let value = match asked.segments {
        ["payments"] => return Some(tenant_payments(books, asked.query)),
        ["payments", "payment-methods"] => return Some(methods(asked.query, has_quirks)),
        ["payments", id] => {
            let payment = books.payment(id)?;
            json!({"id": payment.id(), "isBlocked": payment.is_blocked(),
                "updatedAt": format!("{}T15:13:42+0000", payment.seen)})
        }
        ["public", "payments", id] => books.payment(id)?.public(),
        ["admin", "payments", id] => books.payment(id)?.admin(),
        ["payment-holders", id] => holder(books, id)?,
        ["stripe", "accounts", landlord] => {
            number(LANDLORD, landlord).filter(|number| *number == 1)?;
            json!({"landlordId": landlord, "accountId": id(0x1a2b_3c4d, 1), "status": "RestrictedSoon"})
        }
        ["me", "bank-account-details"] => {
            let (page, size) = match hal::paging(asked.query) {
                Ok(paging) => paging,
                Err(refusal) => return Some(refusal),
            };
            let places = (0..bank.accounts.len()).skip((page - 1).saturating_mul(size)).take(size);
            places.filter_map(|at| bank.details(at)).collect()
        }
        ["me", "bank-account-details", id, "properties"] => {
            json!({"sah:propertyIds": Bank::properties(bank.account(id)?.0)})
        }
        ["admin", "bank-account-details", id] => bank.details(bank.account(id)?.0)?,
        ["admin", "bank-account-details", id, "properties"] => {
            json!({"propertyIds": Bank::properties(bank.account(id)?.0)})
        }
        ["admin", "landlords", landlord, "bank-account-details", "default"] => {
            number(LANDLORD, landlord).filter(|number| *number == 1)?;
            bank.details(0)?
        }
        ["admin", "landlords", landlord, "properties", property, "bank-account-detail"] => {
            number(LANDLORD, landlord).filter(|number| *number == 1)?;
            let has = |at: &usize| Bank::properties(*at).iter().any(|own| own == property);
            bank.details((0..bank.accounts.len()).find(has)?)?
        }
        ["event-store", "streams", id] => events::stream(books.payment(id)?, has_quirks),
        ["event-store", from, to] => {
            events::between(books, from.parse().ok()?, to.parse().ok()?, has_quirks)
        }
        _ => return None,
    };
    Some(hal::object(&value))
}

/// Payments and Finance; `None` for what it does not know.
pub(super) fn finance(books: &Books, asked: &Asked<'_>, has_quirks: bool) -> Option<Answer> {
    if asked.method != "GET" {
        return Some(read_only(asked.method));
    }
    match asked.segments {
        ["api", "bank-accounts", id] => {
            let (_, account) = books.bank.account(id)?;
            Some(hal::body(200, "application/json", &Bank::finance(account)))
        }
        ["api", "landlord", "bank-account-holders"] => {
            Some(hal::body(200, "application/json", &books.bank.holder()?))
        }
        ["api", "currencies"] => Some(currencies(asked.query, has_quirks)),
        _ => None,
    }
}

fn read_only(method: &str) -> Answer {
    let why = format!("The {method} method is not supported here");
    hal::problem(405, "Method Not Allowed", &why).header("Allow", "GET")
}

/// Whoever holds payments: a tenant, or for number 0 the landlord.
fn holder(books: &Books, text: &str) -> Option<Value> {
    let booking = number(HOLDER, text)?;
    if booking == 0 {
        let name = books.bank.accounts.first().map_or("Landlord", |account| account.holder);
        return Some(json!({"id": text, "name": name, "email": "landlord@example.com",
            "defaultPaymentMethodId": id(super::books::METHOD, 0),
            "paymentMethods": [{"id": id(super::books::METHOD, 0), "type": "bank_transfer",
                "provider": "stripe"}]}));
    }
    let payment = books.payments.iter().find(|payment| payment.booking + 1 == booking)?;
    Some(payment.holder_body())
}

fn tenant_payments(books: &Books, query: &Query) -> Answer {
    let booking = |payment: &Payment| id(BOOKING, payment.booking + 1);
    let fits = |payment: &&Payment| {
        let is = |name: &str, own: &str| query.get(name).is_none_or(|asked| asked == own);
        is("sourceRefCode", &payment.reference)
            && is("type", payment.kind)
            && is("sourceId", &booking(payment))
            && is("bookingId", &booking(payment))
            && is("userId", &id(TENANT, payment.booking + 1))
    };
    let mut found: Vec<&Payment> = books.payments.iter().filter(fits).collect();
    let by = query.get("sortBy");
    match by {
        None => {}
        Some("dueDate") => found.sort_by_key(|payment| payment.due),
        Some("amount") => found.sort_by_key(|payment| payment.amount),
        Some("status") => found.sort_by_key(|payment| payment.status),
        Some("type") => found.sort_by_key(|payment| payment.kind),
        Some("id") => found.sort_by_key(|payment| payment.number),
        Some(_) => {
            let text = "The input was not found in the haystack";
            return hal::invalid(&[("sortBy", "notInArray", text)]);
        }
    }
    match (by, query.get("sortType")) {
        // Without a wish the newest come first.
        (_, Some("DESC")) | (None, None) => found.reverse(),
        (_, None | Some("ASC")) => {}
        (_, Some(_)) => {
            let text = "The input was not found in the haystack";
            return hal::invalid(&[("sortType", "notInArray", text)]);
        }
    }
    let rows = |places: std::ops::Range<usize>| {
        found.get(places).into_iter().flatten().map(|payment| payment.row()).collect()
    };
    hal::list("tenant-payments", "payments", found.len(), query, rows)
        .unwrap_or_else(|refusal| refusal)
}

fn methods(query: &Query, has_quirks: bool) -> Answer {
    let all = [("1", "Braintree"), ("2", "Paypal"), ("3", "Bank transfer")];
    let rows = |places: std::ops::Range<usize>| {
        let row = |(id, text): &(&str, &str)| json!({"id": id, "text": text});
        all.get(places).into_iter().flatten().map(row).collect()
    };
    let mut answer =
        hal::list("payment-methods", "payments/payment-methods", all.len(), query, rows)
            .unwrap_or_else(|refusal| refusal);
    if has_quirks {
        // The comma that an example lacks.
        let text =
            String::from_utf8_lossy(&answer.body).replacen("\"count\":3,", "\"count\":3 ", 1);
        answer.body = text.into_bytes();
    }
    answer
}

fn currencies(query: &Query, has_quirks: bool) -> Answer {
    let row = |(label, symbol): &(&str, &str)| json!({"label": label, "symbol": symbol});
    if has_quirks {
        let rows: serde_json::Map<String, Value> =
            CURRENCIES.iter().enumerate().map(|(at, it)| (at.to_string(), row(it))).collect();
        let value = json!({"count": 1, "total": rows.len(), "_embedded": {"currencies": rows}});
        return hal::body(200, "application/json", &value);
    }
    let rows = |places: std::ops::Range<usize>| {
        CURRENCIES.get(places).into_iter().flatten().map(row).collect()
    };
    hal::list("currencies", "api/currencies", CURRENCIES.len(), query, rows)
        .unwrap_or_else(|refusal| refusal)
}

/// Checks a tax number: those of Spanish people have a letter that the digits decide.
fn tin(body: &[u8]) -> Answer {
    let given: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("businessType").is_empty() {
        let why = "Value is required and can't be empty";
        return hal::invalid(&[("businessType", "isEmpty", why)]);
    }
    let number = text("tin");
    let is_valid = match (text("tinCountry"), number.split_at_checked(8)) {
        ("ES", Some((digits, letter))) => {
            let place = digits.parse::<usize>().ok().map(|number| number % 23);
            let letters = "TRWAGMYFPDXBNJZSQVHLCKE";
            place.and_then(|at| letters.get(at..=at)) == Some(letter)
        }
        ("ES", None) => false,
        _ => number.len() >= 6,
    };
    hal::object(&json!({"isValid": is_valid}))
}

/// The identifier of the landlord whom the token belongs to.
pub(in super::super) fn landlord() -> String {
    id(LANDLORD, 1)
}

/// The identifier of the nth bank account, from 1.
pub(in super::super) fn account(nth: usize) -> String {
    id(ACCOUNT, nth)
}
