//! Which rows of a list are new, gone or changed since a day.

use chrono::NaiveDate;

use super::look::Extent;
use super::{Journal, ListJournal, Row, day_before};
use crate::domain::money::{counted, format_count};
use crate::list::{ALL, Kind, Spec};
use crate::triage::fingerprint::{Difference, Fingerprint};

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ChangeKind {
    New,
    Changed,
    Gone,
}

/// A row that changed between two looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    pub kind: ChangeKind,
    /// Empty in lists without ids.
    pub id: String,
    /// The raw reference of its booking.
    pub booking: String,
    /// The newest known values.
    pub print: Fingerprint,
    /// Empty for a row that is new or gone.
    pub differences: Vec<Difference>,
    /// The last day on which the old values were seen.
    pub last_seen: Option<NaiveDate>,
}

/// The comparison of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub spec: &'static Spec,
    /// The look it is compared with; `None` if there was none.
    pub then: Option<(NaiveDate, Extent)>,
    /// The newest look.
    pub now: Option<(NaiveDate, Extent)>,
    /// By booking.
    pub changes: Vec<RowChange>,
}

impl Journal {
    /// Compares all lists with a day, or the last look before it; without one, with the last look
    /// before today.
    pub fn compare(&self, since: Option<NaiveDate>, today: NaiveDate) -> Vec<Compared> {
        ALL.iter().map(|spec| self.compare_list(spec, since, today)).collect()
    }

    pub fn compare_list(
        &self,
        spec: &'static Spec,
        since: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Compared {
        let (mut then, mut now, mut changes) = (None, None, Vec::new());
        if let Some(list) = self.lists.get(spec.key) {
            now = list.newest();
            then = list.baseline(since.unwrap_or(today), today);
            if let Some((day, extent)) = &then {
                let compare = |(key, row)| list.change(spec, (key, row), (*day, extent));
                changes = list.rows.iter().filter_map(compare).collect();
            }
            // People know the first look by the day on which it happened.
            then = then.map(|(day, extent)| (list.shown(day), extent));
        }
        changes.sort_by(|one, other| one.booking.cmp(&other.booking));
        Compared { spec, then, now, changes }
    }
}

/// The day or days that lists are compared with, and a remark if another day was requested.
pub fn since(compared: &[Compared], asked: Option<NaiveDate>) -> (String, Option<String>) {
    let days = || compared.iter().filter_map(|list| list.then.as_ref()).map(|(day, _)| *day);
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        let day = asked.map(|day| day.to_string());
        return (day.unwrap_or_else(|| "the last saved day before today".to_owned()), None);
    };
    let (kept, nearest) = if first == last {
        (first.to_string(), "nearest saved day")
    } else {
        (format!("{first} to {last}, depending on the list"), "nearest saved days")
    };
    let other = asked.filter(|asked| [first, last] != [*asked; 2]);
    (kept, other.map(|asked| format!("{nearest}; {asked} was requested")))
}

impl ListJournal {
    fn shown(&self, day: NaiveDate) -> NaiveDate {
        self.began.map_or(day, |began| day.max(began))
    }

    fn newest(&self) -> Option<(NaiveDate, Extent)> {
        let (day, extent) = self.looks.last_key_value()?;
        Some((self.shown(*day), extent.clone()))
    }

    /// The last look on `since` or before, but before today; else the first look, if a later one
    /// follows.
    fn baseline(&self, since: NaiveDate, today: NaiveDate) -> Option<(NaiveDate, Extent)> {
        let latest = since.min(day_before(today));
        let before = self.looks.range(..=latest).next_back();
        let (day, extent) = before.or_else(|| self.looks.first_key_value())?;
        let (newest, _) = self.looks.last_key_value()?;
        (day < newest).then(|| (*day, extent.clone()))
    }

