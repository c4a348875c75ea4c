//! Which fields of a row changed. Two responses can have different shapes: a key that is read as
//! the due date in one may be an unknown key in the other, and is still the same field.

use std::borrow::Cow;

use super::{Field, differing};
use crate::conciliation::others::as_text;
use crate::domain::text::Untrusted;
use crate::list::Kind;
use crate::list::record::{Record, Value, normal, walk_value};

/// A value of a row that is not null.
struct Given<'a> {
    /// Its keys, joined by dots.
    path: String,
    /// Its name in the list, if it is documented.
    documented: Option<&'static str>,
    /// `None` if it is not a field of the list.
    kind: Option<Kind>,
    text: Option<&'a Untrusted>,
    json: String,
    cell: Cow<'a, str>,
}

/// The fields whose values differ, including texts that differ but look the same.
pub(super) fn changed(before: &Record, after: &Record) -> Vec<Field> {
    let mut old: Vec<Option<Given<'_>>> = given(before).into_iter().map(Some).collect();
    let mut take = |is_it: &dyn Fn(&Given<'_>) -> bool| {
        old.iter_mut().find(|old| old.as_ref().is_some_and(is_it))?.take()
    };
    let new = given(after);
    let mut earlier: Vec<_> = new.iter().map(|new| take(&|old| old.path == new.path)).collect();
    for (new, earlier) in new.iter().zip(&mut earlier).filter(|(new, _)| new.documented.is_some()) {
        *earlier = earlier.take().or_else(|| take(&|old| old.documented == new.documented));
    }
    let changed =
        new.iter().zip(&earlier).filter_map(|(new, old)| compare(old.as_ref(), Some(new)));
    let changed: Vec<Field> = changed.collect();
    let gone = old.iter().flatten().filter_map(|old| compare(Some(old), None));
    changed.into_iter().chain(gone).collect()
}

fn compare(old: Option<&Given<'_>>, new: Option<&Given<'_>>) -> Option<Field> {
    let one = new.or(old)?;
    let name = Untrusted::new(one.documented.unwrap_or(&one.path));
    let cells = || [old, new].map(|it| it.map(|it| it.cell.to_string()).unwrap_or_default());
    let is_alike = |(old, new): (&Given<'_>, &Given<'_>)| old.documented == new.documented;
    if one.documented.is_some() && old.zip(new).is_none_or(is_alike) {
        let texts = old.and_then(|it| it.text).zip(new.and_then(|it| it.text));
        let texts = texts.filter(|(old, new)| old != new && old.shown() == new.shown());
        let [before, after] =
            texts.map_or_else(cells, |(old, new)| [old.spelled_out(), new.spelled_out()]);
        return differing(&name, before, after);
    }
    if old.map(|it| &it.json) == new.map(|it| &it.json) {
        return None;
    }
    // Formatted as an amount only if both are amounts.
    let is_one_kind = old.zip(new).is_none_or(|(old, new)| old.kind == new.kind);
    let came = |it: &Given<'_>| Untrusted::new(as_text(&it.json)).shown().into_owned();
    let as_they_came = || [old, new].map(|it| it.map(came).unwrap_or_default());
    let spelled = |it: &Given<'_>| Untrusted::new(&it.json).escaped().into_owned();
    let [before, after] = if is_one_kind { cells() } else { as_they_came() };
    differing(&name, before, after).or_else(|| {
        let [before, after] = [old, new].map(|it| it.map(spelled).unwrap_or_default());
        differing(&name, before, after)
    })
}

fn given(record: &Record) -> Vec<Given<'_>> {
    let fields = record.spec().fields.iter().enumerate().filter_map(|(at, field)| {
        let value = Some(record.at(at)).filter(|value| **value != Value::Null)?;
        Some(Given {
            path: field.path().join("."),
            documented: (!field.is_unknown()).then_some(field.name),
            kind: Some(field.kind),
            text: value.raw_text().filter(|_| matches!(value, Value::Text(_))),
            json: value.json()?.expose_raw().to_owned(),
            cell: record.cell(at),
        })
    });
    let mut given: Vec<Given<'_>> = fields.collect();
    for (key, json) in record.extras() {
        add_below(key.expose_raw(), json.expose_raw(), &mut given);
    }
    given
}

/// Adds a value outside the fields; objects are flattened into dotted paths.
fn add_below(key: &str, json: &str, given: &mut Vec<Given<'_>>) {
    walk_value(&[key], json, &mut |keys, raw| {
        if raw.get() == "null" {
            return;
        }
        let json = normal(raw.get()).into_owned();
        let cell = Untrusted::new(as_text(&json)).shown().into_owned().into();
        let path = keys.join(".");
        given.push(Given { path, documented: None, kind: None, text: None, json, cell });
    });
}
