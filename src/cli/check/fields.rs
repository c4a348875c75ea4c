//! Which fields of a list were recognized in its rows, which are missing, and which the rows have in
//! addition.

use indexmap::IndexSet;

use super::{Finding, State};
use crate::cli::exit_code::Unanswered;
use crate::cli::requests::Oneshot;
use crate::config::profile::ChoicePlace;
use crate::domain::money::counted;
use crate::domain::text::sanitize;
use crate::filter::query::ListQuery;
use crate::list::outline::Outline;
use crate::list::record::Record;
use crate::list::{Field, Key, Kind, Spec};
use crate::net::request::Request;
use crate::net::response::{Page, wrong_answer};

/// Names of the server that are listed at most, and characters of each.
const MOST_NAMES: usize = 20;
const LONGEST_NAME: usize = 60;

/// Checks the page that the dashboard requests first, so that both recognize the same fields.
pub(super) fn seen(
    spec: &'static Spec,
    oneshot: &Oneshot,
    places: &[ChoicePlace],
) -> Result<Finding, Unanswered> {
    let (_, response) = oneshot.ask(&Request::List(ListQuery::new(spec)))?;
    let page = response.try_as_page().ok_or_else(|| Unanswered(wrong_answer()))?;
    Ok(of_page(spec, &page, places))
}

fn of_page(documented: &Spec, page: &Page, places: &[ChoicePlace]) -> Finding {
    let name = format!("fields of {}", documented.key);
    let rows = counted(page.rows.len() as u64, "row");
    let Some(shape) = shape(page) else {
        return Finding::well(&name, format!("{rows}, so no fields to check"));
    };
    // Nested keys can be data: an id, a name.
    let json: Vec<String> = page.rows.iter().map(Record::to_json).collect();
    let outline = Outline::of(json.iter().map(String::as_str), shape.fields);
    let shown = |keys: &[&str]| printable(&outline.shown(keys));
    let recognized: Vec<String> = shape.fields.iter().filter_map(recognized).collect();
    let missing = shape.fields.iter().filter(|field| field.is_absent()).map(|field| field.name);
    let missing: Vec<&str> = missing.collect();
    let added = shape.fields.iter().filter(|field| field.is_unknown()).filter_map(Field::keys);
    let added: IndexSet<String> = added.map(shown).collect();
    let says = match recognized.len() {
        0 if missing.is_empty() => format!("{rows}, all fields have their usual names"),
        0 => format!("{rows}, all present fields have their usual names"),
        _ => format!("{rows}, {} recognized", counted(recognized.len() as u64, "field")),
    };
    let needed = needed(documented, shape);
    let mut advice = Vec::new();
    if !needed.is_empty() {
        let settings: Vec<_> = needed.iter().map(|name| format!("{name} = \"…\"")).collect();
        let (key, settings) = (documented.key, settings.join(", "));
        advice.push(format!("name the field in the settings, in [lists.{key}]: {settings}"));
    }
    let of_list = places.iter().filter(|it| it.list == documented.key);
    advice.extend(of_list.filter_map(|it| misfit(it, shape, &page.rows)));
    let mut finding = match advice.join("; ") {
        none if none.is_empty() => Finding::well(&name, says),
        advice => Finding::new(State::Odd, &name, says, advice),
    };
    let list =
        |title: &str, names: String| (!names.is_empty()).then(|| format!("{title}: {names}"));
    finding.notes = recognized;
    finding.notes.extend(list("not in these rows", missing.join(", ")));
    finding.notes.extend(list("additional", bounded(&added)));
    finding
}

/// The list with the fields that the rows of this page have.
pub(super) fn shape(page: &Page) -> Option<&'static Spec> {
    page.rows.iter().find(|row| row.unreadable().is_none()).map(Record::spec)
}

/// `due_date ← scheduled_for (by its name)`
fn recognized(field: &Field) -> Option<String> {
    let Key::Recognized(keys, reason) = field.key else { return None };
    Some(format!("{} ← {} ({})", field.name, printable(&keys.join(".")), reason.words()))
}

/// What to do about a field that the settings name and that does not fit the rows.
fn misfit(choice: &ChoicePlace, shape: &Spec, rows: &[Record]) -> Option<String> {
    let why = shape.field(choice.field)?.misfit(rows)?;
    Some(format!("correct {}: {why}", choice.place))
}

/// Missing fields that a list needs: its booking, its amount, its currency.
fn needed(documented: &Spec, shape: &Spec) -> Vec<&'static str> {
    let is_needed = |field: &&Field| match field.kind {
        Kind::Minor => field.name == documented.amount(),
        Kind::Currency => true,
        _ => field.name == documented.booking,
    };
    let is_absent = |field: &&Field| shape.field(field.name).is_some_and(Field::is_absent);
    let fields = documented.fields.iter().filter(is_needed).filter(is_absent);
    fields.map(|field| field.name).collect()
}

/// Sanitized and truncated.
fn printable(keys: &str) -> String {
    let shown = sanitize(keys).into_owned();
    match shown.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => shown.get(..end).unwrap_or_default().to_owned() + "…",
        None => shown,
    }
}

