//! Checks against the rows whether a server's field fits the field that the settings assign.

use crate::domain::date;
use crate::domain::money::Currency;
use crate::domain::text::sanitize;
use crate::list::record::{Record, Value};
use crate::list::roles::{Reason, look};
use crate::list::{Field, Key, Kind};

impl Field {
    /// Why the field that the settings assign does not fit: `no row has pay_on, which the settings map to
    /// due_date`. `None` if it fits, or if the settings assign none.
    pub fn misfit(&self, rows: &[Record]) -> Option<String> {
        let Key::Recognized(keys, Reason::Setting) = self.key else { return None };
        let values = || rows.iter().map(|row| row.value(self.name));
        let own = sanitize(&keys.join(".")).into_owned();
        // Quotes show leading and trailing spaces.
        let own = if own.trim() == own { own } else { format!("{own:?}") };
        let so = format!("which the settings map to {}", self.name);
        if rows.is_empty() {
            return None;
        }
        if values().all(|value| *value == Value::Missing) {
            return Some(match inside(keys, rows) {
                Some(inner) => format!("{own}, {so}, contains other fields, such as {inner}"),
                None => format!("no row has {own}, {so}"),
            });
        }
        let (what, fits) = expected(self.kind)?;
        let given = || values().filter(|value| !matches!(value, Value::Missing | Value::Null));
        let is_odd = given().next().is_some() && !given().any(fits);
        is_odd.then(|| format!("{own}, {so}, does not contain {what}"))
    }
}

/// A field within an object of this name.
fn inside(keys: &[&str], rows: &[Record]) -> Option<String> {
    let fields = rows.iter().flat_map(|row| row.spec().fields.iter().map(move |it| (row, it)));
    let mut inner = fields.filter(|(row, field)| *row.value(field.name) != Value::Missing);
    let inner = inner.find_map(|(_, field)| {
        field.keys().filter(|own| own.len() > keys.len() && own.starts_with(keys))
    });
    inner.map(|inner| sanitize(&inner.join(".")).into_owned())
}

type Fits = fn(&Value) -> bool;

fn expected(kind: Kind) -> Option<(&'static str, Fits)> {
    Some(match kind {
        Kind::Date => ("dates", |value| value.date().is_some()),
        Kind::Timestamp => ("times", |value| {
            let text = value.raw_text().map_or("", |text| text.expose_raw());
            value.date().is_some() || date::instant(text).is_some()
        }),
        Kind::Minor | Kind::MinorEur => {
            ("amounts", |value| value.minor().is_some() || value.decimal().is_some())
        }
        Kind::Currency => ("currency codes", |value| {
            ![Currency::UNKNOWN, Currency::NONE].contains(&value.currency())
        }),
        Kind::Booking => ("references", |value| {
            let text = value.raw_text().map_or("", |text| text.expose_raw());
            value.minor().is_some() || matches!(look(text), "reference" | "code" | "digits")
        }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::list::Spec;
    use crate::list::shape::{Choices, Shapes};

    /// The misfit of `field` if the settings name `keys` for it.
    fn misfit(field: &'static str, keys: &[&str], row: &str) -> String {
        let spec = Spec::named("scheduled").unwrap();
        let choice = (field, keys.iter().map(|key| (*key).to_owned()).collect());
        let rows = Shapes::new(Choices::from([("scheduled", vec![choice])])).read(spec, &[row]);
        rows[0].spec().field(field).unwrap().misfit(&rows).unwrap_or_default()
    }

    #[test]
    fn a_field_of_the_settings_that_cannot_be_what_they_say_is_told_with_the_reason() {
        let row = r#"{"booking_id":"BK1","memo":"soon","sum":500,"dates":{"due":"2026-11-05"},
            "at":"2026-11-05T10:00:00Z","none":null,"cur":"EUR",
            "uid":"50d27db0-0718-49f0-b0ba-a73b11cfc3f6"}"#;
        let table: [(&str, &[&str], &str); 13] = [
            ("due_date", &["never"], "no row has never, which the settings map to due_date"),
            (
                "due_date",
                &["dates"],
                "dates, which the settings map to due_date, contains other fields, such as dates.due",
            ),
            (
                "due_date",
                &["memo"],
                "memo, which the settings map to due_date, does not contain dates",
            ),
            (
                "due_date",
                &["sum"],
                "sum, which the settings map to due_date, does not contain dates",
            ),
            (
                "amount",
                &["memo"],
                "memo, which the settings map to amount, does not contain amounts",
            ),
            ("due_date", &["dates", "due"], ""),
            ("due_date", &["at"], ""),
            ("due_date", &["none"], ""),
            (
                "currency",
                &["memo"],
                "memo, which the settings map to currency, does not contain currency codes",
            ),
            ("currency", &["cur"], ""),
            (
                "booking_id",
                &["uid"],
                "uid, which the settings map to booking_id, does not contain references",
            ),
            ("notes", &[" memo"], "no row has \" memo\", which the settings map to notes"),
            ("notes", &["sum"], ""),
        ];
        for (field, keys, expected) in table {
            assert_eq!(misfit(field, keys, row), expected, "{field} {keys:?}");
        }
    }
}
