//! Sends each request to the worker of its server. Each worker has its own queue, budget and breaker.

use std::collections::VecDeque;

use tokio::sync::mpsc::{Receiver, Sender, UnboundedSender, channel, unbounded_channel};

use crate::domain::failure::{Advice, Failure, Kind};
use crate::list::Host;
use crate::net::budget::Pace;
use crate::net::client::{Client, PaymentsClients};
use crate::net::log::Log;
use crate::net::request::NetCommand;
use crate::net::response::NetEvent;
use crate::net::schedule::Scheduler;
use crate::net::worker::{Exchanger, Worker, WorkerSession, exchanger};

const QUEUED: usize = 64;

#[derive(Debug, thiserror::Error)]
#[error("the network task has ended")]
pub struct ReceiverClosed;

/// The workers of the shown customer; dropping it frees them for the next customer.
#[derive(Debug)]
pub struct Router {
    workers: Vec<(Host, UnboundedSender<NetCommand>)>,
    events: Receiver<NetEvent>,
    unsent: VecDeque<NetEvent>,
}

impl Router {
    pub fn start(
        log: &Log,
        pace: Pace,
        customer: Option<Client>,
        payments: PaymentsClients,
    ) -> Self {
        let (mut router, events) = Self::without_workers();
        for client in customer.into_iter().chain(payments.payments).chain(payments.finance) {
            let scheduler = Scheduler::new(pace.of(client.host), fastrand::u64(..));
            let worker = Worker::new(client.host, scheduler, log.clone());
            router.add(worker, exchanger(client), &events);
        }
        router
    }

    pub fn without_workers() -> (Self, Sender<NetEvent>) {
        let (sender, events) = channel(QUEUED);
        (Self { workers: Vec::new(), events, unsent: VecDeque::new() }, sender)
    }

    pub fn add(&mut self, worker: Worker, exchange: Exchanger, events: &Sender<NetEvent>) {
        let (sessions, arrivals) = unbounded_channel();
        let session = self.session(worker.host, events, worker.log());
        // The worker starts after this and ends with this session.
        let _ = sessions.send(session(exchange));
        tokio::spawn(worker.serve(arrivals));
    }

    /// Makes a session with the worker of a server once its client is ready; commands queue until
    /// then.
    pub fn session(
        &mut self,
        host: Host,
        events: &Sender<NetEvent>,
        log: Log,
    ) -> impl FnOnce(Exchanger) -> WorkerSession + Send + use<> {
        let (sender, commands) = unbounded_channel();
        self.workers.push((host, sender));
        let events = events.clone();
        move |exchange| WorkerSession { exchange, commands, events, log }
    }

    /// Fails only if a worker has ended.
    pub fn send(&mut self, command: NetCommand) -> Result<(), ReceiverClosed> {
        let sent = match &command {
            NetCommand::Send(ticket, _, request) => {
                let host = request.host();
                let Some((_, worker)) = self.workers.iter().find(|(own, _)| *own == host) else {
                    let variable = host.token_variable();
                    let advice =
                        Advice::TokenIn(format!("{variable} or the profile's settings").into());
                    let (what, why) = ("Nothing was sent", "there is no token for this server");
                    let failure = Failure::new(Kind::Access, what, why, advice);
                    self.unsent.push_back(NetEvent::Response(*ticket, Err(failure)));
                    return Ok(());
                };
                worker.send(command)
            }
            // Only one worker knows a ticket; the others ignore it.
            NetCommand::Promote(_) | NetCommand::Cancel(_) | NetCommand::RetryCredential => {
                self.workers.iter().try_for_each(|(_, worker)| worker.send(command.clone()))
            }
        };
        sent.map_err(|_closed| ReceiverClosed)
    }

    pub async fn next(&mut self) -> Option<NetEvent> {
        match self.unsent.pop_front() {
            Some(event) => Some(event),
            None => self.events.recv().await,
        }
    }

    pub fn try_next(&mut self) -> Option<NetEvent> {
        self.unsent.pop_front().or_else(|| self.events.try_recv().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::request::{Priority, Request, Ticket};

    #[tokio::test]
    async fn a_ticket_is_promoted_and_cancelled_wherever_it_may_be() {
        let (mut router, _events) = Router::without_workers();
        let mut received = [Host::Customer, Host::Payments].map(|host| {
            let (sender, commands) = unbounded_channel();
            router.workers.push((host, sender));
            commands
        });
        let all = [
            NetCommand::Promote(Ticket(7)),
            NetCommand::Cancel(Ticket(7)),
            NetCommand::RetryCredential,
        ];
        for command in &all {
            router.send(command.clone()).unwrap();
        }
        for commands in &mut received {
            for command in &all {
                assert_eq!(commands.recv().await.as_ref(), Some(command));
            }
        }
    }

    #[tokio::test]
    async fn what_no_server_is_configured_for_fails_at_once() {
        let none = PaymentsClients::default();
        let mut router = Router::start(&Log::default(), Pace::Metered, None, none);
        router.send(NetCommand::Send(Ticket(1), Priority::Visible, Request::Limits)).unwrap();
        let Some(NetEvent::Response(Ticket(1), Err(failure))) = router.next().await else {
            panic!("nothing was reported")
        };
        assert_eq!(failure.kind, Kind::Access);
    }
}
