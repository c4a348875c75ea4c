//! What is new or changed since the last session: compared as rows come, kept for the next one.

use chrono::NaiveDate;

use crate::domain::customer::CustomerKey;
use crate::list::Spec;
use crate::list::record::Record;
use crate::state::persisted::{Change, PersistedState};
use crate::triage::changes::compare_rows;
use crate::triage::memory::{MemoryChange, SeenRows};
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::modal::reader::Reader;
use crate::tui::screen::triage::since::Since;

impl Cx {
    /// Compares the rows of a list with those of the last session; keeps what they show now.
    pub fn compare_with_last_session(&mut self, tab: usize) {
        let Self { lists, kept, since, session, now, .. } = self;
        let Some(list) = lists.get(tab) else { return };
        let records = list.table.records();
        let is_complete = list.settings().is_empty()
            && list.fetched.is_some()
            && !list.has_more()
            && list.total.is_none_or(|total| total <= records.len() as u64);
        let whose = Whose { kept, customer: &session.customer, today: now.local.date() };
        let kept = record_seen(&whose, since, list.spec(), records, is_complete);
        self.effects.extend(kept);
    }

    pub fn compare_page(&mut self, spec: &'static Spec, records: &[Record], is_complete: bool) {
        let Self { kept, since, session, now, .. } = self;
        let whose = Whose { kept, customer: &session.customer, today: now.local.date() };
        let kept = record_seen(&whose, since, spec, records, is_complete);
        self.effects.extend(kept);
    }
}

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
) -> Option<Effect> {
    if !whose.kept.remembers || spec.tracked.is_empty() {
        return None;
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
        return None;
    }
    kept.extend(&seen);
    let change = Box::new(MemoryChange::Seen(spec.key, seen));
    Some(Effect::Keep(Change::Remember(whose.customer.clone(), change)))
}

pub fn changes(cx: &Cx) -> Reader {
    let mut text = Vec::new();
    for list in cx.lists.iter().filter(|list| !list.spec().tracked.is_empty()) {
        let spec = list.spec();
        let before = cx.kept.memory.seen.get(spec.key);
        let last = before.and_then(|met| met.rows.values().map(|met| met.day).max());
        if !text.is_empty() {
            text.push(String::new());
        }
        let Some(last) = last else {
            text.push(if cx.kept.remembers {
                format!("{}: no earlier session met any of them.", spec.title)
            } else {
                format!("{}: nothing is kept between sessions.", spec.title)
            });
            continue;
        };
        let news = cx.since.news.get(spec.key);
        let count = cx.since.count(spec.key);
        let told = if count == 0 { "nothing".to_owned() } else { count.to_string() };
        text.push(format!("{}: {told} new or changed since {last}", spec.title));
        text.extend(news.into_iter().flatten().map(|(_, one)| format!("  {}", one.in_words())));
        let met = cx.since.seen.get(spec.key).map_or(0, |met| met.rows.len());
        if list.total.is_some_and(|total| total > met as u64) {
            text.push(cx.looks.keymap.render(
                "  Not all rows were compared: {load-all} on that list fetches the others.",
            ));
        }
        if before.is_some_and(|met| !met.is_complete) {
            let told =
                "  No session has met every row, so rows that were not met are not called new.";
            text.push(told.to_owned());
        }
    }
    Reader::new("Since the last session".to_owned(), text)
}
