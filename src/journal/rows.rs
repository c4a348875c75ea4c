//! Changes as rows: one for each changed field, one for each new or gone row.

use chrono::NaiveDate;
use serde_json::json;

use super::compare::{ChangeKind, Compared, RowChange};
use crate::domain::text::sanitize;
use crate::list::record::Record;
use crate::list::{Field, Kind, Spec};
use crate::triage::fingerprint::Difference;

/// The table of changes.
pub static SPEC: Spec = Spec {
    key: "changes",
    title: "Changes",
    fields: &[
        Field::new("list", "List", Kind::Text).text_column(1, 4, 12),
        Field::new("booking_id", "Booking", Kind::Booking).column(0),
        Field::new("what", "Change", Kind::Text).text_column(1, 6, 16),
        // As wide as the longest amount, which is never cut.
        Field::new("old", "Old", Kind::Text).text_column(1, 27, 40),
        Field::new("new", "New", Kind::Text).text_column(1, 27, 40),
        Field::new("last_seen", "Last seen", Kind::Date).column(4),
        Field::new("status", "Status", Kind::Word(&[])).column(5),
        Field::new("amount", "Amount", Kind::Minor).column(5),
        Field::new("currency", "Cur", Kind::Currency).column(5),
        Field::new("id", "Id", Kind::Text),
    ],
    ..Spec::UNKNOWN
};

/// A line of the table or of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub list: &'static Spec,
    pub change: RowChange,
    /// `None` for a row that is new or gone.
    pub difference: Option<Difference>,
}

impl Entry {
    pub fn all(compared: &[Compared]) -> Vec<Self> {
        compared
            .iter()
            .flat_map(|one| one.changes.iter().flat_map(|it| Self::of(one.spec, it)))
            .collect()
    }

    fn of(list: &'static Spec, change: &RowChange) -> Vec<Self> {
        let entry = |difference| Self { list, change: change.clone(), difference };
        match change.kind {
            ChangeKind::Changed => {
                change.differences.iter().cloned().map(Some).map(entry).collect()
            }
            ChangeKind::New | ChangeKind::Gone => vec![entry(None)],
        }
    }

    pub fn booking(&self) -> String {
        sanitize(&self.change.booking).into_owned()
    }

    pub fn last_seen(&self) -> String {
        self.change.last_seen.map(|day: NaiveDate| day.to_string()).unwrap_or_default()
    }

    /// The old and the new value; for a new or gone row, its amount and status.
    pub fn values(&self) -> [String; 2] {
        if let Some(difference) = &self.difference {
            return [difference.old.clone(), difference.new.clone()];
        }
        let words = [self.change.money(self.list), self.change.status()];
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let words = words.join(", ");
        match self.change.kind {
            ChangeKind::Gone => [words, String::new()],
            _ => [String::new(), words],
        }
    }

    pub fn record(&self) -> Record {
        let print = &self.change.print;
        let [old, new] = self.values();
        let text = |name: &str| print.text(name).map(str::to_owned);
        let amount = print.minor(self.list.amount());
        // The changed field, or whether the row is new or gone.
        let kind: &str = self.change.kind.into();
        let what = self.difference.as_ref().map_or(kind, |difference| difference.label);
        let row = json!({
            "list": self.list.title,
            "booking_id": (!self.change.booking.is_empty()).then_some(&self.change.booking),
            "what": what,
            "old": (!old.is_empty()).then_some(old),
            "new": (!new.is_empty()).then_some(new),
            "last_seen": self.change.last_seen,
            "status": text("status"),
            "amount": amount,
            "currency": text("currency"),
            "id": (!self.change.id.is_empty()).then_some(&self.change.id),
        });
        Record::read(&SPEC, &row.to_string())
    }
}
