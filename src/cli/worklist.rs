//! `valora worklist`: the queue of penalties with the user's own verdicts, on standard output.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use tokio::sync::mpsc;

use super::dashboard::runtime;
use super::say;
use crate::answer::{Answer, Page};
use crate::api::budget::Pace;
use crate::api::client::Client;
use crate::api::target::Target;
use crate::app::effect::{Effect, Priority, Ticket};
use crate::app::kept::Kept;
use crate::app::model::Session;
use crate::app::msg::Msg;
use crate::domain::failure::{Failure, Kind};
use crate::query::{LARGEST_PAGE, ListQuery, Request};
use crate::resource::penalties;
use crate::resource::record::Record;
use crate::runtime::clock::Clock;
use crate::runtime::keeper;
use crate::runtime::worker;
use crate::store::Store;
use crate::triage::id_of;
use crate::triage::queue::{Grouping, Queue, Wish};
use crate::triage::worklist::{Form, Item, render};

/// Messages that may queue before the worker waits.
const QUEUED: usize = 64;

/// In which form, and of whom.
#[derive(Debug, Args)]
#[command(after_help = "The verdicts are those that this machine remembers of the customer.\n\
                  Exit codes: 0 it was printed, 1 it failed, 2 wrong usage or configuration,\n\
                  4 the token is not accepted")]
pub(super) struct WorklistFlags {
    /// The form
    #[arg(short, long, value_enum, default_value_t = Output::Table)]
    output: Output,
    /// Snoozed and done penalties too
    #[arg(long)]
    all: bool,
    /// Base URL of the API, up to and including `/c`
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// File that holds the token; `-` reads standard input
    #[arg(long, value_name = "PATH")]
    pub(super) token_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Output {
    /// Aligned columns
    Table,
    /// A row a penalty
    Csv,
    /// Amounts in minor units
    Json,
    /// A table for a message or a ticket
    Markdown,
}

/// The server gave no penalties.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unanswered(Failure);

impl Unanswered {
    /// Why, where the exit code says it.
    pub(super) fn kind(&self) -> Kind {
        self.0.kind
    }
}

/// Fetches all penalties as the screen does, within its budget, and prints the worklist.
pub(super) fn run(flags: &WorklistFlags, target: Target, session: &Session) -> anyhow::Result<()> {
    let clock = Clock::start();
    let mut kept = Kept::default();
    match Store::of_process() {
        Some(store) => keeper::recall(&store, &session.customer, &mut kept),
        None => kept.memory_fault = Some("there is no folder for what is remembered".to_owned()),
    }
    if let Some(fault) = &kept.memory_fault {
        say(&format!("valora: {fault}"));
    }
    let runtime = runtime()?;
    let client = Client::new(target).context("the HTTP client cannot be set up")?;
    let records = runtime.block_on(fetched(client));
    // Requests under way are not waited for.
    runtime.shutdown_background();
    let records = records?;
    let today = clock.today();
    let wish = Wish {
        memory: &kept.memory,
        day: today,
        today,
        cell: None,
        grouping: Grouping::None,
        shows_all: flags.all,
    };
    let queue = Queue::of(&records, &wish);
    if queue.snoozed + queue.done > 0 {
        let (snoozed, done) = (queue.snoozed, queue.done);
        say(&format!("valora: {snoozed} snoozed and {done} done are left out; --all shows them"));
    }
    let rows = queue.places.iter().filter_map(|place| records.get(*place));
    let items: Vec<Item> = rows.map(|row| Item::of(row, &kept.memory, today, today)).collect();
    let form = match flags.output {
        Output::Table => Form::Table,
        Output::Csv => Form::Csv,
        Output::Json => Form::Json,
        Output::Markdown => Form::Markdown,
    };
    let text = render(&items, form).map_err(anyhow::Error::msg)?;
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever closed the pipe has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("standard output cannot be written to")
        }
        _ => Ok(()),
    }
}

async fn fetched(client: Client) -> anyhow::Result<Vec<Record>> {
    let (messages, mut received) = mpsc::channel(QUEUED);
    let (effects, wanted) = mpsc::unbounded_channel();
    tokio::spawn(worker::run_at(Pace::Metered, client, wanted, messages));
    let mut records: Vec<Record> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for number in 1.. {
        let query = ListQuery::new(&penalties::SPEC).page(number, LARGEST_PAGE);
        let ticket = Ticket(number.into());
        let fetch = Effect::Fetch(ticket, Priority::Visible, Request::List(query));
        effects.send(fetch).context("the worker ended")?;
        let page = answer(&mut received, ticket).await?;
        let came = page.rows.len();
        let is_last = came == 0
            || page.last.map_or(came < LARGEST_PAGE as usize, |last| page.current >= last);
        let before = records.len();
        // A row that moved between two pages meanwhile is one row.
        let mut is_new = |row: &Record| id_of(row).is_none_or(|id| known.insert(id.to_owned()));
        records.extend(page.rows.into_iter().filter(|row| is_new(row)));
        // A server that repeats its pages is not asked for ever.
        if is_last || records.len() == before {
            break;
        }
    }
    Ok(records)
}

async fn answer(received: &mut mpsc::Receiver<Msg>, awaited: Ticket) -> anyhow::Result<Page> {
    loop {
        match received.recv().await.context("the worker ended without an answer")? {
            Msg::Answered(ticket, Ok(Answer::Page(page))) if ticket == awaited => return Ok(page),
            Msg::Answered(ticket, Err(failure)) if ticket == awaited => {
                return Err(Unanswered(failure).into());
            }
            _ => {}
        }
    }
}
