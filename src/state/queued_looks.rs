//! Looks at lists that are not recorded yet. One that could not be written stays queued, and is retried
//! with the next one.

use std::collections::HashSet;
use std::io;

use chrono::NaiveDate;

use crate::domain::customer::CustomerKey;
use crate::journal::look::Look;
use crate::list::Spec;
use crate::state::writer::StateEvent;
use crate::state::{Store, changes};

#[derive(Debug, Default)]
pub struct QueuedLooks {
    /// At most one for each list, customer and day, in the order of recording.
    looks: Vec<QueuedLook>,
    /// Customers whose last attempt failed and was reported.
    failed: HashSet<CustomerKey>,
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
        let is_same =
            |it: &&mut QueuedLook| it.customer == customer && it.spec.is(spec) && it.day == day;
        match self.looks.iter_mut().find(is_same) {
            Some(earlier) => earlier.look.extend(look),
            None => self.looks.push(QueuedLook { customer, spec, look, day }),
        }
    }

    /// Writes the looks. After a failure, the others of the customer wait, so that days are recorded in
    /// order; a look that can never be recorded is dropped.
    pub fn write(&mut self, store: &Store, report: impl Fn(StateEvent)) {
        let mut waiting = HashSet::new();
        self.looks.retain(|next| {
            if waiting.contains(&next.customer) {
                return true;
            }
            let error = match next.write(store) {
                Ok(event) => {
                    report(event);
                    self.failed.remove(&next.customer);
                    return false;
                }
                Err(error) => error,
            };
            let is_permanent = changes::is_permanent(&error);
            if self.failed.insert(next.customer.clone()) {
                let retry = if is_permanent { "" } else { " The next load of a list retries." };
                let text = format!("Changes could not be recorded: {error}.{retry}");
                report(StateEvent::Notice(text));
            }
            if !is_permanent {
                waiting.insert(next.customer.clone());
            }
            !is_permanent
        });
    }
}

impl QueuedLook {
    fn write(&self, store: &Store) -> io::Result<StateEvent> {
        let Self { customer, spec, look, day } = self;
        let (compared, aside) = changes::record(store, customer, spec, look, *day)?;
        Ok(match aside {
            Some(aside) => StateEvent::Notice(format!(
                "The record of changes was broken. It was renamed to {}; a new one starts today.",
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

    #[test]
    fn one_customer_whose_file_fails_blocks_no_other_and_each_day_is_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let spec = Spec::named("debt").unwrap();
        let (demo, acme) = (CustomerKey::demo(), CustomerKey::of_profile("acme"));
        let events = RefCell::new(Vec::new());
        let write = |looks: &mut QueuedLooks| {
            looks.write(&store, |event| events.borrow_mut().push(event));
            events.take()
        };
        let seen = |status: &str| {
            let mut builder = LookBuilder::new(spec);
            builder.add(&[record(spec, 1, status)]);
            builder.take(Some(1), true, false).unwrap()
        };
        let lock = store.path(StateFile::Journal(&demo)).with_extension("lock");
        fs::create_dir_all(&lock).unwrap();
        let mut looks = QueuedLooks::default();
        looks.add(demo.clone(), spec, seen("pending"), TODAY.pred_opt().unwrap());
        looks.add(demo.clone(), spec, seen("paid"), TODAY);
        looks.add(acme.clone(), spec, seen("pending"), TODAY);
        let said = write(&mut looks);
        assert!(matches!(&said[..], [StateEvent::Notice(_), StateEvent::Recorded(..)]), "{said:?}");
        fs::remove_dir(&lock).unwrap();
        let said = write(&mut looks);
        let changed = said.iter().map(|event| match event {
            StateEvent::Recorded(_, count) => *count,
            other => panic!("{other:?}"),
        });
        assert_eq!(changed.collect::<Vec<_>>(), [0, 1], "yesterday's look, then today's");
        // A file of a newer version is not retried.
        let file = StateFile::Journal(&demo);
        store.change(file, |_| Ok("{\"version\":9}".to_owned())).unwrap();
        looks.add(demo.clone(), spec, seen("paid"), TODAY);
        let said = write(&mut looks);
        let [StateEvent::Notice(text)] = &said[..] else { panic!("{said:?}") };
        assert!(text.contains("newer") && !text.contains("retries"), "{text}");
        assert!(looks.looks.is_empty());
        looks.add(demo, spec, seen("paid"), TODAY);
        assert!(write(&mut looks).is_empty(), "it was said");
    }
}
