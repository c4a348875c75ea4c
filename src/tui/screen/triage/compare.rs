//! What is new or changed since the last session: compared as rows come, kept for the next one.

use chrono::NaiveDate;

use crate::domain::customer::CustomerKey;
use crate::list::Spec;
use crate::list::record::Record;
use crate::state::persisted::{Change, PersistedState};
use crate::triage::changes::compare_rows;
use crate::triage::memory::{MemoryChange, SeenRows};
use crate::tui::effect::Effect;
use crate::tui::modal::update as popup;
use crate::tui::model::Model;
use crate::tui::screen::triage::since::Since;

/// Compares the rows of a list with those of the last session; keeps what they show now.
pub fn compare_list(model: &mut Model, tab: usize) -> Vec<Effect> {
    let Model { lists, kept, triage, session, now, .. } = model;
    let Some(list) = lists.get(tab) else { return Vec::new() };
    let records = list.table.records();
    let is_complete = list.settings().is_empty()
        && list.fetched.is_some()
        && !list.has_more()
        && list.total.is_none_or(|total| total <= records.len() as u64);
    let whose = Whose { kept, customer: &session.customer, today: now.local.date() };
    record_seen(&whose, &mut triage.since, list.spec(), records, is_complete)
}

/// As [`compare_list`], for rows that are in no table.
pub fn compare_page(
    model: &mut Model,
    spec: &'static Spec,
    records: &[Record],
    is_complete: bool,
) -> Vec<Effect> {
    let Model { kept, triage, session, now, .. } = model;
    let whose = Whose { kept, customer: &session.customer, today: now.local.date() };
    record_seen(&whose, &mut triage.since, spec, records, is_complete)
}

/// Whose rows are compared, and with what.
struct Whose<'a> {
    kept: &'a PersistedState,
    customer: &'a CustomerKey,
    today: NaiveDate,
}

fn record_seen(
    whose: &Whose<'_>,
    since: &mut Since,
    spec: &'static Spec,
    records: &[Record],
    is_complete: bool,
) -> Vec<Effect> {
    if !whose.kept.remembers || spec.tracked.is_empty() {
        return Vec::new();
    }
    let nothing = SeenRows::default();
    let before = whose.kept.memory.seen.get(spec.key).unwrap_or(&nothing);
    let news = since.news.entry(spec.key).or_default();
    for one in compare_rows(before, records) {
        news.insert(one.id.clone(), one);
    }
    // What is kept already costs no second write.
    let kept = since.seen.entry(spec.key).or_insert_with(|| before.clone());
    let mut seen = SeenRows::of(records, whose.today);
    seen.rows.retain(|id, row| kept.rows.get(id) != Some(row));
    seen.is_complete = is_complete;
    if seen.rows.is_empty() && kept.is_complete >= is_complete {
        return Vec::new();
    }
    kept.extend(&seen);
    let change = Box::new(MemoryChange::Seen(spec.key, seen));
    vec![Effect::Keep(Change::Remember(whose.customer.clone(), change))]
}

pub fn show_changes(model: &mut Model) {
    let mut text = Vec::new();
    for list in model.lists.iter().filter(|list| !list.spec().tracked.is_empty()) {
        let spec = list.spec();
        let before = model.kept.memory.seen.get(spec.key);
        let last = before.and_then(|met| met.rows.values().map(|met| met.day).max());
        if !text.is_empty() {
            text.push(String::new());
        }
        let Some(last) = last else {
            text.push(if model.kept.remembers {
                format!("{}: no earlier session met any of them.", spec.title)
            } else {
                format!("{}: nothing is kept between sessions.", spec.title)
            });
            continue;
        };
        let news = model.triage.since.news.get(spec.key);
        let count = model.triage.since.count(spec.key);
        let told = if count == 0 { "nothing".to_owned() } else { count.to_string() };
        text.push(format!("{}: {told} new or changed since {last}", spec.title));
        text.extend(news.into_iter().flatten().map(|(_, one)| format!("  {}", one.in_words())));
        let met = model.triage.since.seen.get(spec.key).map_or(0, |met| met.rows.len());
        if list.total.is_some_and(|total| total > met as u64) {
            text.push(
                "  Not all rows were compared: L on that list fetches the others.".to_owned(),
            );
        }
        if before.is_some_and(|met| !met.is_complete) {
            let told =
                "  No session has met every row, so rows that were not met are not called new.";
            text.push(told.to_owned());
        }
    }
    popup::open_reader(model, "Since the last session".to_owned(), text);
}