    fn change(
        &self,
        spec: &'static Spec,
        (key, row): (&String, &Row),
        (day, extent): (NaiveDate, &Extent),
    ) -> Option<RowChange> {
        let old = row.at(day).filter(|version| version.seen.is_some());
        let new = row.versions.last()?;
        let (kind, print, differences) = match (old.and_then(|it| it.seen.as_ref()), &new.seen) {
            (Some(old), Some(new)) => {
                let differences = old.differences(new, spec);
                (!differences.is_empty()).then_some((ChangeKind::Changed, new, differences))?
            }
            (Some(old), None) if extent.was_complete() => (ChangeKind::Gone, old, Vec::new()),
            (None, Some(new)) if is_new(spec, new, extent) => (ChangeKind::New, new, Vec::new()),
            _ => return None,
        };
        Some(RowChange {
            kind,
            id: if spec.identity.is_empty() { String::new() } else { key.clone() },
            booking: row.booking.clone(),
            print: print.clone(),
            differences,
            last_seen: old.map(|version| self.shown(version.to.min(day))),
        })
    }
}

/// Returns `true` if a row that was not seen then was not in the list: the list was complete, or
/// all rows of its date and later were loaded.
fn is_new(spec: &'static Spec, print: &Fingerprint, then: &Extent) -> bool {
    let date = spec.newest_first.and_then(|field| print.text(field)?.parse::<NaiveDate>().ok());
    then.was_complete() || date.zip(then.reached).is_some_and(|(date, reached)| date > reached)
}

impl RowChange {
    /// The amount as it is shown, with its currency; empty if it has none.
    pub fn money(&self, spec: &'static Spec) -> String {
        let amount = self.print.shown(spec.amount(), Kind::Minor);
        if amount.is_empty() {
            return amount;
        }
        let currency = self.print.shown("currency", Kind::Currency);
        format!("{currency} {amount}").trim_start().to_owned()
    }

    pub fn status(&self) -> String {
        self.print.shown("status", Kind::Word(&[]))
    }
}

impl Compared {
    /// Returns `true` if no change is missing: all rows were loaded today and on the day they are
    /// compared with.
    pub fn is_complete(&self, today: NaiveDate) -> bool {
        let is_loaded =
            self.now.as_ref().is_some_and(|(day, now)| *day == today && now.is_complete);
        is_loaded && self.then.as_ref().is_some_and(|(_, then)| then.was_complete())
    }

    /// `2 changed, 1 new`, or `no changes`.
    pub fn counts(&self) -> String {
        let count = |kind| self.changes.iter().filter(|change| change.kind == kind).count();
        let kinds = [ChangeKind::New, ChangeKind::Changed, ChangeKind::Gone];
        let words = kinds.map(|kind| (count(kind), kind)).into_iter();
        let words = words
            .filter(|(count, _)| *count > 0)
            .map(|(count, kind)| format!("{} {}", format_count(count as u64), <&str>::from(kind)));
        let words: Vec<String> = words.collect();
        if words.is_empty() { "no changes".to_owned() } else { words.join(", ") }
    }

    /// Which rows were compared, since when, and which changes remain unknown.
    pub fn coverage(&self, today: NaiveDate) -> String {
        let Some((now_day, now)) = &self.now else { return "not loaded yet".to_owned() };
        let is_today = *now_day == today;
        let loaded = if is_today { part(now) } else { format!("{} on {now_day}", part(now)) };
        let Some((then_day, then)) = &self.then else {
            return format!("{loaded}; nothing to compare with yet");
        };
        if now.is_complete && then.was_complete() {
            return format!("{loaded}, compared with {then_day}");
        }
        let unknown = match (then.was_complete(), then.reached) {
            (true, _) if now.was_complete() => {
                "for rows that were not loaded again, later changes are unknown"
            }
            (true, _) => "which rows are gone is unknown",
            (false, Some(_)) => {
                "rows that are gone, and new rows with older dates, cannot be found"
            }
            (false, None) => "which rows are new or gone is unknown",
        };
        format!("{loaded}, compared with {then_day} ({}); {unknown}", part(then))
    }
}

/// `all 58 rows`, `first 500 of 2,113 rows`, `loaded all 2,110 rows, later again the first 100 of 2,113 rows`.
fn part(extent: &Extent) -> String {
    let rows = extent.rows;
    let last = match extent.total.filter(|total| *total > rows) {
        _ if extent.is_complete => format!("all {}", counted(rows, "row")),
        Some(total) => {
            format!("first {} of {}", format_count(rows), counted(total, "row"))
        }
        None => counted(rows, "row"),
    };
    match extent.earlier {
        Some(earlier) => {
            format!("loaded all {}, later again the {last}", counted(earlier, "row"))
        }
        None => last,
    }
}
