//! `valora payments`, `events`, `account`, `tin`: what the two Payments APIs tell, without a screen.

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::exit_code::{Exit, Unanswered};
use super::list::refuse_unknown;
use super::oneshot::block_on;
use super::pages::Pages;
use super::{formats, print, warn};
use crate::command::{Command, Context as Place, from_arguments, parse};
use crate::config::{Environment, payments};
use crate::domain::text::escape_json;
use crate::export::Format;
use crate::export::rows::{Layout, RowWriter};
use crate::net::budget::Pace;
use crate::net::log::Log;
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::{NetEvent, Response};
use crate::net::router::Router;
use crate::payments::account::hide;
use crate::payments::fields::Fields;
use crate::payments::iban;
use crate::payments::report::{Report, Tone};
use crate::payments::response::Response as PaymentsResponse;
use crate::payments::subject::{Hosts, Subject};
use crate::tui::screen::payments::state::NOT_CONFIGURED;

/// What `valora payments` does.
#[derive(Debug, Subcommand)]
pub(super) enum PaymentsCommand {
    /// The tenant payments under filters: `type=rent-collection sourceRefCode=REF sortBy=dueDate`
    #[command(after_help = "Examples:\n  valora payments list sourceRefCode=BK232470\n  \
                      valora payments list type=rent-collection sortBy=dueDate sortType=DESC -o json")]
    List {
        /// Filters as in the program, `name=value`
        #[arg(value_name = "FILTER")]
        settings: Vec<String>,
        /// Send filters that the documents do not have, too
        #[arg(long)]
        send_unknown: bool,
        /// The form
        #[arg(short, long, value_parser = formats(Format::ROWS), default_value = "table")]
        output: Format,
        /// Print account and tax numbers whole
        #[arg(long)]
        reveal: bool,
    },
    /// One payment with its holders and its timeline
    #[command(after_help = "Example:\n  valora payments show 8f2dbe69-b68f-4423-bc93-000000000b30")]
    Show {
        /// Its id
        id: String,
        #[command(flatten)]
        form: Form,
    },
}

/// How it is printed.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Form {
    /// The form
    #[arg(short, long, value_parser = formats(Format::ANSWER), default_value = "text")]
    output: Format,
    /// Print account and tax numbers whole
    #[arg(long)]
    reveal: bool,
}

/// Arguments as on the command line of the program.
#[derive(Debug, Args)]
pub(super) struct Words {
    /// As after `:` in the program
    #[arg(value_name = "ARGUMENT")]
    words: Vec<String>,
    #[command(flatten)]
    form: Form,
}

/// Which servers, and who is told of requests.
pub(super) struct Reach<'a> {
    pub(super) environment: &'a Environment,
    pub(super) profile: Option<String>,
    pub(super) log: Log,
}

/// Carries out `valora payments`.
pub(super) fn run(command: PaymentsCommand, reach: Reach<'_>) -> anyhow::Result<()> {
    match command {
        PaymentsCommand::Show { id, form } => show("payment", &[id], form, reach),
        PaymentsCommand::List { settings, send_unknown, output, reveal } => {
            list((&settings, send_unknown), (output, reveal), reach)
        }
    }
}

/// Carries out a command of the program's own command line, such as `events 1 100`.
pub(super) fn run_words(command: &str, words: &Words, reach: Reach<'_>) -> anyhow::Result<()> {
    show(command, &words.words, words.form, reach)
}

fn show(command: &str, words: &[String], form: Form, reach: Reach<'_>) -> anyhow::Result<()> {
    let Command::Show(wanted) = read(command, words)? else {
        anyhow::bail!("not a command for this")
    };
    let report = on_servers(reach, |network, hosts| fetch(network, hosts, wanted))?;
    if let Some(failure) = report.failure() {
        return Err(Unanswered(failure.clone()).into());
    }
    let text = match form.output {
        Format::Json => json_of(&report, form.reveal)?,
        _ => text(&report, form.reveal),
    };
    print(&escape_json(&text))
}

