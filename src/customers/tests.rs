//! Figures against the functions of the customer's own screens, and what a part never looks like.

mod order;

use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::rows::SPEC;
use super::state::{CustomerRow, RowState, Trouble};
use super::summary::{Extent, Inputs, Part, Summary};
use super::totals::Totals;
use crate::domain::customer::CustomerKey;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::figures::summary::text_of;
use crate::figures::{Bucket, Figures};
use crate::journal::Journal;
use crate::journal::look::LookBuilder;
use crate::list::record::Record;
use crate::list::{Spec, scheduled};
use crate::triage::Decision;
use crate::triage::memory::{Entry, Memory};
use crate::triage::queue::{Grouping, Queue, QueueOptions};

pub(crate) const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();

/// Rows as `list due status amount currency [amount in EUR]`, with ids by their place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    pub(crate) debt: Vec<Record>,
    pub(crate) penalties: Vec<Record>,
    pub(crate) scheduled: Vec<Record>,
    pub(crate) memory: Memory,
    is_part: bool,
}

pub(super) fn row(id: usize, line: &str) -> Record {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [list, due, status, amount, currency] = words[..5] else { panic!("{line}") };
    let euros = words.get(5).map(|it| format!(r#","amount_eur":{it}"#)).unwrap_or_default();
    let json = format!(
        r#"{{"id":"{id}","booking_id":"BK{id}","reference_id":"BK{id}","due_date":"{due}",
            "status":"{status}","amount":{amount},"currency":"{currency}"{euros}}}"#
    );
    Record::read(Spec::named(list).unwrap(), &json)
}

pub(crate) fn lists(lines: &[&str]) -> Lists {
    let rows: Vec<Record> = lines.iter().enumerate().map(|(id, line)| row(id, line)).collect();
    let of = |list: &str| -> Vec<Record> {
        rows.iter().filter(|row| row.spec().key == list).cloned().collect()
    };
    Lists {
        debt: of("debt"),
        penalties: of("penalties"),
        scheduled: of("scheduled"),
        ..Lists::default()
    }
}

impl Lists {
    pub(crate) fn part(self) -> Self {
        Self { is_part: true, ..self }
    }

    fn inputs(&self) -> Inputs<'_> {
        let part = |rows: &'_ Vec<Record>| -> Extent {
            let loaded = rows.len() as u64;
            Extent {
                loaded,
                total: Some(loaded + u64::from(self.is_part)),
                is_whole: !self.is_part,
            }
        };
        Inputs {
            debt: Ok(Part { rows: &self.debt, extent: part(&self.debt) }),
            penalties: Ok(Part { rows: &self.penalties, extent: part(&self.penalties) }),
            scheduled: Ok(Part { rows: &self.scheduled, extent: part(&self.scheduled) }),
            memory: &self.memory,
            compared: Ok(&[]),
            at: NaiveDateTime::default(),
        }
    }

    pub(crate) fn summary(&self) -> Summary {
        Summary::of(CustomerKey::of_profile("acme"), &self.inputs(), TODAY)
    }

    pub(crate) fn ready(&self) -> RowState {
        RowState::Ready(Box::new(self.summary()))
    }
}

pub(super) fn customer(profile: &str, state: RowState) -> CustomerRow {
    let environment = "sandbox".to_owned();
    CustomerRow { profile: profile.to_owned(), environment, is_production: false, state }
}

pub(super) fn failure() -> Failure {
    Failure::new(Kind::Passing, "Penalties could not be loaded", "status 500", Advice::Retry)
}

fn cell(row: &CustomerRow, name: &str) -> String {
    row.record(TODAY).cell(SPEC.position(name).unwrap()).into_owned()
}

fn cells(state: &RowState, names: &[&str]) -> Vec<String> {
    let row = customer("acme", state.clone());
    names.iter().map(|name| cell(&row, name)).collect()
}

fn sample() -> Lists {
    lists(&[
        "debt 2026-11-25 pending 5000 EUR 5000",
        "debt 2026-07-01 overdue 700000 EUR 700000",
        "debt 2026-11-01 overdue 20000 GBP 24000",
        "debt 2026-10-01 overdue -1000 EUR -1000",
        "debt 2025-01-01 paid 99900 EUR 99900",
        "penalties 2026-11-01 notify 3000 EUR 3000",
        "penalties 2026-12-01 notify 4000 EUR 4000",
        "penalties 2026-01-01 waived 5000 EUR 5000",
        "scheduled 2026-11-10 missing_iban 80000 EUR",
        "scheduled 2026-11-11 has_debt 10000 PLN",
        "scheduled 2026-11-12 new_reason 10000 EUR",
        "scheduled 2026-11-26 upcoming 30000 EUR",
        "scheduled 2026-11-26 upcoming 20000 EUR",
        "scheduled 2026-12-10 upcoming 10000 EUR",
        "scheduled 2026-11-01 upcoming 90000 EUR",
    ])
}

