//! Looks at lists that are still to be recorded: one that could not be written is kept and tried again
//! with the next one.

use std::io;

use chrono::NaiveDate;

use crate::domain::customer::CustomerKey;
use crate::journal::look::Look;
use crate::list::Spec;
use crate::state::writer::StateEvent;
use crate::state::{Store, changes};

#[derive(Debug, Default)]
pub struct QueuedLooks {
    /// At most one for each list of a customer, in the order in which they are recorded.
    looks: Vec<QueuedLook>,
    /// The last attempt failed, and the user was told.
    has_failed: bool,
}

#[derive(Debug)]
struct QueuedLook {
    customer: CustomerKey,
    spec: &'static Spec,
    look: Look,
    day: NaiveDate,
}

impl QueuedLooks {
    pub fn add(&mut self, customer: CustomerKey, spec: &'static Spec, look: Look, day: NaiveDate) {
        let is_same = |it: &&mut QueuedLook| it.customer == customer && it.spec.is(spec);
        match self.looks.iter_mut().find(is_same) {
            Some(earlier) if earlier.day == day => earlier.look.extend(look),
            // The values of another day would count for this one.
            Some(earlier) => (earlier.look, earlier.day) = (look, day),
            None => self.looks.push(QueuedLook { customer, spec, look, day }),
        }
    }

    /// Writes the looks until one fails; that one and the others are kept.
    pub fn write(&mut self, store: &Store, report: impl Fn(StateEvent)) {
        while let Some(next) = self.looks.first() {
            match next.write(store) {
                Ok(event) => {
                    report(event);
                    self.has_failed = false;
                    self.looks.remove(0);
                }
                Err(error) => {
                    if !std::mem::replace(&mut self.has_failed, true) {
                        let text = format!(
                            "Changes could not be recorded: {error}. The next load of a list tries again."
                        );
                        report(StateEvent::Notice(text));
                    }
                    return;
                }
            }
        }
    }
}

impl QueuedLook {
    fn write(&self, store: &Store) -> io::Result<StateEvent> {
        let Self { customer, spec, look, day } = self;
        let (compared, aside) = changes::record(store, customer, spec, look, *day)?;
        Ok(match aside {
            Some(aside) => StateEvent::Notice(format!(
                "The journal of changes was broken. It was set aside as {}; a new one begins today.",
                aside.display()
            )),
            None => StateEvent::Recorded(spec, compared.changes.len()),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fs;

    use super::*;
    use crate::journal::look::LookBuilder;
    use crate::list::record::Record;
    use crate::state::StateFile;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();

    fn record(spec: &'static Spec, id: u32, status: &str) -> Record {
        Record::read(spec, &format!(r#"{{"id":"{id}","status":"{status}","amount":5}}"#))
    }

    #[test]
    fn what_could_not_be_written_is_written_with_the_next_look_and_the_failure_is_said_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let (spec, customer) = (Spec::named("debt").unwrap(), CustomerKey::demo());
        let (mut looks, events) = (QueuedLooks::default(), RefCell::new(Vec::new()));
        let mut write = |look: &Look, day| {
            looks.add(customer.clone(), spec, look.clone(), day);
            looks.write(&store, |event| events.borrow_mut().push(event));
            events.take()
        };
        let mut builder = LookBuilder::new(spec);
        builder.add(&[1, 2, 3].map(|id| record(spec, id, "pending")));
        let yesterday = builder.take(Some(3), true, false).unwrap();
        assert!(matches!(
            &write(&yesterday, TODAY.pred_opt().unwrap())[..],
            [StateEvent::Recorded(..)]
        ));
        // A folder in the place of the lock.
        let lock = store.path(StateFile::Journal(&customer)).with_extension("lock");
        fs::remove_file(&lock).unwrap();
        fs::create_dir(&lock).unwrap();
        let mut builder = LookBuilder::new(spec);
        builder.add(&[record(spec, 1, "paid")]);
        let first = builder.take(Some(3), false, false).unwrap();
        let failed = write(&first, TODAY);
        let [StateEvent::Notice(text)] = &failed[..] else { panic!("{failed:?}") };
        assert!(text.starts_with("Changes could not be recorded: "), "{text}");
        builder.add(&[record(spec, 2, "paid")]);
        let second = builder.take(Some(2), true, false).unwrap();
        assert!(write(&second, TODAY).is_empty(), "it was said");
        fs::remove_dir(&lock).unwrap();
        let mut builder = LookBuilder::new(spec);
        builder.add(&[record(spec, 4, "paid")]);
        let third = builder.take(Some(4), false, true).unwrap();
        // Two changed, the third is gone, the fourth is new.
        assert!(matches!(&write(&third, TODAY)[..], [StateEvent::Recorded(_, 4)]));
        fs::remove_file(&lock).unwrap();
        fs::create_dir(&lock).unwrap();
        assert!(matches!(&write(&third, TODAY)[..], [StateEvent::Notice(_)]), "another failure");
    }
}