fn list(
    (filters, is_unknown_sent): (&[String], bool),
    (format, is_revealed): (Format, bool),
    reach: Reach<'_>,
) -> anyhow::Result<()> {
    let Command::List(line) = read("payments", filters)? else { anyhow::bail!("not a list") };
    let today = crate::clock::Clock::start().today();
    refuse_unknown(&line, is_unknown_sent)?;
    let query = line.query(today).map_err(|why| Exit::usage(why.to_string()))?;
    let (rows, whole) =
        on_servers(reach, async |network, _hosts| Pages::start(network, query, None).all().await)?;
    let mut bytes = Vec::new();
    let mut writer = RowWriter::new(Layout::new(line.spec, format, today), &mut bytes)?;
    writer.write(&rows)?;
    writer.finish()?;
    let text = String::from_utf8(bytes)?;
    print(&if is_revealed { text.into() } else { iban::hidden_within(&text) })?;
    Ok(whole?)
}

fn read(command: &str, words: &[String]) -> anyhow::Result<Command> {
    let arguments = std::iter::once(command).chain(words.iter().map(String::as_str));
    let line = from_arguments(arguments);
    parse(&line, &Place::default()).map_err(|error| Exit::usage(error.why).into())
}

fn text(report: &Report, is_revealed: bool) -> String {
    let mut out = String::new();
    for line in report.lines(is_revealed) {
        let indent = if line.tone == Tone::Title { "" } else { "  " };
        let label =
            if line.label.is_empty() { String::new() } else { format!("{:<15}", line.label) };
        out.extend([indent, &label, &line.text, "\n"]);
    }
    out
}

/// Each answer under the path that it came from.
fn json_of(report: &Report, is_revealed: bool) -> anyhow::Result<String> {
    let part = |part: &crate::payments::report::Part| {
        let answer = match &part.response {
            Some(Ok(told)) => json!({"answer": value(told)}),
            Some(Err(failure)) => json!({"error": failure.why}),
            None => json!({"error": "no answer"}),
        };
        json!({"path": part.request.endpoint(), "result": answer})
    };
    let mut all = Value::Array(report.parts().iter().map(part).collect());
    if !is_revealed {
        hide(&mut all, false);
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&all).context("the answers are no JSON")?))
}

fn value(told: &PaymentsResponse) -> Value {
    match told {
        PaymentsResponse::Object(fields) => fields.to_value(),
        PaymentsResponse::Rows(rows) => rows.rows.iter().map(Fields::to_value).collect(),
        PaymentsResponse::Properties(ids) => {
            ids.iter().map(|id| Value::from(id.expose_raw())).collect()
        }
        PaymentsResponse::Valid(is_valid) => (*is_valid).into(),
        PaymentsResponse::Events(events) => {
            let event = |event: &crate::payments::event::Event| {
                json!({
                    "id": event.number(), "at": event.time(), "family": event.family().word(),
                    "type": event.type_name.expose_raw(), "body": event.body.to_value(),
                })
            };
            events.iter().map(event).collect()
        }
    }
}

/// Runs with the servers that are configured, with their retries and within their budgets.
fn on_servers<T, F>(reach: Reach<'_>, run: impl FnOnce(Router, Hosts) -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<T>>,
{
    let (clients, unused) = payments::for_command(reach.environment, reach.profile)?;
    if let Some(unused) = unused {
        warn(&unused);
    }
    let hosts = clients.hosts();
    if !hosts.any() {
        return Err(Exit::usage(NOT_CONFIGURED).into());
    }
    block_on(async { run(Router::start(&reach.log, Pace::Metered, None, clients), hosts).await })
}

/// Sends what the report asks for, and what follows from each answer.
async fn fetch(mut network: Router, hosts: Hosts, subject: Subject) -> anyhow::Result<Report> {
    let (mut report, mut asks) = Report::begin(subject, None, hosts);
    if asks.is_empty() {
        return Err(Exit::usage(NOT_CONFIGURED).into());
    }
    // The ticket of each is its place here.
    let mut sent = Vec::new();
    let mut answered = 0;
    loop {
        for ask in asks.drain(..) {
            let (ticket, request) = (Ticket(sent.len() as u64), Request::Payments(ask.clone()));
            network.send(NetCommand::Send(ticket, Priority::Visible, request))?;
            sent.push(ask);
        }
        if answered == sent.len() {
            return Ok(report);
        }
        let event = network.next().await.context("the worker ended")?;
        let NetEvent::Response(Ticket(place), answer) = event else { continue };
        let told = match answer {
            Ok(Response::Payments(told)) => Ok(*told),
            Ok(_) => anyhow::bail!("the answer belongs to another kind of request"),
            Err(failure) => Err(failure),
        };
        answered += 1;
        let ask = usize::try_from(place).ok().and_then(|place| sent.get(place));
        asks = report.accept(ask.context("nothing was asked under this ticket")?, told);
    }
}
