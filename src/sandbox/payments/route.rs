//! The reply to each path; `None` for a path that does not exist.

use serde_json::{Map, Value, json};

use super::super::filter::QueryString;
use super::super::reply::HttpReply;
use super::data::{
    BOOKING, CURRENCIES, HOLDER, LANDLORD, METHOD, Payment, PaymentsData, TENANT, details, finance,
    id, landlord, number, place,
};
use super::{PaymentsServers, events, invalid, list, object, paging};

impl PaymentsServers {
    pub(super) fn payments(&self, segments: &[&str], query: &QueryString) -> Option<HttpReply> {
        let (data, has_quirks) = (&*self.data(), &self.has_quirks);
        let bank = &data.bank;
        let is_landlord = |text: &str| number(LANDLORD, text) == Some(1);
        let value = match segments {
            ["payments"] => return Some(tenant_payments(data, query)),
            ["payments", "payment-methods"] => return Some(self.methods(query)),
            ["payments", id] => {
                let payment = data.payment(id)?;
                json!({"id": payment.id(), "isBlocked": payment.is_blocked(),
                    "updatedAt": payment.updated()})
            }
            ["public", "payments", id] => data.payment(id)?.public(),
            ["admin", "payments", id] => data.payment(id)?.admin(),
            ["payment-holders", id] => holder(data, id)?,
            ["stripe", "accounts", landlord] if is_landlord(landlord) => {
                json!({"landlordId": landlord, "accountId": id(0x1a2b_3c4d, 1),
                    "status": "RestrictedSoon"})
            }
            ["me", "bank-account-details"] => {
                let (page, size) = match paging(query) {
                    Ok(paging) => paging,
                    Err(refusal) => return Some(refusal),
                };
                let places = (0..bank.len()).skip((page - 1).saturating_mul(size)).take(size);
                places.filter_map(|at| details(bank, at)).collect()
            }
            ["me", "bank-account-details", id, "properties"] => {
                json!({"sah:propertyIds": data.properties(place(bank, id)?)})
            }
            ["admin", "bank-account-details", id] => details(bank, place(bank, id)?)?,
            ["admin", "bank-account-details", id, "properties"] => {
                json!({"propertyIds": data.properties(place(bank, id)?)})
            }
            ["admin", "landlords", landlord, "bank-account-details", "default"]
                if is_landlord(landlord) =>
            {
                details(bank, 0)?
            }
            ["admin", "landlords", landlord, "properties", property, "bank-account-detail"]
                if is_landlord(landlord) =>
            {
                let has = |at: &usize| data.properties(*at).iter().any(|own| own == property);
                details(bank, (0..bank.len()).find(has)?)?
            }
            ["event-store", "streams", id] => events::stream(data.payment(id), *has_quirks),
            ["event-store", from, to] => {
                events::between(data, from.parse().ok()?, to.parse().ok()?, *has_quirks)
            }
            _ => return None,
        };
        Some(object(&value))
    }

    pub(super) fn finance(&self, segments: &[&str], query: &QueryString) -> Option<HttpReply> {
        let bank = &self.data().bank;
        let value = match segments {
            ["api", "bank-accounts", id] => finance(bank.get(place(bank, id)?)?),
            ["api", "landlord", "bank-account-holders"] => landlord(bank.first()?),
            ["api", "currencies"] if self.has_quirks => {
                let rows = (0..).zip(CURRENCIES).map(|(at, it)| (format!("{at}"), currency(&it)));
                let rows: Map<String, Value> = rows.collect();
                json!({"count": 1, "total": rows.len(), "_embedded": {"currencies": rows}})
            }
            ["api", "currencies"] => {
                let path = "api/currencies";
                return Some(list("currencies", path, &CURRENCIES, query, currency));
            }
            _ => return None,
        };
        Some(HttpReply::new(200, "application/json", value.to_string()))
    }

    fn methods(&self, query: &QueryString) -> HttpReply {
        let all = [("1", "Braintree"), ("2", "Paypal"), ("3", "Bank transfer")];
        let row = |(id, text): &(&str, &str)| json!({"id": id, "text": text});
        let reply = list("payment-methods", "payments/payment-methods", &all, query, row);
        if !self.has_quirks {
            return reply;
        }
        // An example in the documents lacks this comma.
        let text = String::from_utf8_lossy(&reply.body).replacen("\"count\":3,", "\"count\":3 ", 1);
        HttpReply { body: text.into_bytes(), ..reply }
    }
}

/// The holder of payments: a tenant, or the landlord for number 0.
fn holder(data: &PaymentsData, text: &str) -> Option<Value> {
    let booking = number(HOLDER, text)?;
    if booking == 0 {
        let name = data.bank.first().map_or("Landlord", |account| account.holder);
        return Some(json!({"id": text, "name": name, "email": "landlord@example.com",
            "defaultPaymentMethodId": id(METHOD, 0), "paymentMethods":
            [{"id": id(METHOD, 0), "type": "bank_transfer", "provider": "stripe"}]}));
    }
    let mut payments = data.payments.iter();
    payments.find(|payment| payment.booking == booking).map(Payment::holder_body)
}

fn tenant_payments(data: &PaymentsData, query: &QueryString) -> HttpReply {
    let fits = |payment: &&Payment| {
        let is = |name: &str, own: &str| query.get(name).is_none_or(|value| value == own);
        let booking = id(BOOKING, payment.booking);
        is("sourceRefCode", &payment.reference)
            && is("type", payment.kind)
            && is("sourceId", &booking)
            && is("bookingId", &booking)
            && is("userId", &id(TENANT, payment.booking))
    };
    let why = "The input was not found in the haystack";
    let unknown = |name| invalid(name, "notInArray", why);
    let mut found: Vec<&Payment> = data.payments.iter().filter(fits).collect();
    let by = query.get("sortBy");
    match by {
        None => {}
        Some("dueDate") => found.sort_by_key(|payment| payment.due),
        Some("amount") => found.sort_by_key(|payment| payment.amount),
        Some("status") => found.sort_by_key(|payment| payment.status()),
        Some("type") => found.sort_by_key(|payment| payment.kind),
        Some("id") => found.sort_by_key(|payment| payment.number),
        Some(_) => return unknown("sortBy"),
    }
    match (by, query.get("sortType")) {
        (_, Some("DESC")) | (None, None) => found.reverse(),
        (_, None | Some("ASC")) => {}
        (_, Some(_)) => return unknown("sortType"),
    }
    list("tenant-payments", "payments", &found, query, |payment| payment.row())
}

fn currency((label, symbol): &(&str, &str)) -> Value {
    json!({"label": label, "symbol": symbol})
}

/// Checks a tax number: the digits of a Spanish person's number determine its letter.
pub(super) fn tin(body: &[u8]) -> HttpReply {
    let given: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("businessType").is_empty() {
        return invalid("businessType", "isEmpty", "Value is required and can't be empty");
    }
    let number = text("tin");
    let is_valid = match (text("tinCountry"), number.split_at_checked(8)) {
        ("ES", Some((digits, letter))) => {
            let place = digits.parse::<usize>().ok().map(|number| number % 23);
            place.and_then(|at| "TRWAGMYFPDXBNJZSQVHLCKE".get(at..=at)) == Some(letter)
        }
        ("ES", None) => false,
        _ => number.len() >= 6,
    };
    object(&json!({"isValid": is_valid}))
}
