//! What the server says is left of the minute, shown whoever used it.

use valora::filter::ListQuery;
use valora::list::ALL;
use valora::net::budget::Pace;
use valora::net::client::PaymentsClients;
use valora::net::log::Log;
use valora::net::request::{NetCommand, Priority, Request, Ticket};
use valora::net::response::{NetEvent, NetState};
use valora::net::router::Router;
use valora::sandbox::Options;

use crate::common;
use crate::server::{Server, other_client};

/// What is shown of the network when an answer has come.
async fn network_after(router: &mut Router, ticket: u64) -> NetState {
    let page = u32::try_from(ticket).unwrap();
    let request = Request::List(ListQuery::new(ALL[0]).page(page, 1));
    router.send(NetCommand::Send(Ticket(ticket), Priority::Visible, request)).unwrap();
    let mut shown = NetState::default();
    loop {
        match router.next().await.unwrap() {
            NetEvent::State(state) => shown = state,
            NetEvent::Response(_, answer) => {
                assert!(answer.is_ok(), "{answer:?}");
                return shown;
            }
            NetEvent::Unusable(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_colleague_who_used_half_of_the_minute_shows_in_the_first_answer() {
    let server = Server::with(Options { limit: 120, ..common::options() }).await;
    let colleague = other_client(&server.sandbox.base_url(), server.sandbox.token());
    for _ in 0..60 {
        assert!(colleague.send(&Request::Limits).await.is_ok());
    }
    let client = Some(common::client(&server.sandbox));
    let mut router =
        Router::start(&Log::default(), Pace::Metered, client, PaymentsClients::default());
    let shown = network_after(&mut router, 1).await;
    assert_eq!(shown.left.map(|(requests, _)| requests), Some(59));
    assert!(colleague.send(&Request::Limits).await.is_ok());
    let left = network_after(&mut router, 2).await.left;
    assert_eq!(left.map(|(requests, _)| requests), Some(57));
}
