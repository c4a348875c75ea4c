//! `valora booking REF`: prints a booking as the screen shows it.

use anyhow::{Context, bail};
use clap::Args;

use super::exit_code::{Exit, Unanswered};
use super::requests::{block_on, network_with};
use super::{Cx, formats, print, warn};
use crate::clock::Clock;
use crate::config::payments::for_command;
use crate::config::{Found, Session};
use crate::domain::reference;
use crate::domain::text::{Untrusted, sanitize};
use crate::export::{BookingExport, Format, render};
use crate::net::client::PaymentsClients;
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
                  valora booking BK906257 -o csv        for a spreadsheet\n\n\
                  Exit codes: 0 done, 1 the API or the network failed, 2 wrong usage or settings,\n\
                  3 booking not found, 4 the token is not accepted, 130 interrupted")]
pub(super) struct BookingFlags {
    /// The booking reference, in any letter case or only its digits, or a text or URL that contains it
    #[arg(value_name = "REF")]
    reference: String,
    /// Output format
    #[arg(short, long, value_parser = formats(Format::BOOKING), default_value = "text")]
    output: Format,
}

pub(super) fn run(flags: &BookingFlags, cx: &Cx) -> anyhow::Result<()> {
    let wrong = |text: String| Exit::usage(sanitize(&text));
    let reference = match &reference::find(&flags.reference)[..] {
        [reference] => Untrusted::new(reference.as_str()),
        [] => bail!(wrong(format!("no booking reference found in `{}`", flags.reference))),
        all => {
            bail!(wrong(format!("several references found; use one: {}", all.join(", "))))
        }
    };
    let clock = Clock::start();
    let Found { target, session, .. } = cx.find()?;
    // Tenant payments are optional: without them, the booking is shown with a warning.
    let payments = match for_command(&cx.environment, cx.profile()) {
        Ok((payments, unused)) => {
            if let Some(unused) = unused {
                warn(&unused);
            }
            payments
        }
        Err(error) => {
            warn(&format!("tenant payments are not loaded: {error}"));
            PaymentsClients::default()
        }
    };
    let asked = (session, payments.hosts(), reference);
    let booking =
        block_on(async { fetched(network_with(target, payments, &cx.log)?, asked, clock).await })?;
    let content = match (&booking.content, &booking.failure) {
        (Some(content), _) => content,
        (None, Some(failure)) => return Err(Unanswered(failure.clone()).into()),
        (None, None) => bail!("internal error: the network task ended without a response"),
    };
    for missing in booking.missing() {
        warn(&missing);
    }
    let export = BookingExport {
        customer: None,
        report: &content.report,
        sources: &booking.sources,
        tenant: booking.tenant_payments(),
        at: content.fetched.local,
        today: clock.today(),
    };
    print(&render(&export, flags.output).map_err(anyhow::Error::msg)?)
}

async fn fetched(
    mut network: Router,
    (session, hosts, reference): (Session, Hosts, Untrusted),
    clock: Clock,
) -> anyhow::Result<Booking> {
    let mut tui = Tui::new(session, PersistedState::default(), (0, 0), clock.now());
    tui.cx.connect(hosts);
    let mut asked = open_booking(&mut tui, &reference);
    loop {
        for effect in asked.drain(..) {
            // Other effects are for a screen.
            if let Effect::Network(command) = effect {
                network.send(command)?;
            }
        }
        // Without the conciliation, the other lists are not needed.
        let is_over = |booking: &Booking| booking.is_settled() || booking.failure.is_some();
        if tui.bookings().next_back().is_none_or(is_over) {
            break;
        }
        let event = network.next().await.context("internal error: the network task ended")?;
        asked = update(&mut tui, clock.now(), message(event)?);
    }
    let booking = tui.close().and_then(|screen| screen.downcast().ok());
    booking.map(|booking| *booking).context("nothing was opened")
}
