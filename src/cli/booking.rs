//! `valora booking REF`: prints a booking as the screen shows it.

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::ArgPredicate;
use tokio::task::spawn_blocking;

use super::everyone::{self, AllProfiles};
use super::exit_code::{Exit, FAILED, MISSING, Unanswered};
use super::requests::{block_on, network_with};
use super::{Cx, print_bytes, say, warn};
use crate::clock::Clock;
use crate::config::payments::{for_command, of_one_of_many};
use crate::config::{ConfigError, Found, Session};
use crate::customers::state::Trouble;
use crate::domain::money::counted;
use crate::domain::reference;
use crate::domain::text::{Untrusted, sanitize};
use crate::export::flags::{CSV, CsvFlag, formats};
use crate::export::{BookingExport, Format, Output, render};
use crate::hub::find::Located;
use crate::net::client::PaymentsClients;
use crate::net::request::{NetCommand, Request};
use crate::net::response::{NetEvent, Response};
use crate::net::router::Router;
use crate::payments::subject::Hosts;
use crate::state::persisted::PersistedState;
use crate::tui::effect::Effect;
use crate::tui::screen::booking::state::Booking;
use crate::tui::stack::Tui;
use crate::tui::terminal::event_loop::message;
use crate::tui::update::{open_booking, update};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  valora booking BK906257               for people\n  \
                  valora booking BK906257 -o xlsx > booking.xlsx\n  \
                  valora booking BK906257 --to-owner > statement.html\n  \
                  valora booking BK906257 --all-profiles  of whichever customer has it\n\n\
                  With --all-profiles, valora searches four customers at a time. The search ends at\n\
                  the first customer that has the booking; the output and standard error name\n\
                  this customer. If no customer has the booking, standard error names each\n\
                  customer that could not be searched.\n\n\
                  Exit codes: 0 done, 1 the API or the network failed, 2 wrong usage or settings,\n\
                  3 booking not found, 4 the token is not accepted, 130 interrupted; with\n\
                  --all-profiles: 3 if no customer has the booking, 1 if some could not be searched")]
pub(super) struct BookingFlags {
    /// The booking reference, in any letter case or only its digits, or a text or URL that contains it
    #[arg(value_name = "REF")]
    reference: String,
    /// Output format
    #[arg(short, long, value_parser = formats(Format::BOOKING), default_value = "text",
          default_value_ifs([(CSV, ArgPredicate::IsPresent, CSV), ("to_owner", "true".into(), "html")]))]
    output: Format,
    /// A statement for the owner: without notes, guesses and what concerns other people
    #[arg(long)]
    to_owner: bool,
    #[command(flatten)]
    csv: CsvFlag,
    #[command(flatten)]
    profiles: AllProfiles,
}

pub(super) fn run(flags: &BookingFlags, cx: &Cx) -> anyhow::Result<()> {
    let wrong = |text: String| Exit::usage(sanitize(&text));
    let reference = match &reference::find(&flags.reference)[..] {
        [reference] => reference.clone(),
        [] => bail!(wrong(format!("no booking reference found in `{}`", flags.reference))),
        all => {
            bail!(wrong(format!("several references found; use one: {}", all.join(", "))))
        }
    };
    let (clock, output) = (Clock::start(), cx.output(flags.output, flags.csv)?);
    if flags.to_owner && flags.output != Format::Html {
        bail!(wrong(format!("--to-owner has no effect on -o {}", flags.output.name())));
    }
    let outcome = (output, flags.to_owner);
    if flags.profiles.all_profiles {
        let (owner, booking) = of_any(flags.profiles, &reference, cx, clock)?;
        return write(&booking, Some(&owner), outcome, clock);
    }
    let Found { target, session, .. } = cx.find()?;
    let payments = optional(for_command(&cx.environment, cx.profile()));
    let asked = (session, payments.hosts(), Untrusted::new(&*reference));
    let booking = block_on(async {
        fetched(network_with(target, payments, &cx.log)?, asked, None, clock).await
    })?;
    write(&booking, None, outcome, clock)
}

/// Tenant payments are optional: without them, the booking is shown with a warning.
fn optional(found: Result<(PaymentsClients, Option<String>), ConfigError>) -> PaymentsClients {
    let (payments, unused) = found.unwrap_or_else(|error| {
        let why = format!("tenant payments are not loaded: {error}");
        (PaymentsClients::default(), Some(why))
    });
    if let Some(warning) = unused {
        warn(&warning);
    }
    payments
}

