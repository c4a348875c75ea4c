//! The body of an event: an object, or a text that holds one as JSON or as a Python-like literal.

use serde_json::Value;

use super::fields::Fields;
use super::python;
use crate::domain::text::Untrusted;

#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    Fields(Fields),
    /// Something that no fields can be read from.
    Text(Untrusted),
}

impl Body {
    /// Reads a body from its JSON.
    pub fn read(json: &str) -> Self {
        if let Some(fields) = Fields::read(json) {
            return Self::Fields(fields);
        }
        let Ok(text) = serde_json::from_str::<String>(json) else {
            return Self::Text(Untrusted::new(json));
        };
        let literal = || python::read(&text).as_ref().and_then(Fields::of);
        match Fields::read(&text).or_else(literal) {
            Some(fields) => Self::Fields(fields),
            None => Self::Text(Untrusted::new(text)),
        }
    }

    /// Its fields; none for a text.
    pub fn fields(&self) -> Fields {
        match self {
            Self::Fields(fields) => fields.clone(),
            Self::Text(_) => Fields::default(),
        }
    }

    /// The whole body as JSON for the screen.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Fields(fields) => {
                Value::Object(fields.iter().map(|(key, it)| (key.to_owned(), it.clone())).collect())
            }
            Self::Text(text) => Value::from(text.expose_raw()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_a_json_text_and_a_quoted_literal_give_the_same_fields() {
        let forms = [
            r#"{"id": "0179", "stage": 3}"#,
            r#""{\"id\": \"0179\", \"stage\": 3}""#,
            r#""{'id': '0179', 'stage': 3}""#,
        ];
        for form in forms {
            let fields = Body::read(form).fields();
            assert_eq!(fields.minor("stage"), Some(3), "{form}");
            assert_eq!(fields.text("id"), Some(Untrusted::new("0179")));
        }
    }

    #[test]
    fn a_body_without_fields_is_kept_as_it_came() {
        for (json, text) in [(r#""hello""#, "hello"), ("[1]", "[1]"), ("null", "null")] {
            assert_eq!(Body::read(json), Body::Text(Untrusted::new(text)));
            assert!(Body::read(json).fields().is_empty());
        }
    }
}
