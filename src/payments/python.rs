//! Python-like literals: the event store gives a body as `{'id': '0179', 'stage': 3}`.

use serde_json::{Map, Number, Value};

/// Lists and dictionaries within each other that are read; a body has two.
const DEEPEST: usize = 32;

/// Reads a literal of dictionaries, lists, texts in single or double quotes, numbers, `True`,
/// `False` and `None`; `None` for anything else.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut reader = Reader { left: text.trim() };
    let value = reader.value(0)?;
    reader.skip();
    reader.left.is_empty().then_some(value)
}

struct Reader<'a> {
    left: &'a str,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.left = self.left.trim_start();
    }

    /// Takes a sign, spaces before it left out.
    fn takes(&mut self, sign: char) -> bool {
        self.skip();
        match self.left.strip_prefix(sign) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.skip();
        match self.left.chars().next()? {
            '{' => self.dictionary(depth),
            '[' => self.sequence('[', ']', depth),
            '(' => self.sequence('(', ')', depth),
            '\'' | '"' => self.text().map(Value::String),
            _ => self.word(),
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Value> {
        let mut map = Map::new();
        self.takes('{').then_some(())?;
        while !self.takes('}') {
            self.skip();
            let key = self.text()?;
            self.takes(':').then_some(())?;
            let value = self.value(depth + 1)?;
            map.insert(key, value);
            // A comma may follow the last entry too.
            if !self.takes(',') {
                self.takes('}').then_some(())?;
                break;
            }
        }
        Some(Value::Object(map))
    }

    fn sequence(&mut self, open: char, close: char, depth: usize) -> Option<Value> {
        let mut list = Vec::new();
        self.takes(open).then_some(())?;
        while !self.takes(close) {
            list.push(self.value(depth + 1)?);
            if !self.takes(',') {
                self.takes(close).then_some(())?;
                break;
            }
        }
        Some(Value::Array(list))
    }

    fn text(&mut self) -> Option<String> {
        let mut chars = self.left.chars();
        let quote = chars.next().filter(|c| matches!(c, '\'' | '"'))?;
        let mut text = String::new();
        loop {
            match chars.next()? {
                '\\' => text.push(escaped(&mut chars)?),
                c if c == quote => break,
                c => text.push(c),
            }
        }
        self.left = chars.as_str();
        Some(text)
    }

    fn word(&mut self) -> Option<Value> {
        let ends = |c: char| matches!(c, ',' | ']' | '}' | ')' | ':') || c.is_whitespace();
        let (word, left) = self.left.split_at(self.left.find(ends).unwrap_or(self.left.len()));
        let value: Value = match word {
            "True" | "true" => true.into(),
            "False" | "false" => false.into(),
            "None" | "null" => Value::Null,
            // What JSON calls a number; others, such as `Decimal('1')`, are none.
            _ => Value::Number(serde_json::from_str::<Number>(word).ok()?),
        };
        self.left = left;
        Some(value)
    }
}

fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let digits = match chars.next()? {
        'n' => return Some('\n'),
        't' => return Some('\t'),
        'r' => return Some('\r'),
        'x' => 2,
        'u' => 4,
        other => return Some(other),
    };
    let code: String = chars.take(digits).collect();
    char::from_u32(u32::from_str_radix(&code, 16).ok().filter(|_| code.len() == digits)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn literals_are_read_with_their_types() {
        let table = [
            (
                "{'id': '0179489b-88b1-493a-95bb-0dd497e78629', 'cic': '59', 'stage': 3}",
                json!({"id": "0179489b-88b1-493a-95bb-0dd497e78629", "cic": "59", "stage": 3}),
            ),
            (
                r#"{'a': True, "b": None, 'c': [1, -2.5, 'x',], 'd': {'e': False}}"#,
                json!({"a": true, "b": null, "c": [1, -2.5, "x"], "d": {"e": false}}),
            ),
            (
                r"{'name': 'O\'Brien \xe9 \u0142', 'q': '\\'}",
                json!({"name": "O'Brien é ł", "q": "\\"}),
            ),
            ("{}", json!({})),
            ("(1, 2)", json!([1, 2])),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_none_and_depth_is_bounded() {
        for odd in ["", "{'a'}", "{'a': }", "{'a': 'b'", "x", "{a: 1}", "{'a': 1} x", "'\\x4'"] {
            assert_eq!(read(odd), None, "{odd}");
        }
        assert_eq!(read(&"[".repeat(100_000)), None);
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(text in any::<String>(), like in "[{}\\[\\]'\":, a1\\\\x]{0,40}") {
            let _ = read(&text);
            let _ = read(&like);
        }
    }
}
