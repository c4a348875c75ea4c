//! One worker for each server: each has its own queue, budget and gate, so that a token that one of
//! them refuses stops nothing at the others. Requests go to theirs by their host.

use tokio::sync::mpsc::{self, Sender, UnboundedReceiver, UnboundedSender};

use super::worker::{self, World};
use crate::api::budget::Pace;
use crate::api::client::Client;
use crate::api::side::{SideClient, SideClients};
use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::domain::failure::{Failure, Kind};
use crate::payments::ask::Host;

/// Messages that may queue between a worker beside the customer's and the screen.
const QUEUED: usize = 64;

/// Carries out effects at every server that there is a client for, as [`worker::run_at`] does at one.
pub async fn run_at(
    world: World,
    pace: Pace,
    client: Client,
    side: SideClients,
    effects: UnboundedReceiver<Effect>,
    messages: Sender<Msg>,
) {
    if side.payments.is_none() && side.finance.is_none() {
        return worker::run_in(world, pace, client, effects, messages).await;
    }
    let (customer, wanted) = mpsc::unbounded_channel();
    let (payments, wanted_payments) = mpsc::unbounded_channel();
    let (finance, wanted_finance) = mpsc::unbounded_channel();
    let routes = Routes {
        customer: Some(customer),
        payments: side.payments.is_some().then_some(payments),
        finance: side.finance.is_some().then_some(finance),
        messages: messages.clone(),
    };
    tokio::join!(
        routes.run(effects),
        worker::run_in(world.clone(), pace, client, wanted, messages.clone()),
        beside(&world, pace, side.payments, wanted_payments, messages.clone()),
        beside(&world, pace, side.finance, wanted_finance, messages),
    );
}

/// As [`run_at`], without the customer's server: what would go there is answered with a failure.
pub async fn run_side_at(
    world: World,
    pace: Pace,
    side: SideClients,
    effects: UnboundedReceiver<Effect>,
    messages: Sender<Msg>,
) {
    let (payments, wanted_payments) = mpsc::unbounded_channel();
    let (finance, wanted_finance) = mpsc::unbounded_channel();
    let routes = Routes {
        customer: None,
        payments: side.payments.is_some().then_some(payments),
        finance: side.finance.is_some().then_some(finance),
        messages: messages.clone(),
    };
    tokio::join!(
        routes.run(effects),
        beside(&world, pace, side.payments, wanted_payments, messages.clone()),
        beside(&world, pace, side.finance, wanted_finance, messages),
    );
}

/// The worker of a server beside the customer's. The state of its network is not the header's.
async fn beside(
    world: &World,
    pace: Pace,
    client: Option<SideClient>,
    effects: UnboundedReceiver<Effect>,
    messages: Sender<Msg>,
) {
    let Some(client) = client else { return };
    let (told, mut heard) = mpsc::channel(QUEUED);
    let pass_on = async {
        while let Some(message) = heard.recv().await {
            if !matches!(message, Msg::Network(_)) && messages.send(message).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(worker::run_side(world.clone(), pace, client, effects, told), pass_on);
}

/// Where effects go.
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
    Failure {
        kind: Kind::Access,
        what: "Nothing was asked".to_owned(),
        why: "there is no token for this server".to_owned(),
        todo: "give it in VALORA_PAYMENTS_TOKEN or VALORA_FINANCE_TOKEN".to_owned(),
        fields: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::effect::Ticket;

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
