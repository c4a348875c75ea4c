//! The lines of the home of a customer: figures of its lists, computed as for all customers.

use chrono::NaiveDate;

use crate::command::Command;
use crate::customers::biggest::biggest;
use crate::customers::months::{Month, months};
use crate::customers::rows::{self, money_in_full};
use crate::customers::summary::{Debt, Extent, Inputs, Part, Payouts, Penalties, SOON, Summary};
use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::money::{Currency, counted, format_count, format_money};
use crate::domain::text::Untrusted;
use crate::figures::summary::Weight;
use crate::figures::urgency::Urgency;
use crate::figures::{Figures, Summed, summary};
use crate::list::record::Record;
use crate::list::{Spec, debt, penalties, scheduled, transactions};
use crate::tui::cx::{Cx, Next};
use crate::tui::screen::booking::state::{Booking, OpenedFrom};
use crate::tui::screen::groups::opening::Opening;
use crate::tui::screen::list::state::List;

/// On the first day, rows are compared with the first ones that were loaded on it.
const SINCE: &str = "since the last saved day, or the first load today";
/// Open rows that are shown one by one.
const BIGGEST: usize = 3;

/// The forms of a figure, the longest first.
pub type Figure = Vec<summary::Part>;

/// What a line opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    HeldUp,
    OpenDebt,
    Penalties,
    /// A list with filters, as typed.
    Line(String),
    Changes,
    Booking(Untrusted),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeLine {
    pub label: String,
    /// The figures, each in all its forms; the first ones are shown if there is little room.
    pub parts: Vec<Figure>,
    pub opens: Opens,
    /// The list that it counts.
    pub spec: Option<&'static Spec>,
}

impl HomeLine {
    pub fn text(&self) -> String {
        format!("{}: {}", self.label, summary::text_of(&self.shown(usize::MAX)))
    }

    /// In at most `room` cells.
    pub fn shown(&self, room: usize) -> Vec<summary::Part> {
        summary::fitting(self.parts.clone(), room)
    }

    pub fn open(&self, cx: &mut Cx) {
        if self.opens == Opens::Penalties {
            // The queue opens above its list.
            cx.then(Next::ShowTab(cx.tab_of(penalties::SPEC.key).unwrap_or(cx.tab)));
        }
        cx.then(match &self.opens {
            Opens::HeldUp => Next::Groups(Opening::Blocked),
            Opens::OpenDebt => Next::Groups(Opening::OpenDebt),
            Opens::Penalties => Next::Triage,
            Opens::Line(line) => Next::RunText(line.clone()),
            Opens::Changes => Next::Run(Command::Changes(None)),
            Opens::Booking(reference) => {
                let booking = Booking::opening(reference.clone(), OpenedFrom::Elsewhere);
                Next::Push(Box::new(booking))
            }
        });
    }
}

/// Rows that changed since the last saved day before today, in the lists of the row of the customer;
/// `false` if not all of them are compared yet. `None` if none of them is.
pub fn changes(cx: &Cx) -> Option<(usize, bool)> {
    let counts =
        [&debt::SPEC, &penalties::SPEC, &scheduled::SPEC].map(|spec| cx.since.known(spec.key));
    let known = counts.iter().flatten();
    let is_complete = counts.iter().all(Option::is_some);
    counts.iter().any(Option::is_some).then(|| (known.sum(), is_complete))
}

/// The loaded rows of a list without filters, or what to say instead of a figure.
fn part<'a>(cx: &'a Cx, spec: &Spec) -> Result<Part<'a>, Instead> {
    let list = cx.tab_of(spec.key).map(|tab| cx.list_at(tab)).ok_or(Instead::Loading)?;
    if !list.filters().is_empty() {
        return Err(Instead::Filtered);
    }
    match (&list.failure, list.fetched) {
        (Some(failure), None) => Err(Instead::Failed(failure.clone())),
        (_, None) if list.load.is_none() => Err(Instead::NotLoaded),
        (_, None) => Err(Instead::Loading),
        (_, Some(_)) => Ok(Part { rows: list.table.records(), extent: extent(list) }),
    }
}

#[derive(Debug, Clone)]
enum Instead {
    Loading,
    NotLoaded,
    /// The figures of filtered rows are not those of the customer.
    Filtered,
    Failed(Failure),
}

