//! `valora booking REF`: what the screen puts together of a booking, on standard output.

use std::io::{self, Write};

use anyhow::Context;
use clap::{Args, ValueEnum};
use tokio::sync::mpsc;

use super::dashboard::runtime;
use super::say;
use crate::api::budget::Pace;
use crate::api::client::Client;
use crate::api::target::Target;
use crate::app::booking::Booking;
use crate::app::kept::Kept;
use crate::app::model::{Model, Session};
use crate::app::update::{open_booking, update};
use crate::conciliation::reference::{Found, find};
use crate::domain::failure::{Failure, Kind};
use crate::domain::text::{Untrusted, sanitise};
use crate::export::{Format, Sheet, render};
use crate::runtime::clock::Clock;
use crate::runtime::log::Log;
use crate::runtime::worker::{self, World};

/// Messages that may queue before the worker waits.
const QUEUED: usize = 64;

/// Which booking, and in which form.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 it was printed, 1 it failed, 2 wrong usage or configuration,\n\
                        3 there is no such booking, 4 the token is not accepted"
)]
pub(super) struct BookingFlags {
    /// The booking's reference, or a sentence or URL that holds one
    #[arg(value_name = "REF")]
    reference: String,
    /// The form
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    output: Output,
    /// Base URL of the API, up to and including `/c`
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// File that holds the token; `-` reads standard input
    #[arg(long, value_name = "PATH")]
    pub(super) token_file: Option<std::path::PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Output {
    /// For people
    Text,
    /// A row a ledger line, the checks at the end
    Csv,
    /// Everything, amounts in minor units
    Json,
}

/// What was given as a reference names no booking, or several.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unclear(String);

/// The server gave no booking.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unanswered(Failure);

impl Unanswered {
    /// Why, where the exit code says it.
    pub(super) fn kind(&self) -> Kind {
        self.0.kind
    }
}

impl BookingFlags {
    /// The reference that was meant.
    pub(super) fn reference(&self) -> Result<Untrusted, Unclear> {
        match find(&self.reference) {
            Found::One(reference) => Ok(Untrusted::new(reference)),
            Found::Nothing => {
                let given = sanitise(&self.reference);
                Err(Unclear(format!("no reference of a booking is in `{given}`")))
            }
            Found::Several(all) => {
                let all = all.join(", ");
                let all = sanitise(&all);
                Err(Unclear(format!("several references were given, name one: {all}")))
            }
        }
    }
}

/// Fetches the booking as the screen does, with its retries and within its budget, and prints it.
pub(super) fn run(
    flags: &BookingFlags,
    reference: Untrusted,
    target: Target,
    session: Session,
    log: Log,
) -> anyhow::Result<()> {
    let runtime = runtime()?;
    let client = Client::new(target).context("the HTTP client cannot be set up")?;
    let clock = Clock::start();
    let booking = runtime.block_on(fetched(client, session, reference, clock, log));
    // Requests under way are not waited for.
    runtime.shutdown_background();
    let booking = booking?;
    let content = match (&booking.content, booking.failure) {
        (Some(content), _) => content,
        (None, Some(failure)) => return Err(Unanswered(failure).into()),
        (None, None) => anyhow::bail!("the worker ended without an answer"),
    };
    for failed in booking.sources.failed() {
        say(&format!("valora: {}: {}", failed.what, failed.why));
    }
    let sheet = Sheet {
        assembled: &content.assembled,
        sources: &booking.sources,
        at: content.fetched.local,
        today: clock.today(),
    };
    let format = match flags.output {
        Output::Text => Format::Text,
        Output::Csv => Format::Csv,
        Output::Json => Format::Json,
    };
    let text = render(&sheet, format).map_err(anyhow::Error::msg)?;
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever closed the pipe has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("standard output cannot be written to")
        }
        _ => Ok(()),
    }
}

async fn fetched(
    client: Client,
    session: Session,
    reference: Untrusted,
    clock: Clock,
    log: Log,
) -> anyhow::Result<Booking> {
    let (messages, mut received) = mpsc::channel(QUEUED);
    let (effects, wanted) = mpsc::unbounded_channel();
    tokio::spawn(worker::run_in(
        World { log, ..World::default() },
        Pace::Metered,
        client,
        wanted,
        messages,
    ));
    let mut model = Model::new(session, Kept::default(), (0, 0), clock.now());
    let mut asked = open_booking(&mut model, reference);
    loop {
        for effect in asked.drain(..) {
            effects.send(effect).context("the worker ended")?;
        }
        // Without the conciliation nothing that stands beside it is worth waiting for.
        let is_over = |booking: &Booking| booking.is_settled() || booking.failure.is_some();
        if model.bookings.last().is_none_or(is_over) {
            break;
        }
        let message = received.recv().await.context("the worker ended")?;
        asked = update(&mut model, clock.now(), message);
    }
    model.bookings.pop().context("nothing was opened")
}
