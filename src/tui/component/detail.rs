//! A record field by field, for the detail pane. Of many unknown fields, the rest is counted.

use crate::conciliation::Tone;
use crate::conciliation::changes;
use crate::domain::money::counted;
use crate::domain::text::{CHANGED, Untrusted};
use crate::domain::truncate::truncate;
use crate::list::record::{Record, Value};
use crate::list::{Field, Kind};
use crate::owners::Named;

/// Cells of a label.
pub const LABEL: u16 = 16;
/// Cells.
const NARROWEST: usize = 8;
/// Unknown fields: the pane is built for each frame, and a record can have a million of them.
const MOST_EXTRAS: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Detail {
    pub is_open: bool,
    /// Whether it covers the table, too.
    pub is_zoomed: bool,
    pub top: usize,
}

impl Detail {
    /// Ends the zoom, or closes the pane. Returns `true` if it was open.
    pub fn close(&mut self) -> bool {
        let was_open = self.is_open;
        self.is_open &= self.is_zoomed;
        self.is_zoomed = false;
        was_open
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub label: String,
    pub text: String,
    pub tone: Tone,
}

pub struct PaneLines {
    pub lines: Vec<Line>,
    pub room: usize,
    label: u16,
}

impl PaneLines {
    /// Different names are all shown, each with its source.
    pub fn owner(&mut self, named: &[Named]) {
        for (index, Named { name, source }) in named.iter().enumerate() {
            let label = if index == 0 { "Owner" } else { "" };
            let text = match named.len() {
                1 => name.shown().into_owned(),
                _ => format!("{} (from {})", name.shown(), <&str>::from(source)),
            };
            self.push(label, &text, if index == 0 { Tone::Plain } else { Tone::Open });
        }
    }

    /// `width` and `label` in cells; texts get at least `least` cells.
    pub fn new(label: u16, least: usize, width: u16) -> Self {
        let room = usize::from(width).saturating_sub(usize::from(label) + 1).max(least);
        Self { lines: Vec::new(), room, label }
    }

    pub fn push(&mut self, label: &str, text: &str, tone: Tone) {
        // A label can be an unknown key of the server, of any length.
        let mut label = Some(truncate(label.into(), self.label).into_owned());
        for part in textwrap::wrap(text, self.room) {
            let label = label.take().unwrap_or_default();
            self.lines.push(Line { label, text: part.into_owned(), tone });
        }
    }

    pub fn value(&mut self, label: &str, text: &str) {
        if !text.is_empty() {
            self.push(label, text, Tone::Plain);
        }
    }

