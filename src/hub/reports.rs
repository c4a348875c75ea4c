//! What a command loads from the two Payments APIs: a report, and whether each API answers.

use std::collections::HashMap;

use url::Url;

use crate::domain::failure::{Failure, Kind};
use crate::domain::text::Untrusted;
use crate::filter::ListQuery;
use crate::list::payments::SPEC;
use crate::net::client::{Client, PaymentsClients};
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::{NetEvent, wrong_answer};
use crate::net::router::{ReceiverClosed, Router};
use crate::payments::report::Report;
use crate::payments::request::PaymentsRequest;
use crate::payments::subject::{Hosts, Subject};

/// Returns `None` if no API of this subject is configured.
pub async fn load(
    mut network: Router,
    hosts: Hosts,
    subject: Subject,
) -> Result<Option<Report>, ReceiverClosed> {
    let (mut report, mut asks) = Report::begin(subject, None, hosts);
    if asks.is_empty() {
        return Ok(None);
    }
    let (mut tickets, mut waiting) = ((0..).map(Ticket), HashMap::new());
    loop {
        for (ask, ticket) in asks.drain(..).zip(&mut tickets) {
            let request = Request::Payments(ask.clone());
            network.send(NetCommand::Send(ticket, Priority::Visible, request))?;
            waiting.insert(ticket, ask);
        }
        if waiting.is_empty() {
            return Ok(Some(report));
        }
        let event = network.next().await.ok_or(ReceiverClosed)?;
        let NetEvent::Response(ticket, answer) = event else { continue };
        let response =
            answer.and_then(|it| it.try_as_payments().map(|it| *it).ok_or_else(wrong_answer));
        if let Some(ask) = waiting.remove(&ticket) {
            asks = report.accept(&ask, response);
        }
    }
}

/// Whether one of the APIs answers.
#[derive(Debug)]
pub struct Checked {
    pub name: &'static str,
    /// The server, and whose token is used until when; nothing of the token itself.
    pub about: String,
    pub base: Url,
    pub outcome: Result<(), Failure>,
}

/// Sends one read to each API, and one for the list of payments, which has its own group of paths.
pub async fn check(clients: PaymentsClients) -> Vec<Checked> {
    let list = Request::List(ListQuery::new(&SPEC).page(1, 1));
    let methods = Request::Payments(PaymentsRequest::Methods(1));
    let currencies = Request::Payments(PaymentsRequest::Currencies(1));
    let mut checked = Vec::new();
    for (client, name, request) in [
        (&clients.payments, "payments", methods),
        (&clients.payments, "payments list", list),
        (&clients.finance, "finance", currencies),
    ] {
        let Some(client) = client else { continue };
        let outcome = client.send(&request).await.map(|_read| ());
        let outcome = outcome.map_err(|error| error.failure(&request));
        let base = client.target().base.clone();
        checked.push(Checked { name, about: about(client), base, outcome });
    }
    checked
}

fn about(client: &Client) -> String {
    let target = client.target();
    let owner = target.token.subject();
    let owner = owner.as_ref().map_or("a user that it does not name".into(), Untrusted::shown);
    let expires = match target.token.expires() {
        Some(at) => format!("expires at {}", at.format("%Y-%m-%d %H:%M:%SZ")),
        None => "without an expiry time".to_owned(),
    };
    format!("{}, token of {owner}, {expires}", target.base)
}

impl Checked {
    /// Returns `true` if valora works without it.
    pub fn is_optional(&self) -> bool {
        self.outcome.as_ref().is_err_and(|failure| failure.kind == Kind::Gone)
    }
}
