//! How a row is recognized after a refresh.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use fnv::FnvHasher;

use super::{Record, Value, walk_value};
use crate::domain::date;

/// The maximum hashed bytes of a key; longer keys differ in their length.
const LONGEST_KEY: usize = 200;

impl Record {
    /// The hash of the ids, or else of the complete content; and whether there is an id.
    ///
    /// Nulls do not count, nor do the position and type that a shape gives a field: another answer may
    /// have the same row with its fields in other places.
    pub(super) fn identify(&self) -> (u64, bool) {
        let mut hasher = DefaultHasher::new();
        let named = self.spec.identity.iter().map(|name| self.value(name));
        let has_id = named.clone().any(|value| value.reference().is_some());
        if has_id {
            named.for_each(|value| value.hash(&mut hasher));
            return (hasher.finish(), has_id);
        }
        // A sum of hashes does not depend on the order of the fields.
        let mut renamed = 0_u64;
        let mut add = |hash: u64| renamed = renamed.wrapping_add(hash);
        for (at, field) in self.spec.fields.iter().enumerate() {
            let value = self.at(at);
            match (field.keys(), value) {
                _ if !value.is_given() => {}
                (keys, Value::Odd(json)) => {
                    add_all(&mut add, keys.unwrap_or(&[field.name]), json.expose_raw());
                }
                (None, _) => (at, value).hash(&mut hasher),
                (Some(keys), _) => add(hash_of(keys, &Content::of_value(value))),
            }
        }
        for (key, json) in self.extras() {
            // The keys of an extra field are joined with dots.
            let keys: Vec<&str> = key.expose_raw().split('.').collect();
            add_all(&mut add, &keys, json.expose_raw());
        }
        renamed.hash(&mut hasher);
        (hasher.finish(), has_id)
    }
}

/// Adds the hash of each nested value, because another shape may have them as fields.
fn add_all(add: &mut impl FnMut(u64), keys: &[&str], json: &str) {
    walk_value(keys, json, &mut |keys, raw| {
        if raw.get() != "null" {
            add(hash_of(keys, &Content::of_json(raw.get())));
        }
    });
}

fn hash_of(keys: &[&str], content: &Content<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u64(hash_of_keys(keys));
    content.hash(&mut hasher);
    hasher.finish()
}

/// Hashes the length and the first bytes of each key: a hostile key can be megabytes long and hold many
/// values, each of which would hash it again.
fn hash_of_keys(keys: &[&str]) -> u64 {
    let mut hasher = FnvHasher::default();
    for key in keys.iter().flat_map(|key| key.split('.')).map(str::as_bytes) {
        hasher.write(key.get(..LONGEST_KEY).unwrap_or(key));
        hasher.write_usize(key.len());
    }
    hasher.finish()
}

/// The content of a value, independent of the kind of its field and of JSON escapes.
#[derive(Hash)]
enum Content<'a> {
    Text(Cow<'a, str>),
    Date(chrono::NaiveDate),
    Whole(i64),
    Json(&'a str),
}

impl<'a> Content<'a> {
    fn of_value(value: &'a Value) -> Self {
        match value {
            Value::Text(text) => Self::of_text(text.expose_raw().into()),
            Value::Date(day) => Self::Date(*day),
            Value::Minor(whole) => Self::Whole(*whole),
            Value::Flag(flag) => Self::Json(if *flag { "true" } else { "false" }),
            Value::Decimal(json) | Value::Odd(json) => Self::of_json(json.expose_raw()),
            Value::Missing | Value::Null => Self::Json("null"),
        }
    }

    fn of_json(json: &'a str) -> Self {
        let text = Some(json).filter(|json| json.starts_with('"'));
        if let Some(text) = text.and_then(|json| serde_json::from_str::<String>(json).ok()) {
            return Self::of_text(text.into());
        }
        json.parse().map_or(Self::Json(json), Self::Whole)
    }

    fn of_text(text: Cow<'a, str>) -> Self {
        date::parse(&text).map_or(Self::Text(text), Self::Date)
    }
}

#[cfg(test)]
mod tests {
    use crate::list::Spec;
    use crate::list::record::Record;
    use crate::list::shape::Shapes;

    fn rows(pages: &[&[&str]]) -> Vec<Record> {
        let (spec, shapes) = (Spec::named("transactions").unwrap(), Shapes::default());
        pages.iter().flat_map(|page| shapes.read(spec, page)).collect()
    }

    #[test]
    fn a_row_without_an_id_stays_the_same_wherever_its_fields_are() {
        let row = r#"{"booking_id":"BK1","amount":5,"desk":"A\/1","note":null,"zone":[1]}"#;
        let first = rows(&[&[row]]).remove(0);
        assert!(!first.has_id);
        // Another page adds fields; one of them is null in this row.
        let more = r#"{"booking_id":"BK2","area":7,"note":"n"}"#;
        let later = rows(&[&[more], &[row]]).remove(1);
        assert_ne!(first.spec().fields.len(), later.spec().fields.len());
        assert_eq!(first.identity(), later.identity());
        // Without room for a field, its text keeps the server's escapes.
        let beyond = Record::read(Spec::named("transactions").unwrap(), row);
        assert_eq!(beyond.extras().len(), 3);
        assert_eq!(beyond.identity(), first.identity());
        // Another page makes a nested value a field.
        let nested = r#"{"booking_id":"BK1","amount":5,"zone":{"y":null,"z":{"w":1}}}"#;
        let apart = r#"{"booking_id":"BK2","amount":5,"zone":{"y":7,"z":{"w":2}}}"#;
        let (before, after) =
            (rows(&[&[nested]]).remove(0), rows(&[&[apart], &[nested]]).remove(1));
        let bare = Record::read(Spec::named("transactions").unwrap(), nested);
        assert_eq!([before.identity(), bare.identity()], [after.identity(); 2]);
        // An object with only nulls in place of a documented text equals a missing field.
        let odd = r#"{"booking_id":"BK1","amount":5,"beneficiary":{"name":null}}"#;
        let none = r#"{"booking_id":"BK1","amount":5}"#;
        let bob = r#"{"booking_id":"BK1","amount":5,"beneficiary":"Bob"}"#;
        assert_eq!(rows(&[&[odd, bob]])[0].identity(), rows(&[&[none]])[0].identity());
        let other = rows(&[&[&row.replace("A\\/1", "A/2")]]).remove(0);
        assert_ne!(first.identity(), other.identity());
    }
}
