//! One worker, one screen after the other: what a switch of profiles keeps of the limit.

use crate::net::worker::tests::*;

/// A worker that serves sessions, and the number of requests that it has sent.
struct Office {
    sessions: mpsc::UnboundedSender<WorkerSession>,
    sent: Arc<AtomicUsize>,
    lasts: u64,
    reply: fn(usize, &Request) -> Outcome,
}

struct Sitting {
    commands: mpsc::UnboundedSender<NetCommand>,
    events: mpsc::Receiver<NetEvent>,
}

impl Office {
    fn new(lasts: u64, reply: fn(usize, &Request) -> Outcome) -> Self {
        let (sessions, arrivals) = mpsc::unbounded_channel();
        tokio::spawn(worker().serve(arrivals));
        Self { sessions, sent: Arc::default(), lasts, reply }
    }

    fn sit(&self) -> Sitting {
        let (count, lasts, reply) = (Arc::clone(&self.sent), self.lasts, self.reply);
        let (session, commands, events) = session(Box::new(move |request: Request| {
            let before = count.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(lasts)).await;
                reply(before, &request).into()
            })
        }));
        self.sessions.send(session).unwrap();
        Sitting { commands, events }
    }

    async fn sent_after(&self, seconds: u64) -> usize {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        self.sent.load(Ordering::SeqCst)
    }
}

impl Sitting {
    fn ask(&self, pages: std::ops::Range<u32>) {
        for page in pages {
            let send = NetCommand::Send(Ticket(page.into()), Priority::Visible, request(page));
            self.commands.send(send).unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_stays_for_the_next_session() {
    let answer = |before, request: &Request| {
        if before == 0 { Err(limited(request, 40)) } else { Ok(page(page_of(request))) }
    };
    let office = Office::new(10, answer);
    let first = office.sit();
    first.ask(1..2);
    assert_eq!(office.sent_after(1).await, 1);
    drop(first);
    let second = office.sit();
    second.ask(1..9);
    assert_eq!(office.sent_after(38).await, 1, "nothing leaves before the reset");
    assert_eq!(office.sent_after(10).await, 9);
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_is_told_after_the_switch_counts_and_its_answer_is_given_to_nobody() {
    let answer = |before, request: &Request| {
        if before < 4 { Err(limited(request, 40)) } else { Ok(page(page_of(request))) }
    };
    let office = Office::new(500, answer);
    let first = office.sit();
    first.ask(1..9);
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(first);
    let mut second = office.sit();
    second.ask(101..102);
    assert_eq!(office.sent_after(30).await, 4, "the requests under way reported the limit");
    assert_eq!(office.sent_after(15).await, 5, "what waited for the one before is not sent");
    while let Ok(event) = second.events.try_recv() {
        assert!(!matches!(event, NetEvent::Response(Ticket(1..=9), _)), "{event:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_budget_is_one_however_often_profiles_are_switched() {
    let office = Office::new(5, |_, request| Ok(page(page_of(request))));
    for _ in 0..17 {
        let sitting = office.sit();
        sitting.ask(1..31);
        office.sent_after(1).await;
    }
    let sent = office.sent.load(Ordering::SeqCst);
    assert!((20..=20 + 17 * 80 / 60 + 1).contains(&sent), "{sent}");
}