#[test]
fn figures_are_those_of_the_customers_own_screens() {
    let mut lists = sample();
    let decided = &lists.penalties[0];
    let entry = Entry { decision: Some(Decision::Dispute), ..Entry::new(decided) };
    lists.memory.entries.insert("5".to_owned(), entry);
    let summary = lists.summary();
    let debt = summary.debt.as_ref().unwrap();
    let figures = Figures::of(&lists.debt, TODAY);
    assert_eq!(debt.open, figures.open);
    assert_eq!(debt.over_90, *figures.of_age(Bucket::Over90));
    assert_eq!((debt.overdue.count, debt.open_eur()), (3, Some(728_000)));
    assert_eq!(debt.oldest, NaiveDate::from_ymd_opt(2026, 7, 1));
    let options = QueueOptions {
        day: TODAY,
        today: TODAY,
        cell: None,
        grouping: Grouping::None,
        shows_all: false,
    };
    let penalties = summary.penalties.as_ref().unwrap();
    let queue = Queue::of(&lists.penalties, &lists.memory, &options);
    assert_eq!((queue.places.len(), queue.progress.decided), (2, 1));
    assert_eq!((penalties.to_decide.count, penalties.overdue.count), (1, 0));
    let payouts = summary.payouts.as_ref().unwrap();
    let held = lists.scheduled.iter().filter(|row| scheduled::reason(row).is_some()).count();
    assert_eq!((payouts.blocked().count, payouts.delayed().count), (held, 0));
    let (day, next) = payouts.next.clone().unwrap();
    assert_eq!((day.to_string().as_str(), next.count), ("2026-11-26", 2));
    assert_eq!(payouts.due.each_ref().map(|rows| rows.count), [2, 3]);
    let names = ["open_eur", "open", "over_90", "penalties", "held_up", "next_payout"];
    let shown = [
        "7,280.00",
        "EUR 7,040.00 + 1 more",
        "EUR 7,000.00",
        "1",
        "3: needs IBAN (1); blocked by debt (1); other (1)",
        "2026-11-26",
    ];
    assert_eq!(cells(&lists.ready(), &names), shown);
    let names = ["next_amount", "changed", "status", "need"];
    let shown = [
        "EUR 500.00",
        "–",
        "ready",
        "3 payouts blocked: needs IBAN (1); blocked by debt (1); other (1)",
    ];
    assert_eq!(cells(&lists.ready(), &names), shown);
}

#[test]
fn a_decided_penalty_that_changed_is_to_decide_again() {
    let mut lists = sample();
    let entry = Entry { decision: Some(Decision::Done), ..Entry::default() };
    // Of a penalty with other values, closed since.
    lists.memory.entries.insert("7".to_owned(), entry);
    let penalties = lists.summary().penalties.unwrap();
    assert_eq!((penalties.to_decide.count, penalties.overdue.count), (3, 1));
}

#[test]
fn a_part_has_no_number_and_says_how_much_it_is_of() {
    let state = sample().part().ready();
    let names =
        ["open_eur", "open", "penalties", "held_up", "next_payout", "next_amount", "status"];
    let blocked = "3+: needs IBAN (1); blocked by debt (1); other (1)";
    let open = "EUR 7,040.00 + 1 more (5 of 6)";
    assert_eq!(cells(&state, &names), ["", open, "2+ (1+ overdue)", blocked, "?", "", "partial"]);
    let row = customer("acme", state);
    assert_eq!(
        row.need_in_words(),
        "3+ payouts blocked: needs IBAN (1); blocked by debt (1); other (1)"
    );
    let empty = customer("acme", Lists::default().part().ready());
    assert_eq!(empty.need_in_words(), "nothing in the loaded rows");
    assert_eq!(cell(&empty, "open"), "0 (0 of 1)");
}

#[test]
fn amounts_that_no_sum_counts_leave_no_number() {
    let lists = lists(&[
        "debt 2026-07-01 overdue 700 Euro",
        "debt 2026-07-01 overdue 1.5 EUR",
        "debt 2026-07-01 overdue 100 GBP",
    ]);
    let names = ["open_eur", "open", "need"];
    let shown = ["", "GBP 1.00 (2 not counted)", "3 debt rows over 90 days"];
    assert_eq!(cells(&lists.ready(), &names), shown);
}

#[test]
fn a_list_that_fails_leaves_the_others() {
    let lists = sample();
    for failed in 0..3 {
        let mut inputs = lists.inputs();
        match failed {
            0 => inputs.debt = Err(failure()),
            1 => inputs.penalties = Err(failure()),
            _ => inputs.scheduled = Err(failure()),
        }
        let summary = Summary::of(CustomerKey::of_profile("acme"), &inputs, TODAY);
        assert_eq!(summary.failures().count(), 1);
        let state = RowState::Ready(Box::new(summary));
        let shown = cells(&state, &["open", "penalties", "held_up", "status"]);
        let blank: Vec<bool> = shown.iter().map(String::is_empty).collect();
        assert_eq!(blank, [failed == 0, failed == 1, failed == 2, false]);
        assert_eq!(shown[3], "part failed");
    }
}

