//! The body of an event: an object, a text with an object in JSON or nearly so, or any other text.

use serde_json::Value;

use super::fields::Fields;
use crate::domain::text::Untrusted;

#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    Fields(Fields),
    Text(Untrusted),
}

impl Body {
    pub fn read(json: &str) -> Self {
        let inner = serde_json::from_str::<String>(json).ok();
        let text = inner.as_deref().unwrap_or(json);
        let fields = Fields::read(text).or_else(|| literal(text));
        fields.map_or_else(|| Self::Text(Untrusted::new(text)), Self::Fields)
    }

    pub fn fields(&self) -> Fields {
        match self {
            Self::Fields(fields) => fields.clone(),
            Self::Text(_) => Fields::default(),
        }
    }

    pub fn to_value(&self) -> Value {
        match self {
            Self::Fields(fields) => fields.to_value(),
            Self::Text(text) => Value::from(text.expose_raw()),
        }
    }
}

/// Reads a Python dictionary from the event store; one with quotes or escapes stays a text.
fn literal(text: &str) -> Option<Fields> {
    if text.contains(['"', '\\']) {
        return None;
    }
    let json = text.replace('\'', "\"").replace(": None", ": null");
    Fields::read(&json.replace(": True", ": true").replace(": False", ": false"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_a_json_text_and_a_quoted_literal_give_the_same_fields() {
        let forms = [
            r#"{"id": "0179", "stage": 3, "a": null, "b": true}"#,
            r#""{\"id\": \"0179\", \"stage\": 3, \"a\": null, \"b\": true}""#,
            r#""{'id': '0179', 'stage': 3, 'a': None, 'b': True}""#,
        ];
        for form in forms {
            let fields = Body::read(form).fields();
            assert_eq!(fields.minor("stage"), Some(3), "{form}");
            assert_eq!(fields.text("id"), Some(Untrusted::new("0179")));
            assert_eq!((fields.get("a"), fields.flag("b")), (None, Some(true)));
        }
    }

    #[test]
    fn a_body_without_fields_is_kept_as_it_came() {
        for (json, text) in [
            (r#""hello""#, "hello"),
            (r#""{'name': 'O\\'Brien'}""#, r"{'name': 'O\'Brien'}"),
            ("[1]", "[1]"),
            ("null", "null"),
        ] {
            assert_eq!(Body::read(json), Body::Text(Untrusted::new(text)));
            assert!(Body::read(json).fields().is_empty());
        }
    }
}
