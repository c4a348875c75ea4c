//! The order of the queue, hidden penalties, and which of them are listed again.

use super::*;
use crate::list::Spec;
use crate::triage::overview::Overview;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn penalty(id: &str, status: &str, due: &str, amount: i64, currency: &str) -> Record {
    let json = format!(
        r#"{{"id":"{id}","booking_id":"BK{}","status":"{status}","due_date":{due},
            "amount":{amount},"currency":"{currency}"}}"#,
        id.len()
    );
    Record::read(Spec::named("penalties").unwrap(), &json)
}

fn records() -> Vec<Record> {
    vec![
        penalty("new", "pending", "null", 900, "EUR"),
        penalty("old", "notify", "\"2026-08-01\"", 100, "EUR"),
        penalty("small", "notify", "\"2026-11-01\"", 100, "EUR"),
        penalty("large", "notify", "\"2026-11-01\"", 500, "EUR"),
        penalty("zloty", "notify", "\"2026-11-01\"", 900, "PLN"),
        penalty("paid", "paid", "\"2026-01-01\"", 100, "EUR"),
    ]
}

fn decide(memory: &mut Memory, record: &Record, verdict: Option<Decision>, until: Option<&str>) {
    let snoozed_until = until.map(day);
    let entry = Entry { decision: verdict, snoozed_until, ..Entry::new(record) };
    memory.entries.insert(id_of(record).unwrap().to_owned(), entry);
}

fn queue(
    records: &[Record],
    memory: &Memory,
    adapt: impl Fn(&mut QueueOptions),
) -> (Queue, String) {
    let today = day("2026-11-20");
    let mut options =
        QueueOptions { day: today, today, cell: None, grouping: Grouping::None, shows_all: false };
    adapt(&mut options);
    let queue = Queue::of(records, memory, &options);
    let ids: Vec<&str> = queue.places.iter().filter_map(|place| id_of(&records[*place])).collect();
    let ids = ids.join(" ");
    (queue, ids)
}

#[test]
fn undecided_ones_come_first_then_days_overdue_then_amounts_of_one_currency() {
    let records = records();
    let mut memory = Memory::default();
    let (_, ids) = queue(&records, &memory, |_| {});
    assert_eq!(ids, "old large small zloty new");
    decide(&mut memory, &records[1], Some(Decision::Dispute), None);
    decide(&mut memory, &records[3], Some(Decision::Done), None);
    decide(&mut memory, &records[4], None, Some("2026-11-21"));
    let (found, ids) = queue(&records, &memory, |_| {});
    assert_eq!(ids, "small new old");
    assert_eq!(found.hidden.to_string(), "1 snoozed, 1 done, 1 closed");
    assert_eq!((found.progress.decided, found.progress.open), (2, 5));
    assert_eq!(found.progress.decided_sums.to_string(), "EUR 6.00 · PLN 0.00");
    assert_eq!(found.progress.sums.to_string(), "EUR 16.00 · PLN 9.00");
    let (_, ids) = queue(&records, &memory, |options| options.shows_all = true);
    assert_eq!(ids, "small new old zloty large paid");
}

#[test]
fn a_day_of_cancellation_takes_no_open_penalty_out_of_the_queue() {
    for cancelled in [r#""2026-02-09""#, r#""2026-02-09T10:00:00Z""#, "true"] {
        let json = format!(
            r#"{{"id":"p","status":"notify","amount":500,"currency":"EUR","cancelled_on":{cancelled}}}"#
        );
        let records = [Record::read(Spec::named("penalties").unwrap(), &json)];
        let (found, ids) = queue(&records, &Memory::default(), |_| {});
        assert_eq!((ids.as_str(), found.progress.open), ("p", 1), "{cancelled}");
        assert_eq!(found.progress.sums.to_string(), "EUR 5.00", "{cancelled}");
        let overview = Overview::of(&records, day("2026-11-20"));
        let count = overview.tallies[0].iter().map(|it| it.count).sum::<usize>();
        assert_eq!(count, 2, "by status and by age: {cancelled}");
    }
}

#[test]
fn what_no_sum_can_take_is_counted_and_last_of_its_day() {
    let row = |id: &str, amount: &str, currency: &str| {
        let json = format!(
            r#"{{"id":"{id}","status":"notify","due_date":"2026-11-01T10:00:00Z","amount":{amount},
                "currency":"{currency}"}}"#
        );
        Record::read(Spec::named("penalties").unwrap(), &json)
    };
    let records = [
        row("euro", "100", "Euro"),
        row("dollar", "200", "US Dollar"),
        row("part", "866.604", "EUR"),
        row("zloty", "1", "PLN"),
        row("eur", "1", "EUR"),
    ];
    let (found, ids) = queue(&records, &Memory::default(), |_| {});
    assert_eq!(ids, "eur zloty euro dollar part");
    assert_eq!(found.progress.sums.to_string(), "EUR 0.01 · PLN 0.01");
    assert_eq!(
        found.progress.not_summed.to_string(),
        "1 row with an amount that is not a whole number of cents, 2 rows in an unknown currency"
    );
}

#[test]
fn a_snooze_ends_on_its_day_and_no_sooner() {
    let records = records();
    let mut memory = Memory::default();
    decide(&mut memory, &records[0], None, Some("2026-11-21"));
    let on = |today: &str| triage_state(&records[0], entry(&records[0], &memory), day(today));
    assert_eq!(on("2026-11-20"), TriageState::Snoozed(day("2026-11-21")));
    assert_eq!(on("2026-11-21"), TriageState::Undecided);
}

