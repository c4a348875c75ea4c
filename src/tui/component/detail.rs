//! A record spelled out, field by field, for the detail pane: what is left out of many unknown
//! fields is counted.

use crate::conciliation::changes::Field;
use crate::domain::money::format_count;
use crate::domain::text::{CHANGED, Untrusted};
use crate::domain::truncate::truncate;
use crate::list::Kind;
use crate::list::record::Record;

const LABEL: u16 = 16;
/// Fields that the contract does not know, as far as they are spelled out: the pane is made anew
/// for each frame, and one answer can hold a million.
const MOST_EXTRAS: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The label, on the first line of a field.
    pub label: String,
    /// The value or a part of it.
    pub text: String,
    pub tone: Tone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Value,
    /// A value of an unexpected type or under an unknown key.
    Odd,
    Remark,
}

/// The lines of a record in `width` cells.
pub fn lines(record: &Record, width: u16) -> Vec<Line> {
    let room = usize::from(width).saturating_sub(usize::from(LABEL) + 1).max(8);
    let mut lines = Vec::new();
    for (position, field) in record.spec().fields.iter().enumerate() {
        let value = record.value(field.name);
        let tone = if record.is_odd(field) { Tone::Odd } else { Tone::Value };
        let cell = record.cell(position);
        let shown = match (field.kind, record.minor(field.name)) {
            (Kind::Minor, Some(_)) => format!("{cell} {}", record.currency()).trim_end().to_owned(),
            (Kind::MinorEur, Some(_)) => format!("{cell} EUR"),
            _ => cell.into_owned(),
        };
        push(&mut lines, field.label, &shown, tone, room);
        if let Some(text) = value.as_it_came() {
            spell_out(&mut lines, text, room);
        }
    }
    let extras = record.extras();
    for (key, json) in extras.iter().take(MOST_EXTRAS) {
        push(&mut lines, &key.shown(), &json.shown(), Tone::Odd, room);
        spell_out(&mut lines, key, room);
        spell_out(&mut lines, json, room);
    }
    if extras.len() > MOST_EXTRAS {
        let left_out = format_count((extras.len() - MOST_EXTRAS) as u64);
        let told = format!("{left_out} more fields that valora does not know");
        push(&mut lines, "", &told, Tone::Remark, room);
    }
    lines
}

/// What a text was before it was made printable, where that changed it.
fn spell_out(lines: &mut Vec<Line>, text: &Untrusted, room: usize) {
    if text.is_changed() {
        let label = format!("{CHANGED} as it came");
        push(lines, &label, &text.spelled_out(), Tone::Remark, room);
    }
}

/// The fields that a refresh changed, the old value beside the new.
pub fn changed(fields: &[Field], width: u16) -> Vec<Line> {
    let room = usize::from(width).saturating_sub(usize::from(LABEL) + 1).max(8);
    let mut lines = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let label = if index == 0 { "Changed" } else { "" };
        push(&mut lines, label, &field.to_string(), Tone::Remark, room);
    }
    lines
}

fn push(lines: &mut Vec<Line>, label: &str, text: &str, tone: Tone, room: usize) {
    // A label is a name of ours or an unknown key of the server's, which can be of any length.
    let mut label = Some(truncate(label.into(), LABEL).into_owned());
    let wrapped = textwrap::wrap(text, room);
    for part in wrapped {
        lines.push(Line { label: label.take().unwrap_or_default(), text: part.into_owned(), tone });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;

    fn text(json: &str) -> String {
        let record = Record::read(Spec::named("penalties").unwrap(), json);
        lines(&record, 50)
            .iter()
            .map(|line| format!("{:<16} {}", line.label, line.text).trim_end().to_owned())
            .collect::<Vec<_>>()
            .join("\n")
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
            "≈ as it came     PEN\\u{202e}1",
            "bad              \"bad\"\n≈ as it came     b\\u{ad}ad",
            "a_key_that_nobo… {\"x\":1}",
        ] {
            assert!(shown.contains(expected), "{expected} in\n{shown}");
        }
    }

    #[test]
    fn of_many_unknown_fields_the_rest_is_counted() {
        let fields: Vec<String> = (0..5_000).map(|at| format!(r#""k{at}":1"#)).collect();
        let shown = text(&format!("{{{}}}", fields.join(",")));
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains("k199 ") && !shown.contains("k200 "), "{shown}");
        assert!(shown.ends_with("4,800 more fields that valora does not know"), "{shown}");
    }
}