impl Instead {
    fn part(&self) -> Figure {
        match self {
            Self::Loading => one(Weight::Quiet, "loading…"),
            Self::NotLoaded => one(Weight::Quiet, "not loaded"),
            Self::Filtered => one(Weight::Quiet, "the list has a filter"),
            Self::Failed(failure) => {
                let forms =
                    [failure.to_string(), failure.why.clone(), "could not be loaded".to_owned()];
                forms.iter().map(|form| part_of(Weight::Warning, form)).collect()
            }
        }
    }
}

fn extent(list: &List) -> Extent {
    let loaded = list.table.records().len() as u64;
    let is_whole = list.scope().part.is_none();
    Extent { loaded, total: list.total, is_whole }
}

fn part_of(weight: Weight, text: &str) -> summary::Part {
    summary::Part { weight, text: text.to_owned() }
}

/// A figure with one form.
fn one(weight: Weight, text: &str) -> Figure {
    vec![part_of(weight, text)]
}

pub fn lines(cx: &Cx) -> Vec<HomeLine> {
    let today = cx.now.local.date();
    let [debt, penalties, scheduled] =
        [&debt::SPEC, &penalties::SPEC, &scheduled::SPEC].map(|spec| part(cx, spec));
    let summary = Summary::of(
        cx.session.customer.clone(),
        &Inputs {
            debt: counted_rows(&debt),
            penalties: counted_rows(&penalties),
            scheduled: counted_rows(&scheduled),
            memory: &cx.kept.memory,
            compared: Ok(&[]),
            at: cx.now.local,
        },
        today,
    );
    let mut lines = vec![
        line("Payouts held up", held(&summary, &scheduled), Opens::HeldUp, &scheduled::SPEC),
        line("Open debt", open_debt(&summary, &debt), Opens::OpenDebt, &debt::SPEC),
        line("To decide", to_decide(&summary, &penalties), Opens::Penalties, &penalties::SPEC),
    ];
    lines.extend(SOON.iter().enumerate().map(|(at, days)| {
        let opens =
            Opens::Line(format!("scheduled due=today..+{days}d status=upcoming sort=due_date"));
        let label = format!("Due in {days} days");
        line(&label, due(&summary, at, &scheduled), opens, &scheduled::SPEC)
    }));
    lines.extend(paid_out(part(cx, &transactions::SPEC), today));
    lines.push(changed(cx));
    lines.extend(debt.iter().flat_map(|rows| largest(rows.rows, today)));
    lines
}

/// The figures of a list that is not loaded are not shown.
fn counted_rows<'a>(rows: &Result<Part<'a>, Instead>) -> Result<Part<'a>, Failure> {
    rows.clone().map_err(|_| Failure::new(Kind::Passing, "Not loaded", "", Advice::None))
}

fn line(label: &str, parts: Vec<Figure>, opens: Opens, spec: &'static Spec) -> HomeLine {
    HomeLine { label: label.to_owned(), parts, opens, spec: Some(spec) }
}

/// The number of rows, how many of a part are loaded, the sum in EUR, and the sums by currency.
fn money(rows: &Summed, extent: Extent, weight: Weight) -> Vec<Figure> {
    let mut figures = vec![one(weight, &count(rows.count, extent))];
    let part = extent.part().map(|part| one(Weight::Warning, &format!("({part})")));
    figures.extend(part);
    if rows.count > 0 {
        let euros = rows.in_euros().filter(|euros| euros.without == 0);
        let euros = euros.map(|it| format!("in {}", format_money(it.minor, Currency::EUR)));
        figures.extend(euros.map(|text| one(weight, &text)));
        figures.push(sums(rows, Weight::Plain, ""));
    }
    figures
}

/// The sums by currency; in less room, only the first one.
fn sums(rows: &Summed, weight: Weight, before: &str) -> Figure {
    let all = Extent { is_whole: true, ..Extent::default() };
    let forms = [money_in_full(rows, all), rows::money(rows, all)];
    forms.iter().map(|sums| part_of(weight, &format!("{before}{sums}"))).collect()
}

fn count(count: usize, extent: Extent) -> String {
    let more = if extent.is_whole { "" } else { "+" };
    format!("{}{more}", format_count(count as u64))
}

fn held(summary: &Summary, rows: &Result<Part<'_>, Instead>) -> Vec<Figure> {
    let (Ok(payouts), Ok(_)) = (&summary.payouts, rows) else { return instead(rows) };
    let Payouts { held, extent, .. } = payouts;
    let mut all = Summed::default();
    for rows in held.values() {
        all.merge(rows);
    }
    let is_blocked = payouts.blocked().count > 0;
    let weight = if is_blocked { Weight::Of(Urgency::Late) } else { Weight::Plain };
    let mut figures = money(&all, *extent, weight);
    if all.count > 0 {
        figures.push(one(Weight::Plain, &payouts.reasons(|_| true)));
    }
    figures
}