#[test]
fn what_changed_since_comes_back_even_when_it_was_done_or_put_off() {
    let records = records();
    let mut memory = Memory::default();
    decide(&mut memory, &records[1], Some(Decision::Done), None);
    decide(&mut memory, &records[2], None, Some("2027-01-01"));
    decide(&mut memory, &records[3], Some(Decision::Dispute), None);
    let mut later = records.clone();
    later[1] = penalty("old", "paid", "\"2026-08-01\"", 100, "EUR");
    later[2] = penalty("small", "notify", "\"2026-11-01\"", 150, "EUR");
    let (found, ids) = queue(&later, &memory, |_| {});
    assert_eq!(ids, "small old zloty new large");
    assert_eq!(found.hidden.to_string(), "1 closed");
    let told = memory.entries["old"].seen.differences(&Fingerprint::of(&later[1]), later[1].spec());
    assert_eq!(told[0].to_string(), "Status notify → paid");
}

#[test]
fn closed_penalties_are_hidden_counted_and_no_part_of_the_progress() {
    let mut records = records();
    records.push(penalty("waived", " WAIVED", "null", 7, "EUR"));
    records.push(penalty("settled", "settled", "null", 8, "EUR"));
    records.push(penalty("unknown", "brand_new", "null", 9, "EUR"));
    let memory = Memory::default();
    let (found, ids) = queue(&records, &memory, |_| {});
    assert_eq!(ids, "old large small zloty new unknown", "an unknown status is open");
    assert_eq!(found.hidden.to_string(), "3 closed");
    assert!(found.hidden.is_only_closed());
    assert_eq!((found.progress.decided, found.progress.open), (0, 6));
    assert_eq!(found.progress.sums.to_string(), "EUR 16.09 · PLN 9.00");
    let (found, ids) = queue(&records, &memory, |options| options.shows_all = true);
    assert_eq!(ids, "old large small zloty new unknown paid settled waived");
    assert_eq!((found.hidden.count(), found.progress.open), (0, 6));
    let state = triage_state(&records[5], None, day("2026-11-20"));
    assert!(state == TriageState::Closed && !state.wants_attention());
}

#[test]
fn a_decided_penalty_that_closes_is_back_once_and_then_among_the_closed_ones() {
    let records = records();
    for (verdict, until) in
        [(Some(Decision::Dispute), None), (Some(Decision::Done), None), (None, Some("2027-01-01"))]
    {
        let mut memory = Memory::default();
        decide(&mut memory, &records[1], verdict, until);
        let mut later = records.clone();
        later[1] = penalty("old", "paid", "\"2026-08-01\"", 100, "EUR");
        let (found, ids) = queue(&later, &memory, |_| {});
        assert_eq!(ids, "old large small zloty new", "{verdict:?}");
        assert_eq!((found.progress.decided, found.progress.open), (0, 4), "{verdict:?}");
        assert_eq!(found.hidden.to_string(), "1 closed");
        decide(&mut memory, &later[1], Some(Decision::Dispute), None);
        let (found, ids) = queue(&later, &memory, |_| {});
        assert_eq!((ids.as_str(), found.progress.decided), ("large small zloty new", 0));
        assert_eq!(found.hidden.to_string(), "2 closed", "{verdict:?}");
    }
    // An undecided penalty is not listed again when it is closed.
    let later = [penalty("old", "paid", "\"2026-08-01\"", 100, "EUR")];
    assert_eq!(queue(&later, &Memory::default(), |_| {}).1, "");
}

#[test]
fn a_cell_of_a_closed_status_shows_what_it_counts() {
    let mut records = records();
    records.push(penalty("gone", "paid", "null", 7, "EUR"));
    let mut memory = Memory::default();
    decide(&mut memory, &records[1], Some(Decision::Done), None);
    let cell = |column| Some(Cell { column, currency: None });
    let of = |column| queue(&records, &memory, |options| options.cell = cell(column));
    let (found, ids) = of(Column::Status("paid"));
    assert_eq!((ids.as_str(), found.hidden.count()), ("paid gone", 0));
    let (found, ids) = of(Column::Status("notify"));
    assert_eq!((ids.as_str(), found.hidden.to_string().as_str()), ("large small zloty", "1 done"));
}

#[test]
fn a_note_alone_is_no_decision() {
    let records = records();
    let note = Entry { note: "call".to_owned(), ..Entry::new(&records[1]) };
    let memory = Memory { entries: [("old".to_owned(), note)].into(), ..Memory::default() };
    let (found, _) = queue(&records, &memory, |_| {});
    assert_eq!(found.progress.decided, 0);
}

#[test]
fn groups_stand_together_where_their_first_row_stood() {
    let records = records();
    let memory = Memory::default();
    let (_, ids) = queue(&records, &memory, |options| options.grouping = Grouping::Booking);
    assert_eq!(ids, "old new large small zloty");
    let (_, ids) = queue(&records, &memory, |options| options.grouping = Grouping::Status);
    assert_eq!(ids, "old large small zloty new");
    assert_eq!(Grouping::Status.key(&records[0]).as_deref(), Some("pending"));
}

#[test]
fn an_id_that_is_a_json_number_names_a_penalty() {
    let of = |id: &str| {
        let record = Record::read(Spec::named("penalties").unwrap(), &format!(r#"{{"id":{id}}}"#));
        id_of(&record).map(str::to_owned)
    };
    assert_eq!((of("7").as_deref(), of(r#""7""#).as_deref()), (Some("7"), Some("7")));
    assert_eq!((of("null"), of("[7]"), of(r#"" ""#)), (None, None, None));
}
