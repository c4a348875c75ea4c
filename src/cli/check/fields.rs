//! What the rows of a list were recognized as: which field plays which role, what is missing and what
//! came in addition.

use super::{Finding, State};
use crate::cli::exit_code::Unanswered;
use crate::cli::requests::Oneshot;
use crate::domain::money::counted;
use crate::domain::text::Untrusted;
use crate::filter::query::ListQuery;
use crate::list::record::Record;
use crate::list::{Field, Key, Kind, Spec};
use crate::net::request::Request;
use crate::net::response::{Page, wrong_answer};

/// Names of a server that are listed, and characters of each.
const MOST_NAMES: usize = 20;
const LONGEST_NAME: usize = 60;

/// Of the page that the dashboard requests first, so that both recognize the same.
pub(super) fn seen(spec: &'static Spec, oneshot: &Oneshot) -> Result<Finding, Unanswered> {
    let (_, response) = oneshot.ask(&Request::List(ListQuery::new(spec)))?;
    let page = response.try_as_page().ok_or_else(|| Unanswered(wrong_answer()))?;
    Ok(of_page(spec, &page))
}

fn of_page(documented: &Spec, page: &Page) -> Finding {
    let name = format!("fields of {}", documented.key);
    let rows = counted(page.rows.len() as u64, "row");
    let Some(shape) = shape(page) else {
        return Finding::well(&name, format!("{rows}, so none was seen"));
    };
    let recognized: Vec<String> = shape.fields.iter().filter_map(recognized).collect();
    let missing = shape.fields.iter().filter(|field| field.is_absent()).map(|field| field.name);
    let missing: Vec<&str> = missing.collect();
    let added = shape.fields.iter().filter(|field| field.is_unknown()).filter_map(Field::keys);
    let added: Vec<String> = added.map(path).collect();
    let says = match recognized.len() {
        0 if missing.is_empty() => format!("{rows}, all fields under their usual names"),
        0 => format!("{rows}, under their usual names as far as they came"),
        _ => format!("{rows}, {} recognized", counted(recognized.len() as u64, "field")),
    };
    let needed = needed(documented, shape);
    let mut finding = if needed.is_empty() {
        Finding::well(&name, says)
    } else {
        let settings: Vec<_> = needed.iter().map(|name| format!("{name} = \"…\"")).collect();
        let (key, settings) = (documented.key, settings.join(", "));
        let advice = format!("name the field in the settings, in [lists.{key}]: {settings}");
        Finding::new(State::Odd, &name, says, advice)
    };
    let list =
        |title: &str, names: String| (!names.is_empty()).then(|| format!("{title}: {names}"));
    finding.notes = recognized;
    finding.notes.extend(list("not in these rows", missing.join(", ")));
    finding.notes.extend(list("in addition", bounded(&added)));
    finding
}

/// The fields that the rows of a page turned out to have.
pub(super) fn shape(page: &Page) -> Option<&'static Spec> {
    page.rows.iter().find(|row| row.unreadable().is_none()).map(Record::spec)
}

/// `due_date ← scheduled_for (by its name)`
fn recognized(field: &Field) -> Option<String> {
    let Key::Recognized(keys, reason) = field.key else { return None };
    Some(format!("{} ← {} ({})", field.name, path(keys), reason.words()))
}

/// What a list is of little use without: its booking, its amount, its currency.
fn needed(documented: &Spec, shape: &Spec) -> Vec<&'static str> {
    let is_needed = |field: &&Field| match field.kind {
        Kind::Minor => {
            field.name == documented.amount()
                && shape.field(shape.amount()).is_none_or(Field::is_absent)
        }
        Kind::Currency => true,
        _ => field.name == documented.booking,
    };
    let is_absent = |field: &&Field| shape.field(field.name).is_some_and(Field::is_absent);
    let fields = documented.fields.iter().filter(is_needed).filter(is_absent);
    fields.map(|field| field.name).collect()
}

/// Keys as they are typed, printable and not long.
fn path(keys: &[&str]) -> String {
    let shown = Untrusted::new(keys.join(".")).shown().into_owned();
    match shown.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => shown.get(..end).unwrap_or_default().to_owned() + "…",
        None => shown,
    }
}

fn bounded(names: &[String]) -> String {
    let shown = names.get(..MOST_NAMES).unwrap_or(names).join(", ");
    match names.len().checked_sub(MOST_NAMES) {
        Some(more @ 1..) => format!("{shown}, and {more} more"),
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::shape::Shapes;
    use crate::list::{scheduled, transactions};

    fn found(spec: &'static Spec, rows: &[&str]) -> Finding {
        let rows = Shapes::default().read(spec, rows);
        of_page(spec, &Page { rows, total: None, current: 1, last: None, per_page: 100 })
    }

    #[test]
    fn documented_rows_and_no_rows_need_no_notes() {
        let sample: Vec<serde_json::Value> =
            serde_json::from_str(transactions::SPEC.sample).unwrap();
        let finding = found(&transactions::SPEC, &[&sample[0].to_string()]);
        assert!(finding.state == State::Well && finding.notes.is_empty(), "{finding:?}");
        assert_eq!(finding.says, "1 row, all fields under their usual names");
        let finding = found(&scheduled::SPEC, &[]);
        assert!(finding.state == State::Well && finding.notes.is_empty(), "{finding:?}");
    }

    #[test]
    fn what_is_needed_and_not_recognized_can_be_named_in_the_settings() {
        let finding = found(&scheduled::SPEC, &[r#"{"xyzzy": true, "due_date": "2026-01-01"}"#]);
        assert_eq!(finding.state, State::Odd);
        let expected = r#"[lists.scheduled]: booking_id = "…", amount = "…", currency = "…""#;
        assert!(finding.advice.ends_with(expected), "{}", finding.advice);
        assert!(finding.notes.iter().any(|note| note == "in addition: xyzzy"), "{finding:?}");
    }

    #[test]
    fn names_of_a_server_are_printable_short_and_few() {
        let evil = |at: usize| format!("\"\\u001b[2J{at}{}\": 1", "x".repeat(150));
        let row = format!("{{{}}}", (0..50).map(evil).collect::<Vec<_>>().join(","));
        let finding = found(&scheduled::SPEC, &[&row]);
        let added = finding.notes.last().unwrap();
        assert!(!added.contains('\u{1b}') && added.ends_with(", and 30 more"), "{added}");
        assert!(added.chars().count() < 1_400, "{}", added.chars().count());
    }
}