fn open_debt(summary: &Summary, rows: &Result<Part<'_>, Instead>) -> Vec<Figure> {
    let (Ok(Debt { open, over_90, extent, .. }), Ok(_)) = (&summary.debt, rows) else {
        return instead(rows);
    };
    let mut figures = money(open, *extent, Weight::Strong);
    if over_90.count > 0 {
        figures.push(sums(over_90, Weight::Of(Urgency::VeryLate), "over 90 days "));
    }
    figures
}

fn to_decide(summary: &Summary, rows: &Result<Part<'_>, Instead>) -> Vec<Figure> {
    let (Ok(Penalties { to_decide, overdue, extent, .. }), Ok(_)) = (&summary.penalties, rows)
    else {
        return instead(rows);
    };
    let mut figures = money(to_decide, *extent, Weight::Plain);
    if overdue.count > 0 {
        let text = format!("{} overdue", count(overdue.count, *extent));
        figures.insert(1, one(Weight::Of(Urgency::Late), &text));
    }
    figures
}

fn due(summary: &Summary, at: usize, rows: &Result<Part<'_>, Instead>) -> Vec<Figure> {
    match (&summary.payouts, rows) {
        (Ok(Payouts { due, extent, .. }), Ok(_)) => {
            due.get(at).map(|rows| money(rows, *extent, Weight::Plain)).unwrap_or_default()
        }
        _ => instead(rows),
    }
}

fn instead(rows: &Result<Part<'_>, Instead>) -> Vec<Figure> {
    rows.as_ref().err().map(Instead::part).into_iter().collect()
}

fn paid_out(rows: Result<Part<'_>, Instead>, today: NaiveDate) -> Vec<HomeLine> {
    let labels = [("Paid this month", "this-month"), ("Paid last month", "last-month")];
    let all = rows.map(|rows| (months(rows, today), rows.extent));
    let each = labels.iter().enumerate().map(|(at, (label, month))| {
        let parts = match &all {
            Err(instead) => vec![instead.part()],
            Ok((months, extent)) => months.get(at).map(|it| paid(it, *extent)).unwrap_or_default(),
        };
        let opens = Opens::Line(format!("transactions paid={month}"));
        line(label, parts, opens, &transactions::SPEC)
    });
    each.collect()
}

fn paid(month: &Month, extent: Extent) -> Vec<Figure> {
    let extent = if month.is_whole { Extent { is_whole: true, ..extent } } else { extent };
    money(&month.paid, extent, Weight::Plain)
}

fn changed(cx: &Cx) -> HomeLine {
    let parts = match changes(cx) {
        _ if !cx.kept.records_changes => vec![one(Weight::Quiet, "changes are not recorded")],
        None => vec![one(Weight::Quiet, "nothing to compare with yet")],
        Some((0, true)) => vec![one(Weight::Quiet, &format!("nothing {SINCE}"))],
        Some((rows, is_complete)) => {
            let rows = count(rows, Extent { is_whole: is_complete, ..Extent::default() });
            vec![one(Weight::Warning, &format!("{rows} rows")), one(Weight::Quiet, SINCE)]
        }
    };
    HomeLine { label: "Changed".to_owned(), parts, opens: Opens::Changes, spec: None }
}

/// The largest open debts, each with its booking.
fn largest(rows: &[Record], today: NaiveDate) -> Vec<HomeLine> {
    let of = |(at, row): (usize, &Record)| {
        let booking = row.booking().cloned()?;
        let days = row
            .days_overdue(today)
            .map(|days| format!("{} overdue", counted(days.unsigned_abs(), "day")));
        let sum = Figures::of([row], today).open.sums.in_words();
        let mut parts = vec![one(Weight::Strong, &sum), one(Weight::Plain, &booking.shown())];
        parts.extend(days.map(|text| one(Weight::Of(Urgency::Late), &text)));
        let label = if at == 0 { "Largest debts" } else { "" };
        Some(HomeLine {
            label: label.to_owned(),
            parts,
            opens: Opens::Booking(booking),
            spec: Some(&debt::SPEC),
        })
    };
    biggest(rows, BIGGEST, today).into_iter().enumerate().filter_map(of).collect()
}
