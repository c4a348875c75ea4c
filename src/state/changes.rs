//! The journal of a customer on disk: looks are added under a lock, so that parallel sessions lose
//! nothing.

use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::domain::customer::CustomerKey;
use crate::journal::Journal;
use crate::journal::compare::Compared;
use crate::journal::look::Look;
use crate::list::Spec;
use crate::state::{StateFile, Store};
use crate::triage::memory::{Memory, Unreadable};

/// Adds a look at a list. Returns the comparison with the last look before today, and the new path of a
/// broken journal, which is set aside.
pub fn record(
    store: &Store,
    customer: &CustomerKey,
    spec: &'static Spec,
    look: &Look,
    today: NaiveDate,
) -> io::Result<(Compared, Option<PathBuf>)> {
    let file = StateFile::Journal(customer);
    let mut compared = None;
    let mut add = || {
        store.change(file, |before| {
            let mut journal = read(store, customer, before)?;
            journal.add(spec.key, look, today);
            compared = Some(journal.compare_list(spec, None, today));
            journal.write().map_err(io::Error::other)
        })
    };
    let mut aside = None;
    match add() {
        Err(error) if is_broken(&error) => {
            let is_sound =
                |text: &str| !read(store, customer, text).is_err_and(|it| is_broken(&it));
            aside = store.set_aside(file, is_sound)?;
            add()?;
        }
        added => added?,
    }
    let compared = compared.unwrap_or_else(|| Journal::default().compare_list(spec, None, today));
    Ok((compared, aside))
}

/// Compares the last recorded state of all lists.
pub fn compare(
    store: &Store,
    customer: &CustomerKey,
    since: Option<NaiveDate>,
    today: NaiveDate,
) -> io::Result<Vec<Compared>> {
    let text = store.read(StateFile::Journal(customer))?;
    Ok(read(store, customer, &text)?.compare(since, today))
}

/// Compares looks with the last recorded state before today, and records nothing.
pub fn preview(
    store: &Store,
    customer: &CustomerKey,
    looks: &[(&'static Spec, Look)],
    today: NaiveDate,
) -> io::Result<Vec<Compared>> {
    let text = store.read(StateFile::Journal(customer))?;
    let mut journal = read(store, customer, &text)?;
    for (spec, look) in looks {
        journal.add(spec.key, look, today);
    }
    Ok(looks.iter().map(|(spec, _)| journal.compare_list(spec, None, today)).collect())
}

/// Without a journal, reads the rows that earlier versions saved with the decisions.
fn read(store: &Store, customer: &CustomerKey, text: &str) -> io::Result<Journal> {
    if text.trim().is_empty() {
        let decisions = store.read(StateFile::Triage(customer)).unwrap_or_default();
        return Ok(Journal::of_memory(&Memory::read(&decisions).unwrap_or_default()));
    }
    Journal::read(text).map_err(|why| match why {
        Unreadable::Corrupt(_) => io::Error::new(io::ErrorKind::InvalidData, why),
        Unreadable::Newer(_) => io::Error::other(why),
    })
}

/// Returns `true` if no retry can succeed: a newer version wrote the file, or it is too large.
pub fn is_permanent(error: &io::Error) -> bool {
    let why = error.get_ref().and_then(|why| why.downcast_ref());
    matches!(why, Some(Unreadable::Newer(_))) || error.kind() == io::ErrorKind::FileTooLarge
}

fn is_broken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::look::LookBuilder;
    use crate::list::record::Record;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();

    fn look(ids: &[u32], status: &str) -> Look {
        let spec = Spec::named("debt").unwrap();
        let row = |id: &u32| {
            Record::read(spec, &format!(r#"{{"id":"{id}","status":"{status}","amount":5}}"#))
        };
        let mut builder = LookBuilder::new(spec);
        builder.add(&ids.iter().map(row).collect::<Vec<_>>());
        builder.take(None, false, false).unwrap()
    }

    #[test]
    fn sessions_that_record_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let (spec, customer) = (Spec::named("debt").unwrap(), CustomerKey::demo());
        let yesterday = TODAY.pred_opt().unwrap();
        let all: Vec<u32> = (0..40).collect();
        record(&store, &customer, spec, &look(&all, "pending"), yesterday).unwrap();
        std::thread::scope(|scope| {
            for session in 0..4_u32 {
                let (store, customer) = (&store, &customer);
                scope.spawn(move || {
                    for row in 0..10 {
                        let look = look(&[session * 10 + row], "paid");
                        record(store, customer, spec, &look, TODAY).unwrap();
                    }
                });
            }
        });
        let compared = compare(&store, &customer, None, TODAY).unwrap();
        let debt = compared.iter().find(|one| one.spec.is(spec)).unwrap();
        assert_eq!(debt.counts(), "40 changed");
    }

    #[test]
    fn a_preview_finds_what_a_look_would_and_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let (spec, customer) = (Spec::named("debt").unwrap(), CustomerKey::demo());
        let file = store.path(StateFile::Journal(&customer));
        let looks = |status| [(spec, look(&[1, 2], status))];
        let compared = preview(&store, &customer, &looks("paid"), TODAY).unwrap();
        assert_eq!((compared[0].changes.len(), &compared[0].then), (0, &None));
        assert!(!file.exists() && !file.parent().unwrap().exists());
        let yesterday = TODAY.pred_opt().unwrap();
        for day in [yesterday.pred_opt().unwrap(), yesterday] {
            record(&store, &customer, spec, &look(&[1, 2], "pending"), day).unwrap();
        }
        let before = std::fs::read(&file).unwrap();
        let previewed = preview(&store, &customer, &looks("paid"), TODAY).unwrap();
        assert_eq!(previewed[0].counts(), "2 changed");
        assert_eq!(std::fs::read(&file).unwrap(), before);
        let (recorded, _) = record(&store, &customer, spec, &look(&[1, 2], "paid"), TODAY).unwrap();
        assert_eq!(previewed, [recorded]);
        store.change(StateFile::Journal(&customer), |_| Ok("{broken".to_owned())).unwrap();
        assert!(preview(&store, &customer, &looks("paid"), TODAY).is_err());
        assert_eq!(std::fs::read(&file).unwrap(), b"{broken");
    }

    #[test]
    fn a_broken_journal_is_set_aside_and_that_of_a_newer_program_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let (spec, customer) = (Spec::named("debt").unwrap(), CustomerKey::demo());
        let file = StateFile::Journal(&customer);
        store.change(file, |_| Ok("{\"version\":1,\"li".to_owned())).unwrap();
        assert!(compare(&store, &customer, None, TODAY).is_err());
        let (_, aside) = record(&store, &customer, spec, &look(&[1], "paid"), TODAY).unwrap();
        assert!(
            std::fs::read_to_string(aside.unwrap()).unwrap().starts_with("{\"version\":1,\"li")
        );
        assert_eq!(record(&store, &customer, spec, &look(&[1], "paid"), TODAY).unwrap().1, None);
        store.change(file, |_| Ok("{\"version\":2}".to_owned())).unwrap();
        assert!(record(&store, &customer, spec, &look(&[1], "paid"), TODAY).is_err());
        assert_eq!(store.read(file).unwrap(), "{\"version\":2}");
    }
}
