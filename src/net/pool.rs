//! The workers of every customer that was shown: the server counts the requests of a customer whichever
//! profile is on the screen and whatever its token is by now, so the budget and the gate of a limit
//! outlast a switch. A worker that has nothing to remember any more ends.

use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::sync::watch;
use url::Url;

use crate::domain::customer::CustomerKey;
use crate::list::Host;
use crate::net::budget::Pace;
use crate::net::client::Client;
use crate::net::courier::{Bond, Courier, Owner};
use crate::net::hosts::{Line, Lines};
use crate::net::side::{SideClient, SideClients};
use crate::net::target::Target;
use crate::net::worker;
use crate::net::worker::{Desk, World};

/// Knows the worker of each customer at each server.
#[derive(Debug)]
pub struct Pool {
    world: World,
    pace: Pace,
    known: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    /// Several where their profiles hold one token.
    customers: Vec<CustomerKey>,
    host: Host,
    base: Url,
    owner: Owner,
    line: Line,
}

/// A worker without a client, or with that of an earlier token.
#[derive(Debug)]
pub struct Vacancy {
    couriers: watch::Sender<Option<Courier>>,
    begins: Option<(World, Pace, Bond, UnboundedReceiver<Desk>)>,
}

impl Vacancy {
    /// Gives the worker its client, and starts it where it is new; to be called on a runtime.
    pub fn fill(self, client: Client) {
        self.fill_with(Courier::Customer(client));
    }

    fn fill_with(self, courier: Courier) {
        self.couriers.send_replace(Some(courier));
        if let Some((world, pace, bond, desks)) = self.begins {
            tokio::spawn(worker::serve(world, pace, bond, desks));
        }
    }
}

impl Pool {
    /// A pool without workers.
    pub fn new(world: World, pace: Pace) -> Self {
        Self { world, pace, known: Vec::new() }
    }

    /// The ways to the workers of a customer; to be called on a runtime, when the customer before is
    /// not served any more. What the customer's own worker lacks is to be filled before it is used.
    pub fn lines(
        &mut self,
        customer: &CustomerKey,
        target: &Target,
        side: SideClients,
    ) -> (Lines, Option<Vacancy>) {
        self.known.retain(|known| {
            // One whose client was never set up is gone.
            let is_there = !known.line.is_closed();
            is_there && (known.customers.contains(customer) || !known.owner.is_idle())
        });
        let (line, vacancy) = self.line(customer, Host::Customer, target);
        let payments = side.payments.map(|client| self.beside(customer, Host::Payments, client));
        let finance = side.finance.map(|client| self.beside(customer, Host::Finance, client));
        (Lines { customer: Some(line), payments, finance }, vacancy)
    }

    fn beside(&mut self, customer: &CustomerKey, host: Host, client: SideClient) -> Line {
        let (line, vacancy) = self.line(customer, host, client.target());
        if let Some(vacancy) = vacancy {
            vacancy.fill_with(Courier::Side(Box::new(client)));
        }
        line
    }

    fn line(
        &mut self,
        customer: &CustomerKey,
        host: Host,
        target: &Target,
    ) -> (Line, Option<Vacancy>) {
        let is_there = |known: &Known| known.host == host && known.base == *target.base();
        let of_customer = |known: &Known| is_there(known) && known.customers.contains(customer);
        // Profiles that shared a token and do not any more are two customers.
        for known in self.known.iter_mut().filter(|known| is_there(known)) {
            if known.customers.len() > 1 && !known.owner.has_token_of(target) {
                known.customers.retain(|sharing| sharing != customer);
            }
        }
        let of_token = |known: &Known| is_there(known) && known.owner.has_token_of(target);
        let position = self.known.iter().position(of_customer);
        let position = position.or_else(|| self.known.iter().position(of_token));
        if let Some(known) = position.and_then(|at| self.known.get_mut(at)) {
            if !known.customers.contains(customer) {
                known.customers.push(customer.clone());
            }
            let couriers = known.owner.couriers.clone();
            let is_old = !known.owner.has_token_of(target);
            return (known.line.clone(), is_old.then_some(Vacancy { couriers, begins: None }));
        }
        let (line, desks) = mpsc::unbounded_channel();
        let (owner, bond) = Bond::new();
        let begins = Some((self.world.clone(), self.pace, bond, desks));
        let vacancy = Vacancy { couriers: owner.couriers.clone(), begins };
        let (customers, base) = (vec![customer.clone()], target.base().clone());
        self.known.push(Known { customers, host, base, owner, line: line.clone() });
        (line, Some(vacancy))
    }
}

#[cfg(test)]
mod tests;
