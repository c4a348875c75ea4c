//! Error bodies: API problems (`application/problem+json`), with a message for each field on 422.

use serde_json::Value;

use super::fields::{Fields, in_words};
use crate::domain::text::Untrusted;

const MOST: usize = 50;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problem {
    /// The status that the body claims; examples of 403, 404 and 409 claim 401.
    pub status: Option<u16>,
    pub title: Option<Untrusted>,
    pub detail: Option<Untrusted>,
    pub fields: Vec<(Untrusted, Untrusted)>,
}

impl Problem {
    pub fn read(text: &str) -> Self {
        let Some(fields) = Fields::read(text) else { return Self::default() };
        let status = fields.text("status");
        Self {
            status: status.and_then(|text| text.expose_raw().parse().ok()),
            title: fields.text("title"),
            detail: fields.text("detail"),
            fields: messages(&fields),
        }
    }

    /// The title and detail, with the body's status if it differs from the HTTP status, which counts.
    pub fn said(&self, http: u16) -> Option<Untrusted> {
        let texts = [&self.title, &self.detail];
        let mut parts: Vec<&str> = texts.into_iter().flatten().map(Untrusted::expose_raw).collect();
        parts.dedup();
        let other = self.status.filter(|status| *status != http);
        let said =
            [parts.join(": "), other.map(|it| format!("the body says {it}")).unwrap_or_default()];
        let said: Vec<_> = said.into_iter().filter(|text| !text.is_empty()).collect();
        (!said.is_empty()).then(|| Untrusted::new(said.join("; ")))
    }
}

/// `validationMessages` as pairs of field and text: `{field: {rule: text}}` and similar forms.
fn messages(fields: &Fields) -> Vec<(Untrusted, Untrusted)> {
    let mut found = Vec::new();
    for (field, value) in fields.object("validationMessages").unwrap_or_default().iter() {
        collect(field, value, 0, &mut found);
    }
    found.truncate(MOST);
    found
}

/// A nested field has its path as name; the innermost name is the rule, which the text explains.
fn collect(path: &str, value: &Value, depth: usize, found: &mut Vec<(Untrusted, Untrusted)>) {
    if found.len() >= MOST || depth > 8 {
        return;
    }
    match value {
        Value::Object(rules) => {
            for (name, inner) in rules {
                let is_deeper = inner.is_object() || inner.is_array();
                let path = if is_deeper { format!("{path}.{name}") } else { path.to_owned() };
                collect(&path, inner, depth + 1, found);
            }
        }
        Value::Array(texts) => {
            for text in texts {
                collect(path, text, depth + 1, found);
            }
        }
        Value::Null => {}
        text => found.push((Untrusted::new(path), Untrusted::new(in_words(text)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_404_that_carries_a_401_says_both() {
        let body =
            r#"{"detail":"Unauthorized user","status":401,"title":"Unauthorized","type":"x"}"#;
        let problem = Problem::read(body);
        assert_eq!(problem.status, Some(401));
        let said = problem.said(404).unwrap();
        assert_eq!(said.shown(), "Unauthorized: Unauthorized user; the body says 401");
        assert_eq!(problem.said(401).unwrap().shown(), "Unauthorized: Unauthorized user");
    }

    #[test]
    fn each_rule_of_each_field_is_a_message() {
        let body = r#"{"title":"Unprocessable Entity","status":422,"validationMessages":{
            "field":{"stringLength":"The input is less than 6 characters long"},
            "bankAccount":{"iban":{"invalid":"no IBAN"}},"plain":"wrong","list":["a","b"]}}"#;
        let fields = Problem::read(body).fields;
        let shown: Vec<String> = fields
            .iter()
            .map(|(name, text)| format!("{}={}", name.shown(), text.shown()))
            .collect();
        let expected = [
            "bankAccount.iban=no IBAN",
            "field=The input is less than 6 characters long",
            "list=a",
            "list=b",
            "plain=wrong",
        ];
        let mut sorted = shown.clone();
        sorted.sort();
        assert_eq!(sorted, expected);
    }

    #[test]
    fn what_is_no_problem_says_nothing() {
        for body in ["", "<html>", "[]", "{\"title\":null}", "{"] {
            assert_eq!(Problem::read(body).said(500), None, "{body}");
        }
    }
}
