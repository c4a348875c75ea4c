//! The workers of every customer that was shown. They live as long as the program: the server counts
//! the requests of a customer whichever profile is on the screen, so the budget and the gate of a
//! limit outlast a switch.

use tokio::sync::mpsc::{self, UnboundedReceiver};
use url::Url;

use super::hosts::{Line, Lines};
use super::worker::{self, Desk, World};
use crate::api::budget::Pace;
use crate::api::side::{SideClient, SideClients};
use crate::api::target::{Target, Token};

/// Knows the worker of each server and token.
#[derive(Debug)]
pub struct Pool {
    /// What the workers touch besides the network.
    pub world: World,
    /// How fast requests may leave.
    pub pace: Pace,
    known: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    base: Url,
    token: Token,
    line: Line,
}

/// The desks of a worker that is to be started.
pub type Desks = UnboundedReceiver<Desk>;

impl Pool {
    /// A pool without workers.
    #[must_use]
    pub fn new(world: World, pace: Pace) -> Self {
        Self { world, pace, known: Vec::new() }
    }

    /// The ways to the workers of a customer; to be called on a runtime. Gives the desks of the
    /// customer's own worker where that is to be started.
    pub fn lines(&mut self, target: &Target, side: SideClients) -> (Lines, Option<Desks>) {
        let (customer, desks) = self.line(target);
        let payments = side.payments.map(|client| self.beside(client));
        let finance = side.finance.map(|client| self.beside(client));
        (Lines { customer: Some(customer), payments, finance }, desks)
    }

    fn beside(&mut self, client: SideClient) -> Line {
        let (line, desks) = self.line(client.target());
        if let Some(desks) = desks {
            tokio::spawn(worker::serve_side(self.world.clone(), self.pace, client, desks));
        }
        line
    }

    fn line(&mut self, target: &Target) -> (Line, Option<Desks>) {
        // One whose client was never set up is gone.
        self.known.retain(|known| !known.line.is_closed());
        let is_same =
            |known: &&Known| known.base == *target.base() && known.token == *target.token();
        if let Some(known) = self.known.iter().find(is_same) {
            return (known.line.clone(), None);
        }
        let (line, desks) = mpsc::unbounded_channel();
        let (base, token) = (target.base().clone(), target.token().clone());
        self.known.push(Known { base, token, line: line.clone() });
        (line, Some(desks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(base: &str, token: &str) -> Target {
        Target::new(base, Token::new(token).unwrap()).unwrap()
    }

    #[test]
    fn a_worker_belongs_to_its_server_and_token_and_one_that_never_began_is_forgotten() {
        let mut pool = Pool::new(World::default(), Pace::Metered);
        let base = "http://127.0.0.1:1/api/v1/c";
        let (_lines, first) = pool.lines(&target(base, "sd_one"), SideClients::default());
        assert!(first.is_some());
        let begins = |pool: &mut Pool, base, token| {
            let (_lines, desks) = pool.lines(&target(base, token), SideClients::default());
            desks.is_some()
        };
        assert!(
            !begins(&mut pool, base, "sd_one"),
            "the same customer, perhaps by another profile"
        );
        assert!(begins(&mut pool, base, "sd_two"));
        assert!(begins(&mut pool, "http://127.0.0.1:2/api/v1/c", "sd_one"));
        drop(first);
        assert!(begins(&mut pool, base, "sd_one"));
    }
}
