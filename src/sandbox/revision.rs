//! Rows that are not as the stories tell them: what has happened since, for whoever looks twice.

use super::calendar::stamp;
use super::row::{Id, Penalty};
use super::store::Store;
use chrono::NaiveDate;

/// Something that happened to a row; the text is its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    /// The penalty was paid on the day on which the stories end.
    Paid(String),
    /// The penalty is now over this amount, in minor units.
    Amount(String, i64),
    /// The penalty is not served at all, as if it had not been raised yet.
    Withheld(String),
    /// The debt was written off on the day on which the stories end.
    WrittenOff(String),
}

/// Changes what the stories have told.
pub(super) fn apply(store: &mut Store, revisions: &[Revision], today: NaiveDate) {
    for revision in revisions {
        match revision {
            Revision::Paid(id) => {
                for penalty in named(store, id) {
                    penalty.status = "paid";
                    penalty.paid = Some(stamp(today, 3));
                }
            }
            Revision::Amount(id, minor) => {
                for penalty in named(store, id) {
                    penalty.amount = *minor;
                }
            }
            Revision::Withheld(id) => store.penalties.retain(|row| !is(row.id, id)),
            Revision::WrittenOff(id) => {
                for debt in store.debts.iter_mut().filter(|row| is(row.id, id)) {
                    debt.status = "written_off";
                    debt.closed = Some(stamp(today, 3));
                }
            }
        }
    }
}

fn is(id: Id, text: &str) -> bool {
    id.text() == text
}

fn named<'a>(store: &'a mut Store, id: &'a str) -> impl Iterator<Item = &'a mut Penalty> {
    store.penalties.iter_mut().filter(move |row| is(row.id, id))
}
