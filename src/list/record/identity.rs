//! What makes a row the same row after a refresh.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Record, json};

impl Record {
    /// The hash of the ids, else of all content; and whether there is an id.
    ///
    /// A null is no content, and where a shape has a field, or what it takes it for, decides nothing:
    /// another answer may have the same row with its fields in other places.
    pub(super) fn identify(&self) -> (u64, bool) {
        let mut hasher = DefaultHasher::new();
        let named = self.spec.identity.iter().map(|name| self.value(name));
        let has_id = named.clone().any(|value| value.reference().is_some());
        if has_id {
            named.for_each(|value| value.hash(&mut hasher));
            return (hasher.finish(), has_id);
        }
        let mut renamed: Vec<(String, String)> = Vec::new();
        for (at, field) in self.spec.fields.iter().enumerate() {
            let value = self.at(at);
            if !value.is_given() {
                continue;
            }
            match field.keys() {
                None => (at, value).hash(&mut hasher),
                Some(keys) => {
                    let json = json::to_text(value).map(|json| json.expose_raw().to_owned());
                    renamed.push((keys.join("."), json.unwrap_or_default()));
                }
            }
        }
        let extras = self.extras().iter().filter(|(_, json)| json.expose_raw() != "null");
        renamed.extend(extras.map(|(key, json)| {
            (key.expose_raw().to_owned(), json::normal(json.expose_raw()).into_owned())
        }));
        renamed.sort_unstable();
        renamed.hash(&mut hasher);
        (hasher.finish(), has_id)
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
        // Another page brings more fields, of which this row has a null.
        let more = r#"{"booking_id":"BK2","area":7,"note":"n"}"#;
        let later = rows(&[&[more], &[row]]).remove(1);
        assert_ne!(first.spec().fields.len(), later.spec().fields.len());
        assert_eq!(first.identity(), later.identity());
        // Where there is no room for a field, its text is as the server escaped it.
        let beyond = Record::read(Spec::named("transactions").unwrap(), row);
        assert_eq!(beyond.extras().len(), 3);
        assert_eq!(beyond.identity(), first.identity());
        let other = rows(&[&[&row.replace("A\\/1", "A/2")]]).remove(0);
        assert_ne!(first.identity(), other.identity());
    }
}
