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
    let list = |title: &str, names: String| (!names.is_empty()).then(|| format!("{title}: {names}"));
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
        Kind::Minor => field.name == documented.amount() && shape.field(shape.amount()).is_none_or(Field::is_absent),
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
