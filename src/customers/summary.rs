//! The figures of one customer, from the rows of three lists. The screens of the customer compute
//! theirs with the same functions, so that both always agree.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveDateTime};

use crate::domain::customer::CustomerKey;
use crate::domain::failure::Failure;
use crate::domain::money::format_count;
use crate::figures::{Bucket, Figures, Summed};
use crate::journal::compare::Compared;
use crate::list::record::Record;
use crate::list::scheduled::{DELAYED, reason, reason_in_words};
use crate::triage::memory::Memory;
use crate::triage::queue::{entry, triage_state};

/// Days from today in which payouts are added up.
pub const SOON: [u64; 2] = [7, 30];

/// How much of a list was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    pub loaded: u64,
    /// Rows on the server, if it reports them.
    pub total: Option<u64>,
    /// `true` if no row is missing, as far as the server shows.
    pub is_whole: bool,
}

impl Extent {
    /// `2,000 of 6,113`; `None` if all rows are loaded.
    pub fn part(self) -> Option<String> {
        let loaded = format_count(self.loaded);
        (!self.is_whole).then(|| match self.total.filter(|total| *total > self.loaded) {
            Some(total) => format!("{loaded} of {}", format_count(total)),
            None => format!("{loaded} loaded"),
        })
    }
}

/// The loaded rows of a list.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    pub rows: &'a [Record],
    pub extent: Extent,
}

#[derive(Debug)]
pub struct Inputs<'a> {
    pub debt: Result<Part<'a>, Failure>,
    pub penalties: Result<Part<'a>, Failure>,
    pub scheduled: Result<Part<'a>, Failure>,
    pub memory: &'a Memory,
    /// The comparison of each loaded list with the last look before today, or why nothing can be compared.
    pub compared: Result<&'a [Compared], String>,
    /// When the last page arrived, in local time.
    pub at: NaiveDateTime,
}

/// Contains no rows, so that many customers need little memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub customer: CustomerKey,
    pub debt: Result<Debt, Failure>,
    pub penalties: Result<Penalties, Failure>,
    pub payouts: Result<Payouts, Failure>,
    /// `None` if nothing can be compared.
    pub changed: Option<Changed>,
    /// What was compared, a line for each list.
    pub coverage: Vec<String>,
    /// When the last page arrived, in local time.
    pub at: NaiveDateTime,
    /// When the rate limit ends that left rows out, in milliseconds since the program started.
    pub limited_until: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debt {
    pub open: Summed,
    pub over_90: Summed,
    /// Open and past the due date, of any age.
    pub overdue: Summed,
    /// The earliest due date of these.
    pub oldest: Option<NaiveDate>,
    pub extent: Extent,
}

/// Penalties without a decision, or changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Penalties {
    pub to_decide: Summed,
    /// Those of them that are past their due date.
    pub overdue: Summed,
    /// The earliest due date of all of them.
    pub oldest: Option<NaiveDate>,
    pub extent: Extent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payouts {
    /// Those that are held up, by the reason's position, as [`reason`] returns it.
    pub held: BTreeMap<usize, Summed>,
    /// The earliest due date of the blocked ones, and of the delayed ones.
    pub oldest: [Option<NaiveDate>; 2],
    /// The day of the next payout that is not held up, and the payouts of that day. `None` also if
    /// rows are missing: the order of the server's rows is unknown, and an earlier one may be missing.
    pub next: Option<(NaiveDate, Summed)>,
    /// Payouts that are not held up and due within so many [`SOON`] days.
    pub due: [Summed; SOON.len()],
    pub extent: Extent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    pub count: usize,
    /// `true` if no change in the three lists can be missing.
    pub is_complete: bool,
}

impl Summary {
    pub fn of(customer: CustomerKey, inputs: &Inputs<'_>, today: NaiveDate) -> Self {
        let failed = Clone::clone;
        let compared = inputs.compared.as_deref().unwrap_or_default();
        let coverage = match &inputs.compared {
            Ok(compared) => compared
                .iter()
                .map(|one| format!("{}: {}", one.spec.title, one.coverage(today)))
                .collect(),
            Err(why) => vec![format!("Changes are unknown: {why}")],
        };
        Self {
            customer,
            debt: inputs.debt.as_ref().map(|part| Debt::of(*part, today)).map_err(failed),
            penalties: inputs
                .penalties
                .as_ref()
                .map(|part| Penalties::of(*part, inputs.memory, today))
                .map_err(failed),
            payouts: inputs
                .scheduled
                .as_ref()
                .map(|part| Payouts::of(*part, today))
                .map_err(failed),
            changed: Changed::of(compared, today),
            coverage,
            at: inputs.at,
            limited_until: None,
        }
    }

    /// Why lists are missing.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        let all =
            [self.debt.as_ref().err(), self.penalties.as_ref().err(), self.payouts.as_ref().err()];
        all.into_iter().flatten()
    }

    /// How much of debt, penalties and scheduled payments was loaded; `None` for a list that failed.
    pub fn extents(&self) -> [Option<Extent>; 3] {
        [
            self.debt.as_ref().ok().map(|it| it.extent),
            self.penalties.as_ref().ok().map(|it| it.extent),
            self.payouts.as_ref().ok().map(|it| it.extent),
        ]
    }

    /// Returns `true` if no row of a list is missing.
    pub fn is_whole(&self) -> bool {
        self.extents().iter().all(|extent| extent.is_some_and(|extent| extent.is_whole))
    }
}