fn bounded(names: &IndexSet<String>) -> String {
    let shown = names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MOST_NAMES) {
        Some(more @ 1..) => format!("{shown}, and {more} more"),
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::shape::{Choices, Shapes};
    use crate::list::{scheduled, transactions};

    fn found(spec: &'static Spec, rows: &[&str]) -> Finding {
        chosen(spec, rows, Choices::new(), &[])
    }

    fn chosen(
        spec: &'static Spec,
        rows: &[&str],
        choices: Choices,
        places: &[ChoicePlace],
    ) -> Finding {
        let rows = Shapes::new(choices).read(spec, rows);
        let page = Page { rows, total: None, current: 1, last: None, per_page: 100 };
        of_page(spec, &page, places)
    }

    #[test]
    fn documented_rows_and_no_rows_need_no_notes() {
        let sample: Vec<serde_json::Value> =
            serde_json::from_str(transactions::SPEC.sample).unwrap();
        let finding = found(&transactions::SPEC, &[&sample[0].to_string()]);
        assert!(finding.state == State::Well && finding.notes.is_empty(), "{finding:?}");
        assert_eq!(finding.says, "1 row, all fields have their usual names");
        let finding = found(&scheduled::SPEC, &[]);
        assert!(finding.state == State::Well && finding.notes.is_empty(), "{finding:?}");
    }

    #[test]
    fn what_is_needed_and_not_recognized_can_be_named_in_the_settings() {
        let row = r#"{"xyzzy": true, "due_date": "2026-01-01"}"#;
        let finding = found(&scheduled::SPEC, &[row, row]);
        assert_eq!(finding.state, State::Odd);
        let expected = r#"[lists.scheduled]: booking_id = "…", amount = "…", currency = "…""#;
        assert!(finding.advice.ends_with(expected), "{}", finding.advice);
        assert!(finding.notes.iter().any(|note| note == "additional: xyzzy"), "{finding:?}");
    }

    #[test]
    fn a_field_of_the_settings_that_is_in_no_row_is_named_with_its_place() {
        let choices = || {
            let choice = |field, key: &str| (field, vec![key.to_owned()]);
            let of_list = vec![choice("due_date", "pay_on"), choice("status", "state")];
            Choices::from([("scheduled", of_list)])
        };
        let place = |field, line| ChoicePlace {
            list: "scheduled",
            field,
            place: format!("x.toml: line {line}, column 7"),
        };
        let places = [place("due_date", 2), place("status", 3)];
        let row = r#"{"booking_id": "BK1", "amount": 1, "currency": "EUR", "state": null}"#;
        let finding = chosen(&scheduled::SPEC, &[row], choices(), &places);
        assert_eq!(finding.state, State::Odd);
        let expected = "correct x.toml: line 2, column 7: no row has pay_on, which the \
                        settings map to due_date";
        assert_eq!(finding.advice, expected, "{finding:?}");
        assert_eq!(finding.notes[0], "due_date ← pay_on (by the settings)");
        let row = row.replace('}', r#", "pay_on": "2026-01-01"}"#);
        let finding = chosen(&scheduled::SPEC, &[&row], choices(), &places);
        assert_eq!(finding.state, State::Well, "{finding:?}");
    }

    #[test]
    fn keys_that_are_data_are_not_named() {
        let row = |owner: &str, id: u32| {
            format!(
                r#"{{"booking_id": "BK{id}", "by_owner": {{"{owner}": "open"}},
                    "by_id": {{"{id}": "2026-01-0{id}"}}}}"#
            )
        };
        let rows = [row("john_smith", 1), row("ana_perez", 2), row("li_wei", 3)];
        let finding = found(&scheduled::SPEC, &rows.iter().map(String::as_str).collect::<Vec<_>>());
        let shown = format!("{finding:?}");
        for data in ["john", "perez", "li_wei", "by_id.1"] {
            assert!(!shown.contains(data), "{shown}");
        }
        assert!(shown.contains("by_owner.*") && shown.contains("by_id.*"), "{shown}");
    }

    #[test]
    fn keys_of_the_only_row_are_named_as_they_are() {
        let row = r#"{"booking_id": "BK1", "xyzzy": 12345, "cur": "EUR", "plugh": "x",
                      "Höhe a@b": true}"#;
        let finding = found(&scheduled::SPEC, &[row]);
        let expected =
            ["amount ← xyzzy (by its values)", "currency ← cur (by its name and values)"];
        assert_eq!(finding.notes[..2], expected);
        assert_eq!(finding.notes.last().unwrap(), "additional: Höhe a@b, plugh");
    }

    #[test]
    fn names_of_a_server_are_printable_short_and_few() {
        let name = |at: usize| {
            let letter = char::from(b'a' + u8::try_from(at % 26).unwrap());
            format!("{letter}{}_total", "x".repeat(5 + at / 26))
        };
        let inner = |at| format!(r#""{}": {{"{}": 1}}"#, name(at), "total_".repeat(6));
        let row = (0..50).map(inner).chain([r#""\u001b[2J": 1"#.to_owned()]);
        let row = format!("{{{}}}", row.collect::<Vec<_>>().join(","));
        let finding = found(&scheduled::SPEC, &[&row, &row]);
        let added = finding.notes.last().unwrap();
        assert!(added.ends_with(", and 31 more"), "{added}");
        assert!(added.contains("[2J") && !added.contains('\u{1b}'), "{added}");
        assert!(added.chars().count() < 1_400, "{}", added.chars().count());
        let long = printable(&"\u{1b}é".repeat(LONGEST_NAME));
        assert_eq!((long.chars().count(), long.ends_with('…')), (LONGEST_NAME + 1, true));
        assert!(!long.contains('\u{1b}'), "{long}");
    }
}
