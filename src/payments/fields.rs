//! The fields of a JSON object in order, with names in camelCase or `snake_case`: the APIs use both.

use std::fmt;

use serde_json::Value;

use crate::domain::money::{Currency, format_amount};
use crate::domain::text::{Untrusted, sanitize};
use crate::list::record::object_pairs;

const LONGEST: usize = 4_000;

#[derive(Clone, Default, PartialEq)]
pub struct Fields(Vec<(String, Value)>);

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only the names: values may be account numbers, which must not get into a log.
        f.debug_list().entries(self.0.iter().map(|(key, _)| sanitize(key))).finish()
    }
}

impl Fields {
    /// `None` if it is not an object; a value that is too deep or too large to parse stays a text.
    pub fn read(json: &str) -> Option<Self> {
        let value = |raw: &str| serde_json::from_str(raw).unwrap_or_else(|_| Value::from(raw));
        let pairs = object_pairs(json)?.into_iter();
        Some(Self(pairs.map(|(key, raw)| (key, value(raw.get()))).collect()))
    }

    pub fn of(value: &Value) -> Option<Self> {
        let object = value.as_object()?;
        Some(Self(object.iter().map(|(key, value)| (key.clone(), value.clone())).collect()))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    pub fn to_value(&self) -> Value {
        self.iter().map(|(key, value)| (key.to_owned(), value.clone())).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A value that is not `null`: `zipCode` finds `zip_code` too, and `id` finds `_id`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let exact = self.0.iter().find(|(key, _)| key == name);
        let alike = || self.0.iter().find(|(key, _)| is_alike(key, name));
        exact.or_else(alike).map(|(_, value)| value).filter(|value| !value.is_null())
    }

    /// Blank texts and `undefined`, which a documented example has in its address, count as missing.
    pub fn text(&self, name: &str) -> Option<Untrusted> {
        let shown = in_words(self.get(name)?);
        let is_nothing = shown.trim().is_empty() || shown.trim() == "undefined";
        (!is_nothing).then(|| Untrusted::new(shown))
    }

    pub fn shown(&self, name: &str) -> String {
        self.text(name).map(|text| text.shown().into_owned()).unwrap_or_default()
    }

    /// A flag, also as a text or as 0 and 1.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(flag) => Some(*flag),
            other => match in_words(other).as_str() {
                "1" | "true" | "True" => Some(true),
                "0" | "false" | "False" => Some(false),
                _ => None,
            },
        }
    }

    /// Minor units: an integer, or a text of digits as in the public view of a payment.
    pub fn minor(&self, name: &str) -> Option<i64> {
        let value = self.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// An amount with its currency; one that is not a whole number of minor units is unchanged, with a
    /// `?`.
    pub fn money(&self, name: &str, currency: Option<&Untrusted>) -> Option<String> {
        let code = currency.and_then(|code| Currency::parse(code.expose_raw()));
        let amount = match (self.minor(name), self.get(name)?) {
            (Some(minor), _) => format_amount(minor.into(), code.unwrap_or(Currency::NONE)),
            (None, Value::Object(_) | Value::Array(_)) => return None,
            _ => format!("{}?", self.text(name)?.shown()),
        };
        let code = match (code, currency) {
            (Some(code), _) => code.to_string(),
            (None, named) => named.map(|name| name.shown().into_owned()).unwrap_or_default(),
        };
        Some(format!("{code} {amount}").trim_start().to_owned())
    }

    pub fn object(&self, name: &str) -> Option<Self> {
        Self::of(self.get(name)?)
    }

    pub fn list(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

pub fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().take(LONGEST).collect(),
        Value::Null => String::new(),
        other => other.to_string().chars().take(LONGEST).collect(),
    }
}

fn is_alike(key: &str, name: &str) -> bool {
    let [key, name] =
        [key, name].map(|it| it.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()));
    key.eq(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_name_are_found_and_nothing_is_nothing() {
        let json = r#"{"_id":"1","zip_code":80312,"isMulti":"true","city":"undefined","a":null}"#;
        let fields = Fields::read(json).unwrap();
        let text = |name| fields.text(name).map(|text| text.shown().into_owned());
        assert_eq!(text("id").as_deref(), Some("1"));
        assert_eq!(text("zipCode").as_deref(), Some("80312"));
        assert_eq!(fields.flag("is_multi"), Some(true));
        assert_eq!((text("city"), text("a"), text("gone")), (None, None, None));
        assert!(Fields::read("[1]").is_none() && Fields::read("{").is_none());
    }

    #[test]
    fn money_that_is_no_whole_minor_units_is_shown_as_it_came_and_marked() {
        let json = r#"{"a":7899,"b":1.5,"c":"200 EUR","d":{"x":1},"e":" ","f":null}"#;
        let fields = Fields::read(json).unwrap();
        let eur = Untrusted::new("eur");
        let money = |name| fields.money(name, Some(&eur)).unwrap_or_default();
        assert_eq!(["a", "b", "c"].map(money), ["EUR 78.99", "EUR 1.5?", "EUR 200 EUR?"]);
        assert_eq!(["d", "e", "f", "g"].map(money), [""; 4]);
        assert_eq!(fields.money("a", Some(&Untrusted::new("Euro"))).unwrap(), "Euro 78.99");
        assert_eq!(fields.money("a", None).unwrap(), "78.99");
    }

    #[test]
    fn minor_units_come_as_integers_or_as_texts_of_digits_and_never_as_fractions() {
        let fields = Fields::read(r#"{"a":7899,"b":"22345","c":1.5,"d":"1.5","e":-5000}"#).unwrap();
        let minor = |name| fields.minor(name);
        assert_eq!((minor("a"), minor("b"), minor("e")), (Some(7_899), Some(22_345), Some(-5_000)));
        assert_eq!((minor("c"), minor("d"), minor("f")), (None, None, None));
    }
}
