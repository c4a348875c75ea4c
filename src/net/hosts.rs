//! One worker for each server: each has its own queue, budget and gate, so that a token that one of
//! them refuses stops nothing at the others. Requests go to theirs by their host.

use tokio::sync::mpsc::{self, Sender, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use crate::domain::failure::{Advice, Failure, Kind};
use crate::list::Host;
use crate::net::budget::Pace;
use crate::net::client::Client;
use crate::net::courier::{Bond, Courier};
use crate::net::side::{SideClient, SideClients};
use crate::net::worker;
use crate::net::worker::{Desk, World};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;

/// Messages that may queue between a worker beside the customer's and the screen.
const QUEUED: usize = 64;

/// The way to a worker that serves one desk after the other.
pub type Line = UnboundedSender<Desk>;

/// The ways to the workers of all servers of a customer.
#[derive(Debug, Default)]
pub struct Lines {
    pub customer: Option<Line>,
    pub payments: Option<Line>,
    pub finance: Option<Line>,
}

impl Lines {
    /// Carries out effects at every server that there is a way to, until nobody asks any more. What
    /// would go to another one is answered with a failure.
    pub async fn run(self, effects: UnboundedReceiver<Effect>, messages: Sender<Msg>) {
        let (customer, wanted) = mpsc::unbounded_channel();
        let (payments, wanted_payments) = mpsc::unbounded_channel();
        let (finance, wanted_finance) = mpsc::unbounded_channel();
        let routes = Routes {
            customer: self.customer.is_some().then_some(customer),
            payments: self.payments.is_some().then_some(payments),
            finance: self.finance.is_some().then_some(finance),
            messages: messages.clone(),
        };
        tokio::join!(
            routes.run(effects),
            served(self.customer, wanted, messages.clone()),
            beside(self.payments, wanted_payments, messages.clone()),
            beside(self.finance, wanted_finance, messages),
        );
    }
}

/// Carries out effects at every server that there is a client for, as [`worker::run_in`] does at one.
pub async fn run_at(
    world: World,
    pace: Pace,
    client: Client,
    side: SideClients,
    effects: UnboundedReceiver<Effect>,
    messages: Sender<Msg>,
) {
    let (customer, desks) = mpsc::unbounded_channel();
    let working = worker::serve(world.clone(), pace, Bond::to(Courier::Customer(client)), desks);
    tokio::join!(working, run_beside(Some(customer), world, pace, side, effects, messages));
}

/// As [`run_at`], without the customer's server: what would go there is answered with a failure.
pub async fn run_side_at(
    world: World,
    pace: Pace,
    side: SideClients,
    effects: UnboundedReceiver<Effect>,
    messages: Sender<Msg>,
) {
    run_beside(None, world, pace, side, effects, messages).await;
}

async fn run_beside(
    customer: Option<Line>,
    world: World,
    pace: Pace,
    side: SideClients,
    effects: UnboundedReceiver<Effect>,
    messages: Sender<Msg>,
) {
    let (payments, working) = side_line(&world, pace, side.payments);
    let (finance, also_working) = side_line(&world, pace, side.finance);
    let lines = Lines { customer, payments, finance };
    tokio::join!(lines.run(effects, messages), working, also_working);
}

/// The channel to a worker of a Payments server, and its work.
fn side_line(
    world: &World,
    pace: Pace,
    client: Option<SideClient>,
) -> (Option<Line>, impl Future<Output = ()> + use<>) {
    let (line, desks) = mpsc::unbounded_channel();
    let line = client.is_some().then_some(line);
    let world = world.clone();
    let working = async move {
        if let Some(client) = client {
            worker::serve(world, pace, Bond::to(Courier::Side(Box::new(client))), desks).await;
        }
    };
    (line, working)
}

/// Has a desk served until the end.
async fn served(line: Option<Line>, effects: UnboundedReceiver<Effect>, messages: Sender<Msg>) {
    let Some(line) = line else { return };
    let (done, ended) = oneshot::channel();
    if line.send(Desk { effects, messages, done }).is_ok() {
        // It is never sent, only dropped.
        let _ended = ended.await;
    }
}

/// The same at a Payments server. The header does not show the state of its network.
async fn beside(line: Option<Line>, effects: UnboundedReceiver<Effect>, messages: Sender<Msg>) {
    if line.is_none() {
        return;
    }
    let (told, mut heard) = mpsc::channel(QUEUED);
    let pass_on = async {
        while let Some(message) = heard.recv().await {
            if !matches!(message, Msg::Network(_)) && messages.send(message).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(served(line, effects, told), pass_on);
}

struct Routes {
    customer: Option<UnboundedSender<Effect>>,
    payments: Option<UnboundedSender<Effect>>,
    finance: Option<UnboundedSender<Effect>>,
    messages: Sender<Msg>,
}

impl Routes {
    async fn run(self, mut effects: UnboundedReceiver<Effect>) {
        while let Some(effect) = effects.recv().await {
            let is_sent = match effect {
                Effect::Fetch(ticket, priority, request) => {
                    let route = match request.host() {
                        Host::Customer => self.customer.as_ref(),
                        Host::Payments => self.payments.as_ref(),
                        Host::Finance => self.finance.as_ref(),
                    };
                    match route {
                        Some(route) => route.send(Effect::Fetch(ticket, priority, request)).is_ok(),
                        None => {
                            let answer = Msg::Answered(ticket, Err(not_configured()));
                            self.messages.send(answer).await.is_ok()
                        }
                    }
                }
                // A ticket is known to one of them only; the others do not mind.
                Effect::Cancel(ticket) => {
                    self.all().all(|it| it.send(Effect::Cancel(ticket)).is_ok())
                }
                Effect::Hurry(ticket) => {
                    self.all().all(|it| it.send(Effect::Hurry(ticket)).is_ok())
                }
                Effect::TryAgain => self.all().all(|it| it.send(Effect::TryAgain).is_ok()),
                other => self.customer.as_ref().is_none_or(|it| it.send(other).is_ok()),
            };
            if !is_sent {
                return;
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = &UnboundedSender<Effect>> {
        self.customer.iter().chain(&self.payments).chain(&self.finance)
    }
}

fn not_configured() -> Failure {
    Failure::new(
        Kind::Access,
        "Nothing was asked",
        "there is no token for this server",
        Advice::TokenIn("VALORA_PAYMENTS_TOKEN or VALORA_FINANCE_TOKEN"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::effect::Ticket;

    #[tokio::test]
    async fn a_ticket_is_hurried_and_cancelled_wherever_it_may_be() {
        let (effects, wanted) = mpsc::unbounded_channel();
        let (customer, mut at_customer) = mpsc::unbounded_channel();
        let (payments, mut at_payments) = mpsc::unbounded_channel();
        let (messages, _received) = mpsc::channel(1);
        let (customer, payments) = (Some(customer), Some(payments));
        let routes = Routes { customer, payments, finance: None, messages };
        let sent = || [Effect::Hurry(Ticket(7)), Effect::Cancel(Ticket(7)), Effect::TryAgain];
        for effect in sent() {
            effects.send(effect).unwrap();
        }
        drop(effects);
        routes.run(wanted).await;
        for effect in sent() {
            assert_eq!(at_customer.recv().await.as_ref(), Some(&effect));
            assert_eq!(at_payments.recv().await.as_ref(), Some(&effect));
        }
    }
}
