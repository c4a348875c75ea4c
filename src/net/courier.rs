//! What a worker sends with. Its customer may come back with another token: the worker then sends
//! with a new client, and its gate and its budget stay.

use tokio::sync::watch;
use tokio::time::Instant;

use crate::net::client::{Client, Exchange};
use crate::net::error::{ApiError, Cause};
use crate::net::request::Request;
use crate::net::side::SideClient;
use crate::net::target::Target;

/// The client of one of the servers; a clone shares its connections.
#[derive(Debug, Clone)]
pub enum Courier {
    Customer(Client),
    /// Of one of the Payments servers.
    Side(Box<SideClient>),
}

impl Courier {
    pub fn target(&self) -> &Target {
        match self {
            Self::Customer(client) => client.target(),
            Self::Side(client) => client.target(),
        }
    }

    async fn exchange(&self, request: &Request) -> Exchange {
        match self {
            Self::Customer(client) => client.exchange(request).await,
            Self::Side(client) => client.exchange(request).await,
        }
    }
}

/// The worker's end of what it and its owner tell each other.
#[derive(Debug)]
pub struct Bond {
    couriers: watch::Receiver<Option<Courier>>,
    /// From when on the worker knows no more than a new one would; nothing while it serves a desk.
    pub idle: watch::Sender<Option<Instant>>,
}

#[derive(Debug)]
pub struct Owner {
    /// Replaces what the worker sends with.
    pub couriers: watch::Sender<Option<Courier>>,
    idle: watch::Receiver<Option<Instant>>,
}

impl Bond {
    /// Both ends, without a client yet.
    pub fn new() -> (Owner, Self) {
        let (couriers, couriers_seen) = watch::channel(None);
        let (idle, idle_seen) = watch::channel(None);
        (Owner { couriers, idle: idle_seen }, Self { couriers: couriers_seen, idle })
    }

    /// The end of a worker that keeps its client.
    pub fn to(courier: Courier) -> Self {
        let (owner, bond) = Self::new();
        owner.couriers.send_replace(Some(courier));
        bond
    }

    /// Sends a request with the newest client.
    pub fn exchange(&self, request: Request) -> impl Future<Output = Exchange> + use<> {
        let courier = self.couriers.borrow().clone();
        async move {
            match courier {
                Some(courier) => courier.exchange(&request).await,
                // A worker begins with a client.
                None => Err(ApiError::new(&request, Cause::Internal)).into(),
            }
        }
    }
}

impl Owner {
    /// Whether the worker sends with the token of this target.
    pub fn has_token_of(&self, target: &Target) -> bool {
        let courier = self.couriers.borrow();
        courier.as_ref().is_some_and(|courier| courier.target().token() == target.token())
    }

    /// Whether the worker serves nobody, and a new one would do as well.
    pub fn is_idle(&self) -> bool {
        self.idle.borrow().is_some_and(|from| from <= Instant::now())
    }
}