/// The total of some rows, open and closed.
fn total<'a>(rows: impl IntoIterator<Item = &'a Record>, today: NaiveDate) -> Summed {
    let figures = Figures::of(rows, today);
    let mut total = figures.open;
    total.merge(&figures.closed);
    total
}

fn oldest<'a>(rows: impl IntoIterator<Item = &'a Record>) -> Option<NaiveDate> {
    rows.into_iter().filter_map(|row| row.date("due_date")).min()
}

fn is_overdue(row: &Record, today: NaiveDate) -> bool {
    row.days_overdue(today).is_some()
}

impl Debt {
    fn of(part: Part<'_>, today: NaiveDate) -> Self {
        let figures = Figures::of(part.rows, today);
        let mut overdue = Summed::default();
        for age in [Bucket::To30, Bucket::To60, Bucket::To90, Bucket::Over90] {
            overdue.merge(figures.of_age(age));
        }
        Self {
            over_90: figures.of_age(Bucket::Over90).clone(),
            overdue,
            oldest: oldest(part.rows.iter().filter(|row| is_overdue(row, today))),
            open: figures.open,
            extent: part.extent,
        }
    }
}

impl Penalties {
    fn of(part: Part<'_>, memory: &Memory, today: NaiveDate) -> Self {
        let is_undecided =
            |row: &&Record| triage_state(row, entry(row, memory), today).wants_attention();
        let to_decide: Vec<&Record> = part.rows.iter().filter(is_undecided).collect();
        let overdue = || to_decide.iter().copied().filter(|row| is_overdue(row, today));
        Self {
            overdue: total(overdue(), today),
            oldest: oldest(to_decide.iter().copied()),
            to_decide: total(to_decide.iter().copied(), today),
            extent: part.extent,
        }
    }
}

impl Payouts {
    fn of(part: Part<'_>, today: NaiveDate) -> Self {
        let mut by_reason: BTreeMap<usize, Vec<&Record>> = BTreeMap::new();
        let mut coming: BTreeMap<NaiveDate, Vec<&Record>> = BTreeMap::new();
        for row in part.rows {
            match (reason(row), row.date("due_date")) {
                (Some(reason), _) => by_reason.entry(reason).or_default().push(row),
                (None, Some(day)) if day >= today => coming.entry(day).or_default().push(row),
                (None, _) => {}
            }
        }
        let next = coming.iter().next().filter(|_| part.extent.is_whole);
        let due = SOON.map(|days| {
            let last = today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
            total(coming.range(..=last).flat_map(|(_, rows)| rows.iter().copied()), today)
        });
        Self {
            next: next.map(|(day, rows)| (*day, total(rows.iter().copied(), today))),
            due,
            oldest: [false, true].map(|is_delayed| {
                let of = by_reason.iter().filter(|(reason, _)| (**reason == DELAYED) == is_delayed);
                oldest(of.flat_map(|(_, rows)| rows.iter().copied()))
            }),
            held: by_reason
                .into_iter()
                .map(|(reason, rows)| (reason, total(rows, today)))
                .collect(),
            extent: part.extent,
        }
    }

    /// Those that are held up for a reason that someone can resolve, which a delay is not.
    pub fn blocked(&self) -> Summed {
        self.merged(|reason| reason != DELAYED)
    }

    pub fn delayed(&self) -> Summed {
        self.merged(|reason| reason == DELAYED)
    }

    /// The reasons in words: `needs IBAN`, or `needs IBAN (3); other (1)` with the number of payouts.
    pub fn reasons(&self, is_counted: impl Fn(usize) -> bool) -> String {
        let held = self.held.iter().filter(|(reason, _)| is_counted(**reason));
        let held: Vec<_> =
            held.map(|(reason, rows)| (rows.count, reason_in_words(*reason))).collect();
        if let [(_, only)] = held.as_slice() {
            return (*only).to_owned();
        }
        let each =
            held.iter().map(|(count, why)| format!("{why} ({})", format_count(*count as u64)));
        each.collect::<Vec<_>>().join("; ")
    }

    fn merged(&self, is_counted: impl Fn(usize) -> bool) -> Summed {
        let mut all = Summed::default();
        let counted = self.held.iter().filter(|(reason, _)| is_counted(**reason));
        counted.for_each(|(_, rows)| all.merge(rows));
        all
    }
}

impl Changed {
    /// All three lists must be compared for a complete count.
    fn of(compared: &[Compared], today: NaiveDate) -> Option<Self> {
        const LISTS: usize = 3;
        let known = || compared.iter().filter(|one| one.then.is_some());
        known().next()?;
        Some(Self {
            count: known().map(|one| one.changes.len()).sum(),
            is_complete: known().count() == LISTS && known().all(|one| one.is_complete(today)),
        })
    }
}
