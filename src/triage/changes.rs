//! What is new or changed in a list since the last session of this customer.

use std::collections::BTreeMap;

use super::fingerprint::{Difference, Fingerprint};
use super::id_of;
use super::memory::SeenRows;
use crate::domain::money::format_money;
use crate::list::record::Record;

/// A row that is not as it was in the last session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    pub id: String,
    /// Its booking, status and amount, printable.
    pub row: String,
    /// What has changed; `None` for a row that was not there.
    pub changes: Option<Vec<Difference>>,
}

/// What is new or changed since the last session as far as rows were fetched in this one, by list.
#[derive(Debug, Default)]
pub struct Since {
    /// What is new or changed, by the id of the row.
    pub news: BTreeMap<&'static str, BTreeMap<String, RowChange>>,
    /// What was met in this session, and kept.
    pub seen: BTreeMap<&'static str, SeenRows>,
}

impl Since {
    pub fn count(&self, list: &str) -> usize {
        self.news.get(list).map_or(0, BTreeMap::len)
    }
}

/// What is new or changed among these rows. Rows without an id are not compared. Where the last
/// sessions never saw every row, one that they did not see is not called new.
pub fn compare_rows(before: &SeenRows, records: &[Record]) -> Vec<RowChange> {
    let compare = |record: &Record| {
        let id = id_of(record)?;
        let changes = before
            .rows
            .get(id)
            .map(|row| row.seen.differences(&Fingerprint::of(record), record.spec()));
        let is_news = changes.as_ref().map_or(before.is_complete, |changes| !changes.is_empty());
        is_news.then(|| RowChange { id: id.to_owned(), row: in_words(record), changes })
    };
    records.iter().filter_map(compare).collect()
}

fn in_words(record: &Record) -> String {
    let booking = record.booking().map(|reference| reference.shown().into_owned());
    let status = record.text("status").map(|status| status.shown().replace('_', " "));
    let amount = record.minor("amount").map(|minor| format_money(minor.into(), record.currency()));
    [booking, status, amount].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

impl RowChange {
    pub fn in_words(&self) -> String {
        let Some(changes) = &self.changes else { return format!("new      {}", self.row) };
        let told: Vec<String> = changes.iter().map(ToString::to_string).collect();
        format!("changed  {} · {}", self.row, told.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;

    #[test]
    fn only_what_is_known_to_be_different_is_told() {
        let spec = Spec::named("debt").unwrap();
        let row = |id: &str, status: &str| {
            let json = format!(
                r#"{{"id":"{id}","reference_id":"BK{id}","status":"{status}","amount":1250,"currency":"EUR"}}"#
            );
            Record::read(spec, &json)
        };
        let before = [row("1", "pending"), row("2", "overdue")];
        let met = SeenRows::of(&before, chrono::NaiveDate::default());
        let now = [row("1", "pending"), row("2", "written_off"), row("3", "pending")];
        let told = |met: &SeenRows| -> Vec<String> {
            compare_rows(met, &now).iter().map(RowChange::in_words).collect()
        };
        let changed = "changed  BK2 · written off · EUR 12.50 · Status overdue → written off";
        assert_eq!(told(&met), [changed]);
        let whole = SeenRows { is_complete: true, ..met };
        assert_eq!(told(&whole), [changed, "new      BK3 · pending · EUR 12.50"]);
        assert_eq!(told(&SeenRows::default()), Vec::<String>::new());
    }
}
