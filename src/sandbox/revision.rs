//! Changes to rows since the stories ended, for a client that looks twice.

use chrono::NaiveDate;

use super::calendar::stamp;
use super::database::Database;

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

pub(super) fn apply(database: &mut Database, revision: &Revision, today: NaiveDate) {
    let (Revision::Paid(id)
    | Revision::Amount(id, _)
    | Revision::Withheld(id)
    | Revision::WrittenOff(id)) = revision;
    let penalty = database.penalties.iter_mut().find(|row| row.id.to_string() == *id);
    let debt = database.debts.iter_mut().find(|row| row.id.to_string() == *id);
    match (revision, penalty, debt) {
        (Revision::Paid(_), Some(penalty), _) => {
            penalty.status = "paid";
            penalty.closed = Some(stamp(today, 3));
        }
        (Revision::Amount(_, minor), Some(penalty), _) => penalty.amount = *minor,
        (Revision::Withheld(_), ..) => database.penalties.retain(|row| row.id.to_string() != *id),
        (Revision::WrittenOff(_), _, Some(debt)) => {
            debt.status = "written_off";
            debt.closed = Some(stamp(today, 3));
        }
        _ => {}
    }
}