#[test]
fn changes_are_counted_since_the_last_look_and_never_zero_without_one() {
    let lists = sample();
    let look = |rows: &[Record]| {
        let mut builder = LookBuilder::new(rows[0].spec());
        builder.add(rows);
        builder.take(Some(rows.len() as u64), true, false).unwrap()
    };
    let all = [&lists.debt, &lists.penalties, &lists.scheduled];
    let mut journal = Journal::default();
    let yesterday = TODAY.pred_opt().unwrap();
    for rows in all {
        journal.add(rows[0].spec().key, &look(&rows[1..]), yesterday.pred_opt().unwrap());
        journal.add(rows[0].spec().key, &look(&rows[1..]), yesterday);
    }
    let changed = |journal: &Journal, specs: usize| {
        let compared: Vec<_> =
            all[..specs].iter().map(|it| journal.compare_list(it[0].spec(), None, TODAY)).collect();
        let inputs = Inputs { compared: Ok(&compared), ..lists.inputs() };
        let summary = Summary::of(CustomerKey::of_profile("acme"), &inputs, TODAY);
        let coverage = summary.coverage.len();
        (cells(&RowState::Ready(Box::new(summary)), &["changed"]).remove(0), coverage)
    };
    assert_eq!(changed(&Journal::default(), 3), ("–".to_owned(), 3));
    for rows in all {
        journal.add(rows[0].spec().key, &look(rows), TODAY);
    }
    assert_eq!(changed(&journal, 3), ("3".to_owned(), 3));
    assert_eq!(changed(&journal, 2), ("2+".to_owned(), 2), "one list is missing");
    let inputs = Inputs { compared: Err("it is broken".to_owned()), ..lists.inputs() };
    let summary = Summary::of(CustomerKey::of_profile("acme"), &inputs, TODAY);
    assert_eq!(summary.coverage, ["Changes are unknown: it is broken"]);
}

#[test]
fn totals_keep_currencies_apart_and_name_the_customers_that_are_not_in_them() {
    let ready = || customer("acme", sample().ready());
    let text = |rows: &[CustomerRow]| text_of(&Totals::of(rows).parts(200));
    assert_eq!(
        text(&[ready(), ready()]),
        "2 customers · open debt EUR 14,080.00, GBP 400.00 (in EUR 14,560.00) · \
         over 90 days EUR 14,000.00 · 4 penalties to decide · 6 payouts blocked"
    );
    let all = [
        ready(),
        customer("b", RowState::Failed(Trouble::NoToken)),
        customer("c", sample().part().ready()),
        customer("d", RowState::Stale(Box::new(sample().summary()), Trouble::Slow)),
    ];
    let totals = Totals::of(&all);
    let line = text(&all);
    let head = "4 customers (1 not loaded, 1 partial, 1 out of date)";
    assert!(
        line.starts_with(head) && line.ends_with("6+ penalties to decide · 9+ payouts blocked"),
        "{line}"
    );
    assert!(!totals.is_complete());
    for room in 0..200 {
        let line = text_of(&totals.parts(room));
        assert!(line.starts_with(head) && line.width() <= room.max(head.len()), "{room}: {line}");
    }
}

#[test]
fn a_summary_is_small() {
    assert!(size_of::<Summary>() < 2_048, "{}", size_of::<Summary>());
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    let list = prop_oneof!["debt", "penalties", "scheduled"];
    let status = prop_oneof!["overdue", "notify", "missing_iban", "upcoming", "delayed"];
    let line =
        (list, -120i64..60, status, 0i64..100_000).prop_map(|(list, days, status, amount)| {
            let due = TODAY + chrono::Duration::days(days);
            format!("{list} {due} {status} {amount} EUR {amount}")
        });
    proptest::collection::vec(line, 1..12)
}

proptest! {
    #[test]
    fn no_cell_of_a_part_looks_like_one_of_all_rows(lines in lines(), split in 0usize..12) {
        let split = split.min(lines.len());
        let all: Vec<&str> = lines.iter().map(String::as_str).collect();
        let names = ["open_eur", "open", "over_90", "penalties", "held_up", "next_payout", "next_amount"];
        let whole = cells(&lists(&all).ready(), &names);
        let part = cells(&lists(&all[..split]).part().ready(), &names);
        for ((name, whole), part) in names.iter().zip(whole).zip(part) {
            prop_assert!(part.is_empty() || part != whole, "{name}: {part}");
        }
    }
}
