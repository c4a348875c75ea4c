//! Whether the server can be reached: five failures of the network in a row, and then single probes.
//!
//! Times are milliseconds since the start, on a clock that never runs backwards.

use crate::net::gate::Passage;

/// Failures in a row from which the server counts as out of reach (reliability, "Retry").
const FAILURES: u32 = 5;
/// Milliseconds before each probe, the last one again and again (reliability, "Retry").
const PAUSES: [u64; 5] = [5_000, 10_000, 20_000, 40_000, 60_000];

/// What is known of the way to the server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reach {
    failures: u32,
    offline: Option<Offline>,
}

#[derive(Debug, Clone, Copy)]
struct Offline {
    pause: usize,
    until: u64,
    is_probing: bool,
    /// Whether the next probe leaves before its time, because the user asks for something.
    is_hurried: bool,
}

impl Reach {
    /// A request failed by the network; `was_probe` if it left as the probe.
    pub fn failed(&mut self, was_probe: bool, now: u64) {
        self.failures = self.failures.saturating_add(1);
        let pause = match self.offline {
            None if self.failures < FAILURES => return,
            None => 0,
            // Requests that were under way when the way was lost say nothing new.
            Some(_) if !was_probe => return,
            // What the user tried in between makes nobody wait longer.
            Some(offline) if offline.is_hurried => offline.pause,
            Some(offline) => (offline.pause + 1).min(PAUSES.len() - 1),
        };
        let wait = PAUSES.get(pause).copied().unwrap_or_default();
        self.offline =
            Some(Offline { pause, until: now + wait, is_probing: false, is_hurried: false });
    }

    /// The server answered, whatever it was.
    pub fn answered(&mut self) {
        *self = Self::default();
    }

    /// The user asks for something: the next probe need not wait.
    pub fn hurry(&mut self, now: u64) {
        if let Some(offline) = &mut self.offline {
            offline.is_hurried |= offline.until > now;
            offline.until = offline.until.min(now);
        }
    }

    pub fn probe_left(&mut self) {
        self.set_probing(true);
    }

    /// Nobody wants the probe any more: another one may leave.
    pub fn probe_lost(&mut self) {
        self.set_probing(false);
    }

    /// Whether the server is out of reach.
    pub fn is_offline(&self) -> bool {
        self.offline.is_some()
    }

    pub fn passage(&self, now: u64) -> Passage {
        match self.offline {
            None => Passage::Free,
            Some(offline) if offline.is_probing => Passage::Busy,
            Some(offline) if now < offline.until => Passage::Until(offline.until),
            Some(_) => Passage::Probe,
        }
    }

    /// Milliseconds until the next probe may leave, while the server is out of reach.
    pub fn offline_for(&self, now: u64) -> Option<u64> {
        self.offline.map(|offline| offline.until.saturating_sub(now))
    }

    fn set_probing(&mut self, is_probing: bool) {
        if let Some(offline) = &mut self.offline {
            offline.is_probing = is_probing;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offline() -> Reach {
        let mut reach = Reach::default();
        for _ in 0..FAILURES {
            assert_eq!(reach.passage(100), Passage::Free);
            reach.failed(false, 100);
        }
        reach
    }

    #[test]
    fn five_failures_in_a_row_are_needed_and_an_answer_ends_the_row() {
        let mut reach = Reach::default();
        for _ in 0..3 {
            (0..4).for_each(|_| reach.failed(false, 0));
            reach.answered();
        }
        assert!(!reach.is_offline());
        assert_eq!(offline().offline_for(100), Some(5_000));
    }

    #[test]
    fn probes_leave_at_5_10_20_40_60_and_60_seconds() {
        let mut reach = offline();
        let mut now = 100;
        for pause in [5_000, 10_000, 20_000, 40_000, 60_000, 60_000] {
            assert_eq!(reach.passage(now), Passage::Until(now + pause));
            reach.failed(false, now);
            now += pause;
            assert_eq!(reach.passage(now), Passage::Probe);
            reach.probe_left();
            assert_eq!(reach.passage(now), Passage::Busy);
            reach.failed(true, now);
        }
        reach.answered();
        assert_eq!(reach.passage(now), Passage::Free);
    }

    #[test]
    fn the_user_need_not_wait_for_the_probe() {
        let mut reach = offline();
        reach.hurry(200);
        assert_eq!(reach.passage(200), Passage::Probe);
        reach.probe_left();
        reach.hurry(300);
        assert_eq!(reach.passage(300), Passage::Busy);
        reach.probe_lost();
        assert_eq!(reach.passage(300), Passage::Probe);
    }

    #[test]
    fn what_the_user_tries_in_between_makes_nobody_wait_longer() {
        let mut reach = offline();
        for now in [200, 400, 600] {
            reach.hurry(now);
            reach.hurry(now);
            assert_eq!(reach.passage(now), Passage::Probe);
            reach.probe_left();
            reach.hurry(now);
            reach.failed(true, now);
            assert_eq!(reach.offline_for(now), Some(PAUSES[0]));
        }
        reach.hurry(600 + PAUSES[0]);
        reach.probe_left();
        reach.failed(true, 600 + PAUSES[0]);
        assert_eq!(reach.offline_for(600 + PAUSES[0]), Some(PAUSES[1]), "it left in its time");
    }
}