/// Asks all customers, and loads the booking of the first one that has it. Returns its profile, too.
fn of_any(
    flags: AllProfiles,
    typed: &str,
    cx: &Cx,
    clock: Clock,
) -> anyhow::Result<(String, Booking)> {
    let profiles = everyone::profiles(flags.unlock, cx)?;
    let names = profiles.names.clone();
    block_on(async {
        let mut hub = everyone::hub(profiles, cx);
        let found = hub.find_booking(&names, reference::meant(typed, &[]), warn);
        let Located { profile, customer, reference, booking } =
            found.await.map_err(|troubles| not_found(typed, names.len(), &troubles))?;
        let reference = Untrusted::new(reference);
        say(&format!("Booking {} belongs to {profile}.", reference.shown()));
        let (environment, name) = (cx.environment.clone(), profile.clone());
        let payments = spawn_blocking(move || of_one_of_many(&name, &environment, flags.unlock));
        let payments = optional(
            payments.await.context("internal error: the task that reads the token ended")?,
        );
        let asked = (customer.session.clone(), payments.hosts(), reference);
        let network = customer.connect(payments).await;
        let network = network.map_err(|trouble| anyhow::Error::msg(trouble.in_words(&profile)))?;
        let loaded = fetched(network, asked, Some(Response::Booking(booking)), clock).await?;
        Ok((profile, loaded))
    })
}

fn not_found(typed: &str, customers: usize, troubles: &[(String, Trouble)]) -> anyhow::Error {
    for (profile, trouble) in troubles {
        warn(&format!("{profile}: {}", everyone::in_words(trouble, profile)));
    }
    let asked = counted((customers - troubles.len()) as u64, "customer");
    let typed = sanitize(typed);
    if troubles.is_empty() {
        return Exit(MISSING, format!("booking {typed} was not found in {asked}")).into();
    }
    let names: Vec<&str> = troubles.iter().map(|(profile, _)| profile.as_str()).collect();
    let names = names.join(", ");
    let text = format!("booking {typed} was not found in {asked}; could not be searched: {names}");
    Exit(FAILED, text).into()
}

fn write(
    booking: &Booking,
    customer: Option<&str>,
    (output, is_for_owner): (Output<'_>, bool),
    clock: Clock,
) -> anyhow::Result<()> {
    let content = match (&booking.content, &booking.failure) {
        (Some(content), _) => content,
        (None, Some(failure)) => return Err(Unanswered(failure.clone()).into()),
        (None, None) => bail!("internal error: the network task ended without a response"),
    };
    for missing in booking.missing() {
        warn(&missing);
    }
    let export = BookingExport {
        customer,
        report: &content.report,
        sources: &booking.sources,
        tenant: booking.tenant_payments(),
        at: content.fetched.local,
        today: clock.today(),
        is_for_owner,
    };
    print_bytes(&render(&export, output).map_err(anyhow::Error::msg)?)
}

/// Loads a booking. `known` is the response to the request for it, if there is one already.
async fn fetched(
    mut network: Router,
    (session, hosts, reference): (Session, Hosts, Untrusted),
    mut known: Option<Response>,
    clock: Clock,
) -> anyhow::Result<Booking> {
    let mut tui = Tui::new(session, PersistedState::default(), (0, 0), clock.now());
    tui.cx.connect(hosts);
    let mut asked = open_booking(&mut tui, &reference);
    loop {
        let mut answered = None;
        for effect in asked.drain(..) {
            // Other effects are for a screen.
            let Effect::Network(command) = effect else { continue };
            match command {
                NetCommand::Send(ticket, _, Request::Booking(asked))
                    if known.is_some() && asked == reference.expose_raw() =>
                {
                    answered = known.take().map(|answer| NetEvent::Response(ticket, Ok(answer)));
                }
                command => network.send(command)?,
            }
        }
        // Without the conciliation, the other lists are not needed.
        let is_over = |booking: &Booking| booking.is_settled() || booking.failure.is_some();
        if tui.bookings().next_back().is_none_or(is_over) {
            break;
        }
        let event = match answered {
            Some(event) => event,
            None => network.next().await.context("internal error: the network task ended")?,
        };
        asked = update(&mut tui, clock.now(), message(event)?);
    }
    let booking = tui.close().and_then(|screen| screen.downcast().ok());
    booking.map(|booking| *booking).context("nothing was opened")
}
