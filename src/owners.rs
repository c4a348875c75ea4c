//! Who owns a booking: the names in the payouts, invoices and scheduled payments of that booking,
//! never of another one. Pure: uses only loaded rows and sends no requests.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::conciliation::row::is_same;
use crate::conciliation::{Conciliation, Role};
use crate::domain::names::{Names, folded};
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::list::{Spec, invoices, scheduled, transactions};

/// The most names of one booking.
const MOST_NAMES: usize = 8;
/// The most bytes of a name or a reference; longer texts are ignored.
const LONGEST: usize = 512;

/// The kinds of rows with names; the first kind that has one decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
pub enum Source {
    #[strum(to_string = "payouts")]
    Payouts,
    #[strum(to_string = "invoices")]
    Invoices,
    #[strum(to_string = "scheduled payments")]
    Scheduled,
}

/// The lists whose rows name an owner, with the fields that do.
static NAMING: [(&Spec, Source, &[&str]); 3] = [
    (&transactions::SPEC, Source::Payouts, &["beneficiary"]),
    (&invoices::SPEC, Source::Invoices, &["invoice_to"]),
    (&scheduled::SPEC, Source::Scheduled, &["account_name", "beneficiary"]),
];

/// The sections of a booking that name an owner.
const ROLES: [Role; 3] = [Role::Transactions, Role::Invoices, Role::CreditNotes];

/// For the help.
pub const MEANING: (&str, &str) = (
    "Owner",
    "the beneficiary of the payouts, else the name on the invoices, else the account name of the \
     scheduled payments",
);

/// The name of the owner in a row: of its beneficiary, on its invoice, or of its account.
pub fn name_in(row: &Record) -> Option<&Untrusted> {
    let (_, _, fields) = NAMING.iter().find(|(spec, ..)| spec.is(row.spec()))?;
    fields.iter().find_map(|field| row.text(field))
}

/// The different names in rows of all kinds.
pub fn names_in<'a>(rows: impl IntoIterator<Item = &'a Record>) -> Vec<&'a Untrusted> {
    let mut seen = HashSet::new();
    let names = rows.into_iter().filter_map(name_in);
    names.filter(|name| seen.insert(name.expose_raw().trim().to_lowercase())).collect()
}

/// The owner of one booking, from its own rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    pub name: Untrusted,
    /// The number of other names in the same rows.
    pub others: usize,
}

impl Owner {
    /// The names of the first kind of rows that have any.
    pub fn of(booking: &Conciliation, scheduled: &[Record]) -> Option<Self> {
        let sections = ROLES.iter().flat_map(|role| booking.rows(*role));
        let is_own =
            |row: &&Record| row.booking().is_none_or(|named| is_same(named, &booking.reference));
        let rows: Vec<&Record> = sections.chain(scheduled).filter(is_own).collect();
        NAMING.iter().find_map(|(spec, _, fields)| {
            let rows = rows.iter().filter(|row| spec.is(row.spec()));
            let names = rows.filter_map(|row| fields.iter().find_map(|field| row.text(field)));
            let mut seen = HashSet::new();
            let folded = |name: &Untrusted| name.expose_raw().trim().to_lowercase();
            let mut names = names.filter(|name| seen.insert(folded(name)));
            let name = names.next()?.clone();
            Some(Self { name, others: names.count() })
        })
    }

    /// `Zoë Müller and 1 more`.
    pub fn in_words(&self) -> String {
        let more =
            if self.others > 0 { format!(" and {} more", self.others) } else { String::new() };
        format!("{}{more}", self.name.shown())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: Untrusted,
    /// The first kind of rows that has it.
    pub source: Source,
}

/// The owners of one customer's bookings, as far as known in this session. Not stored.
#[derive(Debug, Clone, Default)]
pub struct Owners {
    /// By reference; the first name is shown.
    known: HashMap<Box<str>, Vec<Named>>,
    names: Arc<Names>,
}

impl Owners {
    /// The shown name of each booking.
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// All names of a booking; the first is the shown one.
    pub fn of(&self, reference: &Untrusted) -> &[Named] {
        self.known.get(folded(reference).as_ref()).map_or(&[], Vec::as_slice)
    }

    /// Adds the names in the rows of a list. Returns `true` if a shown name is new.
    pub fn learn(&mut self, records: &[Record]) -> bool {
        self.learn_from(records, None)
    }

    /// Adds the names in the rows of a booking. Rows without a reference belong to the requested
    /// booking, unless the response is for another one.
    pub fn learn_booking(&mut self, booking: &Conciliation) -> bool {
        let own = Some(&booking.asked).filter(|asked| is_same(asked, &booking.reference));
        let each = ROLES.map(|role| self.learn_from(booking.rows(role), own));
        each.contains(&true)
    }

    fn learn_from(&mut self, records: &[Record], of: Option<&Untrusted>) -> bool {
        let mut is_new = false;
        for record in records {
            let naming = NAMING.iter().find(|(spec, ..)| spec.is(record.spec()));
            let Some((_, source, fields)) = naming else { continue };
            let Some(reference) = record.booking().or(of) else { continue };
            for name in fields.iter().filter_map(|field| record.text(field)) {
                is_new |= self.add(reference, name, *source);
            }
        }
        is_new
    }

    fn add(&mut self, reference: &Untrusted, name: &Untrusted, source: Source) -> bool {
        let key = folded(reference);
        if key.len().max(name.expose_raw().len()) > LONGEST {
            return false;
        }
        let named = match self.known.get_mut(key.as_ref()) {
            Some(named) => named,
            None => self.known.entry(key.into()).or_default(),
        };
        match named.iter_mut().find(|it| is_same(&it.name, name)) {
            Some(known) if known.source <= source => return false,
            Some(known) => known.source = source,
            None => named.push(Named { name: name.clone(), source }),
        }
        // Stable: within one source, the first name stays first.
        named.sort_by_key(|it| it.source);
        named.truncate(MOST_NAMES);
        let first = named.first();
        first.is_some_and(|first| Arc::make_mut(&mut self.names).insert(reference, &first.name))
    }
}

#[cfg(test)]
mod tests;
