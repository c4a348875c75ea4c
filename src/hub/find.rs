//! A booking that any of many customers may have: each is asked, and the first one that has it ends the
//! search.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::Hub;
use super::each::{Customer, Each};
use super::load::{Stop, internal};
use super::penalties::BOOKING;
use super::report::Reporter;
use crate::conciliation::Conciliation;
use crate::customers::state::Trouble;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::{Answer, NetEvent, wrong_answer};
use crate::net::router::Router;

/// How long the search of the dashboard waits for one customer, with retries.
const PATIENCE: Duration = Duration::from_secs(8);

/// A booking, and whose it is.
pub struct Located {
    pub profile: String,
    pub customer: Customer,
    /// The reference that the server knows.
    pub reference: String,
    pub booking: Box<Conciliation>,
}

/// What one customer answers.
enum Answered {
    Has(String, Box<Conciliation>),
    HasNot,
}

impl Hub {
    /// Asks each of these profiles for a booking that may have one of these references, the likeliest
    /// first. Fails with the profiles that could not be asked; all others do not have it. Waits are
    /// reported with `print`.
    pub fn find_booking(
        &mut self,
        profiles: &[String],
        references: Vec<String>,
        print: fn(&str),
    ) -> impl Future<Output = Result<Located, Vec<(String, Trouble)>>> + Send + use<> {
        let asked = self.each(profiles, move |customer, router| {
            let references = references.clone();
            let reporter = Reporter::of_one_of_many(customer.profile(), print);
            async move { (customer, ask(router, references, &reporter).await) }
        });
        first_of(asked, profiles.to_vec())
    }

    /// The same, but it waits only a short time for each customer, and does not wait for running loads.
    pub(super) fn search(
        &mut self,
        profiles: &[String],
        references: Vec<String>,
    ) -> impl Future<Output = Result<Located, Vec<(String, Trouble)>>> + Send + use<> {
        let desk = Arc::new(self.desk.with_own_lanes());
        let asked = self.each_on(&desk, profiles, move |customer, router| {
            let references = references.clone();
            let reporter = Reporter::of_one_of_many(customer.profile(), |_| {});
            async move {
                let answer = timeout(PATIENCE, ask(router, references, &reporter)).await;
                (customer, answer.unwrap_or(Err(Trouble::Slow)))
            }
        });
        first_of(asked, profiles.to_vec())
    }
}

type Asked = Each<(Customer, Result<Answered, Trouble>)>;

async fn first_of(
    mut asked: Asked,
    profiles: Vec<String>,
) -> Result<Located, Vec<(String, Trouble)>> {
    let mut troubles = Vec::new();
    while let Some((place, answer)) = asked.next().await {
        let Some(profile) = profiles.get(place).cloned() else { continue };
        let trouble = match answer {
            Ok((customer, Ok(Answered::Has(reference, booking)))) => {
                return Ok(Located { profile, customer, reference, booking });
            }
            Ok((_, Ok(Answered::HasNot))) => continue,
            Ok((_, Err(trouble))) | Err(trouble) => trouble,
        };
        troubles.push((place, profile, trouble));
    }
    troubles.sort_by_key(|(place, ..)| *place);
    Err(troubles.into_iter().map(|(_, profile, trouble)| (profile, trouble)).collect())
}

async fn ask(
    mut router: Router,
    references: Vec<String>,
    reporter: &Reporter,
) -> Result<Answered, Trouble> {
    for (ticket, reference) in (0..).map(Ticket).zip(references) {
        let request = Request::Booking(reference.clone());
        let command = NetCommand::Send(ticket, Priority::Visible, request);
        router.send(command).map_err(|_ended| internal())?;
        let answer = answer(&mut router, reporter).await?;
        match answer.and_then(|it| it.try_as_booking().ok_or_else(wrong_answer)) {
            Ok(booking) => return Ok(Answered::Has(reference, booking)),
            Err(failure) if is_unknown(&failure) => {}
            Err(failure) => return Err(Trouble::of_failure(failure)),
        }
    }
    Ok(Answered::HasNot)
}

async fn answer(router: &mut Router, reporter: &Reporter) -> Result<Answer, Trouble> {
    loop {
        match router.next().await.ok_or_else(internal)? {
            // Only after several failures in a row: nothing is sent for some seconds.
            NetEvent::State(network) if network.offline_for.is_some() => {
                return Err(Trouble::Offline(Stop::Offline.failure(BOOKING)));
            }
            NetEvent::State(network) => reporter.wait(network),
            NetEvent::Response(_, answer) => return Ok(answer),
            NetEvent::Unusable(error) => return Err(Trouble::Settings(error.to_string())),
        }
    }
}

/// Returns `true` if the server does not have the booking. A server that is not found at its base URL was
/// not asked.
fn is_unknown(failure: &Failure) -> bool {
    let is_lookup =
        matches!(failure.advice, Advice::LookUpAnother | Advice::LookUpAnotherOrSearchDebt);
    is_lookup && matches!(failure.kind, Kind::Missing | Kind::Refused)
}
