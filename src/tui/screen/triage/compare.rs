//! What is new or changed since the last session: compared as rows come, kept for the next one.

use crate::list::Spec;
use crate::list::record::Record;
use crate::state::persisted::Change;
use crate::triage::memory::{MemoryChange, SeenRows, compare_rows};
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::modal::reader::Reader;

const UNCOMPARED: &str =
    "  Not all rows were compared: {load-all} on that list fetches the others.";
const UNMET: &str = "  No session has met every row, so rows that were not met are not called new.";

impl Cx {
    /// Compares the rows of a list with those of the last session, but the first ones that are compared
    /// already; keeps what they show now.
    pub fn compare_with_last_session(&mut self, tab: usize, compared: usize) {
        let list = self.list_at(tab);
        let (spec, records) = (list.spec(), list.table.shared_records());
        let is_complete = list.filters().is_empty()
            && list.fetched.is_some()
            && !list.has_more()
            && list.total.is_none_or(|total| total <= records.len() as u64);
        self.compare_rows(spec, records.get(compared..).unwrap_or_default(), is_complete);
    }

    pub fn compare_rows(&mut self, spec: &'static Spec, records: &[Record], is_complete: bool) {
        if !self.kept.remembers || spec.tracked.is_empty() {
            return;
        }
        let nothing = SeenRows::default();
        let before = self.kept.memory.seen.get(spec.key).unwrap_or(&nothing);
        let news = compare_rows(before, records).into_iter().map(|one| (one.id.clone(), one));
        self.since.news.entry(spec.key).or_default().extend(news);
        // What is kept already costs no second write.
        let kept = self.since.seen.entry(spec.key).or_insert_with(|| before.clone());
        let mut seen = SeenRows::of(records, self.now.local.date());
        seen.rows.retain(|id, row| kept.rows.get(id) != Some(row));
        seen.is_complete = is_complete;
        if seen.rows.is_empty() && kept.is_complete >= is_complete {
            return;
        }
        kept.extend(&seen);
        self.remember(MemoryChange::Seen(spec.key, seen));
    }

    pub fn remember(&mut self, change: MemoryChange) {
        let customer = self.session.customer.clone();
        self.effect(Effect::Keep(Change::Remember(customer, Box::new(change))));
    }
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
            let earlier = "no earlier session met any of them";
            let why = if cx.kept.remembers { earlier } else { "nothing is kept between sessions" };
            text.push(format!("{}: {why}.", spec.title));
            continue;
        };
        let news = cx.since.news.get(spec.key);
        let count = cx.since.count(spec.key);
        let shown_count = if count == 0 { "nothing".to_owned() } else { count.to_string() };
        text.push(format!("{}: {shown_count} new or changed since {last}", spec.title));
        text.extend(news.into_iter().flatten().map(|(_, one)| format!("  {}", one.in_words())));
        let met = cx.since.seen.get(spec.key).map_or(0, |met| met.rows.len());
        if list.total.is_some_and(|total| total > met as u64) {
            text.push(cx.words(UNCOMPARED));
        }
        if before.is_some_and(|met| !met.is_complete) {
            text.push(UNMET.to_owned());
        }
    }
    Reader::new("Since the last session".to_owned(), text)
}
