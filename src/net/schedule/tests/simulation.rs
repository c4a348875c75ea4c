//! Random simulations of a scheduler: its rules hold, whatever the server does.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::net::response::{Limits, Window};
use crate::net::schedule::tests::*;

/// An action of the user, after a pause in milliseconds.
#[derive(Debug, Clone)]
enum Act {
    Submit(Priority, u32),
    /// Cancels one of the earlier tickets.
    Cancel(usize),
}

fn acts() -> impl Strategy<Value = Vec<(u64, Act)>> {
    let priority = prop_oneof![Just(VISIBLE), Just(NEXT), Just(BACKGROUND)];
    let act = prop_oneof![
        8 => (priority, 1_u32..40).prop_map(|(priority, page)| Act::Submit(priority, page)),
        1 => any::<usize>().prop_map(Act::Cancel),
    ];
    prop::collection::vec((prop_oneof![4 => Just(0_u64), 1 => 0_u64..4_000], act), 1..250)
}

/// How requests end, and after how many milliseconds; repeats.
fn endings() -> impl Strategy<Value = Vec<(u64, u8)>> {
    let calm = prop::collection::vec((0_u64..900, Just(0_u8)), 1..4);
    let wild = prop::collection::vec((0_u64..32_000, 0_u8..16), 1..40);
    prop_oneof![1 => calm, 3 => wild]
}

fn ending(code: u8) -> Result<Response, ApiError> {
    match code {
        5 => status(500),
        6 => status(503),
        7 => limited(RateWindow::Minute, 20),
        8 => limited(RateWindow::Hour, 600),
        9 | 10 => reset(),
        11 => status(422),
        12 => limited(RateWindow::Day, 30),
        13 => Ok(limit_response("minute", 60, 3, 20)),
        14 => Ok(limit_response("hour", 500, 2, 700)),
        15 => Ok(limit_response("day", 5_000, 0, 40)),
        _ => answer(),
    }
}

/// The answer of `tokens/limits`, for any request: the scheduler only examines the answer.
fn limit_response(name: &str, limit: u32, remaining: u32, resets_in_seconds: u64) -> Response {
    let name = Untrusted::new(name);
    let window = Window { name, limit, remaining, resets_in_seconds };
    Response::Limits(Limits { plan: None, windows: vec![window] })
}

/// A request in flight: when and how it will end.
struct InFlight {
    ends: u64,
    id: RequestId,
    code: u8,
    is_cancelled: bool,
}

#[derive(Default)]
struct Day {
    now: u64,
    flights: Vec<InFlight>,
    starts: Vec<u64>,
    answered: BTreeMap<u64, u32>,
    cancelled: Vec<u64>,
    tickets: u64,
}

impl Day {
    /// Runs the scheduler until it waits. Returns the time that it waits for.
    fn settle(&mut self, scheduler: &mut Scheduler, endings: &[(u64, u8)]) -> Option<u64> {
        loop {
            match scheduler.next(self.now) {
                Next::Response(Ticket(ticket), _) => {
                    assert!(!self.cancelled.contains(&ticket), "answered though cancelled");
                    *self.answered.entry(ticket).or_default() += 1;
                }
                Next::Start { id, within, .. } => {
                    let (lasts, code) = endings[self.starts.len() % endings.len()];
                    let (lasts, code) = if lasts > within { (within, 9) } else { (lasts, code) };
                    self.starts.push(self.now);
                    let ends = self.now + lasts;
                    self.flights.push(InFlight { ends, id, code, is_cancelled: false });
                    let running = self.flights.iter().filter(|flight| !flight.is_cancelled);
                    assert!(running.count() <= MOST_IN_FLIGHT);
                }
                Next::WaitUntil(at) => {
                    assert!(at > self.now, "a wait that is over");
                    return Some(at);
                }
                Next::Idle => return None,
            }
        }
    }

    /// Continues until `end`, or until nothing more happens.
    fn live(&mut self, scheduler: &mut Scheduler, endings: &[(u64, u8)], end: u64) {
        loop {
            let wake = self.settle(scheduler, endings);
            let landing = self.flights.iter().map(|flight| flight.ends).min();
            let Some(at) = wake.into_iter().chain(landing).min().filter(|at| *at <= end) else {
                break;
            };
            self.now = self.now.max(at);
            while let Some(due) = self.flights.iter().position(|flight| flight.ends <= self.now) {
                let flight = self.flights.swap_remove(due);
                let finished = scheduler.finished(flight.id, ending(flight.code), self.now);
                assert_eq!(finished == Finished::Cancelled, flight.is_cancelled);
            }
        }
        if end < u64::MAX {
            self.now = end;
        }
    }

    fn act(&mut self, scheduler: &mut Scheduler, act: &Act) {
        match act {
            Act::Submit(priority, page) => {
                self.tickets += 1;
                scheduler.submit(Ticket(self.tickets), *priority, request(*page), self.now);
            }
            Act::Cancel(which) if self.tickets > 0 => {
                let ticket = *which as u64 % self.tickets + 1;
                if !self.answered.contains_key(&ticket) {
                    self.cancelled.push(ticket);
                    let cancelled = scheduler.cancel(Ticket(ticket));
                    // Some are aborted in time, others end as usual.
                    let is_late = *which % 2 == 0;
                    for flight in self.flights.iter_mut().filter(|f| Some(f.id) == cancelled) {
                        flight.is_cancelled = true;
                    }
                    self.flights.retain(|flight| is_late || !flight.is_cancelled);
                }
            }
            Act::Cancel(_) => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_ticket_is_answered_once_and_no_limit_is_ever_broken(
        acts in acts(),
        endings in endings(),
        seed in any::<u64>(),
    ) {
        let mut scheduler = Scheduler::new(Pace::Metered, seed);
        let mut day = Day::default();
        for (pause, act) in &acts {
            let until = day.now + pause;
            day.live(&mut scheduler, &endings, until);
            day.act(&mut scheduler, act);
        }
        day.live(&mut scheduler, &endings, u64::MAX);
        for ticket in 1..=day.tickets {
            let times = day.answered.get(&ticket).copied().unwrap_or(0);
            let expected = u32::from(!day.cancelled.contains(&ticket));
            prop_assert_eq!(times, expected, "ticket {}", ticket);
        }
        for many in day.starts.windows(101) {
            prop_assert!(many[100] - many[0] >= 60_000);
        }
        prop_assert!(day.flights.is_empty());
    }
}
