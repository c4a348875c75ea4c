//! A bank account from any of its three bodies: account details, Payments and Finance, its holder.

use std::borrow::Cow;

use super::fields::Fields;
use super::iban;
use crate::domain::text::Untrusted;
use crate::list::record::Record;

/// Names and labels of fields shown unchanged; those of an address may be in an `address` object.
const PLAIN: &[(&str, &str)] = &[
    ("accountHolderFullName", "Holder"),
    ("holderName", "Holder"),
    ("beneficiaryName", "Beneficiary"),
    ("beneficiarySurname", "Surname"),
    ("invoiceName", "Invoices to"),
    ("bic", "BIC"),
    ("currency", "Currency"),
    ("currencyCode", "Currency"),
    ("street", "Street"),
    ("streetNumber", "Number"),
    ("floor", "Floor"),
    ("door", "Door"),
    ("zipCode", "Postcode"),
    ("city", "City"),
    ("country", "Country"),
    ("countryCode", "Country"),
    ("businessType", "Business"),
    ("tinCountry", "TIN country"),
    ("registrationCountry", "Registered in"),
    ("registrationDate", "Registered on"),
];

/// Names and labels of tax numbers; a VAT number contains the TIN.
const TAX: [(&str, &str); 2] = [("tin", "TIN"), ("vatNumber", "VAT number")];

pub fn lines(account: &Fields, is_revealed: bool) -> Vec<(&'static str, String)> {
    let number = account.text("iban").map(|number| iban::shown(&number, is_revealed));
    let mut lines = vec![("IBAN", number.unwrap_or_else(|| "none".to_owned()))];
    let address = account.object("address").unwrap_or_default();
    lines.extend(PLAIN.iter().filter_map(|(name, label)| {
        let text = account.text(name).or_else(|| address.text(name))?;
        Some((*label, text.shown().into_owned()))
    }));
    lines.extend(tax_numbers(account, is_revealed));
    lines
}

pub fn tax_numbers(
    fields: &Fields,
    is_revealed: bool,
) -> impl Iterator<Item = (&'static str, String)> {
    TAX.into_iter().filter_map(move |(name, label)| {
        Some((label, iban::tin_shown(&fields.text(name)?, is_revealed)))
    })
}

/// Masks account and tax numbers in any JSON value by their keys; account numbers also in keys and
/// texts. Only `reveal` shows them; then the value stays as received.
pub fn hide(value: &mut serde_json::Value, is_revealed: bool) {
    if is_revealed {
        return;
    }
    match value {
        serde_json::Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                let key = key.to_ascii_lowercase().replace('_', "");
                let is_tax = TAX.iter().any(|(name, _)| key.eq_ignore_ascii_case(name));
                match inner {
                    serde_json::Value::String(text) if key.contains("iban") => {
                        *text = iban::masked(text);
                    }
                    serde_json::Value::String(text) if is_tax => {
                        *text = iban::tin_shown(&Untrusted::new(text.as_str()), false);
                    }
                    serde_json::Value::String(text) if key == "token" => "•••".clone_into(text),
                    // Not of the documented type, but still a tax number.
                    inner if is_tax && !inner.is_null() => *inner = "•••".into(),
                    inner => hide(inner, false),
                }
            }
            hide_keys(map);
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(|it| hide(it, false)),
        serde_json::Value::String(text) => {
            if let Cow::Owned(hidden) = hidden_text(text) {
                *text = hidden;
            }
        }
        _ => {}
    }
}

/// Masks keys; keys that look the same once masked stay separate.
fn hide_keys(map: &mut serde_json::Map<String, serde_json::Value>) {
    if !map.keys().any(|key| matches!(hidden_text(key), Cow::Owned(_))) {
        return;
    }
    for (key, value) in std::mem::take(map) {
        let mut hidden = hidden_text(&key).into_owned();
        while map.contains_key(&hidden) {
            hidden.push('\'');
        }
        map.insert(hidden, value);
    }
}

/// The row with its account and tax numbers masked, in undocumented fields too.
pub fn masked(row: &Record) -> Record {
    let json = row.unreadable().map_or_else(|| row.to_json(), |json| json.expose_raw().to_owned());
    let mut value = serde_json::from_str(&json).unwrap_or_else(|_not_json| json.into());
    hide(&mut value, false);
    Record::read(row.spec(), &value.to_string())
}