    fn spell_out(&mut self, text: &Untrusted) {
        if text.is_changed() {
            self.push(&format!("{CHANGED} as received"), &text.spelled_out(), Tone::Open);
        }
    }
}

/// The lines of a record in `width` cells, first the fields that a refresh changed.
pub fn lines(record: &Record, changed: &[changes::Field], width: u16) -> Vec<Line> {
    let mut pane = PaneLines::new(LABEL, NARROWEST, width);
    for (index, field) in changed.iter().enumerate() {
        pane.push(if index == 0 { "Changed" } else { "" }, &field.to_string(), Tone::Open);
    }
    for (position, field) in record.spec().fields.iter().enumerate() {
        if field.is_absent() || field.is_unknown() && *record.at(position) == Value::Missing {
            continue;
        }
        let tone = if record.is_odd(field) { Tone::Odd } else { Tone::Plain };
        pane.push(field.label, &in_words(record, position, field), tone);
        let remark = record.sum_remark(field.name).filter(|_| field.kind.is_amount());
        pane.value("", &remark.unwrap_or_default());
        if let Some(text) = record.value(field.name).raw_text() {
            pane.spell_out(text);
        }
    }
    let extras = record.extras();
    for (key, json) in extras.iter().take(MOST_EXTRAS) {
        // Null is not odd: it is shown empty, like a known field without a value.
        let (text, tone) = match json.expose_raw() {
            "null" => ("".into(), Tone::Plain),
            _ => (json.shown(), Tone::Odd),
        };
        pane.push(&key.shown(), &text, tone);
        pane.spell_out(key);
        pane.spell_out(json);
    }
    if extras.len() > MOST_EXTRAS {
        let left_out = (extras.len() - MOST_EXTRAS) as u64;
        pane.push("", &counted(left_out, "more unknown field"), Tone::Open);
    }
    pane.lines
}

/// The same, below the owner of its booking.
pub fn with_owner(record: &Record, named: &[Named], width: u16) -> Vec<Line> {
    let mut pane = PaneLines::new(LABEL, NARROWEST, width);
    pane.owner(named);
    pane.lines.extend(lines(record, &[], width));
    pane.lines
}

/// A value with what the table has no room for: the currency of an amount, the time of a date.
fn in_words(record: &Record, position: usize, field: &Field) -> String {
    let (cell, value) = (record.cell(position), record.at(position));
    match field.kind {
        Kind::Minor if value.minor().is_some() => {
            format!("{cell} {}", record.currency_text()).trim_end().to_owned()
        }
        Kind::MinorEur if value.minor().is_some() => format!("{cell} EUR"),
        Kind::Date => value.raw_text().map_or(cell, Untrusted::shown).into_owned(),
        _ => cell.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;

    fn text(json: &str) -> String {
        let record = Record::read(Spec::named("penalties").unwrap(), json);
        lines(&record, &[], 50)
            .iter()
            .map(|line| format!("{:<16} {}", line.label, line.text).trim_end().to_owned())
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_field_that_nobody_knows_and_that_is_null_is_empty_and_not_odd() {
        let json = r#"{"id": "7", "sent_on": null, "plugh": 1}"#;
        let record = Record::read(Spec::named("penalties").unwrap(), json);
        let lines = lines(&record, &[], 50);
        let line = |label| lines.iter().find(|line| line.label == label).unwrap();
        assert_eq!((line("sent_on").text.as_str(), line("sent_on").tone), ("", Tone::Plain));
        assert_eq!((line("plugh").text.as_str(), line("plugh").tone), ("1", Tone::Odd));
    }

    #[test]
    fn all_fields_unknown_ones_and_altered_texts_are_spelled_out() {
        let shown = text(
            r#"{"id":"7","amount":123456,"currency":"EUR","status":"notify","due_date":[1],
                "invoice_number":"PEN\u202e1","a_key_that_nobody_has_heard_of":{"x":1},
                "b\u00adad":"bad"}"#,
        );
        for expected in [
            "Amount           1,234.56 EUR",
            "Status           notify",
            "Due              [1]",
            "Invoice          PEN\u{fffd}1",
            "≈ as received    PEN\\u{202e}1",
            "bad              \"bad\"\n≈ as received    b\\u{ad}ad",
            "a_key_that_nobo… {\"x\":1}",
        ] {
            assert!(shown.contains(expected), "{expected} in\n{shown}");
        }
    }

    #[test]
    fn an_amount_that_no_sum_can_take_says_why() {
        let shown = |json: &str| text(json).split_whitespace().collect::<Vec<_>>().join(" ");
        let decimal =
            shown(r#"{"amount":866.604,"currency":"EUR","due_date":"2026-01-02T10:00:00Z"}"#);
        let words = "Amount 866.604? not a whole number of cents: not counted Cur EUR";
        assert!(decimal.contains(words), "{decimal}");
        assert!(decimal.contains("Due 2026-01-02T10:00:00Z"), "{decimal}");
        let dollar = shown(r#"{"amount":100,"amount_eur":100,"currency":"US Dollar"}"#);
        let words = "Amount 1.00 US Dollar unknown currency: not counted Cur US Dollar";
        assert!(dollar.contains(words) && dollar.contains("1.00 EUR"), "{dollar}");
        assert_eq!(dollar.matches("not counted").count(), 1, "{dollar}");
    }

    #[test]
    fn of_many_unknown_fields_the_rest_is_counted() {
        let fields: Vec<String> = (0..5_000).map(|at| format!(r#""k{at}":1"#)).collect();
        let shown = text(&format!("{{{}}}", fields.join(",")));
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains("k199 ") && !shown.contains("k200 "), "{shown}");
        assert!(shown.ends_with("4,800 more unknown fields"), "{shown}");
    }
}