/// A text with its IBANs masked, or completely masked if it names a tax number.
pub fn hidden_text(text: &str) -> Cow<'_, str> {
    let keys = text.to_ascii_lowercase().replace('_', "").replace('"', "'");
    let has_tax =
        |(name, _): &(&str, _)| keys.contains(&format!("'{}'", name.to_ascii_lowercase()));
    if TAX.iter().any(has_tax) {
        Cow::Owned("•••".to_owned())
    } else {
        iban::hidden_within(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(json: &str, is_revealed: bool) -> String {
        let lines = super::lines(&Fields::read(json).unwrap(), is_revealed);
        let lines: Vec<_> = lines.iter().map(|(label, text)| format!("{label}={text}")).collect();
        lines.join(";")
    }

    #[test]
    fn camel_case_and_snake_case_give_the_same_lines() {
        let camel = r#"{"iban":"IT93Q0326803403052213115840","bic":"BSANADAD","currency":"EUR",
            "address":{"city":"madrid","zipCode":"80312","street":"Calle Gonzalez 12",
            "country":"spain"},"accountHolderFullName":"John Due"}"#;
        let snake = r#"{"iban":"IT93Q0326803403052213115840","bic":"BSANADAD","currency_code":"EUR",
            "address":{"city":"madrid","zip_code":"80312","street":"Calle Gonzalez 12",
            "country_code":"spain"},"holder_name":"John Due"}"#;
        assert_eq!(lines(camel, false), lines(snake, false));
        assert!(lines(camel, false).starts_with("IBAN=IT•• •••• •••• •••• •••• •••5 840"));
    }

    #[test]
    fn no_number_is_in_debug_output() {
        let json = r#"{"id":"a","iban":"ES9121000418450200051332","tin":"123456789"}"#;
        let fields = Fields::read(json).unwrap();
        let debug = format!("{fields:?}");
        assert!(!debug.contains("2100") && !debug.contains("12345"), "{debug}");
    }

    #[test]
    fn account_numbers_that_are_keys_are_hidden_and_stay_apart() {
        let came = serde_json::json!({"by": {"ES9121000418450200051332": {"amount": 1},
            "ES91 2100 0418 4502 0005 1332": 2, "id": 3}});
        let (mut hidden, mut revealed) = (came.clone(), came.clone());
        hide(&mut hidden, false);
        let text = hidden.to_string();
        assert!(!text.contains("2100") && text.contains("•••• 1332"), "{text}");
        assert_eq!(hidden["by"].as_object().unwrap().len(), 3);
        assert_eq!(hidden["by"]["id"], 3);
        hide(&mut revealed, true);
        assert_eq!(revealed, came);
    }

    #[test]
    fn account_and_tax_numbers_are_hidden_until_they_are_revealed() {
        let json = r#"{"useAsDefault":true,"iban":"ES9121000418450200051332","tin":"123456789"}"#;
        let hidden = lines(json, false);
        assert!(!hidden.contains("2100") && !hidden.contains("1234567"), "{hidden}");
        assert!(lines(json, true).contains("TIN=123456789"));
        assert_eq!(
            lines(r#"{"vatNumber":"ESB12345678"}"#, false),
            "IBAN=none;VAT number=•••••••••78"
        );
        let mut value = serde_json::json!([{"previousIban": "ES9121000418450200051332",
            "deep": {"tin": "123456789", "vat_number": "ES123456789", "token": "much1yoo0aNg1yu"}}]);
        hide(&mut value, false);
        let mut odd = serde_json::json!({"ibanNumber": "ES9121000418450200051332", "tin": 123_456_789,
            "account": {"number": "ES91 2100 0418 4502 0005 1332"}, "text": ["to ES9121000418450200051332"]});
        hide(&mut odd, false);
        let mut literal = serde_json::json!(r"{'name': 'O\'Brien', 'vat_number': 'ES123456789'}");
        hide(&mut literal, false);
        let text = value.to_string() + &odd.to_string() + &literal.to_string();
        assert!(
            !text.contains("2100") && !text.contains("12345") && !text.contains("yoo0"),
            "{text}"
        );
    }
}
